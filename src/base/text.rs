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

/// Collects a fault unless `text` has something to read and at most `most` characters.
pub fn check(text: &str, pointer: &str, most: usize, faults: &mut Vec<Fault>) {
    if is_blank(text) {
        faults.push(Fault::new(pointer, "required", say("Không được để trống.", "Must not be empty.")));
    }
    check_length(text, pointer, most, faults);
}

/// Collects a fault where `text`, which may be empty, is longer than `most` characters.
pub fn check_length(text: &str, pointer: &str, most: usize, faults: &mut Vec<Fault>) {
    let length = text.chars().count();
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

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }
    }
}
