//! What follows a visit: what is broken is ordered to be corrected, the producer replies, the team looks again, and the
//! provincial office concludes.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Role, Work};
use crate::base::id::InspectionFileId;
use crate::base::{Day, Error, Fault, Faults, Result, say, text};
use crate::cycle::{EditionCode, RevocationGround};
use crate::dossier;
use crate::inspection::Inspection;
use crate::inspection::planning::OFFICE;
use crate::inspection::record::{Correction, FollowUp, Reply};
use crate::inspection::rules::{self, InspectionResult};
use crate::inspection::store::{self, Conclusion, FilePurpose};
use crate::inspection::visit::{TEAM, check_caption, keep, must_be_of_team, must_have_room};
use crate::station::{By, Taken, Uploaded, Verb, label, plain_forms};

/// What is to be corrected, until when.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionForm {
    pub text: String,
    /// The last day, which counts; after today.
    pub due_on: Day,
}

/// What the producer says that it corrected.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InspectionReplyForm)]
pub struct ReplyForm {
    pub text: String,
}

/// What the team found when it looked again.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InspectionFollowUpForm)]
pub struct FollowUpForm {
    pub text: String,
    pub corrected: bool,
}

/// What the inspection came to.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InspectionConclusionForm)]
pub struct ConclusionForm {
    pub result: InspectionResult,
    pub text: String,
    /// On which ground of the act in force it is proposed that the certificate is taken back; the days of the act run from the
    /// conclusion.
    #[serde(default)]
    pub ground: Option<RevocationGround>,
}

/// The field that comes with a paper of the producer's.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyPaperFields {
    #[serde(default)]
    pub caption: Option<String>,
}

plain_forms!(CorrectionForm, ReplyForm, FollowUpForm, ConclusionForm);

/// So many papers a producer may add, beside those of the team.
const MOST_REPLY_PAPERS: usize = 20;

const PRODUCER: By = By::Roles(&[Role::Producer]);

/// Orders that something is corrected.
pub static ORDER_CORRECTION: Verb<Inspection, CorrectionForm> =
    Verb::new("order-correction", label("Yêu cầu khắc phục", "Order a correction"), TEAM, order_correction)
        .right(must_be_of_team)
        .open(|_, inspection| inspection.row.state.order_correction().map(drop));

/// Adds what shows that it was corrected.
pub static ADD_REPLY_PAPER: Verb<Inspection, Uploaded<ReplyPaperFields>, InspectionFileId> = Verb::new(
    "add-reply-paper",
    label("Thêm minh chứng khắc phục", "Add what shows the correction"),
    PRODUCER,
    add_reply_paper,
)
.open(|_, inspection| {
    inspection.row.state.reply()?;
    must_have_room(inspection, MOST_REPLY_PAPERS, |purpose| purpose == FilePurpose::ReplyPaper)
})
.at_any_version();

/// Says that it was corrected.
pub static REPLY: Verb<Inspection, ReplyForm> =
    Verb::new("reply", label("Báo cáo đã khắc phục", "Reply to the order"), PRODUCER, reply)
        .open(|_, inspection| inspection.row.state.reply().map(drop));

/// Writes down what the team found when it looked again; without a reply once the order is overdue.
pub static FOLLOW_UP: Verb<Inspection, FollowUpForm> =
    Verb::new("follow-up", label("Ghi kết quả kiểm tra lại", "Follow the order up"), TEAM, follow_up)
        .right(must_be_of_team)
        .open(|asker, inspection| inspection.row.state.follow_up(inspection.row.due_on, asker.now.day()).map(drop));

/// Concludes the inspection.
pub static CONCLUDE: Verb<Inspection, ConclusionForm> =
    Verb::new("conclude", label("Kết luận kiểm tra", "Conclude the inspection"), OFFICE, conclude).open(
        |_, inspection| {
            inspection.row.state.conclude()?;
            rules::must_have_results(&inspection.row.samples.0)
        },
    );

fn checked(written: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    text::check(written, "/text", 5000, &mut faults);
    faults
}

