//! The steps of a survey: changed, given photographs, results and papers of laboratories, and finished, from when on it is
//! fixed. Recording one is in `making`.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Asker, Work};
use crate::base::id::{SurveyFileId, SurveyTestId};
use crate::base::{Day, Error, Faults, Result, say, text};
use crate::files::{self, Arrived};
use crate::rating::agenda::Session;
use crate::rating::agenda::preparation::GROUP;
use crate::rating::item::Readiness;
use crate::rating::survey::making::checked;
use crate::rating::survey::rules::{self, Finding, Member, MemberForm, TestForm, TestResult};
use crate::rating::survey::store::{self, SurveyFields, SurveyFile};
use crate::rating::survey::{Survey, content};
use crate::station::{Note, Offer, Taken, Uploaded, Verb, label, patch_forms, plain_forms};

/// What may change of a survey; what is left out stays, null empties a list.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyChange {
    #[serde(default)]
    #[schema(nullable = false)]
    pub surveyed_on: Option<Day>,
    /// Who went there; they replace those before.
    #[serde(default, deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<Vec<MemberForm>>)]
    pub team: Option<Option<Vec<MemberForm>>>,
    /// They replace those before.
    #[serde(default, deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<Vec<Finding>>)]
    pub findings: Option<Option<Vec<Finding>>>,
    /// Tests whose results are not in; they replace those before. Tests with results stay.
    #[serde(default, deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<Vec<TestForm>>)]
    pub tests: Option<Option<Vec<TestForm>>>,
}

/// A test's result, as it is recorded; it replaces the one before.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SurveyTestResultForm)]
pub struct ResultForm {
    pub test: SurveyTestId,
    /// As the laboratory writes it.
    pub value: String,
    #[serde(default)]
    pub limit: Option<String>,
    pub conforms: bool,
}

/// The fields that come with a photograph.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhotographFields {
    #[serde(default)]
    pub caption: Option<String>,
}

/// The field that comes with a laboratory's paper.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestPaperFields {
    pub test: SurveyTestId,
}

plain_forms!(ResultForm);
patch_forms!(SurveyChange);

/// So many photographs and papers a survey may have.
const MOST_FILES: usize = 100;

/// Changes what was written down.
pub static CHANGE: Verb<Survey, SurveyChange> =
    Verb::new("change", label("Sửa biên bản khảo sát", "Change the survey"), GROUP, change)
        .right(must_prepare)
        .open(|_, survey| must_be_open(survey));

/// Adds a photograph.
pub static ADD_PHOTOGRAPH: Verb<Survey, Uploaded<PhotographFields>, SurveyFileId> =
    Verb::new("add-photograph", label("Thêm ảnh khảo sát", "Add a photograph"), GROUP, add_photograph)
        .right(must_prepare)
        .open(|_, survey| must_have_room(survey))
        .at_any_version();

/// Records what a laboratory found.
pub static RECORD_RESULT: Verb<Survey, ResultForm> =
    Verb::new("record-result", label("Ghi kết quả kiểm nghiệm", "Record a test's result"), GROUP, record_result)
        .right(must_prepare)
        .open(|_, survey| must_be_open(survey));

/// Adds the paper of a laboratory.
pub static ADD_TEST_PAPER: Verb<Survey, Uploaded<TestPaperFields>, SurveyFileId> =
    Verb::new("add-test-paper", label("Thêm phiếu kiểm nghiệm", "Add a laboratory's paper"), GROUP, add_test_paper)
        .right(must_prepare)
        .open(|_, survey| must_have_room(survey))
        .at_any_version();

/// Gives up a survey that was begun by mistake. Its history stays.
pub static DISCARD: Verb<Survey, Note> =
    Verb::new("discard", label("Bỏ bản nháp", "Discard the draft"), GROUP, discard)
        .right(must_prepare)
        .open(|_, survey| survey.row.state.must_be_draft());

/// Finishes a survey: it is fixed from then on.
pub static FINISH: Verb<Survey, Note> =
    Verb::new("finish", label("Hoàn thành biên bản khảo sát", "Finish the survey"), GROUP, finish)
        .right(must_prepare)
        .open(|_, survey| {
            must_be_open(survey)?;
            rules::must_be_complete(&survey.row.findings.0, &survey.row.tests.0)
        });

pub static VERBS: &[&dyn Offer<Survey>] =
    &[&CHANGE, &ADD_PHOTOGRAPH, &RECORD_RESULT, &ADD_TEST_PAPER, &DISCARD, &FINISH];

fn must_prepare(asker: Asker, survey: &Survey) -> Result<()> {
    Session::must_prepare(asker, &survey.session)
}

fn must_be_open(survey: &Survey) -> Result<()> {
    survey.row.state.must_be_draft()?;
    survey.session.item.state.prepare()
}

