//! The pages of any kind of thing: one of it, and the form of a new one.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use askama::Template;
use serde_json::Value;

use crate::account::Work;
use crate::audit::store::PastStep;
use crate::base::id::AnyId;
use crate::base::{Error, Kind, Moment, Refusal, Result};
use crate::desk::counter::{Beside, Counter, Make, Making, Sight};
use crate::desk::field::Cell;
use crate::desk::form::{Blank, Refused, StepForm, Surroundings, Wrong};
use crate::desk::frame::Desk;
use crate::desk::input::{FIND, Input};
use crate::desk::typed::Typed;
use crate::desk::waiting::{self, KeyOfDay};
use crate::desk::words::{EVENTS, GRAVE, SENDING_BACK, STATES, TOLD, WARNINGS, Wording, in_words, said, word};
use crate::http::{Language, Problem};
use crate::page::words::lower_first;
use crate::page::words::moment;
use crate::page::{Frame, fresh_with_script, style};
use crate::station::{Label, label};

/// A page and how it is answered.
pub struct Rendered {
    pub status: StatusCode,
    pub html: String,
    pub frame: Frame,
}

impl Rendered {
    pub fn response(self) -> HttpResponse {
        fresh_with_script(&self.frame, self.status, self.html)
    }
}

/// What stands around a page.
pub struct AroundPage {
    pub frame: Frame,
    pub desk: Desk,
}

impl AroundPage {
    pub fn language(&self) -> Language {
        self.frame.language
    }
}

#[derive(Template)]
#[template(path = "desk/thing.html")]
struct ThingPage<'a> {
    frame: &'a Frame,
    desk: Desk,
    title: String,
    list: (String, &'static str),
    done: Option<String>,
    /// What is still to be done for others to get it.
    next: Option<&'static str>,
    /// Why it came back or was turned down.
    sent_back: Option<Past>,
    /// What is told once.
    told: Option<String>,
    wrong: Vec<Wrong>,
    meanwhile: Vec<String>,
    meanwhile_text: &'static str,
    /// What to know of it though nothing forbids it.
    warnings: Vec<String>,
    cells: Vec<Cell>,
    beside: Vec<(&'static str, Beside)>,
    forms: Vec<StepForm>,
    /// Where forms of it wait on the device while there is no connection.
    waits: Option<Waits>,
    /// How many of them tell only why they cannot be taken now.
    shut: usize,
    not_now: &'static str,
    history: Vec<Past>,
}

/// Where and under which keys what is typed waits on the device, and what is said of it.
struct Waits {
    script: &'static str,
    version: i32,
    place: String,
    keys: [KeyOfDay; 2],
    words: String,
}

impl Waits {
    fn of(work: &Work, path: &str, key: &str, version: i32) -> Result<Self> {
        let words = WAITING.iter().map(|(name, text)| ((*name).to_owned(), Value::from(said(work.language, *text))));
        Ok(Self {
            script: style::visit_script_address(),
            version,
            place: waiting::place(&work.app.keys, work.actor.id, &format!("{path} {key}"))?,
            keys: waiting::keys(&work.app.keys, work.actor.id, Moment::real_now().day())?,
            words: Value::Object(words.collect()).to_string(),
        })
    }
}

/// Forms that are filled in where there may be no connection.
const WAIT: &[(&str, &str)] = &[("inspections", "fill"), ("inspections", "sign")];

/// What the script says of them.
const WAITING: &[Wording] = &[
    (
        "ready",
        label(
            "Biểu mẫu được giữ trên máy này khi mất mạng.",
            "The forms are kept on this device without a connection.",
        ),
    ),
    (
        "offline",
        label(
            "Chưa có mạng: {} biểu mẫu được giữ trên máy này, sẽ gửi khi có mạng. Xin đừng đóng trang.",
            "No connection: {} forms are kept on this device and sent once there is one. Please keep the page open.",
        ),
    ),
    (
        "fragile",
        label(
            "Chưa có mạng và máy này không giữ được: {} biểu mẫu chỉ còn trên trang. Xin đừng đóng trang.",
            "No connection, and this device keeps nothing: {} forms are on the page alone. Please keep it open.",
        ),
    ),
    ("sending", label("Đang gửi…", "Sending…")),
    (
        "signed_out",
        label("Bạn đã đăng xuất; biểu mẫu còn trên máy này.", "You are signed out; the forms are kept on this device."),
    ),
    ("sign_in", label("Đăng nhập để gửi", "Sign in to send them")),
    (
        "closed",
        label(
            "Việc này không còn làm được; những gì đã ghi chưa được gửi.",
            "This can be done no more; what was typed was not sent.",
        ),
    ),
    ("sign", label("Ký vào đây", "Sign here")),
    ("clear", label("Xóa chữ ký", "Clear the signature")),
];

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
            what: match counter.label_of(&verb) {
                Some(label) => said(language, label).to_owned(),
                None => told_as(&verb, language),
            },
            change,
            note: step.note.clone(),
        }
    }
}

