//! What stands on councils' agendas, on the desk: what offices, working group, chair and secretary do with it. The members' own
//! sheets are pages of their own; no mark stands here.

use futures_util::future::LocalBoxFuture;
use serde_json::Value;

use crate::account::{Caller, Work};
use crate::base::Result;
use crate::base::id::{AppealId, GroupReportId, SurveyId};
use crate::desk::counter::{Beside, KindOfThing, LeadsTo, Make, Making, Step, no_sides};
use crate::desk::field::{STATE, Writing, field};
use crate::desk::input::{Alternative, Asks, Input, NOTE, REASON};
use crate::desk::kinds::outcome;
use crate::desk::kinds::session_sides::{attendance, count, text, told};
use crate::desk::kinds::session_words::{REPORT, SEATS, SURVEY, criteria_of_item};
use crate::desk::kinds::sources::{self, COUNCIL, CRITERIA_SET, CYCLE, MOST, PRODUCER, ROUND, UNIT, member};
use crate::desk::words::{STATES, Wording, said, word};
use crate::dossier::Dossier;
use crate::dossier::store::DossierFilter;
use crate::http::{Answer, Problem};
use crate::rating::agenda::attendance::{ABSENT, PRESENT, RECUSE};
use crate::rating::agenda::conclusion::{CONCLUDE, RESCORE};
use crate::rating::agenda::lodging::{APPEAL, AppealForm};
use crate::rating::agenda::remark::REMARK;
use crate::rating::agenda::reminding::REMIND;
use crate::rating::agenda::steps::{ADMIT, CHANGE, CLOSE_SCORING, CREATE, DEFER, OPEN_SCORING, SEND_UP};
use crate::rating::agenda::{Session, store};
use crate::rating::council::store::CouncilFilter;
use crate::rating::group_report::making::DRAFT;
use crate::rating::group_report::rules::GroupReportForm;
use crate::rating::group_report::store::GroupReportFilter;
use crate::rating::survey::making::{RECORD, SurveyForm};

use crate::rating::survey::store::SurveyFilter;
use crate::rating::{Council, GroupReport, Survey, council};
use crate::station::{Label, Listed, Stretch, label};

const ADMISSIONS: &[Wording] =
    &[("admitted", label("Đã tiếp nhận", "Admitted")), ("deferred", label("Chuyển sang đợt sau", "Deferred"))];

fn states(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let of_items = ["waiting", "scoring", "scored", "concluded", "deferred"];
    let known: Vec<Wording> = STATES.iter().filter(|(value, _)| of_items.contains(value)).copied().collect();
    Ok(sources::states(work, &known))
}

/// Who of the council is there, or is not.
fn seated(view: Option<&Value>, is_absent: bool) -> Vec<Alternative> {
    let Some(view) = view else { return Vec::new() };
    let of_them =
        told(view, "/attendance").filter(|seat| seat.get("absent").is_some_and(Value::is_string) == is_absent);
    of_them.map(|seat| Alternative::new(text(seat, "account_id"), text(seat, "name"))).collect()
}

fn there(_: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    Ok(seated(view, false))
}

fn away(_: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    Ok(seated(view, true))
}

const SHORT_NOTICE: &[Wording] = &[(
    "short_notice",
    label(
        "Tôi biết hồ sơ hoặc mẫu đến thành viên muộn và vẫn mở chấm điểm",
        "I know that dossier or samples came late and open the scoring all the same",
    ),
)];

fn acknowledged(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    Ok(sources::states(work, SHORT_NOTICE))
}

// What the working group writes down and reports, and an appeal, have pages of their own.
static RECORD_SURVEY: LeadsTo<Session, SurveyForm, SurveyId> =
    LeadsTo { step: &RECORD, answer: |_, id| Answer::made(format!("/api/v1/surveys/{id}"), ()) };
static DRAFT_REPORT: LeadsTo<Session, GroupReportForm, GroupReportId> =
    LeadsTo { step: &DRAFT, answer: |_, id| Answer::made(format!("/api/v1/group-reports/{id}"), ()) };
static LODGE: LeadsTo<Session, AppealForm, AppealId> =
    LeadsTo { step: &APPEAL, answer: |_, id| Answer::made(format!("/api/v1/appeals/{id}"), ()) };

/// Dossiers are put on an agenda together.
struct PutOnAgenda;

impl Make for PutOnAgenda {
    fn label(&self) -> Label {
        CREATE.label
    }

    fn by(&self) -> crate::station::By {
        CREATE.by
    }

    fn may(&self, asker: crate::account::Asker) -> Result<()> {
        CREATE.may(asker)
    }

