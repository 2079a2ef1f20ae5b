//! Makes light of a picture's file. The one place that decodes: its size is read from its head first, and what would take
//! more than [`MOST_MEMORY`] is refused before any of it is taken.

use std::io::{BufRead, ErrorKind, Read, Seek, SeekFrom};

use image::RgbImage;
use image::metadata::Orientation;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use crate::base::error::Refusal;
use crate::base::{Error, Fault, Kind, Message, Result, say};
use crate::product::turn::Turn;

/// The most pixels of a picture that is taken, in millions, and its largest side: more than cameras of phones give unless
/// they are told to.
pub const MOST_MEGAPIXELS: u64 = 24;
pub const LARGEST_SIDE: u32 = 12_000;
/// What decoding may take, in bytes, whatever the format: with what the service has besides it stays below 400 MiB. The largest
/// progressive JPEG of three shades fits, one of four (CMYK) from 21 megapixels does not.
const MOST_MEMORY: u64 = 228 * 1024 * 1024;
/// What may stand beside the light of a PNG once it is unpacked, such as a profile.
const MOST_BESIDE: usize = 16 * 1024 * 1024;
/// A JPEG has a few dozen segments; each costs time, however small it is.
const MOST_SEGMENTS: u32 = 4000;
const MOST_SCANS: usize = 100;

const JPEG: &[u8] = b"\xFF\xD8";
const PNG: &[u8] = b"\x89PNG\r\n\x1A\n";

/// A picture as its file has it.
#[derive(Debug)]
pub struct Decoded {
    /// Without transparency: what shows through is white, as paper is.
    pub light: RgbImage,
    /// How the camera was held.
    pub orientation: Orientation,
    /// What its colours mean, where it says so.
    pub profile: Option<Vec<u8>>,
}

/// Decodes a JPEG or PNG, of an animated one its first picture. Takes a while. 422 `picture_too_large` and
/// `unreadable_picture`, also where the end of the file is missing.
pub fn decoded(_: &Turn, mut file: impl BufRead + Seek) -> Result<Decoded> {
    let size = file.seek(SeekFrom::End(0)).map_err(broken)?;
    file.rewind().map_err(broken)?;
    let mut head = [0; 8];
    file.read_exact(&mut head).map_err(broken)?;
    file.rewind().map_err(broken)?;
    if head == PNG {
        png(file)
    } else if head.starts_with(JPEG) {
        jpeg(file, size)
    } else {
        Err(unreadable())
    }
}

fn png(file: impl BufRead + Seek) -> Result<Decoded> {
    let damaged = |error| match error {
        png::DecodingError::IoError(error) => broken(error),
        _ => unreadable(),
    };
    let mut decoder = png::Decoder::new_with_limits(file, png::Limits { bytes: MOST_BESIDE });
    decoder.set_ignore_text_chunk(true);
    // Eight bits of each shade: sixteen would take twice the memory and are not kept.
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let head = decoder.read_header_info().map_err(damaged)?;
    let pixels = fitting(head.width, head.height)?;
    // Four shades while it is decoded, and three once it is flat.
    must_take(pixels * (4 + 3) + u64::try_from(MOST_BESIDE).map_err(Error::internal)?)?;
    let mut reader = decoder.read_info().map_err(damaged)?;
    let mut shades = vec![0; reader.output_buffer_size().ok_or_else(unreadable)?];
    let frame = reader.next_frame(&mut shades).map_err(damaged)?;
    // The mark of the end stands behind the light.
    reader.finish().map_err(damaged)?;
    shades.truncate(frame.buffer_size());
    let flat = match frame.color_type {
        png::ColorType::Rgb => shades,
        png::ColorType::Rgba => flattened::<4>(&shades, |[red, green, blue, alpha]| over([red, green, blue], alpha)),
        png::ColorType::Grayscale => flattened::<1>(&shades, |[grey]| [grey; 3]),
        png::ColorType::GrayscaleAlpha => flattened::<2>(&shades, |[grey, alpha]| over([grey; 3], alpha)),
        png::ColorType::Indexed => return Err(unreadable()),
    };
    let info = reader.info();
    Ok(Decoded {
        light: RgbImage::from_raw(frame.width, frame.height, flat).ok_or_else(unreadable)?,
        orientation: held(info.exif_metadata.as_deref()),
        profile: info.icc_profile.as_deref().map(<[u8]>::to_vec),
    })
}

