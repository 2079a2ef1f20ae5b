//! The rules by which a stamp becomes suspect; pure.
//!
//! What makes a case are distinct networks ([`crate::http::ClientAddress::network`]); places are claimed by who accuses and
//! only lower how many networks it takes. Networks that come together to many stamps of one producer speak against none of
//! them: somebody goes through that producer's stamps, and the board is alerted.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Day, Error, Message, Moment, Result, say};
use crate::stamp::place::Place;

/// How long after a dismissal nothing speaks against the stamp, in days: a week, in which the office has seen the goods and who
/// made the case up must keep at it.
pub const COOLING_DAYS: i64 = 7;

/// The rules that ship with the service.
const SHIPPED: &str = include_str!("suspects.json");

/// All rules: the first that applies is the one that is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SuspicionRules)]
#[serde(deny_unknown_fields)]
pub struct SuspicionRules {
    pub rules: Vec<SuspicionRule>,
    /// How many stamps of an order may be on display pieces, which no rule touches.
    pub most_display_stamps: i64,
    pub together: Together,
}

/// When networks go through a producer's stamps together, within a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = NetworksTogether)]
#[serde(deny_unknown_fields)]
pub struct Together {
    /// A stamp counts for its networks once so many came to it.
    pub networks: usize,
    /// A network that meets more such stamps of one producer speaks against none of them, and the board is alerted.
    pub more_stamps_than: i32,
}

impl Together {
    /// How many of a stamp's networks of a day count it now, the new ones first; `new` of them came only now.
    pub fn counting(self, all: usize, new: usize) -> usize {
        if all < self.networks {
            0
        } else if all - new < self.networks {
            all
        } else {
            new
        }
    }

    pub fn is_sweep(self, stamps: i32) -> bool {
        stamps > self.more_stamps_than
    }
}

/// Whether nothing speaks against a stamp yet whose last case was dismissed.
pub fn is_cooling(dismissed_at: Option<Moment>, now: Moment) -> bool {
    dismissed_at.is_some_and(|at| now < at.plus(chrono::Duration::days(COOLING_DAYS)))
}

/// One rule. Its code names it for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SuspicionRule)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum SuspicionRule {
    /// More distinct visitors than one package meets. A visitor is a network (24 bits of an IPv4 address, 48 of an IPv6 one):
    /// whoever has one address there can easily have more.
    Visitors { code: String, window: Window, more_than: usize },
    /// Within some hours, visitors in places farther apart than a package travels: at least `places` of them, with
    /// `at_each` visitors or more at each, `visitors` in all of them together. Places are what visitors claim, so it takes
    /// more networks than a few machines have.
    Places { code: String, visitors: usize, places: usize, at_each: usize, kilometres: u32, hours: u32 },
    /// Visitors after the stamp was declared lost or spoilt.
    AfterVoid { code: String, more_than: usize },
    /// Visitors some days after the lot was sold out.
    AfterSoldOut { code: String, days: u32, more_than: usize },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SuspicionWindow)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    Day,
    Ever,
}

/// `open` (a rule found it) > `dismiss` `dismissed` or `confirm` `confirmed`.
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
#[schema(as = SuspicionState)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Open,
    Dismissed,
    Confirmed,
}

impl State {
    pub fn dismiss(self) -> Result<Self> {
        match self {
            Self::Open => Ok(Self::Dismissed),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }

    pub fn confirm(self) -> Result<Self> {
        match self {
            Self::Open => Ok(Self::Confirmed),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }
}

/// One distinct visitor of a stamp: a network, when it came on its last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    pub day: Day,
    pub at: Moment,
    pub place: Option<Place>,
    /// How many stamps of the producer the network met on that day together with others.
    pub stamps: i32,
}

/// What else bears upon a stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks {
    pub void_at: Option<Moment>,
    pub sold_out_at: Option<Moment>,
}

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub rule: String,
    pub visitors: usize,
    pub places: usize,
    /// When the first of these visitors came.
    pub since: Moment,
}

static RULES: LazyLock<std::result::Result<SuspicionRules, String>> =
    LazyLock::new(|| serde_json::from_str(SHIPPED).map_err(|error| error.to_string()));

