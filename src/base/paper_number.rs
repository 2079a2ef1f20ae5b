//! Numbers of official papers (số văn bản): they begin anew each year, and are one however they are written.

use crate::base::{Day, canonical, text};

/// A number as it is kept: in one width, with the one dash, without spaces and what is added at the ends.
pub fn spelled(number: &str) -> String {
    canonical::compact(number).into_owned()
}

/// Whether one of these papers of a unit, each with its day, has the number in the year of a day.
pub fn is_taken(known: &[(Option<String>, Option<Day>)], number: &str, day: Day) -> bool {
    let key = |number: &str| text::fold(&spelled(number));
    let sought = key(number);
    let is_same = |(known, of): &(Option<String>, Option<Day>)| {
        of.is_some_and(|of| of.year() == day.year()) && known.as_deref().is_some_and(|known| key(known) == sought)
    };
    known.iter().any(is_same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_taken_in_its_year_however_it_is_written() {
        let day = |text: &str| -> Day { text.parse().unwrap() };
        let known = [(Some("4588/QĐ-UBND".to_owned()), Some(day("2020-12-31"))), (None, None)];
        for spelling in [
            "4588/QĐ-UBND",
            "4588/QÐ-UBND",
            "4588/qđ-ubnd",
            "４５８８／ＱĐ－ＵＢＮＤ",
            "4588/QĐ–UBND.",
            "4588 / QĐ-UBND\u{200b}",
        ] {
            assert!(is_taken(&known, spelling, day("2020-01-01")), "{spelling}");
            assert!(!is_taken(&known, spelling, day("2021-01-01")), "{spelling}");
        }
        assert!(!is_taken(&known, "4588/QĐ-UBND-2", day("2020-01-01")));
        assert_eq!(spelled(" ４５８８／QĐ－UBND,"), "4588/QĐ-UBND");
    }
}
