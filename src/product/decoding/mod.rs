//! Makes light of a picture's file. The one place that decodes: its size is read from its head first, and what would take
//! more than [`MOST_MEMORY`] is refused before any of it is taken.

mod jpeg;
mod outline;
mod png;

use std::io::{BufRead, ErrorKind, Seek, SeekFrom};

use image::metadata::Orientation;
use image::{ImageBuffer, Rgb};
use memmap2::MmapMut;

use crate::base::error::Refusal;
use crate::base::{Error, Fault, Kind, Message, Result, say};
use crate::product::turn::Turn;

/// The most pixels of a picture that is taken, in millions, and its largest side: more than cameras of phones give unless
/// they are told to.
pub const MOST_MEGAPIXELS: u64 = 24;
pub const LARGEST_SIDE: u32 = 12_000;
/// What decoding may take, in bytes, whatever the format: with what the service has besides it stays below 400 MB while a crowd
/// is there. The largest JPEG of one scan fits and the largest PNG; one of many scans fits up to 13 megapixels, and up to
/// 9 where its colours are as fine as its light.
const MOST_MEMORY: u64 = 80 * 1024 * 1024;

const JPEG: &[u8] = b"\xFF\xD8";
const PNG: &[u8] = b"\x89PNG\r\n\x1A\n";

/// The light of a picture, in memory that goes back to the system at once: what an allocator is given back it keeps for a while,
/// beside what the next picture takes.
pub type Light = ImageBuffer<Rgb<u8>, MmapMut>;

/// A picture as its file has it.
#[derive(Debug)]
pub struct Decoded {
    /// Without transparency: what shows through is white, as paper is.
    pub light: Light,
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
        png::decoded(file)
    } else if head.starts_with(JPEG) {
        jpeg::decoded(file, size)
    } else {
        Err(unreadable())
    }
}

/// Room for so many shades, all of them zero.
fn room(bytes: usize) -> Result<MmapMut> {
    MmapMut::map_anon(bytes).map_err(|error| Error::internal(format!("no memory for a picture: {error}")))
}

