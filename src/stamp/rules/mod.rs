//! Orders' states, forms and ranges; with [`verdict`] what a scanned stamp is told and with [`texts`] in which words; with
//! [`visitors`] and [`evidence`] what its row remembers of its scans.

pub mod evidence;
mod packed;
pub mod suspects;
pub mod texts;
pub mod verdict;
pub mod visitors;

pub use verdict::{Facts, Verdict, Warning};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::error::Refusal;
use crate::base::id::{LotId, ProductId, StampOrderId};
use crate::base::{Error, Fault, Faults, Kind, Result, say, text};

/// What one order can hold; serials have 24 bits in a code.
pub const MOST_STAMPS: i32 = 10_000_000;

/// `ordered` > `issue` `issued` or `refuse` `refused`; `issued` > `deliver` `delivered`.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::AsRefStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[schema(as = StampOrderState)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Ordered,
    Issued,
    Delivered,
    Refused,
}

impl State {
    pub fn issue(self) -> Result<Self> {
        match self {
            Self::Ordered => Ok(Self::Issued),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }

    pub fn refuse(self) -> Result<Self> {
        match self {
            Self::Ordered => Ok(Self::Refused),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }

    /// The printed stamps were handed over.
    pub fn deliver(self) -> Result<Self> {
        match self {
            Self::Issued => Ok(Self::Delivered),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }

    /// The producer says that the stamps came, once.
    pub fn receive(self, is_received: bool) -> Result<()> {
        if self == Self::Delivered && !is_received { Ok(()) } else { Err(Error::wrong_state(self.as_ref())) }
    }

    /// States whose stamps exist: their codes are known.
    pub const LIVE: [Self; 2] = [Self::Issued, Self::Delivered];

    /// Only stamps that were issued can be printed, activated, shown or void.
    pub fn must_be_issued(self) -> Result<()> {
        if Self::LIVE.contains(&self) { Ok(()) } else { Err(Error::wrong_state(self.as_ref())) }
    }
}

/// A new order.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderForm {
    pub product_id: ProductId,
    /// 1 to 10,000,000.
    #[schema(minimum = 1, maximum = 10_000_000)]
    pub quantity: i32,
}

impl OrderForm {
    pub fn check(&self) -> Result<()> {
        if (1..=MOST_STAMPS).contains(&self.quantity) {
            return Ok(());
        }
        Err(Error::invalid(
            "/quantity",
            "out_of_range",
            say(format!("Số tem từ 1 đến {MOST_STAMPS}."), format!("1 to {MOST_STAMPS} stamps can be ordered.")),
        ))
    }
}

/// Serials to bind to a lot, ends inclusive.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivationForm {
    pub from: i32,
    pub to: i32,
    pub lot_id: LotId,
}

/// Serials that are lost or spoilt, ends inclusive.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidForm {
    pub from: i32,
    pub to: i32,
    pub reason: String,
}

/// Serials of pieces that are shown and not sold (hàng trưng bày), ends inclusive.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisplayForm {
    pub from: i32,
    pub to: i32,
    pub reason: String,
}

impl DisplayForm {
    pub fn check(&self, quantity: i32) -> Result<Range> {
        VoidForm { from: self.from, to: self.to, reason: self.reason.clone() }.check(quantity)
    }
}

/// The receipt of a delivery (biên bản giao nhận).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliveryForm {
    /// Its number, and who took the stamps over.
    pub receipt: String,
}

impl DeliveryForm {
    pub fn check(&self) -> Result<()> {
        let mut faults = Vec::new();
        text::check(&self.receipt, "/receipt", 500, &mut faults);
        faults.into_result()
    }
}

impl VoidForm {
    pub fn check(&self, quantity: i32) -> Result<Range> {
        let mut faults = Vec::new();
        text::check(&self.reason, "/reason", 2000, &mut faults);
        let range = Range { first: self.from, last: self.to };
        range.check(quantity, &mut faults);
        faults.into_result()?;
        Ok(range)
    }
}

