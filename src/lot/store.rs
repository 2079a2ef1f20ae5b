//! Lots, their inputs and recalls in the database.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Text};
use serde::Serialize;

use crate::account::{Home, Territory, within_territory};
use crate::audit::store::{Resource, changed_since};
use crate::base::id::{AnyId, LotId, ProducerId, ProductId};
use crate::base::{Day, Moment, Result, UnitCode, text};
use crate::db::AnyConnection;
use crate::db::schema::{lot_inputs, lots};
use crate::db::settings::next_number;
use crate::db::types::{Guid, Instant, Multi, placeholders};
use crate::lot::rules::{CodePart, LotForm, State};
use crate::station::{Stretch, filters};

/// The history vouches for it as it is serialized: what is added later is left out while it is empty, so that what was
/// recorded before stays the same.
#[derive(Debug, Clone, Serialize, Queryable, Selectable)]
#[diesel(table_name = lots)]
pub struct Lot {
    pub id: LotId,
    #[serde(skip)]
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
    /// The recalled lot that it was made of; None where it was recalled itself.
    pub recall_origin_id: Option<LotId>,
}

impl Lot {
    pub fn home(&self) -> Home {
        Home { producer: self.producer_id, commune: self.commune_code.clone(), district: self.district_code.clone() }
    }

    pub fn state(&self) -> State {
        if self.recalled_at.is_some() { State::Recalled } else { State::Active }
    }
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

/// The codes of the lots of these ids.
pub fn codes(connection: &mut AnyConnection, ids: &[LotId]) -> Result<HashMap<LotId, String>> {
    let coded: Vec<(LotId, String)> =
        lots::table.filter(lots::id.eq_any(ids.to_vec())).select((lots::id, lots::code)).load(connection)?;
    Ok(coded.into_iter().collect())
}

/// Finds lots and takes their rows until the transaction ends: none of them is recalled meanwhile.
pub fn take_all(connection: &mut AnyConnection, ids: &[LotId]) -> Result<Vec<Lot>> {
    diesel::update(lots::table.filter(lots::id.eq_any(ids.to_vec())))
        .set(lots::version.eq(lots::version))
        .execute(connection)?;
    find_all(connection, ids)
}

/// The lot with this code of a product, however the code is written.
pub fn of_code(connection: &mut AnyConnection, product: ProductId, code: &str) -> Result<Option<Lot>> {
    let same = lots::table.filter(lots::product_id.eq(product)).filter(lots::folded.eq(text::fold(code)));
    // Older programs took two that differ in what is folded away; the one that is spelled so comes first.
    Ok(same.order(lots::code.ne(code)).select(Lot::as_select()).first(connection).optional()?)
}

/// Folds codes that no program or one with another folding folded; how many there were. No step vouches for the key.
pub fn refold(connection: &mut AnyConnection, _: Moment) -> Result<usize> {
    let rows: Vec<(LotId, String, Option<String>)> =
        lots::table.select((lots::id, lots::code, lots::folded)).load(connection)?;
    let mut count = 0;
    for (id, code, folded) in rows {
        let anew = text::fold(&code);
        if folded.as_ref() != Some(&anew) {
            diesel::update(lots::table.find(id)).set(lots::folded.eq(anew)).execute(connection)?;
            count += 1;
        }
    }
    Ok(count)
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
            lots::folded.eq(text::fold(&form.code)),
            lots::code.eq(form.code),
            lots::produced_on.eq(form.produced_on),
            lots::expires_on.eq(form.expires_on),
            lots::quantity.eq(form.quantity),
            lots::unit.eq(form.unit),
            lots::created_at.eq(now),
        ))
        .execute(connection)?;
    insert_inputs(connection, id, &form.inputs)?;
    Ok(id)
}

fn insert_inputs(connection: &mut AnyConnection, lot: LotId, inputs: &[LotId]) -> Result<()> {
    for input in inputs {
        diesel::insert_into(lot_inputs::table)
            .values((lot_inputs::lot_id.eq(lot), lot_inputs::input_id.eq(input)))
            .execute(connection)?;
    }
    Ok(())
}

