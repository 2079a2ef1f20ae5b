//! The kinds of thing that the desk shows, each with its words: what a page shows of it, and how its forms are filled in.

pub mod accounts;
mod agenda_items;
mod appeals;
mod certificates;
mod councils;
pub mod criteria_sets;
pub mod cycles;
mod doubts;
mod decisions;
mod dossiers;
mod group_reports;
mod holds;
mod ideas;
mod inspection_plans;
mod inspection_sides;
mod inspections;
mod lot_trace;
mod lots;
mod originals;
mod outcome;
mod passports;
mod personal_data_requests;
mod plans;
pub mod producers;
mod products;
mod registrations;
mod result_notices;
pub mod result_words;
mod rewards;
mod shops;
pub mod session_sides;
pub mod session_words;
pub mod sources;
mod stamp_orders;
mod statements;
mod support_claims;
mod support_policies;
mod surveys;
mod suspects;

use crate::desk::counter::Counter;
use crate::desk::input::Input;

/// All of them, in the order of the year.
pub static ALL: &[&dyn Counter] = &[
    &ideas::KIND,
    &plans::KIND,
    &dossiers::KIND,
    &councils::KIND,
    &agenda_items::KIND,
    &surveys::KIND,
    &group_reports::KIND,
    &result_notices::KIND,
    &appeals::KIND,
    &decisions::KIND,
    &certificates::KIND,
    &lots::KIND,
    &stamp_orders::KIND,
    &holds::KIND,
    &inspections::KIND,
    &inspection_plans::KIND,
    &support_claims::KIND,
    &support_policies::KIND,
    &rewards::KIND,
    &suspects::KIND,
    &doubts::KIND,
    &products::KIND,
    &producers::KIND,
    &registrations::KIND,
    &cycles::KIND,
    &criteria_sets::KIND,
    &shops::KIND,
    &accounts::KIND,
    &personal_data_requests::KIND,
];

/// What the form that is sent to an address asks for.
pub fn inputs_at(address: &str) -> &'static [Input] {
    let mut parts = address.trim_start_matches('/').split('/').skip(1);
    let (counter, verb) = (parts.next().and_then(find), parts.nth(1));
    let inputs = counter.and_then(|counter| match verb {
        Some(verb) => counter.inputs(verb),
        None => counter.making().map(|making| making.inputs),
    });
    inputs.unwrap_or_default()
}

/// The kind of things at an address.
pub fn find(path: &str) -> Option<&'static dyn Counter> {
    ALL.iter().find(|counter| counter.path() == path).copied()
}
