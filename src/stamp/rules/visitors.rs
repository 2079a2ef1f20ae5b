//! Who came to a stamp, as one column of its row holds it; pure.
//!
//! The addresses of its last day, by hashes of that day, tell who had its page open and who counts once. Networks, by hashes
//! under the stamp's own key, are what the rules of suspicion ask for. Both are bounded.

use crate::base::{Day, Moment, Result};
use crate::stamp::place::Place;
use crate::stamp::rules::packed::{self, Packed};

/// So many addresses of a day are told apart, the newest; of a stamp that more came to, some count twice.
pub const MOST_ADDRESSES: usize = 200;

/// So many networks are kept beyond those that a dismissed case rested on: no rule takes half as many.
pub const MOST_NETWORKS: usize = 200;

/// What an address or a network is known by.
pub type Hash = [u8; 16];
/// The part of a hash that is enough to tell a stamp's visitors apart.
pub type Mark = [u8; 8];

pub fn mark([a, b, c, d, e, f, g, h, ..]: Hash) -> Mark {
    [a, b, c, d, e, f, g, h]
}

/// An address, with a place that it told of; where it told of several it is there for each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Address {
    mark: Mark,
    place: Option<Place>,
}

/// A network that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    /// Under the stamp's own key.
    pub mark: Mark,
    /// By its hash of that day, the same at all stamps; not known of those that came before it was kept.
    pub of_day: Option<Hash>,
    /// When it came first on its last day, or told of a place.
    pub at: Moment,
    pub place: Option<Place>,
}

/// A network that came anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    /// For the first time on this day.
    New,
    /// It tells of a place now.
    Placed,
}

/// Whether a scan is the first of its address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct First {
    pub on_day: bool,
    pub at_place: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visitors {
    /// None where no address is kept.
    day: Option<Day>,
    addresses: Vec<Address>,
    networks: Vec<Network>,
}

impl Visitors {
    /// Of a row: nothing; or the day and how many addresses there are, each with its mark and place; then the networks, each with
    /// its mark, its hash of the day, when it came and its place.
    pub fn read(column: &[u8]) -> Result<Self> {
        let mut packed = Packed(column);
        let mut visitors = Self::default();
        if packed.is_empty() {
            return Ok(visitors);
        }
        let day = packed.day()?;
        for _ in 0..packed.length()? {
            visitors.addresses.push(Address { mark: packed.take()?, place: packed.place()? });
        }
        visitors.day = (!visitors.addresses.is_empty()).then_some(day);
        while !packed.is_empty() {
            let (mark, of_day): (Mark, Hash) = (packed.take()?, packed.take()?);
            let of_day = (of_day != Hash::default()).then_some(of_day);
            visitors.networks.push(Network { mark, of_day, at: packed.moment()?, place: packed.place()? });
        }
        Ok(visitors)
    }

    pub fn written(&self) -> Result<Vec<u8>> {
        let mut column = Vec::with_capacity(6 + 12 * self.addresses.len() + 36 * self.networks.len());
        if self.addresses.is_empty() && self.networks.is_empty() {
            return Ok(column);
        }
        column.extend(self.day.map_or(Ok([0; 4]), packed::day)?);
        column.extend(packed::length(self.addresses.len())?);
        for Address { mark, place } in &self.addresses {
            column.extend(mark);
            column.extend(packed::place(*place)?);
        }
        for Network { mark, of_day, at, place } in &self.networks {
            column.extend(mark);
            column.extend(of_day.unwrap_or_default());
            column.extend(packed::moment(*at));
            column.extend(packed::place(*place)?);
        }
        Ok(column)
    }

    /// Notes the scan of an address, by its hash of the day.
    pub fn note(&mut self, today: Day, mark: Mark, place: Option<Place>) -> First {
        if self.day != Some(today) {
            // Whose these were nobody can tell any more.
            self.addresses.clear();
            self.day = Some(today);
        }
        let of_address = || self.addresses.iter().filter(|address| address.mark == mark);
        let first = First {
            on_day: of_address().next().is_none(),
            at_place: place.is_some() && !of_address().any(|address| address.place == place),
        };
        if first.on_day || first.at_place {
            if self.addresses.len() >= MOST_ADDRESSES {
                self.addresses.remove(0);
            }
            self.addresses.push(Address { mark, place });
        }
        first
    }

    /// Whether an address scanned the stamp on a day, by its hash of that day.
    pub fn came(&self, day: Day, mark: Mark) -> bool {
        self.day == Some(day) && self.addresses.iter().any(|address| address.mark == mark)
    }

    /// Notes that a network came; none where that is known of the day.
    pub fn meet(&mut self, seen: Network) -> Option<Met> {
        let Some(known) = self.networks.iter_mut().find(|network| network.mark == seen.mark) else {
            self.networks.push(seen);
            return Some(Met::New);
        };
        let met = match () {
            () if known.at.day() != seen.at.day() => Met::New,
            () if known.place.is_none() && seen.place.is_some() => Met::Placed,
            () => return None,
        };
        *known = seen;
        Some(met)
    }

