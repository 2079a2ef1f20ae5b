//! Editions of the procedure: what an act sets, as data. Nothing of it is a constant elsewhere.
//!
//! `editions.json` holds them. What was not found in the acts stands there as follows. The conditions per star of
//! 148/QĐ-TTg are in no text at hand: no edition ships with any, and a cycle may set its own. Under 148 the province
//! scores what the district sent up with 70 or more but recognises 4 stars only; where it finds 50 to below 70 after all,
//! the product is rated with 3 stars and the district, which recognises these, decides on the province's result. Under
//! 1489 the communes check and the province approves plans with their state support; the commune looks after products. 26/2026/QĐ-TTg says nothing of ideas and plans: they go as under 1489.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::Role;
use crate::base::error::Refusal;
use crate::base::{Day, Error, Kind, Level, Mean, Points, Result, Stars, say};
use crate::cycle::again::Again;
use crate::cycle::composition::Composition;
use crate::cycle::condition::{Condition, Excerpted};
use crate::cycle::decisions::{DecisionKind, Revocation};
use crate::cycle::dossiers::{DossierRules, Entrants};
use crate::cycle::known_marks::KnownMark;

/// The editions that the service knows.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ToSchema,
    strum::AsRefStr,
    strum::EnumString,
    strum::EnumIter,
)]
pub enum EditionCode {
    /// 1048/QĐ-TTg (2019), amended by 781/QĐ-TTg (2020).
    #[serde(rename = "1048-2019")]
    #[strum(serialize = "1048-2019")]
    Of2019,
    /// 148/QĐ-TTg (2023).
    #[serde(rename = "148-2023")]
    #[strum(serialize = "148-2023")]
    Of2023,
    /// 148/QĐ-TTg as amended by 1489/QĐ-TTg (2025), without districts.
    #[serde(rename = "1489-2025")]
    #[strum(serialize = "1489-2025")]
    Of2025,
    /// 26/2026/QĐ-TTg (2026), with least options.
    #[serde(rename = "26-2026")]
    #[strum(serialize = "26-2026")]
    Of2026,
}

/// What one edition of the procedure sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    pub code: EditionCode,
    /// The acts it comes from.
    pub act: String,
    pub in_force_from: Day,
    /// The first day on which it is no longer in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lapsed_on: Option<Day>,
    /// The most points of each part (A, B, C) of a criteria set.
    #[schema(value_type = std::collections::HashMap<String, i32>)]
    pub weights: BTreeMap<String, Points>,
    /// Half-open bands of the mean, from the lowest up.
    pub bands: Vec<Band>,
    /// The councils that score, in their order.
    pub stages: Vec<Stage>,
    /// Who takes which step of ideas, plans and products.
    pub steps: Steps,
    /// Who must sit in a council; none where the act leaves it to who appoints it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub composition: Option<Composition>,
    /// Which kinds of producer take part.
    pub entrants: Entrants,
    /// What is asked of dossiers, and their way to the councils.
    pub dossiers: DossierRules,
    /// The rounds that a cycle has unless the province sets others; none where the act leaves them to the province.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rounds: Vec<UsualRound>,
    /// What a product needs for its stars beside the points.
    pub conditions: Vec<Condition>,
    /// Conditions that were seen in an excerpt of an act only: they are told of, and bind nobody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excerpted: Vec<Excerpted>,
    /// Whether its criteria sets have least options.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub least_options: bool,
    /// Marks that the producer's data tell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known_marks: Vec<KnownMark>,
    /// How long a certificate is valid, from its issue.
    pub certificate_months: u32,
    /// How many days before a certificate ends its issuer must have given written notice.
    pub notice_days: u32,
    /// The kinds of decision that it knows.
    pub decisions: Vec<DecisionKind>,
    /// How certificates are taken back.
    pub revocation: Revocation,
    /// When products are rated again, where the act says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<Again>,
    /// What becomes of dossiers that were handed in under earlier editions, where the act says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transition: Option<Transition>,
}

