//! Orders' states and ranges; what a scanned stamp is told, decided from facts alone.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::id::{LotId, ProductId};
use crate::base::{Day, Error, Fault, Faults, Message, Result, Stars, say, text};

/// What one order can hold; serials have 24 bits in a code.
pub const MOST_STAMPS: i32 = 10_000_000;

/// `ordered` > `issue` `issued` or `refuse` `refused`.
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
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Ordered,
    Issued,
    Refused,
}

impl State {
    pub fn issue(self) -> Result<Self> {
        match self {
            Self::Ordered => Ok(Self::Issued),
            _ => Err(Error::wrong_state("issue", self.as_ref())),
        }
    }

    pub fn refuse(self) -> Result<Self> {
        match self {
            Self::Ordered => Ok(Self::Refused),
            _ => Err(Error::wrong_state("refuse", self.as_ref())),
        }
    }

    /// Only stamps that were issued can be printed, activated or void.
    pub fn must_be_issued(self, verb: &str) -> Result<()> {
        if self == Self::Issued { Ok(()) } else { Err(Error::wrong_state(verb, self.as_ref())) }
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

/// A run of serials of one order, ends inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub first: i32,
    pub last: i32,
}

impl Range {
    fn check(self, quantity: i32, faults: &mut Vec<Fault>) {
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

/// Earlier ranges stand against a new one; all of them are named.
pub fn overlap(clashing: &[Range]) -> Error {
    let named = clashing.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    Error::conflict(
        "range_overlaps",
        say(
            format!("Dải tem trùng với dải đã ghi: {named}."),
            format!("The range overlaps with what is on record: {named}."),
        ),
    )
}

/// The newest certificate of a product, as far as a stamp's page needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    pub number: String,
    pub stars: Stars,
    pub issued_on: Day,
    pub valid_until: Day,
    pub revoked_on: Option<Day>,
}

impl Certificate {
    pub fn is_revoked(&self, today: Day) -> bool {
        self.revoked_on.is_some_and(|day| day <= today)
    }

    pub fn is_expired(&self, today: Day) -> bool {
        self.valid_until < today
    }

    /// Only then may the stars and the mark be shown.
    pub fn is_valid(&self, today: Day) -> bool {
        !self.is_revoked(today) && !self.is_expired(today)
    }
}

/// What is known of a stamp at the moment of its scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub is_void: bool,
    /// Its lot, or a lot that went into it, was recalled.
    pub is_recalled: bool,
    /// Its product or lot is on hold.
    pub is_held: bool,
    pub is_suspect: bool,
    pub is_activated: bool,
    pub certificate: Option<Certificate>,
    pub expires_on: Option<Day>,
}

/// What a shopper is told first (kết luận).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumIter)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    Genuine,
    NotActivated,
    Suspect,
    Revoked,
    Suspended,
    Recalled,
    Void,
}

/// What a shopper should know besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Warning {
    CertificateExpired,
    PastShelfLife,
    NotRated,
}

impl Facts {
    /// The first that applies, in the order of the harm that silence would do.
    pub fn verdict(&self, today: Day) -> Verdict {
        if self.is_void {
            Verdict::Void
        } else if self.is_recalled {
            Verdict::Recalled
        } else if self.is_held {
            Verdict::Suspended
        } else if self.certificate.as_ref().is_some_and(|certificate| certificate.is_revoked(today)) {
            Verdict::Revoked
        } else if self.is_suspect {
            Verdict::Suspect
        } else if !self.is_activated {
            Verdict::NotActivated
        } else {
            Verdict::Genuine
        }
    }

    pub fn warnings(&self, today: Day) -> Vec<Warning> {
        let is_expired = |certificate: &Certificate| certificate.is_expired(today) && !certificate.is_revoked(today);
        let found = [
            (self.certificate.as_ref().is_some_and(is_expired), Warning::CertificateExpired),
            (self.expires_on.is_some_and(|day| day < today), Warning::PastShelfLife),
            (self.certificate.is_none(), Warning::NotRated),
        ];
        found.into_iter().filter_map(|(applies, warning)| applies.then_some(warning)).collect()
    }
}

/// A rule by which a stamp becomes suspect: distinct visitors, never requests, so that a script at one address cannot
/// ruin an honest maker.
#[derive(Debug, Clone, Copy)]
pub struct Suspicion {
    pub window: Window,
    pub more_than: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    Day,
    Ever,
}

