//! The steps of a plan: drafted, changed, adopted by the provincial office.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Role, Work};
use crate::base::id::InspectionPlanId;
use crate::base::{Day, Error, Fault, Faults, Result, paper_number, say, text};
use crate::inspection::InspectionPlan;
use crate::inspection::yearly_plan::rules::{self, State};
use crate::inspection::yearly_plan::store;
use crate::station::{By, Creation, Offer, Taken, Verb, label, patch_forms, plain_forms};

/// A new plan.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InspectionPlanForm {
    /// Of which calendar year.
    pub year: i32,
    /// What is inspected, where, by whom.
    pub text: String,
}

/// What a PATCH may change of a draft; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct InspectionPlanChange {
    #[schema(nullable = false)]
    year: Option<i32>,
    #[schema(nullable = false)]
    text: Option<String>,
}

/// Under which number a plan was signed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdoptionForm {
    pub number: String,
    pub signed_on: Day,
}

plain_forms!(InspectionPlanForm, AdoptionForm);
patch_forms!(InspectionPlanChange);

const OFFICE: By = By::Roles(&[Role::ProvincialOfficer]);

/// Drafts a plan.
pub static CREATE: Creation<InspectionPlan, InspectionPlanForm> =
    Creation::new(label("Soạn kế hoạch kiểm tra", "Draft a plan of inspections"), OFFICE, draft);

/// Changes a draft.
pub static CHANGE: Verb<InspectionPlan, InspectionPlanChange> =
    Verb::new("change", label("Sửa kế hoạch kiểm tra", "Change the plan"), OFFICE, change)
        .open(|_, plan| plan.state.adopt().map(drop));

/// Records that the plan was signed: from then on inspections may name it.
pub static ADOPT: Verb<InspectionPlan, AdoptionForm> =
    Verb::new("adopt", label("Ban hành kế hoạch kiểm tra", "Adopt the plan"), OFFICE, adopt)
        .open(|_, plan| plan.state.adopt().map(drop));

pub static VERBS: &[&dyn Offer<InspectionPlan>] = &[&CHANGE, &ADOPT];

fn draft(work: &mut Work, form: InspectionPlanForm) -> Result<(InspectionPlanId, Taken)> {
    rules::check(form.year, &form.text)?;
    let unit = work.actor.unit()?.clone();
    let id = store::insert(work.connection, unit, form.year, form.text, work.actor.id, work.now)?;
    Ok((id, Taken::to(State::Draft)))
}

fn change(work: &mut Work, plan: &InspectionPlan, change: InspectionPlanChange) -> Result<Taken> {
    let (year, written) = (change.year.unwrap_or(plan.year), change.text.unwrap_or_else(|| plan.text.clone()));
    rules::check(year, &written)?;
    if (year, &written) == (plan.year, &plan.text) {
        return Ok(Taken::unchanged());
    }
    store::rewrite(work.connection, plan.id, year, written)?;
    Ok(Taken::stayed())
}

fn adopt(work: &mut Work, plan: &InspectionPlan, form: AdoptionForm) -> Result<Taken> {
    let number = paper_number::spelled(&form.number);
    let mut faults = Vec::new();
    text::check_code(&number, "/number", 100, &mut faults);
    if form.signed_on > work.now.day() {
        let detail = say("Ngày ký ở tương lai.", "The day of the signature lies in the future.");
        faults.push(Fault::new("/signed_on", "in_future", detail));
    }
    faults.into_result()?;
    if store::number_taken(work.connection, &plan.unit_code, &number, form.signed_on)? {
        return Err(Error::conflict("number_taken", say("Số kế hoạch đã dùng.", "The number is taken.")));
    }
    let state = plan.state.adopt()?;
    store::adopt(work.connection, plan.id, state, &number, form.signed_on)?;
    Ok(Taken::to(state).with_note(Some(number)))
}
