//! What the feeds tell, read from the database.

use std::collections::HashMap;

use diesel::dsl::{count_star, exists, not, sum};
use diesel::prelude::*;

use crate::audit::Resource;
use crate::base::id::{CertificateId, PictureId, ProductId};
use crate::base::{Day, Moment, Result, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::{certificates, criteria_sets, decisions, history, holds, pictures, plans, producers, products};
use crate::decision::certificate_store::{CERTIFIED, CertifiedRow, certified as told, is_newest};
use crate::decision::rules::Certified;
use crate::decision::standing_store::OnDay;
use crate::producer::store::Producer;
use crate::product::ProductRow;
use crate::site::names::Names;
use crate::site::store::has_plan;
use crate::site::structured::Described;

/// A certified product.
#[derive(Debug, Clone)]
pub struct FeedItem {
    pub product: ProductId,
    pub certificate: CertificateId,
    /// When the certificate came into being.
    pub certified_at: Moment,
    /// Where it is made, which need not be where its producer sits.
    pub commune: String,
    pub district: Option<String>,
    pub described: Described,
}

type Row = (ProductRow, Producer, (CertificateId, Moment), CertifiedRow, UnitCode);

/// In which order, and which stretch.
#[derive(Debug, Clone, Copy)]
pub enum Stretch {
    /// All of them, in the order in which the products came into being, behind this one.
    Behind(Option<ProductId>),
    /// The newest certificates first.
    Newest,
}

/// Certified products that are not held, as `site::rules::state` has it, with their newest certificate.
pub fn certified(connection: &mut AnyConnection, names: &Names, stretch: Stretch, limit: i64) -> Result<Vec<FeedItem>> {
    // Who takes the catalogue up to sell from it shall not sell what the authorities hold.
    let is_held = exists(
        holds::table
            .filter(holds::product_id.eq(products::id.nullable()))
            .filter(holds::state.eq(crate::hold::rules::State::Active)),
    );
    let on = OnDay::read(connection, names.today)?;
    let mut query = certificates::table
        .inner_join(products::table.on(products::id.eq(certificates::product_id)))
        .inner_join(producers::table.on(producers::id.eq(products::producer_id)))
        .inner_join(decisions::table.on(decisions::id.eq(certificates::decision_id)))
        .filter(is_newest!())
        .filter(not(is_held))
        .filter(on.in_force())
        .select((
            ProductRow::as_select(),
            Producer::as_select(),
            (certificates::id, certificates::created_at),
            CERTIFIED,
            decisions::unit_code,
        ))
        .into_boxed();
    query = match stretch {
        Stretch::Behind(after) => {
            let query = match after {
                Some(after) => query.filter(products::id.gt(after)),
                None => query,
            };
            query.order(products::id)
        }
        Stretch::Newest => query.order((certificates::issued_on.desc(), certificates::id.desc())),
    };
    let rows: Vec<Row> = query.limit(limit).load(connection)?;
    let ids: Vec<ProductId> = rows.iter().map(|(product, ..)| product.id).collect();
    let mut pictures = pictures_of(connection, &ids)?;
    let certificates = told(connection, rows.iter().map(|row| row.3.clone()).collect())?;
    let entry = |((product, producer, (certificate, certified_at), _, issuer), told): (Row, Certified)| {
        let pictures = pictures.remove(&product.id).unwrap_or_default();
        FeedItem {
            product: product.id,
            certificate,
            certified_at,
            commune: names.unit(&product.commune_code),
            district: product.district_code.as_ref().map(|code| names.unit(code)),
            described: Described::new(&product, &producer, pictures, Some(told), Some(&issuer), names),
        }
    };
    Ok(rows.into_iter().zip(certificates).map(entry).collect())
}

/// The first of a list stands for its product.
fn pictures_of(connection: &mut AnyConnection, products: &[ProductId]) -> Result<HashMap<ProductId, Vec<PictureId>>> {
    let rows: Vec<(ProductId, PictureId)> = pictures::table
        .filter(pictures::product_id.eq_any(products.to_vec()))
        .order((pictures::place, pictures::id))
        .select((pictures::product_id, pictures::id))
        .load(connection)?;
    let mut found: HashMap<ProductId, Vec<PictureId>> = HashMap::new();
    for (product, picture) in rows {
        found.entry(product).or_default().push(picture);
    }
    Ok(found)
}

/// Changes with everything that [`certified`] reads on a day: no row of these is ever removed, and each change counts its
/// version on; which certificates are kept on is said beside.
pub fn stand(connection: &mut AnyConnection, today: Day) -> Result<String> {
    let on = OnDay::read(connection, today)?;
    type Versions = Option<i64>;
    let products: Versions = products::table.select(sum(products::version)).first(connection)?;
    let producers: Versions = producers::table.select(sum(producers::version)).first(connection)?;
    let certificates: Versions = certificates::table.select(sum(certificates::version)).first(connection)?;
    let pictures: i64 = pictures::table.select(count_star()).first(connection)?;
    let holds: Versions = holds::table.select(sum(holds::version)).first(connection)?;
    let kinds: i64 = criteria_sets::table.select(count_star()).first(connection)?;
    Ok(format!("{products:?} {producers:?} {certificates:?} {holds:?} {pictures} {kinds} {on:?}"))
}

/// A product that has a page, with the day of its last change as far as it is known.
#[derive(Debug)]
pub struct Listed {
    pub code: String,
    pub changed_on: Day,
}

/// Products that take part, as the catalogue has it, the newest first.
pub fn listed(connection: &mut AnyConnection, today: Day, limit: i64) -> Result<Vec<Listed>> {
    let has_certificate = exists(certificates::table.filter(certificates::product_id.eq(products::id)));
    // The step that made the product what it is now.
    let last_step = history::resource
        .eq(Resource::Product)
        .and(history::resource_id.eq(products::id))
        .and(history::version.eq(products::version));
    type Row = (ProductId, String, Moment, Option<Moment>);
    let rows: Vec<Row> = products::table
        .left_join(history::table.on(last_step))
        .filter(has_plan!().or(has_certificate))
        .order(products::id.desc())
        .limit(limit)
        .select((products::id, products::code, products::created_at, history::at.nullable()))
        .load(connection)?;
    let certificates = turns(connection, today)?;
    let listed = |(id, code, created_at, changed_at): Row| {
        let own = changed_at.unwrap_or(created_at).day();
        let changed_on = certificates.get(&id).copied().map_or(own, |turn| turn.max(own));
        Listed { code, changed_on }
    };
    Ok(rows.into_iter().map(listed).collect())
}

/// The last day on which what a product's certificates say of it changed.
fn turns(connection: &mut AnyConnection, today: Day) -> Result<HashMap<ProductId, Day>> {
    let (created_at, rows): (Vec<(ProductId, Moment)>, Vec<CertifiedRow>) = certificates::table
        .select(((certificates::product_id, certificates::created_at), CERTIFIED))
        .load::<((ProductId, Moment), CertifiedRow)>(connection)?
        .into_iter()
        .unzip();
    let mut turns: HashMap<ProductId, Day> = HashMap::new();
    for ((product, created_at), Certified { term, .. }) in created_at.into_iter().zip(told(connection, rows)?) {
        let ends = [Some(term.valid_until), term.extended_until].map(|last| last.map(|last| last.plus_days(1)));
        let days = ends.into_iter().chain([Some(created_at.day()), term.revoked_on]);
        for day in days.flatten().filter(|day| *day <= today) {
            let turn = turns.entry(product).or_insert(day);
            *turn = day.max(*turn);
        }
    }
    Ok(turns)
}
