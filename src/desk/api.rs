//! `/desk/<resource>`: what the desk answers for any kind of thing.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::{HttpRequest, web};
use serde::Deserialize;
use serde_json::Value;

use crate::account::Upload;
use crate::base::{Error, Kind};
use crate::desk::arrival::{DeskAnswer, see_other};
use crate::desk::asked::ListAsked;
use crate::desk::counter::Counter;
use crate::desk::forgery::{self, Reader};
use crate::desk::form::Refused;
use crate::desk::kinds;
use crate::desk::list;
use crate::desk::page::{self, AroundPage, Said};
use crate::desk::table::{self, TableKind};
use crate::desk::typed::{AND, Typed};
use crate::desk::visit::{DeskVisit, enter, enter_with_file, unknown};
use crate::files::Fields;
use crate::http::pace;
use crate::http::{Answer, PathParam, PathParts, Problem, Request};

/// The thing in a path, and the step to be taken with it.
#[derive(Debug, Deserialize)]
pub struct ThingPath {
    resource: String,
    id: String,
}

#[derive(Debug, Deserialize)]
pub struct StepPath {
    resource: String,
    id: String,
    verb: String,
}

fn counter(resource: &str) -> Result<&'static dyn Counter, Problem> {
    kinds::find(resource).ok_or_else(unknown)
}

/// `GET /desk/<resource>`, also as a table (`.xlsx`, `.csv`).
pub async fn list(request: HttpRequest, body: web::Payload, resource: PathParam<String>) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let resource = resource.get()?;
        for kind in TableKind::ALL {
            if let Some(resource) = resource.strip_suffix(kind.suffix()) {
                return table(&visit, counter(resource)?, kind).await;
            }
        }
        let counter = counter(&resource)?;
        let asked = ListAsked::read(counter, visit.caller.request.query_text());
        let frame = visit.frame("");
        let page = visit.look(counter.path(), move |work, desk| {
            list::list(work, AroundPage { frame, desk }, counter, &asked, None)
        });
        Ok(page.await?.response())
    })
    .await
}

async fn table(visit: &DeskVisit, counter: &'static dyn Counter, kind: TableKind) -> DeskAnswer {
    let (asked, language) = (ListAsked::read(counter, visit.caller.request.query_text()), visit.language());
    let table = visit.look(counter.path(), move |work, _| table::table(work, language, counter, &asked, kind)).await?;
    Ok(table::sent(&counter.path().replace('/', "-"), kind, table))
}

/// `GET /desk/<resource>/{id}`, and the form of a new one at `/new`.
pub async fn read(request: HttpRequest, body: web::Payload, path: PathParts<ThingPath>) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let ThingPath { resource, id } = path.get()?;
        let counter = counter(&resource)?;
        if id == "new" {
            return blank(&visit, counter, Said::default()).await;
        }
        let done = visit.caller.request.query().take::<String>("done");
        shown(&visit, counter, id, Said { done, ..Said::default() }).await
    })
    .await
}

async fn blank(visit: &DeskVisit, counter: &'static dyn Counter, said: Said) -> DeskAnswer {
    let making = counter.making().ok_or_else(unknown)?;
    let frame = visit.frame(&format!("/desk/{}/new", counter.path()));
    let query = visit.caller.request.query_text().to_owned();
    let page = visit.look(counter.path(), move |work, desk| {
        page::new(work, AroundPage { frame, desk }, counter, making, (&query, said))
    });
    Ok(page.await?.response())
}

async fn shown(visit: &DeskVisit, counter: &'static dyn Counter, id: String, said: Said) -> DeskAnswer {
    let frame = visit.frame(&format!("/desk/{}/{id}", counter.path()));
    let page =
        visit.look(counter.path(), move |work, desk| page::thing(work, AroundPage { frame, desk }, counter, &id, said));
    Ok(page.await?.response())
}

