//! `/desk/identity-readings`: who was answered identity numbers in full, for whose they are and for who oversees that.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use crate::base::Error;
use crate::desk::arrival::DeskAnswer;
use crate::desk::frame::{Desk, IDENTITY_READINGS};
use crate::desk::page::Rendered;
use crate::desk::visit::enter;
use crate::desk::words::{Wording, said, word};
use crate::page::Frame;
use crate::page::words::moment;
use crate::producer::readings::told;
use crate::station::label;

/// The newest so many are shown; the API has them all.
const SHOWN: i64 = 100;

const THINGS: &[Wording] =
    &[("producer", label("Chủ thể", "Producer")), ("registration", label("Đơn đăng ký", "Registration"))];

#[derive(Template)]
#[template(path = "desk/identity_readings.html")]
struct ReadingsPage<'a> {
    frame: &'a Frame,
    desk: Desk,
    title: &'static str,
    lead: &'static str,
    none: &'static str,
    heads: [&'static str; 4],
    rows: Vec<Row>,
}

struct Row {
    at: String,
    reader: String,
    of: String,
    address: String,
}

/// `GET /desk/identity-readings`.
pub async fn list(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let (frame, language) = (visit.frame("/desk/identity-readings"), visit.language());
        let page = visit.look("identity-readings", move |work, desk| {
            let found = told(work, None, SHOWN)?;
            let say = |vi, en| said(language, label(vi, en));
            let rows = found.into_iter().map(|reading| Row {
                at: moment(language, reading.at),
                reader: reading.account_name,
                of: reading.resource_name.unwrap_or_else(|| word(THINGS, reading.resource, language)),
                address: reading.address,
            });
            let page = ReadingsPage {
                frame: &frame,
                desk,
                title: said(language, IDENTITY_READINGS),
                lead: say(
                    "Mỗi lần ai đó, không phải chính chủ thể, được xem đầy đủ số căn cước của người đại diện hay thành viên thì \
                     được ghi lại, cùng một người và một chủ thể mỗi giờ một lần; giữ hai năm.",
                    "Whenever somebody else than the producer itself is shown the identity number of its representative or a \
                     member in full, that is written down, once an hour for each reader and producer; kept for two years.",
                ),
                none: say("Chưa ai xem số định danh nào.", "Nobody has read an identity number yet."),
                heads: [
                    say("Lúc", "When"),
                    say("Người xem", "Who"),
                    say("Của ai", "Whose"),
                    say("Ở địa chỉ", "By which address"),
                ],
                rows: rows.collect(),
            };
            let html = page.render().map_err(Error::internal)?;
            Ok(Rendered { status: StatusCode::OK, html, frame })
        });
        Ok(page.await?.response())
    })
    .await
}
