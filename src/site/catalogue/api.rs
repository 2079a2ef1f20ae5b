//! `/public/products`: the products that take part, for programs.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use crate::base::id::{PictureId, ProductId};
use crate::base::{Day, Error, Stars, UnitCode};
use crate::http::{Answer, Kept, Page, PathParam, Problem, Refusals, Visitor, bounds};
use crate::inspection::rules::InspectionResult;
use crate::place::{self, Places};
use crate::producer::ProducerKind;
use crate::product::{attachment_store, picture};
use crate::shop;
use crate::shop::store::ShopFilter;
use crate::site::catalogue::lot::{self, PublicLot};
use crate::site::catalogue::store::{self, ListedProduct, ProductSelection};
use crate::site::rules::{self, State};
use crate::site::search::Search;
use crate::site::view::{KEPT, PublicShop};
use crate::station::Stretch;

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
    /// Null unless a certificate is in force today.
    stars: Option<Stars>,
    /// The authorities hold it: it shall not be sold now.
    suspended: bool,
    /// When it was inspected last, where that inspection was concluded.
    inspected_on: Option<Day>,
    /// What that inspection came to.
    inspection_result: Option<InspectionResult>,
    /// Of the newest certificate, whatever it is worth today.
    certificate_number: Option<String>,
    /// The newest certificate's last day.
    valid_until: Option<Day>,
    /// The last day on which it is kept on while the product is rated again, where it is.
    extended_until: Option<Day>,
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
    fn new(found: ListedProduct, image: Option<PictureId>, today: Day) -> Self {
        let certificate = found.certificate;
        Self {
            id: found.id,
            code: found.code,
            name: found.name,
            description: found.description,
            criteria_set: found.criteria_set,
            suspended: found.is_suspended,
            inspected_on: found.inspected.map(|(day, _)| day),
            inspection_result: found.inspected.map(|(_, result)| result),
            state: rules::state(certificate.as_ref(), today),
            stars: certificate.as_ref().and_then(|certificate| certificate.stars(today)),
            valid_until: certificate.as_ref().map(|certificate| certificate.term.valid_until),
            extended_until: certificate.as_ref().and_then(|certificate| certificate.term.extended_until),
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
    /// The lot that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    lot: Option<PublicLot>,
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
    responses((status = 200, body = Page<PublicProduct>, headers(("ETag" = String, description = "Tells this answer apart, for `If-None-Match`."))), Refusals)
)]
#[get("/public/products")]
pub async fn list_products(visitor: Visitor) -> Result<Answer, Problem> {
    visitor
        .read(|open| {
            let mut query = open.request.query();
            let paging = query.paging();
            let filter = ProductSelection {
                unit: query.take("unit_code"),
                stars: query.number(bounds::STARS).and_then(Stars::new),
                state: query.take("state"),
                search: query.searched().and_then(|text| Search::read(&text)),
                ..Default::default()
            };
            query.finish()?;
            let today = open.now.day();
            let places = match filter.search {
                Some(_) => place::store::places(open.connection)?,
                None => Places::default(),
            };
            let (after, limit) = (paging.after.clone(), paging.one_more());
            let ids = store::by_name(open.connection, today, &filter, &places, after, limit)?;
            let found = store::in_full(open.connection, &ids)?;
            let (found, next) = paging.cut(found, |product| (product.folded.clone(), product.id))?;
            let ids: Vec<ProductId> = found.iter().map(|product| product.id).collect();
            let faces = attachment_store::faces(open.connection, &ids)?;
            let shown = |product: ListedProduct| {
                let face = faces.get(&product.id).map(|picture| picture.id);
                PublicProduct::new(product, face, today)
            };
            Ok(Answer::page(found.into_iter().map(shown).collect(), next)?.kept(KEPT))
        })
        .await
}

/// One product that takes part, with its pictures and where it is sold; of a lot that is asked for, how it stands.
#[utoipa::path(
    tag = "public",
    security(()),
    params(("lot" = Option<String>, Query, description = "The number of a lot of the product")),
    responses((status = 200, body = PublicProductPage, headers(("ETag" = String, description = "Tells this answer apart, for `If-None-Match`."))), Refusals)
)]
#[get("/public/products/{id}")]
pub async fn read_product(visitor: Visitor, id: PathParam<ProductId>) -> Result<Answer, Problem> {
    visitor
        .read(|open| {
            let id = id.get()?;
            let today = open.now.day();
            let mut query = open.request.query();
            let lot: Option<String> = query.take("lot");
            query.finish()?;
            let lot = lot.map(|code| lot::read(open.connection, id, code, today)).transpose()?;
            let filter = ProductSelection { id: Some(id), ..Default::default() };
            let found = store::find(open.connection, today, &filter, &Places::default())?;
            let ids: Vec<ProductId> = found.into_iter().map(|candidate| candidate.id).collect();
            let found = store::in_full(open.connection, &ids)?.pop().ok_or_else(Error::unknown)?;
            let pictures = attachment_store::list_pictures(open.connection, id, None, MOST)?;
            let filter = ShopFilter { product_id: Some(id), ..ShopFilter::default() };
            let shops = shop::store::list(open.connection, &filter, Some(today), &Stretch::first(MOST))?;
            let page = PublicProductPage {
                product: PublicProduct::new(found, pictures.first().map(|picture| picture.id), today),
                pictures: pictures.into_iter().map(|picture| picture::address(picture.id)).collect(),
                shops: shops.into_iter().map(PublicShop::from).collect(),
                lot,
            };
            // A recall is told at once.
            let kept = if page.lot.is_some() { Kept::Publicly(0) } else { KEPT };
            Ok(Answer::ok(page)?.kept(kept))
        })
        .await
}