fn held(exif: Option<&[u8]>) -> Orientation {
    exif.and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms)
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
    use image::codecs::jpeg::JpegEncoder;
    use image::{Rgb, RgbImage};
    use std::io::{Cursor, Write};

    const END: [u8; 2] = [0xFF, 0xD9];

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

    /// A scan of a JPEG of one colour: its light is nothing but zeros, a bit for each code.
    fn scan(components: &[u8], first: u8, last: u8, light: usize) -> Vec<u8> {
        let mut head = vec![u8::try_from(components.len()).unwrap()];
        components.iter().for_each(|component| head.extend([*component, 0]));
        head.extend([first, last, 0]);
        [segment(0xDA, &head), vec![0; light]].concat()
    }

    /// Such a JPEG up to its light.
    fn before_light(width: u16, height: u16, components: u8, is_progressive: bool) -> Vec<u8> {
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
        bytes
    }

    /// All of it; of many scans where it is progressive.
    fn flat(width: u16, height: u16, components: u8, is_progressive: bool) -> Vec<u8> {
        let mut bytes = before_light(width, height, components, is_progressive);
        let all: Vec<u8> = (1..=components).collect();
        let blocks = usize::from(width.div_ceil(8)) * usize::from(height.div_ceil(8));
        let codes = blocks * all.len() * if is_progressive { 1 } else { 2 };
        bytes.extend(scan(&all, 0, if is_progressive { 0 } else { 63 }, codes.div_ceil(8)));
        for component in all.into_iter().filter(|_| is_progressive) {
            bytes.extend(scan(&[component], 1, 63, blocks.div_ceil(8)));
        }
        bytes.extend(END);
        bytes
    }

    fn packed(width: u32, height: u32, colour: ::png::ColorType, depth: ::png::BitDepth, light: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = ::png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(colour);
        encoder.set_depth(depth);
        if colour == ::png::ColorType::Indexed {
            encoder.set_palette(vec![200, 100, 50, 0, 0, 255]);
            encoder.set_trns(vec![255, 0]);
        }
        encoder.write_header().unwrap().write_image_data(light).unwrap();
        bytes
    }

    /// The head of a PNG, and nothing behind it.
    fn head(width: u32, height: u32) -> Vec<u8> {
        let whole = packed(1, 1, ::png::ColorType::Rgba, ::png::BitDepth::Sixteen, &[0; 8]);
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
            assert_eq!(code(&flat(12_000, 9_000, 3, is_progressive)), "picture_too_large");
            assert_eq!(code(&flat(6_001, 4_000, 1, is_progressive)), "picture_too_large");
        }
        assert_eq!(code(&flat(65_535, 1, 3, false)), "picture_too_large");
        let detail = read(&head(9_000, 9_000)).unwrap_err().refusal().unwrap().detail.clone();
        assert!(detail.en.contains("9000 × 9000") && detail.vi.contains("24 triệu điểm ảnh"), "{detail:?}");
    }

    #[test]
    fn what_its_packing_would_take_is_within_the_budget() {
        // The largest of one scan in a file that is large for it; and the largest PNG.
        assert!(must_take(24_000_000 * 3 + 11 * 1024 * 1024).is_ok());
        assert!(must_take(24_000_000 * 3 + 8 * 1024 * 1024).is_ok());
        for (width, height, components, is_progressive, expected) in [
            (6_000, 4_000, 3, false, "taken"),
            (3_000, 3_000, 3, true, "taken"),
            (6_000, 4_000, 3, true, "picture_too_large"),
            (3_600, 3_600, 1, true, "taken"),
            (3_000, 3_000, 4, true, "picture_too_large"),
        ] {
            let picture = flat(width, height, components, is_progressive);
            assert_eq!(code(&picture), expected, "{width} {height} {components} {is_progressive}");
        }
    }

    #[test]
    fn a_cut_jpeg_is_refused_wherever_it_is_cut() {
        let whole = baseline();
        assert_eq!(read(&whole).unwrap().light.dimensions(), (320, 240));
        for part in [3, 20, whole.len() / 2, whole.len() * 9 / 10, whole.len() - 30, whole.len() - 2, whole.len() - 1] {
            assert_eq!(code(&whole[..part]), "unreadable_picture", "{part} of {}", whole.len());
        }
        let scans = flat(320, 240, 3, true);
        assert_eq!(read(&scans).unwrap().light.dimensions(), (320, 240));
        assert_eq!(code(&scans[..scans.len() - 2]), "unreadable_picture");
    }

    #[test]
    fn a_jpeg_that_was_closed_before_its_end_is_refused() {
        let closed = |part: &[u8]| code(&[part, &END].concat());
        let whole = baseline();
        let light = whole.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap() + 14;
        for share in [0, 1, 25, 50, 75, 90, 98] {
            let part = &whole[..light + (whole.len() - light) * share / 100];
            assert_eq!(closed(part), "unreadable_picture", "{share} % of the light");
            // Bytes that some cameras leave between segments save none.
            let stray = [&part[..2], &segment(0xE1, b"an application's"), b"stray bytes", &part[2..]].concat();
            assert_eq!(closed(&stray), "unreadable_picture", "{share} % of the light, with stray bytes");
        }
        let scans = flat(320, 240, 3, true);
        let last = scans.len() - 1200 / 8 - 12;
        assert_eq!(closed(&scans[..scans.len() - 2]), "taken");
        for part in [last, last + 10, last + 10 + 75] {
            assert_eq!(closed(&scans[..part]), "unreadable_picture", "{part} of {}", scans.len());
        }
        // Only the mean of each block, or all but the last bit.
        let first = |bits: u8| {
            let mut bytes = before_light(16, 16, 1, true);
            bytes.extend(scan(&[1], 0, 0, 1));
            bytes.extend(scan(&[1], 1, 63, 1));
            let at = bytes.len() - 2;
            bytes[at] = bits;
            bytes
        };
        assert_eq!((closed(&first(0)), closed(&first(1))), ("taken", "unreadable_picture"));
        assert_eq!(closed(&before_light(16, 16, 1, true)), "unreadable_picture");
    }

    #[test]
    fn a_cut_png_is_refused_wherever_it_is_cut() {
        let (width, height) = (64, 48);
        let light = photo(width, height).into_raw();
        let whole = packed(width, height, ::png::ColorType::Rgb, ::png::BitDepth::Eight, &light);
        assert_eq!(read(&whole).unwrap().light.as_raw()[..], light[..]);
        for part in [7, 20, 40, whole.len() / 2, whole.len() - 13, whole.len() - 5] {
            assert_eq!(code(&whole[..part]), "unreadable_picture", "{part} of {}", whole.len());
        }
    }

    #[test]
    fn a_png_that_comes_in_passes_is_the_same_picture() {
        // Eight rows of a width of eight in the order of Adam7, whose shades tell where they stand.
        let at = |x: u32, y: u32| [u8::try_from(x * 8 + y).unwrap(), 7, 9, 255];
        let passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
        let mut rows = Vec::new();
        for (left, top, across, down) in passes {
            for y in (top..8).step_by(down) {
                rows.push(0);
                (left..8).step_by(across).for_each(|x| rows.extend(at(x, y)));
            }
        }
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(&rows).unwrap();
        let chunk = |kind: &[u8; 4], body: &[u8]| {
            let (length, named) = (u32::try_from(body.len()).unwrap(), [&kind[..], body].concat());
            let mut sum = flate2::Crc::new();
            sum.update(&named);
            [&length.to_be_bytes()[..], &named, &sum.sum().to_be_bytes()].concat()
        };
        let head = [&8_u32.to_be_bytes()[..], &8_u32.to_be_bytes(), &[8, 6, 0, 0, 1]].concat();
        let body = packer.finish().unwrap();
        let whole = [PNG, &chunk(b"IHDR", &head), &chunk(b"IDAT", &body), &chunk(b"IEND", b"")].concat();
        let light = read(&whole).unwrap().light;
        assert!(light.enumerate_pixels().all(|(x, y, pixel)| pixel.0 == at(x, y)[..3]), "{light:?}");
        let cut =
            [PNG, &chunk(b"IHDR", &head), &chunk(b"IDAT", &body[..body.len() / 2]), &chunk(b"IEND", b"")].concat();
        assert_eq!(code(&cut), "unreadable_picture");
    }

    #[test]
    fn what_cameras_leave_in_and_behind_a_picture_does_no_harm() {
        let whole = baseline();
        let stuffed = [&whole[..2], &segment(0xE1, b"an application's"), b"stray bytes", &whole[2..]].concat();
        let trailed = [&whole[..], b"a film that moves"].concat();
        let filled = [&whole[..2], &[0xFF, 0xFF], &whole[2..]].concat();
        for bytes in [stuffed, trailed, filled] {
            assert_eq!(read(&bytes).unwrap().light.as_raw()[..], read(&whole).unwrap().light.as_raw()[..]);
        }
        let small = segment(0xFE, b"");
        let many = [&whole[..2], &small.repeat(5000), &whole[2..]].concat();
        assert_eq!(code(&many), "unreadable_picture");
    }

    #[test]
    fn every_way_to_write_a_colour_is_read() {
        use ::png::BitDepth::{Eight, One, Sixteen};
        use ::png::ColorType::{Grayscale, GrayscaleAlpha, Indexed, Rgb, Rgba};
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
                let read = read(&flat(16, 16, components, is_progressive)).unwrap();
                assert_eq!(read.light.dimensions(), (16, 16), "{components} {is_progressive}");
            }
        }
    }
}
