//! The secrets of the service: keys that sign tokens and keys that encipher stamp codes.
//!
//! They live outside the database, which holds only their fingerprints, so that a stolen backup mints neither.

use std::sync::OnceLock;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use aws_lc_rs::{hkdf, hmac};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::base::{Error, Result};

/// All keys at hand. The last of each list is the one in use; earlier ones still verify what they signed or printed.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keyring {
    pub token_keys: Vec<TokenKey>,
    pub stamp_keys: Vec<StampKey>,
}

/// An Ed25519 key pair that signs access tokens.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenKey {
    pub id: String,
    /// PKCS#8, base64.
    pub pkcs8: String,
    /// Derived once: every request's token is checked with it.
    #[serde(skip)]
    public: OnceLock<Vec<u8>>,
}

/// An AES-256 key that enciphers stamp codes.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StampKey {
    /// The first character of every code made with it.
    pub id: char,
    /// 32 bytes, base64.
    pub key: String,
}

/// What a key is known by without being known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    pub name: String,
    pub digest: String,
}

/// Which keys to rotate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    Token,
    Stamp,
}

/// The ids of stamp keys in the order of their use; the characters of a code.
const STAMP_KEY_IDS: &str = "123456789ABCDEFGHJKMNPQRSTVWXYZ0";

impl Keyring {
    /// New keys, for an empty database only.
    pub fn generate() -> Result<Self> {
        Ok(Self { token_keys: vec![TokenKey::generate()?], stamp_keys: vec![StampKey::generate('1')?] })
    }

    /// The same keys and a new one behind them of each kind asked for, which is in use from then on.
    pub fn rotated(&self, kinds: &[Kind]) -> Result<Self> {
        let mut keys = self.clone();
        if kinds.contains(&Kind::Token) {
            keys.token_keys.push(TokenKey::generate()?);
        }
        if kinds.contains(&Kind::Stamp) {
            let is_free = |id: &char| self.stamp_keys.iter().all(|key| key.id != *id);
            let id = STAMP_KEY_IDS.chars().find(is_free);
            let id = id.ok_or_else(|| Error::internal("all 32 ids of stamp keys are used"))?;
            keys.stamp_keys.push(StampKey::generate(id)?);
        }
        Ok(keys)
    }

    pub fn token_key(&self) -> Result<&TokenKey> {
        self.token_keys.last().ok_or_else(|| Error::internal("the key file has no token key"))
    }

    pub fn stamp_key(&self) -> Result<&StampKey> {
        self.stamp_keys.last().ok_or_else(|| Error::internal("the key file has no stamp key"))
    }

    /// A digest (HMAC-SHA256) that says nothing of the bytes to who has the database only. Of the token key in use.
    pub fn digest(&self, purpose: &str, bytes: &[u8]) -> Result<Vec<u8>> {
        Ok(hmac::sign(&self.token_key()?.secret(purpose)?, bytes).as_ref().to_vec())
    }

    /// The same of each token key there ever was, the one in use first.
    pub fn digests(&self, purpose: &str, bytes: &[u8]) -> Result<Vec<Vec<u8>>> {
        let digest = |key: &TokenKey| Ok(hmac::sign(&key.secret(purpose)?, bytes).as_ref().to_vec());
        self.token_keys.iter().rev().map(digest).collect()
    }

