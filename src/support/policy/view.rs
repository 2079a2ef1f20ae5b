//! What is shown of a policy.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{self, Work};
use crate::base::id::{AccountId, SupportPolicyId};
use crate::base::{Day, Moment, Result, UnitCode, Vnd};
use crate::place;
use crate::station::Shown;
use crate::support::SupportPolicy;
use crate::support::policy::rules::{MoneySource, State};

/// A policy of support money.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupportPolicyView {
    id: SupportPolicyId,
    version: i32,
    unit_code: UnitCode,
    unit_name: String,
    act: String,
    item: String,
    name: String,
    rate_percent: i32,
    cap: Vnd,
    source: MoneySource,
    valid_from: Day,
    valid_to: Option<Day>,
    state: State,
    /// Whether it can be claimed by today.
    in_force: bool,
    account_id: AccountId,
    account_name: Option<String>,
    created_at: Moment,
}

impl Shown for SupportPolicy {
    type View = SupportPolicyView;

    fn views(work: &mut Work, policies: &[Self]) -> Result<Vec<SupportPolicyView>> {
        let accounts: Vec<AccountId> = policies.iter().map(|policy| policy.account_id).collect();
        let accounts = account::store::names(work.connection, &accounts)?;
        let places = place::store::places(work.connection)?;
        let today = work.now.day();
        let view = |policy: &Self| SupportPolicyView {
            id: policy.id,
            version: policy.version,
            unit_code: policy.unit_code.clone(),
            unit_name: places.name(&policy.unit_code, today),
            act: policy.act.clone(),
            item: policy.item.clone(),
            name: policy.name.clone(),
            rate_percent: policy.rate_percent,
            cap: policy.cap,
            source: policy.source,
            valid_from: policy.valid_from,
            valid_to: policy.valid_to,
            state: policy.state,
            in_force: policy.is_in_force(today),
            account_id: policy.account_id,
            account_name: accounts.get(&policy.account_id).cloned(),
            created_at: policy.created_at,
        };
        Ok(policies.iter().map(view).collect())
    }
}
