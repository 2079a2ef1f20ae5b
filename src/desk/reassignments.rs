//! `/desk/reassignments` and `/desk/account-reassignments`: what a reform of the units left behind goes on to units of today, one or
//! many at once.

use actix_web::ResponseError;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use futures_util::future::LocalBoxFuture;

use crate::account::{Caller, Work};
use crate::base::id::AnyId;
use crate::base::{Day, Error, Level, Result, UnitCode};
use crate::desk::api::refused_with_a_form;
use crate::desk::arrival::{DeskAnswer, see_other};
use crate::desk::form::{Refused, Wrong};
use crate::desk::frame::{ACCOUNTS_TO_MOVE, Desk, PRODUCERS_TO_MOVE};
use crate::desk::input::{Asks, Input};
use crate::desk::page::Rendered;
use crate::desk::typed::Typed;
use crate::desk::visit::{DeskVisit, enter};
use crate::desk::words::{ROLES, better_told, said, word};
use crate::http::request::shape::is_of_shape;
use crate::http::{Answer, Language, Problem, Query};
use crate::page::Frame;
use crate::place::names::Places;
use crate::place::store::UnitFilter;
use crate::station::{Label, label};
use crate::{people, place, product};

/// What is reassigned: by whom, and in which words.
struct Kind {
    path: &'static str,
    title: Label,
    about: Label,
    none: Label,
    /// The name of an item's id in the order, and of where it goes.
    id: &'static str,
    to: &'static str,
    items: Input,
    rows: fn(&mut Work, Query) -> Result<DisplacedPage>,
    order: fn(Caller) -> LocalBoxFuture<'static, std::result::Result<Answer, Problem>>,
    /// Of which levels the units are to which something can go.
    levels: &'static [Level],
}

/// A page of what is displaced, with the place from which the next goes on.
type DisplacedPage = (Vec<Displaced>, Option<String>);

/// Something whose unit is no more.
struct Displaced {
    id: String,
    version: i32,
    name: String,
    address: String,
    was: String,
    told: String,
    successors: Vec<UnitCode>,
    successor: Option<UnitCode>,
}

/// Before the place of a row in the names of the fields that say whose row it is, which no order reads.
const OF: &str = "of.";

/// The name of an item's version in the order: it is there whether the item is chosen or not, as where it goes is.
const PRODUCER: &[Input] = &[
    Input::new("producer_id", label("Chủ thể", "Producer"), Asks::Line),
    Input::new("version", label("Phiên bản", "Version"), Asks::Whole).incidental(),
    Input::new("commune_code", label("Xã mới", "New commune"), Asks::Line).incidental().or_empty(),
];
const ACCOUNT: &[Input] = &[
    Input::new("account_id", label("Tài khoản", "Account"), Asks::Line),
    Input::new("version", label("Phiên bản", "Version"), Asks::Whole).incidental(),
    Input::new("unit_code", label("Đơn vị mới", "New unit"), Asks::Line).incidental().or_empty(),
];

static PRODUCERS: Kind = Kind {
    path: PRODUCERS_TO_MOVE.0,
    title: PRODUCERS_TO_MOVE.1,
    about: label(
        "Chủ thể có xã không còn sau khi sắp xếp đơn vị hành chính. Sản phẩm đi theo chủ thể; ý tưởng, phương án, hồ sơ và giấy \
         chứng nhận giữ đơn vị của năm mình.",
        "Producers whose commune is no more after a reform. Their products go with them; ideas, plans, dossiers and certificates \
         keep the units of their year.",
    ),
    none: label("Mọi chủ thể đều ở một xã hiện có.", "Every producer lies in a commune of today."),
    id: "producer_id",
    to: "commune_code",
    items: Input::new("items", label("Chủ thể", "Producers"), Asks::Rows(PRODUCER, 0)).or_empty(),
    rows: producers,
    order: |caller| Box::pin(product::reassignment::ordered(caller)),
    levels: &[Level::Commune],
};

static ACCOUNTS: Kind = Kind {
    path: ACCOUNTS_TO_MOVE.0,
    title: ACCOUNTS_TO_MOVE.1,
    about: label(
        "Tài khoản cán bộ có đơn vị không còn sau khi sắp xếp đơn vị hành chính. Việc đã làm vẫn ghi theo đơn vị lúc đó. Cán bộ \
         huyện mà cấp huyện không còn thì chấm dứt tài khoản và lập tài khoản mới.",
        "Officers' accounts whose unit is no more after a reform. What they did stays with the unit of its day. Where there are no \
         districts any more, end a district officer's account and make another.",
    ),
    none: label("Mọi tài khoản đều thuộc một đơn vị hiện có.", "Every account acts for a unit of today."),
    id: "account_id",
    to: "unit_code",
    items: Input::new("items", label("Tài khoản", "Accounts"), Asks::Rows(ACCOUNT, 0)).or_empty(),
    rows: accounts,
    order: |caller| Box::pin(people::reassignment::ordered(caller)),
    levels: &[Level::Commune, Level::District],
};

