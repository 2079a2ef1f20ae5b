//! A cycle's states, and what makes a cycle's form right.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Day, Error, Fault, Faults, Message, Result, say};
use crate::cycle::condition::{self, Condition};
use crate::cycle::edition::{Edition, UsualRound};

/// `draft` > `open` > `closed`.
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
#[schema(as = CycleState)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Draft,
    Open,
    Closed,
}

impl State {
    pub fn open(self) -> Result<Self> {
        match self {
            Self::Draft => Ok(Self::Open),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }

    pub fn close(self) -> Result<Self> {
        match self {
            Self::Open => Ok(Self::Closed),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }

    /// Only a draft is corrected.
    pub fn change(self) -> Result<()> {
        match self {
            Self::Draft => Ok(()),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }

    /// Work of a cycle is done while it is open; late work is taken, closing ends it.
    pub fn must_be_open(self) -> Result<()> {
        match self {
            Self::Open => Ok(()),
            _ => Err(Error::conflict(
                "cycle_not_open",
                say("Chu trình của năm này không mở.", "The cycle of this year is not open."),
            )),
        }
    }
}

/// From when on a product may be given stamps.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum StampsFrom {
    /// Goods on sale must carry the stamp, also before they are rated.
    #[default]
    PlanApproved,
    Certified,
}

/// A round (đợt) of a year: by when the district, then the province, has scored.
///
/// Where there are no districts, the first day is by when the communes have handed their proposals up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Round {
    pub number: i32,
    pub district_deadline: Day,
    pub province_deadline: Day,
}

/// What the province set itself for the year.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Targets {
    /// Products certified, at least.
    pub certified: Option<i32>,
    /// Of them with four stars or more.
    pub four_stars_or_more: Option<i32>,
    /// Organisations strengthened.
    pub organisations_strengthened: Option<i32>,
    /// New organisations.
    pub organisations_new: Option<i32>,
    /// New points of sale.
    pub shops: Option<i32>,
}

/// The rounds that an edition's act names, in a year. A field error where it names none.
pub fn usual_rounds(edition: &Edition, year: i32) -> Result<Vec<Round>> {
    if edition.rounds.is_empty() {
        return Err(Error::invalid(
            "/rounds",
            "required",
            say("Phiên bản này không định sẵn đợt: hãy nêu các đợt.", "This edition sets no rounds: name them."),
        ));
    }
    let dated = |(usual, number): (&UsualRound, i32)| {
        Some(Round {
            number,
            district_deadline: usual.proposed_until.of(year)?,
            province_deadline: usual.rated_until.of(year)?,
        })
    };
    let rounds: Option<Vec<Round>> = edition.rounds.iter().zip(1..).map(dated).collect();
    rounds.ok_or_else(|| {
        Error::invalid("/year", "out_of_range", say("Năm từ 2018 đến 2100.", "A year from 2018 to 2100."))
    })
}

/// What in a cycle's rounds differs from what its edition's act says, in words. The council's rules and a plan of the
/// province may say so (article 5 of 26/2026/QĐ-TTg), so it is no error.
pub fn differences(edition: &Edition, year: i32, rounds: &[Round]) -> Vec<Message> {
    let Ok(usual) = usual_rounds(edition, year) else { return Vec::new() };
    let mut differences = Vec::new();
    if rounds.len() < usual.len() {
        differences.push(say(
            format!("{} quy định ít nhất {} đợt mỗi năm; chu trình có {}.", edition.act, usual.len(), rounds.len()),
            format!("{} asks for at least {} rounds a year; the cycle has {}.", edition.act, usual.len(), rounds.len()),
        ));
    }
    for (round, usual) in rounds.iter().zip(&usual) {
        let (first, last) = (usual.district_deadline, usual.province_deadline);
        if round.district_deadline != first || round.province_deadline != last {
            let number = round.number;
            differences.push(say(
                format!(
                    "Đợt {number} khác hạn thường lệ của {}: đề nghị trước {first}, xếp hạng trước {last}.",
                    edition.act
                ),
                format!("Round {number} differs from {}: proposals until {first}, rated until {last}.", edition.act),
            ));
        }
    }
    differences
}

