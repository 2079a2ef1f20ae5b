//! Certificates in the database.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use serde::Serialize;

use crate::account::{Home, Territory, within_territory};
use crate::audit::store::{Resource, changed_since};
use crate::base::id::{AgendaItemId, AnyId, CertificateId, CycleId, DecisionId, ProducerId, ProductId};
use crate::base::{Day, Moment, Result, Stars, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::{certificates, cycles};
use crate::db::types::Multi;
use crate::decision::extension;
use crate::decision::extension_store::{LASTING, Lasting};
use crate::decision::rules::{Certified, Standing, Term};
use crate::decision::standing_store::{OnDay, valid};
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

    fn lasting(&self) -> Lasting {
        let Self { id, product_id: product, issued_on, valid_until, .. } = *self;
        Lasting { id, product, issued_on, valid_until }
    }
}

/// From when to when each of these certificates is in force.
pub fn terms(connection: &mut AnyConnection, certificates: &[Certificate]) -> Result<BTreeMap<CertificateId, Term>> {
    let lasting: Vec<Lasting> = certificates.iter().map(Certificate::lasting).collect();
    let extended = extension::last_days(connection, &lasting)?;
    let term = |certificate: &Certificate| {
        let extended_until = extended.get(&certificate.id).copied();
        let Certificate { valid_until, revoked_on, .. } = *certificate;
        (certificate.id, Term { valid_until, extended_until, revoked_on })
    };
    Ok(certificates.iter().map(term).collect())
}

/// From when to when a certificate is in force.
pub fn term(connection: &mut AnyConnection, certificate: &Certificate) -> Result<Term> {
    let extended_until = extension::last_days(connection, &[certificate.lasting()])?.remove(&certificate.id);
    Ok(Term { valid_until: certificate.valid_until, extended_until, revoked_on: certificate.revoked_on })
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

/// The certificates that a decision issued.
pub fn of_decision(connection: &mut AnyConnection, decision: DecisionId) -> Result<Vec<Certificate>> {
    Ok(certificates::table
        .filter(certificates::decision_id.eq(decision))
        .order(certificates::id)
        .select(Certificate::as_select())
        .load(connection)?)
}

/// All certificates of a product.
pub fn of_product(connection: &mut AnyConnection, product: ProductId) -> Result<Vec<Certificate>> {
    Ok(certificates::table
        .filter(certificates::product_id.eq(product))
        .order(certificates::id)
        .select(Certificate::as_select())
        .load(connection)?)
}

/// Whether a certificate of the product is in force on the day.
pub fn is_certified(connection: &mut AnyConnection, product: ProductId, day: Day) -> Result<bool> {
    let on = OnDay::read(connection, day)?;
    let standing = certificates::table.filter(certificates::product_id.eq(product)).filter(on.in_force());
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
        /// Whether its product's dossier is to be handed in now to be rated again, by the act in force: within the window
        /// before its last day, and for who could not keep it because the act was new, until that day.
        again_due: bool,
    }
}

/// The certificates of a territory that a filter lets through.
fn matching<'a>(
    territory: &'a Territory,
    on: &OnDay,
    filter: &'a CertificateFilter,
) -> certificates::BoxedQuery<'a, Multi> {
    let mut query = within_territory!(certificates::table.into_boxed(), certificates, territory);
    let standing = filter.state.or(filter.expiring_before.map(|_| Standing::Valid));
    query = match standing {
        None => query,
        Some(Standing::Revoked) => query.filter(certificates::revoked_on.le(on.day)),
        Some(Standing::Expired) => query.filter(on.expired()),
        Some(Standing::Extended) => query.filter(on.extended()),
        Some(Standing::Valid) => query.filter(valid(on.day)),
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
    if let Some(due) = filter.again_due {
        let (earliest, latest, transitional) = on.again_due();
        let is_due = certificates::valid_until.between(earliest, latest).or(certificates::valid_until.le(transitional));
        let is_due = is_due.and(valid(on.day));
        query = if due { query.filter(is_due) } else { query.filter(diesel::dsl::not(is_due)) };
    }
    if let Some(before) = filter.expiring_before {
        query = query.filter(certificates::valid_until.lt(before));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(certificates::id.eq_any(changed_since(Resource::Certificate, since)));
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
    let on = OnDay::read(connection, today)?;
    let mut query = matching(territory, &on, filter);
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
    let on = OnDay::read(connection, today)?;
    Ok(matching(territory, &on, filter).count().get_result(connection)?)
}

type CertifiedColumns = (
    certificates::number,
    certificates::stars,
    certificates::revoked_on,
    (certificates::id, certificates::product_id, certificates::issued_on, certificates::valid_until),
);

/// The columns of what everybody may know of a certificate, as [`certified`] takes them.
pub const CERTIFIED: CertifiedColumns = (certificates::number, certificates::stars, certificates::revoked_on, LASTING);

pub type CertifiedRow = (String, Stars, Option<Day>, Lasting);

/// What everybody may know of these certificates, in the same order.
pub fn certified(connection: &mut AnyConnection, rows: Vec<CertifiedRow>) -> Result<Vec<Certified>> {
    let lasting: Vec<Lasting> = rows.iter().map(|(.., lasting)| *lasting).collect();
    let extended = extension::last_days(connection, &lasting)?;
    let told = |(number, stars, revoked_on, Lasting { id, issued_on, valid_until, .. }): CertifiedRow| {
        let term = Term { valid_until, extended_until: extended.get(&id).copied(), revoked_on };
        Certified { number, stars, issued_on, term }
    };
    Ok(rows.into_iter().map(told).collect())
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
    let rows: Vec<CertifiedRow> = certificates::table
        .filter(certificates::product_id.eq_any(products.to_vec()))
        .order((certificates::issued_on, certificates::id))
        .select(CERTIFIED)
        .load(connection)?;
    let newest: HashMap<ProductId, CertifiedRow> = rows.into_iter().map(|row| (row.3.product, row)).collect();
    let (products, rows): (Vec<ProductId>, Vec<CertifiedRow>) = newest.into_iter().unzip();
    Ok(products.into_iter().zip(certified(connection, rows)?).collect())
}
