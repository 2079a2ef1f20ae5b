//! `/councils`: appointed, opened and closed by the office of their unit.

use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{Caller, Role, Work, store as accounts};
use crate::audit::{self, Entry, History, Resource};
use crate::base::id::{AccountId, CouncilId, CycleId, of};
use crate::base::{Error, Fault, Faults, Result, UnitCode, say};
use crate::cycle;
use crate::http::{Answer, At, ListParameters, Note, Page, Problem, Refusals, Stop};
use crate::rating::council::rules::{self, Rules, Seat, SeatForm, SeatKind, State};
use crate::rating::council::store::{self, Council, Filter, NewCouncil};

#[derive(Debug, Serialize, ToSchema)]
pub struct CouncilAnswer {
    id: CouncilId,
    version: i32,
    cycle_id: CycleId,
    unit_code: UnitCode,
    round: i32,
    decision_number: String,
    state: State,
    rules: Rules,
    seats: Vec<SeatAnswer>,
    /// Who checks dossiers before the session (tổ giúp việc).
    working_group: Vec<AccountName>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = WorkingGroupMember)]
pub struct AccountName {
    account_id: AccountId,
    name: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SeatAnswer {
    account_id: AccountId,
    name: String,
    seat: SeatKind,
    scores: bool,
}

impl From<Seat> for SeatAnswer {
    fn from(seat: Seat) -> Self {
        Self { account_id: seat.account, name: seat.name, seat: seat.kind, scores: seat.scores }
    }
}

/// Who has to do with a council.
pub struct People {
    pub seats: Vec<Seat>,
    pub working_group: Vec<AccountName>,
}

impl People {
    fn takes_part(&self, account: AccountId) -> bool {
        self.seats.iter().any(|seat| seat.account == account)
            || self.working_group.iter().any(|member| member.account_id == account)
    }
}

fn people(work: &mut Work, id: CouncilId) -> Result<People> {
    let seats = store::seats(work.connection, id)?;
    let working_group = store::working_groups(work.connection, &[id])?;
    let name = |(_, account_id, name)| AccountName { account_id, name };
    Ok(People { seats, working_group: working_group.into_iter().map(name).collect() })
}

impl CouncilAnswer {
    fn new(council: Council, people: People) -> Self {
        Self {
            id: council.id,
            version: council.version,
            cycle_id: council.cycle_id,
            unit_code: council.unit_code,
            round: council.round,
            decision_number: council.decision_number,
            state: council.state,
            rules: council.rules.0,
            seats: people.seats.into_iter().map(SeatAnswer::from).collect(),
            working_group: people.working_group,
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CouncilForm {
    pub cycle_id: CycleId,
    pub unit_code: UnitCode,
    pub round: i32,
    /// The number of the decision that set the council up.
    pub decision_number: String,
    #[serde(default)]
    pub rules: Rules,
    pub seats: Vec<SeatForm>,
    /// Who checks dossiers before the session; they read, remark and hand back, they do not score.
    #[serde(default)]
    pub working_group: Vec<AccountId>,
}

/// Appoints a council, as a draft.
pub fn make(work: &mut Work, form: CouncilForm) -> Result<Council> {
    rules::must_be_office(&work.actor, &form.unit_code)?;
    let Some(cycle) = cycle::store::find(work.connection, form.cycle_id)? else {
        return Err(Error::invalid(
            "/cycle_id",
            "unknown_cycle",
            say("Không có chu trình này.", "There is no such cycle."),
        ));
    };
    cycle.state.must_be_open()?;
    if store::exists(work.connection, cycle.id, &form.unit_code, form.round)? {
        return Err(Error::conflict(
            "council_taken",
            say("Đơn vị đã có hội đồng của đợt này.", "The unit has its council for this round already."),
        ));
    }
    let mut faults = rules::check(&form.decision_number, &form.rules, &form.seats);
    if !cycle.rounds.0.iter().any(|round| round.number == form.round) {
        faults.push(Fault::new(
            "/round",
            "unknown_round",
            say("Chu trình không có đợt này.", "The cycle has no such round."),
        ));
    }
    if cycle.edition.edition()?.stage(form.unit_code.level()).is_none() {
        faults.push(Fault::new(
            "/unit_code",
            "no_stage",
            say(
                "Quy trình của năm này không có hội đồng cấp này.",
                "This year's procedure has no council of this level.",
            ),
        ));
    }
    faults.extend(rules::check_working_group(&form.working_group, &form.seats));
    let seats = form.seats.iter().map(|seat| seat.account_id).enumerate();
    let seats = seats.map(|(index, account)| (format!("/seats/{index}/account_id"), account));
    let group = form.working_group.iter().copied().enumerate();
    let group = group.map(|(index, account)| (format!("/working_group/{index}"), account));
    for (pointer, account) in seats.chain(group) {
        match accounts::find(work.connection, account)? {
            Some(account) if account.ended_at.is_some() => faults.push(Fault::new(
                pointer,
                "ended_account",
                say("Tài khoản này đã chấm dứt.", "This account has ended."),
            )),
            Some(account) => faults.extend(rules::check_role(account.role, pointer)),
            None => faults.push(Fault::new(
                pointer,
                "unknown_account",
                say("Không có tài khoản này.", "There is no such account."),
            )),
        }
    }
    faults.into_result()?;
    let CouncilForm { cycle_id: cycle, unit_code: unit, round, decision_number, rules, seats, working_group } = form;
    let council = NewCouncil { cycle, unit, round, decision_number, rules, seats, working_group };
    let id = store::insert(work.connection, council, work.now)?;
    work.record(Entry {
        resource: Resource::Council,
        id,
        version: 1,
        account: None,
        verb: "create",
        from: None,
        to: Some(State::Draft.as_ref()),
        note: None,
    })?;
    store::find(work.connection, id)?.ok_or_else(Error::unknown)
}

fn entry<'a>(council: &'a Council, verb: &'a str, to: &'a State, note: Option<&'a str>) -> Entry<'a, of::Council> {
    Entry {
        resource: Resource::Council,
        id: council.id,
        version: council.version + 1,
        account: None,
        verb,
        from: Some(council.state.as_ref()),
        to: Some(to.as_ref()),
        note,
    }
}

/// 404 unless the asker may know of the council.
pub fn must_see(work: &mut Work, council: Option<Council>) -> Result<(Council, People)> {
    let council = council.ok_or_else(Error::unknown)?;
    let people = people(work, council.id)?;
    let may_know = people.takes_part(work.actor.id) || rules::sees(&work.actor, &council.unit_code);
    if may_know { Ok((council, people)) } else { Err(Error::unknown()) }
}

fn shown(work: &mut Work, id: CouncilId) -> Result<Answer, Stop> {
    let found = store::find(work.connection, id)?;
    let (council, people) = must_see(work, found)?;
    Ok(Answer::resource(council.version, CouncilAnswer::new(council, people))?)
}

/// Appoints a council for a round (office of the unit).
#[utoipa::path(tag = "councils", request_body = CouncilForm, responses((status = 201, body = CouncilAnswer), Refusals))]
#[post("/councils")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            work.must_be(&[Role::DistrictOfficer, Role::ProvincialOfficer])?;
            work.begin()?;
            let form = work.body()?;
            let council = make(work, form)?;
            let people = people(work, council.id)?;
            let at = format!("/api/v1/councils/{}", council.id);
            Ok(Answer::created(at, council.version, CouncilAnswer::new(council, people))?)
        })
        .await
}

/// The councils that one may know of, the newest first.
#[utoipa::path(tag = "councils", params(ListParameters), responses((status = 200, body = Page<CouncilAnswer>), Refusals))]
#[get("/councils")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let mut query = work.request.query();
            let paging = query.paging();
            let filter = Filter {
                cycle: query.take("cycle_id"),
                unit: query.take("unit_code"),
                state: query.take("state"),
                after: paging.after,
                limit: paging.one_more(),
            };
            query.finish()?;
            let found = store::list(work.connection, &work.actor, &filter)?;
            let (councils, next) = paging.cut(found, |council| council.id)?;
            let ids: Vec<CouncilId> = councils.iter().map(|council| council.id).collect();
            let seats = store::seats_of(work.connection, &ids)?;
            let groups = store::working_groups(work.connection, &ids)?;
            let answer = |council: Council| {
                let seats = seats.iter().filter(|(id, _)| *id == council.id).map(|(_, seat)| seat.clone());
                let group = groups.iter().filter(|(id, _, _)| *id == council.id);
                let group = group.map(|(_, account, name)| AccountName { account_id: *account, name: name.clone() });
                let people = People { seats: seats.collect(), working_group: group.collect() };
                CouncilAnswer::new(council, people)
            };
            Ok(Answer::page(councils.into_iter().map(answer).collect(), next)?)
        })
        .await
}

