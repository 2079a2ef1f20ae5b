//! The ministry's demands in the database.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::base::id::{AccountId, CertificateId, DemandId};
use crate::base::{Day, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::demands;
use crate::db::types::text_column;
use crate::decision::rules::DemandKind;

text_column!(DemandKind);

/// What the ministry demanded of a certificate (26/2026/QĐ-TTg, article 10.1 b).
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = demands)]
pub struct Demand {
    pub id: DemandId,
    #[serde(skip)]
    pub certificate_id: CertificateId,
    pub asks: DemandKind,
    /// Of the ministry's letter.
    pub number: String,
    pub dated: Day,
    pub content: String,
    pub account_id: AccountId,
    pub created_at: Moment,
}

pub fn insert(connection: &mut AnyConnection, demand: Demand) -> Result<()> {
    diesel::insert_into(demands::table)
        .values((
            demands::id.eq(demand.id),
            demands::certificate_id.eq(demand.certificate_id),
            demands::asks.eq(demand.asks),
            demands::number.eq(demand.number),
            demands::dated.eq(demand.dated),
            demands::content.eq(demand.content),
            demands::account_id.eq(demand.account_id),
            demands::created_at.eq(demand.created_at),
        ))
        .execute(connection)?;
    Ok(())
}

/// The demands on record for each of these certificates, the oldest first.
pub fn of(connection: &mut AnyConnection, ids: &[CertificateId]) -> Result<BTreeMap<CertificateId, Vec<Demand>>> {
    let rows: Vec<Demand> = demands::table
        .filter(demands::certificate_id.eq_any(ids.to_vec()))
        .order((demands::certificate_id, demands::dated, demands::id))
        .select(Demand::as_select())
        .load(connection)?;
    let mut found: BTreeMap<CertificateId, Vec<Demand>> = BTreeMap::new();
    for row in rows {
        found.entry(row.certificate_id).or_default().push(row);
    }
    Ok(found)
}