/// The rules in force.
pub fn in_force() -> Result<&'static SuspicionRules> {
    RULES.as_ref().map_err(|error| Error::internal(format!("the rules of suspicion cannot be read: {error}")))
}

impl SuspicionRules {
    /// The first rule that the visitors of a stamp break, with more of them than a case that was dismissed had.
    pub fn judge(&self, visits: &[Visit], marks: Marks, today: Day, dismissed: usize) -> Option<Finding> {
        let mut visits: Vec<Visit> =
            visits.iter().filter(|visit| !self.together.is_sweep(visit.stamps)).copied().collect();
        visits.sort_by_key(|visit| visit.at);
        let found = |rule: &SuspicionRule| rule.judge(&visits, marks, today);
        self.rules.iter().find_map(|rule| found(rule).filter(|finding| finding.visitors > dismissed))
    }

    /// A stamp that fewer came to breaks no rule, and counts for none of the networks that came.
    pub fn fewest_visitors(&self) -> usize {
        let of_rules = self.rules.iter().map(SuspicionRule::fewest_visitors);
        of_rules.chain([self.together.networks]).min().unwrap_or_default()
    }

    /// Whether a case rests on who came alone: what else bears upon the stamp, no stranger can bring about.
    pub fn rests_on_visitors(&self, code: &str) -> bool {
        let rule = self.rules.iter().find(|rule| rule.code() == code);
        matches!(rule, Some(SuspicionRule::Visitors { .. } | SuspicionRule::Places { .. }))
    }
}

impl SuspicionRule {
    pub fn code(&self) -> &str {
        match self {
            Self::Visitors { code, .. }
            | Self::Places { code, .. }
            | Self::AfterVoid { code, .. }
            | Self::AfterSoldOut { code, .. } => code,
        }
    }

    fn fewest_visitors(&self) -> usize {
        match self {
            Self::Visitors { more_than, .. }
            | Self::AfterVoid { more_than, .. }
            | Self::AfterSoldOut { more_than, .. } => more_than + 1,
            Self::Places { visitors, .. } => *visitors,
        }
    }

    /// The rule in words, with its figures.
    pub fn text(&self) -> Message {
        match self {
            Self::Visitors { window: Window::Day, more_than, .. } => say(
                format!("Quét từ hơn {more_than} mạng khác nhau trong một ngày."),
                format!("Scans from more than {more_than} different networks on one day."),
            ),
            Self::Visitors { window: Window::Ever, more_than, .. } => say(
                format!("Tổng cộng quét từ hơn {more_than} mạng khác nhau."),
                format!("Scans from more than {more_than} different networks in all."),
            ),
            Self::Places { visitors, places, kilometres, hours, .. } => say(
                format!(
                    "Trong {hours} giờ có quét từ {visitors} mạng trở lên ở {places} nơi trở lên, cách nhau hơn {kilometres} km."
                ),
                format!(
                    "Within {hours} hours scans from {visitors} networks or more in {places} places or more, over {kilometres} km apart."
                ),
            ),
            Self::AfterVoid { more_than, .. } => say(
                format!("Quét từ hơn {more_than} mạng khác nhau sau khi tem bị hủy."),
                format!("Scans from more than {more_than} different networks after the stamp was void."),
            ),
            Self::AfterSoldOut { days, more_than, .. } => say(
                format!("Quét từ hơn {more_than} mạng khác nhau sau khi lô đã bán hết {days} ngày."),
                format!("Scans from more than {more_than} different networks {days} days after the lot was sold out."),
            ),
        }
    }

