//! Councils at work: appointed, opened, scoring, concluding; and the decisions that follow.

use crate::account::{Actor, Role};
use crate::base::id::{AgendaItemId, CouncilId, CycleId, DecisionId, DossierId};
use crate::base::{Error, Moment, Result, UnitCode};
use crate::decision::form::DecisionForm;
use crate::decision::promulgation::Signature;
use crate::demo::scoring::{self, Least};
use crate::demo::stage::Stage;
use crate::files::Folder;
use crate::product::steps::NewPicture;
use crate::rating::agenda::conclusion::CONCLUDE;
use crate::rating::agenda::making::AgendaForm;
use crate::rating::agenda::steps::{self, OpeningForm};
use crate::rating::council;
use crate::rating::council::SeatKind;
use crate::rating::council::rules::SeatForm;
use crate::rating::council::steps::CouncilForm;
use crate::rating::scoring::OwnSheet;
use crate::rating::scoring::steps::{SUBMIT, SheetForm, WRITE};
use crate::station::{Note, Order, apply, apply_creation, apply_creation_of_many, find};
use crate::{decision, dossier, product};

/// The people of a council; the first presides.
pub struct Council {
    pub unit: UnitCode,
    pub scoring: Vec<Actor>,
    pub seats: Vec<SeatForm>,
}

impl Council {
    /// What the totals add up to where each member gives so many points.
    pub fn sum_of(&self, points: i64) -> Result<i64> {
        Ok(points * i64::try_from(self.scoring.len()).map_err(Error::internal)?)
    }

    pub fn chair(&self) -> Result<&Actor> {
        self.scoring.first().ok_or_else(|| Error::internal("a council without members"))
    }
}

/// The accounts of a council: who scores, whoever presides first, and the secretary.
pub fn engaged(stage: &mut Stage, unit: UnitCode, names: &[&str], secretary: &str, at: Moment) -> Result<Council> {
    let mut scoring = Vec::new();
    for name in names {
        scoring.push(stage.account(name, Role::CouncilMember, None, at)?);
    }
    let secretary = stage.account(secretary, Role::CouncilMember, None, at)?;
    let kinds = [SeatKind::Chair, SeatKind::ViceChair].into_iter().chain(std::iter::repeat(SeatKind::Member));
    let mut seats: Vec<SeatForm> = scoring
        .iter()
        .zip(kinds)
        .map(|(actor, seat)| SeatForm { account_id: actor.id, seat, scores: None, organisation: None })
        .collect();
    seats.push(SeatForm { account_id: secretary.id, seat: SeatKind::Secretary, scores: None, organisation: None });
    Ok(Council { unit, scoring, seats })
}

/// Gives the product its picture, where it has none, and hands its dossier in, unless it stands again.
pub fn hand_in(stage: &mut Stage, producer: &Actor, dossier: DossierId, at: Moment) -> Result<()> {
    let dossier = dossier::store::find(stage.connection, dossier)?.ok_or_else(Error::unknown)?;
    if dossier.state == dossier::rules::State::Submitted {
        return Ok(());
    }
    let product = product::store::find(stage.connection, dossier.product_id)?.ok_or_else(Error::unknown)?;
    if product::attachment_store::count_pictures(stage.connection, &[product.id])?.is_empty() {
        let folder = Folder::of(&stage.app().data_dir);
        let picture = NewPicture { kept: stage.drawings.of(&folder, &product)?, unnamed: None };
        apply(&mut stage.work(producer, at), &product::steps::ADD_PICTURE, &product.id, Order::given(picture))?;
    }
    apply(&mut stage.work(producer, at), &dossier::steps::SUBMIT, &dossier.id, Order::given(Note::NONE))
}

/// Appoints a council, as a draft.
pub fn council_drafted(
    stage: &mut Stage,
    office: &Actor,
    council: &Council,
    cycle: CycleId,
    round: i32,
    at: Moment,
) -> Result<CouncilId> {
    let form = CouncilForm {
        cycle_id: cycle,
        unit_code: council.unit.clone(),
        round,
        decision_number: format!("{}/QĐ-UBND", 100 + round),
        delegation: None,
        rules: council::CouncilRules::default(),
        seats: council.seats.clone(),
        working_group: Vec::new(),
    };
    apply_creation(&mut stage.work(office, at), &council::steps::CREATE, form)
}

