//! Sample units (sản phẩm mẫu; article 6.2 d of 26/2026/QĐ-TTg): received by the office, kept, given back.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Asker, Role, Work};
use crate::base::{Day, Error, Fault, Faults, Result, say, text};
use crate::dossier::Dossier;
use crate::dossier::{sample_store, store};
use crate::station::{By, Taken, Verb, label, plain_forms};

/// Units that the office receives.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SamplesForm {
    #[schema(minimum = 1, maximum = 1000)]
    pub units: i32,
    pub received_on: Day,
    /// Where they are kept.
    pub kept_at: String,
}

/// To whom the units that are still kept are given back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SamplesReturnForm {
    pub given_back_on: Day,
    pub given_back_to: String,
}

plain_forms!(SamplesForm, SamplesReturnForm);

const MOST: i32 = 1000;

const OFFICE: By =
    By::Some(&[Role::ProvincialOfficer], label("nơi quy trình có sản phẩm mẫu", "where the edition counts samples"));

/// Records units that came in.
pub static RECEIVE_SAMPLES: Verb<Dossier, SamplesForm> =
    Verb::new("receive-samples", label("Nhận sản phẩm mẫu", "Receive samples"), OFFICE, receive)
        .right(|asker, dossier| dossier.must_be_in_territory(asker))
        .open(|_, dossier| must_need_samples(dossier));

/// Records that all units that are kept went back.
pub static GIVE_BACK_SAMPLES: Verb<Dossier, SamplesReturnForm> =
    Verb::new("give-back-samples", label("Trả sản phẩm mẫu", "Give samples back"), OFFICE, give_back)
        .right(|asker, dossier| dossier.must_be_in_territory(asker))
        .open(may_give_back);

fn must_need_samples(dossier: &Dossier) -> Result<()> {
    if dossier.row.samples_needed.is_some() {
        return Ok(());
    }
    Err(Error::conflict(
        "no_samples",
        say(
            "Hồ sơ chưa nộp, hoặc không kèm sản phẩm mẫu (dịch vụ du lịch, hoặc quy trình không quy định).",
            "The dossier was not handed in, or no samples go with it: a service, or an edition that counts none.",
        ),
    ))
}

fn may_give_back(_: Asker, dossier: &Dossier) -> Result<()> {
    if dossier.samples.iter().any(|samples| samples.given_back_on.is_none()) {
        return Ok(());
    }
    Err(Error::conflict("no_samples_kept", say("Không còn giữ sản phẩm mẫu.", "No samples are kept.")))
}

fn receive(work: &mut Work, dossier: &Dossier, form: SamplesForm) -> Result<Taken> {
    let mut faults = Vec::new();
    if !(1..=MOST).contains(&form.units) {
        let text = say(format!("Từ 1 đến {MOST} mẫu."), format!("1 to {MOST} units."));
        faults.push(Fault::new("/units", "out_of_range", text));
    }
    text::check(&form.kept_at, "/kept_at", 300, &mut faults);
    check_day(form.received_on, "/received_on", work.now.day(), &mut faults);
    faults.into_result()?;
    let SamplesForm { units, received_on, kept_at } = form;
    sample_store::receive(work.connection, dossier.row.id, units, received_on, kept_at, work.actor.id)?;
    store::touch(work.connection, dossier.row.id)?;
    Ok(Taken::stayed())
}

fn give_back(work: &mut Work, dossier: &Dossier, form: SamplesReturnForm) -> Result<Taken> {
    let mut faults = Vec::new();
    text::check(&form.given_back_to, "/given_back_to", 300, &mut faults);
    check_day(form.given_back_on, "/given_back_on", work.now.day(), &mut faults);
    let kept = dossier.samples.iter().filter(|samples| samples.given_back_on.is_none());
    if kept.map(|samples| samples.received_on).any(|received| form.given_back_on < received) {
        let text = say("Ngày trả trước ngày nhận.", "They cannot go back before they came.");
        faults.push(Fault::new("/given_back_on", "before_receipt", text));
    }
    faults.into_result()?;
    let SamplesReturnForm { given_back_on, given_back_to } = form;
    sample_store::give_back(work.connection, dossier.row.id, given_back_on, given_back_to, work.actor.id)?;
    store::touch(work.connection, dossier.row.id)?;
    Ok(Taken::stayed())
}

fn check_day(day: Day, pointer: &str, today: Day, faults: &mut Vec<Fault>) {
    if day > today {
        faults.push(Fault::new(
            pointer,
            "in_future",
            say("Ngày không thể ở tương lai.", "It cannot lie in the future."),
        ));
    }
}
