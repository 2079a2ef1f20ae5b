//! Appeals on the desk: lodged on the page of the product on a council's agenda, answered here.

use serde_json::Value;

use crate::account::Work;
use crate::base::Result;
use crate::desk::counter::{Beside, KindOfThing, Step};
use crate::desk::field::{STATE, Writing, field};
use crate::desk::input::{Asks, Input, REASON};
use crate::desk::kinds::sources::{self, ON_AGENDA, PRODUCER, UNIT};
use crate::desk::words::said;
use crate::rating::Appeal;
use crate::rating::appeal::State;
use crate::rating::appeal::steps::{DISMISS, UPHOLD};
use crate::station::label;

/// The result that it is against.
fn beside(work: &mut Work, appeal: &Appeal, _: &Value) -> Result<Vec<Beside>> {
    let mut result = Beside::new(label("Kết quả bị khiếu nại", "The result that it is against"));
    let text = said(work.language, label("Kết quả và góp ý theo tiêu chí", "Result, and what each criterion came to"));
    result.links = vec![(format!("/desk/agenda-items/{}", appeal.row.agenda_item_id), text.to_owned())];
    Ok(vec![result])
}

pub static KIND: KindOfThing<Appeal> = KindOfThing {
    title: label("Khiếu nại", "Appeals"),
    about: label(
        "Chủ thể khiếu nại tại trang của sản phẩm trong chương trình hội đồng, sau khi hội đồng kết luận.",
        "Producers appeal on the product's page in a council's agenda, once the council has concluded.",
    ),
    name: "/product_name",
    fields: &[
        STATE,
        ON_AGENDA,
        PRODUCER,
        field("/unit_name", label("Đơn vị trả lời", "Unit that answers"), Writing::Text),
        field("/grounds", label("Lý do khiếu nại", "Grounds"), Writing::Long),
        field("/filed_at", label("Gửi lúc", "Filed"), Writing::Moment),
        field("/answer", label("Trả lời", "Answer"), Writing::Long),
        field("/answered_by_name", label("Người trả lời", "Answered by"), Writing::Text),
        field("/answered_at", label("Trả lời lúc", "Answered"), Writing::Moment),
    ],
    columns: &[
        STATE,
        field("/producer_name", label("Chủ thể", "Producer"), Writing::Text),
        field("/unit_name", label("Đơn vị trả lời", "Unit that answers"), Writing::Text),
        field("/filed_at", label("Gửi lúc", "Filed"), Writing::Moment),
        field("/answered_at", label("Trả lời lúc", "Answered"), Writing::Moment),
    ],
    filters: &[Input::new("state", label("Trạng thái", "State"), Asks::From(sources::states_of::<State>)), UNIT],
    making: None,
    steps: &[Step { step: &UPHOLD, inputs: &[REASON] }, Step { step: &DISMISS, inputs: &[REASON] }],
    beside,
};
