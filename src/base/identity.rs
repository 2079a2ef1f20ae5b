//! What a database, its keys and its folder of files are known by as belonging together.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::base::{Error, Result};

/// The identity of one database over all its copies and backups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity(Uuid);

impl Identity {
    /// For a new database that was told to take keys which are there already.
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }

    /// For a database by the fingerprint of the first key that it was used with: each backup gets the same one, also from
    /// before there were identities.
    pub fn of_first_key(fingerprint: &str) -> Result<Self> {
        let digest = Sha256::new().chain_update(b"ocop-identity\0").chain_update(fingerprint).finalize();
        let bytes = digest.first_chunk::<16>().ok_or_else(|| Error::internal("a digest of less than 16 bytes"))?;
        Ok(Self(uuid::Builder::from_custom_bytes(*bytes).into_uuid()))
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for Identity {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        text.parse().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_backup_of_a_database_gets_the_same_identity_and_each_database_another() {
        let of = |fingerprint| Identity::of_first_key(fingerprint).unwrap();
        assert_eq!(of("a"), of("a"));
        assert_ne!(of("a"), of("b"));
        assert_ne!(Identity::random(), Identity::random());
        assert_eq!(of("a").to_string().parse(), Ok(of("a")));
    }
}
