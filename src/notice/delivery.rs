//! Hands one letter over, and tells what came of it.

use crate::base::Result;
use crate::http::App;
use crate::notice::post::{Letter, PostOffice};
use crate::notice::rules::{self, Failure, Outcome, State};

/// Whether the server could be spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    Reached,
    Unreachable,
}

/// Hands a letter over in the attempt of this number, and tells what came of it.
pub async fn deliver(
    app: &App,
    office: &PostOffice,
    (to, letter): (&str, Letter),
    attempt: i32,
) -> Result<(Outcome, Reach)> {
    let Err(failure) = office.deliver(to, letter).await? else {
        return Ok((Outcome { state: State::Sent, next_at: None, failure: None }, Reach::Reached));
    };
    let (state, next_at) = rules::after(failure, attempt, app.clock.now());
    let reach = if matches!(failure, Failure::Unreachable(_)) { Reach::Unreachable } else { Reach::Reached };
    Ok((Outcome { state, next_at, failure: Some(failure.told()) }, reach))
}
