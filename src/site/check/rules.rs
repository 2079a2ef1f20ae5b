//! What a typed text may be, told by its shape alone: nothing is looked up and nothing counted.

use crate::base::{ElementString, canonical, crockford};
use crate::decision::rules::address_to_verify;
use crate::epcis::names::digital_link;
use crate::product::rules::Gtin;

/// Characters of a stamp's code and of a paper's, without what groups them.
pub const STAMP: usize = 20;
pub const PAPER: usize = 16;

/// So many characters the field takes: an address in a QR has room, and nothing longer is shown again.
pub const LONGEST_CODE: usize = 300;

/// What a text has the shape of, in its proper spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    Stamp(String),
    Certificate(String),
    Paper(String),
    Product(String),
    /// A GS1 Digital Link, as a path.
    Article(String),
}

impl Shape {
    /// Where it is answered.
    pub fn address(&self) -> String {
        match self {
            Self::Stamp(code) => format!("/t/{code}"),
            Self::Certificate(number) => address_to_verify("", number),
            Self::Paper(code) => format!("/p/{code}"),
            Self::Product(code) => format!("/products/{code}"),
            Self::Article(path) => path.clone(),
        }
    }
}

/// Why a text can be none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfit {
    /// Spelled as codes are, but with so many characters.
    Length(usize),
    /// The eight digits under the scratch layer, which are asked for on the stamp's page.
    Scratch,
    /// Holds a character that no code has.
    Character(char),
}

/// What the text is. Whoever pastes a whole address of ours means what stands at its end, and whoever scans an article its serial.
pub fn read(text: &str) -> Result<Shape, Misfit> {
    let of_article = ElementString::read(text).and_then(|elements| {
        let own = elements.serial.as_deref().and_then(|serial| shape(&canonical::compact(serial)));
        own.or_else(|| article(elements))
    });
    if let Some(shape) = of_article {
        return Ok(shape);
    }
    let end = canonical::end_of_address(text);
    let dashed = canonical::compact(&end);
    shape(&dashed).ok_or_else(|| misfit(&dashed))
}

fn shape(dashed: &str) -> Option<Shape> {
    if is_certificate(dashed) {
        return Some(Shape::Certificate(dashed.to_owned()));
    }
    if is_product(dashed) {
        return Some(Shape::Product(dashed.to_owned()));
    }
    if let Some(code) = crockford::spelled::<STAMP>(dashed) {
        return Some(Shape::Stamp(written(&code)));
    }
    crockford::spelled::<PAPER>(dashed).map(|code| Shape::Paper(written(&code)))
}

fn article(elements: ElementString) -> Option<Shape> {
    let gtin = Gtin::read(&elements.gtin)?;
    Some(Shape::Article(digital_link(&gtin, &[("10", &elements.lot), ("21", &elements.serial)])))
}

fn misfit(dashed: &str) -> Misfit {
    let bare: Vec<char> = dashed.chars().filter(|letter| *letter != '-').collect();
    match bare.iter().find(|letter| !is_known(**letter)) {
        Some(strange) => Misfit::Character(*strange),
        None if bare.len() == 8 && bare.iter().all(char::is_ascii_digit) => Misfit::Scratch,
        None => Misfit::Length(bare.len()),
    }
}

fn is_known(letter: char) -> bool {
    // U is the one letter that no code has and none is read as.
    letter.is_ascii_alphanumeric() && !letter.eq_ignore_ascii_case(&'u')
}

fn written(code: &[u8]) -> String {
    code.iter().map(|letter| char::from(*letter)).collect()
}

/// The lengths of the parts of a text that has nothing but digits between its hyphens.
fn parts(text: &str) -> Option<Vec<usize>> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split('-').map(|part| digits(part).then_some(part.len())).collect()
}

/// `42-2020-0087`, or `42-439-2020-0087` where a district issued it.
fn is_certificate(text: &str) -> bool {
    matches!(parts(text).as_deref(), Some([2, 4, 4..=9] | [2, 3, 4, 4..=9]))
}

