//! The steps of agenda items: dates, the opening and closing of the scoring, admission, and the way up. Who is there is in
//! `attendance`, what the council concludes in `conclusion`, what producer and working group say in `lodging` and `remark`.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Asker, Work};
use crate::audit::{PastStep, StepName};
use crate::base::{Day, Error, Fault, Faults, Result, say};
use crate::cycle::DossierKind;
use crate::dossier::{self, DossierRow};
use crate::rating::agenda::Session;
use crate::rating::agenda::attendance::{ABSENT, PRESENT, RECUSE};
use crate::rating::agenda::calendar::Warning;
use crate::rating::agenda::conclusion::{CONCLUDE, RESCORE};
use crate::rating::agenda::lodging::APPEAL;
use crate::rating::agenda::preparation::{DRAFT_REPORT, SURVEY};
use crate::rating::agenda::recusal::recuse_by_rule;
use crate::rating::agenda::remark::REMARK;
use crate::rating::agenda::reminding::REMIND;
use crate::rating::agenda::rules::KEPT_BACK;
use crate::rating::agenda::thing::CHAIR;
use crate::rating::council::steps::OFFICES;
use crate::rating::item::rules::Dates;
use crate::rating::item::{Admission, State, store};
use crate::rating::result::Outcome;
use crate::station::{Note, Offer, Reason, Taken, Verb, label, patch_forms, plain_forms};

pub use crate::rating::agenda::making::CREATE;

/// Opening the scoring; the warnings that who presides acknowledges.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OpeningForm {
    pub note: Option<String>,
    pub acknowledge: Vec<Warning>,
    /// The last day for the sheets where the members give their opinions in writing, without a meeting.
    pub written_until: Option<Day>,
}

/// When the session is, and when dossier and samples went to the members; what is left out stays, null clears.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DatesChange {
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<Day>)]
    pub session_on: Option<Option<Day>>,
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<Day>)]
    pub dossier_sent_on: Option<Option<Day>>,
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<Day>)]
    pub samples_sent_on: Option<Option<Day>>,
}

plain_forms!(OpeningForm);
patch_forms!(DatesChange);

/// Records when the session is and when dossier and samples went to the members.
pub static CHANGE: Verb<Session, DatesChange> =
    Verb::new("change", label("Ghi ngày họp và ngày gửi hồ sơ", "Record the dates"), OFFICES, plan)
        .right(Session::must_be_office)
        .open(|_, session| session.item.state.plan());

/// Opens the scoring, and acknowledges what who presides is warned of.
pub static OPEN_SCORING: Verb<Session, OpeningForm> =
    Verb::new("open-scoring", label("Mở chấm điểm", "Open the scoring"), CHAIR, open_scoring)
        .right(Session::must_preside)
        .open(may_open_scoring);

/// Closes the scoring: no sheet changes any more.
pub static CLOSE_SCORING: Verb<Session, Note> =
    Verb::new("close-scoring", label("Kết thúc chấm điểm", "Close the scoring"), CHAIR, close_scoring)
        .right(Session::must_preside)
        .open(|_, session| {
            session.item.state.close_scoring()?;
            session.must_be_held()
        });

/// Takes the product in for scoring at the last council, after its office looked at it on site.
pub static ADMIT: Verb<Session, Note> =
    Verb::new("admit", label("Tiếp nhận vào phiên chấm", "Admit to the scoring"), OFFICES, admit)
        .right(Session::must_be_office)
        .open(may_admit);

/// Leaves the product to a later round, with a reason.
pub static DEFER: Verb<Session, Reason> =
    Verb::new("defer", label("Chuyển sang đợt sau", "Defer to a later round"), OFFICES, defer)
        .right(Session::must_be_office)
        .open(|_, session| session.item.state.defer(session.is_stranded()).map(drop));

/// Sends a forwarded product up to the next council.
pub static SEND_UP: Verb<Session, Note> =
    Verb::new("send-up", label("Chuyển lên hội đồng cấp trên", "Send up to the next council"), OFFICES, send_up)
        .right(Session::must_be_office)
        .open(may_send_up);

