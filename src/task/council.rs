//! What waits in councils: sheets for their members, sessions for who leads them.

use std::collections::BTreeSet;

use crate::account::Work;
use crate::base::Result;
use crate::base::id::{AgendaItemId, ProductId};
use crate::product;
use crate::rating::Session;
use crate::rating::agenda::store::AgendaItemFilter;
use crate::rating::item::State;
use crate::rating::{reminder, sheet};
use crate::station::{Label, Listed, Stretch, label};
use crate::task::gather::{MOST, Waits, offered};
use crate::task::rules::{self, Due, WaitingStep};

/// Steps that bring a session on its way.
const ONWARDS: &[&str] = &["admit", "open-scoring", "close-scoring", "conclude"];

const SCORE: Label = label("Chấm điểm và gửi phiếu", "Score and hand the sheet in");

pub fn sessions(work: &mut Work) -> Result<Vec<WaitingStep>> {
    let mut found = Vec::new();
    for state in [State::Waiting, State::Scoring, State::Scored] {
        let filter = AgendaItemFilter { state: Some(state), ..Default::default() };
        found.extend(Session::list(work, &filter, &Stretch::first(MOST))?);
    }
    let products: Vec<ProductId> = found.iter().map(|session| session.dossier.product_id).collect();
    let names = product::store::names(work.connection, &products)?;
    let unsent = unsent(work)?;
    let scored: Vec<AgendaItemId> = unsent.iter().copied().collect();
    let reminded = reminder::store::of_account(work.connection, work.actor.id, &scored)?;
    let mut tasks = Vec::new();
    for session in &found {
        let own = unsent.contains(&session.item.id).then_some(("score", SCORE));
        let step = match own {
            Some(step) => Some(step),
            None => offered(work, session, ONWARDS)?,
        };
        let Some(step) = step else { continue };
        let name = names.get(&session.dossier.product_id).cloned().unwrap_or_default();
        let task = Waits { name, step, due: due(session), returned: false }.for_thing(work, session);
        let reminded_at = reminded.get(&(session.item.id, session.item.attempt)).copied();
        tasks.push(WaitingStep { reminded_at, ..task });
    }
    Ok(tasks)
}

/// Items whose scoring is open and that one has not handed the own sheet in for.
fn unsent(work: &mut Work) -> Result<BTreeSet<AgendaItemId>> {
    let own = sheet::store::tasks(work.connection, work.actor.id)?;
    let unsent = own
        .into_iter()
        .filter(|sheet| sheet.item_state == State::Scoring && sheet.state != Some(sheet::rules::State::Submitted));
    Ok(unsent.map(|sheet| sheet.item).collect())
}

fn due(session: &Session) -> Option<Due> {
    if let Some(day) = session.item.written_round() {
        return Some(rules::written_round(day));
    }
    session.item.session_on.map(rules::session).or_else(|| rules::last_round(&session.cycle, &session.edition))
}
