//! What is shown of a survey.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{self, Work};
use crate::base::id::{
    AccountId, AgendaItemId, DossierId, ProducerId, ProductId, SurveyFileId, SurveyId, SurveyTestId,
};
use crate::base::{Day, Error, Moment, Result, UnitCode};
use crate::files::StoredFile;
use crate::place;
use crate::product::document::FileAnswer;
use crate::rating::item::{self, Readiness};
use crate::rating::survey::Survey;
use crate::rating::survey::rules::{Finding, Member, TestResult};
use crate::rating::survey::store::SurveyFile;
use crate::station::Shown;

/// A survey on site, to those who may read it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SurveyView {
    id: SurveyId,
    version: i32,
    agenda_item_id: AgendaItemId,
    dossier_id: DossierId,
    product_id: ProductId,
    product_name: String,
    producer_id: ProducerId,
    producer_name: String,
    /// The unit and the round of the council for which it was made.
    unit_code: UnitCode,
    unit_name: String,
    round: i32,
    state: Readiness,
    surveyed_on: Day,
    team: Vec<Member>,
    findings: Vec<Finding>,
    tests: Vec<SurveyTestView>,
    photographs: Vec<SurveyFileView>,
    account_id: AccountId,
    account_name: Option<String>,
    created_at: Moment,
    /// When it was fixed.
    finished_at: Option<Moment>,
}

/// A test that was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct SurveyTestView {
    id: SurveyTestId,
    what: String,
    laboratory: String,
    asked_on: Day,
    /// Null while it is not in.
    result: Option<TestResult>,
    /// What the laboratory wrote.
    papers: Vec<SurveyFileView>,
}

/// A photograph or a laboratory's paper, without its bytes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SurveyFileView {
    id: SurveyFileId,
    /// Where its bytes are, for who reads the survey.
    address: String,
    caption: Option<String>,
    file: FileAnswer,
    account_id: AccountId,
    created_at: Moment,
}

impl From<(SurveyFile, StoredFile)> for SurveyFileView {
    fn from((file, stored): (SurveyFile, StoredFile)) -> Self {
        let SurveyFile { id, caption, account_id, created_at, .. } = file;
        Self { id, address: address(id), caption, file: stored.into(), account_id, created_at }
    }
}

/// Where a file's bytes are.
pub fn address(id: SurveyFileId) -> String {
    format!("/api/v1/survey-files/{id}")
}

impl Shown for Survey {
    type View = SurveyView;

    fn views(work: &mut Work, surveys: &[Self]) -> Result<Vec<SurveyView>> {
        let items: Vec<AgendaItemId> = surveys.iter().map(|survey| survey.row.agenda_item_id).collect();
        let names = item::store::names(work.connection, &items)?;
        let accounts: Vec<AccountId> = surveys.iter().map(|survey| survey.row.account_id).collect();
        let accounts = account::store::names(work.connection, &accounts)?;
        let places = place::store::places(work.connection)?;
        let today = work.now.day();
        let view = |Self { row, session, files }: &Self| {
            let about =
                names.get(&row.agenda_item_id).ok_or_else(|| Error::internal("a survey without its product"))?;
            let mut papers: BTreeMap<SurveyTestId, Vec<SurveyFileView>> = BTreeMap::new();
            let mut photographs = Vec::new();
            for (file, stored) in files {
                let shown = SurveyFileView::from((file.clone(), stored.clone()));
                match file.test_id {
                    Some(test) => papers.entry(test).or_default().push(shown),
                    None => photographs.push(shown),
                }
            }
            let tests = row.tests.0.iter().map(|test| SurveyTestView {
                id: test.id,
                what: test.what.clone(),
                laboratory: test.laboratory.clone(),
                asked_on: test.asked_on,
                result: test.result.clone(),
                papers: papers.remove(&test.id).unwrap_or_default(),
            });
            Ok(SurveyView {
                id: row.id,
                version: row.version,
                agenda_item_id: row.agenda_item_id,
                dossier_id: session.item.dossier_id,
                product_id: about.product_id,
                product_name: about.product_name.clone(),
                producer_id: about.producer_id,
                producer_name: about.producer_name.clone(),
                unit_code: session.council.unit_code.clone(),
                unit_name: places.name(&session.council.unit_code, today),
                round: session.council.round,
                state: row.state,
                surveyed_on: row.surveyed_on,
                team: row.team.0.clone(),
                findings: row.findings.0.clone(),
                tests: tests.collect(),
                photographs,
                account_id: row.account_id,
                account_name: accounts.get(&row.account_id).cloned(),
                created_at: row.created_at,
                finished_at: row.finished_at,
            })
        };
        surveys.iter().map(view).collect()
    }
}
