//! Who acts in the second example: the province, its council, the communes and wards, producers; and until July 2025 one
//! district.

use std::collections::BTreeMap;

use crate::account::{Actor, Role};
use crate::base::{Error, Level, Moment, Result, UnitCode};
use crate::cycle::Organisation;
use crate::demo::councils::{self, Council};
use crate::demo::names::{branded, called};
use crate::demo::road::Way;
use crate::demo::stage::{NewProducer, Stage, moment};
use crate::place::rules::PROVINCE;
use crate::place::store::UnitFilter;
use crate::producer::rules::ProducerKind;
use crate::product::reassignment::{Destination, REASSIGN};
use crate::station::{Order, Reason, apply};
use crate::{people, place};

/// When the service was set up, in the example.
const SET_UP: &str = "2023-01-03";
/// The first day without districts.
const REFORM: &str = "2025-07-01";
/// The commune of the accounts that visitors of the demo use, and the district in which it lay.
const COMMUNE: &str = "18196";
const DISTRICT: &str = "439";

/// The producers of 2023, in communes whose codes outlasted the reform; the first is the visitors'.
const EARLY: [(&str, ProducerKind); 3] = [
    (COMMUNE, ProducerKind::Cooperative),
    ("18199", ProducerKind::Household),
    ("18172", ProducerKind::CooperativeGroup),
];

/// Those who joined after it.
const LATE: [(&str, ProducerKind); 9] = [
    ("18073", ProducerKind::Enterprise),
    ("18352", ProducerKind::Cooperative),
    ("18406", ProducerKind::Household),
    ("18496", ProducerKind::CooperativeGroup),
    ("18547", ProducerKind::Farm),
    ("18562", ProducerKind::Enterprise),
    ("18673", ProducerKind::Cooperative),
    ("18775", ProducerKind::Household),
    ("18313", ProducerKind::Farm),
];

pub struct Cast {
    pub admin: Actor,
    pub office: Actor,
    pub signatory: Actor,
    pub inspector: Actor,
    pub province: Council,
    pub district: District,
    pub communes: BTreeMap<UnitCode, Actor>,
    pub producers: Vec<Producer>,
}

/// The district that was; its accounts end with it.
pub struct District {
    pub office: Actor,
    pub signatory: Actor,
    pub council: Council,
}

#[derive(Clone)]
pub struct Producer {
    pub actor: Actor,
    pub commune: UnitCode,
    pub commune_name: String,
    pub kind: ProducerKind,
    /// What its products are called by.
    pub brand: String,
}

impl Cast {
    pub fn producer(&self, place: usize) -> Result<&Producer> {
        let turn = place.checked_rem(self.producers.len()).unwrap_or_default();
        self.producers.get(turn).ok_or_else(|| Error::internal("the demo has no producers"))
    }

    pub fn commune(&self, code: &UnitCode) -> Result<&Actor> {
        self.communes.get(code).ok_or_else(|| Error::internal(format!("the demo has no commune {code}")))
    }

    /// Who considers what a producer registers; the district only while there was one.
    pub fn way<'a>(&'a self, producer: &'a Producer, has_district: bool) -> Result<Way<'a>> {
        Ok(Way {
            producer: &producer.actor,
            commune: self.commune(&producer.commune)?,
            district: has_district.then_some(&self.district.office),
            office: &self.office,
        })
    }
}