pub static VERBS: &[&dyn Offer<Session>] = &[
    &CHANGE,
    &REMARK,
    &SURVEY,
    &DRAFT_REPORT,
    &ABSENT,
    &PRESENT,
    &RECUSE,
    &ADMIT,
    &DEFER,
    &OPEN_SCORING,
    &REMIND,
    &CLOSE_SCORING,
    &RESCORE,
    &CONCLUDE,
    &SEND_UP,
    &APPEAL,
];

/// What who is not of the council is told of a step: what became of the item, never of whom it was. Neither absences nor
/// recusals, as in the export, nor who presided, which would tell that the chair did not; and why it was scored again once
/// there is a result.
pub(super) fn told_outside(step: PastStep, is_concluded: bool) -> Option<PastStep> {
    let is = |names: &[StepName]| names.iter().any(|name| name.text() == step.verb);
    if is(&KEPT_BACK) {
        return None;
    }
    if !is(&[OPEN_SCORING.name, CLOSE_SCORING.name, RESCORE.name, CONCLUDE.name]) {
        return Some(step);
    }
    let is_told = is_concluded || !is(&[RESCORE.name]);
    Some(PastStep { account_id: None, account_name: None, note: step.note.filter(|_| is_told), ..step })
}

fn plan(work: &mut Work, session: &Session, change: DatesChange) -> Result<Taken> {
    let now = session.item.dates();
    let dates = Dates {
        session_on: change.session_on.unwrap_or(now.session_on),
        dossier_sent_on: change.dossier_sent_on.unwrap_or(now.dossier_sent_on),
        samples_sent_on: change.samples_sent_on.unwrap_or(now.samples_sent_on),
    };
    if dates == now {
        return Ok(Taken::unchanged());
    }
    let mut faults = Vec::new();
    for (pointer, sent) in [("/dossier_sent_on", dates.dossier_sent_on), ("/samples_sent_on", dates.samples_sent_on)] {
        if sent.is_some_and(|sent| sent > work.now.day()) {
            faults.push(Fault::new(
                pointer,
                "in_future",
                say("Ngày gửi không thể ở tương lai.", "What was sent cannot lie in the future."),
            ));
        }
    }
    faults.into_result()?;
    store::set_dates(work.connection, session.item.id, dates)?;
    Ok(Taken::stayed())
}

fn may_open_scoring(asker: Asker, session: &Session) -> Result<()> {
    session.item.state.open_scoring()?;
    session.must_be_held()?;
    session.must_be_in_term(asker)?;
    let is_last = session.edition.is_last(session.council.unit_code.level());
    if is_last && session.item.admission != Some(Admission::Admitted) {
        return Err(Error::conflict(
            "not_admitted",
            say("Sản phẩm chưa được tiếp nhận vào phiên chấm.", "The product was not admitted yet."),
        ));
    }
    must_be_handed_in(session, &session.dossier)
}

fn must_be_handed_in(session: &Session, dossier: &DossierRow) -> Result<()> {
    if dossier.state.is_with_councils(session.edition.dossiers.has_commune()) {
        return Ok(());
    }
    Err(match dossier.state {
        dossier::rules::State::Withdrawn | dossier::rules::State::CarriedOver => Error::conflict(
            "dossier_ended",
            say("Hồ sơ đã rút hoặc đã chuyển sang quy trình mới.", "The dossier was withdrawn or carried over."),
        ),
        _ => Error::conflict(
            "dossier_returned",
            say(
                "Hồ sơ đã trả lại để bổ sung và chưa nộp lại.",
                "The dossier was handed back and is not submitted again yet.",
            ),
        ),
    })
}

/// The members may score from now on.
fn open_scoring(work: &mut Work, session: &Session, form: OpeningForm) -> Result<Taken> {
    // Its row is taken, so that it is not handed back at the same moment.
    let dossier = dossier::store::take(work.connection, session.dossier.id)?.ok_or_else(Error::unknown)?;
    must_be_handed_in(session, &dossier)?;
    let note = Note { note: form.note }.optional()?;
    if let Some(until) = form.written_until {
        may_be_written(session, until, work.now.day())?;
        store::set_written_until(work.connection, session.item.id, until)?;
    } else if session.warnings(Some(work.now.day()))?.contains(&Warning::ShortNotice) {
        if !form.acknowledge.contains(&Warning::ShortNotice) {
            return Err(short_notice(session.council.rules.0.notice_working_days));
        }
        store::accept_short_notice(work.connection, session.item.id, work.actor.id)?;
    }
    recuse_by_rule(work, &[(session.item.id, &dossier)], &session.seats)?;
    let state = session.item.state.open_scoring()?;
    store::set_state(work.connection, session.item.id, state)?;
    Ok(Taken::to(state).with_note(note))
}

