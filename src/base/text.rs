//! Texts as people write them: normalised at the door, folded for search.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::base::{Fault, say};

/// The text in Unicode's composed form (NFC).
pub fn compose(text: &str) -> String {
    text.nfc().collect()
}

/// The text in one width (NFKC), without letters of which nothing is drawn; spaces stay.
pub fn seen(text: &str) -> String {
    text.nfkc().filter(|letter| letter.is_whitespace() || !is_unseen(*letter)).collect()
}

/// Which folding this is. It is another one where [`fold`] makes another key of some text: keys in the database are then made
/// anew at the next start.
pub const FOLDING: &str = "2";

/// The key by which texts are searched, sorted and told apart: as it is seen, lower case, without marks, đ as d, single spaces.
/// Some keyboards and fonts have other letters in the place of đ that look the same: ð of Icelandic, ɖ of African languages.
pub fn fold(text: &str) -> String {
    let bare: String = seen(text)
        .nfd()
        .filter(|letter| !is_combining_mark(*letter))
        .flat_map(char::to_lowercase)
        .map(|letter| if matches!(letter, 'đ' | 'ð' | 'ɖ') { 'd' } else { letter })
        .collect();
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The pattern of `LIKE … ESCAPE '\\'` for what holds a text: nothing in it is a wildcard but its ends.
pub fn within(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// As text or an attribute's value of XML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Whether a letter shows nothing by itself: directions, joiners, what chooses how a neighbour is drawn.
pub fn is_invisible(letter: char) -> bool {
    letter.general_category() == GeneralCategory::Format
        || matches!(letter, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether nothing of a letter is drawn, nor a place left for it that somebody would miss: also controls, fillers of Hangul and
/// braille without a dot.
pub fn is_unseen(letter: char) -> bool {
    let is_filler = matches!(letter, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}');
    letter.is_whitespace() || letter.is_control() || is_filler || is_invisible(letter)
}

/// Whether who looks at the text sees nothing. An empty text and one of blanks are the same everywhere.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|letter| is_unseen(letter) || is_combining_mark(letter))
}

/// Whether nothing in the text says anything: no letter, no digit, and no sign that is said as a word, as a unit is.
pub fn is_empty(text: &str) -> bool {
    let says = |letter: char| {
        let is_sign =
            matches!(letter, '%' | '‰' | '°' | '℃') || letter.general_category() == GeneralCategory::CurrencySymbol;
        (letter.is_alphanumeric() || is_sign) && !is_unseen(letter) && !is_combining_mark(letter)
    };
    !text.chars().any(says)
}

/// So many characters are a line: a name, a place, a number. What may be longer is written in paragraphs.
const LONGEST_LINE: usize = 300;

/// Whether a letter does something to those around it instead of standing among them: controls, and the marks by which what
/// stands behind them reads from right to left, so that a text says another thing than it shows.
fn controls(letter: char, is_line: bool) -> bool {
    let is_direction = matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    is_direction || (letter.is_control() && (is_line || !matches!(letter, '\n' | '\r' | '\t')))
}

/// Collects a fault unless `text` says something, with at most `most` characters, none of which is a control.
pub fn check(text: &str, pointer: &str, most: usize, faults: &mut Vec<Fault>) {
    if is_empty(text) {
        faults.push(Fault::new(pointer, "required", say("Không được để trống.", "Must not be empty.")));
    }
    check_length(text, pointer, most, faults);
}

/// Collects a fault where `text`, which may be empty, is longer than `most` characters or holds a control.
pub fn check_length(text: &str, pointer: &str, most: usize, faults: &mut Vec<Fault>) {
    let length = text.chars().count();
    // Who copies a name out of a table copies the end of its line as well.
    if text.trim_end().chars().any(|letter| controls(letter, most <= LONGEST_LINE)) {
        faults.push(Fault::new(
            pointer,
            "control_character",
            say(
                "Có ký tự điều khiển không nhìn thấy (xuống dòng, tab hoặc ký tự đổi chiều viết); hãy gõ lại.",
                "Holds a control that nobody sees (a line break, a tab or a change of direction); type it again.",
            ),
        ));
    }
    if length > most {
        faults.push(Fault::new(
            pointer,
            "too_long",
            say(
                format!("Dài {length} ký tự, tối đa {most}."),
                format!("{length} characters long, at most {most} are allowed."),
            ),
        ));
    }
}

/// Collects a fault unless `code` is a short visible code: letters, digits and `- . / _`, 1 to `most` characters.
pub fn check_code(code: &str, pointer: &str, most: usize, faults: &mut Vec<Fault>) {
    let fits = !code.is_empty()
        && code.chars().count() <= most
        && code.chars().all(|letter| letter.is_alphanumeric() || "-./_".contains(letter));
    if !fits {
        faults.push(Fault::new(
            pointer,
            "malformed_code",
            say(
                format!("Mã gồm chữ, số và các dấu - . / _, từ 1 đến {most} ký tự."),
                format!("A code has letters, digits and - . / _, 1 to {most} characters."),
            ),
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folding_drops_marks_and_case() {
        assert_eq!(fold("Mật ong  ĐỨC Thọ"), "mat ong duc tho");
        assert_eq!(fold("Nước mắm"), fold("nu\u{31b}o\u{31b}\u{301}c mắm"));
    }

    #[test]
    fn what_looks_the_same_is_folded_the_same() {
        for name in
            ["Đu đủ", "Ðu ðủ", "Ɖu ɖủ", "ĐU\u{a0}ĐỦ", "Đ\u{200b}u\u{ad} đủ\u{feff}", "Ｄｕ　ｄｕ", "\u{202e}Đu đủ\u{0}"]
        {
            assert_eq!(fold(name), "du du", "{name:?}");
        }
        for lot in ["LÔ-Đ1", "lô-đ1", "LÔ-Ð1", "ＬÔ－Đ１", "LO\u{302}-Đ\u{200d}1"] {
            assert_eq!(fold(lot), "lo-d1", "{lot:?}");
        }
        assert_ne!(fold("LÔ-Đ1"), fold("LÔ-Đ2"));
    }

    #[test]
    fn what_nobody_sees_is_nothing() {
        for blank in
            ["", " \t\n", "\u{a0}\u{3000}", "\u{200b}\u{202e}", "\u{feff}", "\u{301}", "\u{3164}", "\u{0}", "\u{fe0f}"]
        {
            assert!(is_blank(blank), "{blank:?}");
        }
        for text in ["a", "\u{202e}a", ".", "đ", "🍯", "-"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }

    /// The codes of what is wrong with a text.
    fn faults(text: &str, most: usize) -> Vec<&'static str> {
        let mut faults = Vec::new();
        check(text, "/text", most, &mut faults);
        faults.into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn a_text_without_a_letter_or_digit_is_empty() {
        for empty in [
            "",
            "...",
            "--",
            "…",
            "。",
            "?!",
            "\u{200b}",
            "\u{2800}",
            "\u{3164}",
            "\u{115f}\u{1160}",
            "\u{ad}",
            "\u{301}",
            "\u{345}",
            "  - . - ",
            "🍯",
        ] {
            assert_eq!(faults(empty, 100), ["required"], "{empty:?}");
        }
        for text in ["a", "Đ", "1", "%", "₫", "°C", "(1)", "蜜", "е", "- a -"] {
            assert_eq!(faults(text, 100), Vec::<&str>::new(), "{text:?}");
        }
    }

    #[test]
    fn controls_are_refused_and_paragraphs_keep_their_lines() {
        for letter in [
            '\u{1}', '\u{7}', '\u{1b}', '\u{7f}', '\u{85}', '\u{9f}', '\u{202e}', '\u{2066}', '\u{2069}', '\u{200e}',
            '\u{200f}',
        ] {
            for most in [100, 5000] {
                assert_eq!(faults(&format!("Mật{letter} ong"), most), ["control_character"], "{letter:?}");
            }
        }
        let lines = "Mật ong\r\n\trừng";
        assert_eq!((faults(lines, 300), faults(lines, 301)), (vec!["control_character"], vec![]));
        assert_eq!(faults("Mật ong\r\n", 100), Vec::<&str>::new());
        assert_eq!(faults("👩🏽\u{200d}🌾 Mật", 100), Vec::<&str>::new(), "what joins a picture's parts");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }
    }
}
