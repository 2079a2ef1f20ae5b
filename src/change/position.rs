//! Where a reader is in the history, as the reader keeps it: sealed, so that it does not tell how much happened between.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::base::id::AccountId;
use crate::base::keys::Keyring;
use crate::base::{Error, Result};

/// What the key of positions is derived for.
const PURPOSE: &str = "ocop-changes";

/// The key of one account's positions.
fn key(keys: &Keyring, account: AccountId) -> Result<RandomizedNonceKey> {
    let secret = keys.digest(PURPOSE, account.to_string().as_bytes())?;
    RandomizedNonceKey::new(&AES_256_GCM, &secret).map_err(|_| Error::internal("no key for a position"))
}

/// A place as text; another one each time, so that two say nothing of what lies between them.
pub fn seal(keys: &Keyring, account: AccountId, place: i64) -> Result<String> {
    let mut sealed = place.to_be_bytes().to_vec();
    let nonce = key(keys, account)?
        .seal_in_place_append_tag(Aad::empty(), &mut sealed)
        .map_err(|_| Error::internal("a position could not be sealed"))?;
    Ok(URL_SAFE_NO_PAD.encode([nonce.as_ref().as_slice(), &sealed].concat()))
}

/// The place in a text; none where we did not seal it for this account, or under keys of before.
pub fn open(keys: &Keyring, account: AccountId, text: &str) -> Result<Option<i64>> {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(text) else { return Ok(None) };
    let Some((nonce, sealed)) = bytes.split_at_checked(NONCE_LEN) else { return Ok(None) };
    let Ok(nonce) = Nonce::try_assume_unique_for_key(nonce) else { return Ok(None) };
    let mut sealed = sealed.to_vec();
    let Ok(place) = key(keys, account)?.open_in_place(nonce, Aad::empty(), &mut sealed) else { return Ok(None) };
    Ok(<[u8; 8]>::try_from(&*place).ok().map(i64::from_be_bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_its_accounts_own_and_says_nothing() {
        let (keys, account) = (Keyring::generate().unwrap(), AccountId::new());
        let (first, second) = (seal(&keys, account, 7).unwrap(), seal(&keys, account, 7).unwrap());
        assert_ne!(first, second);
        assert_eq!(first.len(), seal(&keys, account, i64::MAX).unwrap().len());
        for text in [&first, &second] {
            assert_eq!(open(&keys, account, text).unwrap(), Some(7));
            assert_eq!(open(&keys, AccountId::new(), text).unwrap(), None);
            assert_eq!(open(&Keyring::generate().unwrap(), account, text).unwrap(), None);
        }
        for wrong in ["", "Nw", "7", "khác", &first[1..], &"A".repeat(48)] {
            assert_eq!(open(&keys, account, wrong).unwrap(), None, "{wrong}");
        }
    }
}
