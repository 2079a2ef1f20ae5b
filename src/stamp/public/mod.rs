//! What anybody may do with a stamp without signing in: scan it, doubt it, confirm its scratch code, look an old code up.

pub mod confirm;
mod confirm_store;
pub mod doubt;
pub mod legacy;
pub mod receipt;
pub mod stamp;
mod tries;
