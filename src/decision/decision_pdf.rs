//! The decision as a PDF to be signed outside: A4, as many pages as its list takes. It is laid out first, then drawn. The same
//! content is the same bytes, so that a signed file can be held against what was handed out; the seal, which comes later, is
//! left to the page.

use krilla::Document;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::text::TextDirection;

use crate::base::{Error, Result};
use crate::decision::paper::{DecisionPaper, Row};
use crate::paper::pen::{LINE, Pen, Pens, bold, fill, italic, regular};
use crate::paper::qr::{Matrix, length};
use crate::paper::words;

const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
/// Margins of an administrative paper (30/2020/NĐ-CP, annex I): 20 mm above, 18 mm below, 25 mm left, 15 mm right.
const TOP: f32 = 56.7;
const BOTTOM: f32 = 51.0;
const LEFT: f32 = 70.9;
const RIGHT: f32 = 42.5;
const INNER: f32 = WIDTH - LEFT - RIGHT;
const MIDDLE: f32 = LEFT + INNER / 2.0;
const INDENT: f32 = 28.3;
const TEXT: f32 = 13.0;
const CELL: f32 = 10.5;
const FINE: f32 = 7.5;
const PADDING: f32 = 3.0;
const QR_SIDE: f32 = 76.0;

const INK: [u8; 3] = [0, 0, 0];
const SOFT: [u8; 3] = [85, 85, 85];
const WHITE: [u8; 3] = [255, 255, 255];

/// All that stands on the PDF of a decision.
#[derive(Debug)]
pub struct DecisionSheet {
    pub paper: DecisionPaper,
    /// The paper's code in groups of four, where it is looked up, and the digits of its content's digest.
    pub code: String,
    pub address: String,
    pub digest: String,
    pub made_on: String,
    /// What the QR says.
    pub qr: String,
}

type Face = fn(&Pens) -> &Pen;

/// Something that stands on a page.
#[derive(Clone)]
enum Mark {
    Text { face: Face, at: (f32, f32), size: f32, colour: [u8; 3], text: String },
    Bar { left: f32, top: f32, width: f32, height: f32 },
    Qr { left: f32, top: f32 },
}

#[derive(Clone, Copy)]
enum Side {
    Left,
    Centre,
}

/// How a text is written.
#[derive(Clone, Copy)]
struct Hand {
    face: Face,
    size: f32,
    colour: [u8; 3],
}

const fn hand(face: Face, size: f32) -> Hand {
    Hand { face, size, colour: INK }
}

const fn soft(face: Face, size: f32) -> Hand {
    Hand { face, size, colour: SOFT }
}

/// The pages so far, and how far the last one is filled.
struct Layout<'pens> {
    pens: &'pens Pens,
    pages: Vec<Vec<Mark>>,
    at: f32,
}

