//! What a page of the desk loads or leads to that is no page: papers, pictures, lists of codes. It is sent under `/desk` too,
//! because the cookie reaches no further; by the functions of the API's own routes.

use actix_web::{HttpRequest, web};

use crate::base::id::{
    AgendaItemId, CertificateId, CouncilId, DecisionId, DocumentId, DossierId, DoubtId, GroupReportId,
    InspectionFileId, InspectionId, OriginalId, PaperId, PersonalDataRequestId, ResultNoticeId, StampOrderId,
    SupportClaimFileId, SurveyFileId,
};
use crate::decision::{self, certificate_paper, result_notice};
use crate::desk::arrival::DeskAnswer;
use crate::desk::visit::{DeskVisit, enter};
use crate::dossier::papers::{self as dossier_papers, DossierPaper};
use crate::files::Audience;
use crate::http::PathParam;
use crate::idea;
use crate::inspection;
use crate::personal_data;
use crate::product::document_api;
use crate::rating::{group_report, papers, survey};
use crate::stamp::{Scanner, doubts, exports, labels};
use crate::support;

/// `GET /desk/survey-files/{id}`.
pub async fn survey_file(request: HttpRequest, body: web::Payload, id: PathParam<SurveyFileId>) -> DeskAnswer {
    enter(&request, body, async |visit: DeskVisit| survey::file_api::sent(visit.caller, id).await).await
}

/// `GET /desk/inspection-files/{id}`.
pub async fn inspection_file(request: HttpRequest, body: web::Payload, id: PathParam<InspectionFileId>) -> DeskAnswer {
    enter(&request, body, async |visit: DeskVisit| inspection::file_api::sent(visit.caller, id).await).await
}

/// `GET /desk/support-claim-files/{id}`.
pub async fn support_claim_file(
    request: HttpRequest,
    body: web::Payload,
    id: PathParam<SupportClaimFileId>,
) -> DeskAnswer {
    enter(&request, body, async |visit: DeskVisit| support::claim::file_api::sent(visit.caller, id).await).await
}

/// `GET /desk/inspections/{id}/paper`.
pub async fn inspection_minutes(request: HttpRequest, body: web::Payload, id: PathParam<InspectionId>) -> DeskAnswer {
    enter(&request, body, async |visit: DeskVisit| inspection::paper::printed(visit.caller, id).await).await
}

/// `GET /desk/group-reports/{id}/paper`.
pub async fn group_report(request: HttpRequest, body: web::Payload, id: PathParam<GroupReportId>) -> DeskAnswer {
    enter(&request, body, async |visit: DeskVisit| group_report::paper::printed(visit.caller, id).await).await
}

/// `GET /desk/decisions/{id}/paper`.
pub async fn decision(request: HttpRequest, body: web::Payload, id: PathParam<DecisionId>) -> DeskAnswer {
    enter(&request, body, async |visit: DeskVisit| decision::paper::printed(visit.caller, id).await).await
}

/// `GET /desk/decisions/{id}/decision.pdf`.
pub async fn decision_pdf(request: HttpRequest, body: web::Payload, id: PathParam<DecisionId>) -> DeskAnswer {
    enter(&request, body, async |visit: DeskVisit| decision::given_out::given_out(visit.caller, id).await).await
}

/// `GET /desk/decision-originals/{id}/content`.
pub async fn original(request: HttpRequest, body: web::Payload, id: PathParam<OriginalId>) -> DeskAnswer {
    enter(&request, body, async |visit: DeskVisit| decision::original_api::sent(visit.caller, id).await).await
}

/// `GET /desk/decisions/{id}/package.zip`.
pub async fn package(request: HttpRequest, body: web::Payload, id: PathParam<DecisionId>) -> DeskAnswer {
    enter(&request, body, async |visit: DeskVisit| decision::package::packed(visit.caller, id).await).await
}

/// `GET /desk/certificates/{id}/certificate.pdf`.
pub async fn certificate(request: HttpRequest, body: web::Payload, id: PathParam<CertificateId>) -> DeskAnswer {
    enter(&request, body, async |visit: DeskVisit| certificate_paper::printed(visit.caller, id).await).await
}

/// `GET /desk/result-notices/{id}/paper`.
pub async fn result_notice(request: HttpRequest, body: web::Payload, id: PathParam<ResultNoticeId>) -> DeskAnswer {
    enter(&request, body, async |visit: DeskVisit| result_notice::paper::printed(visit.caller, id).await).await
}

/// `GET /desk/councils/{id}/minutes`.
pub async fn minutes(request: HttpRequest, body: web::Payload, id: PathParam<CouncilId>) -> DeskAnswer {
    enter(&request, body, async |visit: DeskVisit| papers::api::printed_minutes(visit.caller, id).await).await
}

/// `GET /desk/councils/{id}/session-papers`.
pub async fn session_papers(request: HttpRequest, body: web::Payload, id: PathParam<CouncilId>) -> DeskAnswer {
    enter(&request, body, async |visit: DeskVisit| decision::session_papers::printed(visit.caller, id).await).await
}

