//! How an inspection is planned by the provincial office: of which product, on which ground, by whom, when.

use std::collections::BTreeSet;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{self, Role, Work};
use crate::base::id::{AccountId, InspectionId, InspectionPlanId, ProductId};
use crate::base::{Day, Error, Fault, Faults, Result, paper_number, say, text};
use crate::inspection::record::{self, Member, MemberForm};
use crate::inspection::rules::{Kind, State};
use crate::inspection::store::{self, Planned};
use crate::inspection::yearly_plan;
use crate::inspection::{Inspection, yearly_plan::rules::State as PlanState};
use crate::product;
use crate::station::{By, Creation, Reason, Taken, Verb, label, patch_forms, plain_forms};

/// A new inspection.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InspectionForm {
    pub product_id: ProductId,
    pub kind: Kind,
    /// The adopted plan of the year in which a periodic inspection begins; a sudden one names none.
    #[serde(default)]
    pub inspection_plan_id: Option<InspectionPlanId>,
    /// Why a sudden inspection is made; a periodic one needs none.
    #[serde(default)]
    pub reason: Option<String>,
    /// The decision that sets the team up.
    pub decision_number: String,
    pub decision_signed_on: Day,
    /// The first and the last day on which the team may be there.
    pub begins_on: Day,
    pub ends_on: Day,
    pub members: Vec<MemberForm>,
}

/// What may change of an inspection that is not begun; what is left out stays, null clears.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct InspectionChange {
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<InspectionPlanId>)]
    inspection_plan_id: Option<Option<InspectionPlanId>>,
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<String>)]
    reason: Option<Option<String>>,
    #[schema(nullable = false)]
    decision_number: Option<String>,
    #[schema(nullable = false)]
    decision_signed_on: Option<Day>,
    #[schema(nullable = false)]
    begins_on: Option<Day>,
    #[schema(nullable = false)]
    ends_on: Option<Day>,
    /// They replace those before.
    #[schema(nullable = false)]
    members: Option<Vec<MemberForm>>,
}

plain_forms!(InspectionForm);
patch_forms!(InspectionChange);

/// Whose accounts may be in a team; others are in it by their names.
const VISITORS: &[Role] = &[Role::Inspector, Role::ProvincialOfficer];

pub(super) const OFFICE: By = By::Roles(&[Role::ProvincialOfficer]);

/// No team is there for longer.
const MOST_DAYS: i64 = 366;

/// Plans an inspection.
pub static CREATE: Creation<Inspection, InspectionForm> =
    Creation::new(label("Lập cuộc kiểm tra", "Plan an inspection"), OFFICE, plan);

/// Plans it otherwise.
pub static CHANGE: Verb<Inspection, InspectionChange> =
    Verb::new("change", label("Sửa cuộc kiểm tra", "Change the inspection"), OFFICE, change)
        .open(|_, inspection| inspection.row.state.must_be_planned());

/// Gives it up before its minutes are signed.
pub static CANCEL: Verb<Inspection, Reason> =
    Verb::new("cancel", label("Hủy cuộc kiểm tra", "Cancel the inspection"), OFFICE, cancel)
        .open(|_, inspection| inspection.row.state.cancel().map(drop));

fn plan(work: &mut Work, form: InspectionForm) -> Result<(InspectionId, Taken)> {
    let planned = checked(work, &form)?;
    let product = product::store::find(work.connection, form.product_id)?;
    let home = product.map(|product| product.home()).filter(|home| work.actor.sees(home)).ok_or_else(|| {
        let detail = say("Không có sản phẩm này.", "There is no such product.");
        Error::invalid("/product_id", "unknown_product", detail)
    })?;
    let id = store::insert(work.connection, form.product_id, home, form.kind, planned, work.actor.id, work.now)?;
    Ok((id, Taken::to(State::Planned)))
}

/// What is kept of a form, where nothing is wrong with it.
fn checked(work: &mut Work, form: &InspectionForm) -> Result<Planned> {
    let mut faults = Vec::new();
    let number = paper_number::spelled(&form.decision_number);
    text::check_code(&number, "/decision_number", 100, &mut faults);
    if form.decision_signed_on > work.now.day() {
        let detail = say("Ngày ký ở tương lai.", "The day of the signature lies in the future.");
        faults.push(Fault::new("/decision_signed_on", "in_future", detail));
    }
    if form.begins_on < form.decision_signed_on {
        let detail = say("Kiểm tra không thể bắt đầu trước quyết định.", "It cannot begin before its decision.");
        faults.push(Fault::new("/begins_on", "before_basis", detail));
    }
    if !(0..MOST_DAYS).contains(&form.begins_on.days_until(form.ends_on)) {
        let detail = say(
            "Ngày kết thúc từ ngày bắt đầu, trong vòng một năm.",
            "It ends on the day on which it begins or later, within a year.",
        );
        faults.push(Fault::new("/ends_on", "out_of_range", detail));
    }
    check_ground(work, form, &mut faults)?;
    record::check_team(&form.members, &mut faults);
    let members = named(work, form.members.clone(), &mut faults)?;
    faults.into_result()?;
    Ok(Planned {
        inspection_plan_id: form.inspection_plan_id,
        reason: form.reason.clone(),
        decision_number: number,
        decision_signed_on: form.decision_signed_on,
        begins_on: form.begins_on,
        ends_on: form.ends_on,
        members,
    })
}

