//! The one stylesheet of all pages, and the scripts of the desk: one of all its pages, one of a member's sheet, one of a visit. Their addresses name
//! their content, so that they are fetched once and never stale.

use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use actix_web::{HttpResponse, get};

use crate::base::Error;
use crate::http::{PathParam, Problem, Refusals};
use crate::page::tag::short_digest;

const STYLESHEET: &str = include_str!("../../templates/site.css");
const SCRIPT: &str = include_str!("../../templates/desk.js");
const SHEET_SCRIPT: &str = include_str!("../../templates/sheet.js");
const VISIT_SCRIPT: &str = include_str!("../../templates/visit.js");

/// A text that pages load.
struct Asset {
    address: String,
    media: &'static str,
    text: &'static str,
}

impl Asset {
    fn new(name: &str, ending: &str, media: &'static str, text: &'static str) -> Self {
        Self { address: format!("/assets/{name}-{}.{ending}", short_digest(text.as_bytes())), media, text }
    }
}

static STYLE_ASSET: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("site", "css", "text/css; charset=utf-8", STYLESHEET));
static SCRIPT_ASSET: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("desk", "js", "text/javascript; charset=utf-8", SCRIPT));
static SHEET_SCRIPT_ASSET: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("sheet", "js", "text/javascript; charset=utf-8", SHEET_SCRIPT));

static VISIT_SCRIPT_ASSET: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("visit", "js", "text/javascript; charset=utf-8", VISIT_SCRIPT));

/// Where the stylesheet of this build is.
pub fn address() -> &'static str {
    &STYLE_ASSET.address
}

/// Where the script of this build is, which pages of the desk alone may run.
pub fn script_address() -> &'static str {
    &SCRIPT_ASSET.address
}

/// Where the script of a member's sheet is, which that page alone runs.
pub fn sheet_script_address() -> &'static str {
    &SHEET_SCRIPT_ASSET.address
}

/// Where the script of a visit's forms is, which the page of an inspection alone runs.
pub fn visit_script_address() -> &'static str {
    &VISIT_SCRIPT_ASSET.address
}

/// The stylesheet of the pages, or the script of the desk's; their addresses change with their content.
#[utoipa::path(
    tag = "pages", security(()), responses((status = 200, body = String, content_type = "text/css"), Refusals)
)]
#[get("/assets/{name}")]
pub async fn stylesheet(name: PathParam<String>) -> Result<HttpResponse, Problem> {
    let asked = name.get()?;
    let known = [&*STYLE_ASSET, &*SCRIPT_ASSET, &*SHEET_SCRIPT_ASSET, &*VISIT_SCRIPT_ASSET];
    let asset = known.into_iter().find(|asset| asset.address.rsplit('/').next() == Some(asked.as_str()));
    let asset = asset.ok_or_else(Error::unknown)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, asset.media))
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(asset.text))
}
