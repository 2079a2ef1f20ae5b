//! `/result-notices/{id}/paper`: the notice as a page to be printed and signed.

use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Serialize;

use crate::account::{Caller, Work};
use crate::audit::Resource;
use crate::base::id::ResultNoticeId;
use crate::base::{Day, Error, Result};
use crate::decision::result_notice::ResultNotice;
use crate::decision::{certificate_store, paper_store, store};
use crate::http::{PathParam, Problem, Refusals};
use crate::paper::together::Drawn;
use crate::paper::{self, Proof, Subject, words};
use crate::rating::papers::minutes::outcome_name;
use crate::station::find;
use crate::{place, rating};

#[derive(Debug, Serialize)]
pub struct NoticePaper {
    pub unit: String,
    pub level: &'static str,
    pub number: String,
    pub dated: Day,
    pub commune: String,
    pub producer: String,
    pub product: String,
    /// The act, the council and its round.
    pub act: String,
    pub council: String,
    pub round: i32,
    pub year: i32,
    pub concluded_on: Day,
    pub outcome: &'static str,
    pub mean: Option<String>,
    pub stars: Option<i32>,
    pub gate_reasons: Vec<String>,
    /// The decision that recognised it by the day of the notice, and its certificate.
    pub recognised: Option<Recognised>,
    pub remark: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Recognised {
    pub decision: String,
    pub signed_on: Day,
    pub certificate: String,
    pub stars: i32,
}

#[derive(Template)]
#[template(path = "papers/result_notice.html", blocks = ["content"])]
struct NoticePage {
    paper: NoticePaper,
    proof: Proof,
}

fn render(paper: NoticePaper, proof: Proof) -> Result<String> {
    NoticePage { paper, proof }.render().map_err(Error::internal)
}

/// The same for a print of several papers.
pub fn draw(paper: NoticePaper, proof: Proof) -> Result<Drawn> {
    let page = NoticePage { paper, proof };
    let content = page.as_content().render().map_err(Error::internal)?;
    Ok((page.proof, content))
}

/// A notice of a result as a page to be printed.
#[utoipa::path(
    tag = "papers", responses((status = 200, body = String, content_type = "text/html"), Refusals)
)]
#[get("/result-notices/{id}/paper")]
pub async fn print(caller: Caller, id: PathParam<ResultNoticeId>) -> Result<HttpResponse, Problem> {
    printed(caller, id).await
}

/// The page of a notice, for whoever may have it.
pub async fn printed(caller: Caller, id: PathParam<ResultNoticeId>) -> Result<HttpResponse, Problem> {
    paper::print(
        caller,
        move |work| {
            let notice: ResultNotice = find(work, &id.get()?)?;
            of(work, notice)
        },
        render,
    )
    .await
}

pub fn of(work: &mut Work, ResultNotice { row }: ResultNotice) -> Result<(Subject, NoticePaper)> {
    let gone = || Error::internal("a notice without its result");
    let item = row.agenda_item_id;
    let results = rating::result::store::of_items(work.connection, &[item])?;
    let result = results.into_iter().find(|result| result.attempt == row.attempt).ok_or_else(gone)?;
    let basis = paper_store::basis(work.connection, item)?.ok_or_else(gone)?;
    let named = paper_store::named(work.connection, item)?.ok_or_else(gone)?;
    let certificate = certificate_store::of_agenda_item(work.connection, item)?;
    let recognised = match certificate.filter(|certificate| certificate.issued_on <= row.dated) {
        Some(certificate) => {
            let decision = store::find(work.connection, certificate.decision_id)?.and_then(|decision| decision.number);
            Some(Recognised {
                decision: decision.ok_or_else(gone)?,
                signed_on: certificate.issued_on,
                certificate: certificate.number,
                stars: certificate.stars.get(),
            })
        }
        None => None,
    };
    let subject = Subject {
        kind: paper::Kind::ResultNotice,
        resource: Resource::ResultNotice,
        id: row.id.any(),
        version: row.version,
        unit: row.unit_code.clone(),
        number: Some(row.number.clone()),
        dated: Some(row.dated),
    };
    let paper = NoticePaper {
        unit: place::store::name(work.connection, &row.unit_code, row.dated)?,
        level: words::level(&row.unit_code),
        number: row.number,
        dated: row.dated,
        commune: place::store::name(work.connection, &row.commune_code, row.dated)?,
        producer: named.producer_name,
        product: named.product_name,
        act: basis.edition.edition()?.act,
        council: basis.decision_number,
        round: basis.round,
        year: basis.year,
        concluded_on: result.concluded_at.day(),
        outcome: outcome_name(result.outcome),
        mean: rating::rules::mean(result.sum, result.sheets)
            .filter(|_| result.gate_criterion.is_none())
            .map(words::mean),
        stars: result.stars.map(|stars| stars.get()),
        gate_reasons: result.gate_reason.iter().flat_map(|reasons| reasons.lines()).map(str::to_owned).collect(),
        recognised,
        remark: row.remark,
    };
    Ok((subject, paper))
}
