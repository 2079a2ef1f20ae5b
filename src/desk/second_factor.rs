//! `/desk/second-factor`: an authenticator app beside the password, set up, confirmed and given up.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, ResponseError, web};
use askama::Template;

use crate::account;
use crate::account::second_factor::api::{SecondFactorSecret, begun, confirmed, given_up};
use crate::account::second_factor::store;
use crate::account::second_factor_demand as demand;
use crate::base::{Error, Kind, SecondFactorDemand};
use crate::desk::arrival::{DeskAnswer, see_other};
use crate::desk::frame::Desk;
use crate::desk::page::Rendered;
use crate::desk::visit::{DeskVisit, enter};
use crate::desk::words::said;
use crate::http::Problem;
use crate::page::Frame;
use crate::paper::qr::Matrix;
use crate::station::label;

const ADDRESS: &str = "/desk/second-factor";

#[derive(Template)]
#[template(path = "desk/second_factor.html")]
struct SecondFactorPage<'a> {
    frame: &'a Frame,
    desk: Desk,
    /// For programs that keep passwords, where one is asked for.
    username: Option<String>,
    title: &'static str,
    lead: &'static str,
    done: &'static str,
    recovery_codes: Vec<String>,
    secret: Option<ShownSecret>,
    scan: &'static str,
    typed: &'static str,
    action: String,
    verb: &'static str,
    wrong: Option<String>,
    asked: &'static str,
    asks: &'static str,
    send: &'static str,
}

/// What an app is shown, once.
struct ShownSecret {
    /// The code that the app scans, as an SVG path, and how long its side is.
    side: usize,
    path: String,
    text: String,
}

/// What has just happened.
#[derive(Default)]
struct Said {
    status: StatusCode,
    secret: Option<SecondFactorSecret>,
    recovery_codes: Vec<String>,
    wrong: Option<String>,
}

/// `GET /desk/second-factor`.
pub async fn show(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    enter(&request, body, async |visit| shown(&visit, Said::default()).await).await
}

/// `POST /desk/second-factor`: the secret is shown on this page and on no other.
pub async fn set_up(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let made = begun(&visit.caller, visit.typed.value("password").unwrap_or_default().to_owned()).await;
        match made {
            Ok(secret) => shown(&visit, Said { secret: Some(secret), ..Said::default() }).await,
            Err(problem) => refused(&visit, problem).await,
        }
    })
    .await
}

/// `POST /desk/second-factor/confirm`: the recovery codes are shown on this page and on no other.
pub async fn confirm(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    enter(&request, body, async |visit| match confirmed(&visit.caller, code(&visit)).await {
        Ok(recovery_codes) => shown(&visit, Said { recovery_codes, ..Said::default() }).await,
        Err(problem) => refused(&visit, problem).await,
    })
    .await
}

/// `POST /desk/second-factor/remove`.
pub async fn remove(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    enter(&request, body, async |visit| match given_up(&visit.caller, code(&visit)).await {
        Ok(()) => Ok(see_other(ADDRESS)),
        Err(problem) => refused(&visit, problem).await,
    })
    .await
}

fn code(visit: &DeskVisit) -> String {
    visit.typed.value("code").unwrap_or_default().to_owned()
}

async fn refused(visit: &DeskVisit, problem: Problem) -> DeskAnswer {
    let status = problem.status_code();
    let Error::Refused(refusal) = problem.0 else { return Err(problem) };
    if !matches!(refusal.kind, Kind::Invalid | Kind::TooSoon(_)) {
        return Err(Problem(Error::Refused(refusal)));
    }
    let detail = refusal.faults.first().map_or(&refusal.detail, |fault| &fault.detail);
    let wrong = Some(visit.language().pick(detail).to_owned());
    shown(visit, Said { status, wrong, ..Said::default() }).await
}

async fn shown(visit: &DeskVisit, said_of: Said) -> DeskAnswer {
    let (frame, language) = (visit.frame(ADDRESS), visit.language());
    let is_confirming = visit.caller.request.path.ends_with("/confirm");
    let page = visit.look("second-factor", move |work, desk| {
        let say = |vi, en| said(language, label(vi, en));
        let Said { status, secret, recovery_codes, wrong } = said_of;
        let known = store::find(work.connection, work.actor.id)?;
        let demand = demand::of(work.connection, work.app.second_factors, &work.actor)?;
        let secret = secret.map(|secret| {
            let code = Matrix::of(&secret.url)?;
            Ok::<_, Error>(ShownSecret { side: code.side(), path: code.path(), text: secret.secret })
        });
        let is_confirmed = known.as_ref().is_some_and(|factor| factor.confirmed_at.is_some());
        // A secret that is not shown any more is made anew.
        let (verb, step, asked) = match (is_confirmed, &secret, &wrong) {
            (true, ..) => ("remove", "/remove", "code"),
            (false, Some(_), _) => ("confirm", "/confirm", "code"),
            // Who mistyped the first code has the secret in the app already.
            (false, None, Some(_)) if is_confirming => ("confirm", "/confirm", "code"),
            (false, None, _) => ("set-up", "", "password"),
        };
        let username = match asked {
            "password" => account::store::find(work.connection, work.actor.id)?.map(|account| account.username),
            _ => None,
        };
        let page = SecondFactorPage {
            frame: &frame,
            desk,
            username,
            title: say("Xác thực hai bước", "Second factor"),
            lead: match (is_confirmed, demand) {
                (true, _) => say(
                    "Đang bật: khi đăng nhập, ngoài mật khẩu cần mã của ứng dụng, hoặc một mã dự phòng.",
                    "It is on: a code of your app, or a recovery code, is asked for beside your password.",
                ),
                (false, SecondFactorDemand::Required) => say(
                    "Chưa bật, mà tài khoản này phải bật trước khi làm việc khác. Một ứng dụng xác thực trên điện thoại cho mã \
                     sáu chữ số, cần thêm khi đăng nhập.",
                    "It is off, and your account needs it before anything else. An authenticator app on your phone gives a code \
                     of six digits, asked for at sign-in.",
                ),
                (false, _) => say(
                    "Chưa bật. Một ứng dụng xác thực trên điện thoại cho mã sáu chữ số, cần thêm khi đăng nhập.",
                    "It is off. An authenticator app on your phone gives a code of six digits, asked for at sign-in.",
                ),
            },
            done: say(
                "Đã bật. Hãy cất các mã dự phòng này: mỗi mã dùng một lần khi mất điện thoại, và chỉ hiện ở đây.",
                "It is on. Keep these recovery codes: each works once if you lose the phone, and they are shown only here.",
            ),
            recovery_codes,
            secret: secret.transpose()?,
            scan: say("Quét mã này bằng ứng dụng, rồi ghi mã sáu chữ số.", "Scan this with the app, then type its code."),
            typed: say("Hoặc ghi vào ứng dụng:", "Or type into the app:"),
            action: format!("{ADDRESS}{step}"),
            verb,
            wrong,
            asked,
            asks: match asked {
                "password" => say("Mật khẩu hiện nay", "Present password"),
                _ => say("Mã xác nhận", "Code"),
            },
            send: match verb {
                "remove" => say("Tắt xác thực hai bước", "Turn it off"),
                "confirm" => say("Xác nhận", "Confirm"),
                _ => say("Bật xác thực hai bước", "Turn it on"),
            },
        };
        let html = page.render().map_err(Error::internal)?;
        Ok(Rendered { status, html, frame })
    });
    Ok(page.await?.response())
}
