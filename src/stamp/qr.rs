//! The QR of a stamp: the public address in capitals, which QR packs tighter (alphanumeric mode).

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder, Luma};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode, Version};

use crate::base::{Error, Result};
use crate::paper::qr::Matrix;

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

/// The code as modules, for those who draw it in their own way.
pub fn matrix(text: &str) -> Result<Matrix> {
    Ok(Matrix::from(encode(text)?))
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
    fn the_quiet_zone_is_four_modules() {
        let drawing = svg("HTTPS://OCOP.VN/T/1ABCDEFGHJKMNPQRSTVW").unwrap();
        assert!(drawing.contains("viewBox=\"0 0 37 37\""), "{drawing}");
        let picture = image::load_from_memory(&png("HTTPS://OCOP.VN/T/1ABCDEFGHJKMNPQRSTVW").unwrap()).unwrap();
        assert_eq!((picture.width(), picture.height()), (37 * MODULE_PIXELS, 37 * MODULE_PIXELS));
    }
}
