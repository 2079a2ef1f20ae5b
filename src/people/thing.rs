//! An account as its steps find it: with how many administrators there are. Administrators see all, everybody their own.

use crate::account::store::{self, Account};
use crate::account::{Asker, Role, Work, openid_store, seat_store, second_factor};
use crate::audit::Resource;
use crate::base::id::{AccountId, AnyId};
use crate::base::{Result, UnitCode};
use crate::people::steps;
use crate::station::{Access, Listed, Offer, Stretch, Thing, filters};

/// The person behind an account.
#[derive(Debug, Clone)]
pub struct Person {
    pub account: Account,
    /// How many administrators have not ended.
    pub administrators: i64,
    /// Whether it holds a seat in a council, or a place in its working group, that is not closed.
    pub is_engaged: bool,
    /// Whether it has a second factor; then, who asked that it be reset, if anybody.
    pub second_factor: Option<Option<AccountId>>,
    /// Whether another authority's account leads to it.
    pub has_openid_link: bool,
}

impl Person {
    /// Accounts with their surroundings, in five statements more.
    fn around(work: &mut Work, accounts: Vec<Account>) -> Result<Vec<Self>> {
        let administrators = store::count_administrators(work.connection)?;
        let ids: Vec<AccountId> = accounts.iter().map(|account| account.id).collect();
        let engaged = seat_store::engaged(work.connection, &ids)?;
        let factors = second_factor::store::confirmed(work.connection, &ids)?;
        let linked = openid_store::linked(work.connection, &ids)?;
        let around = |account: Account| Self {
            is_engaged: engaged.contains(&account.id),
            second_factor: factors.get(&account.id).copied(),
            has_openid_link: linked.contains(&account.id),
            account,
            administrators,
        };
        Ok(accounts.into_iter().map(around).collect())
    }
}

impl Thing for Person {
    type Key = AccountId;
    const RESOURCE: Resource = Resource::Account;
    const PATH: &'static str = "accounts";

    /// Where an administrator is taken all of them are, and first: two who end each other follow one another, each decided
    /// on what the one before left.
    fn load(work: &mut Work, key: &AccountId, access: Access) -> Result<Option<Self>> {
        if !work.actor.is(&[Role::Administrator]) && work.actor.id != *key {
            return Ok(None);
        }
        if access == Access::Taken {
            let found = store::find(work.connection, *key)?;
            if found.is_some_and(|account| account.role == Role::Administrator) {
                store::take_administrators(work.connection)?;
            }
            store::take(work.connection, *key)?;
        }
        let account = store::find(work.connection, *key)?;
        Ok(Self::around(work, account.into_iter().collect())?.pop())
    }

    fn id(&self) -> AnyId {
        self.account.id.any()
    }

    fn version(&self) -> i32 {
        self.account.version
    }

    fn verbs() -> &'static [&'static dyn Offer<Self>] {
        steps::VERBS
    }
}

filters! {
    /// What accounts can be listed by.
    pub struct AccountFilter {
        role: Role,
        unit_code: UnitCode,
        /// Only those that have ended, or only those that have not; offices are shown the latter unless they ask.
        ended: bool,
    }
    search q
}

impl AccountFilter {
    fn of(&self, asker: Asker) -> store::AccountSelection {
        store::AccountSelection {
            role: self.role,
            unit: self.unit_code.clone(),
            search: self.q.clone(),
            updated_since: self.updated_since,
            ended: self.ended.or((!asker.is(&[Role::Administrator])).then_some(false)),
        }
    }
}

impl Listed for Person {
    type Filter = AccountFilter;
    type Cursor = (String, AccountId);

    fn must_list(asker: Asker) -> Result<()> {
        asker.actor.must_be(&[Role::Administrator, Role::ProvincialOfficer, Role::DistrictOfficer])
    }

    fn list(work: &mut Work, filter: &AccountFilter, stretch: &Stretch<Self::Cursor>) -> Result<Vec<Self>> {
        let filter = filter.of(work.asker());
        let accounts = store::list(work.connection, &filter, stretch.after.as_ref(), stretch.limit)?;
        Self::around(work, accounts)
    }

    fn count(work: &mut Work, filter: &AccountFilter) -> Result<i64> {
        let filter = filter.of(work.asker());
        store::count(work.connection, &filter)
    }

    fn cursor(&self) -> Self::Cursor {
        (self.account.folded.clone(), self.account.id)
    }
}
