//! `POST /t/{code}/confirm`: the eight digits under the scratch layer, which only who bought the goods has seen. The first
//! time they are right is told to everybody who tries them later.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Error, Kind, Message, Moment, Result, canonical, say};
use crate::db::AnyConnection;
use crate::http::fetch::refuse_from_elsewhere;
use crate::http::held::Credence;
use crate::http::{App, ClientAddress, PathParam, Problem, Refusals, Request};
use crate::page::{Mood, words};
use crate::stamp::asked::{Asked, unknown_stamp};
use crate::stamp::code::{Code, Mint, Minted, SCRATCH_DIGITS};
use crate::stamp::public::confirm_store;
use crate::stamp::public::tries::Tries;
use crate::stamp::visitor::{self, Salt};
use crate::stamp::{Scanner, page, scan, scan_store};

/// The digits under the scratch layer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretForm {
    secret: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StampConfirmation)]
pub struct ConfirmationAnswer {
    code: String,
    /// The digits are right.
    confirmed: bool,
    /// Nobody had given them before. Else somebody did at `confirmed_at`: if that was not you, the goods may be a copy.
    first: bool,
    confirmed_at: Moment,
}

/// What came of a try.
enum Tried {
    Right { first: bool, at: Moment },
    Wrong { left: i32 },
    TooMany,
}

/// Confirms a stamp by its scratch code, once. Of one network five wrong ones a day are taken, then 429. A form on a page of another
/// origin is refused (403).
#[utoipa::path(
    tag = "public", security(()),
    request_body(content((SecretForm = "application/json"), (SecretForm = "application/x-www-form-urlencoded"))),
    responses((status = 200, content((ConfirmationAnswer = "application/json"), (String = "text/html"))), Refusals)
)]
#[post("/t/{code}/confirm")]
pub async fn confirm(
    request: HttpRequest,
    body: Request,
    code: PathParam<String>,
    app: web::Data<App>,
    scanner: web::Data<Scanner>,
) -> std::result::Result<HttpResponse, Problem> {
    let asked = Asked::new(&request, &app, &scanner)?;
    let (code, stamp) = asked.stamp(&code.get()?)?;
    refuse_from_elsewhere(request.headers(), &app.public_url)?;
    let form: SecretForm = body.in_turn(app.reading_turns(Credence::Stranger), Request::body_or_form).await?;
    let Some(secret) = secret(&form.secret) else {
        let malformed = say(
            "Mã cào có 8 chữ số; bạn chưa mất lần thử nào.",
            "There are 8 digits under the scratch layer; this did not use up a try.",
        );
        return Ok(not_confirmed(&asked, code, stamp, "malformed_secret", &malformed)?);
    };
    let (mint, now, client) = (scanner.mint().clone(), app.clock.now(), asked.request.client);
    let tried = app.database.write(move |connection| attempt(connection, &mint, (stamp, client), &secret, now)).await?;
    match tried {
        Tried::Right { first, at } if !asked.request.wants_page => {
            let answer = ConfirmationAnswer { code: code.to_string(), confirmed: true, first, confirmed_at: at };
            Ok(asked.data(StatusCode::OK, answer))
        }
        Tried::Right { first: true, .. } => {
            let t = &asked.frame().texts.confirmation;
            Ok(told(&asked, code, stamp, StatusCode::OK, Mood::Good, (t.first, t.first_text))?)
        }
        Tried::Right { first: false, at } => {
            let frame = asked.frame();
            let t = &frame.texts.confirmation;
            let text = (t.again_text)(&words::day(frame.language, at.day()));
            Ok(told(&asked, code, stamp, StatusCode::OK, Mood::Doubt, (t.again, &text))?)
        }
        Tried::Wrong { left } => {
            let wrong = say(
                format!("Mã cào không đúng; hôm nay còn {left} lần thử."),
                format!("The digits are wrong; {left} more tries today."),
            );
            Ok(not_confirmed(&asked, code, stamp, "wrong_secret", &wrong)?)
        }
        Tried::TooMany => {
            let often = say(
                "Đã thử sai quá nhiều lần hôm nay. Xin mở trang của con tem rồi thử lại, hoặc thử vào ngày mai.",
                "Too many wrong tries today. Please open the stamp's page and try again, or try tomorrow.",
            );
            let seconds = (now.day().ends().microseconds() - now.microseconds()) / 1_000_000 + 1;
            Err(Error::refused(Kind::TooSoon(seconds), "too_many_tries", often).into())
        }
    }
}

