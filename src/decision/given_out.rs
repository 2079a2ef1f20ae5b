//! `/decisions/{id}/decision.pdf`: the file that is signed outside. What is given out is kept by its digest.

use actix_web::{HttpResponse, get, web};

use crate::account::Caller;
use crate::base::Error;
use crate::base::id::DecisionId;
use crate::decision::decision_pdf::{self, DecisionSheet};
use crate::decision::signature::judge::GivenOut;
use crate::decision::{Decision, paper as decision_paper, signature};
use crate::http::{PathParam, Problem, Refusals};
use crate::paper::{self, words};
use crate::station::find;

/// A decision as a PDF: before it is promulgated the one that is signed outside.
#[utoipa::path(
    tag = "papers", responses((status = 200, body = Vec<u8>, content_type = "application/pdf"), Refusals)
)]
#[get("/decisions/{id}/decision.pdf")]
pub async fn pdf(caller: Caller, id: PathParam<DecisionId>) -> Result<HttpResponse, Problem> {
    given_out(caller, id).await
}

/// The PDF of a decision, for whoever may have it; that it was given out is kept, so that it is known again once it is signed.
pub async fn given_out(caller: Caller, id: PathParam<DecisionId>) -> Result<HttpResponse, Problem> {
    let app = caller.app.clone();
    let asked = id.clone();
    let (paper, proven, _) = paper::proven(caller, move |work| {
        let decision: Decision = find(work, &asked.get()?)?;
        decision_paper::of(work, decision)
    })
    .await?;
    let sheet = DecisionSheet {
        paper,
        code: paper::rules::grouped(&proven.code),
        address: format!("{}/p/{}", app.public_url, proven.code),
        digest: paper::proof::printed(&proven.digest),
        made_on: words::short_day(&proven.made_at.day()),
        qr: paper::proof::text(&app.public_url, &proven.code),
    };
    let drawn = web::block(move || decision_pdf::draw(&sheet)).await.map_err(Error::internal)??;
    let (made, now, key) = (GivenOut::of(&drawn)?, app.clock.now(), id.get()?);
    let known = app.database.read(move |connection| signature::store::given_out(connection, key)).await?;
    if !known.contains(&made) {
        app.database.write(move |connection| signature::store::give_out(connection, key, &made, now)).await?;
    }
    Ok(paper::hand_out("application/pdf", drawn))
}
