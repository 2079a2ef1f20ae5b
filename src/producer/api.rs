//! `/producers`.

use actix_web::{get, patch, post};
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Caller, Role, Work};
use crate::audit::{self, Entry, History, Resource};
use crate::base::id::ProducerId;
use crate::base::{Error, Faults, Moment, Result, UnitCode};
use crate::db::AnyConnection;
use crate::http::{Answer, At, ListParameters, Page, Problem, Refusals};
use crate::place::{self, Place};
use crate::producer::rules::{self, Member, OFFICERS, ProducerChange, ProducerForm, ProducerKind};
use crate::producer::store::{self, Filter, Producer};

/// A producer, to those who may know of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProducerAnswer {
    id: ProducerId,
    version: i32,
    name: String,
    kind: ProducerKind,
    identity_number: String,
    commune_code: UnitCode,
    district_code: Option<UnitCode>,
    address: String,
    representative: String,
    phone: String,
    public_phone: bool,
    email: Option<String>,
    members: Vec<Member>,
    created_at: Moment,
}

impl From<Producer> for ProducerAnswer {
    fn from(producer: Producer) -> Self {
        Self {
            id: producer.id,
            version: producer.version,
            name: producer.name,
            kind: producer.kind,
            identity_number: producer.identity_number,
            commune_code: producer.commune_code,
            district_code: producer.district_code,
            address: producer.address,
            representative: producer.representative,
            phone: producer.phone,
            public_phone: producer.public_phone,
            email: producer.email,
            members: producer.members.map(|members| members.0).unwrap_or_default(),
            created_at: producer.created_at,
        }
    }
}

/// Enters a producer on its behalf (commune, district or provincial office, in its own territory).
#[utoipa::path(tag = "producers", request_body = ProducerForm, responses((status = 201, body = ProducerAnswer), Refusals))]
#[post("/producers")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            work.must_be(OFFICERS)?;
            work.begin()?;
            let form = work.body()?;
            let producer = enter(work, form)?;
            Ok(Answer::created(format!("/api/v1/producers/{}", producer.id), 1, ProducerAnswer::from(producer))?)
        })
        .await
}

/// Checks a form and enters the producer.
pub fn enter(work: &mut Work, form: ProducerForm) -> Result<Producer> {
    let place = checked(work, &form, None)?;
    let id = store::insert(work.connection, form.kept(), place, work.now)?;
    work.record(entry(id, 1, "create"))?;
    store::find(work.connection, id)?.ok_or_else(Error::unknown)
}

/// Holds a form against the rules and finds its place. An officer enters or moves nobody outside of the territory; a
/// producer that stays where it is may be of a commune that has been merged since.
fn checked(work: &mut Work, form: &ProducerForm, present: Option<&Producer>) -> Result<Place> {
    let mut faults = Vec::new();
    form.check("", &mut faults);
    faults.into_result()?;
    if let Some(present) = present.filter(|present| present.commune_code == form.commune_code) {
        return Ok(Place { commune: present.commune_code.clone(), district: present.district_code.clone() });
    }
    let place = place::store::commune(work.connection, &form.commune_code, work.now.day())?
        .ok_or_else(|| rules::unknown_commune("/commune_code"))?;
    let home = crate::account::Home {
        producer: present.map_or_else(ProducerId::new, |present| present.id),
        commune: place.commune.clone(),
        district: place.district.clone(),
    };
    if work.actor.territory().covers(&home) { Ok(place) } else { Err(rules::foreign_commune()) }
}

pub fn entry<'a>(id: ProducerId, version: i32, verb: &'a str) -> Entry<'a, crate::base::id::of::Producer> {
    Entry { resource: Resource::Producer, id, version, account: None, verb, from: None, to: None, note: None }
}

/// Producers by name.
#[utoipa::path(tag = "producers", params(ListParameters), responses((status = 200, body = Page<ProducerAnswer>), Refusals))]
#[get("/producers")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let mut query = work.request.query();
            let paging = query.paging();
            let filter = Filter {
                territory: work.actor.territory(),
                unit: query.take("unit_code"),
                search: query.search(),
                after: paging.after.clone(),
                limit: paging.one_more(),
            };
            query.finish()?;
            let found = store::list(work.connection, &filter)?;
            let (producers, next) = paging.cut(found, |producer| (producer.folded.clone(), producer.id))?;
            Ok(Answer::page(producers.into_iter().map(ProducerAnswer::from).collect(), next)?)
        })
        .await
}

/// The producer, where the asker may know of it.
pub fn seen(work: &mut Work, id: ProducerId) -> Result<Producer> {
    let producer = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
    work.must_see(&producer.home())?;
    Ok(producer)
}

/// One producer.
#[utoipa::path(tag = "producers", responses((status = 200, body = ProducerAnswer), Refusals))]
#[get("/producers/{id}")]
pub async fn read(caller: Caller, id: At<ProducerId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let producer = seen(work, id.get()?)?;
            Ok(Answer::resource(producer.version, ProducerAnswer::from(producer))?)
        })
        .await
}

/// Changes a producer: officers of its territory everything, its own account how to reach it.
#[utoipa::path(tag = "producers", request_body = ProducerChange, responses((status = 200, body = ProducerAnswer), Refusals))]
#[patch("/producers/{id}")]
pub async fn change(caller: Caller, id: At<ProducerId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let producer = seen(work, id.get()?)?;
            work.must_be(&[Role::Producer, Role::CommuneOfficer, Role::DistrictOfficer, Role::ProvincialOfficer])?;
            work.begin_at(producer.version)?;
            let present = producer.form();
            let form = work.body::<ProducerChange>()?.applied_to(&present);
            if work.actor.is(&[Role::Producer]) {
                rules::check_own_change(&present, &form)?;
            }
            let place = checked(work, &form, Some(&producer))?;
            must_be_free(work.connection, &producer, &form.identity_number)?;
            let version = store::update(work.connection, &producer, form, place)?;
            work.record(entry(producer.id, version, "change"))?;
            let producer = store::find(work.connection, producer.id)?.ok_or_else(Error::unknown)?;
            Ok(Answer::resource(version, ProducerAnswer::from(producer))?)
        })
        .await
}

fn must_be_free(connection: &mut AnyConnection, producer: &Producer, identity_number: &str) -> Result<()> {
    match store::find_by_identity_number(connection, identity_number)? {
        Some(other) if other.id != producer.id => Err(rules::already_registered()),
        _ => Ok(()),
    }
}

/// What happened to a producer.
#[utoipa::path(tag = "producers", responses((status = 200, body = Page<History>), Refusals))]
#[get("/producers/{id}/history")]
pub async fn history(caller: Caller, id: At<ProducerId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let producer = seen(work, id.get()?)?;
            Ok(audit::answer(work.connection, &work.request, Resource::Producer, producer.id)?)
        })
        .await
}
