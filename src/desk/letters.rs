//! `/desk/dispatches`: letters under which several things go on at once; they are sent from the page of a list.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use crate::account::Work;
use crate::base::id::{AgendaItemId, DispatchId, IdeaId};
use crate::base::{Error, Kind, Result};
use crate::decision::dispatch;
use crate::decision::dispatch_store::Dispatch;
use crate::desk::api::made_at;
use crate::desk::arrival::{DeskAnswer, see_other};
use crate::desk::asked::ListAsked;
use crate::desk::counter::Counter;
use crate::desk::form::Refused;
use crate::desk::frame::{Desk, LETTERS};
use crate::desk::kinds;
use crate::desk::list::{self, ITEMS, LETTER, kind_of};
use crate::desk::page::{AroundPage, Rendered};
use crate::desk::visit::{DeskVisit, enter, unknown};
use crate::desk::words::said;
use crate::http::{Language, PathParam, Problem, Query};
use crate::page::Frame;
use crate::page::words::{day, moment};
use crate::place::names::Places;
use crate::station::label;
use crate::{account, idea, place, rating};

/// `POST /desk/dispatches`, from the page of a list.
pub async fn send(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let from = visit.typed.value("next").unwrap_or_default().to_owned();
        let (path, query) = from.split_once('?').unwrap_or((&from, ""));
        let counter = path.strip_prefix("/desk/").and_then(kinds::find).ok_or_else(unknown)?;
        let meant = visit.meant(&[LETTER, &[ITEMS]].concat());
        match dispatch::ordered(visit.ordering(&meant.body)?).await {
            Ok(answer) => Ok(see_other(&made_at(&answer))),
            Err(Problem(Error::Refused(refusal)))
                if matches!(refusal.kind, Kind::Invalid | Kind::Conflict | Kind::Stale) =>
            {
                let refused =
                    Refused { verb: "letter".to_owned(), typed: visit.typed.clone(), meant, refusal: *refusal };
                again(&visit, counter, query, refused).await
            }
            Err(problem) => Err(problem),
        }
    })
    .await
}

/// The list again, with what refused the letter.
async fn again(visit: &DeskVisit, counter: &'static dyn Counter, query: &str, refused: Refused) -> DeskAnswer {
    let asked = ListAsked::read(counter, query);
    let frame = visit.frame(&format!("/desk/{}", counter.path()));
    let page = visit.look(counter.path(), move |work, desk| {
        list::list(work, AroundPage { frame, desk }, counter, &asked, Some(refused))
    });
    Ok(page.await?.response())
}

#[derive(Template)]
#[template(path = "desk/letters.html")]
struct LettersPage<'a> {
    frame: &'a Frame,
    desk: Desk,
    title: &'static str,
    about: &'static str,
    heads: [&'static str; 5],
    rows: Vec<Row>,
    next: Option<String>,
}

struct Row {
    address: String,
    number: String,
    cells: [String; 4],
}

/// `GET /desk/dispatches`.
pub async fn list(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let (frame, language) = (visit.frame("/desk/dispatches"), visit.language());
        let query = visit.caller.request.query_text().to_owned();
        let page = visit.look("dispatches", move |work, desk| {
            let (found, next) = dispatch::readable(work, Query::parse(&query))?;
            let say = |vi, en| said(language, label(vi, en));
            let places = place::store::places(work.connection)?;
            let rows = found.iter().map(|dispatch| row(&places, dispatch, language)).collect();
            let page = LettersPage {
                frame: &frame,
                title: said(language, LETTERS),
                about: say(
                    "Công văn gửi nhiều mục cùng lúc: chọn trong danh sách ý tưởng rồi gửi.",
                    "Letters that send several things at once: choose them in the list of ideas.",
                ),
                heads: [
                    say("Số", "Number"),
                    say("Ngày", "Day"),
                    say("Việc", "What was done"),
                    say("Đơn vị", "Unit"),
                    say("Số mục", "Items"),
                ],
                rows,
                next: next.map(|next| format!("/desk/dispatches?after={next}")),
                desk,
            };
            let html = page.render().map_err(Error::internal)?;
            Ok(Rendered { status: StatusCode::OK, html, frame })
        });
        Ok(page.await?.response())
    })
    .await
}

