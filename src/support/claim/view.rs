//! What is shown of a claim.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{self, Role, Work};
use crate::base::id::{AccountId, PlanId, ProducerId, ProductId, SupportClaimFileId, SupportClaimId, SupportPolicyId};
use crate::base::{Day, Moment, Result, UnitCode, Vnd};
use crate::files::StoredFile;
use crate::plan::rules::FinanceSums;
use crate::product::document::FileAnswer;
use crate::station::Shown;
use crate::support::SupportClaim;
use crate::support::claim::rules::{self, Payment, State, TakenBack, left};
use crate::support::claim::store::{self, ClaimFile, FilePurpose};
use crate::support::policy;
use crate::support::policy::rules::MoneySource;
use crate::{place, plan, producer, product};

/// A claim of support money, to those who may read it. All amounts are in VND.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupportClaimView {
    id: SupportClaimId,
    version: i32,
    policy_id: SupportPolicyId,
    policy_item: String,
    policy_name: String,
    rate_percent: i32,
    cap: Vnd,
    source: Option<MoneySource>,
    producer_id: ProducerId,
    producer_name: String,
    commune_code: UnitCode,
    commune_name: String,
    district_code: Option<UnitCode>,
    product_id: Option<ProductId>,
    product_name: Option<String>,
    year: i32,
    text: String,
    /// The costs by invoices.
    costs: Vnd,
    /// What the policy pays of them.
    claimed: Vnd,
    state: State,
    /// Who accepts it on site.
    accepted_by: Role,
    /// The last time that it was handed in.
    handed_in_on: Option<Day>,
    accepted: Option<Vnd>,
    accepted_on: Option<Day>,
    minutes_number: Option<String>,
    sent_on: Option<Day>,
    /// By the end of this day it is sent to the province.
    send_by: Option<Day>,
    /// Whether it was sent after that day, or waits beyond it.
    late: bool,
    appraised: Option<Vnd>,
    appraised_on: Option<Day>,
    appraisal: Option<String>,
    decided: Option<Vnd>,
    decision_number: Option<String>,
    decision_signed_on: Option<Day>,
    payments: Vec<Payment>,
    paid: Vnd,
    /// What was decided and is not paid yet; zero where money was taken back.
    left: Vnd,
    taken_back: Vnd,
    returns: Vec<TakenBack>,
    /// The plan under which the money was spent.
    plan: Option<PlannedSupport>,
    files: Vec<SupportClaimFileView>,
    account_id: AccountId,
    account_name: Option<String>,
    created_at: Moment,
}

/// What a plan says of support, and what is claimed under it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedSupport {
    plan_id: PlanId,
    /// The state's support of all its years.
    planned: Vnd,
    /// What stands of all claims under it.
    claimed: Vnd,
    /// Whether more is claimed than was planned: that is told, and refuses nothing.
    over: bool,
}

/// A paper, without its bytes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SupportClaimFileView {
    id: SupportClaimFileId,
    /// Where its bytes are, for who reads the claim.
    address: String,
    purpose: FilePurpose,
    caption: Option<String>,
    file: FileAnswer,
    account_id: AccountId,
    created_at: Moment,
}

impl From<(ClaimFile, StoredFile)> for SupportClaimFileView {
    fn from((file, stored): (ClaimFile, StoredFile)) -> Self {
        let ClaimFile { id, purpose, caption, account_id, created_at, .. } = file;
        Self { id, address: address(id), purpose, caption, file: stored.into(), account_id, created_at }
    }
}

/// Where a paper's bytes are.
pub fn address(id: SupportClaimFileId) -> String {
    format!("/api/v1/support-claim-files/{id}")
}

impl Shown for SupportClaim {
    type View = SupportClaimView;

    fn views(work: &mut Work, claims: &[Self]) -> Result<Vec<SupportClaimView>> {
        let rows = || claims.iter().map(|claim| &claim.row);
        let policies: Vec<SupportPolicyId> = rows().map(|row| row.policy_id).collect();
        let policies = policy::store::of_ids(work.connection, &policies)?;
        let producers: Vec<ProducerId> = rows().map(|row| row.producer_id).collect();
        let producers = producer::store::names(work.connection, &producers)?;
        let products: Vec<ProductId> = rows().filter_map(|row| row.product_id).collect();
        let products = product::store::names(work.connection, &products)?;
        let plans: Vec<PlanId> = rows().filter_map(|row| row.plan_id).collect();
        let finance = plan::store::finance(work.connection, &plans)?;
        let under = store::of_plans(work.connection, &plans)?;
        let accounts: Vec<AccountId> = rows().map(|row| row.account_id).collect();
        let accounts = account::store::names(work.connection, &accounts)?;
        let places = place::store::places(work.connection)?;
        let today = work.now.day();
        let planned = |plan_id: PlanId| -> Result<PlannedSupport> {
            let planned = FinanceSums::of(finance.get(&plan_id).into_iter().flatten())?.state_support;
            let claimed = under.get(&plan_id).copied().unwrap_or_default();
            Ok(PlannedSupport { plan_id, planned, claimed, over: claimed > planned })
        };
        let view = |claim: &Self| {
            let row = &claim.row;
            let policy = policies.get(&row.policy_id);
            let is_open = matches!(row.state, State::Decided | State::Paid);
            Ok(SupportClaimView {
                id: row.id,
                version: row.version,
                policy_id: row.policy_id,
                policy_item: policy.map(|policy| policy.item.clone()).unwrap_or_default(),
                policy_name: policy.map(|policy| policy.name.clone()).unwrap_or_default(),
                rate_percent: policy.map_or(0, |policy| policy.rate_percent),
                cap: policy.map_or(Vnd::ZERO, |policy| policy.cap),
                source: policy.map(|policy| policy.source),
                producer_id: row.producer_id,
                producer_name: producers.get(&row.producer_id).cloned().unwrap_or_default(),
                commune_code: row.commune_code.clone(),
                commune_name: places.name(&row.commune_code, today),
                district_code: row.district_code.clone(),
                product_id: row.product_id,
                product_name: row.product_id.and_then(|id| products.get(&id).cloned()),
                year: row.year,
                text: row.text.clone(),
                costs: row.costs,
                claimed: row.claimed,
                state: row.state,
                accepted_by: claim.accepts,
                handed_in_on: row.handed_in_on,
                accepted: row.accepted,
                accepted_on: row.accepted_on,
                minutes_number: row.minutes_number.clone(),
                sent_on: row.sent_on,
                send_by: rules::last_day(row.year),
                late: rules::is_late(row.state, row.year, row.sent_on, today),
                appraised: row.appraised,
                appraised_on: row.appraised_on,
                appraisal: row.appraisal.clone(),
                decided: row.decided,
                decision_number: row.decision_number.clone(),
                decision_signed_on: row.decision_signed_on,
                payments: row.payments.0.clone(),
                paid: row.paid,
                left: row.decided.filter(|_| is_open).map_or(Vnd::ZERO, |decided| left(decided, row.paid)),
                taken_back: row.taken_back,
                returns: row.returns.0.clone(),
                plan: row.plan_id.map(planned).transpose()?,
                files: claim.files.iter().cloned().map(SupportClaimFileView::from).collect(),
                account_id: row.account_id,
                account_name: accounts.get(&row.account_id).cloned(),
                created_at: row.created_at,
            })
        };
        claims.iter().map(view).collect()
    }
}
