//! Decisions and what they are about, in the database.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::audit::store::{Resource, changed_since};
use crate::base::id::{AccountId, AgendaItemId, AnyId, CertificateId, DecisionId};
use crate::base::{Day, Moment, Result, Stars, UnitCode, paper_number};
use crate::db::AnyConnection;
use crate::db::schema::{decision_items, decisions};
use crate::db::settings::take_turn;
use crate::db::types::{Multi, text_column};
use crate::decision::rules::{Ground, Kind, Standing, State};
use crate::decision::signature::rules::{Content, Verdict};
use crate::station::{Stretch, filters};

text_column!(State, Kind, Standing, Ground, Verdict, Content);

/// The history vouches for it as it is serialized: what is added later is left out while it is
/// empty, so that what was recorded before stays the same.
#[derive(Debug, Clone, Serialize, Queryable, Selectable)]
#[diesel(table_name = decisions)]
pub struct Decision {
    pub id: DecisionId,
    #[serde(skip)]
    pub version: i32,
    pub kind: Kind,
    pub unit_code: UnitCode,
    pub state: State,
    pub number: Option<String>,
    pub signed_on: Option<Day>,
    pub reason: Option<String>,
    pub drafted_by: AccountId,
    pub promulgated_by: Option<AccountId>,
    pub promulgated_at: Option<Moment>,
    pub created_at: Moment,
    /// Why certificates are taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ground: Option<Ground>,
    /// The paper that it rests on: its number, who issued it, its day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis_authority: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis_dated: Option<Day>,
    /// How the signed original that was handed in last was judged, and whether it is the draft's own file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_verdict: Option<Verdict>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_content: Option<Content>,
}

/// One thing that a decision is about; serialized as [`Decision`].
#[derive(Debug, Clone, Serialize, Queryable, Selectable)]
#[diesel(table_name = decision_items)]
pub struct Item {
    pub position: i32,
    pub agenda_item_id: Option<AgendaItemId>,
    pub certificate_id: Option<CertificateId>,
    /// The stars that the centre gave.
    pub stars: Option<Stars>,
}

/// A decision as it is drafted.
#[derive(Debug, Clone)]
pub struct Draft {
    pub kind: Kind,
    pub unit: UnitCode,
    pub reason: Option<String>,
    pub ground: Option<Ground>,
    pub rests_on: Option<RestsOn>,
    pub items: Vec<Item>,
}

/// The paper that a revocation rests on: a conclusion, or the commune's confirmation that production ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestsOn {
    pub number: String,
    /// Who issued it.
    pub authority: String,
    pub dated: Day,
}

impl Decision {
    pub fn rests_on(&self) -> Option<RestsOn> {
        let (number, authority) = self.basis_number.clone().zip(self.basis_authority.clone())?;
        Some(RestsOn { number, authority, dated: self.basis_dated? })
    }
}

pub fn find(connection: &mut AnyConnection, id: DecisionId) -> Result<Option<Decision>> {
    Ok(decisions::table.find(id).select(Decision::as_select()).first(connection).optional()?)
}

/// Finds a decision and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: DecisionId) -> Result<Option<Decision>> {
    diesel::update(decisions::table.find(id)).set(decisions::version.eq(decisions::version)).execute(connection)?;
    find(connection, id)
}

pub fn items(connection: &mut AnyConnection, id: DecisionId) -> Result<Vec<Item>> {
    Ok(decision_items::table
        .filter(decision_items::decision_id.eq(id))
        .order(decision_items::position)
        .select(Item::as_select())
        .load(connection)?)
}

/// What each of these decisions is about, in its order.
pub fn items_of(connection: &mut AnyConnection, ids: &[DecisionId]) -> Result<BTreeMap<DecisionId, Vec<Item>>> {
    let rows: Vec<(DecisionId, Item)> = decision_items::table
        .filter(decision_items::decision_id.eq_any(ids.to_vec()))
        .order((decision_items::decision_id, decision_items::position))
        .select((decision_items::decision_id, Item::as_select()))
        .load(connection)?;
    let mut items: BTreeMap<DecisionId, Vec<Item>> = BTreeMap::new();
    for (decision, item) in rows {
        items.entry(decision).or_default().push(item);
    }
    Ok(items)
}

