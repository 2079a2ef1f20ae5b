//! `/certificates`, as those who work with them see them; the public's verification stands in `site`.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Caller, Work};
use crate::audit::{self, History, Resource};
use crate::base::id::{AgendaItemId, CertificateId, CycleId, DecisionId, ProducerId, ProductId};
use crate::base::{Day, Error, Result, Stars, UnitCode};
use crate::decision::certificate_store::{self, Certificate, Filter};
use crate::decision::rules::{self, Standing};
use crate::http::{Answer, ListParameters, Page, PathParam, Problem, Refusals};

#[derive(Debug, Serialize, ToSchema)]
pub struct CertificateAnswer {
    id: CertificateId,
    version: i32,
    number: String,
    /// As of today.
    state: Standing,
    product_id: ProductId,
    producer_id: ProducerId,
    cycle_id: CycleId,
    agenda_item_id: AgendaItemId,
    decision_id: DecisionId,
    commune_code: UnitCode,
    district_code: Option<UnitCode>,
    stars: Stars,
    issued_on: Day,
    /// The last day.
    valid_until: Day,
    revoked_on: Option<Day>,
    /// The later certificate of the product that ended this one.
    superseded_by: Option<CertificateId>,
}

/// A certificate as it stands on a day.
pub fn answer(certificate: Certificate, today: Day) -> CertificateAnswer {
    CertificateAnswer {
        id: certificate.id,
        version: certificate.version,
        state: rules::standing(certificate.valid_until, certificate.revoked_on, today),
        number: certificate.number,
        product_id: certificate.product_id,
        producer_id: certificate.producer_id,
        cycle_id: certificate.cycle_id,
        agenda_item_id: certificate.agenda_item_id,
        decision_id: certificate.decision_id,
        commune_code: certificate.commune_code,
        district_code: certificate.district_code,
        stars: certificate.stars,
        issued_on: certificate.issued_on,
        valid_until: certificate.valid_until,
        revoked_on: certificate.revoked_on,
        superseded_by: certificate.superseded_by,
    }
}

/// A certificate that the asker may know of.
pub fn visible(work: &mut Work, id: CertificateId) -> Result<Certificate> {
    let certificate = certificate_store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
    work.must_see(&certificate.home())?;
    Ok(certificate)
}

/// Certificates of one's territory by number; `expiring_before` lists valid ones that end before a day.
#[utoipa::path(
    tag = "certificates",
    params(ListParameters, ("expiring_before" = Option<String>, Query)),
    responses((status = 200, body = Page<CertificateAnswer>), Refusals)
)]
#[get("/certificates")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let mut query = work.request.query();
            let paging = query.paging();
            let filter = Filter {
                standing: query.take("state"),
                unit: query.take("unit_code"),
                producer: query.take("producer_id"),
                product: query.take("product_id"),
                cycle: query.take("cycle_id"),
                year: query.take("year"),
                expiring_before: query.take("expiring_before"),
                after: paging.after.clone(),
                limit: paging.one_more(),
            };
            query.finish()?;
            let today = work.now.day();
            let found = certificate_store::list(work.connection, &work.actor.territory(), today, &filter)?;
            let (found, next) = paging.cut(found, |certificate| certificate.number.clone())?;
            Ok(Answer::page(found.into_iter().map(|certificate| answer(certificate, today)).collect(), next)?)
        })
        .await
}

/// One certificate.
#[utoipa::path(tag = "certificates", responses((status = 200, body = CertificateAnswer), Refusals))]
#[get("/certificates/{id}")]
pub async fn read(caller: Caller, id: PathParam<CertificateId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let certificate = visible(work, id.get()?)?;
            Ok(Answer::resource(certificate.version, answer(certificate, work.now.day()))?)
        })
        .await
}

/// What happened to a certificate.
#[utoipa::path(tag = "certificates", responses((status = 200, body = Page<History>), Refusals))]
#[get("/certificates/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<CertificateId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let certificate = visible(work, id.get()?)?;
            Ok(audit::answer(work.connection, &work.request, Resource::Certificate, certificate.id)?)
        })
        .await
}
