//! What accounts were refused, in the log: whoever tries what is not theirs shows there. Whose account it is and which route was
//! asked is told, no address, which may hold a secret. A program that goes on being refused fills no disk.

use std::num::NonZeroU32;
use std::sync::LazyLock;
use std::time::Duration;

use actix_web::http::Method;
use governor::clock::{Clock, DefaultClock};

use crate::base::id::AccountId;
use crate::base::{Error, Kind};
use crate::http::allowance::counts::Counts;
use crate::http::allowance::table::Rate;
use crate::http::{Problem, Request};

/// So many lines of an account at once, and then one a minute.
const RATE: Rate = Rate { at_once: NonZeroU32::MIN.saturating_add(19), one_each: Duration::from_secs(60) };

static LINES: LazyLock<Option<Counts<AccountId, DefaultClock>>> =
    LazyLock::new(|| Counts::new(RATE, DefaultClock::default()).ok());

/// What an account asked, as the log tells it; none is known where a session is shown that nobody looked up yet.
#[derive(Debug, Clone)]
pub struct Seen {
    account: Option<AccountId>,
    method: Method,
    route: String,
}

impl Seen {
    pub fn of(request: &Request, account: Option<AccountId>) -> Self {
        Self { account, method: request.method.clone(), route: request.route.clone() }
    }

    /// What was answered; a refusal of the account's rights is written down.
    pub fn noted<T>(&self, answered: Result<T, Problem>) -> Result<T, Problem> {
        if let (Some(account), Err(Problem(error))) = (self.account, &answered)
            && let Some(code) = told(error)
            && has_line(LINES.as_ref(), account)
        {
            tracing::warn!(%account, code, method = %self.method, route = %self.route, "an account was refused");
        }
        answered
    }
}

/// The code of a refusal that is written down: who is not let in, what is not theirs, what is asked too often.
fn told(error: &Error) -> Option<&'static str> {
    let refusal = error.refusal()?;
    matches!(refusal.kind, Kind::Unauthenticated | Kind::Forbidden | Kind::TooSoon(_)).then_some(refusal.code)
}

fn has_line<C: Clock>(lines: Option<&Counts<AccountId, C>>, account: AccountId) -> bool {
    lines.is_none_or(|lines| lines.take(&account).is_ok())
}

/// Forgets who was refused long ago.
pub fn forget_old() {
    if let Some(lines) = LINES.as_ref() {
        lines.forget_old();
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;
    use crate::base::say;

    #[test]
    fn an_account_that_goes_on_being_refused_takes_few_lines() {
        let clock = FakeRelativeClock::default();
        let lines = Counts::new(RATE, clock.clone()).unwrap();
        let written = |account| (0..1000).filter(|_| has_line(Some(&lines), account)).count();
        let (one, other) = (AccountId::new(), AccountId::new());
        assert_eq!((written(one), written(other), written(one)), (20, 20, 0));
        clock.advance(Duration::from_secs(60));
        assert_eq!(written(one), 1);
    }

    #[test]
    fn what_is_mistyped_or_missing_is_no_refusal_of_rights() {
        let refused = |kind| told(&Error::refused(kind, "x", say("x", "x")));
        for kind in [Kind::Unauthenticated, Kind::Forbidden, Kind::TooSoon(1)] {
            assert_eq!(refused(kind), Some("x"));
        }
        for kind in [Kind::Unknown, Kind::Conflict, Kind::Invalid, Kind::Unavailable] {
            assert_eq!(refused(kind), None);
        }
        assert_eq!(told(&Error::internal("x")), None);
    }
}
