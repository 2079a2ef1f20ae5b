//! Dossiers, their documents and visits in the database.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use serde_json::Value;

use crate::account::{Actor, Home, Territory, seat_store, within_territory};
use crate::audit::store::{Resource, changed_since};
use crate::base::id::{
    AccountId, AnyId, CouncilId, CriteriaSetId, CycleId, DocumentId, DossierId, PlanId, ProducerId, ProductId, VisitId,
};
use crate::base::{Day, Moment, Result, UnitCode};
use crate::cycle::dossiers::LatestCertificate;
use crate::cycle::{self, DossierKind, EditionCode};
use crate::db::AnyConnection;
use crate::db::schema::{
    agenda_items, appeals, certificates, councils, cycles, documents, dossier_documents, dossier_submissions, dossiers,
    results, seats, visits,
};
use crate::db::types::{Json, Multi, text_column};
use crate::dossier::rules::{Standing, State};
use crate::dossier::statements::{SelfReport, Statements, YearlyFigure};
use crate::producer::ProducerKind;
use crate::station::{Stretch, filters};

text_column!(State);

/// A dossier as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = dossiers)]
pub struct DossierRow {
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
    /// Fixed when it is handed in for the first time; none before, and where the edition tells no kinds apart.
    pub kind: Option<DossierKind>,
    pub changes: Option<Json<Statements>>,
    pub updates: Option<Json<Statements>>,
    pub yearly_figures: Option<Json<Vec<YearlyFigure>>>,
    pub report: Option<Json<SelfReport>>,
    /// Since when the commune has it.
    pub received_at: Option<Moment>,
    /// The last day on which the commune is to send it on.
    pub commune_due_on: Option<Day>,
    pub forwarded_at: Option<Moment>,
    /// The number of form 01 at the commune.
    pub number: Option<String>,
    /// The number of form 01 at the province.
    pub province_number: Option<String>,
    /// How many sample units go with it, fixed when it is handed in; none where none do.
    pub samples_needed: Option<i32>,
    /// The dossier of an earlier edition that it goes on from.
    pub carried_from: Option<DossierId>,
    /// The code of the set that it was entered with where it was carried over; else its idea names it.
    pub criteria_set_code: Option<String>,
    /// When it was carried over, or last withdrawn.
    pub ended_at: Option<Moment>,
}

impl DossierRow {
    pub fn home(&self) -> Home {
        Home { producer: self.producer_id, commune: self.commune_code.clone(), district: self.district_code.clone() }
    }

    /// What may be written of it, as it stands.
    pub fn fields(&self) -> DossierFields {
        DossierFields {
            responsible: self.responsible_account_id,
            self_marks: self.self_marks.as_ref().map(|marks| marks.0.clone()),
            figures: self.figures.0.clone(),
            changes: self.changes.clone(),
            updates: self.updates.clone(),
            yearly_figures: self.yearly_figures.clone(),
            report: self.report.clone(),
        }
    }
}

pub fn find(connection: &mut AnyConnection, id: DossierId) -> Result<Option<DossierRow>> {
    Ok(dossiers::table.find(id).select(DossierRow::as_select()).first(connection).optional()?)
}

