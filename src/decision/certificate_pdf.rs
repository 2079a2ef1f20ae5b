//! The certificate as a PDF page: A4, landscape. The same certificate on the same day is the same bytes.

use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect, Transform};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::Stroke;
use krilla::surface::Surface;
use krilla::text::TextDirection;

use crate::base::{Day, Error, Result};
use crate::decision::rules::{Standing, Term};
use crate::paper::pen::{LINE, Pen, Pens, bold, fill, italic, regular};
use crate::paper::qr::{Matrix, length};
use crate::paper::words;

const WIDTH: f32 = 841.89;
const HEIGHT: f32 = 595.28;
const MIDDLE: f32 = WIDTH / 2.0;

const INK: [u8; 3] = [28, 28, 30];
const SOFT: [u8; 3] = [95, 95, 98];
const RED: [u8; 3] = [148, 24, 30];
const GOLD: [u8; 3] = [196, 146, 32];
const PALE: [u8; 3] = [205, 205, 205];
const WHITE: [u8; 3] = [255, 255, 255];

/// All that stands on a certificate.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub number: String,
    pub product: String,
    pub product_code: String,
    pub producer: String,
    pub address: String,
    pub stars: i32,
    pub unit: String,
    pub decision_number: String,
    pub issued_on: Day,
    pub term: Term,
    pub standing: Standing,
    pub signatory: Option<String>,
    /// What the QR says, and the same for those who type it.
    pub qr: String,
    pub address_to_verify: String,
    pub seal: String,
}

fn stroke(colour: [u8; 3], width: f32) -> Option<Stroke> {
    let [red, green, blue] = colour;
    Some(Stroke { paint: rgb::Color::new(red, green, blue).into(), width, ..Stroke::default() })
}

/// A page on which things are put at their places.
struct Page<'surface, 'document> {
    surface: &'surface mut Surface<'document>,
    pens: &'surface Pens,
}

#[derive(Clone, Copy)]
enum Side {
    Left,
    Centre,
}

impl Page<'_, '_> {
    fn line(&mut self, pen: fn(&Pens) -> &Pen, at: (f32, f32), side: Side, size: f32, text: &str) {
        let pen = pen(self.pens);
        let left = match side {
            Side::Left => at.0,
            Side::Centre => at.0 - pen.width(text, size) / 2.0,
        };
        let start = Point::from_xy(left, at.1);
        self.surface.draw_text(start, pen.font.clone(), size, text, false, TextDirection::LeftToRight);
    }

    /// A text within a box, in lines around `x`, in the middle of the box's height.
    fn boxed(&mut self, pen: fn(&Pens) -> &Pen, x: f32, side: Side, area: Area, largest: f32, text: &str) {
        let (size, lines) = pen(self.pens).fitted(text, area.width, area.height, largest);
        let free = area.height - length(lines.len()) * size * LINE;
        let mut baseline = area.top + free / 2.0 + size * 0.95;
        for line in lines {
            self.line(pen, (x, baseline), side, size, &line);
            baseline += size * LINE;
        }
    }

    fn ink(&mut self, colour: [u8; 3]) {
        self.surface.set_stroke(None);
        self.surface.set_fill(fill(colour, 1.0));
    }

    fn frame(&mut self, inset: f32, colour: [u8; 3], width: f32) {
        self.surface.set_fill(None);
        self.surface.set_stroke(stroke(colour, width));
        self.rectangle(inset, inset, WIDTH - 2.0 * inset, HEIGHT - 2.0 * inset);
        self.surface.set_stroke(None);
    }

    fn rectangle(&mut self, left: f32, top: f32, width: f32, height: f32) {
        let mut path = PathBuilder::new();
        if let Some(rectangle) = Rect::from_xywh(left, top, width, height) {
            path.push_rect(rectangle);
        }
        if let Some(path) = path.finish() {
            self.surface.draw_path(&path);
        }
    }

    /// Five stars, so many of them full.
    fn stars(&mut self, stars: i32, middle: f32, radius: f32) {
        for place in 0..5i16 {
            let centre = MIDDLE + (f32::from(place) - 2.0) * radius * 2.6;
            let is_full = i32::from(place) < stars;
            self.surface.set_fill(fill(if is_full { GOLD } else { WHITE }, 1.0));
            self.surface.set_stroke(stroke(if is_full { GOLD } else { PALE }, 1.1));
            let mut path = PathBuilder::new();
            for corner in 0..10i16 {
                let angle = (f32::from(corner) * 36.0 - 90.0).to_radians();
                let reach = if corner % 2 == 0 { radius } else { radius * 0.4 };
                let (x, y) = (centre + reach * angle.cos(), middle + reach * angle.sin());
                if corner == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
            }
            path.close();
            if let Some(path) = path.finish() {
                self.surface.draw_path(&path);
            }
        }
        self.surface.set_stroke(None);
    }

