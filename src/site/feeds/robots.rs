//! `/robots.txt`.

use actix_web::{HttpResponse, get};

use crate::http::{Problem, Refusals, Visitor};
use crate::site::feeds::answer;

/// Scans are people's and papers their holders'; of the API only the pictures that pages show are for search engines.
const RULES: &str = "User-agent: *
Allow: /api/v1/pictures/
Disallow: /api/
Disallow: /t/
Disallow: /T/
Disallow: /p/
Disallow: /P/
Disallow: /01/
";

/// What search engines may visit.
#[utoipa::path(
    tag = "pages", security(()), responses((status = 200, body = String, content_type = "text/plain"), Refusals)
)]
#[get("/robots.txt")]
pub async fn robots(visitor: Visitor) -> Result<HttpResponse, Problem> {
    let Visitor { app, request } = visitor;
    let document = format!("{RULES}\nSitemap: {}/sitemap.xml\n", app.public_url);
    Ok(answer::whole(&request, "text/plain; charset=utf-8", document, None))
}
