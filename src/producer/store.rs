//! Producers and registrations in the database.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as Diesel};

use crate::account::{Home, Territory};
use crate::base::id::{ProducerId, RegistrationId};
use crate::base::{Day, Error, Level, Moment, Result, UnitCode, text};
use crate::db::AnyConnection;
use crate::db::schema::{producers, products, registrations};
use crate::db::types::{Json, text_column};
use crate::place::{self, Place};
use crate::producer::rules::{Member, ProducerForm, ProducerKind, RegistrationState, already_registered};

text_column!(ProducerKind, RegistrationState);

/// A producer (chủ thể).
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = producers)]
pub struct Producer {
    pub id: ProducerId,
    pub version: i32,
    pub name: String,
    pub kind: ProducerKind,
    pub identity_number: String,
    pub commune_code: UnitCode,
    pub district_code: Option<UnitCode>,
    pub address: String,
    pub representative: String,
    pub phone: String,
    pub public_phone: bool,
    pub email: Option<String>,
    pub created_at: Moment,
    pub folded: String,
    pub members: Option<Json<Vec<Member>>>,
}

impl Producer {
    pub fn home(&self) -> Home {
        Home { producer: self.id, commune: self.commune_code.clone(), district: self.district_code.clone() }
    }

    /// What it was entered with, in another place.
    pub fn form_in(&self, place: &Place) -> ProducerForm {
        ProducerForm { commune_code: place.commune.clone(), ..self.form() }
    }

    /// What it was entered with, as it stands now.
    pub fn form(&self) -> ProducerForm {
        ProducerForm {
            name: self.name.clone(),
            kind: self.kind,
            identity_number: self.identity_number.clone(),
            commune_code: self.commune_code.clone(),
            address: self.address.clone(),
            representative: self.representative.clone(),
            phone: self.phone.clone(),
            public_phone: self.public_phone,
            email: self.email.clone(),
            members: self.members.as_ref().map(|members| members.0.clone()).unwrap_or_default(),
        }
    }
}

pub fn find(connection: &mut AnyConnection, id: ProducerId) -> Result<Option<Producer>> {
    Ok(producers::table.find(id).select(Producer::as_select()).first(connection).optional()?)
}

/// Finds a producer and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: ProducerId) -> Result<Option<Producer>> {
    diesel::update(producers::table.find(id)).set(producers::version.eq(producers::version)).execute(connection)?;
    find(connection, id)
}

/// Producers that lie in no commune of a day as they are on record, or have a product that does not, the oldest first.
pub fn displaced(
    connection: &mut AnyConnection,
    on: Day,
    after: Option<ProducerId>,
    limit: i64,
) -> Result<Vec<Producer>> {
    type Spot = (ProducerId, UnitCode, Option<UnitCode>);
    let filter = place::store::Filter { level: Some(Level::Commune), limit: i64::MAX, ..Default::default() };
    let communes: BTreeSet<(UnitCode, Option<UnitCode>)> = place::store::list(connection, on, &filter)?
        .into_iter()
        .map(|unit| (unit.code, unit.parent_code.filter(|parent| parent.level() == Level::District)))
        .collect();
    // After a reform these are nearly all producers, so the few columns are read whole and held against the list here.
    let mut spots: Vec<Spot> =
        producers::table.select((producers::id, producers::commune_code, producers::district_code)).load(connection)?;
    spots.extend(
        products::table
            .select((products::producer_id, products::commune_code, products::district_code))
            .distinct()
            .load::<Spot>(connection)?,
    );
    let displaced: BTreeSet<ProducerId> = spots
        .into_iter()
        .filter(|(id, ..)| after.is_none_or(|after| *id > after))
        .filter(|(_, commune, district)| !communes.contains(&(commune.clone(), district.clone())))
        .map(|(id, ..)| id)
        .collect();
    let page: Vec<ProducerId> = displaced.into_iter().take(usize::try_from(limit).map_err(Error::internal)?).collect();
    Ok(producers::table
        .filter(producers::id.eq_any(page))
        .order(producers::id)
        .select(Producer::as_select())
        .load(connection)?)
}

pub fn of_ids(connection: &mut AnyConnection, ids: &[ProducerId]) -> Result<BTreeMap<ProducerId, Producer>> {
    let found: Vec<Producer> =
        producers::table.filter(producers::id.eq_any(ids.to_vec())).select(Producer::as_select()).load(connection)?;
    Ok(found.into_iter().map(|producer| (producer.id, producer)).collect())
}

