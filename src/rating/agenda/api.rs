//! `/agenda-items`: a product's way through a council's session.

use actix_web::{get, patch, post};
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Caller, Role, Work};
use crate::audit::{self, History, Resource};
use crate::base::id::{AccountId, AgendaItemId, CouncilId, CriteriaSetId, DossierId, ProductId};
use crate::base::{Day, Error, Moment, Result};
use crate::http::{Answer, At, ListParameters, Note, Page, Problem, Refusals, Stop};
use crate::rating::agenda::calendar::Warning;
use crate::rating::agenda::making::{self, AgendaForm};
use crate::rating::agenda::rules::{Admission, RescoreForm, State};
use crate::rating::agenda::session::Session;
use crate::rating::agenda::steps::{self, AbsenceForm, DatesChange, OpeningForm, PresenceForm, RecusalForm};
use crate::rating::agenda::store::{self, Filter, Item, Names};
use crate::rating::council::SeatKind;
use crate::rating::result::rules::{Broken, Tally};
use crate::rating::sheet;

#[derive(Debug, Serialize, ToSchema)]
pub struct ItemAnswer {
    id: AgendaItemId,
    version: i32,
    council_id: CouncilId,
    dossier_id: DossierId,
    product_id: ProductId,
    product_name: String,
    /// The code, id and version of the set that it is scored with.
    criteria_set: Option<String>,
    criteria_set_id: Option<CriteriaSetId>,
    criteria_set_version: Option<i32>,
    /// The item at the council before, from which it was sent up.
    sent_from: Option<AgendaItemId>,
    position: i32,
    state: State,
    attempt: i32,
    admission: Option<Admission>,
    note: Option<String>,
    sent_up_at: Option<Moment>,
    /// When the session is, and when dossier and samples went to the members.
    session_on: Option<Day>,
    dossier_sent_on: Option<Day>,
    samples_sent_on: Option<Day>,
    /// Who presided and acknowledged that they went out late.
    short_notice_accepted_by: Option<AccountId>,
    /// What who presides should know before the scoring; only for the session's leaders.
    #[serde(skip_serializing_if = "Option::is_none")]
    warnings: Option<Vec<Warning>>,
    /// What one's own seat has to do with it; only for who sits.
    #[serde(skip_serializing_if = "Option::is_none")]
    me: Option<OwnSeat>,
    /// Who is there and who has submitted; only for who presides, the secretary and the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    attendance: Option<Vec<Attendance>>,
    /// The count without marks; only for the same, from the close of scoring to the conclusion.
    #[serde(skip_serializing_if = "Option::is_none")]
    tally: Option<TallyAnswer>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OwnSeat {
    seat: SeatKind,
    presides: bool,
    scores: bool,
    recused: bool,
    absent: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Attendance {
    account_id: AccountId,
    name: String,
    seat: SeatKind,
    presides: bool,
    scores: bool,
    /// Why this seat does not score the item, if so.
    recused: Option<String>,
    /// Why this seat is not there, if so.
    absent: Option<String>,
    submitted: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TallyAnswer {
    sheets: usize,
    needed: usize,
    /// How far apart the totals lie; null while there are too few sheets, when it would tell a member's total.
    spread: Option<i32>,
    max_spread: i32,
    /// Null while there are too few sheets, as the spread.
    gates_disagree: Option<bool>,
    /// The rules of the council that are broken, the quorum first; with none it may conclude.
    broken: Vec<Broken>,
}

/// With fewer sheets neither spread nor gates are told.
const FEWEST_TOLD: usize = 3;

impl From<Tally> for TallyAnswer {
    fn from(tally: Tally) -> Self {
        // Two sheets and their spread would tell one member's total to the other.
        let has_quorum = tally.sheets >= tally.needed.max(FEWEST_TOLD);
        Self {
            sheets: tally.sheets,
            needed: tally.needed,
            spread: has_quorum.then_some(tally.spread),
            max_spread: tally.max_spread,
            gates_disagree: has_quorum.then(|| tally.gates_disagree()),
            broken: if has_quorum { tally.broken() } else { vec![Broken::NoQuorum] },
        }
    }
}

impl ItemAnswer {
    fn new(item: Item, names: Names) -> Self {
        Self {
            id: item.id,
            version: item.version,
            council_id: item.council_id,
            dossier_id: item.dossier_id,
            product_id: names.product_id,
            product_name: names.product_name,
            criteria_set: names.criteria_set,
            criteria_set_id: names.criteria_set_id,
            criteria_set_version: names.criteria_set_version,
            sent_from: item.sent_from,
            position: item.position,
            state: item.state,
            attempt: item.attempt,
            admission: item.admission,
            note: item.note,
            sent_up_at: item.sent_up_at,
            session_on: item.session_on,
            dossier_sent_on: item.dossier_sent_on,
            samples_sent_on: item.samples_sent_on,
            short_notice_accepted_by: item.short_notice_accepted_by,
            warnings: None,
            me: None,
            attendance: None,
            tally: None,
        }
    }
}

/// Items of a list, each with its names.
fn named(work: &mut Work, items: Vec<Item>) -> Result<Vec<ItemAnswer>> {
    let ids: Vec<AgendaItemId> = items.iter().map(|item| item.id).collect();
    let names = store::names(work.connection, &ids)?;
    let answer = |item: Item| {
        let names = names.iter().find(|names| names.id == item.id).cloned();
        names.map(|names| ItemAnswer::new(item, names)).ok_or_else(|| Error::internal("an item without its product"))
    };
    items.into_iter().map(answer).collect()
}

/// One item, with what the asker may know of its session.
fn shown(work: &mut Work, id: AgendaItemId) -> Result<Answer, Stop> {
    let session = Session::visible(work, id)?;
    let version = session.item.version;
    let mut answer = named(work, vec![session.item.clone()])?.pop().ok_or_else(Error::unknown)?;
    answer.me = session.seat(work.actor.id).map(|seat| OwnSeat {
        seat: seat.kind,
        presides: session.presides(seat.account),
        scores: seat.scores,
        recused: session.is_recused(seat.account),
        absent: session.is_absent(seat.account),
    });
    if session.is_led_by(work) {
        answer.attendance = Some(attendance(work, &session)?);
        answer.warnings = Some(session.warnings(None)?);
        if session.item.state == State::Scored {
            answer.tally = Some(session.tally(work)?.0.into());
        }
    }
    Ok(Answer::resource(version, answer)?)
}

fn attendance(work: &mut Work, session: &Session) -> Result<Vec<Attendance>> {
    let submitters = sheet::store::submitters(work.connection, session.item.id, session.item.attempt)?;
    let attendance = session.seats.iter().map(|seat| {
        let absence = session.absences.iter().find(|absence| absence.account_id == seat.account);
        let recusal = session.recusals.iter().find(|recusal| recusal.account_id == seat.account);
        Attendance {
            account_id: seat.account,
            name: seat.name.clone(),
            seat: seat.kind,
            presides: session.presides(seat.account),
            scores: seat.scores,
            recused: recusal.map(|recusal| recusal.reason.clone()),
            absent: absence.map(|absence| absence.reason.clone()),
            submitted: submitters.contains(&seat.account),
        }
    });
    Ok(attendance.collect())
}

type Right = fn(&Session, &Work) -> Result<()>;
type Step = fn(&mut Work, &Session) -> Result<()>;

/// Carries a verb out, in the order of the checks.
fn step(work: &mut Work, id: AgendaItemId, right: Right, step: Step) -> Result<Answer, Stop> {
    let session = Session::taken(work, id)?;
    right(&session, work)?;
    work.begin_at(session.item.version)?;
    step(work, &session)?;
    shown(work, id)
}

/// New items of an agenda.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewItems {
    items: Vec<ItemAnswer>,
}

/// Puts dossiers on an agenda, all or none (office of the council's unit).
#[utoipa::path(tag = "agenda items", request_body = AgendaForm, responses((status = 201, body = NewItems), Refusals))]
#[post("/agenda-items")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            work.must_be(&[Role::DistrictOfficer, Role::ProvincialOfficer])?;
            work.begin()?;
            let form: AgendaForm = work.body()?;
            let ids = making::make(work, &form)?;
            let mut items = Vec::new();
            for id in ids {
                items.push(Session::visible(work, id)?.item);
            }
            let items = named(work, items)?;
            Ok(Answer::made(format!("/api/v1/agenda-items?council_id={}", form.council_id), NewItems { items })?)
        })
        .await
}

