//! What is asked about one's own data, until when it is answered, and how a person is known again in what is kept. Pure.

use chrono::Duration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::calendar::Holidays;
use crate::base::{Day, Error, Moment, Result, canonical, say};

/// A request is answered within so many working days; the day of receipt is not counted.
pub const WORKING_DAYS: u32 = 2;
/// So long after the answer a copy can be fetched.
pub const EXPORT_DAYS: i64 = 7;

/// What is asked for.
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
#[schema(as = PersonalDataRequestKind)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RequestKind {
    /// A copy of all that is held of the person.
    Export,
    /// That it be erased, as far as no law asks for it to be kept.
    Erase,
    /// That something wrong be put right.
    Correct,
}

/// `received` > `answer` `answered` | `refuse` `refused` | `withdraw` `withdrawn`.
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
#[schema(as = PersonalDataRequestState)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RequestState {
    Received,
    Answered,
    Refused,
    Withdrawn,
}

impl RequestState {
    pub fn answer(self) -> Result<Self> {
        self.decided(Self::Answered)
    }

    pub fn refuse(self) -> Result<Self> {
        self.decided(Self::Refused)
    }

    pub fn withdraw(self) -> Result<Self> {
        self.decided(Self::Withdrawn)
    }

    fn decided(self, next: Self) -> Result<Self> {
        match self {
            Self::Received => Ok(next),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }
}

/// By what a person without an account was recognised.
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
#[schema(as = PersonRecognisedBy)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RecognisedBy {
    IdentityNumber,
    Phone,
    Email,
}

impl RecognisedBy {
    /// The value in one spelling, so that it is known again however it was written.
    pub fn spelt(self, value: &str) -> String {
        match self {
            Self::IdentityNumber => canonical::identity_number(value),
            Self::Phone => phone(value),
            Self::Email => value.trim().to_lowercase(),
        }
    }

    /// Whether what somebody wrote to be reached by names this value, given in its spelling.
    pub fn is_in(self, contact: &str, value: &str) -> bool {
        match self {
            Self::IdentityNumber => false,
            Self::Email => contact
                .split(|letter: char| letter.is_whitespace() || ",;()<>\"".contains(letter))
                .any(|word| word.trim_matches('.').to_lowercase() == value),
            Self::Phone => names_phone(contact, value),
        }
    }
}

/// A phone number's digits, those of Vietnam with their leading zero.
fn phone(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("84") {
        Some(rest) if rest.len() >= 8 => format!("0{rest}"),
        _ => digits,
    }
}

