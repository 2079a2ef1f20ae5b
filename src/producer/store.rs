//! Producers in the database.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as Diesel};
use diesel::sql_types::Text;

use crate::account::{Home, Territory};
use crate::audit::refold_store::refolds;
use crate::audit::store::{Resource, changed_since};
use crate::base::id::ProducerId;
use crate::base::{Error, Level, Moment, Result, UnitCode, canonical, text};
use crate::db::AnyConnection;
use crate::db::schema::producers;
use crate::db::types::{Json, Multi, text_column};
use crate::place::Place;
use crate::producer::rules::{Member, ProducerForm, ProducerKind, Sex, already_registered, names_citizens};
use crate::station::{Sorting, Stretch, filters};

text_column!(ProducerKind, Sex);

refolds!(producers, name, Resource::Producer);

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
    pub representative_sex: Option<Sex>,
    pub representative_ethnicity: Option<String>,
}

impl Producer {
    pub fn home(&self) -> Home {
        Home { producer: self.id, commune: self.commune_code.clone(), district: self.district_code.clone() }
    }

    /// Whether identity numbers of persons are among its own and its members'.
    pub fn names_citizens(&self) -> bool {
        let members = self.members.as_ref().map(|members| members.0.as_slice()).unwrap_or_default();
        names_citizens(&self.identity_number, members)
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
            representative_sex: self.representative_sex,
            representative_ethnicity: self.representative_ethnicity.clone(),
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

/// Where each producer is on record.
pub fn spots(connection: &mut AnyConnection) -> Result<Vec<(ProducerId, Place)>> {
    let spots: Vec<(ProducerId, UnitCode, Option<UnitCode>)> =
        producers::table.select((producers::id, producers::commune_code, producers::district_code)).load(connection)?;
    Ok(spots.into_iter().map(|(id, commune, district)| (id, Place { commune, district })).collect())
}

/// The producers of these ids, the oldest first.
pub fn of_ids(connection: &mut AnyConnection, ids: &[ProducerId]) -> Result<Vec<Producer>> {
    Ok(producers::table
        .filter(producers::id.eq_any(ids.to_vec()))
        .order(producers::id)
        .select(Producer::as_select())
        .load(connection)?)
}

/// What the producers of these ids are called.
pub fn names(connection: &mut AnyConnection, ids: &[ProducerId]) -> Result<BTreeMap<ProducerId, String>> {
    let named: Vec<(ProducerId, String)> = producers::table
        .filter(producers::id.eq_any(ids.to_vec()))
        .select((producers::id, producers::name))
        .load(connection)?;
    Ok(named.into_iter().collect())
}

/// Of which kind each of these producers is.
pub fn kinds(connection: &mut AnyConnection, ids: &[ProducerId]) -> Result<BTreeMap<ProducerId, ProducerKind>> {
    let rows: Vec<(ProducerId, ProducerKind)> = producers::table
        .filter(producers::id.eq_any(ids.to_vec()))
        .select((producers::id, producers::kind))
        .load(connection)?;
    Ok(rows.into_iter().collect())
}

/// A producer's identity number without hyphens, which older programs kept; they kept nothing else that groups digits.
fn ungrouped() -> SqlLiteral<Text> {
    sql("replace(producers.identity_number, '-', '')")
}

/// What a number may be kept as: its one spelling, and without the zero that an older program did not add.
fn kept_as(number: &str) -> Vec<String> {
    let spelled = canonical::identity_number(number);
    let without_zero = spelled.strip_prefix('0').filter(|rest| canonical::identity_number(rest) == spelled);
    let without_zero = without_zero.map(str::to_owned);
    std::iter::once(spelled).chain(without_zero).collect()
}

/// Of these identity numbers, those of producers that are on record, each in its one spelling.
pub fn known_identity_numbers(connection: &mut AnyConnection, numbers: &[String]) -> Result<BTreeSet<String>> {
    let kept: Vec<String> = numbers.iter().flat_map(|number| kept_as(number)).collect();
    let known: Vec<String> =
        producers::table.filter(ungrouped().eq_any(kept)).select(producers::identity_number).load(connection)?;
    Ok(known.iter().map(|number| canonical::identity_number(number)).collect())
}

pub fn find_by_identity_number(connection: &mut AnyConnection, number: &str) -> Result<Option<Producer>> {
    Ok(producers::table
        .filter(ungrouped().eq_any(kept_as(number)))
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
            producers::representative_sex.eq(form.representative_sex),
            producers::representative_ethnicity.eq(form.representative_ethnicity),
            producers::created_at.eq(now),
        ))
        .execute(connection)
        .map_err(doubled)?;
    Ok(id)
}

/// Sets a producer's data.
pub fn update(connection: &mut AnyConnection, producer: &Producer, form: ProducerForm, place: Place) -> Result<()> {
    diesel::update(producers::table.find(producer.id))
        .set((
            producers::version.eq(producers::version + 1),
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
            producers::representative_sex.eq(form.representative_sex),
            producers::representative_ethnicity.eq(form.representative_ethnicity),
        ))
        .execute(connection)
        .map_err(doubled)?;
    Ok(())
}

/// The identity number is the only key of a producer that comes from outside.
fn doubled(error: Diesel) -> Error {
    match error {
        Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => already_registered(),
        other => other.into(),
    }
}

filters! {
    /// What producers can be listed by.
    pub struct ProducerFilter {
        /// A district or commune.
        unit_code: UnitCode,
        /// By name unless another order is asked for.
        #[param(inline)]
        sort: Sorting,
    }
    search q
}

/// The producers of a territory that a filter lets through.
fn matching<'a>(territory: &'a Territory, filter: &'a ProducerFilter) -> producers::BoxedQuery<'a, Multi> {
    let mut query = producers::table.into_boxed();
    query = match territory {
        Territory::Province => query,
        Territory::District(code) => query.filter(producers::district_code.eq(code)),
        Territory::Commune(code) => query.filter(producers::commune_code.eq(code)),
        Territory::Producer(id) => query.filter(producers::id.eq(id)),
        Territory::Nothing => query.filter(diesel::dsl::sql::<diesel::sql_types::Bool>("1 = 0")),
    };
    if let Some(unit) = &filter.unit_code {
        query = match unit.level() {
            Level::Province => query,
            Level::District => query.filter(producers::district_code.eq(unit)),
            Level::Commune => query.filter(producers::commune_code.eq(unit)),
        };
    }
    if let Some(search) = &filter.q {
        query = query
            .filter(producers::folded.like(text::within(search)).escape('\\').or(ungrouped().eq_any(kept_as(search))));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(producers::id.eq_any(changed_since(Resource::Producer, since)));
    }
    query
}

/// Producers of a territory, by folded name unless another order is asked for.
pub fn list(
    connection: &mut AnyConnection,
    territory: &Territory,
    filter: &ProducerFilter,
    stretch: &Stretch<(String, ProducerId)>,
) -> Result<Vec<Producer>> {
    let mut query = matching(territory, filter);
    let sorting = filter.sort.unwrap_or(Sorting::Name);
    query = match (sorting, &stretch.after) {
        (Sorting::Name, Some((folded, id))) => {
            query.filter(producers::folded.gt(folded).or(producers::folded.eq(folded).and(producers::id.gt(id))))
        }
        (Sorting::Newest, Some((_, id))) => query.filter(producers::id.lt(id)),
        (Sorting::Oldest, Some((_, id))) => query.filter(producers::id.gt(id)),
        (_, None) => query,
    };
    query = match sorting {
        Sorting::Name => query.order((producers::folded, producers::id)),
        Sorting::Newest => query.order(producers::id.desc()),
        Sorting::Oldest => query.order(producers::id),
    };
    let query = query.limit(stretch.limit);
    Ok(query.select(Producer::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, territory: &Territory, filter: &ProducerFilter) -> Result<i64> {
    Ok(matching(territory, filter).count().get_result(connection)?)
}
