//! Refusals: which statuses an operation can refuse with follows from what kind of operation it is.

use utoipa::openapi::content::Content;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::Ref;

use crate::http::openapi::header;

/// What of an operation decides how it can be refused.
pub struct Traits {
    pub is_public: bool,
    pub writes: bool,
    /// Its path has a variable part.
    pub names_one: bool,
    pub needs_version: bool,
    /// What it is about is named by a parameter or in its body: another may be unknown, or have changed since.
    pub names_others: bool,
}

/// A refusal that operations share.
pub struct Refusal {
    pub status: &'static str,
    /// Its name among the document's answers.
    pub name: &'static str,
    meaning: &'static str,
    /// A header that comes with it, and what it says.
    header: Option<(&'static str, &'static str)>,
    applies: fn(&Traits) -> bool,
}

const LATER: Option<(&str, &str)> = Some(("Retry-After", "How many seconds to wait."));

/// All refusals, by status.
pub const ALL: [Refusal; 13] = [
    plain("400", "Malformed", "The request cannot be read.", |_| true),
    Refusal {
        header: Some(("WWW-Authenticate", "How to sign in.")),
        ..plain("401", "Unauthenticated", "Nobody is signed in, or not any more.", |traits| {
            !traits.is_public || traits.writes
        })
    },
    plain("403", "Forbidden", "Others may do this.", |traits| !traits.is_public),
    plain("404", "Unknown", "There is no such thing, or none that the asker may know of.", |traits| {
        traits.names_one || traits.names_others || !traits.is_public
    }),
    plain("409", "Conflict", "Its state does not allow this.", |traits| traits.writes || traits.names_one),
    plain("412", "Stale", "It has changed since the version that was named.", |traits| {
        traits.needs_version || (traits.names_others && traits.writes)
    }),
    plain("413", "TooLarge", "The body is too large.", |traits| traits.writes),
    plain("415", "UnsupportedMedia", "The body's media type is not taken.", |traits| traits.writes),
    plain("422", "Invalid", "Something does not fit; `errors` says where.", |_| true),
    plain("428", "ConditionMissing", "`If-Match` is missing.", |traits| traits.needs_version),
    Refusal { header: LATER, ..plain("429", "TooMany", "Too many requests; again later.", |traits| traits.writes) },
    plain("500", "Failed", "The service failed; nothing was written.", |_| true),
    Refusal { header: LATER, ..plain("503", "Unavailable", "The service is busy; again in a moment.", |_| true) },
];

const fn plain(
    status: &'static str,
    name: &'static str,
    meaning: &'static str,
    applies: fn(&Traits) -> bool,
) -> Refusal {
    Refusal { status, name, meaning, header: None, applies }
}

impl Refusal {
    /// Whether such an operation can be refused so.
    pub fn applies(&self, traits: &Traits) -> bool {
        (self.applies)(traits)
    }

    /// The answer, to which operations refer by its name.
    pub fn answer(&self) -> Response {
        let body = Content::new(Some(Ref::from_schema_name("ProblemDetails")));
        let answer = ResponseBuilder::new().description(self.meaning).content("application/problem+json", body);
        match self.header {
            Some((name, meaning)) => answer.header(name, header(meaning)).build(),
            None => answer.build(),
        }
    }
}
