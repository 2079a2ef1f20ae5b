//! `/desk/oidc`: signing in to the desk by another authority, and linking an account with it.
//!
//! It begins with a form, so that no other site begins it. The answer to that form is a page that leads on by itself, for a
//! browser lets no form lead to another site (`form-action`), by redirects either.

use std::sync::Arc;

use actix_web::cookie::{Cookie, time};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::account::Role;
use crate::account::openid::attempt::{self, MINUTES};
use crate::account::openid::sign_in::{self, Linked, Returned};
use crate::account::openid::{Provider, configured};
use crate::account::sign_in::{Begun, Credentials};
use crate::base::id::AccountId;
use crate::base::{Error, Kind, Moment, Refusal};
use crate::desk::arrival::{DeskAnswer, fields, read, see_other};
use crate::desk::forgery;
use crate::desk::sign_in::{own_path, session_cookie, stranger, strangers_form};
use crate::desk::typed::Typed;
use crate::desk::visit::{enter as enter_desk, unknown};
use crate::desk::words::{ROLES, said};
use crate::http::cookies::OwnCookie;
use crate::http::{App, Language, Problem, Request, Visitor};
use crate::page::{Frame, Section, fresh};
use crate::place;
use crate::station::label;

/// What is kept of a sign-in that is under way.
const KEPT: OwnCookie = OwnCookie::new("ocop_oidc", HERE);
/// Where it is kept for, and no further.
const HERE: &str = "/desk/oidc";
const CONFIRM: &str = "/desk/oidc/confirm";
const SIGN_IN: &str = "/desk/sign-in";

/// The page that leads to the provider.
#[derive(Template)]
#[template(path = "desk/openid_departure.html")]
struct DeparturePage {
    frame: Frame,
    title: String,
    lead: &'static str,
    address: String,
    go: &'static str,
}

/// The page on which an account is confirmed, or chosen.
#[derive(Template)]
#[template(path = "desk/openid.html")]
struct OpenIdPage {
    frame: Frame,
    csrf: String,
    title: &'static str,
    lead: String,
    wrong: Option<String>,
    /// The accounts that one may go on to; none where one is to be confirmed.
    accounts: Vec<Choice>,
    which: &'static str,
    asks_for_code: bool,
    username: String,
    name: &'static str,
    password: &'static str,
    code: &'static str,
    send: &'static str,
    back: &'static str,
}

struct Choice {
    id: AccountId,
    told: String,
}

/// 404 where no provider is configured.
fn provider(request: &HttpRequest) -> Result<Arc<Provider>, Problem> {
    configured(request).ok_or_else(unknown)
}

fn kept(app: &App, value: String) -> Cookie<'static> {
    KEPT.build(app.is_https(), value).max_age(time::Duration::minutes(MINUTES)).finish()
}

fn nothing_kept(app: &App) -> Cookie<'static> {
    KEPT.build(app.is_https(), String::new()).max_age(time::Duration::ZERO).finish()
}

fn shown_cookie(request: &HttpRequest) -> Option<String> {
    KEPT.read(request)
}

/// `POST /desk/oidc`: to the provider, from the sign-in's page.
pub async fn depart(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    let (app, provider, asked) = (App::of(&request)?, provider(&request)?, read(&request, body).await?);
    let typed = fields(&app, &asked).await?;
    stranger(&request).must_have_sent(&app.keys, typed.value(forgery::FIELD))?;
    departure(&app, &asked, &provider, own_path(typed.value("next")), false).await
}

/// `POST /desk/oidc/link`: to the provider, of who is signed in and links their account. It is confirmed as any other.
pub async fn depart_to_link(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    let provider = provider(&request)?;
    enter_desk(&request, body, async |visit| {
        let (app, asked) = (&visit.caller.app, &visit.caller.request);
        departure(app, asked, &provider, "/desk/sessions".to_owned(), true).await
    })
    .await
}

async fn departure(app: &App, asked: &Request, provider: &Provider, next: String, is_to_link: bool) -> DeskAnswer {
    let (address, cookie) = sign_in::depart(app, provider, next, is_to_link).await?;
    let say = |vi, en| said(asked.language, label(vi, en));
    let page = DeparturePage {
        frame: Frame::new(app, asked, Section::Elsewhere).switched(SIGN_IN),
        title: format!("{} {}", say("Đăng nhập bằng", "Sign in by"), provider.name()),
        lead: say(
            "Trình duyệt đang chuyển sang nơi cấp tài khoản định danh. Nếu không tự chuyển, xin bấm:",
            "Your browser goes on to the other authority. If it does not by itself, press:",
        ),
        address,
        go: say("Tiếp tục", "Go on"),
    };
    let html = page.render().map_err(Error::internal)?;
    let mut response = fresh(&page.frame, StatusCode::OK, html);
    let refresh = HeaderValue::from_str(&format!("0; url={}", page.address)).map_err(Error::internal)?;
    response.headers_mut().insert(HeaderName::from_static("refresh"), refresh);
    response.add_cookie(&kept(app, cookie)).map_err(Error::internal)?;
    Ok(response)
}

