//! Products in the database.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::account::{Home, Territory, within_territory};
use crate::base::id::{ProducerId, ProductId};
use crate::base::{Level, Moment, Result, UnitCode, text};
use crate::db::AnyConnection;
use crate::db::schema::products;
use crate::db::settings::next_number;
use crate::place::Place;
use crate::product::rules::{self, Described, Gtin};

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = products)]
pub struct Product {
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

impl Product {
    pub fn home(&self) -> Home {
        Home { producer: self.producer_id, commune: self.commune_code.clone(), district: self.district_code.clone() }
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

pub fn find(connection: &mut AnyConnection, id: ProductId) -> Result<Option<Product>> {
    Ok(products::table.find(id).select(Product::as_select()).first(connection).optional()?)
}

pub fn of_ids(connection: &mut AnyConnection, ids: &[ProductId]) -> Result<Vec<Product>> {
    Ok(products::table.filter(products::id.eq_any(ids.to_vec())).select(Product::as_select()).load(connection)?)
}

/// Finds a product and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: ProductId) -> Result<Option<Product>> {
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

/// Sets what describes a product; the version after it is returned.
pub fn update(connection: &mut AnyConnection, product: &Product, described: Described) -> Result<i32> {
    let version = product.version + 1;
    diesel::update(products::table.find(product.id))
        .set((
            products::version.eq(version),
            products::description.eq(described.description),
            products::story.eq(described.story),
            products::packaging.eq(described.packaging),
            products::gtin.eq(described.gtin),
            products::origin.eq(described.origin),
            products::shelf_life.eq(described.shelf_life),
            products::safety_warnings.eq(described.safety_warnings),
        ))
        .execute(connection)?;
    Ok(version)
}

/// The product with a GTIN, however many zeros either is written with; the oldest, where several have it.
/// What the products of these ids are called.
pub fn names(connection: &mut AnyConnection, ids: &[ProductId]) -> Result<BTreeMap<ProductId, String>> {
    let named: Vec<(ProductId, String)> = products::table
        .filter(products::id.eq_any(ids.to_vec()))
        .select((products::id, products::name))
        .load(connection)?;
    Ok(named.into_iter().collect())
}

pub fn of_gtin(connection: &mut AnyConnection, gtin: Gtin) -> Result<Option<Product>> {
    Ok(products::table
        .filter(products::gtin.assume_not_null().eq_any(gtin.spellings()))
        .order(products::id)
        .select(Product::as_select())
        .first(connection)
        .optional()?)
}

/// The products of a producer.
pub fn of_producer(connection: &mut AnyConnection, producer: ProducerId) -> Result<Vec<Product>> {
    Ok(products::table
        .filter(products::producer_id.eq(producer))
        .order(products::id)
        .select(Product::as_select())
        .load(connection)?)
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

/// Which products to list.
#[derive(Debug, Default)]
pub struct Filter {
    pub producer: Option<ProducerId>,
    pub unit: Option<UnitCode>,
    pub search: Option<String>,
    pub after: Option<(String, ProductId)>,
    pub limit: i64,
}

/// Products of a territory by folded name.
pub fn list(connection: &mut AnyConnection, territory: &Territory, filter: &Filter) -> Result<Vec<Product>> {
    let mut query = within_territory!(products::table.select(Product::as_select()).into_boxed(), products, territory);
    if let Some(producer) = filter.producer {
        query = query.filter(products::producer_id.eq(producer));
    }
    if let Some(unit) = &filter.unit {
        query = match unit.level() {
            Level::Province => query,
            Level::District => query.filter(products::district_code.eq(unit.clone())),
            Level::Commune => query.filter(products::commune_code.eq(unit.clone())),
        };
    }
    if let Some(search) = &filter.search {
        query = query.filter(products::folded.like(format!("%{search}%")).or(products::code.eq(search)));
    }
    if let Some((folded, id)) = &filter.after {
        query = query.filter(products::folded.gt(folded).or(products::folded.eq(folded).and(products::id.gt(id))));
    }
    Ok(query.order((products::folded, products::id)).limit(filter.limit).load(connection)?)
}
