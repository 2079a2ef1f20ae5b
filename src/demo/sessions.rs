//! Councils at work: a round's sessions at the districts and at the province, and the decision that follows.

use std::collections::BTreeMap;

use crate::account::Actor;
use crate::base::id::{AgendaItemId, CouncilId, CycleId, DossierId};
use crate::base::{Day, Error, Moment, Result, UnitCode};
use crate::cycle::Cycle;
use crate::decision::form::DecisionForm;
use crate::decision::promulgation::Signature;
use crate::decision::rules::Kind as DecisionKind;
use crate::decision::{self, certificate_store};
use crate::demo::cast::{Cast, Council};
use crate::demo::figures::{Entrant, Scores, Year};
use crate::demo::scoring;
use crate::demo::stage::{Stage, day, on};
use crate::files::Folder;
use crate::product::steps::NewPicture;
use crate::rating::agenda::conclusion::CONCLUDE;
use crate::rating::agenda::making::AgendaForm;
use crate::rating::agenda::steps::{self, OpeningForm};
use crate::rating::council;
use crate::rating::council::steps::CouncilForm;
use crate::rating::scoring::OwnSheet;
use crate::rating::scoring::steps::{SUBMIT, SheetForm, WRITE};
use crate::station::{Note, Order, Reason, apply, apply_creation, apply_creation_of_many, find};
use crate::{dossier, product};

/// What a product comes to in a round.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Below,
    Three,
    Four,
}

/// One round: district councils, the letters up, the provincial council, the decision.
pub fn round(stage: &mut Stage, cast: &Cast, cycle: &Cycle, scores: &Scores, entrants: &[Entrant]) -> Result<Year> {
    // Those who stay below come last: they are never the producers that the reports name.
    let fates = std::iter::repeat_n(Fate::Four, scores.forwarded_four)
        .chain(std::iter::repeat_n(Fate::Three, scores.forwarded_three))
        .chain(std::iter::repeat_n(Fate::Below, scores.below));
    let session = day(scores.district_session)?;
    let mut by_district: BTreeMap<UnitCode, Vec<(&Entrant, Fate)>> = BTreeMap::new();
    for (entrant, fate) in entrants.iter().zip(fates) {
        hand_in(stage, entrant, on(session.plus_days(-10), 0))?;
        by_district.entry(entrant.producer.district.clone()).or_default().push((entrant, fate));
    }
    let mut sent = Vec::new();
    for ((district, standing), turn) in by_district.iter().zip(0..) {
        let held = session.plus_days(turn % 4);
        sent.extend(district_session(stage, cast, cycle, scores.number, district, standing, held)?);
    }
    province_session(stage, cast, cycle, scores, &sent)
}

/// Gives the product its picture and hands its dossier in, unless it stands again.
pub fn hand_in(stage: &mut Stage, entrant: &Entrant, at: Moment) -> Result<()> {
    let dossier = dossier::store::find(stage.connection, entrant.dossier)?.ok_or_else(Error::unknown)?;
    if dossier.state == dossier::rules::State::Submitted {
        return Ok(());
    }
    let product = product::store::find(stage.connection, entrant.product)?.ok_or_else(Error::unknown)?;
    let folder = Folder::of(&stage.app().data_dir);
    let drawing = stage.drawings.of(&folder, &product)?;
    let mut work = stage.work(&entrant.producer.actor, at);
    let picture = NewPicture { kept: drawing, unnamed: None };
    apply(&mut work, &product::steps::ADD_PICTURE, &product.id, Order::given(picture))?;
    apply(&mut work, &dossier::steps::SUBMIT, &dossier.id, Order::given(Note::NONE))
}

/// Sets a council up and opens it.
pub fn council_opened(
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
        seats: council.seats(),
        working_group: Vec::new(),
    };
    let mut work = stage.work(office, at);
    let id = apply_creation(&mut work, &council::steps::CREATE, form)?;
    apply(&mut work, &council::steps::OPEN, &id, Order::given(Note::NONE))?;
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

