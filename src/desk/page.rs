//! The pages of any kind of thing: its list, one of it, and the form of a new one.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use askama::Template;
use serde_json::{Map, Value};

use crate::account::Work;
use crate::audit::store::PastStep;
use crate::base::id::AnyId;
use crate::base::{Error, Kind, Refusal, Result};
use crate::desk::counter::{Counter, Making, Sight};
use crate::desk::field::{Cell, moment};
use crate::desk::form::{Blank, Refused, StepForm, Surroundings, Wrong};
use crate::desk::frame::Desk;
use crate::desk::input::Input;
use crate::desk::words::{STATES, said, word};
use crate::http::{Language, Problem, Query};
use crate::page::{Frame, fresh};
use crate::station::{Label, label};

/// A page and how it is answered.
pub struct Rendered {
    pub status: StatusCode,
    pub html: String,
    pub frame: Frame,
}

impl Rendered {
    pub fn response(self) -> HttpResponse {
        fresh(&self.frame, self.status, self.html)
    }
}

/// What stands around a page.
pub struct AroundPage {
    pub frame: Frame,
    pub desk: Desk,
}

impl AroundPage {
    fn language(&self) -> Language {
        self.frame.language
    }
}

#[derive(Template)]
#[template(path = "desk/list.html")]
struct ListPage<'a> {
    frame: &'a Frame,
    desk: Desk,
    title: &'static str,
    about: &'static str,
    address: String,
    csv: String,
    new: Option<(String, &'static str)>,
    filters: Vec<Blank>,
    wrong: Vec<String>,
    heads: Vec<(&'static str, bool)>,
    rows: Vec<(String, String, Vec<Cell>)>,
    next: Option<String>,
    total: i64,
}

/// What a list is asked for: what it knows of an address, and is not empty.
pub struct ListAsked {
    kept: Vec<(String, String)>,
}

impl ListAsked {
    pub fn read(counter: &dyn Counter, query: &str) -> Self {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        let is_known = |name: &str| name == "after" || counter.filters().iter().any(|filter| filter.name == name);
        let mut kept: Vec<(String, String)> = Vec::new();
        for (name, value) in pairs {
            let value = value.trim().to_owned();
            if is_known(&name) && !value.is_empty() && kept.iter().all(|(known, _)| *known != name) {
                kept.push((name, value));
            }
        }
        Self { kept }
    }

    /// As the list's filters read it; `limited` to so many items.
    fn query(&self, limited: u32) -> Query {
        let limit = ("limit".to_owned(), limited.to_string());
        Query::parse(&encoded(self.kept.iter().chain([&limit])))
    }

    fn address(&self, counter: &dyn Counter, suffix: &str, after: Option<String>) -> String {
        let path = format!("/desk/{}{suffix}", counter.path());
        let after = after.map(|after| ("after".to_owned(), after));
        let kept = self.kept.iter().filter(|(name, _)| name != "after");
        match encoded(kept.chain(&after)) {
            query if query.is_empty() => path,
            query => format!("{path}?{query}"),
        }
    }
}

fn encoded<'a>(pairs: impl Iterator<Item = &'a (String, String)>) -> String {
    let pairs: Vec<&(String, String)> = pairs.collect();
    serde_urlencoded::to_string(pairs).unwrap_or_default()
}

/// So many rows a page of a list has.
const A_PAGE: u32 = 30;

