//! The one error type. It knows what went wrong, not how it is sent: `http::problem` turns it into an answer.

use std::fmt;

use crate::base::message::{Label, Message, say};
use crate::base::states;

const WRONG_STATE: &str = "wrong_state";

/// What is wrong with one place of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// A JSON pointer into the body (`/finance/0/own`), or the name of a query parameter.
    pub pointer: String,
    pub code: &'static str,
    pub detail: Message,
}

impl Fault {
    pub fn new(pointer: impl Into<String>, code: &'static str, detail: Message) -> Self {
        Self { pointer: pointer.into(), code, detail }
    }
}

/// Why a request was refused, coarse enough to become a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// The request cannot be read at all.
    Malformed,
    /// Nobody is signed in, or the sign-in is not valid.
    Unauthenticated,
    /// The asker may know of the thing, but not do this.
    Forbidden,
    /// There is no such thing, or the asker may not know of it.
    Unknown,
    /// The thing's state, or another thing, stands against it.
    Conflict,
    /// The version named is not the present one.
    Stale,
    /// The version was not named.
    ConditionMissing,
    TooLarge,
    AddressTooLong,
    HeadTooLarge,
    TooSlow,
    /// There is no room for it, or the asker has used up theirs.
    StorageFull,
    UnsupportedMedia,
    /// Readable, but wrong.
    Invalid,
    /// Too often for now; it is worth to come back after so many seconds.
    TooSoon(i64),
    /// Try again later.
    Unavailable,
}

/// A refusal that the asker can act upon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub kind: Kind,
    /// Stable, for programs.
    pub code: &'static str,
    pub detail: Message,
    pub faults: Vec<Fault>,
}

/// Everything that can go wrong.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    #[error("{}", .0.detail.en)]
    Refused(Box<Refusal>),
    /// Ours to mend; its text is for the log and never reaches an asker.
    #[error("internal: {0}")]
    Internal(String),
}

impl Error {
    pub fn refused(kind: Kind, code: &'static str, detail: Message) -> Self {
        Self::Refused(Box::new(Refusal { kind, code, detail, faults: Vec::new() }))
    }

    pub fn internal(what: impl fmt::Display) -> Self {
        Self::Internal(what.to_string())
    }

    /// What stands against a command, for the person at its line: in both languages, for none was asked for.
    pub fn at_hand(what: Message) -> Self {
        Self::Internal(format!("{}\n{}", what.en, what.vi))
    }

    /// The refusal of one item of a list, saying which.
    pub fn of_item(self, index: usize) -> Self {
        let Self::Refused(mut refusal) = self else { return self };
        let place = format!("/items/{index}");
        if refusal.faults.is_empty() {
            let fault = Fault::new(place, refusal.code, refusal.detail.clone());
            refusal.faults.push(fault);
        } else {
            for fault in &mut refusal.faults {
                fault.pointer = format!("{place}{}", fault.pointer);
            }
        }
        Self::Refused(refusal)
    }

    /// There is no such thing, or the asker may not know of it: the two cannot be told apart.
    pub fn unknown() -> Self {
        Self::refused(Kind::Unknown, "not_found", say("Không tìm thấy.", "There is no such thing."))
    }

    /// The asker may see this but not do it.
    pub fn forbidden(detail: Message) -> Self {
        Self::refused(Kind::Forbidden, "forbidden", detail)
    }

    pub fn conflict(code: &'static str, detail: Message) -> Self {
        Self::refused(Kind::Conflict, code, detail)
    }

    /// The state of the thing stands against what is to be done.
    pub fn wrong_state(state: &str) -> Self {
        let state = states::called(state);
        Self::conflict(
            WRONG_STATE,
            say(
                format!("Khi đang ở trạng thái “{}” thì không làm được việc này.", state.vi),
                format!("This is not possible in the state \"{}\".", state.en),
            ),
        )
    }

    /// The same, where the state stands against a step, with what the step is called.
    pub fn of_step(self, step: Label) -> Self {
        let Self::Refused(refusal) = self else { return self };
        if refusal.code != WRONG_STATE {
            return Self::Refused(refusal);
        }
        let Message { vi, en } = refusal.detail;
        let detail = say(
            format!("{}: “{}”.", vi.trim_end_matches('.'), step.vi),
            format!("{}: \"{}\".", en.trim_end_matches('.'), step.en),
        );
        Self::Refused(Box::new(Refusal { detail, ..*refusal }))
    }

    /// One place of the input is wrong.
    pub fn invalid(pointer: impl Into<String>, code: &'static str, detail: Message) -> Self {
        Self::faults(vec![Fault::new(pointer, code, detail)])
    }

    /// Several places of the input are wrong.
    pub fn faults(faults: Vec<Fault>) -> Self {
        Self::Refused(Box::new(Refusal {
            kind: Kind::Invalid,
            code: "invalid",
            detail: say("Dữ liệu chưa hợp lệ.", "The input is not valid."),
            faults,
        }))
    }

    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Internal(_) => None,
        }
    }
}

/// Ends a validation: nothing found is fine.
pub trait Faults {
    fn into_result(self) -> Result<(), Error>;
}

impl Faults for Vec<Fault> {
    fn into_result(self) -> Result<(), Error> {
        if self.is_empty() { Ok(()) } else { Err(Error::faults(self)) }
    }
}