impl Layout<'_> {
    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.at = TOP;
    }

    /// Begins a page where so much is not left on this one.
    fn need(&mut self, height: f32) {
        if self.at + height > HEIGHT - BOTTOM {
            self.turn();
        }
    }

    fn text(&mut self, hand: Hand, at: (f32, f32), side: Side, text: &str) {
        let left = match side {
            Side::Left => at.0,
            Side::Centre => at.0 - (hand.face)(self.pens).width(text, hand.size) / 2.0,
        };
        let Hand { face, size, colour } = hand;
        self.mark(Mark::Text { face, at: (left, at.1), size, colour, text: text.to_owned() });
    }

    /// A text in lines around or from `x`, from a height on; where it ends.
    fn lines(&mut self, hand: Hand, x: f32, side: Side, top: f32, width: f32, text: &str) -> f32 {
        let mut bottom = top;
        for line in (hand.face)(self.pens).wrapped(text, hand.size, width) {
            self.text(hand, (x, bottom + hand.size), side, &line);
            bottom += hand.size * LINE;
        }
        bottom
    }

    /// Lines in the middle of the page, each where there is room for it.
    fn centred(&mut self, hand: Hand, text: &str) {
        for line in (hand.face)(self.pens).wrapped(text, hand.size, INNER - 2.0 * INDENT) {
            self.need(hand.size * LINE);
            self.text(hand, (MIDDLE, self.at + hand.size), Side::Centre, &line);
            self.at += hand.size * LINE;
        }
    }

    /// A paragraph whose first line is set in, behind its heading where it has one; lines that people broke stay broken.
    fn paragraph(&mut self, hand: Hand, heading: Option<&str>, text: &str) {
        let pens = self.pens;
        let pen = (hand.face)(pens);
        for (place, part) in text.split('\n').enumerate() {
            let heading = heading.filter(|_| place == 0);
            let before = heading.map_or(0.0, |heading| pens.bold.width(heading, hand.size) + pen.width(" ", hand.size));
            let words: Vec<&str> = part.split_whitespace().collect();
            // As many words as the first line takes beside its heading; the others are lines of full width.
            let fits = |count: usize| {
                let first = words.iter().take(count).copied().collect::<Vec<_>>().join(" ");
                INDENT + before + pen.width(&first, hand.size) <= INNER
            };
            let count = (1..=words.len()).take_while(|count| fits(*count)).last().unwrap_or(0);
            let first = words.iter().take(count).copied().collect::<Vec<_>>().join(" ");
            let rest = words.iter().skip(count).copied().collect::<Vec<_>>().join(" ");
            self.need(hand.size * LINE);
            let baseline = self.at + hand.size;
            if let Some(heading) = heading {
                self.text(Hand { face: bold, ..hand }, (LEFT + INDENT, baseline), Side::Left, heading);
            }
            self.text(hand, (LEFT + INDENT + before, baseline), Side::Left, &first);
            self.at += hand.size * LINE;
            for line in if rest.is_empty() { Vec::new() } else { pen.wrapped(&rest, hand.size, INNER) } {
                self.need(hand.size * LINE);
                self.text(hand, (LEFT, self.at + hand.size), Side::Left, &line);
                self.at += hand.size * LINE;
            }
        }
        self.at += 4.0;
    }

    fn bar(&mut self, left: f32, top: f32, width: f32, height: f32) {
        self.mark(Mark::Bar { left, top, width, height });
    }
}

fn head(layout: &mut Layout, paper: &DecisionPaper) {
    let (left, left_width) = (LEFT + INNER * 0.21, INNER * 0.42);
    let (right, right_width) = (LEFT + INNER * 0.72, INNER * 0.56);
    let committee = words::committee(&paper.unit);
    let below = layout.lines(hand(bold, 12.0), left, Side::Centre, TOP, left_width, &committee);
    layout.bar(left - left_width * 0.15, below + 2.0, left_width * 0.3, 0.6);
    let number = paper.number.as_deref().unwrap_or("…………/QĐ-UBND");
    layout.lines(hand(regular, 12.0), left, Side::Centre, below + 8.0, left_width, &format!("Số: {number}"));
    let nation = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
    let motto = "Độc lập - Tự do - Hạnh phúc";
    let below = layout.lines(hand(bold, 11.5), right, Side::Centre, TOP, right_width, nation);
    let below = layout.lines(hand(bold, 12.0), right, Side::Centre, below, right_width, motto);
    let rule = layout.pens.bold.width(motto, 12.0);
    layout.bar(right - rule / 2.0, below + 1.0, rule, 0.6);
    let day = match &paper.signed_on {
        Some(day) => words::long_day(day),
        None => "ngày …… tháng …… năm ………".to_owned(),
    };
    let day = format!("{}, {day}", words::bare(&paper.unit));
    layout.lines(hand(italic, 12.0), right, Side::Centre, below + 7.0, right_width, &day);
    layout.at = TOP + 78.0;
}

