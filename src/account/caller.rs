//! The sign-in extractor: who asks, and the transaction in which the request is carried out.
//!
//! What it does there is a step of a station, which `station` carries out in the order of the design, or a reading.

use actix_multipart::Multipart;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use crate::account::refusal_log::Seen;
use crate::account::rules::{Actor, Asker, Role};
use crate::account::territory::Home;
use crate::account::token::Bearer;
use crate::account::{reading_store, second_factor_demand as demand, session, store, token};
use crate::audit::{self, Resource, StepTaken};
use crate::base::id::{AccountId, AnyId};
use crate::base::{Digest, Error, Moment, Result};
use crate::db::{AnyConnection, Database};
use crate::files::{self, Arrived, Fields, FileKind, Folder};
use crate::http::allowance::Rationed;
use crate::http::held::Credence;
use crate::http::idempotency::{self, Claim};
use crate::http::pace;
use crate::http::request::body::is_surely_short;
use crate::http::visitor::settle;
use crate::http::{Answer, App, EarlyExit, Language, Problem, Request};

/// A request of somebody who signed in.
#[derive(Clone)]
pub struct Caller {
    pub app: App,
    pub request: Request,
}

/// What a handler has at hand while it works for somebody.
pub struct Work<'connection> {
    pub connection: &'connection mut AnyConnection,
    pub app: App,
    /// In which language the asker is answered.
    pub language: Language,
    pub actor: Actor,
    /// Business time.
    pub now: Moment,
    claim: Option<Claim>,
    /// Whose identity numbers the answer holds in full.
    readings: Vec<(Resource, AnyId)>,
}

/// Whose identity numbers were answered to whom, and are to be written down.
struct Readings {
    reader: AccountId,
    of: Vec<(Resource, AnyId)>,
    now: Moment,
}

impl Readings {
    /// Where somebody only reads, there is nothing to be written the second time within the hour.
    async fn keep(self, app: &App, address: String) -> Result<()> {
        if self.of.is_empty() {
            return Ok(());
        }
        let Self { reader, of, now } = self;
        app.database.write(move |connection| reading_store::record(connection, reader, &of, &address, now)).await
    }
}

impl Caller {
    /// Reads for the caller; nothing is written but whose identity numbers were read, before the answer is given.
    pub async fn read<F>(self, work: F) -> Result<Answer, Problem>
    where
        F: FnOnce(&mut Work) -> Result<Answer, EarlyExit> + Send + 'static,
    {
        let Self { app, request } = self;
        let (credential, language, address) = (admitted(&app, &request)?, request.language, request.path.clone());
        let (database, service, seen) =
            (credential.database(&app), app.clone(), Seen::of(&request, credential.account()));
        let read = database.read(move |connection| {
            let mut desk = Work::new(connection, app, language, credential)?;
            let answer = work(&mut desk)?;
            Ok((answer, desk.readings()?))
        });
        match read.await {
            Ok((answer, readings)) => {
                readings.keep(&service, address).await?;
                Ok(answer)
            }
            Err(exit) => seen.noted(settle(Err(exit))),
        }
    }

    /// Reads something for the caller that is not an answer yet, such as the file to be sent.
    pub async fn look<T, F>(&self, work: F) -> Result<T, Problem>
    where
        F: FnOnce(&mut Work) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        let (app, language) = (self.app.clone(), self.request.language);
        let credential = admitted(&app, &self.request)?;
        let (database, address) = (credential.database(&app), self.request.path.clone());
        let seen = Seen::of(&self.request, credential.account());
        let read = database.read(move |connection| {
            let mut desk = Work::new(connection, app, language, credential)?;
            let found = work(&mut desk)?;
            Ok::<_, Error>((found, desk.readings()?))
        });
        let (found, readings) = seen.noted(read.await.map_err(Problem))?;
        readings.keep(&self.app, address).await?;
        Ok(found)
    }

    /// Carries the request out in one transaction: all of it, with its history and its answer, or nothing.
    pub async fn write<F>(self, work: F) -> Result<Answer, Problem>
    where
        F: FnOnce(&mut Work) -> Result<Answer, EarlyExit> + Send + 'static,
    {
        let Self { app, request } = self;
        let (credential, language, address) = (admitted(&app, &request)?, request.language, request.path.clone());
        let (database, seen) = (credential.database(&app), Seen::of(&request, credential.account()));
        let result = database
            .write(move |connection| {
                let mut desk = Work::new(connection, app, language, credential)?;
                let answer = work(&mut desk)?;
                if let Some(claim) = desk.claim.take() {
                    claim.answered(desk.connection, &answer)?;
                }
                reading_store::record(desk.connection, desk.actor.id, &desk.readings, &address, desk.now)?;
                Ok(answer)
            })
            .await;
        seen.noted(settle(result))
    }
}

