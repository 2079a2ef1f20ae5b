//! `/public/…`: the lists and the verification that need no sign-in.

use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

use crate::base::id::{PictureId, ProductId, ShopId};
use crate::base::{Day, Error, Kind, Stars, UnitCode, say};
use crate::decision::certificate_paper;
use crate::decision::rules::Standing;
use crate::http::{Answer, At, Page, Problem, Refusals, Visitor};
use crate::paper::hand_out;
use crate::place::{self, Places};
use crate::producer::ProducerKind;
use crate::product::{attachment_store, picture};
use crate::shop;
use crate::shop::store::{Shop, ShopFilter};
use crate::site::catalogue::rules::Search;
use crate::site::catalogue::store::{self as catalogue, Filter, Found};
use crate::site::page;
use crate::site::rules::{self, State};
use crate::site::store::{self, Verified};
use crate::station::{Filters, Stretch};

/// So many pictures and shops stand in a product's own answer; shops go on in their list.
const MOST: i64 = 100;

/// A product that takes part, as everybody may see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicProduct {
    id: ProductId,
    code: String,
    name: String,
    description: String,
    /// The code of the criteria set of its kind.
    criteria_set: String,
    /// As of today.
    state: State,
    /// Null unless a certificate is valid today.
    stars: Option<Stars>,
    /// The authorities hold it: it shall not be sold now.
    suspended: bool,
    /// Of the newest certificate, whatever it is worth today.
    certificate_number: Option<String>,
    /// The newest certificate's last day.
    valid_until: Option<Day>,
    producer: PublicProducer,
    commune_code: UnitCode,
    district_code: Option<UnitCode>,
    /// The address of the picture that stands for it.
    image: Option<String>,
}

/// Who makes a product.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicProducer {
    name: String,
    kind: ProducerKind,
    address: String,
}

impl PublicProduct {
    fn new(found: Found, image: Option<PictureId>, today: Day) -> Self {
        let certificate = found.certificate;
        Self {
            id: found.id,
            code: found.code,
            name: found.name,
            description: found.description,
            criteria_set: found.criteria_set,
            suspended: found.is_suspended,
            state: rules::state(certificate.as_ref(), today),
            stars: certificate.as_ref().and_then(|certificate| certificate.stars(today)),
            valid_until: certificate.as_ref().map(|certificate| certificate.valid_until),
            certificate_number: certificate.map(|certificate| certificate.number),
            producer: PublicProducer {
                name: found.producer_name,
                kind: found.producer_kind,
                address: found.producer_address,
            },
            commune_code: found.commune_code,
            district_code: found.district_code,
            image: image.map(picture::address),
        }
    }
}

/// A product with what only its own page shows.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicProductPage {
    #[serde(flatten)]
    product: PublicProduct,
    /// The addresses of its pictures, the one that stands for it first.
    pictures: Vec<String>,
    /// Where it is sold today.
    shops: Vec<PublicShop>,
}

/// A point of sale, as everybody may see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicShop {
    id: ShopId,
    name: String,
    address: String,
    phone: Option<String>,
    commune_code: UnitCode,
    district_code: Option<UnitCode>,
}

impl From<Shop> for PublicShop {
    fn from(shop: Shop) -> Self {
        Self {
            id: shop.id,
            name: shop.name,
            address: shop.address,
            phone: shop.phone,
            commune_code: shop.commune_code,
            district_code: shop.district_code,
        }
    }
}

/// A certificate, as everybody may verify it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicCertificate {
    pub number: String,
    /// As of today.
    pub state: Standing,
    /// Null unless it is valid today.
    pub stars: Option<Stars>,
    pub issued_on: Day,
    /// The last day.
    pub valid_until: Day,
    pub revoked_on: Option<Day>,
    pub product: CertifiedProduct,
    pub producer: CertifiedProducer,
}

/// What a certificate was given for.
#[derive(Debug, Serialize, ToSchema)]
pub struct CertifiedProduct {
    pub id: ProductId,
    pub code: String,
    pub name: String,
}

