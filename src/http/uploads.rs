//! How many uploads are read at once: each takes a mebibyte between the network and its reader, for as long as it comes.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::base::Result;
use crate::db::busy;
use crate::http::held::Credence;
use crate::http::own_places::{OwnPlace, OwnPlaces};

/// So many of who signed in, and so many photographs of strangers.
const OF_KNOWN: usize = 32;
const OF_STRANGERS: usize = 8;
/// So many of one sign-in, or of one network of strangers.
const OF_ONE: usize = 4;

/// The uploads that are being read. Cheap to clone.
#[derive(Clone)]
pub struct Uploads {
    known: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
    places: OwnPlaces,
}

/// An upload's place, until it is dropped.
#[derive(Debug)]
pub struct Place {
    _own: OwnPlace,
    _of_all: OwnedSemaphorePermit,
}

impl Default for Uploads {
    fn default() -> Self {
        let places = |count| Arc::new(Semaphore::new(count));
        Self { known: places(OF_KNOWN), strangers: places(OF_STRANGERS), places: OwnPlaces::new(OF_ONE) }
    }
}

impl Uploads {
    /// 503 where so many are read already, of all or of this asker.
    pub fn begin(&self, credence: Credence, asker: String) -> Result<Place> {
        let own = self.places.take(asker).ok_or_else(busy)?;
        let all = if credence == Credence::Stranger { &self.strangers } else { &self.known };
        Ok(Place { _own: own, _of_all: Arc::clone(all).try_acquire_owned().map_err(|_| busy())? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_few_places_strangers_some_and_who_is_known_others() {
        let uploads = Uploads::default();
        let begin = |credence, asker: usize| uploads.begin(credence, asker.to_string()).ok();
        let of_one: Vec<_> = (0..10).filter_map(|_| begin(Credence::Stranger, 1)).collect();
        assert_eq!(of_one.len(), OF_ONE);
        let others: Vec<_> = (2..100).filter_map(|asker| begin(Credence::Stranger, asker)).collect();
        assert_eq!(others.len(), OF_STRANGERS - OF_ONE);
        let known: Vec<_> = (200..300).filter_map(|asker| begin(Credence::Proven, asker)).collect();
        assert_eq!(known.len(), OF_KNOWN);
        drop(of_one);
        assert!(begin(Credence::Stranger, 1).is_some());
        drop((others, known));
        assert!(uploads.places.is_empty());
    }
}