fn jpeg(mut file: impl BufRead + Seek, size: u64) -> Result<Decoded> {
    let is_tidy = is_tidy(&mut file)?;
    file.rewind().map_err(broken)?;
    let any_side = usize::from(u16::MAX);
    let options = DecoderOptions::default()
        .set_strict_mode(is_tidy)
        .set_max_width(any_side)
        .set_max_height(any_side)
        .jpeg_set_max_scans(MOST_SCANS);
    let mut decoder = JpegDecoder::new_with_options(file, options);
    decoder.decode_headers().map_err(|_| unreadable())?;
    let info = decoder.info().ok_or_else(unreadable)?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    let pixels = fitting(width, height)?;
    if !matches!(info.components, 1 | 3 | 4) {
        return Err(unreadable());
    }
    let is_grey = decoder.input_colorspace() == Some(ColorSpace::Luma);
    // Two bytes of each part of a pixel until the last scan was read; three shades; and what stands beside the light.
    must_take(pixels * (2 * u64::from(info.components) + 3) + size)?;
    let colours = if is_grey { ColorSpace::Luma } else { ColorSpace::RGB };
    decoder.set_options(options.jpeg_set_out_colorspace(colours));
    let mut shades = vec![0; decoder.output_buffer_size().ok_or_else(unreadable)?];
    decoder.decode_into(&mut shades).map_err(|_| unreadable())?;
    let flat = if is_grey { flattened::<1>(&shades, |[grey]| [grey; 3]) } else { shades };
    Ok(Decoded {
        light: RgbImage::from_raw(width, height, flat).ok_or_else(unreadable)?,
        orientation: held(decoder.exif().map(Vec::as_slice)),
        profile: decoder.icc_profile(),
    })
}

/// Goes through a JPEG up to the mark of its end, without which it is cut. Whether nothing stands between its segments:
/// some cameras leave bytes there, and only what has none can be held to the standard when it is decoded.
fn is_tidy(file: &mut impl BufRead) -> Result<bool> {
    const MARK: u8 = 0xFF;
    fn byte(file: &mut impl BufRead) -> Result<u8> {
        let mut byte = [0];
        file.read_exact(&mut byte).map_err(broken)?;
        let [byte] = byte;
        Ok(byte)
    }
    let (mut is_tidy, mut is_light, mut segments) = (true, false, 0);
    file.read_exact(&mut [0; JPEG.len()]).map_err(broken)?;
    loop {
        let skipped = file.skip_until(MARK).map_err(broken)?;
        let kind = loop {
            match byte(file)? {
                MARK => {}
                kind => break kind,
            }
        };
        is_tidy &= is_light || skipped == 1;
        match kind {
            // A shade that looks like a mark, and marks without a length.
            0x00 | 0x01 | 0xD0..=0xD8 => is_tidy &= is_light,
            0xD9 => return Ok(is_tidy),
            kind => {
                segments += 1;
                let length = u64::from(u16::from_be_bytes([byte(file)?, byte(file)?])).saturating_sub(2);
                let passed = std::io::copy(&mut file.take(length), &mut std::io::sink()).map_err(broken)?;
                if passed < length || segments > MOST_SEGMENTS {
                    return Err(unreadable());
                }
                is_light = kind == 0xDA;
            }
        }
    }
}

fn held(exif: Option<&[u8]>) -> Orientation {
    exif.and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms)
}

