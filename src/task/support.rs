//! What waits of support money: claims for their producers, for who accepts them, for the office and the signatory, and rewards.

use std::collections::BTreeMap;

use crate::account::{Role, Work};
use crate::base::Result;
use crate::base::id::{DecisionId, ProducerId};
use crate::decision::store::of_ids;
use crate::producer;
use crate::station::{Listed, Stretch};
use crate::support::claim::rules::{State, last_day};
use crate::support::claim::store;
use crate::support::reward::rules::State as RewardState;
use crate::support::reward::store::RewardFilter;
use crate::support::{Reward, SupportClaim};
use crate::task::gather::{MOST, Waits, offered};
use crate::task::rules::{self, Due, WaitingStep};

/// Steps that bring a claim on its way.
const ONWARDS: &[&str] = &["hand-in", "accept", "send", "appraise", "decide", "pay"];

/// What comes before: the papers without which it is neither handed in nor accepted.
const PAPERS: &[&str] = &["add-paper", "add-minutes"];

/// The states in which a claim waits for a role.
fn states(role: Role) -> &'static [State] {
    match role {
        Role::Producer => &[State::Draft, State::Returned],
        Role::CommuneOfficer | Role::DistrictOfficer => &[State::HandedIn, State::Accepted],
        Role::ProvincialOfficer => &[State::Sent, State::Decided],
        Role::Signatory => &[State::Appraised],
        _ => &[],
    }
}

/// Claims that wait for who asks.
pub fn claims(work: &mut Work) -> Result<Vec<WaitingStep>> {
    let states = states(work.actor.role);
    if states.is_empty() {
        return Ok(Vec::new());
    }
    let territory = work.actor.territory();
    let rows = store::waiting(work.connection, &territory, states, MOST)?;
    let found = SupportClaim::around(work, rows)?;
    let producers: Vec<ProducerId> = found.iter().map(|claim| claim.row.producer_id).collect();
    let names = producer::store::names(work.connection, &producers)?;
    let mut tasks = Vec::new();
    for claim in &found {
        let onwards = offered(work, claim, ONWARDS)?;
        let Some(step) = (if onwards.is_some() { onwards } else { offered(work, claim, PAPERS)? }) else { continue };
        let name = names.get(&claim.row.producer_id).cloned().unwrap_or_default();
        let returned = claim.row.state == State::Returned;
        tasks.push(Waits { name, step, due: due(claim), returned }.for_thing(work, claim));
    }
    Ok(tasks)
}

/// Until it is sent, a claim has its last day.
fn due(claim: &SupportClaim) -> Option<Due> {
    let is_here = matches!(claim.row.state, State::Draft | State::Returned | State::HandedIn | State::Accepted);
    last_day(claim.row.year).filter(|_| is_here).map(rules::support_sent)
}

/// Rewards that wait to be decided, or paid.
pub fn rewards(work: &mut Work) -> Result<Vec<WaitingStep>> {
    let state = match work.actor.role {
        Role::Signatory => RewardState::Draft,
        Role::ProvincialOfficer => RewardState::Decided,
        _ => return Ok(Vec::new()),
    };
    let filter = RewardFilter { state: Some(state), ..RewardFilter::default() };
    let found = Reward::list(work, &filter, &Stretch::first(MOST))?;
    let decided: Vec<_> = found.iter().map(|reward| reward.row.decision_id.any()).collect();
    let numbers: BTreeMap<DecisionId, Option<String>> =
        of_ids(work.connection, &decided)?.into_iter().map(|decision| (decision.id, decision.number)).collect();
    let mut tasks = Vec::new();
    for reward in &found {
        let name = numbers.get(&reward.row.decision_id).cloned().flatten().unwrap_or_default();
        let Some(step) = offered(work, reward, &["decide", "pay"])? else { continue };
        tasks.push(Waits { name, step, due: None, returned: false }.for_thing(work, reward));
    }
    Ok(tasks)
}
