//! The count of a council: whether its rules hold, the exact mean, and which outcome and stars follow.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Error, Level, Mean, Result, Stars, say};
use crate::criteria::GateKind;
use crate::cycle::Edition;
use crate::rating::council::CouncilRules;
use crate::rating::sheet::Vote;

/// What a council can come to (kết quả).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    /// Bị loại: all raised a gate that rejects.
    Disqualified,
    /// Dừng đánh giá: all raised a gate that stops.
    Stopped,
    /// Chưa đạt.
    BelowThreshold,
    /// Chưa đạt phương án tối thiểu của hạng 3 sao, dù đủ điểm.
    LeastOptionsUnmet,
    /// Chuyển hội đồng cấp trên.
    Forwarded,
    /// Phân hạng: has its stars.
    Rated,
    /// Đề nghị trung ương: has the stars that its edition gives until the centre's result is known, or none.
    ProposedToCentre,
}

impl Outcome {
    /// Whether a product with this outcome may stand again in a later round.
    pub fn may_stand_again(self) -> bool {
        matches!(self, Self::Disqualified | Self::Stopped | Self::BelowThreshold | Self::LeastOptionsUnmet)
    }
}

/// The count of the submitted sheets, without anybody's marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    pub sheets: usize,
    pub needed: usize,
    /// Whether the sheet of who presides is among them.
    pub has_presiding: bool,
    /// How far apart the totals lie.
    pub spread: i32,
    pub max_spread: i32,
    /// Sheets that were scored through, that reject, that stop.
    pub scored: usize,
    pub rejected: usize,
    pub stopped: usize,
}

/// With fewer sheets neither spread nor gates are told.
const FEWEST_TOLD: usize = 3;

/// A rule of the council that its sheets break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Broken {
    NoQuorum,
    GatesDisagree,
    SpreadTooWide,
}

impl Tally {
    pub fn of(rules: &CouncilRules, seats: usize, has_presiding: bool, votes: &[Vote]) -> Self {
        let totals: Vec<i32> = votes
            .iter()
            .filter_map(|vote| match vote {
                Vote::Scored(total) => Some(total.get()),
                Vote::Gated(_) => None,
            })
            .collect();
        let gated = |kind| votes.iter().filter(|vote| **vote == Vote::Gated(kind)).count();
        Self {
            sheets: votes.len(),
            needed: rules.needed(seats),
            has_presiding,
            spread: totals.iter().max().copied().unwrap_or(0) - totals.iter().min().copied().unwrap_or(0),
            max_spread: rules.max_spread.get(),
            scored: totals.len(),
            rejected: gated(GateKind::Reject),
            stopped: gated(GateKind::Stop),
        }
    }

    pub fn gates_disagree(&self) -> bool {
        [self.scored, self.rejected, self.stopped].iter().filter(|sheets| **sheets > 0).count() > 1
    }

    /// The rules that are broken; with none the council may conclude.
    pub fn broken(&self) -> Vec<Broken> {
        let mut broken = Vec::new();
        if self.sheets < self.needed || !self.has_presiding {
            broken.push(Broken::NoQuorum);
        }
        if self.gates_disagree() {
            broken.push(Broken::GatesDisagree);
        }
        if self.spread > self.max_spread {
            broken.push(Broken::SpreadTooWide);
        }
        broken
    }

    /// Whether spread and gates may be told: with fewer sheets one member would learn another's total.
    pub fn tells_marks_of_many(&self) -> bool {
        self.sheets >= self.needed.max(FEWEST_TOLD)
    }

    /// As [`Tally::must_hold`], as far as it may be told.
    pub fn must_hold_as_shown(&self) -> Result<()> {
        let lacks_quorum = self.broken().contains(&Broken::NoQuorum);
        if lacks_quorum || self.tells_marks_of_many() { self.must_hold() } else { Ok(()) }
    }