fn body(layout: &mut Layout, paper: &DecisionPaper) {
    layout.centred(hand(bold, 14.0), "QUYẾT ĐỊNH");
    layout.centred(hand(bold, TEXT), &paper.about());
    layout.at += 10.0;
    layout.centred(hand(bold, TEXT), &words::committee(&paper.unit));
    layout.at += 6.0;
    for basis in paper.bases() {
        layout.paragraph(hand(italic, TEXT), None, &basis);
    }
    layout.at += 6.0;
    layout.centred(hand(bold, TEXT), "QUYẾT ĐỊNH:");
    layout.at += 4.0;
    for clause in paper.clauses() {
        layout.paragraph(hand(regular, TEXT), clause.heading, &clause.text);
    }
    layout.at += 14.0;
    layout.need(150.0);
    let (top, right) = (layout.at, LEFT + INNER * 0.72);
    layout.text(hand(bold, 11.0), (LEFT, top + 11.0), Side::Left, "Nơi nhận:");
    for (place, to) in ["- Như Điều 3;", "- Cơ quan thường trực Chương trình;", "- Lưu: VT."].into_iter().enumerate()
    {
        let baseline = top + 11.0 + length(place + 1) * 11.0 * LINE;
        layout.text(hand(regular, 11.0), (LEFT, baseline), Side::Left, to);
    }
    layout.text(hand(bold, TEXT), (right, top + TEXT), Side::Centre, "TM. ỦY BAN NHÂN DÂN");
    if let Some(name) = &paper.signatory {
        layout.lines(hand(bold, TEXT), right, Side::Centre, top + 100.0, INNER * 0.5, name);
    }
    layout.at = top + 130.0;
}

/// A column of the list: its head, its width, what a row has there, whether it stands in the middle.
struct Column {
    title: &'static str,
    width: f32,
    cell: fn(&Row) -> String,
    side: Side,
}

fn columns(paper: &DecisionPaper) -> Vec<Column> {
    let column = |title, width, cell, side| Column { title, width, cell, side };
    let mut columns = vec![
        column("STT", 30.0, |row: &Row| row.number.to_string(), Side::Centre),
        column("Sản phẩm", 0.0, |row| row.product.clone(), Side::Left),
        column("Chủ thể", 0.0, |row| row.producer.clone(), Side::Left),
        column("Địa chỉ", 0.0, |row| row.place.clone(), Side::Left),
    ];
    if !paper.kind.revokes() {
        columns.push(column("Điểm", 40.0, |row| row.mean.clone().unwrap_or("–".to_owned()), Side::Centre));
    }
    let stars = |row: &Row| row.stars.map_or("–".to_owned(), |stars| stars.to_string());
    columns.push(column("Số sao", 34.0, stars, Side::Centre));
    if !paper.is_draft || paper.kind.revokes() {
        columns.push(column("Giấy chứng nhận", 78.0, certificate, Side::Left));
    }
    let taken: f32 = columns.iter().map(|column| column.width).sum();
    for column in &mut columns {
        if column.width == 0.0 {
            column.width = (INNER - taken) / 3.0;
        }
    }
    columns
}

