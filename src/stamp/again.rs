//! A stamp's page that was counted may be shown to the same visitor again for a while without being counted again: in the
//! other language, or after a form. The ticket for that stands in the address. It is good for one stamp and from one
//! address, so that nobody can lead others to a page that is not counted; and it ends by itself, for a page that was shown
//! by it leads on with the same one.

use crate::base::keys::hexadecimal;
use crate::base::{Moment, Result};
use crate::http::ClientAddress;
use crate::stamp::code::{Mint, Minted};
use crate::stamp::visitor::leading;

/// How long a ticket is good, in minutes.
const MINUTES: i64 = 15;
const MICROSECONDS_A_MINUTE: i64 = 60_000_000;
/// What a ticket is signed for; no other use of the keys begins like this.
const PURPOSE: &[u8] = b"ocop look again 2:";
/// Bytes of the signature that stand in the address.
const KEPT: usize = 8;

/// A ticket for this visitor. `now` is real time.
pub fn ticket(mint: &Mint, stamp: Minted, visitor: ClientAddress, now: Moment) -> Result<String> {
    let until = now.microseconds() / MICROSECONDS_A_MINUTE + MINUTES;
    Ok(format!("{until}-{}", signature(mint, stamp, visitor, until)?))
}

/// Whether this ticket lets the visitor look at the stamp now.
pub fn is_good(mint: &Mint, stamp: Minted, visitor: ClientAddress, ticket: &str, now: Moment) -> bool {
    let minute = now.microseconds() / MICROSECONDS_A_MINUTE;
    let Some((until, signed)) = ticket.split_once('-') else { return false };
    let Ok(until) = until.parse::<i64>() else { return false };
    let is_in_time = (minute..=minute + MINUTES).contains(&until);
    is_in_time
        && signature(mint, stamp, visitor, until).is_ok_and(|right| {
            aws_lc_rs::constant_time::verify_slices_are_equal(right.as_bytes(), signed.as_bytes()).is_ok()
        })
}

fn signature(mint: &Mint, stamp: Minted, visitor: ClientAddress, until: i64) -> Result<String> {
    let said = [until.to_be_bytes().as_slice(), &leading(visitor.visitor())].concat();
    let tag = mint.sign(stamp, PURPOSE, &said)?;
    Ok(hexadecimal(&tag.as_ref().iter().take(KEPT).copied().collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::keys::Keyring;
    use chrono::Duration;

    #[test]
    fn a_ticket_is_good_for_its_stamp_and_visitor_and_for_a_while() {
        let keys = Keyring::generate().unwrap();
        let mint = Mint::new(&keys).unwrap();
        let stamp = Minted { order: 7, serial: 1, key_id: keys.stamp_key().unwrap().id };
        let now = Moment::real_now();
        let visitor = ClientAddress::new("203.0.113.7".parse().unwrap());
        let ticket = ticket(&mint, stamp, visitor, now).unwrap();
        let is_good = |stamp, minutes| is_good(&mint, stamp, visitor, &ticket, now.plus(Duration::minutes(minutes)));
        assert!(is_good(stamp, 0) && is_good(stamp, 14));
        assert!(!is_good(stamp, 16) && !is_good(stamp, -5));
        assert!(!is_good(Minted { serial: 2, ..stamp }, 0));
        let other = ClientAddress::new("203.0.113.8".parse().unwrap());
        assert!(!super::is_good(&mint, stamp, other, &ticket, now), "another visitor's");
        let (until, signed) = ticket.split_once('-').unwrap();
        let later = format!("{}-{signed}", until.parse::<i64>().unwrap() - 1);
        let made_up = format!("{until}-{}", "0".repeat(signed.len()));
        for wrong in [later.as_str(), made_up.as_str(), until, "", "-", "99999999999999999999-00"] {
            assert!(!super::is_good(&mint, stamp, visitor, wrong, now), "{wrong}");
        }
    }
}
