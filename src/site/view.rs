//! What several public answers show.

use serde::Serialize;
use utoipa::ToSchema;

use crate::base::UnitCode;
use crate::base::id::ShopId;
use crate::http::Kept;
use crate::shop::store::Shop;

/// So long a public list may be kept: what the authorities hold shows within a minute, as on pages.
pub const KEPT: Kept = Kept::Publicly(60);

/// A point of sale, as everybody may see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicShop {
    pub id: ShopId,
    pub name: String,
    pub address: String,
    pub phone: Option<String>,
    pub commune_code: UnitCode,
    pub district_code: Option<UnitCode>,
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