/// One council with its seats.
#[utoipa::path(tag = "councils", responses((status = 200, body = CouncilAnswer), Refusals))]
#[get("/councils/{id}")]
pub async fn read(caller: Caller, id: At<CouncilId>) -> Result<Answer, Problem> {
    caller.read(|work| shown(work, id.get()?)).await
}

/// Opens a council (office of its unit): its members may read and score.
#[utoipa::path(tag = "councils", request_body = Note, responses((status = 200, body = CouncilAnswer), Refusals))]
#[post("/councils/{id}/open")]
pub async fn open(caller: Caller, id: At<CouncilId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, "open", opened)).await
}

/// Closes a council (office of its unit) once every product on its agenda is concluded or deferred.
#[utoipa::path(tag = "councils", request_body = Note, responses((status = 200, body = CouncilAnswer), Refusals))]
#[post("/councils/{id}/close")]
pub async fn close(caller: Caller, id: At<CouncilId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, "close", closed)).await
}

fn opened(work: &mut Work, council: &Council) -> Result<State> {
    let state = council.state.open()?;
    let cycle = cycle::store::find(work.connection, council.cycle_id)?.ok_or_else(Error::unknown)?;
    cycle.state.must_be_open()?;
    Ok(state)
}

fn closed(work: &mut Work, council: &Council) -> Result<State> {
    let state = council.state.close()?;
    let unfinished = store::unfinished(work.connection, council.id)?;
    if unfinished.is_empty() {
        return Ok(state);
    }
    let names = unfinished.join(", ");
    Err(Error::conflict(
        "items_unfinished",
        say(
            format!("Còn sản phẩm chưa có kết luận: {names}."),
            format!("Some products are neither concluded nor deferred: {names}."),
        ),
    ))
}