    pub fn networks(&self) -> &[Network] {
        &self.networks
    }

    /// Who came is counted anew.
    pub fn forget_networks(&mut self) {
        self.networks.clear();
    }

    /// Keeps the networks bounded: first those give way that speak against no stamp, then those that came longest ago.
    pub fn hold_to(&mut self, most: usize, speaks: impl Fn(&Network) -> bool) {
        if self.networks.len() > most {
            self.networks.sort_by_key(|network| (speaks(network), network.at));
            self.networks.drain(..self.networks.len() - most);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HERE: Option<Place> = Some(Place { latitude: 1834, longitude: -10590 });

    fn at(minutes: i64) -> Moment {
        "2021-02-22T01:00:00Z".parse::<Moment>().unwrap().plus(chrono::Duration::minutes(minutes))
    }

    fn network(number: u8, minutes: i64, place: Option<Place>) -> Network {
        Network { mark: [number; 8], of_day: Some([number.max(1); 16]), at: at(minutes), place }
    }

    #[test]
    fn an_address_counts_once_a_day_and_once_a_place() {
        let (today, tomorrow) = (at(0).day(), at(0).day().plus_days(1));
        let mut visitors = Visitors::default();
        let mut first = |day, number, place| {
            let First { on_day, at_place } = visitors.note(day, [number; 8], place);
            (on_day, at_place)
        };
        assert_eq!(first(today, 1, None), (true, false));
        assert_eq!(first(today, 1, None), (false, false));
        assert_eq!(first(today, 1, HERE), (false, true));
        assert_eq!(first(today, 2, HERE), (true, true));
        assert_eq!(first(today, 1, HERE), (false, false));
        assert_eq!(first(tomorrow, 1, HERE), (true, true));
        assert!(visitors.came(tomorrow, [1; 8]) && !visitors.came(tomorrow, [2; 8]) && !visitors.came(today, [1; 8]));
    }

    #[test]
    fn a_network_is_new_once_a_day_and_tells_its_place_once() {
        let mut visitors = Visitors::default();
        assert_eq!(visitors.meet(network(1, 0, None)), Some(Met::New));
        assert_eq!(visitors.meet(network(1, 1, None)), None);
        assert_eq!(visitors.meet(network(1, 2, HERE)), Some(Met::Placed));
        assert_eq!(visitors.meet(network(1, 3, HERE)), None);
        assert_eq!(visitors.networks(), [network(1, 2, HERE)]);
        assert_eq!(visitors.meet(network(1, 24 * 60, None)), Some(Met::New));
        assert_eq!(visitors.networks(), [network(1, 24 * 60, None)]);
        visitors.forget_networks();
        assert_eq!(visitors.meet(network(1, 24 * 60, None)), Some(Met::New));
    }

    #[test]
    fn what_is_kept_is_bounded_and_the_newest_stay() {
        let mut visitors = Visitors::default();
        let today = at(0).day();
        for number in 0..=u16::try_from(MOST_ADDRESSES).unwrap() {
            let [high, low] = number.to_be_bytes();
            visitors.note(today, [high, low, 0, 0, 0, 0, 0, 0], None);
        }
        assert!(!visitors.came(today, [0; 8]) && visitors.came(today, [0, 1, 0, 0, 0, 0, 0, 0]));
        assert_eq!(visitors.addresses.len(), MOST_ADDRESSES);
        for number in 0..9 {
            visitors.meet(network(number, i64::from(number), None));
        }
        visitors.hold_to(9, |_| true);
        assert_eq!(visitors.networks().len(), 9);
        visitors.hold_to(6, |network| network.mark != [8; 8]);
        let kept: Vec<u8> = visitors.networks().iter().map(|network| network.mark[0]).collect();
        assert_eq!(kept, [2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn a_row_that_is_cut_off_is_told() {
        let mut visitors = Visitors::default();
        visitors.note(at(0).day(), [7; 8], HERE);
        visitors.meet(network(1, 0, None));
        let column = visitors.written().unwrap();
        assert!((1..column.len()).all(|length| Visitors::read(&column[..length]).is_err() || length == 18));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            addresses in prop::collection::vec((any::<[u8; 8]>(), prop::option::of((-9000..=9000, -18000..=18000))), 0..20),
            networks in prop::collection::vec((any::<u8>(), 0..100_000_i64, any::<bool>()), 0..20),
        ) {
            let mut visitors = Visitors::default();
            for (mark, place) in addresses {
                visitors.note(at(0).day(), mark, place.map(|(latitude, longitude)| Place { latitude, longitude }));
            }
            for (number, minutes, is_placed) in networks {
                visitors.meet(network(number, minutes, HERE.filter(|_| is_placed)));
            }
            prop_assert_eq!(Visitors::read(&visitors.written().unwrap()).unwrap(), visitors);
        }
    }
}
