//! What a paper is, and the code and the digest that it is known by.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::audit::Resource;
use crate::base::id::AnyId;
use crate::base::{Day, Error, Result, UnitCode, crockford};

/// The papers of the programme; a certificate is verified by its own number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[schema(as = PrintedKind)]
pub enum Kind {
    /// Biên bản họp hội đồng.
    Minutes,
    /// Phiếu đánh giá của các thành viên, with their names.
    NamedSheets,
    /// Phiếu đánh giá của một thành viên.
    OwnSheet,
    /// Phiếu đánh giá without names, for the producer.
    NamelessSheets,
    /// Quyết định, as a draft or promulgated.
    Decision,
    /// Thông báo kết quả.
    ResultNotice,
    /// Phiếu đăng ký (form 01 of 26/2026/QĐ-TTg).
    RegistrationSheet,
    /// Báo cáo tự đánh giá (form 02).
    SelfEvaluation,
    /// Báo cáo của Ủy ban nhân dân cấp xã (form 03).
    CommuneReport,
    /// Báo cáo đánh giá của Tổ tư vấn.
    GroupReport,
    /// Biên bản kiểm tra.
    InspectionMinutes,
}

/// What a paper is about, and all that may be told of it to whoever scans its QR.
#[derive(Debug, Clone)]
pub struct Subject {
    pub kind: Kind,
    pub resource: Resource,
    pub id: AnyId,
    pub version: i32,
    /// The unit that answers for it.
    pub unit: UnitCode,
    /// The decision's number: the one that set the council up, or the one that is printed.
    pub number: Option<String>,
    pub dated: Option<Day>,
}

/// The digits of a digest that stand on the paper.
pub const PRINTED_DIGITS: usize = 16;
const LENGTH: usize = 16;

/// A paper's code: 80 random bits, 16 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    pub fn random() -> Result<Self> {
        let mut bytes = [0u8; LENGTH];
        aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Error::internal("no random numbers for a paper's code"))?;
        Ok(Self::of(bytes.map(|byte| crockford::letter(byte & 31))))
    }

    /// A code however it is spelled.
    pub fn read(text: &str) -> Option<Self> {
        crockford::spelled(text).map(Self::of)
    }

    fn of(characters: [u8; LENGTH]) -> Self {
        Self(characters.iter().map(|character| char::from(*character)).collect())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Groups of four, as people read it out.
pub fn grouped(code: &str) -> String {
    let characters: Vec<char> = code.chars().collect();
    characters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// SHA-256 of what a paper shows: its JSON without spaces, the members of each object by name.
pub fn digest(content: &impl Serialize) -> Result<Vec<u8>> {
    let value = sorted(serde_json::to_value(content).map_err(Error::internal)?);
    Ok(Sha256::digest(serde_json::to_vec(&value).map_err(Error::internal)?).to_vec())
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> = members.into_iter().collect();
            members.sort_by(|one, other| one.0.cmp(&other.0));
            Value::Object(members.into_iter().map(|(name, member)| (name, sorted(member))).collect())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(sorted).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_code_is_read_in_all_its_spellings() {
        for _ in 0..200 {
            let code = Code::random().unwrap();
            let text = code.as_str();
            for spelling in [text.to_lowercase(), grouped(text), text.replace('0', "o").replace('1', "l")] {
                assert_eq!(Code::read(&spelling).as_ref(), Some(&code), "{spelling}");
            }
        }
        for text in ["", "1", "ABCD-EFGH-JKMN-PQRU", "ABCD-EFGH-JKMN-PQRST", "ABCDEFGHJKMNPQRé"] {
            assert_eq!(Code::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_digest_is_of_the_content_and_not_of_its_order() {
        let one = digest(&json!({"a": 1, "b": [{"c": 2, "d": 3}]})).unwrap();
        assert_eq!(one, digest(&json!({"b": [{"d": 3, "c": 2}], "a": 1})).unwrap());
        assert_ne!(one, digest(&json!({"a": 1, "b": [{"c": 2, "d": 4}]})).unwrap());
    }
}