/// The step by which a thing came back or was turned down, while nothing has changed its state since.
fn sent_back(history: &[PastStep]) -> Option<&PastStep> {
    let last = history.iter().rev().find(|step| step.from.is_some() && step.from != step.to)?;
    SENDING_BACK.contains(&last.verb.as_str()).then_some(last)
}

/// A step that the history tells by a name of its own, as what happened to a lot.
fn told_as(verb: &str, language: Language) -> String {
    let known = verb.replace('-', "_");
    let words = [EVENTS, TOLD].into_iter().find(|words| words.iter().any(|(value, _)| *value == known));
    words.map_or_else(|| verb.to_owned(), |words| word(words, &known, language))
}

/// What a page of a thing says beside what it is.
#[derive(Default)]
pub struct Said {
    /// The step that was just taken.
    pub done: Option<String>,
    /// What a step told that is told once.
    pub told: Option<String>,
    pub refused: Option<Refused>,
    /// The step whose form is asked for again, and what was typed.
    pub drafted: Option<(String, Typed)>,
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
    let Said { done, told, refused, drafted } = said_of_it;
    let state = view.get("state").and_then(Value::as_str);
    let refused = refused.map(|refused| refused.in_words(state));
    let mut forms = Vec::new();
    for (verb, label, refusal) in offers {
        let refusal = refusal.map(|refusal| in_words(refusal, state));
        let Some(inputs) = counter.inputs(verb) else { continue };
        let of_this = refused.as_ref().filter(|refused| refused.verb == verb);
        let drafted = drafted.as_ref().filter(|(of, _)| of == verb).map(|(_, typed)| typed);
        let surroundings = Surroundings { verb, language, view: Some(&view), refused: of_this, drafted };
        let action = format!("/desk/{}/{key}/{verb}", counter.path());
        // What is asked for again is still the form of the version that was seen.
        let seen = drafted.and_then(|typed| typed.value("version")?.parse().ok());
        let head = Head { verb, label, action, version: Some(seen.unwrap_or(version)), csrf: &around.desk.csrf };
        forms.push(form(work, &surroundings, inputs, head, refusal)?);
    }
    // Who changes it last can hand it in with the same press.
    let mut waits = None;
    for form in forms.iter_mut().filter(|form| WAIT.contains(&(counter.path(), form.verb))) {
        form.waits = form.refused.is_none();
        // What was sent is forgotten on the page that comes of it, where the form is shut.
        if waits.is_none() {
            waits = Some(Waits::of(work, counter.path(), key, version)?);
        }
    }
    let handing_in = forms.iter().find(|form| form.verb == SUBMIT && form.refused.is_none());
    let and = handing_in.map(|form| (SUBMIT, form.label));
    if let Some(change) = forms.iter_mut().find(|form| form.verb == CHANGE && form.refused.is_none()) {
        change.and = and.map(|(verb, label)| (verb, format!("{} {}", said(language, SAVE_AND), lower_first(label))));
    }
    // What is done day after day stands first, then what takes least to do, and what ends it last.
    let is_daily = |form: &StepForm| DAILY.contains(&(counter.path(), form.verb));
    forms.sort_by_key(|form| (form.refused.is_some(), form.is_grave, !is_daily(form), form.inputs.len() > 2));
    let of_refused = forms.iter().find(|form| refused.as_ref().is_some_and(|refused| refused.verb == form.verb));
    let (status, wrong) =
        refusal_told(refused.as_ref(), of_refused.map_or(&[][..], |form| form.inputs.as_slice()), language);
    let meanwhile = meanwhile(counter, refused.as_ref(), &history, language);
    let named = counter.name(&view, language).unwrap_or_else(|| said(language, counter.title()).to_owned());
    let is_draft = and.is_some() && done.as_deref().is_some_and(|verb| [CREATE, CHANGE].contains(&verb));
    let done = done.and_then(|verb| counter.label_of(&verb));
    let words = if is_draft { SAVED } else { DONE };
    let beside = beside.into_iter().map(|side| (said(language, side.title), side));
    let AroundPage { frame, desk } = around;
    let page = ThingPage {
        frame: &frame,
        desk,
        title: named,
        list: (format!("/desk/{}", counter.path()), said(language, counter.title())),
        done: done.map(|label| format!("{}: {}", said(language, label), said(language, words))),
        next: is_draft.then(|| said(language, NOT_HANDED_IN)),
        sent_back: sent_back(&history).map(|step| Past::of(counter, step, language)),
        told,
        wrong,
        meanwhile,
        meanwhile_text: said(language, MEANWHILE),
        warnings: warnings(&view, language),
        cells: counter.fields().iter().filter_map(|field| field.cell(&view, language)).collect(),
        beside: beside.collect(),
        shut: forms.iter().filter(|form| form.is_shut()).count(),
        not_now: said(language, NOT_NOW),
        forms,
        waits,
        history: history.iter().rev().map(|step| Past::of(counter, step, language)).collect(),
    };
    let (html, saves) = (page.render().map_err(Error::internal)?, page.waits.is_some());
    Ok(Rendered { status, html, frame: frame.saving(saves) })
}