/// Appoints a council and opens it.
pub fn council_opened(
    stage: &mut Stage,
    office: &Actor,
    council: &Council,
    cycle: CycleId,
    round: i32,
    at: Moment,
) -> Result<CouncilId> {
    let id = council_drafted(stage, office, council, cycle, round, at)?;
    apply(&mut stage.work(office, at), &council::steps::OPEN, &id, Order::given(Note::NONE))?;
    Ok(id)
}

/// Puts dossiers on a council's agenda.
pub fn on_agenda(
    stage: &mut Stage,
    office: &Actor,
    council: CouncilId,
    dossiers: Vec<DossierId>,
    at: Moment,
) -> Result<Vec<AgendaItemId>> {
    let form = AgendaForm { council_id: council, dossier_ids: dossiers };
    let made = apply_creation_of_many(&mut stage.work(office, at), &steps::CREATE, form)?;
    Ok(made.into_iter().map(|session| session.item.id).collect())
}

/// Ends a council whose agenda is done.
pub fn council_closed(stage: &mut Stage, office: &Actor, id: CouncilId, at: Moment) -> Result<()> {
    apply(&mut stage.work(office, at), &council::steps::CLOSE, &id, Order::given(Note::NONE))
}

/// Scores an item so that the members' totals have the sum, and concludes it.
pub fn score(
    stage: &mut Stage,
    council: &Council,
    item: AgendaItemId,
    (sum, least): (i64, Least),
    at: Moment,
) -> Result<()> {
    open_scoring(stage, council, item, at)?;
    let totals =
        scoring::totals(i32::try_from(sum).map_err(Error::internal)?, council.scoring.len(), 10, &mut stage.chance)?;
    for (member, total) in council.scoring.iter().zip(totals) {
        submit_sheet(stage, member, item, (total, least), at)?;
    }
    close_scoring(stage, council, item, at)?;
    let mut work = stage.work(council.chair()?, at.plus(chrono::Duration::minutes(9)));
    apply(&mut work, &CONCLUDE, &item, Order::given(Note::NONE))
}

pub fn open_scoring(stage: &mut Stage, council: &Council, item: AgendaItemId, at: Moment) -> Result<()> {
    let mut work = stage.work(council.chair()?, at);
    apply(&mut work, &steps::OPEN_SCORING, &item, Order::given(OpeningForm::default()))
}

pub fn close_scoring(stage: &mut Stage, council: &Council, item: AgendaItemId, at: Moment) -> Result<()> {
    let mut work = stage.work(council.chair()?, at.plus(chrono::Duration::minutes(8)));
    apply(&mut work, &steps::CLOSE_SCORING, &item, Order::given(Note::NONE))
}

/// A member fills a sheet to a total and hands it in.
pub fn submit_sheet(
    stage: &mut Stage,
    member: &Actor,
    item: AgendaItemId,
    (total, least): (i32, Least),
    at: Moment,
) -> Result<()> {
    let mut work = stage.work(member, at.plus(chrono::Duration::minutes(5)));
    let OwnSheet { set, case, .. } = find(&mut work, &item)?;
    let marks = scoring::sheet(&set, case, total, least, &mut stage.chance)?;
    let mut work = stage.work(member, at.plus(chrono::Duration::minutes(5)));
    apply(&mut work, &WRITE, &item, Order::given(SheetForm { marks, gate: None }))?;
    apply(&mut work, &SUBMIT, &item, Order::given(Note::NONE))
}

/// Drafts a decision.
pub fn decision_drafted(stage: &mut Stage, office: &Actor, form: DecisionForm, at: Moment) -> Result<DecisionId> {
    apply_creation(&mut stage.work(office, at), &decision::steps::CREATE, form)
}

/// Promulgates a draft on the day of a moment.
pub fn promulgated(stage: &mut Stage, signatory: &Actor, draft: DecisionId, number: &str, at: Moment) -> Result<()> {
    let signature = Signature { number: number.to_owned(), signed_on: at.day(), original_compared: false };
    apply(&mut stage.work(signatory, at), &decision::steps::PROMULGATE, &draft, Order::given(signature))
}
