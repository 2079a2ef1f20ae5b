//! Plans of inspections on the desk: drafted and adopted by the provincial office.

use serde_json::Value;

use crate::account::Work;
use crate::base::Result;
use crate::desk::counter::{Beside, KindOfThing, Making, Step, no_sides};
use crate::desk::field::{STATE, Writing, field};
use crate::desk::input::{Asks, Input};
use crate::desk::kinds::sources::{self, CREATED, YEAR};
use crate::desk::words::said;
use crate::inspection::InspectionPlan;
use crate::inspection::yearly_plan::rules::State;
use crate::inspection::yearly_plan::steps::{ADOPT, CHANGE, CREATE};
use crate::station::label;

const OF_YEAR: Input = Input::new("year", label("Năm", "Year"), Asks::Whole).required();
const TEXT: Input = Input::new("text", label("Nội dung kế hoạch", "What is planned"), Asks::Document).required();

/// The inspections that name it.
fn beside(work: &mut Work, plan: &InspectionPlan, _: &Value) -> Result<Vec<Beside>> {
    let mut made = Beside::new(label("Các cuộc kiểm tra", "Inspections"));
    let text = label("Các cuộc kiểm tra theo kế hoạch này", "Inspections by this plan");
    made.links
        .push((format!("/desk/inspections?inspection_plan_id={}", plan.id), said(work.language, text).to_owned()));
    Ok(vec![made])
}

pub static KIND: KindOfThing<InspectionPlan> = KindOfThing {
    title: label("Kế hoạch kiểm tra", "Plans of inspections"),
    about: label(
        "Kế hoạch kiểm tra của năm; kiểm tra định kỳ phải theo một kế hoạch đã ban hành.",
        "What is inspected in a year; periodic inspections name a plan that was adopted.",
    ),
    name: "/number|/year",
    fields: &[
        STATE,
        field("/number", label("Số kế hoạch", "Number"), Writing::Text),
        field("/signed_on", label("Ngày ký", "Signed on"), Writing::Day),
        YEAR,
        field("/text", label("Nội dung", "What is planned"), Writing::Long),
        field("/inspections", label("Số cuộc kiểm tra", "Inspections"), Writing::Whole),
        field("/account_name", label("Người soạn", "Drafted by"), Writing::Text),
        CREATED,
    ],
    columns: &[
        STATE,
        YEAR,
        field("/signed_on", label("Ngày ký", "Signed on"), Writing::Day),
        field("/inspections", label("Số cuộc kiểm tra", "Inspections"), Writing::Whole),
    ],
    filters: &[
        Input::new("state", label("Trạng thái", "State"), Asks::From(sources::states_of::<State>)),
        Input::new("year", label("Năm", "Year"), Asks::Whole),
    ],
    making: Some(Making {
        step: &CREATE,
        first: &[],
        inputs: &[OF_YEAR, TEXT],
        beside: no_sides,
        begin: |_, _| Ok(()),
    }),
    steps: &[
        Step { step: &CHANGE, inputs: &[OF_YEAR, TEXT] },
        Step {
            step: &ADOPT,
            inputs: &[
                Input::new("number", label("Số kế hoạch", "Number"), Asks::Line).required(),
                Input::new("signed_on", label("Ngày ký", "Signed on"), Asks::Day).required(),
            ],
        },
    ],
    beside,
};
