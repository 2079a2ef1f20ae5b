//! Signing in to the desk: by name and password, into a session of the browser's.

use actix_web::cookie::{Cookie, time};
use actix_web::http::StatusCode;
use actix_web::http::header::{CLEAR_SITE_DATA, HeaderValue, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::account::openid::configured;
use crate::account::session::SignInOrigin;
use crate::account::session::rules::LIFE_SECONDS;
use crate::account::sign_in::{self, Begun, Credentials};
use crate::account::{session, token};
use crate::base::{Error, Kind, Refusal, Result};
use crate::desk::arrival::{DeskAnswer, fields, read, see_other};
use crate::desk::demo_accounts::{self, DemoAccounts};
use crate::desk::forgery::{self, Reader};
use crate::desk::input::{Asks, Input};
use crate::desk::kinds;
use crate::desk::typed::{self, Typed};
use crate::desk::words::said;
use crate::http::cookies::OwnCookie;
use crate::http::request::{DESK, SESSION};
use crate::http::{App, Language, Problem, Request, Visitor};
use crate::page::{Frame, Section, fresh};
use crate::station::label;

/// The cookie of who did not sign in yet, which their form's token belongs to.
const STRANGER: OwnCookie = OwnCookie::new("ocop_form", DESK);

/// What was typed before the sign-in ended stands in the sign-in's form under names that begin so.
const KEPT: &str = "kept.";

#[derive(Template)]
#[template(path = "desk/sign_in.html")]
struct SignInPage {
    frame: Frame,
    words: Words,
    csrf: String,
    next: String,
    username: String,
    wrong: Option<String>,
    /// Where what was typed is to be sent once one is signed in, and what it was.
    to: Option<String>,
    kept: Vec<(String, String)>,
    demo: Option<DemoAccounts>,
    is_changed: bool,
    /// What the other authority is called, where one may sign in by it.
    provider: Option<String>,
}

#[derive(Template)]
#[template(path = "desk/resume.html")]
struct ResumePage {
    frame: Frame,
    words: Words,
    csrf: String,
    to: String,
    fields: Vec<(String, String)>,
    /// What was typed, each under what it was asked for as.
    typed: Vec<(String, String)>,
}

struct Words {
    title: &'static str,
    lead: &'static str,
    username: &'static str,
    password: &'static str,
    code: &'static str,
    sign_in: &'static str,
    sign_in_by: &'static str,
    over: &'static str,
    demo: &'static str,
    demo_lead: &'static str,
    newcomer: &'static str,
    changed: &'static str,
    resume: &'static str,
    resume_lead: &'static str,
    send: &'static str,
}

fn words(language: Language) -> Words {
    let say = |vi, en| said(language, label(vi, en));
    Words {
        title: say("Đăng nhập bàn làm việc", "Sign in to the desk"),
        lead: say(
            "Dành cho chủ thể OCOP, cán bộ và thành viên hội đồng đã có tài khoản.",
            "For OCOP producers, officers and council members who have an account.",
        ),
        username: say("Tên đăng nhập", "User name"),
        password: say("Mật khẩu", "Password"),
        code: say("Mã xác nhận (nếu đã bật xác thực hai bước)", "Code (where you turned the second factor on)"),
        sign_in: say("Đăng nhập", "Sign in"),
        sign_in_by: say("Đăng nhập bằng", "Sign in by"),
        over: say(
            "Phiên đăng nhập đã hết hạn. Những gì bạn vừa ghi vẫn còn: đăng nhập rồi gửi lại.",
            "Your sign-in has ended. What you typed is kept: sign in, then send it again.",
        ),
        demo: say("Tài khoản dùng thử", "Accounts to try"),
        demo_lead: say(
            "Đây là dữ liệu mẫu. Bấm một tài khoản để vào ngay.",
            "This is a filled example. Press an account to enter at once.",
        ),
        newcomer: say(
            "Chưa có tài khoản? Tài khoản đã đăng ký dùng được sau khi xã xác nhận; biên nhận cho biết kết quả.",
            "No account yet? An account that was registered works once the commune confirms it; the receipt tells.",
        ),
        changed: say(
            "Đã đổi mật khẩu. Xin đăng nhập bằng mật khẩu mới.",
            "Your password was changed. Please sign in with the new one.",
        ),
        resume: say("Gửi lại những gì đã ghi", "Send what you typed again"),
        resume_lead: say(
            "Bạn đã đăng nhập lại. Chưa có gì được gửi; bấm nút dưới đây để gửi.",
            "You are signed in again. Nothing was sent yet; press the button to send it.",
        ),
        send: say("Gửi", "Send"),
    }
}

/// `GET /desk/sign-in`.
pub async fn show(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    let (app, asked) = (App::of(&request)?, read(&request, body).await?);
    let mut query = asked.query();
    let next = own_path(query.take::<String>("next").as_deref());
    let is_changed = query.take::<String>("done").as_deref() == Some("password");
    let demo = app.database.read(demo_accounts::read).await?;
    let page = Asked { next, demo, is_changed, ..Asked::default() };
    Ok(page.shown(&app, &request, &asked, StatusCode::OK)?)
}

/// `POST /desk/sign-in`.
pub async fn take(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    let (app, asked) = (App::of(&request)?, read(&request, body).await?);
    let typed = fields(&app, &asked).await?;
    stranger(&request).must_have_sent(&app.keys, typed.value(forgery::FIELD))?;
    let given = |name| typed.value(name).unwrap_or_default().to_owned();
    let (username, password) = (given("username").trim().to_owned(), given("password"));
    let visitor = Visitor { app: app.clone(), request: asked.clone() };
    let code = Some(given("code")).filter(|code| !code.is_empty());
    let credentials = Credentials { username: username.clone(), password, code };
    let signed_in = sign_in::begin_session(visitor, credentials, SignInOrigin::of(&request, asked.client)).await;
    let kept: Vec<(String, String)> = typed
        .fields()
        .filter_map(|(name, value)| Some((name.strip_prefix(KEPT)?.to_owned(), value.to_owned())))
        .collect();
    let to = typed.value("to").map(|to| own_path(Some(to)));
    let next = own_path(typed.value("next"));
    match signed_in {
        Ok(Begun { account, secret }) => {
            let mut response = match to {
                Some(to) => resume(&app, &asked, &Reader::Account(account), to, kept)?,
                None => see_other(&next),
            };
            response.add_cookie(&session_cookie(&app, secret)).map_err(Error::internal)?;
            Ok(response)
        }
        Err(problem) => {
            let (status, wrong) = match problem.0.refusal() {
                Some(Refusal { kind: Kind::Unauthenticated, detail, .. }) => {
                    (StatusCode::UNPROCESSABLE_ENTITY, asked.language.pick(detail).to_owned())
                }
                Some(Refusal { kind: Kind::TooSoon(_), detail, .. }) => {
                    (StatusCode::TOO_MANY_REQUESTS, asked.language.pick(detail).to_owned())
                }
                _ => return Err(problem),
            };
            let demo = app.database.read(demo_accounts::read).await?;
            let page = Asked { next, username, wrong: Some(wrong), to, kept, demo, is_changed: false };
            let mut response = page.shown(&app, &request, &asked, status)?;
            if let Some(Kind::TooSoon(seconds)) = problem.0.refusal().map(|refusal| refusal.kind) {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            }
            Ok(response)
        }
    }
}

/// The sign-in in the place of what somebody sent whose session is over; what they typed is kept.
pub async fn ask_again(app: &App, request: &HttpRequest, asked: Request, typed: Typed) -> DeskAnswer {
    let of_page =
        ["version", "key"].into_iter().filter_map(|name| Some((name.to_owned(), typed.value(name)?.to_owned())));
    let fields = typed.fields().filter(|(name, _)| !name.contains("password"));
    let kept = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).chain(of_page).collect();
    let to = asked.path.clone();
    let demo = app.database.read(demo_accounts::read).await?;
    let page = Asked { next: DESK.to_owned(), to: Some(to), kept, demo, ..Asked::default() };
    Ok(page.shown(app, request, &asked, StatusCode::UNAUTHORIZED)?)
}