fn district_session<'a>(
    stage: &mut Stage,
    cast: &Cast,
    cycle: &Cycle,
    round: i32,
    district: &UnitCode,
    standing: &[(&'a Entrant, Fate)],
    held: Day,
) -> Result<Vec<(&'a Entrant, Fate)>> {
    let district = cast.district(district)?;
    let council =
        council_opened(stage, &district.office, &district.council, cycle.id, round, on(held.plus_days(-5), 0))?;
    let dossiers = standing.iter().map(|(entrant, _)| entrant.dossier).collect();
    let items = on_agenda(stage, &district.office, council, dossiers, on(held.plus_days(-4), 0))?;
    let members = i32::try_from(district.council.scoring.len()).map_err(Error::internal)?;
    let mut sent = Vec::new();
    for (((entrant, fate), item), turn) in standing.iter().zip(items).zip(0..) {
        let sum = match fate {
            Fate::Below => stage.chance.between(i64::from(40 * members), i64::from(50 * members - 1)),
            Fate::Three => stage.chance.between(i64::from(50 * members), i64::from(69 * members)),
            Fate::Four => i64::from(71 * members),
        };
        score(stage, &district.council, item, sum, on(held, turn * 10))?;
        if *fate != Fate::Below {
            let note = Some(format!("Công văn số {}/UBND ngày {held}", 200 + round));
            let mut work = stage.work(&district.office, on(held.plus_days(3), 0));
            apply(&mut work, &steps::SEND_UP, &item, Order::given(Note { note }))?;
            sent.push((*entrant, *fate));
        }
        stage.done();
    }
    close_council(stage, &district.office, council, on(held.plus_days(4), 0))?;
    Ok(sent)
}

fn close_council(stage: &mut Stage, office: &Actor, id: CouncilId, at: Moment) -> Result<()> {
    apply(&mut stage.work(office, at), &council::steps::CLOSE, &id, Order::given(Note::NONE))
}

/// Scores an item so that the members' totals have the sum, and concludes it.
pub fn score(stage: &mut Stage, council: &Council, item: AgendaItemId, sum: i64, at: Moment) -> Result<()> {
    open_scoring(stage, council, item, at)?;
    let totals =
        scoring::totals(i32::try_from(sum).map_err(Error::internal)?, council.scoring.len(), 10, &mut stage.chance)?;
    for (member, total) in council.scoring.iter().zip(totals) {
        submit_sheet(stage, member, item, total, at)?;
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
pub fn submit_sheet(stage: &mut Stage, member: &Actor, item: AgendaItemId, total: i32, at: Moment) -> Result<()> {
    let mut work = stage.work(member, at.plus(chrono::Duration::minutes(5)));
    let OwnSheet { set, case, .. } = find(&mut work, &item)?;
    let marks = scoring::sheet(&set, case, total, &mut stage.chance)?;
    let mut work = stage.work(member, at.plus(chrono::Duration::minutes(5)));
    apply(&mut work, &WRITE, &item, Order::given(SheetForm { marks, gate: None }))?;
    apply(&mut work, &SUBMIT, &item, Order::given(Note::NONE))
}

fn province_session(
    stage: &mut Stage,
    cast: &Cast,
    cycle: &Cycle,
    scores: &Scores,
    sent: &[(&Entrant, Fate)],
) -> Result<Year> {
    let held = day(scores.province_session)?;
    let council =
        council_opened(stage, &cast.office, &cast.province, cycle.id, scores.number, on(held.plus_days(-5), 0))?;
    let dossiers = sent.iter().map(|(entrant, _)| entrant.dossier).collect();
    let items = on_agenda(stage, &cast.office, council, dossiers, on(held.plus_days(-4), 0))?;
    let members = i64::try_from(cast.province.scoring.len()).map_err(Error::internal)?;
    let mut deferred = scores.deferred;
    let mut four_stars = scores.four_stars;
    let mut rated = Vec::new();
    for (((entrant, fate), item), turn) in sent.iter().zip(items).zip(0..) {
        if deferred > 0 && *fate == Fate::Three {
            deferred -= 1;
            let mut work = stage.work(&cast.office, on(held.plus_days(-2), 0));
            let reason = Reason::new(Some("Cơ sở chưa đủ điều kiện khi kiểm tra thực tế.".into()))?;
            apply(&mut work, &steps::DEFER, &item, Order::given(reason))?;
            continue;
        }
        let mut work = stage.work(&cast.office, on(held.plus_days(-1), 0));
        apply(&mut work, &steps::ADMIT, &item, Order::given(Note::NONE))?;
        let sum = if *fate == Fate::Four && four_stars > 0 {
            four_stars -= 1;
            stage.chance.between(70 * members, 82 * members)
        } else {
            stage.chance.between(52 * members, 69 * members)
        };
        score(stage, &cast.province, item, sum, on(held.plus_days(turn / 40), turn % 40 * 10))?;
        rated.push(((*entrant).clone(), item));
        stage.done();
    }
    close_council(stage, &cast.office, council, on(held.plus_days(6), 0))?;
    let signed_on = day(scores.signed_on)?;
    let form = DecisionForm {
        kind: DecisionKind::Recognise,
        unit_code: cast.province.unit.clone(),
        agenda_item_ids: rated.iter().map(|(_, item)| *item).collect(),
        certificate_ids: Vec::new(),
        reason: None,
        stars: None,
        ground: None,
        rests_on: None,
    };
    let draft =
        apply_creation(&mut stage.work(&cast.office, on(held.plus_days(7), 0)), &decision::steps::CREATE, form)?;
    let signature = Signature { number: scores.decision.to_owned(), signed_on };
    let work = &mut stage.work(&cast.signatory, on(signed_on, 120));
    apply(work, &decision::steps::PROMULGATE, &draft, Order::given(signature))?;
    let mut certified = Vec::new();
    for (entrant, item) in rated {
        let certificate = certificate_store::of_agenda_item(stage.connection, item)?
            .ok_or_else(|| Error::internal("a recognised product without its certificate"))?;
        certified.push((entrant, certificate.id));
    }
    Ok(Year { certified })
}
