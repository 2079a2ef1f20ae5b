//! A stamp's page that was counted may be shown again for a while without being counted again: in the other language, or
//! after a form. The ticket for that stands in the address; nobody else can make one, and it ends by itself.

use crate::base::keys::hexadecimal;
use crate::base::{Moment, Result};
use crate::stamp::code::{Code, Mint, Minted};

/// How long a ticket is good, in minutes. Who prints an address with one gains nothing: it is a scan again soon.
const MINUTES: i64 = 15;
const MICROSECONDS_A_MINUTE: i64 = 60_000_000;
/// What a ticket is signed for; no other use of the keys begins like this.
const PURPOSE: &[u8] = b"ocop look again 1:";
/// Bytes of the signature that stand in the address.
const KEPT: usize = 8;

/// Where the page can be looked at again until the ticket ends. `now` is real time.
pub fn address(mint: &Mint, code: Code, stamp: Minted, now: Moment) -> Result<String> {
    let until = now.microseconds() / MICROSECONDS_A_MINUTE + MINUTES;
    Ok(format!("/t/{code}?again={until}-{}", signature(mint, stamp, until)?))
}

/// Whether this ticket lets the stamp be looked at now.
pub fn is_good(mint: &Mint, stamp: Minted, ticket: &str, now: Moment) -> bool {
    let minute = now.microseconds() / MICROSECONDS_A_MINUTE;
    let Some((until, signed)) = ticket.split_once('-') else { return false };
    let Ok(until) = until.parse::<i64>() else { return false };
    let is_in_time = (minute..=minute + MINUTES).contains(&until);
    is_in_time
        && signature(mint, stamp, until).is_ok_and(|right| {
            aws_lc_rs::constant_time::verify_slices_are_equal(right.as_bytes(), signed.as_bytes()).is_ok()
        })
}

fn signature(mint: &Mint, stamp: Minted, until: i64) -> Result<String> {
    let tag = mint.sign(stamp, PURPOSE, &until.to_be_bytes())?;
    Ok(hexadecimal(&tag.as_ref().iter().take(KEPT).copied().collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::keys::Keyring;
    use chrono::Duration;

    #[test]
    fn a_ticket_is_good_for_its_stamp_and_for_a_while() {
        let keys = Keyring::generate().unwrap();
        let mint = Mint::new(&keys).unwrap();
        let stamp = Minted { order: 7, serial: 1, key_id: keys.stamp_key().unwrap().id };
        let now = Moment::real_now();
        let address = address(&mint, mint.code(stamp).unwrap(), stamp, now).unwrap();
        let ticket = address.split_once("?again=").unwrap().1;
        let is_good = |stamp, minutes| is_good(&mint, stamp, ticket, now.plus(Duration::minutes(minutes)));
        assert!(is_good(stamp, 0) && is_good(stamp, 14));
        assert!(!is_good(stamp, 16) && !is_good(stamp, -5));
        assert!(!is_good(Minted { serial: 2, ..stamp }, 0));
        let (until, signed) = ticket.split_once('-').unwrap();
        let sooner = format!("{}-{signed}", until.parse::<i64>().unwrap() - 1);
        let other = format!("{until}-{}", "0".repeat(signed.len()));
        for wrong in [sooner.as_str(), other.as_str(), until, "", "-", "99999999999999999999-00"] {
            assert!(!super::is_good(&mint, stamp, wrong, now), "{wrong}");
        }
    }
}
