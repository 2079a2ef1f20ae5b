//! Councils on the desk.

use serde_json::{Value, json};

use crate::account::store::AccountSelection;
use crate::account::{self, Role, Work};
use crate::base::{Error, Level, Result};
use crate::desk::counter::{Beside, KindOfThing, Making, Step, no_sides};
use crate::desk::field::{STATE, Writing, field};
use crate::desk::input::{Alternative, Asks, Input, NOTE};
use crate::desk::kinds::session_words::{ORGANISATIONS, SEATS};
use crate::desk::kinds::sources::{self, CYCLE, MOST, ROUND, UNIT, YEAR, open_cycles};
use crate::desk::words::{ROLES, STATES, Wording, said, word};
use crate::place;
use crate::rating::Council;
use crate::rating::agenda::Session;
use crate::rating::agenda::store::AgendaItemFilter;
use crate::rating::council::rules::{CouncilRules, is_office};
use crate::rating::council::steps::{CLOSE, CREATE, DISCARD, OPEN};
use crate::rating::papers::api::may_have_minutes;
use crate::station::{Listed, Stretch, label};

fn states(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let known: Vec<Wording> =
        STATES.iter().filter(|(value, _)| ["draft", "open", "closed", "discarded"].contains(value)).copied().collect();
    Ok(sources::states(work, &known))
}

/// The unit whose office one is.
fn own_unit(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let unit = work.actor.unit.clone().filter(|unit| matches!(unit.level(), Level::Province | Level::District));
    let Some(unit) = unit.filter(|unit| is_office(&work.actor, unit)) else { return Ok(Vec::new()) };
    let name = place::store::name(work.connection, &unit, work.now.day())?;
    Ok(vec![Alternative::new(unit.as_str(), name)])
}

/// Who may sit: members of councils, and the officers of one's own unit.
fn people(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let unit = work.actor.unit.clone();
    let members = AccountSelection { role: Some(Role::CouncilMember), ended: Some(false), ..Default::default() };
    let officers = AccountSelection { unit, ended: Some(false), ..Default::default() };
    let mut people = Vec::new();
    for selection in [members, officers] {
        for account in account::store::list(work.connection, &selection, None, MOST)? {
            let may_sit = !matches!(account.role, Role::Producer | Role::Supervisor | Role::Administrator);
            let told = format!("{} ({})", account.name, word(ROLES, account.role.as_ref(), work.language));
            let choice = Alternative::new(account.id.to_string(), told);
            if may_sit && !people.contains(&choice) {
                people.push(choice);
            }
        }
    }
    Ok(people)
}

const LEAST_OPTIONS: &[Wording] = &[
    ("mean", label("Theo điểm trung bình của tiêu chí", "By the criterion's mean")),
    ("majority", label("Quá nửa số phiếu đạt", "More than half of the sheets reach it")),
    ("all", label("Mọi phiếu đều đạt", "Every sheet reaches it")),
];

const SEAT: &[Input] = &[
    Input::new("account_id", label("Người", "Who"), Asks::From(people)).required(),
    Input::new("seat", label("Chức danh", "Seat"), Asks::From(seats)).required(),
    Input::new("organisation", label("Đại diện cho", "Speaks for"), Asks::From(organisations)),
];

fn seats(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    Ok(sources::states(work, SEATS))
}

fn organisations(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    Ok(sources::states(work, ORGANISATIONS))
}

/// Who sits, who checks, and what stands on the agenda.
fn beside(work: &mut Work, council: &Council, _: &Value) -> Result<Vec<Beside>> {
    let language = work.language;
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let mut seats = Beside::new(label("Thành viên", "Seats"));
    let row = |seat: &crate::rating::council::Seat| {
        let organisation = seat.organisation.map(|of| word(ORGANISATIONS, of.as_ref(), language)).unwrap_or_default();
        vec![seat.name.clone(), word(SEATS, seat.kind.as_ref(), language), organisation]
    };
    let heads = vec![say("Họ và tên", "Name"), say("Chức danh", "Seat"), say("Đại diện cho", "Speaks for")];
    seats.table = Some((heads, council.seats.iter().map(row).collect()));
    let mut beside = vec![seats];
    if !council.working_group.is_empty() {
        let mut group = Beside::new(label("Tổ giúp việc", "Working group"));
        let rows = council.working_group.iter().map(|(_, name)| vec![name.clone()]);
        group.table = Some((vec![say("Họ và tên", "Name")], rows.collect()));
        beside.push(group);
    }
    let filter = AgendaItemFilter { council_id: Some(council.row.id), ..AgendaItemFilter::default() };
    let items = Session::list(work, &filter, &Stretch::first(MOST))?;
    let ids: Vec<_> = items.iter().map(|session| session.item.id).collect();
    let names = crate::rating::item::store::names(work.connection, &ids)?;
    let mut agenda = Beside::new(label("Chương trình", "Agenda"));
    agenda.links = items
        .iter()
        .filter_map(|session| {
            let name = &names.get(&session.item.id)?.product_name;
            let state = word(STATES, session.item.state.as_ref(), language);
            Some((format!("/desk/agenda-items/{}", session.item.id), format!("{name} ({state})")))
        })
        .collect();
    if is_office(&work.actor, &council.row.unit_code) && council.row.state.must_take_items().is_ok() {
        let text = say("Đưa hồ sơ vào chương trình", "Put dossiers on the agenda");
        agenda.links.push((format!("/desk/agenda-items/new?council_id={}", council.row.id), text));
    }
    if !agenda.links.is_empty() {
        beside.push(agenda);
    }
    let is_done = |session: &Session| session.concluded.is_some();
    if items.iter().any(is_done) && may_have_minutes(&work.actor, council, &items) {
        let mut papers = Beside::new(label("In", "Print"));
        let text = say("Biên bản họp hội đồng", "Minutes of the council");
        papers.links.push((format!("/desk/councils/{}/minutes", council.row.id), text));
        let text = say("Biên bản, các phiếu và thông báo trong một lần in", "Minutes, sheets and notices in one print");
        papers.links.push((format!("/desk/councils/{}/session-papers", council.row.id), text));
        beside.push(papers);
    }
    Ok(beside)
}