/// 422 unless the members may give their opinions in writing until the day (26/2026/QĐ-TTg, article 7.6 d).
fn may_be_written(session: &Session, until: Day, today: Day) -> Result<()> {
    let again = session.edition.again.filter(|again| again.by_written_opinion);
    let Some(again) = again.filter(|_| session.dossier.kind == Some(DossierKind::Again)) else {
        return Err(Error::invalid(
            "/written_until",
            "no_written_round",
            say(
                "Chỉ lấy ý kiến bằng văn bản khi đánh giá, phân hạng lại.",
                "Opinions are given in writing only where a product is rated again.",
            ),
        ));
    };
    let latest = again.rated_until(today);
    if (today..=latest).contains(&until) {
        return Ok(());
    }
    Err(Error::invalid(
        "/written_until",
        "out_of_range",
        say(
            format!("Hạn gửi phiếu từ hôm nay đến {latest}."),
            format!("The last day for the sheets lies between today and {latest}."),
        ),
    ))
}

fn short_notice(days: u16) -> Error {
    Error::conflict(
        "short_notice",
        say(
            format!(
                "Hồ sơ hoặc mẫu đến thành viên chưa đủ {days} ngày làm việc trước phiên họp; chủ trì phải xác nhận bằng \
                 acknowledge: [\"short_notice\"]."
            ),
            format!(
                "Dossier or samples reached the members less than {days} working days before the session; who presides \
                 must acknowledge: [\"short_notice\"]."
            ),
        ),
    )
}

/// No sheet is written or withdrawn any more.
fn close_scoring(work: &mut Work, session: &Session, note: Note) -> Result<Taken> {
    let state = session.item.state.close_scoring()?;
    store::set_state(work.connection, session.item.id, state)?;
    Ok(Taken::to(state).with_note(note.note))
}

fn defer(work: &mut Work, session: &Session, reason: Reason) -> Result<Taken> {
    let state = session.item.state.defer(session.is_stranded())?;
    let deferred = Some(Admission::Deferred);
    store::set_admission(work.connection, session.item.id, deferred, state, Some(reason.text()))?;
    Ok(Taken::to(state).with_note(Some(reason.into_text())))
}

fn may_admit(_: Asker, session: &Session) -> Result<()> {
    session.item.state.admit()?;
    if !session.edition.is_last(session.council.unit_code.level()) {
        return Err(Error::conflict(
            "no_admission",
            say("Hội đồng này chấm không cần tiếp nhận.", "This council scores without an admission."),
        ));
    }
    match session.item.admission {
        Some(Admission::Admitted) => Err(Error::wrong_state(Admission::Admitted.as_ref())),
        _ => Ok(()),
    }
}

fn admit(work: &mut Work, session: &Session, note: Note) -> Result<Taken> {
    let (id, state) = (session.item.id, session.item.state);
    store::set_admission(work.connection, id, Some(Admission::Admitted), state, note.note.as_deref())?;
    Ok(Taken::stayed().with_note(note.note))
}

fn may_send_up(_: Asker, session: &Session) -> Result<()> {
    let item = &session.item;
    let outcome = session.concluded.as_ref().map(|concluded| concluded.outcome);
    match (item.state, outcome, item.sent_up_at) {
        (State::Concluded, Some(Outcome::Forwarded), None) => Ok(()),
        (State::Concluded, Some(Outcome::Forwarded), Some(_)) => Err(Error::wrong_state("sent_up")),
        (State::Concluded, Some(outcome), _) => Err(Error::wrong_state(outcome.as_ref())),
        (state, _, _) => Err(Error::wrong_state(state.as_ref())),
    }
}

fn send_up(work: &mut Work, session: &Session, note: Note) -> Result<Taken> {
    store::set_sent_up(work.connection, session.item.id, work.now)?;
    Ok(Taken::stayed().with_note(note.note))
}
