//! Products in the database.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::account::{Home, Territory, within_territory};
use crate::audit::refold_store::refolds;
use crate::audit::store::{Resource, changed_since};
use crate::base::id::{ProducerId, ProductId};
use crate::base::{Level, Moment, Result, UnitCode, text};
use crate::db::AnyConnection;
use crate::db::schema::{former_gtins, products};
use crate::db::settings::next_number;
use crate::db::types::Multi;
use crate::place::Place;
use crate::product::rules::{self, Described, Gtin};
use crate::station::{Sorting, Stretch, filters};

refolds!(products, name, Resource::Product);

/// A product as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = products)]
pub struct ProductRow {
    pub id: ProductId,
    pub version: i32,
    pub producer_id: ProducerId,
    pub code: String,
    pub name: String,
    pub folded: String,
    /// The code of the criteria set of its kind.
    pub criteria_set: String,
    pub description: String,
    pub story: String,
    pub packaging: String,
    pub gtin: Option<String>,
    pub commune_code: UnitCode,
    pub district_code: Option<UnitCode>,
    pub created_at: Moment,
    pub origin: Option<String>,
    pub shelf_life: Option<String>,
    pub safety_warnings: Option<String>,
}

impl ProductRow {
    pub fn home(&self) -> Home {
        Home { producer: self.producer_id, commune: self.commune_code.clone(), district: self.district_code.clone() }
    }

    pub fn described(&self) -> Described {
        Described {
            description: self.description.clone(),
            story: self.story.clone(),
            packaging: self.packaging.clone(),
            gtin: self.gtin.clone(),
            origin: self.origin.clone(),
            shelf_life: self.shelf_life.clone(),
            safety_warnings: self.safety_warnings.clone(),
        }
    }
}

/// A product that an approved plan brings into being.
#[derive(Debug, Clone)]
pub struct NewProduct {
    pub home: Home,
    pub year: i32,
    pub name: String,
    pub criteria_set: String,
    pub description: String,
    pub packaging: String,
}

pub fn find(connection: &mut AnyConnection, id: ProductId) -> Result<Option<ProductRow>> {
    Ok(products::table.find(id).select(ProductRow::as_select()).first(connection).optional()?)
}

pub fn of_ids(connection: &mut AnyConnection, ids: &[ProductId]) -> Result<Vec<ProductRow>> {
    Ok(products::table.filter(products::id.eq_any(ids.to_vec())).select(ProductRow::as_select()).load(connection)?)
}

/// Finds a product and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: ProductId) -> Result<Option<ProductRow>> {
    diesel::update(products::table.find(id)).set(products::version.eq(products::version)).execute(connection)?;
    find(connection, id)
}

