//! The log of exports and the printers' links in the database.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::base::id::{AccountId, StampExportId, StampExportLinkId, StampOrderId};
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{stamp_export_links, stamp_exports};
use crate::db::types::text_column;
use crate::stamp::rules::Range;

/// What left the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[schema(as = StampExportKind)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    Codes,
    Scratch,
    LabelsPdf,
    LabelsSvg,
    LabelsPng,
}
text_column!(Kind);

impl Kind {
    pub const LABELS: [Self; 3] = [Self::LabelsPdf, Self::LabelsSvg, Self::LabelsPng];
}

#[derive(Debug, Clone, Queryable)]
pub struct Export {
    pub id: StampExportId,
    pub kind: Kind,
    pub first: i32,
    pub last: i32,
    pub account_id: Option<AccountId>,
    pub link_id: Option<StampExportLinkId>,
    /// To whom the link was given.
    pub printer: Option<String>,
    pub at: Moment,
}

/// Who took an export.
#[derive(Debug, Clone, Copy)]
pub enum Taker {
    Account(AccountId),
    Link(StampExportLinkId),
}

pub fn insert(
    connection: &mut AnyConnection,
    order: StampOrderId,
    kind: Kind,
    range: Range,
    taker: Taker,
    now: Moment,
) -> Result<()> {
    let (account, link) = match taker {
        Taker::Account(account) => (Some(account), None),
        Taker::Link(link) => (None, Some(link)),
    };
    diesel::insert_into(stamp_exports::table)
        .values((
            stamp_exports::id.eq(StampExportId::new()),
            stamp_exports::order_id.eq(order),
            stamp_exports::kind.eq(kind),
            stamp_exports::first.eq(range.first),
            stamp_exports::last.eq(range.last),
            stamp_exports::account_id.eq(account),
            stamp_exports::link_id.eq(link),
            stamp_exports::at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

/// The exports of an order, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    order: StampOrderId,
    before: Option<StampExportId>,
    limit: i64,
) -> Result<Vec<Export>> {
    let mut query = stamp_exports::table
        .left_join(stamp_export_links::table.on(stamp_exports::link_id.eq(stamp_export_links::id.nullable())))
        .filter(stamp_exports::order_id.eq(order))
        .select((
            stamp_exports::id,
            stamp_exports::kind,
            stamp_exports::first,
            stamp_exports::last,
            stamp_exports::account_id,
            stamp_exports::link_id,
            stamp_export_links::printer.nullable(),
            stamp_exports::at,
        ))
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(stamp_exports::id.lt(before));
    }
    Ok(query.order(stamp_exports::id.desc()).limit(limit).load(connection)?)
}

/// How often anything of an order was exported.
pub fn count(connection: &mut AnyConnection, order: StampOrderId) -> Result<i64> {
    Ok(stamp_exports::table.filter(stamp_exports::order_id.eq(order)).count().get_result(connection)?)
}

/// Ranges of labels that were exported and share a serial with `range`, with the time of each.
pub fn printed(connection: &mut AnyConnection, order: StampOrderId, range: Range) -> Result<Vec<(Range, Moment)>> {
    let rows: Vec<(i32, i32, Moment)> = stamp_exports::table
        .filter(stamp_exports::order_id.eq(order))
        .filter(stamp_exports::kind.eq_any(Kind::LABELS))
        .filter(stamp_exports::first.le(range.last))
        .filter(stamp_exports::last.ge(range.first))
        .select((stamp_exports::first, stamp_exports::last, stamp_exports::at))
        .load(connection)?;
    Ok(rows.into_iter().map(|(first, last, at)| (Range { first, last }, at)).collect())
}

fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// Keeps a link; of its secret only the digest.
pub fn insert_link(
    connection: &mut AnyConnection,
    order: StampOrderId,
    secret: &str,
    printer: &str,
    expires_at: Moment,
    account: AccountId,
    now: Moment,
) -> Result<StampExportLinkId> {
    let id = StampExportLinkId::new();
    diesel::insert_into(stamp_export_links::table)
        .values((
            stamp_export_links::id.eq(id),
            stamp_export_links::order_id.eq(order),
            stamp_export_links::digest.eq(digest(secret)),
            stamp_export_links::printer.eq(printer),
            stamp_export_links::expires_at.eq(expires_at),
            stamp_export_links::account_id.eq(account),
            stamp_export_links::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

/// Uses a link up: its order, once; None where it is unknown, used or too old.
pub fn use_link(
    connection: &mut AnyConnection,
    secret: &str,
    now: Moment,
) -> Result<Option<(StampExportLinkId, StampOrderId)>> {
    let link = stamp_export_links::table.filter(stamp_export_links::digest.eq(digest(secret)));
    let found: Option<(StampExportLinkId, StampOrderId)> =
        link.select((stamp_export_links::id, stamp_export_links::order_id)).first(connection).optional()?;
    let Some((id, order)) = found else { return Ok(None) };
    let unused = stamp_export_links::table
        .filter(stamp_export_links::id.eq(id))
        .filter(stamp_export_links::used_at.is_null())
        .filter(stamp_export_links::expires_at.gt(now));
    let used = diesel::update(unused).set(stamp_export_links::used_at.eq(Some(now))).execute(connection)?;
    Ok((used == 1).then_some((id, order)))
}
