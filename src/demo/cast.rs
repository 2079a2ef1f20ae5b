//! Who acts in the demo: offices, councils, communes and producers.

use std::collections::BTreeMap;

use crate::account::{Actor, Role};
use crate::base::{Error, Level, Result, UnitCode};
use crate::demo::names::{KNOWN, PRODUCTS};
use crate::demo::stage::{SET_UP, Stage, day, moment};
use crate::place::rules::PROVINCE;
use crate::place::store::UnitFilter;
use crate::producer::rules::{ProducerForm, ProducerKind};
use crate::rating::council::SeatKind;
use crate::rating::council::rules::SeatForm;
use crate::station::apply_creation;
use crate::{place, producer};

/// The district and the commune of the accounts that visitors of the demo use.
pub const DISTRICT: &str = "439";
pub const COMMUNE: &str = "18196";

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

/// The people of a council; the first presides.
pub struct Council {
    pub unit: UnitCode,
    pub scoring: Vec<Actor>,
    seats: Vec<SeatForm>,
}

impl Council {
    pub fn seats(&self) -> Vec<SeatForm> {
        self.seats.clone()
    }

    pub fn chair(&self) -> Result<&Actor> {
        self.scoring.first().ok_or_else(|| Error::internal("a council without members"))
    }
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

    pub fn commune(&self, code: &UnitCode) -> Result<&Actor> {
        self.communes.get(code).ok_or_else(|| Error::internal(format!("the demo has no commune {code}")))
    }
}

/// Makes all accounts and producers.
pub fn engage(stage: &mut Stage) -> Result<Cast> {
    let province: UnitCode = PROVINCE.parse().map_err(Error::internal)?;
    stage.account("admin", Role::Administrator, None)?;
    let office = stage.account("office", Role::ProvincialOfficer, Some(&province))?;
    let signatory = stage.account("signatory", Role::Signatory, Some(&province))?;
    stage.account("supervisor", Role::Supervisor, Some(&province))?;
    let inspector = stage.account("inspector", Role::Inspector, Some(&province))?;
    let council = council(
        stage,
        province,
        &["chair", "vice", "member1", "member2", "member3", "member4", "member5"],
        "secretary",
    )?;
    let units = |stage: &mut Stage, level| {
        let filter = UnitFilter { level: Some(level), limit: 1000, ..Default::default() };
        place::store::list(stage.connection, day(SET_UP)?, &filter)
    };
    let mut districts = BTreeMap::new();
    for unit in units(stage, Level::District)? {
        let own =
            |name: &str| if unit.code.as_str() == DISTRICT { name.to_owned() } else { format!("{name}-{}", unit.code) };
        let office = stage.account(&own("district"), Role::DistrictOfficer, Some(&unit.code))?;
        let members = ["dchair", "dvice", "dmember1", "dmember2", "dmember3"].map(own);
        let members: Vec<&str> = members.iter().map(String::as_str).collect();
        let council = self::council(stage, unit.code.clone(), &members, &own("dsecretary"))?;
        districts.insert(unit.code, District { office, council });
    }
    let mut communes = BTreeMap::new();
    let mut places = Vec::new();
    for unit in units(stage, Level::Commune)? {
        let is_own = unit.code.as_str() == COMMUNE;
        let username = if is_own { "commune".to_owned() } else { format!("commune-{}", unit.code) };
        let officer = stage.account(&username, Role::CommuneOfficer, Some(&unit.code))?;
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

fn council(stage: &mut Stage, unit: UnitCode, names: &[&str], secretary: &str) -> Result<Council> {
    let mut scoring = Vec::new();
    for name in names {
        scoring.push(stage.account(name, Role::CouncilMember, None)?);
    }
    let secretary = stage.account(secretary, Role::CouncilMember, None)?;
    let kinds = [SeatKind::Chair, SeatKind::ViceChair].into_iter().chain(std::iter::repeat(SeatKind::Member));
    let mut seats: Vec<SeatForm> = scoring
        .iter()
        .zip(kinds)
        .map(|(actor, seat)| SeatForm { account_id: actor.id, seat, scores: None, organisation: None })
        .collect();
    seats.push(SeatForm { account_id: secretary.id, seat: SeatKind::Secretary, scores: None, organisation: None });
    Ok(Council { unit, scoring, seats })
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
        None => (format!("{} {short}", person.split(' ').next_back().unwrap_or(&person)), made % PRODUCTS.len()),
    };
    let name = match kind {
        ProducerKind::Household => format!("Hộ kinh doanh {brand}"),
        ProducerKind::Cooperative => format!("Hợp tác xã {brand}"),
        ProducerKind::Enterprise => format!("Công ty TNHH {brand}"),
        ProducerKind::CooperativeGroup => format!("Tổ hợp tác {brand}"),
        ProducerKind::Farm => format!("Trang trại {brand}"),
        ProducerKind::Association => format!("Hội {brand}"),
        ProducerKind::OperatingCentre => format!("Trung tâm {brand}"),
    };
    let form = ProducerForm {
        name,
        kind,
        identity_number: format!("30{made:08}"),
        commune_code: commune.clone(),
        address: format!("Thôn {}, {commune_name}", made % 9 + 1),
        representative: person,
        phone: format!("02393{:06}", 100_000 + made * 37),
        public_phone: made.is_multiple_of(2),
        email: None,
        members: Vec::new(),
        representative_sex: None,
        representative_ethnicity: None,
    };
    let at = moment(SET_UP, 60)?;
    let officer = cast.commune(&commune)?.clone();
    let entered = apply_creation(&mut stage.work(&officer, at), &producer::steps::CREATE, form)?;
    let username = if made == 0 { "producer".to_owned() } else { format!("producer-{made:03}") };
    let actor = stage.producer_account(&username, entered, at)?;
    Ok(Producer { actor, commune, commune_name: short, district, known_for, brand })
}

/// A commune's name without its kind: `Xã Sơn Kim 1` is `Sơn Kim 1`.
fn short(name: &str) -> String {
    ["Xã ", "Phường ", "Thị trấn "].iter().find_map(|kind| name.strip_prefix(kind)).unwrap_or(name).to_owned()
}
