//! Who may sit in a council, under which rules it counts, and who presides.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{Actor, Role, Territory};
use crate::base::id::AccountId;
use crate::base::{Error, Fault, Level, Message, Points, Result, UnitCode, say, text};
use crate::criteria::LeastOptionsRule;
use crate::cycle::{Composition, Organisation};

/// `draft` > `open` > `closed`; a `draft` that was a mistake is `discarded`.
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
#[schema(as = CouncilState)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Draft,
    Open,
    Closed,
    Discarded,
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

    /// Only what never met is given up.
    pub fn discard(self) -> Result<Self> {
        match self {
            Self::Draft => Ok(Self::Discarded),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }

    /// Scoring is done while the council is open.
    pub fn must_be_open(self) -> Result<()> {
        match self {
            Self::Open => Ok(()),
            _ => Err(Error::conflict(
                "council_not_open",
                say("Hội đồng chưa mở hoặc đã kết thúc.", "The council is not open."),
            )),
        }
    }

    /// An agenda grows until the council is closed or given up.
    pub fn must_take_items(self) -> Result<()> {
        match self {
            Self::Closed | Self::Discarded => Err(Error::wrong_state(self.as_ref())),
            _ => Ok(()),
        }
    }
}

/// A seat (chức danh trong hội đồng): chủ tịch, phó chủ tịch, ủy viên, thư ký.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum SeatKind {
    Chair,
    ViceChair,
    Member,
    Secretary,
}

impl SeatKind {
    /// Every seat but the secretary's scores.
    pub fn scores(self) -> bool {
        self != Self::Secretary
    }
}

/// Who sits where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    pub account: AccountId,
    pub name: String,
    pub kind: SeatKind,
    pub scores: bool,
    /// Whom it speaks for, where that was said.
    pub organisation: Option<Organisation>,
}

/// What a council lacks by its edition, in words.
pub fn lacking(composition: &Composition, seats: &[Seat], delegation: Option<&str>) -> Vec<Message> {
    let chair = seats.iter().find(|seat| seat.kind == SeatKind::Chair).and_then(|seat| seat.organisation);
    let organisations: Vec<Organisation> = seats.iter().filter_map(|seat| seat.organisation).collect();
    composition.lacking(chair, &organisations, delegation)
}

/// Who presides: the chair, or where the chair is recused or absent the first vice-chair who is there.
pub fn presiding(seats: &[Seat], is_away: impl Fn(AccountId) -> bool) -> Option<&Seat> {
    let first = |kind| seats.iter().find(|seat| seat.kind == kind && !is_away(seat.account));
    first(SeatKind::Chair).or_else(|| first(SeatKind::ViceChair))
}

/// How a council counts; rules of the province, given with the council.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CouncilRules {
    /// The members' totals may lie this far apart.
    pub max_spread: Points,
    /// The share of the scoring seats, recused ones aside, that must have submitted.
    #[schema(value_type = String, pattern = "^[0-9]{1,3}/[0-9]{1,3}$", examples("3/4"))]
    pub quorum: Share,
    /// Never fewer sheets than this.
    pub least_sheets: u16,
    /// Dossier and samples reach the members this many working days before the session.
    pub notice_working_days: u16,
    /// How a least option is judged where members differ (26/2026/QĐ-TTg, annex II, does not say).
    pub least_options: LeastOptionsRule,
    /// A producer may appeal against a result for this many days.
    pub appeal_days: u16,
}

impl Default for CouncilRules {
    fn default() -> Self {
        Self {
            max_spread: Points::new(10).unwrap_or_default(),
            quorum: Share { part: 3, whole: 4 },
            least_sheets: 3,
            notice_working_days: 2,
            least_options: LeastOptionsRule::default(),
            appeal_days: 15,
        }
    }
}

