//! The whole numbers that an address can ask with, and between which bounds each lies wherever it stands.

use crate::base::{Fault, say};

/// A parameter of a query that is a whole number.
#[derive(Debug, Clone, Copy)]
pub struct Bounded {
    pub name: &'static str,
    pub least: i64,
    pub most: i64,
    /// What is taken where it is not given; none where that depends on what is asked.
    pub usual: Option<i64>,
}

impl Bounded {
    const fn new(name: &'static str, least: i64, most: i64) -> Self {
        Self { name, least, most, usual: None }
    }

    const fn usually(self, usual: i64) -> Self {
        Self { usual: Some(usual), ..self }
    }

    /// The number, where it lies between the bounds.
    pub fn hold<T: TryFrom<i64>>(&self, number: i64) -> Result<T, Fault> {
        let held = (self.least..=self.most).contains(&number).then(|| T::try_from(number).ok()).flatten();
        held.ok_or_else(|| {
            let Self { name, least, most, .. } = self;
            let detail = say(format!("{name} từ {least} đến {most}."), format!("{name} is {least} to {most}."));
            Fault::new(*name, "out_of_range", detail)
        })
    }
}

const MOST_STAMPS: i64 = 10_000_000;
const MOST_COUNTED: i64 = 2_147_483_647;

/// Attempts of an agenda item (lần chấm).
pub const ATTEMPT: Bounded = Bounded::new("attempt", 1, MOST_COUNTED);
/// How far a trace is followed.
pub const DEPTH: Bounded = Bounded::new("depth", 1, 50).usually(20);
/// The first serial of a range of stamps.
pub const FROM: Bounded = Bounded::new("from", 1, MOST_STAMPS);
/// Items of a page of a list.
pub const LIMIT: Bounded = Bounded::new("limit", 1, 100).usually(20);
/// Which page of a list for people.
pub const PAGE: Bounded = Bounded::new("page", 1, MOST_COUNTED).usually(1);
/// Items of a page of EPCIS events, as the standard calls it.
pub const PER_PAGE: Bounded = Bounded::new("perPage", 1, 100).usually(30);
/// A stamp of an order.
pub const SERIAL: Bounded = Bounded::new("serial", 1, MOST_STAMPS);
/// The side of a QR without its quiet zone, in millimetres.
pub const SIZE: Bounded = Bounded::new("size_mm", 10, 60).usually(20);
pub const STARS: Bounded = Bounded::new("stars", 1, 5);
/// The last serial of a range of stamps.
pub const TO: Bounded = Bounded::new("to", 1, MOST_STAMPS);
/// Versions of a criteria set.
pub const VERSION: Bounded = Bounded::new("version", 1, MOST_COUNTED);
/// Days from today.
pub const WITHIN: Bounded = Bounded::new("within", 0, 3660).usually(60);

/// All of them, for the OpenAPI document.
pub const ALL: [Bounded; 12] = [ATTEMPT, DEPTH, FROM, LIMIT, PAGE, PER_PAGE, SERIAL, SIZE, STARS, TO, VERSION, WITHIN];
