//! Certificates on the desk.

use serde_json::Value;

use crate::account::Work;
use crate::base::Result;
use crate::decision::certificate_steps::{NOTIFY, OFFICES, RECORD_DEMAND};
use crate::decision::rules::{Standing, address_to_verify};
use crate::decision::{Decision, IssuedCertificate};
use crate::desk::counter::{Beside, KindOfThing, Step};
use crate::desk::field::{STATE, Writing, field};
use crate::desk::input::{Alternative, Asks, Input};
use crate::desk::kinds::result_words::{LETTER_DATE, LETTER_NUMBER, STARS};
use crate::desk::kinds::sources::{self, CYCLE, PRODUCER, UNIT, yes_or_no};
use crate::desk::words::{STATES, Wording, said, word};
use crate::page::words::day;
use crate::station::{find, label};

const DEMANDS: &[Wording] = &[
    ("rate_again", label("Đánh giá, phân hạng lại sản phẩm", "That the product is rated again")),
    ("withdraw", label("Thu hồi công nhận", "That its recognition is withdrawn")),
];

fn states(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let known: Vec<Wording> = STATES.iter().filter(|(value, _)| value.parse::<Standing>().is_ok()).copied().collect();
    Ok(sources::states(work, &known))
}

/// The certificate as it is printed, where it comes from, its notice, and what the ministry demanded.
fn beside(work: &mut Work, certificate: &IssuedCertificate, view: &Value) -> Result<Vec<Beside>> {
    let language = work.language;
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let row = &certificate.row;
    let mut papers = Beside::new(label("In và kiểm tra", "Print and check"));
    papers.links.push((
        format!("/desk/certificates/{}/certificate.pdf", row.id),
        say("Giấy chứng nhận để in (PDF)", "The certificate to be printed (PDF)"),
    ));
    papers.links.push((
        address_to_verify("", &row.number),
        say("Trang kiểm tra giấy chứng nhận cho mọi người", "What everybody sees of it"),
    ));
    let mut comes_from = Beside::new(label("Căn cứ", "What it rests on"));
    if let Ok(decision) = find::<Decision>(work, &row.decision_id) {
        let text = format!("{} {}", say("Quyết định", "Decision"), decision.number.unwrap_or_default());
        comes_from.links.push((format!("/desk/decisions/{}", row.decision_id), text));
    }
    let result = say("Kết quả của hội đồng", "The council's result");
    comes_from.links.push((format!("/desk/agenda-items/{}", row.agenda_item_id), result));
    if let Some(later) = row.superseded_by {
        let text = say("Giấy chứng nhận thay thế", "The later certificate");
        comes_from.links.push((format!("/desk/certificates/{later}"), text));
    }
    let mut beside = vec![papers, comes_from];
    if let Some(notice) = &certificate.notice {
        let mut told = Beside::new(label("Văn bản thông báo sắp hết hạn", "Notice that it is about to end"));
        let late =
            if notice.late { say("Muộn so với quy định", "Later than it must be") } else { String::new() };
        let heads = vec![say("Số", "Number"), say("Ngày", "Day"), say("Ghi chú", "Note")];
        told.table = Some((heads, vec![vec![notice.letter_number.clone(), day(language, notice.letter_date), late]]));
        beside.push(told);
    }
    let text = |demand: &Value, name: &str| demand.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let demands: Vec<Vec<String>> = view
        .get("demands")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|demand| {
            let dated = text(demand, "dated").parse().map_or_else(|_| text(demand, "dated"), |on| day(language, on));
            vec![word(DEMANDS, &text(demand, "asks"), language), text(demand, "number"), dated, text(demand, "content")]
        })
        .collect();
    if !demands.is_empty() {
        let mut told = Beside::new(label("Đề nghị của Bộ", "Demands of the ministry"));
        let heads = vec![say("Đề nghị", "Demand"), say("Số", "Number"), say("Ngày", "Day"), say("Nội dung", "Content")];
        told.table = Some((heads, demands));
        beside.push(told);
    }
    if certificate.row.revoked_on.is_none()
        && work.actor.is(OFFICES)
        && work.actor.unit.as_ref() == Some(&certificate.issuer)
    {
        let mut revoking = Beside::new(label("Thu hồi", "Taking it back"));
        let address = format!("/desk/decisions/new?kind=revoke&certificate_ids={}", row.id);
        revoking.links.push((address, say("Soạn quyết định thu hồi", "Draft the decision that takes it back")));
        beside.push(revoking);
    }
    Ok(beside)
}

pub static KIND: KindOfThing<IssuedCertificate> = KindOfThing {
    title: label("Giấy chứng nhận", "Certificates"),
    about: label(
        "Giấy chứng nhận được cấp khi quyết định công nhận được ban hành.",
        "Certificates are made when a decision of recognition is promulgated.",
    ),
    name: "/number",
    fields: &[
        STATE,
        field("/number", label("Số giấy chứng nhận", "Number"), Writing::Text),
        field("/product_name", label("Sản phẩm", "Product"), Writing::Link("products", "/product_id")),
        PRODUCER,
        STARS,
        field("/issuer_name", label("Đơn vị cấp", "Issued by"), Writing::Text),
        field("/issued_on", label("Ngày cấp", "Issued on"), Writing::Day),
        field("/valid_until", label("Ngày cuối có hiệu lực", "Last day"), Writing::Day),
        field("/extended_until", label("Kéo dài chậm nhất đến", "Kept on until at the latest"), Writing::Day),
        field("/again_from", label("Nộp hồ sơ đánh giá lại từ", "To be rated again: dossier from"), Writing::Day),
        field("/again_until", label("Nộp hồ sơ đánh giá lại đến", "To be rated again: dossier until"), Writing::Day),
        field("/revoked_on", label("Bị thu hồi từ", "Revoked on"), Writing::Day),
    ],
    columns: &[
        STATE,
        field("/product_name", label("Sản phẩm", "Product"), Writing::Text),
        field("/producer_name", label("Chủ thể", "Producer"), Writing::Text),
        STARS,
        field("/issued_on", label("Ngày cấp", "Issued"), Writing::Day),
        field("/valid_until", label("Ngày cuối", "Last day"), Writing::Day),
    ],
    filters: &[
        Input::new("state", label("Trạng thái", "State"), Asks::From(states)),
        Input::new("expiring_before", label("Còn hiệu lực, hết hạn trước ngày", "Valid, ending before"), Asks::Day),
        Input::new("again_due", label("Đến kỳ đánh giá lại", "To be rated again now"), Asks::From(yes_or_no)),
        UNIT,
        CYCLE,
    ],
    making: None,
    steps: &[
        Step { step: &NOTIFY, inputs: &[LETTER_NUMBER, LETTER_DATE] },
        Step {
            step: &RECORD_DEMAND,
            inputs: &[
                Input::new("asks", label("Bộ đề nghị", "The ministry demands"), Asks::OneOf(DEMANDS)).required(),
                Input::new("number", label("Số văn bản", "Number of the letter"), Asks::Line).required(),
                Input::new("dated", label("Ngày văn bản", "Day of the letter"), Asks::Day).required(),
                Input::new("content", label("Nội dung", "Content"), Asks::Lines).required(),
            ],
        },
    ],
    beside,
};
