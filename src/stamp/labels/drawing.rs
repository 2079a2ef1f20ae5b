//! A label as SVG and as PNG, and many of them in a ZIP.

use std::fmt::Write;
use std::fs::File;
use std::io::Write as _;

use ab_glyph::{Font, PxScale, ScaleFont, point};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::base::text::escaped;
use crate::base::{Error, Result};
use crate::paper::qr::{Run, length};
use crate::stamp::labels::picture::Picture;
use crate::stamp::labels::sheet::{Label, Line, Types};

/// Pixels for each dot of the sheet, and for each metre: 600 an inch.
const PIXELS: usize = 2;
const PIXELS_A_METRE: u32 = 23_622;

#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::AsRefStr)]
#[strum(serialize_all = "snake_case")]
pub enum Format {
    Svg,
    Png,
}

/// Packs labels with the names of their files into a file: one of them is in memory at a time.
pub fn pack(
    labels: impl Iterator<Item = Result<(String, Label)>>,
    format: Format,
    types: &Types,
    file: &mut File,
) -> Result<()> {
    let mut archive = ZipWriter::new(file);
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
    archive.finish().map(drop).map_err(Error::internal)
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
    let width = usize::try_from(whole(label.width * scale)).map_err(Error::internal)?;
    let mut picture = Picture::white(width, side);
    for Run { column, row, length } in label.matrix.runs() {
        picture.blacken(column * dots..(column + length) * dots, row * dots..(row + 1) * dots);
    }
    for line in &label.lines {
        write_line(&mut picture, types, line, scale);
    }
    picture.png(PIXELS_A_METRE)
}

fn write_line(picture: &mut Picture, types: &Types, line: &Line, scale: f32) {
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
            let (x, y) = (usize::try_from(left + i64::from(dx)), usize::try_from(top + i64::from(dy)));
            if let (true, Ok(x), Ok(y)) = (cover >= 0.5, x, y) {
                picture.blacken(x..x + 1, y..y + 1);
            }
        });
    }
}

/// The nearest whole number.
fn whole(number: f32) -> i64 {
    format!("{number:.0}").parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_products_do_not_break_the_drawing() {
        assert_eq!(escaped("<Mật & ong>"), "&lt;Mật &amp; ong&gt;");
    }
}
