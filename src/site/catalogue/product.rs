//! `/products/{code}`: a product's own page.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get};
use askama::Template;

use crate::base::id::PictureId;
use crate::base::{Day, Error, Result, Stars, text};
use crate::db::AnyConnection;
use crate::decision::rules::Certified;
use crate::hold::store::held;
use crate::http::{PathParam, Problem, Refusals, Visitor};
use crate::inspection::rules::InspectionResult;
use crate::page::{Frame, Section, fresh, json_for_script, kept, texts, words};
use crate::place::Places;
use crate::producer::store::Producer;
use crate::producer::{self, ProducerKind};
use crate::product::picture::{self, Shown, shown};
use crate::product::{self, ProductRow, Size, attachment_store};
use crate::shop;
use crate::shop::store::{Shop, ShopFilter};
use crate::site::catalogue::lot::{self, PublicLot};
use crate::site::catalogue::store::{self, ProductSelection};
use crate::site::names::Names;
use crate::site::rules::{self, State};
use crate::site::structured::{self, Described};
use crate::site::words::told;
use crate::station::Stretch;

/// So many shops stand on the page itself; all are in their list.
const SHOPS: i64 = 12;
const PICTURES: i64 = 20;

/// A place where it is sold.
struct Seller {
    name: String,
    address: String,
    phone: Option<String>,
    place: String,
}

#[derive(Template)]
#[template(path = "product.html")]
struct ProductPage {
    frame: Frame,
    t: &'static texts::Product,
    product: ProductRow,
    producer: Producer,
    place: String,
    sector: Option<&'static str>,
    state: State,
    /// Whether it is held by an authority now.
    is_suspended: bool,
    /// The day and the result of the newest inspection that was concluded.
    inspected: Option<(Day, InspectionResult)>,
    stars: Option<Stars>,
    certificate: Option<Certified>,
    /// The lot that was asked for.
    lot: Option<PublicLot>,
    pictures: Vec<Shown>,
    sellers: Vec<Seller>,
    has_more_sellers: bool,
    gtin: Option<String>,
    /// JSON-LD that may stand in a script element.
    linked: String,
    /// The absolute address of the picture that stands for it.
    face: Option<String>,
}

/// A product's page: pictures, story, producer, certificate, and where it is sold.
#[utoipa::path(
    tag = "pages", security(()),
    params(("lot" = Option<String>, Query, description = "The number of a lot, of which it is told first how it stands")),
    responses((status = 200, body = String, content_type = "text/html"), Refusals)
)]
#[get("/products/{code}")]
pub async fn show(visitor: Visitor, code: PathParam<String>) -> Result<HttpResponse, Problem> {
    let Visitor { app, request } = visitor;
    let code = code.get()?;
    let frame = Frame::new(&app, &request, Section::Products);
    let today = app.clock.now().day();
    let lot: Option<String> = request.query().take("lot");
    let page = app.database.read(move |connection| filled(connection, frame, code, lot, today)).await?;
    let html = page.render().map_err(Error::internal)?;
    // A recall is told at once.
    Ok(if page.lot.is_some() { fresh(&page.frame, StatusCode::OK, html) } else { kept(&request, &page.frame, html) })
}

fn filled(
    connection: &mut AnyConnection,
    frame: Frame,
    code: String,
    lot: Option<String>,
    today: Day,
) -> Result<ProductPage> {
    let filter = ProductSelection { code: Some(code), ..Default::default() };
    let found = store::find(connection, today, &filter, &Places::default())?;
    let id = found.first().map(|found| found.id).ok_or_else(Error::unknown)?;
    let product = product::store::find(connection, id)?.ok_or_else(Error::unknown)?;
    let producer = producer::store::find(connection, product.producer_id)?.ok_or_else(Error::unknown)?;
    let listed = store::in_full(connection, &[id])?.pop();
    let inspected = listed.as_ref().and_then(|found| found.inspected);
    let certificate = listed.and_then(|found| found.certificate);
    let names = Names::read(connection, today)?;
    let pictures = attachment_store::list_pictures(connection, id, None, PICTURES)?;
    let picture_ids: Vec<PictureId> = pictures.iter().map(|picture| picture.id).collect();
    let filter = ShopFilter { product_id: Some(id), ..ShopFilter::default() };
    let mut shops = shop::store::list(connection, &filter, Some(today), &Stretch::first(SHOPS + 1))?;
    let most = usize::try_from(SHOPS).map_err(Error::internal)?;
    let has_more_sellers = shops.len() > most;
    shops.truncate(most);
    let seller = |shop: Shop| Seller {
        place: names.address(&shop.commune_code, shop.district_code.as_ref()),
        name: shop.name,
        address: shop.address,
        phone: shop.phone,
    };
    let texts = frame.texts;
    let sector = names.sector(&product.criteria_set).map(|sector| sector.told(&texts.sectors));
    let frame = frame.canonical(&format!("/products/{}", product.code));
    let place = names.address(&product.commune_code, product.district_code.as_ref());
    let stars = certificate.as_ref().and_then(|certificate| certificate.stars(today));
    let issuer = match &certificate {
        Some(certificate) => store::issuer(connection, &certificate.number)?,
        None => None,
    };
    let described =
        Described::new(&product, &producer, picture_ids.clone(), certificate.clone(), issuer.as_ref(), &names);
    let linked = structured::in_context(structured::product(&described, &frame.public_url, today));
    Ok(ProductPage {
        t: &texts.product,
        is_suspended: held(connection, &[id], &[])?.0.contains(&id),
        lot: lot.map(|code| lot::read(connection, id, code, today)).transpose()?,
        inspected,
        state: rules::state(certificate.as_ref(), today),
        sellers: shops.into_iter().map(seller).collect(),
        face: picture_ids.first().map(|face| picture::absolute(&frame.public_url, *face)),
        linked: json_for_script(&linked),
        has_more_sellers,
        product,
        producer,
        place,
        sector,
        stars,
        certificate,
        pictures: pictures.iter().map(|picture| shown(picture, Size::Medium)).collect(),
        gtin: described.gtin,
        frame,
    })
}

impl ProductPage {
    fn day(&self, day: &Day) -> String {
        words::day(self.frame.language, *day)
    }

    fn told(&self) -> &'static str {
        told(self.state, &self.frame.texts.states)
    }

    /// A sign that says the same as the words beside it, for who cannot tell colours apart.
    fn sign(&self) -> &'static str {
        match self.state {
            State::Certified => "✓",
            State::Participating => "…",
            State::Expired => "!",
            State::Revoked => "✕",
        }
    }

    /// What the state means for who buys it.
    fn meaning(&self) -> &'static str {
        match self.state {
            State::Certified => self.t.means_certified,
            State::Participating => self.t.means_participating,
            State::Expired => self.t.means_expired,
            State::Revoked => self.t.means_revoked,
        }
    }

    fn kind(&self) -> &str {
        let kind: ProducerKind = self.producer.kind;
        kind.told(self.frame.texts)
    }

    fn story(&self) -> Vec<&str> {
        paragraphs(&self.product.story)
    }

    fn description(&self) -> Vec<&str> {
        paragraphs(&self.product.description)
    }

    /// One line for those who show a preview of the page.
    fn summary(&self) -> String {
        let text =
            if text::is_blank(&self.product.description) { &self.product.story } else { &self.product.description };
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.is_empty() {
            return format!("{} · {}", self.producer.name, self.place);
        }
        line.chars().take(200).collect()
    }
}

fn paragraphs(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}
