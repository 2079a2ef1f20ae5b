//! Councils at work: a round's sessions at the districts and at the province, and the decision that follows.

use std::collections::BTreeMap;

use crate::base::{Day, Error, Result, UnitCode};
use crate::cycle::Cycle;
use crate::decision::certificate_store;
use crate::decision::form::DecisionForm;
use crate::decision::rules::Kind as DecisionKind;
use crate::demo::councils::{council_closed, council_opened, decision_drafted, hand_in, on_agenda, promulgated, score};
use crate::demo::first::cast::Cast;
use crate::demo::first::figures::{Entrant, Scores, Year};
use crate::demo::scoring::Least;
use crate::demo::stage::{Stage, day, on};
use crate::rating::agenda::steps;
use crate::station::{Note, Order, Reason, apply};

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
        hand_in(stage, &entrant.producer.actor, entrant.dossier, on(session.plus_days(-10), 0))?;
        by_district.entry(entrant.producer.district.clone()).or_default().push((entrant, fate));
    }
    let mut sent = Vec::new();
    for ((district, standing), turn) in by_district.iter().zip(0..) {
        let held = session.plus_days(turn % 4);
        sent.extend(district_session(stage, cast, cycle, scores.number, district, standing, held)?);
    }
    province_session(stage, cast, cycle, scores, &sent)
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
        score(stage, &district.council, item, (sum, Least::Any), on(held, turn * 10))?;
        if *fate != Fate::Below {
            let note = Some(format!("Công văn số {}/UBND ngày {held}", 200 + round));
            let mut work = stage.work(&district.office, on(held.plus_days(3), 0));
            apply(&mut work, &steps::SEND_UP, &item, Order::given(Note { note }))?;
            sent.push((*entrant, *fate));
        }
        stage.done();
    }
    council_closed(stage, &district.office, council, on(held.plus_days(4), 0))?;
    Ok(sent)
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
        score(stage, &cast.province, item, (sum, Least::Any), on(held.plus_days(turn / 40), turn % 40 * 10))?;
        rated.push(((*entrant).clone(), item));
        stage.done();
    }
    council_closed(stage, &cast.office, council, on(held.plus_days(6), 0))?;
    let signed_on = day(scores.signed_on)?;
    let form = DecisionForm {
        agenda_item_ids: rated.iter().map(|(_, item)| *item).collect(),
        ..DecisionForm::blank(DecisionKind::Recognise, cast.province.unit.clone())
    };
    let draft = decision_drafted(stage, &cast.office, form, on(held.plus_days(7), 0))?;
    promulgated(stage, &cast.signatory, draft, scores.decision, on(signed_on, 120))?;
    let mut certified = Vec::new();
    for (entrant, item) in rated {
        let certificate = certificate_store::of_agenda_item(stage.connection, item)?
            .ok_or_else(|| Error::internal("a recognised product without its certificate"))?;
        certified.push((entrant, certificate.id));
    }
    Ok(Year { certified })
}