/// What the producers of these ids are called.
pub fn names(connection: &mut AnyConnection, ids: &[ProducerId]) -> Result<BTreeMap<ProducerId, String>> {
    let named: Vec<(ProducerId, String)> = producers::table
        .filter(producers::id.eq_any(ids.to_vec()))
        .select((producers::id, producers::name))
        .load(connection)?;
    Ok(named.into_iter().collect())
}

pub fn find_by_identity_number(connection: &mut AnyConnection, number: &str) -> Result<Option<Producer>> {
    Ok(producers::table
        .filter(producers::identity_number.eq(number))
        .select(Producer::as_select())
        .first(connection)
        .optional()?)
}

/// Enters a producer in its place. A doubled identity number is [`already_registered`], also where two do it at once.
pub fn insert(connection: &mut AnyConnection, form: ProducerForm, place: Place, now: Moment) -> Result<ProducerId> {
    if find_by_identity_number(connection, &form.identity_number)?.is_some() {
        return Err(already_registered());
    }
    let id = ProducerId::new();
    diesel::insert_into(producers::table)
        .values((
            producers::id.eq(id),
            producers::version.eq(1),
            producers::folded.eq(text::fold(&form.name)),
            producers::name.eq(form.name),
            producers::kind.eq(form.kind),
            producers::identity_number.eq(form.identity_number),
            producers::commune_code.eq(place.commune),
            producers::district_code.eq(place.district),
            producers::address.eq(form.address),
            producers::representative.eq(form.representative),
            producers::phone.eq(form.phone),
            producers::public_phone.eq(form.public_phone),
            producers::email.eq(form.email),
            producers::members.eq(Some(Json(form.members))),
            producers::created_at.eq(now),
        ))
        .execute(connection)
        .map_err(doubled)?;
    Ok(id)
}

/// Sets a producer's data; the version after it is returned.
pub fn update(connection: &mut AnyConnection, producer: &Producer, form: ProducerForm, place: Place) -> Result<i32> {
    let version = producer.version + 1;
    diesel::update(producers::table.find(producer.id))
        .set((
            producers::version.eq(version),
            producers::folded.eq(text::fold(&form.name)),
            producers::name.eq(form.name),
            producers::kind.eq(form.kind),
            producers::identity_number.eq(form.identity_number),
            producers::commune_code.eq(place.commune),
            producers::district_code.eq(place.district),
            producers::address.eq(form.address),
            producers::representative.eq(form.representative),
            producers::phone.eq(form.phone),
            producers::public_phone.eq(form.public_phone),
            producers::email.eq(form.email),
            producers::members.eq(Some(Json(form.members))),
        ))
        .execute(connection)
        .map_err(doubled)?;
    Ok(version)
}

/// The identity number is the only key of a producer that comes from outside.
fn doubled(error: Diesel) -> Error {
    match error {
        Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => already_registered(),
        other => other.into(),
    }
}

/// Which producers to list.
#[derive(Debug)]
pub struct Filter {
    pub territory: Territory,
    pub unit: Option<UnitCode>,
    pub search: Option<String>,
    pub after: Option<(String, ProducerId)>,
    pub limit: i64,
}

/// Producers by folded name.
pub fn list(connection: &mut AnyConnection, filter: &Filter) -> Result<Vec<Producer>> {
    use crate::base::Level;
    let mut query = producers::table.select(Producer::as_select()).into_boxed();
    query = match &filter.territory {
        Territory::Province => query,
        Territory::District(code) => query.filter(producers::district_code.eq(code.clone())),
        Territory::Commune(code) => query.filter(producers::commune_code.eq(code.clone())),
        Territory::Producer(id) => query.filter(producers::id.eq(*id)),
        Territory::Nothing => return Ok(Vec::new()),
    };
    if let Some(unit) = &filter.unit {
        query = match unit.level() {
            Level::Province => query,
            Level::District => query.filter(producers::district_code.eq(unit.clone())),
            Level::Commune => query.filter(producers::commune_code.eq(unit.clone())),
        };
    }
    if let Some(search) = &filter.search {
        query = query.filter(
            producers::folded.like(format!("%{search}%")).or(producers::identity_number.eq(search.to_uppercase())),
        );
    }
    if let Some((folded, id)) = &filter.after {
        query = query.filter(producers::folded.gt(folded).or(producers::folded.eq(folded).and(producers::id.gt(id))));
    }
    Ok(query.order((producers::folded, producers::id)).limit(filter.limit).load(connection)?)
}

