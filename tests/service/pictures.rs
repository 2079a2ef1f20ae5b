//! Pictures in three sizes: upright, in sRGB, with nothing of the camera, of the extent that is told.

use std::path::Path;
use std::time::{Duration, SystemTime};

use diesel::connection::SimpleConnection;
use image::codecs::jpeg::JpegEncoder;
use image::{ImageEncoder, Rgb, RgbImage};
use moxcms::{ColorProfile, Layout, TransformOptions};
use ocop::files::{Folder, sweep};
use reqwest::Method;
use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::durable::Program;
use crate::engine::{Engine, on_both};
use crate::province::{Reply, Upload};
use crate::walk::{A_PNG, PNG, Walk, id};

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
        let mut picture = self.walk.province.upload(&self.walk.here.producer, &path, &[], file).created();
        assert!(picture.as_object_mut().unwrap().remove("parent_version").unwrap().is_i64());
        picture
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
        let app = &self.walk.province.app;
        sweep(&app.database, &Folder::of(&app.data_dir), later).unwrap()
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

/// A small file of a large picture of one colour: one bit for a pixel.
fn packed(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::One);
    encoder.set_palette(vec![200, 60, 50]);
    let row = usize::try_from(width.div_ceil(8)).unwrap();
    let light = vec![0; row * usize::try_from(height).unwrap()];
    encoder.write_header().unwrap().write_image_data(&light).unwrap();
    bytes
}

fn stamped(walk: &Walk) -> String {
    let product = walk.approved(&walk.here, "Mật ong").product;
    walk.activated(&walk.here, &product, 1).remove(0)
}

fn file(bytes: &[u8]) -> Part {
    let name = if bytes.starts_with(PNG.get(..4).unwrap()) { "a.png" } else { "a.jpg" };
    Part::bytes(bytes.to_vec()).file_name(name)
}

/// How many files lie in the folder of a province.
fn stored(data: &Path) -> usize {
    let shelves = std::fs::read_dir(data.join("files")).into_iter().flatten().map(|shelf| shelf.unwrap().path());
    // Beside the shelves lies the mark of whose files they are.
    shelves.filter(|shelf| shelf.is_dir()).map(|shelf| std::fs::read_dir(shelf).unwrap().count()).sum()
}

#[test]
fn a_picture_that_is_too_large_or_cut_is_refused_with_its_reason() {
    on_both(|engine| {
        let seller = Seller::new(engine);
        let (province, folder) = (&seller.walk.province, &seller.walk.province.app.data_dir);
        let path = format!("/products/{}/pictures", seller.product);
        let before = stored(folder);
        let jpeg = photo(640, 480);
        let mut wide = jpeg.clone();
        // The head tells the size: height before width, behind the frame's mark.
        let at = wide.windows(4).position(|window| window == [0xFF, 0xC0, 0x00, 0x11]).unwrap() + 5;
        wide.get_mut(at..at + 4).unwrap().copy_from_slice(&[0x23, 0x28, 0x2E, 0xE0]);
        let cut = jpeg.get(..jpeg.len() / 2).unwrap();
        for (bytes, name, code) in [
            (packed(9000, 9000), "a.png", "picture_too_large"),
            (wide, "a.jpg", "picture_too_large"),
            (cut.to_vec(), "a.jpg", "unreadable_picture"),
            (packed(64, 64).get(..60).unwrap().to_vec(), "a.png", "unreadable_picture"),
        ] {
            let media = if name.ends_with("png") { "image/png" } else { "image/jpeg" };
            let reply = province.upload(&seller.walk.here.producer, &path, &[], Upload { name, media, bytes: &bytes });
            assert_eq!(reply.json()["errors"][0]["pointer"], "/file", "{}", reply.text);
            reply.refused(422, code);
            assert_eq!(stored(folder), before, "{code}: what is refused is gone at once");
        }
        province
            .upload(&seller.walk.here.producer, &path, &[("no_such_field", "1")], A_PNG)
            .invalid(&["/no_such_field"]);
        assert_eq!(stored(folder), before);
        // The same request again is answered as before and leaves nothing behind.
        let again = || {
            let request = province.request(Method::POST, &path).bearer_auth(&seller.walk.here.producer.token);
            let form = Form::new().part("file", file(PNG));
            Reply::of(request.header("idempotency-key", "one").multipart(form).send().unwrap()).created()
        };
        assert_eq!(again(), again());
        assert_eq!(stored(folder), before + 1);
    });
}

