//! What the board shows of a suspicion, with the evidence.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{self, Work};
use crate::base::id::{AccountId, ProducerId, ProductId, StampOrderId, SuspicionId};
use crate::base::{Day, Moment, Result};
use crate::stamp::code::Mint;
use crate::stamp::rules::StampNumber;
use crate::stamp::rules::evidence::{Evidence, OnDay, Spot};
use crate::stamp::rules::suspects::{self, State};
use crate::stamp::scan_store::{self, Tally};
use crate::stamp::suspicion::Suspicion;
use crate::station::Shown;
use crate::{producer, product};

/// A stamp that may have been copied.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuspicionView {
    id: SuspicionId,
    version: i32,
    state: State,
    code: String,
    order_id: StampOrderId,
    serial: i32,
    product_id: ProductId,
    product_name: String,
    producer_id: ProducerId,
    producer_name: String,
    found_at: Moment,
    note: Option<String>,
    decided_by: Option<AccountId>,
    decided_by_name: Option<String>,
    decided_at: Option<Moment>,
    evidence: EvidenceAnswer,
}

/// What speaks for a copy. Visitors of a day or a place are counted by the day's hash of their
/// address, of more than 200 on a day some twice; the newest 60 days are told and the 40 places with
/// the most visitors, which are hundredths of a degree.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SuspectEvidence)]
pub struct EvidenceAnswer {
    rule: RuleAnswer,
    /// How many distinct networks the rule counted, in how many places, since when.
    visitors: i32,
    places_counted: i32,
    since: Moment,
    scans: i64,
    first_at: Option<Moment>,
    last_at: Option<Moment>,
    days: Vec<DayAnswer>,
    places: Vec<PlaceAnswer>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SuspectRule)]
pub struct RuleAnswer {
    code: String,
    /// In the asker's language; null where the rule is no longer in force.
    text: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SuspectDay)]
pub struct DayAnswer {
    day: Day,
    scans: i64,
    visitors: i64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SuspectPlace)]
pub struct PlaceAnswer {
    lat: f64,
    lon: f64,
    scans: i64,
    visitors: i64,
    first_at: Moment,
    last_at: Moment,
}

impl Shown for Suspicion {
    type View = SuspicionView;

    fn views(work: &mut Work, suspicions: &[Self]) -> Result<Vec<SuspicionView>> {
        let mint = Mint::new(&work.app.keys)?;
        let stamps: BTreeSet<StampNumber> = suspicions.iter().map(Suspicion::stamp).collect();
        let tallies = scan_store::find_all(work.connection, &stamps)?;
        let products: Vec<ProductId> = suspicions.iter().map(|suspicion| suspicion.product).collect();
        let products = product::store::names(work.connection, &products)?;
        let producers: Vec<ProducerId> = suspicions.iter().map(|suspicion| suspicion.producer).collect();
        let producers = producer::store::names(work.connection, &producers)?;
        let deciders: Vec<AccountId> = suspicions.iter().filter_map(|suspicion| suspicion.row.decided_by).collect();
        let deciders = account::store::names(work.connection, &deciders)?;
        let known = &suspects::in_force()?.rules;
        let language = work.language;
        let view = |suspicion: &Suspicion| {
            let Suspicion { row, number, key_id, product, producer, .. } = suspicion;
            let rule = known.iter().find(|rule| rule.code() == row.rule);
            let text = rule.map(|rule| language.pick(&rule.text()).to_owned());
            let tally = tallies.get(&suspicion.stamp());
            let found = tally.map(Tally::evidence).transpose()?.unwrap_or_default();
            Ok(SuspicionView {
                id: row.id,
                version: row.version,
                state: row.state,
                code: mint.code_of(*number, row.serial, key_id)?.to_string(),
                order_id: row.order_id,
                serial: row.serial,
                product_id: *product,
                product_name: products.get(product).cloned().unwrap_or_default(),
                producer_id: *producer,
                producer_name: producers.get(producer).cloned().unwrap_or_default(),
                found_at: row.found_at,
                note: row.note.clone(),
                decided_by: row.decided_by,
                decided_by_name: row.decided_by.and_then(|id| deciders.get(&id).cloned()),
                decided_at: row.decided_at,
                evidence: EvidenceAnswer {
                    rule: RuleAnswer { code: row.rule.clone(), text },
                    visitors: row.visitors,
                    places_counted: row.places,
                    since: row.since,
                    scans: tally.map_or(0, |tally| tally.scans),
                    first_at: tally.map(|tally| tally.first_at),
                    last_at: tally.map(|tally| tally.last_at),
                    days: days(&found),
                    places: places(&found),
                },
            })
        };
        suspicions.iter().map(view).collect()
    }
}

fn days(evidence: &Evidence) -> Vec<DayAnswer> {
    let told = |OnDay { day, scans, visitors }: &OnDay| DayAnswer {
        day: *day,
        scans: i64::from(*scans),
        visitors: i64::from(*visitors),
    };
    evidence.days().iter().map(told).collect()
}

fn places(evidence: &Evidence) -> Vec<PlaceAnswer> {
    let degrees = |hundredths: i32| f64::from(hundredths) / 100.0;
    let told = |Spot { place, scans, visitors, first_at, last_at }: Spot| PlaceAnswer {
        lat: degrees(place.latitude),
        lon: degrees(place.longitude),
        scans: i64::from(scans),
        visitors: i64::from(visitors),
        first_at,
        last_at,
    };
    evidence.places().into_iter().map(told).collect()
}
