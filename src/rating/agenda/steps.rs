//! The verbs of an item. Each gets a session whose item's row is taken, after rights and version were checked.

use std::collections::BTreeSet;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::audit::{Entry, Resource};
use crate::base::id::{AccountId, AgendaItemId};
use crate::base::{Day, Digest, Error, Fault, Faults, Result, say, text};
use crate::cycle::{Condition, Edition};
use crate::db::types::Json;
use crate::dossier;
use crate::http::Note;
use crate::http::request::stale;
use crate::rating::agenda::calendar::{Dates, Warning};
use crate::rating::agenda::involvement::recuse_by_rule;
use crate::rating::agenda::rules::{Admission, RescoreForm, State};
use crate::rating::agenda::session::Session;
use crate::rating::agenda::store;
use crate::rating::result::conditions::{self, Known};
use crate::rating::result::rules::Verdict;
use crate::rating::result::store::Concluded;
use crate::rating::result::{self, Outcome};
use crate::rating::sheet;

/// Why a seat does not score an item.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecusalForm {
    #[serde(alias = "note")]
    pub reason: String,
}

/// Opening the scoring; the warnings that who presides acknowledges.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OpeningForm {
    pub note: Option<String>,
    pub acknowledge: Vec<Warning>,
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

/// Who is not there, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AbsenceForm {
    pub account_id: AccountId,
    pub reason: String,
}

/// Who is there after all.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PresenceForm {
    pub account_id: AccountId,
}

fn record(work: &mut Work, session: &Session, verb: &str, to: State, note: Option<&str>) -> Result<()> {
    record_with(work, session, verb, to, note, None)
}

fn record_with(
    work: &mut Work,
    session: &Session,
    verb: &str,
    to: State,
    note: Option<&str>,
    content: Option<Digest>,
) -> Result<()> {
    let entry = Entry {
        resource: Resource::AgendaItem,
        id: session.item.id,
        version: session.item.version + 1,
        account: None,
        verb,
        from: Some(session.item.state.as_ref()),
        to: Some(to.as_ref()),
        note,
    };
    work.record_with(entry, content)
}

/// The members may score from now on.
pub fn open_scoring(work: &mut Work, session: &Session) -> Result<()> {
    let state = session.item.state.open_scoring()?;
    session.must_be_held(work)?;
    let is_last = session.edition(work)?.is_last(session.council.unit_code.level());
    if is_last && session.item.admission != Some(Admission::Admitted) {
        return Err(Error::conflict(
            "not_admitted",
            say("Sản phẩm chưa được tiếp nhận vào phiên chấm.", "The product was not admitted yet."),
        ));
    }
    // Its row is taken, so that it is not handed back at the same moment.
    let dossier = dossier::store::take(work.connection, session.dossier.id)?.ok_or_else(Error::unknown)?;
    if dossier.state != dossier::rules::State::Submitted {
        return Err(Error::conflict(
            "dossier_returned",
            say(
                "Hồ sơ đã trả lại để bổ sung và chưa nộp lại.",
                "The dossier was handed back and is not submitted again yet.",
            ),
        ));
    }
    let OpeningForm { note, acknowledge } = work.body()?;
    let note = Note { note }.optional()?;
    if session.warnings(Some(work.now.day()))?.contains(&Warning::ShortNotice) {
        if !acknowledge.contains(&Warning::ShortNotice) {
            let days = session.council.rules.0.notice_working_days;
            return Err(Error::conflict(
                "short_notice",
                say(
                    format!(
                        "Hồ sơ hoặc mẫu đến thành viên chưa đủ {days} ngày làm việc trước phiên họp; chủ trì phải xác nhận \
                         bằng acknowledge: [\"short_notice\"]."
                    ),
                    format!(
                        "Dossier or samples reached the members less than {days} working days before the session; who \
                         presides must acknowledge: [\"short_notice\"]."
                    ),
                ),
            ));
        }
        store::accept_short_notice(work.connection, session.item.id, work.actor.id)?;
    }
    recuse_by_rule(work, session.item.id, &session.dossier, &session.seats)?;
    store::set_state(work.connection, session.item.id, state)?;
    record(work, session, "open-scoring", state, note.as_deref())
}

