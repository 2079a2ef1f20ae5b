//! What a conclusion vouches for in the history: the results of an item and the commitments of the sheets that were
//! counted.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::audit::check::Held;
use crate::base::id::{AgendaItemId, AnyId};
use crate::base::{Digest, Result};
use crate::db::AnyConnection;
use crate::db::schema::{agenda_items, recusals, results, sheets};
use crate::rating::agenda::State;
use crate::rating::result::store::Concluded;
use crate::rating::sheet;

/// A result and the commitments of its sheets.
type Counted = (Concluded, Vec<Option<Digest>>);

/// Of an item, once it has a result: every result with the commitments of its sheets, sorted.
pub fn content(connection: &mut AnyConnection, item: AgendaItemId) -> Result<Option<Digest>> {
    Ok(contents(connection, &[item.any()])?.remove(&item.any()))
}

fn contents(connection: &mut AnyConnection, items: &[AnyId]) -> Result<BTreeMap<AnyId, Digest>> {
    let found: Vec<Concluded> = results::table
        .filter(results::agenda_item_id.eq_any(items.to_vec()))
        .order((results::agenda_item_id, results::attempt))
        .select(Concluded::as_select())
        .load(connection)?;
    let recused = recusals::table
        .filter(recusals::agenda_item_id.eq(sheets::agenda_item_id))
        .filter(recusals::account_id.eq(sheets::account_id));
    let counted: Vec<(AnyId, i32, Option<Digest>)> = sheets::table
        .filter(sheets::agenda_item_id.eq_any(items.to_vec()))
        .filter(sheets::state.eq(sheet::rules::State::Submitted))
        .filter(diesel::dsl::not(diesel::dsl::exists(recused)))
        .order((sheets::agenda_item_id, sheets::attempt, sheets::commitment))
        .select((sheets::agenda_item_id, sheets::attempt, sheets::commitment))
        .load(connection)?;
    let mut commitments: BTreeMap<(AnyId, i32), Vec<Option<Digest>>> = BTreeMap::new();
    for (item, attempt, commitment) in counted {
        commitments.entry((item, attempt)).or_default().push(commitment);
    }
    let mut concluded: BTreeMap<AnyId, Vec<Counted>> = BTreeMap::new();
    for result in found {
        let item = result.agenda_item_id.any();
        let sheets = commitments.remove(&(item, result.attempt)).unwrap_or_default();
        concluded.entry(item).or_default().push((result, sheets));
    }
    concluded.into_iter().map(|(item, results)| Ok((item, Digest::of("ocop-result", &results)?))).collect()
}

/// Items as `ocop audit verify` holds them against their steps.
pub fn held(connection: &mut AnyConnection, ids: &[AnyId]) -> Result<Vec<Held>> {
    let mut contents = contents(connection, ids)?;
    let found: Vec<(AnyId, i32, State, Option<i32>)> = agenda_items::table
        .left_join(
            results::table
                .on(results::agenda_item_id.eq(agenda_items::id).and(results::attempt.eq(agenda_items::attempt))),
        )
        .filter(agenda_items::id.eq_any(ids.to_vec()))
        .select((agenda_items::id, agenda_items::version, agenda_items::state, results::attempt.nullable()))
        .load(connection)?;
    let held = |(id, version, state, result): (AnyId, i32, State, Option<i32>)| {
        let content = contents.remove(&id);
        // A result is that of the present attempt, and there is one where the item is concluded, and only there.
        let fits = (state == State::Concluded) == result.is_some() && content.is_some() == result.is_some();
        Held { id, version, content, wrong: (!fits).then_some("its state and attempt do not fit its results") }
    };
    Ok(found.into_iter().map(held).collect())
}
