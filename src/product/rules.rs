//! A product's codes, and the kinds of its documents.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use utoipa::ToSchema;

use crate::base::{Day, Fault, Faults, Result, UnitCode, canonical, say, text};
pub use crate::files::DocumentKind;
use crate::place::rules::PROVINCE;

/// The code of a product: `42-439-18196-3-2020`, province, district (left out where there is none), commune, running
/// number in the commune's year, year. The form is seen on products of other provinces; no act was found that sets it.
pub fn code(district: Option<&UnitCode>, commune: &UnitCode, number: i64, year: i32) -> String {
    match district {
        Some(district) => format!("{PROVINCE}-{district}-{commune}-{number}-{year}"),
        None => format!("{PROVINCE}-{commune}-{number}-{year}"),
    }
}

/// A GTIN (mã số thương phẩm GS1): 8, 12, 13 or 14 digits, the last of which checks the others. Kept with 14, as GS1's
/// addresses have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gtin(String);

impl Gtin {
    /// None unless the check digit fits; nothing was ever given the number zero.
    pub fn read(text: &str) -> Option<Self> {
        let text = canonical::digits(text).filter(|text| text.bytes().any(|digit| digit != b'0'))?;
        let digits: Vec<u32> = text.chars().map(|letter| letter.to_digit(10)).collect::<Option<_>>()?;
        if !matches!(digits.len(), 8 | 12 | 13 | 14) {
            return None;
        }
        // From the right the digits count once and three times in turn; the check digit makes the sum a multiple of ten.
        let sum: u32 = digits.iter().rev().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
        sum.is_multiple_of(10).then(|| Self(format!("{text:0>14}")))
    }

    /// All 14 digits.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// The ways in which the same number can be written.
    pub fn spellings(&self) -> Vec<String> {
        let shorter = [13, 12, 8].into_iter().filter_map(|length| {
            let (zeros, rest) = self.0.split_at_checked(14 - length)?;
            zeros.bytes().all(|digit| digit == b'0').then(|| rest.to_owned())
        });
        std::iter::once(self.0.clone()).chain(shorter).collect()
    }
}

/// What of a product may be changed afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    pub description: String,
    pub story: String,
    pub packaging: String,
    pub gtin: Option<String>,
    /// Where it comes from (xuất xứ), as its label says.
    pub origin: Option<String>,
    /// How long it keeps (hạn sử dụng), as its label says.
    pub shelf_life: Option<String>,
    /// What its users are warned of (cảnh báo an toàn).
    pub safety_warnings: Option<String>,
}

/// What a PATCH may change; what is left out stays, null clears.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProductChange {
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<String>)]
    description: Option<Option<String>>,
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<String>)]
    story: Option<Option<String>>,
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<String>)]
    packaging: Option<Option<String>>,
    /// Null clears it.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<String>)]
    gtin: Option<Option<String>>,
    /// Where it comes from, as its label says; null clears it.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<String>)]
    origin: Option<Option<String>>,
    /// How long it keeps, as its label says; null clears it.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<String>)]
    shelf_life: Option<Option<String>>,
    /// What its users are warned of; null clears it.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<String>)]
    safety_warnings: Option<Option<String>>,
}

impl ProductChange {
    /// What describes the product after the change.
    pub fn applied_to(self, old: Described) -> Result<Described> {
        let new = Described {
            description: self.description.map_or(old.description, Option::unwrap_or_default),
            story: self.story.map_or(old.story, Option::unwrap_or_default),
            packaging: self.packaging.map_or(old.packaging, Option::unwrap_or_default),
            gtin: self.gtin.map_or(old.gtin, |gtin| gtin.map(|gtin| canonical::digits(&gtin).unwrap_or(gtin))),
            origin: self.origin.unwrap_or(old.origin),
            shelf_life: self.shelf_life.unwrap_or(old.shelf_life),
            safety_warnings: self.safety_warnings.unwrap_or(old.safety_warnings),
        };
        let mut faults = Vec::new();
        text::check_length(&new.description, "/description", 5000, &mut faults);
        text::check_length(&new.story, "/story", 20_000, &mut faults);
        text::check_length(&new.packaging, "/packaging", 1000, &mut faults);
        for (text, pointer, most) in [
            (&new.origin, "/origin", 300),
            (&new.shelf_life, "/shelf_life", 300),
            (&new.safety_warnings, "/safety_warnings", 2000),
        ] {
            if let Some(text) = text {
                text::check(text, pointer, most, &mut faults);
            }
        }
        if new.gtin.as_ref().is_some_and(|gtin| Gtin::read(gtin).is_none()) {
            faults.push(Fault::new(
                "/gtin",
                "malformed_gtin",
                say(
                    "GTIN có 8, 12, 13 hoặc 14 chữ số với số kiểm tra đúng.",
                    "A GTIN has 8, 12, 13 or 14 digits, and the last one checks the others.",
                ),
            ));
        }
        faults.into_result()?;
        Ok(new)
    }
}

/// The text fields that come with a document.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentForm {
    pub kind: DocumentKind,
    #[serde(default, deserialize_with = "unless_left_empty")]
    pub number: Option<String>,
    #[serde(default, deserialize_with = "unless_left_empty")]
    pub issued_by: Option<String>,
    #[serde(default, deserialize_with = "unless_left_empty")]
    pub issued_on: Option<Day>,
    /// The last day it holds.
    #[serde(default, deserialize_with = "unless_left_empty")]
    pub valid_until: Option<Day>,
}

