//! Days, numbers and stars as a page writes them.

use crate::base::{Day, Moment, Stars};
use crate::http::Language;

/// `12/11/2026`, `12 Nov 2026`.
pub fn day(language: Language, day: Day) -> String {
    let pattern = match language {
        Language::Vietnamese => "%d/%m/%Y",
        Language::English => "%-d %b %Y",
    };
    day.date().format(pattern).to_string()
}

/// `1.234`, `1,234`.
pub fn number(language: Language, number: i64) -> String {
    let mark = match language {
        Language::Vietnamese => '.',
        Language::English => ',',
    };
    let digits = number.unsigned_abs().to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        grouped.push('−');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(mark);
        }
        grouped.push(digit);
    }
    grouped
}

/// `★★★★`.
pub fn stars(stars: &Stars) -> String {
    (0..stars.get()).map(|_| '★').collect()
}

/// A telephone number as a phone dials it (RFC 3966): its digits, with the plus that may stand before them.
pub fn dialled(phone: &str) -> String {
    let plus = if phone.trim_start().starts_with('+') { "+" } else { "" };
    phone.chars().filter(char::is_ascii_digit).fold(plus.to_owned(), |number, digit| format!("{number}{digit}"))
}

/// Groups of `size`, as people read a code out.
pub fn grouped(code: &str, size: usize) -> String {
    let characters: Vec<char> = code.chars().collect();
    characters.chunks(size.max(1)).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// `huyện Đức Thọ`, as it stands within a sentence.
pub fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// `22/02/2021 08:00`, in Vietnam.
pub fn moment(language: Language, at: Moment) -> String {
    let start = at.day().starts();
    let minutes = (at.microseconds() - start.microseconds()) / 60_000_000;
    format!("{} {:02}:{:02}", day(language, at.day()), minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_as_each_language_does() {
        for (given, vietnamese, english) in
            [(0, "0", "0"), (999, "999", "999"), (1_000, "1.000", "1,000"), (-1_234_567, "−1.234.567", "−1,234,567")]
        {
            assert_eq!(number(Language::Vietnamese, given), vietnamese);
            assert_eq!(number(Language::English, given), english);
        }
    }

    #[test]
    fn days_stars_and_codes_are_written_as_people_read_them() {
        let first: Day = "2026-11-02".parse().unwrap();
        assert_eq!(day(Language::Vietnamese, first), "02/11/2026");
        assert_eq!(day(Language::English, first), "2 Nov 2026");
        assert_eq!(stars(&Stars::new(4).unwrap()), "★★★★");
        assert_eq!(
            (dialled("+84 (91) 234-5678"), dialled("0239 3875 555")),
            ("+84912345678".into(), "02393875555".into())
        );
        assert_eq!(grouped("ABCDEFGHIJKL", 5), "ABCDE-FGHIJ-KL");
    }
}
