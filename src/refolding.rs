//! Keeps what is folded in the database as this program folds: once after a program that folded otherwise.

use crate::base::text::FOLDING;
use crate::base::{Moment, Result};
use crate::db::{AnyConnection, settings};
use crate::{account, idea, lot, producer, product, shop};

/// By which folding the keys were made.
const MARK: &str = "folding";

type Refold = fn(&mut AnyConnection, Moment) -> Result<usize>;

/// Every table that keeps a folded text, but those of units, which ship with the service.
const ALL: [Refold; 6] = [
    account::store::refold,
    producer::store::refold,
    product::store::refold,
    shop::store::refold,
    idea::store::refold,
    lot::store::refold,
];

/// Makes all keys anew unless this folding made them; part of each start.
pub fn renew(connection: &mut AnyConnection, now: Moment) -> Result<()> {
    if settings::get(connection, MARK)?.as_deref() == Some(FOLDING) {
        return Ok(());
    }
    let mut count = 0;
    for refold in ALL {
        count += refold(connection, now)?;
    }
    if count > 0 {
        tracing::info!(count, "keys for search were made anew");
    }
    settings::put(connection, MARK, FOLDING)
}
