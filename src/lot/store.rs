//! Lots, their inputs and events in the database.

use std::collections::{BTreeSet, HashSet};

use diesel::prelude::*;

use crate::account::{Home, Territory, within_territory};
use crate::base::id::{AccountId, LotEventId, LotId, ProducerId, ProductId};
use crate::base::{Day, Moment, Result, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::{lot_events, lot_inputs, lots};
use crate::db::types::{Guid, Multi, text_column};
use crate::lot::rules::{EventForm, EventKind, LotForm, State};

text_column!(EventKind);

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = lots)]
pub struct Lot {
    pub id: LotId,
    pub version: i32,
    pub product_id: ProductId,
    pub producer_id: ProducerId,
    pub commune_code: UnitCode,
    pub district_code: Option<UnitCode>,
    pub code: String,
    pub produced_on: Day,
    pub expires_on: Option<Day>,
    pub quantity: i64,
    pub unit: String,
    pub recalled_at: Option<Moment>,
    pub recall_reason: Option<String>,
    pub created_at: Moment,
}

impl Lot {
    pub fn home(&self) -> Home {
        Home { producer: self.producer_id, commune: self.commune_code.clone(), district: self.district_code.clone() }
    }

    pub fn state(&self) -> State {
        if self.recalled_at.is_some() { State::Recalled } else { State::Active }
    }
}

/// What happened to a lot.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = lot_events)]
pub struct Event {
    pub id: LotEventId,
    pub lot_id: LotId,
    pub kind: EventKind,
    pub at: Moment,
    pub place: String,
    pub note: String,
    pub recorded_at: Moment,
}

pub fn find(connection: &mut AnyConnection, id: LotId) -> Result<Option<Lot>> {
    Ok(lots::table.find(id).select(Lot::as_select()).first(connection).optional()?)
}

/// Finds a lot and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: LotId) -> Result<Option<Lot>> {
    diesel::update(lots::table.find(id)).set(lots::version.eq(lots::version)).execute(connection)?;
    find(connection, id)
}

pub fn find_all(connection: &mut AnyConnection, ids: &[LotId]) -> Result<Vec<Lot>> {
    Ok(lots::table.filter(lots::id.eq_any(ids.to_vec())).select(Lot::as_select()).load(connection)?)
}

/// Which of these lots exist, of any producer.
pub fn existing(connection: &mut AnyConnection, ids: &[LotId]) -> Result<HashSet<LotId>> {
    let found: Vec<LotId> = lots::table.filter(lots::id.eq_any(ids.to_vec())).select(lots::id).load(connection)?;
    Ok(found.into_iter().collect())
}

pub fn code_taken(connection: &mut AnyConnection, product: ProductId, code: &str) -> Result<bool> {
    let same = lots::table.filter(lots::product_id.eq(product)).filter(lots::code.eq(code));
    Ok(diesel::select(diesel::dsl::exists(same)).get_result(connection)?)
}

pub fn insert(connection: &mut AnyConnection, home: Home, form: LotForm, now: Moment) -> Result<LotId> {
    let id = LotId::new();
    diesel::insert_into(lots::table)
        .values((
            lots::id.eq(id),
            lots::version.eq(1),
            lots::product_id.eq(form.product_id),
            lots::producer_id.eq(home.producer),
            lots::commune_code.eq(home.commune),
            lots::district_code.eq(home.district),
            lots::code.eq(form.code),
            lots::produced_on.eq(form.produced_on),
            lots::expires_on.eq(form.expires_on),
            lots::quantity.eq(form.quantity),
            lots::unit.eq(form.unit),
            lots::created_at.eq(now),
        ))
        .execute(connection)?;
    for input in form.inputs {
        diesel::insert_into(lot_inputs::table)
            .values((lot_inputs::lot_id.eq(id), lot_inputs::input_id.eq(input)))
            .execute(connection)?;
    }
    Ok(id)
}

/// The inputs of these lots, as pairs of lot and input.
pub fn inputs(connection: &mut AnyConnection, ids: &[LotId]) -> Result<Vec<(LotId, LotId)>> {
    Ok(lot_inputs::table
        .filter(lot_inputs::lot_id.eq_any(ids.to_vec()))
        .order((lot_inputs::lot_id, lot_inputs::input_id))
        .select((lot_inputs::lot_id, lot_inputs::input_id))
        .load(connection)?)
}

