//! `/desk/new-password/{secret}`: choosing one's password by a link that an administrator made.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use crate::account::password::link;
use crate::base::{Error, Kind};
use crate::desk::arrival::{DeskAnswer, fields, read};
use crate::desk::forgery;
use crate::desk::sign_in::{signed_out, stranger, strangers_form};
use crate::desk::words::said;
use crate::http::{App, PathParam, Request};
use crate::page::{Frame, Section, fresh};
use crate::station::label;

#[derive(Template)]
#[template(path = "desk/new_password.html")]
struct NewPasswordPage {
    frame: Frame,
    csrf: String,
    action: String,
    /// Whose password it is; none where the link is of no use.
    username: Option<String>,
    wrong: Option<String>,
    title: &'static str,
    lead: &'static str,
    name: &'static str,
    password: &'static str,
    hint: &'static str,
    send: &'static str,
    over: &'static str,
}

/// `GET /desk/new-password/{secret}`: looking does not use the link up.
pub async fn show(request: HttpRequest, body: web::Payload, secret: PathParam<String>) -> DeskAnswer {
    let (app, asked) = (App::of(&request)?, read(&request, body).await?);
    shown(&app, &request, &asked, secret.get()?, StatusCode::OK, None).await
}

/// `POST /desk/new-password/{secret}`.
pub async fn take(request: HttpRequest, body: web::Payload, secret: PathParam<String>) -> DeskAnswer {
    let (app, asked) = (App::of(&request)?, read(&request, body).await?);
    let typed = fields(&app, &asked).await?;
    stranger(&request).must_have_sent(&app.keys, typed.value(forgery::FIELD))?;
    let (secret, password) = (secret.get()?, typed.value("password").unwrap_or_default().to_owned());
    match link::chosen(&app, &secret, password).await {
        Ok(()) => Ok(signed_out(&app, "/desk/sign-in?done=password")?),
        Err(Error::Refused(refusal)) if refusal.kind == Kind::Invalid => {
            let wrong = refusal.faults.first().map(|fault| asked.language.pick(&fault.detail).to_owned());
            shown(&app, &request, &asked, secret, StatusCode::UNPROCESSABLE_ENTITY, wrong).await
        }
        Err(Error::Refused(refusal)) if refusal.kind == Kind::Unknown => {
            shown(&app, &request, &asked, secret, StatusCode::NOT_FOUND, None).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn shown(
    app: &App,
    request: &HttpRequest,
    asked: &Request,
    secret: String,
    status: StatusCode,
    wrong: Option<String>,
) -> DeskAnswer {
    let found = app.database.read(move |connection| link::owner(connection, &secret)).await;
    let (status, username) = match found {
        Ok(account) => (status, Some(account.username)),
        Err(Error::Refused(refusal)) if refusal.kind == Kind::Unknown => (StatusCode::NOT_FOUND, None),
        Err(error) => return Err(error.into()),
    };
    let say = |vi, en| said(asked.language, label(vi, en));
    let (csrf, cookie) = strangers_form(app, request)?;
    let page = NewPasswordPage {
        frame: Frame::new(app, asked, Section::Elsewhere),
        csrf,
        action: asked.path.clone(),
        username,
        wrong,
        title: say("Đặt mật khẩu", "Choose your password"),
        lead: say(
            "Quản trị viên đã lập liên kết này cho bạn. Liên kết dùng một lần; mật khẩu chỉ mình bạn biết.",
            "An administrator made this link for you. It works once; nobody but you knows the password.",
        ),
        name: say("Tên đăng nhập", "User name"),
        password: say("Mật khẩu mới", "New password"),
        hint: say(
            "Từ 10 ký tự: vài từ không liên quan với nhau, không có tên đăng nhập, họ tên hay tên đơn vị.",
            "At least 10 characters: a few unrelated words, without user name, own name or unit's name.",
        ),
        send: say("Đặt mật khẩu", "Choose this password"),
        over: say(
            "Liên kết không đúng, đã dùng hoặc đã quá 24 giờ. Xin liên kết mới từ quản trị viên.",
            "The link is wrong, was used, or is older than 24 hours. Ask an administrator for a new one.",
        ),
    };
    let html = page.render().map_err(Error::internal)?;
    let mut response = fresh(&page.frame, status, html);
    if let Some(cookie) = cookie {
        response.add_cookie(&cookie).map_err(Error::internal)?;
    }
    Ok(response)
}
