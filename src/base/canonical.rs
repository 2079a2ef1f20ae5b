//! What people type, paste and scan, in the one form in which it is judged.
//!
//! Scanners, chats, keyboards and spreadsheets write the same letters in other widths, put marks that nobody sees between them,
//! and add something at the ends. What is left when that is gone is judged as strictly as ever: a wrong code stays wrong.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::base::text::is_unseen;

/// What is added at the ends of a code by who quotes it, ends a sentence with it, or marks it in a chat. No code of ours begins
/// or ends so. `NFKC` has made one of the full-width ones before.
const ADDED: &str = ".,;:!?'\"()[]{}<>«»‹›“”„‘’‚。、・｡､「」『』【】《》〈〉*_`´~|\\";

/// A text as it was meant: in one width, without marks that nobody sees, with the one dash and the one space, and without what
/// is added at the ends. Nearly every code is scanned as it was printed and costs nothing here.
pub fn bare(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Cow::Borrowed(text);
    }
    let shown: String = text.nfkc().filter_map(shown).collect();
    let symbol = without_symbology(shown.trim());
    Cow::Owned(symbol.trim_matches(|letter: char| letter == ' ' || ADDED.contains(letter)).to_owned())
}

/// As [`bare`], for what has no spaces in it however it is grouped.
pub fn compact(text: &str) -> Cow<'_, str> {
    match bare(text) {
        Cow::Owned(bare) if bare.contains(' ') => Cow::Owned(bare.replace(' ', "")),
        bare => bare,
    }
}

/// The digits of a number that people group with spaces, hyphens and dots, and that spreadsheets quote or make a formula or a
/// fraction of; None where there is anything else or nothing.
pub fn digits(text: &str) -> Option<String> {
    let bare = bare(text);
    let quoted = bare.trim_start_matches('=').trim_matches(|letter: char| letter == ' ' || ADDED.contains(letter));
    let whole = quoted.strip_suffix(".0").filter(|whole| !whole.contains('.')).unwrap_or(quoted);
    let digits: String = whole.chars().filter(|letter| !" -.".contains(*letter)).collect();
    (!digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())).then_some(digits)
}

/// Digits of a citizen's number (số căn cước).
const CITIZENS_DIGITS: usize = 12;

/// A person's or a business's number in its one spelling: capitals and digits, without what groups them. Where one digit lacks of
/// a citizen's number, a spreadsheet took the zero with which all of them begin: no other number has eleven. One that lacks of a
/// tax number leaves what might be another kind of number, so that nothing is added there.
pub fn identity_number(text: &str) -> String {
    let bare = bare(text).to_uppercase();
    let grouped: String = bare.chars().filter(|letter| !" -./".contains(*letter)).collect();
    let lacks_zero = grouped.len() + 1 == CITIZENS_DIGITS && grouped.bytes().all(|digit| digit.is_ascii_digit());
    if lacks_zero { format!("0{grouped}") } else { grouped }
}

/// What stands at the end of an address, with a scheme or without one; a text that is no address is itself the end.
pub fn end_of_address(text: &str) -> String {
    let bare = bare(text);
    let path = bare.split(['?', '#']).next().unwrap_or_default();
    let last = path.split('/').map(self::bare).rfind(|part| !part.is_empty());
    last.map(Cow::into_owned).unwrap_or_default()
}

/// Without the three characters by which a scanner tells which kind of symbol it read (AIM), as `]Q1`.
pub fn without_symbology(text: &str) -> &str {
    let mut letters = text.chars();
    let is_told = letters.next() == Some(']')
        && letters.next().is_some_and(|kind| kind.is_ascii_alphabetic())
        && letters.next().is_some_and(|modifier| modifier.is_ascii_digit());
    if is_told { letters.as_str() } else { text }
}

/// A letter in the one way to write it; None for what shows nothing.
fn shown(letter: char) -> Option<char> {
    match letter {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{2043}' => Some('-'),
        letter if letter.is_whitespace() => Some(' '),
        letter if is_unseen(letter) => None,
        letter => Some(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_added_at_the_ends_and_in_between_drops_out() {
        for typed in [
            "AB12",
            "AB12.",
            " AB12,\r\n",
            "(AB12)",
            "“AB12”",
            "AB12。",
            "AB12、\u{3000}",
            "AB12！？",
            "ＡＢ１２",
            "AB\u{200b}12\u{feff}",
            "A\u{ad}B12\u{2800}\u{3164}",
            "*AB12*",
            "]Q1AB12",
            "AB12\u{a0}",
            "【AB12】",
            "<AB12>;",
        ] {
            assert_eq!(bare(typed), "AB12", "{typed:?}");
        }
        assert_eq!(compact("42 – 2020 − 0087."), "42-2020-0087");
        assert_eq!(bare("AB-12/x"), "AB-12/x", "what stands inside stays");
        assert_eq!(bare("mật\u{a0} ong"), "mật  ong");
        assert_eq!(bare("]QQ1"), "QQ1");
    }

    #[test]
    fn digits_are_read_however_they_are_grouped_and_nothing_else_is() {
        for typed in [
            "03876802",
            "0387-6802",
            "0387 6802",
            "０３８７６８０２",
            "'03876802",
            "=\"03876802\"",
            "0387.6802.",
            "03876802.0",
        ] {
            assert_eq!(digits(typed).as_deref(), Some("03876802"), "{typed}");
        }
        for typed in ["", "------", " . ", "0387O802", "٠٣٨٧٦٨٠٢", "-", "3.8E+7", "3876802,5"] {
            assert_eq!(digits(typed), None, "{typed}");
        }
        assert_eq!(digits("600.000.0").as_deref(), Some("6000000"), "a group stays one");
    }

    #[test]
    fn an_identity_number_has_one_spelling() {
        for typed in [
            "042090001234",
            "042-090-001-234",
            "042 090 001 234.",
            "042.090.001.234",
            "０４２０９０００１２３４",
            "042090\u{200b}001234\r\n",
            "42090001234",
            "'42090001234",
            "42-090-001-234",
            "042–090–001–234",
        ] {
            assert_eq!(identity_number(typed), "042090001234", "{typed:?}");
        }
        for (typed, spelled) in [
            ("0100109106-001", "0100109106001"),
            ("0100109106 001", "0100109106001"),
            ("b 1234567", "B1234567"),
            ("183456789", "183456789"),
            ("3000123456", "3000123456"),
            ("100109106", "100109106"),
            ("4209000123A", "4209000123A"),
            ("------", ""),
        ] {
            assert_eq!(identity_number(typed), spelled, "{typed:?}");
        }
    }

    #[test]
    fn an_address_is_known_by_its_end() {
        for typed in [
            "AB12",
            "ocop.example.vn/t/AB12",
            "https://ocop.example.vn/t/AB12/",
            "HTTPS://OCOP.EXAMPLE.VN//T//AB12.?lang=en#top",
            "(ocop.example.vn/t/AB12).",
            "https://ocop.example.vn/t/AB12\u{200b}/",
        ] {
            assert_eq!(end_of_address(typed), "AB12", "{typed}");
        }
        assert_eq!((end_of_address("///"), end_of_address("")), (String::new(), String::new()));
    }

    proptest! {
        #[test]
        fn what_is_canonical_stays_as_it_is(text in "\\PC{0,40}") {
            let once = bare(&text).into_owned();
            if !once.starts_with(']') {
                let twice = bare(&once).into_owned();
                prop_assert_eq!(twice, once);
            }
        }
    }
}
