//! Registrations in the database.

use diesel::prelude::*;

use crate::account::{Home, Territory};
use crate::audit::store::{Resource, changed_since};
use crate::base::id::{ProducerId, RegistrationId};
use crate::base::{Level, Moment, Result, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::registrations;
use crate::db::types::{Json, Multi, text_column};
use crate::place::Place;
use crate::producer::registration::rules::RegistrationState;
use crate::producer::rules::ProducerForm;
use crate::station::{Stretch, filters};

text_column!(RegistrationState);

/// A registration, without the password's hash.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = registrations)]
pub struct RegistrationRow {
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
    pub consent_version: Option<i32>,
    pub erased_at: Option<Moment>,
}

impl RegistrationRow {
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
    /// The digest of its receipt's code.
    pub receipt: Vec<u8>,
    /// To which version of its text who registers agrees, now.
    pub consent_version: Option<i32>,
}

/// None where another has the receipt already.
pub fn insert(
    connection: &mut AnyConnection,
    registration: NewRegistration,
    now: Moment,
) -> Result<Option<RegistrationId>> {
    let id = RegistrationId::new();
    let inserted = diesel::insert_into(registrations::table).values((
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
        registrations::receipt_digest.eq(registration.receipt),
        registrations::consent_version.eq(registration.consent_version),
    ));
    let rows = match connection {
        AnyConnection::Sqlite(sqlite) => inserted.on_conflict_do_nothing().execute(sqlite)?,
        AnyConnection::Postgresql(postgresql) => inserted.on_conflict_do_nothing().execute(postgresql)?,
    };
    Ok((rows == 1).then_some(id))
}

/// Whether a registration that nobody has decided on asks for a user name.
pub fn is_username_asked_for(connection: &mut AnyConnection, username: &str) -> Result<bool> {
    let same = registrations::table
        .filter(registrations::username.eq(username))
        .filter(registrations::state.eq(RegistrationState::Pending));
    Ok(diesel::select(diesel::dsl::exists(same)).get_result(connection)?)
}

/// The registration whose receipt has this digest.
pub fn of_receipt(connection: &mut AnyConnection, digest: &[u8]) -> Result<Option<RegistrationRow>> {
    let found = registrations::table.filter(registrations::receipt_digest.eq(digest));
    Ok(found.select(RegistrationRow::as_select()).first(connection).optional()?)
}

pub fn find(connection: &mut AnyConnection, id: RegistrationId) -> Result<Option<RegistrationRow>> {
    Ok(registrations::table.find(id).select(RegistrationRow::as_select()).first(connection).optional()?)
}

/// Finds a registration and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: RegistrationId) -> Result<Option<RegistrationRow>> {
    diesel::update(registrations::table.find(id))
        .set(registrations::version.eq(registrations::version))
        .execute(connection)?;
    find(connection, id)
}

pub fn password_hash(connection: &mut AnyConnection, id: RegistrationId) -> Result<String> {
    Ok(registrations::table.find(id).select(registrations::password_hash).first(connection)?)
}

/// Decides a registration. Its password's hash and what is sensitive in it are of no more use here and go.
pub fn decide(
    connection: &mut AnyConnection,
    row: &RegistrationRow,
    state: RegistrationState,
    note: Option<&str>,
) -> Result<()> {
    diesel::update(registrations::table.find(row.id))
        .set((
            registrations::version.eq(registrations::version + 1),
            registrations::producer.eq(Json(row.producer.0.clone().without_sensitive())),
            registrations::state.eq(state),
            registrations::note.eq(note),
            registrations::password_hash.eq(""),
        ))
        .execute(connection)?;
    Ok(())
}

/// Registrations that were refused before a moment and still say something of persons, so many at most.
pub fn refused_before(connection: &mut AnyConnection, moment: Moment, most: i64) -> Result<Vec<RegistrationRow>> {
    Ok(registrations::table
        .filter(registrations::state.eq(RegistrationState::Refused))
        .filter(registrations::erased_at.is_null())
        .filter(registrations::id.ne_all(changed_since(Resource::Registration, moment)))
        .order(registrations::id)
        .limit(most)
        .select(RegistrationRow::as_select())
        .load(connection)?)
}

/// Those of these registrations that were refused and still say something of persons.
pub fn refused_among(connection: &mut AnyConnection, ids: &[RegistrationId]) -> Result<Vec<RegistrationRow>> {
    Ok(registrations::table
        .filter(registrations::id.eq_any(ids.to_vec()))
        .filter(registrations::state.eq(RegistrationState::Refused))
        .filter(registrations::erased_at.is_null())
        .order(registrations::id)
        .select(RegistrationRow::as_select())
        .load(connection)?)
}

/// Erases what a registration says of persons.
pub fn erase(connection: &mut AnyConnection, row: &RegistrationRow, now: Moment) -> Result<()> {
    let erased = row.producer.0.clone().erased();
    diesel::update(registrations::table.find(row.id))
        .set((
            registrations::version.eq(registrations::version + 1),
            registrations::identity_number.eq(erased.identity_number.clone()),
            registrations::username.eq(""),
            registrations::account_name.eq(erased.name.clone()),
            registrations::producer.eq(Json(erased)),
            registrations::erased_at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

filters! {
    /// What registrations can be listed by.
    pub struct RegistrationFilter {
        state: RegistrationState,
        /// A district or commune.
        unit_code: UnitCode,
    }
}

/// The registrations of a territory that a filter lets through.
fn matching<'a>(territory: &'a Territory, filter: &'a RegistrationFilter) -> registrations::BoxedQuery<'a, Multi> {
    let mut query = registrations::table.into_boxed();
    query = match territory {
        Territory::Province => query,
        Territory::District(code) => query.filter(registrations::district_code.eq(code)),
        Territory::Commune(code) => query.filter(registrations::commune_code.eq(code)),
        Territory::Producer(_) | Territory::Nothing => {
            query.filter(diesel::dsl::sql::<diesel::sql_types::Bool>("1 = 0"))
        }
    };
    if let Some(state) = filter.state {
        query = query.filter(registrations::state.eq(state));
    }
    if let Some(unit) = &filter.unit_code {
        query = match unit.level() {
            Level::Province => query,
            Level::District => query.filter(registrations::district_code.eq(unit)),
            Level::Commune => query.filter(registrations::commune_code.eq(unit)),
        };
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(registrations::id.eq_any(changed_since(Resource::Registration, since)));
    }
    query
}

/// Registrations of a territory, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    territory: &Territory,
    filter: &RegistrationFilter,
    stretch: &Stretch<RegistrationId>,
) -> Result<Vec<RegistrationRow>> {
    let mut query = matching(territory, filter);
    if let Some(after) = stretch.after {
        query = query.filter(registrations::id.lt(after));
    }
    let query = query.order(registrations::id.desc()).limit(stretch.limit);
    Ok(query.select(RegistrationRow::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, territory: &Territory, filter: &RegistrationFilter) -> Result<i64> {
    Ok(matching(territory, filter).count().get_result(connection)?)
}
