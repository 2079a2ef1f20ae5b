//! `/desk/criteria-sets/{code}/compare`: two versions of a set side by side.

use std::str::FromStr;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use crate::account::Work;
use crate::base::{Error, Fault, Faults, Result};
use crate::criteria::comparison::{Change, ComparedCriterion, Comparison, compare};
use crate::criteria::store::{self, SetVersion};
use crate::criteria::tree::{Criterion, Group, Part};
use crate::criteria::{Set, SetRow};
use crate::cycle::EditionCode;
use crate::desk::arrival::DeskAnswer;
use crate::desk::form::{Blank, Entry};
use crate::desk::frame::Desk;
use crate::desk::page::Rendered;
use crate::desk::sets::page::address;
use crate::desk::sets::words::{self, Fact};
use crate::desk::visit::enter;
use crate::desk::words::said;
use crate::http::{Language, PathParam};
use crate::page::Frame;
use crate::station::{Label, label};

/// A version as an address names it: `26-2026.2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct VersionName {
    edition: EditionCode,
    version: i32,
}

impl FromStr for VersionName {
    type Err = ();
    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let (edition, version) = text.rsplit_once('.').ok_or(())?;
        Ok(Self { edition: edition.parse().map_err(drop)?, version: version.parse().map_err(drop)? })
    }
}

impl VersionName {
    fn of(known: &SetVersion) -> Self {
        Self { edition: known.edition, version: known.version }
    }

    fn text(self) -> String {
        format!("{}.{}", self.edition.as_ref(), self.version)
    }
}

#[derive(Template)]
#[template(path = "desk/set_comparison.html")]
struct ComparisonPage<'a> {
    frame: &'a Frame,
    desk: Desk,
    title: String,
    list: (String, String),
    action: String,
    choices: Vec<Blank>,
    compare: &'static str,
    heads: [(String, String); 2],
    summary: Vec<Fact>,
    same: Option<&'static str>,
    what: &'static str,
    sections: Vec<Section>,
}

/// What differs of one thing.
struct Section {
    heading: String,
    /// `added`, `removed` or `changed`, and how that is called.
    mark: (&'static str, &'static str),
    rows: Vec<Row>,
}

/// What it is called, what it was, what it is.
struct Row {
    what: &'static str,
    before: Option<String>,
    after: Option<String>,
    mark: &'static str,
}

/// `GET /desk/criteria-sets/{code}/compare?from=&to=`.
pub async fn show(request: HttpRequest, body: web::Payload, code: PathParam<String>) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let mut query = visit.caller.request.query();
        let (code, from, to) = (code.get()?, query.take("from"), query.take("to"));
        query.faults_of(&["from", "to"]).collect::<Vec<Fault>>().into_result()?;
        let (frame, language) = (visit.frame("/desk/criteria-sets"), visit.language());
        let page = visit.look("criteria-sets", move |work, desk| {
            let versions = store::versions(work.connection, &code)?;
            let [before, after] = chosen(&versions, from, to)?;
            let [before, after] = [found(work, &code, before)?, found(work, &code, after)?];
            let comparison = compare(&before.tree.0, &after.tree.0);
            let title = said(language, label("So sánh hai phiên bản", "Two versions side by side"));
            let page = ComparisonPage {
                frame: &frame,
                title: format!("{title}: {}", words::title(&after.tree.0, language)),
                list: (address(&code, after.edition, after.version), words::title(&after.tree.0, language).to_owned()),
                action: format!("/desk/criteria-sets/{code}/compare"),
                choices: vec![
                    choice("from", label("Phiên bản trước", "The earlier one"), &versions, &before, language),
                    choice("to", label("Phiên bản sau", "The later one"), &versions, &after, language),
                ],
                compare: said(language, label("So sánh", "Compare")),
                heads: [&before, &after].map(|row| head(row, language)),
                summary: summary(&comparison, language),
                same: comparison
                    .is_empty()
                    .then(|| said(language, label("Hai phiên bản giống hệt nhau.", "The two versions are the same."))),
                what: said(language, label("Mục", "What")),
                sections: sections(&comparison, [&before.tree.0, &after.tree.0], language),
                desk,
            };
            let html = page.render().map_err(Error::internal)?;
            Ok(Rendered { status: StatusCode::OK, html, frame })
        });
        Ok(page.await?.response())
    })
    .await
}

/// The two that are compared: those that were named, else the newest and the one before it.
fn chosen(versions: &[SetVersion], from: Option<VersionName>, to: Option<VersionName>) -> Result<[VersionName; 2]> {
    let is_known = |name: &VersionName| versions.iter().any(|known| VersionName::of(known) == *name);
    if from.iter().chain(&to).any(|name| !is_known(name)) {
        return Err(Error::unknown());
    }
    let newest = versions.first().map(VersionName::of).ok_or_else(Error::unknown)?;
    let after = to.unwrap_or(newest);
    // Newest first: the one behind it is the one before it.
    let older = || versions.iter().map(VersionName::of).skip_while(|name| *name != after).nth(1);
    let other = || versions.iter().map(VersionName::of).find(|name| *name != after);
    let before = from.or_else(older).or_else(other).unwrap_or(after);
    Ok([before, after])
}

