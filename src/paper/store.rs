//! Papers in the database: a row for each content that was ever printed.

use diesel::prelude::*;
use diesel::sql_types::{Binary, Date, Integer, Nullable, Text};

use crate::audit::Resource;
use crate::base::id::{AccountId, AnyId};
use crate::base::{Day, Error, Moment, Result, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::{history, papers};
use crate::db::types::{Guid, Instant, text_column};
use crate::paper::rules::{Code, Kind, Subject};

text_column!(Kind);

/// A paper that was printed.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = papers)]
pub struct Paper {
    pub code: String,
    pub kind: Kind,
    pub resource: Resource,
    pub resource_id: AnyId,
    pub resource_version: i32,
    pub unit_code: UnitCode,
    pub number: Option<String>,
    pub dated: Option<Day>,
    pub digest: Vec<u8>,
    pub made_at: Moment,
    pub made_by: AccountId,
}

pub fn find(connection: &mut AnyConnection, code: &Code) -> Result<Option<Paper>> {
    Ok(papers::table.find(code.as_str()).select(Paper::as_select()).first(connection).optional()?)
}

/// The paper with this content, where it was printed before.
pub fn with_content(connection: &mut AnyConnection, subject: &Subject, digest: &[u8]) -> Result<Option<Paper>> {
    Ok(papers::table
        .filter(papers::kind.eq(subject.kind))
        .filter(papers::resource_id.eq(subject.id))
        .filter(papers::digest.eq(digest))
        .select(Paper::as_select())
        .first(connection)
        .optional()?)
}

/// Enters a paper. Of two who print the same content at once, both get the one row.
pub fn enter(
    connection: &mut AnyConnection,
    subject: &Subject,
    digest: &[u8],
    by: AccountId,
    at: Moment,
) -> Result<Paper> {
    diesel::sql_query(
        "INSERT INTO papers (code, kind, resource, resource_id, resource_version, unit_code, number, dated, digest, \
         made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (kind, resource_id, digest) DO NOTHING",
    )
    .bind::<Text, _>(Code::random()?.as_str().to_owned())
    .bind::<Text, _>(subject.kind)
    .bind::<Text, _>(subject.resource)
    .bind::<Guid, _>(subject.id)
    .bind::<Integer, _>(subject.version)
    .bind::<Text, _>(subject.unit.clone())
    .bind::<Nullable<Text>, _>(subject.number.clone())
    .bind::<Nullable<Date>, _>(subject.dated)
    .bind::<Binary, _>(digest.to_vec())
    .bind::<Instant, _>(at)
    .bind::<Guid, _>(by)
    .execute(connection)?;
    with_content(connection, subject, digest)?.ok_or_else(|| Error::internal("a paper that was just entered is gone"))
}

/// Whether no other content was printed since, and no step brought the thing itself into another state either.
///
/// Sheets do not change once they may be printed, whatever else happens to their item; a member's own sheet is replaced
/// by the member's own papers only, and so are forms that show sensitive data to some readers and not to others.
pub fn is_current(connection: &mut AnyConnection, paper: &Paper) -> Result<bool> {
    let mut newer = papers::table
        .filter(papers::kind.eq(paper.kind))
        .filter(papers::resource_id.eq(paper.resource_id))
        .filter(papers::made_at.gt(paper.made_at))
        .into_boxed();
    if matches!(paper.kind, Kind::OwnSheet | Kind::SelfEvaluation | Kind::CommuneReport) {
        newer = newer.filter(papers::made_by.eq(paper.made_by));
    }
    let newer: i64 = newer.count().get_result(connection)?;
    if newer > 0 || paper.kind != Kind::Decision {
        return Ok(newer == 0);
    }
    let version: Option<i32> = history::table
        .filter(history::resource.eq(paper.resource))
        .filter(history::resource_id.eq(paper.resource_id))
        .filter(history::from_state.is_null().or(history::from_state.ne(history::to_state)))
        .select(diesel::dsl::max(history::version))
        .first(connection)?;
    Ok(version.is_none_or(|version| version <= paper.resource_version))
}
