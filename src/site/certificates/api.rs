//! `/public/certificates` and `/c`, which a certificate's QR leads to.

use actix_web::{HttpResponse, get};

use crate::base::{Error, canonical};
use crate::decision::certificate_paper;
use crate::http::{Answer, PathParam, Problem, Refusals, Visitor};
use crate::paper::hand_out;
use crate::site::certificates::page;
use crate::site::certificates::view::{PublicCertificate, unknown_certificate};
use crate::site::{rules, store};

/// Verifies a certificate by the number that is printed on it.
#[utoipa::path(
    tag = "public",
    security(()),
    responses((status = 200, body = PublicCertificate), Refusals)
)]
#[get("/public/certificates/{number}")]
pub async fn verify(visitor: Visitor, number: PathParam<String>) -> Result<Answer, Problem> {
    visitor
        .read(|open| {
            let number = known(number)?;
            let verified = store::certificate(open.connection, &number)?.ok_or_else(unknown_certificate)?;
            Answer::ok(PublicCertificate::new(verified, open.now.day()))
        })
        .await
}

/// A certificate as a PDF, as everybody may have it; it says so where it is revoked or expired.
#[utoipa::path(
    tag = "public",
    security(()),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf"), Refusals)
)]
#[get("/public/certificates/{number}/certificate.pdf")]
pub async fn certificate_pdf(visitor: Visitor, number: PathParam<String>) -> Result<HttpResponse, Problem> {
    let app = visitor.app;
    let (number, today) = (known(number)?, app.clock.now().day());
    let public_url = app.public_url.clone();
    let found = app.database.read(move |connection| certificate_paper::sheet(connection, &number, &public_url, today));
    certificate_paper::pdf(found.await?).await
}

/// A certificate as a compact JWS (EdDSA) whose payload is a `SignedCertificate`: an app verifies it off line with the
/// keys of `/.well-known/jwks.json`. Its type is `ocop-certificate+jws`. A revoked one is not signed (409).
#[utoipa::path(
    tag = "public",
    security(()),
    responses((status = 200, body = String, content_type = "application/jose"), Refusals)
)]
#[get("/public/certificates/{number}/signed")]
pub async fn signed_certificate(visitor: Visitor, number: PathParam<String>) -> Result<HttpResponse, Problem> {
    let app = visitor.app;
    let (number, today) = (known(number)?, app.clock.now().day());
    let (keys, public_url) = (app.keys.clone(), app.public_url.clone());
    let signed =
        app.database.read(move |connection| certificate_paper::signed(connection, &keys, &number, &public_url, today));
    Ok(hand_out("application/jose", signed.await?))
}

fn known(number: PathParam<String>) -> Result<String, Error> {
    let number = canonical::compact(&number.get()?).into_owned();
    if rules::is_number(&number) { Ok(number) } else { Err(unknown_certificate()) }
}

/// What the QR of a certificate leads to: its verification, as a page where `text/html` is named in `Accept`, else JSON.
#[utoipa::path(
    tag = "public", security(()),
    responses((status = 200, content((PublicCertificate = "application/json"), (String = "text/html"))), Refusals)
)]
#[get("/c/{number}")]
pub async fn check(visitor: Visitor, number: PathParam<String>) -> Result<HttpResponse, Problem> {
    check_any(visitor, number).await
}

/// As [`check`]; also mounted under `/C`, which is how the QR spells it.
pub async fn check_any(visitor: Visitor, number: PathParam<String>) -> Result<HttpResponse, Problem> {
    let Visitor { app, request } = visitor;
    page::check(app, &request, known(number)).await
}
