//! What sessions of councils are told in, and what can be chosen in their forms.

use serde_json::Value;

use crate::account::Work;
use crate::base::Result;
use crate::base::id::AgendaItemId;
use crate::criteria;
use crate::desk::input::{Alternative, Asks, Input};
use crate::desk::kinds::sources::member;
use crate::desk::words::{Wording, said};
use crate::http::Language;
use crate::rating::{council, item};
use crate::station::label;

pub const SEATS: &[Wording] = &[
    ("chair", label("Chủ tịch", "Chair")),
    ("vice_chair", label("Phó chủ tịch", "Vice-chair")),
    ("member", label("Ủy viên", "Member")),
    ("secretary", label("Thư ký", "Secretary")),
];

pub const ORGANISATIONS: &[Wording] = &[
    ("peoples_committee", label("Lãnh đạo Ủy ban nhân dân", "People's Committee")),
    ("agriculture_environment", label("Sở Nông nghiệp và Môi trường", "Agriculture and Environment")),
    ("industry_trade", label("Sở Công Thương", "Industry and Trade")),
    ("health", label("Sở Y tế", "Health")),
    ("science_technology", label("Sở Khoa học và Công nghệ", "Science and Technology")),
    ("culture_sport_tourism", label("Sở Văn hóa, Thể thao và Du lịch", "Culture, Sport and Tourism")),
    ("food_safety", label("Sở An toàn thực phẩm", "Food Safety")),
    ("coordination_office", label("Đơn vị tham mưu quản lý OCOP", "OCOP's coordination office")),
    ("specialised_unit", label("Đơn vị quản lý chuyên ngành", "Specialised unit")),
    ("expert", label("Chuyên gia được mời", "Invited expert")),
    ("other", label("Khác", "Other")),
];

pub const PROPOSALS: &[Wording] = &[
    ("score", label("Đưa ra hội đồng đánh giá, phân hạng", "Bring it before the council")),
    ("complete_first", label("Bổ sung, hoàn thiện trước khi đưa ra hội đồng", "Complete it first")),
    ("leave_out", label("Chưa đủ điều kiện đưa ra hội đồng", "Not fit for the council")),
];

/// The item of a view: its own, or the one that it belongs to.
fn item_of(view: Option<&Value>) -> Option<AgendaItemId> {
    member(view, "agenda_item_id").or_else(|| member(view, "id"))
}

/// The criteria that the item is scored by.
pub fn criteria_of_item(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let Some(id) = item_of(view) else { return Ok(Vec::new()) };
    let names = item::store::names(work.connection, &[id])?.remove(&id);
    let set = match names.and_then(|names| names.criteria_set_id) {
        Some(id) => criteria::store::find(work.connection, id)?,
        None => None,
    };
    let language = work.language;
    let told = |criterion: &criteria::Criterion| {
        let title = match language {
            Language::Vietnamese => &criterion.title,
            Language::English => &criterion.title_en,
        };
        Alternative::new(criterion.code.clone(), format!("{} {title}", criterion.code))
    };
    Ok(set.iter().flat_map(|set| set.tree.0.criteria()).map(told).collect())
}

/// Who sits in the item's council, and who checks for it.
fn people_of_item(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let found = match item_of(view) {
        Some(id) => item::store::find(work.connection, id)?,
        None => None,
    };
    let Some(item) = found else { return Ok(Vec::new()) };
    let language = work.language;
    let group = council::store::working_groups(work.connection, &[item.council_id])?;
    let helpers = said(language, label("Tổ giúp việc", "Working group"));
    let group = group.into_values().flatten();
    let mut people: Vec<Alternative> =
        group.map(|(id, name)| Alternative::new(id.to_string(), name).under(helpers)).collect();
    let seats = council::store::seats_of(work.connection, &[item.council_id])?;
    let sitting = said(language, label("Hội đồng", "Council"));
    let seats = seats.into_values().flatten();
    people.extend(seats.map(|seat| Alternative::new(seat.account.to_string(), seat.name).under(sitting)));
    Ok(people)
}

const TEAM: &[Input] = &[
    Input::new("account_id", label("Người của hội đồng, tổ giúp việc", "Of the council"), Asks::From(people_of_item)),
    Input::new("name", label("Hoặc họ và tên", "Or name"), Asks::Line),
    Input::new("organisation", label("Đơn vị công tác", "Organisation"), Asks::Line).or_empty(),
];

const FINDING: &[Input] = &[
    Input::new("criterion", label("Tiêu chí", "Criterion"), Asks::From(criteria_of_item)).required(),
    Input::new("text", label("Nhận xét", "Finding"), Asks::Lines).required(),
];

const TEST: &[Input] = &[
    Input::new("what", label("Kiểm nghiệm gì", "What is tested"), Asks::Line).required(),
    Input::new("laboratory", label("Cơ sở kiểm nghiệm", "Laboratory"), Asks::Line).required(),
    Input::new("asked_on", label("Ngày yêu cầu", "Asked for on"), Asks::Day).required(),
];

/// A survey on site, as it is written down and changed.
pub const SURVEY: &[Input] = &[
    Input::new("surveyed_on", label("Ngày khảo sát", "Day of the survey"), Asks::Day).required(),
    Input::new("team", label("Thành phần đoàn khảo sát", "Who went there"), Asks::Rows(TEAM, 2)).required(),
    Input::new("findings", label("Nhận xét theo tiêu chí", "Findings by criterion"), Asks::Rows(FINDING, 2)).or_empty(),
    Input::new("tests", label("Yêu cầu kiểm nghiệm bổ sung", "Tests that are asked for"), Asks::Rows(TEST, 1))
        .or_empty()
        .unless("result")
        .hint(label("Kiểm nghiệm đã có kết quả được giữ nguyên.", "Tests whose results are in stay as they are.")),
];

/// The working group's report, as it is drafted and rewritten.
pub const REPORT: &[Input] = &[
    Input::new("leader", label("Tổ trưởng ký báo cáo", "Who leads the group and signs"), Asks::Line).required(),
    Input::new("dossier_check", label("Kết quả rà soát hồ sơ", "What was checked of the dossier"), Asks::Lines)
        .required(),
    Input::new("assessment", label("Đánh giá chung về sản phẩm", "How the group sees the product"), Asks::Lines)
        .required(),
    Input::new("proposal", label("Đề nghị", "Proposal"), Asks::OneOf(PROPOSALS)).required(),
    Input::new("proposal_text", label("Đề nghị khác", "What it proposes besides"), Asks::Lines),
];