/// The first round, the seats that every council has, and the rules that hold where nobody says others.
fn begin(_: &mut Work, view: &mut Value) -> Result<()> {
    if let Some(members) = view.as_object_mut() {
        members.entry("round").or_insert(json!(1));
        members.insert("seats".to_owned(), json!([{"seat": "chair"}, {"seat": "vice_chair"}, {"seat": "secretary"}]));
        members.insert("rules".to_owned(), serde_json::to_value(CouncilRules::default()).map_err(Error::internal)?);
    }
    Ok(())
}

pub static KIND: KindOfThing<Council> = KindOfThing {
    title: label("Hội đồng", "Councils"),
    about: label(
        "Mỗi đợt có một hội đồng đánh giá, phân hạng do đơn vị thành lập.",
        "Each round has its council, set up by its unit.",
    ),
    name: "/decision_number",
    fields: &[
        STATE,
        field("/unit_name", label("Đơn vị", "Unit"), Writing::Text),
        YEAR,
        ROUND,
        field("/decision_number", label("Quyết định thành lập", "Decision"), Writing::Text),
        field("/delegation", label("Văn bản ủy quyền chủ tịch", "Delegation of the chair"), Writing::Text),
        field("/rules/quorum", label("Tỷ lệ phiếu tối thiểu", "Quorum"), Writing::Text),
        field("/rules/least_sheets", label("Số phiếu tối thiểu", "Least sheets"), Writing::Whole),
        field("/rules/max_spread", label("Chênh lệch điểm tối đa", "Widest spread"), Writing::Whole),
        field(
            "/rules/notice_working_days",
            label("Gửi hồ sơ trước phiên họp (ngày làm việc)", "Notice in working days"),
            Writing::Whole,
        ),
        field(
            "/rules/least_options",
            label("Phương án tối thiểu được coi là đạt", "A least option is met"),
            Writing::Wording(LEAST_OPTIONS),
        ),
        field("/rules/appeal_days", label("Hạn khiếu nại (ngày)", "Days to appeal"), Writing::Whole),
    ],
    columns: &[STATE, field("/unit_name", label("Đơn vị", "Unit"), Writing::Text), YEAR, ROUND],
    filters: &[Input::new("state", label("Trạng thái", "State"), Asks::From(states)), UNIT, CYCLE],
    making: Some(Making {
        step: &CREATE,
        first: &[],
        inputs: &[
            Input::new("cycle_id", label("Chu trình", "Cycle"), Asks::From(open_cycles)).required(),
            Input::new("unit_code", label("Đơn vị", "Unit"), Asks::From(own_unit)).required(),
            Input::new("round", label("Đợt", "Round"), Asks::Whole).required(),
            Input::new("decision_number", label("Số quyết định thành lập", "Number of the decision"), Asks::Line)
                .required()
                .hint(label("ví dụ 12/QĐ-UBND", "such as 12/QĐ-UBND")),
            Input::new("delegation", label("Văn bản ủy quyền chủ tịch", "Delegation of the chair"), Asks::Line).hint(
                label(
                    "Khi chủ tịch hội đồng không phải lãnh đạo Ủy ban nhân dân.",
                    "Where the chair is no leader of the People's Committee.",
                ),
            ),
            Input::new("seats", label("Thành viên", "Seats"), Asks::Rows(SEAT, 8)).or_empty(),
            Input::new("working_group", label("Tổ giúp việc", "Working group"), Asks::AnyOf(people)).or_empty(),
            Input::new("rules.quorum", label("Tỷ lệ phiếu tối thiểu", "Quorum"), Asks::Line).hint(label(
                "phần của số ghế chấm điểm phải nộp phiếu, ví dụ 3/4",
                "the share of the scoring seats that must hand in, such as 3/4",
            )),
            Input::new("rules.least_sheets", label("Số phiếu tối thiểu", "Least sheets"), Asks::Whole),
            Input::new("rules.max_spread", label("Chênh lệch điểm tối đa", "Widest spread"), Asks::Whole).hint(label(
                "giữa tổng điểm cao nhất và thấp nhất của các phiếu",
                "between the highest and the lowest total of the sheets",
            )),
            Input::new(
                "rules.notice_working_days",
                label("Gửi hồ sơ trước phiên họp (ngày làm việc)", "Notice in working days"),
                Asks::Whole,
            ),
            Input::new(
                "rules.least_options",
                label("Phương án tối thiểu được coi là đạt", "A least option is met"),
                Asks::OneOf(LEAST_OPTIONS),
            ),
            Input::new("rules.appeal_days", label("Hạn khiếu nại (ngày)", "Days to appeal"), Asks::Whole),
        ],
        beside: no_sides,
        begin,
    }),
    steps: &[
        Step { step: &OPEN, inputs: &[NOTE] },
        Step { step: &DISCARD, inputs: &[NOTE] },
        Step { step: &CLOSE, inputs: &[NOTE] },
    ],
    beside,
};
