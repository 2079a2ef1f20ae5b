//! A picture of black and white dots, eight to a byte: a label of sixty millimetres has four million of them.

use std::ops::Range;

use png::{BitDepth, ColorType, Compression, Encoder, Filter, PixelDimensions, Unit};

use crate::base::{Error, Result};

const DOTS_A_BYTE: usize = 8;

pub struct Picture {
    width: usize,
    height: usize,
    /// How many bytes a row has.
    stride: usize,
    /// A set bit is white.
    bytes: Vec<u8>,
}

impl Picture {
    pub fn white(width: usize, height: usize) -> Self {
        let stride = width.div_ceil(DOTS_A_BYTE);
        Self { width, height, stride, bytes: vec![u8::MAX; stride * height] }
    }

    /// Makes a rectangle black; what lies outside of the picture is left out.
    pub fn blacken(&mut self, columns: Range<usize>, rows: Range<usize>) {
        let (end, stride) = (columns.end.min(self.width), self.stride);
        if columns.start >= end {
            return;
        }
        for row in rows.start..rows.end.min(self.height) {
            let from = row * stride;
            let Some(bytes) = self.bytes.get_mut(from..from + stride) else { return };
            let touched = columns.start / DOTS_A_BYTE..end.div_ceil(DOTS_A_BYTE);
            for (index, byte) in bytes.iter_mut().enumerate().take(touched.end).skip(touched.start) {
                let within = |column: usize| column.saturating_sub(index * DOTS_A_BYTE).min(DOTS_A_BYTE);
                *byte &= !(ones_behind(within(columns.start)) & !ones_behind(within(end)));
            }
        }
    }

    /// As PNG, with so many dots a metre written in.
    pub fn png(&self, dots_a_metre: u32) -> Result<Vec<u8>> {
        let extent = |number: usize| u32::try_from(number).map_err(Error::internal);
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, extent(self.width)?, extent(self.height)?);
        encoder.set_color(ColorType::Grayscale);
        encoder.set_depth(BitDepth::One);
        // Rows of a code are like each other, which filters would hide.
        encoder.set_filter(Filter::NoFilter);
        encoder.set_compression(Compression::Balanced);
        encoder.set_pixel_dims(Some(PixelDimensions { xppu: dots_a_metre, yppu: dots_a_metre, unit: Unit::Meter }));
        let mut writer = encoder.write_header().map_err(Error::internal)?;
        writer.write_image_data(&self.bytes).map_err(Error::internal)?;
        writer.finish().map_err(Error::internal)?;
        Ok(bytes)
    }
}

/// A byte whose first bits, so many of eight, are not set.
fn ones_behind(bits: usize) -> u8 {
    u32::try_from(bits).ok().and_then(|bits| u8::MAX.checked_shr(bits)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rectangle_is_black_and_nothing_beside_it() {
        let mut picture = Picture::white(21, 5);
        for (columns, rows) in [(3..18, 1..3), (20..40, 4..9), (7..9, 0..1), (8..8, 0..5), (30..31, 0..5)] {
            picture.blacken(columns, rows);
        }
        let decoder = png::Decoder::new(std::io::Cursor::new(picture.png(23_622).unwrap()));
        let mut reader = decoder.read_info().unwrap();
        assert_eq!(reader.info().bit_depth, BitDepth::One);
        assert_eq!(reader.info().pixel_dims.unwrap().xppu, 23_622);
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut bytes).unwrap();
        let is_black = |x: usize, y: usize| bytes[y * 3 + x / 8] & (0x80 >> (x % 8)) == 0;
        for y in 0..5 {
            for x in 0..21 {
                let expected = ((3..18).contains(&x) && (1..3).contains(&y))
                    || (x, y) == (20, 4)
                    || (y == 0 && (7..9).contains(&x));
                assert_eq!(is_black(x, y), expected, "{x} {y}");
            }
        }
    }
}
