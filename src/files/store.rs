//! What is known of stored files.

use diesel::prelude::*;

use crate::base::id::FileId;
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::files;

/// A stored file: what its bytes are known by.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = files)]
pub struct StoredFile {
    pub id: FileId,
    pub sha256: Vec<u8>,
    pub size: i64,
    pub media_type: String,
    /// The name that it was uploaded under.
    pub name: String,
}

/// The bytes of the files of a query, a number of 64 bits on both databases.
pub const SUM_OF_SIZES: &str = "CAST(COALESCE(SUM(files.size), 0) AS BIGINT)";

pub fn insert(connection: &mut AnyConnection, file: &StoredFile, now: Moment) -> Result<()> {
    diesel::insert_into(files::table)
        .values((
            files::id.eq(file.id),
            files::sha256.eq(&file.sha256),
            files::size.eq(file.size),
            files::media_type.eq(&file.media_type),
            files::name.eq(&file.name),
            files::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

pub fn find(connection: &mut AnyConnection, id: FileId) -> Result<Option<StoredFile>> {
    Ok(files::table.find(id).select(StoredFile::as_select()).first(connection).optional()?)
}

/// The files behind an id, by id.
pub fn behind(connection: &mut AnyConnection, after: Option<FileId>, limit: i64) -> Result<Vec<StoredFile>> {
    let mut query = files::table.select(StoredFile::as_select()).order(files::id).limit(limit).into_boxed();
    if let Some(after) = after {
        query = query.filter(files::id.gt(after));
    }
    Ok(query.load(connection)?)
}

/// How many bytes all files have together.
pub fn bytes(connection: &mut AnyConnection) -> Result<i64> {
    let sum = diesel::dsl::sql::<diesel::sql_types::BigInt>("CAST(coalesce(sum(size), 0) AS BIGINT)");
    Ok(files::table.select(sum).get_result(connection)?)
}

/// How many files are known.
pub fn count(connection: &mut AnyConnection) -> Result<i64> {
    Ok(files::table.count().get_result(connection)?)
}

/// Those of `ids` that a row names.
pub fn named(connection: &mut AnyConnection, ids: &[FileId]) -> Result<Vec<FileId>> {
    Ok(files::table.filter(files::id.eq_any(ids)).select(files::id).load(connection)?)
}
