//! The steps of decisions: drafted by the office of a unit, promulgated by another account of it.

use crate::account::{Role, Work, store as accounts};
use crate::base::id::DecisionId;
use crate::base::{Error, Message, Result, paper_number, say};
use crate::decision::content;
use crate::decision::draft::draft;
use crate::decision::form::DecisionForm;
use crate::decision::original_steps::ADD_ORIGINAL;
use crate::decision::own_unit::{OWN_UNIT, must_be_of_unit};
use crate::decision::promulgation::{self, Signature};
use crate::decision::rules::State;
use crate::decision::signature::rules::{must_be_compared, must_not_be_against};
use crate::decision::store::{self, Decision};
use crate::station::{By, Creation, Offer, Reason, Taken, Verb, label, plain_forms};

plain_forms!(DecisionForm, Signature);

const OFFICES: By = By::Some(&[Role::ProvincialOfficer, Role::DistrictOfficer], OWN_UNIT);

/// Drafts a decision.
pub static CREATE: Creation<Decision, DecisionForm> =
    Creation::new(label("Soạn quyết định", "Draft a decision"), OFFICES, make);

/// Promulgates a draft: recognition makes certificates, a revocation ends them, the centre's result changes stars.
pub static PROMULGATE: Verb<Decision, Signature> = Verb::new(
    "promulgate",
    label("Ban hành quyết định", "Promulgate the decision"),
    By::Some(
        &[Role::Signatory],
        label("của đơn vị ban hành, không phải người soạn", "of the unit that decides, and not who drafted it"),
    ),
    promulgate,
)
.right(|asker, decision| {
    if asker.actor.id == decision.drafted_by {
        return Err(not_the_signatory());
    }
    must_be_of_unit(asker, decision, not_the_signatory)
})
.open(|_, decision| {
    decision.state.promulgate()?;
    must_not_be_against(decision.original_verdict)
});

/// Takes a draft back; what it named is free for another.
pub static WITHDRAW: Verb<Decision, Reason> =
    Verb::new("withdraw", label("Rút dự thảo", "Take the draft back"), OFFICES, withdraw)
        .right(|asker, decision| {
            must_be_of_unit(asker, decision, || {
                Error::forbidden(say(
                    "Chỉ được rút dự thảo của đơn vị mình.",
                    "Drafts are taken back for one's own unit only.",
                ))
            })
        })
        .open(|_, decision| decision.state.withdraw().map(drop));

pub static VERBS: &[&dyn Offer<Decision>] = &[&ADD_ORIGINAL, &PROMULGATE, &WITHDRAW];

fn not_the_signatory() -> Error {
    let detail: Message = say(
        "Người ký phải thuộc đơn vị ban hành và không phải người soạn.",
        "The signatory must be of the unit, and not who drafted the decision.",
    );
    Error::forbidden(detail)
}

fn make(work: &mut Work, form: DecisionForm) -> Result<(DecisionId, Taken)> {
    if work.actor.unit()? != &form.unit_code {
        return Err(Error::forbidden(say(
            "Chỉ được soạn quyết định của đơn vị mình.",
            "Decisions are drafted for one's own unit only.",
        )));
    }
    let id = draft(work, form)?;
    let content = content::vouched(work, id)?;
    Ok((id, Taken::to(State::Draft).vouching(content)))
}

fn promulgate(work: &mut Work, decision: &Decision, signature: Signature) -> Result<Taken> {
    let signature = Signature { number: paper_number::spelled(&signature.number), ..signature };
    let state = decision.state.promulgate()?;
    must_not_be_the_drafters_person(work, decision)?;
    must_be_compared(decision.original_verdict, decision.original_content, signature.original_compared)?;
    promulgation::promulgate(work, decision, &signature)?;
    let content = content::vouched(work, decision.id)?;
    Ok(Taken::to(state).with_note(Some(signature.number)).vouching(content))
}

/// 403 where who signs is who drafted it by another account.
fn must_not_be_the_drafters_person(work: &mut Work, decision: &Decision) -> Result<()> {
    let numbers = accounts::identity_numbers(work.connection, &[work.actor.id, decision.drafted_by])?;
    match (numbers.get(&work.actor.id), numbers.get(&decision.drafted_by)) {
        (Some(signer), Some(drafter)) if signer == drafter => Err(not_the_signatory()),
        _ => Ok(()),
    }
}

fn withdraw(work: &mut Work, decision: &Decision, reason: Reason) -> Result<Taken> {
    let state = decision.state.withdraw()?;
    store::withdraw(work.connection, decision.id)?;
    let content = content::vouched(work, decision.id)?;
    Ok(Taken::to(state).with_note(Some(reason.into_text())).vouching(content))
}