/// What somebody leaves empty in a form, the form sends as an empty text.
fn unless_left_empty<'de, D, T>(deserializer: D) -> std::result::Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    match Option::<Value>::deserialize(deserializer)? {
        None => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(value) => serde_json::from_value(value).map(Some).map_err(serde::de::Error::custom),
    }
}

impl DocumentForm {
    pub fn check(&self) -> Result<()> {
        let mut faults = Vec::new();
        if let Some(number) = &self.number {
            text::check(number, "/number", 100, &mut faults);
        }
        if let Some(issued_by) = &self.issued_by {
            text::check(issued_by, "/issued_by", 300, &mut faults);
        }
        if let (Some(issued), Some(until)) = (self.issued_on, self.valid_until)
            && until < issued
        {
            faults.push(Fault::new(
                "/valid_until",
                "before_issue",
                say("Ngày hết hạn không được trước ngày cấp.", "It cannot end before it was issued."),
            ));
        }
        faults.into_result()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_gtin(text: &str) -> bool {
        Gtin::read(text).is_some()
    }

    #[test]
    fn a_gtin_is_the_same_with_and_without_its_zeros() {
        let spelled = |text: &str| Gtin::read(text).unwrap().spellings();
        assert_eq!(spelled("8934563138165"), ["08934563138165", "8934563138165"]);
        assert_eq!(spelled("08934563138165"), spelled("8934563138165"));
        assert_eq!(spelled("96385074"), ["00000096385074", "0000096385074", "000096385074", "96385074"]);
        assert_eq!(spelled("10614141543219"), ["10614141543219"]);
    }

    #[test]
    fn known_gtins_are_told_from_mistyped_ones() {
        for gtin in ["96385074", "036000291452", "8934563138165", "10614141543219", "4006381333931"] {
            assert!(is_gtin(gtin), "{gtin}");
        }
        for gtin in ["8 934563 138165", "8934563-138165.", "８９３４５６３１３８１６５", "8934563138165\u{200b}\r\n"]
        {
            assert_eq!(Gtin::read(gtin), Gtin::read("8934563138165"), "{gtin:?}");
        }
        for gtin in [
            "96385075",
            "8934563138164",
            "893456313816",
            "89345631381650",
            "",
            "893456313816A",
            "٨٩٣٤٥٦٣١",
            "00000000",
            "0000000000000",
            "00000000000000",
            "0000-0000",
        ] {
            assert!(!is_gtin(gtin), "{gtin}");
        }
    }

    proptest! {
        /// A check digit exists for every number, and a single mistyped digit never goes unnoticed.
        #[test]
        fn exactly_one_check_digit_fits(body in "[0-9]{12}", at in 0usize..12, typed in 0u32..10) {
            prop_assume!(body.bytes().any(|digit| digit != b'0'));
            let fitting: Vec<String> = (0..10).map(|check| format!("{body}{check}")).filter(|gtin| is_gtin(gtin)).collect();
            prop_assert_eq!(fitting.len(), 1);
            let good = fitting.first().unwrap();
            let typed = char::from_digit(typed, 10).unwrap();
            let mistyped: String = good.chars().enumerate().map(|(place, digit)| if place == at { typed } else { digit }).collect();
            prop_assert_eq!(is_gtin(&mistyped), mistyped == *good);
        }
    }

    #[test]
    fn a_change_leaves_out_what_stays_and_null_clears() {
        let old = Described {
            description: "a".into(),
            story: "b".into(),
            packaging: "c".into(),
            gtin: Some("8934563138165".into()),
            origin: Some("Hà Tĩnh".into()),
            shelf_life: None,
            safety_warnings: None,
        };
        let change = |json: &str| serde_json::from_str::<ProductChange>(json).unwrap().applied_to(old.clone());
        assert_eq!(change("{}").unwrap(), old);
        assert_eq!(change(r#"{"gtin": null}"#).unwrap().gtin, None);
        assert_eq!(change(r#"{"origin": null, "shelf_life": "24 tháng"}"#).unwrap().origin, None);
        assert!(change(r#"{"safety_warnings": " "}"#).is_err());
        let error = change(r#"{"gtin": "8934563138164"}"#).unwrap_err();
        assert_eq!(error.refusal().unwrap().faults.first().unwrap().pointer, "/gtin");
    }

    #[test]
    fn a_document_ends_after_it_was_issued() {
        let form = |until: &str| DocumentForm {
            kind: DocumentKind::FoodSafetyTest,
            number: None,
            issued_by: None,
            issued_on: Some("2020-05-01".parse().unwrap()),
            valid_until: Some(until.parse().unwrap()),
        };
        assert!(form("2020-05-01").check().is_ok());
        assert!(form("2020-04-30").check().is_err());
    }

    #[test]
    fn a_code_has_no_district_after_the_reform() {
        let (district, commune) = ("439".parse().unwrap(), "18196".parse().unwrap());
        assert_eq!(code(Some(&district), &commune, 3, 2020), "42-439-18196-3-2020");
        assert_eq!(code(None, &commune, 1, 2026), "42-18196-1-2026");
    }
}
