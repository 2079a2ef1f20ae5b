//! `/desk/agenda-items/{id}/sheet`: reading, saving and handing in one's own sheet, as a page and for the page's script.

use actix_web::{HttpRequest, Responder, web};
use serde::Deserialize;
use serde_json::json;

use crate::base::Error;
use crate::base::id::AgendaItemId;
use crate::desk::api::refused_with_a_form;
use crate::desk::arrival::{DeskAnswer, see_other};
use crate::desk::page::AroundPage;
use crate::desk::sheet::page::{self, Around, Told};
use crate::desk::sheet::sent::Sent;
use crate::desk::sheet::turned::{self, Turned};
use crate::desk::visit::{DeskVisit, enter, unknown};
use crate::http::{Answer, PathParam, PathParts, Problem};
use crate::rating::OwnSheet;
use crate::rating::scoring::steps::{SUBMIT, WITHDRAW, WRITE};
use crate::station::{Described, Form, Note, Verb};

/// A step with the sheet of an item.
#[derive(Debug, Deserialize)]
pub struct StepPath {
    id: AgendaItemId,
    verb: String,
}

fn address(id: AgendaItemId) -> String {
    format!("/desk/agenda-items/{id}/sheet")
}

/// `GET /desk/agenda-items/{id}/sheet`.
pub async fn show(request: HttpRequest, body: web::Payload, id: PathParam<AgendaItemId>) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let done = visit.caller.request.query().take::<String>("done");
        shown(&visit, id.get()?, Told { done, ..Told::default() }).await
    })
    .await
}

async fn shown(visit: &DeskVisit, id: AgendaItemId, told: Told) -> DeskAnswer {
    let frame = visit.frame(&address(id));
    let page = visit.look("agenda-items", move |work, desk| page::page(work, AroundPage { frame, desk }, id, told));
    Ok(page.await?.response())
}

/// `POST /desk/agenda-items/{id}/sheet`: saves the marks. A page is led on; the page's script is answered as a program is.
pub async fn write(request: HttpRequest, body: web::Payload, id: PathParam<AgendaItemId>) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let id = id.get()?;
        let sent = Sent::read(&visit.typed);
        match saved(&visit, id, &sent).await {
            Ok(_) if visit.caller.request.wants_page => Ok(see_other(&done(id, &WRITE, visit.typed.value("then")))),
            Ok(answer) => Ok(answer.respond_to(&request)),
            Err(problem) => refused(&visit, id, Described::name(&WRITE), sent, problem).await,
        }
    })
    .await
}

/// `POST /desk/agenda-items/{id}/sheet/<verb>`: hands the sheet in, with what stands on the page, or takes it back.
pub async fn take(request: HttpRequest, body: web::Payload, path: PathParts<StepPath>) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let StepPath { id, verb } = path.get()?;
        let verb =
            [&SUBMIT, &WITHDRAW].into_iter().find(|known| Described::name(*known) == verb).ok_or_else(unknown)?;
        let sent = Sent::read(&visit.typed);
        match taken(&visit, id, verb, &sent).await {
            Ok(_) => Ok(see_other(&done(id, verb, None))),
            Err(problem) => refused(&visit, id, Described::name(verb), sent, problem).await,
        }
    })
    .await
}

/// Where one is led to after a step.
fn done<B: Form>(id: AgendaItemId, verb: &Verb<OwnSheet, B>, part: Option<&str>) -> String {
    let is_part = |part: &&str| part.bytes().all(|letter| letter.is_ascii_alphanumeric());
    let part = part.filter(|part| !part.is_empty()).filter(is_part).map(|part| format!("#part-{part}"));
    format!("{}?done={}{}", address(id), Described::name(verb), part.unwrap_or_default())
}

/// Writes the sheet as the form says it.
async fn saved(visit: &DeskVisit, id: AgendaItemId, sent: &Sent) -> Result<Answer, Problem> {
    let documents = visit.look("agenda-items", move |work, _| Ok(Around::find(work, id)?.documents())).await?;
    visit.ordering(&sent.body(&documents))?.take(&WRITE, PathParam::of(&id.to_string())).await
}

/// Takes a step with the sheet. What stands on the page and is not saved yet is saved first, as a step of its own: it stays
/// saved where the sheet cannot be handed in yet.
async fn taken(
    visit: &DeskVisit,
    id: AgendaItemId,
    verb: &'static Verb<OwnSheet, Note>,
    sent: &Sent,
) -> Result<Answer, Problem> {
    let key = PathParam::of(&id.to_string());
    if !sent.has_marks {
        return visit.ordering(&json!({}))?.take(verb, key).await;
    }
    let look = visit.look("agenda-items", move |work, _| {
        let around = Around::find(work, id)?;
        let kept = json!({"marks": around.own.marks(), "gate": around.own.gate()});
        Ok((kept, around.documents()))
    });
    let (kept, documents) = look.await?;
    let body = sent.body(&documents);
    if body == kept {
        return visit.ordering(&json!({}))?.take(verb, key).await;
    }
    visit.ordering_before(&body)?.take(&WRITE, key.clone()).await?;
    visit.ordering_after()?.take(verb, key).await
}

/// The page as it is now with what was typed; the script is told in the same words.
async fn refused(visit: &DeskVisit, id: AgendaItemId, verb: &'static str, sent: Sent, problem: Problem) -> DeskAnswer {
    let refusal = refused_with_a_form(problem.0)?;
    if visit.caller.request.wants_page {
        return shown(visit, id, Told { refused: Some(Turned { verb, sent, refusal }), done: None }).await;
    }
    let told =
        visit.look("agenda-items", move |work, _| Ok(turned::in_words(&Around::find(work, id)?.own, refusal))).await?;
    Err(Problem(Error::Refused(Box::new(told))))
}
