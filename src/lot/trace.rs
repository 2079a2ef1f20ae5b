//! `/lots/{id}/trace`: where a lot came from and where it went, in one call.
//!
//! A trace crosses producers. Of lots outside the asker's territory it tells what a label tells: code, product, producer,
//! dates, and whether they are recalled; not how much there is, nor who bought it.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{Caller, Territory};
use crate::base::id::{LotEventId, LotId, ProducerId, ProductId, ShopId};
use crate::base::{Day, Error, Moment, Result};
use crate::db::AnyConnection;
use crate::http::{Answer, PathParam, Problem, Refusals, bounds};
use crate::lot::Lot;
use crate::lot::event_rules::EventKind;
use crate::lot::trace_store::{self, Departure, Link, ReachedLot, Way};
use crate::station::find;

/// How many lots, links and departures one trace names at most in each direction.
const MOST_LOTS: i64 = 20_000;
const MOST_LINKS: i64 = 100_000;
const MOST_DEPARTURES: i64 = 20_000;

/// Which way to trace.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Direction {
    /// To what went into it.
    Back,
    /// To what was made of it.
    Forward,
    #[default]
    Both,
}

impl Direction {
    fn ways(self) -> &'static [Way] {
        match self {
            Self::Back => &[Way::Back],
            Self::Forward => &[Way::Forward],
            Self::Both => &[Way::Back, Way::Forward],
        }
    }
}

/// Everything that a lot came from, everything that came of it, and where it all went.
#[derive(Debug, Serialize, ToSchema)]
pub struct Trace {
    pub lot_id: LotId,
    pub direction: Direction,
    /// How many steps were followed.
    pub depth: i32,
    /// The lot itself, then the nearest first.
    pub lots: Vec<TracedLot>,
    pub links: Vec<LinkAnswer>,
    /// Where lots of the asker's own territory went.
    pub destinations: Vec<DestinationAnswer>,
    /// What was left out.
    pub cut: Cut,
}

/// What a trace left out, if anything.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cut {
    /// There are lots further away: ask with a larger `depth`, or from one of the last lots.
    pub by_depth: bool,
    /// There are more lots, links or destinations than one trace names.
    pub by_count: bool,
}

/// A lot of a trace.
#[derive(Debug, Serialize, ToSchema)]
pub struct TracedLot {
    pub id: LotId,
    /// Steps from the lot: below zero for what went into it.
    pub step: i32,
    pub code: String,
    pub product_id: ProductId,
    pub product_name: String,
    pub producer_id: ProducerId,
    pub producer_name: String,
    pub produced_on: Day,
    pub expires_on: Option<Day>,
    pub recalled_at: Option<Moment>,
    /// The recalled lot that it was made of.
    pub recall_origin_id: Option<LotId>,
    /// It or its product is on hold.
    pub held: bool,
    /// Something in this trace that went into it is on hold; the hold does not cover it.
    pub input_held: bool,
    /// Null where the lot lies outside the asker's territory.
    pub quantity: Option<i64>,
    pub unit: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TraceLink)]
pub struct LinkAnswer {
    pub lot_id: LotId,
    pub input_id: LotId,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TraceDestination)]
pub struct DestinationAnswer {
    pub lot_id: LotId,
    pub event_id: LotEventId,
    pub kind: EventKind,
    pub at: Moment,
    pub quantity: Option<i64>,
    pub shop_id: Option<ShopId>,
    pub producer_id: Option<ProducerId>,
    pub name: String,
    pub address: String,
}

/// Where a lot came from and where it went.
#[utoipa::path(
    tag = "lots",
    params(
        ("direction" = Option<Direction>, Query, description = "`both` unless said"),
        ("depth" = Option<i32>, Query, description = "Steps to follow, 1 to 50; 20 unless said"),
    ),
    responses((status = 200, body = Trace), Refusals)
)]
#[get("/lots/{id}/trace")]
pub async fn trace(caller: Caller, id: PathParam<LotId>) -> Result<Answer, Problem> {
    let mut query = caller.request.query();
    caller
        .read(move |work| {
            let lot = find::<Lot>(work, &id.get()?)?;
            let direction = query.take("direction").unwrap_or_default();
            let depth = i32::try_from(query.number_or_usual(bounds::DEPTH)).map_err(Error::internal)?;
            query.finish()?;
            let territory = work.actor.territory();
            Ok(Answer::ok(follow(work.connection, &territory, lot.id, direction, depth)?)?)
        })
        .await
}

