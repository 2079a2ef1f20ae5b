//! What stands on councils' agendas, on the desk: what the offices do with it before and after the session.

use serde_json::Value;

use crate::account::Work;
use crate::base::Result;
use crate::desk::counter::{Beside, KindOfThing, Step};
use crate::desk::field::{STATE, Writing, field};
use crate::desk::input::{Alternative, Asks, Input, NOTE, REASON};
use crate::desk::kinds::sources::{self, CRITERIA_SET, CYCLE, PRODUCER, UNIT};
use crate::desk::words::{STATES, Wording};
use crate::rating::agenda::Session;
use crate::rating::agenda::steps::{ADMIT, CHANGE, DEFER, SEND_UP};
use crate::station::label;

const ADMISSIONS: &[Wording] =
    &[("admitted", label("Đã tiếp nhận", "Admitted")), ("deferred", label("Chuyển sang đợt sau", "Deferred"))];

fn states(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let of_items = ["waiting", "scoring", "scored", "concluded", "deferred"];
    let known: Vec<Wording> = STATES.iter().filter(|(value, _)| of_items.contains(value)).copied().collect();
    Ok(sources::states(work, &known))
}

/// The dossier that is rated.
fn beside(_: &mut Work, session: &Session, view: &Value) -> Result<Vec<Beside>> {
    let mut dossier = Beside::new(label("Hồ sơ sản phẩm", "Dossier"));
    let name = view.get("product_name").and_then(Value::as_str).unwrap_or_default();
    dossier.links.push((format!("/desk/dossiers/{}", session.item.dossier_id), name.to_owned()));
    Ok(vec![dossier])
}

pub static KIND: KindOfThing<Session> = KindOfThing {
    title: label("Chương trình hội đồng", "Council agendas"),
    about: label(
        "Sản phẩm được đưa vào chương trình của hội đồng sau khi hồ sơ được nộp.",
        "Products are put on a council's agenda once their dossiers are handed in.",
    ),
    name: "/product_name",
    fields: &[
        STATE,
        field("/product_name", label("Sản phẩm", "Product"), Writing::Link("products", "/product_id")),
        PRODUCER,
        CRITERIA_SET,
        field("/unit_name", label("Hội đồng", "Council"), Writing::Text),
        field("/round", label("Đợt", "Round"), Writing::Whole),
        field("/position", label("Thứ tự", "Place"), Writing::Whole),
        field("/admission", label("Tiếp nhận", "Admission"), Writing::Wording(ADMISSIONS)),
        field("/session_on", label("Ngày họp", "Day of the session"), Writing::Day),
        field("/dossier_sent_on", label("Ngày gửi hồ sơ", "Dossier sent on"), Writing::Day),
        field("/samples_sent_on", label("Ngày gửi mẫu", "Samples sent on"), Writing::Day),
        field("/sent_up_at", label("Chuyển cấp trên lúc", "Sent up"), Writing::Moment),
        field("/note", label("Ghi chú", "Note"), Writing::Long),
    ],
    columns: &[
        STATE,
        PRODUCER,
        CRITERIA_SET,
        field("/unit_name", label("Hội đồng", "Council"), Writing::Text),
        field("/round", label("Đợt", "Round"), Writing::Whole),
        field("/session_on", label("Ngày họp", "Session"), Writing::Day),
        field("/sent_up_at", label("Chuyển lên", "Sent up"), Writing::Moment),
    ],
    filters: &[Input::new("state", label("Trạng thái", "State"), Asks::From(states)), UNIT, CYCLE],
    making: None,
    steps: &[
        Step {
            step: &CHANGE,
            inputs: &[
                Input::new("session_on", label("Ngày họp", "Day of the session"), Asks::Day).clearing(),
                Input::new("dossier_sent_on", label("Ngày gửi hồ sơ", "Dossier sent on"), Asks::Day).clearing(),
                Input::new("samples_sent_on", label("Ngày gửi mẫu", "Samples sent on"), Asks::Day).clearing(),
            ],
        },
        Step { step: &ADMIT, inputs: &[NOTE] },
        Step { step: &DEFER, inputs: &[REASON] },
        Step { step: &SEND_UP, inputs: &[NOTE] },
    ],
    beside,
};
