//! A seat in an open council, or a place in its working group, lets read what is on the agenda, whatever the role.

use std::collections::BTreeSet;

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::account::rules::Actor;
use crate::base::Result;
use crate::base::id::{AccountId, DossierId, ProductId};
use crate::db::AnyConnection;
use crate::db::schema::{agenda_items, councils, dossiers, seats, working_groups};

/// The state of a council whose seats count; `rating::rules` has all of them.
const OPEN: &str = "open";
/// The state of an item that its council is done with.
const CONCLUDED: &str = "concluded";

/// The states of a council that is done, or was never begun.
pub const OVER: [&str; 2] = ["closed", "discarded"];

/// Of these accounts, those that hold a seat in a council, or a place in its working group, that is neither closed nor discarded.
pub fn engaged(connection: &mut AnyConnection, accounts: &[AccountId]) -> Result<BTreeSet<AccountId>> {
    let seats: Vec<AccountId> = seats::table
        .inner_join(councils::table)
        .filter(seats::account_id.eq_any(accounts.to_vec()))
        .filter(councils::state.ne_all(OVER))
        .select(seats::account_id)
        .load(connection)?;
    let places: Vec<AccountId> = working_groups::table
        .inner_join(councils::table.on(working_groups::council_id.eq(councils::id)))
        .filter(working_groups::account_id.eq_any(accounts.to_vec()))
        .filter(councils::state.ne_all(OVER))
        .select(working_groups::account_id)
        .load(connection)?;
    Ok(seats.into_iter().chain(places).collect())
}

/// The seats of who presides and of who keeps the book; `rating::council` has all of them.
const LEADING: [&str; 2] = ["chair", "secretary"];

/// Whether the account is chair or secretary of a council that is not closed.
pub fn leads_or_keeps_the_book(connection: &mut AnyConnection, account: AccountId) -> Result<bool> {
    let seat = seats::table
        .inner_join(councils::table)
        .filter(seats::account_id.eq(account))
        .filter(seats::seat.eq_any(LEADING))
        .filter(councils::state.ne_all(OVER));
    Ok(diesel::select(exists(seat)).get_result(connection)?)
}

#[diesel::dsl::auto_type]
fn seated(actor: &Actor) -> _ {
    let id: AccountId = actor.id;
    seats::table.filter(seats::account_id.eq(id)).select(seats::council_id)
}

#[diesel::dsl::auto_type]
fn checks(actor: &Actor) -> _ {
    let id: AccountId = actor.id;
    working_groups::table.filter(working_groups::account_id.eq(id)).select(working_groups::council_id)
}

/// Of these dossiers, those that the account checks: it belongs to the working group of an open council that has not
/// concluded the dossier yet.
pub fn checked(connection: &mut AnyConnection, actor: &Actor, dossiers: &[DossierId]) -> Result<BTreeSet<DossierId>> {
    let checked: Vec<DossierId> = agenda_items::table
        .inner_join(councils::table)
        .filter(agenda_items::dossier_id.eq_any(dossiers.to_vec()))
        .filter(agenda_items::state.ne(CONCLUDED))
        .filter(councils::state.eq(OPEN))
        .filter(councils::id.eq_any(checks(actor)))
        .select(agenda_items::dossier_id)
        .distinct()
        .load(connection)?;
    Ok(checked.into_iter().collect())
}

/// Whether the dossier is on the agenda of an open council with a seat of the asker.
pub fn show_dossier(connection: &mut AnyConnection, actor: &Actor, dossier: DossierId) -> Result<bool> {
    let item = agenda_items::table
        .inner_join(councils::table)
        .filter(agenda_items::dossier_id.eq(dossier))
        .filter(councils::state.eq(OPEN))
        .filter(councils::id.eq_any(seated(actor)).or(councils::id.eq_any(checks(actor))));
    Ok(diesel::select(exists(item)).get_result(connection)?)
}

/// Whether some dossier of the product is on such an agenda.
pub fn show_product(connection: &mut AnyConnection, actor: &Actor, product: ProductId) -> Result<bool> {
    let item = agenda_items::table
        .inner_join(councils::table)
        .inner_join(dossiers::table)
        .filter(dossiers::product_id.eq(product))
        .filter(councils::state.eq(OPEN))
        .filter(councils::id.eq_any(seated(actor)).or(councils::id.eq_any(checks(actor))));
    Ok(diesel::select(exists(item)).get_result(connection)?)
}
