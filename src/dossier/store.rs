//! Dossiers, their documents and visits in the database.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::Value;

use crate::account::{Actor, Home, Role, Territory, within_territory};
use crate::base::id::{
    AccountId, CriteriaSetId, CycleId, DocumentId, DossierId, PlanId, ProducerId, ProductId, VisitId,
};
use crate::base::{Day, Moment, Result, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::{
    agenda_items, appeals, councils, cycles, documents, dossier_documents, dossiers, results, seats, visits,
};
use crate::db::types::{Json, text_column};
use crate::dossier::rules::State;
use crate::producer::ProducerKind;

text_column!(State);

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = dossiers)]
pub struct Dossier {
    pub id: DossierId,
    pub version: i32,
    pub product_id: ProductId,
    pub cycle_id: CycleId,
    pub plan_id: PlanId,
    pub producer_id: ProducerId,
    pub commune_code: UnitCode,
    pub district_code: Option<UnitCode>,
    pub state: State,
    /// The set and version it is scored with, from its first agenda on.
    pub criteria_set_id: Option<CriteriaSetId>,
    pub responsible_account_id: Option<AccountId>,
    pub self_marks: Option<Json<Value>>,
    /// What the producer states in whole numbers.
    pub figures: Json<BTreeMap<String, i64>>,
    pub submitted_at: Option<Moment>,
    pub late: bool,
    pub created_at: Moment,
    /// As which kind of producer it is scored, fixed with the set: what is scored does not change with its maker.
    pub scored_as: Option<ProducerKind>,
}

impl Dossier {
    pub fn home(&self) -> Home {
        Home { producer: self.producer_id, commune: self.commune_code.clone(), district: self.district_code.clone() }
    }
}

pub fn find(connection: &mut AnyConnection, id: DossierId) -> Result<Option<Dossier>> {
    Ok(dossiers::table.find(id).select(Dossier::as_select()).first(connection).optional()?)
}

/// Finds a dossier and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: DossierId) -> Result<Option<Dossier>> {
    diesel::update(dossiers::table.find(id)).set(dossiers::version.eq(dossiers::version)).execute(connection)?;
    find(connection, id)
}