/// The steps by which somebody writes a thing, and hands it in.
const CREATE: &str = "create";
const CHANGE: &str = "change";
pub const SUBMIT: &str = "submit";

const SAVED: Label = label("đã lưu.", "saved.");
const SAVE_AND: Label = label("Lưu và", "Save and");
const NOT_HANDED_IN: Label = label("Chưa nộp: xem lại rồi nộp", "Not handed in yet: look it over and hand it in");
const NOT_NOW: Label = label("Việc chưa làm được lúc này", "What cannot be done now");
/// Steps that are taken day after day.
const DAILY: &[(&str, &str)] = &[("lots", "add-event"), ("stamp-orders", "activate")];

pub const DONE: Label = label("đã xong.", "done.");
const REFUSED: Label = label("Chưa làm được:", "Not now:");
pub const MEANWHILE: Label = label(
    "Trong lúc bạn điền, đã có thay đổi. Những gì bạn ghi vẫn còn ở dưới; xin xem lại rồi gửi lần nữa.",
    "This changed while you were typing. What you typed is kept below; please look at it and send it again.",
);

/// The warnings that a view carries, in the page's language.
pub fn warnings(view: &Value, language: Language) -> Vec<String> {
    let member = match language {
        Language::Vietnamese => "detail",
        Language::English => "detail_en",
    };
    let told = |warning: &Value| match warning.as_str() {
        Some(code) => Some(word(WARNINGS, code, language)),
        None => warning.get(member)?.as_str().map(str::to_owned),
    };
    let places = ["/warnings", "/preparation/warnings"].into_iter();
    places.filter_map(|place| view.pointer(place)?.as_array()).flatten().filter_map(told).collect()
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
        has_sums: blanks.iter().any(|blank| blank.sums.is_some()),
        inputs: blanks,
        is_upload,
        waits: false,
        is_alone: head.version.is_none(),
        is_grave: GRAVE.contains(&head.verb),
        and: None,
        then: None,
        username: None,
        refused: refusal.map(|refusal| language.pick(&refusal.detail).to_owned()),
        refused_text: said(language, REFUSED),
        typed,
    })
}

/// The form of a step with a thing, as a page beside the thing's own offers it; `view` is what is known of the thing.
pub fn step_form(
    work: &mut Work,
    counter: &dyn Counter,
    (key, version, view): (&str, i32, Option<&Value>),
    verb: &'static str,
    (csrf, language): (&str, Language),
) -> Result<Option<StepForm>> {
    let (Some(inputs), Some(label)) = (counter.inputs(verb), counter.label_of(verb)) else { return Ok(None) };
    let surroundings = Surroundings { verb, language, view, refused: None, drafted: None };
    let action = format!("/desk/{}/{key}/{verb}", counter.path());
    form(work, &surroundings, inputs, Head { verb, label, action, version: Some(version), csrf }, None).map(Some)
}

/// The status of a page, and the list on top of it, where something was refused.
pub fn refusal_told(refused: Option<&Refused>, form: &[Blank], language: Language) -> (StatusCode, Vec<Wrong>) {
    let Some(refused) = refused else { return (StatusCode::OK, Vec::new()) };
    let status = Problem(Error::Refused(Box::new(refused.refusal.clone()))).status_code();
    (status, refused.summary(language, form))
}

