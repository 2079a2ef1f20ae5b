//! The visit: the team goes there, fills in the checklist, takes samples and photographs, and signs the minutes with the
//! producer.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Asker, Role, Work};
use crate::base::id::{InspectionFileId, InspectionTestId};
use crate::base::{Error, Faults, Moment, Result, say, text};
use crate::files::{self, Arrived};
use crate::inspection::Inspection;
use crate::inspection::checklist::{self, Answer};
use crate::inspection::record::{MinutesForm, SampleForm, TestResult};
use crate::inspection::rules;
use crate::inspection::store::{self, FilePurpose, InspectionFile};
use crate::lot;
use crate::station::{By, Label, Note, Taken, Uploaded, Verb, label, plain_forms};

/// What was found, by item of the checklist; items that are left out keep their answers.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChecklistForm {
    pub answers: Vec<Answer>,
}

/// What a laboratory found of a test; it replaces what was recorded before.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InspectionResultForm)]
pub struct ResultForm {
    pub test: InspectionTestId,
    /// As the laboratory writes it.
    pub value: String,
    /// Whether it is within the limit.
    pub within: bool,
}

/// The fields that come with a file of the team's.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InspectionFileFields {
    pub purpose: TeamPurpose,
    #[serde(default)]
    pub caption: Option<String>,
}

/// What a file is that the team adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = InspectionTeamPurpose)]
#[serde(rename_all = "snake_case")]
pub enum TeamPurpose {
    Photograph,
    /// A laboratory's paper.
    TestPaper,
    /// The minutes as they were signed on paper.
    SignedMinutes,
}

plain_forms!(ChecklistForm, SampleForm, MinutesForm, ResultForm);

/// So many photographs and papers the team may add.
const MOST_FILES: usize = 100;

const IN_THE_TEAM: Label =
    label("thành viên đoàn; văn phòng tỉnh luôn được", "in the team; the provincial office always");

pub(super) const TEAM: By = By::Some(&[Role::Inspector, Role::ProvincialOfficer], IN_THE_TEAM);

/// Begins the visit, within the period that the decision gives.
pub static VISIT: Verb<Inspection, Note> =
    Verb::new("visit", label("Bắt đầu kiểm tra tại cơ sở", "Begin the visit"), TEAM, visit)
        .right(must_be_of_team)
        .open(|asker, inspection| {
            let row = &inspection.row;
            row.state.visit()?;
            rules::must_be_in_period(row.begins_on, row.ends_on, asker.now.day())
        });

/// Writes down what was found of the checklist.
pub static FILL: Verb<Inspection, ChecklistForm> =
    Verb::new("fill", label("Ghi kết quả theo nội dung kiểm tra", "Fill in the checklist"), TEAM, fill)
        .right(must_be_of_team)
        .open(|_, inspection| inspection.row.state.must_be_visiting());

/// Takes a sample under a seal.
pub static TAKE_SAMPLE: Verb<Inspection, SampleForm> =
    Verb::new("take-sample", label("Lấy mẫu kiểm nghiệm", "Take a sample"), TEAM, take_sample)
        .right(must_be_of_team)
        .open(|_, inspection| inspection.row.state.must_be_visiting());

/// Records what a laboratory found.
pub static RECORD_RESULT: Verb<Inspection, ResultForm> =
    Verb::new("record-result", label("Ghi kết quả kiểm nghiệm", "Record a test's result"), TEAM, record_result)
        .right(must_be_of_team)
        .open(|_, inspection| inspection.row.state.must_be_open());

/// Adds a photograph, a laboratory's paper, or the minutes that were signed on paper.
pub static ADD_FILE: Verb<Inspection, Uploaded<InspectionFileFields>, InspectionFileId> =
    Verb::new("add-file", label("Thêm ảnh, giấy tờ", "Add a photograph or a paper"), TEAM, add_file)
        .right(must_be_of_team)
        .open(|_, inspection| {
            inspection.row.state.must_be_open()?;
            must_have_room(inspection, MOST_FILES, |purpose| purpose != FilePurpose::ReplyPaper)
        })
        .at_any_version();

/// Signs the minutes with the producer: what was found on site is fixed from then on.
pub static SIGN: Verb<Inspection, MinutesForm> =
    Verb::new("sign", label("Ký biên bản kiểm tra", "Sign the minutes"), TEAM, sign)
        .right(must_be_of_team)
        .open(|_, inspection| inspection.row.state.sign().map(drop));

pub(super) fn must_be_of_team(asker: Asker, inspection: &Inspection) -> Result<()> {
    if asker.is(&[Role::ProvincialOfficer]) || inspection.row.has_member(asker.actor.id) {
        return Ok(());
    }
    Err(Error::forbidden(say("Bạn không thuộc đoàn kiểm tra này.", "You are not in this team.")))
}

/// 409 where the team added as many files as it may, or the producer.
pub(super) fn must_have_room(
    inspection: &Inspection,
    most: usize,
    is_counted: impl Fn(FilePurpose) -> bool,
) -> Result<()> {
    if inspection.files.iter().filter(|(file, _)| is_counted(file.purpose)).count() < most {
        return Ok(());
    }
    Err(Error::conflict(
        "too_many_files",
        say(format!("Tối đa {most} ảnh và giấy tờ."), format!("At most {most} photographs and papers.")),
    ))
}