fn step(
    work: &mut Work,
    id: CouncilId,
    verb: &str,
    transition: fn(&mut Work, &Council) -> Result<State>,
) -> Result<Answer, Stop> {
    let taken = store::take(work.connection, id)?;
    let (council, _) = must_see(work, taken)?;
    rules::must_be_office(&work.actor, &council.unit_code)?;
    work.begin_at(council.version)?;
    let state = transition(work, &council)?;
    let note = work.body::<Note>()?.optional()?;
    advance(work, &council, verb, state, note.as_deref())?;
    shown(work, id)
}

fn advance(work: &mut Work, council: &Council, verb: &str, state: State, note: Option<&str>) -> Result<()> {
    store::set_state(work.connection, council.id, state)?;
    work.record(entry(council, verb, &state, note))
}

/// Opens a council for which nothing stands against it.
pub fn open_now(work: &mut Work, council: &Council) -> Result<()> {
    let state = opened(work, council)?;
    advance(work, council, "open", state, None)
}

/// Closes a council for which nothing stands against it.
pub fn close_now(work: &mut Work, council: &Council) -> Result<()> {
    let state = closed(work, council)?;
    advance(work, council, "close", state, None)
}

/// What happened to a council.
#[utoipa::path(tag = "councils", responses((status = 200, body = Page<History>), Refusals))]
#[get("/councils/{id}/history")]
pub async fn history(caller: Caller, id: At<CouncilId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let found = store::find(work.connection, id.get()?)?;
            let (council, _) = must_see(work, found)?;
            Ok(audit::answer(work.connection, &work.request, Resource::Council, council.id)?)
        })
        .await
}
