//! The steps that all exports begin with: who asks, which order, which range; and the line in the log.

use crate::account::caller::authenticate;
use crate::account::{Caller, Role, Work};
use crate::base::id::{AccountId, StampOrderId};
use crate::base::{Error, Fault, Faults, Result, say};
use crate::http::{PathParam, Problem, Query, bounds};
use crate::stamp::exports::store::{self, Kind, Taker};
use crate::stamp::orders::StampOrder;
use crate::stamp::orders::store::OrderRow;
use crate::stamp::rules::Range;
use crate::station::find;

/// An order whose codes may leave now.
pub struct Opened<T> {
    pub order: OrderRow,
    pub range: Range,
    pub options: T,
}

/// Who may export and how much at once.
#[derive(Clone, Copy)]
pub struct Terms {
    pub roles: &'static [Role],
    /// None for any quantity.
    pub most: Option<i32>,
}

/// Asks who asks and whether they may have the codes of an order now, before anything of it is waited for; [`open`] asks all of it
/// again. What they are allowed of it is used up here.
pub async fn must_open(caller: &mut Caller, id: &PathParam<StampOrderId>, terms: Terms) -> Result<AccountId, Problem> {
    let id = id.clone();
    let asked = caller.look(move |work| {
        may_leave(work, &id.get()?, terms)?;
        Ok(work.actor.id)
    });
    let account = asked.await?;
    caller.request.rationed = None;
    Ok(account)
}

/// The order whose codes may leave: 404, 403, 409 where they may not.
fn may_leave(work: &mut Work, id: &StampOrderId, terms: Terms) -> Result<OrderRow> {
    let StampOrder { row: order, .. } = find(work, id)?;
    work.actor.must_be(terms.roles)?;
    order.state.must_be_issued()?;
    Ok(order)
}

/// Finds the order, reads `from` and `to` and what else `options` takes from the query, and logs the export. The
/// connection goes back before the first byte is made.
pub async fn open<T, F>(
    caller: Caller,
    id: PathParam<StampOrderId>,
    terms: Terms,
    options: F,
) -> Result<Opened<T>, Problem>
where
    F: FnOnce(&mut Work, &mut Query, &OrderRow, &mut Vec<Fault>) -> Result<(Kind, T)> + Send + 'static,
    T: Send + 'static,
{
    let Caller { app, request } = caller;
    let credential = authenticate(&app, &request)?;
    let leaves = !request.is_head;
    let opened = app
        .database
        .clone()
        .write(move |connection| {
            let mut query = request.query();
            let mut work = Work::new(connection, app, request.language, credential)?;
            let order = may_leave(&mut work, &id.get()?, terms)?;
            let mut faults = Vec::new();
            let range = range(&mut query, terms.most, order.quantity, &mut faults);
            let (kind, options) = options(&mut work, &mut query, &order, &mut faults)?;
            query.finish()?;
            faults.into_result()?;
            if leaves {
                store::insert(work.connection, order.id, kind, range, Taker::Account(work.actor.id), work.now)?;
            }
            Ok::<_, Error>(Opened { order, range, options })
        })
        .await?;
    Ok(opened)
}

/// `from` and `to`, which default to the beginning and to as many as may leave at once.
fn range(query: &mut Query, most: Option<i32>, quantity: i32, faults: &mut Vec<Fault>) -> Range {
    let first: i32 = query.number(bounds::FROM).unwrap_or(1);
    let most = most.unwrap_or(quantity);
    let last = query.number(bounds::TO).unwrap_or_else(|| first.saturating_add(most - 1).min(quantity));
    let range = Range { first, last };
    let mut found = Vec::new();
    range.check(quantity, &mut found);
    if found.is_empty() && range.length() > i64::from(most) {
        let detail = say(format!("Mỗi lần tối đa {most} tem."), format!("At most {most} stamps at a time."));
        found.push(Fault::new("/to", "too_many", detail));
    }
    // These are parameters of the query, not places of a body.
    faults.extend(
        found.into_iter().map(|fault| Fault { pointer: fault.pointer.trim_start_matches('/').to_owned(), ..fault }),
    );
    range
}
