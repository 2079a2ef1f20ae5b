//! What people are told by mail: once a working day, how much waits for them.
//!
//! A summary's row is written before anything is sent, so that it is sent once whatever ends meanwhile: what was begun and
//! never ended is not sent again, for nobody knows whether it arrived. What certainly did not arrive is tried again a few
//! times. A letter tells how many tasks there are, by which rules and until when, and of nobody and nothing by name.

pub mod api;
pub mod letter;
pub mod post;
pub mod rules;
pub mod settings;
pub mod store;
pub mod summaries;

pub use settings::MailSettings;
pub use summaries::keep_sent;
