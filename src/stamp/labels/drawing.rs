//! A label as SVG and as PNG, and many of them in a ZIP.

use std::fmt::Write;
use std::io::{Cursor, Write as _};

use ab_glyph::{Font, PxScale, ScaleFont, point};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, GrayImage, ImageEncoder, Luma};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::base::text::escaped;
use crate::base::{Error, Result};
use crate::paper::qr::length;
use crate::stamp::labels::sheet::{Label, Types};

/// Pixels for each dot of the sheet, and for each metre: 600 an inch.
const PIXELS: usize = 2;
const PIXELS_A_METRE: u32 = 23_622;

#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::AsRefStr)]
#[strum(serialize_all = "snake_case")]
pub enum Format {
    Svg,
    Png,
}

/// Labels with the names of their files, packed.
pub fn packed(labels: impl Iterator<Item = Result<(String, Label)>>, format: Format, types: &Types) -> Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // A picture is packed already.
    let method = if format == Format::Svg { CompressionMethod::Deflated } else { CompressionMethod::Stored };
    let options = SimpleFileOptions::default().compression_method(method);
    for label in labels {
        let (name, label) = label?;
        let bytes = match format {
            Format::Svg => svg(&label).into_bytes(),
            Format::Png => png(&label, types)?,
        };
        archive.start_file(format!("{name}.{}", format.as_ref()), options).map_err(Error::internal)?;
        archive.write_all(&bytes).map_err(Error::internal)?;
    }
    Ok(archive.finish().map_err(Error::internal)?.into_inner())
}

/// A vector drawing in millimetres.
pub fn svg(label: &Label) -> String {
    let (width, height) = (label.width, label.side);
    let modules = label.matrix.side();
    let path = label.matrix.path();
    let mut drawing = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}mm\" height=\"{height}mm\" viewBox=\"0 0 {width} {height}\">\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\
         <svg width=\"{height}\" height=\"{height}\" viewBox=\"0 0 {modules} {modules}\">\
         <path shape-rendering=\"crispEdges\" d=\"{path}\"/></svg>"
    );
    for line in &label.lines {
        let weight = if line.is_bold { " font-weight=\"bold\"" } else { "" };
        let _ = write!(
            drawing,
            "<text x=\"{:.3}\" y=\"{:.3}\" font-size=\"{:.3}\" \
             font-family=\"DejaVu Sans Condensed, Arial Narrow, sans-serif\"{weight}>{}</text>",
            line.x,
            line.baseline,
            line.size,
            escaped(&line.text)
        );
    }
    drawing.push_str("</svg>");
    drawing
}

/// A picture, black on white, with its size in millimetres written in.
pub fn png(label: &Label, types: &Types) -> Result<Vec<u8>> {
    let modules = label.matrix.side();
    let dots = label.dots * PIXELS;
    let side = dots * modules;
    let scale = length(side) / label.side;
    let extent = |number: usize| u32::try_from(number).map_err(Error::internal);
    let width = u32::try_from(whole(label.width * scale)).map_err(Error::internal)?;
    let mut picture = GrayImage::from_pixel(width, extent(side)?, Luma([255]));
    for run in label.matrix.runs() {
        for y in run.row * dots..(run.row + 1) * dots {
            for x in run.column * dots..(run.column + run.length) * dots {
                picture.put_pixel(extent(x)?, extent(y)?, Luma([0]));
            }
        }
    }
    for line in &label.lines {
        write_line(&mut picture, types, line, scale);
    }
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::NoFilter)
        .write_image(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::L8)
        .map_err(Error::internal)?;
    sized(&bytes, PIXELS_A_METRE)
}

fn write_line(picture: &mut GrayImage, types: &Types, line: &crate::stamp::labels::sheet::Line, scale: f32) {
    let font = types.of(line.is_bold);
    // A font of this crate is scaled by its height; what is meant is the size of its em.
    let em = font.units_per_em().unwrap_or(2048.0);
    let scaled = font.as_scaled(PxScale::from(line.size * scale * font.height_unscaled() / em));
    let mut x = line.x * scale;
    for letter in line.text.chars() {
        let id = scaled.glyph_id(letter);
        let glyph = id.with_scale_and_position(scaled.scale(), point(x, line.baseline * scale));
        x += scaled.h_advance(id);
        let Some(outline) = font.outline_glyph(glyph) else { continue };
        let corner = outline.px_bounds().min;
        let (left, top) = (whole(corner.x), whole(corner.y));
        outline.draw(|dx, dy, cover| {
            let (x, y) = (u32::try_from(left + i64::from(dx)), u32::try_from(top + i64::from(dy)));
            if let Some(pixel) = x.ok().zip(y.ok()).and_then(|(x, y)| picture.get_pixel_mut_checked(x, y)) {
                let shade = u8::try_from(whole(255.0 * (1.0 - cover.min(1.0)))).unwrap_or(0);
                pixel.0 = pixel.0.map(|before| before.min(shade));
            }
        });
    }
}

/// The PNG with a `pHYs` chunk behind its head: so many dots a metre.
fn sized(png: &[u8], dots: u32) -> Result<Vec<u8>> {
    /// Signature and head, which every PNG begins with.
    const HEAD: usize = 33;
    let (head, rest) = png.split_at_checked(HEAD).ok_or_else(|| Error::internal("a picture without a head"))?;
    let mut chunk = b"pHYs".to_vec();
    chunk.extend(dots.to_be_bytes());
    chunk.extend(dots.to_be_bytes());
    chunk.push(1);
    let sum = checksum(&chunk);
    Ok([head, &9u32.to_be_bytes(), &chunk, &sum.to_be_bytes(), rest].concat())
}

/// The CRC-32 of a chunk.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 })
    })
}

/// The nearest whole number.
fn whole(number: f32) -> i64 {
    format!("{number:.0}").parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_png() {
        assert_eq!(checksum(b"IEND"), 0xAE42_6082);
    }

    #[test]
    fn names_of_products_do_not_break_the_drawing() {
        assert_eq!(escaped("<Mật & ong>"), "&lt;Mật &amp; ong&gt;");
    }
}
