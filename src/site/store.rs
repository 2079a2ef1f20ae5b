//! What the public sees, read from the database; nothing is written here.

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use crate::base::id::ProductId;
use crate::base::{Day, Level, Result, Stars, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::{certificates, plans, producers, products, units};
use crate::decision::certificate_store::unrevoked;
use crate::plan::rules::State as PlanState;
use crate::producer::ProducerKind;
use crate::site::rules::{Certified, State};

/// A product that takes part, with its producer and its newest certificate.
#[derive(Debug)]
pub struct Found {
    pub id: ProductId,
    pub code: String,
    pub name: String,
    pub folded: String,
    pub criteria_set: String,
    pub description: String,
    pub commune_code: UnitCode,
    pub district_code: Option<UnitCode>,
    pub producer_name: String,
    pub producer_kind: ProducerKind,
    pub producer_address: String,
    pub certificate: Option<Certified>,
}

type CertificateRow = (String, Stars, Day, Day, Option<Day>);

fn certified((number, stars, issued_on, valid_until, revoked_on): CertificateRow) -> Certified {
    Certified { number, stars, issued_on, valid_until, revoked_on }
}

/// Which products to show.
#[derive(Debug, Default)]
pub struct Filter {
    pub id: Option<ProductId>,
    pub unit: Option<UnitCode>,
    /// So many stars today.
    pub stars: Option<Stars>,
    pub state: Option<State>,
    pub search: Option<String>,
    pub after: Option<(String, ProductId)>,
    pub limit: i64,
}

/// Products with an approved plan or a certificate, by folded name.
pub fn products(connection: &mut AnyConnection, today: Day, filter: &Filter) -> Result<Vec<Found>> {
    let newer = diesel::alias!(certificates as newer);
    let is_newer = newer.field(certificates::issued_on).gt(certificates::issued_on).or(newer
        .field(certificates::issued_on)
        .eq(certificates::issued_on)
        .and(newer.field(certificates::id).gt(certificates::id)));
    let is_newest =
        not(exists(newer.filter(newer.field(certificates::product_id).eq(certificates::product_id)).filter(is_newer)));
    let has_plan = exists(
        plans::table.filter(plans::product_id.eq(products::id.nullable())).filter(plans::state.eq(PlanState::Approved)),
    );
    let mut query = products::table
        .inner_join(producers::table.on(producers::id.eq(products::producer_id)))
        .left_join(certificates::table.on(certificates::product_id.eq(products::id).and(is_newest)))
        .filter(has_plan.or(certificates::id.is_not_null()))
        .select((
            products::id,
            products::code,
            products::name,
            products::folded,
            products::criteria_set,
            products::description,
            products::commune_code,
            products::district_code,
            (producers::name, producers::kind, producers::address),
            (
                certificates::number,
                certificates::stars,
                certificates::issued_on,
                certificates::valid_until,
                certificates::revoked_on,
            )
                .nullable(),
        ))
        .into_boxed();
    if let Some(id) = filter.id {
        query = query.filter(products::id.eq(id));
    }
    if let Some(unit) = &filter.unit {
        query = match unit.level() {
            Level::Province => query,
            Level::District => query.filter(products::district_code.eq(unit.clone())),
            Level::Commune => query.filter(products::commune_code.eq(unit.clone())),
        };
    }
    // The same as `rules::state`, said in SQL so that pages come out full.
    query = match filter.state {
        None => query,
        Some(State::Certified) => query.filter(certificates::valid_until.ge(today)).filter(unrevoked(today)),
        Some(State::Expired) => query.filter(certificates::valid_until.lt(today)).filter(unrevoked(today)),
        Some(State::Revoked) => query.filter(certificates::revoked_on.le(today)),
        Some(State::Participating) => query.filter(certificates::id.is_null()),
    };
    if let Some(stars) = filter.stars {
        // A product shows stars only while its certificate is valid, whatever other state is asked for.
        query = query
            .filter(certificates::stars.eq(stars))
            .filter(certificates::valid_until.ge(today))
            .filter(unrevoked(today));
    }
    if let Some(search) = &filter.search {
        let pattern = format!("%{search}%");
        // Any name that the place's code ever had: people know places by their old names too.
        let place = exists(
            units::table
                .filter(
                    units::code
                        .eq(products::commune_code)
                        .or(units::code.nullable().eq(products::district_code).assume_not_null()),
                )
                .filter(units::folded.like(pattern.clone())),
        );
        query = query.filter(
            products::folded
                .like(pattern.clone())
                .or(products::code.eq(search))
                .or(producers::folded.like(pattern))
                .or(place),
        );
    }
    if let Some((folded, id)) = &filter.after {
        query = query.filter(products::folded.gt(folded).or(products::folded.eq(folded).and(products::id.gt(id))));
    }
    type Row = (
        ProductId,
        String,
        String,
        String,
        String,
        String,
        UnitCode,
        Option<UnitCode>,
        (String, ProducerKind, String),
        Option<CertificateRow>,
    );
    let rows: Vec<Row> = query.order((products::folded, products::id)).limit(filter.limit).load(connection)?;
    let found =
        |(id, code, name, folded, criteria_set, description, commune_code, district_code, producer, newest): Row| {
            let (producer_name, producer_kind, producer_address) = producer;
            Found {
                id,
                code,
                name,
                folded,
                criteria_set,
                description,
                commune_code,
                district_code,
                producer_name,
                producer_kind,
                producer_address,
                certificate: newest.map(certified),
            }
        };
    Ok(rows.into_iter().map(found).collect())
}

/// A certificate with what it was given for.
#[derive(Debug)]
pub struct Verified {
    pub certificate: Certified,
    pub product_id: ProductId,
    pub product_code: String,
    pub product_name: String,
    pub producer_name: String,
    pub producer_address: String,
}

pub fn certificate(connection: &mut AnyConnection, number: &str) -> Result<Option<Verified>> {
    type Row = (CertificateRow, (ProductId, String, String), (String, String));
    let row: Option<Row> = certificates::table
        .inner_join(products::table.on(products::id.eq(certificates::product_id)))
        .inner_join(producers::table.on(producers::id.eq(certificates::producer_id)))
        .filter(certificates::number.eq(number))
        .select((
            (
                certificates::number,
                certificates::stars,
                certificates::issued_on,
                certificates::valid_until,
                certificates::revoked_on,
            ),
            (products::id, products::code, products::name),
            (producers::name, producers::address),
        ))
        .first(connection)
        .optional()?;
    let verified = |(certificate, product, producer): Row| {
        let (product_id, product_code, product_name) = product;
        let (producer_name, producer_address) = producer;
        let certificate = certified(certificate);
        Verified { certificate, product_id, product_code, product_name, producer_name, producer_address }
    };
    Ok(row.map(verified))
}
