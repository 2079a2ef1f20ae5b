//! Codes of earlier software (mã cũ): old QR addresses as look-ups at the level of the product. They name no single
//! thing, so they are answered `legacy`, without a serial, and prove nothing of the goods in hand.
//!
//! A text that has not our shape is looked for in memory first, among the fingerprints of the codes that were imported:
//! whatever is thrown at `/t/`, the database is asked only where a fingerprint fits. What another instance imported is
//! learned behind a scan of a genuine stamp, at most once a minute.

pub mod answer;
pub mod known;
pub mod sheet;
pub mod store;