    fn qr(&mut self, matrix: &Matrix, left: f32, top: f32, side: f32) {
        let module = side / length(matrix.side());
        self.ink(WHITE);
        self.rectangle(left, top, side, side);
        self.ink([0, 0, 0]);
        let mut path = PathBuilder::new();
        for run in matrix.runs() {
            let (x, y) = (left + length(run.column) * module, top + length(run.row) * module);
            if let Some(bar) = Rect::from_xywh(x, y, length(run.length) * module, module) {
                path.push_rect(bar);
            }
        }
        if let Some(path) = path.finish() {
            self.surface.draw_path(&path);
        }
    }
}

/// The height that a text may take, and its width.
#[derive(Clone, Copy)]
struct Area {
    top: f32,
    width: f32,
    height: f32,
}

/// Draws a certificate.
pub fn draw(sheet: &Sheet) -> Result<Vec<u8>> {
    let pens = Pens::of_service()?;
    let qr = Matrix::of(&sheet.qr)?;
    let mut document = Document::new();
    let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| Error::internal("a page without an extent"))?;
    let mut page = document.start_page_with(settings);
    let mut surface = page.surface();
    let mut drawn = Page { surface: &mut surface, pens: &pens };
    head(&mut drawn, sheet);
    body(&mut drawn, sheet);
    foot(&mut drawn, sheet, &qr);
    if !sheet.standing.is_in_force() {
        watermark(&mut drawn);
    }
    surface.finish();
    page.finish();
    document.set_metadata(
        Metadata::new()
            .title(format!("Giấy chứng nhận sản phẩm OCOP {}", sheet.number))
            .language("vi".into())
            .creator("ocop".into()),
    );
    document.finish().map_err(|error| Error::internal(format!("the certificate {}: {error:?}", sheet.number)))
}

