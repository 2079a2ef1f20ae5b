//! A dossier's states, and which documents a dossier should hold.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{Actor, Home, Role};
use crate::base::{Error, Fault, Faults, Result, say};
use crate::cycle::condition::{LARGEST_FIGURE, check_figure_name};

/// `open` while the producer fills it, `submitted` when it is handed in; where the edition has the commune's step it lies with
/// the commune then, and with the councils once it is `forwarded`. It ends without a result where the producer takes it back
/// (`withdrawn`; it may be handed in anew), or where its rating was not completed in time and it goes on under the act in
/// force (`carried_over`).
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
    Forwarded,
    Withdrawn,
    CarriedOver,
}

/// Who fills a dossier: the producer, and the commune on behalf.
pub const WRITERS: &[Role] = &[Role::Producer, Role::CommuneOfficer];

/// Who hands a dossier back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Returner {
    Commune,
    /// An office, or a council's working group.
    Office,
}

impl State {
    pub fn submit(self) -> Result<Self> {
        match self {
            Self::Open | Self::Withdrawn => Ok(Self::Submitted),
            Self::Submitted | Self::Forwarded | Self::CarriedOver => Err(Error::wrong_state(self.as_ref())),
        }
    }

    /// The commune sends it on to the councils.
    pub fn forward(self) -> Result<Self> {
        match self {
            Self::Submitted => Ok(Self::Forwarded),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }

    /// Whoever has it hands it back one step: the office asks for completion through the commune (article 7.3 a of
    /// 26/2026/QĐ-TTg), the commune of the producer. Without the commune's step it goes to the producer at once.
    pub fn send_back(self, by: Returner, has_commune: bool) -> Result<Self> {
        match (self, by, has_commune) {
            (Self::Submitted, Returner::Commune, true) | (Self::Submitted, Returner::Office, false) => Ok(Self::Open),
            (Self::Forwarded, Returner::Office, true) => Ok(Self::Submitted),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }

    /// The producer takes back what was handed in, also while it lies with the producer for completion.
    pub fn withdraw(self, was_handed_in: bool) -> Result<Self> {
        match self {
            Self::Open | Self::Submitted | Self::Forwarded if was_handed_in => Ok(Self::Withdrawn),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }

    /// It is entered anew under the act in force.
    pub fn carry_over(self) -> Result<Self> {
        match self {
            Self::Open | Self::Submitted | Self::Forwarded => Ok(Self::CarriedOver),
            Self::Withdrawn | Self::CarriedOver => Err(Error::wrong_state(self.as_ref())),
        }
    }

    /// Whether councils may take it up.
    pub fn is_with_councils(self, has_commune: bool) -> bool {
        self == if has_commune { Self::Forwarded } else { Self::Submitted }
    }

    pub fn must_be_open_to_change(self) -> Result<()> {
        match self {
            Self::Open | Self::Withdrawn => Ok(()),
            Self::Submitted | Self::Forwarded | Self::CarriedOver => Err(Error::wrong_state(self.as_ref())),
        }
    }
}

/// How far the councils are with a dossier, as somebody finds it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// The states of its items, of all councils.
    pub items: BTreeSet<String>,
    /// A council came to a result that was not appealed against with success, and the dossier is not to come again for it.
    pub has_result: bool,
    /// Who asks sits in a council of the year that has not concluded it: what it may yet score.
    pub asker_may_score: bool,
}

impl Standing {
    fn any(&self, states: &[&str]) -> bool {
        states.iter().any(|state| self.items.contains(*state))
    }

    /// Whether the dossier is being scored, or was and is not concluded.
    fn is_being_scored(&self) -> bool {
        self.any(&["scoring", "scored"])
    }

    /// 409 while a council scores the dossier.
    pub fn must_not_be_scored(&self) -> Result<()> {
        if !self.is_being_scored() {
            return Ok(());
        }
        Err(Error::conflict(
            "being_scored",
            say("Hồ sơ đang được hội đồng chấm điểm.", "A council is scoring the dossier."),
        ))
    }

    /// 409 where a council has concluded on the dossier and none is left to come back to it: neither does it wait on an
    /// agenda or was deferred, nor may it stand again.
    pub fn must_not_be_settled(&self) -> Result<()> {
        if !self.has_result || self.any(&["waiting", "deferred"]) {
            return Ok(());
        }
        Err(Error::conflict(
            "already_concluded",
            say("Hội đồng đã kết luận về hồ sơ này.", "A council has concluded on this dossier."),
        ))
    }

    /// Whether somebody sees the producer's own marks, so that they sway no council: its producer always, the commune that
    /// may enter them unless its officer may yet score, everybody else once no council has still to conclude.
    pub fn shows_self_marks(&self, actor: &Actor, home: &Home) -> bool {
        match actor.role {
            Role::Producer if actor.sees(home) => true,
            Role::CommuneOfficer if actor.sees(home) => !self.asker_may_score,
            _ => {
                let is_awaited = self.any(&["waiting"]) || self.is_being_scored();
                self.any(&["concluded"]) && !is_awaited && !self.asker_may_score
            }
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
    use crate::base::UnitCode;
    use crate::base::id::{AccountId, ProducerId};

    #[test]
    fn a_dossier_is_handed_in_once() {
        assert_eq!(State::Open.submit().unwrap(), State::Submitted);
        assert!(State::Submitted.submit().is_err());
        assert!(State::Open.send_back(Returner::Office, false).is_err());
    }

    #[test]
    fn a_dossier_goes_back_one_step_to_whom_it_came_from() {
        use Returner::{Commune, Office};
        let back = |state: State, by, has_commune| state.send_back(by, has_commune).ok();
        assert_eq!(back(State::Submitted, Office, false), Some(State::Open));
        assert_eq!(back(State::Submitted, Commune, false), None);
        assert_eq!(back(State::Submitted, Commune, true), Some(State::Open));
        assert_eq!(back(State::Submitted, Office, true), None);
        assert_eq!(back(State::Forwarded, Office, true), Some(State::Submitted));
        assert_eq!(back(State::Forwarded, Commune, true), None);
        assert!(State::Submitted.is_with_councils(false) && !State::Submitted.is_with_councils(true));
        assert!(State::Forwarded.is_with_councils(true) && State::Open.forward().is_err());
    }

    #[test]
    fn a_dossier_that_was_taken_back_may_be_handed_in_anew_and_one_that_was_carried_over_is_done() {
        assert_eq!(State::Submitted.withdraw(true).unwrap(), State::Withdrawn);
        assert_eq!(State::Withdrawn.submit().unwrap(), State::Submitted);
        assert!(State::Open.withdraw(false).is_err() && State::Withdrawn.withdraw(true).is_err());
        let over = State::Forwarded.carry_over().unwrap();
        assert_eq!(over, State::CarriedOver);
        assert!(over.submit().is_err() && over.forward().is_err() && over.carry_over().is_err());
        assert!(over.withdraw(true).is_err() && over.must_be_open_to_change().is_err());
    }

    #[test]
    fn figures_are_named_whole_numbers() {
        let check = |name: &str, figure| check_figures(&BTreeMap::from([(name.to_owned(), figure)])).is_ok();
        assert!(check("yearly_output", 0) && check("workers", LARGEST_FIGURE));
        assert!(!check("yearly_output", -1) && !check("workers", LARGEST_FIGURE + 1) && !check("Số lao động", 1));
    }

    #[test]
    fn own_marks_sway_no_council() {
        let commune: UnitCode = "18196".parse().unwrap();
        let home = Home { producer: ProducerId::new(), commune: commune.clone(), district: None };
        let actor = |role, unit, producer| Actor { id: AccountId::new(), name: String::new(), role, unit, producer };
        let producer = actor(Role::Producer, None, Some(home.producer));
        let officer = actor(Role::CommuneOfficer, Some(commune), None);
        let member = actor(Role::CouncilMember, None, None);
        let sees = |who: &Actor, items: &[&str], asker_may_score| {
            let items = items.iter().map(|state| (*state).to_owned()).collect();
            Standing { items, has_result: false, asker_may_score }.shows_self_marks(who, &home)
        };
        for items in [&[][..], &["waiting"], &["concluded", "scored"], &["concluded"]] {
            assert!(sees(&producer, items, true));
            assert!(sees(&officer, items, false) && !sees(&officer, items, true));
            assert_eq!(sees(&member, items, false), items == ["concluded"], "{items:?}");
            assert!(!sees(&member, items, true));
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(missing(&["organisation".into(), "award".into()], REQUIRED), vec!["business_registration"]);
    }
}