    /// 409 where a rule is broken, naming what is missing.
    pub fn must_hold(&self) -> Result<()> {
        let Some(broken) = self.broken().first().copied() else { return Ok(()) };
        let Self { sheets, needed, spread, max_spread, .. } = self;
        Err(match broken {
            Broken::NoQuorum if sheets < needed => Error::conflict(
                "no_quorum",
                say(
                    format!("Mới có {sheets} phiếu đã nộp, cần ít nhất {needed}."),
                    format!("{sheets} sheets were submitted, at least {needed} are needed."),
                ),
            ),
            Broken::NoQuorum => Error::conflict(
                "no_quorum",
                say(
                    format!("Có {sheets} phiếu nhưng thiếu phiếu của người chủ trì."),
                    format!("There are {sheets} sheets, but the one of who presides is missing."),
                ),
            ),
            Broken::GatesDisagree => Error::conflict(
                "gates_disagree",
                say(
                    format!(
                        "{} phiếu chấm điểm, {} phiếu đề nghị loại, {} phiếu đề nghị dừng: hội đồng cần thống nhất.",
                        self.scored, self.rejected, self.stopped
                    ),
                    format!(
                        "{} sheets score, {} reject, {} stop: the council must agree.",
                        self.scored, self.rejected, self.stopped
                    ),
                ),
            ),
            Broken::SpreadTooWide => Error::conflict(
                "spread_too_wide",
                say(
                    format!("Các phiếu chênh nhau {spread} điểm, tối đa {max_spread}."),
                    format!("The sheets lie {spread} points apart, at most {max_spread} are allowed."),
                ),
            ),
        })
    }
}

/// What follows from sheets that break no rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub outcome: Outcome,
    pub stars: Option<Stars>,
    /// The sum of the totals; 0 where a gate ended the evaluation.
    pub sum: i32,
    pub sheets: i32,
}

/// Concludes from the votes of a level's council. The order of the votes means nothing.
pub fn conclude(edition: &Edition, level: Level, votes: &[Vote]) -> Result<Verdict> {
    let sheets = i32::try_from(votes.len()).map_err(Error::internal)?;
    let gate = votes.iter().find_map(|vote| match vote {
        Vote::Gated(kind) => Some(*kind),
        Vote::Scored(_) => None,
    });
    if let Some(kind) = gate {
        let outcome = match kind {
            GateKind::Reject => Outcome::Disqualified,
            GateKind::Stop => Outcome::Stopped,
        };
        return Ok(Verdict { outcome, stars: None, sum: 0, sheets });
    }
    let totals = votes.iter().map(|vote| match vote {
        Vote::Scored(total) => total.get(),
        Vote::Gated(_) => 0,
    });
    let sum = totals.sum();
    let mean = mean(sum, sheets).ok_or_else(|| Error::internal("a conclusion without sheets"))?;
    let (outcome, stars) = outcome(edition, level, mean)?;
    Ok(Verdict { outcome, stars, sum, sheets })
}

/// The exact mean of a result, which one without sheets does not have.
pub fn mean(sum: i32, sheets: i32) -> Option<Mean> {
    Mean::new(sum.into(), sheets.into())
}

/// The outcome of a mean at a level's council, by the data of the edition.
fn outcome(edition: &Edition, level: Level, mean: Mean) -> Result<(Outcome, Option<Stars>)> {
    let stage = edition
        .stage(level)
        .ok_or_else(|| Error::internal(format!("{} has no council of a {}", edition.code.as_ref(), level.as_ref())))?;
    if mean.reaches(stage.sends_up_at) {
        return Ok(if edition.is_last(level) {
            (Outcome::ProposedToCentre, stage.until_centre)
        } else {
            (Outcome::Forwarded, None)
        });
    }
    let stars = edition.stars(mean)?;
    Ok(rated(edition, level, stars))
}

