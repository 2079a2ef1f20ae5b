//! What a step of any station is, and the one path that carries it out.
//!
//! A station declares each of its steps once, as a [`Verb`] or a [`Creation`]: name, label, who may take it, from which
//! states, which form it reads, what it checks, writes and says of itself. [`carry_out`] and [`create`] take it in the order
//! of the design, whoever asks: JSON, a page's form, a dispatch, an import, the demo. What a step would answer before it
//! reads a form depends on the loaded thing alone, so [`offers`] tells what may be done now without asking the database.

mod announced;
mod answer;
mod form;
mod list;
mod order;
mod path;
mod prepared;
mod rights;
mod thing;
mod verb;
mod warning;

pub use crate::base::{Label, label};
pub use crate::http::Note;
pub use announced::Announced;
pub use answer::{Added, ExplainedAction, Made, Offered, made, present, seen, seen_all};
pub use form::{Form, NoFields, Reason, Uploaded};
pub(crate) use form::{patch_forms, plain_forms};
pub(crate) use list::filters;
pub use list::{Filters, Listed, PageParameters, Sorting, Stretch};
pub use order::Order;
pub use path::{
    apply, apply_creation, apply_creation_of_many, carry_out, create, create_many, find, offers, record_creation,
};
pub use rights::{Right, of as rights_of};
pub use thing::{Access, Shown, Thing};
pub use verb::{By, Creation, CreationOfMany, Described, Offer, Taken, Verb};
pub use warning::Warning;
