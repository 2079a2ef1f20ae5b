//! Who acts in the demo: offices, councils, communes and producers.

use std::collections::BTreeMap;

use crate::account::{Actor, Role};
use crate::base::{Error, Level, Result, UnitCode};
use crate::demo::councils::{self, Council};
use crate::demo::first::products::{KNOWN, PRODUCTS};
use crate::demo::names::{branded, called};
use crate::demo::road::Way;
use crate::demo::stage::{NewProducer, Stage, day, moment};
use crate::place;
use crate::place::rules::PROVINCE;
use crate::place::store::UnitFilter;
use crate::producer::rules::ProducerKind;

/// The district and the commune of the accounts that visitors of the demo use.
pub const DISTRICT: &str = "439";
pub const COMMUNE: &str = "18196";

/// When the service was set up, in the demo.
const SET_UP: &str = "2019-01-02";

/// Each commune has this many producers at most; together they are enough for the ideas of two years.
const PRODUCERS: usize = 190;

pub struct Cast {
    pub office: Actor,
    pub signatory: Actor,
    pub inspector: Actor,
    pub province: Council,
    pub districts: BTreeMap<UnitCode, District>,
    pub communes: BTreeMap<UnitCode, Actor>,
    pub producers: Vec<Producer>,
}

pub struct District {
    pub office: Actor,
    pub council: Council,
}

#[derive(Clone)]
pub struct Producer {
    pub actor: Actor,
    pub commune: UnitCode,
    pub commune_name: String,
    pub district: UnitCode,
    /// The place in [`PRODUCTS`] of what it is known for.
    pub known_for: usize,
    /// What its products are called by.
    pub brand: String,
}

impl Cast {
    pub fn district(&self, code: &UnitCode) -> Result<&District> {
        self.districts.get(code).ok_or_else(|| Error::internal(format!("the demo has no district {code}")))
    }

    /// Who considers what a producer registers.
    pub fn way<'a>(&'a self, producer: &'a Producer) -> Result<Way<'a>> {
        Ok(Way {
            producer: &producer.actor,
            commune: self.commune(&producer.commune)?,
            district: Some(&self.district(&producer.district)?.office),
            office: &self.office,
        })
    }

    pub fn commune(&self, code: &UnitCode) -> Result<&Actor> {
        self.communes.get(code).ok_or_else(|| Error::internal(format!("the demo has no commune {code}")))
    }
}

/// Makes all accounts and producers.
pub fn engage(stage: &mut Stage) -> Result<Cast> {
    let at = moment(SET_UP, 0)?;
    let province: UnitCode = PROVINCE.parse().map_err(Error::internal)?;
    stage.account("admin", Role::Administrator, None, at)?;
    let office = stage.account("office", Role::ProvincialOfficer, Some(&province), at)?;
    let signatory = stage.account("signatory", Role::Signatory, Some(&province), at)?;
    stage.account("supervisor", Role::Supervisor, Some(&province), at)?;
    let inspector = stage.account("inspector", Role::Inspector, Some(&province), at)?;
    let council = councils::engaged(
        stage,
        province,
        &["chair", "vice", "member1", "member2", "member3", "member4", "member5"],
        "secretary",
        at,
    )?;
    let units = |stage: &mut Stage, level| {
        let filter = UnitFilter { level: Some(level), limit: 1000, ..Default::default() };
        place::store::list(stage.connection, day(SET_UP)?, &filter)
    };
    let mut districts = BTreeMap::new();
    for unit in units(stage, Level::District)? {
        let own =
            |name: &str| if unit.code.as_str() == DISTRICT { name.to_owned() } else { format!("{name}-{}", unit.code) };
        let office = stage.account(&own("district"), Role::DistrictOfficer, Some(&unit.code), at)?;
        let members = ["dchair", "dvice", "dmember1", "dmember2", "dmember3"].map(own);
        let members: Vec<&str> = members.iter().map(String::as_str).collect();
        let council = councils::engaged(stage, unit.code.clone(), &members, &own("dsecretary"), at)?;
        districts.insert(unit.code, District { office, council });
    }
    let mut communes = BTreeMap::new();
    let mut places = Vec::new();
    for unit in units(stage, Level::Commune)? {
        let is_own = unit.code.as_str() == COMMUNE;
        let username = if is_own { "commune".to_owned() } else { format!("commune-{}", unit.code) };
        let officer = stage.account(&username, Role::CommuneOfficer, Some(&unit.code), at)?;
        let district = unit.parent_code.ok_or_else(|| Error::internal("a commune without its district"))?;
        communes.insert(unit.code.clone(), officer);
        places.push((unit.code, unit.name, district));
    }
    let mut cast = Cast { office, signatory, inspector, province: council, districts, communes, producers: Vec::new() };
    for place in spread(places)? {
        let made = cast.producers.len();
        if made == PRODUCERS {
            break;
        }
        let producer = producer_at(stage, &cast, place, made)?;
        cast.producers.push(producer);
    }
    Ok(cast)
}

type Spot = (UnitCode, String, UnitCode);

/// The communes in turn by district, the demo's own commune first, so that every district has its share.
fn spread(places: Vec<Spot>) -> Result<Vec<Spot>> {
    let mut by_district: BTreeMap<UnitCode, Vec<Spot>> = BTreeMap::new();
    let mut first = None;
    for place in places {
        if place.0.as_str() == COMMUNE {
            first = Some(place);
        } else {
            by_district.entry(place.2.clone()).or_default().push(place);
        }
    }
    let mut turns = vec![first.ok_or_else(|| Error::internal("the demo's commune is not on the list"))?];
    let most = by_district.values().map(Vec::len).max().unwrap_or(0);
    for turn in 0..most {
        turns.extend(by_district.values().filter_map(|places| places.get(turn).cloned()));
    }
    Ok(turns)
}

/// The producer of a place; the ones that the reports name come first.
fn producer_at(
    stage: &mut Stage,
    cast: &Cast,
    (commune, commune_name, district): Spot,
    made: usize,
) -> Result<Producer> {
    let person = stage.person()?;
    let kind =
        [ProducerKind::Household, ProducerKind::Cooperative, ProducerKind::Enterprise, ProducerKind::CooperativeGroup]
            .get(made % 4)
            .copied()
            .unwrap_or(ProducerKind::Household);
    let short = short(&commune_name);
    let (brand, known_for) = match KNOWN.get(made) {
        Some((brand, product)) => ((*brand).to_owned(), *product),
        None => (branded(&person, &short), made % PRODUCTS.len()),
    };
    let name = format!("{} {brand}", called(kind));
    let officer = cast.commune(&commune)?.clone();
    let new = NewProducer { made, name, kind, representative: person, commune: commune.clone(), commune_name };
    let actor = stage.producer(&officer, new, moment(SET_UP, 60)?)?;
    Ok(Producer { actor, commune, commune_name: short, district, known_for, brand })
}

/// A commune's name without its kind: `Xã Sơn Kim 1` is `Sơn Kim 1`.
fn short(name: &str) -> String {
    ["Xã ", "Phường ", "Thị trấn "].iter().find_map(|kind| name.strip_prefix(kind)).unwrap_or(name).to_owned()
}
