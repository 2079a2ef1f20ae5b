//! What waits because somebody scanned a stamp: doubts that nobody looked into yet, and stamps that look copied.

use crate::account::Work;
use crate::base::Result;
use crate::base::id::ProductId;
use crate::product;
use crate::stamp::doubts::Doubt;
use crate::stamp::doubts::rules::State as DoubtState;
use crate::stamp::doubts::store::DoubtFilter;
use crate::stamp::rules::suspects::State as SuspicionState;
use crate::stamp::suspicion::Suspicion;
use crate::stamp::suspicion::store::SuspicionFilter;
use crate::station::{Label, Listed, Stretch, label};
use crate::task::gather::{MOST, Waits, offered};
use crate::task::rules::WaitingStep;

/// Doubts that nobody looked into yet.
pub fn doubts(work: &mut Work) -> Result<Vec<WaitingStep>> {
    if Doubt::must_list(work.asker()).is_err() {
        return Ok(Vec::new());
    }
    let filter = DoubtFilter { state: Some(DoubtState::Open), ..DoubtFilter::default() };
    let found = Doubt::list(work, &filter, &Stretch::first(MOST))?;
    let products: Vec<ProductId> = found.iter().map(|doubt| doubt.product).collect();
    let names = product::store::names(work.connection, &products)?;
    let mut tasks = Vec::new();
    for doubt in &found {
        let Some(step) = offered(work, doubt, &["see"])? else { continue };
        let name = names.get(&doubt.product).cloned().unwrap_or_default();
        tasks.push(Waits { name, step, due: None, returned: false }.for_thing(work, doubt));
    }
    Ok(tasks)
}

const DECIDE: Label = label("Xem xét tem nghi sao chép", "Decide on a stamp that looks copied");

/// Stamps that a rule found, for who decides on them.
pub fn suspicions(work: &mut Work) -> Result<Vec<WaitingStep>> {
    if Suspicion::must_list(work.asker()).is_err() {
        return Ok(Vec::new());
    }
    let filter = SuspicionFilter { state: Some(SuspicionState::Open), ..SuspicionFilter::default() };
    let found = Suspicion::list(work, &filter, &Stretch::first(MOST))?;
    let products: Vec<ProductId> = found.iter().map(|suspicion| suspicion.product).collect();
    let names = product::store::names(work.connection, &products)?;
    let mut tasks = Vec::new();
    for suspicion in &found {
        if offered(work, suspicion, &["dismiss"])?.is_none() {
            continue;
        }
        let name = names.get(&suspicion.product).cloned().unwrap_or_default();
        let waits = Waits { name, step: ("decide", DECIDE), due: None, returned: false };
        tasks.push(waits.for_thing(work, suspicion));
    }
    Ok(tasks)
}