/// By what somebody says who they are; the database is not asked yet. And of which allowance what they ask is.
#[derive(Debug, Clone)]
pub struct Credential {
    pub shown: Identification,
    rationed: Option<Rationed>,
    /// Whether it is asked only with the second factor that the settings require.
    asks_for_second_factor: bool,
}

impl Credential {
    /// Whose it is, where it says so itself; whose session it is, the desk knows.
    fn account(&self) -> Option<AccountId> {
        match &self.shown {
            Identification::Token(bearer) => Some(bearer.account),
            Identification::Session(_) => None,
        }
    }

    /// The database for who shows it. Our own signature is proof enough to come inside; a session's secret proves nothing
    /// before the database was asked, which who made the visit did.
    fn database(&self, app: &App) -> Database {
        match self.shown {
            Identification::Token(_) => app.database.inside(),
            Identification::Session(_) => app.database.clone(),
        }
    }
}

/// What shows who asks.
#[derive(Debug, Clone)]
pub enum Identification {
    /// What a token says.
    Token(Bearer),
    /// The secret of a browser's session.
    Session(String),
}

/// What a request shows: a token, or within the desk a session. 401 where it shows neither.
pub fn authenticate(app: &App, request: &Request) -> Result<Credential> {
    let shown = match (&request.token, &request.session) {
        (Some(token), _) => Identification::Token(token::verify(&app.keys, token)?),
        (None, Some(secret)) => Identification::Session(secret.clone()),
        (None, None) => return Err(token::unauthenticated()),
    };
    let asks_for_second_factor = !demand::OPEN.contains(&request.path.as_str());
    Ok(Credential { shown, rationed: request.rationed, asks_for_second_factor })
}

/// As [`authenticate`]; 429 for the account of a token that used up what is allowed, before anybody asks the database for it.
fn admitted(app: &App, request: &Request) -> Result<Credential, Problem> {
    let mut credential = authenticate(app, request)?;
    if let Identification::Token(bearer) = credential.shown {
        let admitted = app.allowances.admit_account(credential.rationed.take(), bearer.account);
        Seen::of(request, credential.account()).noted(admitted.map_err(Problem))?;
    }
    Ok(credential)
}

impl<'connection> Work<'connection> {
    /// Reads the asker's rights as they are now; 401 where the account is gone, or its session is over, 429 where it used up
    /// what is allowed, 403 where it lacks the second factor that is required of it.
    pub fn new(
        connection: &'connection mut AnyConnection,
        app: App,
        language: Language,
        credential: Credential,
    ) -> Result<Self> {
        let bearer = match credential.shown {
            Identification::Token(bearer) => Some(bearer),
            Identification::Session(secret) => session::find(connection, &secret, Moment::real_now())?
                .map(|signed_in| Bearer { account: signed_in.account, family: None }),
        };
        let bearer = bearer.ok_or_else(token::unauthenticated)?;
        let actor = store::bearer(connection, bearer)?.ok_or_else(token::unauthenticated)?;
        app.allowances.admit_account(credential.rationed, actor.id)?;
        if credential.asks_for_second_factor {
            demand::must_be_met(connection, app.second_factors, &actor)?;
        }
        let now = app.clock.now();
        Ok(Self { connection, app, language, actor, now, claim: None, readings: Vec::new() })
    }

    /// Work that the service does in somebody's name without a request: what fills the demo.
    pub fn assume(connection: &'connection mut AnyConnection, app: App, actor: Actor, now: Moment) -> Self {
        Self { connection, app, language: Language::Vietnamese, actor, now, claim: None, readings: Vec::new() }
    }

    /// Who asks, and when.
    pub fn asker(&self) -> Asker<'_> {
        Asker { actor: &self.actor, now: self.now }
    }

    /// Notes that the answer holds an identity number of a person in full; that is written down for whose it is.
    pub fn reads_identity_number(&mut self, of: Resource, id: AnyId) {
        self.readings.push((of, id));
    }

    /// What is still to be written down of what was read.
    fn readings(&mut self) -> Result<Readings> {
        let of = reading_store::unrecorded(self.connection, self.actor.id, &self.readings, self.now)?;
        Ok(Readings { reader: self.actor.id, of, now: self.now })
    }

    /// Claims the order's idempotency key, if it has one; the first answer where it was carried out before.
    pub fn claim(&mut self, request: &Request) -> Result<(), EarlyExit> {
        match idempotency::claim(self.connection, &self.app.keys, self.actor.id, request)? {
            Ok(claim) => {
                self.claim = claim;
                Ok(())
            }
            Err(answer) => Err(EarlyExit::Replay(Box::new(answer))),
        }
    }

    /// 404 for what the asker may not know of.
    pub fn must_see(&self, home: &Home) -> Result<()> {
        self.actor.must_see(home)
    }

    /// 403 unless the asker holds one of the roles.
    pub fn must_be(&self, roles: &[Role]) -> Result<()> {
        self.actor.must_be(roles)
    }

    /// Writes a step into the history, as taken by the asker, now.
    pub fn record<T>(&mut self, entry: StepTaken<'_, T>) -> Result<()> {
        self.record_with(entry, None)
    }

    /// As [`Work::record`], with the digest of what the resource holds from this step on.
    pub fn record_with<T>(&mut self, entry: StepTaken<'_, T>, content: Option<Digest>) -> Result<()> {
        let entry = StepTaken { account: Some(self.actor.id), ..entry };
        audit::record_with(self.connection, self.now, entry, content)
    }
}

