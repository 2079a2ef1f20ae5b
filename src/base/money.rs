//! Money: whole Vietnamese đồng.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Error, Result};

/// An amount of Vietnamese đồng (VND), never negative, at most 10^15 (a million billion) so that sums cannot overflow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "i64", into = "i64")]
#[schema(value_type = i64, minimum = 0, maximum = 1_000_000_000_000_000i64)]
pub struct Vnd(i64);

impl Vnd {
    pub const ZERO: Self = Self(0);
    const MOST: i64 = 1_000_000_000_000_000;

    pub fn new(amount: i64) -> Option<Self> {
        (0..=Self::MOST).contains(&amount).then_some(Self(amount))
    }

    pub fn get(self) -> i64 {
        self.0
    }

    /// The sum; an overflow cannot come from amounts that passed the door, so it is an internal error.
    pub fn plus(self, other: Self) -> Result<Self> {
        self.0.checked_add(other.0).map(Self).ok_or_else(|| Error::internal("a sum of money overflows"))
    }
}

impl TryFrom<i64> for Vnd {
    type Error = String;
    fn try_from(amount: i64) -> std::result::Result<Self, String> {
        Self::new(amount).ok_or_else(|| format!("expected an amount of 0 to {} VND, got {amount}", Self::MOST))
    }
}

impl From<Vnd> for i64 {
    fn from(amount: Vnd) -> i64 {
        amount.0
    }
}

impl AsRef<i64> for Vnd {
    fn as_ref(&self) -> &i64 {
        &self.0
    }
}
