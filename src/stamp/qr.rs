//! The QR of a stamp: the public address in capitals, which QR packs tighter (alphanumeric mode).

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder, Luma};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode, Version};

use crate::base::{Error, Result};

/// Pixels of a module in a picture.
const MODULE_PIXELS: u32 = 8;

/// What the QR says.
pub fn text(public_url: &str, code: impl std::fmt::Display) -> String {
    format!("{}/T/{code}", public_url.to_ascii_uppercase())
}

/// Version 3 with medium correction holds 61 characters; a longer host gets less correction, then more modules.
fn encode(text: &str) -> Result<QrCode> {
    QrCode::with_version(text, Version::Normal(3), EcLevel::M)
        .or_else(|_| QrCode::with_version(text, Version::Normal(3), EcLevel::L))
        .or_else(|_| QrCode::with_error_correction_level(text, EcLevel::M))
        .map_err(|error| Error::internal(format!("no QR for {text}: {error}")))
}

/// The modules of the quiet zone.
const QUIET: usize = 4;

/// A QR as a square of modules, for those who draw it in their own way.
#[derive(Debug, Clone)]
pub struct Matrix {
    width: usize,
    dark: Vec<bool>,
}

/// Dark modules side by side in a row; counted from the corner of the quiet zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    pub column: usize,
    pub row: usize,
    pub length: usize,
}

impl Matrix {
    /// Modules on each side, without the quiet zone.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Modules on each side, with the quiet zone.
    pub fn side(&self) -> usize {
        self.width + 2 * QUIET
    }

    pub fn runs(&self) -> impl Iterator<Item = Run> {
        self.dark.chunks(self.width.max(1)).enumerate().flat_map(|(row, modules)| {
            let mut column = 0;
            modules.chunk_by(|one, other| one == other).filter_map(move |run| {
                let start = column;
                column += run.len();
                let is_dark = run.first().copied().unwrap_or_default();
                is_dark.then_some(Run { column: start + QUIET, row: row + QUIET, length: run.len() })
            })
        })
    }
}

pub fn matrix(text: &str) -> Result<Matrix> {
    let code = encode(text)?;
    let width = code.width();
    let dark = code.into_colors().into_iter().map(|colour| colour == qrcode::Color::Dark).collect();
    Ok(Matrix { width, dark })
}

/// A vector drawing; one unit a module, with the quiet zone of four.
pub fn svg(text: &str) -> Result<String> {
    Ok(encode(text)?.render::<svg::Color>().module_dimensions(1, 1).quiet_zone(true).build())
}

/// A picture, black on white, with the quiet zone of four modules.
pub fn png(text: &str) -> Result<Vec<u8>> {
    let picture =
        encode(text)?.render::<Luma<u8>>().module_dimensions(MODULE_PIXELS, MODULE_PIXELS).quiet_zone(true).build();
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes)
        .write_image(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::L8)
        .map_err(Error::internal)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_usual_length_is_a_version_three_code() {
        for host in ["https://ocop.hatinh.gov.vn", "http://127.0.0.1:8080"] {
            let text = format!("{}/T/1ABCDEFGHJKMNPQRSTVW", host.to_ascii_uppercase());
            let code = encode(&text).unwrap();
            assert_eq!((code.version(), code.error_correction_level()), (Version::Normal(3), EcLevel::M), "{host}");
        }
    }

    #[test]
    fn runs_cover_the_dark_modules_and_no_others() {
        let code = encode("HTTPS://OCOP.VN/T/1ABCDEFGHJKMNPQRSTVW").unwrap();
        let runs: Vec<Run> = matrix("HTTPS://OCOP.VN/T/1ABCDEFGHJKMNPQRSTVW").unwrap().runs().collect();
        let dark = code.to_colors().into_iter().filter(|colour| *colour == qrcode::Color::Dark).count();
        assert_eq!(runs.iter().map(|run| run.length).sum::<usize>(), dark);
        assert_eq!(runs[0], Run { column: 4, row: 4, length: 7 }, "the finder pattern in the corner");
    }

    #[test]
    fn the_quiet_zone_is_four_modules() {
        let drawing = svg("HTTPS://OCOP.VN/T/1ABCDEFGHJKMNPQRSTVW").unwrap();
        assert!(drawing.contains("viewBox=\"0 0 37 37\""), "{drawing}");
        let picture = image::load_from_memory(&png("HTTPS://OCOP.VN/T/1ABCDEFGHJKMNPQRSTVW").unwrap()).unwrap();
        assert_eq!((picture.width(), picture.height()), (37 * MODULE_PIXELS, 37 * MODULE_PIXELS));
    }
}
