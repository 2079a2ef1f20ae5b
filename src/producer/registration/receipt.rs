//! The receipt of a registration: a code that tells whoever has it what became of the registration.

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use crate::base::keys::Keyring;
use crate::base::{Error, Moment, Result, crockford};
use crate::db::AnyConnection;
use crate::producer::registration::rules::RegistrationState;
use crate::producer::registration::store;

const LENGTH: usize = 20;
const PURPOSE: &str = "ocop-registration";

/// A receipt's code: 100 bits, 20 characters. The database has its digest only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReceiptCode(String);

impl ReceiptCode {
    pub fn random() -> Result<Self> {
        let mut bytes = [0u8; LENGTH];
        aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Error::internal("no random numbers for a receipt's code"))?;
        Ok(Self::of(bytes.map(|byte| crockford::letter(byte & 31))))
    }

    /// The code of what a page's form sent under its key: what is sent twice has one receipt, and so is one registration.
    pub fn of_sending(keys: &Keyring, key: &str, content: &[u8]) -> Result<Self> {
        let digest = keys.digest(PURPOSE, &[key.as_bytes(), b"\n", content].concat())?;
        let mut characters = [0u8; LENGTH];
        for (character, byte) in characters.iter_mut().zip(digest) {
            *character = crockford::letter(byte & 31);
        }
        Ok(Self::of(characters))
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

    pub fn digest(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

/// What whoever has the code is told: nothing of who registered.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub state: RegistrationState,
    pub registered_at: Moment,
    /// Why it was refused.
    pub reason: Option<String>,
}

/// What became of the registration with this receipt.
pub fn outcome(connection: &mut AnyConnection, code: &ReceiptCode) -> Result<Option<Outcome>> {
    let found = store::of_receipt(connection, &code.digest())?;
    Ok(found.map(|row| Outcome {
        state: row.state,
        registered_at: row.created_at,
        reason: row.note.filter(|_| row.state == RegistrationState::Refused),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_sending_has_the_same_code_and_no_other_has_it() {
        let keys = Keyring::generate().unwrap();
        let of = |key: &str, content: &[u8]| ReceiptCode::of_sending(&keys, key, content).unwrap();
        assert_eq!(of("a", b"x"), of("a", b"x"));
        assert_ne!(of("a", b"x"), of("b", b"x"));
        assert_ne!(of("a", b"x"), of("a", b"y"));
        let other = ReceiptCode::of_sending(&Keyring::generate().unwrap(), "a", b"x").unwrap();
        assert_ne!(of("a", b"x"), other);
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = ReceiptCode::random().unwrap();
        let typed = format!(" {} ", crate::paper::rules::grouped(code.as_str()).to_lowercase());
        assert_eq!(ReceiptCode::read(&typed), Some(code));
        assert_eq!(ReceiptCode::read("ABC"), None);
    }
}
