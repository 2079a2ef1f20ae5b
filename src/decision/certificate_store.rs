//! Certificates in the database.

use std::collections::HashMap;

use diesel::prelude::*;
use serde::Serialize;

use crate::account::{Home, Territory, within_territory};
use crate::base::id::{AgendaItemId, AnyId, CertificateId, CycleId, DecisionId, ProducerId, ProductId};
use crate::base::{Day, Moment, Result, Stars, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::{certificates, cycles};
use crate::db::types::Multi;
use crate::decision::rules::{Certified, Standing};
use crate::station::{Stretch, filters};

/// The history vouches for it as it is serialized: what is added later is left out while it is
/// empty, so that what was recorded before stays the same.
#[derive(Debug, Clone, Serialize, Queryable, Selectable)]
#[diesel(table_name = certificates)]
pub struct Certificate {
    pub id: CertificateId,
    #[serde(skip)]
    pub version: i32,
    pub number: String,
    pub product_id: ProductId,
    pub producer_id: ProducerId,
    pub cycle_id: CycleId,
    pub agenda_item_id: AgendaItemId,
    pub decision_id: DecisionId,
    pub commune_code: UnitCode,
    pub district_code: Option<UnitCode>,
    pub stars: Stars,
    pub issued_on: Day,
    pub valid_until: Day,
    pub revoked_on: Option<Day>,
    pub revoked_by: Option<DecisionId>,
    /// The later certificate of the product that ended this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<CertificateId>,
}

impl Certificate {
    pub fn home(&self) -> Home {
        Home { producer: self.producer_id, commune: self.commune_code.clone(), district: self.district_code.clone() }
    }
}

/// A certificate to be issued.
#[derive(Debug, Clone)]
pub struct NewCertificate {
    pub number: String,
    pub home: Home,
    pub product: ProductId,
    pub cycle: CycleId,
    pub agenda_item: AgendaItemId,
    pub decision: DecisionId,
    pub stars: Stars,
    pub issued_on: Day,
    pub valid_until: Day,
}

pub fn insert(connection: &mut AnyConnection, new: NewCertificate, now: Moment) -> Result<CertificateId> {
    let id = CertificateId::new();
    diesel::insert_into(certificates::table)
        .values((
            certificates::id.eq(id),
            certificates::version.eq(1),
            certificates::number.eq(new.number),
            certificates::product_id.eq(new.product),
            certificates::producer_id.eq(new.home.producer),
            certificates::cycle_id.eq(new.cycle),
            certificates::agenda_item_id.eq(new.agenda_item),
            certificates::decision_id.eq(new.decision),
            certificates::commune_code.eq(new.home.commune),
            certificates::district_code.eq(new.home.district),
            certificates::stars.eq(new.stars),
            certificates::issued_on.eq(new.issued_on),
            certificates::valid_until.eq(new.valid_until),
            certificates::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

/// Takes a certificate's row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: CertificateId) -> Result<()> {
    diesel::update(certificates::table.find(id))
        .set(certificates::version.eq(certificates::version))
        .execute(connection)?;
    Ok(())
}

pub fn find(connection: &mut AnyConnection, id: CertificateId) -> Result<Option<Certificate>> {
    Ok(certificates::table.find(id).select(Certificate::as_select()).first(connection).optional()?)
}

/// The certificates with these keys in the history.
pub fn of_ids(connection: &mut AnyConnection, ids: &[AnyId]) -> Result<Vec<Certificate>> {
    Ok(certificates::table
        .filter(certificates::id.eq_any(ids.to_vec()))
        .select(Certificate::as_select())
        .load(connection)?)
}

/// The newest certificate that an agenda item led to.
pub fn of_agenda_item(connection: &mut AnyConnection, item: AgendaItemId) -> Result<Option<Certificate>> {
    Ok(certificates::table
        .filter(certificates::agenda_item_id.eq(item))
        .order((certificates::issued_on.desc(), certificates::id.desc()))
        .select(Certificate::as_select())
        .first(connection)
        .optional()?)
}

/// All certificates of a product.
pub fn of_product(connection: &mut AnyConnection, product: ProductId) -> Result<Vec<Certificate>> {
    Ok(certificates::table
        .filter(certificates::product_id.eq(product))
        .order(certificates::id)
        .select(Certificate::as_select())
        .load(connection)?)
}

/// Whether a certificate of the product is valid on the day.
pub fn is_certified(connection: &mut AnyConnection, product: ProductId, day: Day) -> Result<bool> {
    let standing = certificates::table.filter(certificates::product_id.eq(product)).filter(valid(day));
    Ok(standing.select(certificates::id).first::<CertificateId>(connection).optional()?.is_some())
}

/// Ends a certificate where the product's next one begins.
pub fn supersede(connection: &mut AnyConnection, id: CertificateId, last_day: Day, by: CertificateId) -> Result<()> {
    diesel::update(certificates::table.find(id))
        .set((
            certificates::version.eq(certificates::version + 1),
            certificates::valid_until.eq(last_day),
            certificates::superseded_by.eq(Some(by)),
        ))
        .execute(connection)?;
    Ok(())
}

/// Something was recorded of a certificate: its version goes on.
pub fn touch(connection: &mut AnyConnection, id: CertificateId) -> Result<()> {
    diesel::update(certificates::table.find(id))
        .set(certificates::version.eq(certificates::version + 1))
        .execute(connection)?;
    Ok(())
}

pub fn revoke(connection: &mut AnyConnection, id: CertificateId, on: Day, by: DecisionId) -> Result<()> {
    diesel::update(certificates::table.find(id))
        .set((
            certificates::version.eq(certificates::version + 1),
            certificates::revoked_on.eq(Some(on)),
            certificates::revoked_by.eq(Some(by)),
        ))
        .execute(connection)?;
    Ok(())
}

filters! {
    /// What certificates can be listed by.
    pub struct CertificateFilter {
        /// As of today.
        state: Standing,
        /// A district or commune.
        unit_code: UnitCode,
        producer_id: ProducerId,
        product_id: ProductId,
        cycle_id: CycleId,
        year: i32,
        /// Still valid, but not beyond this day.
        expiring_before: Day,
    }
}

/// The certificates of a territory that a filter lets through.
fn matching<'a>(
    territory: &'a Territory,
    today: Day,
    filter: &'a CertificateFilter,
) -> certificates::BoxedQuery<'a, Multi> {
    let mut query = within_territory!(certificates::table.into_boxed(), certificates, territory);
    let standing = filter.state.or(filter.expiring_before.map(|_| Standing::Valid));
    query = match standing {
        None => query,
        Some(Standing::Revoked) => query.filter(certificates::revoked_on.le(today)),
        Some(Standing::Expired) => query.filter(certificates::valid_until.lt(today)).filter(unrevoked(today)),
        Some(Standing::Valid) => query.filter(valid(today)),
    };
    if let Some(unit) = &filter.unit_code {
        query = query.filter(certificates::district_code.eq(unit).or(certificates::commune_code.nullable().eq(unit)));
    }
    if let Some(producer) = filter.producer_id {
        query = query.filter(certificates::producer_id.eq(producer));
    }
    if let Some(product) = filter.product_id {
        query = query.filter(certificates::product_id.eq(product));
    }
    if let Some(cycle) = filter.cycle_id {
        query = query.filter(certificates::cycle_id.eq(cycle));
    }
    if let Some(year) = filter.year {
        query =
            query.filter(certificates::cycle_id.eq_any(cycles::table.filter(cycles::year.eq(year)).select(cycles::id)));
    }
    if let Some(before) = filter.expiring_before {
        query = query.filter(certificates::valid_until.lt(before));
    }
    query
}

/// Certificates of a territory by number.
pub fn list(
    connection: &mut AnyConnection,
    territory: &Territory,
    today: Day,
    filter: &CertificateFilter,
    stretch: &Stretch<String>,
) -> Result<Vec<Certificate>> {
    let mut query = matching(territory, today, filter);
    if let Some(after) = &stretch.after {
        query = query.filter(certificates::number.gt(after));
    }
    Ok(query.order(certificates::number).limit(stretch.limit).select(Certificate::as_select()).load(connection)?)
}

pub fn count(
    connection: &mut AnyConnection,
    territory: &Territory,
    today: Day,
    filter: &CertificateFilter,
) -> Result<i64> {
    Ok(matching(territory, today, filter).count().get_result(connection)?)
}

/// The columns of what everybody may know of a certificate, as [`certified`] takes them.
pub const CERTIFIED: (
    certificates::number,
    certificates::stars,
    certificates::issued_on,
    certificates::valid_until,
    certificates::revoked_on,
) = (
    certificates::number,
    certificates::stars,
    certificates::issued_on,
    certificates::valid_until,
    certificates::revoked_on,
);

pub type CertifiedRow = (String, Stars, Day, Day, Option<Day>);

pub fn certified((number, stars, issued_on, valid_until, revoked_on): CertifiedRow) -> Certified {
    Certified { number, stars, issued_on, valid_until, revoked_on }
}

/// Whether a certificate is its product's newest: by the day of its issue, then by when it came into being. The same order
/// as [`newest_of`].
macro_rules! is_newest {
    () => {{
        use diesel::prelude::*;
        let newer = diesel::alias!($crate::db::schema::certificates as newer);
        let is_newer = newer.field(certificates::issued_on).gt(certificates::issued_on).or(newer
            .field(certificates::issued_on)
            .eq(certificates::issued_on)
            .and(newer.field(certificates::id).gt(certificates::id)));
        let same_product = newer.filter(newer.field(certificates::product_id).eq(certificates::product_id));
        diesel::dsl::not(diesel::dsl::exists(same_product.filter(is_newer)))
    }};
}
pub(crate) use is_newest;

/// The newest certificate of each of these products.
pub fn newest_of(connection: &mut AnyConnection, products: &[ProductId]) -> Result<HashMap<ProductId, Certified>> {
    // The newest last, so that it is what stays in the map.
    let rows: Vec<(ProductId, CertifiedRow)> = certificates::table
        .filter(certificates::product_id.eq_any(products.to_vec()))
        .order((certificates::issued_on, certificates::id))
        .select((certificates::product_id, CERTIFIED))
        .load(connection)?;
    Ok(rows.into_iter().map(|(product, row)| (product, certified(row))).collect())
}

/// See [`unrevoked`].
pub type Unrevoked = diesel::dsl::AssumeNotNull<
    diesel::dsl::Or<
        diesel::dsl::Nullable<diesel::dsl::IsNull<certificates::revoked_on>>,
        diesel::dsl::Gt<certificates::revoked_on, Day>,
    >,
>;

/// Not revoked by a day, in SQL.
pub fn unrevoked(today: Day) -> Unrevoked {
    use diesel::NullableExpressionMethods;
    certificates::revoked_on.is_null().nullable().or(certificates::revoked_on.gt(today)).assume_not_null()
}

/// See [`valid`].
pub type Valid = diesel::dsl::And<diesel::dsl::GtEq<certificates::valid_until, Day>, Unrevoked>;

/// Valid on a day, as `rules::standing` says, in SQL.
pub fn valid(today: Day) -> Valid {
    certificates::valid_until.ge(today).and(unrevoked(today))
}
