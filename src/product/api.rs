//! `/products`.

use actix_web::{get, patch};

use crate::account::Caller;
use crate::audit::History;
use crate::base::id::ProductId;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::product::Product;
use crate::product::rules::ProductChange;
use crate::product::steps;
use crate::product::store::ProductFilter;
use crate::product::view::ProductView;
use crate::station::{Offered, PageParameters};

/// Products by name.
#[utoipa::path(
    tag = "products", params(PageParameters, ProductFilter),
    responses((status = 200, body = Page<Offered<ProductView>>), Refusals)
)]
#[get("/products")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<Product>().await
}

/// One product.
#[utoipa::path(tag = "products", responses((status = 200, body = Offered<ProductView>), Refusals))]
#[get("/products/{id}")]
pub async fn read(caller: Caller, id: PathParam<ProductId>) -> Result<Answer, Problem> {
    caller.show::<Product>(id).await
}

/// Changes what describes a product (its producer, officers of its territory).
#[utoipa::path(tag = "products", request_body = ProductChange, responses((status = 200, body = Offered<ProductView>), Refusals))]
#[patch("/products/{id}")]
pub async fn change(caller: Caller, id: PathParam<ProductId>) -> Result<Answer, Problem> {
    caller.take(&steps::CHANGE, id).await
}

/// What happened to a product.
#[utoipa::path(tag = "products", responses((status = 200, body = Page<History>), Refusals))]
#[get("/products/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<ProductId>) -> Result<Answer, Problem> {
    caller.history::<Product>(id).await
}
