//! A product as its steps find it: with how many pictures it has.

use crate::account::{Asker, Work, seat_store};
use crate::audit::Resource;
use crate::base::id::{AnyId, ProductId};
use crate::base::{Error, Result, say};
use crate::product::store::{self, ProductFilter, ProductRow};
use crate::product::{attachment_store, steps};
use crate::station::{Access, Listed, Offer, Stretch, Thing};

/// A product (sản phẩm) that may be changed.
#[derive(Debug, Clone)]
pub struct Product {
    pub row: ProductRow,
    pub pictures: i64,
}

impl Product {
    /// Products with their surroundings, in one statement more.
    pub fn around(work: &mut Work, rows: Vec<ProductRow>) -> Result<Vec<Self>> {
        let ids: Vec<ProductId> = rows.iter().map(|row| row.id).collect();
        let pictures = attachment_store::count_pictures(work.connection, &ids)?;
        let around = |row: ProductRow| Self { pictures: pictures.get(&row.id).copied().unwrap_or(0), row };
        Ok(rows.into_iter().map(around).collect())
    }

    /// 403 outside of the own territory: a seat in a council lets read, no more.
    pub fn must_be_held(asker: Asker, product: &Self) -> Result<()> {
        if asker.actor.sees(&product.row.home()) {
            return Ok(());
        }
        Err(Error::forbidden(say("Sản phẩm này ngoài địa bàn của bạn.", "This product lies outside your territory.")))
    }
}

impl Thing for Product {
    type Key = ProductId;
    const RESOURCE: Resource = Resource::Product;
    const PATH: &'static str = "products";

    /// Also for who has a seat in an open council with a dossier of the product on its agenda. What belongs to a product,
    /// its documents too, is seen by who sees the product.
    fn load(work: &mut Work, key: &ProductId, access: Access) -> Result<Option<Self>> {
        let row = match access {
            Access::Taken => store::take(work.connection, *key)?,
            Access::Seen => store::find(work.connection, *key)?,
        };
        let Some(row) = row else { return Ok(None) };
        if !work.actor.sees(&row.home()) && !seat_store::show_product(work.connection, &work.actor, row.id)? {
            return Ok(None);
        }
        Ok(Self::around(work, vec![row])?.pop())
    }

    fn must_take_files(&self, work: &mut Work) -> Result<()> {
        let stored = attachment_store::bytes_of(work.connection, self.row.producer_id)?;
        work.app.capacity.must_take_of_producer(stored)
    }

    fn id(&self) -> AnyId {
        self.row.id.any()
    }

    fn version(&self) -> i32 {
        self.row.version
    }

    fn verbs() -> &'static [&'static dyn Offer<Self>] {
        steps::VERBS
    }
}

impl Listed for Product {
    type Filter = ProductFilter;
    type Cursor = (String, ProductId);

    fn list(work: &mut Work, filter: &ProductFilter, stretch: &Stretch<Self::Cursor>) -> Result<Vec<Self>> {
        let rows = store::list(work.connection, &work.actor.territory(), filter, stretch)?;
        Self::around(work, rows)
    }

    fn count(work: &mut Work, filter: &ProductFilter) -> Result<i64> {
        store::count(work.connection, &work.actor.territory(), filter)
    }

    fn cursor(&self) -> Self::Cursor {
        (self.row.folded.clone(), self.row.id)
    }
}
