//! What every room speaks: ids, codes, money, points, time, texts and the one error type.
//!
//! Nothing here knows of HTTP or of a database.

pub mod app_links;
pub mod authorities;
pub mod calendar;
pub mod canonical;
pub mod capacity;
pub mod code;
pub mod crockford;
pub mod digest;
pub mod element_string;
pub mod error;
pub mod id;
pub mod identity;
pub mod keys;
pub mod message;
pub mod money;
pub mod paper_number;
pub mod patch;
pub mod points;
pub mod sealing;
pub mod second_factors;
pub mod states;
pub mod text;
pub mod time;
pub mod workshop;

pub use app_links::AppLinks;
pub use authorities::Authorities;
pub use capacity::Capacity;
pub use code::{Level, UnitCode};
pub use digest::{Digest, Salt};
pub use element_string::ElementString;
pub use error::{Error, Fault, Faults, Kind, Refusal};
pub use id::Id;
pub use identity::Identity;
pub use message::{BothLanguages, Label, Message, label, say};
pub use money::Vnd;
pub use patch::clearable;
pub use points::{Mean, Points, Stars};
pub use second_factors::SecondFactorDemand;
pub use time::{Day, Moment};
pub use workshop::Workshop;

pub type Result<T, E = Error> = std::result::Result<T, E>;