impl FromRequest for Caller {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut actix_web::dev::Payload) -> Self::Future {
        let (app, head) = (App::of(request), Request::without_body(request));
        let credence = match &app {
            Ok(app) if !is_surely_short(request.headers()) => credence(app, &head),
            _ => Credence::Stranger,
        };
        let whole = head.with_body(credence, request, payload);
        Box::pin(async move { Ok(Self { app: app?, request: whole.await }) })
    }
}

/// How much is known of who sends a long body before it is read: our own signature proves who it is.
fn credence(app: &App, head: &Request) -> Credence {
    match (&head.token, &head.session) {
        (Some(token), _) if token::verify(&app.keys, token).is_ok() => Credence::Proven,
        (None, Some(_)) => Credence::Claimed,
        _ => Credence::Stranger,
    }
}

/// An upload of somebody who signed in. Its body is not read before the asker was found to be allowed to send it.
pub struct Upload {
    caller: Caller,
    body: Multipart,
    page: Option<ReadPage>,
}

/// What the fields of a page's form say to the step: those of the page itself are held against their rules and left out.
pub type ReadPage = Box<dyn Fn(&Fields) -> Result<Fields>>;

impl Upload {
    /// A page's form with a file. Its version and its key are fields of it.
    pub fn of_page(caller: Caller, body: Multipart, read: ReadPage) -> Self {
        Self { caller, body, page: Some(read) }
    }

    /// Asks `may` first (404, 403) and whether the state allows it, `stands` (409); then takes the body in, whose fields
    /// are held against `check` before the file is read, as far as they come before it. What comes back carries the
    /// request out as any other caller does: its transaction asks all of this again, and the text fields of the form are
    /// its body.
    pub async fn receive<T, B>(
        self,
        allowed: &'static [FileKind],
        may: impl FnOnce(&mut Work) -> Result<T, Error> + Send + 'static,
        stands: impl FnOnce(&mut Work, &T) -> Result<(), Error> + Send + 'static,
        check: impl Fn(&B) -> Result<(), Error>,
    ) -> Result<(Caller, Arrived), Problem>
    where
        B: DeserializeOwned + ToSchema,
    {
        let Self { mut caller, body, page } = self;
        let (is_form, key) = (caller.request.is_upload(), caller.request.idempotency_key());
        let look = caller.look(move |work| {
            let found = may(work)?;
            // What is no form is told so first; and what was carried out already is answered as it was then.
            let is_first = is_form && key?.is_none();
            if is_first { stands(work, &found) } else { Ok(()) }
        });
        look.await?;
        let own = |fields: &Fields| page.as_ref().map_or_else(|| Ok(fields.clone()), |read| read(fields));
        let judge = |fields: &Fields| {
            let mut request = caller.request.clone();
            request.form(&own(fields)?, &[])?;
            check(&request.body()?)
        };
        let folder = Folder::of(&caller.app.data_dir);
        caller.app.capacity.must_have_disk(folder.root(), files::rules::LARGEST)?;
        let received = files::receive(&folder, body, allowed, judge).await?;
        if page.is_some() {
            let given = |name: &str| received.fields.get(name).filter(|value| !value.is_empty()).cloned();
            caller.request = caller.request.ordering(&Value::Null, given("version"), given("key"))?;
        }
        caller.request.form(&own(&received.fields)?, &received.arrived.file.sha256)?;
        Ok((caller, received.arrived))
    }
}

impl FromRequest for Upload {
    type Error = actix_web::Error;
    type Future = std::future::Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut actix_web::dev::Payload) -> Self::Future {
        let upload = App::of(request).map(|app| Self {
            caller: Caller { app, request: Request::without_body(request) },
            body: pace::parts(request, payload.take()),
            page: None,
        });
        std::future::ready(upload.map_err(Into::into))
    }
}
