//! What others did with accounts of late: each is told what was done with their own, and every administrator what other
//! administrators did with any. It is read from the history, so that nobody can do such a thing without its being told.

use chrono::Duration;

use crate::account::{Role, Work, openid, store};
use crate::audit::{self, store::StepOnAccount};
use crate::base::id::AccountId;
use crate::base::{Label, Moment, Result};
use crate::db::AnyConnection;
use crate::people::{Person, steps};
use crate::station::Offer;

/// So long it is told, and so much at once.
const DAYS: i64 = 14;
const MOST: i64 = 50;
/// So many are told by mail of those that one look finds; a day has not as many.
const MOST_MAILED: i64 = 500;

/// Something that was done with an account.
#[derive(Debug, Clone)]
pub struct AccountNotice {
    pub account: AccountId,
    /// Whose account it is.
    pub name: String,
    pub step: Label,
    pub at: Moment,
    /// Who did it; none where the program did at its host.
    pub by: Option<String>,
}

/// The steps that are told: those after which somebody else might act in a person's name, or the person no more.
fn told() -> [&'static dyn Offer<Person>; 7] {
    [
        &steps::RESET_PASSWORD,
        &steps::ASK_SECOND_FACTOR_RESET,
        &steps::RESET_SECOND_FACTOR,
        &steps::UNLINK_OPENID,
        &steps::REASSIGN,
        &steps::CHANGE_ROLE,
        &steps::END,
    ]
}

/// Whether somebody did with their own account what concerns nobody else: how they sign in.
fn is_owners(step: &StepOnAccount) -> bool {
    let is_of_sign_in = [openid::LINK.text(), steps::UNLINK_OPENID.name.text()].contains(&step.verb.as_str());
    is_of_sign_in && step.by == Some(step.account)
}

/// What the asker is told, the last first.
pub fn of_late(work: &mut Work) -> Result<Vec<AccountNotice>> {
    let own = (!work.actor.is(&[Role::Administrator])).then_some(work.actor.id);
    let names = told().map(|verb| verb.name());
    let since = work.now.plus(-Duration::days(DAYS));
    let steps = audit::store::on_accounts(work.connection, own, Some(work.actor.id), &names, since, MOST)?;
    let takers: Vec<AccountId> = steps.iter().filter_map(|step| step.by).collect();
    let takers = store::names(work.connection, &takers)?;
    let notices = steps.into_iter().filter(|step| !is_owners(step)).filter_map(|step| {
        let label = told().into_iter().find(|verb| verb.name() == step.verb)?.label();
        let by = step.by.and_then(|by| takers.get(&by).cloned());
        Some(AccountNotice { account: step.account, name: step.name, step: label, at: step.at, by })
    });
    Ok(notices.collect())
}

/// A step that is told by mail as well.
#[derive(Debug, Clone)]
pub struct MailedStep {
    pub step: StepOnAccount,
    pub label: Label,
    /// Who did it; none where the program did at its host.
    pub by_name: Option<String>,
    /// Its owner did it and is told nevertheless, for it may have been somebody who has the password; nobody else is.
    pub is_owners: bool,
}

/// Those of the steps since a moment that are told by mail: all but moves, of which a reform makes hundreds; and what somebody
/// did with their own account for which another would need no more than the password.
pub fn to_be_mailed(connection: &mut AnyConnection, since: Moment) -> Result<Vec<MailedStep>> {
    let mailed = || told().into_iter().filter(|verb| verb.name() != steps::REASSIGN.name.text());
    let names: Vec<&'static str> = mailed().map(|verb| verb.name()).chain([openid::LINK.text()]).collect();
    let taken = audit::store::on_accounts(connection, None, None, &names, since, MOST_MAILED)?;
    let takers: Vec<AccountId> = taken.iter().filter_map(|step| step.by).collect();
    let takers = store::names(connection, &takers)?;
    let mailed = taken.into_iter().filter_map(|step| {
        let label = match step.verb == openid::LINK.text() {
            true => openid::LINKED,
            false => mailed().find(|verb| verb.name() == step.verb)?.label(),
        };
        let by_name = step.by.and_then(|by| takers.get(&by).cloned());
        Some(MailedStep { is_owners: is_owners(&step), step, label, by_name })
    });
    Ok(mailed.collect())
}