/// The items that one may know of, in the order of their agendas.
#[utoipa::path(
    tag = "agenda items",
    params(
        ListParameters,
        ("council_id" = Option<uuid::Uuid>, Query), ("dossier_id" = Option<uuid::Uuid>, Query),
    ),
    responses((status = 200, body = Page<ItemAnswer>), Refusals)
)]
#[get("/agenda-items")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let mut query = work.request.query();
            let paging = query.paging();
            let filter = Filter {
                council: query.take("council_id"),
                dossier: query.take("dossier_id"),
                cycle: query.take("cycle_id"),
                product: query.take("product_id"),
                producer: query.take("producer_id"),
                unit: query.take("unit_code"),
                state: query.take("state"),
                after: paging.after,
                limit: paging.one_more(),
            };
            query.finish()?;
            let found = store::list(work.connection, &work.actor, &filter)?;
            let (items, next) = paging.cut(found, |item| item.id)?;
            Ok(Answer::page(named(work, items)?, next)?)
        })
        .await
}

/// One item.
#[utoipa::path(tag = "agenda items", responses((status = 200, body = ItemAnswer), Refusals))]
#[get("/agenda-items/{id}")]
pub async fn read(caller: Caller, id: At<AgendaItemId>) -> Result<Answer, Problem> {
    caller.read(|work| shown(work, id.get()?)).await
}

