//! A council's session as it goes on: the room of who leads it, kept fresh, and the hall's screen, on which nothing of the
//! sheets stands.
//!
//! `room` tells who is there and has handed in, and after the close the count; `hall` the product and the session's state. A
//! room is followed by events (`api`): each beat tells whether what its reader may see is still the same, at the same rhythm
//! whether or not anything happened.

pub mod api;
pub mod hall;
pub mod room;
