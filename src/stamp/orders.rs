//! What can be done to an order of stamps, each step with its rules and its history; the routes and the demo call these.
//!
//! Whoever changes an order took its row before (`store::take`), so that ranges are compared with all there are.

use crate::audit::{self, Entry, Resource};
use crate::base::id::{AccountId, StampOrderId, of};
use crate::base::keys::Keyring;
use crate::base::{Error, Moment, Result, say};
use crate::cycle::rules::StampsFrom;
use crate::db::AnyConnection;
use crate::product::ProductRow;
use crate::stamp::rules::{self, ActivationForm, DeliveryForm, DisplayForm, OrderForm, State, VoidForm};
use crate::stamp::store::{self, Order};
use crate::stamp::{completeness, completeness_api};
use crate::stamp::{limits, suspicion};
use crate::{lot, product};

fn entry<'a>(
    order: &'a Order,
    account: AccountId,
    verb: &'a str,
    to: &'a State,
    note: Option<&'a str>,
) -> Entry<'a, of::StampOrder> {
    Entry {
        resource: Resource::StampOrder,
        id: order.id,
        version: order.version + 1,
        account: Some(account),
        verb,
        from: Some(order.state.as_ref()),
        to: Some(to.as_ref()),
        note,
    }
}

/// Orders stamps for a product that may carry them. Any quantity writes one row.
pub fn place(
    connection: &mut AnyConnection,
    keys: &Keyring,
    product: &ProductRow,
    quantity: i32,
    account: AccountId,
    now: Moment,
) -> Result<StampOrderId> {
    OrderForm { product_id: product.id, quantity }.check()?;
    let standing = store::standing(connection, product.id, now.day())?;
    if !standing.is_some_and(|standing| standing.has_approved_plan) {
        return Err(Error::conflict(
            "plan_not_approved",
            say(
                "Sản phẩm chưa có phương án sản xuất kinh doanh được duyệt.",
                "The product has no approved business plan yet.",
            ),
        ));
    }
    if standing.is_some_and(|standing| standing.stamps_from == StampsFrom::Certified && !standing.is_certified) {
        return Err(Error::conflict(
            "not_certified",
            say(
                "Chu trình này chỉ cấp tem cho sản phẩm có giấy chứng nhận còn hiệu lực.",
                "This cycle gives stamps only to products with a valid certificate.",
            ),
        ));
    }
    limits::must_allow(connection, product.id, i64::from(quantity), now)?;
    let id = store::insert(connection, product.id, product.home(), keys.stamp_key()?.id, quantity, now)?;
    let entry = Entry {
        resource: Resource::StampOrder,
        id,
        version: 1,
        account: Some(account),
        verb: "create",
        from: None,
        to: Some(State::Ordered.as_ref()),
        note: None,
    };
    audit::record(connection, now, entry)?;
    Ok(id)
}

/// Issues the stamps: from now on their codes are known, and their passport says what it must.
pub fn issue(
    connection: &mut AnyConnection,
    order: &Order,
    note: Option<&str>,
    account: AccountId,
    now: Moment,
) -> Result<()> {
    let state = order.state.issue()?;
    let product = product::store::find(connection, order.product_id)?.ok_or_else(Error::unknown)?;
    completeness::must_be_complete(&completeness_api::known(connection, &product, now.day())?)?;
    store::set_state(connection, order.id, state, Some(now), note)?;
    audit::record(connection, now, entry(order, account, "issue", &state, note))
}

/// Refuses the order, saying why.
pub fn refuse(
    connection: &mut AnyConnection,
    order: &Order,
    note: &str,
    account: AccountId,
    now: Moment,
) -> Result<()> {
    let state = order.state.refuse()?;
    store::set_state(connection, order.id, state, None, Some(note))?;
    audit::record(connection, now, entry(order, account, "refuse", &state, Some(note)))
}

/// Records that the printed stamps were handed over against a receipt.
pub fn deliver(
    connection: &mut AnyConnection,
    order: &Order,
    form: &DeliveryForm,
    account: AccountId,
    now: Moment,
) -> Result<()> {
    let state = order.state.deliver()?;
    form.check()?;
    store::set_delivered(connection, order.id, state, &form.receipt, now)?;
    audit::record(connection, now, entry(order, account, "deliver", &state, Some(&form.receipt)))
}

