//! Crockford's base32, in which codes are written that people read out and type.

use crate::base::canonical;

/// No I, L, O, U.
pub const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// No spelling of a code is longer, however it is grouped.
const LONGEST_SPELLING: usize = 60;
/// So many bytes are looked at, for a letter in another width has more than one.
const LONGEST_TEXT: usize = 4 * LONGEST_SPELLING;

/// A code in its one proper spelling: canonical, upper case, no hyphens or spaces, O as 0, I and L as 1; None for what is none.
pub fn spelled<const LENGTH: usize>(text: &str) -> Option<[u8; LENGTH]> {
    if text.len() > LONGEST_TEXT {
        return None;
    }
    let text = canonical::bare(text);
    if text.len() > LONGEST_SPELLING {
        return None;
    }
    let mut code = [0; LENGTH];
    let mut places = code.iter_mut();
    for character in text.bytes().filter(|byte| !b"- ".contains(byte)) {
        *places.next()? = match character.to_ascii_uppercase() {
            b'O' => b'0',
            b'I' | b'L' => b'1',
            upper if ALPHABET.contains(&upper) => upper,
            _ => return None,
        };
    }
    places.next().is_none().then_some(code)
}

/// The character of a number below 32.
pub fn letter(numeral: u8) -> u8 {
    ALPHABET.get(usize::from(numeral)).copied().unwrap_or_default()
}