impl CouncilRules {
    /// 409 unless of so many seats that score so many are able to, that the council can conclude at all. No act of the four
    /// editions names a number of members (26/2026/QĐ-TTg, article 7.3 b, names whom they speak for), so the council's own
    /// rules decide.
    pub fn must_be_enough(&self, seats: usize, able: usize) -> Result<()> {
        let needed = self.needed(seats);
        if able >= needed {
            return Ok(());
        }
        Err(Error::conflict(
            "too_few_seats",
            say(
                format!("Hội đồng cần ít nhất {needed} người chấm điểm, hiện còn {able}."),
                format!("The council needs at least {needed} people who score; there are {able}."),
            ),
        ))
    }

    /// How many sheets a conclusion needs of so many seats.
    pub fn needed(&self, seats: usize) -> usize {
        self.quorum.of(seats).max(usize::from(self.least_sheets))
    }
}

/// An exact share, as in "3/4".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Share {
    part: u16,
    whole: u16,
}

impl Share {
    /// The share of a number, rounded up.
    pub fn of(self, number: usize) -> usize {
        (number * usize::from(self.part)).div_ceil(usize::from(self.whole))
    }
}

impl FromStr for Share {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("expected a share such as \"3/4\", above 0 and at most 1, got {text:?}");
        let (part, whole) = text.split_once('/').ok_or_else(wrong)?;
        let number = |text: &str| {
            let digits = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse().ok()).flatten()
        };
        let (part, whole): (u16, u16) = number(part).zip(number(whole)).ok_or_else(wrong)?;
        if part == 0 || part > whole { Err(wrong()) } else { Ok(Self { part, whole }) }
    }
}

impl TryFrom<String> for Share {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Share> for String {
    fn from(share: Share) -> String {
        share.to_string()
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.whole)
    }
}

/// A seat as it is asked for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeatForm {
    pub account_id: AccountId,
    pub seat: SeatKind,
    /// Follows from the seat; where it is given it must say the same.
    #[serde(default)]
    pub scores: Option<bool>,
    /// Whom it speaks for.
    #[serde(default)]
    pub organisation: Option<Organisation>,
}

const MOST_SEATS: usize = 50;
const MOST_DAYS: u16 = 90;

/// Everything that can be said of a council's form without looking anything up.
pub fn check(decision_number: &str, delegation: Option<&str>, rules: &CouncilRules, seats: &[SeatForm]) -> Vec<Fault> {
    let mut faults = Vec::new();
    text::check(decision_number, "/decision_number", 100, &mut faults);
    if let Some(delegation) = delegation {
        text::check(delegation, "/delegation", 200, &mut faults);
    }
    for (kind, vi, en) in
        [(SeatKind::Chair, "một chủ tịch", "one chair"), (SeatKind::Secretary, "một thư ký", "one secretary")]
    {
        if seats.iter().filter(|seat| seat.seat == kind).count() != 1 {
            faults.push(Fault::new(
                "/seats",
                "wrong_seats",
                say(format!("Hội đồng cần đúng {vi}."), format!("A council needs exactly {en}.")),
            ));
        }
    }
    let scoring = seats.iter().filter(|seat| seat.seat.scores()).count();
    if scoring < usize::from(rules.least_sheets) || seats.len() > MOST_SEATS {
        faults.push(Fault::new(
            "/seats",
            "wrong_count",
            say(
                format!("Cần ít nhất {} ghế chấm điểm và tối đa {MOST_SEATS} ghế.", rules.least_sheets),
                format!("At least {} seats that score and at most {MOST_SEATS} seats are needed.", rules.least_sheets),
            ),
        ));
    }
    for (pointer, days) in
        [("/rules/notice_working_days", rules.notice_working_days), ("/rules/appeal_days", rules.appeal_days)]
    {
        if days > MOST_DAYS {
            faults.push(Fault::new(
                pointer,
                "out_of_range",
                say(format!("Tối đa {MOST_DAYS} ngày."), format!("At most {MOST_DAYS} days.")),
            ));
        }
    }
    if rules.least_sheets == 0 {
        faults.push(Fault::new(
            "/rules/least_sheets",
            "out_of_range",
            say("Cần ít nhất một phiếu.", "At least one sheet is needed."),
        ));
    }
    let mut accounts = BTreeSet::new();
    for (index, seat) in seats.iter().enumerate() {
        if seat.scores.is_some_and(|scores| scores != seat.seat.scores()) {
            faults.push(Fault::new(
                format!("/seats/{index}/scores"),
                "wrong_scores",
                say("Mọi ghế đều chấm điểm, trừ thư ký.", "Every seat but the secretary's scores."),
            ));
        }
        if !accounts.insert(seat.account_id) {
            faults.push(Fault::new(
                format!("/seats/{index}/account_id"),
                "repeated",
                say("Một tài khoản chỉ giữ một ghế.", "An account has one seat only."),
            ));
        }
    }
    faults
}