/// A list.
pub fn list(work: &mut Work, around: AroundPage, counter: &dyn Counter, asked: &ListAsked) -> Result<Rendered> {
    let language = around.language();
    let found = counter.list(work, asked.query(A_PAGE));
    let (found, wrong) = match found {
        Ok(found) => (Some(found), Vec::new()),
        Err(Error::Refused(refusal)) if refusal.kind == Kind::Invalid => (None, told(&refusal, language)),
        Err(error) => return Err(error),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (rows, next, total) = found.map_or((Vec::new(), None, 0), |found| (found.rows, found.next, found.total));
    let columns = counter.columns();
    let shown = rows.into_iter().map(|(key, view)| {
        let cells = columns.iter().map(|column| column.cell(&view, language).unwrap_or_else(|| column.nothing()));
        let name = counter.name(&view).unwrap_or_else(|| key.clone());
        (format!("/desk/{}/{key}", counter.path()), name, cells.collect())
    });
    let rows = shown.collect();
    let given: Map<String, Value> =
        asked.kept.iter().map(|(name, value)| (name.clone(), Value::String(value.clone()))).collect();
    let given = Value::Object(given);
    let surroundings = Surroundings { verb: "filter", language, view: Some(&given), refused: None };
    let mut filters = surroundings.blanks(work, counter.filters())?;
    filters.iter_mut().for_each(|filter| filter.optional = "");
    let may_make = counter.making().filter(|making| making.step.may(work.asker()).is_ok());
    let heads = std::iter::once((around.desk.words.name, false));
    let heads = heads.chain(columns.iter().map(|column| (said(language, column.label), column.is_number()))).collect();
    let AroundPage { frame, desk } = around;
    let page = ListPage {
        frame: &frame,
        desk,
        title: said(language, counter.title()),
        about: said(language, counter.about()),
        address: format!("/desk/{}", counter.path()),
        csv: asked.address(counter, ".csv", None),
        new: may_make.map(|making| (format!("/desk/{}/new", counter.path()), said(language, making.step.label()))),
        filters,
        wrong,
        heads,
        rows,
        next: next.map(|next| asked.address(counter, "", Some(next))),
        total,
    };
    let html = page.render().map_err(Error::internal)?;
    Ok(Rendered { status, html, frame })
}

fn told(refusal: &Refusal, language: Language) -> Vec<String> {
    let faults = refusal.faults.iter().map(|fault| language.pick(&fault.detail).to_owned());
    if refusal.faults.is_empty() { vec![language.pick(&refusal.detail).to_owned()] } else { faults.collect() }
}

/// So many rows a table has that is taken away: what is more is narrowed down first.
const MOST_ROWS: usize = 5000;

/// The same list as a table for other programs.
pub fn table(work: &mut Work, language: Language, counter: &dyn Counter, asked: &ListAsked) -> Result<String> {
    // A byte order mark, by which spreadsheets know that it is UTF-8.
    let mut csv = String::from("\u{feff}");
    let heads = counter.fields().iter().map(|field| said(language, field.label).to_owned());
    line(&mut csv, heads.collect());
    let mut asked = ListAsked { kept: asked.kept.clone() };
    let mut written = 0;
    while written < MOST_ROWS {
        let found = counter.list(work, asked.query(100))?;
        written += found.rows.len();
        for (_, view) in &found.rows {
            let cells = counter.fields().iter().map(|field| field.plain(view, language));
            line(&mut csv, cells.collect());
        }
        let Some(next) = found.next else { break };
        asked.kept.retain(|(name, _)| name != "after");
        asked.kept.push(("after".to_owned(), next));
    }
    Ok(csv)
}

/// A line of a table; no cell of it is a formula.
fn line(csv: &mut String, cells: Vec<String>) {
    let cell = |text: String| {
        let inert = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text };
        format!("\"{}\"", inert.replace('"', "\"\""))
    };
    csv.push_str(&cells.into_iter().map(cell).collect::<Vec<_>>().join(","));
    csv.push_str("\r\n");
}

#[derive(Template)]
#[template(path = "desk/thing.html")]
struct ThingPage<'a> {
    frame: &'a Frame,
    desk: Desk,
    title: String,
    list: (String, &'static str),
    done: Option<String>,
    wrong: Vec<Wrong>,
    meanwhile: Vec<String>,
    meanwhile_text: &'static str,
    /// What to know of it though nothing forbids it.
    warnings: Vec<String>,
    cells: Vec<Cell>,
    beside: Vec<Side>,
    forms: Vec<StepForm>,
    history: Vec<Past>,
}

