//! Pictures as they are shown: upright, at most 1600 pixels on the long side, without what the camera wrote beside the
//! light (place, time, owner).

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, Rgb, RgbImage};

use crate::base::error::Refusal;
use crate::base::{Error, Fault, Kind, Result, say};

const LONG_SIDE: u32 = 1600;
/// The largest side that is decoded, and the memory that decoding may take: a small file can claim a huge picture.
const LARGEST_SIDE: u32 = 12_000;
const MOST_MEMORY: u64 = 256 * 1024 * 1024;
const QUALITY: u8 = 85;

/// Makes the picture to keep (JPEG) out of an uploaded one. Takes a while: not for the async threads.
pub fn shaped(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(Error::internal)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST_SIDE);
    limits.max_image_height = Some(LARGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    let orientation = decoder.orientation().map_err(unreadable)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    if picture.width() > LONG_SIDE || picture.height() > LONG_SIDE {
        picture = picture.resize(LONG_SIDE, LONG_SIDE, FilterType::CatmullRom);
    }
    picture.apply_orientation(orientation);
    let mut jpeg = Vec::new();
    on_white(&picture)
        .write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, QUALITY))
        .map_err(Error::internal)?;
    Ok(jpeg)
}

/// JPEG has no transparency: what shows through is white, as paper is.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let source = picture.to_rgba8();
    let mut flat = RgbImage::new(source.width(), source.height());
    for (to, from) in flat.pixels_mut().zip(source.pixels()) {
        let [red, green, blue, alpha] = from.0;
        let over = |shade: u8| {
            let mixed = (u32::from(shade) * u32::from(alpha) + 255 * (255 - u32::from(alpha))) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        *to = Rgb([over(red), over(green), over(blue)]);
    }
    flat
}

fn unreadable(error: image::ImageError) -> Error {
    let detail = match error {
        image::ImageError::Limits(_) => say(
            format!("Ảnh quá lớn: mỗi cạnh tối đa {LARGEST_SIDE} điểm ảnh."),
            format!("The picture is too large: at most {LARGEST_SIDE} pixels a side."),
        ),
        _ => say("Ảnh bị hỏng hoặc không đọc được.", "The picture is damaged or cannot be read."),
    };
    let fault = Fault::new("/file", "unreadable_picture", detail.clone());
    Error::Refused(Box::new(Refusal { kind: Kind::Invalid, code: "unreadable_picture", detail, faults: vec![fault] }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageFormat, Rgba, RgbaImage};

    fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    /// The JPEG with an EXIF block that says how the camera was held.
    fn held(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xFF, 0xE1], &length, &exif, &jpeg[2..]].concat()
    }

    #[test]
    fn a_large_picture_shrinks_and_keeps_its_shape() {
        let large = DynamicImage::ImageRgb8(RgbImage::new(3200, 800));
        let shown = image::load_from_memory(&shaped(&encoded(&large, ImageFormat::Png)).unwrap()).unwrap();
        assert_eq!((shown.width(), shown.height()), (1600, 400));
    }

    #[test]
    fn a_small_picture_stands_upright_and_forgets_the_camera() {
        let jpeg = encoded(&DynamicImage::ImageRgb8(RgbImage::new(40, 20)), ImageFormat::Jpeg);
        let shown = shaped(&held(&jpeg, 6)).unwrap();
        let picture = image::load_from_memory(&shown).unwrap();
        assert_eq!((picture.width(), picture.height()), (20, 40));
        assert!(!shown.windows(4).any(|window| window == b"Exif"));
    }

    #[test]
    fn what_is_transparent_turns_white() {
        let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(8, 8, Rgba([0, 0, 0, 0])));
        let shown = image::load_from_memory(&shaped(&encoded(&clear, ImageFormat::Png)).unwrap()).unwrap().to_rgb8();
        assert!(shown.pixels().all(|pixel| pixel.0.iter().all(|shade| *shade > 250)));
    }

    #[test]
    fn damaged_and_oversized_pictures_are_refused() {
        let good = encoded(&DynamicImage::ImageRgb8(RgbImage::new(64, 64)), ImageFormat::Png);
        let too_wide = encoded(&DynamicImage::ImageRgb8(RgbImage::new(LARGEST_SIDE + 1, 1)), ImageFormat::Png);
        for bytes in [&good[..good.len() / 2], &too_wide, b"\xFF\xD8\xFF"] {
            assert_eq!(shaped(bytes).unwrap_err().refusal().unwrap().code, "unreadable_picture");
        }
    }
}
