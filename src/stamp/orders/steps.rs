//! The steps of orders of stamps. Each has taken the order's row, so that ranges are compared with all there are.

use crate::account::{Role, Work};
use crate::base::id::{LotId, StampOrderId};
use crate::base::{Error, Result, say};
use crate::cycle::rules::StampsFrom;
use crate::decision::certificate_store;
use crate::stamp::code::Mint;
use crate::stamp::completeness;
use crate::stamp::orders::activation::ActivationRequest;
use crate::stamp::orders::{StampOrder, limit_store, range_store, store};
use crate::stamp::rules::{self, DeliveryForm, DisplayForm, OrderForm, State, VoidForm};
use crate::station::{Announced, By, Creation, Label, Note, Offer, Reason, Taken, Verb, label, plain_forms};
use crate::{lot, plan, product};

plain_forms!(OrderForm, DeliveryForm, ActivationRequest, VoidForm, DisplayForm);

const OFFICE: By = By::Roles(&[Role::ProvincialOfficer]);
const OWNER: By = By::Some(&[Role::Producer], OWN);
const OWNER_OR_OFFICE: By = By::Some(
    &[Role::Producer, Role::ProvincialOfficer],
    label("chủ thể chỉ với tem của mình", "a producer only its own"),
);
const OWN: Label = label("chủ thể của sản phẩm", "of its own product");

/// Orders stamps for a product that may carry them. Any quantity writes one row.
pub static CREATE: Creation<StampOrder, OrderForm> = Creation::new(label("Đặt tem", "Order stamps"), OWNER, place)
    .right(|asker| asker.actor.must_be_producer().map(drop));

/// Issues the stamps: from now on their codes are known, and their passport says what it must.
pub static ISSUE: Verb<StampOrder, Note> = Verb::new("issue", label("Cấp tem", "Issue the stamps"), OFFICE, issue)
    .open(|_, order| {
        order.row.state.issue()?;
        completeness::must_be_complete(order.passport.as_ref().ok_or_else(Error::unknown)?)
    });

/// Refuses the order, saying why.
pub static REFUSE: Verb<StampOrder, Reason> =
    Verb::new("refuse", label("Từ chối đơn tem", "Refuse the order"), OFFICE, refuse)
        .open(|_, order| order.row.state.refuse().map(drop));

/// Records that the printed stamps were handed over against a receipt.
pub static DELIVER: Verb<StampOrder, DeliveryForm> =
    Verb::new("deliver", label("Giao tem", "Hand the stamps over"), OFFICE, deliver)
        .open(|_, order| order.row.state.deliver().map(drop));

/// The producer confirms, once, that it has the stamps; the state stays.
pub static RECEIVE: Verb<StampOrder, Note> =
    Verb::new("receive", label("Xác nhận đã nhận tem", "Confirm the receipt"), OWNER, receive)
        .open(|_, order| order.row.state.receive(order.row.received_at.is_some()));

/// Binds a range of stamps to a lot of the order's product, at most one stamp for each thing in the lot.
pub static ACTIVATE: Verb<StampOrder, ActivationRequest> =
    Verb::new("activate", label("Kích hoạt tem", "Activate stamps"), OWNER, activate)
        .open(|_, order| order.row.state.must_be_issued());

/// Declares a range of stamps lost or spoilt, for good.
pub static VOID: Verb<StampOrder, VoidForm> =
    Verb::new("void", label("Hủy tem", "Declare stamps void"), OWNER_OR_OFFICE, void)
        .open(|_, order| order.row.state.must_be_issued());

/// Declares a range of stamps to be on display pieces, which many people scan and nobody buys.
pub static DISPLAY: Verb<StampOrder, DisplayForm> =
    Verb::new("display", label("Khai tem trưng bày", "Declare display pieces"), OWNER_OR_OFFICE, display)
        .open(|_, order| order.row.state.must_be_issued());

/// Makes a link for a printer; it is taken as [`crate::stamp::exports::steps::MAKE_LINK`].
pub static LINK: Announced<StampOrder> =
    Announced::new("make-link", label("Tạo liên kết cho nhà in", "Make a link for a printer"), OFFICE)
        .open(|_, order| order.row.state.must_be_issued());

pub static VERBS: &[&dyn Offer<StampOrder>] = &[&ISSUE, &REFUSE, &DELIVER, &RECEIVE, &ACTIVATE, &VOID, &DISPLAY, &LINK];

fn place(work: &mut Work, form: OrderForm) -> Result<(StampOrderId, Taken)> {
    form.check()?;
    let producer = work.actor.producer;
    let product = product::store::find(work.connection, form.product_id)?
        .filter(|product| Some(product.producer_id) == producer)
        .ok_or_else(|| {
            let detail = say("Không có sản phẩm này.", "There is no such product.");
            Error::invalid("/product_id", "unknown_product", detail)
        })?;
    if !plan::store::has_approved(work.connection, product.id)? {
        return Err(Error::conflict(
            "plan_not_approved",
            say(
                "Sản phẩm chưa có phương án sản xuất kinh doanh được duyệt.",
                "The product has no approved business plan yet.",
            ),
        ));
    }
    let stamps_from = plan::store::latest_cycle(work.connection, product.id)?.map(|cycle| cycle.stamps_from);
    if stamps_from == Some(StampsFrom::Certified)
        && !certificate_store::is_certified(work.connection, product.id, work.now.day())?
    {
        return Err(Error::conflict(
            "not_certified",
            say(
                "Chu trình này chỉ cấp tem cho sản phẩm có giấy chứng nhận còn hiệu lực.",
                "This cycle gives stamps only to products with a valid certificate.",
            ),
        ));
    }
    limit_store::must_allow(work.connection, product.id, i64::from(form.quantity), work.now)?;
    let key = work.app.keys.stamp_key()?.id;
    let id = store::insert(work.connection, product.id, product.home(), key, form.quantity, work.now)?;
    Ok((id, Taken::to(State::Ordered)))
}

