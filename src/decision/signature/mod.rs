//! Decisions that were signed outside, with the government's signature service (PAdES): the signed PDF is handed in, judged
//! and kept as the original.

pub mod asn1;
pub mod chain;
pub mod cms;
pub mod judge;
pub mod revision;
pub mod rules;
pub mod slots;
pub mod store;
pub mod syntax;
pub mod view;
