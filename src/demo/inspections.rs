//! Inspections of certified goods: one that passed, one that is corrected, one whose order is overdue, one to come, and where the
//! act lets a conclusion propose it, one that asks for a certificate to be taken back.

use crate::account::Actor;
use crate::base::id::{InspectionId, InspectionPlanId};
use crate::base::{Day, Error, Result};
use crate::cycle::RevocationGround;
use crate::demo::stage::{Stage, on};
use crate::demo::stamps::Goods;
use crate::inspection::checklist::{self, Answer, Finding};
use crate::inspection::outcome::{self, ConclusionForm, CorrectionForm, ReplyForm};
use crate::inspection::planning::{self, InspectionForm};
use crate::inspection::record::{MemberForm, MinutesForm, SampleForm, Side, Signature, TestForm};
use crate::inspection::rules::{InspectionResult, Kind};
use crate::inspection::store;
use crate::inspection::visit::{self, ChecklistForm, ResultForm};
use crate::inspection::yearly_plan::{self, steps::AdoptionForm, steps::InspectionPlanForm};
use crate::station::{Note, Order, apply, apply_creation};

/// What is inspected, by what becomes of it.
pub struct Subjects<'a> {
    pub passed: Goods<'a>,
    pub replied: Goods<'a>,
    pub overdue: Goods<'a>,
    pub planned: Goods<'a>,
    pub failed: Option<(Goods<'a>, RevocationGround)>,
}

/// Who inspects, and the day on which the plan of the year is adopted.
pub struct Team<'a> {
    pub office: &'a Actor,
    pub inspector: &'a Actor,
    pub from: Day,
}

/// Plays two weeks of inspections, and plans one for the days after them.
pub fn played(stage: &mut Stage, team: &Team, subjects: Subjects) -> Result<()> {
    let plan = adopted(stage, team)?;
    let passed = recorded(stage, team, subjects.passed, Some(plan), 1, &[])?;
    concluded(stage, team, passed, 3, InspectionResult::Passed, None)?;

    let replied = recorded(stage, team, subjects.replied, Some(plan), 2, &["label_true"])?;
    ordered(stage, team, replied, (2, 20), "Thay nhãn ghi sai thành phần, thu hồi nhãn cũ")?;
    let form = ReplyForm { text: "Đã in nhãn mới và hủy nhãn cũ, kèm ảnh".into() };
    let work = &mut stage.work(subjects.replied.producer, on(team.from.plus_days(8), 0));
    apply(work, &outcome::REPLY, &replied, Order::given(form))?;

    let overdue = recorded(stage, team, subjects.overdue, None, 4, &["mark_shape", "lots_recorded"])?;
    ordered(stage, team, overdue, (4, 9), "In lại bao bì đúng mẫu nhãn hiệu, ghi sổ lô")?;

    plan_of(stage, team, subjects.planned, Some(plan), (14, 25))?;
    if let Some((goods, ground)) = subjects.failed {
        let failed = recorded(stage, team, goods, None, 5, &["mark_shape", "stars_shown"])?;
        concluded(stage, team, failed, 10, InspectionResult::Failed, Some(ground))?;
    }
    Ok(())
}

fn adopted(stage: &mut Stage, team: &Team) -> Result<InspectionPlanId> {
    let text = "Kiểm tra định kỳ sản phẩm đã được công nhận: duy trì tiêu chí, sử dụng nhãn hiệu, nhãn hàng hóa, tem truy xuất, \
                hồ sơ lô. Kiểm tra đột xuất khi có phản ánh.";
    let form = InspectionPlanForm { year: team.from.year(), text: text.into() };
    let work = &mut stage.work(team.office, on(team.from, 0));
    let plan = apply_creation(work, &yearly_plan::steps::CREATE, form)?;
    let form = AdoptionForm { number: "05/KH-VPĐP".into(), signed_on: team.from };
    apply(&mut stage.work(team.office, on(team.from, 30)), &yearly_plan::steps::ADOPT, &plan, Order::given(form))?;
    Ok(plan)
}

