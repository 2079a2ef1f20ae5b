//! A request to the desk: who is signed in by its cookie, and what they typed.

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::account::refusal_log::Seen;
use crate::account::session::{self, SignedIn};
use crate::account::{Caller, Role, Work, second_factor_demand};
use crate::base::{Error, Kind, Moment, Result, say};
use crate::desk::arrival::{DeskAnswer, fields, head, see_other, with_body};
use crate::desk::forgery::{self, Reader};
use crate::desk::frame::Desk;
use crate::desk::input::Input;
use crate::desk::refusal;
use crate::desk::sign_in;
use crate::desk::typed::{Meant, Typed};
use crate::http::fetch::refuse_cross_site;
use crate::http::held::Credence;
use crate::http::{App, Language, Problem, Request};
use crate::page::frame::own;
use crate::page::{Frame, Section};

/// A request of somebody who is signed in by a cookie.
#[derive(Clone)]
pub struct DeskVisit {
    pub caller: Caller,
    pub signed_in: SignedIn,
    /// As it was when the request came; what may be done is asked where it is done.
    pub role: Role,
    pub typed: Typed,
    pub csrf: String,
}

/// Lets in who is signed in: everybody else is led to the sign-in. A form of another site, or of none of our pages, is
/// refused.
pub async fn enter(
    request: &HttpRequest,
    body: web::Payload,
    answer: impl AsyncFnOnce(DeskVisit) -> DeskAnswer,
) -> DeskAnswer {
    let (app, asked) = (App::of(request)?, head(request)?);
    // Who it is, is asked first: of strangers less is read.
    let found = known(&app, &asked).await?;
    let credence = if found.is_some() { Credence::Proven } else { Credence::Claimed };
    let asked = with_body(asked, credence, request, body).await;
    let (typed, is_read) = (fields(&app, &asked).await?, request.method() == Method::GET);
    let Some((signed_in, role)) = found else {
        return if is_read {
            Ok(lead_to_sign_in(&asked))
        } else {
            sign_in::ask_again(&app, request, asked, typed).await
        };
    };
    let reader = Reader::Account(signed_in.account);
    if !is_read {
        reader.must_have_sent(&app.keys, typed.value(forgery::FIELD))?;
    }
    let csrf = reader.token(&app.keys)?;
    let visit = DeskVisit { caller: Caller { app: app.inside(), request: asked }, signed_in, role, typed, csrf };
    told(visit.clone(), answer(visit).await).await
}

/// What was answered; a refusal as a page of the desk. Who must set up a second factor first is led there: nothing was done.
async fn told(visit: DeskVisit, answered: DeskAnswer) -> DeskAnswer {
    let answered = Seen::of(&visit.caller.request, Some(visit.signed_in.account)).noted(answered);
    if !visit.caller.request.wants_page {
        return answered;
    }
    let told = match answered {
        Err(Problem(Error::Refused(refusal))) if refusal::is_told_here(&refusal) => {
            let frame = visit.frame("/desk");
            let page = visit.look("nowhere", move |_, desk| refusal::page(frame, desk, *refusal));
            page.await.map(|page| page.response())
        }
        answered => answered,
    };
    match told {
        Err(Problem(Error::Refused(refusal))) if refusal.code == second_factor_demand::NOT_SET_UP => {
            Ok(see_other("/desk/second-factor"))
        }
        told => told,
    }
}

/// As [`enter`], for a form with a file: its fields, the token among them, come with the file, and are held against their
/// rules where it is read.
pub async fn enter_with_file(request: &HttpRequest, answer: impl AsyncFnOnce(DeskVisit) -> DeskAnswer) -> DeskAnswer {
    let app = App::of(request)?;
    refuse_cross_site(request.headers(), false, &app.public_url)?;
    let mut asked = Request::without_body(request);
    asked.token = None;
    let Some((signed_in, role)) = known(&app, &asked).await? else {
        return sign_in::ask_again(&app, request, asked, Typed::default()).await;
    };
    let csrf = Reader::Account(signed_in.account).token(&app.keys)?;
    let visit = DeskVisit {
        caller: Caller { app: app.inside(), request: asked },
        signed_in,
        role,
        typed: Typed::default(),
        csrf,
    };
    told(visit.clone(), answer(visit).await).await
}

