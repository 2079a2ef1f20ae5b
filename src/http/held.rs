//! How much of the memory bodies take: how long one may be by what was shown of who sends it, and how many bytes of long ones
//! are held at once. Short ones, as a sign-in is, are taken whatever others hold.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::base::{Error, Result};
use crate::db::busy;

const KIBIBYTE: usize = 1024;
/// A body of so many bytes takes no room that others could have used up.
pub const SHORT: usize = 16 * KIBIBYTE;
/// The longest body of who shows no sign-in. A registration as long as its rules allow fits, however it is written.
pub const LONGEST_OF_STRANGERS: usize = 128 * KIBIBYTE;
/// The longest body that is not an upload.
pub const LONGEST: usize = 512 * KIBIBYTE;
/// So many bytes of long bodies are held at once of those who proved who they are.
const ROOM: usize = 32 * 1024 * KIBIBYTE;
/// And so many of all others.
const ROOM_OF_OTHERS: usize = 16 * 1024 * KIBIBYTE;

/// What is known of who sends a body before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credence {
    /// Nothing was shown.
    Stranger,
    /// A session is shown of which nobody knows yet whether it is one.
    Claimed,
    /// Who it is was proven.
    Proven,
}

impl Credence {
    pub fn longest(self) -> usize {
        match self {
            Self::Stranger => LONGEST_OF_STRANGERS,
            Self::Claimed | Self::Proven => LONGEST,
        }
    }
}

/// The room for long bodies.
#[derive(Clone)]
pub struct HeldBodies {
    proven: Arc<Semaphore>,
    others: Arc<Semaphore>,
}

/// What a body takes of the room, until it is dropped.
#[derive(Debug, Default)]
pub struct Held(Option<OwnedSemaphorePermit>);

impl Default for HeldBodies {
    fn default() -> Self {
        let room = |bytes: usize| Arc::new(Semaphore::new(bytes / KIBIBYTE));
        Self { proven: room(ROOM), others: room(ROOM_OF_OTHERS) }
    }
}

impl HeldBodies {
    /// Lets a body that has come to `length` bytes have as much of the room; 503 where it is used up.
    pub fn extend(&self, credence: Credence, held: &mut Held, length: usize) -> Result<()> {
        if length <= SHORT {
            return Ok(());
        }
        let room = if credence == Credence::Proven { &self.proven } else { &self.others };
        let had = held.0.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let more = u32::try_from(length.div_ceil(KIBIBYTE).saturating_sub(had)).map_err(Error::internal)?;
        let more = Arc::clone(room).try_acquire_many_owned(more).map_err(|_| busy())?;
        match &mut held.0 {
            Some(permit) => permit.merge(more),
            none => *none = Some(more),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_bodies_have_so_much_room_and_short_ones_are_always_taken() {
        let bodies = HeldBodies::default();
        let hold = |credence, length| {
            let mut held = Held::default();
            bodies.extend(credence, &mut held, length).map(|()| held)
        };
        let many: Vec<Held> =
            std::iter::from_fn(|| hold(Credence::Stranger, LONGEST_OF_STRANGERS).ok()).take(10_000).collect();
        assert_eq!(many.len(), ROOM_OF_OTHERS / LONGEST_OF_STRANGERS);
        assert!(hold(Credence::Claimed, SHORT + 1).is_err() && hold(Credence::Stranger, SHORT).is_ok());
        assert!(hold(Credence::Proven, LONGEST).is_ok(), "who is known has room of their own");
        drop(many);
        assert!(hold(Credence::Claimed, LONGEST).is_ok());
    }

    #[test]
    fn a_body_takes_what_has_come_of_it_once() {
        let (bodies, mut held) = (HeldBodies::default(), Held::default());
        for length in [KIBIBYTE, SHORT, SHORT + 1, 40 * KIBIBYTE, 40 * KIBIBYTE, LONGEST] {
            bodies.extend(Credence::Proven, &mut held, length).unwrap();
        }
        assert_eq!(bodies.proven.available_permits(), (ROOM - LONGEST) / KIBIBYTE);
        drop(held);
        assert_eq!(bodies.proven.available_permits(), ROOM / KIBIBYTE);
    }
}
