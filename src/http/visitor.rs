//! Requests of people who need not sign in.

use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use crate::base::{Error, Moment};
use crate::db::AnyConnection;
use crate::http::held::Credence;
use crate::http::{Answer, App, EarlyExit, Problem, Request};

/// Anybody's request.
pub struct Visitor {
    pub app: App,
    pub request: Request,
}

/// What a handler has at hand while it works for anybody.
pub struct PublicWork<'connection> {
    pub connection: &'connection mut AnyConnection,
    pub app: App,
    pub request: Request,
    /// Business time.
    pub now: Moment,
}

impl Visitor {
    /// The body as a `T`: 422 with every place that does not fit.
    pub async fn form<T: DeserializeOwned + ToSchema + Send + 'static>(&self) -> Result<T, Error> {
        self.request.in_turn(self.app.reading_turns(Credence::Stranger), Request::body).await
    }

    pub async fn read<F>(self, work: F) -> Result<Answer, Problem>
    where
        F: FnOnce(&mut PublicWork) -> Result<Answer, Error> + Send + 'static,
    {
        let Self { app, request } = self;
        let database = app.database.clone();
        let answer = database
            .read(move |connection| {
                let now = app.clock.now();
                work(&mut PublicWork { connection, app, request, now })
            })
            .await?;
        Ok(answer)
    }

    pub async fn write<F>(self, work: F) -> Result<Answer, Problem>
    where
        F: FnOnce(&mut PublicWork) -> Result<Answer, Error> + Send + 'static,
    {
        let Self { app, request } = self;
        let database = app.database.clone();
        let answer = database
            .write(move |connection| {
                let now = app.clock.now();
                work(&mut PublicWork { connection, app, request, now })
            })
            .await?;
        Ok(answer)
    }
}

impl FromRequest for Visitor {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut actix_web::dev::Payload) -> Self::Future {
        let app = App::of(request);
        let request = Request::from_request(request, payload);
        Box::pin(async move { Ok(Self { app: app?, request: request.await? }) })
    }
}

/// An answer that ended the work early is an answer all the same.
pub fn settle(result: Result<Answer, EarlyExit>) -> Result<Answer, Problem> {
    match result {
        Ok(answer) => Ok(answer),
        Err(EarlyExit::Replay(answer)) => Ok(*answer),
        Err(EarlyExit::Error(error)) => Err(Problem(error)),
    }
}