/// Records when the session is and when dossier and samples went to the members (office of the council's unit).
#[utoipa::path(tag = "agenda items", request_body = DatesChange, responses((status = 200, body = ItemAnswer), Refusals))]
#[patch("/agenda-items/{id}")]
pub async fn change(caller: Caller, id: At<AgendaItemId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, Session::must_be_office, steps::plan)).await
}

/// Records that a member is not there (secretary, office): where it is the chair, the vice-chair presides.
#[utoipa::path(tag = "agenda items", request_body = AbsenceForm, responses((status = 200, body = ItemAnswer), Refusals))]
#[post("/agenda-items/{id}/absent")]
pub async fn absent(caller: Caller, id: At<AgendaItemId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, Session::must_keep_the_book, steps::absent)).await
}

/// Records that a member is there after all (secretary, office).
#[utoipa::path(tag = "agenda items", request_body = PresenceForm, responses((status = 200, body = ItemAnswer), Refusals))]
#[post("/agenda-items/{id}/present")]
pub async fn present(caller: Caller, id: At<AgendaItemId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, Session::must_keep_the_book, steps::present)).await
}

/// Opens the scoring (who presides), and acknowledges what it is warned of.
#[utoipa::path(tag = "agenda items", request_body = OpeningForm, responses((status = 200, body = ItemAnswer), Refusals))]
#[post("/agenda-items/{id}/open-scoring")]
pub async fn open_scoring(caller: Caller, id: At<AgendaItemId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, Session::must_preside, steps::open_scoring)).await
}

/// Closes the scoring (who presides): no sheet changes any more.
#[utoipa::path(tag = "agenda items", request_body = Note, responses((status = 200, body = ItemAnswer), Refusals))]
#[post("/agenda-items/{id}/close-scoring")]
pub async fn close_scoring(caller: Caller, id: At<AgendaItemId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, Session::must_preside, steps::close_scoring)).await
}

/// Concludes (who presides), where quorum, spread and gates allow it.
#[utoipa::path(tag = "agenda items", request_body = Note, responses((status = 200, body = ItemAnswer), Refusals))]
#[post("/agenda-items/{id}/conclude")]
pub async fn conclude(caller: Caller, id: At<AgendaItemId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, Session::must_preside, steps::conclude)).await
}

/// Scores again with fresh sheets (who presides): where a rule of the council is broken, or by a recorded vote.
#[utoipa::path(tag = "agenda items", request_body = RescoreForm, responses((status = 200, body = ItemAnswer), Refusals))]
#[post("/agenda-items/{id}/rescore")]
pub async fn rescore(caller: Caller, id: At<AgendaItemId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, Session::must_preside, steps::rescore)).await
}

/// Takes the product in for scoring at the last council (its office).
#[utoipa::path(tag = "agenda items", request_body = Note, responses((status = 200, body = ItemAnswer), Refusals))]
#[post("/agenda-items/{id}/admit")]
pub async fn admit(caller: Caller, id: At<AgendaItemId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, Session::must_be_office, steps::admit_step)).await
}

/// Leaves the product to a later round (office of the council's unit); a note is needed.
#[utoipa::path(tag = "agenda items", request_body = Note, responses((status = 200, body = ItemAnswer), Refusals))]
#[post("/agenda-items/{id}/defer")]
pub async fn defer(caller: Caller, id: At<AgendaItemId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, Session::must_be_office, steps::defer)).await
}

/// Sends a forwarded product up to the next council (office of the council's unit).
#[utoipa::path(tag = "agenda items", request_body = Note, responses((status = 200, body = ItemAnswer), Refusals))]
#[post("/agenda-items/{id}/send_up")]
pub async fn send_up(caller: Caller, id: At<AgendaItemId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, Session::must_be_office, steps::send_up_step)).await
}

/// Takes one's own seat back for this product, with the reason.
#[utoipa::path(tag = "agenda items", request_body = RecusalForm, responses((status = 200, body = ItemAnswer), Refusals))]
#[post("/agenda-items/{id}/recuse")]
pub async fn recuse(caller: Caller, id: At<AgendaItemId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, Session::must_have_scoring_seat, steps::recuse)).await
}

/// What happened to an item; sheets are never in it.
#[utoipa::path(tag = "agenda items", responses((status = 200, body = Page<History>), Refusals))]
#[get("/agenda-items/{id}/history")]
pub async fn history(caller: Caller, id: At<AgendaItemId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let session = Session::visible(work, id.get()?)?;
            Ok(audit::answer(work.connection, &work.request, Resource::AgendaItem, session.item.id)?)
        })
        .await
}
