//! Requests about one's own data on the desk: everybody's own, and for administrators all, with those that came by letter.

use serde_json::Value;

use crate::account::{Role, Work};
use crate::base::{BothLanguages, Moment, Result};
use crate::desk::counter::{Beside, KindOfThing, Making, Step, no_sides};
use crate::desk::field::{STATE, Writing, field};
use crate::desk::input::{Alternative, Asks, Input, NOTE};
use crate::desk::kinds::sources;
use crate::desk::words::{Wording, said};
use crate::http::Language;
use crate::personal_data::PersonalDataRequest;
use crate::personal_data::rules::{RequestState, export_until};
use crate::personal_data::steps::{ANSWER, CREATE, REFUSE, WITHDRAW};
use crate::personal_data::store::ErasureOutcome;
use crate::station::label;

const KINDS: &[Wording] = &[
    ("export", label("Xin bản sao dữ liệu của tôi", "A copy of my data")),
    ("erase", label("Xóa dữ liệu của tôi", "Erase my data")),
    ("correct", label("Sửa dữ liệu sai", "Correct what is wrong")),
];

const RECOGNISED: &[Wording] = &[
    ("identity_number", label("Số định danh", "Identity number")),
    ("phone", label("Điện thoại", "Phone")),
    ("email", label("Thư điện tử", "E-mail")),
];

fn kinds(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    Ok(sources::states(work, KINDS))
}

/// The copy, while it can be fetched; what an erasure did away with and what it left.
fn beside(work: &mut Work, request: &PersonalDataRequest, _: &Value) -> Result<Vec<Beside>> {
    let language = work.language;
    let mut found = Vec::new();
    let row = &request.row;
    let until: Option<Moment> = export_until(row.kind, row.state, row.closed_at);
    if until.is_some_and(|until| work.now < until) {
        let mut copy = Beside::new(label("Bản sao dữ liệu", "The copy"));
        let says = label(
            "Tải bản sao (tệp JSON); mỗi lần tải được ghi lại",
            "Fetch the copy (JSON); each time is written down",
        );
        copy.links
            .push((format!("/desk/personal-data-requests/{}/export.json", row.id), said(language, says).to_owned()));
        found.push(copy);
    }
    if let Some(outcome) = &row.outcome {
        found.extend(told(language, &outcome.0));
    }
    Ok(found)
}

fn in_language(language: Language, both: &BothLanguages) -> String {
    match language {
        Language::Vietnamese => both.vi(),
        Language::English => both.en(),
    }
    .to_owned()
}

fn told(language: Language, outcome: &ErasureOutcome) -> [Beside; 2] {
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let mut erased = Beside::new(label("Đã xóa", "Erased"));
    let rows = outcome.erased.iter().map(|part| vec![in_language(language, &part.what), part.places.to_string()]);
    erased.table = Some((vec![say("Dữ liệu", "Data"), say("Số chỗ", "Places")], rows.collect()));
    let mut kept = Beside::new(label("Còn giữ và lý do", "Kept, and why"));
    let rows = outcome
        .kept
        .iter()
        .map(|part| [&part.what, &part.why, &part.term].map(|told| in_language(language, told)).to_vec());
    kept.table =
        Some((vec![say("Dữ liệu", "Data"), say("Để làm gì", "What for"), say("Đến khi nào", "Until")], rows.collect()));
    [erased, kept]
}

const ADMINISTRATORS: &[Role] = &[Role::Administrator];

