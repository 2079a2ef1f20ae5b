//! Requests about one's own data in the database.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::audit::store::{Resource, changed_since};
use crate::base::id::{AccountId, PersonalDataRequestId};
use crate::base::{BothLanguages, Day, Error, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::personal_data_requests;
use crate::db::settings::next_number;
use crate::db::types::{Json, Multi, text_column};
use crate::personal_data::rules::{RecognisedBy, RequestKind, RequestState};
use crate::station::{Stretch, filters};

text_column!(RequestKind, RequestState, RecognisedBy);

/// What an erasure did away with, and what it left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ErasureOutcome {
    pub erased: Vec<ErasedPart>,
    pub kept: Vec<LeftPart>,
}

/// Data of one kind that were erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ErasedPart {
    pub what: BothLanguages,
    /// In how many places.
    pub places: usize,
}

/// Data of one kind that are kept, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeftPart {
    pub what: BothLanguages,
    pub why: BothLanguages,
    pub term: BothLanguages,
    /// Where it lies.
    pub tables: Vec<String>,
    pub places: usize,
}

/// A request as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = personal_data_requests)]
pub struct RequestRow {
    pub id: PersonalDataRequestId,
    pub version: i32,
    pub number: i32,
    pub kind: RequestKind,
    pub state: RequestState,
    /// Whose data it is about, where that is an account.
    pub account_id: Option<AccountId>,
    /// Who entered it, where that was not the person.
    pub recorded_by: Option<AccountId>,
    pub name: Option<String>,
    pub contact: Option<String>,
    pub recognised_by: Option<RecognisedBy>,
    pub recognised_value: Option<String>,
    pub identity_check: Option<String>,
    pub reference: Option<String>,
    pub text: Option<String>,
    pub received_at: Moment,
    pub due_on: Day,
    pub closed_at: Option<Moment>,
    pub answer: Option<String>,
    pub outcome: Option<Json<ErasureOutcome>>,
    pub erased_at: Option<Moment>,
}

/// A request, with what its answer depends on.
#[derive(Debug, Clone)]
pub struct PersonalDataRequest {
    pub row: RequestRow,
    /// Whether the account that it is about has ended, or it is about none.
    pub has_ended: bool,
}

/// A request to be written.
#[derive(Debug, Clone)]
pub struct NewRequest {
    pub kind: RequestKind,
    pub account: Option<AccountId>,
    pub recorded_by: Option<AccountId>,
    pub name: Option<String>,
    pub contact: Option<String>,
    pub recognised: Option<(RecognisedBy, String)>,
    pub identity_check: Option<String>,
    pub reference: Option<String>,
    pub text: Option<String>,
    pub due_on: Day,
}

pub fn insert(connection: &mut AnyConnection, request: NewRequest, now: Moment) -> Result<PersonalDataRequestId> {
    let id = PersonalDataRequestId::new();
    let number = i32::try_from(next_number(connection, "personal_data_requests")?).map_err(Error::internal)?;
    let (recognised_by, recognised_value) = request.recognised.unzip();
    diesel::insert_into(personal_data_requests::table)
        .values((
            personal_data_requests::id.eq(id),
            personal_data_requests::version.eq(1),
            personal_data_requests::number.eq(number),
            personal_data_requests::kind.eq(request.kind),
            personal_data_requests::state.eq(RequestState::Received),
            personal_data_requests::account_id.eq(request.account),
            personal_data_requests::recorded_by.eq(request.recorded_by),
            personal_data_requests::name.eq(request.name),
            personal_data_requests::contact.eq(request.contact),
            personal_data_requests::recognised_by.eq(recognised_by),
            personal_data_requests::recognised_value.eq(recognised_value),
            personal_data_requests::identity_check.eq(request.identity_check),
            personal_data_requests::reference.eq(request.reference),
            personal_data_requests::text.eq(request.text),
            personal_data_requests::received_at.eq(now),
            personal_data_requests::due_on.eq(request.due_on),
        ))
        .execute(connection)?;
    Ok(id)
}

pub fn find(connection: &mut AnyConnection, id: PersonalDataRequestId) -> Result<Option<RequestRow>> {
    let one = personal_data_requests::table.find(id).select(RequestRow::as_select());
    Ok(one.first(connection).optional()?)
}

/// Finds a request and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: PersonalDataRequestId) -> Result<Option<RequestRow>> {
    diesel::update(personal_data_requests::table.find(id))
        .set(personal_data_requests::version.eq(personal_data_requests::version))
        .execute(connection)?;
    find(connection, id)
}

/// Whether a request of this kind about an account waits for its answer.
pub fn waits(connection: &mut AnyConnection, account: AccountId, kind: RequestKind) -> Result<bool> {
    let waiting = personal_data_requests::table
        .filter(personal_data_requests::account_id.eq(account))
        .filter(personal_data_requests::kind.eq(kind))
        .filter(personal_data_requests::state.eq(RequestState::Received));
    Ok(waiting.count().get_result::<i64>(connection)? > 0)
}

