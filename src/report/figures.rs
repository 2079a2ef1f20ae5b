//! What a report shows.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::base::{Day, UnitCode, Vnd};
use crate::plan::rules::FinanceSums;

/// Products by their stars; only stars that occur are listed.
pub type ByStars = BTreeMap<String, usize>;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Report {
    pub year: i32,
    /// The last day that counts.
    pub on: Day,
    #[serde(flatten)]
    pub figures: Figures,
    /// The same figures by district, or by commune where there is none; they sum to the totals.
    pub by_unit: Vec<UnitFigures>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnitFigures {
    pub unit_code: UnitCode,
    #[serde(flatten)]
    pub figures: Figures,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Figures {
    pub ideas: Ideas,
    pub plans: Plans,
    pub products: Products,
    pub rounds: Vec<RoundFigures>,
    /// Over all cycles, each product at its latest certificate.
    pub cumulative: Cumulative,
    pub stamps: Stamps,
    /// Points of sale that are open.
    pub shops: usize,
    /// Inspections whose visit began in the calendar year.
    pub inspections: InspectionFigures,
    /// Claims of support money of the calendar year.
    pub support: SupportFigures,
    /// Rewards of products that were recognised in the cycle.
    pub rewards: RewardFigures,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ideas {
    pub registered: usize,
    pub selected: usize,
    pub accepted: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Plans {
    pub approved: usize,
    /// In VND, over all years of the plans.
    pub finance: FinanceSums,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Products {
    pub scored: usize,
    pub forwarded: usize,
    pub certified: usize,
    #[schema(value_type = std::collections::HashMap<String, i64>)]
    pub by_stars: ByStars,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RoundFigures {
    pub round: i32,
    pub district: DistrictFigures,
    pub province: ProvinceFigures,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct DistrictFigures {
    pub scored: usize,
    pub forwarded: usize,
    /// Forwarded products by the band of their mean.
    #[schema(value_type = std::collections::HashMap<String, i64>)]
    pub by_stars: ByStars,
    /// Certified by districts, where the edition lets them recognise stars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certified: Option<usize>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProvinceFigures {
    pub admitted: usize,
    pub scored: usize,
    pub certified: usize,
    #[schema(value_type = std::collections::HashMap<String, i64>)]
    pub by_stars: ByStars,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cumulative {
    pub certified: usize,
    /// Of them still valid on the day.
    pub valid: usize,
    #[schema(value_type = std::collections::HashMap<String, i64>)]
    pub by_stars: ByStars,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Stamps {
    /// Products with an approved plan in the cycle.
    pub eligible: usize,
    /// Of them with stamps that were issued.
    pub with_stamps: usize,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct InspectionFigures {
    pub made: usize,
    pub periodic: usize,
    pub sudden: usize,
    pub passed: usize,
    pub failed: usize,
    /// Items that minutes tell to be broken.
    pub findings: usize,
    /// Orders to correct past their last day without a reply.
    pub overdue: usize,
}

/// Claims that were handed in and not returned since, and their sums in VND.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct SupportSums {
    pub claims: usize,
    pub claimed: Vnd,
    pub accepted: Vnd,
    pub decided: Vnd,
    pub paid: Vnd,
    pub taken_back: Vnd,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct SupportFigures {
    #[serde(flatten)]
    pub sums: SupportSums,
    /// The same by the budget that pays; they sum to the totals.
    pub by_source: BTreeMap<String, SupportSums>,
}

/// Rewards that are decided, in VND.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct RewardFigures {
    pub products: usize,
    pub by_stars: ByStars,
    pub amount: Vnd,
    pub paid: Vnd,
}
