//! `/group-reports/{id}/paper`: the report as a page to be printed and signed.

use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Serialize;

use crate::account::{Caller, Work};
use crate::audit::Resource;
use crate::base::id::GroupReportId;
use crate::base::{Day, Error, Result};
use crate::cycle::DossierKind;
use crate::http::{Language, PathParam, Problem, Refusals};
use crate::page::Texts;
use crate::paper::{self, Kind, Proof, Subject, words};
use crate::place;
use crate::rating::group_report::GroupReport;
use crate::rating::group_report::content::Content;
use crate::station::find;

#[derive(Debug, Serialize)]
pub struct GroupPaper {
    pub unit: String,
    pub level: &'static str,
    pub act: String,
    pub number: Option<String>,
    pub dated: Option<Day>,
    pub leader: String,
    pub dossier_check: String,
    pub assessment: String,
    pub proposal: &'static str,
    pub proposal_text: Option<String>,
    pub content: Content,
}

#[derive(Template)]
#[template(path = "papers/group_report.html")]
struct GroupPage {
    paper: GroupPaper,
    proof: Proof,
}

impl GroupPage {
    fn producer_kind(&self) -> &'static str {
        self.paper.content.producer_kind.told(Texts::of(Language::Vietnamese))
    }

    fn dossier_kind(&self) -> Option<&'static str> {
        self.paper.content.dossier.kind.map(|kind| match kind {
            DossierKind::First => "đánh giá, phân hạng lần đầu",
            DossierKind::Upgrade => "đánh giá, nâng hạng",
            DossierKind::Again => "đánh giá, phân hạng lại",
        })
    }

    /// How many sample units came, of those that go with the dossier.
    fn units(&self) -> i32 {
        self.paper.content.samples.iter().map(|samples| samples.units).sum()
    }

    fn has_tests(&self) -> bool {
        self.paper.content.surveys.iter().any(|survey| !survey.tests.is_empty())
    }
}

/// What is written into the page.
pub fn render(paper: GroupPaper, proof: Proof) -> Result<String> {
    GroupPage { paper, proof }.render().map_err(Error::internal)
}

/// The working group's report as a page to be printed; while it is not finished, marked as a draft.
#[utoipa::path(
    tag = "papers", responses((status = 200, body = String, content_type = "text/html"), Refusals)
)]
#[get("/group-reports/{id}/paper")]
pub async fn print(caller: Caller, id: PathParam<GroupReportId>) -> Result<HttpResponse, Problem> {
    printed(caller, id).await
}

/// The same for who asks from a page.
pub async fn printed(caller: Caller, id: PathParam<GroupReportId>) -> Result<HttpResponse, Problem> {
    paper::print(
        caller,
        move |work| {
            let report: GroupReport = find(work, &id.get()?)?;
            of(work, report)
        },
        render,
    )
    .await
}

/// What a report shows.
pub fn of(work: &mut Work, report: GroupReport) -> Result<(Subject, GroupPaper)> {
    let content = report.content(work)?;
    let GroupReport { row, session } = report;
    let day = row.dated.unwrap_or_else(|| work.now.day());
    let subject = Subject {
        kind: Kind::GroupReport,
        resource: Resource::GroupReport,
        id: row.id.any(),
        version: row.version,
        unit: row.unit_code.clone(),
        number: row.number.clone(),
        dated: row.dated,
    };
    let paper = GroupPaper {
        unit: place::store::name(work.connection, &row.unit_code, day)?,
        level: words::level(&row.unit_code),
        act: session.edition.act,
        number: row.number,
        dated: row.dated,
        leader: row.leader,
        dossier_check: row.dossier_check,
        assessment: row.assessment,
        proposal: row.proposal.sentence(),
        proposal_text: row.proposal_text,
        content,
    };
    Ok((subject, paper))
}
