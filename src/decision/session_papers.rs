//! `/councils/{id}/session-papers`: what is printed after a council's session, in one go: its minutes, the sheets of each
//! concluded product, and the notices that were written of the results.

use actix_web::{HttpResponse, get};

use crate::account::caller::authenticate;
use crate::account::{Caller, Work};
use crate::base::Result;
use crate::base::id::CouncilId;
use crate::decision::ResultNotice;
use crate::decision::result_notice::{paper as notice_paper, store as notice_store};
use crate::http::{PathParam, Problem, Refusals};
use crate::paper::together::{self, Drawn};
use crate::paper::{hand_out, proof_of};
use crate::rating::agenda::store::AgendaItemFilter;
use crate::rating::papers::api::minutes_for;
use crate::rating::papers::sheets::Share;
use crate::rating::papers::{minutes, sheets};
use crate::rating::{Council, Session};
use crate::station::{Listed, Stretch, find};

/// Minutes, sheets with names and notices of a council's session as one page to be printed. For who may have the minutes; the
/// sheets of a product are for who led its session and the office.
#[utoipa::path(
    tag = "papers", responses((status = 200, body = String, content_type = "text/html"), Refusals)
)]
#[get("/councils/{id}/session-papers")]
pub async fn print(caller: Caller, id: PathParam<CouncilId>) -> Result<HttpResponse, Problem> {
    printed(caller, id).await
}

/// The papers of a council's session, for whoever may have them.
pub async fn printed(caller: Caller, id: PathParam<CouncilId>) -> Result<HttpResponse, Problem> {
    let Caller { app, request } = caller;
    let account = authenticate(&app, &request)?;
    let database = app.database.clone();
    let gathered = database.write(move |connection| {
        let mut work = Work::new(connection, app, request.language, account)?;
        gather(&mut work, id.get()?)
    });
    let (title, papers) = gathered.await?;
    Ok(hand_out("text/html; charset=utf-8", together::render(&title, &papers)?))
}

/// They are entered as printed.
fn gather(work: &mut Work, id: CouncilId) -> Result<(String, Vec<Drawn>)> {
    let council: Council = find(work, &id)?;
    let (subject, content) = minutes_for(work, id)?;
    let proof = proof_of(work, subject, &content)?;
    let mut papers = vec![minutes::draw(content, proof)?];
    let filter = AgendaItemFilter { council_id: Some(id), ..AgendaItemFilter::default() };
    let mut sessions = Session::list(work, &filter, &Stretch::first(i64::MAX))?;
    sessions.retain(|session| session.concluded.is_some());
    sessions.sort_by_key(|session| session.item.position);
    let led: Vec<&Session> = sessions.iter().filter(|session| session.is_led_by(&work.actor)).collect();
    for session in led {
        let (subject, content) = sheets::of(work, session, session.result()?, Share::Named)?;
        let proof = proof_of(work, subject, &content)?;
        papers.push(sheets::draw(content, proof)?);
    }
    let items: Vec<_> = sessions.iter().map(|session| session.item.id).collect();
    for row in notice_store::of_items(work.connection, &work.actor.territory(), &items)? {
        let (subject, content) = notice_paper::of(work, ResultNotice { row })?;
        let proof = proof_of(work, subject, &content)?;
        papers.push(notice_paper::draw(content, proof)?);
    }
    Ok((format!("Hội đồng {}", council.row.decision_number), papers))
}