/// Whom a certificate was given to.
#[derive(Debug, Serialize, ToSchema)]
pub struct CertifiedProducer {
    pub name: String,
    pub address: String,
}

impl PublicCertificate {
    pub fn new(verified: Verified, today: Day) -> Self {
        let certificate = verified.certificate;
        Self {
            state: certificate.standing(today),
            stars: certificate.stars(today),
            number: certificate.number,
            issued_on: certificate.issued_on,
            valid_until: certificate.valid_until,
            revoked_on: certificate.revoked_on,
            product: CertifiedProduct {
                id: verified.product_id,
                code: verified.product_code,
                name: verified.product_name,
            },
            producer: CertifiedProducer { name: verified.producer_name, address: verified.producer_address },
        }
    }
}

/// Products that take part, by name: certified ones, and those on their way with an approved plan.
#[utoipa::path(
    tag = "public",
    security(()),
    params(
        ("q" = Option<String>, Query, description = "Words, each in the name or code of the product, or in the name of its producer or its place"),
        ("unit_code" = Option<String>, Query, description = "A district or commune"),
        ("stars" = Option<i32>, Query, description = "So many stars today"),
        ("state" = Option<State>, Query),
        ("limit" = Option<i64>, Query), ("after" = Option<String>, Query),
    ),
    responses((status = 200, body = Page<PublicProduct>), Refusals)
)]
#[get("/public/products")]
pub async fn list_products(visitor: Visitor) -> Result<Answer, Problem> {
    visitor
        .read(|open| {
            let mut query = open.request.query();
            let paging = query.paging();
            let filter = Filter {
                unit: query.take("unit_code"),
                stars: query.take("stars"),
                state: query.take("state"),
                search: query.take::<String>("q").and_then(|text| Search::read(&text)),
                ..Default::default()
            };
            query.finish()?;
            let today = open.now.day();
            let places = match filter.search {
                Some(_) => place::store::places(open.connection)?,
                None => Places::default(),
            };
            let (after, limit) = (paging.after.clone(), paging.one_more());
            let ids = catalogue::by_name(open.connection, today, &filter, &places, after, limit)?;
            let found = catalogue::in_full(open.connection, &ids)?;
            let (found, next) = paging.cut(found, |product| (product.folded.clone(), product.id))?;
            let ids: Vec<ProductId> = found.iter().map(|product| product.id).collect();
            let faces = attachment_store::faces(open.connection, &ids)?;
            let shown = |product: Found| {
                let face = faces.get(&product.id).map(|picture| picture.id);
                PublicProduct::new(product, face, today)
            };
            Answer::page(found.into_iter().map(shown).collect(), next)
        })
        .await
}

/// One product that takes part, with its pictures and where it is sold.
#[utoipa::path(
    tag = "public",
    security(()),
    responses((status = 200, body = PublicProductPage), Refusals)
)]
#[get("/public/products/{id}")]
pub async fn read_product(visitor: Visitor, id: At<ProductId>) -> Result<Answer, Problem> {
    visitor
        .read(|open| {
            let id = id.get()?;
            let today = open.now.day();
            let filter = Filter { id: Some(id), ..Default::default() };
            let found = catalogue::find(open.connection, today, &filter, &Places::default())?;
            let ids: Vec<ProductId> = found.into_iter().map(|candidate| candidate.id).collect();
            let found = catalogue::in_full(open.connection, &ids)?.pop().ok_or_else(Error::unknown)?;
            let pictures = attachment_store::list_pictures(open.connection, id, None, MOST)?;
            let filter = ShopFilter { product_id: Some(id), ..ShopFilter::default() };
            let shops = shop::store::list(open.connection, &filter, Some(today), &Stretch::first(MOST))?;
            Answer::ok(PublicProductPage {
                product: PublicProduct::new(found, pictures.first().map(|picture| picture.id), today),
                pictures: pictures.into_iter().map(|picture| picture::address(picture.id)).collect(),
                shops: shops.into_iter().map(PublicShop::from).collect(),
            })
        })
        .await
}

