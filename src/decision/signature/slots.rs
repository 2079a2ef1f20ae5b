//! Where a PDF has its signatures (ISO 32000-2, 12.8). They are looked for in the bytes themselves and not by the file's
//! tables: what a table could hide is found, and whatever is found twice or in pieces is no signature.

use crate::base::Moment;

/// More signatures than any decision has.
const MOST: usize = 16;
/// The largest signature that is read, in its digits.
const LARGEST: usize = 1024 * 1024;

const RANGE: &[u8] = b"/ByteRange";
const CONTENTS: &[u8] = b"/Contents";

/// One signature: which bytes it is over, and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot<'a> {
    /// What was signed: all before the value and something behind it.
    pub parts: [&'a [u8]; 2],
    /// Where what was signed ends.
    pub end: usize,
    pub value: Vec<u8>,
    /// When the file says that it was signed.
    pub claimed_at: Option<Moment>,
}

/// What a file has in the way of signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found<'a> {
    /// No PDF that can be read, or one whose signatures cannot.
    Unreadable,
    None,
    /// In the order in which they end.
    Some(Vec<Slot<'a>>),
}

/// Looks for all signatures of a file.
pub fn find(file: &[u8]) -> Found<'_> {
    if !is_whole(file) {
        return Found::Unreadable;
    }
    let places: Vec<usize> = places_of(file, RANGE).take(MOST + 1).collect();
    if places.is_empty() {
        return Found::None;
    }
    let slots: Option<Vec<Slot<'_>>> = places.iter().map(|place| slot(file, *place)).collect();
    match slots {
        Some(mut slots) if slots.len() <= MOST => {
            slots.sort_by_key(|slot| slot.end);
            // Two that claim the same value, or of which none is within the other, cannot both be what a reader shows.
            let apart = slots.windows(2).all(|pair| match pair {
                [one, other] => one.end <= other.parts[0].len(),
                _ => true,
            });
            if apart { Found::Some(slots) } else { Found::Unreadable }
        }
        _ => Found::Unreadable,
    }
}

/// Whether the file begins and ends as a PDF does, and its last table is where it says.
fn is_whole(file: &[u8]) -> bool {
    let Some(last) = last_of(file, b"startxref") else { return false };
    let Some((table, rest)) = file.get(last + b"startxref".len()..).and_then(whole) else { return false };
    let is_table =
        file.get(table..).is_some_and(|at| at.starts_with(b"xref") || at.first().is_some_and(u8::is_ascii_digit));
    file.starts_with(b"%PDF-") && places_of(rest, b"%%EOF").next().is_some() && is_table
}

/// The signature whose range stands here.
fn slot(file: &[u8], place: usize) -> Option<Slot<'_>> {
    let rest = blank(file.get(place + RANGE.len()..)?).strip_prefix(b"[")?;
    let (begin, rest) = whole(rest)?;
    let (before, rest) = whole(rest)?;
    let (behind, rest) = whole(rest)?;
    let (length, rest) = whole(rest)?;
    blank(rest).strip_prefix(b"]")?;
    let end = behind.checked_add(length)?;
    if begin != 0 || end > file.len() || before >= behind {
        return None;
    }
    let parts = [file.get(..before)?, file.get(behind..end)?];
    let digits = file.get(before..behind)?.strip_prefix(b"<")?.strip_suffix(b">")?;
    let value = hexadecimal(digits)?;
    if !parts[0].trim_ascii_end().ends_with(CONTENTS) {
        return None;
    }
    // The range and the value are of one and the same thing.
    let (from, to) = if place < before { (place, before) } else { (behind, place) };
    if places_of(file.get(from..to)?, b"endobj").next().is_some() {
        return None;
    }
    let start = file.get(..before.min(place)).and_then(|head| last_of(head, b" obj"))?;
    let close = place.max(behind);
    let close = close + places_of(file.get(close..)?, b"endobj").next()?;
    let said = [file.get(start..before)?, file.get(behind..close)?];
    Some(Slot { parts, end, value, claimed_at: said.into_iter().find_map(claimed) })
}

/// The digits of a value; what fills it up are zeros.
fn hexadecimal(digits: &[u8]) -> Option<Vec<u8>> {
    if digits.len() > LARGEST || !digits.len().is_multiple_of(2) {
        return None;
    }
    let digit = |letter: &u8| char::from(*letter).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    digits
        .chunks_exact(2)
        .map(|pair| match pair {
            [high, low] => Some(digit(high)? << 4 | digit(low)?),
            _ => None,
        })
        .collect()
}

/// The day and hour behind `/M`, as in `(D:20261126203000+07'00')`.
fn claimed(said: &[u8]) -> Option<Moment> {
    places_of(said, b"/M").find_map(|place| {
        let text = plain(blank(said.get(place + 2..)?).strip_prefix(b"(")?)?;
        let text = text.strip_prefix("D:")?.replace('\'', "");
        let (moment, zone) = text.split_at_checked(14)?;
        let read = chrono::NaiveDateTime::parse_from_str(moment, "%Y%m%d%H%M%S").ok()?;
        let east = match zone.split_at_checked(1) {
            None | Some(("Z", _)) => 0,
            Some((sign, zone)) => {
                let (hours, minutes): (i64, i64) =
                    (zone.get(..2)?.parse().ok()?, zone.get(2..4).map_or(Ok(0), str::parse).ok()?);
                let minutes = hours * 60 + minutes;
                if sign == "-" { -minutes } else { minutes }
            }
        };
        let utc = read.checked_sub_signed(chrono::Duration::try_minutes(east)?)?;
        Some(Moment::new(utc.and_utc()))
    })
}