/// Follows the graph from a lot; three statements for each direction.
pub fn follow(
    connection: &mut AnyConnection,
    territory: &Territory,
    lot: LotId,
    direction: Direction,
    depth: i32,
) -> Result<Trace> {
    let mut cut = Cut::default();
    let mut lots: BTreeMap<(i32, i32, LotId), ReachedLot> = BTreeMap::new();
    let mut links: BTreeSet<Link> = BTreeSet::new();
    let mut departures: BTreeMap<(Moment, LotEventId), Departure> = BTreeMap::new();
    for way in direction.ways() {
        // One step and one row more than are shown tell whether something is left out.
        let steps = trace_store::steps(connection, *way, lot, depth + 1, MOST_LOTS + 1)?;
        cut.by_count |= is_beyond(steps.len(), MOST_LOTS);
        let most = usize::try_from(MOST_LOTS).map_err(Error::internal)?;
        for step in steps.into_iter().take(most) {
            if step.depth > depth {
                cut.by_depth = true;
                continue;
            }
            let signed = if *way == Way::Back { -step.depth } else { step.depth };
            lots.insert((step.depth, signed, step.id), step);
        }
        let found = trace_store::links(connection, *way, lot, depth, MOST_LINKS + 1)?;
        cut.by_count |= is_beyond(found.len(), MOST_LINKS);
        links.extend(found);
        let found = trace_store::departures(connection, *way, lot, depth, MOST_DEPARTURES + 1)?;
        cut.by_count |= is_beyond(found.len(), MOST_DEPARTURES);
        departures.extend(found.into_iter().map(|departure| ((departure.at, departure.event_id), departure)));
    }
    let shown: BTreeSet<LotId> = lots.keys().map(|(_, _, id)| *id).collect();
    let own: BTreeSet<LotId> =
        lots.values().filter(|step| territory.covers(&step.home())).map(|step| step.id).collect();
    links.retain(|link| shown.contains(&link.lot_id) && shown.contains(&link.input_id));
    let held = lots.values().filter(|step| step.holds > 0).map(|step| step.id).collect();
    let warned = made_of(&held, &links);
    let answer = |((_, signed, id), step): ((i32, i32, LotId), ReachedLot)| {
        let is_own = own.contains(&id);
        TracedLot {
            id,
            step: signed,
            code: step.code,
            product_id: step.product_id,
            product_name: step.product_name,
            producer_id: step.producer_id,
            producer_name: step.producer_name,
            produced_on: step.produced_on,
            expires_on: step.expires_on,
            recalled_at: step.recalled_at,
            recall_origin_id: step.recall_origin_id,
            held: step.holds > 0,
            input_held: warned.contains(&id),
            quantity: is_own.then_some(step.quantity),
            unit: is_own.then_some(step.unit),
        }
    };
    let lots = lots.into_iter().map(answer).collect();
    let destination = |departure: Departure| DestinationAnswer {
        lot_id: departure.lot_id,
        event_id: departure.event_id,
        kind: departure.kind,
        at: departure.at,
        quantity: departure.quantity,
        shop_id: departure.shop_id,
        producer_id: departure.producer_id,
        name: departure.name,
        address: departure.address,
    };
    Ok(Trace {
        lot_id: lot,
        direction,
        depth,
        lots,
        links: links.into_iter().map(|Link { lot_id, input_id }| LinkAnswer { lot_id, input_id }).collect(),
        destinations: departures
            .into_values()
            .filter(|departure| own.contains(&departure.lot_id))
            .map(destination)
            .collect(),
        cut,
    })
}

fn is_beyond(found: usize, most: i64) -> bool {
    i64::try_from(found).map_or(true, |found| found > most)
}

/// The lots that were made of any of `sources`, by these links.
fn made_of(sources: &BTreeSet<LotId>, links: &BTreeSet<Link>) -> BTreeSet<LotId> {
    let mut made_from: BTreeMap<LotId, Vec<LotId>> = BTreeMap::new();
    for link in links {
        made_from.entry(link.input_id).or_default().push(link.lot_id);
    }
    let mut found = BTreeSet::new();
    let mut waiting: Vec<LotId> = sources.iter().copied().collect();
    while let Some(source) = waiting.pop() {
        for made in made_from.get(&source).into_iter().flatten() {
            if found.insert(*made) {
                waiting.push(*made);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_of_a_held_lot_is_found_however_far_and_only_that() {
        let ids: Vec<LotId> = (0..5).map(|_| LotId::new()).collect();
        let link = |lot: usize, input: usize| Link { lot_id: ids[lot], input_id: ids[input] };
        let links = [link(1, 0), link(2, 1), link(3, 1), link(3, 4)].into();
        let found = made_of(&[ids[1]].into(), &links);
        assert_eq!(found, [ids[2], ids[3]].into());
        assert!(made_of(&[ids[3]].into(), &links).is_empty());
    }
}
