//! The step that sets a limit. It is part of the product, whose version it makes.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Role, Work};
use crate::audit::Resource;
use crate::base::id::{AnyId, ProductId};
use crate::base::{Fault, Faults, Result, say};
use crate::product;
use crate::product::Product;
use crate::stamp::limits::store;
use crate::station::{Access, By, Offer, Taken, Thing, Verb, label, plain_forms};

const MOST: i64 = 1_000_000_000;

/// A limit of one year.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitForm {
    year: i32,
    /// Stamps that may be ordered in the year; null lifts the limit.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    stamps: Option<i64>,
}

plain_forms!(LimitForm);

impl LimitForm {
    fn check(&self) -> Result<()> {
        let mut faults = Vec::new();
        if !(2000..=2200).contains(&self.year) {
            faults.push(Fault::new("/year", "out_of_range", say("Năm từ 2000 đến 2200.", "A year from 2000 to 2200.")));
        }
        if self.stamps.is_some_and(|stamps| !(0..=MOST).contains(&stamps)) {
            let detail = say(format!("Từ 0 đến {MOST}."), format!("0 to {MOST}."));
            faults.push(Fault::new("/stamps", "out_of_range", detail));
        }
        faults.into_result()
    }
}

/// A product as the carrier of limits.
#[derive(Debug, Clone)]
pub struct LimitedProduct(pub Product);

impl Thing for LimitedProduct {
    type Key = ProductId;
    const RESOURCE: Resource = Resource::Product;
    const PATH: &'static str = "products";

    fn load(work: &mut Work, key: &ProductId, access: Access) -> Result<Option<Self>> {
        let product = match access {
            Access::Taken => product::store::take(work.connection, *key)?,
            Access::Seen => product::store::find(work.connection, *key)?,
        };
        Ok(product.filter(|product| work.actor.sees(&product.home())).map(Self))
    }

    fn id(&self) -> AnyId {
        self.0.id.any()
    }

    fn version(&self) -> i32 {
        self.0.version
    }

    fn verbs() -> &'static [&'static dyn Offer<Self>] {
        VERBS
    }
}

/// Sets or lifts the limit of a year. It gives the product with its new version.
pub static SET: Verb<LimitedProduct, LimitForm, (ProductId, i32)> = Verb::new(
    "set-stamp-limit",
    label("Đặt hạn mức tem", "Set a limit of stamps"),
    By::Roles(&[Role::ProvincialOfficer]),
    set,
);

pub static VERBS: &[&dyn Offer<LimitedProduct>] = &[&SET];

fn set(work: &mut Work, LimitedProduct(product): &LimitedProduct, form: LimitForm) -> Result<Taken<(ProductId, i32)>> {
    form.check()?;
    store::put(work.connection, product.id, form.year, form.stamps, work.actor.id, work.now)?;
    let version = product::store::touch(work.connection, product.id)?;
    let note = form.stamps.map_or_else(|| format!("{}: -", form.year), |most| format!("{}: {most}", form.year));
    Ok(Taken::stayed().with_note(Some(note)).giving((product.id, version)))
}
