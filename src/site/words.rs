//! States and groups of products in the words of a language.

use crate::criteria::Sector;
use crate::page::texts::{Sectors, States};
use crate::site::rules::State;

/// A state in words.
pub fn told(state: State, texts: &'static States) -> &'static str {
    match state {
        State::Certified => texts.certified,
        State::Expired => texts.expired,
        State::Revoked => texts.revoked,
        State::Participating => texts.participating,
    }
}

/// A group of products in words.
pub fn sector_told(sector: Sector, texts: &'static Sectors) -> &'static str {
    match sector {
        Sector::Food => texts.food,
        Sector::Drink => texts.drink,
        Sector::Herbal => texts.herbal,
        Sector::Textile => texts.textile,
        Sector::Craft => texts.craft,
        Sector::Tourism => texts.tourism,
        Sector::Ornamental => texts.ornamental,
    }
}
