//! What the scans of a stamp show, as one column of its row holds it: by day, and by coarse place where the app sent one; pure.
//! It runs along with the count, so that a case has it at hand the moment it opens. Both lists are bounded.

use crate::base::{Day, Moment, Result};
use crate::stamp::place::Place;
use crate::stamp::rules::packed::{self, Packed};
use crate::stamp::rules::visitors::First;

/// So many days are told, the newest.
pub const MOST_DAYS: usize = 60;
/// So many places are told: a new one takes the place of that with the fewest visitors, among those of the oldest.
pub const MOST_PLACES: usize = 40;

/// A day with its scans and visitors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnDay {
    pub day: Day,
    pub scans: u32,
    pub visitors: u32,
}

/// A coarse place with its scans and visitors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    pub place: Place,
    pub scans: u32,
    pub visitors: u32,
    pub first_at: Moment,
    pub last_at: Moment,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The earliest first.
    days: Vec<OnDay>,
    places: Vec<Spot>,
}

impl Evidence {
    /// Of a row: nothing; or how many days there are, each with its scans and visitors; then the places, each with its scans and
    /// visitors and when the first and the last came.
    pub fn read(column: &[u8]) -> Result<Self> {
        let mut packed = Packed(column);
        let mut evidence = Self::default();
        if packed.is_empty() {
            return Ok(evidence);
        }
        for _ in 0..packed.length()? {
            evidence.days.push(OnDay { day: packed.day()?, scans: packed.count()?, visitors: packed.count()? });
        }
        while !packed.is_empty() {
            let place = packed.place()?;
            let (scans, visitors) = (packed.count()?, packed.count()?);
            let (first_at, last_at) = (packed.moment()?, packed.moment()?);
            let spot = |place| Spot { place, scans, visitors, first_at, last_at };
            evidence.places.extend(place.map(spot));
        }
        Ok(evidence)
    }

    pub fn written(&self) -> Result<Vec<u8>> {
        let mut column = Vec::with_capacity(2 + 12 * self.days.len() + 28 * self.places.len());
        column.extend(packed::length(self.days.len())?);
        for OnDay { day, scans, visitors } in &self.days {
            column.extend(packed::day(*day)?);
            column.extend(scans.to_be_bytes());
            column.extend(visitors.to_be_bytes());
        }
        for Spot { place, scans, visitors, first_at, last_at } in &self.places {
            column.extend(packed::place(Some(*place))?);
            column.extend(scans.to_be_bytes());
            column.extend(visitors.to_be_bytes());
            column.extend(packed::moment(*first_at));
            column.extend(packed::moment(*last_at));
        }
        Ok(column)
    }

    /// Counts a scan, and a visitor where it is the first of one.
    pub fn count(&mut self, at: Moment, place: Option<Place>, first: First) {
        self.count_on(at.day(), first.on_day);
        if let Some(place) = place {
            self.count_at(place, at, first.at_place);
        }
    }

    fn count_on(&mut self, today: Day, is_visitor: bool) {
        let (scans, visitors) = (1, u32::from(is_visitor));
        match self.days.binary_search_by_key(&today, |day| day.day) {
            Ok(index) => {
                if let Some(day) = self.days.get_mut(index) {
                    day.scans = day.scans.saturating_add(scans);
                    day.visitors = day.visitors.saturating_add(visitors);
                }
            }
            Err(index) => {
                self.days.insert(index, OnDay { day: today, scans, visitors });
                if self.days.len() > MOST_DAYS {
                    self.days.remove(0);
                }
            }
        }
    }

    fn count_at(&mut self, place: Place, at: Moment, is_visitor: bool) {
        let visitors = u32::from(is_visitor);
        if let Some(spot) = self.places.iter_mut().find(|spot| spot.place == place) {
            spot.scans = spot.scans.saturating_add(1);
            spot.visitors = spot.visitors.saturating_add(visitors);
            spot.last_at = at;
            return;
        }
        if self.places.len() >= MOST_PLACES {
            let least = self.places.iter().enumerate().min_by_key(|(_, spot)| (spot.visitors, spot.last_at));
            if let Some(index) = least.map(|(index, _)| index) {
                self.places.swap_remove(index);
            }
        }
        self.places.push(Spot { place, scans: 1, visitors, first_at: at, last_at: at });
    }

    /// The earliest first.
    pub fn days(&self) -> &[OnDay] {
        &self.days
    }

    /// Those with the most visitors first.
    pub fn places(&self) -> Vec<Spot> {
        let mut places = self.places.clone();
        places.sort_by_key(|spot| (std::cmp::Reverse(spot.visitors), spot.place.latitude, spot.place.longitude));
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Moment {
        "2021-02-22T01:00:00Z".parse::<Moment>().unwrap().plus(chrono::Duration::minutes(minutes))
    }

    fn place(longitude: i32) -> Place {
        Place { latitude: -1834, longitude }
    }

    const NEW: First = First { on_day: true, at_place: true };

    #[test]
    fn scans_are_counted_by_day_and_place_and_visitors_once() {
        let mut evidence = Evidence::default();
        evidence.count(at(0), None, First::default());
        evidence.count(at(1), Some(place(2)), NEW);
        evidence.count(at(2), Some(place(1)), NEW);
        evidence.count(at(3), Some(place(1)), NEW);
        evidence.count(at(4), Some(place(1)), First::default());
        evidence.count(at(24 * 60), None, NEW);
        let today = at(0).day();
        let days =
            [OnDay { day: today, scans: 5, visitors: 3 }, OnDay { day: today.plus_days(1), scans: 1, visitors: 1 }];
        let places = [
            Spot { place: place(1), scans: 3, visitors: 2, first_at: at(2), last_at: at(4) },
            Spot { place: place(2), scans: 1, visitors: 1, first_at: at(1), last_at: at(1) },
        ];
        assert_eq!((evidence.days(), evidence.places().as_slice()), (&days[..], &places[..]));
        assert_eq!(Evidence::read(&evidence.written().unwrap()).unwrap(), evidence);
        assert_eq!(Evidence::read(&[]).unwrap(), Evidence::default());
    }

    #[test]
    fn the_newest_days_and_the_places_of_most_visitors_stay() {
        let mut evidence = Evidence::default();
        let day = 24 * 60;
        for number in 0..2 * i64::try_from(MOST_DAYS).unwrap() {
            let of_crowd = number % 2 == 0;
            let longitude = if of_crowd { 0 } else { i32::try_from(number).unwrap() };
            evidence.count(at(number * day), Some(place(longitude)), NEW);
        }
        assert_eq!((evidence.days().len(), evidence.places().len()), (MOST_DAYS, MOST_PLACES));
        assert_eq!(evidence.days()[0].day, at(day * i64::try_from(MOST_DAYS).unwrap()).day());
        let places = evidence.places();
        assert_eq!((places[0].place, places[0].visitors), (place(0), u32::try_from(MOST_DAYS).unwrap()));
        assert_eq!(
            places.iter().map(|spot| spot.place.longitude).max(),
            Some(2 * i32::try_from(MOST_DAYS).unwrap() - 1)
        );
    }
}
