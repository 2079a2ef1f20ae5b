//! `/registrations`: somebody asks to take part; the commune or the district confirms.

use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::store::NewAccount;
use crate::account::{self, Caller, Role, Work, password};
use crate::audit::{Entry, Resource};
use crate::base::id::{ProducerId, RegistrationId};
use crate::base::{Error, Moment, Result, UnitCode, say};
use crate::db::AnyConnection;
use crate::http::{Answer, At, ListParameters, Note, Page, Problem, Refusals, Visitor};
use crate::place::{self, Place};
use crate::producer::rules::{self, CONFIRMERS, FirstAccount, ProducerForm, RegistrationState};
use crate::producer::store::{self, NewRegistration, Registration, RegistrationFilter};
use crate::producer::{api, rules::already_registered};

/// Who may read registrations of their territory.
const READERS: &[Role] = &[Role::CommuneOfficer, Role::DistrictOfficer, Role::ProvincialOfficer, Role::Supervisor];

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegistrationForm {
    producer: ProducerForm,
    account: FirstAccount,
}

/// What the one who registered is told: the same, whether or not the producer is known already.
#[derive(Debug, Serialize, ToSchema)]
pub struct Receipt {
    id: RegistrationId,
    state: RegistrationState,
}

/// A registration as officers see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegistrationAnswer {
    id: RegistrationId,
    version: i32,
    state: RegistrationState,
    producer: ProducerForm,
    account: FirstAccountAnswer,
    /// The producer that is on record under this identity number: confirming adds an account to it.
    claimed_producer_id: Option<ProducerId>,
    commune_code: UnitCode,
    district_code: Option<UnitCode>,
    note: Option<String>,
    created_at: Moment,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FirstAccountAnswer {
    username: String,
    name: String,
}

impl From<Registration> for RegistrationAnswer {
    fn from(registration: Registration) -> Self {
        Self {
            id: registration.id,
            version: registration.version,
            state: registration.state,
            producer: registration.producer.0,
            account: FirstAccountAnswer { username: registration.username, name: registration.account_name },
            claimed_producer_id: registration.claimed_producer_id,
            commune_code: registration.commune_code,
            district_code: registration.district_code,
            note: registration.note,
            created_at: registration.created_at,
        }
    }
}

/// Registers a producer and its first account; an officer of the commune or the district confirms.
#[utoipa::path(
    tag = "producers", security(()), request_body = RegistrationForm,
    responses((status = 201, body = Receipt), Refusals)
)]
#[post("/registrations")]
pub async fn register(mut visitor: Visitor) -> Result<Answer, Problem> {
    let RegistrationForm { producer, account } = visitor.request.body()?;
    rules::check_registration(&producer, &account)?;
    let producer = producer.kept();
    let form = producer.clone();
    let (username, now) = (account.username.clone(), visitor.house.clock.now());
    // The cheap questions come before the costly hash, and again in the transaction that writes.
    visitor.house.database.read(move |connection| settled(connection, &form, &username, now)).await?;
    let password_hash = password::hashed(&visitor.house.password_turns, account.password).await?;
    visitor
        .write(move |open| {
            let (claimed, place) = settled(open.connection, &producer, &account.username, open.now)?;
            let registration = NewRegistration {
                producer,
                claimed,
                username: account.username,
                password_hash,
                account_name: account.name,
                place,
            };
            let id = store::insert_registration(open.connection, registration, open.now)?;
            let step = Entry { to: Some(RegistrationState::Pending.as_ref()), ..entry(id, 1, "register") };
            crate::audit::record(open.connection, open.now, step)?;
            let receipt = Receipt { id, state: RegistrationState::Pending };
            Answer::made(format!("/api/v1/registrations/{id}"), receipt)
        })
        .await
}

/// The producer that is claimed, if any, and where the registration is decided: where the claimed producer is, so that
/// nobody gets at a producer through officers who do not know it; else the commune that was named.
fn settled(
    connection: &mut AnyConnection,
    form: &ProducerForm,
    username: &str,
    now: Moment,
) -> Result<(Option<ProducerId>, Place)> {
    let named = place::store::commune(connection, &form.commune_code, now.day())?
        .ok_or_else(|| rules::unknown_commune("/producer/commune_code"))?;
    if account::store::username_taken(connection, username)? {
        return Err(username_taken());
    }
    Ok(match store::find_by_identity_number(connection, &form.identity_number)? {
        Some(known) => (Some(known.id), Place { commune: known.commune_code, district: known.district_code }),
        None => (None, named),
    })
}

fn username_taken() -> Error {
    Error::conflict("username_taken", say("Tên đăng nhập đã có.", "The user name is taken."))
}

fn entry<'a>(id: RegistrationId, version: i32, verb: &'a str) -> Entry<'a, crate::base::id::of::Registration> {
    Entry { resource: Resource::Registration, id, version, account: None, verb, from: None, to: None, note: None }
}