fn certificate(row: &Row) -> String {
    let day = row.issued_on.as_ref().map(|day| format!("({})", words::short_day(day)));
    [row.certificate.clone(), day].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn list(layout: &mut Layout, paper: &DecisionPaper) {
    layout.turn();
    layout.centred(hand(bold, 14.0), "DANH SÁCH SẢN PHẨM");
    layout.centred(hand(italic, TEXT), &paper.accompanies(false));
    layout.at += 10.0;
    let columns = columns(paper);
    let titles: Vec<String> = columns.iter().map(|column| column.title.to_owned()).collect();
    row(layout, &columns, hand(bold, CELL), &titles);
    for line in &paper.rows {
        let cells: Vec<String> = columns.iter().map(|column| (column.cell)(line)).collect();
        if layout.at + height(layout.pens, &columns, hand(regular, CELL), &cells) > HEIGHT - BOTTOM {
            layout.turn();
            row(layout, &columns, hand(bold, CELL), &titles);
        }
        row(layout, &columns, hand(regular, CELL), &cells);
    }
    layout.at += 8.0;
    layout.need(TEXT * LINE);
    let count = format!("Danh sách có {} sản phẩm.", paper.rows.len());
    layout.at = layout.lines(hand(regular, TEXT), LEFT, Side::Left, layout.at, INNER, &count);
}

fn height(pens: &Pens, columns: &[Column], hand: Hand, cells: &[String]) -> f32 {
    let count = |(column, cell): (&Column, &String)| {
        (hand.face)(pens).wrapped(cell, hand.size, column.width - 2.0 * PADDING).len()
    };
    let lines = columns.iter().zip(cells).map(count).max().unwrap_or(1);
    length(lines) * hand.size * LINE + 2.0 * PADDING
}

fn row(layout: &mut Layout, columns: &[Column], hand: Hand, cells: &[String]) {
    let height = height(layout.pens, columns, hand, cells);
    let (top, mut left) = (layout.at, LEFT);
    for (column, cell) in columns.iter().zip(cells) {
        let x = match column.side {
            Side::Left => left + PADDING,
            Side::Centre => left + column.width / 2.0,
        };
        layout.lines(hand, x, column.side, top + PADDING, column.width - 2.0 * PADDING, cell);
        layout.bar(left - 0.25, top, 0.5, height);
        left += column.width;
    }
    layout.bar(left - 0.25, top, 0.5, height);
    layout.bar(LEFT, top - 0.25, INNER, 0.5);
    layout.bar(LEFT, top + height - 0.25, INNER, 0.5);
    layout.at = top + height;
}

/// By what the paper is verified, and how it is told apart from one that was promulgated.
fn proof(layout: &mut Layout, sheet: &DecisionSheet) {
    layout.at += 16.0;
    layout.need(QR_SIDE);
    let (top, left) = (layout.at, LEFT + QR_SIDE + 10.0);
    layout.mark(Mark::Qr { left: LEFT, top });
    let mut lines = vec![
        format!("Mã văn bản: {}", sheet.code),
        format!("Mã nội dung (SHA-256): {}", sheet.digest),
        format!("Quét mã hoặc mở {} để kiểm tra. Lập ngày {}.", sheet.address, sheet.made_on),
    ];
    if sheet.paper.is_draft {
        lines.push("Bản trình ký: chỉ có giá trị khi có chữ ký số của người có thẩm quyền.".to_owned());
    }
    let mut at = top + 8.0;
    for line in lines {
        at = layout.lines(soft(regular, 8.5), left, Side::Left, at, INNER - QR_SIDE - 10.0, &line);
    }
    layout.at = top + QR_SIDE;
}

/// The pages of a decision, each with its foot.
fn laid_out(pens: &Pens, sheet: &DecisionSheet) -> Vec<Vec<Mark>> {
    let mut layout = Layout { pens, pages: vec![Vec::new()], at: TOP };
    head(&mut layout, &sheet.paper);
    body(&mut layout, &sheet.paper);
    list(&mut layout, &sheet.paper);
    proof(&mut layout, sheet);
    let count = layout.pages.len();
    let foot = format!("Mã văn bản {} · Mã nội dung {}", sheet.code, sheet.digest);
    let mut pages = std::mem::take(&mut layout.pages);
    for (place, page) in pages.iter_mut().enumerate() {
        let number = format!("Trang {}/{count}", place + 1);
        let right = WIDTH - RIGHT - pens.regular.width(&number, FINE);
        for (left, text) in [(LEFT, foot.clone()), (right, number)] {
            page.push(Mark::Text { face: regular, at: (left, HEIGHT - 28.0), size: FINE, colour: SOFT, text });
        }
    }
    pages
}

/// Draws a decision.
pub fn draw(sheet: &DecisionSheet) -> Result<Vec<u8>> {
    let pens = Pens::of_service()?;
    let qr = Matrix::of(&sheet.qr)?;
    let mut document = Document::new();
    for marks in laid_out(&pens, sheet) {
        let settings =
            PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| Error::internal("a page without an extent"))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for mark in marks {
            put(&mut surface, &pens, &qr, mark);
        }
        surface.finish();
        page.finish();
    }
    let title = match &sheet.paper.number {
        Some(number) => format!("Quyết định {number}"),
        None => "Quyết định (bản trình ký)".to_owned(),
    };
    document.set_metadata(Metadata::new().title(title).language("vi".into()).creator("ocop".into()));
    document.finish().map_err(|error| Error::internal(format!("a decision cannot be drawn: {error:?}")))
}

