//! What a typed text may be, told by its shape alone: nothing is looked up and nothing counted.

use crate::base::{crockford, text};
use crate::decision::rules::address_to_verify;

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
}

impl Shape {
    /// Where it is answered.
    pub fn address(&self) -> String {
        match self {
            Self::Stamp(code) => format!("/t/{code}"),
            Self::Certificate(number) => address_to_verify("", number),
            Self::Paper(code) => format!("/p/{code}"),
            Self::Product(code) => format!("/products/{code}"),
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

/// What the text is. Whoever pastes a whole address of ours means what stands at its end.
pub fn read(text: &str) -> Result<Shape, Misfit> {
    let text = text.trim();
    let last = match text.split_once("://") {
        Some((_, address)) => {
            let path = address.split(['?', '#']).next().unwrap_or(address).trim_end_matches('/');
            path.rsplit('/').next().unwrap_or(path)
        }
        None => text,
    };
    let dashed: String = last.chars().filter_map(plain).collect();
    if is_certificate(&dashed) {
        return Ok(Shape::Certificate(dashed));
    }
    if is_product(&dashed) {
        return Ok(Shape::Product(dashed));
    }
    if let Some(code) = crockford::spelled::<STAMP>(&dashed) {
        return Ok(Shape::Stamp(written(&code)));
    }
    if let Some(code) = crockford::spelled::<PAPER>(&dashed) {
        return Ok(Shape::Paper(written(&code)));
    }
    let bare: Vec<char> = dashed.chars().filter(|letter| *letter != '-').collect();
    match bare.iter().find(|letter| !is_known(**letter)) {
        Some(strange) => Err(Misfit::Character(*strange)),
        None if bare.len() == 8 && bare.iter().all(char::is_ascii_digit) => Err(Misfit::Scratch),
        None => Err(Misfit::Length(bare.len())),
    }
}

/// Dashes of all kinds as the one that is in codes; without spaces and marks that nobody sees.
fn plain(letter: char) -> Option<char> {
    match letter {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
        letter if letter.is_whitespace() || letter.is_control() || text::is_invisible(letter) => None,
        letter => Some(letter),
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
        ] {
            assert_eq!(read(text), Ok(stamp.clone()), "{text:?}");
        }
        assert_eq!(stamp.address(), "/t/10ABCDEFGHJKMNPQRST0");
        assert_eq!(read("42 – 2020 – 0087"), Ok(Shape::Certificate("42-2020-0087".into())));
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
            ("<script>", Misfit::Character('<')),
        ] {
            assert_eq!(read(text), Err(misfit), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_leads_nowhere_strange(text in "\\PC{0,40}") {
            if let Ok(shape) = read(&text) {
                let address = shape.address();
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'/';
                prop_assert!(address.bytes().all(plain), "{}", address);
            }
        }
    }
}
