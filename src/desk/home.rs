//! `/desk`: what waits for oneself.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use crate::account::{second_factor_demand, store};
use crate::base::{Error, SecondFactorDemand};
use crate::desk::arrival::DeskAnswer;
use crate::desk::frame::Desk;
use crate::desk::kinds;
use crate::desk::page::Rendered;
use crate::desk::visit::enter;
use crate::desk::words::{STATES, said, word};
use crate::page::Frame;
use crate::page::words::{day, moment};
use crate::people;
use crate::station::label;
use crate::task::{self, WaitingStep};

#[derive(Template)]
#[template(path = "desk/home.html")]
struct HomePage<'a> {
    frame: &'a Frame,
    desk: Desk,
    title: &'static str,
    tasks: Vec<Row>,
    none: &'static str,
    overdue: &'static str,
    returned: &'static str,
    by: &'static str,
    count: String,
    /// What one handed in and others now have: address, name, kind, state.
    on_its_way: Vec<(String, String, &'static str, String)>,
    handed_in: &'static str,
    /// What one may begin: address, text.
    makings: Vec<(String, &'static str)>,
    begin: &'static str,
    /// What is said to who should set up a second factor.
    second_factor: Option<(&'static str, &'static str)>,
    /// What others did with accounts: text, and the account's address where the reader may see it.
    notices: Vec<(String, String)>,
    noticed: &'static str,
}

struct Row {
    /// None where the desk has no page of its kind.
    address: Option<String>,
    kind: &'static str,
    task: WaitingStep,
    due: Option<String>,
    reminded: Option<String>,
}

/// Where a task is done.
fn address(task: &WaitingStep) -> String {
    match task.verb {
        "create-plan" => format!("/desk/plans/new?idea_id={}", task.id),
        // Only an idea that is to raise a product names it.
        "put-on-agenda" => "/desk/agenda-items/new".to_owned(),
        "add-document" => format!("/desk/{}/{}#step-add-document", task.kind, task.id),
        "create-idea" => format!("/desk/ideas/new?kind=upgrade&product_id={}", task.id),
        "score" => format!("/desk/agenda-items/{}/sheet", task.id),
        // Who decides sees what it is about first.
        _ => format!("/desk/{}/{}", task.kind, task.id),
    }
}

/// `GET /desk`.
pub async fn show(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let (frame, language) = (visit.frame("/desk"), visit.language());
        let page = visit.look("", move |work, desk| {
            let say = |vi, en| said(language, label(vi, en));
            let tasks: Vec<Row> = task::waiting(work)?
                .into_iter()
                .map(|task| {
                    let counter = kinds::find(task.kind);
                    Row {
                        address: counter.map(|_| address(&task)),
                        kind: counter.map_or("", |counter| said(language, counter.title())),
                        due: task.due.map(|due| day(language, due)),
                        reminded: task.reminded_at.map(|at| {
                            format!(
                                "{} {}",
                                say("Được nhắc nộp phiếu lúc", "You were reminded at"),
                                moment(language, at)
                            )
                        }),
                        task,
                    }
                })
                .collect();
            let on_its_way = task::handed_in(work)?.into_iter().map(|thing| {
                let kind = kinds::find(thing.kind).map_or("", |counter| said(language, counter.title()));
                let state = word(STATES, &thing.state, language);
                (format!("/desk/{}/{}", thing.kind, thing.id), thing.name, kind, state)
            });
            let on_its_way = on_its_way.collect();
            let notices = people::notices::of_late(work)?.into_iter().map(|notice| {
                let by = notice.by.unwrap_or_else(|| say("máy chủ", "the host").to_owned());
                let (step, at) = (said(language, notice.step), moment(language, notice.at));
                (format!("{step}: {}, {at}, {by}", notice.name), format!("/desk/accounts/{}", notice.account))
            });
            let notices = notices.collect();
            let demand = second_factor_demand::of(work.connection, work.app.second_factors, &work.actor)?;
            let is_missing =
                demand != SecondFactorDemand::Off && !store::has_second_factor(work.connection, work.actor.id)?;
            let second_factor = is_missing.then(|| {
                (
                    say(
                        "Tài khoản này nên bật xác thực hai bước: ai biết mật khẩu vẫn chưa vào được.",
                        "Your account should have a second factor: who knows the password does not get in by it alone.",
                    ),
                    say("Bật xác thực hai bước", "Set up a second factor"),
                )
            });
            let makings = kinds::ALL.iter().filter_map(|counter| {
                let making = counter.making().filter(|making| making.step.may(work.asker()).is_ok())?;
                Some((format!("/desk/{}/new", counter.path()), said(language, making.step.label())))
            });
            let page = HomePage {
                frame: &frame,
                title: say("Việc của tôi", "My work"),
                none: say("Không có việc nào đang chờ bạn.", "Nothing waits for you."),
                overdue: say("Quá hạn", "Overdue"),
                returned: say("Trả lại để sửa", "Returned for correction"),
                by: say("Hạn", "By"),
                count: match tasks.len() {
                    0 => String::new(),
                    count => format!("{} {count}", say("Số việc đang chờ:", "Waiting:")),
                },
                on_its_way,
                handed_in: say("Đã nộp, đang ở nơi khác", "Handed in, and with others now"),
                begin: say("Bắt đầu việc mới", "Begin something new"),
                second_factor,
                notices,
                noticed: say("Vừa thay đổi ở tài khoản", "Changed with accounts of late"),
                makings: makings.collect(),
                tasks,
                desk,
            };
            let html = page.render().map_err(Error::internal)?;
            Ok(Rendered { status: StatusCode::OK, html, frame })
        });
        Ok(page.await?.response())
    })
    .await
}