/// Whether a text has a number in it, in groups of digits or in one; a part of a longer group is another number.
fn names_phone(text: &str, sought: &str) -> bool {
    let groups: Vec<&str> =
        text.split(|letter: char| !letter.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    (0..groups.len()).any(|first| {
        let mut so_far = String::new();
        groups.iter().skip(first).any(|group| {
            so_far.push_str(group);
            !sought.is_empty() && phone(&so_far) == sought
        })
    })
}

/// The last day for an answer.
pub fn due(received: Day) -> Result<Day> {
    Ok(Holidays::official()?.due(received, WORKING_DAYS))
}

/// Whether a request that waits is late.
pub fn is_overdue(state: RequestState, due: Day, today: Day) -> bool {
    state == RequestState::Received && due < today
}

/// Until when the copy of an answered request can be fetched; none where there is no copy.
pub fn export_until(kind: RequestKind, state: RequestState, closed_at: Option<Moment>) -> Option<Moment> {
    let closed_at = closed_at.filter(|_| kind == RequestKind::Export && state == RequestState::Answered)?;
    Some(closed_at.plus(Duration::days(EXPORT_DAYS)))
}

/// 404 for what is no request of a copy, 409 where it is not answered or its time is over.
pub fn must_be_there(kind: RequestKind, state: RequestState, closed_at: Option<Moment>, now: Moment) -> Result<()> {
    if kind != RequestKind::Export {
        return Err(Error::unknown());
    }
    match export_until(kind, state, closed_at) {
        None => Err(Error::wrong_state(state.as_ref())),
        Some(until) if now < until => Ok(()),
        Some(_) => Err(Error::conflict(
            "export_over",
            say(
                format!("Bản sao chỉ tải được trong {EXPORT_DAYS} ngày kể từ khi trả lời. Hãy gửi yêu cầu mới."),
                format!("A copy can be fetched for {EXPORT_DAYS} days after the answer. Please ask anew."),
            ),
        )),
    }
}

/// 409 while somebody can still sign in with what is to be erased.
pub fn must_have_ended(ended: bool) -> Result<()> {
    if ended {
        return Ok(());
    }
    Err(Error::conflict(
        "account_not_ended",
        say(
            "Tài khoản này còn dùng được. Hãy chấm dứt tài khoản trước, rồi trả lời yêu cầu xóa.",
            "This account is still in use. End the account first, then answer the request.",
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_request_is_decided_once() {
        for next in [RequestState::answer, RequestState::refuse, RequestState::withdraw] {
            let from: Vec<_> = RequestState::iter().filter(|state| next(*state).is_ok()).collect();
            assert_eq!(from, [RequestState::Received]);
        }
    }

    #[test]
    fn two_working_days_are_counted_over_weekends_and_tet() {
        let due = |received| due(day(received)).unwrap().to_string();
        // Monday to Wednesday.
        assert_eq!(due("2026-07-06"), "2026-07-08");
        // Thursday and Friday, over a weekend.
        assert_eq!(due("2026-07-09"), "2026-07-13");
        assert_eq!(due("2026-07-10"), "2026-07-14");
        // Received on a weekend: Monday and Tuesday.
        assert_eq!(due("2026-07-11"), "2026-07-14");
        assert_eq!(due("2026-07-12"), "2026-07-14");
        // Friday 13 February 2026 is the last working day before Tết, Monday 23 February the first after it.
        assert_eq!(due("2026-02-13"), "2026-02-24");
        // Over 30 April and 1 May 2026, a Thursday and a Friday.
        assert_eq!(due("2026-04-29"), "2026-05-05");
    }

    #[test]
    fn the_day_itself_is_in_time() {
        let late = |state, today| is_overdue(state, day("2026-07-08"), day(today));
        assert!(!late(RequestState::Received, "2026-07-08"));
        assert!(late(RequestState::Received, "2026-07-09"));
        assert!(!late(RequestState::Answered, "2026-07-09"));
    }

    #[test]
    fn a_copy_is_there_for_a_week_after_the_answer() {
        let at = |text: &str| text.parse::<Moment>().unwrap();
        let there = |kind, state, now| {
            let closed = Some(at("2026-07-06T02:00:00Z"));
            must_be_there(kind, state, closed, at(now)).map_err(|error| error.refusal().unwrap().code)
        };
        let (export, answered) = (RequestKind::Export, RequestState::Answered);
        assert_eq!(there(export, answered, "2026-07-13T01:59:59Z"), Ok(()));
        assert_eq!(there(export, answered, "2026-07-13T02:00:00Z"), Err("export_over"));
        assert_eq!(there(export, RequestState::Refused, "2026-07-06T03:00:00Z"), Err("wrong_state"));
        assert_eq!(there(RequestKind::Erase, answered, "2026-07-06T03:00:00Z"), Err("not_found"));
    }

    #[test]
    fn a_contact_is_known_again_however_it_is_written_and_nobody_elses_is() {
        let by_phone = |contact: &str| {
            let sought = RecognisedBy::Phone.spelt("+84 912.345.678");
            RecognisedBy::Phone.is_in(contact, &sought)
        };
        for own in [
            "0912345678",
            "gọi 0912 345 678 sau 17h",
            "(84) 912-345-678",
            "a@b.vn, +84912345678",
            "0987654321 / 0912.345.678",
        ] {
            assert!(by_phone(own), "{own}");
        }
        for other in ["09123456789", "0912345679", "10912345678", "", "a@b.vn"] {
            assert!(!by_phone(other), "{other}");
        }
        let by_email = |contact: &str| RecognisedBy::Email.is_in(contact, &RecognisedBy::Email.spelt(" Mai@Ocop.vn "));
        assert!(by_email("mai@ocop.vn") && by_email("thư: MAI@OCOP.VN.") && by_email("Mai <mai@ocop.vn>"));
        assert!(!by_email("thumai@ocop.vn") && !by_email("mai@ocop.vn.example") && !by_email(""));
    }
}
