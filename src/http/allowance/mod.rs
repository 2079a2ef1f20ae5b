//! How often something may be asked: 429 with a `Retry-After` beyond that, for a visitor, a network or an account.
//!
//! What is asked is told by its route before anything of it is read. The visitor is asked first: who goes on hammering uses up
//! their own allowance and not that of their neighbours. Addresses of trusted proxies are nobody's: where such a proxy names
//! nobody, everybody may stand behind it. Counts are of one instance.

pub mod counts;
pub mod table;

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ResourceDef;
use actix_web::http::Method;
use actix_web::{HttpMessage, HttpRequest};
use governor::clock::{Clock, DefaultClock};
use ipnet::IpNet;

use crate::base::id::AccountId;
use crate::base::{Error, Kind, Result, say};
use crate::http::ClientAddress;

use counts::Counts;
use table::{ALLOWANCES, Allowance};

pub use table::is_rationed;

/// Which allowance a request is of: its place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rationed(usize);

/// An allowance of the table with what was used of it.
struct Ration<C: Clock> {
    allowance: &'static Allowance,
    gets: ResourceDef,
    posts: ResourceDef,
    visitors: Option<Counts<IpNet, C>>,
    networks: Option<Counts<IpNet, C>>,
    accounts: Option<Counts<AccountId, C>>,
}

/// All allowances, with what was used of them. Cheap to clone.
#[derive(Clone)]
pub struct Allowances<C: Clock = DefaultClock>(Arc<Vec<Ration<C>>>);

impl Allowances {
    pub fn new() -> Result<Self> {
        Self::with_clock(&DefaultClock::default())
    }
}

impl<C: Clock + Clone> Allowances<C> {
    fn with_clock(clock: &C) -> Result<Self> {
        let rations = ALLOWANCES.iter().map(|allowance| Ration::new(allowance, clock));
        Ok(Self(Arc::new(rations.collect::<Result<_>>()?)))
    }

    /// Which allowance a route is of; `HEAD` is `GET`.
    pub fn of(&self, method: &Method, path: &str) -> Option<Rationed> {
        let is_met = |ration: &Ration<C>| match *method {
            Method::GET | Method::HEAD => ration.gets.is_match(path),
            Method::POST => ration.posts.is_match(path),
            _ => false,
        };
        self.0.iter().position(is_met).map(Rationed)
    }

    /// Lets a client in; 429 where it, or its network, has used up what is allowed.
    pub fn admit_client(&self, rationed: Rationed, client: ClientAddress) -> Result<()> {
        let Some(ration) = self.0.get(rationed.0) else { return Ok(()) };
        let visitor = ration.visitors.as_ref().map_or(Ok(()), |counts| counts.take(&client.visitor()));
        let network = || ration.networks.as_ref().map_or(Ok(()), |counts| counts.take(&client.network()));
        visitor.and_then(|()| network()).map_err(|wait| too_often(ration.allowance, wait))
    }

    /// Lets an account in, likewise.
    pub fn admit_account(&self, rationed: Option<Rationed>, account: AccountId) -> Result<()> {
        let Some(ration) = rationed.and_then(|rationed| self.0.get(rationed.0)) else { return Ok(()) };
        let taken = ration.accounts.as_ref().map_or(Ok(()), |counts| counts.take(&account));
        taken.map_err(|wait| too_often(ration.allowance, wait))
    }

    /// Forgets who has all of what is allowed again.
    pub fn forget_old(&self) {
        for ration in self.0.iter() {
            for counts in [&ration.visitors, &ration.networks].into_iter().flatten() {
                counts.forget_old();
            }
            if let Some(counts) = &ration.accounts {
                counts.forget_old();
            }
        }
    }
}

impl<C: Clock + Clone> Ration<C> {
    fn new(allowance: &'static Allowance, clock: &C) -> Result<Self> {
        let patterns = |method: &str| {
            let of_method = allowance.routes.iter().filter(|(taken, _)| *taken == method);
            ResourceDef::new(of_method.map(|(_, pattern)| *pattern).collect::<Vec<_>>())
        };
        let of_addresses = |rate: Option<table::Rate>| rate.map(|rate| Counts::new(rate, clock.clone())).transpose();
        Ok(Self {
            allowance,
            gets: patterns("GET"),
            posts: patterns("POST"),
            visitors: of_addresses(allowance.visitor)?,
            networks: of_addresses(allowance.network)?,
            accounts: allowance.account.map(|rate| Counts::new(rate, clock.clone())).transpose()?,
        })
    }
}