/// What the sign-in's page is to hold.
#[derive(Default)]
struct Asked {
    next: String,
    username: String,
    wrong: Option<String>,
    to: Option<String>,
    kept: Vec<(String, String)>,
    demo: Option<DemoAccounts>,
    /// The password was just changed, and every sign-in ended with it.
    is_changed: bool,
}

impl Asked {
    fn shown(self, app: &App, request: &HttpRequest, asked: &Request, status: StatusCode) -> Result<HttpResponse> {
        let Self { next, username, wrong, to, kept, demo, is_changed } = self;
        let (csrf, cookie) = strangers_form(app, request)?;
        let frame = Frame::new(app, asked, Section::Elsewhere);
        let frame = if status == StatusCode::OK { frame } else { frame.switched("/desk/sign-in") };
        // Who is led away loses what they typed.
        let provider = configured(request).filter(|_| to.is_none()).map(|provider| provider.name().to_owned());
        let words = words(asked.language);
        let page = SignInPage { words, csrf, frame, next, username, wrong, to, kept, demo, is_changed, provider };
        let html = page.render().map_err(Error::internal)?;
        let mut response = fresh(&page.frame, status, html);
        if let Some(cookie) = cookie {
            response.add_cookie(&cookie).map_err(Error::internal)?;
        }
        Ok(response)
    }
}

