//! What was handed in, in the database; a row is never changed.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::base::id::{AccountId, DossierId};
use crate::base::{Digest, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::dossier_submissions;
use crate::db::types::Json;
use crate::dossier::content::Content;

/// A submission, as it was.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = dossier_submissions)]
pub struct Submission {
    pub dossier_id: DossierId,
    pub number: i32,
    pub account_id: AccountId,
    pub content: Json<Content>,
    pub digest: Digest,
    pub submitted_at: Moment,
}

/// Keeps what is handed in as the dossier's next submission; the dossier's row is taken, so numbers follow one another.
pub fn insert(
    connection: &mut AnyConnection,
    content: Content,
    digest: Digest,
    by: AccountId,
    at: Moment,
) -> Result<()> {
    let id = content.dossier_id;
    let last: Option<i32> = dossier_submissions::table
        .filter(dossier_submissions::dossier_id.eq(id))
        .select(diesel::dsl::max(dossier_submissions::number))
        .first(connection)?;
    diesel::insert_into(dossier_submissions::table)
        .values((
            dossier_submissions::dossier_id.eq(id),
            dossier_submissions::number.eq(last.unwrap_or_default().saturating_add(1)),
            dossier_submissions::account_id.eq(by),
            dossier_submissions::content.eq(Json(content)),
            dossier_submissions::digest.eq(digest),
            dossier_submissions::submitted_at.eq(at),
        ))
        .execute(connection)?;
    Ok(())
}

/// A dossier's submissions, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    dossier: DossierId,
    before: Option<i32>,
    limit: i64,
) -> Result<Vec<Submission>> {
    let mut query = dossier_submissions::table
        .filter(dossier_submissions::dossier_id.eq(dossier))
        .select(Submission::as_select())
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(dossier_submissions::number.lt(before));
    }
    Ok(query.order(dossier_submissions::number.desc()).limit(limit).load(connection)?)
}

pub fn find(connection: &mut AnyConnection, dossier: DossierId, number: i32) -> Result<Option<Submission>> {
    let found = dossier_submissions::table.find((dossier, number)).select(Submission::as_select());
    Ok(found.first(connection).optional()?)
}

/// What was handed in last of each of these dossiers.
pub fn latest(connection: &mut AnyConnection, ids: &[DossierId]) -> Result<BTreeMap<DossierId, Submission>> {
    let rows: Vec<Submission> = dossier_submissions::table
        .filter(dossier_submissions::dossier_id.eq_any(ids.to_vec()))
        .order(dossier_submissions::number)
        .select(Submission::as_select())
        .load(connection)?;
    Ok(rows.into_iter().map(|row| (row.dossier_id, row)).collect())
}

/// When each of these dossiers was handed in last, with its number and digest.
pub fn receipts(
    connection: &mut AnyConnection,
    ids: &[DossierId],
) -> Result<BTreeMap<DossierId, (i32, Moment, Digest)>> {
    let rows: Vec<(DossierId, i32, Moment, Digest)> = dossier_submissions::table
        .filter(dossier_submissions::dossier_id.eq_any(ids.to_vec()))
        .order(dossier_submissions::number)
        .select((
            dossier_submissions::dossier_id,
            dossier_submissions::number,
            dossier_submissions::submitted_at,
            dossier_submissions::digest,
        ))
        .load(connection)?;
    Ok(rows.into_iter().map(|(id, number, at, digest)| (id, (number, at, digest))).collect())
}