/// A registration, without the password's hash.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = registrations)]
pub struct Registration {
    pub id: RegistrationId,
    pub version: i32,
    pub state: RegistrationState,
    pub producer: Json<ProducerForm>,
    pub claimed_producer_id: Option<ProducerId>,
    pub username: String,
    pub account_name: String,
    pub commune_code: UnitCode,
    pub district_code: Option<UnitCode>,
    pub note: Option<String>,
    pub created_at: Moment,
}

impl Registration {
    /// Where it is decided. It belongs to no producer yet: nobody's own account sees it, its id is no producer's.
    pub fn home(&self) -> Home {
        Home {
            producer: ProducerId::from_uuid(self.id.uuid()),
            commune: self.commune_code.clone(),
            district: self.district_code.clone(),
        }
    }
}

/// A registration to be written; the password is already hashed.
pub struct NewRegistration {
    pub producer: ProducerForm,
    pub claimed: Option<ProducerId>,
    pub username: String,
    pub password_hash: String,
    pub account_name: String,
    /// Where it is decided.
    pub place: Place,
}

pub fn insert_registration(
    connection: &mut AnyConnection,
    registration: NewRegistration,
    now: Moment,
) -> Result<RegistrationId> {
    let id = RegistrationId::new();
    diesel::insert_into(registrations::table)
        .values((
            registrations::id.eq(id),
            registrations::version.eq(1),
            registrations::state.eq(RegistrationState::Pending),
            registrations::identity_number.eq(registration.producer.identity_number.clone()),
            registrations::producer.eq(Json(registration.producer)),
            registrations::claimed_producer_id.eq(registration.claimed),
            registrations::username.eq(registration.username),
            registrations::password_hash.eq(registration.password_hash),
            registrations::account_name.eq(registration.account_name),
            registrations::commune_code.eq(registration.place.commune),
            registrations::district_code.eq(registration.place.district),
            registrations::note.eq(None::<String>),
            registrations::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

pub fn find_registration(connection: &mut AnyConnection, id: RegistrationId) -> Result<Option<Registration>> {
    Ok(registrations::table.find(id).select(Registration::as_select()).first(connection).optional()?)
}

pub fn registration_password(connection: &mut AnyConnection, id: RegistrationId) -> Result<String> {
    Ok(registrations::table.find(id).select(registrations::password_hash).first(connection)?)
}

/// Decides a registration. Its password's hash is of no more use here and goes.
pub fn decide_registration(
    connection: &mut AnyConnection,
    registration: &Registration,
    state: RegistrationState,
    note: Option<&str>,
) -> Result<i32> {
    let version = registration.version + 1;
    diesel::update(registrations::table.find(registration.id))
        .set((
            registrations::version.eq(version),
            registrations::state.eq(state),
            registrations::note.eq(note),
            registrations::password_hash.eq(""),
        ))
        .execute(connection)?;
    Ok(version)
}

/// Which registrations to list.
#[derive(Debug)]
pub struct RegistrationFilter {
    pub territory: Territory,
    pub state: Option<RegistrationState>,
    pub unit: Option<UnitCode>,
    pub after: Option<RegistrationId>,
    pub limit: i64,
}

/// Registrations, newest first.
pub fn list_registrations(connection: &mut AnyConnection, filter: &RegistrationFilter) -> Result<Vec<Registration>> {
    use crate::base::Level;
    let mut query = registrations::table.select(Registration::as_select()).into_boxed();
    query = match &filter.territory {
        Territory::Province => query,
        Territory::District(code) => query.filter(registrations::district_code.eq(code.clone())),
        Territory::Commune(code) => query.filter(registrations::commune_code.eq(code.clone())),
        Territory::Producer(_) | Territory::Nothing => return Ok(Vec::new()),
    };
    if let Some(state) = filter.state {
        query = query.filter(registrations::state.eq(state));
    }
    if let Some(unit) = &filter.unit {
        query = match unit.level() {
            Level::Province => query,
            Level::District => query.filter(registrations::district_code.eq(unit.clone())),
            Level::Commune => query.filter(registrations::commune_code.eq(unit.clone())),
        };
    }
    if let Some(after) = filter.after {
        query = query.filter(registrations::id.lt(after));
    }
    Ok(query.order(registrations::id.desc()).limit(filter.limit).load(connection)?)
}
