//! What communes found of dossiers (form 03), in the database.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::base::id::{AccountId, DossierId};
use crate::base::{Day, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::commune_reports;

/// A commune's report (báo cáo của Ủy ban nhân dân cấp xã, form 03 of 26/2026/QĐ-TTg).
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = commune_reports)]
pub struct CommuneReport {
    pub dossier_id: DossierId,
    pub number: i32,
    pub local_material: String,
    pub local_labour: String,
    pub origin_of_idea: String,
    pub local_identity: String,
    pub completeness: String,
    pub letter_number: String,
    pub letter_date: Day,
    pub account_id: AccountId,
    pub created_at: Moment,
}

/// Keeps a report as the dossier's next; the dossier's row is taken, so numbers follow one another.
pub fn insert(connection: &mut AnyConnection, report: CommuneReport) -> Result<()> {
    let last: Option<i32> = commune_reports::table
        .filter(commune_reports::dossier_id.eq(report.dossier_id))
        .select(diesel::dsl::max(commune_reports::number))
        .first(connection)?;
    let report = CommuneReport { number: last.unwrap_or_default().saturating_add(1), ..report };
    diesel::insert_into(commune_reports::table)
        .values((
            commune_reports::dossier_id.eq(report.dossier_id),
            commune_reports::number.eq(report.number),
            commune_reports::local_material.eq(report.local_material),
            commune_reports::local_labour.eq(report.local_labour),
            commune_reports::origin_of_idea.eq(report.origin_of_idea),
            commune_reports::local_identity.eq(report.local_identity),
            commune_reports::completeness.eq(report.completeness),
            commune_reports::letter_number.eq(report.letter_number),
            commune_reports::letter_date.eq(report.letter_date),
            commune_reports::account_id.eq(report.account_id),
            commune_reports::created_at.eq(report.created_at),
        ))
        .execute(connection)?;
    Ok(())
}

/// The newest report on each of these dossiers.
pub fn latest(connection: &mut AnyConnection, ids: &[DossierId]) -> Result<BTreeMap<DossierId, CommuneReport>> {
    let rows: Vec<CommuneReport> = commune_reports::table
        .filter(commune_reports::dossier_id.eq_any(ids.to_vec()))
        .order(commune_reports::number)
        .select(CommuneReport::as_select())
        .load(connection)?;
    Ok(rows.into_iter().map(|row| (row.dossier_id, row)).collect())
}
