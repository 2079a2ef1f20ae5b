//! What the extension of certificates needs of their table.

use diesel::prelude::*;

use crate::base::id::{CertificateId, ProductId};
use crate::base::{Day, Result};
use crate::db::AnyConnection;
use crate::db::schema::certificates;

/// A certificate, as far as its extension depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Lasting {
    pub id: CertificateId,
    pub product: ProductId,
    pub issued_on: Day,
    /// The last day.
    pub valid_until: Day,
}

/// The columns of [`Lasting`].
pub const LASTING: (certificates::id, certificates::product_id, certificates::issued_on, certificates::valid_until) =
    (certificates::id, certificates::product_id, certificates::issued_on, certificates::valid_until);

/// The certificates whose last day lies between two days.
pub fn ended_between(connection: &mut AnyConnection, from: Day, to: Day) -> Result<Vec<Lasting>> {
    Ok(certificates::table.filter(certificates::valid_until.between(from, to)).select(LASTING).load(connection)?)
}

/// All certificates of these products, in the order of their issue.
pub fn of_products(connection: &mut AnyConnection, products: &[ProductId]) -> Result<Vec<Lasting>> {
    Ok(certificates::table
        .filter(certificates::product_id.eq_any(products.to_vec()))
        .order((certificates::issued_on, certificates::id))
        .select(LASTING)
        .load(connection)?)
}
