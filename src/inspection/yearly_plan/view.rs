//! What is shown of a plan.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{self, Work};
use crate::base::id::{AccountId, InspectionPlanId};
use crate::base::{Day, Moment, Result, UnitCode};
use crate::inspection::InspectionPlan;
use crate::inspection::store::counts_of_plans;
use crate::inspection::yearly_plan::rules::State;
use crate::place;
use crate::station::Shown;

/// A plan of inspections, to who acts for the province.
#[derive(Debug, Serialize, ToSchema)]
pub struct InspectionPlanView {
    id: InspectionPlanId,
    version: i32,
    unit_code: UnitCode,
    unit_name: String,
    year: i32,
    state: State,
    text: String,
    /// Null while it is a draft.
    number: Option<String>,
    signed_on: Option<Day>,
    /// How many inspections name it, but for cancelled ones.
    inspections: i64,
    account_id: AccountId,
    account_name: Option<String>,
    created_at: Moment,
}

impl Shown for InspectionPlan {
    type View = InspectionPlanView;

    fn views(work: &mut Work, plans: &[Self]) -> Result<Vec<InspectionPlanView>> {
        let ids: Vec<InspectionPlanId> = plans.iter().map(|plan| plan.id).collect();
        let counts = counts_of_plans(work.connection, &ids)?;
        let accounts: Vec<AccountId> = plans.iter().map(|plan| plan.account_id).collect();
        let accounts = account::store::names(work.connection, &accounts)?;
        let places = place::store::places(work.connection)?;
        let today = work.now.day();
        let view = |plan: &InspectionPlan| InspectionPlanView {
            id: plan.id,
            version: plan.version,
            unit_code: plan.unit_code.clone(),
            unit_name: places.name(&plan.unit_code, today),
            year: plan.year,
            state: plan.state,
            text: plan.text.clone(),
            number: plan.number.clone(),
            signed_on: plan.signed_on,
            inspections: counts.get(&plan.id).copied().unwrap_or(0),
            account_id: plan.account_id,
            account_name: accounts.get(&plan.account_id).cloned(),
            created_at: plan.created_at,
        };
        Ok(plans.iter().map(view).collect())
    }
}
