//! The copy of all that is held of a person, made anew each time it is fetched.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::account::Work;
use crate::audit::Resource;
use crate::base::{BothLanguages, Message, Moment, Result};
use crate::personal_data::PersonalDataRequest;
use crate::personal_data::finding::{self, Holding};
use crate::personal_data::person_store::{self, Known};

/// All that is held of a person, by the kinds of the record.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonalDataExport {
    /// The request's number.
    number: i32,
    made_at: Moment,
    parts: Vec<PersonalDataPart>,
}

/// What is held of one kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonalDataPart {
    what: BothLanguages,
    why: BothLanguages,
    term: BothLanguages,
    seen_by: BothLanguages,
    rows: Vec<PersonalDataRow>,
    /// What is the person's and is not given out, with the reason.
    withheld: Vec<BothLanguages>,
    /// What of this kind cannot be told whose it is, with the reason.
    not_attributable: Vec<BothLanguages>,
}

/// A row of the person: what it says of them, and which row it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonalDataRow {
    #[schema(value_type = String)]
    table: &'static str,
    #[schema(value_type = Object)]
    data: Value,
}

/// Makes the copy. Who fetches another's is answered identity numbers, which is written down.
pub fn package(work: &mut Work, request: &PersonalDataRequest) -> Result<PersonalDataExport> {
    let known = person_store::known(work.connection, &request.row)?;
    let holdings = finding::held(work.connection, &known)?;
    if request.row.account_id != Some(work.actor.id) {
        note_readings(work, &known);
    }
    let parts = holdings.into_iter().map(part).collect();
    Ok(PersonalDataExport { number: request.row.number, made_at: work.now, parts })
}

fn part(holding: Holding) -> PersonalDataPart {
    let both = |label| BothLanguages::from(&Message::from(label));
    let Holding { kept, rows, withheld, not_attributable } = holding;
    PersonalDataPart {
        what: both(kept.what),
        why: both(kept.why),
        term: BothLanguages::from(&kept.term.told()),
        seen_by: both(kept.seen_by),
        rows: rows
            .into_iter()
            .map(|row| PersonalDataRow { table: row.table, data: Value::Object(row.values) })
            .collect(),
        withheld: withheld.into_iter().map(|(_, why, _)| both(why)).collect(),
        not_attributable: not_attributable.into_iter().map(both).collect(),
    }
}

fn note_readings(work: &mut Work, known: &Known) {
    for account in known.accounts.iter().filter(|account| account.identity_number.is_some()) {
        work.reads_identity_number(Resource::Account, account.id.any());
    }
    for producer in known.producers.iter().chain(&known.joined) {
        work.reads_identity_number(Resource::Producer, producer.any());
    }
    for registration in &known.registrations {
        work.reads_identity_number(Resource::Registration, registration.any());
    }
}
