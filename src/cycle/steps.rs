//! The steps of cycles: made, corrected while they are drafts, opened and closed by the provincial office.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Role, Work};
use crate::base::id::CycleId;
use crate::base::{Day, Error, Result, say};
use crate::cycle::condition::Condition;
use crate::cycle::rules::{self, Round, StampsFrom, State, Targets};
use crate::cycle::store::{self, Plan};
use crate::cycle::{Cycle, EditionCode};
use crate::station::{By, Creation, Note, Offer, Taken, Verb, label, patch_forms, plain_forms};

/// A cycle as it is made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CycleForm {
    pub year: i32,
    /// The edition of the procedure; without it the one in force today.
    #[serde(default)]
    pub edition: Option<EditionCode>,
    pub idea_deadline: Day,
    /// Without them the rounds of the edition, where its act names any.
    #[serde(default)]
    pub rounds: Option<Vec<Round>>,
    #[serde(default)]
    pub targets: Targets,
    #[serde(default)]
    pub stamps_from: StampsFrom,
    #[serde(default)]
    pub conditions: Vec<Condition>,
}

/// What may change of a draft; what is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CycleChange {
    #[schema(nullable = false)]
    pub year: Option<i32>,
    #[schema(nullable = false)]
    pub edition: Option<EditionCode>,
    #[schema(nullable = false)]
    pub idea_deadline: Option<Day>,
    /// They replace those before; null takes the rounds of the edition, where its act names any.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<Vec<Round>>)]
    pub rounds: Option<Option<Vec<Round>>>,
    /// They replace those before; null clears them.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<Targets>)]
    pub targets: Option<Option<Targets>>,
    #[schema(nullable = false)]
    pub stamps_from: Option<StampsFrom>,
    /// They replace those before; null clears them.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<Vec<Condition>>)]
    pub conditions: Option<Option<Vec<Condition>>>,
}

plain_forms!(CycleForm);
patch_forms!(CycleChange);

const OFFICE: By = By::Roles(&[Role::ProvincialOfficer]);

/// Makes a cycle, as a draft.
pub static CREATE: Creation<Cycle, CycleForm> = Creation::new(label("Lập chu trình", "Make a cycle"), OFFICE, make);

/// Corrects a cycle that is still a draft.
pub static CHANGE: Verb<Cycle, CycleChange> =
    Verb::new("change", label("Sửa chu trình", "Correct the cycle"), OFFICE, change)
        .open(|_, cycle| cycle.state.change());

/// Opens a cycle: ideas may be registered. Its edition must not have lapsed since it was drafted.
pub static OPEN: Verb<Cycle, Note> = Verb::new("open", label("Mở chu trình", "Open the cycle"), OFFICE, open)
    .open(|_, cycle| cycle.state.open().map(drop));

/// Closes a cycle: its work ends.
pub static CLOSE: Verb<Cycle, Note> =
    Verb::new("close", label("Đóng chu trình", "Close the cycle"), OFFICE, |work, cycle, note| {
        advance(work, cycle, cycle.state.close()?, note)
    })
    .open(|_, cycle| cycle.state.close().map(drop));

pub static VERBS: &[&dyn Offer<Cycle>] = &[&CHANGE, &OPEN, &CLOSE];

fn make(work: &mut Work, form: CycleForm) -> Result<(CycleId, Taken)> {
    let plan = checked(work, form, None)?;
    let id = store::insert(work.connection, plan, work.now)?;
    Ok((id, Taken::to(State::Draft)))
}

/// The form as it may be kept; a year has one cycle of each edition.
fn checked(work: &mut Work, form: CycleForm, own: Option<CycleId>) -> Result<Plan> {
    let CycleForm { year, edition, idea_deadline, rounds, targets, stamps_from, conditions } = form;
    let today = work.now.day();
    let code = match edition {
        Some(code) => code,
        None => EditionCode::in_force_on(today)?,
    };
    let edition = code.edition()?;
    let rounds = match rounds {
        Some(rounds) => rounds,
        None => rules::usual_rounds(&edition, year)?,
    };
    rules::check(year, idea_deadline, &rounds, &targets, &conditions)?;
    edition.must_be_in_force(year, today)?;
    if store::of_year(work.connection, year, code)?.is_some_and(|cycle| Some(cycle.id) != own) {
        return Err(Error::conflict(
            "year_taken",
            say(
                format!("Năm {year} đã có chu trình theo phiên bản {}.", code.as_ref()),
                format!("The year {year} has its cycle of the edition {} already.", code.as_ref()),
            ),
        ));
    }
    Ok(Plan { year, edition: code, idea_deadline, rounds, targets, stamps_from, conditions })
}

fn change(work: &mut Work, cycle: &Cycle, change: CycleChange) -> Result<Taken> {
    let before = cycle.plan();
    let form = CycleForm {
        year: change.year.unwrap_or(before.year),
        edition: Some(change.edition.unwrap_or(before.edition)),
        idea_deadline: change.idea_deadline.unwrap_or(before.idea_deadline),
        rounds: change.rounds.unwrap_or(Some(before.rounds)),
        targets: change.targets.map_or(before.targets, Option::unwrap_or_default),
        stamps_from: change.stamps_from.unwrap_or(before.stamps_from),
        conditions: change.conditions.map_or(before.conditions, Option::unwrap_or_default),
    };
    let plan = checked(work, form, Some(cycle.id))?;
    if plan == cycle.plan() {
        return Ok(Taken::unchanged());
    }
    store::replace(work.connection, cycle.id, plan)?;
    Ok(Taken::stayed())
}

fn open(work: &mut Work, cycle: &Cycle, note: Note) -> Result<Taken> {
    cycle.edition.edition()?.must_be_in_force(cycle.year, work.now.day())?;
    advance(work, cycle, cycle.state.open()?, note)
}

fn advance(work: &mut Work, cycle: &Cycle, state: State, note: Note) -> Result<Taken> {
    store::set_state(work.connection, cycle.id, state)?;
    Ok(Taken::to(state).with_note(note.note))
}