/// `42-439-18196-3-2020`, or without the district.
fn is_product(text: &str) -> bool {
    matches!(parts(text).as_deref(), Some([2, 5, 1..=9, 4] | [2, 3, 5, 1..=9, 4]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::rules::number;
    use crate::paper::rules::{Code, grouped};
    use crate::product::rules::code;
    use proptest::prelude::*;

    #[test]
    fn what_the_service_makes_is_known_by_its_shape() {
        let unit = |code: &str| code.parse().unwrap();
        for unit in [unit("42"), unit("439")] {
            for running in [1, 87, 12_345] {
                let number = number(&unit, 2020, running);
                assert_eq!(read(&number), Ok(Shape::Certificate(number)));
            }
        }
        for district in [None, Some(unit("439"))] {
            let code = code(district.as_ref(), &unit("18196"), 3, 2020);
            assert_eq!(read(&code), Ok(Shape::Product(code)));
        }
        for _ in 0..100 {
            let code = Code::random().unwrap();
            let expected = Ok(Shape::Paper(code.as_str().to_owned()));
            assert_eq!((read(code.as_str()), read(&grouped(code.as_str()))), (expected.clone(), expected));
        }
    }

    #[test]
    fn however_it_is_typed() {
        let stamp = Shape::Stamp("10ABCDEFGHJKMNPQRST0".into());
        for text in [
            "10ABCDEFGHJKMNPQRST0",
            " ioab-cdef ghjk–mnpq rsto\n",
            "https://ocop.example.vn/t/10ABCDEFGHJKMNPQRST0",
            "HTTP://OCOP.EXAMPLE.VN/T/10ABCDEFGHJKMNPQRST0/?lang=en#top",
            "https://ocop.example.vn/01/08934563138165/10/L-1/21/10ABCDEFGHJKMNPQRST0",
            "\u{200e}10ABCDEFGHJKMNPQRST0\u{202c}",
            "１０ＡＢＣＤＥＦＧＨＪＫＭＮＰＱＲＳＴ０。",
            "“10ABCDEFGHJKMNPQRST0”),",
            "ocop.example.vn/t/10ABCDEFGHJKMNPQRST0",
            "ocop.example.vn//t//10ABCDEFGHJKMNPQRST0.",
            "]Q1https://ocop.example.vn/t/10ABCDEFGHJKMNPQRST0",
            "(01)08934563138165(21)10ABCDEFGHJKMNPQRST0",
            "]d201089345631381652110ABCDEFGHJKMNPQRST0\u{1d}",
        ] {
            assert_eq!(read(text), Ok(stamp.clone()), "{text:?}");
        }
        assert_eq!(stamp.address(), "/t/10ABCDEFGHJKMNPQRST0");
        for text in
            ["42 – 2020 – 0087", "42-2020-0087.", "４２-２０２０-００８７", "https://ocop.example.vn/c/42-2020-0087)"]
        {
            assert_eq!(read(text), Ok(Shape::Certificate("42-2020-0087".into())), "{text}");
        }
        for (text, path) in [
            ("(01)8934563138165(10)LÔ 1", "/01/08934563138165/10/L%C3%94%201"),
            ("https://ocop.example.vn/01/08934563138165/10/L-1", "/01/08934563138165/10/L-1"),
            ("]C10108934563138165", "/01/08934563138165"),
            ("]C1010893456313816510L-1", "/01/08934563138165/10/L-1"),
            ("(01)08934563138165(21)77", "/01/08934563138165/21/77"),
        ] {
            assert_eq!(read(text), Ok(Shape::Article(path.into())), "{text}");
        }
    }

    #[test]
    fn what_can_be_none_of_them_is_told_why() {
        for (text, misfit) in [
            ("10ABCDEFGHJKMNPQRST", Misfit::Length(19)),
            ("", Misfit::Length(0)),
            ("42-2020-87", Misfit::Scratch),
            ("12345678", Misfit::Scratch),
            ("42-2020", Misfit::Length(6)),
            ("10ABCDEFGHUKMNPQRST0", Misfit::Character('U')),
            ("mật ong", Misfit::Character('ậ')),
            ("a<script>", Misfit::Character('<')),
            ("(01)08934563138164(10)L", Misfit::Character(')')),
        ] {
            assert_eq!(read(text), Err(misfit), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_leads_nowhere_strange(text in "\\PC{0,40}") {
            if let Ok(shape) = read(&text) {
                let address = shape.address();
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-/%._~".contains(&byte);
                prop_assert!(address.bytes().all(plain), "{}", address);
            }
        }
    }
}
