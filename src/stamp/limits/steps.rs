//! The step that sets a limit. It is part of the product, whose version it makes.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::id::ProductId;
use crate::base::{Fault, Faults, Result, say};
use crate::product;
use crate::product::Product;
use crate::stamp::orders::limit_store;
use crate::station::{Taken, Verb, plain_forms};

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

/// Sets or lifts the limit of a year. It gives the product with its new version.
pub static SET: Verb<Product, LimitForm, (ProductId, i32)> = product::steps::STAMP_LIMIT.taken(set);

fn set(work: &mut Work, Product { row: product, .. }: &Product, form: LimitForm) -> Result<Taken<(ProductId, i32)>> {
    form.check()?;
    limit_store::put(work.connection, product.id, form.year, form.stamps, work.actor.id, work.now)?;
    let version = product::store::touch(work.connection, product.id)?;
    let note = form.stamps.map_or_else(|| format!("{}: -", form.year), |most| format!("{}: {most}", form.year));
    Ok(Taken::stayed().with_note(Some(note)).giving((product.id, version)))
}
