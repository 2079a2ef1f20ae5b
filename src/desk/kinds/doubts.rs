//! Doubts that shoppers sent from a stamp's page, on the desk: with their photographs, looked into and answered.

use serde_json::Value;

use crate::account::Work;
use crate::base::Result;
use crate::desk::counter::{Beside, KindOfThing, Step};
use crate::desk::field::{Writing, field};
use crate::desk::input::{Alternative, Asks, Input, NOTE};
use crate::desk::kinds::sources::{self, PRODUCER, UNIT};
use crate::desk::kinds::suspects::place;
use crate::desk::words::{Wording, said};
use crate::stamp::doubts::Doubt;
use crate::stamp::doubts::steps::{CLOSE, SEE};
use crate::station::label;

const DOUBTS: &[Wording] = &[
    ("open", label("Chưa xem", "Not looked into")),
    ("seen", label("Đang xem", "Being looked into")),
    ("closed", label("Đã khép", "Closed")),
];

fn states(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    Ok(sources::states(work, DOUBTS))
}

/// The photograph, and the stamp that it is about.
fn beside(work: &mut Work, doubt: &Doubt, view: &Value) -> Result<Vec<Beside>> {
    let language = work.language;
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let mut found = Vec::new();
    if doubt.row.file_id.is_some() {
        let mut photograph = Beside::new(label("Ảnh kèm theo", "The photograph"));
        let shows = say("Ảnh người phản ánh gửi kèm", "The photograph that came with the doubt");
        photograph.pictures = vec![(format!("/desk/doubts/{}/photo", doubt.row.id), shows)];
        found.push(photograph);
    }
    let mut leads = Beside::new(label("Tem bị phản ánh", "The stamp"));
    let code = view.get("code").and_then(Value::as_str).unwrap_or_default();
    leads.links.push((
        format!("/check?code={code}"),
        say("Người mua thấy gì khi kiểm tra tem này", "What a shopper is told of this stamp"),
    ));
    leads.links.push((format!("/desk/stamp-orders/{}", doubt.row.order_id), say("Đơn tem", "The order of stamps")));
    if let Some(place) = place(view, language) {
        leads.links.push((String::new(), format!("{} {place}", say("Gửi từ khoảng", "Sent from about"))));
    }
    found.push(leads);
    Ok(found)
}

pub static KIND: KindOfThing<Doubt> = KindOfThing {
    title: label("Phản ánh của người mua", "Doubts"),
    about: label(
        "Người mua gửi phản ánh từ trang của tem khi thấy điều không đúng.",
        "Shoppers send a doubt from a stamp's page when something does not look right.",
    ),
    name: "/product_name",
    fields: &[
        field("/state", label("Trạng thái", "State"), Writing::Wording(DOUBTS)),
        field("/text", label("Nội dung phản ánh", "What was sent"), Writing::Long),
        field("/contact", label("Liên hệ", "Contact"), Writing::Text),
        field("/consent/version", label("Đã đồng ý với văn bản, bản", "Agreed to the text, version"), Writing::Whole),
        field("/at", label("Gửi lúc", "Sent"), Writing::Moment),
        field("/product_name", label("Sản phẩm", "Product"), Writing::Link("products", "/product_id")),
        PRODUCER,
        field("/code", label("Mã tem", "Code"), Writing::Text),
        field("/serial", label("Tem số", "Serial"), Writing::Whole),
        field("/note", label("Trả lời", "Answer"), Writing::Long),
    ],
    columns: &[
        field("/state", label("Trạng thái", "State"), Writing::Wording(DOUBTS)),
        field("/producer_name", label("Chủ thể", "Producer"), Writing::Text),
        field("/text", label("Nội dung", "What was sent"), Writing::Text),
        field("/at", label("Gửi lúc", "Sent"), Writing::Moment),
    ],
    filters: &[Input::new("state", label("Trạng thái", "State"), Asks::From(states)), UNIT],
    making: None,
    steps: &[
        Step { step: &SEE, inputs: &[NOTE] },
        Step {
            step: &CLOSE,
            inputs: &[Input::new("note", label("Trả lời, kết quả xem xét", "Answer: what was found"), Asks::Lines)
                .required()
                .hint(label(
                    "Người phản ánh đọc được bằng mã phản ánh.",
                    "Who sent it reads this by the code of the report.",
                ))],
        },
    ],
    beside,
};
