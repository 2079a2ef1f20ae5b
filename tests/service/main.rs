#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "tests may fail loudly"
)]
//! Black-box tests over HTTP against the real server, each with a database of its own, on both engines.

mod accounts;
mod adoption;
mod allowances;
mod audit;
mod bad_input;
mod bad_sheets;
mod belonging;
mod blind;
mod browser;
mod catalogue;
mod changes;
mod capacity;
mod check;
mod connections;
mod consents;
mod defence;
mod demo;
mod desk;
mod desk_boards;
mod desk_browser;
mod desk_criteria;
mod desk_costs;
mod desk_figures;
mod desk_goods;
mod desk_letters;
mod desk_live;
mod desk_reassignments;
mod desk_register;
mod desk_sessions;
mod desk_sets;
mod desk_sheet;
mod desk_sign_in;
mod document;
mod dossiers;
mod durable;
mod editions;
mod engine;
mod examples;
mod export;
mod feeds;
mod figures;
mod figures_page;
mod fuzz;
mod guessing;
mod guides;
mod headers;
mod history;
mod html;
mod identity_readings;
mod least_options;
mod made_up;
mod metrics;
mod next_scan;
mod offers;
mod originals;
mod pages;
mod papers;
mod parameters;
mod phones;
mod pictures;
mod plans;
mod precautions;
mod privacy;
mod procedure;
mod program;
mod province;
mod race;
mod refusals;
mod rights;
mod routes;
mod rows;
mod scans;
mod schema;
mod schema_age;
mod second_demo;
mod second_factor;
mod sessions;
mod shops;
mod silent_database;
mod side_by_side;
mod sign_in;
mod signatures;
mod signer;
mod slow_bodies;
mod stamp_labels;
mod stamp_orders;
mod stamp_suspects;
mod stamps;
mod summaries;
mod tasks;
mod traceability;
mod vouched;
mod walk;
mod whole_path;
mod wire;
mod working_group;
