//! Criteria sets on the desk: one of them as a page, two versions side by side, and their import.

pub mod compare;
pub mod import;
pub mod page;
pub mod words;
