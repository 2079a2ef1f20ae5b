//! Pictures in three sizes: upright, in sRGB, with nothing of the camera, of the extent that is told.

use std::time::{Duration, SystemTime};

use diesel::connection::SimpleConnection;
use image::codecs::jpeg::JpegEncoder;
use image::{ImageEncoder, Rgb, RgbImage};
use moxcms::{ColorProfile, Layout, TransformOptions};
use ocop::files::{Folder, sweep};
use reqwest::Method;
use serde_json::{Value, json};

use crate::engine::{Engine, on_both};
use crate::province::{Reply, Upload};
use crate::walk::{A_PNG, Walk, id};

const RED: [u8; 3] = [200, 60, 50];
const BLUE: [u8; 3] = [40, 80, 190];
const SIZES: [&str; 3] = ["small", "medium", "large"];

/// A photograph as a phone writes it: lying on its side (its left is up), in Display P3, with the place and the owner.
fn photo(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, _| Rgb(if x < width / 2 { RED } else { BLUE }));
    let mut jpeg = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, 95);
    encoder.set_icc_profile(ColorProfile::new_display_p3().encode().unwrap()).unwrap();
    picture.write_with_encoder(encoder).unwrap();
    let number = |number: u16| number.to_le_bytes();
    let long = |number: u32| number.to_le_bytes();
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0".to_vec();
    // Two entries: held on its side; where the place is written. Then the place: to the north, at 18 degrees.
    exif.extend(number(2));
    for (tag, kind, value) in [(0x0112, 3, 6), (0x8825, 4, 38)] {
        exif.extend([number(tag), number(kind)].concat());
        exif.extend([long(1), long(value)].concat());
    }
    exif.extend(long(0));
    exif.extend(number(1));
    exif.extend([number(1), number(2)].concat());
    exif.extend([long(2), *b"N\0\0\0", long(0)].concat());
    exif.extend(b"18.4500 N 105.3500 E, phone of Tran Thi B");
    let comment = b"taken by Tran Thi B";
    let segment = |kind: u8, body: &[u8]| {
        let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
        [&[0xFF, kind][..], &length, body].concat()
    };
    [&jpeg[..2], &segment(0xE1, &exif), &segment(0xFE, comment), &jpeg[2..]].concat()
}

