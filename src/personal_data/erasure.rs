//! The erasure of what is held of a person: what no law asks for goes, what stays is told with its reason.

use crate::account::{Work, erasure_store};
use crate::audit::{self, Resource, StepName, StepTaken};
use crate::base::{BothLanguages, Message, Result};
use crate::personal_data::finding::{self, HeldRow, Holding};
use crate::personal_data::person_store::{self, Known};
use crate::personal_data::rules::must_have_ended;
use crate::personal_data::store::{ErasedPart, ErasureOutcome, LeftPart, RequestRow};
use crate::producer::registration;
use crate::stamp::doubts;

/// Erases what is held of the request's person, and tells what went and what is left. 409 while an account of theirs is in use.
pub fn erase(work: &mut Work, request: &RequestRow) -> Result<ErasureOutcome> {
    let mut known = person_store::known(work.connection, request)?;
    must_have_ended(known.accounts.iter().all(|account| account.ended_at.is_some()))?;
    let before = finding::held(work.connection, &known)?;
    let keeps_name = finding::acted(&known, &before);
    erase_accounts(work, &known, keeps_name)?;
    let gone = registration::steps::erase_now(work.connection, &known.registrations, work.now)?;
    known.registrations.retain(|id| !gone.contains(id));
    known.applications.retain(|id| !gone.contains(id));
    doubts::store::forget_contacts_of(work.connection, &known.doubts)?;
    let after = finding::held(work.connection, &known)?;
    Ok(ErasureOutcome { erased: erased(&before, &after), kept: left(&after) })
}

/// The accounts' own rows; each is a step of its account that the service takes in the administrator's name.
fn erase_accounts(work: &mut Work, known: &Known, keeps_name: bool) -> Result<()> {
    for account in &known.accounts {
        if !erasure_store::erase(work.connection, account, keeps_name)? {
            continue;
        }
        let entry = StepTaken {
            resource: Resource::Account,
            id: account.id,
            version: account.version + 1,
            account: Some(work.actor.id),
            verb: const { StepName::new("erase") },
            from: None,
            to: None,
            note: None,
        };
        audit::record(work.connection, work.now, entry)?;
    }
    Ok(())
}

/// Of each kind how many rows are not as they were.
fn erased(before: &[Holding], after: &[Holding]) -> Vec<ErasedPart> {
    let part = |(before, after): (&Holding, &Holding)| {
        let mut left: Vec<&HeldRow> = after.rows.iter().collect();
        let changed = before.rows.iter().filter(|row| match left.iter().position(|other| other == row) {
            Some(place) => {
                left.swap_remove(place);
                false
            }
            None => true,
        });
        let withheld = before.places() - before.rows.len();
        let withheld_left = after.places() - after.rows.len();
        let places = changed.count() + withheld.saturating_sub(withheld_left);
        (places > 0).then(|| ErasedPart { what: BothLanguages::from(&Message::from(before.kept.what)), places })
    };
    before.iter().zip(after).filter_map(part).collect()
}

/// What is left, by the record's own reasons.
fn left(after: &[Holding]) -> Vec<LeftPart> {
    let part = |holding: &Holding| LeftPart {
        what: BothLanguages::from(&Message::from(holding.kept.what)),
        why: BothLanguages::from(&Message::from(holding.kept.why)),
        term: BothLanguages::from(&holding.kept.term.told()),
        tables: holding.tables(),
        places: holding.places(),
    };
    after.iter().filter(|holding| holding.places() > 0).map(part).collect()
}
