//! Inspections on the desk: planned, visited, corrected and concluded through forms that need no script.

use serde_json::Value;

use crate::account::store::AccountSelection;
use crate::account::{self, Role, Work};
use crate::base::Result;
use crate::base::id::ProductId;
use crate::desk::counter::{KindOfThing, Making, Receives, Step, no_sides};
use crate::desk::field::{STATE, Writing, field};
use crate::desk::input::{Alternative, Asks, Input, NOTE, REASON};
use crate::desk::kinds::inspection_sides::{ANSWERS, KINDS, RESULTS, SIDES, beside};
use crate::desk::kinds::result_words::GROUNDS;
use crate::desk::kinds::sources::{self, COMMUNE, CREATED, MOST, PRODUCER, UNIT, member};
use crate::desk::words::{ROLES, Wording, word};
use crate::files::FileKind;
use crate::http::Language;
use crate::inspection::outcome::{ADD_REPLY_PAPER, CONCLUDE, FOLLOW_UP, ORDER_CORRECTION, REPLY, ReplyPaperFields};
use crate::inspection::planning::{CANCEL, CHANGE, CREATE};
use crate::inspection::rules::State;
use crate::inspection::visit::{ADD_FILE, FILL, InspectionFileFields, RECORD_RESULT, SIGN, TAKE_SAMPLE, VISIT};
use crate::inspection::yearly_plan::store::InspectionPlanFilter;
use crate::inspection::{Inspection, InspectionPlan, checklist, yearly_plan};
use crate::lot::Lot;
use crate::lot::store::LotFilter;
use crate::page::words::moment;
use crate::station::{Listed, Stretch, label};

const PURPOSES: &[Wording] = &[
    ("photograph", label("Ảnh", "Photograph")),
    ("test_paper", label("Phiếu kiểm nghiệm", "A laboratory's paper")),
    ("signed_minutes", label("Biên bản ký trên giấy", "Minutes signed on paper")),
];

/// Plans that periodic inspections may name.
fn plans(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let filter =
        InspectionPlanFilter { state: Some(yearly_plan::rules::State::Adopted), ..InspectionPlanFilter::default() };
    if InspectionPlan::must_list(work.asker()).is_err() {
        return Ok(Vec::new());
    }
    let found = InspectionPlan::list(work, &filter, &Stretch::first(MOST))?;
    let told = |plan: InspectionPlan| {
        let number = plan.number.unwrap_or_default();
        Alternative::new(plan.id.to_string(), format!("{number} ({})", plan.year))
    };
    Ok(found.into_iter().map(told).collect())
}

/// Who may be of a team with an account: inspectors, and the provincial office.
fn people(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let mut people = Vec::new();
    for role in [Role::Inspector, Role::ProvincialOfficer] {
        let selection = AccountSelection { role: Some(role), ended: Some(false), ..Default::default() };
        for account in account::store::list(work.connection, &selection, None, MOST)? {
            let told = format!("{} ({})", account.name, word(ROLES, role.as_ref(), work.language));
            people.push(Alternative::new(account.id.to_string(), told));
        }
    }
    Ok(people)
}

/// The items of the checklist, under their headings.
fn items(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let told = |item: &checklist::Item| {
        let name = match work.language {
            Language::Vietnamese => &item.vi,
            Language::English => &item.en,
        };
        Alternative::new(item.code.clone(), name.clone())
    };
    Ok(checklist::items()?.iter().map(told).collect())
}

fn answers(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    Ok(sources::states(work, ANSWERS))
}

fn sides(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    Ok(sources::states(work, SIDES))
}

fn kinds(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    Ok(sources::states(work, KINDS))
}

fn results(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    Ok(sources::states(work, RESULTS))
}

/// The newest lots of the product.
fn lots(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let product_id: Option<ProductId> = member(view, "product_id");
    let filter = LotFilter { product_id, ..LotFilter::default() };
    let found = Lot::list(work, &filter, &Stretch::first(MOST))?;
    Ok(found.into_iter().map(|lot| Alternative::new(lot.id.to_string(), lot.code)).collect())
}