/// Records when the session is and when dossier and samples went out.
pub fn plan(work: &mut Work, session: &Session) -> Result<()> {
    session.item.state.plan()?;
    let change: DatesChange = work.body()?;
    let now = session.item.dates();
    let dates = Dates {
        session_on: change.session_on.unwrap_or(now.session_on),
        dossier_sent_on: change.dossier_sent_on.unwrap_or(now.dossier_sent_on),
        samples_sent_on: change.samples_sent_on.unwrap_or(now.samples_sent_on),
    };
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
    record(work, session, "change", session.item.state, None)
}

/// Records that a member is not there. An absent seat still counts for the quorum; where it is the chair's, the vice-chair
/// presides. A sheet that was submitted before counts.
pub fn absent(work: &mut Work, session: &Session) -> Result<()> {
    let item = &session.item;
    item.state.record_attendance("absent")?;
    let form: AbsenceForm = work.body()?;
    let mut faults = Vec::new();
    text::check(&form.reason, "/reason", 2000, &mut faults);
    let seat = session.seat(form.account_id);
    if seat.is_none() {
        faults.push(no_seat());
    }
    faults.into_result()?;
    if session.is_absent(form.account_id) {
        return Err(Error::conflict(
            "already_absent",
            say("Người này đã được ghi vắng mặt.", "This person is recorded as absent already."),
        ));
    }
    store::insert_absence(work.connection, item.id, form.account_id, &form.reason, work.actor.id, work.now)?;
    store::count_version(work.connection, item.id)?;
    let note = seat.map(|seat| format!("{}: {}", seat.name, form.reason));
    record(work, session, "absent", item.state, note.as_deref())
}

/// Records that a member who was absent is there.
pub fn present(work: &mut Work, session: &Session) -> Result<()> {
    let item = &session.item;
    item.state.record_attendance("present")?;
    let form: PresenceForm = work.body()?;
    let Some(seat) = session.seat(form.account_id) else { return vec![no_seat()].into_result() };
    if !session.is_absent(seat.account) {
        return Err(Error::conflict(
            "not_absent",
            say("Người này không được ghi vắng mặt.", "This person is not recorded as absent."),
        ));
    }
    store::delete_absence(work.connection, item.id, seat.account)?;
    store::count_version(work.connection, item.id)?;
    record(work, session, "present", item.state, Some(&seat.name))
}

fn no_seat() -> Fault {
    Fault::new(
        "/account_id",
        "unknown_seat",
        say("Tài khoản này không có ghế trong hội đồng.", "This account has no seat in the council."),
    )
}

/// No sheet is written or withdrawn any more.
pub fn close_scoring(work: &mut Work, session: &Session) -> Result<()> {
    let state = session.item.state.close_scoring()?;
    session.must_be_held(work)?;
    let note = work.body::<Note>()?.optional()?;
    store::set_state(work.connection, session.item.id, state)?;
    record(work, session, "close-scoring", state, note.as_deref())
}

/// Counts the sheets, if no rule of the council is broken.
pub fn conclude(work: &mut Work, session: &Session) -> Result<()> {
    let item = &session.item;
    let state = item.state.conclude()?;
    session.must_be_held(work)?;
    let (tally, votes) = session.tally(work)?;
    tally.must_hold()?;
    let note = work.body::<Note>()?.optional()?;
    let edition = session.edition(work)?;
    let verdict = result::rules::conclude(&edition, session.council.unit_code.level(), &votes)?;
    let (verdict, unmet) = after_conditions(work, session, &edition, verdict)?;
    let (gate_criterion, gate_reason) = gates(work, session)?;
    let concluded = Concluded {
        agenda_item_id: item.id,
        attempt: item.attempt,
        outcome: verdict.outcome,
        stars: verdict.stars,
        sum: verdict.sum,
        sheets: verdict.sheets,
        gate_criterion,
        gate_reason,
        unmet: Json(unmet),
        concluded_by: work.actor.id,
        concluded_at: work.now,
    };
    result::store::insert(work.connection, concluded)?;
    store::set_state(work.connection, item.id, state)?;
    let content = result::content::content(work.connection, item.id)?;
    record_with(work, session, "conclude", state, note.as_deref(), content)
}