/// Makes a product under the next code of its commune's year.
pub fn insert(connection: &mut AnyConnection, product: NewProduct, now: Moment) -> Result<ProductId> {
    let Home { producer, commune, district } = product.home;
    let number = next_number(connection, &format!("product:{commune}:{}", product.year))?;
    let id = ProductId::new();
    diesel::insert_into(products::table)
        .values((
            products::id.eq(id),
            products::version.eq(1),
            products::producer_id.eq(producer),
            products::code.eq(rules::code(district.as_ref(), &commune, number, product.year)),
            products::folded.eq(text::fold(&product.name)),
            products::name.eq(product.name),
            products::criteria_set.eq(product.criteria_set),
            products::description.eq(product.description),
            products::story.eq(""),
            products::packaging.eq(product.packaging),
            products::commune_code.eq(commune),
            products::district_code.eq(district),
            products::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

/// Sets what describes a product.
pub fn update(connection: &mut AnyConnection, id: ProductId, described: Described) -> Result<()> {
    diesel::update(products::table.find(id))
        .set((
            products::version.eq(products::version + 1),
            products::description.eq(described.description),
            products::story.eq(described.story),
            products::packaging.eq(described.packaging),
            products::gtin.eq(described.gtin),
            products::origin.eq(described.origin),
            products::shelf_life.eq(described.shelf_life),
            products::safety_warnings.eq(described.safety_warnings),
        ))
        .execute(connection)?;
    Ok(())
}

/// What the products of these ids are called.
pub fn names(connection: &mut AnyConnection, ids: &[ProductId]) -> Result<BTreeMap<ProductId, String>> {
    let named: Vec<(ProductId, String)> = products::table
        .filter(products::id.eq_any(ids.to_vec()))
        .select((products::id, products::name))
        .load(connection)?;
    Ok(named.into_iter().collect())
}

/// Those of the ids that are products.
pub fn known(connection: &mut AnyConnection, ids: &[ProductId]) -> Result<BTreeSet<ProductId>> {
    let known: Vec<ProductId> =
        products::table.filter(products::id.eq_any(ids.to_vec())).select(products::id).load(connection)?;
    Ok(known.into_iter().collect())
}

/// Keeps the GTIN that a product had until now: what was printed with it goes on leading there.
pub fn keep_former_gtin(connection: &mut AnyConnection, id: ProductId, gtin: &str, now: Moment) -> Result<()> {
    diesel::delete(former_gtins::table.find((id, gtin))).execute(connection)?;
    diesel::insert_into(former_gtins::table)
        .values((former_gtins::product_id.eq(id), former_gtins::gtin.eq(gtin), former_gtins::until.eq(now)))
        .execute(connection)?;
    Ok(())
}

/// The product that has a GTIN, or else the last that had it before it was corrected.
pub fn of_any_gtin(connection: &mut AnyConnection, gtin: &Gtin) -> Result<Option<ProductRow>> {
    if let Some(product) = of_gtin(connection, gtin)? {
        return Ok(Some(product));
    }
    Ok(former_gtins::table
        .inner_join(products::table.on(products::id.eq(former_gtins::product_id)))
        .filter(former_gtins::gtin.eq_any(gtin.spellings()))
        .order((former_gtins::until.desc(), former_gtins::product_id))
        .select(ProductRow::as_select())
        .first(connection)
        .optional()?)
}

/// The product with a GTIN, however many zeros either is written with; the oldest, where several have it.
pub fn of_gtin(connection: &mut AnyConnection, gtin: &Gtin) -> Result<Option<ProductRow>> {
    Ok(products::table
        .filter(products::gtin.assume_not_null().eq_any(gtin.spellings()))
        .order(products::id)
        .select(ProductRow::as_select())
        .first(connection)
        .optional()?)
}

/// The products of these producers, the oldest first.
pub fn of_producers(connection: &mut AnyConnection, producers: &[ProducerId]) -> Result<Vec<ProductRow>> {
    Ok(products::table
        .filter(products::producer_id.eq_any(producers.to_vec()))
        .order(products::id)
        .select(ProductRow::as_select())
        .load(connection)?)
}

/// The places in which each producer has products.
pub fn spots(connection: &mut AnyConnection) -> Result<Vec<(ProducerId, Place)>> {
    let spots: Vec<(ProducerId, UnitCode, Option<UnitCode>)> = products::table
        .select((products::producer_id, products::commune_code, products::district_code))
        .distinct()
        .load(connection)?;
    Ok(spots.into_iter().map(|(id, commune, district)| (id, Place { commune, district })).collect())
}

/// Moves a product to another place; its code stays.
pub fn set_place(connection: &mut AnyConnection, id: ProductId, place: &Place) -> Result<()> {
    diesel::update(products::table.find(id))
        .set((
            products::version.eq(products::version + 1),
            products::commune_code.eq(place.commune.clone()),
            products::district_code.eq(place.district.clone()),
        ))
        .execute(connection)?;
    Ok(())
}

/// Something that belongs to the product changed: its version goes on. The version after it is returned.
pub fn touch(connection: &mut AnyConnection, id: ProductId) -> Result<i32> {
    diesel::update(products::table.find(id)).set(products::version.eq(products::version + 1)).execute(connection)?;
    Ok(products::table.find(id).select(products::version).first(connection)?)
}

filters! {
    /// What products can be listed by.
    pub struct ProductFilter {
        producer_id: ProducerId,
        /// A district or commune.
        unit_code: UnitCode,
        /// The code of the criteria set.
        criteria_set: String,
        /// By name unless another order is asked for.
        #[param(inline)]
        sort: Sorting,
    }
    search q
}

/// The products of a territory that a filter lets through.
fn matching<'a>(territory: &'a Territory, filter: &'a ProductFilter) -> products::BoxedQuery<'a, Multi> {
    let mut query = within_territory!(products::table.into_boxed(), products, territory);
    if let Some(producer) = filter.producer_id {
        query = query.filter(products::producer_id.eq(producer));
    }
    if let Some(code) = &filter.criteria_set {
        query = query.filter(products::criteria_set.eq(code));
    }
    if let Some(unit) = &filter.unit_code {
        query = match unit.level() {
            Level::Province => query,
            Level::District => query.filter(products::district_code.eq(unit)),
            Level::Commune => query.filter(products::commune_code.eq(unit)),
        };
    }
    if let Some(search) = &filter.q {
        query = query.filter(products::folded.like(text::within(search)).escape('\\').or(products::code.eq(search)));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(products::id.eq_any(changed_since(Resource::Product, since)));
    }
    query
}

/// Products of a territory, by folded name unless another order is asked for.
pub fn list(
    connection: &mut AnyConnection,
    territory: &Territory,
    filter: &ProductFilter,
    stretch: &Stretch<(String, ProductId)>,
) -> Result<Vec<ProductRow>> {
    let mut query = matching(territory, filter);
    let sorting = filter.sort.unwrap_or(Sorting::Name);
    query = match (sorting, &stretch.after) {
        (Sorting::Name, Some((folded, id))) => {
            query.filter(products::folded.gt(folded).or(products::folded.eq(folded).and(products::id.gt(id))))
        }
        (Sorting::Newest, Some((_, id))) => query.filter(products::id.lt(id)),
        (Sorting::Oldest, Some((_, id))) => query.filter(products::id.gt(id)),
        (_, None) => query,
    };
    query = match sorting {
        Sorting::Name => query.order((products::folded, products::id)),
        Sorting::Newest => query.order(products::id.desc()),
        Sorting::Oldest => query.order(products::id),
    };
    let query = query.limit(stretch.limit);
    Ok(query.select(ProductRow::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, territory: &Territory, filter: &ProductFilter) -> Result<i64> {
    Ok(matching(territory, filter).count().get_result(connection)?)
}