pub fn insert(connection: &mut AnyConnection, draft: Draft, by: AccountId, now: Moment) -> Result<DecisionId> {
    let id = DecisionId::new();
    let basis = draft.rests_on.map(|paper| (paper.number, paper.authority, paper.dated));
    let (basis_number, basis_authority, basis_dated) = match basis {
        Some((number, authority, dated)) => (Some(number), Some(authority), Some(dated)),
        None => (None, None, None),
    };
    diesel::insert_into(decisions::table)
        .values((
            decisions::id.eq(id),
            decisions::version.eq(1),
            decisions::kind.eq(draft.kind),
            decisions::unit_code.eq(draft.unit),
            decisions::state.eq(State::Draft),
            decisions::reason.eq(draft.reason),
            decisions::drafted_by.eq(by),
            decisions::created_at.eq(now),
            decisions::ground.eq(draft.ground),
            decisions::basis_number.eq(basis_number),
            decisions::basis_authority.eq(basis_authority),
            decisions::basis_dated.eq(basis_dated),
        ))
        .execute(connection)?;
    for item in draft.items {
        diesel::insert_into(decision_items::table)
            .values((
                decision_items::decision_id.eq(id),
                decision_items::position.eq(item.position),
                decision_items::agenda_item_id.eq(item.agenda_item_id),
                decision_items::certificate_id.eq(item.certificate_id),
                decision_items::stars.eq(item.stars),
            ))
            .execute(connection)?;
    }
    Ok(id)
}

/// The decisions with these keys in the history.
pub fn of_ids(connection: &mut AnyConnection, ids: &[AnyId]) -> Result<Vec<Decision>> {
    Ok(decisions::table.filter(decisions::id.eq_any(ids.to_vec())).select(Decision::as_select()).load(connection)?)
}

/// Which units took these decisions.
pub fn units(connection: &mut AnyConnection, ids: &[DecisionId]) -> Result<BTreeMap<DecisionId, UnitCode>> {
    let rows: Vec<(DecisionId, UnitCode)> = decisions::table
        .filter(decisions::id.eq_any(ids.to_vec()))
        .select((decisions::id, decisions::unit_code))
        .load(connection)?;
    Ok(rows.into_iter().collect())
}

pub fn promulgate(
    connection: &mut AnyConnection,
    id: DecisionId,
    number: &str,
    signed_on: Day,
    by: AccountId,
    at: Moment,
) -> Result<()> {
    diesel::update(decisions::table.find(id))
        .set((
            decisions::version.eq(decisions::version + 1),
            decisions::state.eq(State::Promulgated),
            decisions::number.eq(Some(number)),
            decisions::signed_on.eq(Some(signed_on)),
            decisions::promulgated_by.eq(Some(by)),
            decisions::promulgated_at.eq(Some(at)),
        ))
        .execute(connection)?;
    Ok(())
}

pub fn withdraw(connection: &mut AnyConnection, id: DecisionId) -> Result<()> {
    diesel::update(decisions::table.find(id))
        .set((decisions::version.eq(decisions::version + 1), decisions::state.eq(State::Withdrawn)))
        .execute(connection)?;
    Ok(())
}

/// Writes down how the original that was handed in last was judged.
pub fn judge_original(
    connection: &mut AnyConnection,
    id: DecisionId,
    verdict: Verdict,
    content: Content,
) -> Result<()> {
    diesel::update(decisions::table.find(id))
        .set((
            decisions::version.eq(decisions::version + 1),
            decisions::original_verdict.eq(Some(verdict)),
            decisions::original_content.eq(Some(content)),
        ))
        .execute(connection)?;
    Ok(())
}

