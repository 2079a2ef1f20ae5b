//! Dossiers on the desk.

use serde_json::Value;

use crate::account::Work;
use crate::base::Result;
use crate::desk::counter::{Beside, Kind, Step};
use crate::desk::field::{STATE, Shape, field};
use crate::desk::input::{Asks, Choice, Input, NOTE, REASON};
use crate::desk::kinds::sources::{self, COMMUNE, CREATED, CYCLE, DISTRICT, PRODUCER, UNIT, YEAR};
use crate::desk::words::{STATES, Word};
use crate::dossier::Dossier;
use crate::dossier::steps::{RECORD_VISIT, RETURN, SUBMIT};
use crate::station::label;

fn states(work: &mut Work, _: Option<&Value>) -> Result<Vec<Choice>> {
    let known: Vec<Word> = STATES.iter().filter(|(value, _)| ["open", "submitted"].contains(value)).copied().collect();
    Ok(sources::states(work, &known))
}

fn beside(_: &mut Work, _: &Dossier, _: &Value) -> Result<Vec<Beside>> {
    Ok(Vec::new())
}

pub static KIND: Kind<Dossier> = Kind {
    title: label("Hồ sơ", "Dossiers"),
    about: label(
        "Hồ sơ sản phẩm được mở khi phương án được duyệt: chủ thể tự chấm theo bộ tiêu chí và kèm giấy tờ.",
        "A dossier is opened by a plan's approval: the producer scores itself by the criteria and adds the papers.",
    ),
    name: "/product_name",
    fields: &[
        STATE,
        field("/product_name", label("Sản phẩm", "Product"), Shape::Link("products", "/product_id")),
        PRODUCER,
        field("/responsible_name", label("Cán bộ phụ trách", "Who is responsible"), Shape::Text),
        YEAR,
        COMMUNE,
        DISTRICT,
        field("/submitted_at", label("Nộp lúc", "Handed in"), Shape::Moment),
        field("/late", label("Nộp muộn", "Late"), Shape::YesNo),
        CREATED,
    ],
    columns: &[
        STATE,
        PRODUCER,
        COMMUNE,
        field("/responsible_name", label("Phụ trách", "Responsible"), Shape::Text),
        YEAR,
    ],
    filters: &[Input::new("state", label("Trạng thái", "State"), Asks::From(states)), UNIT, CYCLE],
    making: None,
    steps: &[
        Step { step: &SUBMIT, inputs: &[NOTE] },
        Step { step: &RETURN, inputs: &[REASON] },
        Step {
            step: &RECORD_VISIT,
            inputs: &[
                Input::new("visited_on", label("Ngày thăm", "Day of the visit"), Asks::Day).required(),
                Input::new("findings", label("Ghi nhận", "Findings"), Asks::Lines).required(),
                Input::new("advice", label("Hướng dẫn", "Advice"), Asks::Lines),
            ],
        },
    ],
    beside,
};
