//! Placing and lifting a hold, each with its history; the routes and the demo call these.

use crate::account::Home;
use crate::audit::{self, Entry, Resource};
use crate::base::id::{AccountId, HoldId};
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::hold::rules::State;
use crate::hold::store::{self, Held, Hold};

/// Places a hold on what belongs to `home`.
pub fn place(
    connection: &mut AnyConnection,
    held: Held,
    home: Home,
    reason: &str,
    account: AccountId,
    now: Moment,
) -> Result<HoldId> {
    let id = store::insert(connection, held, home, reason, account, now)?;
    let entry = Entry {
        resource: Resource::Hold,
        id,
        version: 1,
        account: Some(account),
        verb: "create",
        from: None,
        to: Some(State::Active.as_ref()),
        note: Some(reason),
    };
    audit::record(connection, now, entry)?;
    Ok(id)
}

/// Lifts a hold.
pub fn lift(
    connection: &mut AnyConnection,
    hold: &Hold,
    note: Option<&str>,
    account: AccountId,
    now: Moment,
) -> Result<()> {
    let state = hold.state.lift()?;
    store::lift(connection, hold.id, state, now)?;
    let entry = Entry {
        resource: Resource::Hold,
        id: hold.id,
        version: hold.version + 1,
        account: Some(account),
        verb: "lift",
        from: Some(hold.state.as_ref()),
        to: Some(state.as_ref()),
        note,
    };
    audit::record(connection, now, entry)
}