/// The kinds of the segments before a JPEG's light.
fn segments(jpeg: &[u8]) -> Vec<u8> {
    let (mut at, mut found) = (2, Vec::new());
    while jpeg[at + 1] != 0xDA {
        assert_eq!(jpeg[at], 0xFF);
        found.push(jpeg[at + 1]);
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    found
}

/// What Display P3 means by a colour, in sRGB.
fn in_srgb(colour: [u8; 3]) -> [u8; 3] {
    let (p3, srgb, options) = (ColorProfile::new_display_p3(), ColorProfile::new_srgb(), TransformOptions::default());
    let mut light = [0; 3];
    p3.create_transform_8bit(Layout::Rgb, &srgb, Layout::Rgb, options).unwrap().transform(&colour, &mut light).unwrap();
    light
}

fn is_near(found: [u8; 3], expected: [u8; 3]) -> bool {
    found.iter().zip(expected).all(|(found, expected)| found.abs_diff(expected) <= 8)
}

struct Seller {
    walk: Walk,
    product: String,
}

impl Seller {
    fn new(engine: Engine) -> Self {
        let walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        Self { walk, product }
    }

    fn upload(&self, bytes: &[u8], name: &str) -> Value {
        let media = if name.ends_with("png") { "image/png" } else { "image/jpeg" };
        let path = format!("/products/{}/pictures", self.product);
        let file = Upload { name, media, bytes };
        self.walk.province.upload(&self.walk.here.producer, &path, &[], file).created()
    }

    fn shown(&self, address: &str) -> Reply {
        let reply = self.walk.province.public(address.strip_prefix("/api/v1").unwrap());
        assert_eq!((reply.status.as_u16(), &reply.headers["content-type"]), (200, &"image/jpeg".parse().unwrap()));
        reply
    }

    fn listed(&self) -> Value {
        let pictures = format!("/products/{}/pictures", self.product);
        self.walk.province.get(&self.walk.here.producer, &pictures).ok()["items"].clone()
    }

    fn write(&self, statements: &str) {
        let address: ocop::db::Address = self.walk.province.database_url.parse().unwrap();
        address.connect().unwrap().batch_execute(statements).unwrap();
    }

    /// Two hours later, what no row names is moved aside.
    fn swept(&self) -> usize {
        let later = SystemTime::now() + Duration::from_secs(7200);
        let house = &self.walk.province.house;
        sweep(&house.database, &Folder::of(&house.data_dir), later).unwrap()
    }
}

#[test]
fn a_photograph_is_kept_in_three_sizes_without_its_camera() {
    on_both(|engine| {
        let seller = Seller::new(engine);
        let picture = seller.upload(&photo(2000, 1000), "ong.jpg");
        assert_eq!(seller.listed(), json!([picture]));
        assert_eq!((&picture["width"], &picture["height"]), (&json!(800), &json!(1600)));
        assert_eq!(picture["address"], picture["sizes"]["large"]["address"]);
        let mut tags = Vec::new();
        for (size, long) in SIZES.into_iter().zip([320u32, 800, 1600]) {
            let told = &picture["sizes"][size];
            let shown = seller.shown(told["address"].as_str().unwrap());
            let read = image::load_from_memory(&shown.bytes).unwrap().into_rgb8();
            assert_eq!((read.width(), read.height()), (long / 2, long));
            assert_eq!((&told["width"], &told["height"]), (&json!(read.width()), &json!(read.height())));
            // The left of the photograph is up, and its colours are those of sRGB.
            for (row, colour) in [(long / 8, RED), (long * 7 / 8, BLUE)] {
                let found = read.get_pixel(long / 4, row).0;
                assert!(is_near(found, in_srgb(colour)), "{size}: {found:?}");
                assert!(!is_near(in_srgb(colour), colour), "the profile makes a difference");
            }
            // Nothing but JFIF's head and what the light is decoded with.
            let allowed = |kind: &u8| matches!(kind, 0xE0 | 0xDB | 0xC0 | 0xC4 | 0xDD);
            assert!(segments(&shown.bytes).iter().all(allowed), "{:?}", segments(&shown.bytes));
            assert!(!shown.bytes.windows(4).any(|window| window == b"Tran"));
            assert_eq!(shown.headers["cache-control"], "public, max-age=31536000, immutable");
            tags.push(shown.headers["etag"].clone());
            let again = seller.walk.province.request(Method::GET, &format!("/pictures/{}?size={size}", id(&picture)));
            let again = Reply::of(again.header("if-none-match", &shown.headers["etag"]).send().unwrap());
            assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
        }
        tags.dedup();
        assert_eq!(tags.len(), 3);
        // The upload itself was removed at once; a sweep finds nothing.
        assert_eq!(seller.swept(), 0);
        SIZES.iter().for_each(|size| drop(seller.shown(picture["sizes"][size]["address"].as_str().unwrap())));
    });
}

#[test]
fn a_small_picture_is_one_file_in_all_sizes() {
    on_both(|engine| {
        let seller = Seller::new(engine);
        let mut png = Vec::new();
        let encoder = image::codecs::png::PngEncoder::new(&mut png);
        RgbImage::from_pixel(300, 200, Rgb(RED)).write_with_encoder(encoder).unwrap();
        let picture = seller.upload(&png, "ong.png");
        let all = SIZES.map(|size| seller.shown(picture["sizes"][size]["address"].as_str().unwrap()).bytes);
        assert!(all.iter().all(|bytes| *bytes == all[0]));
        for size in SIZES {
            assert_eq!(picture["sizes"][size]["width"], 300);
        }
        // A colour without a profile stays what it is.
        let read = image::load_from_memory(&all[0]).unwrap().into_rgb8();
        assert!(is_near(read.get_pixel(150, 100).0, RED));
    });
}

#[test]
fn unknown_sizes_and_others_pictures_are_refused() {
    on_both(|engine| {
        let seller = Seller::new(engine);
        let province = &seller.walk.province;
        let picture = id(&seller.upload(&photo(64, 32), "ong.jpg"));
        for query in ["size=huge", "size=", "size=Small", "size=small&size=small", "width=3"] {
            let pointer = query.split('=').next().unwrap();
            province.public(&format!("/pictures/{picture}?{query}")).invalid(&[pointer]);
        }
        for unknown in ["00000000-0000-7000-8000-000000000000", "1", &seller.product] {
            province.public(&format!("/pictures/{unknown}?size=small")).refused(404, "not_found");
        }
        let pictures = format!("/products/{}/pictures", seller.product);
        province.upload(&seller.walk.there.producer, &pictures, &[], A_PNG).refused(404, "not_found");
        province.get(&seller.walk.there.producer, &pictures).refused(404, "not_found");
        let other = seller.walk.approved(&seller.walk.here, "Mật ong rừng").product;
        let others = province.get(&seller.walk.here.producer, &format!("/products/{other}/pictures")).ok();
        assert_eq!(others["items"], json!([]));
    });
}

#[test]
fn a_picture_from_before_gets_its_sizes_when_they_are_asked_for() {
    on_both(|engine| {
        let seller = Seller::new(engine);
        let picture = seller.upload(&photo(2000, 1000), "ong.jpg");
        let before = SIZES.map(|size| seller.shown(picture["sizes"][size]["address"].as_str().unwrap()).bytes);
        seller.write(
            "UPDATE pictures SET width = NULL, height = NULL, medium_file_id = NULL, small_file_id = NULL;
             DELETE FROM files WHERE name = 'ong.jpg' AND id NOT IN (SELECT file_id FROM pictures);",
        );
        // The two smaller sizes.
        assert_eq!(seller.swept(), 2);
        let old = &seller.listed()[0];
        assert_eq!((&old["width"], &old["sizes"]["small"]["width"]), (&Value::Null, &Value::Null));
        assert_eq!(seller.shown(picture["address"].as_str().unwrap()).bytes, before[2]);
        assert_eq!(seller.listed()[0], *old);

        // Many ask at once; all get the same bytes, and the files are made once.
        let small = std::thread::scope(|scope| {
            let asked: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| seller.shown(picture["sizes"]["small"]["address"].as_str().unwrap()).bytes))
                .collect();
            asked.into_iter().map(|asked| asked.join().unwrap()).collect::<Vec<_>>()
        });
        assert!(small.iter().all(|bytes| *bytes == small[0]));
        assert_eq!(seller.swept(), 0);
        assert_eq!(seller.listed(), json!([picture]));
        for size in SIZES {
            let address = picture["sizes"][size]["address"].as_str().unwrap();
            let read = image::load_from_memory(&seller.shown(address).bytes).unwrap();
            assert_eq!(json!(read.width()), picture["sizes"][size]["width"]);
        }
    });
}
