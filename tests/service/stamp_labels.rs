//! Labels, printed and read again by two decoders that know nothing of each other: `zbarimg` and `rqrr`.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::engine::{Engine, has, on_both};
use crate::province::Reply;
use crate::walk::Walk;

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What `zbarimg` reads on pictures, of which some may hold nothing.
fn zbar(pictures: &[PathBuf]) -> BTreeSet<String> {
    let options = ["-q", "--raw", "-Sdisable", "-Sqrcode.enable"];
    let output = Command::new("zbarimg").args(options).args(pictures).output().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// What `rqrr` reads on a picture; it looks for one code at a time.
fn rqrr(picture: &image::GrayImage) -> BTreeSet<String> {
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(
        usize::try_from(picture.width()).unwrap(),
        usize::try_from(picture.height()).unwrap(),
        |x, y| picture.get_pixel(u32::try_from(x).unwrap(), u32::try_from(y).unwrap()).0[0],
    );
    prepared.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}

/// What both decoders read on views of labels; they must agree. A view is what a phone's camera may see of a label.
fn agreed(views: &[image::GrayImage]) -> BTreeSet<String> {
    let folder = tempfile::tempdir().unwrap();
    let put = |(place, view): (usize, &image::GrayImage)| {
        let path = folder.path().join(format!("{place}.png"));
        view.save(&path).unwrap();
        path
    };
    let paths: Vec<PathBuf> = views.iter().enumerate().map(put).collect();
    let first = zbar(&paths);
    let second: BTreeSet<String> = views.iter().flat_map(rqrr).collect();
    assert_eq!(first, second, "the decoders do not agree");
    first
}

/// The picture as it is, and nearer: every dot of 300 an inch twice as wide.
fn nearer(picture: &image::GrayImage) -> Vec<image::GrayImage> {
    let (width, height) = (picture.width() * 2, picture.height() * 2);
    let wide = image::imageops::resize(picture, width, height, image::imageops::FilterType::Triangle);
    vec![picture.clone(), wide]
}

/// What both decoders read on a picture of one label.
fn read(picture: &Path) -> BTreeSet<String> {
    agreed(&nearer(&image::open(picture).unwrap().to_luma8()))
}

/// What both decoders read on a sheet of labels of twelve millimetres, label by label.
fn read_sheet(picture: &Path) -> BTreeSet<String> {
    let sheet = image::open(picture).unwrap().to_luma8();
    // In dots of 300 an inch: the margin, and from label to label; each has 185 of QR and its text beside it.
    let (margin, across, down) = (118, 516, 220);
    let cells = (0..4).flat_map(|column| (0..15).map(move |row| (margin + column * across, margin + row * down)));
    let cut = |(left, top): (u32, u32)| {
        nearer(&image::imageops::crop_imm(&sheet, left - 8, top - 8, across - 20, down - 20).to_image())
    };
    agreed(&cells.flat_map(cut).collect::<Vec<_>>())
}

struct Printed {
    walk: Walk,
    folder: tempfile::TempDir,
    order: String,
    product: String,
    codes: Vec<String>,
}

impl Printed {
    fn new(engine: Engine, quantity: i64) -> Self {
        let walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong rừng Hương Sơn").product;
        let order = walk.issued(&walk.here, &product, quantity);
        let codes = walk.codes(&walk.here, &order);
        Self { walk, folder: tempfile::tempdir().unwrap(), order, product, codes }
    }

    fn get(&self, what: &str) -> Reply {
        self.walk.province.get(&self.walk.office, &format!("/stamp-orders/{}/{what}", self.order))
    }

    fn addresses(&self, serials: std::ops::Range<usize>) -> BTreeSet<String> {
        let origin = self.walk.province.app.public_url.to_ascii_uppercase();
        self.codes[serials].iter().map(|code| format!("{origin}/T/{code}")).collect()
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn unpacked(&self, reply: &Reply) -> Vec<PathBuf> {
        assert_eq!(reply.status, 200, "{}", reply.text);
        let mut archive = zip::ZipArchive::new(Cursor::new(&reply.bytes)).unwrap();
        (0..archive.len())
            .map(|place| {
                let mut file = archive.by_index(place).unwrap();
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).unwrap();
                let name = file.name().unwrap().into_owned();
                drop(file);
                self.put(&name, &bytes)
            })
            .collect()
    }
}

#[test]
fn sheets_of_labels_of_twelve_millimetres_are_read_at_three_hundred_dots() {
    if !has("zbarimg", &["--version"]) || !has("pdftoppm", &["-v"]) {
        return;
    }
    let printed = Printed::new(Engine::Sqlite, 100);
    for layout in ["a4", "roll"] {
        let last = if layout == "a4" { 95 } else { 3 };
        let reply = printed.get(&format!("labels.pdf?from=1&to={last}&layout={layout}&size_mm=12"));
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!(reply.headers["content-type"], "application/pdf");
        assert_eq!(reply.headers["x-serials"], format!("1-{last}/100"));
        assert!(reply.headers["link"].to_str().unwrap().contains(&format!("from={}&to=100", last + 1)));
        let pdf = printed.put(&format!("{layout}.pdf"), &reply.bytes);
        let pages = printed.folder.path().join(layout);
        run("pdftoppm", &["-r", "300", "-gray", "-png", pdf.to_str().unwrap(), pages.to_str().unwrap()]);
        let pictures = std::fs::read_dir(printed.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let pages: Vec<PathBuf> = pictures
            .filter(|path| path.extension().is_some_and(|kind| kind == "png"))
            .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(layout))
            .collect();
        assert_eq!(pages.len(), if layout == "a4" { 2 } else { 3 });
        let read = |page: &PathBuf| if layout == "a4" { read_sheet(page) } else { read(page) };
        let found: BTreeSet<String> = pages.iter().flat_map(read).collect();
        assert_eq!(found, printed.addresses(0..last), "{layout}");
        let text = run("pdftotext", &["-layout", pdf.to_str().unwrap(), "-"]);
        let code = &printed.codes[0];
        assert!(text.contains(&format!("{}-{}", &code[..5], &code[5..10])), "{text}");
        assert!(text.contains("Mật ong") && !text.contains('★'));
    }
}

#[test]
fn single_labels_are_read_as_svg_and_png() {
    if !has("zbarimg", &["--version"]) || !has("rsvg-convert", &["--version"]) {
        return;
    }
    let printed = Printed::new(Engine::Sqlite, 3);
    let pictures = printed.unpacked(&printed.get("labels.zip?format=png&size_mm=12"));
    let found: BTreeSet<String> = pictures.iter().flat_map(|picture| read(picture)).collect();
    assert_eq!(found, printed.addresses(0..3));
    let drawings = printed.unpacked(&printed.get("labels.zip?format=svg&size_mm=12&from=2&to=3"));
    let found: BTreeSet<String> = drawings
        .iter()
        .flat_map(|drawing| {
            let picture = drawing.with_extension("drawn.png");
            let (from, to) = (drawing.to_str().unwrap(), picture.to_str().unwrap());
            run("rsvg-convert", &["-d", "300", "-p", "300", "-b", "white", "-o", to, from]);
            read(&picture)
        })
        .collect();
    assert_eq!(found, printed.addresses(1..3));
}

#[test]
fn ranges_are_bounded_followed_and_logged() {
    on_both(|engine| {
        let printed = Printed::new(engine, 12_000);
        printed.get("labels.pdf?from=1&to=5001").invalid(&["to"]);
        printed.get("labels.pdf?size_mm=9").invalid(&["size_mm"]);
        printed.get("labels.pdf?layout=a5").invalid(&["layout"]);
        printed.get("labels.zip?format=gif").invalid(&["format"]);
        printed.get("labels.pdf?from=12001").invalid(&["from", "to"]);
        let reply = printed.get("labels.zip?from=10001&to=12000&size_mm=20");
        assert_eq!(reply.status, 200);
        assert!(!reply.headers.contains_key("link"), "it is the last");
        let ranges = printed.get("label-ranges").ok();
        let ranges = ranges["items"].as_array().unwrap();
        let ends: Vec<_> = ranges.iter().map(|range| (&range["from"], &range["to"])).collect();
        assert_eq!(ends, [(&json!(1), &json!(5000)), (&json!(5001), &json!(10000)), (&json!(10001), &json!(12000))]);
        let made: Vec<bool> = ranges.iter().map(|range| range["printed_at"].is_string()).collect();
        assert_eq!(made, [false, false, true]);
        let first = printed.get("label-ranges?limit=1").ok();
        let next = first["next"].as_str().unwrap();
        assert_eq!(printed.get(&format!("label-ranges?limit=1&after={next}")).ok()["items"][0]["from"], 5001);
        let log = printed.walk.province.all(&printed.walk.office, &format!("/stamp-orders/{}/exports", printed.order));
        assert_eq!((&log[0]["kind"], &log[0]["from"]), (&json!("labels_svg"), &json!(10001)));
        assert!(!printed.product.is_empty());
    });
}
