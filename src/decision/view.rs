//! What is shown of a decision.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{self, Work};
use crate::base::id::{AccountId, AgendaItemId, CertificateId, DecisionId};
use crate::base::{Day, Moment, Result, Stars, UnitCode};
use crate::cycle::EditionCode;
use crate::decision::Decision;
use crate::decision::rules::{self, Ground, Kind, State};
use crate::decision::signature::rules::{Content, Verdict};
use crate::decision::store::{self, Item, RestsOn};
use crate::place;
use crate::station::{Shown, Warning};

/// A decision, to the unit that decides and to the province.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionView {
    id: DecisionId,
    version: i32,
    kind: Kind,
    unit_code: UnitCode,
    /// What the unit was called when the decision was drafted.
    unit_name: String,
    state: State,
    number: Option<String>,
    signed_on: Option<Day>,
    reason: Option<String>,
    /// Why certificates are taken back, and the paper that it rests on.
    ground: Option<Ground>,
    rests_on: Option<RestsOn>,
    /// By when they are to be taken back, counted from that paper.
    due_on: Option<Day>,
    /// Whether that day passed before it was signed.
    overdue: bool,
    /// The stars that it names: what the centre gave, or what is recognised on a centre's result without stars.
    stars: Option<Stars>,
    agenda_item_ids: Vec<AgendaItemId>,
    certificate_ids: Vec<CertificateId>,
    drafted_by: AccountId,
    drafted_by_name: Option<String>,
    promulgated_by: Option<AccountId>,
    promulgated_by_name: Option<String>,
    promulgated_at: Option<Moment>,
    created_at: Moment,
    /// How the signed original that was handed in last was judged, and whether it is the draft's own file; null where there
    /// is none.
    original_verdict: Option<Verdict>,
    original_content: Option<Content>,
    warnings: Vec<Warning>,
}

impl Shown for Decision {
    type View = DecisionView;

    fn views(work: &mut Work, decisions: &[Self]) -> Result<Vec<DecisionView>> {
        let ids: Vec<DecisionId> = decisions.iter().map(|decision| decision.id).collect();
        let items = store::items_of(work.connection, &ids)?;
        let drafters = decisions.iter().map(|decision| decision.drafted_by);
        let accounts: Vec<AccountId> = drafters.chain(decisions.iter().filter_map(|row| row.promulgated_by)).collect();
        let accounts = account::store::names(work.connection, &accounts)?;
        let places = place::store::places(work.connection)?;
        let today = work.now.day();
        let view = |decision: &Decision| {
            let items: &[Item] = items.get(&decision.id).map_or(&[], Vec::as_slice);
            let due_on = due_on(decision)?;
            let ended_on = match decision.state {
                State::Draft => Some(today),
                State::Promulgated => decision.signed_on,
                State::Withdrawn => None,
            };
            Ok(DecisionView {
                ground: decision.ground,
                rests_on: decision.rests_on(),
                due_on,
                overdue: due_on.zip(ended_on).is_some_and(|(due, ended)| due < ended),
                stars: items.iter().find_map(|item| item.stars),
                id: decision.id,
                version: decision.version,
                kind: decision.kind,
                unit_code: decision.unit_code.clone(),
                unit_name: places.name(&decision.unit_code, decision.created_at.day()),
                state: decision.state,
                number: decision.number.clone(),
                signed_on: decision.signed_on,
                reason: decision.reason.clone(),
                agenda_item_ids: items.iter().filter_map(|item| item.agenda_item_id).collect(),
                certificate_ids: items.iter().filter_map(|item| item.certificate_id).collect(),
                drafted_by: decision.drafted_by,
                drafted_by_name: accounts.get(&decision.drafted_by).cloned(),
                promulgated_by: decision.promulgated_by,
                promulgated_by_name: decision.promulgated_by.and_then(|id| accounts.get(&id).cloned()),
                promulgated_at: decision.promulgated_at,
                created_at: decision.created_at,
                original_verdict: decision.original_verdict,
                original_content: decision.original_content,
                warnings: warnings(decision),
            })
        };
        decisions.iter().map(view).collect()
    }
}

/// What whoever promulgates should know of the original.
fn warnings(decision: &Decision) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let (Some(verdict), Some(content)) = (decision.original_verdict, decision.original_content) else {
        return warnings;
    };
    if verdict.is_against() {
        warnings.push(Warning::new("original_not_valid", verdict.told()));
        return warnings;
    }
    if verdict == Verdict::NotJudged {
        warnings.push(Warning::new("original_not_judged", verdict.told()));
    }
    if content == Content::Other {
        warnings.push(Warning::new("original_not_of_draft", content.told()));
    }
    if verdict == Verdict::SignedMoreThanOnce {
        warnings.push(Warning::new("original_signed_more_than_once", verdict.told()));
    }
    warnings
}

/// By when a revocation is due, by the act in force when it was drafted.
fn due_on(decision: &Decision) -> Result<Option<Day>> {
    let Some(dated) = decision.basis_dated else { return Ok(None) };
    let demanded = EditionCode::in_force_on(decision.created_at.day())?.edition()?.revocation.demanded;
    Ok(demanded.map(|demanded| rules::revocation_due(dated, demanded.within_days)))
}
