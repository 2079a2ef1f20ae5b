//! What the public is told of a product on a day.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::Day;
use crate::decision::rules::{Certified, Standing};

/// What a product is on a day: by its newest certificate, or `participating` while it has none.
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
#[schema(as = PublicProductState)]
pub enum State {
    Certified,
    Expired,
    Revoked,
    Participating,
}

/// The state of a product with this newest certificate.
pub fn state(newest: Option<&Certified>, today: Day) -> State {
    match newest.map(|certificate| certificate.standing(today)) {
        Some(Standing::Valid | Standing::Extended) => State::Certified,
        Some(Standing::Expired) => State::Expired,
        Some(Standing::Revoked) => State::Revoked,
        None => State::Participating,
    }
}

/// Whether a text could be a certificate's number at all; what cannot is not looked for.
pub fn is_number(text: &str) -> bool {
    (1..=50).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Stars;
    use crate::decision::rules::{Term, number};

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn certified(revoked_on: Option<&str>) -> Certified {
        Certified {
            number: "42-2019-0001".into(),
            stars: Stars::new(4).unwrap(),
            issued_on: day("2019-12-20"),
            term: Term { valid_until: day("2022-12-20"), extended_until: None, revoked_on: revoked_on.map(day) },
        }
    }

    #[test]
    fn a_product_without_a_certificate_only_takes_part() {
        assert_eq!(state(None, day("2020-01-01")), State::Participating);
    }

    #[test]
    fn stars_end_with_the_last_day() {
        let certificate = certified(None);
        for (on, expected, stars) in
            [("2022-12-20", State::Certified, Stars::new(4)), ("2022-12-21", State::Expired, None)]
        {
            assert_eq!(state(Some(&certificate), day(on)), expected, "{on}");
            assert_eq!(certificate.stars(day(on)), stars, "{on}");
        }
    }

    #[test]
    fn stars_end_with_the_day_of_revocation() {
        let certificate = certified(Some("2020-06-01"));
        for (on, expected, stars) in [
            ("2020-05-31", State::Certified, Stars::new(4)),
            ("2020-06-01", State::Revoked, None),
            ("2023-01-01", State::Revoked, None),
        ] {
            assert_eq!(state(Some(&certificate), day(on)), expected, "{on}");
            assert_eq!(certificate.stars(day(on)), stars, "{on}");
        }
    }

    #[test]
    fn every_issued_number_is_looked_for_and_nothing_strange_is() {
        assert!(is_number(&number(&"42".parse().unwrap(), 2020, 87)));
        assert!(is_number(&number(&"439".parse().unwrap(), 2024, 12_345)));
        for text in ["", "42-2020-0087\0", "42 2020", "42/2020", "số-1"] {
            assert!(!is_number(text), "{text:?}");
        }
    }
}