fn head(page: &mut Page, sheet: &Sheet) {
    page.frame(22.0, RED, 2.4);
    page.frame(28.5, GOLD, 0.8);
    page.ink(INK);
    page.line(bold, (MIDDLE, 60.0), Side::Centre, 13.0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
    page.line(bold, (MIDDLE, 77.0), Side::Centre, 12.5, "Độc lập - Tự do - Hạnh phúc");
    let rule = page.pens.bold.width("Độc lập - Tự do - Hạnh phúc", 12.5);
    page.rectangle(MIDDLE - rule / 2.0, 82.5, rule, 0.7);
    let area = Area { top: 94.0, width: 700.0, height: 18.0 };
    page.boxed(bold, MIDDLE, Side::Centre, area, 12.0, &words::committee(&sheet.unit));
    page.ink(RED);
    page.line(bold, (MIDDLE, 148.0), Side::Centre, 29.0, "GIẤY CHỨNG NHẬN SẢN PHẨM OCOP");
}

fn body(page: &mut Page, sheet: &Sheet) {
    page.ink(SOFT);
    page.line(italic, (MIDDLE, 174.0), Side::Centre, 12.0, "Sản phẩm");
    page.ink(INK);
    let area = Area { top: 178.0, width: 690.0, height: 68.0 };
    page.boxed(bold, MIDDLE, Side::Centre, area, 30.0, &sheet.product);
    page.ink(SOFT);
    page.line(regular, (MIDDLE, 259.0), Side::Centre, 10.0, &format!("Mã sản phẩm: {}", sheet.product_code));
    page.line(italic, (MIDDLE, 279.0), Side::Centre, 12.0, "Chủ thể");
    page.ink(INK);
    let area = Area { top: 284.0, width: 690.0, height: 36.0 };
    page.boxed(bold, MIDDLE, Side::Centre, area, 16.0, &sheet.producer);
    let area = Area { top: 321.0, width: 690.0, height: 28.0 };
    page.boxed(regular, MIDDLE, Side::Centre, area, 12.0, &format!("Địa chỉ: {}", sheet.address));
    let ended = match (sheet.standing, sheet.term.revoked_on) {
        (Standing::Valid | Standing::Extended, _) => {
            page.stars(sheet.stars, 376.0, 16.0);
            page.ink(INK);
            page.line(bold, (MIDDLE, 413.0), Side::Centre, 15.0, &format!("Đạt hạng {} sao", sheet.stars));
            return;
        }
        (Standing::Revoked, Some(day)) => format!("ĐÃ BỊ THU HỒI TỪ NGÀY {}", words::short_day(&day)),
        (Standing::Revoked, None) => "ĐÃ BỊ THU HỒI".to_owned(),
        (Standing::Expired, _) => format!("ĐÃ HẾT HIỆU LỰC SAU NGÀY {}", words::short_day(&sheet.term.last_day())),
    };
    page.ink(RED);
    page.rectangle(28.5, 358.0, WIDTH - 57.0, 36.0);
    page.ink(WHITE);
    page.line(bold, (MIDDLE, 383.0), Side::Centre, 20.0, &ended);
    page.ink(SOFT);
    let was = format!("Hạng đã được công nhận khi cấp: {} sao. Giấy này không còn giá trị.", sheet.stars);
    page.line(italic, (MIDDLE, 413.0), Side::Centre, 11.0, &was);
}

fn foot(page: &mut Page, sheet: &Sheet, qr: &Matrix) {
    page.qr(qr, 50.0, 430.0, 108.0);
    page.ink(INK);
    page.line(bold, (170.0, 449.0), Side::Left, 12.0, &format!("Số: {}", sheet.number));
    let decision = format!("Theo Quyết định số {} ngày {}", sheet.decision_number, words::short_day(&sheet.issued_on));
    let area = Area { top: 454.0, width: 300.0, height: 30.0 };
    page.boxed(regular, 170.0, Side::Left, area, 11.0, &decision);
    let until = words::short_day(&sheet.term.valid_until);
    if let (Standing::Extended, Some(day)) = (sheet.standing, sheet.term.extended_until) {
        let kept = format!(
            "Hết thời hạn ngày {until}, tiếp tục có hiệu lực chậm nhất đến hết ngày {} trong khi được đánh giá lại",
            words::short_day(&day)
        );
        let area = Area { top: 484.0, width: 300.0, height: 20.0 };
        page.boxed(regular, 170.0, Side::Left, area, 11.0, &kept);
    } else {
        page.line(regular, (170.0, 499.0), Side::Left, 11.0, &format!("Có giá trị đến hết ngày {until}"));
    }
    page.ink(SOFT);
    let area = Area { top: 506.0, width: 300.0, height: 22.0 };
    let verify = format!("Quét mã hoặc mở {} để kiểm tra", sheet.address_to_verify);
    page.boxed(regular, 170.0, Side::Left, area, 8.5, &verify);
    let area = Area { top: 528.0, width: 300.0, height: 12.0 };
    page.boxed(regular, 170.0, Side::Left, area, 8.5, &format!("Niêm phong: {}", sheet.seal));
    let right = 650.0;
    page.ink(INK);
    let signed = format!("{}, {}", words::bare(&sheet.unit), words::long_day(&sheet.issued_on));
    page.line(italic, (right, 440.0), Side::Centre, 11.5, &signed);
    page.line(bold, (right, 457.0), Side::Centre, 12.0, "TM. ỦY BAN NHÂN DÂN");
    page.ink(SOFT);
    page.line(italic, (right, 471.0), Side::Centre, 9.5, "(Ký tên, đóng dấu)");
    page.ink(INK);
    if let Some(name) = &sheet.signatory {
        let area = Area { top: 532.0, width: 300.0, height: 24.0 };
        page.boxed(bold, right, Side::Centre, area, 12.0, name);
    }
}

/// Across the page, behind nothing and hiding nothing.
fn watermark(page: &mut Page) {
    let text = "KHÔNG CÒN GIÁ TRỊ";
    page.surface.push_transform(&Transform::from_rotate_at(-24.0, MIDDLE, HEIGHT / 2.0));
    page.surface.set_fill(fill(RED, 0.13));
    page.line(bold, (MIDDLE, HEIGHT / 2.0 + 24.0), Side::Centre, 76.0, text);
    page.surface.pop();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(product: &str) -> Sheet {
        Sheet {
            number: "42-2021-0001".into(),
            product: product.into(),
            product_code: "42-439-18196-1-2021".into(),
            producer: "Hợp tác xã Mật ong".into(),
            address: "Thôn Kim Cương".into(),
            stars: 4,
            unit: "Tỉnh Hà Tĩnh".into(),
            decision_number: "12/QĐ-UBND".into(),
            issued_on: "2021-02-22".parse().unwrap(),
            term: Term { valid_until: "2024-02-22".parse().unwrap(), extended_until: None, revoked_on: None },
            standing: Standing::Valid,
            signatory: Some("Trần Thị B".into()),
            qr: "HTTPS://OCOP.VN/C/42-2021-0001".into(),
            address_to_verify: "https://ocop.vn/c/42-2021-0001".into(),
            seal: "chưa có".into(),
        }
    }

    #[test]
    fn the_same_certificate_is_the_same_bytes() {
        let one = draw(&sheet("Mật ong")).unwrap();
        assert_eq!(one, draw(&sheet("Mật ong")).unwrap());
        assert_ne!(one, draw(&sheet("Mật ong rừng")).unwrap());
        assert!(one.starts_with(b"%PDF-"));
    }
}
