//! Points of sale in the database.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use crate::audit::refold_store::refolds;
use crate::audit::store::{Resource, changed_since};
use crate::base::id::{ProductId, ShopId};
use crate::base::{Day, Level, Moment, Result, UnitCode, text};
use crate::db::AnyConnection;
use crate::db::schema::{shop_products, shops};
use crate::db::types::Multi;
use crate::place::Place;
use crate::shop::rules::ShopForm;
use crate::station::{Stretch, filters};

refolds!(shops, name, Resource::Shop);

/// A point of sale (điểm bán hàng).
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = shops)]
pub struct Shop {
    pub id: ShopId,
    pub version: i32,
    pub name: String,
    pub commune_code: UnitCode,
    pub district_code: Option<UnitCode>,
    pub address: String,
    pub phone: Option<String>,
    pub opened_on: Day,
    pub closed_on: Option<Day>,
    pub created_at: Moment,
    pub folded: String,
}

impl Shop {
    pub fn place(&self) -> Place {
        Place { commune: self.commune_code.clone(), district: self.district_code.clone() }
    }

    /// What it was entered with, as it stands now.
    pub fn form(&self) -> ShopForm {
        ShopForm {
            name: self.name.clone(),
            commune_code: self.commune_code.clone(),
            address: self.address.clone(),
            phone: self.phone.clone(),
            opened_on: self.opened_on,
            closed_on: self.closed_on,
        }
    }
}

pub fn insert(connection: &mut AnyConnection, form: ShopForm, place: Place, now: Moment) -> Result<ShopId> {
    let id = ShopId::new();
    diesel::insert_into(shops::table)
        .values((
            shops::id.eq(id),
            shops::version.eq(1),
            shops::folded.eq(text::fold(&form.name)),
            shops::name.eq(form.name),
            shops::commune_code.eq(place.commune),
            shops::district_code.eq(place.district),
            shops::address.eq(form.address),
            shops::phone.eq(form.phone),
            shops::opened_on.eq(form.opened_on),
            shops::closed_on.eq(form.closed_on),
            shops::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

/// Sets a shop's data.
pub fn update(connection: &mut AnyConnection, shop: &Shop, form: ShopForm, place: Place) -> Result<()> {
    diesel::update(shops::table.find(shop.id))
        .set((
            shops::version.eq(shops::version + 1),
            shops::folded.eq(text::fold(&form.name)),
            shops::name.eq(form.name),
            shops::commune_code.eq(place.commune),
            shops::district_code.eq(place.district),
            shops::address.eq(form.address),
            shops::phone.eq(form.phone),
            shops::opened_on.eq(form.opened_on),
            shops::closed_on.eq(form.closed_on),
        ))
        .execute(connection)?;
    Ok(())
}

pub fn find(connection: &mut AnyConnection, id: ShopId) -> Result<Option<Shop>> {
    Ok(shops::table.find(id).select(Shop::as_select()).first(connection).optional()?)
}

/// Finds a shop and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: ShopId) -> Result<Option<Shop>> {
    diesel::update(shops::table.find(id)).set(shops::version.eq(shops::version)).execute(connection)?;
    find(connection, id)
}

/// What each of the shops sells; those that sell nothing are left out.
pub fn sold_in(connection: &mut AnyConnection, shops: &[ShopId]) -> Result<HashMap<ShopId, Vec<ProductId>>> {
    let rows: Vec<(ShopId, ProductId)> = shop_products::table
        .filter(shop_products::shop_id.eq_any(shops.to_vec()))
        .order((shop_products::shop_id, shop_products::product_id))
        .select((shop_products::shop_id, shop_products::product_id))
        .load(connection)?;
    let mut sold: HashMap<ShopId, Vec<ProductId>> = HashMap::new();
    for (shop, product) in rows {
        sold.entry(shop).or_default().push(product);
    }
    Ok(sold)
}

/// Makes the shop, whose row is taken, sell these and nothing else.
pub fn set_products(connection: &mut AnyConnection, shop: &Shop, wanted: &BTreeSet<ProductId>) -> Result<()> {
    diesel::update(shops::table.find(shop.id)).set(shops::version.eq(shops::version + 1)).execute(connection)?;
    let present: BTreeSet<ProductId> =
        sold_in(connection, &[shop.id])?.remove(&shop.id).unwrap_or_default().into_iter().collect();
    let gone: Vec<ProductId> = present.difference(wanted).copied().collect();
    diesel::delete(
        shop_products::table.filter(shop_products::shop_id.eq(shop.id)).filter(shop_products::product_id.eq_any(gone)),
    )
    .execute(connection)?;
    for product in wanted.difference(&present) {
        diesel::insert_into(shop_products::table)
            .values((shop_products::shop_id.eq(shop.id), shop_products::product_id.eq(*product)))
            .execute(connection)?;
    }
    Ok(())
}

/// So many words of a search are looked at.
const MOST_WORDS: usize = 16;

filters! {
    /// What shops can be listed by.
    pub struct ShopFilter {
        /// A district or commune.
        unit_code: UnitCode,
        /// Only shops that sell this product.
        product_id: ProductId,
    }
    search q
}

/// See [`is_open`].
pub type IsOpen = diesel::dsl::And<
    diesel::dsl::LtEq<shops::opened_on, Day>,
    diesel::dsl::AssumeNotNull<
        diesel::dsl::Or<
            diesel::dsl::Nullable<diesel::dsl::IsNull<shops::closed_on>>,
            diesel::dsl::GtEq<shops::closed_on, Day>,
        >,
    >,
>;

/// Whether a shop is open on a day, in SQL; its last day counts.
pub fn is_open(day: Day) -> IsOpen {
    use diesel::NullableExpressionMethods;
    let not_closed = shops::closed_on.is_null().nullable().or(shops::closed_on.ge(day)).assume_not_null();
    shops::opened_on.le(day).and(not_closed)
}

/// The shops that a filter lets through; only those that are open on `open_on`, where a day is given.
fn matching(filter: &ShopFilter, open_on: Option<Day>) -> shops::BoxedQuery<'_, Multi> {
    let mut query = shops::table.into_boxed();
    if let Some(unit) = &filter.unit_code {
        query = match unit.level() {
            Level::Province => query,
            Level::District => query.filter(shops::district_code.eq(unit.clone())),
            Level::Commune => query.filter(shops::commune_code.eq(unit.clone())),
        };
    }
    // Each word, wherever it stands.
    for word in filter.q.iter().flat_map(|search| search.split(' ')).take(MOST_WORDS) {
        query = query.filter(shops::folded.like(text::within(word)).escape('\\'));
    }
    if let Some(day) = open_on {
        query = query.filter(is_open(day));
    }
    if let Some(product) = filter.product_id {
        let selling = shop_products::table.filter(shop_products::product_id.eq(product)).select(shop_products::shop_id);
        query = query.filter(shops::id.eq_any(selling));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(shops::id.eq_any(changed_since(Resource::Shop, since)));
    }
    query
}

/// Shops by folded name.
pub fn list(
    connection: &mut AnyConnection,
    filter: &ShopFilter,
    open_on: Option<Day>,
    stretch: &Stretch<(String, ShopId)>,
) -> Result<Vec<Shop>> {
    let mut query = matching(filter, open_on);
    if let Some((folded, id)) = &stretch.after {
        query = query.filter(shops::folded.gt(folded).or(shops::folded.eq(folded).and(shops::id.gt(id))));
    }
    Ok(query.order((shops::folded, shops::id)).limit(stretch.limit).select(Shop::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, filter: &ShopFilter) -> Result<i64> {
    Ok(matching(filter, None).count().get_result(connection)?)
}
