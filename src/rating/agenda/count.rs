//! The count of an item's sheets, from the close of its scoring to the conclusion.

use crate::base::id::AccountId;
use crate::criteria::{Case, LeastOption, Mark, RaisedGate, Set};
use crate::rating::council::rules::CouncilRules;
use crate::rating::result::rules::Tally;
use crate::rating::sheet::{self, Sheet, Vote};

/// The submitted sheets of the present attempt, counted.
#[derive(Debug, Clone)]
pub struct Count {
    pub tally: Tally,
    pub votes: Vec<Vote>,
    /// The gates that sheets raised, in no one's order.
    pub gates: Vec<RaisedGate>,
    /// The least options that the sheets together do not meet, by the council's rule; none where a gate was raised.
    pub unmet_options: Vec<LeastOption>,
}

impl Count {
    /// Counts the sheets. Each is marked again from its options: what does not come to what was submitted does not count,
    /// it stops the count and is named. `seats` is how many score, `presiding` who leads.
    pub fn of(
        sheets: &[Sheet],
        set: &Set,
        case: Case,
        rules: &CouncilRules,
        seats: usize,
        presiding: Option<AccountId>,
    ) -> Result<Self, String> {
        let mut votes: Vec<Vote> = Vec::new();
        for sheet in sheets {
            let gate = sheet.gate.as_ref().map(|gate| &gate.0);
            match sheet::rules::vote(set, case, &sheet.marks.0, gate) {
                Ok(vote) if sheet.vote() == Some(vote) => votes.push(vote),
                _ => return Err(format!("the sheet {} is not what was submitted", sheet.id)),
            }
        }
        let has_presiding = sheets.iter().any(|sheet| presiding == Some(sheet.account_id));
        let tally = Tally::of(rules, seats, has_presiding, &votes);
        let gates = sheets.iter().filter_map(|sheet| Some(sheet.gate.as_ref()?.0.clone()));
        let gates: Vec<RaisedGate> = gates.collect();
        let marks: Vec<&[Mark]> = sheets.iter().map(|sheet| sheet.marks.0.as_slice()).collect();
        let unmet_options = match gates.is_empty() {
            true => set.unmet_options(case, rules.least_options, &marks),
            false => Vec::new(),
        };
        Ok(Self { tally, votes, gates, unmet_options })
    }
}