pub fn insert_event(
    connection: &mut AnyConnection,
    lot: LotId,
    form: EventForm,
    account: AccountId,
    now: Moment,
) -> Result<LotEventId> {
    let id = LotEventId::new();
    diesel::insert_into(lot_events::table)
        .values((
            lot_events::id.eq(id),
            lot_events::lot_id.eq(lot),
            lot_events::kind.eq(form.kind),
            lot_events::at.eq(form.at),
            lot_events::place.eq(form.place),
            lot_events::note.eq(form.note),
            lot_events::account_id.eq(account),
            lot_events::recorded_at.eq(now),
        ))
        .execute(connection)?;
    diesel::update(lots::table.find(lot)).set(lots::version.eq(lots::version + 1)).execute(connection)?;
    Ok(id)
}

/// Events of a lot as they happened, behind the one with this moment and id.
pub fn events(
    connection: &mut AnyConnection,
    lot: LotId,
    after: Option<(Moment, LotEventId)>,
    limit: i64,
) -> Result<Vec<Event>> {
    let mut query = lot_events::table.filter(lot_events::lot_id.eq(lot)).select(Event::as_select()).into_boxed();
    if let Some((at, id)) = after {
        query = query.filter(lot_events::at.gt(at).or(lot_events::at.eq(at).and(lot_events::id.gt(id))));
    }
    Ok(query.order((lot_events::at, lot_events::id)).limit(limit).load(connection)?)
}

/// All events of these lots as they happened.
pub fn events_of_all(connection: &mut AnyConnection, ids: &[LotId]) -> Result<Vec<Event>> {
    Ok(lot_events::table
        .filter(lot_events::lot_id.eq_any(ids.to_vec()))
        .order((lot_events::at, lot_events::id))
        .select(Event::as_select())
        .load(connection)?)
}

pub fn recall(connection: &mut AnyConnection, id: LotId, reason: &str, now: Moment) -> Result<()> {
    diesel::update(lots::table.find(id))
        .set((
            lots::version.eq(lots::version + 1),
            lots::recalled_at.eq(Some(now)),
            lots::recall_reason.eq(Some(reason)),
        ))
        .execute(connection)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Root {
    #[diesel(sql_type = Guid)]
    root: LotId,
}

/// Which of these lots are recalled, themselves or through any lot that went into them, however far back; one statement.
pub fn recalled(connection: &mut AnyConnection, ids: &BTreeSet<LotId>) -> Result<HashSet<LotId>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    // `$1`, `$2`, … are placeholders on both engines; SQLite numbers them in the order in which they first appear.
    let asked: Vec<String> = (1..=ids.len()).map(|number| format!("(${number})")).collect();
    let statement = format!(
        "WITH RECURSIVE asked (id) AS (VALUES {}), \
         origin (root, lot) AS ( \
             SELECT id, id FROM asked \
             UNION \
             SELECT origin.root, lot_inputs.input_id \
             FROM origin JOIN lot_inputs ON lot_inputs.lot_id = origin.lot \
         ) \
         SELECT DISTINCT origin.root AS root \
         FROM origin JOIN lots ON lots.id = origin.lot \
         WHERE lots.recalled_at IS NOT NULL",
        asked.join(", ")
    );
    let query =
        ids.iter().fold(diesel::sql_query(statement).into_boxed::<Multi>(), |query, id| query.bind::<Guid, _>(*id));
    let roots: Vec<Root> = query.load(connection)?;
    Ok(roots.into_iter().map(|row| row.root).collect())
}

/// Which lots to list.
#[derive(Debug, Default)]
pub struct Filter {
    pub state: Option<State>,
    pub producer: Option<ProducerId>,
    pub product: Option<ProductId>,
    pub unit: Option<UnitCode>,
    pub search: Option<String>,
    pub before: Option<LotId>,
    pub limit: i64,
}

/// Lots of a territory, the newest first.
pub fn list(connection: &mut AnyConnection, territory: &Territory, filter: &Filter) -> Result<Vec<Lot>> {
    let mut query = within_territory!(lots::table.select(Lot::as_select()).into_boxed(), lots, territory);
    match filter.state {
        Some(State::Active) => query = query.filter(lots::recalled_at.is_null()),
        Some(State::Recalled) => query = query.filter(lots::recalled_at.is_not_null()),
        None => {}
    }
    if let Some(producer) = filter.producer {
        query = query.filter(lots::producer_id.eq(producer));
    }
    if let Some(product) = filter.product {
        query = query.filter(lots::product_id.eq(product));
    }
    if let Some(unit) = &filter.unit {
        query = query.filter(lots::district_code.eq(unit).or(lots::commune_code.nullable().eq(unit)));
    }
    if let Some(search) = &filter.search {
        query = query.filter(lots::code.like(format!("%{search}%")));
    }
    if let Some(before) = filter.before {
        query = query.filter(lots::id.lt(before));
    }
    Ok(query.order(lots::id.desc()).limit(filter.limit).load(connection)?)
}
