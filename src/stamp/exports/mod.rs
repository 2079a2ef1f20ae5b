//! Exports (xuất mã): codes and labels leaving the service, each logged; one-time links for printers.

pub mod api;
pub mod codes;
pub mod opening;
pub mod steps;
pub mod store;
