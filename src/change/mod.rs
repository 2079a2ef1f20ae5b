//! What changed (thay đổi), for an account that follows it: from the history, of each entry what its reader may know.

pub mod api;
pub mod follow;
pub mod position;
pub mod streams;
pub mod told;

pub use follow::{Change, Changes};