/// How many wait that are late.
pub fn count_overdue(connection: &mut AnyConnection, today: Day) -> Result<i64> {
    let late = personal_data_requests::table
        .filter(personal_data_requests::state.eq(RequestState::Received))
        .filter(personal_data_requests::due_on.lt(today));
    Ok(late.count().get_result(connection)?)
}

/// Closes a request with what is said to who asked.
pub fn close(
    connection: &mut AnyConnection,
    id: PersonalDataRequestId,
    state: RequestState,
    answer: Option<&str>,
    outcome: Option<ErasureOutcome>,
    now: Moment,
) -> Result<()> {
    diesel::update(personal_data_requests::table.find(id))
        .set((
            personal_data_requests::version.eq(personal_data_requests::version + 1),
            personal_data_requests::state.eq(state),
            personal_data_requests::answer.eq(answer),
            personal_data_requests::outcome.eq(outcome.map(Json)),
            personal_data_requests::closed_at.eq(Some(now)),
        ))
        .execute(connection)?;
    Ok(())
}

/// Counts that a copy went out, which no column shows.
pub fn count_version(connection: &mut AnyConnection, id: PersonalDataRequestId) -> Result<()> {
    diesel::update(personal_data_requests::table.find(id))
        .set(personal_data_requests::version.eq(personal_data_requests::version + 1))
        .execute(connection)?;
    Ok(())
}

/// Requests that were closed before a moment and still say how to reach somebody, or by what they were recognised.
pub fn reachable_before(connection: &mut AnyConnection, moment: Moment, most: i64) -> Result<Vec<RequestRow>> {
    let says = personal_data_requests::contact
        .is_not_null()
        .or(personal_data_requests::recognised_value.is_not_null())
        .or(personal_data_requests::identity_check.is_not_null());
    Ok(personal_data_requests::table
        .filter(personal_data_requests::closed_at.lt(moment))
        .filter(says)
        .order(personal_data_requests::id)
        .limit(most)
        .select(RequestRow::as_select())
        .load(connection)?)
}

/// Forgets how to reach who asked, and by what they were recognised.
pub fn forget_contact(connection: &mut AnyConnection, id: PersonalDataRequestId) -> Result<()> {
    diesel::update(personal_data_requests::table.find(id))
        .set((
            personal_data_requests::version.eq(personal_data_requests::version + 1),
            personal_data_requests::contact.eq(None::<String>),
            personal_data_requests::recognised_value.eq(None::<String>),
            personal_data_requests::identity_check.eq(None::<String>),
        ))
        .execute(connection)?;
    Ok(())
}

/// Requests that were closed before a moment and still say of whom they are.
pub fn told_before(connection: &mut AnyConnection, moment: Moment, most: i64) -> Result<Vec<RequestRow>> {
    Ok(personal_data_requests::table
        .filter(personal_data_requests::closed_at.lt(moment))
        .filter(personal_data_requests::erased_at.is_null())
        .order(personal_data_requests::id)
        .limit(most)
        .select(RequestRow::as_select())
        .load(connection)?)
}

/// Erases of whom a request is and what was said: that there was one, when, and what became of it stays.
pub fn erase(connection: &mut AnyConnection, id: PersonalDataRequestId, now: Moment) -> Result<()> {
    diesel::update(personal_data_requests::table.find(id))
        .set((
            personal_data_requests::version.eq(personal_data_requests::version + 1),
            personal_data_requests::account_id.eq(None::<AccountId>),
            personal_data_requests::name.eq(None::<String>),
            personal_data_requests::reference.eq(None::<String>),
            personal_data_requests::text.eq(None::<String>),
            personal_data_requests::answer.eq(None::<String>),
            personal_data_requests::erased_at.eq(Some(now)),
        ))
        .execute(connection)?;
    Ok(())
}

filters! {
    /// What requests about one's own data can be listed by.
    pub struct PersonalDataRequestFilter {
        kind: RequestKind,
        state: RequestState,
    }
}

/// The requests that a filter lets through: those about one account, or all.
fn matching(
    of: Option<AccountId>,
    filter: &PersonalDataRequestFilter,
) -> personal_data_requests::BoxedQuery<'static, Multi> {
    let mut query = personal_data_requests::table.into_boxed();
    if let Some(account) = of {
        query = query.filter(personal_data_requests::account_id.eq(account));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(personal_data_requests::kind.eq(kind));
    }
    if let Some(state) = filter.state {
        query = query.filter(personal_data_requests::state.eq(state));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(personal_data_requests::id.eq_any(changed_since(Resource::PersonalDataRequest, since)));
    }
    query
}

/// Requests, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    of: Option<AccountId>,
    filter: &PersonalDataRequestFilter,
    stretch: &Stretch<PersonalDataRequestId>,
) -> Result<Vec<RequestRow>> {
    let mut query = matching(of, filter);
    if let Some(before) = stretch.after {
        query = query.filter(personal_data_requests::id.lt(before));
    }
    let query = query.order(personal_data_requests::id.desc()).limit(stretch.limit);
    Ok(query.select(RequestRow::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, of: Option<AccountId>, filter: &PersonalDataRequestFilter) -> Result<i64> {
    Ok(matching(of, filter).count().get_result(connection)?)
}
