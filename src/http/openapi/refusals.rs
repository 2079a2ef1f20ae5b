//! Refusals: which statuses and codes an operation can refuse with follows from what kind of operation it is; what its own
//! rules add stands in `refusals.csv`. The tests hold every refusal of the service against both.

use std::collections::{BTreeMap, BTreeSet};

use utoipa::openapi::RefOr;
use utoipa::openapi::content::Content;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::Ref;

use crate::http::openapi::{header, headers};

/// The codes of an answer, as programs find them.
const CODES: &str = "x-codes";

/// What of an operation decides how it can be refused.
pub struct Traits {
    pub is_public: bool,
    pub writes: bool,
    /// Its path has a variable part.
    pub names_one: bool,
    pub needs_version: bool,
    /// It heeds an `Idempotency-Key`.
    pub is_keyed: bool,
    /// It may be asked so often only.
    pub is_rationed: bool,
    /// A file comes with it.
    pub takes_file: bool,
    /// What it is about is named by a parameter or in its body: another may be unknown, or have changed since.
    pub names_others: bool,
}

/// A refusal that operations share.
struct Refusal {
    status: &'static str,
    /// Its name among the document's answers.
    name: &'static str,
    meaning: &'static str,
    /// Those that it has wherever it applies.
    codes: &'static [&'static str],
    /// A header that comes with it, and what it says.
    header: Option<(&'static str, &'static str)>,
    /// Whether every operation of this kind can be refused so.
    applies: fn(&Traits) -> bool,
}

const LATER: Option<(&str, &str)> = Some(("Retry-After", "How many seconds to wait."));

/// What is wrong with the parameters of whatever is asked.
const OF_PARAMETERS: &[&str] = &[
    "invalid",
    "malformed_cursor",
    "malformed_parameter",
    "nul_character",
    "out_of_range",
    "repeated",
    "too_long",
    "unknown_parameter",
];

/// What is wrong with the shape of whatever is sent, or with its key.
const OF_BODIES: &[&str] = &[
    "control_character",
    "idempotency_key_not_taken",
    "idempotency_key_reused",
    "invalid",
    "malformed_idempotency_key",
    "malformed_json",
    "malformed_parameter",
    "not_allowed",
    "not_text",
    "nul_character",
    "out_of_range",
    "repeated",
    "required",
    "too_long",
    "too_many",
    "unknown_field",
    "unknown_parameter",
    "wrong_type",
];

/// All refusals, by status.
const ALL: [Refusal; 18] = [
    plain("400", "Malformed", "The request cannot be read.", &["malformed", "malformed_json"], |_| true),
    Refusal {
        header: Some(("WWW-Authenticate", "How to sign in.")),
        ..plain("401", "Unauthenticated", "Nobody is signed in, or not any more.", &["unauthenticated"], |traits| {
            !traits.is_public || traits.writes
        })
    },
    plain("403", "Forbidden", "Others may do this.", &["forbidden", "second_factor_not_set_up"], |traits| {
        !traits.is_public
    }),
    plain("404", "Unknown", "There is no such thing, or none that the asker may know of.", &["not_found"], |traits| {
        traits.names_one || traits.names_others || !traits.is_public
    }),
    plain("408", "TooSlow", "The body came too slowly.", &["too_slow"], |traits| traits.writes),
    plain("409", "Conflict", "Its state does not allow this.", &["already_exists", "wrong_state"], |traits| {
        traits.writes || traits.names_one
    }),
    plain("412", "Stale", "It has changed since the version that was named.", &["stale_version"], |traits| {
        traits.needs_version || (traits.names_others && traits.writes)
    }),
    plain("413", "TooLarge", "The body is too large.", &["too_large"], |traits| traits.writes),
    plain("414", "AddressTooLong", "The address is too long.", &["address_too_long"], |_| true),
    plain(
        "415",
        "UnsupportedMedia",
        "The body's media type or encoding is not taken.",
        &["not_json", "unsupported_encoding"],
        |traits| traits.writes,
    ),
    plain("422", "InvalidQuery", "Something does not fit; `errors` says where.", OF_PARAMETERS, |traits| {
        !traits.writes
    }),
    plain("422", "Invalid", "Something does not fit; `errors` says where.", OF_BODIES, |traits| traits.writes),
    plain("428", "ConditionMissing", "`If-Match` is missing.", &["if_match_required"], |traits| traits.needs_version),
    Refusal {
        header: LATER,
        ..plain("429", "TooMany", "Too many requests; again later.", &["too_often"], |traits| traits.is_rationed)
    },
    plain("431", "HeadTooLarge", "The headers are too large.", &["head_too_large"], |_| true),
    plain("500", "Failed", "The service failed; nothing was written.", &["internal"], |_| true),
    Refusal {
        header: LATER,
        ..plain(
            "503",
            "Unavailable",
            "The service cannot do it now; again in a moment.",
            &["busy", "database_unwritable"],
            |_| true,
        )
    },
    plain("507", "StorageFull", "There is no room for the file.", &["storage_full"], |traits| traits.takes_file),
];