fn producers(work: &mut Work, query: Query) -> Result<DisplacedPage> {
    let (found, next) = product::reassignment::page(work, query)?;
    let (places, today, language) = (place::store::places(work.connection)?, work.now.day(), work.language);
    let products = said(language, label("Số sản phẩm:", "Products:"));
    let displaced = found.into_iter().map(|found| Displaced {
        id: found.producer_id.to_string(),
        version: found.version,
        address: format!("/desk/producers/{}", found.producer_id),
        was: places.address(&found.commune_code, found.district_code.as_ref(), today),
        told: format!("{products} {}", found.products.len()),
        name: found.name,
        successors: found.successors,
        successor: found.successor,
    });
    Ok((displaced.collect(), next))
}

fn accounts(work: &mut Work, query: Query) -> Result<DisplacedPage> {
    let (found, next) = people::reassignment::page(work, query)?;
    let language = work.language;
    let displaced = found.into_iter().map(|found| Displaced {
        id: found.account_id.to_string(),
        version: found.version,
        address: format!("/desk/accounts/{}", found.account_id),
        was: found.unit_name,
        told: word(ROLES, found.role.as_ref(), language),
        name: found.name,
        successors: found.successors,
        successor: found.successor,
    });
    Ok((displaced.collect(), next))
}

