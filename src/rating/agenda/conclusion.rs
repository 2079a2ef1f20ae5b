//! What a council concludes of an item from its sheets, or that it scores again.

use std::collections::BTreeSet;

use crate::account::{Asker, Work};
use crate::base::{Error, Result, say};
use crate::criteria::{LeastOption, RaisedGate};
use crate::cycle::Condition;
use crate::db::types::Json;
use crate::product::attachment_store;
use crate::rating::agenda::Session;
use crate::rating::agenda::count::Count;
use crate::rating::agenda::recusal::recuse_by_rule;
use crate::rating::agenda::rules::RescoreForm;
use crate::rating::agenda::thing::CHAIR;
use crate::rating::item::store;
use crate::rating::result::conditions::{self, Known, Paper};
use crate::rating::result::rules::{self, Verdict};
use crate::rating::result::{self, Concluded};
use crate::station::{Note, Taken, Verb, label, plain_forms};

plain_forms!(RescoreForm);

/// Counts the sheets, if no rule of the council is broken.
pub static CONCLUDE: Verb<Session, Note> = Verb::new("conclude", label("Kết luận", "Conclude"), CHAIR, conclude)
    .right(Session::must_preside)
    .open(may_conclude);

/// Scores again with fresh sheets, where a rule is broken or the council voted so.
pub static RESCORE: Verb<Session, RescoreForm> = Verb::new("rescore", label("Chấm lại", "Score again"), CHAIR, rescore)
    .right(Session::must_preside)
    .open(|asker, session| {
        session.item.state.rescore()?;
        session.must_be_held()?;
        session.must_be_in_term(asker)
    });

/// An offer tells no more than the count does that who leads the session sees; the rest is asked when the step is taken.
fn may_conclude(asker: Asker, session: &Session) -> Result<()> {
    session.item.state.conclude()?;
    session.must_be_held()?;
    session.must_be_in_term(asker)?;
    session.shown_count().map_or(Ok(()), |count| count.tally.must_hold_as_shown())
}

fn counted(session: &Session) -> Result<&Count> {
    session.counted()?.ok_or_else(|| Error::internal("an item is concluded whose sheets were not counted"))
}

fn conclude(work: &mut Work, session: &Session, note: Note) -> Result<Taken> {
    let item = &session.item;
    let Count { tally, votes, gates, unmet_options } = counted(session)?;
    tally.must_hold()?;
    let verdict = rules::conclude(&session.edition, session.council.unit_code.level(), votes)?;
    let (verdict, unmet) = after_conditions(work, session, verdict, unmet_options)?;
    let (gate_criterion, gate_reason) = raised(gates);
    let concluded = Concluded {
        agenda_item_id: item.id,
        attempt: item.attempt,
        outcome: verdict.outcome,
        stars: verdict.stars,
        sum: verdict.sum,
        sheets: verdict.sheets,
        gate_criterion,
        gate_reason,
        unmet: Json(unmet),
        unmet_options: Json(unmet_options.clone()),
        concluded_by: work.actor.id,
        concluded_at: work.now,
    };
    result::store::insert(work.connection, concluded)?;
    let state = item.state.conclude()?;
    store::set_state(work.connection, item.id, state)?;
    let content = result::content::content(work.connection, item.id)?;
    Ok(Taken::to(state).with_note(note.note).vouching(content))
}

/// What conditions of edition and cycle and least options leave of a verdict today. Every document on record for the product counts.
fn after_conditions(
    work: &mut Work,
    session: &Session,
    verdict: Verdict,
    unmet_options: &[LeastOption],
) -> Result<(Verdict, Vec<Condition>)> {
    let conditions = session.cycle.all_conditions()?;
    let documents = attachment_store::documents_of(work.connection, session.dossier.product_id)?;
    let papers: Vec<Paper> = documents.iter().map(Paper::from).collect();
    let known = Known { papers: &papers, figures: &session.dossier.figures.0, on: work.now.day() };
    conditions::apply(&session.edition, session.council.unit_code.level(), verdict, &conditions, &known, unmet_options)
}

/// The criteria whose gates were raised and the reasons given, each once and sorted, so that they tell nothing of who
/// wrote them.
fn raised(gates: &[RaisedGate]) -> (Option<String>, Option<String>) {
    let criteria: BTreeSet<&str> = gates.iter().map(|gate| gate.criterion.as_str()).collect();
    let reasons: BTreeSet<&str> = gates.iter().map(|gate| gate.reason.as_str()).collect();
    let joined = |texts: BTreeSet<&str>, between: &str| {
        (!texts.is_empty()).then(|| texts.into_iter().collect::<Vec<_>>().join(between))
    };
    (joined(criteria, ", "), joined(reasons, "\n"))
}

fn rescore(work: &mut Work, session: &Session, form: RescoreForm) -> Result<Taken> {
    let item = &session.item;
    let is_broken = !counted(session)?.tally.broken().is_empty();
    if !is_broken && form.votes_for.is_none() && form.votes_against.is_none() {
        return Err(Error::conflict(
            "no_rule_broken",
            say(
                "Không có quy tắc nào bị vi phạm: chấm lại cần biểu quyết có ghi lý do.",
                "No rule is broken: scoring again needs a recorded vote with a reason.",
            ),
        ));
    }
    let (reason, ballot) = form.checked(session.scoring_seats().count(), is_broken)?;
    recuse_by_rule(work, &[(item.id, &session.dossier)], &session.seats)?;
    let attempt = item.attempt + 1;
    let (account, now) = (work.actor.id, work.now);
    store::insert_rescore(work.connection, item.id, attempt, &reason, ballot, account, now)?;
    let state = item.state.rescore()?;
    store::set_attempt(work.connection, item.id, attempt, state)?;
    Ok(Taken::to(state).with_note(Some(reason).filter(|reason| !reason.is_empty())))
}
