//! Claims of support money on the desk: written by producers, accepted on site, sent, appraised, decided, paid and taken back.

use serde_json::Value;

use crate::account::Work;
use crate::base::Result;
use crate::base::id::ProducerId;
use crate::desk::counter::{Beside, KindOfThing, Making, Receives, Step, no_sides};
use crate::desk::field::{STATE, Writing, field};
use crate::desk::input::{Alternative, Asks, Input, NOTE, REASON};
use crate::desk::kinds::sources::{self, COMMUNE, CREATED, MOST, PRODUCER, UNIT, YEAR, member};
use crate::desk::kinds::support_policies::SOURCES;
use crate::desk::words::said;
use crate::files::FileKind;
use crate::page::words::{day, number};
use crate::plan::Plan;
use crate::plan::store::PlanFilter;
use crate::product;
use crate::station::{Listed, Stretch, label};
use crate::support::claim::making::{ADD_PAPER, CHANGE, CREATE, ClaimPaperFields, HAND_IN, WITHDRAW};
use crate::support::claim::office::{ACCEPT, ADD_MINUTES, APPRAISE, DECIDE, PAY, REFUSE, RETURN, SEND, TAKE_BACK};
use crate::support::claim::rules::State;
use crate::support::policy::store::SupportPolicyFilter;
use crate::support::{SupportClaim, SupportPolicy};

/// Policies that a filter lets through, for who may list any.
fn found(work: &mut Work, filter: &SupportPolicyFilter) -> Result<Vec<Alternative>> {
    if SupportPolicy::must_list(work.asker()).is_err() {
        return Ok(Vec::new());
    }
    let told =
        |policy: SupportPolicy| Alternative::new(policy.id.to_string(), format!("{} ({})", policy.name, policy.act));
    Ok(SupportPolicy::list(work, filter, &Stretch::first(MOST))?.into_iter().map(told).collect())
}

/// Policies in force.
fn policies(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    found(work, &SupportPolicyFilter { in_force: Some(true), ..SupportPolicyFilter::default() })
}

/// All policies, to find claims by.
fn all_policies(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    found(work, &SupportPolicyFilter::default())
}

/// The approved plans of the producer.
fn plans(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let producer_id: Option<ProducerId> = member(view, "producer_id");
    let state = Some(crate::plan::rules::State::Approved);
    let filter = PlanFilter { state, producer_id, ..PlanFilter::default() };
    let found = Plan::list(work, &filter, &Stretch::first(MOST))?;
    let products: Vec<_> = found.iter().filter_map(|plan| plan.row.product_id).collect();
    let names = product::store::names(work.connection, &products)?;
    let told = |plan: Plan| {
        let name = plan.row.product_id.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
        Alternative::new(plan.row.id.to_string(), format!("{name} ({})", plan.cycle.year))
    };
    Ok(found.into_iter().map(told).collect())
}

/// A form that tells something new is not filled in with what there is.
const NOWHERE: &str = "/nothing";

const POLICY: Input =
    Input::new("policy_id", label("Theo chính sách", "By the policy"), Asks::From(policies)).required();
const OF_YEAR: Input = Input::new("year", label("Năm", "Year"), Asks::Whole).required();
const PRODUCT: Input =
    Input::new("product_id", label("Cho sản phẩm", "For the product"), Asks::From(sources::products));
const PLAN: Input =
    Input::new("plan_id", label("Theo phương án", "Under the plan"), Asks::From(plans)).shown_at("/plan/plan_id");
const COSTS: Input = Input::new("costs", label("Chi phí theo hóa đơn", "Costs by invoices"), Asks::Money).required();
const TEXT: Input = Input::new("text", label("Đã làm gì", "What was done"), Asks::Lines).required();
const FILE: Input = Input::new("file", label("Tệp (PDF, ảnh)", "File (PDF, picture)"), Asks::File("")).required();
const CAPTION: Input = Input::new("caption", label("Tên giấy tờ", "What it is"), Asks::Line);
const AMOUNT: Input = Input::new("amount", label("Số tiền", "Amount"), Asks::Money)
    .required()
    .shown_at(NOWHERE)
    .hint(label("Bằng đồng, không quá số của bước trước.", "In VND, no more than the step before gave."));
const NUMBER: Input =
    Input::new("number", label("Số quyết định", "Decision's number"), Asks::Line).required().shown_at(NOWHERE);
const SIGNED: Input = Input::new("signed_on", label("Ngày ký", "Signed on"), Asks::Day).required().shown_at(NOWHERE);