/// Who is to check dossiers beforehand: each account once, not too many, nobody who scores.
pub fn check_working_group(accounts: &[AccountId], seats: &[SeatForm]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if accounts.len() > MOST_SEATS {
        faults.push(Fault::new(
            "/working_group",
            "wrong_count",
            say(format!("Tối đa {MOST_SEATS} người."), format!("At most {MOST_SEATS} people.")),
        ));
    }
    let mut seen = BTreeSet::new();
    for (index, account) in accounts.iter().enumerate() {
        if !seen.insert(account) {
            faults.push(Fault::new(
                format!("/working_group/{index}"),
                "repeated",
                say("Một tài khoản chỉ nêu một lần.", "An account is named once only."),
            ));
        }
        if seats.iter().any(|seat| seat.account_id == *account && seat.seat.scores()) {
            faults.push(Fault::new(
                format!("/working_group/{index}"),
                "has_seat",
                say("Người chấm điểm không ở tổ giúp việc.", "Who scores does not check the dossiers beforehand."),
            ));
        }
    }
    faults
}

/// Why an account of a role cannot sit, if so: who is rated, who watches and who runs the service do not score.
pub fn check_role(role: Role, pointer: String) -> Option<Fault> {
    match role {
        Role::Producer => Some(Fault::new(
            pointer,
            "producer_seat",
            say("Tài khoản của chủ thể không thể giữ ghế.", "A producer's account holds no seat."),
        )),
        Role::Supervisor | Role::Administrator => Some(Fault::new(
            pointer,
            "unfit_role",
            say("Người giám sát và quản trị viên không thể giữ ghế.", "A supervisor or administrator holds no seat."),
        )),
        _ => None,
    }
}

/// Whether an account may know of a unit's councils without a seat in them.
pub fn sees(actor: &Actor, unit: &UnitCode) -> bool {
    match actor.territory() {
        Territory::Province => true,
        Territory::District(code) => code == *unit,
        Territory::Commune(_) | Territory::Producer(_) | Territory::Nothing => false,
    }
}

/// Whether an account is the office that runs a unit's councils.
pub fn is_office(actor: &Actor, unit: &UnitCode) -> bool {
    let role = match unit.level() {
        Level::Province => Role::ProvincialOfficer,
        Level::District => Role::DistrictOfficer,
        Level::Commune => return false,
    };
    actor.is(&[role]) && actor.unit.as_ref() == Some(unit)
}

