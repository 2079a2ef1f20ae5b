//! Old codes in the database.

use diesel::prelude::*;

use crate::base::id::{AccountId, ProductId};
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{legacy_codes, producers, products};

/// What an old code leads to.
#[derive(Debug, Clone, Queryable)]
pub struct LegacyProduct {
    pub product: ProductId,
    pub product_name: String,
    pub product_code: String,
    pub gtin: Option<String>,
    pub origin: Option<String>,
    pub shelf_life: Option<String>,
    pub safety_warnings: Option<String>,
    pub producer_name: String,
    pub address: String,
    pub kind: String,
    pub phone: String,
    pub public_phone: bool,
}

pub fn find(connection: &mut AnyConnection, code: &str) -> Result<Option<LegacyProduct>> {
    Ok(legacy_codes::table
        .inner_join(products::table.on(products::id.eq(legacy_codes::product_id)))
        .inner_join(producers::table.on(producers::id.eq(products::producer_id)))
        .filter(legacy_codes::code.eq(code))
        .select((
            products::id,
            products::name,
            products::code,
            products::gtin,
            products::origin,
            products::shelf_life,
            products::safety_warnings,
            producers::name,
            producers::address,
            producers::kind,
            producers::phone,
            producers::public_phone,
        ))
        .first(connection)
        .optional()?)
}

pub fn count(connection: &mut AnyConnection) -> Result<i64> {
    Ok(legacy_codes::table.count().get_result(connection)?)
}

pub fn all(connection: &mut AnyConnection) -> Result<Vec<String>> {
    Ok(legacy_codes::table.select(legacy_codes::code).load(connection)?)
}

/// A code again leads where it is said to lead last.
pub fn put(
    connection: &mut AnyConnection,
    code: &str,
    product: ProductId,
    account: AccountId,
    now: Moment,
) -> Result<()> {
    diesel::delete(legacy_codes::table.find(code)).execute(connection)?;
    diesel::insert_into(legacy_codes::table)
        .values((
            legacy_codes::code.eq(code),
            legacy_codes::product_id.eq(product),
            legacy_codes::account_id.eq(account),
            legacy_codes::at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

/// Old codes in their order, with the products that they lead to.
pub fn list(
    connection: &mut AnyConnection,
    product: Option<ProductId>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<(String, ProductId, Moment)>> {
    let mut query =
        legacy_codes::table.select((legacy_codes::code, legacy_codes::product_id, legacy_codes::at)).into_boxed();
    if let Some(product) = product {
        query = query.filter(legacy_codes::product_id.eq(product));
    }
    if let Some(after) = after {
        query = query.filter(legacy_codes::code.gt(after.to_owned()));
    }
    Ok(query.order(legacy_codes::code).limit(limit).load(connection)?)
}
