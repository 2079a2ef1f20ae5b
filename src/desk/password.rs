//! `/desk/password`: another password for oneself; every sign-in ends with it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, ResponseError, web};
use askama::Template;

use crate::account;
use crate::account::sign_in::with_new_password;
use crate::base::{Error, Kind};
use crate::desk::arrival::DeskAnswer;
use crate::desk::form::{Refused, StepForm, Surroundings, Wrong};
use crate::desk::frame::Desk;
use crate::desk::input::{Asks, Input};
use crate::desk::page::Rendered;
use crate::desk::sign_in::signed_out;
use crate::desk::visit::{DeskVisit, enter};
use crate::desk::words::said;
use crate::http::Problem;
use crate::page::Frame;
use crate::station::label;

const INPUTS: &[Input] = &[
    Input::new("old_password", label("Mật khẩu hiện nay", "Present password"), Asks::Password).required(),
    Input::new("new_password", label("Mật khẩu mới", "New password"), Asks::Password).required().hint(label(
        "Từ 10 ký tự: vài từ không liên quan với nhau, không có tên đăng nhập, họ tên hay tên đơn vị. Sau khi đổi, mọi phiên đăng nhập đều kết thúc.",
        "At least 10 characters: a few unrelated words, without user name, own name or unit's name. All sign-ins end with the change.",
    )),
];

#[derive(Template)]
#[template(path = "desk/password.html")]
struct PasswordPage<'a> {
    frame: &'a Frame,
    desk: Desk,
    title: &'static str,
    wrong: Vec<Wrong>,
    meanwhile: Vec<String>,
    meanwhile_text: &'static str,
    form: StepForm,
}

/// `GET /desk/password`.
pub async fn show(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    enter(&request, body, async |visit| shown(&visit, StatusCode::OK, None).await).await
}

/// `POST /desk/password`.
pub async fn take(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let meant = visit.meant(INPUTS);
        let mut order = visit.ordering(&meant.body)?;
        // A password's change is never carried out twice the same, so it takes no key.
        order.request = order.request.ordering(&meant.body, None, None)?;
        match with_new_password(order).await {
            Ok(_) => Ok(signed_out(&visit.caller.app, "/desk/sign-in?done=password")?),
            Err(problem) => {
                let status = problem.status_code();
                let Error::Refused(refusal) = problem.0 else { return Err(problem) };
                if !matches!(refusal.kind, Kind::Invalid | Kind::TooSoon(_)) {
                    return Err(Problem(Error::Refused(refusal)));
                }
                let refused = Refused { verb: "password".into(), typed: visit.typed.clone(), meant, refusal: *refusal };
                shown(&visit, status, Some(refused)).await
            }
        }
    })
    .await
}

async fn shown(visit: &DeskVisit, status: StatusCode, refused: Option<Refused>) -> DeskAnswer {
    let (frame, language) = (visit.frame("/desk/password"), visit.language());
    let page = visit.look("password", move |work, desk| {
        let surroundings =
            Surroundings { verb: "password", language, view: None, refused: refused.as_ref(), drafted: None };
        let inputs = surroundings.blanks(work, INPUTS)?;
        let title = said(language, label("Đổi mật khẩu", "Change password"));
        let wrong = refused.as_ref().map(|refused| refused.summary(language, &inputs)).unwrap_or_default();
        let form = StepForm {
            verb: "password",
            label: title,
            action: "/desk/password".to_owned(),
            csrf: desk.csrf.clone(),
            version: None,
            key: String::new(),
            inputs,
            is_upload: false,
            waits: false,
            has_sums: false,
            is_alone: true,
            is_grave: false,
            and: None,
            then: None,
            username: account::store::find(work.connection, work.actor.id)?.map(|account| account.username),
            refused: None,
            refused_text: "",
            typed: Vec::new(),
        };
        let (meanwhile, meanwhile_text) = (Vec::new(), "");
        let page = PasswordPage { frame: &frame, desk, title, wrong, meanwhile, meanwhile_text, form };
        let html = page.render().map_err(Error::internal)?;
        Ok(Rendered { status, html, frame })
    });
    Ok(page.await?.response())
}
