//! Dispatches in the database.

use diesel::prelude::*;

use crate::base::id::{AccountId, DispatchId};
use crate::base::{Day, Moment, Result, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::dispatches;
use crate::db::types::{Json, text_column};
use crate::decision::rules::{DispatchVerb, Listed};

text_column!(DispatchVerb);

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = dispatches)]
pub struct Dispatch {
    pub id: DispatchId,
    pub verb: DispatchVerb,
    pub letter_number: String,
    pub letter_date: Day,
    pub unit_code: UnitCode,
    pub account_id: AccountId,
    pub created_at: Moment,
    pub items: Json<Vec<Listed>>,
}

pub fn insert(connection: &mut AnyConnection, dispatch: &Dispatch) -> Result<()> {
    diesel::insert_into(dispatches::table)
        .values((
            dispatches::id.eq(dispatch.id),
            dispatches::verb.eq(dispatch.verb),
            dispatches::letter_number.eq(&dispatch.letter_number),
            dispatches::letter_date.eq(dispatch.letter_date),
            dispatches::unit_code.eq(&dispatch.unit_code),
            dispatches::account_id.eq(dispatch.account_id),
            dispatches::created_at.eq(dispatch.created_at),
            dispatches::items.eq(dispatch.items.clone()),
        ))
        .execute(connection)?;
    Ok(())
}

pub fn find(connection: &mut AnyConnection, id: DispatchId) -> Result<Option<Dispatch>> {
    Ok(dispatches::table.find(id).select(Dispatch::as_select()).first(connection).optional()?)
}

/// The lists of one unit, or of all, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    unit: Option<&UnitCode>,
    after: Option<DispatchId>,
    limit: i64,
) -> Result<Vec<Dispatch>> {
    let mut query = dispatches::table.select(Dispatch::as_select()).into_boxed();
    if let Some(unit) = unit {
        query = query.filter(dispatches::unit_code.eq(unit));
    }
    if let Some(after) = after {
        query = query.filter(dispatches::id.lt(after));
    }
    Ok(query.order(dispatches::id.desc()).limit(limit).load(connection)?)
}
