//! Whether the service lives, and whether it can do its work: what balancers and watchers ask.

pub mod api;
mod readiness;
mod room_left;

pub use readiness::Readiness;
pub use room_left::RoomLeft;
