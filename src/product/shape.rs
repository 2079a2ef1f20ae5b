//! Pictures as they are shown: upright, in sRGB, without what the camera wrote beside the light (place, time, owner).

use std::io::{BufRead, Seek};
use std::ops::Deref;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::imageops;
use image::metadata::Orientation;
use image::{DynamicImage, ImageBuffer, Rgb, RgbImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use crate::base::{Error, Result};
use crate::product::decoding::{Decoded, Light, decoded};
use crate::product::reshaping::Reshaping;
use crate::product::turn::Turn;
use crate::product::{Extent, Size};

const QUALITY: u8 = 85;

/// A picture in one of its sizes: light only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shaped(RgbImage);

impl Shaped {
    /// A picture of our own making, without transparency.
    pub fn drawn(picture: &DynamicImage) -> Result<Self> {
        let picture = Self(picture.to_rgb8());
        Ok(picture.smaller(Size::Large)?.unwrap_or(picture))
    }

    pub fn extent(&self) -> Extent {
        Extent { width: self.0.width(), height: self.0.height() }
    }

    /// The same in a size; none where it is no larger than that already.
    pub fn smaller(&self, size: Size) -> Result<Option<Self>> {
        Self::made_smaller(&self.0, size)
    }

    fn made_smaller<C: Deref<Target = [u8]>>(light: &ImageBuffer<Rgb<u8>, C>, size: Size) -> Result<Option<Self>> {
        let whole = Extent { width: light.width(), height: light.height() };
        let extent = whole.within(size);
        if extent == whole {
            return Ok(None);
        }
        let source = ImageRef::new(whole.width, whole.height, light.as_raw(), PixelType::U8x3);
        let mut smaller = Image::new(extent.width, extent.height, PixelType::U8x3);
        let how = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
        Resizer::new().resize(&source.map_err(Error::internal)?, &mut smaller, &how).map_err(Error::internal)?;
        let light = RgbImage::from_raw(extent.width, extent.height, smaller.into_vec());
        Ok(Some(Self(light.ok_or_else(|| Error::internal("a picture of another size than it was made"))?)))
    }

    /// Its bytes, with nothing beside the picture: what has no profile is sRGB.
    pub fn jpeg(&self) -> Result<Vec<u8>> {
        let mut jpeg = Vec::new();
        self.0.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, QUALITY)).map_err(Error::internal)?;
        Ok(jpeg)
    }
}

/// Opens a picture in its large size, in its turn. Takes a while: not for the async threads.
pub fn opened(turn: &Turn, file: impl BufRead + Seek) -> Result<Shaped> {
    let Decoded { light, orientation, profile } = decoded(turn, file)?;
    let light = match Shaped::made_smaller(&light, Size::Large)? {
        Some(Shaped(smaller)) => smaller,
        None => kept(&light)?,
    };
    upright(light, orientation, profile)
}

/// Opens a picture as large as it is, turned and cut. Takes a while too.
pub fn reshaped(turn: &Turn, file: impl BufRead + Seek, how: Reshaping) -> Result<Shaped> {
    let Decoded { light, orientation, profile } = decoded(turn, file)?;
    let whole = kept(&light)?;
    drop(light);
    let Shaped(mut light) = upright(whole, orientation, profile)?;
    // Each takes the place of the one before: two of the largest are there at once, never three.
    match how.quarter_turns {
        0 => {}
        1 => light = imageops::rotate90(&light),
        2 => imageops::rotate180_in_place(&mut light),
        _ => light = imageops::rotate270(&light),
    }
    let light = Shaped(light);
    let (x, y, left) = how.cut.left_of(light.extent());
    if left == light.extent() {
        return Ok(light);
    }
    Ok(Shaped(imageops::crop_imm(&light.0, x, y, left.width, left.height).to_image()))
}

/// As large as it is, to be worked on.
fn kept(light: &Light) -> Result<RgbImage> {
    let copied = RgbImage::from_raw(light.width(), light.height(), light.as_raw().to_vec());
    copied.ok_or_else(|| Error::internal("a picture of another size than its light"))
}

/// As the camera was held, in the colours that the profile means.
fn upright(light: RgbImage, orientation: Orientation, profile: Option<Vec<u8>>) -> Result<Shaped> {
    let mut picture = DynamicImage::ImageRgb8(light);
    picture.apply_orientation(orientation);
    let mut light = picture.into_rgb8();
    if let Some(profile) = profile {
        turn_to_srgb(&mut light, &profile)?;
    }
    Ok(Shaped(light))
}

