//! People: the accounts that the administrator makes, mends and ends.
//!
//! `account` says who asks and what an account may know of, on which every step of every station rests. The accounts' own
//! steps are such steps themselves, so they stand here, below `station` and below the producers that an account works for;
//! the table of accounts stays with `account`.

pub mod api;
pub mod forms;
pub mod notices;
pub mod reassignment;
pub mod rules;
pub mod steps;
pub mod thing;
pub mod view;

pub use thing::Person;
