//! The steps of a reward: drafted on a decision of recognition, decided by the province's signatory, paid by the office.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Asker, Role, Work};
use crate::base::id::{CertificateId, DecisionId, ProductId, RewardId};
use crate::base::{Day, Error, Fault, Faults, Result, say, text};
use crate::decision::certificate_store;
use crate::decision::rules::{Kind, State as DecisionState};
use crate::decision::store as decisions;
use crate::station::{By, Creation, Note, Offer, Taken, Verb, label, patch_forms, plain_forms};
use crate::support::Reward;
use crate::support::claim::office::is_of_the_province;
use crate::support::reward::rules::{self, RewardRate, State};
use crate::support::reward::store::{self, RewardItem};
use crate::support::rules::{must_be_past, must_follow, signed};

/// A new reward: rates per star on a decision of recognition.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RewardForm {
    /// A promulgated decision that recognises products.
    pub decision_id: DecisionId,
    /// Products of other stars are given nothing.
    pub rates: Vec<RewardRate>,
}

/// What a PATCH may change of a draft; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RewardChange {
    #[schema(nullable = false)]
    rates: Option<Vec<RewardRate>>,
}

/// Under which number a reward was signed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RewardDecisionForm {
    pub number: String,
    pub signed_on: Day,
}

/// Which products were paid.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RewardPaymentForm {
    /// One product; all that are not paid yet where it is left out.
    #[serde(default)]
    pub product_id: Option<ProductId>,
    pub paid_on: Day,
    /// The number of the paper by which it was paid.
    pub voucher: String,
}

plain_forms!(RewardForm, RewardDecisionForm, RewardPaymentForm);
patch_forms!(RewardChange);

const OFFICE: By = By::Roles(&[Role::ProvincialOfficer]);

/// Drafts a reward: what each product is given is computed from its stars.
pub static CREATE: Creation<Reward, RewardForm> =
    Creation::new(label("Soạn quyết định thưởng", "Draft a reward"), OFFICE, draft);

/// Gives other rates.
pub static CHANGE: Verb<Reward, RewardChange> =
    Verb::new("change", label("Sửa mức thưởng", "Change the rates"), OFFICE, change)
        .open(|_, reward| reward.row.state.must_be_draft());

/// Decides on the reward.
pub static DECIDE: Verb<Reward, RewardDecisionForm> = Verb::new(
    "decide",
    label("Quyết định thưởng", "Decide on the reward"),
    By::Some(&[Role::Signatory], label("của tỉnh", "of the province")),
    decide,
)
.right(must_sign_for_the_province)
.open(|_, reward| reward.row.state.decide().map(drop));

/// Records that products were paid, one or all that are left.
pub static PAY: Verb<Reward, RewardPaymentForm> =
    Verb::new("pay", label("Ghi đã chi thưởng", "Record payments"), OFFICE, pay)
        .open(|_, reward| reward.row.state.pay(1).map(drop));

/// Gives a draft up; the decision may have another reward.
pub static DISCARD: Verb<Reward, Note> =
    Verb::new("discard", label("Bỏ bản nháp", "Discard the draft"), OFFICE, discard)
        .open(|_, reward| reward.row.state.discard().map(drop));

pub static VERBS: &[&dyn Offer<Reward>] = &[&CHANGE, &DECIDE, &PAY, &DISCARD];

fn must_sign_for_the_province(asker: Asker, _: &Reward) -> Result<()> {
    is_of_the_province(asker)
}

/// What the products of the decision are given by these rates.
fn computed(work: &mut Work, id: RewardId, decision: DecisionId, rates: &[RewardRate]) -> Result<Vec<RewardItem>> {
    let mut faults = Vec::new();
    rules::check(rates, &mut faults);
    let certificates = certificate_store::of_decision(work.connection, decision)?;
    let given = certificates.into_iter().filter_map(|certificate| {
        Some(RewardItem {
            reward_id: id,
            certificate_id: certificate.id,
            product_id: certificate.product_id,
            amount: rules::amount(rates, certificate.stars)?,
            stars: certificate.stars,
            producer_id: certificate.producer_id,
            commune_code: certificate.commune_code,
            district_code: certificate.district_code,
            paid_on: None,
            voucher: None,
        })
    });
    let items: Vec<RewardItem> = given.collect();
    if faults.is_empty() && items.is_empty() {
        let detail =
            say("Không sản phẩm nào của quyết định có hạng sao này.", "No product of the decision has these stars.");
        faults.push(Fault::new("/rates", "no_such_stars", detail));
    }
    faults.into_result().map(|()| items)
}

