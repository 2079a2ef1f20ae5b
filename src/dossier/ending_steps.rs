//! How a dossier ends without a result: its producer takes it back, or it goes on under the act in force.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Role, Work};
use crate::audit::Resource;
use crate::base::id::CycleId;
use crate::base::{Error, Result, say};
use crate::cycle::{self, Cycle, RatingTerm};
use crate::dossier::Dossier;
use crate::dossier::rules::{State, WRITERS};
use crate::dossier::store::{self, DossierFields, NewDossier};
use crate::dossier::term;
use crate::idea;
use crate::station::{By, Note, Taken, Verb, label, plain_forms, record_creation};

/// Where a dossier is entered anew.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CarryingOver {
    /// An open cycle of the edition in force.
    pub cycle_id: CycleId,
    /// The set of that edition that the product is rated with.
    pub criteria_set: String,
}

plain_forms!(CarryingOver);

/// Takes back what was handed in; what it kept valid meanwhile ends with this day. It may be handed in anew.
pub static WITHDRAW: Verb<Dossier, Note> =
    Verb::new("withdraw", label("Rút hồ sơ", "Withdraw the dossier"), By::Roles(WRITERS), withdraw)
        .right(|asker, dossier| dossier.must_be_in_territory(asker))
        .open(|_, dossier| {
            dossier.row.state.withdraw(dossier.row.submitted_at.is_some())?;
            dossier.cycle.state.must_be_open()?;
            dossier.standing.must_not_be_scored()?;
            dossier.standing.must_not_be_settled()
        });

/// Enters a dossier under the act in force where its rating was not completed in time under an earlier one (26/2026/QĐ-TTg,
/// article 12.2): the product with its plan, papers and figures; own marks are made anew, with the new set.
pub static CARRY_OVER: Verb<Dossier, CarryingOver> = Verb::new(
    "carry-over",
    label("Chuyển sang quy trình mới", "Carry over to the act in force"),
    By::Roles(&[Role::Producer, Role::CommuneOfficer, Role::ProvincialOfficer]),
    carry_over,
)
.right(|asker, dossier| dossier.must_be_in_territory(asker))
.open(|asker, dossier| {
    dossier.row.state.carry_over()?;
    term::must_be_over(dossier.term, asker.now.day())?;
    dossier.standing.must_not_be_settled()
});

fn withdraw(work: &mut Work, dossier: &Dossier, note: Note) -> Result<Taken> {
    let state = dossier.row.state.withdraw(dossier.row.submitted_at.is_some())?;
    store::end(work.connection, dossier.row.id, state, work.now)?;
    Ok(Taken::to(state).with_note(note.note))
}

fn carry_over(work: &mut Work, dossier: &Dossier, form: CarryingOver) -> Result<Taken> {
    let row = &dossier.row;
    let state = row.state.carry_over()?;
    let cycle = entered(work, dossier.term, form.cycle_id)?;
    idea::entry::must_enter(work, &cycle, row.producer_id, &form.criteria_set)?;
    if store::is_entered(work.connection, row.product_id, cycle.id)? {
        return Err(Error::conflict(
            "already_entered",
            say("Sản phẩm đã có hồ sơ trong chu trình này.", "The product has a dossier in that cycle already."),
        ));
    }
    let new = NewDossier {
        home: row.home(),
        product: row.product_id,
        cycle: cycle.id,
        plan: row.plan_id,
        carried: Some((row.id, form.criteria_set)),
    };
    let id = store::insert(work.connection, new, work.now)?;
    let documents = store::document_ids(work.connection, row.id)?;
    store::set_documents(work.connection, id, &documents)?;
    let carried = DossierFields { self_marks: None, ..row.fields() };
    store::fill(work.connection, id, carried)?;
    record_creation(work, Resource::Dossier, id.any(), Some(State::Open.as_ref()), None, None)?;
    store::end(work.connection, row.id, state, work.now)?;
    Ok(Taken::to(state))
}

/// The cycle in which it is entered: open, and of the edition that took the place of its own.
fn entered(work: &mut Work, term: Option<RatingTerm>, id: CycleId) -> Result<Cycle> {
    let found = cycle::store::find(work.connection, id)?;
    let fits =
        |cycle: &Cycle| cycle.state.must_be_open().is_ok() && term.is_some_and(|term| term.successor == cycle.edition);
    found.filter(fits).ok_or_else(|| {
        Error::invalid(
            "/cycle_id",
            "unfit_cycle",
            say("Cần một chu trình đang mở theo văn bản có hiệu lực.", "An open cycle of the act in force is needed."),
        )
    })
}