/// Verifies a certificate by the number that is printed on it.
#[utoipa::path(
    tag = "public",
    security(()),
    responses((status = 200, body = PublicCertificate), Refusals)
)]
#[get("/public/certificates/{number}")]
pub async fn verify(visitor: Visitor, number: At<String>) -> Result<Answer, Problem> {
    visitor
        .read(|open| {
            let number = known(number)?;
            let verified = store::certificate(open.connection, &number)?.ok_or_else(unknown_certificate)?;
            Answer::ok(PublicCertificate::new(verified, open.now.day()))
        })
        .await
}

/// A certificate as a PDF, as everybody may have it; it says so where it is revoked or expired.
#[utoipa::path(
    tag = "public",
    security(()),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf"), Refusals)
)]
#[get("/public/certificates/{number}/certificate.pdf")]
pub async fn certificate_pdf(visitor: Visitor, number: At<String>) -> Result<HttpResponse, Problem> {
    let house = visitor.house;
    let (number, today) = (known(number)?, house.clock.now().day());
    let public_url = house.public_url.clone();
    let found =
        house.database.read(move |connection| certificate_paper::sheet(connection, &number, &public_url, today));
    certificate_paper::pdf(found.await?).await
}

/// A certificate as a compact JWS (EdDSA) whose payload is a `SignedCertificate`: an app verifies it off line with the
/// keys of `/.well-known/jwks.json`. Its type is `ocop-certificate+jws`. A revoked one is not signed (409).
#[utoipa::path(
    tag = "public",
    security(()),
    responses((status = 200, body = String, content_type = "application/jose"), Refusals)
)]
#[get("/public/certificates/{number}/signed")]
pub async fn signed_certificate(visitor: Visitor, number: At<String>) -> Result<HttpResponse, Problem> {
    let house = visitor.house;
    let (number, today) = (known(number)?, house.clock.now().day());
    let (keys, public_url) = (house.keys.clone(), house.public_url.clone());
    let signed = house
        .database
        .read(move |connection| certificate_paper::signed(connection, &keys, &number, &public_url, today));
    Ok(hand_out("application/jose", signed.await?))
}

pub fn unknown_certificate() -> Error {
    Error::refused(
        Kind::Unknown,
        "unknown_certificate",
        say(
            "Tỉnh không cấp giấy chứng nhận nào có số này.",
            "The province has issued no certificate with this number.",
        ),
    )
}

fn known(number: At<String>) -> Result<String, Error> {
    number.get().and_then(|number| if rules::is_number(&number) { Ok(number) } else { Err(unknown_certificate()) })
}

/// What the QR of a certificate leads to: its verification, as a page where `text/html` is named in `Accept`, else JSON.
#[utoipa::path(
    tag = "public", security(()),
    responses((status = 200, content((PublicCertificate = "application/json"), (String = "text/html"))), Refusals)
)]
#[get("/c/{number}")]
pub async fn check(visitor: Visitor, number: At<String>) -> Result<HttpResponse, Problem> {
    check_any(visitor, number).await
}

/// As [`check`]; also mounted under `/C`, which is how the QR spells it.
pub async fn check_any(visitor: Visitor, number: At<String>) -> Result<HttpResponse, Problem> {
    let Visitor { house, request } = visitor;
    page::check(house, &request, known(number)).await
}

/// Points of sale that are open today, by name.
#[utoipa::path(
    tag = "public",
    security(()),
    params(
        ShopFilter, ("limit" = Option<i64>, Query), ("after" = Option<String>, Query),
    ),
    responses((status = 200, body = Page<PublicShop>), Refusals)
)]
#[get("/public/shops")]
pub async fn list_shops(visitor: Visitor) -> Result<Answer, Problem> {
    visitor
        .read(|open| {
            let mut query = open.request.query();
            let paging = query.paging();
            let filter = ShopFilter::take(&mut query);
            query.finish()?;
            let found = shop::store::list(open.connection, &filter, Some(open.now.day()), &Stretch::of(&paging))?;
            let (shops, next) = paging.cut(found, |shop| (shop.folded.clone(), shop.id))?;
            Answer::page(shops.into_iter().map(PublicShop::from).collect(), next)
        })
        .await
}