/// `GET /desk/oidc/callback`: back from the provider. Where one account is linked and asks for no code, one is signed in; else
/// one is led on to a page whose address holds nothing of all this.
pub async fn come_back(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    let (app, provider, asked) = (App::of(&request)?, provider(&request)?, read(&request, body).await?);
    let mut query = asked.query();
    let returned = Returned {
        state: query.take("state"),
        code: query.take("code"),
        issuer: query.take("iss"),
        error: query.take("error"),
    };
    let recognised = sign_in::recognise(&app, &provider, shown_cookie(&request).as_deref(), returned).await?;
    let of = recognised.clone();
    let linked = app.database.read(move |connection| sign_in::linked(connection, &of)).await?;
    if let ([Linked { account, has_second_factor: false }], false) = (linked.as_slice(), recognised.is_to_link) {
        let (next, account) = (recognised.next.clone(), account.id);
        let visitor = Visitor { app: app.clone(), request: asked };
        let begun = sign_in::enter(&request, visitor, recognised, account, None).await?;
        return signed_in(&app, &next, begun);
    }
    let mut response = see_other(CONFIRM);
    let cookie = attempt::kept(&app.keys, recognised, Moment::real_now())?;
    response.add_cookie(&kept(&app, cookie)).map_err(Error::internal)?;
    Ok(response)
}

fn signed_in(app: &App, next: &str, begun: Begun) -> DeskAnswer {
    let mut response = see_other(next);
    response.add_cookie(&session_cookie(app, begun.secret)).map_err(Error::internal)?;
    response.add_cookie(&nothing_kept(app)).map_err(Error::internal)?;
    Ok(response)
}

/// `GET /desk/oidc/confirm`: the account is confirmed by its password, the first time; later it is chosen where there are
/// several, and its code is asked for where it has a second factor. `?other` leads to one that is not linked yet.
pub async fn show(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    let asked = read(&request, body).await?;
    let is_to_link = asked.query().take::<String>("other").is_some();
    shown(&request, &asked, Said { is_to_link, ..Said::default() }).await
}

/// `POST /desk/oidc/confirm`.
pub async fn confirm(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    let (app, provider, asked) = (App::of(&request)?, provider(&request)?, read(&request, body).await?);
    let typed = fields(&app, &asked).await?;
    stranger(&request).must_have_sent(&app.keys, typed.value(forgery::FIELD))?;
    let recognised = sign_in::shown(&app, &provider, shown_cookie(&request).as_deref())?;
    let given = |name| typed.value(name).unwrap_or_default().to_owned();
    let username = given("username").trim().to_owned();
    let credentials = Credentials { username: username.clone(), password: given("password"), code: code(&typed) };
    let (next, visitor) = (recognised.next.clone(), Visitor { app: app.clone(), request: asked.clone() });
    match sign_in::confirm(&request, visitor, recognised, credentials).await {
        Ok(begun) => signed_in(&app, &next, begun),
        Err(problem) => {
            refused(&request, &asked, problem, Said { username, is_to_link: true, ..Said::default() }).await
        }
    }
}

/// `POST /desk/oidc/enter`.
pub async fn enter(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    let (app, provider, asked) = (App::of(&request)?, provider(&request)?, read(&request, body).await?);
    let typed = fields(&app, &asked).await?;
    stranger(&request).must_have_sent(&app.keys, typed.value(forgery::FIELD))?;
    let recognised = sign_in::shown(&app, &provider, shown_cookie(&request).as_deref())?;
    let account: AccountId = typed.value("account").and_then(|account| account.parse().ok()).ok_or_else(unknown)?;
    let (next, visitor) = (recognised.next.clone(), Visitor { app: app.clone(), request: asked.clone() });
    match sign_in::enter(&request, visitor, recognised, account, code(&typed)).await {
        Ok(begun) => signed_in(&app, &next, begun),
        Err(problem) => refused(&request, &asked, problem, Said::default()).await,
    }
}

fn code(typed: &Typed) -> Option<String> {
    typed.value("code").filter(|code| !code.is_empty()).map(str::to_owned)
}