/// Who is signed in; that their session was seen is written down now and then.
async fn known(app: &App, asked: &Request) -> Result<Option<(SignedIn, Role)>, Problem> {
    let Some(secret) = asked.session.clone() else { return Ok(None) };
    let now = Moment::real_now();
    let found = app.database.read(move |connection| {
        let signed_in = session::find(connection, &secret, now)?;
        let Some(signed_in) = signed_in else { return Ok(None) };
        let actor = crate::account::store::actor(connection, signed_in.account)?;
        Ok::<_, Error>(actor.map(|actor| (signed_in, actor.role)))
    });
    let found = found.await?;
    if let Some(SignedIn { session, .. }) =
        found.map(|(signed_in, _)| signed_in).filter(|signed_in| session::rules::is_due(signed_in.seen_at, now))
    {
        app.database.write(move |connection| session::store::see(connection, session, now)).await?;
    }
    Ok(found)
}

fn lead_to_sign_in(asked: &Request) -> HttpResponse {
    let query = asked.query_text();
    let here = if query.is_empty() { asked.path.clone() } else { format!("{}?{query}", asked.path) };
    let next = serde_urlencoded::to_string([("next", own(&here))]).unwrap_or_default();
    see_other(&format!("/desk/sign-in?{next}"))
}

impl DeskVisit {
    pub fn language(&self) -> Language {
        self.caller.request.language
    }

    /// The frame of a page; in the other language it is asked for at `address`.
    pub fn frame(&self, address: &str) -> Frame {
        let Caller { app, request } = &self.caller;
        let frame = Frame::new(app, request, Section::Elsewhere);
        if request.method == Method::GET { frame } else { frame.switched(address) }
    }

    /// Reads for the page, with what stands around it.
    pub async fn look<T: Send + 'static>(
        &self,
        part: &'static str,
        work: impl FnOnce(&mut Work, Desk) -> Result<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let csrf = self.csrf.clone();
        let looked = self.caller.look(move |desk| {
            let around = Desk::of(desk, csrf, part)?;
            work(desk, around)
        });
        looked.await
    }

    /// What the form means, of what it asks somebody of this role.
    pub fn meant(&self, inputs: &[Input]) -> Meant {
        let asked: Vec<Input> = inputs.iter().filter(|input| input.is_for(self.role)).copied().collect();
        self.typed.meant(&asked)
    }

    /// What the form orders, as a program would order it.
    pub fn ordering(&self, body: &serde_json::Value) -> Result<Caller> {
        self.ordered(body, self.given("version"), self.given("key"))
    }

    /// What is saved by the same press before the step is taken that the form's key stands for.
    pub fn ordering_before(&self, body: &serde_json::Value) -> Result<Caller> {
        self.ordered(body, self.given("version"), self.given("key").map(|key| format!("{key}.saved")))
    }

    /// The step that is taken once that is saved, which made one version: nothing that others did since is ordered unseen.
    pub fn ordering_after(&self) -> Result<Caller> {
        let version = self.given("version").and_then(|version| version.parse::<i32>().ok()?.checked_add(1));
        self.ordered(&serde_json::json!({}), version.map(|version| version.to_string()), self.given("key"))
    }

    fn given(&self, name: &str) -> Option<String> {
        self.typed.value(name).filter(|value| !value.is_empty()).map(str::to_owned)
    }

    fn ordered(&self, body: &serde_json::Value, version: Option<String>, key: Option<String>) -> Result<Caller> {
        let Caller { app, request } = self.caller.clone();
        Ok(Caller { app, request: request.ordering(body, version, key)? })
    }
}

/// 404 for what the desk does not know.
pub fn unknown() -> Problem {
    Problem(Error::refused(Kind::Unknown, "not_found", say("Không tìm thấy.", "There is no such thing.")))
}
