//! Holds in the database. A hold keeps the home of what it holds, so that territory is asked of one table.

use std::collections::HashSet;

use diesel::prelude::*;

use crate::account::{Home, Territory, within_territory};
use crate::audit::store::{Resource, changed_since};
use crate::base::id::{AccountId, HoldId, LotId, ProducerId, ProductId};
use crate::base::{Moment, Result, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::holds;
use crate::db::types::{Multi, text_column};
use crate::hold::rules::State;
use crate::station::{Stretch, filters};

text_column!(State);

/// A hold (tạm đình chỉ): what it is on may not be sold until it is lifted.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = holds)]
pub struct Hold {
    pub id: HoldId,
    pub version: i32,
    pub product_id: Option<ProductId>,
    pub lot_id: Option<LotId>,
    pub producer_id: ProducerId,
    pub commune_code: UnitCode,
    pub district_code: Option<UnitCode>,
    pub reason: String,
    pub state: State,
    pub placed_by: AccountId,
    pub placed_at: Moment,
    pub lifted_at: Option<Moment>,
}

impl Hold {
    pub fn home(&self) -> Home {
        Home { producer: self.producer_id, commune: self.commune_code.clone(), district: self.district_code.clone() }
    }
}

/// What a hold is placed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    Product(ProductId),
    Lot(LotId),
}

pub fn find(connection: &mut AnyConnection, id: HoldId) -> Result<Option<Hold>> {
    Ok(holds::table.find(id).select(Hold::as_select()).first(connection).optional()?)
}

/// Finds a hold and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: HoldId) -> Result<Option<Hold>> {
    diesel::update(holds::table.find(id)).set(holds::version.eq(holds::version)).execute(connection)?;
    find(connection, id)
}

pub fn insert(
    connection: &mut AnyConnection,
    held: Held,
    home: Home,
    reason: &str,
    account: AccountId,
    now: Moment,
) -> Result<HoldId> {
    let (product, lot) = match held {
        Held::Product(product) => (Some(product), None),
        Held::Lot(lot) => (None, Some(lot)),
    };
    let id = HoldId::new();
    diesel::insert_into(holds::table)
        .values((
            holds::id.eq(id),
            holds::version.eq(1),
            holds::product_id.eq(product),
            holds::lot_id.eq(lot),
            holds::producer_id.eq(home.producer),
            holds::commune_code.eq(home.commune),
            holds::district_code.eq(home.district),
            holds::reason.eq(reason),
            holds::state.eq(State::Active),
            holds::placed_by.eq(account),
            holds::placed_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

pub fn lift(connection: &mut AnyConnection, id: HoldId, state: State, now: Moment) -> Result<()> {
    diesel::update(holds::table.find(id))
        .set((holds::version.eq(holds::version + 1), holds::state.eq(state), holds::lifted_at.eq(Some(now))))
        .execute(connection)?;
    Ok(())
}

/// Which of these products and lots are held now.
pub fn held(
    connection: &mut AnyConnection,
    products: &[ProductId],
    lots: &[LotId],
) -> Result<(HashSet<ProductId>, HashSet<LotId>)> {
    let rows: Vec<(Option<ProductId>, Option<LotId>)> = holds::table
        .filter(holds::state.eq(State::Active))
        .filter(
            (holds::product_id.assume_not_null().eq_any(products.to_vec()))
                .or(holds::lot_id.assume_not_null().eq_any(lots.to_vec())),
        )
        .select((holds::product_id, holds::lot_id))
        .load(connection)?;
    Ok((rows.iter().filter_map(|row| row.0).collect(), rows.iter().filter_map(|row| row.1).collect()))
}

filters! {
    /// What holds can be listed by.
    pub struct HoldFilter {
        state: State,
        /// A district or commune.
        unit_code: UnitCode,
        producer_id: ProducerId,
        product_id: ProductId,
        /// The lot that is held itself.
        lot_id: LotId,
    }
}

/// The holds of a territory that a filter lets through.
fn matching<'a>(territory: &'a Territory, filter: &'a HoldFilter) -> holds::BoxedQuery<'a, Multi> {
    let mut query = within_territory!(holds::table.into_boxed(), holds, territory);
    if let Some(state) = filter.state {
        query = query.filter(holds::state.eq(state));
    }
    if let Some(producer) = filter.producer_id {
        query = query.filter(holds::producer_id.eq(producer));
    }
    if let Some(product) = filter.product_id {
        query = query.filter(holds::product_id.eq(product));
    }
    if let Some(lot) = filter.lot_id {
        query = query.filter(holds::lot_id.eq(lot));
    }
    if let Some(unit) = &filter.unit_code {
        query = query.filter(holds::district_code.eq(unit).or(holds::commune_code.nullable().eq(unit)));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(holds::id.eq_any(changed_since(Resource::Hold, since)));
    }
    query
}

/// Holds of a territory, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    territory: &Territory,
    filter: &HoldFilter,
    stretch: &Stretch<HoldId>,
) -> Result<Vec<Hold>> {
    let mut query = matching(territory, filter);
    if let Some(before) = stretch.after {
        query = query.filter(holds::id.lt(before));
    }
    Ok(query.order(holds::id.desc()).limit(stretch.limit).select(Hold::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, territory: &Territory, filter: &HoldFilter) -> Result<i64> {
    Ok(matching(territory, filter).count().get_result(connection)?)
}
