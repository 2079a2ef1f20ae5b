//! Who scanned, counted without being known: an address under a secret that lasts a day.

use std::net::IpAddr;

use aws_lc_rs::hmac;
use ipnet::IpNet;

use crate::base::{Day, Error, Result};
use crate::db::AnyConnection;
use crate::http::ClientAddress;
use crate::stamp::code::{Mint, Minted};
use crate::stamp::rules::visitors::Hash;
use crate::stamp::visitor_store::{self, Changes};

/// What a network is signed for; no other use of the keys begins like this.
const PURPOSE: &[u8] = b"ocop network:";

/// The secret of a day, the same for all instances. The first who needs it makes it, and forgets those of earlier days:
/// from then on nobody can find out whose hashes were kept.
pub struct Salt(hmac::Key);

/// With what a batch of scans begins: how often anything changed that a scan shows, and the secret of the day.
pub fn opening(connection: &mut AnyConnection, day: Day) -> Result<(Changes, Salt)> {
    let (changes, salt) = visitor_store::opening(connection, day)?;
    Ok((changes, salt.map_or_else(|| Salt::of(connection, day), |salt| Ok(Salt::new(&salt)))?))
}

impl Salt {
    fn new(secret: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    pub fn of(connection: &mut AnyConnection, day: Day) -> Result<Self> {
        Ok(Self::new(&visitor_store::salt(connection, day)?))
    }

    /// The visitor's hash.
    pub fn hash(&self, client: ClientAddress) -> Result<Hash> {
        self.of_leading(client.visitor())
    }

    /// The hash of the visitor's network, the same at all stamps.
    pub fn hash_of_network(&self, client: ClientAddress) -> Result<Hash> {
        self.of_leading(client.network())
    }

    /// A network's bytes are fewer than a visitor's, so neither is taken for the other.
    fn of_leading(&self, network: IpNet) -> Result<Hash> {
        kept(&hmac::sign(&self.0, &leading(network)))
    }
}

/// What a stamp remembers a network by, for as long as it has visitors: only who has the stamp's key can tell which it is,
/// and no other stamp remembers it by the same.
pub fn network(mint: &Mint, stamp: Minted, client: ClientAddress) -> Result<Hash> {
    kept(&mint.sign(stamp, PURPOSE, &leading(client.network()))?)
}

/// The bytes that a network's addresses begin with.
pub fn leading(network: IpNet) -> Vec<u8> {
    let length = usize::from(network.prefix_len() / 8);
    match network.addr() {
        IpAddr::V4(address) => address.octets().into_iter().take(length).collect(),
        IpAddr::V6(address) => address.octets().into_iter().take(length).collect(),
    }
}

/// The part of it that is kept: enough to tell visitors of a day apart.
fn kept(tag: &hmac::Tag) -> Result<Hash> {
    tag.as_ref().first_chunk().copied().ok_or_else(|| Error::internal("a hash that is too short"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::keys::Keyring;

    #[test]
    fn a_visitor_is_one_on_a_day_and_unknown_on_the_next() {
        let (today, tomorrow) = (Salt::new(&[1; 32]), Salt::new(&[2; 32]));
        let hash = |salt: &Salt, address: &str| salt.hash(ClientAddress::new(address.parse().unwrap())).unwrap();
        assert_eq!(hash(&today, "203.0.113.7"), hash(&today, "::ffff:203.0.113.7"));
        assert_ne!(hash(&today, "203.0.113.7"), hash(&today, "203.0.113.8"));
        assert_ne!(hash(&today, "203.0.113.7"), hash(&tomorrow, "203.0.113.7"));
        assert_eq!(hash(&today, "2001:db8:1:2::1"), hash(&today, "2001:db8:1:2:ffff::9"));
        assert_ne!(hash(&today, "2001:db8:1:2::1"), hash(&today, "2001:db8:1:3::1"));
    }

    #[test]
    fn a_stamp_remembers_a_network_as_no_other_stamp_does() {
        let keys = Keyring::generate().unwrap();
        let mint = Mint::new(&keys).unwrap();
        let stamp = Minted { order: 7, serial: 1, key_id: keys.stamp_key().unwrap().id };
        let of = |stamp, address: &str| network(&mint, stamp, ClientAddress::new(address.parse().unwrap())).unwrap();
        assert_eq!(of(stamp, "203.0.113.7"), of(stamp, "::ffff:203.0.113.200"));
        assert_ne!(of(stamp, "203.0.113.7"), of(stamp, "203.0.114.7"));
        assert_eq!(of(stamp, "2001:db8:1:2::1"), of(stamp, "2001:db8:1:3::1"));
        assert_ne!(of(stamp, "2001:db8:1:2::1"), of(stamp, "2001:db8:2:2::1"));
        assert_ne!(of(stamp, "203.0.113.7"), of(Minted { serial: 2, ..stamp }, "203.0.113.7"));
    }
}
