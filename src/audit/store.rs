//! One row for each version of each resource, written in the transaction that made the version.

use std::collections::BTreeMap;

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::{Binary, Integer, Nullable, Text};

use crate::audit::chain::{self, Link};
pub use crate::audit::resource::Resource;
use crate::audit::row_store as rows;
use crate::audit::step_name::StepName;
use crate::base::id::{AccountId, AnyId};
use crate::base::{Digest, Id, Moment, Result, Salt};
use crate::db::AnyConnection;
use crate::db::schema::{accounts, history};
use crate::db::types::{Guid, Instant, Multi, placeholders};

/// One step in the life of a resource.
pub struct StepTaken<'a, T> {
    pub resource: Resource,
    pub id: Id<T>,
    /// The version that the step made.
    pub version: i32,
    /// None where the service itself did it.
    pub account: Option<AccountId>,
    pub verb: StepName,
    pub from: Option<&'a str>,
    pub to: Option<&'a str>,
    pub note: Option<&'a str>,
}

/// Writes a step down. A doubled version is a conflict: two steps never share one.
pub fn record<T>(connection: &mut AnyConnection, at: Moment, entry: StepTaken<'_, T>) -> Result<()> {
    record_with(connection, at, entry, None)
}

/// As [`record`], with the digest of what the resource holds from this step on; `ocop audit verify` recomputes it.
pub fn record_with<T>(
    connection: &mut AnyConnection,
    at: Moment,
    entry: StepTaken<'_, T>,
    content: Option<Digest>,
) -> Result<()> {
    let id = entry.id.any();
    let previous = last_digests(connection, entry.resource, &[id])?.remove(&id);
    let rows = rows::digests(connection, entry.resource, &[id])?.remove(&id);
    let chained = chained(at, &entry, content, rows, previous)?;
    diesel::insert_into(history::table)
        .values((
            history::resource.eq(entry.resource),
            history::resource_id.eq(id),
            history::version.eq(entry.version),
            history::at.eq(at),
            history::account_id.eq(entry.account),
            history::verb.eq(entry.verb.text()),
            history::from_state.eq(entry.from),
            history::to_state.eq(entry.to),
            history::note.eq(entry.note),
            history::digest.eq(chained.digest),
            history::content.eq(content),
            history::note_salt.eq(chained.note_salt),
            history::note_digest.eq(chained.note_digest),
            history::row_digest.eq(rows),
        ))
        .execute(connection)?;
    Ok(())
}

/// How many steps one statement writes down at most.
pub const STEPS_AT_A_TIME: usize = 1000;

