//! How many places of something scarce one asker has: whoever asks for all of it at once leaves room for others.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The places of each asker who has any. Cheap to clone.
#[derive(Debug, Clone)]
pub struct OwnPlaces {
    most: usize,
    of: Arc<Mutex<BTreeMap<String, usize>>>,
}

/// One of an asker's places, until it is dropped.
#[derive(Debug)]
pub struct OwnPlace {
    of: Arc<Mutex<BTreeMap<String, usize>>>,
    asker: String,
}

impl OwnPlaces {
    /// So many for each.
    pub fn new(most: usize) -> Self {
        Self { most, of: Arc::default() }
    }

    /// None where the asker has as many as one may.
    pub fn take(&self, asker: String) -> Option<OwnPlace> {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        let places = of.entry(asker.clone()).or_default();
        if *places >= self.most {
            return None;
        }
        *places += 1;
        Some(OwnPlace { of: Arc::clone(&self.of), asker })
    }

    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.of.lock().unwrap().is_empty()
    }
}

impl Drop for OwnPlace {
    fn drop(&mut self) {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        match of.get_mut(&self.asker) {
            Some(places) if *places > 1 => *places -= 1,
            _ => drop(of.remove(&self.asker)),
        }
    }
}
