//! The kinds of thing that the desk shows, each with its words: what a page shows of it, and how its forms are filled in.

mod accounts;
mod agenda_items;
mod cycles;
mod dossiers;
mod ideas;
mod plans;
pub mod producers;
mod products;
mod registrations;
mod shops;
pub mod sources;
mod statements;

use crate::desk::counter::Counter;

/// All of them, in the order of the year.
pub static ALL: &[&dyn Counter] = &[
    &ideas::KIND,
    &plans::KIND,
    &dossiers::KIND,
    &agenda_items::KIND,
    &products::KIND,
    &producers::KIND,
    &registrations::KIND,
    &cycles::KIND,
    &shops::KIND,
    &accounts::KIND,
];

/// The kind of things at an address.
pub fn find(path: &str) -> Option<&'static dyn Counter> {
    ALL.iter().find(|counter| counter.path() == path).copied()
}