/// The dossiers of these ids, in one statement.
pub fn of_ids(connection: &mut AnyConnection, ids: &[DossierId]) -> Result<BTreeMap<DossierId, DossierRow>> {
    let rows: Vec<DossierRow> =
        dossiers::table.filter(dossiers::id.eq_any(ids.to_vec())).select(DossierRow::as_select()).load(connection)?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// The dossier that a plan's approval opened.
pub fn of_plan(connection: &mut AnyConnection, plan: PlanId) -> Result<Option<DossierRow>> {
    Ok(dossiers::table
        .filter(dossiers::plan_id.eq(plan))
        .select(DossierRow::as_select())
        .first(connection)
        .optional()?)
}

/// A dossier that was handed in, under the edition of its cycle.
#[derive(Debug, Clone, Queryable)]
pub struct HandedIn {
    pub id: DossierId,
    pub product: ProductId,
    pub edition: EditionCode,
    /// None under editions that know no kinds.
    pub kind: Option<DossierKind>,
    /// When it was handed in for the first time, however often it came back, and under which edition; after it was withdrawn
    /// when it was handed in anew.
    pub received_at: Moment,
    pub carried_from: Option<DossierId>,
    /// When it was withdrawn, and not handed in since.
    pub ended_at: Option<Moment>,
}

/// The dossiers of these products that were handed in.
pub fn handed_in(connection: &mut AnyConnection, products: &[ProductId]) -> Result<Vec<HandedIn>> {
    let mut found: Vec<HandedIn> = dossiers::table
        .inner_join(cycles::table.on(cycles::id.eq(dossiers::cycle_id)))
        .filter(dossiers::product_id.eq_any(products.to_vec()))
        .filter(dossiers::submitted_at.is_not_null())
        .select((
            dossiers::id,
            dossiers::product_id,
            cycles::edition,
            dossiers::kind,
            dossiers::submitted_at.assume_not_null(),
            dossiers::carried_from,
            dossiers::ended_at,
        ))
        .load(connection)?;
    let own = |dossier: &HandedIn| [Some(dossier.id), dossier.carried_from];
    let ids: Vec<DossierId> = found.iter().flat_map(own).flatten().collect();
    let submissions = submissions(connection, &ids)?;
    for dossier in &mut found {
        let times = own(dossier).into_iter().flatten().filter_map(|id| submissions.get(&id)).flatten().copied();
        let anew = times.clone().filter(|at| dossier.ended_at.is_some_and(|ended_at| ended_at < *at)).min();
        dossier.received_at = anew.or_else(|| times.min()).unwrap_or(dossier.received_at);
        dossier.ended_at = dossier.ended_at.filter(|_| anew.is_none());
    }
    Ok(found)
}

/// When each of these dossiers was handed in, in order; what was handed in before receipts were kept is left out.
pub fn submissions(connection: &mut AnyConnection, ids: &[DossierId]) -> Result<BTreeMap<DossierId, Vec<Moment>>> {
    let all: Vec<(DossierId, Moment)> = dossier_submissions::table
        .filter(dossier_submissions::dossier_id.eq_any(ids.to_vec()))
        .order((dossier_submissions::dossier_id, dossier_submissions::number))
        .select((dossier_submissions::dossier_id, dossier_submissions::submitted_at))
        .load(connection)?;
    let mut found: BTreeMap<DossierId, Vec<Moment>> = BTreeMap::new();
    for (dossier, at) in all {
        found.entry(dossier).or_default().push(at);
    }
    Ok(found)
}

/// Finds a dossier and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: DossierId) -> Result<Option<DossierRow>> {
    diesel::update(dossiers::table.find(id)).set(dossiers::version.eq(dossiers::version)).execute(connection)?;
    find(connection, id)
}

/// A dossier as it is opened.
#[derive(Debug)]
pub struct NewDossier {
    pub home: Home,
    pub product: ProductId,
    pub cycle: CycleId,
    pub plan: PlanId,
    /// The dossier that it goes on from, and the code of the set that it is entered with.
    pub carried: Option<(DossierId, String)>,
}

pub fn insert(connection: &mut AnyConnection, new: NewDossier, now: Moment) -> Result<DossierId> {
    let id = DossierId::new();
    let NewDossier { home, product, cycle, plan, carried } = new;
    let (carried_from, criteria_set_code) = carried.unzip();
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
            dossiers::carried_from.eq(carried_from),
            dossiers::criteria_set_code.eq(criteria_set_code),
        ))
        .execute(connection)?;
    Ok(id)
}

/// The dossiers that go on from these ones.
pub fn carried_to(connection: &mut AnyConnection, from: &[DossierId]) -> Result<BTreeMap<DossierId, DossierId>> {
    let found: Vec<(DossierId, DossierId)> = dossiers::table
        .filter(dossiers::carried_from.eq_any(from.iter().copied().map(Some).collect::<Vec<_>>()))
        .select((dossiers::carried_from.assume_not_null(), dossiers::id))
        .load(connection)?;
    Ok(found.into_iter().collect())
}

