//! `GET /d/{receipt}`: what became of a doubt, for who has its receipt.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Serialize;
use utoipa::ToSchema;

use crate::base::{Error, Kind, Moment, Result, say};
use crate::http::{PathParam, Problem, Refusals, Visitor};
use crate::page::frame::Section;
use crate::page::words::day;
use crate::page::{Frame, data, fresh};
use crate::stamp::doubts::receipt::DoubtReceipt;
use crate::stamp::doubts::rules::State;
use crate::stamp::doubts::store;

/// What who sent a doubt is told of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoubtOutcome {
    state: State,
    sent_at: Moment,
    /// What was found, once the doubt is closed.
    answer: Option<String>,
}

#[derive(Template)]
#[template(path = "doubt_receipt.html")]
struct ReceiptPage {
    frame: Frame,
    code: String,
    state: &'static str,
    sent_on: String,
    answer: Option<String>,
}

/// What became of a doubt: whether somebody looks into it, and what was found. For whoever has the receipt that the doubt was
/// answered with; 404 for any other code.
#[utoipa::path(
    tag = "public", security(()),
    responses((status = 200, content((DoubtOutcome = "application/json"), (String = "text/html"))), Refusals)
)]
#[get("/d/{receipt}")]
pub async fn read(visitor: Visitor, receipt: PathParam<String>) -> Result<HttpResponse, Problem> {
    let receipt = DoubtReceipt::read(&receipt.get()?).ok_or_else(unknown_receipt)?;
    let Visitor { app, request } = visitor;
    let found = app.database.read(move |connection| store::find(connection, receipt.doubt())).await?;
    let row = found.ok_or_else(unknown_receipt)?.row;
    let answer = row.note.filter(|_| row.state == State::Closed);
    if !request.wants_page {
        let outcome = DoubtOutcome { state: row.state, sent_at: row.at, answer };
        return Ok(data(request.language, StatusCode::OK, outcome));
    }
    let frame = Frame::new(&app, &request, Section::Elsewhere);
    let texts = &frame.texts.doubt;
    let page = ReceiptPage {
        code: receipt.to_string(),
        state: match row.state {
            State::Open => texts.is_open,
            State::Seen => texts.is_seen,
            State::Closed => texts.is_closed,
        },
        sent_on: day(request.language, row.at.day()),
        answer,
        frame,
    };
    let html = page.render().map_err(Error::internal)?;
    Ok(fresh(&page.frame, StatusCode::OK, html))
}

fn unknown_receipt() -> Error {
    let detail = say("Không có phản ánh nào mang mã này.", "There is no report with this code.");
    Error::refused(Kind::Unknown, "not_found", detail)
}