impl ActivationForm {
    pub fn check(&self, quantity: i32) -> Result<Range> {
        let mut faults = Vec::new();
        let range = Range { first: self.from, last: self.to };
        range.check(quantity, &mut faults);
        faults.into_result()?;
        Ok(range)
    }
}

/// A stamp: its order and its serial.
pub type Key = (StampOrderId, i32);

/// A stamp as its code names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StampNumber {
    /// The number of its order.
    pub order: i32,
    pub serial: i32,
}

/// A run of serials of one order, ends inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub first: i32,
    pub last: i32,
}

impl Range {
    pub fn check(self, quantity: i32, faults: &mut Vec<Fault>) {
        let within = |serial: i32| (1..=quantity).contains(&serial);
        let outside = |pointer: &str| {
            Fault::new(
                pointer,
                "out_of_range",
                say(
                    format!("Số thứ tự của đơn này từ 1 đến {quantity}."),
                    format!("The serials of this order are 1 to {quantity}."),
                ),
            )
        };
        if !within(self.first) {
            faults.push(outside("/from"));
        }
        if !within(self.last) {
            faults.push(outside("/to"));
        }
        if self.last < self.first {
            faults.push(Fault::new(
                "/to",
                "out_of_order",
                say("Số cuối phải từ số đầu trở lên.", "The last serial cannot be below the first."),
            ));
        }
    }

    pub fn length(self) -> i64 {
        i64::from(self.last) - i64::from(self.first) + 1
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.first == self.last { write!(f, "{}", self.first) } else { write!(f, "{}–{}", self.first, self.last) }
    }
}

/// Earlier ranges stand against a new one; all of them are named, in the text and one by one.
pub fn overlap(clashing: &[Range]) -> Error {
    let named = clashing.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let fault = |range: &Range| {
        Fault::new(
            "/from",
            "range_overlaps",
            say(format!("Trùng với dải đã ghi: {range}."), format!("It overlaps with {range}.")),
        )
    };
    Error::Refused(Box::new(Refusal {
        kind: Kind::Conflict,
        code: "range_overlaps",
        detail: say(
            format!("Dải tem trùng với dải đã ghi: {named}."),
            format!("The range overlaps with what is on record: {named}."),
        ),
        faults: clashing.iter().map(fault).collect(),
    }))
}

/// More stamps were asked for than the office allows the product in a year.
pub fn over_limit(year: i32, limit: i64, left: i64) -> Error {
    Error::conflict(
        "over_limit",
        say(
            format!("Hạn mức tem của sản phẩm trong năm {year} là {limit}; còn lại {left}."),
            format!("The product may get {limit} stamps in {year}; {left} are left."),
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn an_order_is_issued_or_refused_once() {
        let issues: Vec<_> = State::iter().filter(|state| state.issue().is_ok()).collect();
        let refuses: Vec<_> = State::iter().filter(|state| state.refuse().is_ok()).collect();
        let delivers: Vec<_> = State::iter().filter(|state| state.deliver().is_ok()).collect();
        let active: Vec<_> = State::iter().filter(|state| state.must_be_issued().is_ok()).collect();
        assert_eq!((issues, refuses, delivers), (vec![State::Ordered], vec![State::Ordered], vec![State::Issued]));
        assert_eq!(active, State::LIVE);
    }

    #[test]
    fn ranges_lie_within_the_order() {
        let lot_id = LotId::new();
        let fits = |from, to| ActivationForm { from, to, lot_id }.check(100).is_ok();
        assert!(fits(1, 100) && fits(100, 100) && fits(1, 1));
        assert!(!fits(0, 10) && !fits(1, 101) && !fits(11, 10) && !fits(-5, -1) && !fits(i32::MIN, i32::MAX));
        assert_eq!(Range { first: 1, last: 100 }.length(), 100);
    }
}
