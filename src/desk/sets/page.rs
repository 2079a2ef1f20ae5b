//! `/desk/criteria-sets/{code}`: a set as it is scored with, part by part.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, X_CONTENT_TYPE_OPTIONS};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::account::{Role, Work};
use crate::audit;
use crate::audit::Resource;
use crate::base::{Error, Fault, Faults, Result};
use crate::criteria::store::{self, SetVersion};
use crate::criteria::thing::SetName;
use crate::criteria::tree::{Criterion, Group, Part};
use crate::criteria::{Case, Set, SetRow, steps};
use crate::cycle::EditionCode;
use crate::desk::arrival::DeskAnswer;
use crate::desk::frame::Desk;
use crate::desk::kinds::criteria_sets::KIND;
use crate::desk::page::Rendered;
use crate::desk::sets::words::{self, Fact};
use crate::desk::visit::enter;
use crate::desk::words::said;
use crate::http::{Language, PathParam, Query};
use crate::page::Frame;
use crate::page::words::moment;
use crate::station::{Label, label};

/// Which version of a set is meant.
#[derive(Debug, Clone)]
pub struct Asked {
    pub name: SetName,
    pub version: Option<i32>,
}

impl Asked {
    pub fn read(code: String, query: &mut Query) -> Self {
        Self { name: SetName { code, edition: query.take("edition") }, version: query.take("version") }
    }

    /// The version that is meant: the newest where none is named. 404 where there is none.
    pub fn find(&self, work: &mut Work) -> Result<SetRow> {
        let edition = self.name.edition(work)?.ok_or_else(Error::unknown)?;
        let found = match self.version {
            Some(version) => store::version(work.connection, &self.name.code, edition, version)?,
            None => store::latest(work.connection, &self.name.code, edition)?,
        };
        found.ok_or_else(Error::unknown)
    }
}

/// 422 for a version that cannot be read; what else stands in the address, as the page's language, is passed over.
fn must_be_read(query: Query) -> Result<()> {
    query.faults_of(&["edition", "version"]).collect::<Vec<Fault>>().into_result()
}

/// The address of one version's page.
pub fn address(code: &str, edition: EditionCode, version: i32) -> String {
    format!("/desk/criteria-sets/{code}?edition={}&version={version}", edition.as_ref())
}

#[derive(Template)]
#[template(path = "desk/set.html")]
struct SetPage<'a> {
    frame: &'a Frame,
    desk: Desk,
    title: String,
    list: (&'static str, &'static str),
    done: Option<&'static str>,
    facts: Vec<Fact>,
    links: Vec<(String, &'static str)>,
    others: Vec<(String, String)>,
    words: Words,
    parts: Vec<ShownPart>,
}

struct Words {
    others: &'static str,
    contents: &'static str,
    points: &'static str,
    option: &'static str,
}

struct ShownPart {
    id: String,
    heading: String,
    groups: Vec<ShownGroup>,
}

struct ShownGroup {
    heading: String,
    criteria: Vec<ShownCriterion>,
}

struct ShownCriterion {
    heading: String,
    facts: Vec<Fact>,
    /// Points, what it is, and what hangs on it.
    options: Vec<(i32, Vec<String>)>,
}

fn part(of: &Part, language: Language) -> ShownPart {
    let name = said(language, label("Phần", "Part"));
    ShownPart {
        id: format!("part-{}", of.code),
        heading: headed(&format!("{name} {}.", of.code), (&of.title, &of.title_en), of.max.get(), language),
        groups: of.groups.iter().map(|of| group(of, language)).collect(),
    }
}

fn headed(code: &str, (vi, en): (&str, &str), max: i32, language: Language) -> String {
    format!("{code} {} ({})", words::pick(language, vi, en), words::points(language, max))
}

fn group(of: &Group, language: Language) -> ShownGroup {
    ShownGroup {
        heading: headed(&of.code, (&of.title, &of.title_en), of.max.get(), language),
        criteria: of.criteria.iter().map(|of| criterion(of, language)).collect(),
    }
}

fn criterion(of: &Criterion, language: Language) -> ShownCriterion {
    ShownCriterion {
        heading: headed(&of.code, (&of.title, &of.title_en), of.max.get(), language),
        facts: words::conditions(of, language),
        options: of.options.iter().map(|choice| (choice.points.get(), words::choice(choice, language))).collect(),
    }
}

/// How many criteria a set has, and how many of them ask for something at least.
fn counts(set: &Set, language: Language) -> Vec<Fact> {
    let say = |label: Label| said(language, label);
    let least: usize =
        [Case::First, Case::Second].into_iter().map(|case| set.least_options(case).len()).max().unwrap_or(0);
    let gates = set.criteria().filter(|criterion| criterion.gate.is_some()).count();
    vec![
        (say(label("Số tiêu chí", "Criteria")), set.criteria().count().to_string()),
        (say(label("Điều kiện loại hoặc dừng", "Gates")), gates.to_string()),
        (say(label("Mức tối thiểu theo hạng sao", "Least options")), least.to_string()),
    ]
}

