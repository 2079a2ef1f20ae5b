//! Requests about one's own data that wait for an administrator.

use crate::account::{Role, Work};
use crate::base::Result;
use crate::personal_data::PersonalDataRequest;
use crate::personal_data::rules::RequestState;
use crate::personal_data::steps::ANSWER;
use crate::personal_data::store::PersonalDataRequestFilter;
use crate::station::{Described, Listed, Shown, Stretch};
use crate::task::gather::{MOST, Waits};
use crate::task::rules::{self, WaitingStep};

/// Each waits, also one whose account is still to be ended before it can be answered.
pub fn requests(work: &mut Work) -> Result<Vec<WaitingStep>> {
    if !work.actor.is(&[Role::Administrator]) {
        return Ok(Vec::new());
    }
    let filter = PersonalDataRequestFilter { state: Some(RequestState::Received), ..Default::default() };
    let found = PersonalDataRequest::list(work, &filter, &Stretch::first(MOST))?;
    let views = PersonalDataRequest::views(work, &found)?;
    let tasks = found.iter().zip(views).map(|(request, view)| {
        let waits = Waits {
            name: view.called(),
            step: (ANSWER.name(), ANSWER.label()),
            due: Some(rules::personal_data(request.row.due_on)),
            returned: false,
        };
        waits.for_thing(work, request)
    });
    Ok(tasks.collect())
}