/// 403 unless the asker is that office.
pub fn must_be_office(actor: &Actor, unit: &UnitCode) -> Result<()> {
    if is_office(actor, unit) {
        return Ok(());
    }
    Err(Error::forbidden(say(
        format!("Việc này do cơ quan thường trực của đơn vị {unit} thực hiện."),
        format!("Only the office of the unit {unit} does this."),
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use strum::IntoEnumIterator;

    fn seat(kind: SeatKind) -> SeatForm {
        SeatForm { account_id: AccountId::new(), seat: kind, scores: None, organisation: None }
    }

    fn council() -> Vec<SeatForm> {
        use SeatKind::*;
        [Chair, ViceChair, Member, Member, Secretary].map(seat).into()
    }

    fn codes(seats: &[SeatForm]) -> Vec<&'static str> {
        check("01/QĐ-UBND", None, &CouncilRules::default(), seats).into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn a_council_opens_once_and_closes_once() {
        let opens: Vec<_> = State::iter().filter(|state| state.open().is_ok()).collect();
        let closes: Vec<_> = State::iter().filter(|state| state.close().is_ok()).collect();
        assert_eq!((opens, closes), (vec![State::Draft], vec![State::Open]));
    }

    #[test]
    fn a_council_has_one_chair_one_secretary_and_enough_who_score() {
        assert_eq!(codes(&council()), Vec::<&str>::new());
        assert_eq!(codes(&council()[1..]), ["wrong_seats"]);
        assert_eq!(codes(&council()[..4]), ["wrong_seats"]);
        let mut seats = council();
        seats.push(seat(SeatKind::Chair));
        assert_eq!(codes(&seats), ["wrong_seats"]);
        assert_eq!(codes(&[seat(SeatKind::Chair), seat(SeatKind::Secretary)]), ["wrong_count"]);
        let mut seats = council();
        seats[4].scores = Some(true);
        seats[0].scores = Some(false);
        seats[1].scores = Some(true);
        seats[2].account_id = seats[3].account_id;
        assert_eq!(codes(&seats), ["wrong_scores", "repeated", "wrong_scores"]);
    }

    #[test]
    fn the_vice_chair_presides_only_where_the_chair_is_away() {
        let seats: Vec<Seat> = council()
            .iter()
            .map(|form| Seat {
                account: form.account_id,
                name: "x".into(),
                kind: form.seat,
                scores: form.seat.scores(),
                organisation: None,
            })
            .collect();
        let kind = |away: &[AccountId]| presiding(&seats, |account| away.contains(&account)).map(|seat| seat.kind);
        assert_eq!(kind(&[]), Some(SeatKind::Chair));
        assert_eq!(kind(&[seats[0].account]), Some(SeatKind::ViceChair));
        assert_eq!(kind(&[seats[0].account, seats[1].account]), None);
    }

    #[test]
    fn a_council_that_could_never_conclude_has_too_few_seats() {
        let rules = CouncilRules::default();
        // Three sheets at least, and three quarters of the seats.
        let fits = |seats, able| rules.must_be_enough(seats, able).is_ok();
        assert!(fits(3, 3) && fits(4, 3) && fits(8, 6));
        assert!(!fits(3, 2) && !fits(4, 2) && !fits(8, 5) && !fits(2, 2));
    }

    #[test]
    fn shares_are_read_exactly_or_not_at_all() {
        assert_eq!("3/4".parse::<Share>().unwrap().of(7), 6);
        assert_eq!("3/4".parse::<Share>().unwrap().of(8), 6);
        assert_eq!("1/1".parse::<Share>().unwrap().of(8), 8);
        for wrong in ["0/4", "5/4", "3", "3/0", "-3/4", "+3/4", "0.75", "3/4/5", "", "1/1000"] {
            assert!(wrong.parse::<Share>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_quorum_is_the_least_number_that_reaches_the_share(
            part in 1..=100u16, more in 0..=100u16, seats in 0..=50usize, least in 1..=5u16,
        ) {
            let rules = CouncilRules { quorum: Share { part, whole: part + more }, least_sheets: least, ..CouncilRules::default() };
            let reaches = |sheets: usize| sheets * usize::from(part + more) >= seats * usize::from(part);
            let needed = rules.needed(seats);
            prop_assert!(reaches(needed) && needed >= usize::from(least));
            prop_assert!(needed == usize::from(least) || !reaches(needed - 1));
        }
    }
}