/// `GET /desk/criteria-sets/{code}`.
pub async fn show(request: HttpRequest, body: web::Payload, code: PathParam<String>) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let mut query = visit.caller.request.query();
        let is_done = query.take::<String>("done").is_some();
        let asked = Asked::read(code.get()?, &mut query);
        must_be_read(query)?;
        let (frame, language) = (visit.frame("/desk/criteria-sets"), visit.language());
        let page = visit.look("criteria-sets", move |work, desk| {
            let row = asked.find(work)?;
            let versions = store::versions(work.connection, &row.code)?;
            let page = SetPage {
                frame: &frame,
                title: words::title(&row.tree.0, language).to_owned(),
                list: ("/desk/criteria-sets", said(language, KIND.title)),
                done: is_done.then(|| {
                    said(language, label("Đã nhập thành phiên bản mới.", "It was imported as a new version."))
                }),
                facts: facts(work, &row, language)?,
                links: links(work, &row, &versions, language),
                others: versions
                    .iter()
                    .filter(|known| (known.edition, known.version) != (row.edition, row.version))
                    .map(|known| (address(&row.code, known.edition, known.version), words::of_version(known, language)))
                    .collect(),
                words: Words {
                    others: said(language, label("Phiên bản khác", "Other versions")),
                    contents: said(language, label("Các phần", "Parts")),
                    points: said(language, label("Điểm", "Points")),
                    option: said(language, label("Phương án", "Option")),
                },
                parts: row.tree.0.parts.iter().map(|of| part(of, language)).collect(),
                desk,
            };
            let html = page.render().map_err(Error::internal)?;
            Ok(Rendered { status: StatusCode::OK, html, frame })
        });
        Ok(page.await?.response())
    })
    .await
}

fn facts(work: &mut Work, row: &SetRow, language: Language) -> Result<Vec<Fact>> {
    let say = |label: Label| said(language, label);
    let history = audit::store::steps(work.connection, Resource::CriteriaSet, row.id.any(), 0, 1)?;
    let imported = match history.first() {
        Some(step) => {
            format!("{} · {}", moment(language, step.at), step.account_name.clone().unwrap_or_else(|| "—".to_owned()))
        }
        None => say(label("Có sẵn trong hệ thống", "Came with the service")).to_owned(),
    };
    let mut facts = vec![
        (say(label("Mã", "Code")), row.code.clone()),
        (say(label("Theo quyết định", "Under")), words::edition(row.edition, language)),
        (say(label("Phiên bản", "Version")), row.version.to_string()),
        (say(label("Nhập", "Imported")), imported),
    ];
    // Its title in the page's language stands above.
    let above = usize::from(language == Language::English);
    let heading = words::heading(&row.tree.0, language).into_iter().enumerate();
    facts.extend(heading.filter(|(place, _)| *place != above).map(|(_, fact)| fact));
    facts.extend(counts(&row.tree.0, language));
    Ok(facts)
}

fn links(work: &Work, row: &SetRow, versions: &[SetVersion], language: Language) -> Vec<(String, &'static str)> {
    let (code, edition) = (&row.code, row.edition.as_ref());
    let mut links = Vec::new();
    if versions.len() > 1 {
        let text = said(language, label("So sánh với phiên bản khác", "Compare with another version"));
        links.push((format!("/desk/criteria-sets/{code}/compare?to={edition}.{}", row.version), text));
    }
    let text = said(language, label("Tải về để sửa (JSON)", "Take it away to be changed (JSON)"));
    links.push((format!("/desk/criteria-sets/{code}/content?edition={edition}&version={}", row.version), text));
    if work.actor.is(&[Role::ProvincialOfficer]) {
        links.push(("/desk/criteria-sets/new".to_owned(), said(language, steps::IMPORT.label)));
    }
    links
}

/// `GET /desk/criteria-sets/{code}/content`: the set as it can be imported again.
pub async fn content(request: HttpRequest, body: web::Payload, code: PathParam<String>) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let mut query = visit.caller.request.query();
        let asked = Asked::read(code.get()?, &mut query);
        must_be_read(query)?;
        let row = visit.look("criteria-sets", move |work, _| asked.find(work)).await?;
        let text = serde_json::to_string_pretty(&row.tree.0).map_err(Error::internal)?;
        let name = format!("attachment; filename=\"{}-{}-{}.json\"", row.code, row.edition.as_ref(), row.version);
        Ok(HttpResponse::Ok()
            .content_type("application/json")
            .insert_header((CONTENT_DISPOSITION, name))
            .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((CACHE_CONTROL, "no-store"))
            .body(text))
    })
    .await
}
