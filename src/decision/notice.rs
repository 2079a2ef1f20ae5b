//! `/certificates/notices`: which certificates are about to end, and which producers were told so in writing.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Caller, Work};
use crate::base::id::{AccountId, CertificateId};
use crate::base::{Day, Error, Result};
use crate::decision::certificate_steps::OFFICES;
use crate::decision::certificate_thing::IssuedCertificate;
use crate::decision::certificate_view::CertificateView;
use crate::decision::notice_store::{self, Notice};
use crate::http::{Answer, Page, Problem, Refusals, bounds};
use crate::station::{Shown, Thing, find};

/// A certificate that is about to end.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ending {
    #[serde(flatten)]
    certificate: CertificateView,
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

/// Certificates with the days that are left, in the same order.
fn endings(work: &mut Work, certificates: &[IssuedCertificate]) -> Result<Vec<Ending>> {
    let today = work.now.day();
    let views = IssuedCertificate::views(work, certificates)?;
    let ending = |(certificate, view): (&IssuedCertificate, CertificateView)| Ending {
        certificate: view,
        days_left: today.days_until(certificate.row.valid_until),
        notice: certificate.notice.clone().map(Into::into),
    };
    Ok(certificates.iter().zip(views).map(ending).collect())
}

/// A certificate whose notice was just recorded.
pub fn answer(work: &mut Work, id: CertificateId) -> Result<Answer> {
    let certificate = find::<IssuedCertificate>(work, &id)?;
    let ending = endings(work, std::slice::from_ref(&certificate))?.pop();
    Answer::resource(certificate.version(), ending.ok_or_else(|| Error::internal("a view is missing"))?)
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
    let mut query = caller.request.query();
    caller
        .read(move |work| {
            work.actor.must_be(OFFICES)?;
            let paging = query.paging::<String>();
            let within = query.number_or_usual(bounds::WITHIN);
            query.finish()?;
            let (unit, today) = (work.actor.unit()?.clone(), work.now.day());
            let until = today.plus_days(within);
            let after = paging.after.as_ref();
            let found = notice_store::ending(work.connection, &unit, today, until, after, paging.one_more())?;
            let (found, next) = paging.cut(found, |row| row.number.clone())?;
            let found = IssuedCertificate::around(work, found)?;
            Ok(Answer::page(endings(work, &found)?, next)?)
        })
        .await
}
