//! What the papers of decisions and certificates need of the database, by name.

use diesel::prelude::*;

use crate::base::id::{AgendaItemId, CertificateId, DecisionId};
use crate::base::{Day, Error, Result, Stars, UnitCode};
use crate::cycle::EditionCode;
use crate::db::AnyConnection;
use crate::db::schema::{
    accounts, agenda_items, certificates, councils, cycles, decisions, dossiers, producers, products,
};
use crate::decision::certificate_store::{self, CERTIFIED, CertifiedRow};
use crate::decision::rules::{self, Term};
use crate::producer::ProducerKind;

/// The council and the cycle of a result.
#[derive(Debug, Clone, Queryable)]
pub struct Basis {
    pub decision_number: String,
    pub round: i32,
    pub year: i32,
    pub edition: EditionCode,
}

pub fn basis(connection: &mut AnyConnection, item: AgendaItemId) -> Result<Option<Basis>> {
    Ok(agenda_items::table
        .inner_join(councils::table.on(councils::id.eq(agenda_items::council_id)))
        .inner_join(cycles::table.on(cycles::id.eq(councils::cycle_id)))
        .filter(agenda_items::id.eq(item))
        .select((councils::decision_number, councils::round, cycles::year, cycles::edition))
        .first(connection)
        .optional()?)
}

/// What a result is about.
#[derive(Debug, Clone, Queryable)]
pub struct Named {
    pub product_name: String,
    pub producer_name: String,
    pub commune: UnitCode,
    pub district: Option<UnitCode>,
}

pub fn named(connection: &mut AnyConnection, item: AgendaItemId) -> Result<Option<Named>> {
    Ok(agenda_items::table
        .inner_join(dossiers::table.on(dossiers::id.eq(agenda_items::dossier_id)))
        .inner_join(products::table.on(products::id.eq(dossiers::product_id)))
        .inner_join(producers::table.on(producers::id.eq(dossiers::producer_id)))
        .filter(agenda_items::id.eq(item))
        .select((products::name, producers::name, dossiers::commune_code, dossiers::district_code))
        .first(connection)
        .optional()?)
}

/// The number of the certificate that a decision made of a result.
pub fn certificate_of(
    connection: &mut AnyConnection,
    decision: DecisionId,
    item: AgendaItemId,
) -> Result<Option<String>> {
    Ok(certificates::table
        .filter(certificates::decision_id.eq(decision))
        .filter(certificates::agenda_item_id.eq(item))
        .select(certificates::number)
        .first(connection)
        .optional()?)
}

/// A certificate with all that is printed on it.
#[derive(Debug, Clone)]
pub struct Certified {
    pub id: CertificateId,
    pub number: String,
    pub stars: Stars,
    pub issued_on: Day,
    pub term: Term,
    pub product_name: String,
    pub product_code: String,
    pub producer: Holder,
    pub commune: UnitCode,
    pub district: Option<UnitCode>,
    pub decision_number: Option<String>,
    pub unit: UnitCode,
    /// Who promulgated the decision.
    pub signatory: Option<String>,
}

/// Whom a certificate was given to.
#[derive(Debug, Clone, Queryable)]
pub struct Holder {
    pub name: String,
    pub kind: ProducerKind,
    pub address: String,
}

/// A certificate by its number.
pub fn certified(connection: &mut AnyConnection, number: &str) -> Result<Option<Certified>> {
    type Row = (
        CertifiedRow,
        (String, String),
        Holder,
        (UnitCode, Option<UnitCode>),
        (Option<String>, UnitCode, Option<String>),
    );
    let row: Option<Row> = certificates::table
        .inner_join(products::table.on(products::id.eq(certificates::product_id)))
        .inner_join(producers::table.on(producers::id.eq(certificates::producer_id)))
        .inner_join(decisions::table.on(decisions::id.eq(certificates::decision_id)))
        .left_join(accounts::table.on(decisions::promulgated_by.eq(accounts::id.nullable())))
        .filter(certificates::number.eq(number))
        .select((
            CERTIFIED,
            (products::name, products::code),
            (producers::name, producers::kind, producers::address),
            (certificates::commune_code, certificates::district_code),
            (decisions::number, decisions::unit_code, accounts::name.nullable()),
        ))
        .first(connection)
        .optional()?;
    let Some((certificate, product, producer, (commune, district), decision)) = row else { return Ok(None) };
    let id = certificate.3.id;
    let told = certificate_store::certified(connection, vec![certificate])?.pop();
    let rules::Certified { number, stars, issued_on, term } =
        told.ok_or_else(|| Error::internal("a certificate is not told of"))?;
    let ((product_name, product_code), (decision_number, unit, signatory)) = (product, decision);
    Ok(Some(Certified {
        id,
        number,
        stars,
        issued_on,
        term,
        product_name,
        product_code,
        producer,
        commune,
        district,
        decision_number,
        unit,
        signatory,
    }))
}
