//! Official codes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The official code of an administrative unit (mã đơn vị hành chính): two digits for a province, three for a district,
/// five for a commune. What it means depends on the day: see `place`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^([0-9]{2}|[0-9]{3}|[0-9]{5})$", examples("42", "439", "18196"))]
pub struct UnitCode(String);

impl UnitCode {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The level, which the number of digits tells.
    pub fn level(&self) -> Level {
        match self.0.len() {
            2 => Level::Province,
            3 => Level::District,
            _ => Level::Commune,
        }
    }
}

/// A level of administration (cấp): tỉnh, huyện, xã.
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
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Level {
    Province,
    District,
    Commune,
}

impl fmt::Display for UnitCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for UnitCode {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if matches!(text.len(), 2 | 3 | 5) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err("a unit code has two, three or five digits".into())
        }
    }
}

impl TryFrom<String> for UnitCode {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<UnitCode> for String {
    fn from(code: UnitCode) -> String {
        code.0
    }
}
