//! The steps of lots: recorded by their producer, told what happened to them, recalled by it or by the offices.

use std::collections::{HashMap, HashSet};

use crate::account::{Role, Work};
use crate::audit::{Resource, StepName, StepTaken};
use crate::base::id::{LotEventId, LotId, ProducerId};
use crate::base::{Day, Digest, Error, Fault, Faults, Result, say};
use crate::db::AnyConnection;
use crate::lot::content;
use crate::lot::event_rules::{self, Destination, EventForm};
use crate::lot::event_store;
use crate::lot::rules::{self, InputsForm, LotForm, Offered, State};
use crate::lot::store::{self, Lot};
use crate::station::{By, Creation, Label, Offer, Reason, Taken, Verb, label, plain_forms};
use crate::{producer, product, shop};

plain_forms!(LotForm, InputsForm, EventForm);

const OWNER: By = By::Some(&[Role::Producer], OWN);
const OWN: Label = label("chủ thể của lô", "of its own producer");

/// Records a lot of a product. Inputs are the producer's own or were released to it; a recalled one may be named, for what
/// was made must be known, and brings its recall along.
pub static CREATE: Creation<Lot, LotForm> = Creation::new(label("Ghi lô hàng", "Record a lot"), OWNER, make)
    .right(|asker| asker.actor.must_be_producer().map(drop))
    .then(inherit);

/// Names inputs that were forgotten when the lot was recorded.
pub static ADD_INPUTS: Verb<Lot, InputsForm> =
    Verb::new("add-inputs", label("Bổ sung lô đầu vào", "Add inputs"), OWNER, add_inputs).then(inherit);

/// Records what happened to a lot. Events are only ever added; each makes a version of the lot. One that corrects another
/// stands for it from now on.
pub static ADD_EVENT: Verb<Lot, EventForm, (LotId, LotEventId)> =
    Verb::new("add-event", label("Ghi sự kiện", "Record an event"), OWNER, add_event).at_any_version();

/// Recalls a lot, for good, and with it everything that was made of it.
pub static RECALL: Verb<Lot, Reason> = Verb::new(
    "recall",
    label("Thu hồi lô", "Recall the lot"),
    By::Some(
        &[Role::ProvincialOfficer, Role::Inspector, Role::Producer],
        label("chủ thể chỉ thu hồi lô của mình", "a producer only its own"),
    ),
    recall,
)
.open(|_, lot| lot.state().recall().map(drop))
.then(|work, lot| {
    let recalled = store::find(work.connection, lot.id)?.ok_or_else(Error::unknown)?;
    spread(work, &recalled)
});

/// An event that corrects another.
const CORRECT: StepName = StepName::new("correct");

pub static VERBS: &[&dyn Offer<Lot>] = &[&ADD_INPUTS, &ADD_EVENT, &RECALL];

fn make(work: &mut Work, form: LotForm) -> Result<(LotId, Taken)> {
    let producer = work.actor.producer;
    let product = product::store::find(work.connection, form.product_id)?
        .filter(|product| Some(product.producer_id) == producer)
        .ok_or_else(|| {
            let detail = say("Không có sản phẩm này.", "There is no such product.");
            Error::invalid("/product_id", "unknown_product", detail)
        })?;
    form.check(work.now.day())?;
    usable(work.connection, product.producer_id, &form.inputs, form.produced_on, &HashSet::new())?;
    // Two that are written differently and are the same one would both find none.
    product::store::take(work.connection, product.id)?;
    if store::of_code(work.connection, product.id, &form.code)?.is_some() {
        return Err(Error::conflict(
            "lot_code_taken",
            say("Sản phẩm này đã có lô mang số đó.", "The product has a lot of this code already."),
        ));
    }
    let id = store::insert(work.connection, product.home(), form, work.now)?;
    let content = vouched(work, id)?;
    Ok((id, Taken::to(State::Active).vouching(content)))
}

