//! The steps of certificates: their issuer tells producers in writing that they are about to end, and the office records what
//! the ministry demands.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Asker, Role, Work};
use crate::base::id::{CertificateId, DemandId};
use crate::base::{Day, Error, Fault, Faults, Result, say, text};
use crate::cycle;
use crate::decision::certificate_store;
use crate::decision::certificate_thing::IssuedCertificate;
use crate::decision::content;
use crate::decision::demand_store::{self, Demand};
use crate::decision::notice_store::{self, Notice};
use crate::decision::rules::{self, DemandKind, Standing};
use crate::paper::words::short_day;
use crate::place::rules::PROVINCE;
use crate::station::{By, Offer, Taken, Verb, label, plain_forms};

/// The letter of a notice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    pub letter_number: String,
    pub letter_date: Day,
}

plain_forms!(Letter);

pub const OFFICES: &[Role] = &[Role::ProvincialOfficer, Role::DistrictOfficer];

/// Records the written notice that a certificate is about to end.
pub static NOTIFY: Verb<IssuedCertificate, Letter, CertificateId> = Verb::new(
    "notify",
    label("Ghi văn bản thông báo sắp hết hạn", "Record the notice that it is about to end"),
    By::Some(
        OFFICES,
        label(
            "của đơn vị cấp giấy, hoặc của tỉnh thay đơn vị không còn",
            "of the unit that issued it, or of the province for a unit that is no more",
        ),
    ),
    notify,
)
.right(must_be_issuer)
.open(must_be_due);

/// A demand of the ministry as it is recorded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DemandForm {
    pub asks: DemandKind,
    /// Of the ministry's letter.
    pub number: String,
    pub dated: Day,
    pub content: String,
}

plain_forms!(DemandForm);

/// Records that the ministry demands a product to be rated again, or its recognition to be withdrawn (26/2026/QĐ-TTg, article
/// 10.1 b). What follows from it is decided as ever.
pub static RECORD_DEMAND: Verb<IssuedCertificate, DemandForm> = Verb::new(
    "record-demand",
    label("Ghi đề nghị của Bộ", "Record the ministry's demand"),
    By::Roles(&[Role::ProvincialOfficer]),
    record_demand,
)
.open(|_, certificate| {
    if certificate.standing.is_in_force() {
        return Ok(());
    }
    Err(Error::wrong_state(certificate.standing.as_ref()))
});

pub static VERBS: &[&dyn Offer<IssuedCertificate>] = &[&NOTIFY, &RECORD_DEMAND];

fn record_demand(work: &mut Work, certificate: &IssuedCertificate, form: DemandForm) -> Result<Taken> {
    let DemandForm { asks, number, dated, content } = form;
    let mut faults = Vec::new();
    text::check_code(&number, "/number", 100, &mut faults);
    text::check(&content, "/content", 2000, &mut faults);
    if dated > work.now.day() {
        let text = say("Ngày văn bản ở tương lai.", "The letter's day lies in the future.");
        faults.push(Fault::new("/dated", "in_future", text));
    }
    faults.into_result()?;
    let note = format!("Văn bản số {number} ngày {dated}");
    let (id, account_id, created_at) = (certificate.row.id, work.actor.id, work.now);
    let demand =
        Demand { id: DemandId::new(), certificate_id: id, asks, number, dated, content, account_id, created_at };
    demand_store::insert(work.connection, demand)?;
    certificate_store::touch(work.connection, id)?;
    let vouched = content::held_certificates(work.connection, &[id.any()])?.pop().and_then(|held| held.content);
    Ok(Taken::stayed().with_note(Some(note)).vouching(vouched))
}

/// 403 unless the asker's unit issued the certificate, or stands in for one that is no more.
fn must_be_issuer(asker: Asker, certificate: &IssuedCertificate) -> Result<()> {
    let own = asker.actor.unit()?;
    if own == &certificate.issuer || (own.as_str() == PROVINCE && !certificate.issuer_stands) {
        return Ok(());
    }
    Err(Error::forbidden(say("Giấy do đơn vị khác cấp.", "Another unit issued the certificate.")))
}

/// 409 where the certificate has ended, or its notice was given.
fn must_be_due(_: Asker, certificate: &IssuedCertificate) -> Result<()> {
    if certificate.standing != Standing::Valid {
        return Err(Error::wrong_state(certificate.standing.as_ref()));
    }
    if certificate.notice.is_some() {
        return Err(Error::conflict(
            "already_notified",
            say("Đã có văn bản thông báo về giấy này.", "The notice of this certificate was given already."),
        ));
    }
    Ok(())
}

fn notify(work: &mut Work, certificate: &IssuedCertificate, letter: Letter) -> Result<Taken<CertificateId>> {
    let notice = checked(work, certificate, letter)?;
    let note = format!("Công văn số {} ngày {}", notice.letter_number, short_day(&notice.letter_date));
    let id = certificate.row.id;
    notice_store::insert(work.connection, notice)?;
    certificate_store::touch(work.connection, id)?;
    let held = content::held_certificates(work.connection, &[id.any()])?.pop();
    let vouched = held.and_then(|held| held.content);
    Ok(Taken::to(Standing::Valid).with_note(Some(note)).vouching(vouched).giving(id))
}

fn checked(work: &mut Work, certificate: &IssuedCertificate, letter: Letter) -> Result<Notice> {
    let row = &certificate.row;
    let mut faults = Vec::new();
    text::check_code(&letter.letter_number, "/letter_number", 100, &mut faults);
    let at = "/letter_date";
    if letter.letter_date > work.now.day() {
        let text = say("Ngày công văn ở tương lai.", "The letter's day lies in the future.");
        faults.push(Fault::new(at, "in_future", text));
    }
    if letter.letter_date < row.issued_on {
        let text = say("Ngày công văn trước ngày cấp giấy.", "The letter's day lies before the certificate's issue.");
        faults.push(Fault::new(at, "before_issue", text));
    }
    faults.into_result()?;
    let cycle = cycle::store::find(work.connection, row.cycle_id)?
        .ok_or_else(|| Error::internal("a certificate without its cycle"))?;
    let days = cycle.edition.edition()?.notice_days;
    Ok(Notice {
        certificate_id: row.id,
        late: rules::is_late_notice(letter.letter_date, row.valid_until, days),
        letter_number: letter.letter_number,
        letter_date: letter.letter_date,
        account_id: work.actor.id,
        created_at: work.now,
    })
}