fn plan_of(
    stage: &mut Stage,
    team: &Team,
    goods: Goods,
    plan: Option<InspectionPlanId>,
    (first, last): (i64, i64),
) -> Result<InspectionId> {
    let form = InspectionForm {
        product_id: goods.product,
        kind: if plan.is_some() { Kind::Periodic } else { Kind::Sudden },
        inspection_plan_id: plan,
        reason: plan.is_none().then(|| "Người mua phản ánh bao bì không đúng mẫu".into()),
        decision_number: "21/QĐ-VPĐP".into(),
        decision_signed_on: team.from,
        begins_on: team.from.plus_days(first),
        ends_on: team.from.plus_days(last),
        members: vec![
            MemberForm {
                account_id: Some(team.inspector.id),
                name: None,
                organisation: "Chi cục Quản lý chất lượng".into(),
                leads: true,
            },
            MemberForm {
                account_id: None,
                name: Some("Trần Thị Bình".into()),
                organisation: "Sở Y tế".into(),
                leads: false,
            },
        ],
    };
    apply_creation(&mut stage.work(team.office, on(team.from, 60)), &planning::CREATE, form)
}

/// Inspected on a day, with what was found broken, up to the signed minutes.
fn recorded(
    stage: &mut Stage,
    team: &Team,
    goods: Goods,
    plan: Option<InspectionPlanId>,
    after: i64,
    broken: &[&str],
) -> Result<InspectionId> {
    let id = plan_of(stage, team, goods, plan, (after, after))?;
    let today = team.from.plus_days(after);
    let at = |minutes| on(today, minutes);
    apply(&mut stage.work(team.inspector, at(0)), &visit::VISIT, &id, Order::given(Note::NONE))?;
    let answer = |item: &checklist::Item| {
        let is_broken = broken.contains(&item.code.as_str());
        Answer {
            item: item.code.clone(),
            answer: if is_broken { Finding::Broken } else { Finding::Kept },
            note: is_broken.then(|| "Không đúng quy định, có ảnh kèm theo".into()),
        }
    };
    let answers = checklist::items()?.iter().map(answer).collect();
    apply(&mut stage.work(team.inspector, at(40)), &visit::FILL, &id, Order::given(ChecklistForm { answers }))?;
    let sample = SampleForm {
        lot_id: None,
        seal_number: format!("NP-{:02}", after),
        taken_on: today,
        laboratory: "Trung tâm Kỹ thuật Tiêu chuẩn Đo lường Chất lượng".into(),
        tests: vec![TestForm { what: "Chì (Pb)".into(), limit: "0,1".into(), unit: "mg/kg".into() }],
    };
    apply(&mut stage.work(team.inspector, at(50)), &visit::TAKE_SAMPLE, &id, Order::given(sample))?;
    let (leader, representative) = (team.inspector.name.clone(), goods.producer.name.clone());
    let signature = |name: &str, side| Signature { name: name.to_owned(), side, strokes: Vec::new() };
    let minutes = MinutesForm {
        signed_at: at(90),
        place: "Cơ sở sản xuất của chủ thể".into(),
        latitude: None,
        longitude: None,
        representative: representative.clone(),
        explanation: (!broken.is_empty()).then(|| "Cơ sở nhận thiếu sót và xin khắc phục".into()),
        signatures: vec![signature(&leader, Side::Team), signature(&representative, Side::Producer)],
        refusal: None,
    };
    apply(&mut stage.work(team.inspector, at(95)), &visit::SIGN, &id, Order::given(minutes))?;
    let row =
        store::find(stage.connection, id)?.ok_or_else(|| Error::internal("an inspection that was made is gone"))?;
    for test in row.samples.0.iter().flat_map(|sample| &sample.tests) {
        let result = ResultForm { test: test.id, value: "< 0,02".into(), within: true };
        apply(&mut stage.work(team.inspector, at(100)), &visit::RECORD_RESULT, &id, Order::given(result))?;
    }
    Ok(id)
}

fn ordered(stage: &mut Stage, team: &Team, id: InspectionId, (after, due): (i64, i64), text: &str) -> Result<()> {
    let form = CorrectionForm { text: text.into(), due_on: team.from.plus_days(due) };
    let work = &mut stage.work(team.inspector, on(team.from.plus_days(after), 120));
    apply(work, &outcome::ORDER_CORRECTION, &id, Order::given(form))
}

fn concluded(
    stage: &mut Stage,
    team: &Team,
    id: InspectionId,
    after: i64,
    result: InspectionResult,
    ground: Option<RevocationGround>,
) -> Result<()> {
    let text = match result {
        InspectionResult::Passed => "Sản phẩm còn đáp ứng tiêu chí; nhãn hiệu và tem được dùng đúng.",
        InspectionResult::Failed => "Nhãn hiệu được in sai và ghi quá số sao được công nhận, gây nhầm lẫn.",
    };
    let form = ConclusionForm { result, text: text.into(), ground };
    apply(&mut stage.work(team.office, on(team.from.plus_days(after), 0)), &outcome::CONCLUDE, &id, Order::given(form))
}