/// `GET /desk/agenda-items/{id}/sheet-papers`.
pub async fn sheets(request: HttpRequest, body: web::Payload, id: PathParam<AgendaItemId>) -> DeskAnswer {
    enter(&request, body, async |visit: DeskVisit| papers::api::printed_sheets(visit.caller, id).await).await
}

/// `GET /desk/stamp-orders/{id}/codes.csv`.
pub async fn codes(
    request: HttpRequest,
    body: web::Payload,
    id: PathParam<StampOrderId>,
    scanner: web::Data<Scanner>,
) -> DeskAnswer {
    let send = async |visit: DeskVisit| exports::api::codes_of(visit.caller, id, scanner.get_ref()).await;
    enter(&request, body, send).await
}

/// `GET /desk/stamp-orders/{id}/scratch.csv`.
pub async fn scratch_codes(
    request: HttpRequest,
    body: web::Payload,
    id: PathParam<StampOrderId>,
    scanner: web::Data<Scanner>,
) -> DeskAnswer {
    let send = async |visit: DeskVisit| exports::api::scratch_codes_of(visit.caller, id, scanner.get_ref()).await;
    enter(&request, body, send).await
}

/// `GET /desk/stamp-orders/{id}/labels.pdf`.
pub async fn labels_as_pdf(
    request: HttpRequest,
    body: web::Payload,
    id: PathParam<StampOrderId>,
    scanner: web::Data<Scanner>,
) -> DeskAnswer {
    let send = async |visit: DeskVisit| labels::api::pdf_of(visit.caller, id, scanner.get_ref().clone()).await;
    enter(&request, body, send).await
}

/// `GET /desk/stamp-orders/{id}/labels.zip`.
pub async fn labels_as_zip(
    request: HttpRequest,
    body: web::Payload,
    id: PathParam<StampOrderId>,
    scanner: web::Data<Scanner>,
) -> DeskAnswer {
    let send = async |visit: DeskVisit| labels::api::zip_of(visit.caller, id, scanner.get_ref().clone()).await;
    enter(&request, body, send).await
}

/// `GET /desk/doubts/{id}/photo`.
pub async fn doubt_photo(request: HttpRequest, body: web::Payload, id: PathParam<DoubtId>) -> DeskAnswer {
    enter(&request, body, async |visit: DeskVisit| doubts::api::photo_of(visit.caller, id).await).await
}

/// `GET /desk/personal-data-requests/{id}/export.json`.
pub async fn personal_data(
    request: HttpRequest,
    body: web::Payload,
    id: PathParam<PersonalDataRequestId>,
) -> DeskAnswer {
    enter(&request, body, async |visit: DeskVisit| personal_data::api::exported(visit.caller, id).await).await
}

/// `GET /desk/documents/{id}/content`.
pub async fn document(request: HttpRequest, body: web::Payload, id: PathParam<DocumentId>) -> DeskAnswer {
    enter(&request, body, async |visit: DeskVisit| document_api::sent(visit.caller, id, Audience::Private).await).await
}

/// `GET /desk/papers/{id}/content`.
pub async fn paper(request: HttpRequest, body: web::Payload, id: PathParam<PaperId>) -> DeskAnswer {
    enter(&request, body, async |visit: DeskVisit| idea::paper::sent(visit.caller, id).await).await
}

/// `GET /desk/dossiers/{id}/registration-paper`: form 01.
pub async fn registration_paper(request: HttpRequest, body: web::Payload, id: PathParam<DossierId>) -> DeskAnswer {
    dossier_paper(request, body, id, DossierPaper::Registration).await
}

/// `GET /desk/dossiers/{id}/self-evaluation-paper`: form 02.
pub async fn self_evaluation_paper(request: HttpRequest, body: web::Payload, id: PathParam<DossierId>) -> DeskAnswer {
    dossier_paper(request, body, id, DossierPaper::SelfEvaluation).await
}

/// `GET /desk/dossiers/{id}/commune-report-paper`: form 03.
pub async fn commune_report_paper(request: HttpRequest, body: web::Payload, id: PathParam<DossierId>) -> DeskAnswer {
    dossier_paper(request, body, id, DossierPaper::CommuneReport).await
}

async fn dossier_paper(
    request: HttpRequest,
    body: web::Payload,
    id: PathParam<DossierId>,
    asked: DossierPaper,
) -> DeskAnswer {
    enter(&request, body, async |visit: DeskVisit| dossier_papers::printed(visit.caller, id, asked).await).await
}

/// `GET /desk/documents/{id}/view`: the same, for a frame beside a form.
pub async fn document_beside(request: HttpRequest, body: web::Payload, id: PathParam<DocumentId>) -> DeskAnswer {
    enter(&request, body, async |visit: DeskVisit| document_api::sent(visit.caller, id, Audience::Beside).await).await
}