/// What the history vouches for of a lot as it is now.
fn vouched(work: &mut Work, id: LotId) -> Result<Option<Digest>> {
    Ok(content::held(work.connection, &[id.any()])?.pop().and_then(|held| held.content))
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
fn inherit(work: &mut Work, lot: &Lot) -> Result<()> {
    let inputs: Vec<LotId> = store::inputs(work.connection, &[lot.id])?.into_iter().map(|(_, input)| input).collect();
    let inputs = store::find_all(work.connection, &inputs)?;
    for input in inputs.iter().filter(|input| input.state() == State::Recalled) {
        spread(work, input)?;
    }
    Ok(())
}

/// Recalls what was made of a recalled lot, with one step of history each.
fn spread(work: &mut Work, lot: &Lot) -> Result<()> {
    let origin = lot.recall_origin_id.unwrap_or(lot.id);
    let reason = lot.recall_reason.clone().unwrap_or_default();
    let marked = store::recall_made_of(work.connection, lot.id, origin, &reason, work.now)?;
    let (active, recalled) = (State::Active, State::Recalled);
    let account = Some(work.actor.id);
    let step = |(id, version)| StepTaken {
        resource: Resource::Lot,
        id,
        version,
        account,
        verb: RECALL.name,
        from: Some(active.as_ref()),
        to: Some(recalled.as_ref()),
        note: Some(reason.as_str()),
    };
    content::record_all(work.connection, work.now, marked.into_iter().map(step).collect())
}

fn add_inputs(work: &mut Work, lot: &Lot, form: InputsForm) -> Result<Taken> {
    form.check()?;
    store::take_turn_to_add_inputs(work.connection)?;
    let descendants = store::made_of(work.connection, lot.id)?;
    usable(work.connection, lot.producer_id, &form.inputs, lot.produced_on, &descendants)?;
    let known: HashSet<LotId> =
        store::inputs(work.connection, &[lot.id])?.into_iter().map(|(_, input)| input).collect();
    let repeated = form.inputs.iter().enumerate().filter(|(_, input)| known.contains(input));
    let faults: Vec<Fault> = repeated
        .map(|(index, _)| {
            let detail = say("Lô này đã là đầu vào.", "This lot is an input already.");
            Fault::new(format!("/inputs/{index}"), "repeated", detail)
        })
        .collect();
    faults.into_result()?;
    store::add_inputs(work.connection, lot.id, &form.inputs)?;
    let content = vouched(work, lot.id)?;
    Ok(Taken::stayed().with_note(form.note).vouching(content))
}

fn add_event(work: &mut Work, lot: &Lot, form: EventForm) -> Result<Taken<(LotId, LotEventId)>> {
    form.check(lot.produced_on, work.now)?;
    let mut faults = Vec::new();
    if let Some(destination) = &form.destination {
        check_destination(work.connection, destination, lot, &mut faults)?;
    }
    check_documents(work.connection, &form, lot, &mut faults)?;
    if let Some(corrected) = form.corrects {
        faults.extend(correction_fault(work, lot, corrected)?);
    }
    faults.into_result()?;
    if let Some(quantity) = form.quantity.filter(|_| form.kind.goes_out()) {
        let standing = event_store::standing(work.connection, &[lot.id])?;
        let others = standing.iter().filter(|event| event.kind == form.kind && Some(event.id) != form.corrects);
        let gone = others.filter_map(|event| event.quantity).fold(0, i64::saturating_add);
        event_rules::must_be_left(quantity, gone, lot.quantity, &lot.unit)?;
    }
    let (kind, note) = (form.kind, form.corrects.map(|_| form.note.clone()));
    let id = event_store::insert(work.connection, lot.id, form, work.actor.id, work.now)?;
    let content = vouched(work, lot.id)?;
    let name = if note.is_some() { CORRECT } else { kind.step_name() };
    Ok(Taken::stayed().recorded_as(name).with_note(note).vouching(content).giving((lot.id, id)))
}

/// What is wrong with an event that is to correct another.
fn correction_fault(work: &mut Work, lot: &Lot, corrected: LotEventId) -> Result<Option<Fault>> {
    let fault = |code, detail| Some(Fault::new("/corrects", code, detail));
    Ok(match event_store::correction_of(work.connection, lot.id, corrected)? {
        None => fault("unknown_event", say("Lô này không có sự kiện đó.", "This lot has no such event.")),
        Some(Some(_)) => fault(
            "corrected_already",
            say(
                "Sự kiện này đã được đính chính; hãy đính chính sự kiện thay cho nó.",
                "The event was corrected already; correct the one that stands for it.",
            ),
        ),
        Some(None) => None,
    })
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

fn recall(work: &mut Work, lot: &Lot, reason: Reason) -> Result<Taken> {
    let state = lot.state().recall()?;
    store::recall(work.connection, lot.id, reason.text(), work.now)?;
    let content = vouched(work, lot.id)?;
    Ok(Taken::to(state).with_note(Some(reason.into_text())).vouching(content))
}
