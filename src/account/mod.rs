//! Accounts, roles, sign-in, tokens, and who may see what.
//!
//! Rights are read from the database at each request, in the transaction that does the work; a token only says who asks.
//! What administrators do with accounts are steps like any other's, so they stand below `station`, in `people`.

pub mod caller;
pub mod devices;
pub mod erasure_store;
pub mod link_store;
pub mod openid;
pub mod openid_store;
pub mod own_step;
pub mod password;
pub mod reading_store;
pub mod refresh_store;
pub mod refusal_log;
pub mod rules;
pub mod seat_store;
pub mod second_factor;
pub mod second_factor_demand;
pub mod session;
pub mod sign_in;
pub mod sign_in_log;
pub mod store;
pub mod territory;
pub mod throttle;
pub mod token;

pub use caller::{Caller, Upload, Work};
pub use rules::{Actor, Asker, Role};
pub(crate) use territory::within_territory;
pub use territory::{Home, Territory};
