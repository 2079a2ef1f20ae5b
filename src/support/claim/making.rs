//! What a producer does with a claim: writes it by a policy in force, adds invoices, hands it in, or gives it up.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Role, Work};
use crate::base::id::{PlanId, ProducerId, ProductId, SupportClaimFileId, SupportClaimId, SupportPolicyId};
use crate::base::{Error, Fault, Faults, Result, Vnd, say, text};
use crate::cycle::EditionCode;
use crate::files::{self, Arrived};
use crate::plan;
use crate::plan::rules::State as PlanState;
use crate::station::{By, Creation, Note, Taken, Uploaded, Verb, label, patch_forms, plain_forms};
use crate::support::SupportClaim;
use crate::support::claim::rules::{self, State};
use crate::support::claim::store::{self, ClaimFile, Claimed, FilePurpose};
use crate::support::policy;
use crate::{producer, product};

/// A new claim.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupportClaimForm {
    /// A policy in force.
    pub policy_id: SupportPolicyId,
    /// Of which budget year; it is sent to the province by 15 November of it.
    pub year: i32,
    /// The product that it is for, where it is for one.
    #[serde(default)]
    pub product_id: Option<ProductId>,
    /// The approved plan under which the money was spent, where there is one.
    #[serde(default)]
    pub plan_id: Option<PlanId>,
    /// The costs by invoices, in VND.
    pub costs: Vnd,
    /// What was done for it.
    pub text: String,
}

/// What a PATCH may change of a claim that is not handed in; what is left out stays, null clears.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SupportClaimChange {
    #[schema(nullable = false)]
    policy_id: Option<SupportPolicyId>,
    #[schema(nullable = false)]
    year: Option<i32>,
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<ProductId>)]
    product_id: Option<Option<ProductId>>,
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<PlanId>)]
    plan_id: Option<Option<PlanId>>,
    #[schema(nullable = false)]
    costs: Option<Vnd>,
    #[schema(nullable = false)]
    text: Option<String>,
}

/// The field that comes with a paper of a claim.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimPaperFields {
    #[serde(default)]
    pub caption: Option<String>,
}

plain_forms!(SupportClaimForm);
patch_forms!(SupportClaimChange);

const PRODUCER: By = By::Roles(&[Role::Producer]);

/// Writes a claim.
pub static CREATE: Creation<SupportClaim, SupportClaimForm> =
    Creation::new(label("Lập hồ sơ đề nghị hỗ trợ", "Write a claim"), PRODUCER, write);

/// Writes it otherwise.
pub static CHANGE: Verb<SupportClaim, SupportClaimChange> =
    Verb::new("change", label("Sửa hồ sơ đề nghị hỗ trợ", "Change the claim"), PRODUCER, change)
        .open(|_, claim| claim.row.state.must_be_open_to_change());

/// Adds an invoice or another paper.
pub static ADD_PAPER: Verb<SupportClaim, Uploaded<ClaimPaperFields>, SupportClaimFileId> =
    Verb::new("add-paper", label("Thêm hóa đơn, chứng từ", "Add an invoice"), PRODUCER, add_paper)
        .open(|_, claim| {
            claim.row.state.must_be_open_to_change()?;
            rules::must_have_room(claim.papers(FilePurpose::Invoice))
        })
        .at_any_version();

/// Hands the claim in, with its invoices.
pub static HAND_IN: Verb<SupportClaim, Note> =
    Verb::new("hand-in", label("Nộp hồ sơ đề nghị hỗ trợ", "Hand the claim in"), PRODUCER, hand_in).open(|_, claim| {
        claim.row.state.hand_in()?;
        rules::must_have_files(claim.papers(FilePurpose::Invoice))
    });

/// Gives the claim up before it is accepted.
pub static WITHDRAW: Verb<SupportClaim, Note> =
    Verb::new("withdraw", label("Rút hồ sơ đề nghị hỗ trợ", "Withdraw the claim"), PRODUCER, withdraw)
        .open(|_, claim| claim.row.state.withdraw().map(drop));

/// What is kept of a form, where nothing is wrong with it.
fn checked(work: &mut Work, producer: ProducerId, form: SupportClaimForm) -> Result<Claimed> {
    let SupportClaimForm { policy_id, year, product_id, plan_id, costs, text: written } = form;
    let mut faults = Vec::new();
    text::check(&written, "/text", 5000, &mut faults);
    let today = work.now.day();
    if !(today.year() - 1..=today.year()).contains(&year) {
        let detail = say("Năm nay hoặc năm trước.", "This year or the one before.");
        faults.push(Fault::new("/year", "out_of_range", detail));
    }
    if costs == Vnd::ZERO {
        faults.push(Fault::new("/costs", "out_of_range", say("Chi phí trên 0 đồng.", "Costs are above 0 VND.")));
    }
    if let Some(id) = product_id {
        let product = product::store::find(work.connection, id)?;
        if product.is_none_or(|product| product.home().producer != producer) {
            let detail = say("Không có sản phẩm này của chủ thể.", "The producer has no such product.");
            faults.push(Fault::new("/product_id", "unknown_product", detail));
        }
    }
    if let Some(id) = plan_id {
        let plan = plan::store::find(work.connection, id)?;
        let fits = |plan: plan::store::PlanRow| plan.producer_id == producer && plan.state == PlanState::Approved;
        if !plan.is_some_and(fits) {
            let detail = say("Không có phương án đã duyệt này của chủ thể.", "The producer has no such approved plan.");
            faults.push(Fault::new("/plan_id", "unknown_business_plan", detail));
        }
    }
    let policy = policy::store::find(work.connection, policy_id)?.filter(|policy| policy.is_in_force(today));
    if policy.is_none() {
        let detail = say("Không có chính sách đang áp dụng này.", "There is no such policy in force.");
        faults.push(Fault::new("/policy_id", "unknown_policy", detail));
    }
    faults.into_result()?;
    let policy = policy.ok_or_else(|| Error::internal("a policy that was found is not there"))?;
    let claimed = policy::rules::support(costs, policy.rate_percent, policy.cap)?;
    if claimed == Vnd::ZERO {
        let detail = say("Mức hỗ trợ chưa đến 1 đồng.", "The support of it is less than 1 VND.");
        return Err(Error::invalid("/costs", "out_of_range", detail));
    }
    Ok(Claimed { policy_id, product_id, plan_id, year, text: written, costs, claimed })
}