/// The producer confirms that it has the stamps; the state stays.
pub fn receive(
    connection: &mut AnyConnection,
    order: &Order,
    note: Option<&str>,
    account: AccountId,
    now: Moment,
) -> Result<()> {
    if order.state != State::Delivered || order.received_at.is_some() {
        return Err(Error::wrong_state("receive", order.state.as_ref()));
    }
    store::set_received(connection, order.id, now)?;
    audit::record(connection, now, entry(order, account, "receive", &order.state, note))
}

/// Binds a range of stamps to a lot of the order's product, at most one stamp for each thing in the lot.
pub fn activate(
    connection: &mut AnyConnection,
    order: &Order,
    form: ActivationForm,
    account: AccountId,
    now: Moment,
) -> Result<()> {
    order.state.must_be_issued("activate")?;
    let range = form.check(order.quantity)?;
    // The lot's row is taken as well: two orders may be bound to it at once, or it may be recalled meanwhile.
    let lot = lot::store::take(connection, form.lot_id)?
        .filter(|lot| lot.producer_id == order.producer_id)
        .ok_or_else(|| Error::invalid("/lot_id", "unknown_lot", say("Không có lô này.", "There is no such lot.")))?;
    if lot.product_id != order.product_id {
        return Err(Error::invalid(
            "/lot_id",
            "wrong_product",
            say("Lô này của sản phẩm khác với đơn tem.", "The lot is of another product than the stamps."),
        ));
    }
    if !lot::store::recalled(connection, &[lot.id].into())?.is_empty() {
        return Err(Error::conflict("lot_recalled", say("Lô này đã bị thu hồi.", "The lot was recalled.")));
    }
    let clashing = store::activated_within(connection, order.id, range)?;
    if !clashing.is_empty() {
        return Err(rules::overlap(&clashing));
    }
    // The range itself may hold void stamps, which take no thing of the lot: the sum is made with it.
    let before = store::bound_to(connection, lot.id)?;
    store::insert_activation(connection, order.id, range, lot.id, account, now)?;
    let bound = store::bound_to(connection, lot.id)?;
    if bound > lot.quantity {
        let left = lot.quantity - before;
        return Err(Error::conflict(
            "beyond_lot_quantity",
            say(
                format!(
                    "Lô có {} {}, còn {left} chưa gắn tem; dải này cần {}.",
                    lot.quantity,
                    lot.unit,
                    bound - before
                ),
                format!(
                    "The lot has {} {}, {left} without a stamp; the range needs {}.",
                    lot.quantity,
                    lot.unit,
                    bound - before
                ),
            ),
        ));
    }
    let note = format!("{range}: {}", lot.code);
    audit::record(connection, now, entry(order, account, "activate", &order.state, Some(&note)))
}

/// Declares a range of stamps lost or spoilt, for good.
pub fn void(
    connection: &mut AnyConnection,
    order: &Order,
    form: &VoidForm,
    account: AccountId,
    now: Moment,
) -> Result<()> {
    order.state.must_be_issued("void")?;
    let range = form.check(order.quantity)?;
    let clashing = store::void_within(connection, order.id, range)?;
    if !clashing.is_empty() {
        return Err(rules::overlap(&clashing));
    }
    store::insert_void(connection, order.id, range, &form.reason, account, now)?;
    let note = format!("{range}: {}", form.reason);
    audit::record(connection, now, entry(order, account, "void", &order.state, Some(&note)))
}

/// Declares a range of stamps to be on display pieces, which many people scan and nobody buys.
pub fn display(
    connection: &mut AnyConnection,
    order: &Order,
    form: &DisplayForm,
    account: AccountId,
    now: Moment,
) -> Result<()> {
    order.state.must_be_issued("display")?;
    let range = form.check(order.quantity)?;
    let clashing = store::shown_within(connection, order.id, range)?;
    if !clashing.is_empty() {
        return Err(rules::overlap(&clashing));
    }
    let numbers = store::numbers(connection, &[order.id])?.get(&order.id).copied().unwrap_or_default();
    let most = suspicion::rules::in_force()?.most_display_stamps;
    if numbers.display + range.length() > most {
        return Err(Error::conflict(
            "too_many_on_display",
            say(
                format!("Mỗi đơn có tối đa {most} tem trưng bày; còn lại {}.", most - numbers.display),
                format!("An order has at most {most} stamps on display; {} are left.", most - numbers.display),
            ),
        ));
    }
    store::insert_display(connection, order.id, range, &form.reason, account, now)?;
    let note = format!("{range}: {}", form.reason);
    audit::record(connection, now, entry(order, account, "display", &order.state, Some(&note)))
}