/// Whether a product has a dossier in a cycle already.
pub fn is_entered(connection: &mut AnyConnection, product: ProductId, cycle: CycleId) -> Result<bool> {
    let found = dossiers::table.filter(dossiers::product_id.eq(product)).filter(dossiers::cycle_id.eq(cycle));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(connection)?)
}

/// Of these products, those with a dossier in an open cycle that was not withdrawn or carried over.
pub fn in_open_cycles(connection: &mut AnyConnection, products: &[ProductId]) -> Result<BTreeSet<ProductId>> {
    let open = cycles::table.filter(cycles::state.eq(cycle::rules::State::Open)).select(cycles::id);
    let found: Vec<ProductId> = dossiers::table
        .filter(dossiers::product_id.eq_any(products.to_vec()))
        .filter(dossiers::cycle_id.eq_any(open))
        .filter(dossiers::state.ne_all([State::Withdrawn, State::CarriedOver]))
        .select(dossiers::product_id)
        .distinct()
        .load(connection)?;
    Ok(found.into_iter().collect())
}

/// Ends a dossier without a result.
pub fn end(connection: &mut AnyConnection, id: DossierId, state: State, now: Moment) -> Result<()> {
    diesel::update(dossiers::table.find(id))
        .set((
            dossiers::version.eq(dossiers::version + 1),
            dossiers::state.eq(state),
            dossiers::ended_at.eq(Some(now)),
            dossiers::received_at.eq(None::<Moment>),
            dossiers::commune_due_on.eq(None::<Day>),
        ))
        .execute(connection)?;
    Ok(())
}

/// What a submission writes.
#[derive(Debug, Clone)]
pub struct Submitted {
    pub at: Moment,
    pub late: bool,
    pub kind: Option<DossierKind>,
    pub commune_due_on: Option<Day>,
    pub samples_needed: Option<i32>,
}

pub fn submit(connection: &mut AnyConnection, id: DossierId, submitted: Submitted) -> Result<()> {
    let received_at = submitted.commune_due_on.map(|_| submitted.at);
    diesel::update(dossiers::table.find(id))
        .set((
            dossiers::version.eq(dossiers::version + 1),
            dossiers::state.eq(State::Submitted),
            dossiers::submitted_at.eq(Some(submitted.at)),
            dossiers::late.eq(submitted.late),
            dossiers::kind.eq(submitted.kind),
            dossiers::received_at.eq(received_at),
            dossiers::commune_due_on.eq(submitted.commune_due_on),
            dossiers::samples_needed.eq(submitted.samples_needed),
        ))
        .execute(connection)?;
    Ok(())
}

/// Sends a dossier on to the councils under its numbers.
pub fn forward(
    connection: &mut AnyConnection,
    id: DossierId,
    at: Moment,
    (number, province_number): (String, String),
) -> Result<()> {
    diesel::update(dossiers::table.find(id))
        .set((
            dossiers::version.eq(dossiers::version + 1),
            dossiers::state.eq(State::Forwarded),
            dossiers::forwarded_at.eq(Some(at)),
            dossiers::number.eq(Some(number)),
            dossiers::province_number.eq(Some(province_number)),
        ))
        .execute(connection)?;
    Ok(())
}

/// Hands a dossier back; to the commune with a new term.
pub fn send_back(
    connection: &mut AnyConnection,
    id: DossierId,
    state: State,
    term: Option<(Moment, Day)>,
) -> Result<()> {
    let (received_at, due_on) = term.unzip();
    diesel::update(dossiers::table.find(id))
        .set((
            dossiers::version.eq(dossiers::version + 1),
            dossiers::state.eq(state),
            dossiers::received_at.eq(received_at),
            dossiers::commune_due_on.eq(due_on),
        ))
        .execute(connection)?;
    Ok(())
}

/// Counts a step that changed something beside the row.
pub fn touch(connection: &mut AnyConnection, id: DossierId) -> Result<()> {
    diesel::update(dossiers::table.find(id)).set(dossiers::version.eq(dossiers::version + 1)).execute(connection)?;
    Ok(())
}

