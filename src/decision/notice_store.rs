//! Written notices in the database.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::base::id::{AccountId, CertificateId};
use crate::base::{Day, Level, Moment, Result, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::{certificates, decisions, notices, units};
use crate::decision::certificate_store::Certificate;
use crate::decision::standing_store::valid;

/// A written notice (văn bản thông báo) that a certificate is about to end.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = notices)]
pub struct Notice {
    pub certificate_id: CertificateId,
    pub letter_number: String,
    pub letter_date: Day,
    pub late: bool,
    pub account_id: AccountId,
    pub created_at: Moment,
}

/// The notices of these certificates.
pub fn of(connection: &mut AnyConnection, ids: &[CertificateId]) -> Result<BTreeMap<CertificateId, Notice>> {
    let found: Vec<Notice> = notices::table
        .filter(notices::certificate_id.eq_any(ids.to_vec()))
        .select(Notice::as_select())
        .load(connection)?;
    Ok(found.into_iter().map(|notice| (notice.certificate_id, notice)).collect())
}

pub fn insert(connection: &mut AnyConnection, notice: Notice) -> Result<()> {
    diesel::insert_into(notices::table)
        .values((
            notices::certificate_id.eq(notice.certificate_id),
            notices::letter_number.eq(notice.letter_number),
            notices::letter_date.eq(notice.letter_date),
            notices::late.eq(notice.late),
            notices::account_id.eq(notice.account_id),
            notices::created_at.eq(notice.created_at),
        ))
        .execute(connection)?;
    Ok(())
}

/// Valid certificates of a unit that end on a day or before it, by number. The province stands in for units that are no
/// more.
pub fn ending(
    connection: &mut AnyConnection,
    unit: &UnitCode,
    today: Day,
    until: Day,
    after: Option<&String>,
    limit: i64,
) -> Result<Vec<Certificate>> {
    let stands = units::code
        .eq(decisions::unit_code)
        .and(units::valid_from.le(today))
        .and(units::valid_until.is_null().or(units::valid_until.ge(today)));
    let mut query = certificates::table
        .inner_join(decisions::table.on(decisions::id.eq(certificates::decision_id)))
        .left_join(units::table.on(stands))
        .filter(valid(today))
        .filter(certificates::valid_until.le(until))
        .select(Certificate::as_select())
        .into_boxed();
    query = match unit.level() {
        Level::Province => query.filter(decisions::unit_code.eq(unit).or(units::code.is_null())),
        Level::District | Level::Commune => query.filter(decisions::unit_code.eq(unit)),
    };
    if let Some(after) = after {
        query = query.filter(certificates::number.gt(after));
    }
    Ok(query.order(certificates::number).limit(limit).load(connection)?)
}