/// Turns the colours that the source's profile means (phones take pictures in Display P3) to those of sRGB, row by row. Where the
/// profile cannot be read or is not one of light the values stay as they are. Four inks are turned to RGB by the decoder, without
/// their profile, so print files come out paler or brighter than their paper.
fn turn_to_srgb(light: &mut RgbImage, profile: &[u8]) -> Result<()> {
    let Ok(profile) = ColorProfile::new_from_slice(profile) else { return Ok(()) };
    let (layout, kept_each) = match profile.color_space {
        DataColorSpace::Rgb => (Layout::Rgb, 1),
        // All three are the grey then.
        DataColorSpace::Gray => (Layout::Gray, 3),
        _ => return Ok(()),
    };
    let (srgb, options) = (ColorProfile::new_srgb(), TransformOptions::default());
    let Ok(transform) = profile.create_transform_8bit(layout, &srgb, Layout::Rgb, options) else { return Ok(()) };
    let stride = light.sample_layout().height_stride;
    for row in light.chunks_exact_mut(stride) {
        let source: Vec<u8> = row.iter().step_by(kept_each).copied().collect();
        transform.transform(&source, row).map_err(Error::internal)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::product::reshaping::CutOff;
    use image::{ImageEncoder, ImageFormat, Rgba, RgbaImage};
    use std::io::Cursor;

    fn opened(bytes: &[u8]) -> Result<Shaped> {
        super::opened(&Turn::of_a_test(), Cursor::new(bytes))
    }

    fn shaped(bytes: &[u8]) -> Result<Vec<u8>> {
        opened(bytes)?.jpeg()
    }

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
    fn a_picture_is_turned_from_how_it_was_held_and_cut_as_it_stands_then() {
        // Red to the left and blue to the right; the camera says that its left is up.
        let sides = RgbImage::from_fn(400, 200, |x, _| if x < 200 { Rgb([200, 60, 50]) } else { Rgb([40, 80, 190]) });
        let jpeg = encoded(&DynamicImage::ImageRgb8(sides), ImageFormat::Jpeg);
        let seen = |quarter_turns, cut| {
            let how = Reshaping { quarter_turns, cut };
            let Shaped(light) = reshaped(&Turn::of_a_test(), Cursor::new(held(&jpeg, 6)), how).unwrap();
            let is_red = |x: u32, y: u32| light.get_pixel(x, y).0[0] > 120;
            let (right, bottom) = (light.width() - 9, light.height() - 9);
            (
                (light.width(), light.height()),
                [is_red(8, 8), is_red(right, 8), is_red(right, bottom), is_red(8, bottom)],
            )
        };
        let whole = CutOff::default();
        assert_eq!(seen(0, whole), ((200, 400), [true, true, false, false]));
        assert_eq!(seen(1, whole), ((400, 200), [false, true, true, false]));
        assert_eq!(seen(2, whole), ((200, 400), [false, false, true, true]));
        assert_eq!(seen(3, whole), ((400, 200), [true, false, false, true]));
        assert_eq!(seen(0, CutOff { top: 60, right: 25, ..whole }), ((150, 160), [false; 4]));
    }

    #[test]
    fn what_is_transparent_turns_white() {
        let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(8, 8, Rgba([0, 0, 0, 0])));
        let shown = image::load_from_memory(&shaped(&encoded(&clear, ImageFormat::Png)).unwrap()).unwrap().to_rgb8();
        assert!(shown.pixels().all(|pixel| pixel.0.iter().all(|shade| *shade > 250)));
    }

    #[test]
    fn sizes_have_the_extent_that_is_told_without_looking() {
        let picture = opened(&encoded(&DynamicImage::ImageRgb8(RgbImage::new(3000, 2001)), ImageFormat::Png)).unwrap();
        assert_eq!(picture.extent(), Extent { width: 1600, height: 1067 });
        for size in [Size::Medium, Size::Small] {
            let smaller = picture.smaller(size).unwrap().unwrap();
            assert_eq!(smaller.extent(), picture.extent().within(size));
            let read = image::load_from_memory(&smaller.jpeg().unwrap()).unwrap();
            assert_eq!((read.width(), read.height()), (smaller.extent().width, smaller.extent().height));
        }
        let small = opened(&encoded(&DynamicImage::ImageRgb8(RgbImage::new(320, 200)), ImageFormat::Png)).unwrap();
        assert!(small.smaller(Size::Small).unwrap().is_none());
    }

    /// A picture of one colour as a PNG with a profile, read back from its middle.
    fn seen(profile: Vec<u8>, colour: [u8; 3]) -> [u8; 3] {
        let mut bytes = Vec::new();
        let mut encoder = image::codecs::png::PngEncoder::new(&mut bytes);
        encoder.set_icc_profile(profile).unwrap();
        RgbImage::from_pixel(16, 16, Rgb(colour)).write_with_encoder(encoder).unwrap();
        image::load_from_memory(&shaped(&bytes).unwrap()).unwrap().to_rgb8().get_pixel(8, 8).0
    }

    #[test]
    fn colours_of_another_profile_are_turned_into_those_of_srgb() {
        let near = |found: [u8; 3], expected: [u8; 3]| {
            found.iter().zip(expected).all(|(found, expected)| found.abs_diff(expected) <= 6)
        };
        // Display P3's (200, 100, 50) is (216, 97, 34) in sRGB.
        let p3 = ColorProfile::new_display_p3().encode().unwrap();
        let found = seen(p3, [200, 100, 50]);
        assert!(near(found, [216, 96, 33]), "{found:?}");
        for unread in [ColorProfile::new_srgb().encode().unwrap(), b"no profile".to_vec()] {
            let found = seen(unread, [200, 100, 50]);
            assert!(near(found, [200, 100, 50]), "{found:?}");
        }
    }
}