/// As [`record_with`] for one step each of many resources of one kind, in few statements.
pub fn record_all<T>(
    connection: &mut AnyConnection,
    at: Moment,
    steps: &[(StepTaken<'_, T>, Option<Digest>)],
) -> Result<()> {
    for some in steps.chunks(STEPS_AT_A_TIME) {
        let Some((first, _)) = some.first() else { continue };
        let ids: Vec<AnyId> = some.iter().map(|(entry, _)| entry.id.any()).collect();
        let previous = last_digests(connection, first.resource, &ids)?;
        let rows = rows::digests(connection, first.resource, &ids)?;
        let statement = format!(
            "INSERT INTO history (resource, resource_id, version, at, account_id, verb, from_state, to_state, note, \
             digest, content, note_salt, note_digest, row_digest) VALUES {}",
            placeholders(connection, some.len(), 14)
        );
        let mut query = diesel::sql_query(statement).into_boxed::<Multi>();
        for (entry, content) in some {
            let id = entry.id.any();
            let rows = rows.get(&id).copied();
            let chained = chained(at, entry, *content, rows, previous.get(&id).copied())?;
            query = query
                .bind::<Text, _>(entry.resource)
                .bind::<Guid, _>(id)
                .bind::<Integer, _>(entry.version)
                .bind::<Instant, _>(at)
                .bind::<Nullable<Guid>, _>(entry.account)
                .bind::<Text, _>(entry.verb.text())
                .bind::<Nullable<Text>, _>(entry.from)
                .bind::<Nullable<Text>, _>(entry.to)
                .bind::<Nullable<Text>, _>(entry.note)
                .bind::<Binary, _>(chained.digest)
                .bind::<Nullable<Binary>, _>(*content)
                .bind::<Nullable<Binary>, _>(chained.note_salt)
                .bind::<Nullable<Binary>, _>(chained.note_digest)
                .bind::<Nullable<Binary>, _>(rows);
        }
        query.execute(connection)?;
    }
    Ok(())
}

/// What chains a step to the one before it.
struct Chained {
    digest: Digest,
    note_salt: Option<Salt>,
    note_digest: Option<Digest>,
}

fn chained<T>(
    at: Moment,
    entry: &StepTaken<'_, T>,
    content: Option<Digest>,
    rows: Option<Digest>,
    previous: Option<Digest>,
) -> Result<Chained> {
    let note_salt = entry.note.map(|_| Salt::random()).transpose()?;
    let note_digest = note_salt.zip(entry.note).map(|(salt, note)| chain::of_note(salt, note)).transpose()?;
    let link = Link {
        resource: entry.resource.as_ref(),
        id: entry.id.any(),
        version: entry.version,
        at,
        account: entry.account,
        verb: entry.verb.text(),
        from: entry.from,
        to: entry.to,
        note: note_digest,
        content,
        rows,
    };
    Ok(Chained { digest: link.digest(previous.unwrap_or(Digest::ZERO))?, note_salt, note_digest })
}

/// The digests of the last steps of these resources; those without a step are left out. Who records the next step holds
/// the resource's row, so none comes between.
fn last_digests(connection: &mut AnyConnection, resource: Resource, ids: &[AnyId]) -> Result<BTreeMap<AnyId, Digest>> {
    let later = diesel::alias!(history as later);
    let has_later = exists(
        later
            .filter(later.field(history::resource).eq(history::resource))
            .filter(later.field(history::resource_id).eq(history::resource_id))
            .filter(later.field(history::version).gt(history::version)),
    );
    let last: Vec<(AnyId, Option<Digest>)> = history::table
        .filter(history::resource.eq(resource))
        .filter(history::resource_id.eq_any(ids.to_vec()))
        .filter(not(has_later))
        .select((history::resource_id, history::digest))
        .load(connection)?;
    Ok(last.into_iter().filter_map(|(id, digest)| Some((id, digest?))).collect())
}

/// A step as it is read back, with the name of who took it.
#[derive(Debug, Queryable)]
pub struct PastStep {
    pub version: i32,
    pub at: Moment,
    pub account_id: Option<AccountId>,
    pub account_name: Option<String>,
    pub verb: String,
    pub from: Option<String>,
    pub to: Option<String>,
    pub note: Option<String>,
}

/// The steps of a resource behind the version `after`, oldest first.
pub fn steps(
    connection: &mut AnyConnection,
    resource: Resource,
    id: AnyId,
    after: i32,
    limit: i64,
) -> Result<Vec<PastStep>> {
    Ok(history::table
        .left_join(accounts::table.on(history::account_id.eq(accounts::id.nullable())))
        .filter(history::resource.eq(resource))
        .filter(history::resource_id.eq(id))
        .filter(history::version.gt(after))
        .order(history::version)
        .limit(limit)
        .select((
            history::version,
            history::at,
            history::account_id,
            accounts::name.nullable(),
            history::verb,
            history::from_state,
            history::to_state,
            history::note,
        ))
        .load(connection)?)
}

/// When a resource was last changed.
#[derive(Debug, Clone, Copy, QueryableByName)]
struct LastChange {
    #[diesel(sql_type = Guid)]
    id: AnyId,
    #[diesel(sql_type = Instant)]
    at: Moment,
    #[diesel(sql_type = Nullable<Instant>)]
    told: Option<Moment>,
}

/// When these resources of one kind were last changed: by any step, and by one that is not of these names. Those of which the
/// history knows nothing are left out.
pub fn last_changes(
    connection: &mut AnyConnection,
    resource: Resource,
    ids: &[AnyId],
    kept_back: &[StepName],
) -> Result<BTreeMap<AnyId, (Moment, Option<Moment>)>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    // Names of steps and of resources are letters, hyphens and underscores of ours.
    let told = kept_back.iter().map(|name| format!(" WHEN '{}' THEN NULL", name.text())).collect::<String>();
    let told = if told.is_empty() { "at".to_owned() } else { format!("CASE verb{told} ELSE at END") };
    let statement = format!(
        "SELECT resource_id AS id, max(at) AS at, max({told}) AS told FROM history \
         WHERE resource = '{}' AND resource_id IN {} GROUP BY resource_id",
        resource.as_ref(),
        placeholders(connection, 1, ids.len())
    );
    let mut query = diesel::sql_query(statement).into_boxed::<Multi>();
    for id in ids {
        query = query.bind::<Guid, _>(*id);
    }
    let found: Vec<LastChange> = query.load(connection)?;
    Ok(found.into_iter().map(|LastChange { id, at, told }| (id, (at, told))).collect())
}

/// The ids of the resources of a kind that a step changed at a moment or later.
#[diesel::dsl::auto_type]
pub fn changed_since(resource: Resource, since: Moment) -> _ {
    history::table.filter(history::resource.eq(resource)).filter(history::at.ge(since)).select(history::resource_id)
}

/// As [`changed_since`], by a step that is not of these names.
#[diesel::dsl::auto_type]
pub fn told_since(resource: Resource, since: Moment, kept_back: Vec<&'static str>) -> _ {
    history::table
        .filter(history::resource.eq(resource))
        .filter(history::at.ge(since))
        .filter(history::verb.ne_all(kept_back))
        .select(history::resource_id)
}

/// A step of a name that an account took with a resource, once or more.
#[derive(Debug, Clone, Queryable)]
pub struct TakenBy {
    pub resource: Resource,
    pub id: AnyId,
    pub verb: String,
    pub account: AccountId,
}

/// Who took which steps of these names with these resources.
pub fn takers(
    connection: &mut AnyConnection,
    resources: &[Resource],
    ids: &[AnyId],
    verbs: &[&'static str],
) -> Result<Vec<TakenBy>> {
    Ok(history::table
        .filter(history::resource.eq_any(resources.to_vec()))
        .filter(history::resource_id.eq_any(ids.to_vec()))
        .filter(history::verb.eq_any(verbs.to_vec()))
        .filter(history::account_id.is_not_null())
        .select((history::resource, history::resource_id, history::verb, history::account_id.assume_not_null()))
        .distinct()
        .load(connection)?)
}

/// A step that was taken with somebody's account.
#[derive(Debug, Clone, Queryable)]
pub struct StepOnAccount {
    pub account: AccountId,
    /// Whose account it is.
    pub name: String,
    /// The version that the step made.
    pub version: i32,
    pub verb: String,
    pub at: Moment,
    /// Who took it; none where the program itself did.
    pub by: Option<AccountId>,
}

/// The last steps of these names that were taken since a moment, so many at most, the last first: with one account, or with
/// any; by whomever, or by others than the reader.
pub fn on_accounts(
    connection: &mut AnyConnection,
    account: Option<AccountId>,
    reader: Option<AccountId>,
    verbs: &[&'static str],
    since: Moment,
    limit: i64,
) -> Result<Vec<StepOnAccount>> {
    let mut query = history::table
        .inner_join(accounts::table.on(history::resource_id.eq(accounts::id)))
        .filter(history::resource.eq(Resource::Account))
        .filter(history::at.ge(since))
        .filter(history::verb.eq_any(verbs.to_vec()))
        .select((accounts::id, accounts::name, history::version, history::verb, history::at, history::account_id))
        .into_boxed();
    if let Some(account) = account {
        query = query.filter(history::resource_id.eq(account.any()));
    }
    if let Some(reader) = reader {
        query = query.filter(history::account_id.is_null().or(history::account_id.ne(reader)));
    }
    Ok(query.order(history::at.desc()).limit(limit).load(connection)?)
}

/// A step with everything that holds the chain together.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = history)]
pub struct ChainedStep {
    #[diesel(column_name = resource_id)]
    pub id: AnyId,
    pub version: i32,
    pub at: Moment,
    pub account_id: Option<AccountId>,
    pub verb: String,
    #[diesel(column_name = from_state)]
    pub from: Option<String>,
    #[diesel(column_name = to_state)]
    pub to: Option<String>,
    pub note: Option<String>,
    pub digest: Option<Digest>,
    pub content: Option<Digest>,
    pub note_salt: Option<Salt>,
    pub note_digest: Option<Digest>,
    #[diesel(column_name = row_digest)]
    pub rows: Option<Digest>,
}

impl ChainedStep {
    /// What of it enters the chain.
    pub fn link(&self, resource: Resource) -> Link<'_> {
        Link {
            resource: resource.into(),
            id: self.id,
            version: self.version,
            at: self.at,
            account: self.account_id,
            verb: &self.verb,
            from: self.from.as_deref(),
            to: self.to.as_deref(),
            note: self.note_digest,
            content: self.content,
            rows: self.rows,
        }
    }
}

/// The steps of one kind of resource behind one of them, by resource and version.
pub fn kept(
    connection: &mut AnyConnection,
    resource: Resource,
    after: Option<(AnyId, i32)>,
    limit: i64,
) -> Result<Vec<ChainedStep>> {
    let mut query = history::table.filter(history::resource.eq(resource)).select(ChainedStep::as_select()).into_boxed();
    if let Some((id, version)) = after {
        // The first condition lets the database begin there; the second is what is meant.
        query = query
            .filter(history::resource_id.ge(id))
            .filter(history::resource_id.gt(id).or(history::version.gt(version)));
    }
    Ok(query.order((history::resource_id, history::version)).limit(limit).load(connection)?)
}

/// The steps of one resource.
pub fn kept_of(connection: &mut AnyConnection, resource: Resource, id: AnyId) -> Result<Vec<ChainedStep>> {
    Ok(history::table
        .filter(history::resource.eq(resource))
        .filter(history::resource_id.eq(id))
        .order(history::version)
        .select(ChainedStep::as_select())
        .load(connection)?)
}
