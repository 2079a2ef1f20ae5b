//! Certificates as the public verifies them, read from the database.

use diesel::prelude::*;

use crate::base::Result;
use crate::base::id::ProductId;
use crate::db::AnyConnection;
use crate::db::schema::{certificates, producers, products};
use crate::decision::certificate_store::{CERTIFIED, CertifiedRow, certified};
use crate::decision::rules::Certified;

/// A certificate with what it was given for.
#[derive(Debug)]
pub struct Verified {
    pub certificate: Certified,
    pub product_id: ProductId,
    pub product_code: String,
    pub product_name: String,
    pub producer_name: String,
    pub producer_address: String,
}

pub fn certificate(connection: &mut AnyConnection, number: &str) -> Result<Option<Verified>> {
    type Row = (CertifiedRow, (ProductId, String, String), (String, String));
    let row: Option<Row> = certificates::table
        .inner_join(products::table.on(products::id.eq(certificates::product_id)))
        .inner_join(producers::table.on(producers::id.eq(certificates::producer_id)))
        .filter(certificates::number.eq(number))
        .select((CERTIFIED, (products::id, products::code, products::name), (producers::name, producers::address)))
        .first(connection)
        .optional()?;
    let Some((certificate, product, producer)) = row else { return Ok(None) };
    let certificate = certified(connection, vec![certificate])?.pop();
    let (product_id, product_code, product_name) = product;
    let (producer_name, producer_address) = producer;
    let verified =
        |certificate| Verified { certificate, product_id, product_code, product_name, producer_name, producer_address };
    Ok(certificate.map(verified))
}

/// Whether a product's plan was approved: with a certificate, what makes it one that takes part.
macro_rules! has_plan {
    () => {{
        let plans = plans::table.filter(plans::product_id.eq(products::id.nullable()));
        diesel::dsl::exists(plans.filter(plans::state.eq($crate::plan::rules::State::Approved)))
    }};
}
pub(crate) use has_plan;
