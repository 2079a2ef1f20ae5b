//! What only the unit that decides does with a decision.

use crate::account::Asker;
use crate::base::{Error, Result};
use crate::decision::Decision;
use crate::station::{Label, label};

pub const OWN_UNIT: Label = label("của đơn vị ban hành", "of the unit that decides");

pub fn must_be_of_unit(asker: Asker, decision: &Decision, refusal: fn() -> Error) -> Result<()> {
    if asker.actor.unit()? == &decision.unit_code { Ok(()) } else { Err(refusal()) }
}
