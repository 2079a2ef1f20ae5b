//! What is told of a session around its item: who is there and has handed in, and the count. No mark stands here.

use serde_json::Value;

use crate::desk::counter::Beside;
use crate::desk::kinds::session_words::SEATS;
use crate::desk::words::{Wording, said, word};
use crate::http::Language;
use crate::page::words::moment;
use crate::rating::agenda::involvement::Involvement;
use crate::station::label;

const BROKEN: &[Wording] = &[
    ("no_quorum", label("Chưa đủ số phiếu", "Too few sheets")),
    ("gates_disagree", label("Thành viên chưa thống nhất về điều kiện loại", "Members differ about what disqualifies")),
    ("spread_too_wide", label("Điểm chênh lệch quá mức cho phép", "Totals lie too far apart")),
];

/// What is told with the item's page only, of whom it is told.
pub fn told<'a>(view: &'a Value, member: &str) -> impl Iterator<Item = &'a Value> {
    view.pointer(member).and_then(Value::as_array).into_iter().flatten()
}

pub fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value.get(member).and_then(Value::as_str).unwrap_or_default()
}

/// Who is there, and who has handed a sheet in, for whom it is told.
pub fn attendance(view: &Value, language: Language) -> Option<Beside> {
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let rows: Vec<Vec<String>> = told(view, "/attendance").map(|seat| seat_told(seat, language)).collect();
    if rows.is_empty() {
        return None;
    }
    let mut attendance = Beside::new(label("Thành viên tham dự", "Who is there"));
    let heads = vec![say("Họ và tên", "Name"), say("Ghế", "Seat"), say("Tham dự", "There"), say("Nộp phiếu", "Sheet")];
    attendance.table = Some((heads, rows));
    Some(attendance)
}

fn seat_told(seat: &Value, language: Language) -> Vec<String> {
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let is = |member: &str| seat.get(member) == Some(&Value::Bool(true));
    let presides = if is("presides") { say(" (chủ trì)", " (presides)") } else { String::new() };
    let there = match (seat.get("recused").and_then(Value::as_str), seat.get("absent").and_then(Value::as_str)) {
        (_, Some(reason)) => format!("{}: {reason}", say("Vắng", "Absent")),
        (Some(reason), None) => format!("{}: {reason}", say("Không chấm", "Recused")),
        (None, None) => say("Có mặt", "There"),
    };
    let sheet = match (is("scores"), is("submitted")) {
        (false, _) => "—".to_owned(),
        (true, true) => say("Đã nộp", "Handed in"),
        (true, false) => match text(seat, "reminded_at").parse() {
            Ok(at) => {
                format!("{} ({} {})", say("Chưa nộp", "Not yet"), say("nhắc lúc", "reminded"), moment(language, at))
            }
            Err(_) => say("Chưa nộp", "Not yet"),
        },
    };
    let involved = told(seat, "/involvement").filter_map(|code| code.as_str()?.parse::<Involvement>().ok());
    let weighed: Vec<&str> = involved
        .filter(|involvement| !involvement.recuses())
        .map(|involvement| said(language, involvement.told()))
        .collect();
    let there = if weighed.is_empty() { there } else { format!("{there} · {}", weighed.join(", ")) };
    vec![
        text(seat, "name").to_owned(),
        format!("{}{presides}", word(SEATS, text(seat, "seat"), language)),
        there,
        sheet,
    ]
}

/// The count after the close, without marks, for whom it is told.
pub fn count(view: &Value, language: Language) -> Option<Beside> {
    let tally = view.get("tally").filter(|tally| tally.is_object())?;
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let number = |member: &str| tally.get(member).and_then(Value::as_i64);
    let pair = |is, of| match (number(is), number(of)) {
        (Some(is), Some(of)) => format!("{is} / {of}"),
        _ => "—".to_owned(),
    };
    let mut rows = vec![
        vec![say("Số phiếu / cần có", "Sheets / needed"), pair("sheets", "needed")],
        vec![say("Chênh lệch điểm / tối đa cho phép", "Spread / most allowed"), pair("spread", "max_spread")],
    ];
    for broken in told(tally, "/broken").filter_map(Value::as_str) {
        rows.push(vec![say("Chưa kết luận được", "Against a conclusion"), word(BROKEN, broken, language)]);
    }
    let mut counted = Beside::new(label("Kiểm phiếu", "Count"));
    counted.table = Some((vec![say("Mục", "What"), say("Kết quả", "Count")], rows));
    Some(counted)
}