/// Inputs that were forgotten when the lot was recorded; they make its next version.
pub fn add_inputs(connection: &mut AnyConnection, lot: LotId, inputs: &[LotId]) -> Result<()> {
    insert_inputs(connection, lot, inputs)?;
    diesel::update(lots::table.find(lot)).set(lots::version.eq(lots::version + 1)).execute(connection)?;
    Ok(())
}

/// Whoever adds inputs waits for others who do: two that each are right could close a circle together.
pub fn take_turn_to_add_inputs(connection: &mut AnyConnection) -> Result<()> {
    next_number(connection, "lot_inputs").map(drop)
}

#[derive(QueryableByName)]
struct Reached {
    #[diesel(sql_type = Guid)]
    lot: LotId,
}

/// Everything that was made of a lot, and the lot itself.
pub fn made_of(connection: &mut AnyConnection, id: LotId) -> Result<HashSet<LotId>> {
    let rows: Vec<Reached> = diesel::sql_query(
        "WITH RECURSIVE made (lot) AS ( \
             SELECT id FROM lots WHERE id = $1 \
             UNION \
             SELECT lot_inputs.lot_id FROM made JOIN lot_inputs ON lot_inputs.input_id = made.lot \
         ) \
         SELECT lot FROM made",
    )
    .bind::<Guid, _>(id)
    .load(connection)?;
    Ok(rows.into_iter().map(|row| row.lot).collect())
}

/// The inputs of these lots, as pairs of lot and input.
pub fn inputs(connection: &mut AnyConnection, ids: &[LotId]) -> Result<Vec<(LotId, LotId)>> {
    Ok(lot_inputs::table
        .filter(lot_inputs::lot_id.eq_any(ids.to_vec()))
        .order((lot_inputs::lot_id, lot_inputs::input_id))
        .select((lot_inputs::lot_id, lot_inputs::input_id))
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

/// A lot that a recall reached, and the version that this made.
#[derive(QueryableByName)]
struct Marked {
    #[diesel(sql_type = Guid)]
    id: LotId,
    #[diesel(sql_type = Integer)]
    version: i32,
}

/// Marks everything that was made of `lot` and is not recalled yet as recalled for `origin`. The number of statements
/// does not grow with the graph.
pub fn recall_made_of(
    connection: &mut AnyConnection,
    lot: LotId,
    origin: LotId,
    reason: &str,
    now: Moment,
) -> Result<Vec<(LotId, i32)>> {
    let mut all = Vec::new();
    loop {
        let marked: Vec<Marked> = diesel::sql_query(
            "UPDATE lots SET version = version + 1, recalled_at = $1, recall_reason = $2, recall_origin_id = $3 \
             WHERE recalled_at IS NULL AND id IN ( \
                 WITH RECURSIVE made (lot) AS ( \
                     SELECT lot_id FROM lot_inputs WHERE input_id = $4 \
                     UNION \
                     SELECT lot_inputs.lot_id FROM made JOIN lot_inputs ON lot_inputs.input_id = made.lot \
                 ) \
                 SELECT lot FROM made \
             ) RETURNING id, version",
        )
        .bind::<Instant, _>(now)
        .bind::<Text, _>(reason)
        .bind::<Guid, _>(origin)
        .bind::<Guid, _>(lot)
        .load(connection)?;
        // What somebody made of them while this waited for a row is seen by the next turn; now that the rows are taken,
        // nothing more can be made of them unmarked.
        if marked.is_empty() {
            return Ok(all);
        }
        all.extend(marked.into_iter().map(|lot| (lot.id, lot.version)));
    }
}

/// Which of these lots are recalled, themselves or with a lot that went into them.
pub fn recalled(connection: &mut AnyConnection, ids: &BTreeSet<LotId>) -> Result<HashSet<LotId>> {
    let rows: Vec<LotId> = lots::table
        .filter(lots::id.eq_any(ids.iter().copied().collect::<Vec<_>>()))
        .filter(lots::recalled_at.is_not_null())
        .select(lots::id)
        .load(connection)?;
    Ok(rows.into_iter().collect())
}

/// How holds touch a lot: it is held itself, or something that went into it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Holds {
    pub own: bool,
    pub of_an_input: bool,
}

#[derive(QueryableByName)]
struct Held {
    #[diesel(sql_type = Guid)]
    root: LotId,
    #[diesel(sql_type = Bool)]
    is_own: bool,
}

/// How holds on lots and products touch these lots, however far back; one statement. Untouched ones are left out.
pub fn holds(connection: &mut AnyConnection, ids: &BTreeSet<LotId>) -> Result<HashMap<LotId, Holds>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let statement = format!(
        "WITH RECURSIVE asked (id) AS (VALUES {}), \
         origin (root, lot) AS ( \
             SELECT id, id FROM asked \
             UNION \
             SELECT origin.root, lot_inputs.input_id \
             FROM origin JOIN lot_inputs ON lot_inputs.lot_id = origin.lot \
         ) \
         SELECT DISTINCT origin.root AS root, origin.root = origin.lot AS is_own \
         FROM origin JOIN lots ON lots.id = origin.lot \
         WHERE EXISTS (SELECT 1 FROM holds WHERE holds.state = 'active' \
             AND (holds.lot_id = lots.id OR holds.product_id = lots.product_id))",
        placeholders(connection, ids.len(), 1)
    );
    let query =
        ids.iter().fold(diesel::sql_query(statement).into_boxed::<Multi>(), |query, id| query.bind::<Guid, _>(*id));
    let rows: Vec<Held> = query.load(connection)?;
    let mut holds: HashMap<LotId, Holds> = HashMap::new();
    for row in rows {
        let of = holds.entry(row.root).or_default();
        if row.is_own { of.own = true } else { of.of_an_input = true }
    }
    Ok(holds)
}

