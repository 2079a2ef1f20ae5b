//! Results and certificates that a draft may name, in the database.

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use crate::base::id::{AgendaItemId, CycleId, DecisionId, ProductId};
use crate::base::{Result, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::{agenda_items, certificates, councils, decision_items, decisions, dossiers, results};
use crate::decision::certificate_store::Certificate;
use crate::decision::rules::{Kind, State};
use crate::rating::rules::Outcome;

/// The newest results that came to one of these outcomes at the unit's council, or of a dossier of its own, and that no
/// decision of the kind is about.
pub fn undecided(
    connection: &mut AnyConnection,
    kind: Kind,
    outcomes: &[Outcome],
    (unit, cycle): (&UnitCode, Option<CycleId>),
    limit: i64,
) -> Result<Vec<AgendaItemId>> {
    let decided = decision_items::table
        .inner_join(decisions::table)
        .filter(decisions::kind.eq(kind))
        .filter(decisions::state.ne(State::Withdrawn))
        .filter(decision_items::agenda_item_id.eq(agenda_items::id.nullable()))
        .select(decision_items::decision_id);
    let mut query = agenda_items::table
        .inner_join(councils::table.on(councils::id.eq(agenda_items::council_id)))
        .inner_join(dossiers::table.on(dossiers::id.eq(agenda_items::dossier_id)))
        .inner_join(
            results::table
                .on(results::agenda_item_id.eq(agenda_items::id).and(results::attempt.eq(agenda_items::attempt))),
        )
        .filter(results::outcome.eq_any(outcomes.to_vec()))
        .filter(councils::unit_code.eq(unit.clone()).or(dossiers::district_code.assume_not_null().eq(unit.clone())))
        .filter(not(exists(decided)))
        .into_boxed();
    if let Some(cycle) = cycle {
        query = query.filter(councils::cycle_id.eq(cycle));
    }
    Ok(query.order(agenda_items::id.desc()).limit(limit).select(agenda_items::id).load(connection)?)
}

/// The certificates that a unit issued and nobody took back, or is drafting to take back, by number.
pub fn not_taken_back(
    connection: &mut AnyConnection,
    unit: &UnitCode,
    (cycle, product): (Option<CycleId>, Option<ProductId>),
    limit: i64,
) -> Result<Vec<Certificate>> {
    let issued = decisions::table.filter(decisions::unit_code.eq(unit.clone())).select(decisions::id);
    let drafted = decision_items::table
        .inner_join(decisions::table)
        .filter(decisions::kind.eq_any([Kind::Revoke, Kind::CentreRevoke]))
        .filter(decisions::state.eq(State::Draft))
        .filter(decision_items::certificate_id.is_not_null())
        .select(decision_items::certificate_id.assume_not_null());
    let mut query = certificates::table
        .filter(certificates::decision_id.eq_any(issued))
        .filter(certificates::revoked_on.is_null())
        .filter(certificates::id.ne_all(drafted))
        .into_boxed();
    if let Some(cycle) = cycle {
        query = query.filter(certificates::cycle_id.eq(cycle));
    }
    if let Some(product) = product {
        query = query.filter(certificates::product_id.eq(product));
    }
    Ok(query.order(certificates::number).limit(limit).select(Certificate::as_select()).load(connection)?)
}

/// The certificates that a decision made.
pub fn made_by(connection: &mut AnyConnection, decision: DecisionId) -> Result<Vec<Certificate>> {
    Ok(certificates::table
        .filter(certificates::decision_id.eq(decision))
        .order(certificates::number)
        .select(Certificate::as_select())
        .load(connection)?)
}