/// One jar passes through few hands.
pub const SUSPICIONS: [Suspicion; 2] =
    [Suspicion { window: Window::Day, more_than: 20 }, Suspicion { window: Window::Ever, more_than: 60 }];

/// Distinct visitors of one stamp. A person who comes back on another day counts again: hashes do not last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visitors {
    pub today: i64,
    pub ever: i64,
}

impl Visitors {
    pub fn are_suspect(self, rules: &[Suspicion]) -> bool {
        rules.iter().any(|rule| match rule.window {
            Window::Day => self.today > rule.more_than,
            Window::Ever => self.ever > rule.more_than,
        })
    }
}

impl Verdict {
    pub fn title(self) -> Message {
        match self {
            Self::Genuine => say("Tem do tỉnh phát hành", "This stamp was issued by the province"),
            Self::NotActivated => say("Tem chưa được kích hoạt", "This stamp is not in use yet"),
            Self::Suspect => say("Tem có dấu hiệu bị sao chép", "This stamp may have been copied"),
            Self::Revoked => say("Sản phẩm đã bị thu hồi chứng nhận", "The product's recognition was revoked"),
            Self::Suspended => say("Sản phẩm đang bị tạm đình chỉ", "The product is suspended"),
            Self::Recalled => say("Lô hàng này đã bị thu hồi", "This lot was recalled"),
            Self::Void => say("Tem đã bị hủy", "This stamp is void"),
        }
    }

    pub fn advice(self) -> Message {
        match self {
            Self::Genuine => say(
                "Tem này do Văn phòng Điều phối nông thôn mới tỉnh phát hành. Hãy so tên sản phẩm, chủ thể, số lô và hạn dùng \
                 dưới đây với bao bì trên tay bạn: khác nhau thì đừng dùng và hãy báo cho chúng tôi.",
                "The provincial office issued this stamp. Compare the product, the producer, the lot and the expiry below with \
                 the package in your hand: if they differ, do not use it and tell us.",
            ),
            Self::NotActivated => say(
                "Tem do tỉnh phát hành nhưng chưa gắn với lô hàng nào. Nếu hàng đã bày bán, xin hỏi người bán và báo cho chúng tôi.",
                "The province issued this stamp, but it was not bound to any lot. If the goods are on sale, ask the seller and \
                 tell us.",
            ),
            Self::Suspect => say(
                "Tem này đã được quét từ nhiều người hơn mức của một sản phẩm. Có thể nó là bản sao: hãy so kỹ bao bì, mua ở điểm \
                 bán tin cậy và báo cho chúng tôi.",
                "More people scanned this stamp than one package would meet. It may be a copy: compare the package closely, buy \
                 where you trust the seller, and tell us.",
            ),
            Self::Revoked => say(
                "Quyết định công nhận sản phẩm này đã bị thu hồi. Sản phẩm không còn được mang hạng sao OCOP.",
                "The decision that recognised this product was revoked. It may no longer carry OCOP stars.",
            ),
            Self::Suspended => say(
                "Cơ quan chức năng đang tạm đình chỉ sản phẩm hoặc lô hàng này để kiểm tra. Xin chưa sử dụng.",
                "The authorities hold this product or lot for inspection. Please do not use it for now.",
            ),
            Self::Recalled => say(
                "Lô hàng này, hoặc nguyên liệu làm ra nó, đã bị thu hồi. Xin đừng sử dụng và trả lại nơi bán.",
                "This lot, or what it was made of, was recalled. Do not use it; take it back to the seller.",
            ),
            Self::Void => say(
                "Tem này đã được báo mất hoặc hỏng và không được dán lên hàng. Hàng mang tem này không đáng tin.",
                "This stamp was reported lost or spoilt and must not be on any goods. Do not trust goods that carry it.",
            ),
        }
    }
}