const fn plain(
    status: &'static str,
    name: &'static str,
    meaning: &'static str,
    codes: &'static [&'static str],
    applies: fn(&Traits) -> bool,
) -> Refusal {
    Refusal { status, name, meaning, codes, header: None, applies }
}

/// The refusals that operations have in common, by the names under which they refer to them.
pub fn shared() -> impl Iterator<Item = (String, RefOr<Response>)> {
    let common = ALL.iter().filter(|refusal| !refusal.codes.is_empty());
    common.map(|refusal| (refusal.name.to_owned(), refusal.answer(refusal.codes).into()))
}

/// The refusals of an operation, by status: a reference to what others have too, or its own with its codes.
pub fn of(operation: &str, traits: &Traits) -> BTreeMap<String, RefOr<Response>> {
    let own: Vec<(&str, &str)> =
        own().filter(|own| own.0 == operation).map(|(_, status, code)| (status, code)).collect();
    let mut answers = BTreeMap::new();
    for refusal in &ALL {
        let codes = own.iter().filter(|(status, _)| *status == refusal.status).map(|(_, code)| *code);
        let codes: BTreeSet<&str> = codes.collect();
        let is_common = (refusal.applies)(traits);
        let answer = match (codes.is_empty(), is_common) {
            (true, true) => RefOr::Ref(Ref::from_response_name(refusal.name)),
            (true, false) => continue,
            // The two kinds of 422 differ in what is common only, and one of them applies.
            (false, false) if ALL.iter().any(|other| other.status == refusal.status && (other.applies)(traits)) => {
                continue;
            }
            (false, _) => {
                let common = refusal.codes.iter().copied().filter(|_| is_common);
                RefOr::T(refusal.answer(&codes.iter().copied().chain(common).collect::<Vec<_>>()))
            }
        };
        answers.insert(refusal.status.to_owned(), answer);
    }
    answers
}

/// What the rules of single operations add: operation, status and code.
fn own() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    include_str!("refusals.csv").lines().skip(1).filter_map(|line| {
        let (operation, rest) = line.split_once(',')?;
        let (status, code) = rest.split_once(',')?;
        Some((operation, status, code))
    })
}

impl Refusal {
    fn answer(&self, codes: &[&str]) -> Response {
        let codes: BTreeSet<&str> = codes.iter().copied().collect();
        let told = codes.iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(", ");
        let body = Content::new(Some(Ref::from_schema_name("ProblemDetails")));
        let answer = ResponseBuilder::new()
            .description(format!("{} Codes: {told}.", self.meaning))
            .content("application/problem+json", body)
            .extensions(Some(Extensions::from_iter([(CODES, codes.into_iter().collect::<Vec<_>>())])));
        let mut answer = match self.header {
            Some((name, meaning)) => answer.header(name, header(meaning)).build(),
            None => answer.build(),
        };
        headers::tell(&mut answer, &headers::REQUEST_ID);
        answer
    }
}