    /// Whether [`Keyring::digest`] made the digest of these bytes, also before a rotation.
    pub fn has_digested(&self, purpose: &str, bytes: &[u8], digest: &[u8]) -> Result<bool> {
        for key in self.token_keys.iter().rev() {
            if hmac::verify(&key.secret(purpose)?, bytes, digest).is_ok() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub fn fingerprints(&self) -> Vec<Fingerprint> {
        let tokens = self.token_keys.iter().map(|key| fingerprint(format!("token:{}", key.id), &key.pkcs8));
        let stamps = self.stamp_keys.iter().map(|key| fingerprint(format!("stamp:{}", key.id), &key.key));
        tokens.chain(stamps).collect()
    }
}

impl TokenKey {
    fn generate() -> Result<Self> {
        let document = Ed25519KeyPair::generate_pkcs8(&aws_lc_rs::rand::SystemRandom::new())
            .map_err(|_| Error::internal("no random numbers for a token key"))?;
        let id = uuid::Uuid::now_v7().simple().to_string();
        Ok(Self { id, pkcs8: BASE64.encode(document.as_ref()), public: OnceLock::new() })
    }

    pub fn pkcs8(&self) -> Result<Vec<u8>> {
        BASE64.decode(&self.pkcs8).map_err(|error| Error::internal(format!("token key {}: {error}", self.id)))
    }
}

impl TokenKey {
    fn pair(&self) -> Result<Ed25519KeyPair> {
        Ed25519KeyPair::from_pkcs8(&self.pkcs8()?)
            .map_err(|error| Error::internal(format!("token key {} cannot be read: {error}", self.id)))
    }

    /// A secret derived from this key (HKDF-SHA256) for one purpose: what it makes tells nothing of any other.
    fn secret(&self, purpose: &str) -> Result<hmac::Key> {
        let derived = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(&self.pkcs8()?);
        let purpose = [purpose.as_bytes()];
        let derived = derived.expand(&purpose, hmac::HMAC_SHA256);
        Ok(derived.map_err(|_| Error::internal("no secret can be derived from a token key"))?.into())
    }

    /// Signs bytes for a purpose, which stands before them with a zero byte: no token begins so.
    pub fn sign(&self, purpose: &str, bytes: &[u8]) -> Result<Vec<u8>> {
        Ok(self.pair()?.sign(&for_purpose(purpose, bytes)).as_ref().to_vec())
    }

    /// Whether this key signed the bytes for the purpose.
    pub fn has_signed(&self, purpose: &str, bytes: &[u8], signature: &[u8]) -> Result<bool> {
        let key = UnparsedPublicKey::new(&ED25519, self.public_key()?);
        Ok(key.verify(&for_purpose(purpose, bytes), signature).is_ok())
    }

    pub fn public_key(&self) -> Result<&[u8]> {
        if let Some(known) = self.public.get() {
            return Ok(known);
        }
        let pair = self.pair()?;
        Ok(self.public.get_or_init(|| pair.public_key().as_ref().to_vec()))
    }
}

impl StampKey {
    fn generate(id: char) -> Result<Self> {
        let mut key = [0u8; 32];
        aws_lc_rs::rand::fill(&mut key).map_err(|_| Error::internal("no random numbers for a stamp key"))?;
        Ok(Self { id, key: BASE64.encode(key) })
    }

    pub fn bytes(&self) -> Result<[u8; 32]> {
        let bytes =
            BASE64.decode(&self.key).map_err(|error| Error::internal(format!("stamp key {}: {error}", self.id)))?;
        bytes.try_into().map_err(|_| Error::internal(format!("stamp key {} is not 32 bytes long", self.id)))
    }
}

fn for_purpose(purpose: &str, bytes: &[u8]) -> Vec<u8> {
    [purpose.as_bytes(), &[0], bytes].concat()
}

fn fingerprint(name: String, secret: &str) -> Fingerprint {
    let digest = Sha256::digest(secret.as_bytes());
    Fingerprint { name, digest: hexadecimal(&digest) }
}

/// Bytes as lower-case hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_of_its_key_its_purpose_and_its_bytes_also_after_a_rotation() {
        let keys = Keyring::generate().unwrap();
        let digest = keys.digest("x", b"bytes").unwrap();
        let rotated = keys.rotated(&[Kind::Token]).unwrap();
        for known in [&keys, &rotated] {
            assert!(known.has_digested("x", b"bytes", &digest).unwrap());
            assert!(!known.has_digested("y", b"bytes", &digest).unwrap());
            assert!(!known.has_digested("x", b"other", &digest).unwrap());
        }
        assert_ne!(rotated.digest("x", b"bytes").unwrap(), digest);
        assert!(!Keyring::generate().unwrap().has_digested("x", b"bytes", &digest).unwrap());
        assert_ne!(digest, Sha256::digest(b"bytes").to_vec());
    }

    #[test]
    fn a_rotation_adds_and_keeps() {
        let first = Keyring::generate().unwrap();
        let second = first.rotated(&[Kind::Stamp]).unwrap();
        assert_eq!(second.stamp_keys.iter().map(|key| key.id).collect::<String>(), "12");
        assert_eq!(second.token_keys.len(), 1);
        assert!(first.fingerprints().iter().all(|known| second.fingerprints().contains(known)));
        let third = second.rotated(&[Kind::Token, Kind::Stamp]).unwrap();
        assert_eq!((third.stamp_key().unwrap().id, third.token_keys.len()), ('3', 2));
        let all = (3..32).fold(third, |keys, _| keys.rotated(&[Kind::Stamp]).unwrap());
        assert!(all.rotated(&[Kind::Stamp]).is_err(), "no id is used twice");
    }
}