/// What stars come to that a level's council gives: they are rated where its own or a lower level recognises them.
pub fn rated(edition: &Edition, level: Level, stars: Stars) -> (Outcome, Option<Stars>) {
    match edition.recogniser(level, stars) {
        Some(_) => (Outcome::Rated, Some(stars)),
        None => (Outcome::BelowThreshold, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Points;
    use crate::cycle::EditionCode;
    use proptest::prelude::*;

    fn points(points: i32) -> Points {
        Points::new(points).unwrap()
    }

    fn scored(totals: &[i32]) -> Vec<Vote> {
        totals.iter().map(|total| Vote::Scored(points(*total))).collect()
    }

    fn of(code: EditionCode, level: Level, totals: &[i32]) -> (Outcome, Option<i32>) {
        let verdict = conclude(&code.edition().unwrap(), level, &scored(totals)).unwrap();
        (verdict.outcome, verdict.stars.map(Stars::get))
    }

    #[test]
    fn eight_sheets_with_399_stay_below_and_400_go_up() {
        let code = EditionCode::Of2019;
        let mut totals = [50; 8];
        totals[7] = 49;
        let verdict = conclude(&code.edition().unwrap(), Level::District, &scored(&totals)).unwrap();
        assert_eq!((verdict.outcome, verdict.sum, verdict.sheets), (Outcome::BelowThreshold, 399, 8));
        assert_eq!(mean(verdict.sum, verdict.sheets).unwrap().to_string(), "49.87");
        assert_eq!(of(code, Level::District, &[50; 8]), (Outcome::Forwarded, None));
        assert_eq!(mean(9999, 200).unwrap().compare(points(50)), std::cmp::Ordering::Less);
    }

    #[test]
    fn each_edition_gives_its_own_outcomes() {
        use EditionCode::{Of2019, Of2023, Of2025};
        use Level::{District, Province};
        for (code, level, total, expected) in [
            (Of2019, Province, 49, (Outcome::BelowThreshold, None)),
            (Of2019, Province, 50, (Outcome::Rated, Some(3))),
            (Of2019, Province, 70, (Outcome::Rated, Some(4))),
            (Of2019, Province, 90, (Outcome::ProposedToCentre, Some(4))),
            (Of2019, District, 90, (Outcome::Forwarded, None)),
            (Of2023, District, 49, (Outcome::BelowThreshold, None)),
            (Of2023, District, 69, (Outcome::Rated, Some(3))),
            (Of2023, District, 70, (Outcome::Forwarded, None)),
            (Of2023, Province, 89, (Outcome::Rated, Some(4))),
            (Of2023, Province, 69, (Outcome::Rated, Some(3))),
            (Of2023, Province, 49, (Outcome::BelowThreshold, None)),
            (Of2023, Province, 90, (Outcome::ProposedToCentre, Some(4))),
            (Of2025, Province, 50, (Outcome::Rated, Some(3))),
        ] {
            assert_eq!(of(code, level, &[total; 3]), expected, "{code:?} {level:?} {total}");
        }
        let edition = Of2025.edition().unwrap();
        assert!(conclude(&edition, District, &scored(&[50; 3])).is_err());
    }

    #[test]
    fn gates_that_all_raise_end_the_evaluation() {
        let edition = EditionCode::Of2019.edition().unwrap();
        for (kind, outcome) in [(GateKind::Reject, Outcome::Disqualified), (GateKind::Stop, Outcome::Stopped)] {
            let votes = [Vote::Gated(kind); 3];
            assert!(Tally::of(&CouncilRules::default(), 3, true, &votes).must_hold().is_ok());
            let verdict = conclude(&edition, Level::District, &votes).unwrap();
            assert_eq!((verdict.outcome, verdict.stars, verdict.sum), (outcome, None, 0));
        }
    }

    #[test]
    fn each_broken_rule_is_named() {
        let rules = CouncilRules::default();
        let broken = |seats, has_presiding, votes: &[Vote]| Tally::of(&rules, seats, has_presiding, votes).broken();
        assert_eq!(broken(4, true, &scored(&[50, 55, 60])), []);
        assert_eq!(broken(5, true, &scored(&[50, 55, 60])), [Broken::NoQuorum]);
        assert_eq!(broken(2, true, &scored(&[50, 55])), [Broken::NoQuorum]);
        assert_eq!(broken(4, false, &scored(&[50, 55, 60])), [Broken::NoQuorum]);
        assert_eq!(broken(4, true, &scored(&[50, 55, 61])), [Broken::SpreadTooWide]);
        let mut votes = scored(&[50, 55]);
        votes.push(Vote::Gated(GateKind::Stop));
        assert_eq!(broken(4, true, &votes), [Broken::GatesDisagree]);
        let gates = [Vote::Gated(GateKind::Stop), Vote::Gated(GateKind::Stop), Vote::Gated(GateKind::Reject)];
        assert_eq!(broken(4, true, &gates), [Broken::GatesDisagree]);
        let code = |votes: &[Vote]| {
            let error = Tally::of(&rules, 7, true, votes).must_hold().unwrap_err();
            let refusal = error.refusal().unwrap().clone();
            (refusal.code, refusal.detail.en.into_owned())
        };
        assert_eq!(code(&votes).0, "no_quorum");
        assert!(code(&votes).1.contains('3') && code(&votes).1.contains('6'));
    }

    #[test]
    fn with_few_sheets_an_offer_tells_of_the_quorum_alone() {
        let rules = CouncilRules { least_sheets: 1, quorum: "1/4".parse().unwrap(), ..CouncilRules::default() };
        let tally = |has_presiding, totals: &[i32]| Tally::of(&rules, 4, has_presiding, &scored(totals));
        assert!(tally(true, &[40, 90]).must_hold().is_err());
        assert!(tally(true, &[40, 90]).must_hold_as_shown().is_ok());
        assert!(tally(true, &[40, 90, 60]).must_hold_as_shown().is_err());
        assert!(tally(true, &[60, 60, 60]).must_hold_as_shown().is_ok());
        assert!(tally(true, &[]).must_hold_as_shown().is_err());
        assert!(tally(false, &[60, 60]).must_hold_as_shown().is_err());
    }

    proptest! {
        #[test]
        fn mean_threshold_and_band_agree_with_fractions_in_any_order(
            totals in prop::collection::vec(0..=100i32, 1..20), turn in 0..20usize,
        ) {
            let edition = EditionCode::Of2019.edition().unwrap();
            let sheets = i64::try_from(totals.len()).unwrap();
            let sum: i64 = totals.iter().map(|total| i64::from(*total)).sum();
            let district = conclude(&edition, Level::District, &scored(&totals)).unwrap();
            prop_assert_eq!(district.outcome == Outcome::Forwarded, sum >= 50 * sheets);
            prop_assert_eq!(district.outcome == Outcome::BelowThreshold, sum < 50 * sheets);
            let province = conclude(&edition, Level::Province, &scored(&totals)).unwrap();
            let expected = if sum >= 90 * sheets { (Outcome::ProposedToCentre, Some(4)) }
                else if sum >= 70 * sheets { (Outcome::Rated, Some(4)) }
                else if sum >= 50 * sheets { (Outcome::Rated, Some(3)) }
                else { (Outcome::BelowThreshold, None) };
            prop_assert_eq!((province.outcome, province.stars.map(Stars::get)), expected);
            let mut turned = totals.clone();
            turned.rotate_left(turn % totals.len());
            prop_assert_eq!(conclude(&edition, Level::Province, &scored(&turned)).unwrap(), province);
            let tally = |totals: &[i32]| Tally::of(&CouncilRules::default(), 5, true, &scored(totals));
            prop_assert_eq!(tally(&totals), tally(&turned));
            let spread = totals.iter().max().unwrap() - totals.iter().min().unwrap();
            prop_assert_eq!(tally(&totals).broken().contains(&Broken::SpreadTooWide), spread > 10);
        }

        #[test]
        fn raising_one_total_never_lowers_the_outcome(
            totals in prop::collection::vec(0..=100i32, 1..10), which in 0..10usize, by in 0..=100i32,
        ) {
            let rank = |totals: &[i32]| match of(EditionCode::Of2019, Level::Province, totals) {
                (Outcome::BelowThreshold, _) => 0,
                (Outcome::Rated, stars) => stars.unwrap(),
                (Outcome::ProposedToCentre, _) => 5,
                other => panic!("{other:?}"),
            };
            let mut raised = totals.clone();
            let which = which % totals.len();
            raised[which] = (raised[which] + by).min(100);
            prop_assert!(rank(&raised) >= rank(&totals));
        }
    }
}
