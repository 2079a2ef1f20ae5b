//! Stamps that may have been copied, on the desk: why one is suspect, where it was scanned, and what the office found.

use serde_json::Value;

use crate::account::Work;
use crate::base::{Day, Moment, Result};
use crate::desk::counter::{Beside, KindOfThing, Step};
use crate::desk::field::{Writing, field};
use crate::desk::input::{Alternative, Asks, Input, REASON};
use crate::desk::kinds::sources::{self, PRODUCER, UNIT};
use crate::desk::words::{Wording, said};
use crate::http::Language;
use crate::page::words::{day, moment};
use crate::stamp::suspicion::Suspicion;
use crate::stamp::suspicion::steps::{CONFIRM, DISMISS};
use crate::station::label;

const SUSPICIONS: &[Wording] = &[
    ("open", label("Chờ xem xét", "To be looked into")),
    ("dismissed", label("Đã bác", "Dismissed")),
    ("confirmed", label("Đã xác nhận", "Confirmed")),
];

fn states(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    Ok(sources::states(work, SUSPICIONS))
}

/// `18,34° B, 105,90° Đ`.
pub fn place(of: &Value, language: Language) -> Option<String> {
    let degrees = |name: &str| of.get(name).and_then(Value::as_f64);
    let (latitude, longitude) = (degrees("lat")?, degrees("lon")?);
    Some(match language {
        Language::Vietnamese => format!("{latitude:.2}° B, {longitude:.2}° Đ").replace('.', ","),
        Language::English => format!("{latitude:.2}° N, {longitude:.2}° E"),
    })
}

fn at(of: &Value, name: &str, language: Language) -> String {
    let text = of.get(name).and_then(Value::as_str).unwrap_or_default();
    text.parse::<Moment>().map_or_else(|_| text.to_owned(), |at| moment(language, at))
}

fn count(of: &Value, name: &str) -> String {
    of.get(name).and_then(Value::as_i64).map(|count| count.to_string()).unwrap_or_default()
}

/// What speaks for a copy: by place, by day; the stamp's own page, and its order.
fn beside(work: &mut Work, suspicion: &Suspicion, view: &Value) -> Result<Vec<Beside>> {
    let language = work.language;
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let rows = |name: &str| view.pointer(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut found = Vec::new();
    let places: Vec<Vec<String>> = rows("/evidence/places")
        .iter()
        .map(|spot| {
            vec![
                place(spot, language).unwrap_or_default(),
                count(spot, "scans"),
                count(spot, "visitors"),
                at(spot, "first_at", language),
                at(spot, "last_at", language),
            ]
        })
        .collect();
    if !places.is_empty() {
        let mut told = Beside::new(label("Nơi đã quét", "Where it was scanned"));
        let heads = vec![
            say("Khoảng vị trí", "About where"),
            say("Lần quét", "Scans"),
            say("Người quét", "Visitors"),
            say("Lần đầu", "First"),
            say("Lần cuối", "Last"),
        ];
        told.table = Some((heads, places));
        found.push(told);
    }
    let days: Vec<Vec<String>> = rows("/evidence/days")
        .iter()
        .map(|of_day| {
            let on = of_day.get("day").and_then(Value::as_str).unwrap_or_default();
            let on = on.parse::<Day>().map_or_else(|_| on.to_owned(), |on| day(language, on));
            vec![on, count(of_day, "scans"), count(of_day, "visitors")]
        })
        .collect();
    if !days.is_empty() {
        let mut told = Beside::new(label("Theo ngày", "By day"));
        told.table = Some((vec![say("Ngày", "Day"), say("Lần quét", "Scans"), say("Người quét", "Visitors")], days));
        found.push(told);
    }
    let mut leads = Beside::new(label("Xem thêm", "See also"));
    let code = view.get("code").and_then(Value::as_str).unwrap_or_default();
    leads.links.push((
        format!("/check?code={code}"),
        say("Người mua thấy gì khi kiểm tra tem này", "What a shopper is told of this stamp"),
    ));
    leads.links.push((format!("/desk/stamp-orders/{}", suspicion.row.order_id), say("Đơn tem", "The order of stamps")));
    found.push(leads);
    Ok(found)
}

pub static KIND: KindOfThing<Suspicion> = KindOfThing {
    title: label("Tem nghi sao chép", "Stamps that look copied"),
    about: label(
        "Tem được quét ở quá nhiều nơi hoặc bởi quá nhiều người trong thời gian ngắn sẽ hiện ở đây.",
        "A stamp that is scanned in too many places, or by too many people, within a short time appears here.",
    ),
    name: "/code",
    fields: &[
        field("/state", label("Trạng thái", "State"), Writing::Wording(SUSPICIONS)),
        field("/evidence/rule/text", label("Vì sao bị nghi", "Why it is suspect"), Writing::Long),
        field("/code", label("Mã tem", "Code"), Writing::Text),
        field("/serial", label("Tem số", "Serial"), Writing::Whole),
        field("/product_name", label("Sản phẩm", "Product"), Writing::Link("products", "/product_id")),
        PRODUCER,
        field("/evidence/scans", label("Số lần quét", "Scans"), Writing::Whole),
        field("/evidence/visitors", label("Số người quét khác nhau", "Distinct visitors"), Writing::Whole),
        field("/evidence/places_counted", label("Số nơi", "Places"), Writing::Whole),
        field("/evidence/since", label("Tính từ", "Counted since"), Writing::Moment),
        field("/evidence/first_at", label("Quét lần đầu", "First scan"), Writing::Moment),
        field("/evidence/last_at", label("Quét lần cuối", "Last scan"), Writing::Moment),
        field("/found_at", label("Phát hiện lúc", "Found"), Writing::Moment),
        field("/note", label("Kết luận", "What was found"), Writing::Long),
        field("/decided_by_name", label("Người kết luận", "Decided by"), Writing::Text),
        field("/decided_at", label("Kết luận lúc", "Decided"), Writing::Moment),
    ],
    columns: &[
        field("/state", label("Trạng thái", "State"), Writing::Wording(SUSPICIONS)),
        field("/product_name", label("Sản phẩm", "Product"), Writing::Text),
        field("/producer_name", label("Chủ thể", "Producer"), Writing::Text),
        field("/evidence/scans", label("Lần quét", "Scans"), Writing::Whole),
        field("/evidence/places_counted", label("Số nơi", "Places"), Writing::Whole),
        field("/found_at", label("Phát hiện", "Found"), Writing::Moment),
    ],
    filters: &[Input::new("state", label("Trạng thái", "State"), Asks::From(states)), UNIT],
    making: None,
    steps: &[
        Step { step: &DISMISS, inputs: &[REASON] },
        Step {
            step: &CONFIRM,
            inputs: &[
                REASON,
                Input::new("void", label("Hủy luôn tem này", "Declare this stamp void"), Asks::Check)
                    .hint(label("Tem đã hủy không dùng lại được.", "A void stamp stays void.")),
            ],
        },
    ],
    beside,
};
