//! The receipt of a doubt: a code by which who sent it, and nobody else, reads what became of it.

use std::fmt;

use uuid::Uuid;

use crate::base::id::DoubtId;
use crate::base::keys::Keyring;
use crate::base::{Result, crockford};

/// 128 bits, five in each character.
const LENGTH: usize = 26;
const BITS: u32 = 5;
const PURPOSE: &str = "ocop-doubt";

/// A receipt's code, which is the doubt's random id as people can read it out and type it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DoubtReceipt(DoubtId);

impl DoubtReceipt {
    pub fn of(doubt: DoubtId) -> Self {
        Self(doubt)
    }

    /// The receipt of what was sent under a key: sent twice it is one doubt.
    pub fn of_sending(keys: &Keyring, key: &str, content: &[u8]) -> Result<Self> {
        let digest = keys.digest(PURPOSE, &[key.as_bytes(), b"\n", content].concat())?;
        let mut bytes = [0u8; 16];
        for (byte, of) in bytes.iter_mut().zip(digest) {
            *byte = of;
        }
        Ok(Self(DoubtId::from_uuid(uuid::Builder::from_random_bytes(bytes).into_uuid())))
    }

    /// A code however it is spelled.
    pub fn read(text: &str) -> Option<Self> {
        let code: [u8; LENGTH] = crockford::spelled(text)?;
        let mut number: u128 = 0;
        for character in code {
            let numeral = crockford::ALPHABET.iter().position(|letter| *letter == character)?;
            // More than 128 bits are no id.
            number = number.checked_mul(1 << BITS)?.checked_add(u128::try_from(numeral).ok()?)?;
        }
        Some(Self(DoubtId::from_uuid(Uuid::from_u128(number))))
    }

    pub fn doubt(self) -> DoubtId {
        self.0
    }
}

impl fmt::Display for DoubtReceipt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.0.uuid().as_u128();
        for place in (0..u32::try_from(LENGTH).unwrap_or_default()).rev() {
            let numeral = u8::try_from((number >> (place * BITS)) & 31).unwrap_or_default();
            write!(formatter, "{}", char::from(crockford::letter(numeral)))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_receipt_is_read_as_it_was_given(number: u128) {
            let receipt = DoubtReceipt::of(DoubtId::from_uuid(Uuid::from_u128(number)));
            let code = receipt.to_string();
            prop_assert_eq!(code.len(), LENGTH);
            prop_assert_eq!(DoubtReceipt::read(&code), Some(receipt));
            let spelled: Vec<String> = code.to_lowercase().as_bytes().chunks(4).map(|part| String::from_utf8_lossy(part).into()).collect();
            prop_assert_eq!(DoubtReceipt::read(&spelled.join("-")), Some(receipt));
        }
    }

    #[test]
    fn what_is_no_code_is_not_read() {
        for text in ["", "ABC", &"Z".repeat(26), &"0".repeat(27), &"U".repeat(26)] {
            assert_eq!(DoubtReceipt::read(text), None, "{text}");
        }
    }
}
