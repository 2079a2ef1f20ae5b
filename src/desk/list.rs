//! The page of a list: narrowed, a stretch at a time, and with a letter under which several of its things go on.

use actix_web::ResponseError;
use actix_web::http::StatusCode;
use askama::Template;
use serde_json::{Map, Value};

use crate::account::Work;
use crate::base::id::AnyId;
use crate::base::{Error, Kind, Refusal, Result};
use crate::decision::rules::DispatchVerb;
use crate::desk::asked::ListAsked;
use crate::desk::counter::{Counter, ListedThing, Stretched};
use crate::desk::field::Cell;
use crate::desk::form::{Blank, Refused, Surroundings, Wrong};
use crate::desk::frame::Desk;
use crate::desk::input::{Alternative, Asks, Input};
use crate::desk::page::{AroundPage, Rendered};
use crate::desk::table::{MOST_ROWS, TableKind};
use crate::desk::words::{better_told, said};
use crate::http::{Language, Problem};
use crate::page::Frame;
use crate::station::{Label, Sorting, label};

#[derive(Template)]
#[template(path = "desk/list.html")]
struct ListPage<'a> {
    frame: &'a Frame,
    desk: Desk,
    title: &'static str,
    about: &'static str,
    /// What is to be known before the list is read.
    above: Vec<String>,
    address: String,
    /// Addresses of the same list as a table, each with what it is.
    tables: Vec<(String, &'static str)>,
    most: Option<String>,
    new: Option<(String, &'static str)>,
    /// What is narrowed by most, and what else.
    filters: Vec<Blank>,
    more_filters: Vec<Blank>,
    more: &'static str,
    /// By some of them it is narrowed now.
    is_narrowed: bool,
    wrong: Vec<Wrong>,
    meanwhile: Vec<String>,
    meanwhile_text: &'static str,
    heads: Vec<(&'static str, bool)>,
    /// The orders in which it can be told: address, text, whether it is in it.
    orders: Vec<(String, &'static str, bool)>,
    order: Option<String>,
    order_text: &'static str,
    rows: Vec<Row>,
    next: Option<String>,
    total: i64,
    letter: Option<Letter>,
}

struct Row {
    address: String,
    name: String,
    cells: Vec<Cell>,
    tick: Option<Tick>,
    faults: Vec<String>,
}

/// The box by which a thing goes on a letter's list.
struct Tick {
    place: usize,
    id: String,
    version: i32,
    is_chosen: bool,
    label: String,
}

/// The form of a letter beside a list.
struct Letter {
    title: &'static str,
    lead: &'static str,
    choose: &'static str,
    /// Where all of the page are chosen.
    all: (String, &'static str),
    key: String,
    /// The list's own address.
    from: String,
    inputs: Vec<Blank>,
    send: &'static str,
}

/// So many filters stand open above a list, whose first lines are to be seen on a phone too.
const SEEN_FILTERS: usize = 2;

/// So many rows a page of a list has.
const A_PAGE: u32 = 30;

/// The fields of an item of a letter: the version is there whether it is chosen or not.
const ITEM: &[Input] = &[
    Input::new("id", label("Mục", "Item"), Asks::Line),
    Input::new("version", label("Phiên bản", "Version"), Asks::Whole).incidental(),
];

/// What a letter is sent with.
pub const LETTER: &[Input] = &[
    Input::new("verb", label("Việc", "What is done"), Asks::From(steps)).required(),
    Input::new("letter_number", label("Số công văn", "Number of the letter"), Asks::Line)
        .required()
        .hint(label("ví dụ 12/CV-UBND", "such as 12/CV-UBND")),
    Input::new("letter_date", label("Ngày công văn", "Day of the letter"), Asks::Day).required(),
];

pub const ITEMS: Input = Input::new("items", label("Các mục", "The items"), Asks::Rows(ITEM, 0)).or_empty();

/// What letters about these things do.
const VERBS: [DispatchVerb; 5] =
    [DispatchVerb::Forward, DispatchVerb::Select, DispatchVerb::Accept, DispatchVerb::SendUp, DispatchVerb::Admit];

/// The kind of things that a letter is about.
pub fn kind_of(verb: DispatchVerb) -> &'static str {
    if verb.of_ideas().is_some() { "ideas" } else { "agenda-items" }
}

/// The name of the step that a letter takes with each thing.
fn step_of(verb: DispatchVerb) -> String {
    verb.as_ref().replace('_', "-")
}

/// The letters that somebody may send about a kind of things.
fn letters(work: &Work, kind: &str) -> Result<Vec<DispatchVerb>> {
    let mut own = Vec::new();
    for verb in VERBS.into_iter().filter(|verb| kind_of(*verb) == kind) {
        if verb.roles()?.contains(&work.actor.role) {
            own.push(verb);
        }
    }
    Ok(own)
}

/// The same as entries; what each is called stands in the view.
fn steps(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let told = |name: &str| view.and_then(|view| view.get(name)?.as_str()).unwrap_or_default().to_owned();
    let verbs = letters(work, &told("kind"))?;
    Ok(verbs.into_iter().map(|verb| Alternative::new(verb.as_ref(), told(&step_of(verb)))).collect())
}

/// A list; `refused` is a letter from this page that was not sent.
pub fn list(
    work: &mut Work,
    around: AroundPage,
    counter: &dyn Counter,
    asked: &ListAsked,
    refused: Option<Refused>,
) -> Result<Rendered> {
    let language = around.language();
    let found = counter.list(work, asked.query(A_PAGE));
    let (found, told) = match found {
        Ok(found) => (Some(found), Vec::new()),
        Err(Error::Refused(refusal)) if refusal.kind == Kind::Invalid => (None, told(&refusal, language)),
        Err(error) => return Err(error),
    };
    let status = match &refused {
        Some(refused) => Problem(Error::Refused(Box::new(refused.refusal.clone()))).status_code(),
        None if told.is_empty() => StatusCode::OK,
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let Stretched { rows: things, next, total } =
        found.unwrap_or_else(|| Stretched { rows: Vec::new(), next: None, total: 0 });
    let verbs: Vec<String> = letters(work, counter.path())?.into_iter().map(step_of).collect();
    let rows = rows(counter, things, (&verbs, asked.all_chosen, refused.as_ref()), language);
    let letter = if rows.iter().any(|row| row.tick.is_some()) {
        Some(letter(work, counter, asked, &verbs, refused.as_ref())?)
    } else {
        None
    };
    let mut wrong: Vec<Wrong> = told.into_iter().map(|text| Wrong { text, field: None }).collect();
    wrong.extend(refused.as_ref().into_iter().flat_map(|refused| of_letter(refused, letter.as_ref(), &rows, language)));
    let given = asked.given();
    let surroundings = Surroundings { verb: "filter", language, view: Some(&given), refused: None, drafted: None };
    let mut filters = surroundings.blanks(work, counter.filters())?;
    filters.iter_mut().for_each(|filter| filter.optional = "");
    let more_filters = filters.split_off(filters.len().min(SEEN_FILTERS));
    let may_make = counter.making().filter(|making| making.step.may(work.asker()).is_ok());
    let above = counter.above(work)?;
    let words = around.desk.words;
    let columns = counter.columns();
    let heads = std::iter::once((words.name, false));
    let heads = heads.chain(columns.iter().map(|column| (said(language, column.label), column.is_number()))).collect();
    let table = |kind: TableKind| {
        let text = if kind == TableKind::Xlsx { words.xlsx } else { words.csv };
        (asked.from_its_start().address(counter, kind.suffix()), text)
    };
    let is_longer = usize::try_from(total).is_ok_and(|total| total > MOST_ROWS);
    let AroundPage { frame, desk } = around;
    let page = ListPage {
        frame: &frame,
        desk,
        title: said(language, counter.title()),
        about: said(language, counter.about()),
        above: above.iter().map(|message| language.pick(message).to_owned()).collect(),
        address: format!("/desk/{}", counter.path()),
        tables: TableKind::ALL.map(table).into(),
        most: is_longer.then(|| format!("{} {MOST_ROWS}", said(language, MOST))),
        new: may_make.map(|making| (format!("/desk/{}/new", counter.path()), said(language, making.step.label()))),
        filters,
        is_narrowed: more_filters.iter().any(|filter| !filter.value.is_empty()),
        more: said(language, label("Thêm điều kiện lọc", "Narrow it further")),
        more_filters,
        wrong,
        meanwhile: Vec::new(),
        meanwhile_text: "",
        heads,
        orders: orders(counter, asked, language),
        order: asked.sorting().map(str::to_owned),
        order_text: said(language, label("Xếp theo:", "Sorted by:")),
        rows,
        next: next.map(|next| asked.after(next).address(counter, "")),
        total,
        letter,
    };
    let html = page.render().map_err(Error::internal)?;
    Ok(Rendered { status, html, frame })
}

const MOST: Label = label("Bảng tải về có nhiều nhất số dòng:", "Rows of a table at most:");

fn told(refusal: &Refusal, language: Language) -> Vec<String> {
    let faults = refusal.faults.iter().map(|fault| language.pick(&fault.detail).to_owned());
    if refusal.faults.is_empty() { vec![language.pick(&refusal.detail).to_owned()] } else { faults.collect() }
}

/// The orders in which a list can be told.
fn orders(counter: &dyn Counter, asked: &ListAsked, language: Language) -> Vec<(String, &'static str, bool)> {
    if !counter.is_sorted() {
        return Vec::new();
    }
    let order = |sorting: Sorting| {
        let text = match sorting {
            Sorting::Name => label("Tên", "Name"),
            Sorting::Newest => label("Mới nhất", "Newest"),
            Sorting::Oldest => label("Cũ nhất", "Oldest"),
        };
        let is_it = asked.sorting() == Some(sorting.as_ref());
        (asked.sorted(sorting.as_ref()).address(counter, ""), said(language, text), is_it)
    };
    [Sorting::Name, Sorting::Newest, Sorting::Oldest].map(order).into()
}

fn rows(
    counter: &dyn Counter,
    things: Vec<ListedThing>,
    (verbs, all_chosen, refused): (&[String], bool, Option<&Refused>),
    language: Language,
) -> Vec<Row> {
    let sent: Vec<&str> = refused.into_iter().flat_map(sent).collect();
    let row = |(place, ListedThing { key, view, version, offered }): (usize, ListedThing)| {
        let cells = counter.columns().iter();
        let cells = cells.map(|column| column.cell(&view, language).unwrap_or_else(|| column.nothing())).collect();
        let name = counter.name(&view, language).unwrap_or_else(|| key.clone());
        let at = sent.iter().position(|id| *id == key);
        let state = view.get("state").and_then(Value::as_str);
        let faults = at.zip(refused).map(|(at, refused)| faults_of(refused, at, state, language)).unwrap_or_default();
        let is_offered = offered.iter().any(|step| verbs.iter().any(|verb| verb == step));
        let tick = is_offered.then(|| Tick {
            place,
            id: key.clone(),
            version,
            is_chosen: at.is_some() || refused.is_none() && all_chosen,
            label: format!("{}: {name}", said(language, CHOOSE)),
        });
        Row { address: format!("/desk/{}/{key}", counter.path()), name, cells, tick, faults }
    };
    things.into_iter().enumerate().map(row).collect()
}

const CHOOSE: Label = label("Chọn", "Choose");

/// The ids of a letter's items, in its order.
fn sent(refused: &Refused) -> Vec<&str> {
    let items = refused.meant.body.get("items").and_then(Value::as_array);
    items.into_iter().flatten().map(|item| item.get("id").and_then(Value::as_str).unwrap_or_default()).collect()
}

/// What refused an item of a letter.
fn faults_of(refused: &Refused, item: usize, state: Option<&str>, language: Language) -> Vec<String> {
    let place = format!("/items/{item}");
    let is_its =
        |pointer: &str| pointer.strip_prefix(&place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let faults = refused.refusal.faults.iter().filter(|fault| is_its(&fault.pointer));
    let told = |code, detail| {
        better_told(code, state)
            .map_or_else(|| language.pick(detail).to_owned(), |better| language.pick(&better).to_owned())
    };
    faults.map(|fault| told(fault.code, &fault.detail)).collect()
}

/// The list on top: what refused the letter, each with the thing or the field that it is about.
fn of_letter(refused: &Refused, letter: Option<&Letter>, rows: &[Row], language: Language) -> Vec<Wrong> {
    let mut wrong = vec![Wrong { text: said(language, NOTHING_DONE).to_owned(), field: None }];
    let of_rows = rows.iter().flat_map(|row| {
        let field = row.tick.as_ref().map(|tick| format!("items-{}", tick.place));
        row.faults.iter().map(move |fault| Wrong { text: format!("{}: {fault}", row.name), field: field.clone() })
    });
    wrong.extend(of_rows);
    let on_page = |pointer: &str| {
        let item = pointer.strip_prefix("/items/").and_then(|rest| rest.split('/').next()?.parse::<usize>().ok());
        item.and_then(|item| sent(refused).get(item).copied().map(str::to_owned))
            .is_some_and(|id| rows.iter().any(|row| row.address.ends_with(&id)))
    };
    let mut of_fields = refused.clone();
    of_fields.refusal.faults.retain(|fault| !on_page(&fault.pointer));
    if !of_fields.refusal.faults.is_empty() || wrong.len() == 1 {
        wrong.extend(of_fields.summary(language, letter.map_or(&[], |letter| letter.inputs.as_slice())));
    }
    wrong
}

const NOTHING_DONE: Label = label(
    "Công văn chưa được gửi, chưa mục nào thay đổi. Xin xem từng mục dưới đây.",
    "The letter was not sent and nothing was changed. Please look at each line below.",
);

fn letter(
    work: &mut Work,
    counter: &dyn Counter,
    asked: &ListAsked,
    verbs: &[String],
    refused: Option<&Refused>,
) -> Result<Letter> {
    let language = work.language;
    let say = |vi, en| said(language, label(vi, en));
    let today = work.now.day();
    let mut view = Map::new();
    view.insert("kind".to_owned(), Value::from(counter.path()));
    view.insert("letter_date".to_owned(), Value::from(today.to_string()));
    for verb in verbs {
        let told = counter.label_of(verb).map(|label| said(language, label)).unwrap_or_default();
        view.insert(verb.clone(), Value::from(told));
    }
    let view = Value::Object(view);
    let surroundings = Surroundings { verb: "letter", language, view: Some(&view), refused, drafted: None };
    Ok(Letter {
        title: say("Gửi nhiều mục bằng một công văn", "Several under one letter"),
        lead: say(
            "Chọn các mục trong bảng, ghi số và ngày công văn. Mọi mục cùng được thực hiện, hoặc không mục nào.",
            "Choose lines of the table and give the letter's number and day. All of them are done, or none.",
        ),
        choose: said(language, CHOOSE),
        all: (asked.chosen(counter), say("Chọn tất cả trên trang này", "Choose all on this page")),
        key: AnyId::random().to_string(),
        from: asked.address(counter, ""),
        inputs: surroundings.blanks(work, LETTER)?,
        send: say("Gửi các mục đã chọn", "Send what is chosen"),
    })
}
