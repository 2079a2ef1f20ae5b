//! The commune's step: it checks a dossier, reports on it (form 03 of 26/2026/QĐ-TTg, article 7.2) and sends it on.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Role, Work};
use crate::base::calendar::Holidays;
use crate::base::{Day, Error, Fault, Faults, Moment, Result, say, text};
use crate::db::settings::next_number;
use crate::dossier::Dossier;
use crate::dossier::commune_store::{self, CommuneReport};
use crate::dossier::store;
use crate::idea::steps::next_sheet_number;
use crate::place::rules::PROVINCE;
use crate::station::{By, Taken, Verb, label, plain_forms};

/// The commune's report: four contents beside the producer's own words, what it says of completeness, and its letter.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommuneReportForm {
    /// The use of local material.
    pub local_material: String,
    /// The use of local labour.
    pub local_labour: String,
    /// Where the idea of the product comes from.
    pub origin_of_idea: String,
    /// Local identity and knowledge.
    pub local_identity: String,
    /// What the commune says of the dossier's completeness.
    pub completeness: String,
    /// Of the letter that asks the province for the evaluation.
    pub letter_number: String,
    pub letter_date: Day,
}

plain_forms!(CommuneReportForm);

const LONGEST: usize = 5000;

impl CommuneReportForm {
    fn check(&self, today: Day) -> Result<()> {
        let mut faults = Vec::new();
        let texts = [
            ("/local_material", &self.local_material),
            ("/local_labour", &self.local_labour),
            ("/origin_of_idea", &self.origin_of_idea),
            ("/local_identity", &self.local_identity),
            ("/completeness", &self.completeness),
        ];
        for (pointer, text) in texts {
            text::check(text, pointer, LONGEST, &mut faults);
        }
        text::check(&self.letter_number, "/letter_number", 100, &mut faults);
        if self.letter_date > today {
            let text = say("Ngày văn bản không thể ở tương lai.", "A letter cannot lie in the future.");
            faults.push(Fault::new("/letter_date", "in_future", text));
        }
        faults.into_result()
    }
}

/// Sends a dossier on to the councils with the commune's report.
pub static FORWARD: Verb<Dossier, CommuneReportForm> = Verb::new(
    "forward",
    label("Chuyển hồ sơ kèm báo cáo (mẫu 03)", "Forward with the report (form 03)"),
    By::Some(
        &[Role::CommuneOfficer],
        label("nơi quy trình có bước của xã", "where the edition has the commune's step"),
    ),
    forward,
)
.right(|asker, dossier| dossier.must_be_in_territory(asker))
.open(|_, dossier| {
    if !dossier.has_commune() {
        return Err(Error::conflict(
            "no_commune_step",
            say("Quy trình này không có bước đánh giá của xã.", "This edition has no step of the commune."),
        ));
    }
    dossier.row.state.forward()?;
    dossier.cycle.state.must_be_open()
});

fn forward(work: &mut Work, dossier: &Dossier, form: CommuneReportForm) -> Result<Taken> {
    form.check(work.now.day())?;
    let row = &dossier.row;
    let state = row.state.forward()?;
    let numbers = numbers(work, dossier)?;
    let report = CommuneReport {
        dossier_id: row.id,
        number: 0,
        local_material: form.local_material,
        local_labour: form.local_labour,
        origin_of_idea: form.origin_of_idea,
        local_identity: form.local_identity,
        completeness: form.completeness,
        letter_number: form.letter_number,
        letter_date: form.letter_date,
        account_id: work.actor.id,
        created_at: work.now,
    };
    commune_store::insert(work.connection, report)?;
    store::forward(work.connection, row.id, work.now, numbers)?;
    Ok(Taken::to(state))
}

/// The numbers of form 01 at the commune and at the province (annex III), which stay those of the first time.
fn numbers(work: &mut Work, dossier: &Dossier) -> Result<(String, String)> {
    let (row, year) = (&dossier.row, dossier.cycle.year);
    if let (Some(number), Some(province_number)) = (&row.number, &row.province_number) {
        return Ok((number.clone(), province_number.clone()));
    }
    let commune = &row.commune_code;
    let number = next_sheet_number(work, commune, year)?;
    let running = next_number(work.connection, &format!("dossier:{PROVINCE}:{year}"))?;
    Ok((number, format!("{running:02}/PĐK-{PROVINCE}-{commune}-{year}")))
}

/// Until when the commune is to send on what it gets now; none where the edition has no such step.
pub fn due_on(dossier: &Dossier, received: Moment) -> Result<Option<Day>> {
    let Some(days) = dossier.edition.dossiers.commune_working_days else { return Ok(None) };
    Ok(Some(Holidays::official()?.due(received.day(), days)))
}
