//! How many wrong scratch codes are taken; pure.
//!
//! Eight digits are 100,000,000 codes, so each try of somebody who guesses is right with 1 in 10^8. The first 100 wrong ones of
//! a stamp on a day therefore find its digits with 10^-6. Beyond them a network has one try, and only after it had the
//! stamp's page open, up to 1,000: with 10^-5 on a day on which 900 networks opened that page, which makes the stamp
//! suspect long before. What strangers try from other networks is so in the buyer's way only where 200 addresses or more came to
//! the same stamp after the buyer did (`rules/visitors.rs`).

/// Wrong ones of a stamp from one network on a day; who mistypes has a few.
pub const OF_NETWORK: i32 = 5;
/// Wrong ones of a stamp on a day that anybody may send.
const OF_STAMP: i32 = 100;
/// Wrong ones of a stamp on a day in all.
const OF_STAMP_IN_ALL: i32 = 1000;

/// What was tried today, and who tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tries {
    pub of_stamp: i32,
    pub of_network: i32,
    /// Whether this visitor had the stamp's page open today.
    pub has_page: bool,
}

impl Tries {
    /// How many wrong ones this network may still send.
    pub fn left(self) -> i32 {
        let own = (OF_NETWORK - self.of_network).max(0);
        if self.of_stamp < OF_STAMP {
            own
        } else if self.has_page && self.of_network == 0 && self.of_stamp < OF_STAMP_IN_ALL {
            1
        } else {
            0
        }
    }

    /// The same after this one was wrong.
    pub fn after_wrong(self) -> Self {
        Self { of_stamp: self.of_stamp + 1, of_network: self.of_network + 1, ..self }
    }

    /// Whether it depends on the page being open.
    pub fn is_crowded(of_stamp: i32) -> bool {
        of_stamp >= OF_STAMP
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(of_stamp: i32, of_network: i32, has_page: bool) -> i32 {
        Tries { of_stamp, of_network, has_page }.left()
    }

    #[test]
    fn a_network_has_five_whatever_others_try() {
        assert_eq!((left(0, 0, false), left(4, 4, false), left(5, 5, true)), (5, 1, 0));
        assert_eq!(left(OF_STAMP - 1, 0, false), 5, "strangers are not in the way");
    }

    #[test]
    fn beyond_a_hundred_the_buyer_has_one_and_a_guesser_no_more() {
        assert_eq!((left(OF_STAMP, 0, true), left(OF_STAMP, 1, true), left(OF_STAMP, 0, false)), (1, 0, 0));
        assert_eq!((left(OF_STAMP_IN_ALL - 1, 0, true), left(OF_STAMP_IN_ALL, 0, true)), (1, 0));
    }

    #[test]
    fn no_day_of_guessing_is_worth_it() {
        let codes = 1e8;
        assert!(f64::from(OF_STAMP) / codes <= 1e-6);
        assert!(f64::from(OF_STAMP_IN_ALL) / codes <= 1e-5);
        let mut tries = Tries { of_stamp: 0, of_network: 0, has_page: true };
        let mut sent = 0;
        while tries.left() > 0 {
            (tries, sent) = (tries.after_wrong(), sent + 1);
        }
        assert_eq!(sent, OF_NETWORK);
    }
}
