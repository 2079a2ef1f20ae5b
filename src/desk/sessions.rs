//! `/desk/sessions`: where one is signed in, and ending it; `/desk/sign-out`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use crate::account::devices::{self, Kind, Own};
use crate::account::openid::{Provider, configured};
use crate::account::openid_store::OpenIdLink;
use crate::account::{openid_store, sign_in_log};
use crate::base::id::{AccountId, AnyId};
use crate::base::{Error, Moment};
use crate::desk::arrival::{DeskAnswer, see_other};
use crate::desk::frame::Desk;
use crate::desk::kinds::accounts::tried;
use crate::desk::page::Rendered;
use crate::desk::sign_in::{end_session, signed_out};
use crate::desk::visit::{DeskVisit, enter};
use crate::desk::words::said;
use crate::http::{Answer, Language, PathParam};
use crate::page::Frame;
use crate::page::words::moment;
use crate::station::label;

#[derive(Template)]
#[template(path = "desk/sessions.html")]
struct SessionsPage<'a> {
    frame: &'a Frame,
    desk: Desk,
    title: &'static str,
    sessions: Vec<Row>,
    since: &'static str,
    seen: &'static str,
    address: &'static str,
    device: &'static str,
    this: &'static str,
    end: &'static str,
    /// What was tried since one signed in before, and the last tries.
    tries: &'static str,
    second_factor: &'static str,
    /// Sign-in by another authority, where there is one; and the page of the account.
    openid: Option<LinkState>,
    account: AccountId,
    told: String,
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

struct Row {
    id: AnyId,
    since: String,
    seen: String,
    address: String,
    device: String,
    kind: &'static str,
    is_this: bool,
}

/// What the page of sign-ins says of an account's link: where it leads to, and since when; none where the provider is off.
struct LinkState {
    title: String,
    told: Option<String>,
    link: &'static str,
    unlink: &'static str,
}

impl LinkState {
    /// Of the account with this link.
    fn of(language: Language, provider: Option<&Provider>, link: Option<OpenIdLink>) -> Option<Self> {
        let say = |vi, en| said(language, label(vi, en));
        let name =
            provider.map(|provider| provider.name().to_owned()).or_else(|| Some(link.as_ref()?.issuer.clone()))?;
        let told = link.map(|link| {
            let since = moment(language, link.linked_at);
            format!("{} {since}.", say("Đã liên kết từ", "Linked since"))
        });
        Some(Self {
            title: format!("{} {name}", say("Đăng nhập bằng", "Sign in by")),
            told,
            link: say("Liên kết", "Link"),
            unlink: say("Bỏ liên kết ở trang tài khoản của tôi", "Take the link away on the page of my account"),
        })
    }
}

/// `GET /desk/sessions`.
pub async fn list(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let (frame, this, language) = (visit.frame(""), visit.signed_in.session, visit.language());
        let provider = configured(&request);
        let page = visit.look("sessions", move |work, desk| {
            let say = |vi, en| said(language, label(vi, en));
            let row = |device: devices::Device| Row {
                id: device.id,
                since: moment(language, device.began_at),
                seen: moment(language, device.last_used_at),
                address: device.address.unwrap_or_default(),
                device: device.client.unwrap_or_default(),
                kind: match device.kind {
                    Kind::App => say("ứng dụng", "app"),
                    Kind::Browser => say("trình duyệt", "browser"),
                },
                is_this: device.current,
            };
            let sessions = devices::list(work, Own::Session(this))?;
            let tries = sign_in_log::store::of_account(work.connection, work.actor.id, Moment::real_now())?;
            let failures = sign_in_log::failures_before_last(&tries);
            let link = openid_store::find(work.connection, work.actor.id)?;
            let (heads, rows) = tried(language, &tries, 20);
            let page = SessionsPage {
                frame: &frame,
                desk,
                title: say("Phiên đăng nhập", "Sign-ins"),
                sessions: sessions.into_iter().map(row).collect(),
                since: say("Đăng nhập lúc", "Since"),
                seen: say("Dùng lần cuối", "Last seen"),
                address: say("Địa chỉ mạng", "Address"),
                device: say("Thiết bị", "Device"),
                this: say("đang dùng", "this one"),
                end: say("Kết thúc", "End"),
                second_factor: say("Xác thực hai bước", "Second factor"),
                openid: LinkState::of(language, provider.as_deref(), link),
                account: work.actor.id,
                tries: say("Đăng nhập và nhập sai mật khẩu gần đây", "Sign-ins and wrong passwords of late"),
                told: format!(
                    "{} {failures}",
                    say(
                        "Số lần sai mật khẩu giữa hai lần đăng nhập cuối:",
                        "Wrong passwords between your last two sign-ins:"
                    )
                ),
                heads,
                rows,
            };
            let html = page.render().map_err(Error::internal)?;
            Ok(Rendered { status: StatusCode::OK, html, frame })
        });
        Ok(page.await?.response())
    })
    .await
}

/// `POST /desk/sessions/{id}/end`.
pub async fn end(request: HttpRequest, body: web::Payload, id: PathParam<AnyId>) -> DeskAnswer {
    enter(&request, body, async |visit: DeskVisit| {
        let id = id.get()?;
        visit
            .caller
            .write(move |work| {
                devices::end(work, id)?;
                Ok(Answer::nothing())
            })
            .await?;
        Ok(see_other("/desk/sessions"))
    })
    .await
}

/// `POST /desk/sign-out`: also for whom is signed in no more.
pub async fn sign_out(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    let ended = enter(&request, body, async |visit: DeskVisit| {
        let DeskVisit { caller, .. } = visit;
        end_session(&caller.app, &caller.request).await?;
        Ok(signed_out(&caller.app, "/desk/sign-in")?)
    });
    ended.await
}
