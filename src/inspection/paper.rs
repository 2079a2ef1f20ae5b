//! `/inspections/{id}/paper`: the minutes as a page to be printed and signed; from the visit on, as a draft until they are signed.

use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Serialize;

use crate::account::{Caller, Work};
use crate::audit::Resource;
use crate::base::id::InspectionId;
use crate::base::{Day, Error, Result, UnitCode};
use crate::http::{PathParam, Problem, Refusals};
use crate::inspection::checklist::{self, Finding};
use crate::inspection::record::{Member, Minutes, Sample, Side, Signature};
use crate::inspection::rules::{Kind, State};
use crate::inspection::{Inspection, signature};
use crate::paper::{self, Proof, Subject};
use crate::place::rules::PROVINCE;
use crate::station::find;
use crate::{place, producer, product};

#[derive(Debug, Serialize)]
pub struct MinutesPaper {
    unit: String,
    decision: String,
    decided_on: Day,
    kind: Kind,
    product: String,
    product_code: String,
    producer: String,
    address: String,
    visited_on: Day,
    members: Vec<Member>,
    findings: Vec<Found>,
    samples: Vec<Sample>,
    /// None while they are not signed.
    minutes: Option<Minutes>,
}

/// An item of the checklist as it stands in the minutes.
#[derive(Debug, Serialize)]
struct Found {
    item: String,
    answer: Option<Finding>,
    note: Option<String>,
}

#[derive(Template)]
#[template(path = "papers/inspection.html")]
struct MinutesPage {
    paper: MinutesPaper,
    proof: Proof,
}

impl MinutesPage {
    fn signed_for(&self, side: Side) -> Vec<&Signature> {
        let signatures = self.paper.minutes.iter().flat_map(|minutes| &minutes.signatures);
        signatures.filter(|signature| signature.side == side).collect()
    }

    fn of_team(&self) -> Vec<&Signature> {
        self.signed_for(Side::Team)
    }

    fn of_producer(&self) -> Vec<&Signature> {
        self.signed_for(Side::Producer)
    }

    fn of_witnesses(&self) -> Vec<&Signature> {
        self.signed_for(Side::Witness)
    }

    fn drawn(&self, signature: &Signature) -> String {
        signature::drawing(&signature.strokes).unwrap_or_default()
    }
}

fn render(paper: MinutesPaper, proof: Proof) -> Result<String> {
    MinutesPage { paper, proof }.render().map_err(Error::internal)
}

/// The minutes of an inspection as a page to be printed; 409 before the visit.
#[utoipa::path(
    tag = "papers", responses((status = 200, body = String, content_type = "text/html"), Refusals)
)]
#[get("/inspections/{id}/paper")]
pub async fn print(caller: Caller, id: PathParam<InspectionId>) -> Result<HttpResponse, Problem> {
    printed(caller, id).await
}

/// The same for who asks from a page.
pub async fn printed(caller: Caller, id: PathParam<InspectionId>) -> Result<HttpResponse, Problem> {
    paper::print(
        caller,
        move |work| {
            let inspection: Inspection = find(work, &id.get()?)?;
            of(work, &inspection)
        },
        render,
    )
    .await
}

fn of(work: &mut Work, inspection: &Inspection) -> Result<(Subject, MinutesPaper)> {
    let row = &inspection.row;
    let visited_on = match (row.visited_at, row.state) {
        (None, _) | (_, State::Cancelled) => return Err(Error::wrong_state(row.state.as_ref())),
        (Some(visited_at), _) => visited_at.day(),
    };
    let unit: UnitCode = PROVINCE.parse().map_err(Error::internal)?;
    let gone = || Error::internal("an inspection without its product");
    let product = product::store::find(work.connection, row.product_id)?.ok_or_else(gone)?;
    let producer = producer::store::find(work.connection, row.producer_id)?.ok_or_else(gone)?;
    let found = |item: &checklist::Item| {
        let answer = row.answers.0.iter().find(|answer| answer.item == item.code);
        Found {
            item: item.vi.clone(),
            answer: answer.map(|answer| answer.answer),
            note: answer.and_then(|answer| answer.note.clone()),
        }
    };
    let subject = Subject {
        kind: paper::Kind::InspectionMinutes,
        resource: Resource::Inspection,
        id: row.id.any(),
        version: row.version,
        unit: unit.clone(),
        number: Some(row.decision_number.clone()),
        dated: Some(row.decision_signed_on),
    };
    let paper = MinutesPaper {
        unit: place::store::name(work.connection, &unit, visited_on)?,
        decision: row.decision_number.clone(),
        decided_on: row.decision_signed_on,
        kind: row.kind,
        product: product.name,
        product_code: product.code,
        producer: producer.name,
        address: producer.address,
        visited_on,
        members: row.members.0.clone(),
        findings: checklist::items()?.iter().map(found).collect(),
        samples: row.samples.0.clone(),
        minutes: row.minutes.as_ref().map(|minutes| minutes.0.clone()),
    };
    Ok((subject, paper))
}
