//! `/shops`.

use actix_web::{get, patch, post, put};

use crate::account::Caller;
use crate::audit::History;
use crate::base::id::ShopId;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::shop::Shop;
use crate::shop::rules::{ShopChange, ShopForm, ShopProducts};
use crate::shop::steps;
use crate::shop::store::ShopFilter;
use crate::shop::view::ShopView;
use crate::station::{Offered, PageParameters};

/// Enters a point of sale (the district in the district, the provincial office anywhere).
#[utoipa::path(tag = "shops", request_body = ShopForm, responses((status = 201, body = Offered<ShopView>), Refusals))]
#[post("/shops")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller.make(&steps::CREATE).await
}

/// Points of sale by name.
#[utoipa::path(
    tag = "shops", params(PageParameters, ShopFilter), responses((status = 200, body = Page<Offered<ShopView>>), Refusals)
)]
#[get("/shops")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<Shop>().await
}

/// One point of sale.
#[utoipa::path(tag = "shops", responses((status = 200, body = Offered<ShopView>), Refusals))]
#[get("/shops/{id}")]
pub async fn read(caller: Caller, id: PathParam<ShopId>) -> Result<Answer, Problem> {
    caller.show::<Shop>(id).await
}

/// Changes or closes a point of sale.
#[utoipa::path(tag = "shops", request_body = ShopChange, responses((status = 200, body = Offered<ShopView>), Refusals))]
#[patch("/shops/{id}")]
pub async fn change(caller: Caller, id: PathParam<ShopId>) -> Result<Answer, Problem> {
    caller.take(&steps::CHANGE, id).await
}

/// Says what a point of sale sells, all of it.
#[utoipa::path(tag = "shops", request_body = ShopProducts, responses((status = 200, body = Offered<ShopView>), Refusals))]
#[put("/shops/{id}/products")]
pub async fn set_products(caller: Caller, id: PathParam<ShopId>) -> Result<Answer, Problem> {
    caller.take(&steps::PRODUCTS, id).await
}

/// What happened to a point of sale.
#[utoipa::path(tag = "shops", responses((status = 200, body = Page<History>), Refusals))]
#[get("/shops/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<ShopId>) -> Result<Answer, Problem> {
    caller.history::<Shop>(id).await
}
