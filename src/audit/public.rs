//! `/public/seals`: the heads of the history, for whoever wants to keep one outside of this service.

use actix_web::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use utoipa::ToSchema;

use crate::audit::seal::Seal;
use crate::audit::seal_store;
use crate::base::{Day, Digest, Moment};
use crate::http::{Answer, Page, Problem, Refusals, Visitor};

/// A seal, of which there is one at each fixed time whether or not anything happened. It says nothing of what it covers, not
/// even whether it is anything: during a session that would count sheets.
///
/// The signature (Ed25519, by the key `key_id` of `/.well-known/jwks.json`) is over the text `ocop-seal`, a zero byte, and
/// `[number,at,"previous","head"]` without spaces, with `at` in microseconds since 1970.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SealAnswer)]
pub struct SealAnswer {
    /// From 1 on, without gaps.
    number: i64,
    /// The fixed time.
    at: Moment,
    /// SHA-256 over a salt, the head before, the number, the time and the digests of the steps that it covers.
    head: Digest,
    /// The head of the seal before; zeros for the first.
    previous: Digest,
    key_id: String,
    /// Base64url.
    signature: String,
}

impl From<Seal> for SealAnswer {
    fn from(seal: Seal) -> Self {
        let Seal { number, at, head, previous, key_id, signature, entries: _, salt: _ } = seal;
        Self { number, at, head, previous, key_id, signature: URL_SAFE_NO_PAD.encode(signature) }
    }
}

/// The seals, the newest first; `on` gives the head of a Vietnamese day, which is its last seal.
#[utoipa::path(
    tag = "public",
    security(()),
    params(("on" = Option<Day>, Query), ("limit" = Option<i64>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = Page<SealAnswer>), Refusals)
)]
#[get("/public/seals")]
pub async fn seals(visitor: Visitor) -> Result<Answer, Problem> {
    visitor
        .read(|open| {
            let mut query = open.request.query();
            let paging = query.paging::<i64>();
            let on: Option<Day> = query.take("on");
            query.finish()?;
            let (found, next) = match on {
                Some(day) => (seal_store::of_day(open.connection, day)?.into_iter().collect(), None),
                None => {
                    let found = seal_store::list(open.connection, paging.after, paging.one_more())?;
                    paging.cut(found, |seal| seal.number)?
                }
            };
            Answer::page(found.into_iter().map(SealAnswer::from).collect(), next)
        })
        .await
}
