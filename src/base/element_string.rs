//! GS1 element strings and Digital Links: what a scanner reads out of the symbol of an article, as text.

use unicode_normalization::UnicodeNormalization;

use crate::base::canonical::without_symbology;
use crate::base::text::is_unseen;

/// What ends a value of no fixed length: FNC1 as scanners send it.
const SEPARATOR: char = '\u{1d}';
/// How FNC1 is shown where the character itself cannot be.
const SHOWN_SEPARATORS: [&str; 3] = ["\u{241d}", "<GS>", "{GS}"];
/// The kinds of symbols (AIM) in which there is nothing but an element string.
const OF_ELEMENTS: [&str; 5] = ["]d2", "]Q3", "]C1", "]e0", "]J1"];
/// No code of ours is longer; whatever begins like a GTIN and is, is an element string though nothing says so.
const LONGEST_CODE: usize = 20;
const GTIN: &str = "01";
const LOT: &str = "10";
const SERIAL: &str = "21";
/// The longest value that has no fixed length, of those that are read here.
const LONGEST_VALUE: usize = 20;

/// The article, and what of it is told apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ElementString {
    /// As it was written; whether its check digit fits is not asked here.
    pub gtin: String,
    pub lot: Option<String>,
    pub serial: Option<String>,
}

impl ElementString {
    /// None for a text that is no element string and no Digital Link.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim_matches(|letter: char| letter.is_whitespace() || is_ignorable(letter));
        let is_marked = OF_ELEMENTS.iter().any(|kind| text.starts_with(kind)) || text.starts_with(SEPARATOR);
        let mut plain: String =
            without_symbology(text).nfkc().filter(|letter| *letter == SEPARATOR || !is_ignorable(*letter)).collect();
        for shown in SHOWN_SEPARATORS {
            plain = plain.replace(shown, "\u{1d}");
        }
        let plain = plain.trim_matches(|letter: char| letter == SEPARATOR || letter.is_whitespace());
        let is_sure = is_marked || plain.contains(SEPARATOR) || plain.len() > LONGEST_CODE;
        let found = if plain.contains('/') && !plain.starts_with('(') {
            Self::of(in_address(plain))
        } else if plain.starts_with('(') {
            Self::of(bracketed(plain))
        } else if is_sure {
            Self::of(in_row(plain))
        } else {
            return None;
        };
        (!found.gtin.is_empty()).then_some(found)
    }

    fn of(elements: Vec<(&str, &str)>) -> Self {
        let mut found = Self::default();
        for (identifier, value) in elements {
            let value = value.trim_matches(|letter: char| letter == SEPARATOR || letter.is_whitespace());
            let value = Some(value.to_owned()).filter(|value| !value.is_empty());
            match identifier {
                GTIN => found.gtin = value.unwrap_or_default(),
                LOT => found.lot = value,
                SERIAL => found.serial = value,
                _ => {}
            }
        }
        found
    }
}

fn is_ignorable(letter: char) -> bool {
    letter != SEPARATOR && !letter.is_whitespace() && is_unseen(letter)
}

/// `(01)…(21)…`, as it is printed under a symbol.
fn bracketed(text: &str) -> Vec<(&str, &str)> {
    let mut elements = Vec::new();
    let mut rest = text;
    while let Some((identifier, behind)) = opened(rest) {
        let end = behind.match_indices('(').map(|(at, _)| at).find(|at| behind.get(*at..).and_then(opened).is_some());
        let (value, next) = behind.split_at_checked(end.unwrap_or(behind.len())).unwrap_or((behind, ""));
        elements.push((identifier, value));
        rest = next;
    }
    elements
}

/// The identifier in brackets with which a text begins, and what is behind it.
fn opened(text: &str) -> Option<(&str, &str)> {
    let (identifier, behind) = text.strip_prefix('(')?.split_once(')')?;
    let identifier = identifier.trim();
    let fits = (2..=4).contains(&identifier.len()) && identifier.bytes().all(|digit| digit.is_ascii_digit());
    fits.then_some((identifier, behind))
}

