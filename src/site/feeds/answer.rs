//! How feeds are answered: they may be kept for five minutes, and are sent again only where they have changed.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HttpDate, LAST_MODIFIED};
use actix_web::{HttpResponse, HttpResponseBuilder};
use sha2::{Digest, Sha256};

use crate::base::Moment;
use crate::http::Request;

const KEPT: &str = "public, max-age=300";

/// The tag of what is told: weak, as it goes out compressed or not.
pub fn tag(told: impl AsRef<[u8]>) -> String {
    let digest = Sha256::digest(told);
    let digits: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("W/\"{digits}\"")
}

/// The head of an answer, or all of it (304) where the asker has it.
pub fn head(request: &Request, media: &str, tag: &str) -> Result<HttpResponseBuilder, HttpResponse> {
    let is_known = request.if_none_match.as_deref().is_some_and(|known| names(known, tag));
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

/// Whether `If-None-Match` names the tag; for this a weak tag is as good as a strong one.
fn names(known: &str, tag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    known.trim() == "*" || known.split(',').any(|known| bare(known) == bare(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_in_any_spelling_of_the_header() {
        let tag = tag("x");
        let strong = tag.trim_start_matches("W/").to_owned();
        for known in [tag.clone(), strong, format!("\"other\", {tag}"), "*".into()] {
            assert!(names(&known, &tag), "{known}");
        }
        for known in ["", "\"other\"", "W/"] {
            assert!(!names(known, &tag), "{known}");
        }
        assert_ne!(tag, super::tag("y"));
    }
}
