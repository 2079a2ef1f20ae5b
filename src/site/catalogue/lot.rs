//! What the public is told of a lot by its number: who scans a Digital Link of a lot has its goods in hand.

use serde::Serialize;
use utoipa::ToSchema;

use crate::base::id::ProductId;
use crate::base::{Day, Moment, Result};
use crate::db::AnyConnection;
use crate::hold::store::held;
use crate::lot;
use crate::lot::store::Lot;
use crate::page::texts::{Texts, Words};

/// How a lot stands: the first of these that is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LotStanding {
    /// No lot of the product is recorded here under this number.
    Unknown,
    Recalled,
    /// Held by an authority, itself or with its product.
    Suspended,
    /// Past its day.
    Expired,
    InTrade,
}

/// A lot (lô hàng) as the public knows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicLot {
    /// The number that was asked for.
    pub code: String,
    pub standing: LotStanding,
    pub produced_on: Option<Day>,
    pub expires_on: Option<Day>,
    pub recalled_at: Option<Moment>,
}

impl LotStanding {
    /// How a recorded lot stands on a day.
    fn of(lot: &Lot, is_held: bool, today: Day) -> Self {
        if lot.recalled_at.is_some() {
            Self::Recalled
        } else if is_held {
            Self::Suspended
        } else if lot.expires_on.is_some_and(|last| last < today) {
            Self::Expired
        } else {
            Self::InTrade
        }
    }

    /// Whether whoever has the goods should keep off them, or look twice.
    pub fn is_warned_of(self) -> bool {
        self != Self::InTrade
    }

    pub fn words(self, texts: &'static Texts) -> &'static Words {
        match self {
            Self::Unknown => &texts.lots.unknown,
            Self::Recalled => &texts.verdicts.recalled,
            Self::Suspended => &texts.verdicts.suspended,
            Self::Expired => &texts.warnings.past_shelf_life,
            Self::InTrade => &texts.lots.in_trade,
        }
    }
}

/// A lot of a product by its number. A number that nobody recorded is told so: the goods may be somebody else's.
pub fn read(connection: &mut AnyConnection, product: ProductId, code: String, today: Day) -> Result<PublicLot> {
    let Some(found) = lot::store::of_code(connection, product, &code)? else {
        return Ok(PublicLot {
            code,
            standing: LotStanding::Unknown,
            produced_on: None,
            expires_on: None,
            recalled_at: None,
        });
    };
    let (products, lots) = held(connection, &[product], &[found.id])?;
    let is_held = lots.contains(&found.id) || products.contains(&product);
    Ok(PublicLot {
        standing: LotStanding::of(&found, is_held, today),
        code: found.code,
        produced_on: Some(found.produced_on),
        expires_on: found.expires_on,
        recalled_at: found.recalled_at,
    })
}
