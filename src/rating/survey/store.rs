//! Surveys in the database, and their files.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::Serialize;

use crate::account::{Actor, Territory};
use crate::audit::store::{Resource, changed_since};
use crate::base::id::{
    AccountId, AgendaItemId, AnyId, DossierId, FileId, ProducerId, SurveyFileId, SurveyId, SurveyTestId,
};
use crate::base::{Day, Moment, Result, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::{agenda_items, dossiers, files as files_table, survey_files, surveys};
use crate::db::types::{Json, Multi};
use crate::files::StoredFile;
use crate::rating::agenda::preparation_store::within_preparation;
use crate::rating::item::{Readiness, State};
use crate::rating::survey::rules::{Finding, Member, Test};
use crate::station::{Stretch, filters};

#[derive(Debug, Clone, Serialize, Queryable, Selectable)]
#[diesel(table_name = surveys)]
pub struct SurveyRow {
    pub id: SurveyId,
    pub version: i32,
    pub agenda_item_id: AgendaItemId,
    pub state: Readiness,
    pub surveyed_on: Day,
    pub team: Json<Vec<Member>>,
    pub findings: Json<Vec<Finding>>,
    pub tests: Json<Vec<Test>>,
    pub account_id: AccountId,
    pub created_at: Moment,
    pub finished_at: Option<Moment>,
}

/// A photograph, or a laboratory's paper where it is of a test.
#[derive(Debug, Clone, Serialize, Queryable, Selectable)]
#[diesel(table_name = survey_files)]
pub struct SurveyFile {
    pub id: SurveyFileId,
    pub survey_id: SurveyId,
    pub file_id: FileId,
    pub test_id: Option<SurveyTestId>,
    pub caption: Option<String>,
    pub account_id: AccountId,
    pub created_at: Moment,
}

/// What may change of a survey while it is a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyFields {
    pub surveyed_on: Day,
    pub team: Vec<Member>,
    pub findings: Vec<Finding>,
    pub tests: Vec<Test>,
}

pub fn find(connection: &mut AnyConnection, id: SurveyId) -> Result<Option<SurveyRow>> {
    Ok(surveys::table.find(id).select(SurveyRow::as_select()).first(connection).optional()?)
}

pub fn of_ids(connection: &mut AnyConnection, ids: &[AnyId]) -> Result<Vec<SurveyRow>> {
    let rows = surveys::table.filter(surveys::id.eq_any(ids.to_vec()));
    Ok(rows.select(SurveyRow::as_select()).load(connection)?)
}

/// The surveys of a dossier, on whichever agenda it stood, the oldest first, but for discarded ones.
pub fn of_dossier(connection: &mut AnyConnection, dossier: DossierId) -> Result<Vec<SurveyRow>> {
    Ok(surveys::table
        .inner_join(agenda_items::table.on(agenda_items::id.eq(surveys::agenda_item_id)))
        .filter(agenda_items::dossier_id.eq(dossier))
        .filter(surveys::state.ne(Readiness::Discarded))
        .order(surveys::id)
        .select(SurveyRow::as_select())
        .load(connection)?)
}