impl Warning {
    pub fn text(self) -> Message {
        match self {
            Self::CertificateExpired => say(
                "Giấy chứng nhận OCOP đã hết hạn; sản phẩm hiện không mang hạng sao.",
                "The OCOP certificate has expired; the product carries no stars now.",
            ),
            Self::PastShelfLife => say("Lô hàng đã quá hạn sử dụng.", "The lot is past its shelf life."),
            Self::NotRated => say(
                "Sản phẩm đang tham gia chương trình OCOP, chưa xếp hạng.",
                "The product takes part in the OCOP programme and is not rated yet.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn certificate() -> Certificate {
        Certificate {
            number: "42-2020-0001".into(),
            stars: Stars::new(3).unwrap(),
            issued_on: day("2020-12-31"),
            valid_until: day("2023-12-30"),
            revoked_on: None,
        }
    }

    fn good() -> Facts {
        Facts {
            is_void: false,
            is_recalled: false,
            is_held: false,
            is_suspect: false,
            is_activated: true,
            certificate: Some(certificate()),
            expires_on: Some(day("2021-06-30")),
        }
    }

    #[test]
    fn each_verdict_comes_before_those_behind_it() {
        let today = day("2021-02-22");
        let revoked = Certificate { revoked_on: Some(day("2021-02-22")), ..certificate() };
        let mut facts = Facts {
            is_void: true,
            is_recalled: true,
            is_held: true,
            is_suspect: true,
            is_activated: false,
            certificate: Some(revoked),
            ..good()
        };
        assert_eq!(facts.verdict(today), Verdict::Void);
        facts.is_void = false;
        assert_eq!(facts.verdict(today), Verdict::Recalled);
        facts.is_recalled = false;
        assert_eq!(facts.verdict(today), Verdict::Suspended);
        facts.is_held = false;
        assert_eq!(facts.verdict(today), Verdict::Revoked);
        assert_ne!(facts.verdict(day("2021-02-21")), Verdict::Revoked, "a revocation begins on its day");
        facts.certificate = Some(certificate());
        assert_eq!(facts.verdict(today), Verdict::Suspect);
        facts.is_suspect = false;
        assert_eq!(facts.verdict(today), Verdict::NotActivated);
        facts.is_activated = true;
        assert_eq!(facts.verdict(today), Verdict::Genuine);
    }

    #[test]
    fn warnings_begin_the_day_after_the_last() {
        assert_eq!(good().warnings(day("2021-06-30")), []);
        assert_eq!(good().warnings(day("2021-07-01")), [Warning::PastShelfLife]);
        assert_eq!(good().warnings(day("2023-12-31")), [Warning::CertificateExpired, Warning::PastShelfLife]);
        let unrated = Facts { certificate: None, ..good() };
        assert_eq!(unrated.warnings(day("2021-06-30")), [Warning::NotRated]);
        assert_eq!(unrated.verdict(day("2021-06-30")), Verdict::Genuine);
        let revoked = Certificate { revoked_on: Some(day("2021-01-01")), ..certificate() };
        assert_eq!(Facts { certificate: Some(revoked), expires_on: None, ..good() }.warnings(day("2024-01-01")), []);
    }

    #[test]
    fn suspicion_needs_more_visitors_than_the_rule_allows() {
        let suspect = |today, ever| Visitors { today, ever }.are_suspect(&SUSPICIONS);
        assert!(!suspect(20, 60));
        assert!(suspect(21, 21));
        assert!(suspect(1, 61));
        assert!(!suspect(1, 1));
    }

    #[test]
    fn an_order_is_issued_or_refused_once() {
        let issues: Vec<_> = State::iter().filter(|state| state.issue().is_ok()).collect();
        let refuses: Vec<_> = State::iter().filter(|state| state.refuse().is_ok()).collect();
        let active: Vec<_> = State::iter().filter(|state| state.must_be_issued("activate").is_ok()).collect();
        assert_eq!((issues, refuses, active), (vec![State::Ordered], vec![State::Ordered], vec![State::Issued]));
    }

    #[test]
    fn ranges_lie_within_the_order() {
        let lot_id = LotId::new();
        let fits = |from, to| ActivationForm { from, to, lot_id }.check(100).is_ok();
        assert!(fits(1, 100) && fits(100, 100) && fits(1, 1));
        assert!(!fits(0, 10) && !fits(1, 101) && !fits(11, 10) && !fits(-5, -1) && !fits(i32::MIN, i32::MAX));
        assert_eq!(Range { first: 1, last: 100 }.length(), 100);
    }

    #[test]
    fn every_verdict_says_something_of_its_own() {
        let titles: std::collections::HashSet<_> = Verdict::iter().map(|verdict| verdict.title().vi).collect();
        assert_eq!(titles.len(), Verdict::iter().count());
    }
}
