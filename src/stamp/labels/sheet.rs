//! What stands on a label and where, in millimetres from its upper left corner: the QR with its quiet zone, beside it the
//! product, the code in groups of five, the host, and stars and mark only while the product is certified.

use ab_glyph::{Font, FontRef};

use crate::base::{Error, Fault, Result, say};
use crate::paper::qr::{Matrix, length};
use crate::stamp::code::Code;
use crate::stamp::qr;

/// A dot of a printer of 300 dots an inch. Modules are whole numbers of dots, so that their edges are sharp on it and on
/// finer ones.
pub const DOT: f32 = 25.4 / 300.0;
/// The dots that a module has at least: a quarter of a millimetre.
const LEAST_DOTS: usize = 3;
/// Space between the QR's quiet zone and the text, and at the right edge.
const GAP: f32 = 0.6;

/// What all labels of an order have in common.
#[derive(Debug, Clone)]
pub struct Subject {
    pub product: String,
    pub public_url: String,
    /// Only while the certificate is valid.
    pub stars: Option<i32>,
}

/// A text at its place: the left end of its baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub x: f32,
    pub baseline: f32,
    pub size: f32,
    pub is_bold: bool,
    pub text: String,
}

/// One label, ready to be drawn in any way.
#[derive(Debug, Clone)]
pub struct Label {
    /// Dots of a module.
    pub dots: usize,
    /// The QR with its quiet zone; also the label's height.
    pub side: f32,
    pub width: f32,
    pub matrix: Matrix,
    pub lines: Vec<Line>,
}

/// The fonts of labels, as they are measured and drawn.
pub struct Types {
    pub regular: FontRef<'static>,
    pub bold: FontRef<'static>,
}

impl Types {
    pub const REGULAR: fn() -> &'static [u8] = dejavu::sans_condensed::regular;
    pub const BOLD: fn() -> &'static [u8] = dejavu::sans_condensed::bold;

    pub fn new() -> Result<Self> {
        let font = |bytes| FontRef::try_from_slice(bytes).map_err(Error::internal);
        Ok(Self { regular: font(Self::REGULAR())?, bold: font(Self::BOLD())? })
    }

    pub fn of(&self, is_bold: bool) -> &FontRef<'static> {
        if is_bold { &self.bold } else { &self.regular }
    }

    /// The width of a text of size 1.
    fn width(&self, is_bold: bool, text: &str) -> f32 {
        let font = self.of(is_bold);
        let em = font.units_per_em().unwrap_or(2048.0);
        text.chars().map(|letter| font.h_advance_unscaled(font.glyph_id(letter)) / em).sum()
    }

    /// The largest size up to `largest` at which the text is no wider than `width`.
    fn fitted(&self, is_bold: bool, text: &str, width: f32, largest: f32) -> f32 {
        let at_one = self.width(is_bold, text);
        if at_one * largest <= width { largest } else { width / at_one }
    }

    /// The text in at most two lines of this size, shortened where it does not fit.
    fn wrapped(&self, text: &str, width: f32, size: f32) -> Vec<String> {
        let fits = |line: &str| self.width(true, line) * size <= width;
        let mut lines = vec![String::new()];
        for word in text.split_whitespace() {
            let Some(last) = lines.last_mut() else { break };
            let longer = if last.is_empty() { word.to_owned() } else { format!("{last} {word}") };
            if last.is_empty() || fits(&longer) {
                *last = longer;
            } else {
                lines.push(word.to_owned());
            }
        }
        let is_cut = lines.len() > 2;
        lines.truncate(2);
        for line in &mut lines {
            shorten(line, &fits);
        }
        if let Some(last) = lines.last_mut().filter(|last| is_cut && !last.ends_with('…')) {
            last.push('…');
            shorten(last, &fits);
        }
        lines
    }
}

/// Takes letters off the end until the line fits.
fn shorten(line: &mut String, fits: &impl Fn(&str) -> bool) {
    let mut kept = line.trim_end_matches('…').to_owned();
    while !fits(line) && kept.pop().is_some() {
        *line = format!("{}…", kept.trim_end());
    }
}

/// 422 for a size at which a phone could not read the code: its modules would be too small.
pub fn check_size(size: u16, public_url: &str) -> std::result::Result<(), Fault> {
    // All codes of a host have the same number of modules: they are equally long.
    let modules = qr::matrix(&qr::text(public_url, "0".repeat(20))).map_or(0, |matrix| matrix.width());
    if dots(size, modules) >= LEAST_DOTS {
        return Ok(());
    }
    let least = (size..=u16::MAX).find(|size| dots(*size, modules) >= LEAST_DOTS).unwrap_or(u16::MAX);
    let detail = say(
        format!("Với địa chỉ này, mã QR cần cạnh ít nhất {least} mm để đọc được."),
        format!("With this address a QR needs a side of {least} mm at least to be read."),
    );
    Err(Fault::new("size_mm", "too_small_to_read", detail))
}

