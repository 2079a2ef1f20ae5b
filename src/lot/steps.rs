//! What can be done to a lot, each step with its rules and its history; the routes and the demo call these.

use std::collections::{HashMap, HashSet};

use crate::audit::{Entry, Resource};
use crate::base::id::{AccountId, LotEventId, LotId, ProducerId, of};
use crate::base::{Day, Error, Fault, Faults, Moment, Result, say};
use crate::db::AnyConnection;
use crate::lot::content;
use crate::lot::event_rules::{self, Destination, EventForm};
use crate::lot::event_store;
use crate::lot::rules::{self, InputsForm, LotForm, Offered, State};
use crate::lot::store::{self, Lot};
use crate::product::Product;
use crate::{producer, shop};

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

/// Records a lot of `product`. Inputs are the producer's own or were released to it; a recalled one may be named, for
/// what was made must be known, and brings its recall along.
pub fn make(
    connection: &mut AnyConnection,
    product: &Product,
    form: LotForm,
    account: AccountId,
    now: Moment,
) -> Result<LotId> {
    form.check(now.day())?;
    let inputs = usable(connection, product.producer_id, &form.inputs, form.produced_on, &HashSet::new())?;
    if store::code_taken(connection, product.id, &form.code)? {
        return Err(Error::conflict(
            "lot_code_taken",
            say("Sản phẩm này đã có lô mang số đó.", "The product has a lot of this code already."),
        ));
    }
    let id = store::insert(connection, product.home(), LotForm { product_id: product.id, ..form }, now)?;
    content::record(connection, now, entry(id, 1, account, "create", None, State::Active.as_ref(), None))?;
    inherit(connection, &inputs, account, now)?;
    Ok(id)
}

/// The inputs, each of which may go into a lot of `producer` made on `made_on`; their rows are taken. `descendants` are
/// the lots that were made of that lot.
fn usable(
    connection: &mut AnyConnection,
    producer: ProducerId,
    inputs: &[LotId],
    made_on: Day,
    descendants: &HashSet<LotId>,
) -> Result<Vec<Lot>> {
    if inputs.is_empty() {
        return Ok(Vec::new());
    }
    let lots = store::take_all(connection, inputs)?;
    let released = event_store::released_to(connection, producer, inputs)?;
    let offered: HashMap<LotId, Offered> = lots
        .iter()
        .map(|lot| {
            let offered = Offered {
                may_be_used: lot.producer_id == producer || released.contains(&lot.id),
                produced_on: lot.produced_on,
                is_made_of_it: descendants.contains(&lot.id),
            };
            (lot.id, offered)
        })
        .collect();
    let fault = |(index, input)| rules::input_fault(index, offered.get(input).copied(), made_on);
    inputs.iter().enumerate().filter_map(fault).collect::<Vec<Fault>>().into_result()?;
    Ok(lots)
}

/// What is made of a recalled lot is recalled with it.
fn inherit(connection: &mut AnyConnection, inputs: &[Lot], account: AccountId, now: Moment) -> Result<()> {
    for input in inputs.iter().filter(|input| input.state() == State::Recalled) {
        let origin = input.recall_origin_id.unwrap_or(input.id);
        let reason = input.recall_reason.clone().unwrap_or_default();
        spread(connection, input.id, origin, &reason, account, now)?;
    }
    Ok(())
}

/// Recalls what was made of a lot, with one step of history each.
fn spread(
    connection: &mut AnyConnection,
    lot: LotId,
    origin: LotId,
    reason: &str,
    account: AccountId,
    now: Moment,
) -> Result<()> {
    let marked = store::recall_made_of(connection, lot, origin, reason, now)?;
    let (active, recalled) = (State::Active, State::Recalled);
    let step =
        |(lot, version)| entry(lot, version, account, "recall", Some(active.as_ref()), recalled.as_ref(), Some(reason));
    content::record_all(connection, now, marked.into_iter().map(step).collect())
}

/// Names inputs that were forgotten when the lot was recorded.
pub fn add_inputs(
    connection: &mut AnyConnection,
    lot: &Lot,
    form: &InputsForm,
    account: AccountId,
    now: Moment,
) -> Result<()> {
    form.check()?;
    store::take_turn_to_add_inputs(connection)?;
    let descendants = store::made_of(connection, lot.id)?;
    let inputs = usable(connection, lot.producer_id, &form.inputs, lot.produced_on, &descendants)?;
    let known: HashSet<LotId> = store::inputs(connection, &[lot.id])?.into_iter().map(|(_, input)| input).collect();
    let repeated = form.inputs.iter().enumerate().filter(|(_, input)| known.contains(input));
    let faults: Vec<Fault> = repeated
        .map(|(index, _)| {
            let detail = say("Lô này đã là đầu vào.", "This lot is an input already.");
            Fault::new(format!("/inputs/{index}"), "repeated", detail)
        })
        .collect();
    faults.into_result()?;
    store::add_inputs(connection, lot.id, &form.inputs)?;
    let state = lot.state();
    let note = form.note.as_deref();
    let step = entry(lot.id, lot.version + 1, account, "add_inputs", Some(state.as_ref()), state.as_ref(), note);
    content::record(connection, now, step)?;
    inherit(connection, &inputs, account, now)
}

