//! Stamps (tem truy xuất nguồn gốc): orders, codes, QR, activation, scans, verdicts.

pub mod code;