/// Payments, what was taken back, the plan's money, and the papers.
fn beside(work: &mut Work, claim: &SupportClaim, view: &Value) -> Result<Vec<Beside>> {
    let language = work.language;
    let row = &claim.row;
    let sum = |amount: crate::base::Vnd| number(language, amount.get());
    let heads = |heads: &[crate::station::Label]| heads.iter().map(|head| said(language, *head).to_owned()).collect();
    let mut beside = Vec::new();
    if !row.payments.0.is_empty() {
        let paid = row.payments.0.iter();
        let rows = paid.map(|part| vec![day(language, part.paid_on), part.voucher.clone(), sum(part.amount)]);
        let heads = heads(&[label("Ngày chi", "Paid on"), label("Chứng từ", "Voucher"), label("Số tiền", "Amount")]);
        beside.push(Beside { table: Some((heads, rows.collect())), ..Beside::new(label("Đã chi", "Payments")) });
    }
    if !row.returns.0.is_empty() {
        let taken = row.returns.0.iter();
        let rows = taken.map(|part| {
            vec![day(language, part.signed_on), part.number.clone(), sum(part.amount), part.reason.clone()]
        });
        let heads = heads(&[
            label("Ngày ký", "Signed on"),
            label("Quyết định", "Decision"),
            label("Số tiền", "Amount"),
            label("Lý do", "Why"),
        ]);
        beside.push(Beside {
            table: Some((heads, rows.collect())), ..Beside::new(label("Đã thu hồi", "Taken back"))
        });
    }
    if let Some(id) = row.plan_id {
        let mut plan = Beside::new(label("Phương án", "Plan"));
        let planned = |name: &str| view.pointer(&format!("/plan/{name}")).and_then(Value::as_i64).unwrap_or(0);
        let text = match language {
            crate::http::Language::Vietnamese => "Nhà nước hỗ trợ theo phương án / tổng các hồ sơ",
            crate::http::Language::English => "Support by the plan / all claims under it",
        };
        let (planned, claimed) = (number(language, planned("planned")), number(language, planned("claimed")));
        plan.links.push((format!("/desk/plans/{id}"), format!("{text}: {planned} / {claimed}")));
        beside.push(plan);
    }
    let mut papers = Beside::new(label("Giấy tờ", "Papers"));
    for (file, stored) in &claim.files {
        let told = file.caption.clone().unwrap_or_else(|| stored.name.clone());
        papers.links.push((format!("/desk/support-claim-files/{}", file.id), told));
    }
    if !papers.links.is_empty() {
        beside.push(papers);
    }
    Ok(beside)
}

/// A claim begins with this year.
fn begin(work: &mut Work, view: &mut Value) -> Result<()> {
    let year = work.now.day().year();
    if let Some(members) = view.as_object_mut() {
        members.insert("year".to_owned(), year.into());
    }
    Ok(())
}