fn must_have_room(survey: &Survey) -> Result<()> {
    must_be_open(survey)?;
    if survey.files.len() < MOST_FILES {
        return Ok(());
    }
    Err(Error::conflict(
        "too_many_files",
        say(format!("Tối đa {MOST_FILES} ảnh và phiếu."), format!("At most {MOST_FILES} photographs and papers.")),
    ))
}

fn fields_of(survey: &Survey) -> SurveyFields {
    let row = &survey.row;
    SurveyFields {
        surveyed_on: row.surveyed_on,
        team: row.team.0.clone(),
        findings: row.findings.0.clone(),
        tests: row.tests.0.clone(),
    }
}

/// The step, vouching for the survey as it stands after it.
fn vouched<R>(work: &mut Work, survey: &Survey, taken: Taken<R>) -> Result<Taken<R>> {
    Ok(taken.vouching(content::content(work.connection, survey.row.id)?))
}

fn change(work: &mut Work, survey: &Survey, change: SurveyChange) -> Result<Taken> {
    let before = fields_of(survey);
    let again = |Member { account_id, name, organisation }| MemberForm { account_id, name: Some(name), organisation };
    let asks_others = change.tests.is_some();
    let mut fields = checked(
        work,
        &survey.session,
        change.surveyed_on.unwrap_or(before.surveyed_on),
        change.team.map_or_else(|| before.team.iter().cloned().map(again).collect(), Option::unwrap_or_default),
        change.findings.map_or_else(|| before.findings.clone(), Option::unwrap_or_default),
        change.tests.flatten().unwrap_or_default(),
        before.tests.clone(),
    )?;
    if !asks_others {
        fields.tests.clone_from(&before.tests);
    }
    if fields == before {
        return Ok(Taken::unchanged());
    }
    store::rewrite(work.connection, survey.row.id, fields)?;
    vouched(work, survey, Taken::stayed())
}

fn unknown_test() -> Error {
    let text = say("Không có kiểm nghiệm này.", "The survey asked for no such test.");
    Error::invalid("/test", "unknown_test", text)
}

fn record_result(work: &mut Work, survey: &Survey, form: ResultForm) -> Result<Taken> {
    let ResultForm { test: id, value, limit, conforms } = form;
    let mut faults = Vec::new();
    text::check(&value, "/value", 500, &mut faults);
    if let Some(limit) = &limit {
        text::check(limit, "/limit", 500, &mut faults);
    }
    faults.into_result()?;
    let mut fields = fields_of(survey);
    let test = fields.tests.iter_mut().find(|test| test.id == id).ok_or_else(unknown_test)?;
    test.result = Some(TestResult { value, limit, conforms });
    store::rewrite(work.connection, survey.row.id, fields)?;
    vouched(work, survey, Taken::stayed())
}

fn add_photograph(work: &mut Work, survey: &Survey, form: Uploaded<PhotographFields>) -> Result<Taken<SurveyFileId>> {
    let Uploaded { fields: PhotographFields { caption }, file } = form;
    keep(work, survey, file, None, caption)
}

fn add_test_paper(work: &mut Work, survey: &Survey, form: Uploaded<TestPaperFields>) -> Result<Taken<SurveyFileId>> {
    let Uploaded { fields: TestPaperFields { test }, file } = form;
    if !survey.row.tests.0.iter().any(|asked| asked.id == test) {
        return Err(unknown_test());
    }
    keep(work, survey, file, Some(test), None)
}

/// Photographs are kept as they came, with what the camera says of place and time: they are evidence, shown to nobody but who reads the survey.
fn keep(
    work: &mut Work,
    survey: &Survey,
    arrived: Arrived,
    test_id: Option<SurveyTestId>,
    caption: Option<String>,
) -> Result<Taken<SurveyFileId>> {
    files::store::insert(work.connection, &arrived.file, work.now)?;
    arrived.unnamed.named();
    let file = SurveyFile {
        id: SurveyFileId::new(),
        survey_id: survey.row.id,
        file_id: arrived.file.id,
        test_id,
        caption,
        account_id: work.actor.id,
        created_at: work.now,
    };
    store::insert_file(work.connection, &file)?;
    vouched(work, survey, Taken::stayed().giving(file.id))
}

impl PhotographFields {
    pub fn check(&self) -> Result<()> {
        let mut faults = Vec::new();
        if let Some(caption) = &self.caption {
            text::check(caption, "/caption", 500, &mut faults);
        }
        faults.into_result()
    }
}

fn discard(work: &mut Work, survey: &Survey, note: Note) -> Result<Taken> {
    store::discard(work.connection, survey.row.id)?;
    vouched(work, survey, Taken::to(Readiness::Discarded).with_note(note.note))
}

fn finish(work: &mut Work, survey: &Survey, note: Note) -> Result<Taken> {
    store::finish(work.connection, survey.row.id, work.now)?;
    vouched(work, survey, Taken::to(Readiness::Finished).with_note(note.note))
}