#[test]
fn a_full_product_takes_no_picture_before_it_is_read() {
    on_both(|engine| {
        let seller = Seller::new(engine);
        let (province, folder) = (&seller.walk.province, &seller.walk.province.app.data_dir);
        (0..20).for_each(|_| drop(seller.upload(PNG, "a.png")));
        let before = stored(folder);
        let path = format!("/products/{}/pictures", seller.product);
        // What is no picture at all is not looked at.
        let text = Upload { name: "a.txt", media: "text/plain", bytes: b"no picture" };
        province.upload(&seller.walk.here.producer, &path, &[], text).refused(409, "too_many_pictures");
        assert_eq!(stored(folder), before);
    });
}

#[test]
fn a_doubts_fields_are_judged_before_its_photo_and_refused_uploads_count() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (code, folder) = (stamped(&walk), walk.province.app.data_dir.clone());
        let before = stored(&folder);
        let from = |address: &str| {
            let request = walk.province.request(Method::POST, &format!("/t/{code}/doubts"));
            request.header("x-forwarded-for", address)
        };
        let send = |form: Form| Reply::of(from("203.0.113.7").multipart(form).send().unwrap());
        let text = |text: &'static str| Form::new().text("text", text).text("consent", "1");
        let no_picture = || file(b"no picture");
        send(text("  ").part("file", no_picture())).invalid(&["/text"]);
        send(text("Mờ").text("lat", "91").text("lon", "1").part("file", no_picture())).invalid(&["/lat"]);
        // What may still come behind the file is waited for; what then is wrong is refused before anything is decoded.
        send(Form::new().text("contact", "0912").part("file", no_picture())).refused(422, "wrong_file_kind");
        send(Form::new().part("file", file(&packed(9000, 9000))).text("text", "").text("consent", "1"))
            .invalid(&["/text"]);
        send(Form::new().part("file", file(PNG)).text("lat", "18.5").text("text", "Mờ").text("consent", "1"))
            .invalid(&["/lon"]);
        assert_eq!(stored(&folder), before, "what is refused is gone at once");
        let last = Form::new().part("file", file(PNG)).text("text", "Mờ").text("consent", "1");
        assert_eq!(send(last).status, 201);
        assert_eq!(stored(&folder), before + 1);
        for _ in 6..60 {
            send(text("Mờ").part("file", file(&PNG[..50]))).refused(422, "unreadable_picture");
        }
        send(text("Mờ").part("file", no_picture())).refused(429, "too_many_doubts");
        Reply::of(from("203.0.113.7").json(&json!({"text": "Mờ"})).send().unwrap()).refused(429, "too_many_doubts");
        let other = from("203.0.113.8").multipart(text("Mờ").part("file", file(PNG))).send().unwrap();
        assert_eq!(other.status(), 201);
        assert_eq!(stored(&folder), before + 2);
        assert_eq!(walk.province.all(&walk.office, "/doubts").len(), 2);
    });
}

/// The peak of a process's memory so far, in MiB.
fn peak(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse::<u64>().unwrap() / 1024
}

#[cfg(target_os = "linux")]
#[test]
fn no_picture_takes_the_memory_of_the_machine() {
    /// In MiB: what one decoding may take, what the requests themselves need, and what the allocator keeps for a moment of the
    /// one before; two at once would take 250.
    const MOST: u64 = 80 + 110;
    on_both(|engine| {
        let walk = Walk::new(engine);
        let code = stamped(&walk);
        let folder = walk.province.app.data_dir.parent().unwrap();
        let program = Program::serve(folder, &walk.province.database_url);
        let address = format!("http://{}/t/{code}/doubts", program.address);
        let before = peak(program.child.id());
        let at_once = |senders: usize, bytes: &[u8], status: u16| {
            std::thread::scope(|scope| {
                // Each from a network of its own, as many as strangers' uploads are read at once.
                for sender in 0..senders {
                    let (address, network) = (&address, format!("203.{sender}.113.7"));
                    scope.spawn(move || {
                        let form = Form::new().text("text", "Mờ").text("consent", "1").part("file", file(bytes));
                        let client = reqwest::blocking::Client::new();
                        let request = client.post(address).header("x-forwarded-for", network).multipart(form);
                        let reply = Reply::of(request.send().unwrap());
                        assert_eq!(reply.status, status, "{}", reply.text);
                    });
                }
            });
            let taken = peak(program.child.id()) - before;
            assert!(taken < MOST, "{taken} MiB for {senders} of {} bytes", bytes.len());
        };
        at_once(8, &packed(9000, 9000), 422);
        // One after another: how long one takes is the machine's, and a wait has an end.
        (0..2).for_each(|_| at_once(1, &packed(6000, 4000), 201));
    });
}