pub static KIND: KindOfThing<PersonalDataRequest> = KindOfThing {
    title: label("Yêu cầu về dữ liệu cá nhân", "Requests about personal data"),
    about: label(
        "Ai cũng có quyền xin bản sao, xin xóa hoặc sửa dữ liệu của mình; được trả lời trong hai ngày làm việc.",
        "Everybody may ask for a copy, an erasure or a correction of their data, and is answered within two working days.",
    ),
    name: "/kind",
    fields: &[
        STATE,
        field("/number", label("Số", "Number"), Writing::Whole),
        field("/kind", label("Yêu cầu", "Request"), Writing::Wording(KINDS)),
        field("/name", label("Người yêu cầu", "Who asks"), Writing::Text),
        field("/contact", label("Cách liên hệ", "How to reach them"), Writing::Text),
        field("/recognised_by", label("Nhận ra bằng", "Recognised by"), Writing::Wording(RECOGNISED)),
        field("/recognised_value", label("Giá trị", "Value"), Writing::Text),
        field("/identity_check", label("Đã kiểm tra người yêu cầu", "How it was made sure who asks"), Writing::Text),
        field("/reference", label("Số văn bản", "Number of the paper"), Writing::Text),
        field("/text", label("Nội dung", "What is asked"), Writing::Long),
        field("/received_at", label("Nhận lúc", "Received"), Writing::Moment),
        field("/due_on", label("Hạn trả lời", "To be answered by"), Writing::Day),
        field("/overdue", label("Quá hạn", "Late"), Writing::YesNo),
        field("/closed_at", label("Trả lời lúc", "Answered"), Writing::Moment),
        field("/answer", label("Trả lời", "Answer"), Writing::Long),
        field("/export_until", label("Tải bản sao đến", "The copy is there until"), Writing::Moment),
    ],
    columns: &[
        STATE,
        field("/number", label("Số", "Number"), Writing::Whole),
        field("/name", label("Người yêu cầu", "Who asks"), Writing::Text),
        field("/due_on", label("Hạn trả lời", "To be answered by"), Writing::Day),
        field("/overdue", label("Quá hạn", "Late"), Writing::YesNo),
    ],
    filters: &[
        Input::new("state", label("Trạng thái", "State"), Asks::From(sources::states_of::<RequestState>)),
        Input::new("kind", label("Yêu cầu", "Request"), Asks::From(kinds)),
    ],
    making: Some(Making {
        step: &CREATE,
        first: &[],
        inputs: &[
            Input::new("kind", label("Yêu cầu", "Request"), Asks::OneOf(KINDS)).required(),
            Input::new("text", label("Nội dung", "What is asked"), Asks::Lines).hint(label(
                "Khi xin sửa: dữ liệu nào sai, đúng là gì.",
                "For a correction: which data are wrong, and what is right.",
            )),
            Input::new("reference", label("Số văn bản, nếu có", "Number of the paper, if any"), Asks::Line),
            Input::new("person.name", label("Họ và tên người yêu cầu", "Name of who asks"), Asks::Line)
                .only(ADMINISTRATORS)
                .hint(label(
                    "Chỉ khi nhập thay người gửi văn bản hoặc đến trực tiếp; để trống cả phần này nếu bạn hỏi cho mình.",
                    "Only for who asked by letter or in person; leave all of this empty where you ask for yourself.",
                )),
            Input::new("person.contact", label("Gửi trả lời về đâu", "Where the answer goes"), Asks::Line)
                .only(ADMINISTRATORS),
            Input::new("person.identity_number", label("Nhận ra bằng số định danh", "By identity number"), Asks::Line)
                .only(ADMINISTRATORS)
                .also_at("/person"),
            Input::new("person.phone", label("Hoặc bằng điện thoại", "Or by phone"), Asks::Phone).only(ADMINISTRATORS),
            Input::new("person.email", label("Hoặc bằng thư điện tử", "Or by e-mail"), Asks::Line).only(ADMINISTRATORS),
            Input::new("person.account_id", label("Hoặc mã của tài khoản", "Or the account's id"), Asks::Line)
                .only(ADMINISTRATORS),
            Input::new(
                "person.identity_check",
                label("Đã kiểm tra người yêu cầu bằng cách nào", "How it was made sure who asks"),
                Asks::Line,
            )
            .only(ADMINISTRATORS),
        ],
        beside: no_sides,
        begin: |_, _| Ok(()),
    }),
    steps: &[
        Step {
            step: &ANSWER,
            inputs: &[Input::new("answer", label("Trả lời", "Answer"), Asks::Lines).hint(label(
                "Khi sửa dữ liệu: ghi đã sửa gì. Khi xóa: hệ thống xóa ngay và tự ghi phần còn giữ.",
                "For a correction: what was changed. An erasure is carried out at once, and tells itself what is kept.",
            ))],
        },
        Step {
            step: &REFUSE,
            inputs: &[Input::new("note", label("Lý do theo luật", "The reason by the law"), Asks::Lines).required()],
        },
        Step { step: &WITHDRAW, inputs: &[NOTE] },
    ],
    beside,
};
