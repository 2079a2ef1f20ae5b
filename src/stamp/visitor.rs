//! Who scanned, counted without being known: an address under a secret that lasts a day.

use std::net::{IpAddr, Ipv6Addr};

use aws_lc_rs::hmac;
use diesel::prelude::*;
use diesel::sql_types::{Binary, Date};

use crate::base::{Day, Error, Result};
use crate::db::AnyConnection;
use crate::db::schema::visitor_salts;

/// Bytes of a hash that are kept: enough to tell visitors of a day apart.
const KEPT: usize = 16;

/// The secret of a day, the same for all instances. The first who needs it makes it, and forgets those of earlier days:
/// from then on nobody can find out whose hashes were kept.
pub struct Salt(Vec<u8>);

impl Salt {
    pub fn of(connection: &mut AnyConnection, day: Day) -> Result<Self> {
        if let Some(salt) = find(connection, day)? {
            return Ok(Self(salt));
        }
        let mut fresh = vec![0; 32];
        aws_lc_rs::rand::fill(&mut fresh).map_err(|_| Error::internal("no random numbers for a day's salt"))?;
        diesel::delete(visitor_salts::table.filter(visitor_salts::day.lt(day))).execute(connection)?;
        diesel::sql_query("INSERT INTO visitor_salts (day, salt) VALUES ($1, $2) ON CONFLICT (day) DO NOTHING")
            .bind::<Date, _>(day)
            .bind::<Binary, _>(fresh)
            .execute(connection)?;
        find(connection, day)?.map(Self).ok_or_else(|| Error::internal(format!("the salt of {day} is gone")))
    }

    /// The visitor's hash. Whoever has one IPv6 address has all of its network, so the network is the visitor.
    pub fn hash(&self, address: IpAddr) -> Vec<u8> {
        let origin = origin(address);
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        hmac::sign(&key, &origin).as_ref().iter().take(KEPT).copied().collect()
    }
}

/// What of an address is one visitor's.
pub fn origin(address: IpAddr) -> Vec<u8> {
    match address.to_canonical() {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => network(address),
    }
}

/// The first 64 bits.
fn network(address: Ipv6Addr) -> Vec<u8> {
    address.octets().into_iter().take(8).collect()
}

fn find(connection: &mut AnyConnection, day: Day) -> Result<Option<Vec<u8>>> {
    Ok(visitor_salts::table.find(day).select(visitor_salts::salt).first(connection).optional()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_is_one_on_a_day_and_unknown_on_the_next() {
        let (today, tomorrow) = (Salt(vec![1; 32]), Salt(vec![2; 32]));
        let hash = |salt: &Salt, address: &str| salt.hash(address.parse().unwrap());
        assert_eq!(hash(&today, "203.0.113.7"), hash(&today, "::ffff:203.0.113.7"));
        assert_ne!(hash(&today, "203.0.113.7"), hash(&today, "203.0.113.8"));
        assert_ne!(hash(&today, "203.0.113.7"), hash(&tomorrow, "203.0.113.7"));
        assert_eq!(hash(&today, "2001:db8:1:2::1"), hash(&today, "2001:db8:1:2:ffff::9"));
        assert_ne!(hash(&today, "2001:db8:1:2::1"), hash(&today, "2001:db8:1:3::1"));
    }
}