/// `POST /desk/<resource>`.
pub async fn create(request: HttpRequest, body: web::Payload, resource: PathParam<String>) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let counter = counter(&resource.get()?)?;
        let making = counter.making().ok_or_else(unknown)?;
        if visit.typed.asks_for_more() {
            return blank(&visit, counter, asked_again(&visit, "create")).await;
        }
        let meant = visit.meant(making.inputs);
        match making.step.make(visit.ordering(&meant.body)?).await {
            Ok(answer) => Ok(see_other(&made_at(&answer))),
            Err(Problem(error)) => {
                let refusal = refused_with_a_form(error)?;
                let refused = Refused { verb: "create".to_owned(), typed: visit.typed.clone(), meant, refusal };
                blank(&visit, counter, Said { refused: Some(refused), ..Said::default() }).await
            }
        }
    })
    .await
}

/// The thing, or the page of it where the step was taken.
fn after(resource: &str, id: &str, then: Option<&str>, verb: &str) -> String {
    let is_plain = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'.' | b'-' | b'/');
    let within = then
        .filter(|then| !then.is_empty() && then.bytes().all(is_plain) && !then.contains("..") && !then.contains("//"));
    match within {
        Some(within) => format!("/desk/{resource}/{id}/{}?done={verb}", within.trim_start_matches('/')),
        None => format!("/desk/{resource}/{id}?done={verb}"),
    }
}

/// The same form as it was typed: nothing is ordered.
fn asked_again(visit: &DeskVisit, verb: &str) -> Said {
    Said { drafted: Some((verb.to_owned(), visit.typed.clone())), ..Said::default() }
}

/// The page of what was made.
pub fn made_at(answer: &Answer) -> String {
    let location = answer.location().unwrap_or_default();
    let mark = if location.contains('?') { '&' } else { '?' };
    format!("/desk{}{mark}done=create", location.strip_prefix("/api/v1").unwrap_or_default())
}

/// `POST /desk/<resource>/{id}/<verb>`.
pub async fn take(request: HttpRequest, body: web::Payload, path: PathParts<StepPath>) -> DeskAnswer {
    if Request::without_body(&request).is_upload() {
        return receive(request, body, path).await;
    }
    enter(&request, body, async |visit| {
        let StepPath { resource, id, verb } = path.get()?;
        let counter = counter(&resource)?;
        let inputs = counter.inputs(&verb).ok_or_else(unknown)?;
        if visit.typed.asks_for_more() {
            return shown(&visit, counter, id, asked_again(&visit, &verb)).await;
        }
        let meant = visit.meant(inputs);
        let hands_in = visit.typed.value(AND) == Some(page::SUBMIT) && verb != page::SUBMIT;
        let ordering = if hands_in { visit.ordering_before(&meant.body)? } else { visit.ordering(&meant.body)? };
        let pressed = counter.press(ordering, &id, &verb).ok_or_else(unknown)?;
        match pressed.await {
            // What is told once stands on this page and on no other.
            Ok(answer) if counter.tells(&verb) => {
                let told = answer.body().and_then(Value::as_str).map(str::to_owned);
                shown(&visit, counter, id, Said { done: Some(verb), told, ..Said::default() }).await
            }
            // What it made has a page of its own.
            Ok(answer) if answer.location().is_some() => Ok(see_other(&made_at(&answer))),
            Ok(_) if hands_in => handed_in(&visit, counter, resource, id).await,
            Ok(_) => Ok(see_other(&after(&resource, &id, visit.typed.value("then"), &verb))),
            Err(Problem(error)) => {
                let refusal = refused_with_a_form(error)?;
                let refused = Refused { verb, typed: visit.typed.clone(), meant, refusal };
                shown(&visit, counter, id, Said { refused: Some(refused), ..Said::default() }).await
            }
        }
    })
    .await
}