/// Registrations of the asker's territory, newest first (commune, district and provincial offices, supervisors).
#[utoipa::path(
    tag = "producers", params(ListParameters), responses((status = 200, body = Page<RegistrationAnswer>), Refusals)
)]
#[get("/registrations")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            work.must_be(READERS)?;
            let mut query = work.request.query();
            let paging = query.paging();
            let filter = RegistrationFilter {
                territory: work.actor.territory(),
                state: query.take("state"),
                unit: query.take("unit_code"),
                after: paging.after,
                limit: paging.one_more(),
            };
            query.finish()?;
            let found = store::list_registrations(work.connection, &filter)?;
            let (registrations, next) = paging.cut(found, |registration| registration.id)?;
            Ok(Answer::page(registrations.into_iter().map(RegistrationAnswer::from).collect(), next)?)
        })
        .await
}

fn seen(work: &mut Work, id: RegistrationId) -> Result<Registration> {
    let registration = store::find_registration(work.connection, id)?.ok_or_else(Error::unknown)?;
    work.must_see(&registration.home())?;
    Ok(registration)
}

fn shown(work: &mut Work, id: RegistrationId) -> Result<Answer> {
    let registration = store::find_registration(work.connection, id)?.ok_or_else(Error::unknown)?;
    Answer::resource(registration.version, RegistrationAnswer::from(registration))
}

/// One registration.
#[utoipa::path(tag = "producers", responses((status = 200, body = RegistrationAnswer), Refusals))]
#[get("/registrations/{id}")]
pub async fn read(caller: Caller, id: At<RegistrationId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let registration = seen(work, id.get()?)?;
            work.must_be(READERS)?;
            Ok(shown(work, registration.id)?)
        })
        .await
}

/// Confirms a registration: the producer comes on record, or is found there, and the account may sign in.
#[utoipa::path(
    tag = "producers", request_body = Note, responses((status = 200, body = RegistrationAnswer), Refusals)
)]
#[post("/registrations/{id}/confirm")]
pub async fn confirm(caller: Caller, id: At<RegistrationId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let registration = seen(work, id.get()?)?;
            work.must_be(CONFIRMERS)?;
            work.begin_at(registration.version)?;
            let state = registration.state.confirm()?;
            let note = work.body::<Note>()?.optional()?;
            if account::store::username_taken(work.connection, &registration.username)? {
                return Err(username_taken().into());
            }
            let producer = match registration.claimed_producer_id {
                Some(producer) => still_within_reach(work, producer)?,
                None => entered(work, &registration)?,
            };
            let account = NewAccount {
                username: registration.username.clone(),
                password_hash: store::registration_password(work.connection, registration.id)?,
                name: registration.account_name.clone(),
                role: Role::Producer,
                unit_code: None,
                producer_id: Some(producer),
            };
            let account = account::store::insert(work.connection, account, work.now)?;
            work.record(account::api::entry(account, 1, "create"))?;
            decided(work, &registration, "confirm", state, note.as_deref())
        })
        .await
}

/// The claimed producer, unless it has moved out of the confirming officer's territory since.
fn still_within_reach(work: &mut Work, producer: ProducerId) -> Result<ProducerId> {
    let producer = store::find(work.connection, producer)?.ok_or_else(Error::unknown)?;
    if work.actor.territory().covers(&producer.home()) { Ok(producer.id) } else { Err(rules::foreign_commune()) }
}

/// Puts the registered producer on record. Where somebody else did so meanwhile, the registration is to be refused and
/// made anew, as a claim: nobody is given an account of a producer without having asked for that.
fn entered(work: &mut Work, registration: &Registration) -> Result<ProducerId> {
    let form = registration.producer.0.clone();
    if store::find_by_identity_number(work.connection, &form.identity_number)?.is_some() {
        return Err(already_registered());
    }
    let place = Place { commune: registration.commune_code.clone(), district: registration.district_code.clone() };
    let id = store::insert(work.connection, form, place, work.now)?;
    work.record(api::entry(id, 1, "create"))?;
    Ok(id)
}

/// Refuses a registration; the note says why.
#[utoipa::path(
    tag = "producers", request_body = Note, responses((status = 200, body = RegistrationAnswer), Refusals)
)]
#[post("/registrations/{id}/refuse")]
pub async fn refuse(caller: Caller, id: At<RegistrationId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let registration = seen(work, id.get()?)?;
            work.must_be(CONFIRMERS)?;
            work.begin_at(registration.version)?;
            let state = registration.state.refuse()?;
            let note = work.body::<Note>()?.demanded()?;
            decided(work, &registration, "refuse", state, Some(&note))
        })
        .await
}

fn decided(
    work: &mut Work,
    registration: &Registration,
    verb: &str,
    state: RegistrationState,
    note: Option<&str>,
) -> Result<Answer, crate::http::Stop> {
    let version = store::decide_registration(work.connection, registration, state, note)?;
    work.record(Entry {
        from: Some(registration.state.as_ref()),
        to: Some(state.as_ref()),
        note,
        ..entry(registration.id, version, verb)
    })?;
    Ok(shown(work, registration.id)?)
}

/// What happened to a registration.
#[utoipa::path(tag = "producers", responses((status = 200, body = Page<crate::audit::History>), Refusals))]
#[get("/registrations/{id}/history")]
pub async fn history(caller: Caller, id: At<RegistrationId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let registration = seen(work, id.get()?)?;
            work.must_be(READERS)?;
            Ok(crate::audit::answer(work.connection, &work.request, Resource::Registration, registration.id)?)
        })
        .await
}
