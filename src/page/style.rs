//! The one stylesheet of all pages. Its address names its content, so that it is fetched once and never stale.

use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use actix_web::{HttpResponse, get};

use crate::base::Error;
use crate::http::{PathParam, Problem, Refusals};
use crate::page::tag::short_digest;

const STYLESHEET: &str = include_str!("../../templates/site.css");

/// Where the stylesheet of this build is.
pub fn address() -> &'static str {
    static ADDRESS: LazyLock<String> = LazyLock::new(|| format!("/assets/{}", name()));
    &ADDRESS
}

fn name() -> String {
    format!("site-{}.css", short_digest(STYLESHEET.as_bytes()))
}

/// The stylesheet of the pages; its address changes with its content.
#[utoipa::path(
    tag = "pages", security(()), responses((status = 200, body = String, content_type = "text/css"), Refusals)
)]
#[get("/assets/{name}")]
pub async fn stylesheet(name: PathParam<String>) -> Result<HttpResponse, Problem> {
    let asked = name.get()?;
    if Some(asked.as_str()) != address().rsplit('/').next() {
        return Err(Error::unknown().into());
    }
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/css; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(STYLESHEET))
}
