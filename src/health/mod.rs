//! Whether the service lives, and whether it can do its work: what balancers and watchers ask.

pub mod api;
mod readiness;

pub use readiness::Readiness;
