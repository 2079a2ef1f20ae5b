//! How many stamps the office lets a product have in a year (hạn mức tem).

pub mod api;
pub mod steps;