/// What was just changed is handed in with the same press; where that is refused, the change stays.
async fn handed_in(visit: &DeskVisit, counter: &'static dyn Counter, resource: String, id: String) -> DeskAnswer {
    let pressed = counter.press(visit.ordering_after()?, &id, page::SUBMIT).ok_or_else(unknown)?;
    match pressed.await {
        Ok(_) => Ok(see_other(&after(&resource, &id, None, page::SUBMIT))),
        Err(Problem(error)) => {
            let refusal = refused_with_a_form(error)?;
            let meant = Typed::default().meant(&[]);
            let refused = Refused { verb: page::SUBMIT.to_owned(), typed: Typed::default(), meant, refusal };
            shown(visit, counter, id, Said { refused: Some(refused), ..Said::default() }).await
        }
    }
}

/// A step whose form has a file.
async fn receive(request: HttpRequest, body: web::Payload, path: PathParts<StepPath>) -> DeskAnswer {
    enter_with_file(&request, async |visit| {
        let StepPath { resource, id, verb } = path.get()?;
        let counter = counter(&resource)?;
        let inputs = counter.inputs(&verb).ok_or_else(unknown)?;
        // What came before a file that is refused is not lost with it.
        let read_so_far = Arc::new(Mutex::new(Fields::new()));
        let (reader, keys, kept) =
            (Reader::Account(visit.signed_in.account), visit.caller.app.keys.clone(), Arc::clone(&read_so_far));
        let read = move |fields: &Fields| {
            reader.must_have_sent(&keys, fields.get(forgery::FIELD).map(String::as_str))?;
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = fields.clone();
            Ok(texts(typed(fields).meant(inputs).body))
        };
        let multipart = pace::parts(&request, body.into_inner());
        let upload = Upload::of_page(visit.caller.clone(), multipart, Box::new(read));
        let received = counter.receive(upload, &id, &verb).ok_or_else(unknown)?;
        match received.await {
            Ok(_) => Ok(see_other(&format!("/desk/{resource}/{id}?done={verb}"))),
            Err(Problem(Error::Refused(refusal))) if is_told_beside_a_file(refusal.kind) => {
                let typed = typed(&read_so_far.lock().unwrap_or_else(PoisonError::into_inner));
                let meant = typed.meant(inputs);
                let refused = Refused { verb, typed, meant, refusal: *refusal };
                shown(&visit, counter, id, Said { refused: Some(refused), ..Said::default() }).await
            }
            Err(problem) => Err(problem),
        }
    })
    .await
}

pub fn typed(fields: &Fields) -> Typed {
    Typed::new(fields.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// The fields that a form with a file says: texts, as it is read.
fn texts(body: Value) -> Fields {
    let Value::Object(members) = body else { return Fields::new() };
    members.into_iter().filter_map(|(name, value)| Some((name, value.as_str()?.to_owned()))).collect()
}

pub fn is_told_beside_a_file(kind: Kind) -> bool {
    matches!(kind, Kind::Invalid | Kind::Conflict | Kind::Stale | Kind::TooLarge | Kind::UnsupportedMedia)
}

/// `GET` of what is nowhere on the desk.
pub async fn nowhere(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    enter(&request, body, async |_| Err(unknown())).await
}

/// What is told beside the form; anything else is a page of its own.
pub fn refused_with_a_form(error: Error) -> Result<crate::base::Refusal, Problem> {
    match error {
        Error::Refused(refusal) if matches!(refusal.kind, Kind::Invalid | Kind::Conflict | Kind::Stale) => Ok(*refusal),
        error => Err(Problem(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_led_on_within_the_thing_only() {
        let led = |then: &str| after("dossiers", "x", Some(then), "turn-document");
        assert_eq!(led("criteria/1.1"), "/desk/dossiers/x/criteria/1.1?done=turn-document");
        for foreign in ["", "../../accounts", "//evil.example", "a b", "a?b", "a#b", "http:evil"] {
            assert_eq!(led(foreign), "/desk/dossiers/x?done=turn-document", "{foreign}");
        }
    }
}
