//! `/p/{code}`: what everybody sees who scans the QR of a paper. It says that the paper is genuine, never what it shows.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, VARY};
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Serialize;
use utoipa::ToSchema;

use crate::audit;
use crate::base::{Day, Error, Kind as Refused, Message, Moment, Result, UnitCode, say};
use crate::http::visitor::Visitor;
use crate::http::{At, Language, Problem, Refusals};
use crate::paper::proof::{self, printed};
use crate::paper::rules::{Code, Kind, grouped};
use crate::paper::{store, words};
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
#[template(path = "papers/check.html")]
struct CheckPage<'a> {
    language: Language,
    paper: &'a PaperAnswer,
    seal: String,
}

#[derive(Template)]
#[template(path = "notice.html")]
struct NoticePage<'a> {
    language: Language,
    title: &'a str,
    text: &'a str,
}

impl CheckPage<'_> {
    fn say(&self, vi: &'static str, en: &'static str) -> String {
        self.language.pick(&say(vi, en)).to_owned()
    }

    fn kind(&self) -> String {
        let message = match self.paper.kind {
            Kind::Minutes => say("Biên bản họp hội đồng", "Minutes of a council's session"),
            Kind::NamedSheets => say("Phiếu đánh giá của các thành viên hội đồng", "Sheets of a council's members"),
            Kind::OwnSheet => say("Phiếu đánh giá của một thành viên hội đồng", "The sheet of one member of a council"),
            Kind::NamelessSheets => {
                say("Phiếu đánh giá (không ghi tên thành viên)", "Sheets of a council, without names")
            }
            Kind::Decision if self.paper.number.is_none() => say("Dự thảo quyết định", "A draft of a decision"),
            Kind::Decision => say("Quyết định", "A decision"),
        };
        self.language.pick(&message).to_owned()
    }

    fn day(&self, day: &Day) -> String {
        words::short_day(day)
    }

    fn code(&self) -> String {
        grouped(&self.paper.code)
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
#[utoipa::path(tag = "public", security(()), responses((status = 200, body = PaperAnswer), Refusals))]
#[get("/p/{code}")]
pub async fn read(visitor: Visitor, code: At<String>) -> Result<HttpResponse, Problem> {
    read_any(visitor, code).await
}

/// As [`read`]; also mounted under `/P`, which is how the QR spells it.
pub async fn read_any(visitor: Visitor, code: At<String>) -> Result<HttpResponse, Problem> {
    let (language, wants_page) = (visitor.request.language, visitor.request.wants_page);
    let database = visitor.house.database.clone();
    let answer = async {
        let code = code.get().ok().and_then(|code| Code::read(&code)).ok_or_else(unknown_paper)?;
        database.read(move |connection| look_up(connection, &code)).await
    };
    match answer.await {
        Ok((paper, _)) if !wants_page => Ok(json(language, &paper)),
        Ok((paper, seal)) => {
            let page = CheckPage { language, paper: &paper, seal }.render().map_err(Error::internal)?;
            Ok(html(language, StatusCode::OK, page))
        }
        Err(error) => match error.refusal().filter(|_| wants_page).map(|refusal| refusal.detail.clone()) {
            Some(detail) => {
                let title = say("Không tìm thấy văn bản", "No such paper");
                let status = actix_web::ResponseError::status_code(&Problem(error));
                Ok(html(language, status, notice(language, &title, &detail)?))
            }
            None => Err(Problem(error)),
        },
    }
}

fn look_up(connection: &mut crate::db::AnyConnection, code: &Code) -> Result<(PaperAnswer, String)> {
    let paper = store::find(connection, code)?.ok_or_else(unknown_paper)?;
    let current = store::is_current(connection, &paper)?;
    let seal = audit::seal::of(connection, paper.resource, paper.resource_id)?;
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

/// A page that only says something.
pub fn notice(language: Language, title: &Message, text: &Message) -> Result<String> {
    NoticePage { language, title: language.pick(title), text: language.pick(text) }.render().map_err(Error::internal)
}

fn head(language: Language, status: StatusCode) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((VARY, "Accept, Accept-Language"))
        .insert_header((CONTENT_LANGUAGE, language.tag()));
    response
}

/// The same for programs.
pub fn json(language: Language, body: &impl Serialize) -> HttpResponse {
    head(language, StatusCode::OK).json(body)
}

/// A page for people, in their language.
pub fn html(language: Language, status: StatusCode, page: String) -> HttpResponse {
    head(language, status).insert_header((CONTENT_TYPE, "text/html; charset=utf-8")).body(page)
}