    /// `visits` are in the order of time.
    fn judge(&self, visits: &[Visit], marks: Marks, today: Day) -> Option<Finding> {
        match self {
            Self::Visitors { window, more_than, .. } => {
                let counts = |visit: &&Visit| *window == Window::Ever || visit.day == today;
                self.crowd(visits.iter().filter(counts), *more_than)
            }
            Self::Places { visitors, places, at_each, kilometres, hours, .. } => {
                let window = chrono::Duration::hours(i64::from(*hours));
                let placed: Vec<(Moment, Place)> =
                    visits.iter().filter_map(|visit| Some((visit.at, visit.place?))).collect();
                (0..placed.len()).find_map(|start| {
                    let since = placed.get(start)?.0;
                    let until = since.plus(window);
                    let within = placed.iter().skip(start).take_while(|(at, _)| *at <= until).map(|(_, place)| *place);
                    let mut crowds = clusters(within, f64::from(*kilometres));
                    crowds.retain(|crowd| *crowd >= *at_each);
                    let found = crowds.iter().sum::<usize>();
                    (crowds.len() >= *places && found >= *visitors).then(|| Finding {
                        rule: self.code().to_owned(),
                        visitors: found,
                        places: crowds.len(),
                        since,
                    })
                })
            }
            Self::AfterVoid { more_than, .. } => {
                let void_at = marks.void_at?;
                self.crowd(visits.iter().filter(|visit| visit.at > void_at), *more_than)
            }
            Self::AfterSoldOut { days, more_than, .. } => {
                let late = marks.sold_out_at?.plus(chrono::Duration::days(i64::from(*days)));
                self.crowd(visits.iter().filter(|visit| visit.at > late), *more_than)
            }
        }
    }

    fn crowd<'a>(&self, visits: impl Iterator<Item = &'a Visit>, more_than: usize) -> Option<Finding> {
        let counted: Vec<&Visit> = visits.collect();
        let first = counted.first()?;
        (counted.len() > more_than).then(|| Finding {
            rule: self.code().to_owned(),
            visitors: counted.len(),
            places: 0,
            since: first.at,
        })
    }
}

/// How many stood around each of some places that are pairwise farther apart than the distance. Each one belongs to the
/// first place that is near enough, so that a town is one place however its people are scattered.
fn clusters(places: impl Iterator<Item = Place>, kilometres: f64) -> Vec<usize> {
    let mut found: Vec<(Place, usize)> = Vec::new();
    for place in places {
        match found.iter_mut().find(|(centre, _)| centre.kilometres_to(place) <= kilometres) {
            Some((_, count)) => *count += 1,
            None => found.push((place, 1)),
        }
    }
    found.into_iter().map(|(_, count)| count).collect()
}