/// A periodic inspection names an adopted plan of its year, a sudden one says why.
fn check_ground(work: &mut Work, form: &InspectionForm, faults: &mut Vec<Fault>) -> Result<()> {
    if let Some(reason) = &form.reason {
        text::check(reason, "/reason", 2000, faults);
    }
    match (form.kind, form.inspection_plan_id) {
        (Kind::Periodic, Some(id)) => {
            let plan = yearly_plan::store::find(work.connection, id)?;
            let fits = plan.is_some_and(|plan| plan.state == PlanState::Adopted && plan.year == form.begins_on.year());
            if !fits {
                let detail = say(
                    "Không có kế hoạch kiểm tra đã ban hành này của năm kiểm tra.",
                    "There is no such adopted plan of the year in which the inspection begins.",
                );
                faults.push(Fault::new("/inspection_plan_id", "unknown_plan", detail));
            }
        }
        (Kind::Periodic, None) => {
            let detail = say("Kiểm tra định kỳ theo một kế hoạch năm.", "A periodic inspection names a plan.");
            faults.push(Fault::new("/inspection_plan_id", "required", detail));
        }
        (Kind::Sudden, Some(_)) => {
            let detail = say("Kiểm tra đột xuất không theo kế hoạch.", "A sudden inspection names no plan.");
            faults.push(Fault::new("/inspection_plan_id", "not_allowed", detail));
        }
        (Kind::Sudden, None) if form.reason.is_none() => {
            let detail = say("Kiểm tra đột xuất phải nêu lý do.", "A sudden inspection says why.");
            faults.push(Fault::new("/reason", "required", detail));
        }
        (Kind::Sudden, None) => {}
    }
    Ok(())
}

/// The team, with the names of accounts.
fn named(work: &mut Work, members: Vec<MemberForm>, faults: &mut Vec<Fault>) -> Result<Vec<Member>> {
    let accounts: Vec<AccountId> = members.iter().filter_map(|member| member.account_id).collect();
    let names = account::store::names_with_role(work.connection, &accounts, VISITORS)?;
    let (mut team, mut met) = (Vec::with_capacity(members.len()), BTreeSet::new());
    for (index, MemberForm { account_id, name, organisation, leads }) in members.into_iter().enumerate() {
        let known = account_id.and_then(|id| names.get(&id).cloned());
        let at = format!("/members/{index}/account_id");
        if account_id.is_some() && known.is_none() {
            let detail = say(
                "Không có tài khoản thanh tra hay văn phòng tỉnh này.",
                "There is no such account of an inspector or of the provincial office.",
            );
            faults.push(Fault::new(at, "unknown_account", detail));
        } else if account_id.is_some_and(|id| !met.insert(id)) {
            let detail = say("Tài khoản này đã có trong đoàn.", "The account is in the team already.");
            faults.push(Fault::new(at, "repeated", detail));
        }
        team.push(Member { account_id, name: name.or(known).unwrap_or_default(), organisation, leads });
    }
    Ok(team)
}

fn change(work: &mut Work, inspection: &Inspection, change: InspectionChange) -> Result<Taken> {
    let row = &inspection.row;
    let again = |member: &Member| MemberForm {
        account_id: member.account_id,
        name: Some(member.name.clone()),
        organisation: member.organisation.clone(),
        leads: member.leads,
    };
    let form = InspectionForm {
        product_id: row.product_id,
        kind: row.kind,
        inspection_plan_id: change.inspection_plan_id.unwrap_or(row.inspection_plan_id),
        reason: change.reason.unwrap_or_else(|| row.reason.clone()),
        decision_number: change.decision_number.unwrap_or_else(|| row.decision_number.clone()),
        decision_signed_on: change.decision_signed_on.unwrap_or(row.decision_signed_on),
        begins_on: change.begins_on.unwrap_or(row.begins_on),
        ends_on: change.ends_on.unwrap_or(row.ends_on),
        members: change.members.unwrap_or_else(|| row.members.0.iter().map(again).collect()),
    };
    let planned = checked(work, &form)?;
    let present = Planned {
        inspection_plan_id: row.inspection_plan_id,
        reason: row.reason.clone(),
        decision_number: row.decision_number.clone(),
        decision_signed_on: row.decision_signed_on,
        begins_on: row.begins_on,
        ends_on: row.ends_on,
        members: row.members.0.clone(),
    };
    if planned == present {
        return Ok(Taken::unchanged());
    }
    store::replan(work.connection, row.id, planned)?;
    Ok(Taken::stayed())
}

fn cancel(work: &mut Work, inspection: &Inspection, reason: Reason) -> Result<Taken> {
    let state = inspection.row.state.cancel()?;
    store::set_state(work.connection, inspection.row.id, state)?;
    Ok(Taken::to(state).with_note(Some(reason.into_text())))
}
