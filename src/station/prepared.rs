//! Steps whose form takes a while to make ready, which no transaction waits for: a password is hashed, a file taken in, a
//! picture decoded. What can be refused before is refused before, and all of it is asked again where the step is taken.

use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use crate::account::{Caller, Upload, Work};
use crate::base::Result;
use crate::files::{Arrived, FileKind};
use crate::http::{Answer, App, PathParam, Problem, Request};
use crate::station::answer::made;
use crate::station::path::must_stand;
use crate::station::{Creation, Form, Offer, Order, Shown, Thing, Uploaded, Verb, carry_out, create, find, present};

impl Caller {
    /// As [`Caller::take`], where `prepare` makes the body of what was sent.
    pub async fn take_prepared<T: Shown, F: Form + Send + 'static, B: Send + 'static>(
        self,
        verb: &'static Verb<T, B>,
        key: PathParam<T::Key>,
        prepare: impl AsyncFnOnce(&App, F) -> Result<B>,
    ) -> Result<Answer, Problem> {
        let (asked, mut request) = (key.clone(), self.request.clone());
        let sent = self.look(move |work| {
            let thing = find::<T>(work, &asked.get()?)?;
            verb.may(work.asker(), &thing)?;
            request.parse_body()?;
            // What was carried out already is answered as it was then, whatever the version is now.
            if request.idempotency_key()?.is_none() {
                must_stand(work.asker(), verb, &thing, |present| request.expect(present))?;
            }
            F::read(&mut request, None)
        });
        let sent = sent.await?;
        let body = prepare(&self.app, sent).await?;
        self.order(move |work, request| {
            let key = key.get()?;
            carry_out(work, verb, &key, Order::prepared(request, body))?;
            Ok(present::<T>(work, &key)?)
        })
        .await
    }

    /// As [`Caller::make`], where `prepare` makes the body of what was sent.
    pub async fn make_prepared<T: Shown, F: Form + Send + 'static, B: Send + 'static>(
        self,
        creation: &'static Creation<T, B>,
        prepare: impl AsyncFnOnce(&App, F) -> Result<B>,
    ) -> Result<Answer, Problem> {
        let mut request = self.request.clone();
        let sent = self.look(move |work| {
            creation.may(work.asker())?;
            request.parse_body()?;
            request.idempotency_key()?;
            F::read(&mut request, None)
        });
        let sent = sent.await?;
        let body = prepare(&self.app, sent).await?;
        self.order(move |work, request| {
            let key = create(work, creation, Order::prepared(request, body))?;
            Ok(made::<T>(work, &key)?)
        })
        .await
    }
}

impl Upload {
    /// Takes a step that reads a file with a form of fields `F`: whether it may be taken now and whether the fields are
    /// right is asked before the file is read (404, 403, 409, 507, 422), and again in the transaction that takes it.
    pub async fn take_for<T: Thing, F: DeserializeOwned + ToSchema + Send + 'static, R: 'static>(
        self,
        verb: &'static Verb<T, Uploaded<F>, R>,
        key: PathParam<T::Key>,
        allowed: &'static [FileKind],
        check: fn(&F) -> Result<()>,
        answer: fn(&mut Work, R) -> Result<Answer>,
    ) -> Result<Answer, Problem> {
        let (caller, arrived) = self.received(verb, key.clone(), allowed, check).await?;
        caller.taken_for(verb, key, move |request| Order::with_file(request, arrived), answer).await
    }

    /// As [`Upload::take_for`], where `prepare` makes the body of the file.
    pub async fn take_prepared<
        T: Thing,
        F: DeserializeOwned + ToSchema + Send + 'static,
        B: Send + 'static,
        R: 'static,
    >(
        self,
        verb: &'static Verb<T, B, R>,
        key: PathParam<T::Key>,
        allowed: &'static [FileKind],
        check: fn(&F) -> Result<()>,
        prepare: impl AsyncFnOnce(&App, Arrived) -> Result<B>,
        answer: fn(&mut Work, R) -> Result<Answer>,
    ) -> Result<Answer, Problem> {
        let (caller, arrived) = self.received(verb, key.clone(), allowed, check).await?;
        let body = prepare(&caller.app, arrived).await?;
        caller.taken_for(verb, key, move |request| Order::prepared(request, body), answer).await
    }

    /// Takes the file in once the step and the fields before the file are found right.
    async fn received<T: Thing, F: DeserializeOwned + ToSchema, B, R>(
        self,
        verb: &'static Verb<T, B, R>,
        key: PathParam<T::Key>,
        allowed: &'static [FileKind],
        check: fn(&F) -> Result<()>,
    ) -> Result<(Caller, Arrived), Problem> {
        let may = move |work: &mut Work| {
            let thing = find::<T>(work, &key.get()?)?;
            verb.may(work.asker(), &thing)?;
            Ok(thing)
        };
        let stands = |work: &mut Work, thing: &T| {
            verb.is_open(work.asker(), thing)?;
            thing.must_take_files(work)
        };
        self.receive(allowed, may, stands, check).await
    }
}

impl Caller {
    async fn taken_for<T: Thing, B, R: 'static>(
        self,
        verb: &'static Verb<T, B, R>,
        key: PathParam<T::Key>,
        order: impl FnOnce(Request) -> Order<B> + Send + 'static,
        answer: fn(&mut Work, R) -> Result<Answer>,
    ) -> Result<Answer, Problem> {
        self.order(move |work, request| {
            let result = carry_out(work, verb, &key.get()?, order(request))?;
            Ok(answer(work, result)?)
        })
        .await
    }
}
