//! `/products`.

use actix_web::{get, patch};
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Caller, Role, Work, seats};
use crate::audit::{self, Entry, History, Resource};
use crate::base::id::{PictureId, ProducerId, ProductId};
use crate::base::{Error, Moment, Result, UnitCode, say};
use crate::http::{Answer, At, ListParameters, Page, Problem, Refusals};
use crate::product::rules::{Described, Gtin, KEEPERS, ProductChange};
use crate::product::store::{self, Filter, Product};
use crate::product::{attachment_store, picture};

/// A product.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductAnswer {
    id: ProductId,
    version: i32,
    producer_id: ProducerId,
    code: String,
    name: String,
    /// The code of the criteria set of its kind.
    criteria_set: String,
    description: String,
    story: String,
    packaging: String,
    gtin: Option<String>,
    origin: Option<String>,
    shelf_life: Option<String>,
    safety_warnings: Option<String>,
    /// The address of the picture that stands for it.
    image: Option<String>,
    commune_code: UnitCode,
    district_code: Option<UnitCode>,
    created_at: Moment,
}

impl ProductAnswer {
    fn new(product: Product, face: Option<PictureId>) -> Self {
        Self {
            id: product.id,
            version: product.version,
            producer_id: product.producer_id,
            code: product.code,
            name: product.name,
            criteria_set: product.criteria_set,
            description: product.description,
            story: product.story,
            packaging: product.packaging,
            gtin: product.gtin,
            origin: product.origin,
            shelf_life: product.shelf_life,
            safety_warnings: product.safety_warnings,
            image: face.map(picture::address),
            commune_code: product.commune_code,
            district_code: product.district_code,
            created_at: product.created_at,
        }
    }
}

/// The product, where the asker may see it and what belongs to it, its documents too: in the asker's territory, or on
/// the agenda of a council with a seat of the asker. The one place that decides this.
pub fn seen(work: &mut Work, id: ProductId) -> Result<Product> {
    let product = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
    seats::must_see_product(work.connection, &work.actor, &product.home(), id)?;
    Ok(product)
}

/// The product, where the asker holds one of the roles in its territory; a seat lets read, no more.
pub fn kept_by(work: &mut Work, id: ProductId, roles: &[Role]) -> Result<Product> {
    let product = seen(work, id)?;
    work.must_be(roles)?;
    if work.actor.territory().covers(&product.home()) {
        return Ok(product);
    }
    Err(Error::forbidden(say("Sản phẩm này ngoài địa bàn của bạn.", "This product lies outside your territory.")))
}

pub fn entry<'a>(id: ProductId, version: i32, verb: &'a str) -> Entry<'a, crate::base::id::of::Product> {
    Entry { resource: Resource::Product, id, version, account: None, verb, from: None, to: None, note: None }
}

fn shown(work: &mut Work, product: Product) -> Result<ProductAnswer> {
    let face = attachment_store::face(work.connection, product.id)?;
    Ok(ProductAnswer::new(product, face.map(|picture| picture.id)))
}

/// Products by name.
#[utoipa::path(tag = "products", params(ListParameters), responses((status = 200, body = Page<ProductAnswer>), Refusals))]
#[get("/products")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let mut query = work.request.query();
            let paging = query.paging();
            let filter = Filter {
                producer: query.take("producer_id"),
                unit: query.take("unit_code"),
                search: query.search(),
                after: paging.after.clone(),
                limit: paging.one_more(),
            };
            query.finish()?;
            let territory = work.actor.territory();
            let found = store::list(work.connection, &territory, &filter)?;
            let (products, next) = paging.cut(found, |product| (product.folded.clone(), product.id))?;
            let items = products.into_iter().map(|product| shown(work, product)).collect::<Result<_>>()?;
            Ok(Answer::page::<ProductAnswer>(items, next)?)
        })
        .await
}

/// One product.
#[utoipa::path(tag = "products", responses((status = 200, body = ProductAnswer), Refusals))]
#[get("/products/{id}")]
pub async fn read(caller: Caller, id: At<ProductId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let product = seen(work, id.get()?)?;
            Ok(Answer::resource(product.version, shown(work, product)?)?)
        })
        .await
}

/// Changes what describes a product (its producer, officers of its territory).
#[utoipa::path(tag = "products", request_body = ProductChange, responses((status = 200, body = ProductAnswer), Refusals))]
#[patch("/products/{id}")]
pub async fn change(caller: Caller, id: At<ProductId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let product = kept_by(work, id.get()?, KEEPERS)?;
            work.begin_at(product.version)?;
            let old = Described {
                description: product.description.clone(),
                story: product.story.clone(),
                packaging: product.packaging.clone(),
                gtin: product.gtin.clone(),
                origin: product.origin.clone(),
                shelf_life: product.shelf_life.clone(),
                safety_warnings: product.safety_warnings.clone(),
            };
            let described = work.body::<ProductChange>()?.applied_to(old)?;
            if let Some(gtin) = described.gtin.as_deref().and_then(Gtin::read)
                && store::of_gtin(work.connection, gtin)?.is_some_and(|other| other.id != product.id)
            {
                let detail = say("GTIN này là của sản phẩm khác.", "This GTIN is another product's.");
                return Err(Error::conflict("gtin_taken", detail).into());
            }
            let version = store::update(work.connection, &product, described)?;
            work.record(entry(product.id, version, "change"))?;
            let product = store::find(work.connection, product.id)?.ok_or_else(Error::unknown)?;
            Ok(Answer::resource(version, shown(work, product)?)?)
        })
        .await
}

/// What happened to a product.
#[utoipa::path(tag = "products", responses((status = 200, body = Page<History>), Refusals))]
#[get("/products/{id}/history")]
pub async fn history(caller: Caller, id: At<ProductId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let product = seen(work, id.get()?)?;
            Ok(audit::answer(work.connection, &work.request, Resource::Product, product.id)?)
        })
        .await
}