/// Who does what before the councils score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Steps {
    /// An idea's steps after its submission, in their order.
    pub ideas: Vec<IdeaStage>,
    /// Approves, returns or rejects business plans, and with them the state's support.
    pub approves_plans: Role,
    /// Names who is responsible for a product, and records visits.
    pub looks_after: Role,
}

/// One step of an idea.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdeaStage {
    pub step: IdeaStep,
    pub by: Role,
    /// Who takes the first step may hold an idea for so many days from its submission; then the next one may take it up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_days: Option<u32>,
    /// Whether an idea may end here; who only compiles does not reject.
    pub may_reject: bool,
}

/// A round of each year (article 5 of 26/2026/QĐ-TTg).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UsualRound {
    /// By when the level below has handed its proposals up.
    pub proposed_until: DayOfYear,
    /// By when the province has rated them.
    pub rated_until: DayOfYear,
}

/// What an act says of dossiers of the editions before it (điều khoản chuyển tiếp; article 12.2 of 26/2026/QĐ-TTg).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// The editions whose dossiers go on by their own rules, where they were handed in before the act.
    pub of: Vec<EditionCode>,
    /// Their rating is completed within so many days from the act's first day, which is not counted (article 147.2 of the
    /// Civil Code); so is a rating for more stars.
    pub within_days: u32,
    /// And a rating again within so many.
    pub again_within_days: u32,
}

/// A day that each year has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DayOfYear {
    #[schema(minimum = 1, maximum = 12)]
    pub month: u32,
    #[schema(minimum = 1, maximum = 31)]
    pub day: u32,
}

impl DayOfYear {
    pub fn of(self, year: i32) -> Option<Day> {
        Day::new(year, self.month, self.day)
    }
}

/// What is done with an idea that was submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdeaStep {
    Forward,
    Select,
    Accept,
}

/// Means from `from` up to the next band have these stars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    pub from: Points,
    pub stars: Stars,
}

/// A council's part (hội đồng cấp huyện, cấp tỉnh).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    pub level: Level,
    /// A mean from here on goes up to the next stage; after the last one it is proposed to the centre.
    pub sends_up_at: Points,
    /// The stars that this stage recognises itself.
    pub recognises: Vec<Stars>,
    /// With how many stars a product is recognised that is proposed to the centre, until the centre's result is known; none
    /// where only its result is approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i32>)]
    pub until_centre: Option<Stars>,
}

impl EditionCode {
    /// The edition in force on a day: the newest that has begun, and before all of them the first.
    pub fn in_force_on(day: Day) -> Result<Self> {
        let begun = editions()?.iter().filter(|edition| edition.in_force_from <= day);
        Ok(begun.map(|edition| edition.code).max().unwrap_or(Self::Of2019))
    }

    /// The edition's data.
    pub fn edition(self) -> Result<Edition> {
        editions()?
            .iter()
            .find(|edition| edition.code == self)
            .cloned()
            .ok_or_else(|| Error::internal(format!("cycle/editions.json lacks {}", self.as_ref())))
    }
}

/// All editions, read once: steps and public pages ask for them all the time.
pub(super) fn editions() -> Result<&'static [Edition]> {
    static EDITIONS: LazyLock<Result<Vec<Edition>>> = LazyLock::new(|| {
        serde_json::from_str(include_str!("editions.json"))
            .map_err(|error| Error::internal(format!("cycle/editions.json: {error}")))
    });
    EDITIONS.as_deref().map_err(Error::clone)
}

impl Edition {
    /// Whether a cycle of `year` may be made or opened under it on `today`: from the year in which it enters into force, until
    /// it lapses, and for no year that begins later.
    pub fn must_be_in_force(&self, year: i32, today: Day) -> Result<()> {
        let has_lapsed = |day: Day| self.lapsed_on.is_some_and(|lapsed| lapsed <= day);
        let is_early = Day::end_of(year).is_some_and(|end| end < self.in_force_from);
        if !is_early && !has_lapsed(today) && !Day::new(year, 1, 1).is_some_and(has_lapsed) {
            return Ok(());
        }
        let day = if is_early {
            Day::end_of(year).unwrap_or(today)
        } else {
            Day::new(year, 1, 1).map_or(today, |first| first.max(today))
        };
        let act = EditionCode::in_force_on(day)?.edition()?;
        Err(Error::Refused(Box::new(Refusal {
            kind: Kind::Invalid,
            code: "edition_not_in_force",
            detail: say(
                format!(
                    "Phiên bản {} không áp dụng cho năm {year}; văn bản có hiệu lực là {}.",
                    self.code.as_ref(),
                    act.act
                ),
                format!(
                    "The edition {} is not in force for {year}; the act in force is {}.",
                    self.code.as_ref(),
                    act.act
                ),
            ),
            faults: Vec::new(),
        })))
    }

