//! `/shops`: the points of sale that are open today, as a page.

use actix_web::{HttpResponse, get};
use askama::Template;

use crate::base::{Day, Error, Result, UnitCode};
use crate::db::AnyConnection;
use crate::http::{Problem, Refusals, Visitor};
use crate::page::{Frame, Section, kept, texts, words};
use crate::place::{self, Places};
use crate::shop::store::{self as shops, Shop, ShopFilter};
use crate::site::catalogue::store as catalogue;
use crate::site::form::{Asked, ChoiceGroup, LONGEST, Pages, unit_choices};
use crate::site::search::{Search, ranked};
use crate::station::Stretch;

const PATH: &str = "/shops";
/// More shops than any province has; all are read, to be searched in one way with the catalogue.
const MOST: i64 = 5000;

/// A shop as the page shows it.
struct Listed {
    name: String,
    address: String,
    place: String,
    phone: Option<String>,
}

/// A product whose sellers are asked for.
struct Sold {
    code: String,
    name: String,
}

#[derive(Template)]
#[template(path = "shops.html")]
struct ShopsPage {
    frame: Frame,
    t: &'static texts::Shops,
    text: String,
    units: Vec<ChoiceGroup>,
    sold: Option<Sold>,
    found: String,
    shops: Vec<Listed>,
    pages: Option<Pages>,
    page: usize,
    is_narrowed: bool,
}

/// Points of sale that are open today.
#[utoipa::path(
    tag = "pages",
    security(()),
    params(
        ("q" = Option<String>, Query, description = "Words, each in the name, the address or the place"),
        ("unit_code" = Option<String>, Query, description = "A district or commune"),
        ("product" = Option<String>, Query, description = "The code of a product that is sold there"),
        ("page" = Option<i64>, Query),
    ),
    responses((status = 200, body = String, content_type = "text/html"), Refusals)
)]
#[get("/shops")]
pub async fn show(visitor: Visitor) -> Result<HttpResponse, Problem> {
    let Visitor { app, request } = visitor;
    let (asked, product) = Asked::read(PATH, request.query(), |given| given.text("product"))?;
    let frame = asked.framed(Frame::new(&app, &request, Section::Shops));
    let today = app.clock.now().day();
    let page = app.database.read(move |connection| filled(connection, frame, asked, &product, today)).await?;
    let html = page.render().map_err(Error::internal)?;
    Ok(kept(&request, &page.frame, html))
}

/// The page of the shops that sell the product with this code, or of all.
fn filled(connection: &mut AnyConnection, frame: Frame, asked: Asked, product: &str, today: Day) -> Result<ShopsPage> {
    let t = &frame.texts.shops;
    let places = place::store::places(connection)?;
    let sold = match product {
        "" => None,
        code => {
            let filter = catalogue::ProductSelection { code: Some(code.to_owned()), ..Default::default() };
            let found = catalogue::find(connection, today, &filter, &Places::default())?;
            Some(found.into_iter().next().ok_or_else(Error::unknown)?)
        }
    };
    let all = ShopFilter::default();
    let open = shops::list(connection, &all, Some(today), &Stretch::first(MOST))?;
    let used: Vec<(UnitCode, Option<UnitCode>)> =
        open.iter().map(|shop| (shop.commune_code.clone(), shop.district_code.clone())).collect();
    let filter = ShopFilter {
        unit_code: asked.unit.clone(),
        product_id: sold.as_ref().map(|product| product.id),
        ..ShopFilter::default()
    };
    let narrowed = filter.unit_code.is_some() || filter.product_id.is_some();
    let candidates =
        if narrowed { shops::list(connection, &filter, Some(today), &Stretch::first(MOST))? } else { open };
    let found = match Search::read(&asked.text) {
        None => candidates,
        Some(search) => {
            let met = |shop: &Shop| {
                let names = places.names(&shop.commune_code, shop.district_code.as_ref());
                search.met([shop.name.as_str(), shop.address.as_str()].into_iter().chain(names))
            };
            ranked(candidates, met, |shop| (shop.folded.clone(), shop.id))
        }
    };
    let cut = asked.cut(found.len())?;
    let count = i64::try_from(found.len()).map_err(Error::internal)?;
    let listed = |shop: &Shop| Listed {
        name: shop.name.clone(),
        address: shop.address.clone(),
        place: places.address(&shop.commune_code, shop.district_code.as_ref(), today),
        phone: shop.phone.clone(),
    };
    Ok(ShopsPage {
        t,
        units: unit_choices(&used, asked.unit.as_ref(), &places, today, t.whole_district, t.no_district),
        sold: sold.map(|product| Sold { code: product.code, name: product.name }),
        found: (t.found)(count, &words::number(frame.language, count)),
        shops: cut.of(&found).iter().map(listed).collect(),
        pages: asked.pages(cut),
        page: asked.page,
        is_narrowed: asked.is_narrowed(),
        text: asked.text,
        frame,
    })
}