/// What the page is to say beside who was recognised.
#[derive(Default)]
struct Said {
    status: StatusCode,
    /// An account is to be confirmed, also where others are linked.
    is_to_link: bool,
    username: String,
    wrong: Option<String>,
}

/// The same page again where a password or a code is wrong, or it is too early for another; anything else is a page of its own.
async fn refused(request: &HttpRequest, asked: &Request, problem: Problem, said: Said) -> DeskAnswer {
    let (status, wait, wrong) = match problem.0.refusal() {
        Some(Refusal { kind: Kind::Unauthenticated, detail, .. }) => {
            (StatusCode::UNPROCESSABLE_ENTITY, None, asked.language.pick(detail).to_owned())
        }
        Some(Refusal { kind: Kind::TooSoon(seconds), detail, .. }) => {
            (StatusCode::TOO_MANY_REQUESTS, Some(*seconds), asked.language.pick(detail).to_owned())
        }
        _ => return Err(problem),
    };
    let mut response = shown(request, asked, Said { status, wrong: Some(wrong), ..said }).await?;
    if let Some(seconds) = wait {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(response)
}

async fn shown(request: &HttpRequest, asked: &Request, of: Said) -> DeskAnswer {
    let (app, provider) = (App::of(request)?, provider(request)?);
    let recognised = sign_in::shown(&app, &provider, shown_cookie(request).as_deref())?;
    let (is_to_link, language, today) = (of.is_to_link || recognised.is_to_link, asked.language, app.clock.now().day());
    let linked = app.database.read(move |connection| {
        let mut choices = Vec::new();
        let linked = if is_to_link { Vec::new() } else { sign_in::linked(connection, &recognised)? };
        let asks_for_code = linked.iter().any(|linked| linked.has_second_factor);
        for Linked { account, .. } in linked {
            let unit = account.unit_code.map(|code| place::store::name(connection, &code, today)).transpose()?;
            let of = unit.map(|unit| format!(", {unit}")).unwrap_or_default();
            let told = format!("{} ({}{of})", account.username, role(language, account.role));
            choices.push(Choice { id: account.id, told });
        }
        Ok::<_, Error>((choices, asks_for_code))
    });
    let (accounts, asks_for_code) = linked.await?;
    let html = page(&app, request, asked, &provider, (of, accounts, asks_for_code))?;
    Ok(html)
}

fn role(language: Language, role: Role) -> &'static str {
    let known = ROLES.iter().find(|(name, _)| *name == role.as_ref());
    known.map(|(_, wording)| said(language, *wording)).unwrap_or_default()
}

fn page(
    app: &App,
    request: &HttpRequest,
    asked: &Request,
    provider: &Provider,
    (of, accounts, asks_for_code): (Said, Vec<Choice>, bool),
) -> Result<HttpResponse, Error> {
    let say = |vi, en| said(asked.language, label(vi, en));
    let (csrf, cookie) = strangers_form(app, request)?;
    let is_first = accounts.is_empty();
    let lead = match is_first {
        true => say(
            "đã cho biết bạn là ai. Lần đầu, xin xác nhận tài khoản của bạn ở đây bằng tên đăng nhập và mật khẩu; từ lần sau không \
             cần nữa.",
            "told who you are. The first time, please confirm your account here by user name and password; later that is not \
             needed.",
        ),
        false => say("đã cho biết bạn là ai.", "told who you are."),
    };
    let page = OpenIdPage {
        frame: Frame::new(app, asked, Section::Elsewhere).switched(CONFIRM),
        csrf,
        title: match is_first {
            true => say("Xác nhận tài khoản", "Confirm your account"),
            false => say("Chọn tài khoản", "Choose the account"),
        },
        lead: format!("{} {lead}", provider.name()),
        wrong: of.wrong,
        which: say("Tài khoản", "Account"),
        asks_for_code: is_first || asks_for_code,
        accounts,
        username: of.username,
        name: say("Tên đăng nhập", "User name"),
        password: say("Mật khẩu", "Password"),
        code: say("Mã xác nhận (nếu đã bật xác thực hai bước)", "Code (where you turned the second factor on)"),
        send: say("Đăng nhập", "Sign in"),
        back: match is_first {
            true => say("Đăng nhập cách khác", "Sign in another way"),
            false => say("Dùng tài khoản khác của tôi", "Use another account of mine"),
        },
    };
    let html = page.render().map_err(Error::internal)?;
    let mut response = fresh(&page.frame, of.status, html);
    if let Some(cookie) = cookie {
        response.add_cookie(&cookie).map_err(Error::internal)?;
    }
    Ok(response)
}