/// The digits however they are typed; None for what cannot be them, which is no try. Where one lacks, a spreadsheet took the zero
/// with which they began.
fn secret(typed: &str) -> Option<String> {
    let digits = canonical::digits(typed)?;
    match digits.len() {
        SCRATCH_DIGITS => Some(digits),
        length if length + 1 == SCRATCH_DIGITS => Some(format!("0{digits}")),
        _ => None,
    }
}

fn not_confirmed(asked: &Asked, code: Code, stamp: Minted, fault: &'static str, why: &Message) -> Result<HttpResponse> {
    if !asked.request.wants_page {
        return Err(Error::invalid("/secret", fault, why.clone()));
    }
    let frame = asked.frame();
    let text = (frame.texts.confirmation.not_confirmed, frame.language.pick(why));
    told(asked, code, stamp, StatusCode::UNPROCESSABLE_ENTITY, Mood::Doubt, text)
}

/// The page after a try; its way on is the stamp, which is not counted again.
fn told(
    asked: &Asked,
    code: Code,
    stamp: Minted,
    status: StatusCode,
    mood: Mood,
    text: (&'static str, &str),
) -> Result<HttpResponse> {
    let frame = asked.frame();
    let back = frame.texts.doubt.back;
    page::notice(frame, status, mood, text, (&asked.again(code, stamp)?, back))
}

/// Tries the digits; a wrong try is counted, so this commits whatever comes of it.
fn attempt(
    connection: &mut AnyConnection,
    mint: &Mint,
    (stamp, client): (Minted, ClientAddress),
    secret: &str,
    now: Moment,
) -> Result<Tried> {
    let scanned = scan::look(connection, stamp, now)?.ok_or_else(unknown_stamp)?;
    let key = (scanned.passport.order, scanned.serial);
    let network = visitor::network(mint, stamp, client)?;
    let (confirmed_at, of_stamp) = confirm_store::take(connection, key, now.day())?;
    let of_network = confirm_store::wrong_from(connection, key, &network, now.day())?;
    let mut tries = Tries { of_stamp, of_network, has_page: false };
    if Tries::is_crowded(of_stamp) {
        let visitor = Salt::of(connection, now.day())?.hash(client)?;
        tries.has_page = scan_store::has_scanned(connection, stamp.number(), &visitor, now.day())?;
    }
    if tries.left() == 0 {
        return Ok(Tried::TooMany);
    }
    let right = mint.scratch(stamp)?;
    if aws_lc_rs::constant_time::verify_slices_are_equal(right.as_bytes(), secret.as_bytes()).is_err() {
        confirm_store::count_wrong(connection, key, &network, now.day())?;
        return Ok(Tried::Wrong { left: tries.after_wrong().left() });
    }
    if confirmed_at.is_none() {
        confirm_store::confirm(connection, key, now)?;
    }
    Ok(Tried::Right { first: confirmed_at.is_none(), at: confirmed_at.unwrap_or(now) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scratched_digits_are_read_however_they_are_typed() {
        for typed in [
            "03876802",
            "3876802",
            "0387-6802",
            "0387 6802",
            "０３８７６８０２",
            "'03876802",
            "=\"03876802\"",
            "0387\u{a0}6802\r\n",
            "3876802.0",
            "0387–6802.",
        ] {
            assert_eq!(secret(typed).as_deref(), Some("03876802"), "{typed:?}");
        }
        for typed in ["", "abc", "--------", "387680", "038768020", "0387680O", "3.87680E+06", "٠٣٨٧٦٨٠٢"] {
            assert_eq!(secret(typed), None, "{typed:?}");
        }
    }
}
