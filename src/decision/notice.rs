//! `/certificates/notices` and `/certificates/{id}/notify`: the issuer tells producers in writing that a certificate is
//! about to end.

use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{Caller, Role, Work};
use crate::audit::{Entry, Resource, StepName};
use crate::base::id::{AccountId, CertificateId};
use crate::base::{Day, Error, Fault, Faults, Result, UnitCode, say, text};
use crate::cycle;
use crate::decision::certificate_api::{self, CertificateAnswer};
use crate::decision::certificate_store::{self, Certificate};
use crate::decision::content;
use crate::decision::notice_store::{self, Notice};
use crate::decision::rules::{self, Standing};
use crate::decision::store;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::place;
use crate::place::rules::PROVINCE;

const OFFICES: &[Role] = &[Role::ProvincialOfficer, Role::DistrictOfficer];

/// A certificate that is about to end.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ending {
    #[serde(flatten)]
    certificate: CertificateAnswer,
    /// Days from today to its last day.
    days_left: i64,
    /// The written notice, once it was given.
    notice: Option<NoticeAnswer>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeAnswer {
    letter_number: String,
    letter_date: Day,
    /// Given fewer days before the end than the edition demands.
    late: bool,
    account_id: AccountId,
}

impl From<Notice> for NoticeAnswer {
    fn from(notice: Notice) -> Self {
        let Notice { letter_number, letter_date, late, account_id, .. } = notice;
        Self { letter_number, letter_date, late, account_id }
    }
}

fn ending(certificate: Certificate, notice: Option<Notice>, today: Day) -> Ending {
    let days_left = today.days_until(certificate.valid_until);
    Ending { certificate: certificate_api::answer(certificate, today), days_left, notice: notice.map(Into::into) }
}

/// The letter of a notice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    letter_number: String,
    letter_date: Day,
}

/// The unit's valid certificates that end within so many days (`within`, default 60), with their notices.
#[utoipa::path(
    tag = "certificates",
    params(
        ("within" = Option<i64>, Query, description = "How many days from today, default 60"),
        ("limit" = Option<i64>, Query), ("after" = Option<String>, Query),
    ),
    responses((status = 200, body = Page<Ending>), Refusals)
)]
#[get("/certificates/notices")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            work.must_be(OFFICES)?;
            let mut query = work.request.query();
            let paging = query.paging::<String>();
            let within = query.take::<i64>("within").unwrap_or(60);
            query.finish()?;
            if !(0..=3660).contains(&within) {
                let text = say("within từ 0 đến 3660 ngày.", "within is 0 to 3660 days.");
                return Err(Error::invalid("within", "out_of_range", text).into());
            }
            let (unit, today) = (work.actor.unit()?.clone(), work.now.day());
            let until = today.plus_days(within);
            let after = paging.after.as_ref();
            let found = notice_store::ending(work.connection, &unit, today, until, after, paging.one_more())?;
            let (found, next) = paging.cut(found, |(certificate, _)| certificate.number.clone())?;
            let items = found.into_iter().map(|(certificate, notice)| ending(certificate, notice, today)).collect();
            Ok(Answer::page(items, next)?)
        })
        .await
}

/// Records the written notice that a certificate is about to end (office of the unit that issued it).
#[utoipa::path(tag = "certificates", request_body = Letter, responses((status = 200, body = Ending), Refusals))]
#[post("/certificates/{id}/notify")]
pub async fn notify(caller: Caller, id: PathParam<CertificateId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let id = id.get()?;
            certificate_store::take(work.connection, id)?;
            let certificate = certificate_api::visible(work, id)?;
            work.must_be(OFFICES)?;
            must_be_issuer(work, &certificate)?;
            work.begin_at(certificate.version)?;
            must_be_due(work, &certificate)?;
            let letter: Letter = work.body()?;
            let notice = checked(work, &certificate, letter)?;
            record(work, &certificate, &notice)?;
            notice_store::insert(work.connection, notice.clone())?;
            certificate_store::touch(work.connection, id)?;
            let certificate = certificate_api::visible(work, id)?;
            Ok(Answer::resource(certificate.version, ending(certificate, Some(notice), work.now.day()))?)
        })
        .await
}

/// 403 unless the asker's unit issued the certificate, or stands in for one that is no more.
fn must_be_issuer(work: &mut Work, certificate: &Certificate) -> Result<()> {
    let issuer: UnitCode = store::find(work.connection, certificate.decision_id)?
        .ok_or_else(|| Error::internal("a certificate without its decision"))?
        .unit_code;
    let own = work.actor.unit()?.clone();
    let stands = place::store::find(work.connection, &issuer, work.now.day())?.is_some();
    if own == issuer || (own.as_str() == PROVINCE && !stands) {
        return Ok(());
    }
    Err(Error::forbidden(say("Giấy do đơn vị khác cấp.", "Another unit issued the certificate.")))
}

/// 409 where the certificate has ended, or its notice was given.
fn must_be_due(work: &mut Work, certificate: &Certificate) -> Result<()> {
    let standing = rules::standing(certificate.valid_until, certificate.revoked_on, work.now.day());
    if standing != Standing::Valid {
        return Err(Error::wrong_state("notify", standing.as_ref()));
    }
    if notice_store::find(work.connection, certificate.id)?.is_some() {
        return Err(Error::conflict(
            "already_notified",
            say("Đã có văn bản thông báo về giấy này.", "The notice of this certificate was given already."),
        ));
    }
    Ok(())
}

fn checked(work: &mut Work, certificate: &Certificate, letter: Letter) -> Result<Notice> {
    let mut faults = Vec::new();
    text::check_code(&letter.letter_number, "/letter_number", 100, &mut faults);
    let at = "/letter_date";
    if letter.letter_date > work.now.day() {
        let text = say("Ngày công văn ở tương lai.", "The letter's day lies in the future.");
        faults.push(Fault::new(at, "in_future", text));
    }
    if letter.letter_date < certificate.issued_on {
        let text = say("Ngày công văn trước ngày cấp giấy.", "The letter's day lies before the certificate's issue.");
        faults.push(Fault::new(at, "before_issue", text));
    }
    faults.into_result()?;
    let cycle = cycle::store::find(work.connection, certificate.cycle_id)?
        .ok_or_else(|| Error::internal("a certificate without its cycle"))?;
    let days = cycle.edition.edition()?.notice_days;
    Ok(Notice {
        certificate_id: certificate.id,
        late: rules::is_late_notice(letter.letter_date, certificate.valid_until, days),
        letter_number: letter.letter_number,
        letter_date: letter.letter_date,
        account_id: work.actor.id,
        created_at: work.now,
    })
}

fn record(work: &mut Work, certificate: &Certificate, notice: &Notice) -> Result<()> {
    let note = format!("Công văn số {} ngày {}", notice.letter_number, notice.letter_date);
    let entry = Entry {
        resource: Resource::Certificate,
        id: certificate.id,
        version: certificate.version + 1,
        account: None,
        verb: const { StepName::new("notify") },
        from: Some(Standing::Valid.as_ref()),
        to: Some(Standing::Valid.as_ref()),
        note: Some(&note),
    };
    content::record_certificate(work, entry)
}
