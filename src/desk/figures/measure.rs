//! What is counted of a unit or a year.

use serde_json::Value;

use crate::desk::field::Datum;
use crate::desk::words::Wording;
use crate::http::Language;
use crate::page::words;
use crate::report::figures::{ByStars, Figures};
use crate::station::label;

/// A column of the figures' tables, and what their charts show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumIter, strum::AsRefStr, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Measure {
    Certified,
    Registered,
    Accepted,
    Approved,
    /// In đồng, over all years of the approved plans.
    Finance,
    ThreeStars,
    FourStars,
    FiveStars,
    /// Certified over all cycles and valid on the day.
    Valid,
    Shops,
}

pub const MEASURES: &[Wording] = &[
    ("certified", label("Sản phẩm được chứng nhận", "Products certified")),
    ("registered", label("Ý tưởng đăng ký", "Ideas registered")),
    ("accepted", label("Ý tưởng được chấp nhận", "Ideas accepted")),
    ("approved", label("Phương án được duyệt", "Plans approved")),
    ("finance", label("Vốn theo phương án (đồng)", "Money of plans (VND)")),
    ("three_stars", label("3 sao", "3 stars")),
    ("four_stars", label("4 sao", "4 stars")),
    ("five_stars", label("5 sao", "5 stars")),
    ("valid", label("Còn hiệu lực, mọi năm", "Valid, of all years")),
    ("shops", label("Điểm bán hàng", "Points of sale")),
];

impl Measure {
    pub fn of(self, figures: &Figures) -> usize {
        let of_stars = |stars: &str| figures.products.by_stars.get(stars).copied().unwrap_or_default();
        match self {
            Self::Certified => figures.products.certified,
            Self::Registered => figures.ideas.registered,
            Self::Accepted => figures.ideas.accepted,
            Self::Approved => figures.plans.approved,
            // Sums of money are never below nothing.
            Self::Finance => usize::try_from(figures.plans.finance.total.get()).unwrap_or_default(),
            Self::ThreeStars => of_stars("3"),
            Self::FourStars => of_stars("4"),
            Self::FiveStars => of_stars("5"),
            Self::Valid => figures.cumulative.valid,
            Self::Shops => figures.shops,
        }
    }

    pub fn written(self, figures: &Figures, language: Language) -> String {
        words::number(language, i64::try_from(self.of(figures)).unwrap_or(i64::MAX))
    }

    pub fn datum(self, figures: &Figures) -> Datum {
        let number = Value::from(self.of(figures)).as_f64();
        let kind = if self == Self::Finance { Datum::Sum } else { Datum::Number };
        number.map_or(Datum::Nothing, kind)
    }
}

/// Certified products by stars, as they are told behind a bar: `3★ 2 · 4★ 1`.
pub fn stars_told(by_stars: &ByStars) -> String {
    by_stars.iter().map(|(stars, count)| format!("{stars}★ {count}")).collect::<Vec<_>>().join(" · ")
}