fn draft(work: &mut Work, form: RewardForm) -> Result<(RewardId, Taken)> {
    let RewardForm { decision_id, rates } = form;
    let decision = decisions::take(work.connection, decision_id)?;
    let recognises = |decision: &decisions::Decision| {
        decision.kind == Kind::Recognise && decision.state == DecisionState::Promulgated
    };
    if !decision.as_ref().is_some_and(recognises) {
        let detail = say(
            "Không có quyết định công nhận đã ban hành này.",
            "There is no such promulgated decision that recognises products.",
        );
        return Err(Error::invalid("/decision_id", "unknown_decision", detail));
    }
    if store::is_rewarded(work.connection, decision_id)? {
        return Err(Error::conflict(
            "reward_exists",
            say("Quyết định này đã có quyết định thưởng.", "The decision has its reward already."),
        ));
    }
    let id = RewardId::new();
    let items = computed(work, id, decision_id, &rates)?;
    let unit = work.actor.unit()?.clone();
    store::insert(work.connection, id, unit, (decision_id, rates), work.actor.id, work.now)?;
    store::set_items(work.connection, id, &items)?;
    Ok((id, Taken::to(State::Draft)))
}

fn change(work: &mut Work, reward: &Reward, change: RewardChange) -> Result<Taken> {
    let row = &reward.row;
    let rates = change.rates.unwrap_or_else(|| row.rates.0.clone());
    if rates == row.rates.0 {
        return Ok(Taken::unchanged());
    }
    let items = computed(work, row.id, row.decision_id, &rates)?;
    store::set_rates(work.connection, row.id, rates)?;
    store::set_items(work.connection, row.id, &items)?;
    Ok(Taken::stayed())
}

fn decide(work: &mut Work, reward: &Reward, form: RewardDecisionForm) -> Result<Taken> {
    let row = &reward.row;
    let recognised = decisions::find(work.connection, row.decision_id)?.and_then(|decision| decision.signed_on);
    let mut faults = Vec::new();
    let number = signed(&form.number, form.signed_on, work.now.day(), &mut faults);
    must_follow(form.signed_on, recognised, "/signed_on", &mut faults);
    faults.into_result()?;
    let state = row.state.decide()?;
    store::decide(work.connection, row.id, state, &number, form.signed_on)?;
    Ok(Taken::to(state).with_note(Some(number)))
}

fn pay(work: &mut Work, reward: &Reward, form: RewardPaymentForm) -> Result<Taken> {
    let row = &reward.row;
    let unpaid: Vec<&RewardItem> = reward.items.iter().filter(|item| item.paid_on.is_none()).collect();
    let is_meant = |item: &&&RewardItem| form.product_id.is_none_or(|product| product == item.product_id);
    let certificates: Vec<CertificateId> = unpaid.iter().filter(is_meant).map(|item| item.certificate_id).collect();
    let mut faults = Vec::new();
    if certificates.is_empty() {
        let detail = say("Không có sản phẩm chưa chi này.", "No such product waits to be paid.");
        faults.push(Fault::new("/product_id", "unknown_product", detail));
    }
    must_be_past(form.paid_on, work.now.day(), "/paid_on", &mut faults);
    must_follow(form.paid_on, row.signed_on, "/paid_on", &mut faults);
    text::check_code(&form.voucher, "/voucher", 100, &mut faults);
    faults.into_result()?;
    let state = row.state.pay(unpaid.len().saturating_sub(certificates.len()))?;
    store::pay(work.connection, row.id, state, &certificates, (form.paid_on, &form.voucher))?;
    Ok(Taken::to(state).with_note(Some(form.voucher)))
}

fn discard(work: &mut Work, reward: &Reward, note: Note) -> Result<Taken> {
    let state = reward.row.state.discard()?;
    store::set_state(work.connection, reward.row.id, state)?;
    Ok(Taken::to(state).with_note(note.note))
}