/// What the conditions of edition and cycle leave of a verdict today. Every document on record for the product counts.
fn after_conditions(
    work: &mut Work,
    session: &Session,
    edition: &Edition,
    verdict: Verdict,
) -> Result<(Verdict, Vec<Condition>)> {
    let conditions = session.cycle(work)?.all_conditions()?;
    let papers = result::store::papers(work.connection, session.dossier.product_id)?;
    let known = Known { papers: &papers, figures: &session.dossier.figures.0, on: work.now.day() };
    conditions::apply(edition, session.council.unit_code.level(), verdict, &conditions, &known)
}

/// The criteria whose gates were raised and the reasons given, each once and sorted, so that they tell nothing of who
/// wrote them.
fn gates(work: &mut Work, session: &Session) -> Result<(Option<String>, Option<String>)> {
    let sheets = sheet::store::submitted(work.connection, session.item.id, session.item.attempt)?;
    let (mut criteria, mut reasons) = (BTreeSet::new(), BTreeSet::new());
    for gate in sheets.into_iter().filter_map(|sheet| sheet.gate) {
        criteria.insert(gate.0.criterion);
        reasons.insert(gate.0.reason);
    }
    let joined = |texts: BTreeSet<String>, between: &str| {
        (!texts.is_empty()).then(|| texts.into_iter().collect::<Vec<_>>().join(between))
    };
    Ok((joined(criteria, ", "), joined(reasons, "\n")))
}

/// Scores again with fresh sheets, where a rule is broken or the council voted so.
pub fn rescore(work: &mut Work, session: &Session) -> Result<()> {
    let item = &session.item;
    let state = item.state.rescore()?;
    session.must_be_held(work)?;
    let (tally, _) = session.tally(work)?;
    let form: RescoreForm = work.body()?;
    let is_broken = !tally.broken().is_empty();
    if !is_broken && form.votes_for.is_none() && form.votes_against.is_none() {
        return Err(Error::conflict(
            "no_rule_broken",
            say(
                "Không có quy tắc nào bị vi phạm: chấm lại cần biểu quyết có ghi lý do.",
                "No rule is broken: scoring again needs a recorded vote with a reason.",
            ),
        ));
    }
    let (reason, ballot) = form.checked(session.scoring_seats().count(), is_broken)?;
    recuse_by_rule(work, item.id, &session.dossier, &session.seats)?;
    let attempt = item.attempt + 1;
    let account = work.actor.id;
    store::insert_rescore(work.connection, item.id, attempt, &reason, ballot, account, work.now)?;
    store::set_attempt(work.connection, item.id, attempt, state)?;
    record(work, session, "rescore", state, Some(reason.as_str()).filter(|reason| !reason.is_empty()))
}

/// Takes back an own seat for this item; a sheet that was written does not count.
pub fn recuse(work: &mut Work, session: &Session) -> Result<()> {
    let item = &session.item;
    item.state.recuse()?;
    if session.is_recused(work.actor.id) {
        return Err(Error::conflict(
            "already_recused",
            say("Bạn đã không tham gia chấm sản phẩm này.", "You are recused from this product already."),
        ));
    }
    let form: RecusalForm = work.body()?;
    let mut faults = Vec::new();
    text::check(&form.reason, "/reason", 2000, &mut faults);
    faults.into_result()?;
    let account = work.actor.id;
    store::insert_recusal(work.connection, item.id, account, &form.reason, work.now)?;
    store::count_version(work.connection, item.id)?;
    record(work, session, "recuse", item.state, Some(&form.reason))
}

