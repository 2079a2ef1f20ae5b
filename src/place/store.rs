//! Units in the database.

use diesel::prelude::*;

use crate::base::{Day, Level, Result, UnitCode, text};
use crate::db::AnyConnection;
use crate::db::schema::units;
use crate::db::types::text_column;
use crate::place::names::Places;
use crate::place::rules::{self, Place, Unit};

text_column!(Level);

type Row = (UnitCode, Day, Option<Day>, Level, Option<UnitCode>, String);

fn unit((code, valid_from, valid_until, level, parent_code, name): Row) -> Unit {
    Unit { code, valid_from, valid_until, level, parent_code, name }
}

/// Brings the shipped units into a database that does not have them yet.
pub fn seed(connection: &mut AnyConnection) -> Result<()> {
    let known: i64 = units::table.count().get_result(connection)?;
    if known > 0 {
        return Ok(());
    }
    for unit in rules::official()? {
        diesel::insert_into(units::table)
            .values((
                units::code.eq(&unit.code),
                units::valid_from.eq(unit.valid_from),
                units::valid_until.eq(unit.valid_until),
                units::level.eq(unit.level),
                units::parent_code.eq(&unit.parent_code),
                units::name.eq(&unit.name),
                units::folded.eq(text::fold(&unit.name)),
            ))
            .execute(connection)?;
    }
    Ok(())
}

/// The unit that `code` means on `day`.
pub fn find(connection: &mut AnyConnection, code: &UnitCode, day: Day) -> Result<Option<Unit>> {
    let row: Option<Row> = units::table
        .filter(units::code.eq(code))
        .filter(units::valid_from.le(day))
        .filter(units::valid_until.is_null().or(units::valid_until.ge(day)))
        .select((units::code, units::valid_from, units::valid_until, units::level, units::parent_code, units::name))
        .first(connection)
        .optional()?;
    Ok(row.map(unit))
}

/// What `code` was called on `day`, as [`Places::name`] says it.
pub fn name(connection: &mut AnyConnection, code: &UnitCode, day: Day) -> Result<String> {
    let rows: Vec<Row> = units::table
        .filter(units::code.eq(code))
        .select((units::code, units::valid_from, units::valid_until, units::level, units::parent_code, units::name))
        .load(connection)?;
    Ok(Places::new(rows.into_iter().map(unit).collect()).name(code, day))
}

/// What all places are called.
pub fn places(connection: &mut AnyConnection) -> Result<Places> {
    Ok(Places::new(all(connection)?))
}

/// The commune `code` on `day`, with its district; None where no commune has the code on that day.
pub fn commune(connection: &mut AnyConnection, code: &UnitCode, day: Day) -> Result<Option<Place>> {
    let found = find(connection, code, day)?.filter(|unit| unit.level == Level::Commune);
    Ok(found.map(|unit| Place {
        commune: unit.code,
        district: unit.parent_code.filter(|parent| parent.level() == Level::District),
    }))
}

/// All units of all periods.
pub fn all(connection: &mut AnyConnection) -> Result<Vec<Unit>> {
    let rows: Vec<Row> = units::table
        .order((units::code, units::valid_from))
        .select((units::code, units::valid_from, units::valid_until, units::level, units::parent_code, units::name))
        .load(connection)?;
    Ok(rows.into_iter().map(unit).collect())
}

/// Which units to list.
#[derive(Debug, Default)]
pub struct UnitFilter {
    pub level: Option<Level>,
    pub parent: Option<UnitCode>,
    pub search: Option<String>,
    pub after: Option<UnitCode>,
    pub limit: i64,
}

/// The units that stand on `day`, by code.
pub fn list(connection: &mut AnyConnection, day: Day, filter: &UnitFilter) -> Result<Vec<Unit>> {
    let mut query = units::table
        .filter(units::valid_from.le(day))
        .filter(units::valid_until.is_null().or(units::valid_until.ge(day)))
        .into_boxed();
    if let Some(level) = filter.level {
        query = query.filter(units::level.eq(level));
    }
    if let Some(parent) = &filter.parent {
        query = query.filter(units::parent_code.eq(parent));
    }
    if let Some(search) = &filter.search {
        query = query.filter(units::folded.like(text::within(search)).escape('\\'));
    }
    if let Some(after) = &filter.after {
        query = query.filter(units::code.gt(after));
    }
    let rows: Vec<Row> = query
        .order(units::code)
        .limit(filter.limit)
        .select((units::code, units::valid_from, units::valid_until, units::level, units::parent_code, units::name))
        .load(connection)?;
    Ok(rows.into_iter().map(unit).collect())
}
