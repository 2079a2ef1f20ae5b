//! How lists of a stamp's row are written as bytes: numbers of a fixed length, the highest byte first. The migration
//! `2026-11-29-003001` wrote the first of them.

use crate::base::{Day, Error, Moment, Result};
use crate::stamp::place::Place;

/// Stands for no place: no degree is so low.
const NOWHERE: i16 = i16::MIN;

/// Bytes that are read from their front.
pub(super) struct Packed<'a>(pub &'a [u8]);

impl Packed<'_> {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn take<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk().ok_or_else(|| Error::internal("a stamp's row is cut off"))?;
        self.0 = rest;
        Ok(*taken)
    }

    pub fn length(&mut self) -> Result<u16> {
        Ok(u16::from_be_bytes(self.take()?))
    }

    pub fn count(&mut self) -> Result<u32> {
        Ok(u32::from_be_bytes(self.take()?))
    }

    pub fn day(&mut self) -> Result<Day> {
        Ok(epoch()?.plus_days(i64::from(i32::from_be_bytes(self.take()?))))
    }

    pub fn moment(&mut self) -> Result<Moment> {
        Moment::from_microseconds(i64::from_be_bytes(self.take()?))
            .ok_or_else(|| Error::internal("a stamp's row tells of no moment"))
    }

    pub fn place(&mut self) -> Result<Option<Place>> {
        let (latitude, longitude) = (i16::from_be_bytes(self.take()?), i16::from_be_bytes(self.take()?));
        let place = Place { latitude: i32::from(latitude), longitude: i32::from(longitude) };
        Ok((latitude != NOWHERE).then_some(place))
    }
}

/// How many entries a list has, of which there are never so many that they could not be told.
pub(super) fn length(entries: usize) -> Result<[u8; 2]> {
    Ok(u16::try_from(entries).map_err(Error::internal)?.to_be_bytes())
}

pub(super) fn day(day: Day) -> Result<[u8; 4]> {
    Ok(i32::try_from(epoch()?.days_until(day)).map_err(Error::internal)?.to_be_bytes())
}

pub(super) fn moment(at: Moment) -> [u8; 8] {
    at.microseconds().to_be_bytes()
}

pub(super) fn place(place: Option<Place>) -> Result<[u8; 4]> {
    let half = |hundredths: i32| i16::try_from(hundredths).map_err(Error::internal);
    let (latitude, longitude) = match place {
        Some(Place { latitude, longitude }) => (half(latitude)?, half(longitude)?),
        None => (NOWHERE, NOWHERE),
    };
    let ([a, b], [c, d]) = (latitude.to_be_bytes(), longitude.to_be_bytes());
    Ok([a, b, c, d])
}

fn epoch() -> Result<Day> {
    Day::new(1970, 1, 1).ok_or_else(|| Error::internal("no first day"))
}
