//! Sealing: what others keep for the service, the database or a browser, so that they can neither read nor change it.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};

use crate::base::keys::Keyring;
use crate::base::{Error, Result};

fn key(secret: &[u8]) -> Result<RandomizedNonceKey> {
    RandomizedNonceKey::new(&AES_256_GCM, secret).map_err(|_| Error::internal("no key to seal with"))
}

/// A secret as others keep it, under a key of its purpose and of whose it is: it is of no use for anybody else.
pub fn seal(keys: &Keyring, purpose: &str, whose: &[u8], secret: &[u8]) -> Result<Vec<u8>> {
    let mut sealed = secret.to_vec();
    let nonce = key(&keys.digest(purpose, whose)?)?
        .seal_in_place_append_tag(Aad::empty(), &mut sealed)
        .map_err(|_| Error::internal("a secret could not be sealed"))?;
    Ok([nonce.as_ref().as_slice(), &sealed].concat())
}

/// The secret that was sealed, also before a rotation of the keys; none where no key of ours opens it.
pub fn unseal(keys: &Keyring, purpose: &str, whose: &[u8], sealed: &[u8]) -> Result<Option<Vec<u8>>> {
    let Some((nonce, sealed)) = sealed.split_at_checked(NONCE_LEN) else { return Ok(None) };
    for digest in keys.digests(purpose, whose)? {
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Error::internal("a nonce is cut short"))?;
        let mut sealed = sealed.to_vec();
        if let Ok(secret) = key(&digest)?.open_in_place(nonce, Aad::empty(), &mut sealed) {
            return Ok(Some(secret.to_vec()));
        }
    }
    Ok(None)
}