/// Records what happened to a lot, whose row was taken before. Events are only ever added; each makes a version of the
/// lot. One that corrects another stands for it from now on.
pub fn record_event(
    connection: &mut AnyConnection,
    lot: &Lot,
    form: EventForm,
    account: AccountId,
    now: Moment,
) -> Result<LotEventId> {
    form.check(lot.produced_on, now)?;
    let mut faults = Vec::new();
    if let Some(destination) = &form.destination {
        check_destination(connection, destination, lot, &mut faults)?;
    }
    check_documents(connection, &form, lot, &mut faults)?;
    if let Some(corrected) = form.corrects {
        match event_store::correction_of(connection, lot.id, corrected)? {
            None => faults.push(Fault::new(
                "/corrects",
                "unknown_event",
                say("Lô này không có sự kiện đó.", "This lot has no such event."),
            )),
            Some(Some(_)) => faults.push(Fault::new(
                "/corrects",
                "corrected_already",
                say(
                    "Sự kiện này đã được đính chính; hãy đính chính sự kiện thay cho nó.",
                    "The event was corrected already; correct the one that stands for it.",
                ),
            )),
            Some(None) => {}
        }
    }
    faults.into_result()?;
    if let Some(quantity) = form.quantity.filter(|_| form.kind.goes_out()) {
        let standing = event_store::standing(connection, &[lot.id])?;
        let others = standing.iter().filter(|event| event.kind == form.kind && Some(event.id) != form.corrects);
        let gone = others.filter_map(|event| event.quantity).fold(0, i64::saturating_add);
        event_rules::must_be_left(quantity, gone, lot.quantity, &lot.unit)?;
    }
    let (kind, note) = (form.kind, form.corrects.map(|_| form.note.clone()));
    let id = event_store::insert(connection, lot.id, form, account, now)?;
    let state = lot.state();
    let verb = if note.is_some() { "correct" } else { kind.as_ref() };
    let step = entry(lot.id, lot.version + 1, account, verb, Some(state.as_ref()), state.as_ref(), note.as_deref());
    content::record(connection, now, step)?;
    Ok(id)
}

fn check_destination(
    connection: &mut AnyConnection,
    destination: &Destination,
    lot: &Lot,
    faults: &mut Vec<Fault>,
) -> Result<()> {
    if let Some(id) = destination.shop_id
        && shop::store::find(connection, id)?.is_none()
    {
        let detail = say("Không có điểm bán này.", "There is no such point of sale.");
        faults.push(Fault::new("/destination/shop_id", "unknown_shop", detail));
    }
    if let Some(id) = destination.producer_id {
        if producer::store::find(connection, id)?.is_none() {
            let detail = say("Không có chủ thể này.", "There is no such producer.");
            faults.push(Fault::new("/destination/producer_id", "unknown_producer", detail));
        } else if id == lot.producer_id {
            let detail = say("Lô này đã là của chủ thể đó.", "The lot is that producer's already.");
            faults.push(Fault::new("/destination/producer_id", "own_producer", detail));
        }
    }
    Ok(())
}

fn check_documents(connection: &mut AnyConnection, form: &EventForm, lot: &Lot, faults: &mut Vec<Fault>) -> Result<()> {
    if form.documents.is_empty() {
        return Ok(());
    }
    let known = event_store::known_documents(connection, lot.product_id, &form.documents)?;
    for (index, _) in form.documents.iter().enumerate().filter(|(_, document)| !known.contains(document)) {
        let detail = say("Sản phẩm của lô không có tài liệu này.", "The lot's product has no such document.");
        faults.push(Fault::new(format!("/documents/{index}"), "unknown_document", detail));
    }
    Ok(())
}

/// Recalls a lot, for good, and with it everything that was made of it.
pub fn recall(connection: &mut AnyConnection, lot: &Lot, reason: &str, account: AccountId, now: Moment) -> Result<()> {
    let from = lot.state();
    let to = from.recall()?;
    store::recall(connection, lot.id, reason, now)?;
    let step = entry(lot.id, lot.version + 1, account, "recall", Some(from.as_ref()), to.as_ref(), Some(reason));
    content::record(connection, now, step)?;
    spread(connection, lot.id, lot.id, reason, account, now)
}
