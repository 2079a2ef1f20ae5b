//! What the papers of a session need of the database beside what the other files of the room read.

use diesel::prelude::*;

use crate::base::id::{AgendaItemId, CouncilId, ProducerId, ProductId};
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{agenda_items, criteria_sets, dossiers, producers, products, rescores};
use crate::rating::agenda::Item;

/// What an item is about, by name.
#[derive(Debug, Clone, Queryable)]
pub struct Named {
    pub product: ProductId,
    pub product_name: String,
    pub product_code: String,
    pub producer: ProducerId,
    pub producer_name: String,
    pub criteria_set: Option<String>,
}

/// The items of a council in the order of its agenda.
pub fn items(connection: &mut AnyConnection, council: CouncilId) -> Result<Vec<(Item, Named)>> {
    Ok(agenda_items::table
        .inner_join(dossiers::table.on(dossiers::id.eq(agenda_items::dossier_id)))
        .inner_join(products::table.on(products::id.eq(dossiers::product_id)))
        .inner_join(producers::table.on(producers::id.eq(dossiers::producer_id)))
        .left_join(criteria_sets::table.on(dossiers::criteria_set_id.eq(criteria_sets::id.nullable())))
        .filter(agenda_items::council_id.eq(council))
        .order(agenda_items::position)
        .select((
            Item::as_select(),
            (
                products::id,
                products::name,
                products::code,
                producers::id,
                producers::name,
                criteria_sets::title.nullable(),
            ),
        ))
        .load(connection)?)
}

/// The names around one item.
pub fn named(connection: &mut AnyConnection, item: AgendaItemId) -> Result<Option<Named>> {
    Ok(agenda_items::table
        .inner_join(dossiers::table.on(dossiers::id.eq(agenda_items::dossier_id)))
        .inner_join(products::table.on(products::id.eq(dossiers::product_id)))
        .inner_join(producers::table.on(producers::id.eq(dossiers::producer_id)))
        .left_join(criteria_sets::table.on(dossiers::criteria_set_id.eq(criteria_sets::id.nullable())))
        .filter(agenda_items::id.eq(item))
        .select((
            products::id,
            products::name,
            products::code,
            producers::id,
            producers::name,
            criteria_sets::title.nullable(),
        ))
        .first(connection)
        .optional()?)
}

/// Why an attempt was begun after another.
#[derive(Debug, Clone, Queryable)]
pub struct Rescore {
    pub attempt: i32,
    pub reason: String,
    pub votes_for: Option<i32>,
    pub votes_against: Option<i32>,
    pub at: Moment,
}

pub fn rescores(connection: &mut AnyConnection, item: AgendaItemId) -> Result<Vec<Rescore>> {
    Ok(rescores::table
        .filter(rescores::agenda_item_id.eq(item))
        .order(rescores::attempt)
        .select((rescores::attempt, rescores::reason, rescores::votes_for, rescores::votes_against, rescores::at))
        .load(connection)?)
}
