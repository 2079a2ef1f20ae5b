//! States of products in the words of a language.

use crate::page::texts::States;
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
