//! `/changes`: asked again and again, or as a stream of events.

use std::time::Duration;

use actix_web::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, Responder, get};
use futures_util::stream;

use crate::account::Caller;
use crate::base::Error;
use crate::change::follow::{Changes, changes};
use crate::change::streams::OpenStream;
use crate::http::{Answer, Problem, Refusals};

/// Each so many seconds a stream tells what changed, or that nothing did, always: the rhythm tells nothing either.
const BEAT: Duration = Duration::from_secs(2);
/// After so many beats the client asks again, by which a server that stops is not held up.
const BEATS: u32 = 30;
/// By which a client that was cut off says where it was (the events of HTML).
const LAST_EVENT: &str = "last-event-id";
const EVENTS: &str = "text/event-stream";

/// What changed of what one may see, behind a position: who asks without `after` is told the position of now, reads what is
/// there, and follows from it. Where `Accept` names `text/event-stream` it is a stream of the same answers as events, each with
/// its position as id; it ends by itself within a minute or with the token, and a client goes on by `Last-Event-ID`.
#[utoipa::path(
    tag = "tasks",
    params(
        ("after" = Option<String>, Query, description = "The `next` of the answer before"),
        ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event of the stream that was cut off"),
    ),
    responses((status = 200, content((Changes = "application/json"), (String = "text/event-stream"))), Refusals)
)]
#[get("/changes")]
pub async fn follow(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.request.query();
    let wants_events = wants_events(&request);
    let last = request.headers().get(LAST_EVENT).and_then(|value| value.to_str().ok()).map(str::to_owned);
    // What is refused is refused before anything is sent.
    let (account, first) = caller
        .look(move |work| {
            let asked: Option<String> = query.take("after");
            query.finish()?;
            let after = if wants_events { last.or(asked) } else { asked };
            Ok((work.actor.id, changes(work, after.as_deref())?))
        })
        .await?;
    if !wants_events {
        return Ok(Answer::ok(first)?.respond_to(&request));
    }
    let open = OpenStream::begin(account)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, EVENTS))
        .insert_header((CACHE_CONTROL, "no-store"))
        // Packed, it would wait for more.
        .insert_header((CONTENT_ENCODING, "identity"))
        .streaming(events(caller, open, first)))
}

fn wants_events(request: &HttpRequest) -> bool {
    let accepted = request.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok());
    let mut media = accepted.flat_map(|value| value.split(',')).filter_map(|range| range.split(';').next());
    media.any(|media| media.trim().eq_ignore_ascii_case(EVENTS))
}

/// The answers as events. The first is there already; each later one asks anew who asks, so that an ended account, sign-in or
/// token ends the stream.
fn events(
    caller: Caller,
    open: OpenStream,
    first: Changes,
) -> impl stream::Stream<Item = Result<Bytes, actix_web::Error>> {
    let position = first.next().to_owned();
    stream::unfold((caller, open, Some(first), position, 0u32), |(caller, open, first, position, beat)| async move {
        if beat == BEATS {
            return None;
        }
        let told = match first {
            Some(first) => first,
            None => {
                let after = position.clone();
                caller.look(move |work| changes(work, Some(&after))).await.ok()?
            }
        };
        let position = told.next().to_owned();
        let event = event(&told, beat == 0).ok()?;
        // What is there already is not waited for.
        let waited = if told.goes_on() { Duration::ZERO } else { BEAT };
        actix_web::rt::time::sleep(if beat == 0 { Duration::ZERO } else { waited }).await;
        Some((Ok(Bytes::from(event)), (caller, open, None, position, beat.saturating_add(1))))
    })
}

/// An event, or where nothing changed a comment that keeps the line open. The first one always tells its position.
fn event(told: &Changes, is_first: bool) -> Result<String, Error> {
    if told.is_empty() && !is_first {
        return Ok(": \n\n".to_owned());
    }
    let data = serde_json::to_string(told).map_err(Error::internal)?;
    Ok(format!("retry: {}\nid: {}\ndata: {data}\n\n", BEAT.as_millis(), told.next()))
}
