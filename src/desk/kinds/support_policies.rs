//! Policies of support money on the desk: drafted, adopted and ended by the provincial office.

use serde_json::Value;

use crate::account::Work;
use crate::base::Result;
use crate::desk::counter::{Beside, KindOfThing, Making, Step, no_sides};
use crate::desk::field::{STATE, Writing, field};
use crate::desk::input::{Alternative, Asks, Input, NOTE};
use crate::desk::kinds::sources::{self, CREATED};
use crate::desk::words::{Wording, said};
use crate::station::label;
use crate::support::SupportPolicy;
use crate::support::policy::rules::State;
use crate::support::policy::steps::{ADOPT, CHANGE, CREATE, END};

pub const SOURCES: &[Wording] = &[
    ("central_budget", label("Ngân sách trung ương", "Central budget")),
    ("provincial_budget", label("Ngân sách tỉnh", "Provincial budget")),
    ("district_budget", label("Ngân sách huyện", "District budget")),
    ("commune_budget", label("Ngân sách xã", "Commune budget")),
];

/// By which budget policies are found.
fn budgets(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    Ok(sources::states(work, SOURCES))
}

const ACT: Input = Input::new("act", label("Văn bản", "Act"), Asks::Line).required();
const ITEM: Input = Input::new("item", label("Mã nội dung", "Item"), Asks::Line).required();
const NAME: Input = Input::new("name", label("Nội dung hỗ trợ", "What is supported"), Asks::Lines).required();
const RATE: Input =
    Input::new("rate_percent", label("Tỷ lệ hỗ trợ (%)", "Share of the costs (%)"), Asks::Whole).required();
const CAP: Input = Input::new("cap", label("Tối đa mỗi hồ sơ", "Most for a claim"), Asks::Money).required();
const SOURCE: Input = Input::new("source", label("Nguồn kinh phí", "Budget"), Asks::OneOf(SOURCES)).required();
const FROM: Input = Input::new("valid_from", label("Áp dụng từ ngày", "In force from"), Asks::Day).required();
const TO: Input = Input::new("valid_to", label("Đến hết ngày", "Until the end of"), Asks::Day);

/// The claims by it.
fn beside(work: &mut Work, policy: &SupportPolicy, _: &Value) -> Result<Vec<Beside>> {
    let mut claims = Beside::new(label("Hồ sơ đề nghị hỗ trợ", "Claims"));
    let text = label("Các hồ sơ theo chính sách này", "Claims by this policy");
    claims.links.push((format!("/desk/support-claims?policy_id={}", policy.id), said(work.language, text).to_owned()));
    Ok(vec![claims])
}

pub static KIND: KindOfThing<SupportPolicy> = KindOfThing {
    title: label("Chính sách hỗ trợ", "Support policies"),
    about: label(
        "Nội dung được hỗ trợ theo văn bản: tỷ lệ, mức tối đa, nguồn kinh phí, thời gian áp dụng.",
        "What acts support: share, most, budget, and from when to when.",
    ),
    name: "/name",
    fields: &[
        STATE,
        field("/act", label("Văn bản", "Act"), Writing::Text),
        field("/item", label("Mã nội dung", "Item"), Writing::Text),
        field("/rate_percent", label("Tỷ lệ hỗ trợ (%)", "Share of the costs (%)"), Writing::Whole),
        field("/cap", label("Tối đa mỗi hồ sơ", "Most for a claim"), Writing::Money),
        field("/source", label("Nguồn kinh phí", "Budget"), Writing::Wording(SOURCES)),
        field("/valid_from", label("Áp dụng từ ngày", "In force from"), Writing::Day),
        field("/valid_to", label("Đến hết ngày", "Until the end of"), Writing::Day),
        field("/in_force", label("Đang áp dụng", "In force today"), Writing::YesNo),
        field("/account_name", label("Người soạn", "Drafted by"), Writing::Text),
        CREATED,
    ],
    columns: &[
        STATE,
        field("/act", label("Văn bản", "Act"), Writing::Text),
        field("/rate_percent", label("Tỷ lệ (%)", "Share (%)"), Writing::Whole),
        field("/cap", label("Tối đa", "Most"), Writing::Money),
        field("/source", label("Nguồn kinh phí", "Budget"), Writing::Wording(SOURCES)),
        field("/in_force", label("Đang áp dụng", "In force today"), Writing::YesNo),
    ],
    filters: &[
        Input::new("state", label("Trạng thái", "State"), Asks::From(sources::states_of::<State>)),
        Input::new("source", label("Nguồn kinh phí", "Budget"), Asks::From(budgets)),
        Input::new("in_force", label("Đang áp dụng", "In force today"), Asks::From(sources::yes_or_no)),
    ],
    making: Some(Making {
        step: &CREATE,
        first: &[],
        inputs: &[ACT, ITEM, NAME, RATE, CAP, SOURCE, FROM, TO],
        beside: no_sides,
        begin: |_, _| Ok(()),
    }),
    steps: &[
        Step { step: &CHANGE, inputs: &[ACT, ITEM, NAME, RATE, CAP, SOURCE, FROM, TO.clearing()] },
        Step { step: &ADOPT, inputs: &[NOTE] },
        Step {
            step: &END,
            inputs: &[Input::new("valid_to", label("Ngày cuối cùng", "Last day"), Asks::Day).required()],
        },
    ],
    beside,
};