/// The tests of all samples.
fn tests(_: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let list = |value: Option<&Value>, member: &str| {
        value.and_then(|value| value.get(member)?.as_array().cloned()).unwrap_or_default()
    };
    let mut tests = Vec::new();
    for sample in list(view, "samples") {
        let seal = sample.get("seal_number").and_then(Value::as_str).unwrap_or_default();
        for test in list(Some(&sample), "tests") {
            let text = |member: &str| test.get(member).and_then(Value::as_str).unwrap_or_default();
            tests.push(Alternative::new(text("id"), format!("{} ({seal})", text("what"))));
        }
    }
    Ok(tests)
}

fn now(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let now = moment(Language::Vietnamese, work.now);
    Ok(vec![Alternative::new(now.clone(), now)])
}

const MEMBER: &[Input] = &[
    Input::new("account_id", label("Tài khoản", "Account"), Asks::From(people)),
    Input::new("name", label("Hoặc họ và tên", "Or name"), Asks::Line),
    Input::new("organisation", label("Đơn vị", "Organisation"), Asks::Line).or_empty(),
    Input::new("leads", label("Trưởng đoàn", "Leads"), Asks::Check),
];

const BY_PLAN: Input = Input::new(
    "inspection_plan_id",
    label("Theo kế hoạch (kiểm tra định kỳ)", "By plan (periodic)"),
    Asks::From(plans),
);
const WHY: Input = Input::new("reason", label("Lý do (kiểm tra đột xuất)", "Why (sudden)"), Asks::Lines);
const DECISION: Input =
    Input::new("decision_number", label("Số quyết định thành lập đoàn", "Decision that sets the team up"), Asks::Line)
        .required();
const SIGNED: Input =
    Input::new("decision_signed_on", label("Ngày ký quyết định", "Decision signed on"), Asks::Day).required();
const BEGINS: Input = Input::new("begins_on", label("Kiểm tra từ ngày", "From"), Asks::Day).required();
const ENDS: Input = Input::new("ends_on", label("Đến hết ngày", "Until the end of"), Asks::Day).required();
const MEMBERS: Input =
    Input::new("members", label("Thành viên đoàn kiểm tra", "Team"), Asks::Rows(MEMBER, 3)).required();

const ANSWER: &[Input] = &[
    Input::new("item", label("Nội dung", "Item"), Asks::From(items)).incidental(),
    Input::new("answer", label("Kết quả", "Found"), Asks::From(answers)),
    Input::new("note", label("Ghi chú", "Note"), Asks::Line),
];

const TEST: &[Input] = &[
    Input::new("what", label("Chỉ tiêu", "What is tested"), Asks::Line).required(),
    Input::new("limit", label("Giới hạn", "Limit"), Asks::Line).required(),
    Input::new("unit", label("Đơn vị", "Unit"), Asks::Line).required(),
];

const SIGNATURE: &[Input] = &[
    Input::new("name", label("Họ và tên", "Name"), Asks::Line).required(),
    Input::new("side", label("Ký cho bên", "Signs for"), Asks::From(sides)).required(),
    Input::new("strokes", label("Chữ ký vẽ", "Drawn signature"), Asks::Kept).incidental(),
];

const TEXT: Input = Input::new("text", label("Nội dung", "What"), Asks::Lines).required().shown_at(NOWHERE);

/// A form that tells something new is not filled in with what there is.
const NOWHERE: &str = "/nothing";

const FILE: Input = Input::new("file", label("Tệp (PDF, ảnh)", "File (PDF, picture)"), Asks::File("")).required();
const CAPTION: Input = Input::new("caption", label("Cho thấy gì", "What it shows"), Asks::Line);