fn put(surface: &mut Surface, pens: &Pens, qr: &Matrix, mark: Mark) {
    match mark {
        Mark::Text { face, at, size, colour, text } => {
            surface.set_fill(fill(colour, 1.0));
            let start = Point::from_xy(at.0, at.1);
            surface.draw_text(start, face(pens).font.clone(), size, &text, false, TextDirection::LeftToRight);
        }
        Mark::Bar { left, top, width, height } => {
            surface.set_fill(fill(INK, 1.0));
            rectangles(surface, [Rect::from_xywh(left, top, width, height)]);
        }
        Mark::Qr { left, top } => {
            let module = QR_SIDE / length(qr.side());
            surface.set_fill(fill(WHITE, 1.0));
            rectangles(surface, [Rect::from_xywh(left, top, QR_SIDE, QR_SIDE)]);
            surface.set_fill(fill(INK, 1.0));
            let bar = |run: crate::paper::qr::Run| {
                let (x, y) = (left + length(run.column) * module, top + length(run.row) * module);
                Rect::from_xywh(x, y, length(run.length) * module, module)
            };
            rectangles(surface, qr.runs().map(bar));
        }
    }
}

fn rectangles(surface: &mut Surface, rectangles: impl IntoIterator<Item = Option<Rect>>) {
    let mut path = PathBuilder::new();
    rectangles.into_iter().flatten().for_each(|rectangle| path.push_rect(rectangle));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::rules::Kind;
    use proptest::prelude::*;

    fn sheet(rows: i32, product: &str, reason: Option<&str>) -> DecisionSheet {
        let row = |number| Row {
            number,
            product: product.into(),
            producer: "Hợp tác xã Mật ong".into(),
            place: "Xã Sơn Kim 1, huyện Hương Sơn".into(),
            mean: Some("72,00".into()),
            stars: Some(4),
            certificate: None,
            issued_on: None,
        };
        DecisionSheet {
            paper: DecisionPaper {
                kind: Kind::Recognise,
                is_draft: true,
                unit: "Tỉnh Hà Tĩnh".into(),
                level: "cấp tỉnh",
                number: None,
                signed_on: None,
                reason: reason.map(str::to_owned),
                ground: None,
                rests_on: None,
                signatory: None,
                acts: vec!["1048/QĐ-TTg".into()],
                councils: Vec::new(),
                months: vec![36],
                year: Some(2021),
                rows: (1..=rows).map(row).collect(),
                counts: vec![(4, usize::try_from(rows).unwrap())],
            },
            code: "ABCD-EFGH-JKMN-PQRS".into(),
            address: "https://ocop.vn/p/ABCDEFGHJKMNPQRS".into(),
            digest: "0123456789abcdef".into(),
            made_on: "22/02/2021".into(),
            qr: "HTTPS://OCOP.VN/P/ABCDEFGHJKMNPQRS".into(),
        }
    }

    #[test]
    fn the_same_decision_is_the_same_bytes() {
        let one = draw(&sheet(3, "Mật ong", None)).unwrap();
        assert_eq!(one, draw(&sheet(3, "Mật ong", None)).unwrap());
        assert_ne!(one, draw(&sheet(3, "Mật ong rừng", None)).unwrap());
        assert!(one.starts_with(b"%PDF-"));
    }

    #[test]
    fn it_is_written_in_the_form_in_which_an_update_of_it_is_followed() {
        use crate::decision::signature::syntax::sections;
        let bytes = draw(&sheet(60, "Mật ong", None)).unwrap();
        let read = sections(&bytes, 0).expect("a file of ours is read whole");
        assert_eq!(read.len(), 1);
        assert!(read[0].trailer.get(b"Root").is_some());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn everything_stands_within_the_margins(rows in 0i32..40, product in "[A-Za-zÀ-ỹ ]{1,160}", reason in "[A-Za-zÀ-ỹ \n]{0,2000}") {
            let pens = Pens::of_service().unwrap();
            let pages = laid_out(&pens, &sheet(rows, &product, Some(&reason)));
            prop_assert!(pages.len() >= 2);
            for mark in pages.iter().flatten() {
                if let Mark::Text { face, at, size, text, .. } = mark {
                    prop_assert!(at.0 >= LEFT - 1.0 && at.0 + face(&pens).width(text, *size) <= WIDTH - RIGHT + 1.0, "{text}");
                    prop_assert!(at.1 >= TOP && (at.1 <= HEIGHT - BOTTOM || *size == FINE), "{text}");
                }
            }
        }
    }
}
