//! `/problems`: what the codes of refusals mean, as a page and for programs.

use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Serialize;
use utoipa::ToSchema;

use crate::base::{BothLanguages, Error, Result};
use crate::http::problems::{self, ADDRESS, Entry, ToldAs, address};
use crate::http::{Language, PathParam, Problem, Refusals, Visitor};
use crate::page::{Frame, Section, kept, kept_data};

/// A code of refusals.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusalCode {
    code: String,
    /// The statuses of the problems in which it stands.
    statuses: Vec<u16>,
    /// Whether it stands at a place of the input, among a problem's `errors`.
    in_errors: bool,
    meaning: BothLanguages,
    /// What who meets it does next.
    remedy: BothLanguages,
}

impl From<&Entry> for RefusalCode {
    fn from(entry: &Entry) -> Self {
        Self {
            code: entry.code.clone(),
            statuses: entry.statuses(),
            in_errors: entry.told_as.contains(&ToldAs::Fault),
            meaning: (&entry.meaning).into(),
            remedy: (&entry.remedy).into(),
        }
    }
}

/// Every code of refusals.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusalCodes {
    items: Vec<RefusalCode>,
}

/// A code as it is shown.
struct Row {
    code: String,
    statuses: String,
    meaning: String,
    remedy: String,
}

#[derive(Template)]
#[template(path = "problems.html")]
struct ProblemsPage {
    frame: Frame,
    t: &'static Words,
    rows: Vec<Row>,
    is_one: bool,
}

struct Words {
    title: &'static str,
    lead: &'static str,
    status: &'static str,
    meaning: &'static str,
    remedy: &'static str,
    all: &'static str,
}

static VIETNAMESE: Words = Words {
    title: "Mã từ chối",
    lead: "Mỗi khi từ chối, hệ thống nêu một mã. Mã không đổi theo thời gian, dùng được cho chương trình.",
    status: "Trạng thái",
    meaning: "Nghĩa là",
    remedy: "Cần làm",
    all: "Tất cả mã từ chối",
};

static ENGLISH: Words = Words {
    title: "Codes of refusals",
    lead: "Whenever the service refuses something it names a code. Codes stay the same, so programs can rely on them.",
    status: "Status",
    meaning: "It means",
    remedy: "What to do",
    all: "All codes of refusals",
};

/// What every code of a refusal means, and what to do next.
#[utoipa::path(tag = "pages", security(()), responses(
    (status = 200, content((RefusalCodes = "application/json"), (String = "text/html"))), Refusals
))]
#[get("/problems")]
pub async fn list(visitor: Visitor) -> Result<HttpResponse, Problem> {
    let entries: Vec<&Entry> = problems::all()?.values().collect();
    if visitor.request.wants_page {
        return Ok(page(&visitor, ADDRESS, &entries, false)?);
    }
    let items = entries.into_iter().map(RefusalCode::from).collect();
    Ok(kept_data(RefusalCodes { items }))
}

/// What one code means; where a problem's `type` leads.
#[utoipa::path(tag = "pages", security(()), responses(
    (status = 200, content((RefusalCode = "application/json"), (String = "text/html"))), Refusals
))]
#[get("/problems/{code}")]
pub async fn read(visitor: Visitor, code: PathParam<String>) -> Result<HttpResponse, Problem> {
    let entry = problems::all()?.get(&code.get()?).ok_or_else(Error::unknown)?;
    if visitor.request.wants_page {
        return Ok(page(&visitor, &address(&entry.code), &[entry], true)?);
    }
    Ok(kept_data(RefusalCode::from(entry)))
}

fn page(visitor: &Visitor, at: &str, entries: &[&Entry], is_one: bool) -> Result<HttpResponse> {
    let frame = Frame::new(&visitor.app, &visitor.request, Section::Elsewhere).canonical(at);
    let language = frame.language;
    let row = |entry: &&Entry| Row {
        code: entry.code.clone(),
        statuses: entry.statuses().iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        meaning: language.pick(&entry.meaning).to_owned(),
        remedy: language.pick(&entry.remedy).to_owned(),
    };
    let t = match language {
        Language::Vietnamese => &VIETNAMESE,
        Language::English => &ENGLISH,
    };
    let page = ProblemsPage { t, rows: entries.iter().map(row).collect(), is_one, frame };
    let html = page.render().map_err(Error::internal)?;
    Ok(kept(&visitor.request, &page.frame, html))
}
