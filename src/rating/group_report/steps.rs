//! The steps of a report: rewritten while it is a draft, and finished under its number, from when on it is fixed.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Asker, Work};
use crate::base::{Day, Error, Fault, Faults, Result, paper_number, say, text};
use crate::rating::agenda::Session;
use crate::rating::agenda::preparation::GROUP;
use crate::rating::group_report::gather::gather;
use crate::rating::group_report::rules::GroupReportChange;
use crate::rating::group_report::{GroupReport, store, vouching};
use crate::rating::item::Readiness;
use crate::rating::survey;
use crate::station::{Note, Offer, Taken, Verb, label, patch_forms, plain_forms};

/// Under which number and of which day a report goes to the council.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupReportFinish {
    /// As on the paper, `07/BC-TTV`; each number once for each unit.
    pub number: String,
    pub dated: Day,
}

plain_forms!(GroupReportFinish);
patch_forms!(GroupReportChange);

/// Rewrites parts of a draft.
pub static CHANGE: Verb<GroupReport, GroupReportChange> =
    Verb::new("change", label("Sửa báo cáo của tổ giúp việc", "Rewrite the report"), GROUP, change)
        .right(must_prepare)
        .open(|_, report| must_be_open(report));

/// Gives up a draft: the item may have another report. Its history stays.
pub static DISCARD: Verb<GroupReport, Note> =
    Verb::new("discard", label("Bỏ bản nháp", "Discard the draft"), GROUP, discard)
        .right(must_prepare)
        .open(|_, report| report.row.state.must_be_draft());

/// Finishes a report: it is fixed from then on, with all that it rests on.
pub static FINISH: Verb<GroupReport, GroupReportFinish> =
    Verb::new("finish", label("Hoàn thành báo cáo của tổ giúp việc", "Finish the report"), GROUP, finish)
        .right(must_prepare)
        .open(|_, report| must_be_open(report));

pub static VERBS: &[&dyn Offer<GroupReport>] = &[&CHANGE, &DISCARD, &FINISH];

fn must_prepare(asker: Asker, report: &GroupReport) -> Result<()> {
    Session::must_prepare(asker, &report.session)
}

fn must_be_open(report: &GroupReport) -> Result<()> {
    report.row.state.must_be_draft()?;
    report.session.item.state.prepare()
}

fn change(work: &mut Work, report: &GroupReport, change: GroupReportChange) -> Result<Taken> {
    let form = change.applied_to(report.row.form());
    if form == report.row.form() {
        return Ok(Taken::unchanged());
    }
    form.check()?;
    store::rewrite(work.connection, report.row.id, form)?;
    Ok(Taken::stayed().vouching(vouching::content(work.connection, report.row.id)?))
}

fn discard(work: &mut Work, report: &GroupReport, note: Note) -> Result<Taken> {
    store::discard(work.connection, report.row.id)?;
    let taken = Taken::to(Readiness::Discarded).with_note(note.note);
    Ok(taken.vouching(vouching::content(work.connection, report.row.id)?))
}

fn finish(work: &mut Work, report: &GroupReport, form: GroupReportFinish) -> Result<Taken> {
    let GroupReportFinish { number, dated } = form;
    let number = paper_number::spelled(&number);
    let row = &report.row;
    let surveys = survey::store::of_dossier(work.connection, report.session.dossier.id)?;
    let mut faults = Vec::new();
    text::check_code(&number, "/number", 100, &mut faults);
    if dated > work.now.day() {
        faults.push(Fault::new("/dated", "in_future", say("Ngày ở tương lai.", "The day lies in the future.")));
    }
    if surveys.iter().any(|survey| survey.surveyed_on > dated) {
        let text = say("Ngày trước khi khảo sát thực tế.", "The day lies before a survey on site.");
        faults.push(Fault::new("/dated", "before_survey", text));
    }
    faults.into_result()?;
    if surveys.iter().any(|survey| survey.state == Readiness::Draft) {
        return Err(Error::conflict(
            "survey_unfinished",
            say("Còn biên bản khảo sát chưa hoàn thành.", "A survey on site is not finished yet."),
        ));
    }
    if store::number_taken(work.connection, &row.unit_code, &number, dated)? {
        return Err(Error::conflict("number_taken", say("Số báo cáo đã dùng.", "The number is taken.")));
    }
    let content = gather(work, &report.session)?;
    store::finish(work.connection, row.id, &number, dated, content, work.now)?;
    let taken = Taken::to(Readiness::Finished).with_note(Some(number));
    Ok(taken.vouching(vouching::content(work.connection, row.id)?))
}
