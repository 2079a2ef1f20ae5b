//! How feeds are answered: they may be kept for five minutes, and are sent again only where they have changed.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HttpDate, LAST_MODIFIED, X_CONTENT_TYPE_OPTIONS};
use actix_web::{HttpResponse, HttpResponseBuilder};
use chrono::SubsecRound;

use crate::base::Moment;
use crate::http::Request;
use crate::page::tag::weak_tag;

const KEPT: &str = "public, max-age=300";

/// All of the answer (304) to an asker who has what the tag names.
pub fn known(request: &Request, tag: &str) -> Option<HttpResponse> {
    request.has_tag(tag).then(|| not_modified(tag))
}

fn not_modified(tag: &str) -> HttpResponse {
    HttpResponse::NotModified().insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, KEPT)).finish()
}

/// The head of an answer to anybody else.
pub fn head(media: &str, tag: &str) -> HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response
        .insert_header((ETAG, tag))
        .insert_header((CACHE_CONTROL, KEPT))
        .insert_header((CONTENT_TYPE, media))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"));
    response
}

/// A document that is at hand.
pub fn whole(request: &Request, media: &str, document: String, changed: Option<Moment>) -> HttpResponse {
    let tag = weak_tag(document.as_bytes());
    // As it is written: in whole seconds.
    let changed = changed.map(|changed| HttpDate::from(std::time::SystemTime::from(changed.utc().trunc_subsecs(0))));
    if request.has_tag(&tag) || changed.is_some_and(|changed| request.has_since(changed)) {
        return not_modified(&tag);
    }
    let mut response = head(media, &tag);
    if let Some(changed) = changed {
        response.insert_header((LAST_MODIFIED, changed));
    }
    response.body(document)
}
