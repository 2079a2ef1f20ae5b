//! Finds what waits for who asks, of all kinds of things.

use crate::account::Work;
use crate::base::Result;
use crate::task::rules::{WaitingStep, in_order};
use crate::task::{council, ends, inspections, personal_data, stamps, support, year};

/// What waits for who asks, the first due first. The number of statements does not depend on how much it is.
pub fn waiting(work: &mut Work) -> Result<Vec<WaitingStep>> {
    let mut tasks = year::registrations(work)?;
    tasks.extend(year::ideas(work)?);
    tasks.extend(year::unplanned(work)?);
    tasks.extend(year::plans(work)?);
    tasks.extend(year::dossiers(work)?);
    tasks.extend(year::unplaced(work)?);
    tasks.extend(council::sessions(work)?);
    tasks.extend(ends::appeals(work)?);
    tasks.extend(ends::decisions(work)?);
    tasks.extend(ends::notices(work)?);
    tasks.extend(ends::of_products(work)?);
    tasks.extend(ends::stamp_orders(work)?);
    tasks.extend(stamps::doubts(work)?);
    tasks.extend(stamps::suspicions(work)?);
    tasks.extend(inspections::steps(work)?);
    tasks.extend(inspections::proposals(work)?);
    tasks.extend(support::claims(work)?);
    tasks.extend(support::rewards(work)?);
    tasks.extend(personal_data::requests(work)?);
    Ok(in_order(tasks))
}