/// What others did since the page was made whose form came too late.
pub fn meanwhile(
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
    /// What is asked first, and with which button.
    first: Option<(Vec<Blank>, &'static str)>,
    /// What is to be known first.
    beside: Vec<(&'static str, Beside)>,
    /// None before that was said.
    form: Option<StepForm>,
}

/// The form of a new thing, begun with what the address says.
pub fn new(
    work: &mut Work,
    around: AroundPage,
    counter: &dyn Counter,
    making: &Making,
    (query, said_of_it): (&str, Said),
) -> Result<Rendered> {
    making.step.may(work.asker())?;
    let given: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    let searched = making.inputs.iter().find_map(|input| input.searched);
    let asked: Vec<&Input> = making.first.iter().chain(making.inputs).collect();
    let is_asked = |name: &str| asked.iter().any(|input| input.name == name) || name == FIND && searched.is_some();
    let given = given.into_iter().filter(|(name, value)| is_asked(name) && !value.is_empty());
    let mut view = Value::Object(given.map(|(name, value)| (name, Value::String(value))).collect());
    (making.begin)(work, &mut view)?;
    let (path, list, first) = (counter.path(), counter.title(), making.first);
    let beside = (making.beside)(work, &view)?;
    let blank = BlankPage { path, list, view, first, beside, wrong: None, searched };
    blank.render(work, around, (making.step, making.inputs), said_of_it)
}

/// The page of a form that makes something.
pub struct BlankPage {
    pub path: &'static str,
    /// What the list is called that it leads back to.
    pub list: Label,
    /// With what it is begun.
    pub view: Value,
    /// What is asked before the form.
    pub first: &'static [Input],
    /// What is to be known first.
    pub beside: Vec<Beside>,
    /// What is searched for before it is filled in, where there is more than can be chosen among.
    pub searched: Option<Label>,
    /// What is wrong in the page's own words, where the form's fields do not tell it.
    pub wrong: Option<Vec<Wrong>>,
}

impl BlankPage {
    pub fn render(
        self,
        work: &mut Work,
        around: AroundPage,
        (step, inputs): (&dyn Make, &[Input]),
        said_of_it: Said,
    ) -> Result<Rendered> {
        let Self { path, list, view, first, beside, searched, wrong: told } = self;
        step.may(work.asker())?;
        let language = around.language();
        let Said { refused, drafted, .. } = said_of_it;
        let drafted = drafted.as_ref().map(|(_, typed)| typed);
        let surroundings =
            Surroundings { verb: "create", language, view: Some(&view), refused: refused.as_ref(), drafted };
        // What was searched for or said first is not lost with a form that is refused.
        let names = first.iter().map(|input| input.name).chain(searched.map(|_| FIND));
        let kept: Vec<(&str, &str)> = names.filter_map(|name| Some((name, view.get(name)?.as_str()?))).collect();
        let kept = serde_urlencoded::to_string(kept).map_err(Error::internal)?;
        let action = if kept.is_empty() { format!("/desk/{path}") } else { format!("/desk/{path}?{kept}") };
        let is_said = first.iter().all(|input| !input.is_required || view.get(input.name).is_some());
        let first = match searched {
            Some(label) => Some((vec![search(&surroundings, label, &view)], around.desk.words.search)),
            None if first.is_empty() => None,
            None => {
                let asked = Surroundings { verb: "first", refused: None, drafted: None, ..surroundings };
                Some((asked.blanks(work, first)?, said(language, GO_ON)))
            }
        };
        let head = Head { verb: "create", label: step.label(), action, version: None, csrf: &around.desk.csrf };
        let form = if is_said { Some(form(work, &surroundings, inputs, head, None)?) } else { None };
        let blanks = form.as_ref().map_or(&[][..], |form| form.inputs.as_slice());
        let (status, wrong) = refusal_told(refused.as_ref(), blanks, language);
        let AroundPage { frame, desk } = around;
        let page = NewPage {
            frame: &frame,
            desk,
            title: said(language, step.label()),
            list: (format!("/desk/{path}"), said(language, list)),
            wrong: told.unwrap_or(wrong),
            meanwhile: Vec::new(),
            meanwhile_text: "",
            first,
            beside: beside.into_iter().map(|side| (said(language, side.title), side)).collect(),
            form,
        };
        let html = page.render().map_err(Error::internal)?;
        Ok(Rendered { status, html, frame })
    }
}

const GO_ON: Label = label("Tiếp tục", "Go on");

fn search(surroundings: &Surroundings, label: Label, view: &Value) -> Blank {
    Blank {
        id: "search".to_owned(),
        name: FIND.to_owned(),
        label: said(surroundings.language, label).to_owned(),
        kind: "line",
        value: view.get(FIND).and_then(Value::as_str).unwrap_or_default().to_owned(),
        ..Blank::default()
    }
}