    /// The stars of a mean: the highest band that it reaches.
    pub fn stars(&self, mean: Mean) -> Result<Stars> {
        self.bands
            .iter()
            .rev()
            .find(|band| mean.reaches(band.from))
            .map(|band| band.stars)
            .ok_or_else(|| Error::internal(format!("{} has no band for {mean}", self.code.as_ref())))
    }

    /// The fewest stars for which any stage gives a certificate.
    pub fn lowest_recognised(&self) -> Option<Stars> {
        self.stages.iter().flat_map(|stage| stage.recognises.iter().copied()).min()
    }

    /// The stage of a level, if its councils score in this edition.
    pub fn stage(&self, level: Level) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.level == level)
    }

    /// Which level's decision recognises these stars where a council of `level` gave them: its own, else the one below it
    /// whose stars they are; None where no one of them does.
    pub fn recogniser(&self, level: Level, stars: Stars) -> Option<Level> {
        let upto = self.stages.iter().position(|stage| stage.level == level)?;
        let recognises = |stage: &&Stage| stage.recognises.contains(&stars);
        self.stages.iter().take(upto.saturating_add(1)).rev().find(recognises).map(|stage| stage.level)
    }

    /// The offices of the levels that score.
    pub fn offices(&self) -> Vec<Role> {
        self.stages.iter().map(|stage| office(stage.level)).collect()
    }

    /// Whether no other council scores after this level.
    pub fn is_last(&self, level: Level) -> bool {
        self.stages.last().is_some_and(|stage| stage.level == level)
    }

    /// Whether this level's council is the first to score.
    pub fn is_first(&self, level: Level) -> bool {
        self.stages.first().is_some_and(|stage| stage.level == level)
    }
}

