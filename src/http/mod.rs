//! What handlers share: taking a request apart, answering it, and saying what went wrong.

pub mod admission;
pub mod allowance;
pub mod answer;
pub mod client;
pub mod bounds;
pub mod connections;
pub mod cross_origin;
pub mod duties;
pub mod faults;
pub mod fetch;
pub mod head;
pub mod app;
pub mod idempotency;
pub mod language;
pub mod methods;
pub mod metrics;
pub mod openapi;
pub mod pace;
pub mod problem;
pub mod problems;
pub mod query;
pub mod rationing;
pub mod request;
pub mod request_id;
pub mod safety;
pub mod turns;
pub mod visitor;

pub use answer::{Answer, EarlyExit, Kept, Page};
pub use app::App;
pub use client::{ClientAddress, TrustedProxies};
pub use language::Language;
pub use problem::{Problem, Refusals};
pub use query::{ListParameters, Paging, Query};
pub use request::{Note, PathParam, PathParts, Request};
pub use visitor::{PublicWork, Visitor};