fn flattened<const SHADES: usize>(shades: &[u8], flat: impl Fn([u8; SHADES]) -> [u8; 3]) -> Vec<u8> {
    let (pixels, _) = shades.as_chunks::<SHADES>();
    let mut light = Vec::with_capacity(pixels.len() * 3);
    pixels.iter().for_each(|pixel| light.extend(flat(*pixel)));
    light
}

/// A colour of which something shows through, on white.
fn over(colour: [u8; 3], alpha: u8) -> [u8; 3] {
    colour.map(|shade| {
        let mixed = (u32::from(shade) * u32::from(alpha) + 255 * (255 - u32::from(alpha))) / 255;
        u8::try_from(mixed).unwrap_or(u8::MAX)
    })
}

/// How many pixels it has, where that is not too many.
fn fitting(width: u32, height: u32) -> Result<u64> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels <= MOST_MEGAPIXELS * 1_000_000 && width.max(height) <= LARGEST_SIDE {
        return Ok(pixels);
    }
    Err(refused(
        "picture_too_large",
        say(
            format!(
                "Ảnh quá lớn: {width} × {height} điểm ảnh. Tối đa {MOST_MEGAPIXELS} triệu điểm ảnh (megapixel), mỗi cạnh tối \
                 đa {LARGEST_SIDE} điểm ảnh; xin thu nhỏ ảnh rồi gửi lại."
            ),
            format!(
                "The picture is too large: {width} × {height} pixels. At most {MOST_MEGAPIXELS} million pixels (megapixels) \
                 are taken, and at most {LARGEST_SIDE} pixels a side; please make it smaller and send it again."
            ),
        ),
    ))
}

fn must_take(bytes: u64) -> Result<()> {
    if bytes <= MOST_MEMORY {
        return Ok(());
    }
    Err(refused(
        "picture_too_large",
        say(
            "Ảnh quá lớn đối với kiểu nén của nó; xin thu nhỏ ảnh hoặc lưu thành JPEG thông thường rồi gửi lại.",
            "The picture is too large for the way it is packed; please make it smaller or save it as a plain JPEG, and send \
             it again.",
        ),
    ))
}

/// A file that cannot be read to its end is cut; any other fault is the disk's.
fn broken(error: std::io::Error) -> Error {
    if error.kind() == ErrorKind::UnexpectedEof { unreadable() } else { Error::internal(format!("a picture: {error}")) }
}

pub fn unreadable() -> Error {
    refused("unreadable_picture", say("Ảnh bị hỏng hoặc không đọc được.", "The picture is damaged or cannot be read."))
}

