//! What an old code is answered: the product, and that it says nothing of the goods in hand.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, web};

use crate::base::Result;
use crate::decision::certificate_store::newest_of;
use crate::decision::rules::Certified;
use crate::hold;
use crate::http::{App, Problem, Refusals};
use crate::page::Texts;
use crate::product::attachment_store::{self, Picture};
use crate::product::picture;
use crate::stamp::Scanner;
use crate::stamp::answer::{CertificateAnswer, ProducerAnswer, ProductAnswer, WordsAnswer};
use crate::stamp::asked::{Asked, unknown_stamp};
use crate::stamp::legacy::answer::LegacyAnswer;
use crate::stamp::legacy::store::{self, LegacyProduct};
use crate::stamp::page::StampPage;
use crate::stamp::rules::{Facts, Verdict};

/// Answers a text that has not the shape of our codes: an old code, or 404 without a question to the database.
pub async fn answer(asked: &Asked, text: &str) -> Result<HttpResponse> {
    let code = asked.scanner.legacy().find(text).ok_or_else(unknown_stamp)?;
    let looked = code.clone();
    let found = asked.app.database.read(move |connection| {
        let Some(found) = store::find(connection, &looked)? else { return Err(unknown_stamp()) };
        let certificate = newest_of(connection, &[found.product])?.remove(&found.product);
        let is_held = hold::store::held(connection, &[found.product], &[])?.0.contains(&found.product);
        let picture = attachment_store::face(connection, found.product)?;
        Ok((found, certificate, is_held, picture))
    });
    let (found, certificate, is_held, picture) = found.await?;
    let answer = shown(asked, code, found, certificate, is_held, picture);
    if asked.request.wants_page {
        return StampPage::of_legacy(asked.frame(), &answer).respond();
    }
    Ok(asked.data(StatusCode::OK, answer))
}

fn shown(
    asked: &Asked,
    code: String,
    found: LegacyProduct,
    certificate: Option<Certified>,
    is_held: bool,
    picture: Option<Picture>,
) -> LegacyAnswer {
    let (texts, today) = (Texts::of(asked.request.language), asked.app.clock.now().day());
    // What is known of the product, as if it were of a stamp against which nothing else stands.
    let facts = Facts {
        is_void: false,
        is_recalled: false,
        is_held,
        is_suspect: false,
        is_activated: true,
        is_display: false,
        certificate,
        expires_on: None,
    };
    let product_verdict = Some(facts.verdict(today)).filter(|verdict| *verdict != Verdict::Genuine);
    let warnings = facts.warnings(today);
    let notes = product_verdict.map(|verdict| verdict.words(texts)).into_iter();
    let notes = notes.chain(warnings.iter().map(|warning| warning.words(texts))).map(WordsAnswer::new).collect();
    let certificate = facts.certificate.filter(|certificate| certificate.is_in_force(today));
    LegacyAnswer {
        code,
        verdict: "legacy",
        words: WordsAnswer::new(&texts.legacy),
        product_verdict,
        warnings,
        notes,
        product: ProductAnswer {
            name: found.product_name,
            code: found.product_code,
            stars: certificate.as_ref().map(|certificate| certificate.stars),
            image: picture.as_ref().map(|face| picture::absolute(&asked.app.public_url, face.id)),
            picture,
            gtin: found.gtin,
            origin: found.origin,
            shelf_life: found.shelf_life,
            safety_warnings: found.safety_warnings,
        },
        producer: ProducerAnswer {
            name: found.producer_name,
            address: found.address,
            kind: found.kind,
            phone: found.public_phone.then_some(found.phone),
        },
        certificate: certificate.map(CertificateAnswer::from),
    }
}

/// Looks an old address up: `?address=` with the text of the old QR.
#[utoipa::path(
    tag = "public", security(()), params(("address" = String, Query, description = "what the old QR says")),
    responses((status = 200, body = LegacyAnswer), Refusals)
)]
#[get("/public/legacy")]
pub async fn look_up(
    request: HttpRequest,
    app: web::Data<App>,
    scanner: web::Data<Scanner>,
) -> std::result::Result<HttpResponse, Problem> {
    let asked = Asked::new(&request, &app, &scanner)?;
    let mut query = asked.request.query();
    let address: Option<String> = query.take("address");
    query.finish()?;
    Ok(answer(&asked, &address.unwrap_or_default()).await?)
}

/// Where a typed address of earlier software leads, as a page. Parameters that others add are passed over.
#[utoipa::path(
    tag = "pages", security(()), params(("address" = String, Query, description = "what the old QR says")),
    responses((status = 200, body = String, content_type = "text/html"), Refusals)
)]
#[get("/legacy")]
pub async fn show(
    request: HttpRequest,
    app: web::Data<App>,
    scanner: web::Data<Scanner>,
) -> std::result::Result<HttpResponse, Problem> {
    let mut asked = Asked::new(&request, &app, &scanner)?;
    asked.request.wants_page = true;
    let address: Option<String> = asked.request.query().take("address");
    Ok(answer(&asked, &address.unwrap_or_default()).await?)
}
