//! `/sitemap.xml`: the pages that search engines should know.

use actix_web::{HttpResponse, get};
use askama::Template;

use crate::base::{Day, Error};
use crate::http::{Problem, Refusals, Visitor};
use crate::page::frame::PARTS;
use crate::site::feeds::answer;
use crate::site::feeds::store;
use crate::site::feeds::xml::Text;
use crate::site::{guides, structured};

/// A sitemap names at most 50,000 pages; a province has some hundred products, so the rest is not split over more files.
const MOST: i64 = 49_900;

#[derive(Template)]
#[template(path = "feeds/sitemap.xml")]
struct Sitemap {
    pages: Vec<Listed>,
}

struct Listed {
    address: Text,
    changed_on: Option<Day>,
}

/// The pages of the site, each product's with the day of its last change.
#[utoipa::path(
    tag = "pages", security(()), responses((status = 200, body = String, content_type = "application/xml"), Refusals)
)]
#[get("/sitemap.xml")]
pub async fn sitemap(visitor: Visitor) -> Result<HttpResponse, Problem> {
    let Visitor { app, request } = visitor;
    let today = app.clock.now().day();
    let public_url = app.public_url.clone();
    let document = app.database.read(move |connection| {
        let products = store::listed(connection, today, MOST)?;
        let parts = ["/"].into_iter().chain(PARTS.map(|part| part.address)).map(str::to_owned);
        let fixed = parts.chain(guides::addresses());
        let fixed = fixed.map(|path| Listed { address: Text::new(&format!("{public_url}{path}")), changed_on: None });
        let products = products.into_iter().map(|product| Listed {
            address: Text::new(&structured::address(&public_url, &product.code)),
            changed_on: Some(product.changed_on),
        });
        Sitemap { pages: fixed.chain(products).collect() }.render().map_err(Error::internal)
    });
    Ok(answer::whole(&request, "application/xml; charset=utf-8", document.await?, None))
}