/// Makes the accounts and producers of 2023.
pub fn engage(stage: &mut Stage) -> Result<Cast> {
    use Organisation::{
        AgricultureEnvironment, CoordinationOffice, CultureSportTourism, Health, IndustryTrade, PeoplesCommittee,
        ScienceTechnology,
    };
    let at = moment(SET_UP, 0)?;
    let unit = |code: &str| code.parse::<UnitCode>().map_err(Error::internal);
    let (province, district) = (unit(PROVINCE)?, unit(DISTRICT)?);
    let admin = stage.account("admin", Role::Administrator, None, at)?;
    let office = stage.account("office", Role::ProvincialOfficer, Some(&province), at)?;
    let signatory = stage.account("signatory", Role::Signatory, Some(&province), at)?;
    stage.account("supervisor", Role::Supervisor, Some(&province), at)?;
    let inspector = stage.account("inspector", Role::Inspector, Some(&province), at)?;
    let members = ["chair", "vice", "member1", "member2", "member3", "member4", "member5"];
    let mut council = councils::engaged(stage, province, &members, "secretary", at)?;
    let organisations = [
        PeoplesCommittee,
        AgricultureEnvironment,
        IndustryTrade,
        Health,
        ScienceTechnology,
        CultureSportTourism,
        CoordinationOffice,
        CoordinationOffice,
    ];
    for (seat, organisation) in council.seats.iter_mut().zip(organisations) {
        seat.organisation = Some(organisation);
    }
    let district = District {
        office: stage.account("huong-son", Role::DistrictOfficer, Some(&district), at)?,
        signatory: stage.account("huong-son-signatory", Role::Signatory, Some(&district), at)?,
        council: councils::engaged(
            stage,
            district,
            &["huong-son-chair", "huong-son-vice", "huong-son-member"],
            "huong-son-secretary",
            at,
        )?,
    };
    let (communes, producers) = (BTreeMap::new(), Vec::new());
    let mut cast = Cast { admin, office, signatory, inspector, province: council, district, communes, producers };
    for (code, ..) in EARLY {
        engage_commune(stage, &mut cast, unit(code)?, at)?;
    }
    join(stage, &mut cast, &EARLY, moment(SET_UP, 60)?)?;
    Ok(cast)
}

/// The reform of July 2025: the district's accounts end, producers move to the communes of the day, every commune and ward
/// has its officer, more producers join.
pub fn reform(stage: &mut Stage, cast: &mut Cast) -> Result<()> {
    let at = moment(REFORM, 0)?;
    let District { office, signatory, council } = &cast.district;
    let ended: Vec<_> =
        [office.id, signatory.id].into_iter().chain(council.seats.iter().map(|seat| seat.account_id)).collect();
    for account in ended {
        let reason = Reason::new(Some("Huyện kết thúc hoạt động từ ngày 01/7/2025.".to_owned()))?;
        apply(&mut stage.work(&cast.admin, at), &people::steps::END, &account, Order::given(reason))?;
    }
    for producer in &cast.producers {
        let place = place::store::commune(stage.connection, &producer.commune, at.day())?;
        let place = place.ok_or_else(|| Error::internal("a commune that did not outlast the reform"))?;
        let id = producer.actor.producer.ok_or_else(|| Error::internal("a producer's account without its producer"))?;
        apply(&mut stage.work(&cast.office, at), &REASSIGN, &id, Order::given(Destination(place)))?;
    }
    let filter = UnitFilter { level: Some(Level::Commune), limit: 1000, ..Default::default() };
    for unit in place::store::list(stage.connection, at.day(), &filter)? {
        if !cast.communes.contains_key(&unit.code) {
            engage_commune(stage, cast, unit.code, at)?;
        }
    }
    join(stage, cast, &LATE, moment(REFORM, 60)?)
}

fn engage_commune(stage: &mut Stage, cast: &mut Cast, code: UnitCode, at: Moment) -> Result<()> {
    let username = if code.as_str() == COMMUNE { "commune".to_owned() } else { format!("commune-{code}") };
    let officer = stage.account(&username, Role::CommuneOfficer, Some(&code), at)?;
    cast.communes.insert(code, officer);
    Ok(())
}

/// Enters producers, each by its commune, with an account.
fn join(stage: &mut Stage, cast: &mut Cast, producers: &[(&str, ProducerKind)], at: Moment) -> Result<()> {
    for (code, kind) in producers {
        let made = cast.producers.len();
        let commune: UnitCode = code.parse().map_err(Error::internal)?;
        let name = place::store::name(stage.connection, &commune, at.day())?;
        let commune_name = name.split_once(' ').map_or(name.as_str(), |(_, own)| own).to_owned();
        let person = stage.person()?;
        let brand = branded(&person, &commune_name);
        let new = NewProducer {
            made,
            name: format!("{} {brand}", called(*kind)),
            kind: *kind,
            representative: person,
            commune: commune.clone(),
            commune_name: name,
        };
        let officer = cast.commune(&commune)?.clone();
        let actor = stage.producer(&officer, new, at)?;
        cast.producers.push(Producer { actor, commune, commune_name, kind: *kind, brand });
    }
    Ok(())
}
