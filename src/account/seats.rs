//! A seat in an open council lets its holder read what is on the agenda, whatever the holder's role.

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::account::rules::Actor;
use crate::account::territory::Home;
use crate::base::id::{DossierId, ProductId};
use crate::base::{Error, Result};
use crate::db::AnyConnection;
use crate::db::schema::{agenda_items, councils, dossiers, seats};

/// The state of a council whose seats count; `rating::rules` has all of them.
const OPEN: &str = "open";

/// 404 unless the dossier lies in the asker's territory or on the agenda of an open council with a seat of the asker.
pub fn must_see_dossier(connection: &mut AnyConnection, actor: &Actor, home: &Home, dossier: DossierId) -> Result<()> {
    if actor.must_see(home).is_ok() {
        return Ok(());
    }
    let seat = agenda_items::table
        .inner_join(councils::table.inner_join(seats::table))
        .filter(agenda_items::dossier_id.eq(dossier))
        .filter(councils::state.eq(OPEN))
        .filter(seats::account_id.eq(actor.id));
    if diesel::select(exists(seat)).get_result(connection)? { Ok(()) } else { Err(Error::unknown()) }
}

/// As [`must_see_dossier`], for a product of which some dossier is on such an agenda.
pub fn must_see_product(connection: &mut AnyConnection, actor: &Actor, home: &Home, product: ProductId) -> Result<()> {
    if actor.must_see(home).is_ok() {
        return Ok(());
    }
    let seat = agenda_items::table
        .inner_join(councils::table.inner_join(seats::table))
        .inner_join(dossiers::table)
        .filter(dossiers::product_id.eq(product))
        .filter(councils::state.eq(OPEN))
        .filter(seats::account_id.eq(actor.id));
    if diesel::select(exists(seat)).get_result(connection)? { Ok(()) } else { Err(Error::unknown()) }
}
