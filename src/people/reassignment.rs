//! `/account-reassignments`: officers' accounts whose unit is no more after a reform, and to which they go on. What an account
//! did stays with the unit of its day.

use std::collections::BTreeSet;

use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::store::{self, Account};
use crate::account::{Caller, Role, Work};
use crate::base::id::AccountId;
use crate::base::{Error, Fault, Faults, Level, Result, UnitCode, say};
use crate::http::{Answer, Page, Problem, Query, Refusals};
use crate::people::Person;
use crate::people::forms::UnitMove;
use crate::people::steps::REASSIGN;
use crate::place::succession::{self, Lineage};
use crate::place::{self, Place};
use crate::station::{Order, Stretch, apply, find, plain_forms};

/// An account that is to be reassigned.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccountToReassign {
    pub account_id: AccountId,
    /// The account's.
    pub version: i32,
    pub name: String,
    pub role: Role,
    pub unit_code: UnitCode,
    /// What its unit was called last.
    pub unit_name: String,
    /// The units of today that stand where its commune was; none where that is not known, or where it was a district.
    pub successors: Vec<UnitCode>,
    /// The one among them, where there is only one.
    pub successor: Option<UnitCode>,
}

/// Where accounts go on, all of them or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountReassignmentForm {
    items: Vec<ReassignedAccount>,
}

plain_forms!(AccountReassignmentForm);

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReassignedAccount {
    account_id: AccountId,
    /// The account's, as it was seen.
    version: i32,
    /// A unit of today, of a level that fits the role.
    unit_code: UnitCode,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReassignedAccounts {
    items: Vec<AccountNow>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AccountNow {
    account_id: AccountId,
    version: i32,
    unit_code: UnitCode,
}

/// So many are moved at once.
const MOST: usize = 500;

/// Accounts that have not ended and act for a unit that is none today, the oldest first.
pub fn displaced(work: &mut Work, stretch: &Stretch<AccountId>) -> Result<Vec<AccountToReassign>> {
    let today = work.now.day();
    let units = place::store::all(work.connection)?;
    let places = place::names::Places::new(units.clone());
    // Few accounts have a unit, so they are read whole and held against the day's units here.
    let accounts = store::of_units(work.connection, stretch.after)?;
    let lineage = Lineage::new(units, succession::recorded()?);
    let is_gone = |account: &Account| account.unit_code.as_ref().is_some_and(|code| places.unit(code, today).is_none());
    let limit = usize::try_from(stretch.limit).map_err(Error::internal)?;
    let displaced = accounts.into_iter().filter(is_gone).take(limit).filter_map(|account| {
        let unit_code = account.unit_code?;
        let successors: Vec<UnitCode> = match unit_code.level() {
            Level::Commune => {
                let district = places.last(&unit_code).and_then(|unit| unit.parent_code.clone());
                let district = district.filter(|parent| parent.level() == Level::District);
                lineage.became(&Place { commune: unit_code.clone(), district }, today).into_iter().collect()
            }
            _ => Vec::new(),
        };
        Some(AccountToReassign {
            account_id: account.id,
            version: account.version,
            name: account.name,
            role: account.role,
            unit_name: places.name(&unit_code, today),
            unit_code,
            successor: successors.first().filter(|_| successors.len() == 1).cloned(),
            successors,
        })
    });
    Ok(displaced.collect())
}

/// A page of them, with the place from which the next goes on; 403 for all but administrators.
pub fn page(work: &mut Work, mut query: Query) -> Result<(Vec<AccountToReassign>, Option<String>)> {
    work.must_be(&[Role::Administrator])?;
    let paging = query.paging();
    query.finish()?;
    let found = displaced(work, &Stretch::of(&paging))?;
    paging.cut(found, |account| account.account_id)
}

/// Officers' accounts whose unit is none today, the oldest first (administrator).
#[utoipa::path(
    tag = "accounts",
    params(("limit" = Option<i64>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = Page<AccountToReassign>), Refusals)
)]
#[get("/account-reassignments")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    let query = caller.request.query();
    caller
        .read(move |work| {
            let (found, next) = page(work, query)?;
            Ok(Answer::page(found, next)?)
        })
        .await
}

/// Lets accounts go on for units of today (administrator): all of them or none.
#[utoipa::path(
    tag = "accounts", request_body = AccountReassignmentForm,
    responses((status = 201, body = ReassignedAccounts), Refusals)
)]
#[post("/account-reassignments")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    ordered(caller).await
}

/// The same for who orders it from a page.
pub async fn ordered(caller: Caller) -> Result<Answer, Problem> {
    caller
        .order(|work, request| {
            work.must_be(&[Role::Administrator])?;
            let AccountReassignmentForm { items } = Order::sent(request).form(work)?;
            check(&items)?;
            // Rows are taken in one order by everybody, so that two lists cannot wait for each other.
            for id in items.iter().map(|item| item.account_id).collect::<BTreeSet<_>>() {
                store::take(work.connection, id)?;
            }
            let now = items
                .iter()
                .enumerate()
                .map(|(index, item)| reassign(work, item).map_err(|error| error.of_item(index)));
            let items = now.collect::<Result<_>>()?;
            Ok(Answer::made("/api/v1/account-reassignments".into(), ReassignedAccounts { items })?)
        })
        .await
}

fn check(items: &[ReassignedAccount]) -> Result<()> {
    let mut faults = Vec::new();
    if items.is_empty() || items.len() > MOST {
        faults.push(Fault::new("/items", "wrong_count", say("Cần từ 1 đến 500 mục.", "One to 500 items are needed.")));
    }
    let mut seen = BTreeSet::new();
    for (index, item) in items.iter().enumerate() {
        if !seen.insert(item.account_id) {
            let text = say("Tài khoản bị lặp.", "The account is named twice.");
            faults.push(Fault::new(format!("/items/{index}/account_id"), "repeated", text));
        }
    }
    faults.into_result()
}

fn reassign(work: &mut Work, item: &ReassignedAccount) -> Result<AccountNow> {
    let ReassignedAccount { account_id, version, unit_code } = item.clone();
    apply(work, &REASSIGN, &account_id, Order::at(version, UnitMove { unit_code: unit_code.clone(), note: None }))?;
    let now = find::<Person>(work, &account_id)?;
    Ok(AccountNow { account_id, version: now.account.version, unit_code })
}
