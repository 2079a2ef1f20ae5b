//! ocop runs a Vietnamese province's OCOP year ("Mỗi xã một sản phẩm", One Commune One Product).
//!
//! The rooms stand in the order of the year. A room may use those above it, never those below; a test reads this list
//! and holds every `use` against it. Each station has `rules.rs` (pure), `store.rs` (the only SQL) and `api.rs` (HTTP).

/// Ids, codes, money, points, days, the clock, texts, keys, and the one error type.
pub mod base;
/// One way to SQLite and PostgreSQL: pools, column types, schema, migrations.
pub mod db;
/// What handlers share: requests, answers, problems, paging, idempotency, the OpenAPI document.
pub mod http;
/// What pages for people share: their frame, their texts in each language, their stylesheet.
pub mod page;
/// Uploaded documents and pictures in the data folder.
pub mod files;
/// Whether the service lives, and whether it can do its work.
pub mod health;
/// The history of every resource.
pub mod audit;
/// Provinces, districts and communes by code and validity.
pub mod place;
/// Accounts, roles, sign-in, tokens, territory, and the sign-in extractor.
pub mod account;
/// What a step of any station is, and the one path that carries it out.
pub mod station;
/// Papers to be signed: their frame, the proof that each carries, and its verification.
pub mod paper;
/// What is kept of persons: the record of it, consents, and what is forgotten when.
pub mod privacy;
/// Producers, and their registrations.
pub mod producer;
/// The accounts that administrators make, mend and end.
pub mod people;
/// The year: edition of the procedure, rounds, deadlines, targets.
pub mod cycle;
/// Criteria sets: the tree, its gates and conditions, and what marks add up to.
pub mod criteria;
/// What lasts of a product: name, code, pictures, documents.
pub mod product;
/// Points of sale.
pub mod shop;
/// Ideas: submitted, forwarded, selected, accepted.
pub mod idea;
/// Business plans: submitted, approved; money by source and year.
pub mod plan;
/// A product in a cycle: documents, self-scoring, responsible officer, visits.
pub mod dossier;
/// Councils, their agendas, each member's own sheet, and what a council concludes.
pub mod rating;
/// Decisions, certificates, and the letters under which lists go up.
pub mod decision;
/// Lots, traceability events, recall.
pub mod lot;
/// Suspensions of products and lots.
pub mod hold;
/// Inspections after recognition: planned, visited, corrected, concluded.
pub mod inspection;
/// Support money: policies, claims up to their payment, rewards by star.
pub mod support;
/// Stamps: orders, codes, QR, activation, scans, verdicts.
pub mod stamp;
/// The GS1 faces of lots and stamps: EPCIS 2.0, Digital Link.
pub mod epcis;
/// The programme's figures, computed from dated rows.
pub mod report;
/// The public's lists and the verification of certificates.
pub mod site;
/// What persons ask about their own data: a copy, an erasure, a correction.
pub mod personal_data;
/// Holds today's rows against the history, and the history against its seals.
pub mod verify;
/// What waits for whom.
pub mod task;
/// What people are told by mail.
pub mod notice;
/// What changed, for an account that follows it.
pub mod change;
/// The desk: where signed-in people work, as pages over the same steps.
pub mod desk;
/// The filled example.
pub mod demo;

/// The settings.
pub mod config;
/// The log, in which the same again takes few lines.
pub mod log;
/// What is unsafe in the settings and on the disk.
pub mod precautions;
/// Who may take which step: one table of all stations.
pub mod permissions;
/// What is forgotten when its term is over.
pub mod retention;
/// Makes keys for search anew that an older program folded otherwise.
pub mod refolding;
/// Whether a database, its keys and its folder of files belong together.
pub mod belonging;
/// Backups: made while the service runs, restored elsewhere.
pub mod backup;
/// A copy of an SQLite database in PostgreSQL, held against it.
pub mod copying;
/// The table of contents: every route, by station.
pub mod routes;
/// How a served process ends.
pub mod ending;
/// Builds the service from its settings.
pub mod app;
