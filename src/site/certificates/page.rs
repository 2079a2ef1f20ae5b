//! What the QR of a certificate shows to people.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::base::{Day, Error, Result};
use crate::decision::rules::Standing;
use crate::http::{App, Problem, Request};
use crate::page::{Frame, Mood, Section, data, fresh, texts, words};
use crate::site::certificates::view::{PublicCertificate, unknown_certificate};
use crate::site::store;

#[derive(Template)]
#[template(path = "certificate.html")]
struct CertificatePage<'a> {
    frame: Frame,
    t: &'static texts::Certificate,
    certificate: &'a PublicCertificate,
}

impl CertificatePage<'_> {
    fn mood(&self) -> Mood {
        match self.certificate.state {
            Standing::Valid | Standing::Extended => Mood::Good,
            Standing::Expired => Mood::Doubt,
            Standing::Revoked => Mood::Bad,
        }
    }

    fn verdict(&self) -> &'static str {
        match self.certificate.state {
            Standing::Valid => self.t.valid,
            Standing::Extended => self.t.extended,
            Standing::Expired => self.t.expired,
            Standing::Revoked => self.t.revoked,
        }
    }

    fn meaning(&self) -> &'static str {
        match self.certificate.state {
            Standing::Valid => self.t.means_valid,
            Standing::Extended => self.t.means_extended,
            Standing::Expired => self.t.means_expired,
            Standing::Revoked => self.t.means_revoked,
        }
    }

    fn day(&self, day: &Day) -> String {
        words::day(self.frame.language, *day)
    }
}

/// The verification of a certificate, for people or programs.
pub async fn check(app: App, request: &Request, number: Result<String>) -> Result<HttpResponse, Problem> {
    let (number, today) = (number?, app.clock.now().day());
    let found = app.database.read(move |connection| store::certificate(connection, &number)).await?;
    let certificate = PublicCertificate::new(found.ok_or_else(unknown_certificate)?, today);
    if !request.wants_page {
        return Ok(data(request.language, StatusCode::OK, &certificate));
    }
    let frame = Frame::new(&app, request, Section::Check);
    let page = CertificatePage { t: &frame.texts.certificate, certificate: &certificate, frame };
    let html = page.render().map_err(Error::internal)?;
    Ok(fresh(&page.frame, StatusCode::OK, html))
}
