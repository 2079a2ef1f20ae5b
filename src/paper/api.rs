//! `/p/{code}`: what everybody sees who scans the QR of a paper. It says that the paper is genuine, never what it shows.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Serialize;
use utoipa::ToSchema;

use crate::audit;
use crate::base::{Day, Error, Kind as Refused, Moment, Result, UnitCode, say};
use crate::http::visitor::Visitor;
use crate::http::{PathParam, Problem, Refusals};
use crate::page::{Frame, Mood, Section, data, fresh, texts, words};
use crate::paper::proof::{self, printed};
use crate::paper::rules::{Code, Kind};
use crate::paper::store;
use crate::place;

/// What is told of a paper.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaperAnswer)]
pub struct PaperAnswer {
    code: String,
    kind: Kind,
    /// The unit that answers for the paper.
    unit_code: UnitCode,
    unit_name: String,
    /// The number of the decision: the printed one, or the one that set the council up. Null for a draft.
    number: Option<String>,
    dated: Option<Day>,
    /// When this content was first printed.
    made_at: Moment,
    /// The first digits of the digest of the content, to be held against those on the paper.
    digest: String,
    /// Whether nothing newer was printed or decided since.
    current: bool,
    /// The seal of what the paper shows; null where it is not sealed yet.
    seal: Option<SealAnswer>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PrintedSeal)]
pub struct SealAnswer {
    number: i64,
    /// The first digits of the sealed head.
    head: String,
}

#[derive(Template)]
#[template(path = "paper.html")]
struct CheckPage<'a> {
    frame: Frame,
    t: &'static texts::Paper,
    paper: &'a PaperAnswer,
    seal: String,
}

impl CheckPage<'_> {
    fn mood(&self) -> Mood {
        if self.paper.current { Mood::Good } else { Mood::Doubt }
    }

    fn kind(&self) -> &'static str {
        match self.paper.kind {
            Kind::Minutes => self.t.minutes,
            Kind::NamedSheets => self.t.named_sheets,
            Kind::OwnSheet => self.t.own_sheet,
            Kind::NamelessSheets => self.t.nameless_sheets,
            Kind::Decision if self.paper.number.is_none() => self.t.draft,
            Kind::Decision => self.t.a_decision,
            Kind::ResultNotice => self.t.result_notice,
            Kind::RegistrationSheet => self.t.registration_sheet,
            Kind::SelfEvaluation => self.t.self_evaluation,
            Kind::CommuneReport => self.t.commune_report,
            Kind::GroupReport => self.t.group_report,
            Kind::InspectionMinutes => self.t.inspection_minutes,
        }
    }

    fn day(&self, day: &Day) -> String {
        words::day(self.frame.language, *day)
    }
}

fn unknown_paper() -> Error {
    Error::refused(
        Refused::Unknown,
        "unknown_paper",
        say(
            "Mã này không phải mã của văn bản do hệ thống in ra. Nếu bạn gõ mã bằng tay, hãy kiểm tra lại từng ký tự.",
            "No paper that this service printed has this code. If you typed the code, check each character again.",
        ),
    )
}

/// Verifies a paper by the code in its QR. HTML where `text/html` is named in `Accept`, else JSON.
#[utoipa::path(
    tag = "public", security(()),
    responses((status = 200, content((PaperAnswer = "application/json"), (String = "text/html"))), Refusals)
)]
#[get("/p/{code}")]
pub async fn read(visitor: Visitor, code: PathParam<String>) -> Result<HttpResponse, Problem> {
    read_any(visitor, code).await
}

/// As [`read`]; also mounted under `/P`, which is how the QR spells it.
pub async fn read_any(visitor: Visitor, code: PathParam<String>) -> Result<HttpResponse, Problem> {
    let Visitor { app, request } = visitor;
    let code = code.get().ok().and_then(|code| Code::read(&code)).ok_or_else(unknown_paper)?;
    let (paper, seal) = app.database.read(move |connection| look_up(connection, &code)).await?;
    if !request.wants_page {
        return Ok(data(request.language, StatusCode::OK, &paper));
    }
    let frame = Frame::new(&app, &request, Section::Elsewhere);
    let page = CheckPage { t: &frame.texts.paper, paper: &paper, seal, frame };
    let html = page.render().map_err(Error::internal)?;
    Ok(fresh(&page.frame, StatusCode::OK, html))
}

fn look_up(connection: &mut crate::db::AnyConnection, code: &Code) -> Result<(PaperAnswer, String)> {
    let paper = store::find(connection, code)?.ok_or_else(unknown_paper)?;
    let current = store::is_current(connection, &paper)?;
    let seal = audit::seal_store::of(connection, paper.resource, paper.resource_id)?;
    let line = proof::seal_line(seal.as_ref());
    let unit = place::store::name(connection, &paper.unit_code, paper.made_at.day())?;
    let answer = PaperAnswer {
        unit_name: unit,
        unit_code: paper.unit_code,
        kind: paper.kind,
        number: paper.number,
        dated: paper.dated,
        made_at: paper.made_at,
        digest: printed(&paper.digest),
        current,
        seal: seal.map(|seal| SealAnswer { number: seal.number, head: printed(seal.head.as_ref()) }),
        code: paper.code,
    };
    Ok((answer, line))
}
