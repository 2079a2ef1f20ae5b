//! What is shown of a point of sale.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::id::{ProductId, ShopId};
use crate::base::{Day, Moment, Result, UnitCode};
use crate::place;
use crate::shop::Shop;
use crate::shop::store;
use crate::station::Shown;

/// A point of sale.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShopView {
    pub id: ShopId,
    pub version: i32,
    pub name: String,
    pub commune_code: UnitCode,
    pub commune_name: String,
    pub district_code: Option<UnitCode>,
    pub district_name: Option<String>,
    pub address: String,
    pub phone: Option<String>,
    pub opened_on: Day,
    pub closed_on: Option<Day>,
    /// What it sells.
    pub product_ids: Vec<ProductId>,
    pub created_at: Moment,
}

impl Shown for Shop {
    type View = ShopView;

    fn views(work: &mut Work, shops: &[Self]) -> Result<Vec<ShopView>> {
        let ids: Vec<ShopId> = shops.iter().map(|shop| shop.id).collect();
        let mut sold = store::sold_in(work.connection, &ids)?;
        let places = place::store::places(work.connection)?;
        let today = work.now.day();
        let view = |shop: &Shop| ShopView {
            id: shop.id,
            version: shop.version,
            name: shop.name.clone(),
            commune_code: shop.commune_code.clone(),
            commune_name: places.name(&shop.commune_code, today),
            district_code: shop.district_code.clone(),
            district_name: shop.district_code.as_ref().map(|code| places.name(code, today)),
            address: shop.address.clone(),
            phone: shop.phone.clone(),
            opened_on: shop.opened_on,
            closed_on: shop.closed_on,
            product_ids: sold.remove(&shop.id).unwrap_or_default(),
            created_at: shop.created_at,
        };
        Ok(shops.iter().map(view).collect())
    }
}