filters! {
    /// What lots can be listed by.
    pub struct LotFilter {
        state: State,
        /// A district or commune.
        unit_code: UnitCode,
        producer_id: ProducerId,
        product_id: ProductId,
        /// A part of the code, as it is printed.
        #[param(value_type = Option<String>)]
        q: CodePart,
    }
}

/// The lots of a territory that a filter lets through.
fn matching<'a>(territory: &'a Territory, filter: &'a LotFilter) -> lots::BoxedQuery<'a, Multi> {
    let mut query = within_territory!(lots::table.into_boxed(), lots, territory);
    match filter.state {
        Some(State::Active) => query = query.filter(lots::recalled_at.is_null()),
        Some(State::Recalled) => query = query.filter(lots::recalled_at.is_not_null()),
        None => {}
    }
    if let Some(producer) = filter.producer_id {
        query = query.filter(lots::producer_id.eq(producer));
    }
    if let Some(product) = filter.product_id {
        query = query.filter(lots::product_id.eq(product));
    }
    if let Some(unit) = &filter.unit_code {
        query = query.filter(lots::district_code.eq(unit).or(lots::commune_code.nullable().eq(unit)));
    }
    if let Some(search) = &filter.q {
        query = query.filter(lots::folded.like(text::within(&text::fold(&search.0))).escape('\\'));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(lots::id.eq_any(changed_since(Resource::Lot, since)));
    }
    query
}

/// Lots of a territory, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    territory: &Territory,
    filter: &LotFilter,
    stretch: &Stretch<LotId>,
) -> Result<Vec<Lot>> {
    let mut query = matching(territory, filter);
    if let Some(before) = stretch.after {
        query = query.filter(lots::id.lt(before));
    }
    Ok(query.order(lots::id.desc()).limit(stretch.limit).select(Lot::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, territory: &Territory, filter: &LotFilter) -> Result<i64> {
    Ok(matching(territory, filter).count().get_result(connection)?)
}

/// Lots by the ids of their history.
pub fn of_any_ids(connection: &mut AnyConnection, ids: &[AnyId]) -> Result<Vec<Lot>> {
    Ok(lots::table.filter(lots::id.eq_any(ids.to_vec())).select(Lot::as_select()).load(connection)?)
}