/// Leaves the product to a later round.
pub fn defer(work: &mut Work, session: &Session) -> Result<()> {
    let state = session.item.state.defer(session.is_stranded())?;
    let note = work.body::<Note>()?.demanded()?;
    store::set_admission(work.connection, session.item.id, Some(Admission::Deferred), state, Some(&note))?;
    record(work, session, "defer", state, Some(&note))
}

/// Takes the product in for scoring at the last council, after its office looked at it on site.
pub fn admit_step(work: &mut Work, session: &Session) -> Result<()> {
    may_be_admitted(work, session)?;
    let note = work.body::<Note>()?.optional()?;
    write_admission(work, session, note.as_deref())
}

fn may_be_admitted(work: &mut Work, session: &Session) -> Result<()> {
    session.item.state.admit()?;
    if !session.edition(work)?.is_last(session.council.unit_code.level()) {
        return Err(Error::conflict(
            "no_admission",
            say("Hội đồng này chấm không cần tiếp nhận.", "This council scores without an admission."),
        ));
    }
    match session.item.admission {
        Some(Admission::Admitted) => Err(Error::wrong_state("admit", Admission::Admitted.as_ref())),
        _ => Ok(()),
    }
}

fn write_admission(work: &mut Work, session: &Session, note: Option<&str>) -> Result<()> {
    let (id, state) = (session.item.id, session.item.state);
    store::set_admission(work.connection, id, Some(Admission::Admitted), state, note)?;
    record(work, session, "admit", state, note)
}

/// Sends a forwarded product up to the next council.
pub fn send_up_step(work: &mut Work, session: &Session) -> Result<()> {
    may_be_sent_up(work, session)?;
    let note = work.body::<Note>()?.optional()?;
    write_sent_up(work, session, note.as_deref())
}

fn may_be_sent_up(work: &mut Work, session: &Session) -> Result<()> {
    let item = &session.item;
    let outcome = result::store::find(work.connection, item.id)?.map(|concluded| concluded.outcome);
    match (item.state, outcome, item.sent_up_at) {
        (State::Concluded, Some(Outcome::Forwarded), None) => Ok(()),
        (State::Concluded, Some(Outcome::Forwarded), Some(_)) => Err(Error::wrong_state("send_up", "sent_up")),
        (State::Concluded, Some(outcome), _) => Err(Error::wrong_state("send_up", outcome.as_ref())),
        (state, _, _) => Err(Error::wrong_state("send_up", state.as_ref())),
    }
}

fn write_sent_up(work: &mut Work, session: &Session, note: Option<&str>) -> Result<()> {
    store::set_sent_up(work.connection, session.item.id, work.now)?;
    record(work, session, "send_up", session.item.state, note)
}

/// `send_up` of one item of a list that is applied to all or to none: rights, version, state, history.
pub fn send_up(work: &mut Work, id: AgendaItemId, version: i32, note: Option<&str>) -> Result<()> {
    let session = listed(work, id, version)?;
    may_be_sent_up(work, &session)?;
    write_sent_up(work, &session, note)
}

/// `admit` of one item of a list, as [`send_up`].
pub fn admit(work: &mut Work, id: AgendaItemId, version: i32, note: Option<&str>) -> Result<()> {
    let session = listed(work, id, version)?;
    may_be_admitted(work, &session)?;
    write_admission(work, &session, note)
}

fn listed(work: &mut Work, id: AgendaItemId, version: i32) -> Result<Session> {
    let session = Session::taken(work, id)?;
    session.must_be_office(work)?;
    if session.item.version == version { Ok(session) } else { Err(stale(session.item.version)) }
}
