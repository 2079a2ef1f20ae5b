//! Reminders (nhắc nộp phiếu) of members whose sheets are not in, by who leads the session: told on the desk at once, and by
//! mail where one is set up.

pub mod rules;
pub mod store;
