//! How feeds are answered: they may be kept for five minutes, and are sent again only where they have changed.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HttpDate, LAST_MODIFIED};
use actix_web::{HttpResponse, HttpResponseBuilder};

use crate::base::Moment;
use crate::http::Request;
use crate::page::answer::short_digest;

const KEPT: &str = "public, max-age=300";

/// The tag of what is told: weak, as it goes out compressed or not.
pub fn tag(told: impl AsRef<[u8]>) -> String {
    format!("W/\"{}\"", short_digest(told.as_ref()))
}

/// The head of an answer, or all of it (304) where the asker has it.
pub fn head(request: &Request, media: &str, tag: &str) -> Result<HttpResponseBuilder, HttpResponse> {
    let is_known = request.has_tag(tag);
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, KEPT));
    if is_known {
        return Err(response.finish());
    }
    response.insert_header((CONTENT_TYPE, media)).insert_header(("x-content-type-options", "nosniff"));
    Ok(response)
}

/// A document that is at hand.
pub fn whole(request: &Request, media: &str, document: String, changed: Option<Moment>) -> HttpResponse {
    match head(request, media, &tag(&document)) {
        Ok(mut response) => {
            if let Some(changed) = changed {
                response.insert_header((LAST_MODIFIED, HttpDate::from(std::time::SystemTime::from(changed.utc()))));
            }
            response.body(document)
        }
        Err(known) => known,
    }
}
