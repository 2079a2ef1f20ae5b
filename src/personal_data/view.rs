//! What is shown of a request about one's own data.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{self, Work};
use crate::base::id::{AccountId, PersonalDataRequestId};
use crate::base::{Day, Moment, Result};
use crate::personal_data::PersonalDataRequest;
use crate::personal_data::rules::{self, RecognisedBy, RequestKind, RequestState};
use crate::personal_data::store::ErasureOutcome;
use crate::station::{Shown, Thing};

/// A request about one's own data.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonalDataRequestView {
    id: PersonalDataRequestId,
    version: i32,
    number: i32,
    kind: RequestKind,
    state: RequestState,
    /// Whose data it is about, where that is an account.
    account_id: Option<AccountId>,
    /// Who asks; none once that was erased.
    name: Option<String>,
    /// Where the answer goes, of somebody without an account.
    contact: Option<String>,
    recognised_by: Option<RecognisedBy>,
    /// By which value; of an identity number the last four characters.
    recognised_value: Option<String>,
    identity_check: Option<String>,
    recorded_by: Option<AccountId>,
    reference: Option<String>,
    text: Option<String>,
    received_at: Moment,
    /// The last day for an answer: two working days after the receipt.
    due_on: Day,
    overdue: bool,
    closed_at: Option<Moment>,
    /// What was said: the answer, or why it was refused.
    answer: Option<String>,
    /// What an erasure did away with, and what is kept and why.
    outcome: Option<ErasureOutcome>,
    /// Where the copy is fetched, while it can be.
    export: Option<String>,
    export_until: Option<Moment>,
    erased_at: Option<Moment>,
}

impl PersonalDataRequestView {
    /// What the request is called among others: its number, and who asks.
    pub fn called(&self) -> String {
        self.name.as_ref().map_or_else(|| self.number.to_string(), |name| format!("{} · {name}", self.number))
    }
}

impl Shown for PersonalDataRequest {
    type View = PersonalDataRequestView;

    fn views(work: &mut Work, requests: &[Self]) -> Result<Vec<PersonalDataRequestView>> {
        let ids: Vec<AccountId> = requests.iter().filter_map(|request| request.row.account_id).collect();
        let names = account::store::names(work.connection, &ids)?;
        let now = work.now;
        let view = |request: &Self| {
            let row = request.row.clone();
            let until = rules::export_until(row.kind, row.state, row.closed_at);
            let account = row.account_id.and_then(|id| names.get(&id).cloned());
            PersonalDataRequestView {
                id: row.id,
                version: row.version,
                number: row.number,
                kind: row.kind,
                state: row.state,
                account_id: row.account_id,
                name: row.name.or(account),
                contact: row.contact,
                recognised_by: row.recognised_by,
                recognised_value: row.recognised_by.zip(row.recognised_value).map(|(by, value)| masked(by, value)),
                identity_check: row.identity_check,
                recorded_by: row.recorded_by,
                reference: row.reference,
                text: row.text,
                received_at: row.received_at,
                due_on: row.due_on,
                overdue: rules::is_overdue(row.state, row.due_on, now.day()),
                closed_at: row.closed_at,
                answer: row.answer,
                outcome: row.outcome.map(|outcome| outcome.0),
                export: until
                    .filter(|until| now < *until)
                    .map(|_| format!("/api/v1/{}/{}/export.json", Self::PATH, row.id)),
                export_until: until,
                erased_at: row.erased_at,
            }
        };
        Ok(requests.iter().map(view).collect())
    }
}

/// An identity number is entered once and shown to nobody in full.
fn masked(by: RecognisedBy, value: String) -> String {
    if by != RecognisedBy::IdentityNumber {
        return value;
    }
    let hidden = value.chars().count().saturating_sub(4);
    value.chars().enumerate().map(|(place, letter)| if place < hidden { '•' } else { letter }).collect()
}
