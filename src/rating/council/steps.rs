//! The steps of councils: appointing, opening, closing, and giving up what was appointed by mistake.

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Asker, Role, Work, store as accounts};
use crate::base::id::{AccountId, CouncilId, CycleId};
use crate::base::{Error, Fault, Faults, Message, Result, UnitCode, say};
use crate::cycle;
use crate::rating::council::Council;
use crate::rating::council::rules::{self, CouncilRules, SeatForm, State};
use crate::rating::council::store::{self, NewCouncil};
use crate::station::{By, Creation, Note, Offer, Taken, Verb, label, plain_forms};

/// A council as it is appointed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CouncilForm {
    pub cycle_id: CycleId,
    pub unit_code: UnitCode,
    pub round: i32,
    /// The number of the decision that set the council up.
    pub decision_number: String,
    /// The paper that delegated the chair, where the chair is not a leader of the People's Committee.
    #[serde(default)]
    pub delegation: Option<String>,
    #[serde(default)]
    pub rules: CouncilRules,
    pub seats: Vec<SeatForm>,
    /// Who checks dossiers before the session; they read, remark and hand back, they do not score.
    #[serde(default)]
    pub working_group: Vec<AccountId>,
}

plain_forms!(CouncilForm);

/// The offices that run councils, each those of its own unit.
pub const OFFICES: By = By::Some(
    &[Role::DistrictOfficer, Role::ProvincialOfficer],
    label("cơ quan thường trực của đơn vị lập hội đồng", "the office of the council's unit"),
);

/// Appoints a council for a round, as a draft.
pub static CREATE: Creation<Council, CouncilForm> =
    Creation::new(label("Thành lập hội đồng", "Appoint a council"), OFFICES, appoint);

/// Opens a council: its members may read and score.
pub static OPEN: Verb<Council, Note> =
    Verb::new("open", label("Mở hội đồng", "Open the council"), OFFICES, |work, council, note| {
        must_be_different_people(work, council)?;
        must_have_enough_seats(work, council)?;
        advance(work, council, council.row.state.open()?, note)
    })
    .right(must_be_office)
    .open(|_, council| {
        council.row.state.open()?;
        council.cycle.state.must_be_open()
    });

/// Gives up a council that was appointed by mistake, before it opens: the round may have another. Its history stays.
pub static DISCARD: Verb<Council, Note> =
    Verb::new("discard", label("Bỏ bản nháp", "Discard the draft"), OFFICES, |work, council, note| {
        advance(work, council, council.row.state.discard()?, note)
    })
    .right(must_be_office)
    .open(may_discard);

/// Closes a council once every product on its agenda is concluded or deferred.
pub static CLOSE: Verb<Council, Note> =
    Verb::new("close", label("Kết thúc hội đồng", "Close the council"), OFFICES, |work, council, note| {
        advance(work, council, council.row.state.close()?, note)
    })
    .right(must_be_office)
    .open(may_close);

pub static VERBS: &[&dyn Offer<Council>] = &[&OPEN, &DISCARD, &CLOSE];

fn must_be_office(asker: Asker, council: &Council) -> Result<()> {
    rules::must_be_office(asker.actor, &council.row.unit_code)
}

/// Its products would wait for nobody.
fn may_discard(_: Asker, council: &Council) -> Result<()> {
    council.row.state.discard()?;
    must_be_done(council)
}

fn may_close(_: Asker, council: &Council) -> Result<()> {
    council.row.state.close()?;
    must_be_done(council)
}

fn must_be_done(council: &Council) -> Result<()> {
    if council.unfinished.is_empty() {
        return Ok(());
    }
    let names = council.unfinished.join(", ");
    Err(Error::conflict(
        "items_unfinished",
        say(
            format!("Còn sản phẩm chưa có kết luận: {names}."),
            format!("Some products are neither concluded nor deferred: {names}."),
        ),
    ))
}

fn advance(work: &mut Work, council: &Council, state: State, note: Note) -> Result<Taken> {
    store::set_state(work.connection, council.row.id, state)?;
    Ok(Taken::to(state).with_note(note.note))
}

fn appoint(work: &mut Work, form: CouncilForm) -> Result<(CouncilId, Taken)> {
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
    let mut faults = rules::check(&form.decision_number, form.delegation.as_deref(), &form.rules, &form.seats);
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
    faults.extend(unfit_accounts(work, &form)?);
    let seated: Vec<AccountId> = form.seats.iter().map(|seat| seat.account_id).collect();
    for index in repeated_people(work, &seated)? {
        faults.push(Fault::new(format!("/seats/{index}/account_id"), "same_person", same_person()));
    }
    faults.into_result()?;
    let CouncilForm {
        cycle_id: cycle,
        unit_code: unit,
        round,
        decision_number,
        delegation,
        rules,
        seats,
        working_group,
    } = form;
    let council = NewCouncil { cycle, unit, round, decision_number, delegation, rules, seats, working_group };
    let id = store::insert(work.connection, council, work.now)?;
    Ok((id, Taken::to(State::Draft)))
}

/// Which of these accounts are of a person who stands among them by another account before, as their identity numbers tell.
fn repeated_people(work: &mut Work, accounts: &[AccountId]) -> Result<Vec<usize>> {
    let numbers = accounts::identity_numbers(work.connection, accounts)?;
    let mut seen = BTreeMap::new();
    let mut repeated = Vec::new();
    for (index, account) in accounts.iter().enumerate() {
        let Some(number) = numbers.get(account) else { continue };
        if seen.insert(number, *account).is_some_and(|before| before != *account) {
            repeated.push(index);
        }
    }
    Ok(repeated)
}

/// 409 where somebody holds two seats by two accounts: their numbers may have been entered since they were appointed.
fn must_be_different_people(work: &mut Work, council: &Council) -> Result<()> {
    let seated: Vec<AccountId> = council.seats.iter().map(|seat| seat.account).collect();
    if repeated_people(work, &seated)?.is_empty() { Ok(()) } else { Err(Error::conflict("same_person", same_person())) }
}

/// 409 where accounts of seats ended since they were appointed and too few are left.
fn must_have_enough_seats(work: &mut Work, council: &Council) -> Result<()> {
    let scoring: Vec<AccountId> = council.seats.iter().filter(|seat| seat.scores).map(|seat| seat.account).collect();
    let able = accounts::of_ids(work.connection, &scoring)?.iter().filter(|account| account.ended_at.is_none()).count();
    council.row.rules.0.must_be_enough(scoring.len(), able)
}

fn same_person() -> Message {
    say(
        "Một người giữ hai ghế bằng hai tài khoản (cùng số căn cước).",
        "One person holds two seats by two accounts (the same identity number).",
    )
}

/// Those who cannot sit or check, each by its place.
fn unfit_accounts(work: &mut Work, form: &CouncilForm) -> Result<Vec<Fault>> {
    let seats = form.seats.iter().map(|seat| seat.account_id).enumerate();
    let seats = seats.map(|(index, account)| (format!("/seats/{index}/account_id"), account));
    let group = form.working_group.iter().copied().enumerate();
    let group = group.map(|(index, account)| (format!("/working_group/{index}"), account));
    let mut faults = Vec::new();
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
    Ok(faults)
}
