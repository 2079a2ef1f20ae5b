//! PNGs.

use std::io::{BufRead, Seek};

use image::ImageBuffer;
use png::{BitDepth, ColorType, DecodingError, InterlaceInfo, Transformations};

use crate::base::{Error, Result};
use crate::product::decoding::{Decoded, broken, fitting, held, must_take, room, unreadable};

/// What may stand beside the light of a PNG once it is unpacked, such as a profile.
const MOST_BESIDE: usize = 8 * 1024 * 1024;
const SHADES: usize = 3;

pub(super) fn decoded(file: impl BufRead + Seek) -> Result<Decoded> {
    let mut decoder = png::Decoder::new_with_limits(file, png::Limits { bytes: MOST_BESIDE });
    decoder.set_ignore_text_chunk(true);
    // Eight bits of each shade: sixteen would take twice the memory and are not kept.
    decoder.set_transformations(Transformations::normalize_to_color8());
    let head = decoder.read_header_info().map_err(damaged)?;
    let (width, height) = (head.width, head.height);
    let pixels = fitting(width, height)?;
    must_take(pixels * 3 + u64::try_from(MOST_BESIDE).map_err(Error::internal)?)?;
    let mut reader = decoder.read_info().map_err(damaged)?;
    let (colour, BitDepth::Eight) = reader.output_color_type() else { return Err(unreadable()) };
    let side = |side: u32| usize::try_from(side).map_err(Error::internal);
    let stride = side(width)? * SHADES;
    // Row by row, so that what shows through takes no memory beside what is kept.
    let (mut light, mut flat) = (room(stride * side(height)?)?, Vec::with_capacity(stride));
    let mut rows = 0;
    while let Some(row) = reader.next_interlaced_row().map_err(damaged)? {
        flat.clear();
        flatten(colour, row.data(), &mut flat)?;
        match row.interlace() {
            InterlaceInfo::Null(_) => {
                let into = light.chunks_exact_mut(stride).nth(rows).ok_or_else(unreadable)?;
                into.copy_from_slice(flat.get(..stride).ok_or_else(unreadable)?);
            }
            InterlaceInfo::Adam7(pass) => png::expand_interlaced_row(&mut light, stride, &flat, pass, 8 * 3),
        }
        rows += 1;
    }
    // The mark of the end stands behind the light.
    reader.finish().map_err(damaged)?;
    let info = reader.info();
    Ok(Decoded {
        light: ImageBuffer::from_raw(width, height, light).ok_or_else(unreadable)?,
        orientation: held(info.exif_metadata.as_deref()),
        profile: info.icc_profile.as_deref().map(<[u8]>::to_vec),
    })
}

fn damaged(error: DecodingError) -> Error {
    match error {
        DecodingError::IoError(error) => broken(error),
        _ => unreadable(),
    }
}

/// A row in three shades, on white where something shows through.
fn flatten(colour: ColorType, row: &[u8], flat: &mut Vec<u8>) -> Result<()> {
    match colour {
        ColorType::Rgb => flat.extend(row),
        ColorType::Rgba => each(row, flat, |[red, green, blue, alpha]| over([red, green, blue], alpha)),
        ColorType::Grayscale => each(row, flat, |[grey]| [grey; SHADES]),
        ColorType::GrayscaleAlpha => each(row, flat, |[grey, alpha]| over([grey; SHADES], alpha)),
        ColorType::Indexed => return Err(unreadable()),
    }
    Ok(())
}

fn each<const PARTS: usize>(row: &[u8], flat: &mut Vec<u8>, shown: impl Fn([u8; PARTS]) -> [u8; SHADES]) {
    let (pixels, _) = row.as_chunks::<PARTS>();
    flat.extend(pixels.iter().flat_map(|pixel| shown(*pixel)));
}

/// A colour of which something shows through, on white.
fn over(colour: [u8; SHADES], alpha: u8) -> [u8; SHADES] {
    colour.map(|shade| {
        let mixed = (u32::from(shade) * u32::from(alpha) + 255 * (255 - u32::from(alpha))) / 255;
        u8::try_from(mixed).unwrap_or(u8::MAX)
    })
}
