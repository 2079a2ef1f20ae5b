//! The step of certificates: their issuer tells producers in writing that they are about to end.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Asker, Role, Work};
use crate::base::id::CertificateId;
use crate::base::{Day, Error, Fault, Faults, Result, say, text};
use crate::cycle;
use crate::decision::certificate_store;
use crate::decision::certificate_thing::IssuedCertificate;
use crate::decision::content;
use crate::decision::notice_store::{self, Notice};
use crate::decision::rules::{self, Standing};
use crate::place::rules::PROVINCE;
use crate::station::{By, Offer, Taken, Verb, label, plain_forms};

/// The letter of a notice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    letter_number: String,
    letter_date: Day,
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

pub static VERBS: &[&dyn Offer<IssuedCertificate>] = &[&NOTIFY];

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
        return Err(Error::wrong_state("notify", certificate.standing.as_ref()));
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
    let note = format!("Công văn số {} ngày {}", notice.letter_number, notice.letter_date);
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
