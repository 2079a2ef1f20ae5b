//! Stamps (tem truy xuất nguồn gốc): orders, codes, QR, activation, scans, verdicts.
//!
//! A stamp has no row until something happens to it: its code is computed from the order's number and the serial
//! (`code`), its state from ranges (`orders`) and from what is known of product, lot and certificate (`passport`).

pub mod again;
pub mod answer;
pub mod asked;
pub mod asker;
pub mod code;
pub mod completeness;
pub mod completeness_api;
pub mod completeness_store;
pub mod doubts;
pub mod exports;
pub mod labels;
pub mod legacy;
pub mod legacy_api;
pub mod limits;
pub mod orders;
pub mod page;
pub mod passport;
pub mod passport_store;
pub mod place;
pub mod public;
pub mod qr;
pub mod rendered;
pub mod rules;
pub mod scan;
mod scan_counts;
pub mod scan_store;
pub mod scanner;
pub mod suspicion;
pub mod visitor;
pub mod visitor_store;

pub use code::Mint;
pub use scanner::Scanner;