/// The versions of dossiers that there are.
pub fn versions(connection: &mut AnyConnection, ids: &[AnyId]) -> Result<BTreeMap<DossierId, i32>> {
    let ids: Vec<DossierId> = ids.iter().map(|id| DossierId::from_uuid(id.uuid())).collect();
    let rows: Vec<(DossierId, i32)> =
        dossiers::table.filter(dossiers::id.eq_any(ids)).select((dossiers::id, dossiers::version)).load(connection)?;
    Ok(rows.into_iter().collect())
}

/// The newest certificate of each of these products.
pub fn latest_certificates(
    connection: &mut AnyConnection,
    products: &[ProductId],
) -> Result<BTreeMap<ProductId, LatestCertificate>> {
    let rows: Vec<(ProductId, Day, Day, Option<Day>)> = certificates::table
        .filter(certificates::product_id.eq_any(products.to_vec()))
        .order((certificates::issued_on, certificates::id))
        .select((
            certificates::product_id,
            certificates::issued_on,
            certificates::valid_until,
            certificates::revoked_on,
        ))
        .load(connection)?;
    let latest = rows.into_iter().map(|(product, issued_on, valid_until, revoked_on)| {
        (product, LatestCertificate { issued_on, valid_until, is_revoked: revoked_on.is_some() })
    });
    Ok(latest.collect())
}

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
#[derive(Debug, Clone, PartialEq)]
pub struct DossierFields {
    pub responsible: Option<AccountId>,
    pub self_marks: Option<Value>,
    pub figures: BTreeMap<String, i64>,
    pub changes: Option<Json<Statements>>,
    pub updates: Option<Json<Statements>>,
    pub yearly_figures: Option<Json<Vec<YearlyFigure>>>,
    pub report: Option<Json<SelfReport>>,
}

/// Writes them as a change of the dossier.
pub fn rewrite(connection: &mut AnyConnection, id: DossierId, content: DossierFields) -> Result<()> {
    fill(connection, id, content)?;
    touch(connection, id)
}

/// Writes them into a dossier that nobody has seen yet.
pub fn fill(connection: &mut AnyConnection, id: DossierId, content: DossierFields) -> Result<()> {
    diesel::update(dossiers::table.find(id))
        .set((
            dossiers::responsible_account_id.eq(content.responsible),
            dossiers::self_marks.eq(content.self_marks.map(Json)),
            dossiers::figures.eq(Json(content.figures)),
            dossiers::changes.eq(content.changes),
            dossiers::updates.eq(content.updates),
            dossiers::yearly_figures.eq(content.yearly_figures),
            dossiers::report.eq(content.report),
        ))
        .execute(connection)?;
    Ok(())
}

/// How far the councils are with each of these dossiers, as the account finds it.
pub fn standings(
    connection: &mut AnyConnection,
    dossiers: &[DossierRow],
    account: AccountId,
) -> Result<BTreeMap<DossierId, Standing>> {
    let ids: Vec<DossierId> = dossiers.iter().map(|dossier| dossier.id).collect();
    let items: Vec<(DossierId, CouncilId, String)> = agenda_items::table
        .filter(agenda_items::dossier_id.eq_any(ids.clone()))
        .select((agenda_items::dossier_id, agenda_items::council_id, agenda_items::state))
        .load(connection)?;
    let with_result = with_result(connection, &ids)?;
    let seats: Vec<(CouncilId, CycleId)> = councils::table
        .inner_join(seats::table)
        .filter(councils::state.ne_all(seat_store::OVER))
        .filter(seats::account_id.eq(account))
        .select((councils::id, councils::cycle_id))
        .load(connection)?;
    let standing = |dossier: &DossierRow| {
        let id = dossier.id;
        let own = || items.iter().filter(move |(of, ..)| *of == id);
        let has_concluded = |council| own().any(|(_, of, state)| *of == council && state == "concluded");
        let standing = Standing {
            items: own().map(|(.., state)| state.clone()).collect(),
            has_result: with_result.contains(&dossier.id),
            asker_may_score: seats
                .iter()
                .any(|(council, cycle)| *cycle == dossier.cycle_id && !has_concluded(*council)),
        };
        (dossier.id, standing)
    };
    Ok(dossiers.iter().map(standing).collect())
}

