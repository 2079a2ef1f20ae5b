//! What a code of an authenticator app is worth (TOTP, RFC 6238), and what a recovery code is. Pure.

use totp_rs::{Builder, Totp};

use crate::base::{Error, Moment, Result, crockford};

/// As RFC 4226 asks for.
pub const SECRET_BYTES: usize = 20;
/// So many recovery codes are given at once.
pub const RECOVERY_CODES: usize = 10;
/// 50 bits: with how many tries there are, nobody guesses one.
const RECOVERY_LETTERS: usize = 10;
/// What the app calls the service.
const ISSUER: &str = "OCOP";

/// What makes the codes of an account: six digits, another one each 30 seconds.
pub fn codes(secret: &[u8], username: &str) -> Result<Totp> {
    let builder = Builder::new().with_secret(secret).with_account_name(username).with_issuer(Some(ISSUER));
    builder.build().map_err(Error::internal)
}

/// The step that a code is of, unless that or a later one was used already; the one before and the next are taken too, as
/// clocks differ.
pub fn step(codes: &Totp, typed: &str, last_used: i64, now: Moment) -> Option<i64> {
    let time = u64::try_from(now.utc().timestamp()).ok()?;
    let step = codes.check(&digits(typed), time)?;
    i64::try_from(step).ok().filter(|step| *step > last_used)
}

/// As people type them, with spaces.
fn digits(typed: &str) -> String {
    typed.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// A recovery code in its one spelling; none for what is none.
pub fn recovery_code(typed: &str) -> Option<[u8; RECOVERY_LETTERS]> {
    crockford::spelled(typed)
}

/// A new recovery code, of random bytes.
pub fn spelled(random: [u8; RECOVERY_LETTERS]) -> String {
    let letters: String = random.iter().map(|byte| char::from(crockford::letter(byte & 31))).collect();
    let (first, second) = letters.split_at(RECOVERY_LETTERS / 2);
    format!("{first}-{second}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;
    use proptest::prelude::*;

    fn typed(codes: &Totp, at: Moment) -> String {
        codes.generate(at.utc().timestamp().try_into().unwrap()).to_string()
    }

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, cut to six digits.
        let codes = codes(b"12345678901234567890", "ai").unwrap();
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            let now = Moment::from_microseconds(seconds * 1_000_000).unwrap();
            assert_eq!(typed(&codes, now), code);
            assert_eq!(step(&codes, code, 0, now), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_is_good_once_and_for_a_short_while() {
        let (codes, now) = (codes(&[7; SECRET_BYTES], "ai").unwrap(), Moment::real_now());
        let code = typed(&codes, now);
        let used = step(&codes, &code, 0, now).unwrap();
        assert_eq!(step(&codes, &code, used, now), None, "it was used");
        assert_eq!(step(&codes, &code, used - 1, now.plus(Duration::seconds(29))), Some(used));
        assert_eq!(step(&codes, &code, 0, now.plus(Duration::seconds(61))), None, "it is too old");
        assert_eq!(step(&codes, &code, 0, now.plus(Duration::seconds(-61))), None, "it is of the future");
        assert_eq!(step(&codes, &format!(" {} {} ", &code[..3], &code[3..]), 0, now), Some(used));
        // Nothing older than what was used is taken either.
        let before = typed(&codes, now.plus(Duration::seconds(-30)));
        assert_eq!(step(&codes, &before, used, now), None);
    }

    proptest! {
        #[test]
        fn a_recovery_code_is_read_as_it_is_written(random: [u8; 10]) {
            let code = spelled(random);
            let read = recovery_code(&code.to_lowercase().replace('-', " "));
            prop_assert_eq!(read.map(|letters| letters.to_vec()), Some(code.replace('-', "").into_bytes()));
        }

        #[test]
        fn nothing_else_is_a_code(typed in "\\PC{0,30}") {
            let codes = codes(&[7; SECRET_BYTES], "ai").unwrap();
            let is_code = typed.chars().filter(|letter| !letter.is_whitespace()).all(|letter| letter.is_ascii_digit());
            prop_assert!(is_code || step(&codes, &typed, 0, Moment::real_now()).is_none());
        }
    }
}