/// What stands beside a thing: heading, links, pictures, table.
type Side = (&'static str, Vec<(String, String)>, Vec<(String, String)>, Option<(Vec<String>, Vec<Vec<String>>)>);

/// A step of the history, in words.
struct Past {
    at: String,
    who: String,
    what: String,
    change: Option<String>,
    note: Option<String>,
}

impl Past {
    fn of(counter: &dyn Counter, step: &PastStep, language: Language) -> Self {
        // Verbs of before are spelled as those of today.
        let verb = step.verb.replace('_', "-");
        let state = |state: &String| word(STATES, state, language);
        let change = match (&step.from, &step.to) {
            (Some(from), Some(to)) if from != to => Some(format!("{} → {}", state(from), state(to))),
            (None, Some(to)) => Some(state(to)),
            _ => None,
        };
        Self {
            at: moment(language, step.at),
            who: step.account_name.clone().unwrap_or_else(|| "—".to_owned()),
            what: counter.label_of(&verb).map_or(verb, |label| said(language, label).to_owned()),
            change,
            note: step.note.clone(),
        }
    }
}

/// What a page of a thing says beside what it is.
#[derive(Default)]
pub struct Said {
    /// The step that was just taken.
    pub done: Option<String>,
    pub refused: Option<Refused>,
}

/// One thing, with what can be done with it.
pub fn thing(
    work: &mut Work,
    around: AroundPage,
    counter: &dyn Counter,
    key: &str,
    said_of_it: Said,
) -> Result<Rendered> {
    let language = around.language();
    let Sight { view, version, history, offers, beside } = counter.see(work, key)?;
    let Said { done, refused } = said_of_it;
    let mut forms = Vec::new();
    for (verb, label, refusal) in offers {
        let Some(inputs) = counter.inputs(verb) else { continue };
        let of_this = refused.as_ref().filter(|refused| refused.verb == verb);
        let surroundings = Surroundings { verb, language, view: Some(&view), refused: of_this };
        let action = format!("/desk/{}/{key}/{verb}", counter.path());
        let head = Head { verb, label, action, version: Some(version), csrf: &around.desk.csrf };
        forms.push(form(work, &surroundings, inputs, head, refusal)?);
    }
    // What takes least to do stands first.
    forms.sort_by_key(|form| (form.refused.is_some(), form.inputs.len() > 2));
    let (status, wrong) = refusal_told(refused.as_ref(), &forms, language);
    let meanwhile = meanwhile(counter, refused.as_ref(), &history, language);
    let named = counter.name(&view).unwrap_or_else(|| said(language, counter.title()).to_owned());
    let done = done.and_then(|verb| counter.label_of(&verb));
    let beside = beside.into_iter().map(|side| (said(language, side.title), side.links, side.pictures, side.table));
    let AroundPage { frame, desk } = around;
    let page = ThingPage {
        frame: &frame,
        desk,
        title: named,
        list: (format!("/desk/{}", counter.path()), said(language, counter.title())),
        done: done.map(|label| format!("{}: {}", said(language, label), said(language, DONE))),
        wrong,
        meanwhile,
        meanwhile_text: said(language, MEANWHILE),
        warnings: warnings(&view, language),
        cells: counter.fields().iter().filter_map(|field| field.cell(&view, language)).collect(),
        beside: beside.collect(),
        forms,
        history: history.iter().rev().map(|step| Past::of(counter, step, language)).collect(),
    };
    let html = page.render().map_err(Error::internal)?;
    Ok(Rendered { status, html, frame })
}

const DONE: Label = label("đã xong.", "done.");
const REFUSED: Label = label("Chưa làm được:", "Not now:");
const MEANWHILE: Label = label(
    "Trong lúc bạn điền, đã có thay đổi. Những gì bạn ghi vẫn còn ở dưới; xin xem lại rồi gửi lần nữa.",
    "This changed while you were typing. What you typed is kept below; please look at it and send it again.",
);

/// The warnings that a view carries, in the page's language.
fn warnings(view: &Value, language: Language) -> Vec<String> {
    let member = match language {
        Language::Vietnamese => "detail",
        Language::English => "detail_en",
    };
    let warnings = view.get("warnings").and_then(Value::as_array).into_iter().flatten();
    warnings.filter_map(|warning| warning.get(member)?.as_str().map(str::to_owned)).collect()
}

/// What names a form.
struct Head<'a> {
    verb: &'static str,
    label: Label,
    action: String,
    version: Option<i32>,
    csrf: &'a str,
}