/// Of these dossiers, those of which a council came to a result that stands and is not to be come to again.
fn with_result(connection: &mut AnyConnection, ids: &[DossierId]) -> Result<BTreeSet<DossierId>> {
    let upheld = appeals::table.filter(appeals::state.eq("upheld")).select(appeals::agenda_item_id);
    let found: Vec<DossierId> = agenda_items::table
        .filter(agenda_items::dossier_id.eq_any(ids.to_vec()))
        .inner_join(results::table.on(results::agenda_item_id.eq(agenda_items::id)))
        .filter(results::outcome.eq_any(["forwarded", "rated", "proposed_to_centre"]))
        .filter(diesel::dsl::not(agenda_items::id.eq_any(upheld)))
        .filter(agenda_items::declined_by_centre_at.is_null())
        .select(agenda_items::dossier_id)
        .distinct()
        .load(connection)?;
    Ok(found.into_iter().collect())
}

/// Whether an account sees the producer's own marks; [`Standing::shows_self_marks`] decides.
pub fn shows_self_marks(connection: &mut AnyConnection, dossier: &DossierRow, actor: &Actor) -> Result<bool> {
    let standing = standings(connection, std::slice::from_ref(dossier), actor.id)?.remove(&dossier.id);
    Ok(standing.unwrap_or_default().shows_self_marks(actor, &dossier.home()))
}

/// The documents that a dossier hands in.
pub fn document_ids(connection: &mut AnyConnection, id: DossierId) -> Result<Vec<DocumentId>> {
    Ok(dossier_documents::table
        .filter(dossier_documents::dossier_id.eq(id))
        .order(dossier_documents::document_id)
        .select(dossier_documents::document_id)
        .load(connection)?)
}

/// Whether some dossier names a document.
pub fn names_document(connection: &mut AnyConnection, id: DocumentId) -> Result<bool> {
    let naming = dossier_documents::table.filter(dossier_documents::document_id.eq(id));
    Ok(diesel::select(diesel::dsl::exists(naming)).get_result(connection)?)
}

/// Whether a dossier of a product was handed in at a moment or later.
pub fn was_submitted_since(connection: &mut AnyConnection, product: ProductId, since: Moment) -> Result<bool> {
    let of_product = dossiers::table.filter(dossiers::product_id.eq(product)).select(dossiers::id);
    let submitted = dossier_submissions::table
        .filter(dossier_submissions::dossier_id.eq_any(of_product))
        .filter(dossier_submissions::submitted_at.ge(since));
    Ok(diesel::select(diesel::dsl::exists(submitted)).get_result(connection)?)
}

