//! A dossier by criterion: each criterion of its set with its options, the producer's own choice and what shows it, and what
//! lacks for more stars.
//!
//! `filled` is the dossier as it stands; `overview` shows all criteria, `criterion` one of them with its photographs and
//! papers. What is sent is turned into the steps of the dossier and of its product (`sent`).

pub mod api;
pub mod criterion;
pub mod filled;
pub mod overview;
pub mod sent;
pub mod texts;