fn found(work: &mut Work, code: &str, name: VersionName) -> Result<SetRow> {
    store::version(work.connection, code, name.edition, name.version)?.ok_or_else(Error::unknown)
}

fn choice(name: &str, told: Label, versions: &[SetVersion], row: &SetRow, language: Language) -> Blank {
    let entry = |known: &SetVersion| Entry {
        name: name.to_owned(),
        value: VersionName::of(known).text(),
        label: words::of_version(known, language),
        is_chosen: (known.edition, known.version) == (row.edition, row.version),
    };
    Blank {
        id: format!("compare-{name}"),
        name: name.to_owned(),
        label: said(language, told).to_owned(),
        kind: "select",
        is_required: true,
        choices: vec![(None, versions.iter().map(entry).collect())],
        ..Blank::default()
    }
}

fn head(row: &SetRow, language: Language) -> (String, String) {
    let told = format!("{} · {}", words::edition(row.edition, language), words::version(language, row.version));
    (address(&row.code, row.edition, row.version), told)
}

fn summary(comparison: &Comparison, language: Language) -> Vec<Fact> {
    let [added, removed, changed] = comparison.counts();
    let say = |label: Label| said(language, label);
    vec![
        (say(label("Tiêu chí thêm mới", "Criteria added")), added.to_string()),
        (say(label("Tiêu chí bỏ đi", "Criteria removed")), removed.to_string()),
        (say(label("Tiêu chí thay đổi", "Criteria changed")), changed.to_string()),
        (say(label("Tiêu chí giữ nguyên", "Criteria left as they were")), comparison.unchanged.to_string()),
    ]
}

fn sections(comparison: &Comparison, [before, after]: [&Set; 2], language: Language) -> Vec<Section> {
    let mut sections = Vec::new();
    if comparison.is_headed_otherwise {
        sections.push(Section {
            heading: said(language, label("Chung", "The set as a whole")).to_owned(),
            mark: changed(language),
            rows: differing(&words::heading(before, language), &words::heading(after, language)),
        });
    }
    let part = |part: &Part| {
        format!(
            "{} {}. {}",
            said(language, label("Phần", "Part")),
            part.code,
            words::pick(language, &part.title, &part.title_en)
        )
    };
    sections.extend(comparison.parts.iter().map(|change| {
        section(*change, part, |part: &Part| titled((&part.title, &part.title_en), part.max.get(), language), language)
    }));
    let group = |group: &Group| {
        format!(
            "{} {}. {}",
            said(language, label("Nhóm", "Group")),
            group.code,
            words::pick(language, &group.title, &group.title_en)
        )
    };
    sections.extend(comparison.groups.iter().map(|change| {
        section(
            *change,
            group,
            |group: &Group| titled((&group.title, &group.title_en), group.max.get(), language),
            language,
        )
    }));
    sections.extend(comparison.criteria.iter().map(|found| criterion(found, language)));
    sections
}

fn titled((vi, en): (&str, &str), max: i32, language: Language) -> Vec<Fact> {
    vec![
        (said(language, label("Tên", "Title")), words::pick(language, vi, en).to_owned()),
        (said(language, label("Điểm tối đa", "Most points")), max.to_string()),
    ]
}

fn criterion(found: &ComparedCriterion, language: Language) -> Section {
    let heading = |of: &Criterion| {
        let name = said(language, label("Tiêu chí", "Criterion"));
        format!("{name} {}. {}", of.code, words::pick(language, &of.title, &of.title_en))
    };
    let mut section = section(found.criterion, heading, |of: &Criterion| words::criterion(of, language), language);
    let option = said(language, label("Phương án", "Option"));
    section.rows.extend(found.options.iter().map(|pair| Row {
        what: option,
        before: words::side(pair.before, language),
        after: words::side(pair.after, language),
        mark: words::mark(pair),
    }));
    section
}

fn section<'a, T>(
    change: Change<&'a T>,
    heading: impl Fn(&'a T) -> String,
    facts: impl Fn(&'a T) -> Vec<Fact>,
    language: Language,
) -> Section {
    let mark = match change {
        Change::Added(_) => ("added", said(language, label("Thêm mới", "Added"))),
        Change::Removed(_) => ("removed", said(language, label("Bỏ đi", "Removed"))),
        Change::Changed(..) => changed(language),
    };
    let side = |of: Option<&'a T>| of.map(&facts).unwrap_or_default();
    Section {
        heading: change.after().or(change.before()).map(heading).unwrap_or_default(),
        mark,
        rows: differing(&side(change.before()), &side(change.after())),
    }
}

fn changed(language: Language) -> (&'static str, &'static str) {
    ("changed", said(language, label("Thay đổi", "Changed")))
}

/// The facts that are not the same on both sides.
fn differing(before: &[Fact], after: &[Fact]) -> Vec<Row> {
    let held =
        |facts: &[Fact], what: &str| facts.iter().find(|(known, _)| *known == what).map(|(_, told)| told.clone());
    let mut names: Vec<&'static str> = before.iter().chain(after).map(|(what, _)| *what).collect();
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(*name));
    let row = |what| Row { what, before: held(before, what), after: held(after, what), mark: "changed" };
    names.into_iter().map(row).filter(|row| row.before != row.after).collect()
}
