//! Stored documents and pictures: the bytes lie in the data folder under their id, what is known of them in `files`.
//!
//! A file is written first and its row afterwards, in the transaction of whoever took it in. What is refused before that
//! is removed at once ([`Unnamed`]); a file whose row was written and perhaps never committed is moved aside an hour later
//! and removed a month later, so nothing is ever removed that a row may still name.

pub mod claim;
pub mod folder;
pub mod listing;
pub mod receive;
pub mod rules;
pub mod serve;
pub mod store;
pub mod sweep;
pub mod unnamed;

pub use folder::Folder;
pub use receive::{Arrived, Fields, Received, receive, receive_form, texts};
pub use rules::{DocumentKind, FileKind};
pub use serve::{Audience, chunks, serve};
pub use store::StoredFile;
pub use sweep::{Most, Swept, give_back, keep_swept, sweep, sweep_with};
pub use unnamed::Unnamed;