/// The office of a level.
fn office(level: Level) -> Role {
    match level {
        Level::Province => Role::ProvincialOfficer,
        Level::District => Role::DistrictOfficer,
        Level::Commune => Role::CommuneOfficer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn every_edition_is_on_file_and_adds_up() {
        for code in EditionCode::iter() {
            let edition = code.edition().unwrap();
            assert_eq!(edition.weights.values().map(|points| points.get()).sum::<i32>(), 100);
            assert!(edition.bands.windows(2).all(|pair| pair[0].from < pair[1].from && pair[0].stars < pair[1].stars));
            assert_eq!(edition.bands[0].from, Points::ZERO);
            assert!(edition.is_last(Level::Province));
            assert_eq!(edition.steps.ideas.last().map(|stage| stage.step), Some(IdeaStep::Accept));
            assert!(edition.steps.ideas.iter().skip(1).all(|stage| stage.within_days.is_none()));
            assert_eq!((edition.certificate_months, edition.notice_days), (36, 30));
        }
    }

    #[test]
    fn stars_are_recognised_where_the_edition_says_also_from_above() {
        use Level::{District, Province};
        let level = |code: EditionCode, at, stars| code.edition().unwrap().recogniser(at, Stars::new(stars).unwrap());
        for (code, at, stars, expected) in [
            (EditionCode::Of2019, Province, 3, Some(Province)),
            (EditionCode::Of2019, District, 3, None),
            (EditionCode::Of2023, District, 3, Some(District)),
            (EditionCode::Of2023, District, 4, None),
            (EditionCode::Of2023, Province, 3, Some(District)),
            (EditionCode::Of2023, Province, 4, Some(Province)),
            (EditionCode::Of2023, Province, 2, None),
            (EditionCode::Of2025, Province, 3, Some(Province)),
            (EditionCode::Of2025, District, 3, None),
        ] {
            assert_eq!(level(code, at, stars), expected, "{code:?} {at:?} {stars}");
        }
    }

    #[test]
    fn the_edition_in_force_is_the_newest_that_has_begun() {
        let on = |day: &str| EditionCode::in_force_on(day.parse().unwrap()).unwrap();
        for (day, code) in [
            ("2018-01-01", EditionCode::Of2019),
            ("2021-02-22", EditionCode::Of2019),
            ("2023-02-23", EditionCode::Of2019),
            ("2023-02-24", EditionCode::Of2023),
            ("2025-07-05", EditionCode::Of2023),
            ("2025-07-06", EditionCode::Of2025),
            ("2026-05-21", EditionCode::Of2025),
            ("2026-05-22", EditionCode::Of2026),
            ("2030-01-01", EditionCode::Of2026),
        ] {
            assert_eq!(on(day), code, "{day}");
        }
    }

    #[test]
    fn a_lapsed_edition_opens_no_cycle_and_names_the_act_in_force() {
        let asked = |code: EditionCode, year, today: &str| {
            code.edition().unwrap().must_be_in_force(year, today.parse().unwrap()).map_err(|error| {
                let refusal = error.refusal().unwrap().clone();
                (refusal.code, refusal.detail.en.into_owned())
            })
        };
        for (code, year, today) in [
            (EditionCode::Of2019, 2019, "2021-02-22"),
            (EditionCode::Of2019, 2021, "2021-02-22"),
            (EditionCode::Of2023, 2023, "2023-01-05"),
            (EditionCode::Of2025, 2025, "2025-03-01"),
            (EditionCode::Of2025, 2026, "2026-01-05"),
            (EditionCode::Of2025, 2026, "2026-07-20"),
            (EditionCode::Of2026, 2026, "2026-01-05"),
            (EditionCode::Of2026, 2027, "2026-11-26"),
        ] {
            assert_eq!(asked(code, year, today), Ok(()), "{code:?} {year} {today}");
        }
        for (code, year, today, act) in [
            (EditionCode::Of2025, 2026, "2026-07-21", "26/2026"),
            (EditionCode::Of2025, 2027, "2026-06-01", "26/2026"),
            (EditionCode::Of2025, 2027, "2027-01-04", "26/2026"),
            (EditionCode::Of2026, 2025, "2026-09-15", "1489"),
            (EditionCode::Of2019, 2024, "2024-01-05", "148/"),
        ] {
            let (refused, detail) = asked(code, year, today).unwrap_err();
            assert_eq!(refused, "edition_not_in_force", "{code:?} {year} {today}");
            assert!(detail.contains(act), "{detail}");
        }
    }

    #[test]
    fn without_districts_no_step_is_a_districts() {
        for code in [EditionCode::Of2025, EditionCode::Of2026] {
            let edition = code.edition().unwrap();
            let steps = &edition.steps;
            let mut roles: Vec<Role> = steps.ideas.iter().map(|stage| stage.by).collect();
            roles.extend([steps.approves_plans, steps.looks_after]);
            roles.extend(edition.offices());
            assert!(!roles.contains(&Role::DistrictOfficer), "{roles:?}");
        }
    }

    #[test]
    fn bands_are_half_open_and_no_mean_is_rounded_up() {
        let edition = EditionCode::Of2019.edition().unwrap();
        let stars = |sum, sheets| edition.stars(Mean::new(sum, sheets).unwrap()).unwrap().get();
        assert_eq!(stars(0, 1), 1);
        assert_eq!(stars(2999, 100), 1);
        assert_eq!(stars(30, 1), 2);
        assert_eq!(stars(399, 8), 2);
        assert_eq!(stars(400, 8), 3);
        assert_eq!(stars(139, 2), 3);
        assert_eq!(stars(70, 1), 4);
        assert_eq!(stars(179, 2), 4);
        assert_eq!(stars(90, 1), 5);
        assert_eq!(stars(100, 1), 5);
    }
}
