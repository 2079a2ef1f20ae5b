//! Sample units of dossiers in the database.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::base::id::{AccountId, DossierId};
use crate::base::{Day, Result};
use crate::db::AnyConnection;
use crate::db::schema::dossier_samples;

/// Units that were received at once (sản phẩm mẫu).
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = dossier_samples)]
pub struct Samples {
    pub dossier_id: DossierId,
    pub number: i32,
    pub units: i32,
    pub received_on: Day,
    pub received_by: AccountId,
    pub kept_at: String,
    pub given_back_on: Option<Day>,
    pub given_back_to: Option<String>,
    pub given_back_by: Option<AccountId>,
}

pub fn receive(
    connection: &mut AnyConnection,
    dossier: DossierId,
    units: i32,
    received_on: Day,
    kept_at: String,
    by: AccountId,
) -> Result<()> {
    let last: Option<i32> = dossier_samples::table
        .filter(dossier_samples::dossier_id.eq(dossier))
        .select(diesel::dsl::max(dossier_samples::number))
        .first(connection)?;
    diesel::insert_into(dossier_samples::table)
        .values((
            dossier_samples::dossier_id.eq(dossier),
            dossier_samples::number.eq(last.unwrap_or_default().saturating_add(1)),
            dossier_samples::units.eq(units),
            dossier_samples::received_on.eq(received_on),
            dossier_samples::received_by.eq(by),
            dossier_samples::kept_at.eq(kept_at),
        ))
        .execute(connection)?;
    Ok(())
}

/// Gives back all that is still kept.
pub fn give_back(connection: &mut AnyConnection, dossier: DossierId, on: Day, to: String, by: AccountId) -> Result<()> {
    let kept = dossier_samples::table
        .filter(dossier_samples::dossier_id.eq(dossier))
        .filter(dossier_samples::given_back_on.is_null());
    diesel::update(kept)
        .set((
            dossier_samples::given_back_on.eq(Some(on)),
            dossier_samples::given_back_to.eq(Some(to)),
            dossier_samples::given_back_by.eq(Some(by)),
        ))
        .execute(connection)?;
    Ok(())
}

/// The samples of these dossiers, the first received first.
pub fn of(connection: &mut AnyConnection, ids: &[DossierId]) -> Result<BTreeMap<DossierId, Vec<Samples>>> {
    let rows: Vec<Samples> = dossier_samples::table
        .filter(dossier_samples::dossier_id.eq_any(ids.to_vec()))
        .order((dossier_samples::dossier_id, dossier_samples::number))
        .select(Samples::as_select())
        .load(connection)?;
    let mut found: BTreeMap<DossierId, Vec<Samples>> = BTreeMap::new();
    for row in rows {
        found.entry(row.dossier_id).or_default().push(row);
    }
    Ok(found)
}