pub static KIND: KindOfThing<Inspection> = KindOfThing {
    title: label("Kiểm tra", "Inspections"),
    about: label(
        "Kiểm tra sản phẩm sau công nhận: định kỳ theo kế hoạch năm, hoặc đột xuất.",
        "Whether products keep what they were recognised for: by the plan of the year, or without notice.",
    ),
    name: "/product_name",
    fields: &[
        STATE,
        field("/product_name", label("Sản phẩm", "Product"), Writing::Link("products", "/product_id")),
        PRODUCER,
        COMMUNE,
        field("/kind", label("Hình thức", "Kind"), Writing::Wording(KINDS)),
        field(
            "/inspection_plan_number",
            label("Kế hoạch", "Plan"),
            Writing::Link("inspection-plans", "/inspection_plan_id"),
        ),
        field("/reason", label("Lý do", "Why"), Writing::Long),
        field("/decision_number", label("Quyết định", "Decision"), Writing::Text),
        field("/decision_signed_on", label("Ngày ký quyết định", "Signed on"), Writing::Day),
        field("/begins_on", label("Từ ngày", "From"), Writing::Day),
        field("/ends_on", label("Đến ngày", "Until"), Writing::Day),
        field("/visited_at", label("Bắt đầu kiểm tra lúc", "Visit begun"), Writing::Moment),
        field("/broken", label("Số nội dung vi phạm", "Items broken"), Writing::Whole),
        field("/due_on", label("Hạn khắc phục", "To be corrected by"), Writing::Day),
        field("/overdue", label("Quá hạn khắc phục", "Overdue"), Writing::YesNo),
        field("/result", label("Kết quả", "Result"), Writing::Wording(RESULTS)),
        field("/conclusion", label("Kết luận", "Conclusion"), Writing::Long),
        field("/concluded_on", label("Ngày kết luận", "Concluded on"), Writing::Day),
        field("/concluded_by_name", label("Người kết luận", "Concluded by"), Writing::Text),
        field(
            "/proposal/ground",
            label("Đề nghị thu hồi vì", "Proposed to be taken back for"),
            Writing::Wording(GROUNDS),
        ),
        field("/proposal/due_on", label("Hạn thu hồi", "Taken back by"), Writing::Day),
        field("/account_name", label("Người lập", "Planned by"), Writing::Text),
        CREATED,
    ],
    columns: &[
        STATE,
        field("/producer_name", label("Chủ thể", "Producer"), Writing::Text),
        field("/kind", label("Hình thức", "Kind"), Writing::Wording(KINDS)),
        field("/begins_on", label("Từ ngày", "From"), Writing::Day),
        field("/broken", label("Vi phạm", "Broken"), Writing::Whole),
        field("/due_on", label("Hạn khắc phục", "To be corrected by"), Writing::Day),
        field("/overdue", label("Quá hạn", "Overdue"), Writing::YesNo),
        field("/result", label("Kết quả", "Result"), Writing::Wording(RESULTS)),
    ],
    filters: &[
        Input::new("state", label("Trạng thái", "State"), Asks::From(sources::states_of::<State>)),
        Input::new("kind", label("Hình thức", "Kind"), Asks::From(kinds)),
        Input::new("result", label("Kết quả", "Result"), Asks::From(results)),
        Input::new("overdue", label("Quá hạn khắc phục", "Overdue"), Asks::From(sources::yes_or_no)),
        Input::new("inspection_plan_id", label("Kế hoạch", "Plan"), Asks::From(plans)),
        UNIT,
    ],
    making: Some(Making {
        step: &CREATE,
        first: &[],
        inputs: &[
            Input::new("product_id", label("Sản phẩm", "Product"), Asks::From(sources::products)).required(),
            Input::new("kind", label("Hình thức", "Kind"), Asks::OneOf(KINDS)).required(),
            BY_PLAN,
            WHY,
            DECISION,
            SIGNED,
            BEGINS,
            ENDS,
            MEMBERS,
        ],
        beside: no_sides,
        begin: |_, _| Ok(()),
    }),
    steps: &[
        Step { step: &CHANGE, inputs: &[BY_PLAN.clearing(), WHY.clearing(), DECISION, SIGNED, BEGINS, ENDS, MEMBERS] },
        Step { step: &VISIT, inputs: &[NOTE] },
        Step {
            step: &FILL,
            inputs: &[Input::new("answers", label("Nội dung kiểm tra", "Checklist"), Asks::Rows(ANSWER, 0))
                .or_empty()
                .shown_at("/checklist")],
        },
        Step {
            step: &TAKE_SAMPLE,
            inputs: &[
                Input::new("lot_id", label("Của lô", "Of the lot"), Asks::From(lots)),
                Input::new("seal_number", label("Số niêm phong", "Seal"), Asks::Line).required(),
                Input::new("taken_on", label("Ngày lấy mẫu", "Taken on"), Asks::Day).required(),
                Input::new("laboratory", label("Cơ sở kiểm nghiệm", "Laboratory"), Asks::Line).required(),
                Input::new("tests", label("Chỉ tiêu kiểm nghiệm", "Tests"), Asks::Rows(TEST, 1)).or_empty(),
            ],
        },
        Step {
            step: &RECORD_RESULT,
            inputs: &[
                Input::new("test", label("Chỉ tiêu", "Test"), Asks::From(tests)).required(),
                Input::new("value", label("Kết quả", "Result"), Asks::Line).required(),
                Input::new("within", label("Trong giới hạn", "Within the limit"), Asks::YesNo).required(),
            ],
        },
        Step {
            step: &Receives { step: &ADD_FILE, kinds: FileKind::PAPERS, check: InspectionFileFields::check },
            inputs: &[
                Input::new("purpose", label("Loại", "What it is"), Asks::OneOf(PURPOSES)).required(),
                CAPTION,
                FILE,
            ],
        },
        Step {
            step: &SIGN,
            inputs: &[
                Input::new("signed_at", label("Ký lúc", "Signed at"), Asks::Moment).required().preset(now),
                Input::new("place", label("Nơi lập biên bản", "Place"), Asks::Line).required(),
                Input::new("representative", label("Đại diện chủ thể", "Who stands for the producer"), Asks::Line)
                    .required(),
                Input::new("explanation", label("Giải trình của chủ thể", "What the producer says"), Asks::Lines),
                Input::new("signatures", label("Người ký", "Who signs"), Asks::Rows(SIGNATURE, 2)).or_empty().hint(
                    label(
                        "Vẽ chữ ký bằng bút hoặc ngón tay; nơi không vẽ được thì họ tên thay chữ ký.",
                        "Draw with a pen or a finger; where that cannot be the name stands for the signature.",
                    ),
                ),
                Input::new("refusal", label("Lý do chủ thể không ký", "Why the producer does not sign"), Asks::Lines),
            ],
        },
        Step {
            step: &ORDER_CORRECTION,
            inputs: &[
                TEXT,
                Input::new("due_on", label("Khắc phục đến hết ngày", "To be corrected by"), Asks::Day)
                    .required()
                    .shown_at(NOWHERE),
            ],
        },
        Step {
            step: &Receives { step: &ADD_REPLY_PAPER, kinds: FileKind::PAPERS, check: ReplyPaperFields::check },
            inputs: &[CAPTION, FILE],
        },
        Step { step: &REPLY, inputs: &[TEXT] },
        Step {
            step: &FOLLOW_UP,
            inputs: &[
                TEXT,
                Input::new("corrected", label("Đã khắc phục", "Corrected"), Asks::YesNo).required().shown_at(NOWHERE),
            ],
        },
        Step {
            step: &CONCLUDE,
            inputs: &[
                Input::new("result", label("Kết quả", "Result"), Asks::OneOf(RESULTS)).required(),
                TEXT,
                Input::new(
                    "ground",
                    label("Đề nghị thu hồi giấy chứng nhận vì", "Propose to take the certificate back for"),
                    Asks::OneOf(GROUNDS),
                ),
            ],
        },
        Step { step: &CANCEL, inputs: &[REASON] },
    ],
    beside,
};
