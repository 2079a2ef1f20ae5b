//! JPEGs.

use std::io::Read;

use image::ImageBuffer;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use crate::base::Result;
use crate::product::decoding::{Decoded, broken, fitting, held, must_take, outline, room, unreadable};

const MOST_SCANS: usize = 100;

pub(super) fn decoded(mut file: impl Read, size: u64) -> Result<Decoded> {
    must_take(2 * size)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(broken)?;
    let outline = outline::outlined(&bytes)?;
    drop(bytes);
    let any_side = usize::from(u16::MAX);
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(any_side)
        .set_max_height(any_side)
        .jpeg_set_max_scans(MOST_SCANS);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(outline.tidy), options);
    decoder.decode_headers().map_err(|_| unreadable())?;
    let info = decoder.info().ok_or_else(unreadable)?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    let pixels = fitting(width, height)?;
    if !matches!(info.components, 1 | 3 | 4) {
        return Err(unreadable());
    }
    let is_grey = decoder.input_colorspace() == Some(ColorSpace::Luma);
    let bytes_each = if is_grey { 1 + 3 } else { 3 };
    // What stands beside the light is kept twice: in the file, and for whom it is read.
    must_take(pixels * bytes_each + outline.held + size + outline.beside)?;
    let colours = if is_grey { ColorSpace::Luma } else { ColorSpace::RGB };
    decoder.set_options(options.jpeg_set_out_colorspace(colours));
    let mut shades = room(decoder.output_buffer_size().ok_or_else(unreadable)?)?;
    decoder.decode_into(&mut shades).map_err(|_| unreadable())?;
    if is_grey {
        let mut flat = room(shades.len() * 3)?;
        let (pixels, _) = flat.as_chunks_mut::<3>();
        pixels.iter_mut().zip(&shades[..]).for_each(|(pixel, grey)| *pixel = [*grey; 3]);
        shades = flat;
    }
    Ok(Decoded {
        light: ImageBuffer::from_raw(width, height, shades).ok_or_else(unreadable)?,
        orientation: held(decoder.exif().map(Vec::as_slice)),
        profile: decoder.icc_profile(),
    })
}