/// The dots of a module in a QR of about this side.
fn dots(size: u16, modules: usize) -> usize {
    let modules = modules.max(1);
    (usize::from(size) * 3000 / 254 + modules / 2) / modules
}

/// Makes the label of a code.
pub fn label(subject: &Subject, types: &Types, code: Code, size: u16) -> Result<Label> {
    let matrix = qr::matrix(&qr::text(&subject.public_url, code))?;
    let dots = dots(size, matrix.width());
    let side = length(dots * matrix.side()) * DOT;
    let column = (side * 1.6).clamp(20.0, 48.0);
    let left = side + GAP;
    let unit = side / 100.0;
    let width = column - GAP;
    let mut lines = Vec::new();
    let mut put = |baseline: f32, size: f32, is_bold: bool, text: String| {
        lines.push(Line { x: left, baseline: baseline * unit, size, is_bold, text });
    };
    let largest = 12.5 * unit;
    let product = types.wrapped(&subject.product, width, largest);
    let is_one = product.len() == 1;
    for (line, baseline) in product.into_iter().zip([if is_one { 24.0 } else { 18.0 }, 33.0]) {
        put(baseline, largest, true, line);
    }
    let code_text = code.to_string();
    let groups: Vec<&str> = (0..4).filter_map(|group| code_text.get(group * 5..group * 5 + 5)).collect();
    for (pair, baseline) in groups.chunks(2).zip([51.0, 65.0]) {
        let text = pair.join("-");
        put(baseline, types.fitted(false, &text, width, 13.0 * unit), false, text);
    }
    let host = subject.public_url.split("://").last().unwrap_or(&subject.public_url).to_owned();
    put(80.0, types.fitted(false, &host, width, 10.5 * unit), false, host);
    if let Some(stars) = subject.stars.filter(|stars| *stars > 0) {
        let stars: String = (0..stars).map(|_| '★').collect();
        let mark = format!("OCOP {stars}");
        put(95.0, types.fitted(true, &mark, width, 12.0 * unit), true, mark);
    }
    Ok(Label { dots, side, width: side + column, matrix, lines })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stamp::code::{Mint, Minted, tests::keyring};

    fn a_label(product: &str, stars: Option<i32>, size: u16) -> Label {
        let code = Mint::new(&keyring()).unwrap().code(Minted { order: 5, serial: 7, key_id: '7' }).unwrap();
        let subject = Subject { product: product.into(), public_url: "https://ocop.hatinh.gov.vn".into(), stars };
        label(&subject, &Types::new().unwrap(), code, size).unwrap()
    }

    #[test]
    fn everything_stays_on_the_label() {
        let types = Types::new().unwrap();
        let long = "Mật ong rừng nguyên chất đặc biệt thượng hạng Hương Sơn của hợp tác xã Cường Nga".repeat(3);
        for size in [10, 12, 20, 60] {
            for product in ["Mật ong", "Cu đơ", long.as_str(), &"x".repeat(300)] {
                let label = a_label(product, Some(5), size);
                for line in &label.lines {
                    let right = line.x + types.width(line.is_bold, &line.text) * line.size;
                    assert!(right <= label.width + 0.01, "{size} mm: {line:?} ends at {right} of {}", label.width);
                    assert!(line.baseline <= label.side && line.baseline >= line.size * 0.7, "{size} mm: {line:?}");
                }
            }
        }
    }

    #[test]
    fn stars_and_mark_only_while_certified() {
        let mark = |stars| a_label("Mật ong", stars, 20).lines.iter().any(|line| line.text.contains("OCOP"));
        assert!(mark(Some(4)) && !mark(None));
        let stars = a_label("Mật ong", Some(4), 20).lines.last().unwrap().text.clone();
        assert_eq!(stars, "OCOP ★★★★");
    }

    #[test]
    fn a_code_stands_in_groups_of_five() {
        let texts: Vec<String> = a_label("Mật ong", None, 12).lines.into_iter().map(|line| line.text).collect();
        let groups: Vec<usize> = texts[1..3].iter().flat_map(|line| line.split('-')).map(str::len).collect();
        assert_eq!(groups, [5, 5, 5, 5]);
        assert_eq!(texts[3], "ocop.hatinh.gov.vn");
    }

    #[test]
    fn sizes_that_no_phone_reads_are_refused() {
        let code = |size, url: &str| check_size(size, url).err().map(|fault| fault.code);
        assert_eq!(code(10, "https://ocop.hatinh.gov.vn"), None);
        assert_eq!(code(10, &format!("https://{}.vn", "a".repeat(200))), Some("too_small_to_read"));
        let label = a_label("Mật ong", None, 12);
        assert_eq!((label.dots, label.matrix.width()), (5, 29), "12.3 mm");
    }
}
