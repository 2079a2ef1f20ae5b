//! Printing: the station gives the content, the paper gets its code and proof, the template draws it.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY, X_CONTENT_TYPE_OPTIONS};
use serde::Serialize;

use crate::account::{Caller, Work};
use crate::audit::seal::Seal;
use crate::audit::seal_store;
use crate::base::Result;
use crate::http::Problem;
use crate::paper::proof::Proof;
use crate::paper::rules::{self, Subject};
use crate::paper::store::{self, Paper};

/// Pages run no script and load nothing.
pub const NOTHING_LOADED: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
                                   frame-ancestors 'none'";

/// Prints for the caller what `content` finds that the caller may have. Only the first print of a content writes.
pub async fn print<C, F, R>(caller: Caller, content: F, render: R) -> Result<HttpResponse, Problem>
where
    C: Serialize + Send + 'static,
    F: FnOnce(&mut Work) -> Result<(Subject, C)> + Send + 'static,
    R: FnOnce(C, Proof) -> Result<String>,
{
    let public_url = caller.app.public_url.clone();
    let (content, paper, seal) = proven(caller, content).await?;
    let proof = Proof::new(&paper, seal.as_ref(), &public_url)?;
    Ok(hand_out("text/html; charset=utf-8", render(content, proof)?))
}

/// What `content` finds that the caller may have, with the paper that it is and the seal over it.
pub async fn proven<C, F>(caller: Caller, content: F) -> Result<(C, Paper, Option<Seal>), Problem>
where
    C: Serialize + Send + 'static,
    F: FnOnce(&mut Work) -> Result<(Subject, C)> + Send + 'static,
{
    let app = caller.app.clone();
    let found = caller.look(move |work| {
        let (subject, content) = content(work)?;
        let digest = rules::digest(&content)?;
        let paper = store::with_content(work.connection, &subject, &digest)?;
        let seal = seal_store::of(work.connection, subject.resource, subject.id)?;
        Ok((subject, content, digest, paper, seal, work.actor.id, work.now))
    });
    let (subject, content, digest, paper, seal, by, now) = found.await?;
    let paper = match paper {
        Some(paper) => paper,
        None => {
            let entered =
                app.database.write(move |connection| store::enter(connection, &subject, &digest, by, now)).await;
            entered?
        }
    };
    Ok((content, paper, seal))
}

/// The proof of a content that is printed with others, within a transaction that may write.
pub fn proof_of(work: &mut Work, subject: Subject, content: &impl Serialize) -> Result<Proof> {
    let digest = rules::digest(content)?;
    let paper = match store::with_content(work.connection, &subject, &digest)? {
        Some(paper) => paper,
        None => store::enter(work.connection, &subject, &digest, work.actor.id, work.now)?,
    };
    let seal = seal_store::of(work.connection, subject.resource, subject.id)?;
    Proof::new(&paper, seal.as_ref(), &work.app.public_url)
}

/// An answer that is a paper: nobody on the way keeps it, and nothing in it runs.
pub fn hand_out(media: &'static str, body: impl Into<actix_web::web::Bytes>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((VARY, "Accept"))
        .insert_header((CONTENT_SECURITY_POLICY, NOTHING_LOADED))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(body.into())
}