pub fn insert(
    connection: &mut AnyConnection,
    home: Home,
    product: ProductId,
    cycle: CycleId,
    plan: PlanId,
    now: Moment,
) -> Result<DossierId> {
    let id = DossierId::new();
    diesel::insert_into(dossiers::table)
        .values((
            dossiers::id.eq(id),
            dossiers::version.eq(1),
            dossiers::product_id.eq(product),
            dossiers::cycle_id.eq(cycle),
            dossiers::plan_id.eq(plan),
            dossiers::producer_id.eq(home.producer),
            dossiers::commune_code.eq(home.commune),
            dossiers::district_code.eq(home.district),
            dossiers::state.eq(State::Open),
            dossiers::figures.eq(Json(BTreeMap::<String, i64>::new())),
            dossiers::late.eq(false),
            dossiers::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

pub fn submit(connection: &mut AnyConnection, id: DossierId, at: Moment, late: bool) -> Result<()> {
    diesel::update(dossiers::table.find(id))
        .set((
            dossiers::version.eq(dossiers::version + 1),
            dossiers::state.eq(State::Submitted),
            dossiers::submitted_at.eq(Some(at)),
            dossiers::late.eq(late),
        ))
        .execute(connection)?;
    Ok(())
}

pub fn set_state(connection: &mut AnyConnection, id: DossierId, state: State) -> Result<()> {
    diesel::update(dossiers::table.find(id))
        .set((dossiers::version.eq(dossiers::version + 1), dossiers::state.eq(state)))
        .execute(connection)?;
    Ok(())
}

/// Fixes the criteria set and version that the dossier is scored with.
/// Fixes what a dossier is scored with: the set and its version, and the scale by the producer's kind.
pub fn set_criteria(
    connection: &mut AnyConnection,
    id: DossierId,
    set: CriteriaSetId,
    kind: ProducerKind,
) -> Result<()> {
    diesel::update(dossiers::table.find(id))
        .set((dossiers::criteria_set_id.eq(Some(set)), dossiers::scored_as.eq(Some(kind))))
        .execute(connection)?;
    Ok(())
}

/// What may be written of a dossier.
#[derive(Debug, Clone)]
pub struct Content {
    pub responsible: Option<AccountId>,
    pub self_marks: Option<Value>,
    pub figures: BTreeMap<String, i64>,
}

pub fn rewrite(connection: &mut AnyConnection, id: DossierId, content: Content) -> Result<()> {
    diesel::update(dossiers::table.find(id))
        .set((
            dossiers::version.eq(dossiers::version + 1),
            dossiers::responsible_account_id.eq(content.responsible),
            dossiers::self_marks.eq(content.self_marks.map(Json)),
            dossiers::figures.eq(Json(content.figures)),
        ))
        .execute(connection)?;
    Ok(())
}

/// Whether a council has concluded on the dossier and none is left to come back to it: neither does it wait on an agenda or
/// was deferred, nor may it stand again.
pub fn is_settled(connection: &mut AnyConnection, id: DossierId) -> Result<bool> {
    let items = || agenda_items::table.filter(agenda_items::dossier_id.eq(id));
    let pending = items().filter(agenda_items::state.eq_any(["waiting", "deferred"]));
    if diesel::select(diesel::dsl::exists(pending)).get_result(connection)? {
        return Ok(false);
    }
    let upheld = appeals::table.filter(appeals::state.eq("upheld")).select(appeals::agenda_item_id);
    let settled = items()
        .inner_join(results::table.on(results::agenda_item_id.eq(agenda_items::id)))
        .filter(results::outcome.eq_any(["forwarded", "rated", "proposed_to_centre"]))
        .filter(diesel::dsl::not(agenda_items::id.eq_any(upheld)));
    Ok(diesel::select(diesel::dsl::exists(settled)).get_result(connection)?)
}

/// Whether the dossier is being scored, or was and is not concluded.
pub fn is_being_scored(connection: &mut AnyConnection, id: DossierId) -> Result<bool> {
    let item = agenda_items::table
        .filter(agenda_items::dossier_id.eq(id))
        .filter(agenda_items::state.eq_any(["scoring", "scored"]));
    Ok(diesel::select(diesel::dsl::exists(item)).get_result(connection)?)
}

/// Whether the account sits in a council of the dossier's year that has not concluded it: what it may yet score.
fn may_yet_score(connection: &mut AnyConnection, dossier: &Dossier, account: AccountId) -> Result<bool> {
    let concluded = agenda_items::table
        .filter(agenda_items::dossier_id.eq(dossier.id))
        .filter(agenda_items::state.eq("concluded"))
        .select(agenda_items::council_id);
    let seat = councils::table
        .inner_join(seats::table)
        .filter(councils::cycle_id.eq(dossier.cycle_id))
        .filter(councils::state.ne("closed"))
        .filter(diesel::dsl::not(councils::id.eq_any(concluded)))
        .filter(seats::account_id.eq(account));
    Ok(diesel::select(diesel::dsl::exists(seat)).get_result(connection)?)
}

/// Whether an account may see the producer's own marks, so that they sway no council: its producer always, the commune
/// that may enter them unless its officer may yet score, everybody else once no council has still to conclude.
pub fn shows_self_marks(connection: &mut AnyConnection, dossier: &Dossier, actor: &Actor) -> Result<bool> {
    if actor.must_see(&dossier.home()).is_ok() {
        if actor.is(&[Role::Producer]) {
            return Ok(true);
        }
        if actor.is(&[Role::CommuneOfficer]) {
            return Ok(!may_yet_score(connection, dossier, actor.id)?);
        }
    }
    is_scored_for(connection, dossier, actor.id)
}

/// Whether no council has still to conclude the dossier: it has a result, waits for none, and the account sits in no
/// council of the year that may yet score it.
fn is_scored_for(connection: &mut AnyConnection, dossier: &Dossier, account: AccountId) -> Result<bool> {
    let items = || agenda_items::table.filter(agenda_items::dossier_id.eq(dossier.id));
    let concluded = items().filter(agenda_items::state.eq("concluded"));
    let unfinished = items().filter(agenda_items::state.eq_any(["waiting", "scoring", "scored"]));
    let is_concluded: bool = diesel::select(diesel::dsl::exists(concluded)).get_result(connection)?;
    let is_unfinished: bool = diesel::select(diesel::dsl::exists(unfinished)).get_result(connection)?;
    Ok(is_concluded && !is_unfinished && !may_yet_score(connection, dossier, account)?)
}

/// The documents that a dossier hands in.
pub fn document_ids(connection: &mut AnyConnection, id: DossierId) -> Result<Vec<DocumentId>> {
    Ok(dossier_documents::table
        .filter(dossier_documents::dossier_id.eq(id))
        .order(dossier_documents::document_id)
        .select(dossier_documents::document_id)
        .load(connection)?)
}

/// The kinds of the documents that a dossier hands in.
pub fn document_kinds(connection: &mut AnyConnection, id: DossierId) -> Result<Vec<String>> {
    let ids =
        dossier_documents::table.filter(dossier_documents::dossier_id.eq(id)).select(dossier_documents::document_id);
    Ok(documents::table.filter(documents::id.eq_any(ids)).select(documents::kind).distinct().load(connection)?)
}

/// Of the given documents, those that belong to the product.
pub fn documents_of(connection: &mut AnyConnection, product: ProductId, ids: &[DocumentId]) -> Result<Vec<DocumentId>> {
    Ok(documents::table
        .filter(documents::product_id.eq(product))
        .filter(documents::id.eq_any(ids.to_vec()))
        .select(documents::id)
        .load(connection)?)
}

pub fn set_documents(connection: &mut AnyConnection, id: DossierId, ids: &[DocumentId]) -> Result<()> {
    diesel::delete(dossier_documents::table.filter(dossier_documents::dossier_id.eq(id))).execute(connection)?;
    for document in ids {
        diesel::insert_into(dossier_documents::table)
            .values((dossier_documents::dossier_id.eq(id), dossier_documents::document_id.eq(document)))
            .execute(connection)?;
    }
    Ok(())
}

/// A visit of an officer at the producer's.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = visits)]
pub struct Visit {
    pub id: VisitId,
    pub account_id: AccountId,
    pub visited_on: Day,
    pub findings: String,
    pub advice: String,
    pub created_at: Moment,
}

pub fn insert_visit(connection: &mut AnyConnection, dossier: DossierId, visit: &Visit) -> Result<()> {
    diesel::insert_into(visits::table)
        .values((
            visits::id.eq(visit.id),
            visits::dossier_id.eq(dossier),
            visits::account_id.eq(visit.account_id),
            visits::visited_on.eq(visit.visited_on),
            visits::findings.eq(&visit.findings),
            visits::advice.eq(&visit.advice),
            visits::created_at.eq(visit.created_at),
        ))
        .execute(connection)?;
    Ok(())
}

/// A dossier's visits, the newest first.
pub fn visits(
    connection: &mut AnyConnection,
    dossier: DossierId,
    after: Option<VisitId>,
    limit: i64,
) -> Result<Vec<Visit>> {
    let mut query = visits::table.filter(visits::dossier_id.eq(dossier)).select(Visit::as_select()).into_boxed();
    if let Some(after) = after {
        query = query.filter(visits::id.lt(after));
    }
    Ok(query.order(visits::id.desc()).limit(limit).load(connection)?)
}

/// Which dossiers to list.
#[derive(Debug, Default)]
pub struct Filter {
    pub state: Option<State>,
    pub unit: Option<UnitCode>,
    pub producer: Option<ProducerId>,
    pub product: Option<ProductId>,
    pub cycle: Option<CycleId>,
    pub year: Option<i32>,
    pub after: Option<DossierId>,
    pub limit: i64,
}

/// Dossiers of a territory, the newest first.
pub fn list(connection: &mut AnyConnection, territory: &Territory, filter: &Filter) -> Result<Vec<Dossier>> {
    let mut query = within_territory!(dossiers::table.select(Dossier::as_select()).into_boxed(), dossiers, territory);
    if let Some(state) = filter.state {
        query = query.filter(dossiers::state.eq(state));
    }
    if let Some(unit) = &filter.unit {
        query = query.filter(dossiers::district_code.eq(unit).or(dossiers::commune_code.nullable().eq(unit)));
    }
    if let Some(producer) = filter.producer {
        query = query.filter(dossiers::producer_id.eq(producer));
    }
    if let Some(product) = filter.product {
        query = query.filter(dossiers::product_id.eq(product));
    }
    if let Some(cycle) = filter.cycle {
        query = query.filter(dossiers::cycle_id.eq(cycle));
    }
    if let Some(year) = filter.year {
        query = query.filter(dossiers::cycle_id.eq_any(cycles::table.filter(cycles::year.eq(year)).select(cycles::id)));
    }
    if let Some(after) = filter.after {
        query = query.filter(dossiers::id.lt(after));
    }
    Ok(query.order(dossiers::id.desc()).limit(filter.limit).load(connection)?)
}