fn refused(code: &'static str, detail: Message) -> Error {
    let fault = Fault::new("/file", code, detail.clone());
    Error::Refused(Box::new(Refusal { kind: Kind::Invalid, code, detail, faults: vec![fault] }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;
    use image::codecs::jpeg::JpegEncoder;
    use std::io::Cursor;

    fn read(bytes: &[u8]) -> Result<Decoded> {
        decoded(&Turn::of_a_test(), Cursor::new(bytes))
    }

    fn code(bytes: &[u8]) -> &'static str {
        read(bytes).map_or_else(|error| error.refusal().unwrap().code, |_| "taken")
    }

    /// A photograph that has something to see everywhere.
    fn photo(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| {
            let shade = |factor: u32| u8::try_from((x * factor + y * (factor + 3)) % 251).unwrap();
            Rgb([shade(3), shade(5), shade(7)])
        })
    }

    fn baseline() -> Vec<u8> {
        let mut bytes = Vec::new();
        photo(320, 240).write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90)).unwrap();
        bytes
    }

    fn segment(kind: u8, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
        [&[0xFF, kind][..], &length, body].concat()
    }

    /// A JPEG of one colour, whose light is nothing but zeros; of many scans where it is progressive.
    fn flat(width: u16, height: u16, components: u8, is_progressive: bool, light: usize) -> Vec<u8> {
        let mut bytes = JPEG.to_vec();
        bytes.extend(segment(0xDB, &[&[0][..], &[1; 64]].concat()));
        let mut frame = vec![8];
        frame.extend([height.to_be_bytes(), width.to_be_bytes()].concat());
        frame.push(components);
        (1..=components).for_each(|component| frame.extend([component, 0x11, 0]));
        bytes.extend(segment(if is_progressive { 0xC2 } else { 0xC0 }, &frame));
        for class in [0, 0x10] {
            bytes.extend(segment(0xC4, &[&[class, 1][..], &[0; 16]].concat()));
        }
        let mut scan = vec![components];
        (1..=components).for_each(|component| scan.extend([component, 0]));
        scan.extend([0, if is_progressive { 0 } else { 63 }, 0]);
        bytes.extend(segment(0xDA, &scan));
        bytes.extend(vec![0; light]);
        bytes.extend([0xFF, 0xD9]);
        bytes
    }

    fn packed(width: u32, height: u32, colour: png::ColorType, depth: png::BitDepth, light: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(colour);
        encoder.set_depth(depth);
        if colour == png::ColorType::Indexed {
            encoder.set_palette(vec![200, 100, 50, 0, 0, 255]);
            encoder.set_trns(vec![255, 0]);
        }
        encoder.write_header().unwrap().write_image_data(light).unwrap();
        bytes
    }

    /// The head of a PNG, and nothing behind it.
    fn head(width: u32, height: u32) -> Vec<u8> {
        let whole = packed(1, 1, png::ColorType::Rgba, png::BitDepth::Sixteen, &[0; 8]);
        let mut chunk = b"IHDR".to_vec();
        chunk.extend([width.to_be_bytes(), height.to_be_bytes()].concat());
        chunk.extend(&whole[24..29]);
        let mut sum = flate2::Crc::new();
        sum.update(&chunk);
        [&whole[..12], &chunk, &sum.sum().to_be_bytes()].concat()
    }

    #[test]
    fn a_picture_is_judged_by_the_size_that_its_head_tells() {
        for (width, height) in
            [(9_000, 9_000), (12_000, 12_000), (4_901, 4_900), (12_001, 1), (1, 12_001), (u32::MAX / 4, 9)]
        {
            assert_eq!(code(&head(width, height)), "picture_too_large", "{width} x {height}");
        }
        // Not too large, but nothing follows.
        assert_eq!(code(&head(6_000, 4_000)), "unreadable_picture");
        for is_progressive in [false, true] {
            assert_eq!(code(&flat(12_000, 9_000, 3, is_progressive, 9)), "picture_too_large");
            assert_eq!(code(&flat(6_001, 4_000, 1, is_progressive, 9)), "picture_too_large");
        }
        assert_eq!(code(&flat(65_535, 1, 3, false, 9)), "picture_too_large");
        let detail = read(&head(9_000, 9_000)).unwrap_err().refusal().unwrap().detail.clone();
        assert!(detail.en.contains("9000 × 9000") && detail.vi.contains("24 triệu điểm ảnh"), "{detail:?}");
    }

    #[test]
    fn what_its_packing_would_take_is_within_the_budget() {
        assert!(must_take(24_000_000 * (4 + 3) + 16 * 1024 * 1024).is_ok());
        // Three colours of a JPEG of the largest file, four of one that is smaller.
        assert!(must_take(24_000_000 * (2 * 3 + 3) + 20 * 1024 * 1024).is_ok());
        assert!(must_take(21_000_000 * (2 * 4 + 3) + 4 * 1024 * 1024).is_ok());
        assert!(must_take(24_000_000 * (2 * 4 + 3)).is_err());
    }

    #[test]
    fn a_cut_jpeg_is_refused_wherever_it_is_cut() {
        let whole = baseline();
        assert_eq!(read(&whole).unwrap().light.dimensions(), (320, 240));
        for part in [3, 20, whole.len() / 2, whole.len() * 9 / 10, whole.len() - 30, whole.len() - 2, whole.len() - 1] {
            assert_eq!(code(&whole[..part]), "unreadable_picture", "{part} of {}", whole.len());
        }
        // 3 x 1200 blocks of one bit.
        let scans = flat(320, 240, 3, true, 3 * 1200 / 8);
        assert_eq!(read(&scans).unwrap().light.dimensions(), (320, 240));
        assert_eq!(code(&scans[..scans.len() - 2]), "unreadable_picture");
    }

    #[test]
    fn a_cut_png_is_refused_wherever_it_is_cut() {
        let (width, height) = (64, 48);
        let light = photo(width, height).into_raw();
        let whole = packed(width, height, png::ColorType::Rgb, png::BitDepth::Eight, &light);
        assert_eq!(read(&whole).unwrap().light.into_raw(), light);
        for part in [7, 20, 40, whole.len() / 2, whole.len() - 13, whole.len() - 5] {
            assert_eq!(code(&whole[..part]), "unreadable_picture", "{part} of {}", whole.len());
        }
    }

    #[test]
    fn what_cameras_leave_in_and_behind_a_picture_does_no_harm() {
        let whole = baseline();
        let stuffed = [&whole[..2], &segment(0xE1, b"an application's"), b"stray bytes", &whole[2..]].concat();
        let trailed = [&whole[..], b"a film that moves"].concat();
        let filled = [&whole[..2], &[0xFF, 0xFF], &whole[2..]].concat();
        for bytes in [stuffed, trailed, filled] {
            assert_eq!(read(&bytes).unwrap().light, read(&whole).unwrap().light);
        }
        let small = segment(0xFE, b"");
        let many = [&whole[..2], &small.repeat(5000), &whole[2..]].concat();
        assert_eq!(code(&many), "unreadable_picture");
    }

    #[test]
    fn every_way_to_write_a_colour_is_read() {
        use png::BitDepth::{Eight, One, Sixteen};
        use png::ColorType::{Grayscale, GrayscaleAlpha, Indexed, Rgb, Rgba};
        let first = |bytes: &[u8]| read(bytes).unwrap().light.get_pixel(0, 0).0;
        for (colour, depth, light, expected) in [
            (Rgb, Eight, &[200, 100, 50][..], [200, 100, 50]),
            (Rgb, Sixteen, &[200, 9, 100, 9, 50, 9], [200, 100, 50]),
            (Rgba, Eight, &[200, 100, 50, 255], [200, 100, 50]),
            (Rgba, Eight, &[200, 100, 50, 0], [255, 255, 255]),
            (Rgba, Sixteen, &[200, 9, 100, 9, 50, 9, 255, 255], [200, 100, 50]),
            (Grayscale, Eight, &[77], [77, 77, 77]),
            (Grayscale, One, &[0x80], [255, 255, 255]),
            (Grayscale, Sixteen, &[77, 9], [77, 77, 77]),
            (GrayscaleAlpha, Eight, &[77, 0], [255, 255, 255]),
            (GrayscaleAlpha, Sixteen, &[77, 9, 255, 255], [77, 77, 77]),
            (Indexed, One, &[0], [200, 100, 50]),
            (Indexed, One, &[0x80], [255, 255, 255]),
        ] {
            assert_eq!(first(&packed(1, 1, colour, depth, light)), expected, "{colour:?} {depth:?}");
        }
        for components in [1, 3, 4] {
            for is_progressive in [false, true] {
                let bits = usize::from(components) * if is_progressive { 4 } else { 8 };
                let read = read(&flat(16, 16, components, is_progressive, bits.div_ceil(8))).unwrap();
                assert_eq!(read.light.dimensions(), (16, 16), "{components} {is_progressive}");
            }
        }
    }
}
