//! Digests (SHA-256) of values, and the salts that hide what a digest is of.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use crate::base::keys::hexadecimal;
use crate::base::{Error, Result};

/// Names a kind of 32 bytes, written as lower-case hexadecimal digits.
macro_rules! bytes {
    ($(#[$text:meta])* $name:ident) => {
        $(#[$text])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
        #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
        pub struct $name([u8; 32]);

        impl AsRef<[u8]> for $name {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }
        impl TryFrom<Vec<u8>> for $name {
            type Error = String;
            fn try_from(bytes: Vec<u8>) -> Result<Self, String> {
                bytes.try_into().map(Self).map_err(|bytes: Vec<u8>| format!("{} bytes where 32 belong", bytes.len()))
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hexadecimal(&self.0))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}
bytes! {
    /// SHA-256.
    Digest
}
bytes! {
    /// Random bytes that go into a digest, so that nobody finds by trying what it is of.
    Salt
}

impl Digest {
    /// What stands where there is nothing before.
    pub const ZERO: Self = Self([0; 32]);

    /// Of the value's canonical text behind the salt: `SHA-256(salt || text)`.
    pub fn salted(salt: Salt, value: &impl Serialize) -> Result<Self> {
        Ok(Self(Sha256::new().chain_update(salt.0).chain_update(canonical(value)?).finalize().into()))
    }

    /// Of the value's canonical text behind its purpose and a zero byte, so that one kind of digest is never another.
    pub fn of(purpose: &str, value: &impl Serialize) -> Result<Self> {
        let purpose = Sha256::new().chain_update(purpose).chain_update([0]);
        Ok(Self(purpose.chain_update(canonical(value)?).finalize().into()))
    }
}

impl FromStr for Digest {
    type Err = &'static str;

    fn from_str(digits: &str) -> std::result::Result<Self, Self::Err> {
        let pairs = (0..digits.len()).step_by(2).map(|at| digits.get(at..at + 2));
        let bytes: Option<Vec<u8>> = pairs
            .map(|pair| pair.filter(|_| digits.is_ascii()).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
            .collect();
        let bytes = bytes.and_then(|bytes| Self::try_from(bytes).ok());
        bytes
            .filter(|digest| digest.to_string() == digits.to_ascii_lowercase())
            .ok_or("64 hexadecimal digits belong here")
    }
}

impl Salt {
    pub fn random() -> Result<Self> {
        let mut salt = [0u8; 32];
        aws_lc_rs::rand::fill(&mut salt).map_err(|_| Error::internal("no random numbers for a salt"))?;
        Ok(Self(salt))
    }
}

/// A value's one text: JSON without spaces, the names of each object sorted, letters as they are (no `\u` but for control
/// characters).
pub fn canonical(value: &impl Serialize) -> Result<String> {
    let mut value = serde_json::to_value(value).map_err(Error::internal)?;
    value.sort_all_objects();
    serde_json::to_string(&value).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_canonical_text_is_the_same_for_the_same_value() {
        let text = canonical(&json!({"b": [{"y": 1, "x": "Bưởi \"Phúc Trạch\"\n"}], "a": null})).unwrap();
        assert_eq!(text, r#"{"a":null,"b":[{"x":"Bưởi \"Phúc Trạch\"\n","y":1}]}"#);
    }

    #[test]
    fn a_digest_is_of_its_salt_its_purpose_and_its_value() {
        let digest = Digest::of("x", &1).unwrap();
        // printf 'x\0001' | sha256sum
        assert_eq!(digest.to_string(), hexadecimal(&Sha256::digest(b"x\x001")));
        assert_ne!(digest, Digest::of("y", &1).unwrap());
        assert_ne!(digest, Digest::of("x", &2).unwrap());
        let (salt, other) = (Salt::random().unwrap(), Salt::random().unwrap());
        assert_ne!(salt, other);
        assert_ne!(Digest::salted(salt, &1).unwrap(), Digest::salted(other, &1).unwrap());
        assert_eq!(Digest::try_from(vec![0; 32]), Ok(Digest::ZERO));
        assert!(Digest::try_from(vec![0; 31]).is_err());
    }
}