fn issue(work: &mut Work, order: &StampOrder, Note { note }: Note) -> Result<Taken> {
    let state = order.row.state.issue()?;
    store::set_state(work.connection, order.row.id, state, Some(work.now), note.as_deref())?;
    Ok(Taken::to(state).with_note(note))
}

fn refuse(work: &mut Work, order: &StampOrder, reason: Reason) -> Result<Taken> {
    let state = order.row.state.refuse()?;
    store::set_state(work.connection, order.row.id, state, None, Some(reason.text()))?;
    Ok(Taken::to(state).with_note(Some(reason.into_text())))
}

fn deliver(work: &mut Work, order: &StampOrder, form: DeliveryForm) -> Result<Taken> {
    let state = order.row.state.deliver()?;
    form.check()?;
    store::set_delivered(work.connection, order.row.id, state, &form.receipt, work.now)?;
    Ok(Taken::to(state).with_note(Some(form.receipt)))
}

fn receive(work: &mut Work, order: &StampOrder, note: Note) -> Result<Taken> {
    store::set_received(work.connection, order.row.id, work.now)?;
    Ok(Taken::stayed().with_note(note.note))
}

fn activate(work: &mut Work, order: &StampOrder, form: ActivationRequest) -> Result<Taken> {
    let order = &order.row;
    let form = form.resolved(&Mint::new(&work.app.keys)?, order)?;
    let range = form.check(order.quantity)?;
    // The lot's row is taken as well: two orders may be bound to it at once, or it may be recalled meanwhile.
    let lot = lot::store::take(work.connection, form.lot_id)?
        .filter(|lot| lot.producer_id == order.producer_id)
        .ok_or_else(|| Error::invalid("/lot_id", "unknown_lot", say("Không có lô này.", "There is no such lot.")))?;
    if lot.product_id != order.product_id {
        return Err(Error::invalid(
            "/lot_id",
            "wrong_product",
            say("Lô này của sản phẩm khác với đơn tem.", "The lot is of another product than the stamps."),
        ));
    }
    if !lot::store::recalled(work.connection, &[lot.id].into())?.is_empty() {
        return Err(Error::conflict("lot_recalled", say("Lô này đã bị thu hồi.", "The lot was recalled.")));
    }
    let clashing = range_store::activated_within(work.connection, order.id, range)?;
    if !clashing.is_empty() {
        return Err(rules::overlap(&clashing));
    }
    // The range itself may hold void stamps, which take no thing of the lot: the sum is made with it.
    let before = bound_to(work, lot.id)?;
    range_store::insert_activation(work.connection, order.id, range, lot.id, work.actor.id, work.now)?;
    let bound = bound_to(work, lot.id)?;
    if bound > lot.quantity {
        let (left, needed) = (lot.quantity - before, bound - before);
        return Err(Error::conflict(
            "beyond_lot_quantity",
            say(
                format!("Lô có {} {}, còn {left} chưa gắn tem; dải này cần {needed}.", lot.quantity, lot.unit),
                format!("The lot has {} {}, {left} without a stamp; the range needs {needed}.", lot.quantity, lot.unit),
            ),
        ));
    }
    Ok(Taken::stayed().with_note(Some(format!("{range}: {}", lot.code))))
}

fn bound_to(work: &mut Work, lot: LotId) -> Result<i64> {
    Ok(range_store::bound_to(work.connection, &[lot])?.get(&lot).copied().unwrap_or(0))
}

fn void(work: &mut Work, order: &StampOrder, form: VoidForm) -> Result<Taken> {
    let order = &order.row;
    let range = form.check(order.quantity)?;
    let clashing = range_store::void_within(work.connection, order.id, range)?;
    if !clashing.is_empty() {
        return Err(rules::overlap(&clashing));
    }
    range_store::insert_void(work.connection, order.id, range, &form.reason, work.actor.id, work.now)?;
    Ok(Taken::stayed().with_note(Some(format!("{range}: {}", form.reason))))
}

fn display(work: &mut Work, order: &StampOrder, form: DisplayForm) -> Result<Taken> {
    let order = &order.row;
    let range = form.check(order.quantity)?;
    let clashing = range_store::shown_within(work.connection, order.id, range)?;
    if !clashing.is_empty() {
        return Err(rules::overlap(&clashing));
    }
    let numbers = range_store::numbers(work.connection, &[order.id])?.get(&order.id).copied().unwrap_or_default();
    let most = rules::suspects::in_force()?.most_display_stamps;
    if numbers.display + range.length() > most {
        return Err(Error::conflict(
            "too_many_on_display",
            say(
                format!("Mỗi đơn có tối đa {most} tem trưng bày; còn lại {}.", most - numbers.display),
                format!("An order has at most {most} stamps on display; {} are left.", most - numbers.display),
            ),
        ));
    }
    range_store::insert_display(work.connection, order.id, range, &form.reason, work.actor.id, work.now)?;
    Ok(Taken::stayed().with_note(Some(format!("{range}: {}", form.reason))))
}
