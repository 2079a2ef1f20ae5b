//! `/criteria-sets`: read by everybody who signs in, imported by the provincial office.

use actix_web::{get, post};
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Caller, Role};
use crate::audit::{self, Entry, History, Resource};
use crate::base::id::CriteriaSetId;
use crate::base::{Error, Result};
use crate::criteria::rules::{Sector, Set};
use crate::criteria::store::{self, SetRow};
use crate::cycle::EditionCode;
use crate::http::{Answer, At, Page, Problem, Refusals};

/// A set in a list, without its tree.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetSummary {
    id: CriteriaSetId,
    code: String,
    edition: EditionCode,
    version: i32,
    complete: bool,
    title: String,
    title_en: String,
    sector: Sector,
}

impl From<SetRow> for SetSummary {
    fn from(row: SetRow) -> Self {
        let SetRow { id, code, edition, version, complete, tree, .. } = row;
        let Set { title, title_en, sector, .. } = tree.0;
        Self { id, code, edition, version, complete, title, title_en, sector }
    }
}

/// The criteria sets, each in its newest version.
#[utoipa::path(
    tag = "criteria sets",
    params(
        ("edition" = Option<EditionCode>, Query), ("limit" = Option<i64>, Query), ("after" = Option<String>, Query),
    ),
    responses((status = 200, body = Page<SetSummary>), Refusals)
)]
#[get("/criteria-sets")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let mut query = work.request.query();
            let paging = query.paging();
            let edition = query.take("edition");
            query.finish()?;
            let sets = store::list(work.connection, edition, paging.after.clone(), paging.one_more())?;
            let (sets, next) = paging.cut(sets, |set| (set.code.clone(), set.edition))?;
            Ok(Answer::page(sets.into_iter().map(SetSummary::from).collect(), next)?)
        })
        .await
}

/// One set with its whole tree, as it can be imported again: the newest version of its first edition, unless
/// `edition` and `version` name another.
#[utoipa::path(
    tag = "criteria sets",
    params(("edition" = Option<EditionCode>, Query), ("version" = Option<i32>, Query)),
    responses((status = 200, body = Set), Refusals)
)]
#[get("/criteria-sets/{code}")]
pub async fn read(caller: Caller, code: At<String>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let code = code.get()?;
            let mut query = work.request.query();
            let (edition, version) = (query.take("edition"), query.take("version"));
            query.finish()?;
            let edition = match edition {
                Some(edition) => edition,
                None => store::editions(work.connection, &code)?.into_iter().next().ok_or_else(Error::unknown)?,
            };
            let found = match version {
                Some(version) => store::version(work.connection, &code, edition, version)?,
                None => store::latest(work.connection, &code, edition)?,
            };
            let row = found.ok_or_else(Error::unknown)?;
            Ok(Answer::resource(row.version, row.tree.0)?)
        })
        .await
}

/// Imports a set, as its next version (provincial office). Dossiers keep the version they are scored with.
#[utoipa::path(tag = "criteria sets", request_body = Set, responses((status = 201, body = Set), Refusals))]
#[post("/criteria-sets")]
pub async fn import(caller: Caller) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            work.must_be(&[Role::ProvincialOfficer])?;
            work.begin()?;
            let mut set: Set = work.body()?;
            set.accept(&set.edition.edition()?.weights)?;
            let known = store::latest(work.connection, &set.code, set.edition)?;
            set.version = known.map_or(0, |row| row.version) + 1;
            let id = store::insert(work.connection, &set, work.now)?;
            let note = format!("{} {} {}", set.code, set.edition.as_ref(), set.version);
            work.record(Entry {
                resource: Resource::CriteriaSet,
                id,
                version: 1,
                account: None,
                verb: "import",
                from: None,
                to: None,
                note: Some(&note),
            })?;
            let at = format!("/api/v1/criteria-sets/{}?edition={}", set.code, set.edition.as_ref());
            Ok(Answer::created(at, set.version, set)?)
        })
        .await
}

/// Who imported the newest version of a set; nobody where it shipped with the service.
#[utoipa::path(tag = "criteria sets", responses((status = 200, body = Page<History>), Refusals))]
#[get("/criteria-sets/{code}/history")]
pub async fn history(caller: Caller, code: At<String>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let code = code.get()?;
            let edition = store::editions(work.connection, &code)?.into_iter().next().ok_or_else(Error::unknown)?;
            let newest = store::latest(work.connection, &code, edition)?.ok_or_else(Error::unknown)?;
            Ok(audit::answer(work.connection, &work.request, Resource::CriteriaSet, newest.id)?)
        })
        .await
}
