//! A dossier's states, and which documents a dossier should hold.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Error, Fault, Faults, Result, say};
use crate::cycle::condition::{LARGEST_FIGURE, check_figure_name};

/// `open` while the producer fills it, `submitted` when it is handed in for scoring.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::AsRefStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[schema(as = DossierState)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Open,
    Submitted,
}

impl State {
    pub fn submit(self) -> Result<Self> {
        match self {
            Self::Open => Ok(Self::Submitted),
            Self::Submitted => Err(Error::wrong_state("submit", self.as_ref())),
        }
    }

    /// The working group hands it back, or its product stands again in a later round.
    pub fn send_back(self) -> Result<Self> {
        match self {
            Self::Submitted => Ok(Self::Open),
            Self::Open => Err(Error::wrong_state("return", self.as_ref())),
        }
    }

    pub fn must_be_open_to_change(self) -> Result<()> {
        match self {
            Self::Open => Ok(()),
            Self::Submitted => Err(Error::wrong_state("change", self.as_ref())),
        }
    }
}

const MOST_FIGURES: usize = 50;

/// Holds the figures that a producer states against their bounds.
pub fn check_figures(figures: &BTreeMap<String, i64>) -> Result<()> {
    let mut faults = Vec::new();
    if figures.len() > MOST_FIGURES {
        let text = say(format!("Tối đa {MOST_FIGURES} số liệu."), format!("At most {MOST_FIGURES} figures."));
        faults.push(Fault::new("/figures", "too_many", text));
    }
    for (name, figure) in figures {
        check_figure_name(name, "/figures".into(), &mut faults);
        if !(0..=LARGEST_FIGURE).contains(figure) {
            let text = say("Số liệu phải là số nguyên không âm.", "A figure is a whole number, 0 or more.");
            faults.push(Fault::new(format!("/figures/{name}"), "out_of_range", text));
        }
    }
    faults.into_result()
}

/// The kinds of document that 1048/QĐ-TTg requires beside the registration and the plan, which the service holds itself.
pub const REQUIRED: &[&str] = &["organisation", "business_registration"];

/// The required kinds that are not among those at hand.
pub fn missing<'a>(at_hand: &[String], required: &[&'a str]) -> Vec<&'a str> {
    required.iter().copied().filter(|kind| !at_hand.iter().any(|known| known == kind)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dossier_is_handed_in_once() {
        assert_eq!(State::Open.submit().unwrap(), State::Submitted);
        assert!(State::Submitted.submit().is_err());
        assert!(State::Open.send_back().is_err());
    }

    #[test]
    fn figures_are_named_whole_numbers() {
        let check = |name: &str, figure| check_figures(&BTreeMap::from([(name.to_owned(), figure)])).is_ok();
        assert!(check("yearly_output", 0) && check("workers", LARGEST_FIGURE));
        assert!(!check("yearly_output", -1) && !check("workers", LARGEST_FIGURE + 1) && !check("Số lao động", 1));
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(missing(&["organisation".into(), "award".into()], REQUIRED), vec!["business_registration"]);
    }
}