pub fn insert(
    connection: &mut AnyConnection,
    item: AgendaItemId,
    fields: SurveyFields,
    by: AccountId,
    now: Moment,
) -> Result<SurveyId> {
    let id = SurveyId::new();
    diesel::insert_into(surveys::table)
        .values((
            surveys::id.eq(id),
            surveys::version.eq(1),
            surveys::agenda_item_id.eq(item),
            surveys::state.eq(Readiness::Draft),
            surveys::surveyed_on.eq(fields.surveyed_on),
            surveys::team.eq(Json(fields.team)),
            surveys::findings.eq(Json(fields.findings)),
            surveys::tests.eq(Json(fields.tests)),
            surveys::account_id.eq(by),
            surveys::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

pub fn rewrite(connection: &mut AnyConnection, id: SurveyId, fields: SurveyFields) -> Result<()> {
    diesel::update(surveys::table.find(id))
        .set((
            surveys::version.eq(surveys::version + 1),
            surveys::surveyed_on.eq(fields.surveyed_on),
            surveys::team.eq(Json(fields.team)),
            surveys::findings.eq(Json(fields.findings)),
            surveys::tests.eq(Json(fields.tests)),
        ))
        .execute(connection)?;
    Ok(())
}

/// Gives up a draft; its files stay with it.
pub fn discard(connection: &mut AnyConnection, id: SurveyId) -> Result<()> {
    diesel::update(surveys::table.find(id))
        .set((surveys::version.eq(surveys::version + 1), surveys::state.eq(Readiness::Discarded)))
        .execute(connection)?;
    Ok(())
}

pub fn finish(connection: &mut AnyConnection, id: SurveyId, now: Moment) -> Result<()> {
    diesel::update(surveys::table.find(id))
        .set((
            surveys::version.eq(surveys::version + 1),
            surveys::state.eq(Readiness::Finished),
            surveys::finished_at.eq(Some(now)),
        ))
        .execute(connection)?;
    Ok(())
}

/// Writes a file's row; the survey is another one than before.
pub fn insert_file(connection: &mut AnyConnection, file: &SurveyFile) -> Result<()> {
    diesel::insert_into(survey_files::table)
        .values((
            survey_files::id.eq(file.id),
            survey_files::survey_id.eq(file.survey_id),
            survey_files::file_id.eq(file.file_id),
            survey_files::test_id.eq(file.test_id),
            survey_files::caption.eq(&file.caption),
            survey_files::account_id.eq(file.account_id),
            survey_files::created_at.eq(file.created_at),
        ))
        .execute(connection)?;
    diesel::update(surveys::table.find(file.survey_id))
        .set(surveys::version.eq(surveys::version + 1))
        .execute(connection)?;
    Ok(())
}

pub fn file(connection: &mut AnyConnection, id: SurveyFileId) -> Result<Option<(SurveyFile, StoredFile)>> {
    Ok(survey_files::table
        .inner_join(files_table::table.on(files_table::id.eq(survey_files::file_id)))
        .filter(survey_files::id.eq(id))
        .select((SurveyFile::as_select(), StoredFile::as_select()))
        .first(connection)
        .optional()?)
}

/// The files of each of these surveys, the oldest first.
pub fn files(
    connection: &mut AnyConnection,
    ids: &[SurveyId],
) -> Result<BTreeMap<SurveyId, Vec<(SurveyFile, StoredFile)>>> {
    let rows: Vec<(SurveyFile, StoredFile)> = survey_files::table
        .inner_join(files_table::table.on(files_table::id.eq(survey_files::file_id)))
        .filter(survey_files::survey_id.eq_any(ids.to_vec()))
        .order(survey_files::id)
        .select((SurveyFile::as_select(), StoredFile::as_select()))
        .load(connection)?;
    let mut found: BTreeMap<SurveyId, Vec<(SurveyFile, StoredFile)>> = BTreeMap::new();
    for row in rows {
        found.entry(row.0.survey_id).or_default().push(row);
    }
    Ok(found)
}

filters! {
    /// What surveys can be listed by.
    pub struct SurveyFilter {
        agenda_item_id: AgendaItemId,
        state: Readiness,
    }
}

/// The items of a district's dossiers that are concluded.
#[diesel::dsl::auto_type]
fn told_in_district(code: UnitCode) -> _ {
    let concluded: State = State::Concluded;
    agenda_items::table
        .inner_join(dossiers::table)
        .filter(agenda_items::state.eq(concluded))
        .filter(dossiers::district_code.assume_not_null().eq(code))
        .select(agenda_items::id)
}

#[diesel::dsl::auto_type]
fn told_in_commune(code: UnitCode) -> _ {
    let concluded: State = State::Concluded;
    agenda_items::table
        .inner_join(dossiers::table)
        .filter(agenda_items::state.eq(concluded))
        .filter(dossiers::commune_code.eq(code))
        .select(agenda_items::id)
}

#[diesel::dsl::auto_type]
fn told_to_producer(producer: ProducerId) -> _ {
    let concluded: State = State::Concluded;
    agenda_items::table
        .inner_join(dossiers::table)
        .filter(agenda_items::state.eq(concluded))
        .filter(dossiers::producer_id.eq(producer))
        .select(agenda_items::id)
}

/// The surveys that an account reads, as a filter lets them through.
fn matching<'a>(actor: &'a Actor, filter: &'a SurveyFilter) -> surveys::BoxedQuery<'a, Multi> {
    let query = within_preparation!(surveys::table.into_boxed(), surveys, actor);
    let is_finished = surveys::state.eq(Readiness::Finished);
    let mut query = match actor.territory() {
        Territory::Province | Territory::Nothing => query,
        Territory::District(code) => {
            query.or_filter(is_finished.and(surveys::agenda_item_id.eq_any(told_in_district(code))))
        }
        Territory::Commune(code) => {
            query.or_filter(is_finished.and(surveys::agenda_item_id.eq_any(told_in_commune(code))))
        }
        Territory::Producer(producer) => {
            query.or_filter(is_finished.and(surveys::agenda_item_id.eq_any(told_to_producer(producer))))
        }
    };
    if let Some(item) = filter.agenda_item_id {
        query = query.filter(surveys::agenda_item_id.eq(item));
    }
    if let Some(state) = filter.state {
        query = query.filter(surveys::state.eq(state));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(surveys::id.eq_any(changed_since(Resource::Survey, since)));
    }
    query
}

/// Surveys that an account reads, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    actor: &Actor,
    filter: &SurveyFilter,
    stretch: &Stretch<SurveyId>,
) -> Result<Vec<SurveyRow>> {
    let mut query = matching(actor, filter);
    if let Some(after) = stretch.after {
        query = query.filter(surveys::id.lt(after));
    }
    Ok(query.order(surveys::id.desc()).limit(stretch.limit).select(SurveyRow::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, actor: &Actor, filter: &SurveyFilter) -> Result<i64> {
    Ok(matching(actor, filter).count().get_result(connection)?)
}