fn order_correction(work: &mut Work, inspection: &Inspection, form: CorrectionForm) -> Result<Taken> {
    let (row, today) = (&inspection.row, work.now.day());
    let mut faults = checked(&form.text);
    if !(1..=366).contains(&today.days_until(form.due_on)) {
        let detail = say("Hạn khắc phục sau hôm nay, trong vòng một năm.", "It is due after today, within a year.");
        faults.push(Fault::new("/due_on", "out_of_range", detail));
    }
    faults.into_result()?;
    let state = row.state.order_correction()?;
    let mut corrections = row.corrections.0.clone();
    let CorrectionForm { text, due_on } = form;
    corrections.push(Correction { text: text.clone(), ordered_on: today, due_on, reply: None, follow_up: None });
    store::set_corrections(work.connection, row.id, state, corrections, Some(due_on))?;
    Ok(Taken::to(state).with_note(Some(text)))
}

impl ReplyPaperFields {
    pub fn check(&self) -> Result<()> {
        check_caption(self.caption.as_deref())
    }
}

fn add_reply_paper(
    work: &mut Work,
    inspection: &Inspection,
    form: Uploaded<ReplyPaperFields>,
) -> Result<Taken<InspectionFileId>> {
    let Uploaded { fields: ReplyPaperFields { caption }, file } = form;
    keep(work, inspection, file, FilePurpose::ReplyPaper, caption)
}

/// The corrections with the last one, which waits, as `change` makes it.
fn with_last(inspection: &Inspection, change: impl FnOnce(&mut Correction)) -> Result<Vec<Correction>> {
    let mut corrections = inspection.row.corrections.0.clone();
    let last = corrections.last_mut().ok_or_else(|| Error::internal("a correction that waits is not there"))?;
    change(last);
    Ok(corrections)
}

fn reply(work: &mut Work, inspection: &Inspection, form: ReplyForm) -> Result<Taken> {
    checked(&form.text).into_result()?;
    let (row, now) = (&inspection.row, work.now);
    let state = row.state.reply()?;
    let said = Reply { text: form.text.clone(), at: now };
    let corrections = with_last(inspection, |last| last.reply = Some(said))?;
    // The producer has done its part: the order waits for the team and is overdue no more.
    store::set_corrections(work.connection, row.id, state, corrections, None)?;
    Ok(Taken::to(state).with_note(Some(form.text)))
}

fn follow_up(work: &mut Work, inspection: &Inspection, form: FollowUpForm) -> Result<Taken> {
    checked(&form.text).into_result()?;
    let (row, today) = (&inspection.row, work.now.day());
    let state = row.state.follow_up(row.due_on, today)?;
    let FollowUpForm { text, corrected } = form;
    let found = FollowUp { text: text.clone(), on: today, corrected };
    let corrections = with_last(inspection, |last| last.follow_up = Some(found))?;
    store::set_corrections(work.connection, row.id, state, corrections, None)?;
    Ok(Taken::to(state).with_note(Some(text)))
}

fn conclude(work: &mut Work, inspection: &Inspection, form: ConclusionForm) -> Result<Taken> {
    let (row, today) = (&inspection.row, work.now.day());
    let mut faults = checked(&form.text);
    if form.result == InspectionResult::Passed && !rules::passes(&row.answers.0, &row.corrections.0, &row.samples.0) {
        let detail =
            say("Còn vi phạm chưa được ghi là đã khắc phục.", "Something is broken and was not found to be corrected.");
        faults.push(Fault::new("/result", "not_allowed", detail));
    }
    if let Some(ground) = form.ground {
        let known = EditionCode::in_force_on(today)?.edition()?.revocation.grounds.contains(&ground);
        let certificate =
            dossier::store::latest_certificates(work.connection, &[row.product_id])?.remove(&row.product_id);
        let is_certified = certificate.is_some_and(|latest| rules::can_be_taken_back(latest, today, today));
        let is_found = known && rules::is_found_by_inspection(ground);
        if !is_found || !is_certified || form.result == InspectionResult::Passed {
            let detail = say(
                "Căn cứ mà cuộc kiểm tra xác định được theo văn bản đang có hiệu lực, khi kết luận không đạt và giấy chứng nhận còn hiệu lực.",
                "A ground of the act in force that an inspection can find, where it is failed and a certificate is in force.",
            );
            faults.push(Fault::new("/ground", "not_allowed", detail));
        }
    }
    faults.into_result()?;
    let state = row.state.conclude()?;
    let ConclusionForm { result, text, ground } = form;
    let conclusion = Conclusion { result, text: text.clone(), ground, on: today, by: work.actor.id };
    store::conclude(work.connection, row.id, state, conclusion)?;
    Ok(Taken::to(state).with_note(Some(text)))
}
