//! What waits of inspections: visits for their teams, orders for producers, conclusions for the office, and certificates that a
//! conclusion proposes to take back.

use crate::account::{Role, Work};
use crate::base::Result;
use crate::base::id::ProductId;
use crate::inspection::rules::{State, can_be_taken_back};
use crate::inspection::store::Waiting;
use crate::inspection::view::proposal_due;
use crate::inspection::{Inspection, store, visit};
use crate::station::{Label, label};
use crate::task::gather::{MOST, Waits, offered};
use crate::task::rules::{self, Due, WaitingStep};
use crate::{dossier, product};

/// Steps that bring an inspection on its way.
const ONWARDS: &[&str] = &["visit", "sign", "reply", "follow-up", "conclude"];

/// What is left of one that was planned and whose days went by.
const LAPSED: &[&str] = &["change"];

/// Inspections that wait for who asks.
pub fn steps(work: &mut Work) -> Result<Vec<WaitingStep>> {
    if !work.actor.is(&[Role::ProvincialOfficer, Role::Inspector, Role::Producer]) {
        return Ok(Vec::new());
    }
    let (territory, today) = (work.actor.territory(), work.now.day());
    let whose = if work.actor.producer.is_some() {
        Waiting::ForProducers
    } else if work.actor.is(&[Role::ProvincialOfficer]) {
        Waiting::ForOffices
    } else {
        Waiting::ForTeamsOf(work.actor.id)
    };
    let rows = store::waiting(work.connection, &territory, whose, today, MOST)?;
    let found = Inspection::around(work, rows)?;
    let products: Vec<ProductId> = found.iter().map(|inspection| inspection.row.product_id).collect();
    let names = product::store::names(work.connection, &products)?;
    let mut tasks = Vec::new();
    for inspection in &found {
        // What is not filled in yet cannot be signed.
        let is_to_be_filled = inspection.row.state == State::Visiting && visit::unanswered(inspection)? > 0;
        let onwards: &[&str] = if is_to_be_filled { &["fill"] } else { ONWARDS };
        let onwards = offered(work, inspection, onwards)?;
        let is_lapsed = inspection.row.state == State::Planned && inspection.row.ends_on < today;
        let Some(step) = (if is_lapsed { offered(work, inspection, LAPSED)? } else { onwards }) else { continue };
        let name = names.get(&inspection.row.product_id).cloned().unwrap_or_default();
        tasks.push(Waits { name, step, due: due(inspection), returned: false }.for_thing(work, inspection));
    }
    Ok(tasks)
}

fn due(inspection: &Inspection) -> Option<Due> {
    let row = &inspection.row;
    match row.state {
        State::Planned | State::Visiting => Some(rules::inspected_until(row.ends_on)),
        _ => row.due_on.map(rules::corrected_by),
    }
}

const TAKE_BACK: Label = label(
    "Ra quyết định thu hồi giấy chứng nhận theo kết luận",
    "Take the certificate back, as the conclusion proposes",
);

/// Certificates in force that a conclusion proposes to take back, for who drafts the decision and for who signs it.
pub fn proposals(work: &mut Work) -> Result<Vec<WaitingStep>> {
    let is_of_province = work.actor.territory() == crate::account::Territory::Province;
    if !is_of_province || !work.actor.is(&[Role::ProvincialOfficer, Role::Signatory]) {
        return Ok(Vec::new());
    }
    let today = work.now.day();
    let rows = store::proposing(work.connection, MOST)?;
    let products: Vec<ProductId> = rows.iter().map(|row| row.product_id).collect();
    let certificates = dossier::store::latest_certificates(work.connection, &products)?;
    let names = product::store::names(work.connection, &products)?;
    let mut tasks = Vec::new();
    for inspection in &Inspection::around(work, rows)? {
        let row = &inspection.row;
        let Some(concluded_on) = row.concluded_on else { continue };
        let latest = certificates.get(&row.product_id);
        let stands = latest.is_some_and(|latest| can_be_taken_back(*latest, concluded_on, today));
        if !stands {
            continue;
        }
        let due = proposal_due(concluded_on)?.map(|(due_on, within_days)| rules::revocation(due_on, within_days));
        let name = names.get(&row.product_id).cloned().unwrap_or_default();
        let waits = Waits { name, step: ("take-back", TAKE_BACK), due, returned: false };
        tasks.push(waits.for_thing(work, inspection));
    }
    Ok(tasks)
}