/// How many items of the checklist have no answer.
pub fn unanswered(inspection: &Inspection) -> Result<usize> {
    Ok(checklist::items()?.len().saturating_sub(inspection.row.answers.0.len()))
}

fn visit(work: &mut Work, inspection: &Inspection, note: Note) -> Result<Taken> {
    let state = inspection.row.state.visit()?;
    store::visit(work.connection, inspection.row.id, state, work.now)?;
    Ok(Taken::to(state).with_note(note.note))
}

fn fill(work: &mut Work, inspection: &Inspection, form: ChecklistForm) -> Result<Taken> {
    let items = checklist::items()?;
    let mut faults = Vec::new();
    checklist::check(&form.answers, items, &mut faults);
    faults.into_result()?;
    let answers = checklist::answered(&inspection.row.answers.0, form.answers, items);
    if answers == inspection.row.answers.0 {
        return Ok(Taken::unchanged());
    }
    store::set_answers(work.connection, inspection.row.id, answers)?;
    Ok(Taken::stayed())
}

fn take_sample(work: &mut Work, inspection: &Inspection, form: SampleForm) -> Result<Taken> {
    let row = &inspection.row;
    form.check(&row.samples.0, row.visited_at.map(Moment::day), work.now.day())?;
    if let Some(id) = form.lot_id {
        let lot = lot::store::find(work.connection, id)?;
        if lot.is_none_or(|lot| lot.product_id != row.product_id) {
            let detail = say("Sản phẩm không có lô này.", "The product has no such lot.");
            return Err(Error::invalid("/lot_id", "unknown_lot", detail));
        }
    }
    let mut samples = row.samples.0.clone();
    samples.push(form.taken());
    store::set_samples(work.connection, row.id, samples)?;
    Ok(Taken::stayed())
}

fn record_result(work: &mut Work, inspection: &Inspection, form: ResultForm) -> Result<Taken> {
    let mut faults = Vec::new();
    text::check(&form.value, "/value", 300, &mut faults);
    faults.into_result()?;
    let mut samples = inspection.row.samples.0.clone();
    let mut tests = samples.iter_mut().flat_map(|sample| &mut sample.tests);
    let test = tests.find(|test| test.id == form.test).ok_or_else(|| {
        let detail = say("Không có chỉ tiêu kiểm nghiệm này.", "No sample has such a test.");
        Error::invalid("/test", "unknown_test", detail)
    })?;
    let recorded = TestResult { value: form.value, within: form.within, recorded_on: work.now.day() };
    // What stood there before stays in the history.
    let before = test.result.as_ref().map(|before| format!("{} → ", before.told())).unwrap_or_default();
    let note = format!("{}: {before}{}", test.what, recorded.told());
    test.result = Some(recorded);
    store::set_samples(work.connection, inspection.row.id, samples)?;
    Ok(Taken::stayed().with_note(Some(note)))
}

impl InspectionFileFields {
    pub fn check(&self) -> Result<()> {
        check_caption(self.caption.as_deref())
    }
}

pub(super) fn check_caption(caption: Option<&str>) -> Result<()> {
    let mut faults = Vec::new();
    if let Some(caption) = caption {
        text::check(caption, "/caption", 500, &mut faults);
    }
    faults.into_result()
}

fn add_file(
    work: &mut Work,
    inspection: &Inspection,
    form: Uploaded<InspectionFileFields>,
) -> Result<Taken<InspectionFileId>> {
    let Uploaded { fields: InspectionFileFields { purpose, caption }, file } = form;
    let purpose = match purpose {
        TeamPurpose::Photograph => FilePurpose::Photograph,
        TeamPurpose::TestPaper => FilePurpose::TestPaper,
        TeamPurpose::SignedMinutes => FilePurpose::SignedMinutes,
    };
    keep(work, inspection, file, purpose, caption)
}

/// Files are kept as they came, with what a camera says of place and time: they are evidence, shown to nobody but who reads
/// the inspection.
pub(super) fn keep(
    work: &mut Work,
    inspection: &Inspection,
    arrived: Arrived,
    purpose: FilePurpose,
    caption: Option<String>,
) -> Result<Taken<InspectionFileId>> {
    files::store::insert(work.connection, &arrived.file, work.now)?;
    arrived.unnamed.named();
    let file = InspectionFile {
        id: InspectionFileId::new(),
        inspection_id: inspection.row.id,
        file_id: arrived.file.id,
        purpose,
        caption,
        account_id: work.actor.id,
        created_at: work.now,
    };
    store::insert_file(work.connection, &file)?;
    Ok(Taken::stayed().giving(file.id))
}

/// Degrees in hundred thousandths, about a metre, as a whole number of them.
fn fixed(degrees: f64) -> Option<i32> {
    format!("{:.0}", degrees * 100_000.0).parse().ok()
}

fn sign(work: &mut Work, inspection: &Inspection, form: MinutesForm) -> Result<Taken> {
    rules::must_be_filled(unanswered(inspection)?)?;
    form.check(inspection.row.visited_at, work.now)?;
    let state = inspection.row.state.sign()?;
    let place = (form.latitude.and_then(fixed), form.longitude.and_then(fixed));
    store::sign(work.connection, inspection.row.id, state, form.kept(), place)?;
    Ok(Taken::to(state))
}
