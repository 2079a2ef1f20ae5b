//! What is shown of a certificate to those who work with it; the public's verification stands in `site`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::id::{AgendaItemId, CertificateId, CycleId, DecisionId, ProducerId, ProductId};
use crate::base::{Day, Result, Stars, UnitCode};
use crate::cycle::EditionCode;
use crate::decision::certificate_thing::IssuedCertificate;
use crate::decision::demand_store::{self, Demand};
use crate::decision::rules::Standing;
use crate::station::Shown;
use crate::{place, producer, product};

/// A certificate, to those in whose territory it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct CertificateView {
    id: CertificateId,
    version: i32,
    number: String,
    /// As of today.
    state: Standing,
    product_id: ProductId,
    product_name: String,
    producer_id: ProducerId,
    producer_name: String,
    cycle_id: CycleId,
    agenda_item_id: AgendaItemId,
    decision_id: DecisionId,
    /// The unit that issued it.
    issuer_code: UnitCode,
    /// What the unit was called on the day of issue.
    issuer_name: String,
    commune_code: UnitCode,
    district_code: Option<UnitCode>,
    stars: Stars,
    issued_on: Day,
    /// The last day.
    valid_until: Day,
    /// The last day on which it is kept on while the product is rated again, where it is (26/2026/QĐ-TTg, article 12.3).
    extended_until: Option<Day>,
    /// From when to when the dossier is handed in by which the product is rated again, by the act in force.
    again_from: Option<Day>,
    again_until: Option<Day>,
    revoked_on: Option<Day>,
    /// What the ministry demanded of the province.
    demands: Vec<Demand>,
    /// The later certificate of the product that ended this one.
    superseded_by: Option<CertificateId>,
}

impl Shown for IssuedCertificate {
    type View = CertificateView;

    fn views(work: &mut Work, certificates: &[Self]) -> Result<Vec<CertificateView>> {
        let products: Vec<ProductId> = certificates.iter().map(|certificate| certificate.row.product_id).collect();
        let products = product::store::names(work.connection, &products)?;
        let producers: Vec<ProducerId> = certificates.iter().map(|certificate| certificate.row.producer_id).collect();
        let producers = producer::store::names(work.connection, &producers)?;
        let places = place::store::places(work.connection)?;
        let ids: Vec<CertificateId> = certificates.iter().map(|certificate| certificate.row.id).collect();
        let demands = demand_store::of(work.connection, &ids)?;
        let again = EditionCode::in_force_on(work.now.day())?.edition()?.again;
        let view = |certificate: &Self| {
            let row = &certificate.row;
            let window = again.filter(|_| row.superseded_by.is_none()).map(|again| again.window(row.valid_until));
            let (again_from, again_until) = window.unzip();
            CertificateView {
                id: row.id,
                version: row.version,
                number: row.number.clone(),
                state: certificate.standing,
                product_id: row.product_id,
                product_name: products.get(&row.product_id).cloned().unwrap_or_default(),
                producer_id: row.producer_id,
                producer_name: producers.get(&row.producer_id).cloned().unwrap_or_default(),
                cycle_id: row.cycle_id,
                agenda_item_id: row.agenda_item_id,
                decision_id: row.decision_id,
                issuer_code: certificate.issuer.clone(),
                issuer_name: places.name(&certificate.issuer, row.issued_on),
                commune_code: row.commune_code.clone(),
                district_code: row.district_code.clone(),
                stars: row.stars,
                issued_on: row.issued_on,
                valid_until: row.valid_until,
                extended_until: certificate.term.extended_until,
                again_from,
                again_until,
                revoked_on: row.revoked_on,
                demands: demands.get(&row.id).cloned().unwrap_or_default(),
                superseded_by: row.superseded_by,
            }
        };
        Ok(certificates.iter().map(view).collect())
    }
}
