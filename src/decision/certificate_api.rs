//! `/certificates`, as those who work with them see them; the public's verification stands in `site`.

use actix_web::{get, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::id::CertificateId;
use crate::decision::certificate_steps::{self, DemandForm, Letter};
use crate::decision::certificate_store::CertificateFilter;
use crate::decision::certificate_thing::IssuedCertificate;
use crate::decision::certificate_view::CertificateView;
use crate::decision::notice::{self, Ending};
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::station::{Offered, PageParameters};

/// Certificates of one's territory by number; `expiring_before` lists valid ones that end before a day.
#[utoipa::path(
    tag = "certificates", params(PageParameters, CertificateFilter),
    responses((status = 200, body = Page<Offered<CertificateView>>), Refusals)
)]
#[get("/certificates")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<IssuedCertificate>().await
}

/// One certificate.
#[utoipa::path(tag = "certificates", responses((status = 200, body = Offered<CertificateView>), Refusals))]
#[get("/certificates/{id}")]
pub async fn read(caller: Caller, id: PathParam<CertificateId>) -> Result<Answer, Problem> {
    caller.show::<IssuedCertificate>(id).await
}

/// Records the written notice that a certificate is about to end (office of the unit that issued it).
#[utoipa::path(tag = "certificates", request_body = Letter, responses((status = 200, body = Ending), Refusals))]
#[post("/certificates/{id}/notify")]
pub async fn notify(caller: Caller, id: PathParam<CertificateId>) -> Result<Answer, Problem> {
    caller.take_for(&certificate_steps::NOTIFY, id, notice::answer).await
}

/// Records a demand of the ministry: that the product is rated again, or its recognition withdrawn (provincial office).
#[utoipa::path(
    tag = "certificates", request_body = DemandForm, responses((status = 200, body = Offered<CertificateView>), Refusals)
)]
#[post("/certificates/{id}/record-demand")]
pub async fn record_demand(caller: Caller, id: PathParam<CertificateId>) -> Result<Answer, Problem> {
    caller.take(&certificate_steps::RECORD_DEMAND, id).await
}

/// What happened to a certificate.
#[utoipa::path(tag = "certificates", responses((status = 200, body = Page<History>), Refusals))]
#[get("/certificates/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<CertificateId>) -> Result<Answer, Problem> {
    caller.history::<IssuedCertificate>(id).await
}