/// As a scanner sends it: one behind the other, those of no fixed length ended by a separator. What is behind an identifier that
/// is not known here cannot be told apart and is left.
fn in_row(text: &str) -> Vec<(&str, &str)> {
    let mut elements = Vec::new();
    let mut rest = text;
    while let Some((identifier, behind)) = rest.split_at_checked(2) {
        let length = match identifier {
            GTIN | "02" => 14,
            "11" | "12" | "13" | "15" | "16" | "17" => 6,
            "20" => 2,
            LOT | SERIAL | "22" => {
                behind.char_indices().take(LONGEST_VALUE).find(|(_, letter)| *letter == SEPARATOR).map_or_else(
                    || behind.char_indices().nth(LONGEST_VALUE).map_or(behind.len(), |(end, _)| end),
                    |(end, _)| end,
                )
            }
            _ => break,
        };
        let Some((value, next)) = behind.split_at_checked(length) else { break };
        if identifier == GTIN && !value.bytes().all(|digit| digit.is_ascii_digit()) {
            break;
        }
        elements.push((identifier, value));
        rest = next.trim_start_matches(SEPARATOR);
    }
    elements
}

/// `…/01/{gtin}/10/{lot}/21/{serial}`.
fn in_address(text: &str) -> Vec<(&str, &str)> {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let mut parts = path.split('/').filter(|part| !part.is_empty()).skip_while(|part| *part != GTIN);
    std::iter::from_fn(|| Some((parts.next()?, parts.next()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CODE: &str = "10ABCDEFGHJKMNPQRST0";

    fn read(text: &str) -> Option<(String, Option<String>, Option<String>)> {
        ElementString::read(text).map(|found| (found.gtin, found.lot, found.serial))
    }

    #[test]
    fn a_serial_is_found_however_the_scanner_is_set() {
        let found = Some(("08934563138165".to_owned(), None, Some(CODE.to_owned())));
        for text in [
            format!("(01)08934563138165(21){CODE}"),
            format!("（01）08934563138165（21）{CODE}\r\n"),
            format!("( 01 ) 08934563138165 (21) {CODE}"),
            format!("]d20108934563138165 21{CODE}").replace(' ', ""),
            format!("]C1010893456313816521{CODE}"),
            format!("\u{1d}010893456313816521{CODE}\u{1d}"),
            format!("]Q3010893456313816521{CODE}\u{1d}17220220"),
            format!("010893456313816521{CODE}"),
            format!("010893456313816521{CODE}<GS>17220220"),
            format!("https://ocop.example.vn/01/08934563138165/21/{CODE}?x=1"),
            format!("ocop.example.vn/01/08934563138165/21/{CODE}"),
        ] {
            assert_eq!(read(&text), found, "{text:?}");
        }
        let with_lot = Some(("08934563138165".to_owned(), Some("L-(1)".to_owned()), Some(CODE.to_owned())));
        for text in [
            format!("(01)08934563138165(17)220220(10)L-(1)(21){CODE}"),
            format!("010893456313816510L-(1)\u{1d}21{CODE}"),
            format!("]d201089345631381651722022010L-(1)\u{241d}21{CODE}"),
        ] {
            assert_eq!(read(&text), with_lot, "{text:?}");
        }
    }

    #[test]
    fn what_is_none_is_not_read() {
        for text in
            ["", "(", "(01)", "(21)ABC", CODE, "0108934563138165", "42-2020-0087", "https://x.vn/t/ABC", "]d2", "/01/"]
        {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in "[\\PC\u{1d}]{0,60}", behind in "\\PC{0,30}") {
            for text in [text.clone(), format!("]d201{text}"), format!("(01)08934563138165{text}"), format!("010893456313816521{behind}")] {
                if let Some(found) = ElementString::read(&text) {
                    prop_assert!(!found.gtin.is_empty());
                }
            }
        }
    }
}
