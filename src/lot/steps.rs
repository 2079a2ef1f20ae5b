//! What can be done to a lot, each step with its rules and its history; the routes and the demo call these.

use crate::audit::{self, Entry, Resource};
use crate::base::id::{AccountId, LotEventId, LotId, of};
use crate::base::{Error, Fault, Faults, Moment, Result, say};
use crate::db::AnyConnection;
use crate::lot::rules::{EventForm, LotForm};
use crate::lot::store::{self, Lot};
use crate::product::Product;

fn entry<'a>(
    lot: LotId,
    version: i32,
    account: AccountId,
    verb: &'a str,
    from: Option<&'a str>,
    to: &'a str,
    note: Option<&'a str>,
) -> Entry<'a, of::Lot> {
    Entry { resource: Resource::Lot, id: lot, version, account: Some(account), verb, from, to: Some(to), note }
}

/// Records a lot of `product`. Inputs may be of any producer, also recalled ones: what was made must be known.
pub fn make(
    connection: &mut AnyConnection,
    product: &Product,
    form: LotForm,
    account: AccountId,
    now: Moment,
) -> Result<LotId> {
    form.check(now.day())?;
    let existing = store::existing(connection, &form.inputs)?;
    let unknown = form.inputs.iter().enumerate().filter(|(_, input)| !existing.contains(input));
    let faults: Vec<Fault> = unknown
        .map(|(index, _)| {
            Fault::new(format!("/inputs/{index}"), "unknown_lot", say("Không có lô này.", "There is no such lot."))
        })
        .collect();
    faults.into_result()?;
    if store::code_taken(connection, product.id, &form.code)? {
        return Err(Error::conflict(
            "lot_code_taken",
            say("Sản phẩm này đã có lô mang số đó.", "The product has a lot of this code already."),
        ));
    }
    let id = store::insert(connection, product.home(), LotForm { product_id: product.id, ..form }, now)?;
    audit::record(connection, now, entry(id, 1, account, "create", None, "active", None))?;
    Ok(id)
}

/// Records what happened to a lot. Events are only ever added; each makes a version of the lot.
pub fn record_event(
    connection: &mut AnyConnection,
    lot: &Lot,
    form: EventForm,
    account: AccountId,
    now: Moment,
) -> Result<LotEventId> {
    form.check(now)?;
    let kind = form.kind;
    let id = store::insert_event(connection, lot.id, form, account, now)?;
    let state = lot.state();
    let entry = entry(lot.id, lot.version + 1, account, kind.as_ref(), Some(state.as_ref()), state.as_ref(), None);
    audit::record(connection, now, entry)?;
    Ok(id)
}

/// Recalls a lot, and with it everything that was made of it.
pub fn recall(connection: &mut AnyConnection, lot: &Lot, reason: &str, account: AccountId, now: Moment) -> Result<()> {
    let from = lot.state();
    let to = from.recall()?;
    store::recall(connection, lot.id, reason, now)?;
    let entry = entry(lot.id, lot.version + 1, account, "recall", Some(from.as_ref()), to.as_ref(), Some(reason));
    audit::record(connection, now, entry)
}
