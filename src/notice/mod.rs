//! What people are told by mail: once a working day, how much waits for them; and that a council waits for their sheet, where
//! who leads it reminds them; and what others did with accounts.
//!
//! A letter's row is written before anything is sent, so that it is sent once whatever ends meanwhile: what was begun and
//! never ended is not sent again, for nobody knows whether it arrived. What certainly did not arrive is tried again a few
//! times. A summary tells how many tasks there are, by which rules and until when, and of nobody and nothing by name.

pub mod account_letter_store;
pub mod account_letters;
pub mod api;
pub mod delivery;
pub mod heads;
pub mod letter;
pub mod post;
pub mod reminder_store;
pub mod reminders;
pub mod rules;
pub mod sending;
pub mod settings;
pub mod store;
pub mod summaries;

pub use heads::{HeadSettings, keep_handed_out};
pub use sending::keep_sent;
pub use settings::MailSettings;
