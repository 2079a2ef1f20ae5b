//! `/desk/summaries`: what became of the daily summaries of tasks, for the administrator.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use crate::account::Role;
use crate::base::Error;
use crate::desk::arrival::DeskAnswer;
use crate::desk::frame::{Desk, SUMMARIES};
use crate::desk::page::Rendered;
use crate::desk::visit::enter;
use crate::desk::words::{Wording, said, word};
use crate::http::Language;
use crate::notice::store::{self, Summary};
use crate::page::Frame;
use crate::page::words::{day, moment};
use crate::station::label;

/// The newest so many are shown; the API has them all.
const SHOWN: i64 = 100;

const OUTCOMES: &[Wording] = &[
    ("empty", label("Không có việc chờ, không gửi", "Nothing waited, nothing sent")),
    ("sending", label("Đang gửi", "Being sent")),
    ("sent", label("Đã gửi", "Sent")),
    ("waiting", label("Chưa gửi được, sẽ thử lại", "Not sent yet, tried again")),
    ("failed", label("Không gửi được", "Not sent")),
    ("unknown", label("Không rõ đã tới chưa, không gửi lại", "Nobody knows; not sent again")),
];

#[derive(Template)]
#[template(path = "desk/summaries.html")]
struct SummariesPage<'a> {
    frame: &'a Frame,
    desk: Desk,
    title: &'static str,
    lead: &'static str,
    none: &'static str,
    heads: [&'static str; 6],
    rows: Vec<Row>,
}

struct Row {
    day: String,
    account: (String, String),
    outcome: String,
    tasks: i32,
    attempts: i32,
    detail: String,
}

/// `GET /desk/summaries`.
pub async fn list(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let (frame, language) = (visit.frame("/desk/summaries"), visit.language());
        let page = visit.look("summaries", move |work, desk| {
            work.must_be(&[Role::Administrator])?;
            let found = store::list(work.connection, None, None, SHOWN)?;
            let say = |vi, en| said(language, label(vi, en));
            let page = SummariesPage {
                frame: &frame,
                desk,
                title: said(language, SUMMARIES),
                lead: say(
                    "Mỗi ngày làm việc, mỗi tài khoản có thư điện tử và có việc chờ nhận nhiều nhất một thư. Thư chưa gửi được \
                     thì thử lại tối đa ba lần.",
                    "Each working day, every account with an e-mail address and something waiting gets one letter at most. What \
                     was not sent is tried three times.",
                ),
                none: say("Chưa có bản tin nào.", "There are no summaries yet."),
                heads: [
                    say("Ngày", "Day"),
                    say("Tài khoản", "Account"),
                    say("Kết quả", "Outcome"),
                    say("Số việc", "Tasks"),
                    say("Số lần thử", "Attempts"),
                    say("Chi tiết", "Detail"),
                ],
                rows: found.into_iter().map(|summary| row(summary, language)).collect(),
            };
            let html = page.render().map_err(Error::internal)?;
            Ok(Rendered { status: StatusCode::OK, html, frame })
        });
        Ok(page.await?.response())
    })
    .await
}

fn row(summary: Summary, language: Language) -> Row {
    let Summary { account_id, account_name, day: on, state, tasks, attempts, next_at, failure, .. } = summary;
    let again = next_at.map(|at| match language {
        Language::Vietnamese => format!("thử lại lúc {}", moment(language, at)),
        Language::English => format!("tried again {}", moment(language, at)),
    });
    let detail: Vec<String> = failure.map(|failure| told(&failure, language)).into_iter().chain(again).collect();
    Row {
        day: day(language, on),
        account: (format!("/desk/accounts/{account_id}"), account_name),
        outcome: word(OUTCOMES, state.as_ref(), language),
        tasks,
        attempts,
        detail: detail.join("; "),
    }
}

const FAILURES: &[Wording] = &[
    ("unreachable", label("không kết nối được máy chủ thư", "the mail server cannot be reached")),
    ("refused", label("máy chủ thư từ chối, mã", "the mail server refused it with")),
    ("broken_off", label("mất kết nối khi đang gửi", "the connection broke off while it was sent")),
    ("left_behind", label("chương trình dừng khi đang gửi", "the program ended while it was sent")),
];

/// A failure in words, with the server's code behind it.
fn told(failure: &str, language: Language) -> String {
    match failure.split_once(' ') {
        Some((kind, code)) => format!("{} {code}", word(FAILURES, kind, language)),
        None => word(FAILURES, failure, language),
    }
}