impl Place {
    /// Along the surface of the earth.
    fn kilometres_to(self, other: Self) -> f64 {
        const EARTH: f64 = 6371.0;
        let radians = |hundredths: i32| (f64::from(hundredths) / 100.0).to_radians();
        let (from, to) = (radians(self.latitude), radians(other.latitude));
        let latitude = ((to - from) / 2.0).sin();
        let longitude = ((radians(other.longitude) - radians(self.longitude)) / 2.0).sin();
        let half = latitude * latitude + from.cos() * to.cos() * longitude * longitude;
        2.0 * EARTH * half.sqrt().min(1.0).asin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use strum::IntoEnumIterator;

    /// Five seats of districts of Hà Tĩnh: Hương Sơn, Đức Thọ, Thạch Hà, Cẩm Xuyên, Kỳ Anh.
    const DISTRICTS: [(i32, i32); 5] = [(1851, 10541), (1853, 10558), (1836, 10586), (1825, 10600), (1807, 10629)];

    fn start() -> Moment {
        "2021-02-22T01:00:00Z".parse().unwrap()
    }

    fn visit(minutes: i64, place: Option<(i32, i32)>) -> Visit {
        let at = start().plus(chrono::Duration::minutes(minutes));
        let place = place.map(|(latitude, longitude)| Place { latitude, longitude });
        Visit { day: at.day(), at, place, stamps: 0 }
    }

    fn rule(visits: &[Visit], marks: Marks) -> Option<String> {
        let today = visits.last()?.day;
        in_force().unwrap().judge(visits, marks, today, 0).map(|finding| finding.rule)
    }

    #[test]
    fn the_shipped_rules_are_read_and_each_has_its_own_code_and_text() {
        let rules = &in_force().unwrap().rules;
        let codes: HashSet<&str> = rules.iter().map(SuspicionRule::code).collect();
        let texts: HashSet<_> = rules.iter().map(|rule| rule.text().vi).collect();
        assert_eq!((codes.len(), texts.len()), (rules.len(), rules.len()));
    }

    #[test]
    fn a_crowd_needs_one_visitor_more_than_the_rule_allows() {
        let day: Vec<Visit> = (0..21).map(|minute| visit(minute, None)).collect();
        assert_eq!(rule(&day[..20], Marks::default()), None);
        assert_eq!(rule(&day, Marks::default()).as_deref(), Some("crowd_on_a_day"));
        let ever: Vec<Visit> = (0..61).map(|place| visit(24 * 60 * (place / 10), None)).collect();
        assert_eq!(rule(&ever[..60], Marks::default()), None);
        assert_eq!(rule(&ever, Marks::default()).as_deref(), Some("crowd_in_all"));
    }

    #[test]
    fn copies_in_several_districts_are_found_long_before_the_crowd() {
        let spread = |visitor: usize| {
            let minute = i64::try_from(visitor).unwrap() * 10;
            visit(minute, Some(DISTRICTS[visitor % 5]))
        };
        let phones: Vec<Visit> = (0..30).map(spread).collect();
        assert_eq!(rule(&phones, Marks::default()).as_deref(), Some("crowd_on_a_day"));
        assert_eq!(rule(&phones[..12], Marks::default()).as_deref(), Some("in_many_places"));
        assert_eq!(rule(&phones[..5], Marks::default()), None);
    }

    #[test]
    fn a_family_and_its_trip_are_no_crowd() {
        let home = Some(DISTRICTS[0]);
        let family: Vec<Visit> = (0..4).map(|minute| visit(minute, home)).collect();
        assert_eq!(rule(&family, Marks::default()), None);
        let mut trip = family.clone();
        trip.extend((0..4).map(|minute| visit(120 + minute, Some(DISTRICTS[4]))));
        assert_eq!(rule(&trip, Marks::default()), None, "two places on one day can be reached");
        let relative = visit(10, Some((2103, 10585)));
        assert_eq!(rule(&[family, vec![relative]].concat(), Marks::default()), None, "one photo sent to Hà Nội");
    }

    #[test]
    fn nobody_is_in_two_distant_towns_within_the_hour() {
        let hanoi = Some((2103, 10585));
        let mut far: Vec<Visit> = (0..5).map(|minute| visit(minute, Some(DISTRICTS[0]))).collect();
        far.extend((0..3).map(|minute| visit(30 + minute, hanoi)));
        assert_eq!(rule(&far, Marks::default()).as_deref(), Some("too_far_too_fast"));
        let later: Vec<Visit> =
            far.iter().take(5).copied().chain((0..3).map(|minute| visit(300 + minute, hanoi))).collect();
        assert_eq!(rule(&later, Marks::default()), None);
    }

    #[test]
    fn no_claimed_places_make_a_case_of_a_few_networks() {
        const FEW: usize = 7;
        for claim in [
            |_: usize| (1851, 10541),
            |visitor| DISTRICTS[visitor % 5],
            |visitor| [(2103, 10585), (1076, 10666)][visitor % 2],
        ] {
            let visits: Vec<Visit> = (0..FEW).map(|visitor| visit(0, Some(claim(visitor)))).collect();
            assert_eq!(rule(&visits, Marks::default()), None);
        }
    }

    #[test]
    fn visitors_count_again_once_the_stamp_is_void_or_the_lot_sold() {
        let visits: Vec<Visit> = (0..4).map(|minute| visit(minute, None)).collect();
        let void = |at| Marks { void_at: Some(at), ..Marks::default() };
        assert_eq!(
            rule(&visits, void(start().plus(chrono::Duration::minutes(-1)))).as_deref(),
            Some("scanned_after_void")
        );
        assert_eq!(rule(&visits, void(start())), None, "three came after");
        let late: Vec<Visit> = (0..16).map(|minute| visit(31 * 24 * 60 + minute, None)).collect();
        let sold = Marks { sold_out_at: Some(start()), ..Marks::default() };
        assert_eq!(rule(&late, sold).as_deref(), Some("scanned_after_sold_out"));
        assert_eq!(rule(&late[..15], sold), None);
    }

    #[test]
    fn networks_that_go_through_a_producers_stamps_speak_against_none() {
        let rules = in_force().unwrap();
        let (some, many) = (rules.together.more_stamps_than, rules.together.more_stamps_than + 1);
        let crowd = |stamps| (0..21).map(|minute| Visit { stamps, ..visit(minute, None) }).collect::<Vec<_>>();
        assert_eq!(rule(&crowd(some), Marks::default()).as_deref(), Some("crowd_on_a_day"));
        assert_eq!(rule(&crowd(many), Marks::default()), None);
        let others: Vec<Visit> = (0..21).map(|minute| visit(minute, None)).collect();
        assert!(rule(&[crowd(many), others].concat(), Marks::default()).is_some(), "others still speak");
    }

    #[test]
    fn a_stamp_counts_for_its_networks_once_enough_of_them_came() {
        let Together { networks, .. } = in_force().unwrap().together;
        let together = in_force().unwrap().together;
        assert_eq!(together.counting(networks - 1, 1), 0);
        assert_eq!(together.counting(networks, 1), networks, "those before count it too");
        assert_eq!(together.counting(networks + 4, 1), 1);
        assert_eq!(together.counting(networks + 4, networks + 4), networks + 4, "all at once");
        assert_eq!(together.counting(networks + 4, 0), 0);
    }

    #[test]
    fn a_stamp_that_too_few_came_to_matters_to_no_rule() {
        let rules = in_force().unwrap();
        let marks = Marks { void_at: Some(start()), sold_out_at: Some(start().plus(chrono::Duration::days(-40))) };
        let came = |many: usize| -> Vec<Visit> {
            let place = |visitor: usize| [(2103, 10585), (1076, 10666)][visitor % 2];
            (0..many).map(|visitor| visit(i64::try_from(visitor).unwrap() + 1, Some(place(visitor)))).collect()
        };
        let fewest = rules.fewest_visitors();
        for few in 0..fewest {
            assert_eq!((rule(&came(few), marks), rules.together.counting(few, few)), (None, 0), "{few}");
        }
        assert!(rules.together.counting(fewest, fewest) > 0 || rule(&came(fewest), marks).is_some(), "and no later");
        for rule in &rules.rules {
            let alone = SuspicionRules { rules: vec![rule.clone()], ..rules.clone() };
            let (few, today) = (came(rule.fewest_visitors() - 1), start().day());
            assert_eq!(alone.judge(&few, marks, today, 0), None, "{}", rule.code());
        }
    }

    #[test]
    fn what_was_dismissed_takes_more_and_a_while() {
        let day: Vec<Visit> = (0..25).map(|minute| visit(minute, None)).collect();
        let judge = |visits: &[Visit], dismissed| {
            in_force().unwrap().judge(visits, Marks::default(), start().day(), dismissed).is_some()
        };
        assert!(judge(&day, 0) && judge(&day, 24) && !judge(&day, 25));
        let later = |days, minutes| start().plus(chrono::Duration::days(days)).plus(chrono::Duration::minutes(minutes));
        assert!(
            is_cooling(Some(start()), later(COOLING_DAYS, -1)) && !is_cooling(Some(start()), later(COOLING_DAYS, 0))
        );
        assert!(!is_cooling(None, start()));
    }

    #[test]
    fn distances_are_right_to_a_kilometre() {
        let place = |(latitude, longitude)| Place { latitude, longitude };
        let distance = place((1834, 10590)).kilometres_to(place((2103, 10585)));
        assert!((298.0..300.0).contains(&distance), "{distance}");
    }

    #[test]
    fn a_suspicion_is_decided_once() {
        let dismissed: Vec<_> = State::iter().filter(|state| state.dismiss().is_ok()).collect();
        let confirmed: Vec<_> = State::iter().filter(|state| state.confirm().is_ok()).collect();
        assert_eq!((dismissed, confirmed), (vec![State::Open], vec![State::Open]));
    }
}
