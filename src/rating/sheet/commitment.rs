//! What a member is committed to with each version of a sheet, without its being shown: a digest over a salt and the sheet.
//!
//! The member has it as a receipt, the history as the content of the step. Once the item is concluded, the export opens
//! it: salt and sheet give the commitment again. The account is in it, so a nameless export cannot open it.

use serde::Serialize;

use crate::audit::check::Held;
use crate::audit::{Resource, StepTaken};
use crate::base::id::{AccountId, AgendaItemId, AnyId, SheetId};
use crate::base::{Digest, Error, Moment, Points, Result, Salt};
use crate::criteria::{GateKind, Mark, RaisedGate};
use crate::db::AnyConnection;
use crate::rating::sheet::rules::State;
use crate::rating::sheet::store::{self, Sheet};

/// What is committed to: `SHA-256(salt || canonical text)`. The text is JSON without spaces, names sorted; whoever
/// recomputes it takes the very values of the export.
#[derive(Debug, Serialize)]
struct Committed<'a> {
    agenda_item_id: AgendaItemId,
    attempt: i32,
    account_id: AccountId,
    state: State,
    marks: &'a [Mark],
    gate: Option<&'a RaisedGate>,
    total: Option<Points>,
    gate_kind: Option<GateKind>,
    submitted_at: Option<Moment>,
}

/// The commitment of a sheet with a salt.
pub fn of(sheet: &Sheet, salt: Salt) -> Result<Digest> {
    let committed = Committed {
        agenda_item_id: sheet.agenda_item_id,
        attempt: sheet.attempt,
        account_id: sheet.account_id,
        state: sheet.state,
        marks: &sheet.marks.0,
        gate: sheet.gate.as_ref().map(|gate| &gate.0),
        total: sheet.total,
        gate_kind: sheet.gate_kind,
        submitted_at: sheet.submitted_at,
    };
    Digest::salted(salt, &committed)
}

/// Commits a member to the sheet as it was just written, under a new salt.
pub fn renew(connection: &mut AnyConnection, id: SheetId) -> Result<Digest> {
    let sheet = store::of_ids(connection, &[id])?.pop();
    let sheet = sheet.ok_or_else(|| Error::internal("a sheet that was just written is gone"))?;
    let salt = Salt::random()?;
    let commitment = of(&sheet, salt)?;
    store::set_commitment(connection, id, salt, commitment)?;
    Ok(commitment)
}

/// Commits to sheets of a database from before there were commitments. Their steps were never recorded; they begin with
/// this one.
pub fn adopt(connection: &mut AnyConnection, now: Moment) -> Result<()> {
    for id in store::uncommitted(connection)? {
        let commitment = renew(connection, id)?;
        for sheet in store::of_ids(connection, &[id])? {
            let entry = StepTaken {
                resource: Resource::Sheet,
                id,
                version: sheet.version,
                account: None,
                verb: crate::audit::ADOPT,
                from: None,
                to: Some(sheet.state.as_ref()),
                note: None,
            };
            crate::audit::record_with(connection, now, entry, Some(commitment))?;
        }
    }
    Ok(())
}

/// Sheets as `ocop audit verify` holds them against their steps.
pub fn held(connection: &mut AnyConnection, ids: &[AnyId]) -> Result<Vec<Held>> {
    let ids: Vec<SheetId> = ids.iter().map(|id| SheetId::from_uuid(id.uuid())).collect();
    let found = store::of_ids(connection, &ids)?;
    found
        .into_iter()
        .map(|sheet| {
            let content = sheet.salt.map(|salt| of(&sheet, salt)).transpose()?;
            let wrong =
                (content.is_none() || content != sheet.commitment).then_some("its commitment is not of its marks");
            Ok(Held { id: sheet.id.any(), version: sheet.version, content, wrong })
        })
        .collect()
}