fn told(dispatch: &Dispatch, language: Language) -> &'static str {
    let step = dispatch.verb.as_ref().replace('_', "-");
    let label = kinds::find(kind_of(dispatch.verb)).and_then(|counter| counter.label_of(&step));
    label.map(|label| said(language, label)).unwrap_or_default()
}

fn row(places: &Places, dispatch: &Dispatch, language: Language) -> Row {
    let unit = places.name(&dispatch.unit_code, dispatch.letter_date);
    Row {
        address: format!("/desk/dispatches/{}", dispatch.id),
        number: dispatch.letter_number.clone(),
        cells: [
            day(language, dispatch.letter_date),
            told(dispatch, language).to_owned(),
            unit,
            dispatch.items.0.len().to_string(),
        ],
    }
}

#[derive(Template)]
#[template(path = "desk/letter.html")]
struct LetterPage<'a> {
    frame: &'a Frame,
    desk: Desk,
    title: String,
    list: (&'static str, &'static str),
    done: Option<&'static str>,
    facts: Vec<(&'static str, String)>,
    items_title: String,
    items: Vec<(String, String)>,
}

/// `GET /desk/dispatches/{id}`.
pub async fn read(request: HttpRequest, body: web::Payload, id: PathParam<DispatchId>) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let id = id.get()?;
        let (frame, language) = (visit.frame(&format!("/desk/dispatches/{id}")), visit.language());
        let is_done = visit.caller.request.query().take::<String>("done").is_some();
        let page = visit.look("dispatches", move |work, desk| {
            let dispatch = dispatch::found(work, id)?;
            let say = |vi, en| said(language, label(vi, en));
            let Row { number, cells: [dated, what, unit, count], .. } =
                row(&place::store::places(work.connection)?, &dispatch, language);
            let sender = account::store::find(work.connection, dispatch.account_id)?.map(|account| account.name);
            let page = LetterPage {
                frame: &frame,
                title: format!("{} {number}", say("Công văn số", "Letter")),
                list: ("/desk/dispatches", said(language, LETTERS)),
                done: is_done
                    .then(|| say("Công văn đã được ghi nhận; mọi mục đã được thực hiện.", "Done for all items.")),
                facts: vec![
                    (say("Việc", "What was done"), what),
                    (say("Ngày công văn", "Day of the letter"), dated),
                    (say("Đơn vị gửi", "Sent by"), unit),
                    (say("Người ghi", "Entered by"), sender.unwrap_or_default()),
                    (say("Lúc", "At"), moment(language, dispatch.created_at)),
                ],
                items_title: format!("{}: {count}", say("Các mục", "Items")),
                items: items(work, &dispatch)?,
                desk,
            };
            let html = page.render().map_err(Error::internal)?;
            Ok(Rendered { status: StatusCode::OK, html, frame })
        });
        Ok(page.await?.response())
    })
    .await
}

/// What went on under a letter: its page on the desk, its name.
fn items(work: &mut Work, dispatch: &Dispatch) -> Result<Vec<(String, String)>> {
    let kind = kind_of(dispatch.verb);
    let ids: Vec<_> = dispatch.items.0.iter().map(|item| item.id.uuid()).collect();
    let names: BTreeMap<_, String> = if kind == "ideas" {
        let ideas: Vec<IdeaId> = ids.iter().copied().map(IdeaId::from_uuid).collect();
        let names = idea::store::product_names(work.connection, &ideas)?;
        names.into_iter().map(|(id, name)| (id.uuid(), name)).collect()
    } else {
        let items: Vec<AgendaItemId> = ids.iter().copied().map(AgendaItemId::from_uuid).collect();
        let names = rating::item::store::names(work.connection, &items)?;
        names.into_iter().map(|(id, names)| (id.uuid(), names.product_name)).collect()
    };
    let item = |id| (format!("/desk/{kind}/{id}"), names.get(&id).cloned().unwrap_or_default());
    Ok(ids.into_iter().map(item).collect())
}