pub static KIND: KindOfThing<SupportClaim> = KindOfThing {
    title: label("Hồ sơ đề nghị hỗ trợ", "Support claims"),
    about: label(
        "Chủ thể đề nghị hỗ trợ kinh phí: nghiệm thu, thẩm định, quyết định, chi, thu hồi.",
        "Producers claim support money: accepted, appraised, decided, paid, taken back.",
    ),
    name: "/policy_name",
    fields: &[
        STATE,
        PRODUCER,
        COMMUNE,
        field("/policy_name", label("Chính sách", "Policy"), Writing::Link("support-policies", "/policy_id")),
        field("/source", label("Nguồn kinh phí", "Budget"), Writing::Wording(SOURCES)),
        field("/rate_percent", label("Tỷ lệ hỗ trợ (%)", "Share of the costs (%)"), Writing::Whole),
        field("/cap", label("Tối đa mỗi hồ sơ", "Most for a claim"), Writing::Money),
        YEAR,
        field("/product_name", label("Sản phẩm", "Product"), Writing::Link("products", "/product_id")),
        field("/text", label("Đã làm gì", "What was done"), Writing::Long),
        field("/costs", label("Chi phí theo hóa đơn", "Costs by invoices"), Writing::Money),
        field("/claimed", label("Đề nghị hỗ trợ", "Claimed"), Writing::Money),
        field("/handed_in_on", label("Ngày nộp", "Handed in on"), Writing::Day),
        field("/accepted", label("Nghiệm thu", "Accepted"), Writing::Money),
        field("/accepted_on", label("Ngày nghiệm thu", "Accepted on"), Writing::Day),
        field("/minutes_number", label("Số biên bản nghiệm thu", "Acceptance minutes"), Writing::Text),
        field("/send_by", label("Gửi lên tỉnh trước hết ngày", "To be sent by"), Writing::Day),
        field("/sent_on", label("Ngày gửi lên tỉnh", "Sent on"), Writing::Day),
        field("/late", label("Gửi muộn", "Late"), Writing::YesNo),
        field("/appraised", label("Thẩm định", "Appraised"), Writing::Money),
        field("/appraised_on", label("Ngày thẩm định", "Appraised on"), Writing::Day),
        field("/appraisal", label("Ý kiến thẩm định", "Appraisal"), Writing::Long),
        field("/decided", label("Quyết định hỗ trợ", "Decided"), Writing::Money),
        field("/decision_number", label("Số quyết định", "Decision"), Writing::Text),
        field("/decision_signed_on", label("Ngày ký quyết định", "Signed on"), Writing::Day),
        field("/paid", label("Đã chi", "Paid"), Writing::Money),
        field("/left", label("Còn phải chi", "To be paid"), Writing::Money),
        field("/taken_back", label("Đã thu hồi", "Taken back"), Writing::Money),
        field("/plan/over", label("Vượt hỗ trợ theo phương án", "Over the plan's support"), Writing::YesNo),
        CREATED,
    ],
    columns: &[
        STATE,
        PRODUCER,
        YEAR,
        field("/claimed", label("Đề nghị hỗ trợ", "Claimed"), Writing::Money),
        field("/decided", label("Quyết định", "Decided"), Writing::Money),
        field("/paid", label("Đã chi", "Paid"), Writing::Money),
        field("/late", label("Gửi muộn", "Late"), Writing::YesNo),
    ],
    filters: &[
        Input::new("state", label("Trạng thái", "State"), Asks::From(sources::states_of::<State>)),
        Input::new("year", label("Năm", "Year"), Asks::Whole),
        Input::new("policy_id", label("Chính sách", "Policy"), Asks::From(all_policies)),
        UNIT,
    ],
    making: Some(Making {
        step: &CREATE,
        first: &[],
        inputs: &[POLICY, OF_YEAR, PRODUCT, PLAN, COSTS, TEXT],
        beside: no_sides,
        begin,
    }),
    steps: &[
        Step { step: &CHANGE, inputs: &[POLICY, OF_YEAR, PRODUCT.clearing(), PLAN.clearing(), COSTS, TEXT] },
        Step {
            step: &Receives { step: &ADD_PAPER, kinds: FileKind::PAPERS, check: ClaimPaperFields::check },
            inputs: &[CAPTION, FILE],
        },
        Step { step: &HAND_IN, inputs: &[NOTE] },
        Step {
            step: &Receives { step: &ADD_MINUTES, kinds: FileKind::PAPERS, check: ClaimPaperFields::check },
            inputs: &[CAPTION, FILE],
        },
        Step {
            step: &ACCEPT,
            inputs: &[
                AMOUNT,
                Input::new("accepted_on", label("Ngày nghiệm thu", "Accepted on"), Asks::Day).required(),
                Input::new("minutes_number", label("Số biên bản nghiệm thu", "Number of the minutes"), Asks::Line)
                    .required(),
            ],
        },
        Step { step: &SEND, inputs: &[NOTE] },
        Step {
            step: &APPRAISE,
            inputs: &[
                AMOUNT,
                Input::new("text", label("Ý kiến thẩm định", "Appraisal"), Asks::Lines).required().shown_at(NOWHERE),
            ],
        },
        Step { step: &DECIDE, inputs: &[NUMBER, SIGNED, AMOUNT] },
        Step {
            step: &PAY,
            inputs: &[
                Input::new("paid_on", label("Ngày chi", "Paid on"), Asks::Day).required(),
                AMOUNT,
                Input::new("voucher", label("Số chứng từ chi", "Voucher"), Asks::Line).required(),
            ],
        },
        Step {
            step: &TAKE_BACK,
            inputs: &[
                NUMBER,
                SIGNED,
                AMOUNT,
                Input::new("reason", label("Lý do thu hồi", "Why"), Asks::Lines).required(),
            ],
        },
        Step { step: &RETURN, inputs: &[REASON] },
        Step { step: &REFUSE, inputs: &[REASON] },
        Step { step: &WITHDRAW, inputs: &[NOTE] },
    ],
    beside,
};