/// A short string up to the bracket that closes it; some programs write its letters by their numbers, as `\072`.
fn plain(bytes: &[u8]) -> Option<String> {
    const LONGEST: usize = 200;
    let (mut text, mut letters) = (String::new(), bytes.iter().take(LONGEST));
    loop {
        match letters.next()? {
            b')' => return Some(text),
            b'\\' => {
                let mut digit = || char::from(*letters.next()?).to_digit(8);
                let number = digit()? * 64 + digit()? * 8 + digit()?;
                text.push(char::from(u8::try_from(number).ok()?));
            }
            letter => text.push(char::from(*letter)),
        }
    }
}

/// What is behind blanks.
fn blank(bytes: &[u8]) -> &[u8] {
    let is_blank = |letter: &&u8| letter.is_ascii_whitespace() || **letter == 0;
    let blanks = bytes.iter().take_while(is_blank).count();
    bytes.get(blanks..).unwrap_or_default()
}

/// A number behind blanks, and what is behind it.
pub fn whole(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let bytes = blank(bytes);
    let digits = bytes.iter().take_while(|letter| letter.is_ascii_digit()).count();
    let (number, rest) = bytes.split_at_checked(digits)?;
    let number = std::str::from_utf8(number).ok().filter(|number| number.len() <= 10)?;
    Some((number.parse().ok()?, rest))
}

fn places_of<'a>(bytes: &'a [u8], text: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    bytes.windows(text.len()).enumerate().filter(move |(_, window)| *window == text).map(|(place, _)| place)
}

fn last_of(bytes: &[u8], text: &[u8]) -> Option<usize> {
    bytes.windows(text.len()).rposition(|window| window == text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A file with one signature of this value, whose range ends so many bytes before the file's end.
    fn file(value: &str, left_out: usize) -> Vec<u8> {
        let mut text =
            "%PDF-1.7\n1 0 obj\n<</Type/Sig/M(D:20261126203000+07'00')/ByteRange [0 @@@ ### $$$]/Contents ".to_owned();
        let before = text.len();
        text.push_str(&format!("<{value}>"));
        let behind = text.len();
        text.push_str(">>\nendobj\nxref\ntrailer<<>>\nstartxref\n");
        let table = text.find("xref").unwrap();
        text.push_str(&format!("{table}\n%%EOF\n"));
        let length = text.len() - behind - left_out;
        for (mark, number) in [("@@@", before), ("###", behind), ("$$$", length)] {
            text = text.replace(mark, &format!("{number:>3}"));
        }
        text.into_bytes()
    }

    #[test]
    fn a_signature_is_found_with_what_it_is_over_and_when_it_says_it_was_made() {
        let bytes = file("0aFF00", 0);
        let Found::Some(slots) = find(&bytes) else { panic!("{:?}", find(&bytes)) };
        let [slot] = slots.as_slice() else { panic!("{slots:?}") };
        assert_eq!((slot.value.as_slice(), slot.end), (&[10u8, 255, 0][..], bytes.len()));
        assert_eq!(slot.claimed_at.unwrap().to_string(), "2026-11-26T13:30:00Z");
        let escaped = String::from_utf8(file("00", 0)).unwrap().replace("(D:2026", "(D\\0722026");
        assert_eq!(claimed(escaped.as_bytes()), slot.claimed_at);
        let bytes = file("00", 5);
        assert!(matches!(find(&bytes), Found::Some(slots) if slots[0].end == bytes.len() - 5));
    }

    #[test]
    fn what_cannot_be_read_is_no_signature() {
        assert_eq!(find(b"hello"), Found::Unreadable);
        assert_eq!(find(b"%PDF-1.7\n"), Found::Unreadable);
        assert_eq!(find(b"%PDF-1.7\nxref\nstartxref\n9\n%%EOF"), Found::None);
        for broken in ["0", "0g", "00>00"] {
            assert_eq!(find(&file(broken, 0)), Found::Unreadable, "{broken}");
        }
        let text = String::from_utf8(file("00", 0)).unwrap();
        for (from, to) in
            [("[0 ", "[1 "), ("/Contents ", "/Continue "), ("/ByteRange [", "/ByteRange endobj ["), ("[0 ", "[0 -")]
        {
            assert_eq!(find(text.replace(from, to).as_bytes()), Found::Unreadable, "{from}");
        }
        // A second range over the same value.
        let (head, tail) = text.split_once("/M(").unwrap();
        let range = &text[text.find("/ByteRange").unwrap()..text.find("/Contents").unwrap()];
        assert_eq!(find(format!("{head}{range}/M({tail}").as_bytes()), Found::Unreadable);
    }

    proptest! {
        #[test]
        fn no_file_ends_the_program(at in 0usize..300, byte: u8, cut in 0usize..300) {
            let mut bytes = file("0aFF00", 0);
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
            bytes.truncate(bytes.len().saturating_sub(cut));
            find(&bytes);
        }
    }
}