/// Holds a cycle's form against itself: dates in their order, rounds numbered 1, 2, …
pub fn check(
    year: i32,
    idea_deadline: Day,
    rounds: &[Round],
    targets: &Targets,
    conditions: &[Condition],
) -> Result<()> {
    let mut faults = Vec::new();
    if !(2018..=2100).contains(&year) {
        faults.push(Fault::new("/year", "out_of_range", say("Năm từ 2018 đến 2100.", "A year from 2018 to 2100.")));
    }
    let out_of_year = |pointer: String| {
        Fault::new(
            pointer,
            "out_of_range",
            say(
                "Ngày phải thuộc năm này hoặc ba tháng đầu năm sau.",
                "The day must lie in the year or in the three months after it.",
            ),
        )
    };
    let fits = |day: Day| {
        Day::new(year, 1, 1).is_some_and(|first| first <= day)
            && Day::new(year.saturating_add(1), 3, 31).is_some_and(|last| day <= last)
    };
    if !fits(idea_deadline) {
        faults.push(out_of_year("/idea_deadline".into()));
    }
    if rounds.is_empty() || rounds.len() > 12 {
        faults.push(Fault::new(
            "/rounds",
            "wrong_count",
            say("Cần từ 1 đến 12 đợt.", "One to twelve rounds are needed."),
        ));
    }
    for ((index, round), number) in rounds.iter().enumerate().zip(1..) {
        if round.number != number {
            faults.push(Fault::new(
                format!("/rounds/{index}/number"),
                "out_of_order",
                say(
                    format!("Đợt thứ {number} phải mang số {number}."),
                    format!("Round {number} must have the number {number}."),
                ),
            ));
        }
        for (name, day) in
            [("district_deadline", round.district_deadline), ("province_deadline", round.province_deadline)]
        {
            if !fits(day) {
                faults.push(out_of_year(format!("/rounds/{index}/{name}")));
            }
        }
        if round.province_deadline < round.district_deadline {
            faults.push(Fault::new(
                format!("/rounds/{index}/province_deadline"),
                "out_of_order",
                say("Hạn của tỉnh phải sau hạn của huyện.", "The province's deadline cannot be before the district's."),
            ));
        }
    }
    let targets = [
        ("certified", targets.certified),
        ("four_stars_or_more", targets.four_stars_or_more),
        ("organisations_strengthened", targets.organisations_strengthened),
        ("organisations_new", targets.organisations_new),
        ("shops", targets.shops),
    ];
    for (name, target) in targets {
        if target.is_some_and(|target| !(0..=1_000_000).contains(&target)) {
            faults.push(Fault::new(
                format!("/targets/{name}"),
                "out_of_range",
                say("Chỉ tiêu từ 0 đến 1 000 000.", "A target is 0 to 1,000,000."),
            ));
        }
    }
    condition::check(conditions, &mut faults);
    faults.into_result()
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn a_cycle_opens_once_and_closes_once() {
        let opens: Vec<_> = State::iter().filter(|state| state.open().is_ok()).collect();
        let closes: Vec<_> = State::iter().filter(|state| state.close().is_ok()).collect();
        assert_eq!((opens, closes), (vec![State::Draft], vec![State::Open]));
    }

    #[test]
    fn rounds_are_numbered_and_their_deadlines_ordered() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let round = |number, district, province| Round {
            number,
            district_deadline: day(district),
            province_deadline: day(province),
        };
        let good = round(1, "2020-10-31", "2020-11-30");
        assert!(check(2020, day("2020-03-31"), std::slice::from_ref(&good), &Targets::default(), &[]).is_ok());
        for (deadline, rounds) in [
            ("2020-03-31", vec![]),
            ("2019-03-31", vec![good.clone()]),
            ("2020-03-31", vec![round(2, "2020-10-31", "2020-11-30")]),
            ("2020-03-31", vec![round(1, "2020-11-30", "2020-10-31")]),
            ("2020-03-31", vec![round(1, "2020-10-31", "2021-11-30")]),
        ] {
            assert!(check(2020, day(deadline), &rounds, &Targets::default(), &[]).is_err(), "{deadline} {rounds:?}");
        }
    }
}