fn too_often(allowance: &Allowance, wait: Duration) -> Error {
    // A part of a second is a whole one: who comes back then is let in.
    let seconds = i64::try_from(wait.as_nanos().div_ceil(1_000_000_000)).unwrap_or(i64::MAX).max(1);
    Error::refused(
        Kind::TooSoon(seconds),
        "too_often",
        say(
            format!("{} quá nhiều lần trong thời gian ngắn. Xin thử lại sau {seconds} giây.", allowance.name.vi),
            format!("Too many {} in a short time. Please try again in {seconds} seconds.", allowance.name.en),
        ),
    )
}

/// The allowance that a request was found to be of.
pub fn of_request(request: &HttpRequest) -> Option<Rationed> {
    request.extensions().get::<Rationed>().copied()
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    const SCAN: &str = "/t/ABCDEFGHJK/scans";

    fn client(address: &str) -> ClientAddress {
        ClientAddress::new(address.parse().unwrap())
    }

    fn allowances() -> (Allowances<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Allowances::with_clock(&clock).unwrap(), clock)
    }

    /// How many of so many requests are let in.
    fn let_in(allowances: &Allowances<FakeRelativeClock>, path: &str, address: &str, tries: usize) -> usize {
        let rationed = allowances.of(&Method::POST, path).unwrap();
        (0..tries).filter(|_| allowances.admit_client(rationed, client(address)).is_ok()).count()
    }

    #[test]
    fn a_route_is_of_one_allowance_and_a_stamp_of_none() {
        let (allowances, _) = allowances();
        let name = |method: Method, path: &str| {
            allowances.of(&method, path).and_then(|rationed| ALLOWANCES.get(rationed.0)).map(|found| found.name.en)
        };
        for path in ["/t/ABCDEFGHJK", "/01/8930000000001/21/ABC", "/t/ABCDEFGHJK/qr.svg", "/", "/desk/ideas", "/c/1"] {
            assert_eq!(name(Method::GET, path), None, "{path}");
        }
        assert_eq!(name(Method::POST, SCAN), Some("calls of scanning apps"));
        assert_eq!(name(Method::HEAD, "/products"), Some("searches and readings of lists"));
        assert_eq!(name(Method::GET, "/desk/ideas.xlsx"), Some("exports"));
        assert_eq!(name(Method::GET, "/desk/figures.csv"), Some("exports"));
        assert_eq!(name(Method::POST, "/register"), Some("registrations"));
    }

    #[test]
    fn who_hammers_uses_up_nothing_of_their_neighbours() {
        let (allowances, _) = allowances();
        let path = "/api/v1/registrations";
        assert_eq!(let_in(&allowances, path, "203.0.113.7", 10_000), 60);
        assert_eq!(let_in(&allowances, path, "203.0.113.8", 10_000), 60);
        assert_eq!(let_in(&allowances, path, "203.0.113.9", 10_000), 60);
        assert_eq!(let_in(&allowances, path, "203.0.113.10", 10_000), 0, "the network has used up its own");
        assert_eq!(let_in(&allowances, path, "203.0.114.10", 10_000), 60);
        // All addresses of a household are one visitor, all of a provider's customer one network.
        assert_eq!(let_in(&allowances, path, "2001:db8:1:1::1", 10_000), 60);
        assert_eq!(let_in(&allowances, path, "2001:db8:1:1::2", 10_000), 0);
        let of_48: usize = (2..40).map(|net| let_in(&allowances, path, &format!("2001:db8:1:{net}::1"), 100)).sum();
        assert_eq!(of_48, 120);
    }

    #[test]
    fn a_market_behind_one_address_goes_on_scanning() {
        let (allowances, clock) = allowances();
        // 20,000 stamps in ten minutes, in bursts of 170 every five seconds.
        for _ in 0..120 {
            assert_eq!(let_in(&allowances, SCAN, "203.0.113.7", 170), 170);
            clock.advance(Duration::from_secs(5));
        }
    }

    #[test]
    fn an_account_is_one_from_wherever_it_asks() {
        let (allowances, clock) = allowances();
        let rationed = allowances.of(&Method::GET, "/desk/ideas.csv");
        let (one, other) = (AccountId::new(), AccountId::new());
        let let_in = |account| (0..500).filter(|_| allowances.admit_account(rationed, account).is_ok()).count();
        assert_eq!((let_in(one), let_in(other), let_in(one)), (120, 120, 0));
        clock.advance(Duration::from_secs(5));
        assert_eq!(let_in(one), 1);
    }
}
