//! What was given out of a decision, and the signed originals that came back, in the database.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::Serialize;

use crate::base::id::{AccountId, DecisionId, FileId, OriginalId};
use crate::base::{Digest, Error, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{decision_originals, decision_prints};
use crate::db::types::Json;
use crate::decision::signature::judge::GivenOut;
use crate::decision::signature::rules::Judgement;

/// A signed file of a decision. The history vouches for it as it is serialized, with the digest of its bytes.
#[derive(Debug, Clone, Serialize, Queryable, Selectable)]
#[diesel(table_name = decision_originals)]
pub struct Original {
    pub id: OriginalId,
    pub decision_id: DecisionId,
    pub file_id: FileId,
    pub sha256: Digest,
    pub judgement: Json<Judgement>,
    pub uploaded_by: AccountId,
    pub created_at: Moment,
}

pub fn insert(connection: &mut AnyConnection, original: &Original) -> Result<()> {
    diesel::insert_into(decision_originals::table)
        .values((
            decision_originals::id.eq(original.id),
            decision_originals::decision_id.eq(original.decision_id),
            decision_originals::file_id.eq(original.file_id),
            decision_originals::sha256.eq(original.sha256),
            decision_originals::judgement.eq(&original.judgement),
            decision_originals::uploaded_by.eq(original.uploaded_by),
            decision_originals::created_at.eq(original.created_at),
        ))
        .execute(connection)?;
    Ok(())
}

pub fn find(connection: &mut AnyConnection, id: OriginalId) -> Result<Option<Original>> {
    Ok(decision_originals::table.find(id).select(Original::as_select()).first(connection).optional()?)
}

/// The originals of a decision, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    decision: DecisionId,
    after: Option<OriginalId>,
    limit: i64,
) -> Result<Vec<Original>> {
    let of_it = decision_originals::table.filter(decision_originals::decision_id.eq(decision));
    let mut query = of_it.select(Original::as_select()).into_boxed();
    if let Some(before) = after {
        query = query.filter(decision_originals::id.lt(before));
    }
    Ok(query.order(decision_originals::id.desc()).limit(limit).load(connection)?)
}

/// All originals of each of these decisions, in the order in which they were handed in.
pub fn originals_of(
    connection: &mut AnyConnection,
    decisions: &[DecisionId],
) -> Result<BTreeMap<DecisionId, Vec<Original>>> {
    let rows: Vec<Original> = decision_originals::table
        .filter(decision_originals::decision_id.eq_any(decisions.to_vec()))
        .order(decision_originals::id)
        .select(Original::as_select())
        .load(connection)?;
    let mut originals: BTreeMap<DecisionId, Vec<Original>> = BTreeMap::new();
    for original in rows {
        originals.entry(original.decision_id).or_default().push(original);
    }
    Ok(originals)
}

/// The files that were made of a decision and given out.
pub fn given_out(connection: &mut AnyConnection, decision: DecisionId) -> Result<Vec<GivenOut>> {
    let rows: Vec<(Digest, i64)> = decision_prints::table
        .filter(decision_prints::decision_id.eq(decision))
        .select((decision_prints::sha256, decision_prints::size))
        .load(connection)?;
    let given = |(sha256, size)| Ok(GivenOut { sha256, size: usize::try_from(size).map_err(Error::internal)? });
    rows.into_iter().map(given).collect()
}

/// Writes down that a file was given out; once, however often it is.
pub fn give_out(connection: &mut AnyConnection, decision: DecisionId, print: &GivenOut, now: Moment) -> Result<()> {
    use diesel::sql_types::{BigInt, Binary};

    use crate::db::types::{Guid, Instant};

    diesel::sql_query(
        "INSERT INTO decision_prints (decision_id, sha256, size, made_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (decision_id, sha256) DO NOTHING",
    )
    .bind::<Guid, _>(decision)
    .bind::<Binary, _>(print.sha256)
    .bind::<BigInt, _>(i64::try_from(print.size).map_err(Error::internal)?)
    .bind::<Instant, _>(now)
    .execute(connection)?;
    Ok(())
}