/// Whether the unit gave the number to a decision of that year. Who else gives one waits until the transaction ends.
pub fn number_taken(connection: &mut AnyConnection, unit: &UnitCode, number: &str, signed_on: Day) -> Result<bool> {
    take_turn(connection, &format!("decisions of {unit}"))?;
    let numbers = decisions::table.filter(decisions::unit_code.eq(unit)).filter(decisions::number.is_not_null());
    let known: Vec<_> = numbers.select((decisions::number, decisions::signed_on)).load(connection)?;
    Ok(paper_number::is_taken(&known, number, signed_on))
}

/// Whether a decision of this kind, drafted or promulgated, is about the agenda item already.
pub fn is_decided(connection: &mut AnyConnection, kind: Kind, item: AgendaItemId) -> Result<bool> {
    let same = decision_items::table
        .inner_join(decisions::table)
        .filter(decisions::kind.eq(kind))
        .filter(decisions::state.ne(State::Withdrawn))
        .filter(decision_items::agenda_item_id.eq(item));
    let others: i64 = same.count().get_result(connection)?;
    Ok(others > 0)
}

/// What promulgated decisions of a kind say of an agenda item.
macro_rules! promulgated {
    ($kind:expr, $item:expr) => {
        decision_items::table
            .inner_join(decisions::table)
            .filter(decisions::kind.eq($kind))
            .filter(decisions::state.eq(State::Promulgated))
            .filter(decision_items::agenda_item_id.eq($item))
    };
}

/// What the centre gave of a result, as far as that was promulgated: the stars, or none below them.
pub fn centre_result(connection: &mut AnyConnection, item: AgendaItemId) -> Result<Option<Option<Stars>>> {
    Ok(promulgated!(Kind::CentreResult, item).select(decision_items::stars).first(connection).optional()?)
}

/// Whether the result was approved to be proposed to the centre.
pub fn is_approved(connection: &mut AnyConnection, item: AgendaItemId) -> Result<bool> {
    let found: i64 = promulgated!(Kind::ApproveResult, item).count().get_result(connection)?;
    Ok(found > 0)
}

/// Whether a draft of a revocation names the certificate already.
pub fn is_to_be_revoked(connection: &mut AnyConnection, certificate: CertificateId) -> Result<bool> {
    let same = decision_items::table
        .inner_join(decisions::table)
        .filter(decisions::kind.eq_any([Kind::Revoke, Kind::CentreRevoke]))
        .filter(decisions::state.eq(State::Draft))
        .filter(decision_items::certificate_id.eq(certificate));
    let others: i64 = same.count().get_result(connection)?;
    Ok(others > 0)
}

filters! {
    /// What decisions can be listed by.
    pub struct DecisionFilter {
        state: State,
        kind: Kind,
        /// The unit that decides.
        unit_code: UnitCode,
    }
}

/// The decisions of one unit, or of all, that a filter lets through.
fn matching<'a>(unit: Option<&'a UnitCode>, filter: &'a DecisionFilter) -> decisions::BoxedQuery<'a, Multi> {
    let mut query = decisions::table.into_boxed();
    if let Some(unit) = unit {
        query = query.filter(decisions::unit_code.eq(unit));
    }
    if let Some(state) = filter.state {
        query = query.filter(decisions::state.eq(state));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(decisions::kind.eq(kind));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(decisions::id.eq_any(changed_since(Resource::Decision, since)));
    }
    query
}

/// Decisions of one unit, or of all, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    unit: Option<&UnitCode>,
    filter: &DecisionFilter,
    stretch: &Stretch<DecisionId>,
) -> Result<Vec<Decision>> {
    let mut query = matching(unit, filter);
    if let Some(before) = stretch.after {
        query = query.filter(decisions::id.lt(before));
    }
    Ok(query.order(decisions::id.desc()).limit(stretch.limit).select(Decision::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, unit: Option<&UnitCode>, filter: &DecisionFilter) -> Result<i64> {
    Ok(matching(unit, filter).count().get_result(connection)?)
}