/// The documents that each of these dossiers hands in, with their kinds.
pub fn documents(
    connection: &mut AnyConnection,
    ids: &[DossierId],
) -> Result<BTreeMap<DossierId, Vec<(DocumentId, String)>>> {
    let rows: Vec<(DossierId, DocumentId, String)> = dossier_documents::table
        .inner_join(documents::table.on(documents::id.eq(dossier_documents::document_id)))
        .filter(dossier_documents::dossier_id.eq_any(ids.to_vec()))
        .order((dossier_documents::dossier_id, dossier_documents::document_id))
        .select((dossier_documents::dossier_id, documents::id, documents::kind))
        .load(connection)?;
    let mut found: BTreeMap<DossierId, Vec<(DocumentId, String)>> = BTreeMap::new();
    for (dossier, document, kind) in rows {
        found.entry(dossier).or_default().push((document, kind));
    }
    Ok(found)
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

/// One visit of a dossier.
pub fn visit(connection: &mut AnyConnection, dossier: DossierId, id: VisitId) -> Result<Option<Visit>> {
    Ok(visits::table
        .find(id)
        .filter(visits::dossier_id.eq(dossier))
        .select(Visit::as_select())
        .first(connection)
        .optional()?)
}

/// A dossier's visits, the newest first.
pub fn visits(connection: &mut AnyConnection, dossier: DossierId, stretch: &Stretch<VisitId>) -> Result<Vec<Visit>> {
    let mut query = visits::table.filter(visits::dossier_id.eq(dossier)).select(Visit::as_select()).into_boxed();
    if let Some(after) = stretch.after {
        query = query.filter(visits::id.lt(after));
    }
    Ok(query.order(visits::id.desc()).limit(stretch.limit).load(connection)?)
}

filters! {
    /// What dossiers can be listed by.
    pub struct DossierFilter {
        state: State,
        /// A district or commune.
        unit_code: UnitCode,
        producer_id: ProducerId,
        product_id: ProductId,
        cycle_id: CycleId,
        /// The year of the cycle.
        year: i32,
        /// Whether the commune has it for longer than its term.
        overdue: bool,
        /// Whether it was handed in after the round's deadline.
        late: bool,
        /// Who looks after the product.
        responsible_account_id: AccountId,
    }
}

/// Who wrote down visits to the producers of these dossiers.
pub fn visitors(connection: &mut AnyConnection, ids: &[DossierId]) -> Result<Vec<(DossierId, AccountId)>> {
    Ok(visits::table
        .filter(visits::dossier_id.eq_any(ids.to_vec()))
        .select((visits::dossier_id, visits::account_id))
        .distinct()
        .load(connection)?)
}

/// Who looks after some dossier of a territory.
pub fn responsible(connection: &mut AnyConnection, territory: &Territory) -> Result<Vec<AccountId>> {
    let query = within_territory!(dossiers::table.into_boxed(), dossiers, territory);
    let query = query.filter(dossiers::responsible_account_id.is_not_null());
    Ok(query.select(dossiers::responsible_account_id.assume_not_null()).distinct().load(connection)?)
}

/// The dossiers of a territory that a filter lets through.
fn matching<'a>(territory: &'a Territory, filter: &'a DossierFilter, today: Day) -> dossiers::BoxedQuery<'a, Multi> {
    let mut query = within_territory!(dossiers::table.into_boxed(), dossiers, territory);
    if let Some(state) = filter.state {
        query = query.filter(dossiers::state.eq(state));
    }
    if let Some(unit) = &filter.unit_code {
        query = query.filter(dossiers::district_code.eq(unit).or(dossiers::commune_code.nullable().eq(unit)));
    }
    if let Some(producer) = filter.producer_id {
        query = query.filter(dossiers::producer_id.eq(producer));
    }
    if let Some(product) = filter.product_id {
        query = query.filter(dossiers::product_id.eq(product));
    }
    if let Some(cycle) = filter.cycle_id {
        query = query.filter(dossiers::cycle_id.eq(cycle));
    }
    if let Some(year) = filter.year {
        query = query.filter(dossiers::cycle_id.eq_any(cycles::table.filter(cycles::year.eq(year)).select(cycles::id)));
    }
    if let Some(late) = filter.late {
        query = query.filter(dossiers::late.eq(late));
    }
    if let Some(account) = filter.responsible_account_id {
        query = query.filter(dossiers::responsible_account_id.eq(account));
    }
    if let Some(overdue) = filter.overdue {
        let in_time = dossiers::commune_due_on.is_null().or(dossiers::commune_due_on.ge(today));
        query = if overdue {
            query.filter(dossiers::state.eq(State::Submitted)).filter(dossiers::commune_due_on.lt(today))
        } else {
            query.filter(dossiers::state.ne(State::Submitted).or(in_time.assume_not_null()))
        };
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(dossiers::id.eq_any(changed_since(Resource::Dossier, since)));
    }
    query
}

/// Dossiers of a territory, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    territory: &Territory,
    filter: &DossierFilter,
    today: Day,
    stretch: &Stretch<DossierId>,
) -> Result<Vec<DossierRow>> {
    let mut query = matching(territory, filter, today);
    if let Some(after) = stretch.after {
        query = query.filter(dossiers::id.lt(after));
    }
    Ok(query.order(dossiers::id.desc()).limit(stretch.limit).select(DossierRow::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, territory: &Territory, filter: &DossierFilter, today: Day) -> Result<i64> {
    Ok(matching(territory, filter, today).count().get_result(connection)?)
}