fn write(work: &mut Work, form: SupportClaimForm) -> Result<(SupportClaimId, Taken)> {
    let id = work.actor.must_be_producer()?;
    let claimed = checked(work, id, form)?;
    let producer = producer::store::find(work.connection, id)?
        .ok_or_else(|| Error::internal("an account without its producer"))?;
    let edition = EditionCode::in_force_on(work.now.day())?;
    let id = store::insert(work.connection, producer.home(), edition, claimed, work.actor.id, work.now)?;
    Ok((id, Taken::to(State::Draft)))
}

fn change(work: &mut Work, claim: &SupportClaim, change: SupportClaimChange) -> Result<Taken> {
    let row = &claim.row;
    let form = SupportClaimForm {
        policy_id: change.policy_id.unwrap_or(row.policy_id),
        year: change.year.unwrap_or(row.year),
        product_id: change.product_id.unwrap_or(row.product_id),
        plan_id: change.plan_id.unwrap_or(row.plan_id),
        costs: change.costs.unwrap_or(row.costs),
        text: change.text.unwrap_or_else(|| row.text.clone()),
    };
    let claimed = checked(work, row.producer_id, form)?;
    let present = Claimed {
        policy_id: row.policy_id,
        product_id: row.product_id,
        plan_id: row.plan_id,
        year: row.year,
        text: row.text.clone(),
        costs: row.costs,
        claimed: row.claimed,
    };
    if claimed == present {
        return Ok(Taken::unchanged());
    }
    store::rewrite(work.connection, row.id, claimed)?;
    Ok(Taken::stayed())
}

fn hand_in(work: &mut Work, claim: &SupportClaim, note: Note) -> Result<Taken> {
    let row = &claim.row;
    let today = work.now.day();
    let policy = policy::store::find(work.connection, row.policy_id)?;
    if !policy.is_some_and(|policy| policy.is_in_force(today)) {
        return Err(Error::conflict(
            "policy_ended",
            say("Chính sách hỗ trợ không còn áp dụng.", "The policy is not in force any more."),
        ));
    }
    let producer = producer::store::find(work.connection, row.producer_id)?
        .ok_or_else(|| Error::internal("a claim without its producer"))?;
    let (state, edition) = (row.state.hand_in()?, EditionCode::in_force_on(today)?);
    store::hand_in(work.connection, row.id, state, producer.home(), edition, today)?;
    Ok(Taken::to(state).with_note(note.note))
}

fn withdraw(work: &mut Work, claim: &SupportClaim, note: Note) -> Result<Taken> {
    let state = claim.row.state.withdraw()?;
    store::set_state(work.connection, claim.row.id, state)?;
    Ok(Taken::to(state).with_note(note.note))
}

impl ClaimPaperFields {
    pub fn check(&self) -> Result<()> {
        let mut faults = Vec::new();
        if let Some(caption) = &self.caption {
            text::check(caption, "/caption", 500, &mut faults);
        }
        faults.into_result()
    }
}

fn add_paper(
    work: &mut Work,
    claim: &SupportClaim,
    form: Uploaded<ClaimPaperFields>,
) -> Result<Taken<SupportClaimFileId>> {
    let Uploaded { fields: ClaimPaperFields { caption }, file } = form;
    keep(work, claim, file, FilePurpose::Invoice, caption)
}

/// Papers are kept as they came, and shown to nobody but who reads the claim.
pub(super) fn keep(
    work: &mut Work,
    claim: &SupportClaim,
    arrived: Arrived,
    purpose: FilePurpose,
    caption: Option<String>,
) -> Result<Taken<SupportClaimFileId>> {
    files::store::insert(work.connection, &arrived.file, work.now)?;
    arrived.unnamed.named();
    let file = ClaimFile {
        id: SupportClaimFileId::new(),
        claim_id: claim.row.id,
        file_id: arrived.file.id,
        purpose,
        caption,
        account_id: work.actor.id,
        created_at: work.now,
    };
    store::insert_file(work.connection, &file)?;
    Ok(Taken::stayed().giving(file.id))
}
