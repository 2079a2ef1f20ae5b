//! What is shown of a reward.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{self, Work};
use crate::base::id::{AccountId, CertificateId, DecisionId, ProducerId, ProductId, RewardId};
use crate::base::{Day, Moment, Result, Stars, UnitCode, Vnd};
use crate::decision::certificate_store::{self, Certificate};
use crate::decision::store as decisions;
use crate::station::Shown;
use crate::support::Reward;
use crate::support::reward::rules::{RewardRate, State};
use crate::support::reward::store::RewardItem;
use crate::support::rules::sum;
use crate::{place, producer, product};

/// A reward by a decision of recognition; below the province with what is given there. All amounts are in VND.
#[derive(Debug, Serialize, ToSchema)]
pub struct RewardView {
    id: RewardId,
    version: i32,
    unit_code: UnitCode,
    unit_name: String,
    decision_id: DecisionId,
    decision_number: Option<String>,
    rates: Vec<RewardRate>,
    state: State,
    /// Null while it is a draft.
    number: Option<String>,
    signed_on: Option<Day>,
    products: usize,
    total: Vnd,
    paid: Vnd,
    items: Vec<RewardItemView>,
    account_id: AccountId,
    account_name: Option<String>,
    created_at: Moment,
}

/// What a product is given.
#[derive(Debug, Serialize, ToSchema)]
pub struct RewardItemView {
    product_id: ProductId,
    product_name: String,
    producer_id: ProducerId,
    producer_name: String,
    certificate_id: CertificateId,
    certificate_number: Option<String>,
    /// Since when the certificate is taken back, where it is.
    certificate_revoked_on: Option<Day>,
    stars: Stars,
    amount: Vnd,
    paid_on: Option<Day>,
    voucher: Option<String>,
}

impl Shown for Reward {
    type View = RewardView;

    fn views(work: &mut Work, rewards: &[Self]) -> Result<Vec<RewardView>> {
        let items = || rewards.iter().flat_map(|reward| &reward.items);
        let decided: Vec<_> = rewards.iter().map(|reward| reward.row.decision_id.any()).collect();
        let decided = decisions::of_ids(work.connection, &decided)?;
        let numbers: BTreeMap<DecisionId, Option<String>> =
            decided.into_iter().map(|decision| (decision.id, decision.number)).collect();
        let certificates: Vec<_> = items().map(|item| item.certificate_id.any()).collect();
        let certificates = certificate_store::of_ids(work.connection, &certificates)?;
        let certificates: BTreeMap<CertificateId, Certificate> =
            certificates.into_iter().map(|certificate| (certificate.id, certificate)).collect();
        let products: Vec<ProductId> = items().map(|item| item.product_id).collect();
        let products = product::store::names(work.connection, &products)?;
        let producers: Vec<ProducerId> = items().map(|item| item.producer_id).collect();
        let producers = producer::store::names(work.connection, &producers)?;
        let accounts: Vec<AccountId> = rewards.iter().map(|reward| reward.row.account_id).collect();
        let accounts = account::store::names(work.connection, &accounts)?;
        let places = place::store::places(work.connection)?;
        let today = work.now.day();
        let given = |item: &RewardItem| {
            let certificate = certificates.get(&item.certificate_id);
            RewardItemView {
                product_id: item.product_id,
                product_name: products.get(&item.product_id).cloned().unwrap_or_default(),
                producer_id: item.producer_id,
                producer_name: producers.get(&item.producer_id).cloned().unwrap_or_default(),
                certificate_id: item.certificate_id,
                certificate_number: certificate.map(|certificate| certificate.number.clone()),
                certificate_revoked_on: certificate.and_then(|certificate| certificate.revoked_on),
                stars: item.stars,
                amount: item.amount,
                paid_on: item.paid_on,
                voucher: item.voucher.clone(),
            }
        };
        let view = |reward: &Self| {
            let row = &reward.row;
            let paid = reward.items.iter().filter(|item| item.paid_on.is_some());
            Ok(RewardView {
                id: row.id,
                version: row.version,
                unit_code: row.unit_code.clone(),
                unit_name: places.name(&row.unit_code, today),
                decision_id: row.decision_id,
                decision_number: numbers.get(&row.decision_id).cloned().flatten(),
                rates: row.rates.0.clone(),
                state: row.state,
                number: row.number.clone(),
                signed_on: row.signed_on,
                products: reward.items.len(),
                total: sum(reward.items.iter().map(|item| item.amount))?,
                paid: sum(paid.map(|item| item.amount))?,
                items: reward.items.iter().map(given).collect(),
                account_id: row.account_id,
                account_name: accounts.get(&row.account_id).cloned(),
                created_at: row.created_at,
            })
        };
        rewards.iter().map(view).collect()
    }
}