#[derive(Template)]
#[template(path = "desk/reassignments.html")]
struct ReassignmentsPage<'a> {
    frame: &'a Frame,
    desk: Desk,
    title: &'static str,
    about: &'static str,
    none: Option<&'static str>,
    done: Option<&'static str>,
    wrong: Vec<Wrong>,
    meanwhile: Vec<String>,
    meanwhile_text: &'static str,
    action: String,
    key: String,
    fields: [&'static str; 2],
    heads: [&'static str; 4],
    rows: Vec<Row>,
    /// The units of today, for where nobody knows what became of one.
    units: Vec<(String, String)>,
    send: &'static str,
    next: Option<String>,
}

struct Row {
    place: usize,
    id: String,
    version: i32,
    name: String,
    address: String,
    was: String,
    told: String,
    is_chosen: bool,
    /// Where it may go, by code and name; none where that is not known, so that a code is typed.
    choices: Vec<(String, String, bool)>,
    typed: String,
    faults: Vec<String>,
    labels: [String; 2],
}

/// `GET /desk/reassignments`.
pub async fn show_producers(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    enter(&request, body, async |visit| page(&visit, &PRODUCERS, None).await).await
}

/// `POST /desk/reassignments`.
pub async fn move_producers(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    enter(&request, body, async |visit| moved(&visit, &PRODUCERS).await).await
}

/// `GET /desk/account-reassignments`.
pub async fn show_accounts(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    enter(&request, body, async |visit| page(&visit, &ACCOUNTS, None).await).await
}

/// `POST /desk/account-reassignments`.
pub async fn move_accounts(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    enter(&request, body, async |visit| moved(&visit, &ACCOUNTS).await).await
}

async fn moved(visit: &DeskVisit, kind: &'static Kind) -> DeskAnswer {
    let of_order = visit.typed.fields().filter(|(name, _)| !name.starts_with(OF));
    let of_order = of_order.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let meant = Typed::new(of_order).meant(&[kind.items]);
    match (kind.order)(visit.ordering(&meant.body)?).await {
        Ok(_) => Ok(see_other(&format!("/desk/{}?done=moved", kind.path))),
        Err(Problem(error)) => {
            let refusal = refused_with_a_form(error)?;
            let refused = Refused { verb: "reassign".to_owned(), typed: visit.typed.clone(), meant, refusal };
            page(visit, kind, Some(refused)).await
        }
    }
}

async fn page(visit: &DeskVisit, kind: &'static Kind, refused: Option<Refused>) -> DeskAnswer {
    let mut query = visit.caller.request.query();
    let (is_done, after) = (query.take::<String>("done").is_some(), query.take::<String>("after"));
    let (frame, language) = (visit.frame(&format!("/desk/{}", kind.path)), visit.language());
    let page = visit.look(kind.path, move |work, desk| {
        let say = |vi, en| said(language, label(vi, en));
        let limit = ("limit", "30".to_owned());
        let asked: Vec<(&str, String)> = after.map(|after| ("after", after)).into_iter().chain([limit]).collect();
        let (found, next) = (kind.rows)(work, Query::parse(&serde_urlencoded::to_string(asked).unwrap_or_default()))?;
        let (places, today) = (place::store::places(work.connection)?, work.now.day());
        let lacks = found.iter().any(|displaced| displaced.successors.is_empty());
        let units = if lacks { units(work, kind, today)? } else { Vec::new() };
        let rows: Vec<Row> = found
            .into_iter()
            .enumerate()
            .map(|(place, displaced)| row(kind, place, displaced, refused.as_ref(), (&places, today), language))
            .collect();
        let status = match &refused {
            Some(refused) => Problem(Error::Refused(Box::new(refused.refusal.clone()))).status_code(),
            None => StatusCode::OK,
        };
        let page = ReassignmentsPage {
            frame: &frame,
            title: said(language, kind.title),
            about: said(language, kind.about),
            none: rows.is_empty().then(|| said(language, kind.none)),
            done: is_done.then(|| say("Đã chuyển.", "They were moved.")),
            wrong: refused.as_ref().map(|refused| wrong(refused, &rows, language)).unwrap_or_default(),
            meanwhile: Vec::new(),
            meanwhile_text: "",
            action: format!("/desk/{}", kind.path),
            key: AnyId::random().to_string(),
            fields: [kind.id, kind.to],
            heads: [
                say("Chọn", "Choose"),
                say("Tên", "Name"),
                say("Đơn vị cũ", "Was in"),
                say("Chuyển đến", "Goes to"),
            ],
            rows,
            units,
            send: say("Chuyển các mục đã chọn", "Move what is chosen"),
            next: next.map(|next| format!("/desk/{}?after={next}", kind.path)),
            desk,
        };
        let html = page.render().map_err(Error::internal)?;
        Ok(Rendered { status, html, frame })
    });
    Ok(page.await?.response())
}

/// The units of today to which something can go, by code and name.
fn units(work: &mut Work, kind: &Kind, today: Day) -> Result<Vec<(String, String)>> {
    let mut units = Vec::new();
    for level in kind.levels {
        let filter = UnitFilter { level: Some(*level), limit: 1000, ..Default::default() };
        let found = place::store::list(work.connection, today, &filter)?;
        units.extend(found.into_iter().map(|unit| (unit.code.to_string(), unit.name)));
    }
    Ok(units)
}

fn row(
    kind: &Kind,
    place: usize,
    displaced: Displaced,
    refused: Option<&Refused>,
    (places, today): (&Places, Day),
    language: Language,
) -> Row {
    let Displaced { id, version, name, address, was, told, successors, successor } = displaced;
    // What was typed for it, wherever it stood then.
    let sent = refused.and_then(|refused| {
        let (field, _) = refused.typed.fields().find(|(field, held)| field.starts_with(OF) && *held == id)?;
        Some((refused, field.strip_prefix(OF)?.to_owned()))
    });
    let typed = sent.as_ref().and_then(|(refused, row)| refused.typed.value(&format!("items.{row}.{}", kind.to)));
    let typed = typed.map(str::to_owned);
    let is_chosen = match (&sent, refused) {
        (Some((refused, row)), _) => refused.typed.value(&format!("items.{row}.{}", kind.id)).is_some(),
        (None, Some(_)) => false,
        // Where there is one way to go, it is chosen.
        (None, None) => successor.is_some(),
    };
    let chosen = typed.clone().or_else(|| successor.as_ref().map(ToString::to_string)).unwrap_or_default();
    let choices = successors.iter().map(|code| {
        let is_it = code.as_str() == chosen;
        (code.to_string(), places.name(code, today), is_it)
    });
    let faults = refused.map(|refused| faults(kind, refused, &id, language)).unwrap_or_default();
    let labels = [
        format!("{}: {name}", said(language, label("Chọn", "Choose"))),
        format!("{}: {name}", said(language, label("Chuyển đến", "Goes to"))),
    ];
    let choices = choices.collect();
    Row { place, id, version, name, address, was, told, is_chosen, choices, typed: chosen, faults, labels }
}

/// What refused an item of the order.
fn faults(kind: &Kind, refused: &Refused, id: &str, language: Language) -> Vec<String> {
    let items = refused.meant.body.get("items").and_then(|items| items.as_array());
    let at =
        items.and_then(|items| items.iter().position(|item| item.get(kind.id).and_then(|of| of.as_str()) == Some(id)));
    let Some(at) = at else { return Vec::new() };
    let place = format!("/items/{at}");
    let is_its =
        |pointer: &str| pointer.strip_prefix(&place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let told = |fault: &crate::base::Fault| match is_of_shape(fault) {
        true => said(language, CHOOSE_UNIT).to_owned(),
        false => language.pick(better_told(fault.code, None).as_ref().unwrap_or(&fault.detail)).to_owned(),
    };
    refused.refusal.faults.iter().filter(|fault| is_its(&fault.pointer)).map(told).collect()
}

const CHOOSE_UNIT: Label = label("Xin chọn đơn vị hiện có.", "Please choose a unit of today.");
const NOTHING_DONE: Label =
    label("Chưa mục nào được chuyển. Xin xem từng mục dưới đây.", "Nothing was moved. Please look at each line below.");
const NOTHING_CHOSEN: Label = label("Xin chọn ít nhất một mục.", "Please choose at least one.");

fn wrong(refused: &Refused, rows: &[Row], language: Language) -> Vec<Wrong> {
    let of_rows = rows.iter().flat_map(|row| {
        let field = Some(format!("items-{}", row.place));
        row.faults.iter().map(move |fault| Wrong { text: format!("{}: {fault}", row.name), field: field.clone() })
    });
    let mut wrong: Vec<Wrong> = of_rows.collect();
    let first = match refused.refusal.faults.iter().any(|fault| fault.pointer == "/items") {
        true => NOTHING_CHOSEN,
        false => NOTHING_DONE,
    };
    wrong.insert(0, Wrong { text: said(language, first).to_owned(), field: None });
    wrong
}