fn form(
    work: &mut Work,
    surroundings: &Surroundings,
    inputs: &[Input],
    head: Head,
    refusal: Option<Refusal>,
) -> Result<StepForm> {
    let language = surroundings.language;
    let blanks = surroundings.blanks(work, inputs)?;
    let typed = match (&refusal, surroundings.refused) {
        (Some(_), Some(_)) => blanks
            .iter()
            .filter(|blank| !blank.value.is_empty() && blank.kind != "password")
            .map(|blank| (blank.label.clone(), blank.value.clone()))
            .collect(),
        _ => Vec::new(),
    };
    let is_upload = blanks.iter().any(|blank| blank.kind == "file");
    Ok(StepForm {
        verb: head.verb,
        label: said(language, head.label),
        action: head.action,
        csrf: head.csrf.to_owned(),
        version: head.version,
        key: AnyId::random().to_string(),
        inputs: blanks,
        is_upload,
        is_alone: head.version.is_none(),
        username: None,
        refused: refusal.map(|refusal| why_not(&refusal, surroundings)),
        refused_text: said(language, REFUSED),
        typed,
    })
}

/// Why a step cannot be taken now, with the state in words.
fn why_not(refusal: &Refusal, surroundings: &Surroundings) -> String {
    let language = surroundings.language;
    let state = surroundings.view.and_then(|view| view.get("state")?.as_str());
    match state.filter(|_| refusal.code == "wrong_state") {
        Some(state) => {
            let now = said(language, label("không thể khi đang ở trạng thái", "not possible while it is"));
            format!("{now} “{}”.", word(STATES, state, language))
        }
        None => language.pick(&refusal.detail).to_owned(),
    }
}

/// The status of a page, and the list on top of it, where something was refused.
fn refusal_told(refused: Option<&Refused>, forms: &[StepForm], language: Language) -> (StatusCode, Vec<Wrong>) {
    let Some(refused) = refused else { return (StatusCode::OK, Vec::new()) };
    let status = Problem(Error::Refused(Box::new(refused.refusal.clone()))).status_code();
    let form = forms.iter().find(|form| form.verb == refused.verb);
    (status, refused.summary(language, form.map_or(&[], |form| form.inputs.as_slice())))
}

/// What others did since the page was made whose form came too late.
fn meanwhile(
    counter: &dyn Counter,
    refused: Option<&Refused>,
    history: &[PastStep],
    language: Language,
) -> Vec<String> {
    let Some(refused) = refused.filter(|refused| matches!(refused.refusal.kind, Kind::Stale | Kind::Conflict)) else {
        return Vec::new();
    };
    let seen: Option<i32> = refused.typed.value("version").and_then(|version| version.parse().ok());
    let later = history.iter().filter(|step| seen.is_some_and(|seen| step.version > seen));
    let told = later.map(|step| {
        let past = Past::of(counter, step, language);
        format!("{} · {} · {}", past.at, past.who, past.what)
    });
    told.collect()
}

#[derive(Template)]
#[template(path = "desk/new.html")]
struct NewPage<'a> {
    frame: &'a Frame,
    desk: Desk,
    title: &'static str,
    list: (String, &'static str),
    wrong: Vec<Wrong>,
    meanwhile: Vec<String>,
    meanwhile_text: &'static str,
    form: StepForm,
}

/// The form of a new thing, begun with what the address says.
pub fn new(
    work: &mut Work,
    around: AroundPage,
    counter: &dyn Counter,
    making: &Making,
    (query, refused): (&str, Option<Refused>),
) -> Result<Rendered> {
    making.step.may(work.asker())?;
    let language = around.language();
    let given: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    let is_asked = |name: &str| making.inputs.iter().any(|input| input.name == name);
    let given = given.into_iter().filter(|(name, _)| is_asked(name));
    let mut view = Value::Object(given.map(|(name, value)| (name, Value::String(value))).collect());
    (making.begin)(work, &mut view)?;
    let surroundings = Surroundings { verb: "create", language, view: Some(&view), refused: refused.as_ref() };
    let action = format!("/desk/{}", counter.path());
    let head = Head { verb: "create", label: making.step.label(), action, version: None, csrf: &around.desk.csrf };
    let form = form(work, &surroundings, making.inputs, head, None)?;
    let forms = [form];
    let (status, wrong) = refusal_told(refused.as_ref(), &forms, language);
    let [form] = forms;
    let AroundPage { frame, desk } = around;
    let page = NewPage {
        frame: &frame,
        desk,
        title: said(language, making.step.label()),
        list: (format!("/desk/{}", counter.path()), said(language, counter.title())),
        wrong,
        meanwhile: Vec::new(),
        meanwhile_text: "",
        form,
    };
    let html = page.render().map_err(Error::internal)?;
    Ok(Rendered { status, html, frame })
}