/// What was typed before the sign-in, to be sent now.
fn resume(
    app: &App,
    asked: &Request,
    reader: &Reader,
    to: String,
    kept: Vec<(String, String)>,
) -> Result<HttpResponse> {
    let inputs = kinds::inputs_at(&to);
    // What was chosen among things of the database is told by its id, which says nothing to a reader.
    let is_told = |input: &Input| !matches!(input.asks, Asks::From(_) | Asks::AnyOf(_) | Asks::Kept | Asks::Commune);
    let typed = kept.iter().filter_map(|(name, value)| {
        let input = typed::asked(inputs, name).filter(is_told)?;
        Some((said(asked.language, input.label).to_owned(), value.clone()))
    });
    let page = ResumePage {
        frame: Frame::new(app, asked, Section::Elsewhere).switched(DESK),
        words: words(asked.language),
        csrf: reader.token(&app.keys)?,
        typed: typed.collect(),
        to,
        fields: kept,
    };
    let html = page.render().map_err(Error::internal)?;
    Ok(fresh(&page.frame, StatusCode::OK, html))
}

/// Who sent a form without being signed in.
pub fn stranger(request: &HttpRequest) -> Reader {
    Reader::Stranger(STRANGER.read(request).unwrap_or_default())
}

/// The token of a form for who is not signed in, and the cookie that it belongs to where the browser has none yet.
pub fn strangers_form(app: &App, request: &HttpRequest) -> Result<(String, Option<Cookie<'static>>)> {
    if let Some(known) = STRANGER.read(request) {
        return Ok((Reader::Stranger(known).token(&app.keys)?, None));
    }
    let secret = token::refresh_secret()?.0;
    let token = Reader::Stranger(secret.clone()).token(&app.keys)?;
    Ok((token, Some(STRANGER.build(app.is_https(), secret).finish())))
}

/// The cookie of a session that has begun.
pub fn session_cookie(app: &App, secret: String) -> Cookie<'static> {
    SESSION.build(app.is_https(), secret).max_age(time::Duration::seconds(LIFE_SECONDS)).finish()
}

/// To an address, where a session is over: the browser forgets it, and what it kept of what was shown. What waits to be sent from
/// a member's sheet stays, enciphered: it is its owner's alone.
pub fn signed_out(app: &App, address: &str) -> Result<HttpResponse> {
    let mut response = see_other(address);
    let over = SESSION.build(app.is_https(), String::new()).max_age(time::Duration::ZERO).finish();
    response.add_cookie(&over).map_err(Error::internal)?;
    response.headers_mut().insert(CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\""));
    Ok(response)
}

/// An address of ours to go on to; the desk where another site is named.
pub fn own_path(next: Option<&str>) -> String {
    let is_own = |next: &&str| {
        next.starts_with('/')
            && !next.starts_with("//")
            && !next.contains(|letter: char| letter == '\\' || letter.is_control())
    };
    next.filter(is_own).unwrap_or(DESK).to_owned()
}

/// Ends the session that a request shows.
pub async fn end_session(app: &App, asked: &Request) -> Result<(), Problem> {
    let Some(secret) = asked.session.clone() else { return Ok(()) };
    let ended =
        app.database.write(move |connection| session::store::end_of_secret(connection, &token::digest(&secret)));
    Ok(ended.await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_led_to_pages_of_ours_only() {
        for own in ["/desk/ideas?state=draft", "/products/1"] {
            assert_eq!(own_path(Some(own)), own);
        }
        for foreign in
            ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "", "/a\r\nb: c", "\\\\evil"]
        {
            assert_eq!(own_path(Some(foreign)), "/desk", "{foreign:?}");
        }
        assert_eq!(own_path(None), "/desk");
    }
}