    fn make(&'static self, caller: Caller) -> LocalBoxFuture<'static, Result<Answer, Problem>> {
        let address = |sessions: &[Session]| {
            let council = sessions.first().map(|session| session.council.id.to_string()).unwrap_or_default();
            format!("/api/v1/councils/{council}")
        };
        Box::pin(caller.make_many(&CREATE, address))
    }
}

/// The councils of one's own unit that take products.
fn councils(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let found = Council::list(work, &CouncilFilter::default(), &Stretch::first(MOST))?;
    let is_own = |council: &&Council| {
        council::rules::is_office(&work.actor, &council.row.unit_code) && council.row.state.must_take_items().is_ok()
    };
    let language = work.language;
    let told = |council: &Council| {
        let round = said(language, label("đợt", "round"));
        let name = format!("{} · {round} {} · {}", council.cycle.year, council.row.round, council.row.decision_number);
        Alternative::new(council.row.id.to_string(), name)
    };
    Ok(found.iter().filter(is_own).map(told).collect())
}

/// The dossiers that councils of one's own unit may get: those that were handed in, of the council's cycle where one is chosen.
fn dossiers(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let council = match member(view, "council_id") {
        Some(id) => council::store::find(work.connection, id)?,
        None => None,
    };
    let filter = DossierFilter { cycle_id: council.map(|council| council.cycle_id), ..DossierFilter::default() };
    let found = Dossier::list(work, &filter, &Stretch::first(MOST))?;
    let is_in = |dossier: &Dossier| dossier.row.state.is_with_councils(dossier.edition.dossiers.has_commune());
    let found: Vec<Dossier> = found.into_iter().filter(is_in).collect();
    let products: Vec<_> = found.iter().map(|dossier| dossier.row.product_id).collect();
    let products = crate::product::store::names(work.connection, &products)?;
    let places = crate::place::store::places(work.connection)?;
    let today = work.now.day();
    let told = |dossier: &Dossier| {
        let name = products.get(&dossier.row.product_id).cloned().unwrap_or_default();
        let commune = places.name(&dossier.row.commune_code, today);
        Alternative::new(dossier.row.id.to_string(), format!("{name} ({commune})"))
    };
    Ok(found.iter().map(told).collect())
}

/// The dossier that is rated, and what the asker may know of the session around it.
fn beside(work: &mut Work, session: &Session, view: &Value) -> Result<Vec<Beside>> {
    let language = work.language;
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let mut dossier = Beside::new(label("Hồ sơ sản phẩm", "Dossier"));
    dossier.links.push((format!("/desk/dossiers/{}", session.item.dossier_id), text(view, "product_name").to_owned()));
    let mut beside = vec![dossier];
    if Session::must_score(work.asker(), session).is_ok() {
        let mut sheet = Beside::new(label("Phiếu chấm của tôi", "My scoring sheet"));
        let address = format!("/desk/agenda-items/{}/sheet", session.item.id);
        sheet.links.push((address, say("Mở phiếu chấm điểm", "Open the scoring sheet")));
        beside.push(sheet);
    }
    if session.is_of_the_council(&work.actor) {
        let mut room = Beside::new(label("Phiên họp", "The session"));
        let address = |screen: &str| format!("/desk/agenda-items/{}/{screen}", session.item.id);
        if session.is_led_by(&work.actor) {
            room.links.push((address("live"), say("Mở phòng điều hành", "Open the room for who leads it")));
        }
        room.links.push((address("hall"), say("Màn hình hội trường", "The hall's screen")));
        beside.push(room);
    }
    beside.extend(prepared(work, session, view)?);
    if session.is_of_the_council(&work.actor) {
        let remarks = store::remarks(work.connection, session.item.id, &Stretch::first(MOST))?;
        let row = |remark: &store::Remark| {
            vec![remark.account_name.clone(), remark.criterion.clone().unwrap_or_default(), remark.text.clone()]
        };
        if !remarks.is_empty() {
            let mut told = Beside::new(label("Nhận xét của tổ giúp việc", "The working group's remarks"));
            let heads = vec![say("Ai", "Who"), say("Tiêu chí", "Criterion"), say("Nhận xét", "Remark")];
            told.table = Some((heads, remarks.iter().map(row).collect()));
            beside.push(told);
        }
    }
    beside.extend(attendance(view, language));
    beside.extend(count(view, language));
    beside.extend(outcome::beside(work, session)?);
    Ok(beside)
}

/// Surveys and report of the working group, for whom they are told.
fn prepared(work: &mut Work, session: &Session, view: &Value) -> Result<Vec<Beside>> {
    let item = Some(session.item.id);
    let language = work.language;
    let mut prepared = Beside::new(label("Tổ giúp việc chuẩn bị", "What the working group made ready"));
    let surveys =
        Survey::list(work, &SurveyFilter { agenda_item_id: item, ..Default::default() }, &Stretch::first(MOST))?;
    let state = |state: &str| word(STATES, state, language);
    for survey in surveys {
        let on = crate::page::words::day(language, survey.row.surveyed_on);
        let text = format!(
            "{} {on} ({})",
            said(language, label("Khảo sát thực tế ngày", "Survey on site of")),
            state(survey.row.state.as_ref())
        );
        prepared.links.push((format!("/desk/surveys/{}", survey.row.id), text));
    }
    let filter = GroupReportFilter { agenda_item_id: item, ..Default::default() };
    for report in GroupReport::list(work, &filter, &Stretch::first(MOST))? {
        let number = report.row.number.clone().unwrap_or_default();
        let text = format!(
            "{} {number} ({})",
            said(language, label("Báo cáo của tổ giúp việc", "The working group's report")),
            state(report.row.state.as_ref())
        );
        prepared.links.push((format!("/desk/group-reports/{}", report.row.id), text));
    }
    let is_told = !prepared.links.is_empty() && view.is_object();
    Ok(if is_told { vec![prepared] } else { Vec::new() })
}

const WHO: Label = label("Thành viên", "Member");
const WHY: Input = Input::new("reason", label("Lý do", "Reason"), Asks::Lines).required();

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
        field("/unit_name", label("Hội đồng", "Council"), Writing::Link("councils", "/council_id")),
        ROUND,
        field("/position", label("Thứ tự", "Place"), Writing::Whole),
        field("/admission", label("Tiếp nhận", "Admission"), Writing::Wording(ADMISSIONS)),
        field("/session_on", label("Ngày họp", "Day of the session"), Writing::Day),
        field("/dossier_sent_on", label("Ngày gửi hồ sơ", "Dossier sent on"), Writing::Day),
        field("/samples_sent_on", label("Ngày gửi mẫu", "Samples sent on"), Writing::Day),
        field("/written_until", label("Nhận phiếu bằng văn bản đến hết ngày", "Sheets in writing until"), Writing::Day),
        field("/rated_until", label("Hạn kết luận", "To be concluded until"), Writing::Day),
        field("/attempt", label("Lần chấm", "Scoring"), Writing::Whole),
        field("/me/seat", label("Ghế của tôi", "My seat"), Writing::Wording(SEATS)),
        field("/me/presides", label("Tôi chủ trì", "I preside"), Writing::YesNo),
        field("/me/recused", label("Tôi không tham gia chấm", "I am recused"), Writing::YesNo),
        field("/me/reminded_at", label("Được nhắc nộp phiếu lúc", "Reminded of my sheet"), Writing::Moment),
        field("/preparation/surveyed", label("Đã khảo sát thực tế", "Surveyed on site"), Writing::YesNo),
        field("/sent_up_at", label("Chuyển cấp trên lúc", "Sent up"), Writing::Moment),
        field("/note", label("Ghi chú", "Note"), Writing::Long),
    ],
    columns: &[
        STATE,
        PRODUCER,
        CRITERIA_SET,
        COUNCIL,
        ROUND,
        field("/session_on", label("Ngày họp", "Session"), Writing::Day),
        field("/sent_up_at", label("Chuyển lên", "Sent up"), Writing::Moment),
    ],
    filters: &[Input::new("state", label("Trạng thái", "State"), Asks::From(states)), UNIT, CYCLE],
    making: Some(Making {
        step: &PutOnAgenda,
        first: &[],
        inputs: &[
            Input::new("council_id", label("Hội đồng", "Council"), Asks::From(councils)).required(),
            Input::new("dossier_ids", label("Hồ sơ", "Dossiers"), Asks::AnyOf(dossiers)).required().hint(label(
                "Hồ sơ đã nộp; thứ tự trong chương trình là thứ tự ở đây.",
                "Dossiers that were handed in; they stand on the agenda in this order.",
            )),
        ],
        beside: no_sides,
        begin: |_, _| Ok(()),
    }),
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
        Step {
            step: &OPEN_SCORING,
            inputs: &[
                Input::new("acknowledge", label("Xác nhận", "Acknowledge"), Asks::AnyOf(acknowledged)),
                Input::new(
                    "written_until",
                    label("Lấy ý kiến bằng văn bản đến hết ngày", "Opinions in writing until"),
                    Asks::Day,
                )
                .hint(label(
                    "Chỉ khi đánh giá, phân hạng lại mà không họp.",
                    "Only where a product is rated again without a meeting.",
                )),
                NOTE,
            ],
        },
        Step { step: &REMIND, inputs: &[] },
        Step { step: &CLOSE_SCORING, inputs: &[NOTE] },
        Step {
            step: &RESCORE,
            inputs: &[
                Input::new("reason", label("Lý do", "Reason"), Asks::Lines),
                Input::new("votes_for", label("Số phiếu đồng ý chấm lại", "Votes for"), Asks::Whole),
                Input::new("votes_against", label("Số phiếu không đồng ý", "Votes against"), Asks::Whole),
            ],
        },
        Step { step: &CONCLUDE, inputs: &[NOTE] },
        Step { step: &ABSENT, inputs: &[Input::new("account_id", WHO, Asks::From(there)).required(), WHY] },
        Step { step: &PRESENT, inputs: &[Input::new("account_id", WHO, Asks::From(away)).required()] },
        Step { step: &RECUSE, inputs: &[WHY] },
        Step {
            step: &REMARK,
            inputs: &[
                Input::new("criterion", label("Về tiêu chí", "On criterion"), Asks::From(criteria_of_item)),
                Input::new("text", label("Nhận xét", "Remark"), Asks::Lines).required(),
            ],
        },
        Step { step: &RECORD_SURVEY, inputs: SURVEY },
        Step { step: &DRAFT_REPORT, inputs: REPORT },
        Step {
            step: &LODGE,
            inputs: &[Input::new("grounds", label("Lý do khiếu nại", "Grounds"), Asks::Lines).required()],
        },
    ],
    beside,
};
