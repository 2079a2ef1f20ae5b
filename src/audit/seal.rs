//! Seals (niêm phong): signed heads over all steps of all resources since the seal before.
//!
//! There is one at each fixed time, whether or not anything happened, and what it covers is hidden by a salt: neither that
//! there is one, nor its number, nor its head tells that anybody did anything.
//!
//! Who keeps one head of a day outside of this service can show later that nothing of before was altered.

use diesel::prelude::{Queryable, Selectable};

use crate::base::digest::canonical;
use crate::base::keys::{Keyring, TokenKey};
use crate::base::{Digest, Error, Moment, Result, Salt};
use crate::db::schema::seals;

/// What a seal's signature is for; the signed bytes begin with it.
pub const PURPOSE: &str = "ocop-seal";

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = seals)]
pub struct Seal {
    /// From 1 on, without gaps.
    pub number: i64,
    pub at: Moment,
    /// How many steps it covers; not public, because it counts what people do.
    pub entries: i64,
    pub head: Digest,
    /// The head of the seal before, zeros for the first.
    pub previous: Digest,
    pub key_id: String,
    pub signature: Vec<u8>,
    /// Enters the head, so that nobody can tell the head of a seal over nothing; none in seals of before.
    pub salt: Option<Salt>,
}

impl Seal {
    /// Seals the digests of steps, also of none; their order means nothing.
    pub fn make(key: &TokenKey, before: Option<&Seal>, at: Moment, digests: &[Digest]) -> Result<Self> {
        let number = before.map_or(1, |seal| seal.number + 1);
        let previous = before.map_or(Digest::ZERO, |seal| seal.head);
        let salt = Some(Salt::random()?);
        let head = head(previous, number, at, digests, salt)?;
        let entries = i64::try_from(digests.len()).map_err(Error::internal)?;
        let signature = key.sign(PURPOSE, signed(number, at, previous, head)?.as_bytes())?;
        Ok(Self { number, at, entries, head, previous, key_id: key.id.clone(), signature, salt })
    }

    /// Whether the head is that of these digests.
    pub fn covers(&self, digests: &[Digest]) -> Result<bool> {
        Ok(i64::try_from(digests.len()) == Ok(self.entries)
            && head(self.previous, self.number, self.at, digests, self.salt)? == self.head)
    }

    /// Whether one of our keys signed it.
    pub fn is_signed(&self, keys: &Keyring) -> Result<bool> {
        let bytes = signed(self.number, self.at, self.previous, self.head)?;
        match keys.token_keys.iter().find(|key| key.id == self.key_id) {
            Some(key) => key.has_signed(PURPOSE, bytes.as_bytes(), &self.signature),
            None => Ok(false),
        }
    }
}

fn head(previous: Digest, number: i64, at: Moment, digests: &[Digest], salt: Option<Salt>) -> Result<Digest> {
    let mut sorted = digests.to_vec();
    sorted.sort_unstable();
    let covered = (previous, number, at.microseconds(), sorted);
    match salt {
        Some(salt) => Digest::salted(salt, &("ocop-seal-head", covered)),
        None => Digest::of("ocop-seal-head", &covered),
    }
}

/// What the signature is over, behind its purpose: `[number,microseconds,"previous","head"]`.
fn signed(number: i64, at: Moment, previous: Digest, head: Digest) -> Result<String> {
    canonical(&(number, at.microseconds(), previous, head))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_covers_its_digests_in_any_order_and_is_signed_for_nothing_else() {
        let keys = Keyring::generate().unwrap();
        let key = keys.token_key().unwrap();
        let at = Moment::real_now();
        let digest = |value: i32| Digest::of("test", &value).unwrap();
        let first = Seal::make(key, None, at, &[digest(1), digest(2)]).unwrap();
        let second = Seal::make(key, Some(&first), at, &[digest(3)]).unwrap();
        assert_eq!((first.number, first.previous, first.entries), (1, Digest::ZERO, 2));
        assert_eq!((second.number, second.previous), (2, first.head));
        assert!(first.covers(&[digest(2), digest(1)]).unwrap());
        assert!(!first.covers(&[digest(1)]).unwrap());
        assert!(!first.covers(&[digest(1), digest(3)]).unwrap());
        assert!(first.is_signed(&keys).unwrap());
        let nothing = Seal::make(key, Some(&second), at, &[]).unwrap();
        assert!(nothing.covers(&[]).unwrap() && nothing.entries == 0);
        assert_ne!(nothing.head, Seal::make(key, Some(&second), at, &[]).unwrap().head, "nobody computes it");
        let earlier =
            Seal { head: head(Digest::ZERO, 1, at, &[digest(1)], None).unwrap(), salt: None, ..first.clone() };
        assert!(Seal { entries: 1, ..earlier }.covers(&[digest(1)]).unwrap(), "seals of before have no salt");
        for forged in [
            Seal { number: 2, ..first.clone() },
            Seal { head: digest(1), ..first.clone() },
            Seal { previous: digest(1), ..first.clone() },
            Seal { at: at.plus(chrono::Duration::seconds(1)), ..first.clone() },
            Seal { signature: second.signature.clone(), ..first.clone() },
            Seal { key_id: "another".into(), ..first.clone() },
        ] {
            assert!(!forged.is_signed(&keys).unwrap());
        }
        let text = signed(1, at, Digest::ZERO, first.head).unwrap();
        assert!(!key.has_signed("another", text.as_bytes(), &first.signature).unwrap());
    }
}
