//! ocop runs a Vietnamese province's OCOP year ("Mỗi xã một sản phẩm", One Commune One Product).
//!
//! The rooms stand in the order of the year. A room may use those above it, never those below; a test reads this list
//! and holds every `use` against it. Each station has `rules.rs` (pure), `store.rs` (the only SQL) and `api.rs` (HTTP).

/// Accounts, roles, sign-in, tokens, territory, and the sign-in extractor.
pub mod account;
/// The history of every resource.
pub mod audit;
/// Ids, codes, money, points, days, the clock, texts, keys, and the one error type.
pub mod base;
/// The year: edition of the procedure, rounds, deadlines, targets.
pub mod cycle;
/// One way to SQLite and PostgreSQL: pools, column types, schema, migrations.
pub mod db;
/// Suspensions of products and lots.
pub mod hold;
/// What handlers share: requests, answers, problems, paging, idempotency, the OpenAPI document.
pub mod http;
/// Lots, traceability events, recall.
pub mod lot;
/// Provinces, districts and communes by code and validity.
pub mod place;
/// What lasts of a product: name, code, pictures, documents.
pub mod product;
/// Stamps: orders, codes, QR, activation, scans, verdicts.
pub mod stamp;

/// Builds the service: the house, the routes, the server.
pub mod app;
/// The settings.
pub mod config;
