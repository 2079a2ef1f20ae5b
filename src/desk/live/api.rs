//! `/desk/agenda-items/{id}/live`, its events, and `…/hall`.

use std::time::Duration;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, REFRESH};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream;

use crate::base::id::AgendaItemId;
use crate::desk::arrival::DeskAnswer;
use crate::desk::live::{hall, room};
use crate::desk::page::AroundPage;
use crate::desk::visit::{DeskVisit, enter};
use crate::http::{PathParam, Problem};
use crate::page::fresh_saving;

/// Each so many seconds a room is told whether it is still the same, always: that nothing came tells nothing either.
const BEAT: Duration = Duration::from_secs(2);
/// Each so many seconds the hall's screen loads itself anew.
const RENEWED: &str = "10";
/// After so many beats the browser asks again, by which an ended sign-in is found, and a server that stops is not held up.
const BEATS: u32 = 4;

/// `GET /desk/agenda-items/{id}/live`.
pub async fn show(request: HttpRequest, body: web::Payload, id: PathParam<AgendaItemId>) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let id = id.get()?;
        let done = visit.caller.request.query().take::<String>("done");
        let frame = visit.frame(&format!("/desk/agenda-items/{id}/live"));
        let page = visit
            .look("agenda-items", move |work, desk| room::page(work, AroundPage { frame, desk }, id, done))
            .await?;
        Ok(fresh_saving(&page.frame, page.status, page.html))
    })
    .await
}

/// `GET /desk/agenda-items/{id}/hall`.
pub async fn hall(request: HttpRequest, body: web::Payload, id: PathParam<AgendaItemId>) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let id = id.get()?;
        let frame = visit.frame(&format!("/desk/agenda-items/{id}/hall"));
        let page = visit.look("agenda-items", move |work, desk| hall::page(work, AroundPage { frame, desk }, id));
        let mut response = page.await?.response();
        response.headers_mut().insert(REFRESH, HeaderValue::from_static(RENEWED));
        Ok(response)
    })
    .await
}

/// `GET /desk/agenda-items/{id}/live/events`: at each beat, what tells whether the room is still the same.
pub async fn follow(request: HttpRequest, body: web::Payload, id: PathParam<AgendaItemId>) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let id = id.get()?;
        // What is refused is refused before anything is sent.
        seen(&visit, id).await?;
        let beats = stream::unfold((visit, 0u32), move |(visit, beat)| async move {
            if beat == BEATS {
                return None;
            }
            if beat > 0 {
                actix_web::rt::time::sleep(BEAT).await;
            }
            let seen = seen(&visit, id).await.ok()?;
            let event = Bytes::from(format!("retry: {}\ndata: {seen}\n\n", BEAT.as_millis()));
            Some((Ok::<_, actix_web::Error>(event), (visit, beat.saturating_add(1))))
        });
        Ok(HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, "text/event-stream"))
            .insert_header((CACHE_CONTROL, "no-store"))
            // Packed, it would wait for more.
            .insert_header((CONTENT_ENCODING, "identity"))
            .streaming(beats))
    })
    .await
}

async fn seen(visit: &DeskVisit, id: AgendaItemId) -> Result<String, Problem> {
    visit.look("agenda-items", move |work, _| room::room(work, id)?.seen()).await
}
