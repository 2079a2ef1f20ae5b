//! What the QR of a certificate shows to people.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use askama::Template;

use crate::base::{Day, Error, Result, say};
use crate::decision::rules::Standing;
use crate::http::{House, Language, Problem, Request};
use crate::paper::api::{html, json, notice};
use crate::paper::words;
use crate::site::api::PublicCertificate;
use crate::site::store;

#[derive(Template)]
#[template(path = "certificate.html")]
struct CertificatePage<'a> {
    language: Language,
    certificate: &'a PublicCertificate,
}

impl CertificatePage<'_> {
    fn say(&self, vi: &'static str, en: &'static str) -> String {
        self.language.pick(&say(vi, en)).to_owned()
    }

    /// Which colour the verdict has; words and a sign say the same.
    fn mood(&self) -> &'static str {
        match self.certificate.state {
            Standing::Valid => "good",
            Standing::Expired => "doubt",
            Standing::Revoked => "bad",
        }
    }

    fn verdict(&self) -> String {
        match self.certificate.state {
            Standing::Valid => self.say("✓ Giấy chứng nhận thật, còn giá trị", "✓ A genuine certificate, valid today"),
            Standing::Expired => self.say("! Giấy chứng nhận đã hết hiệu lực", "! This certificate is no longer valid"),
            Standing::Revoked => self.say("✕ Giấy chứng nhận đã bị thu hồi", "✕ This certificate was revoked"),
        }
    }

    fn stars(&self) -> String {
        self.certificate.stars.map_or_else(String::new, |stars| (0..stars.get()).map(|_| '★').collect())
    }

    fn day(&self, day: &Day) -> String {
        words::short_day(day)
    }
}

/// The verification of a certificate, for people or programs.
pub async fn check(house: House, request: &Request, number: Result<String>) -> Result<HttpResponse, Problem> {
    let (language, wants_page) = (request.language, request.wants_page);
    let today = house.clock.now().day();
    let found = async {
        let number = number?;
        house.database.read(move |connection| store::certificate(connection, &number)?.ok_or_else(Error::unknown)).await
    };
    match found.await {
        Ok(verified) => {
            let certificate = PublicCertificate::new(verified, today);
            if !wants_page {
                return Ok(json(language, &certificate));
            }
            let page = CertificatePage { language, certificate: &certificate }.render().map_err(Error::internal)?;
            Ok(html(language, StatusCode::OK, page))
        }
        Err(error) if wants_page && error.refusal().is_some() => {
            let title = say("Không có giấy chứng nhận này", "There is no such certificate");
            let text = say(
                "Tỉnh không cấp giấy chứng nhận nào có số này.",
                "The province has issued no certificate with this number.",
            );
            let status = Problem(error).status_code();
            Ok(html(language, status, notice(language, &title, &text)?))
        }
        Err(error) => Err(Problem(error)),
    }
}
