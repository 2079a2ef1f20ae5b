//! What a tablet keeps of marks, and of what was typed on a visit, that could not be sent: in a place that is called by nobody's name, under a key that only the
//! account's own page has, today and tomorrow. Tablets are borrowed: whoever signs in next is given another place and other keys.

use crate::base::id::AccountId;
use crate::base::keys::{Keyring, hexadecimal};
use crate::base::{Day, Result};

const KEY_OF_A_DAY: &str = "ocop-waiting-marks";
const PLACE: &str = "ocop-waiting-marks-place";

/// A day and the key of what was kept on it, in hexadecimal digits (AES-256).
pub type KeyOfDay = (String, String);

/// The keys of an account: of today, in which it keeps, and of yesterday, which still opens.
pub fn keys(keys: &Keyring, account: AccountId, today: Day) -> Result<[KeyOfDay; 2]> {
    let of = |day: Day| -> Result<KeyOfDay> {
        let digest = keys.digest(KEY_OF_A_DAY, format!("{account} {day}").as_bytes())?;
        Ok((day.to_string(), hexadecimal(&digest)))
    };
    Ok([of(today)?, of(today.plus_days(-1))?])
}

/// Where what an account set waits, of an attempt at an item, or of a visit: a name from which nobody learns of either.
pub fn place(keys: &Keyring, account: AccountId, of: &str) -> Result<String> {
    let mut digits = hexadecimal(&keys.digest(PLACE, format!("{account} {of}").as_bytes())?);
    digits.truncate(32);
    Ok(digits)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_account_day_and_item_has_its_own_and_yesterdays_key_is_the_one_of_that_day() {
        let ring = Keyring::generate().unwrap();
        let (one, other) = (AccountId::new(), AccountId::new());
        let (today, tomorrow): (Day, Day) = ("2026-11-26".parse().unwrap(), "2026-11-27".parse().unwrap());
        assert_eq!(keys(&ring, one, today).unwrap()[0], keys(&ring, one, tomorrow).unwrap()[1]);
        let all = [keys(&ring, one, tomorrow).unwrap(), keys(&ring, other, tomorrow).unwrap()];
        assert_eq!(all.iter().flatten().map(|(_, key)| key).collect::<BTreeSet<_>>().len(), 4);
        assert!(all.iter().flatten().all(|(_, key)| key.len() == 64));
        let places =
            [(one, "a 1"), (one, "a 2"), (other, "a 1")].map(|(account, of)| place(&ring, account, of).unwrap());
        assert_eq!(places.iter().collect::<BTreeSet<_>>().len(), 3);
    }
}
