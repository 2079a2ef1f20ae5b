//! `/public/consents`: what people agree to.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use crate::base::{BothLanguages, Day, Result};
use crate::http::answer::Kept;
use crate::http::{Answer, Page, Problem, Refusals, Visitor};
use crate::privacy::consent::{self, ConsentKind, ConsentText};

/// A text that people agree to when they give data of theirs.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicConsent {
    kind: ConsentKind,
    /// What `consent.version` says where it is agreed to.
    version: i32,
    /// Whether it is the one that is agreed to today; others were agreed to before.
    in_force: bool,
    valid_from: Day,
    purpose: BothLanguages,
    text: BothLanguages,
}

/// The texts of consent up to today, for registrations and doubts, in both languages.
#[utoipa::path(
    tag = "public",
    security(()),
    responses((status = 200, body = Page<PublicConsent>, headers(("ETag" = String, description = "Tells this answer apart, for `If-None-Match`."))), Refusals)
)]
#[get("/public/consents")]
pub async fn list_consents(visitor: Visitor) -> std::result::Result<Answer, Problem> {
    visitor.request.query().finish()?;
    let today = visitor.app.clock.now().day();
    let texts = consent::texts()?.iter().filter(|text| text.valid_from <= today);
    let items = texts.map(|text| shown(text, today)).collect::<Result<Vec<_>>>()?;
    Ok(Answer::page(items, None)?.kept(Kept::Publicly(60)))
}

fn shown(text: &ConsentText, today: Day) -> Result<PublicConsent> {
    Ok(PublicConsent {
        kind: text.kind,
        version: text.version,
        in_force: consent::in_force(text.kind, today)?.version == text.version,
        valid_from: text.valid_from,
        purpose: (&text.purpose).into(),
        text: (&text.text).into(),
    })
}
