//! Sign-ins, wrong passwords and wrong codes of late (nhật ký đăng nhập), for whose account it is and for administrators. Networks are told,
//! no addresses; of each kind the last hundred of 90 days are kept, however many somebody makes.

pub mod store;

use serde::Serialize;
use utoipa::ToSchema;

use crate::base::Moment;
use crate::base::id::AccountId;

/// What became of a try to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    SignedIn {
        with_code: bool,
    },
    WrongPassword,
    /// The password was right.
    WrongCode,
}

/// Whose tries those for a name are that nobody has: they cost the same as any other.
pub const NOBODY: AccountId = AccountId::from_uuid(uuid::Uuid::nil());

/// A sign-in, or a try with a wrong password or code. Times are real, whatever the clock of the province shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, diesel::Queryable)]
pub struct SignInTry {
    pub at: Moment,
    /// From where: 24 bits of an IPv4 address, 48 of an IPv6 one.
    pub network: String,
    /// False for a wrong password or code.
    pub succeeded: bool,
    /// Whether a code was shown beside the password, or was what was wrong.
    pub with_code: bool,
}

/// How many wrong passwords there were between the last sign-in and the one before it; to whom signed in last, they tell
/// whether somebody else tried.
pub fn failures_before_last(tries: &[SignInTry]) -> usize {
    let mut after_last = tries.iter().skip_while(|one| !one.succeeded).skip(1);
    after_last.by_ref().take_while(|one| !one.succeeded).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_tried_since_the_sign_in_before_is_counted() {
        let tries = |kinds: &str| -> Vec<SignInTry> {
            let one =
                |succeeded| SignInTry { at: Moment::real_now(), network: String::new(), succeeded, with_code: false };
            kinds.chars().map(|kind| one(kind == '+')).collect()
        };
        for (kinds, expected) in [("", 0), ("+", 0), ("+--+", 2), ("--+-+--", 1), ("+---", 3), ("++--", 0)] {
            assert_eq!(failures_before_last(&tries(kinds)), expected, "{kinds}");
        }
    }
}
