//! The one path on which every step of every station is taken.

use crate::account::{Asker, Work};
use crate::audit::{self, CREATE, Resource, StepName, StepTaken};
use crate::base::id::AnyId;
use crate::base::id::of::Any;
use crate::base::{Digest, Error, Refusal, Result};
use crate::http::EarlyExit;
use crate::station::{Access, Creation, CreationOfMany, Form, Offer, Order, Taken, Thing, Verb};

/// Takes a step with the thing of this key, in the order of the design: 404, 403, 415/400/413, the replay of an
/// idempotency key, 428, 412, 409, 422; then it is written and recorded, as one version of the thing.
pub fn carry_out<T: Thing, B, R>(
    work: &mut Work,
    verb: &Verb<T, B, R>,
    key: &T::Key,
    mut order: Order<B>,
) -> Result<R, EarlyExit> {
    let thing = T::load(work, key, Access::Taken)?.ok_or_else(Error::unknown)?;
    verb.may(work.asker(), &thing)?;
    order.begin(work, verb.is_replayed)?;
    must_stand(work.asker(), verb, &thing, |present| order.must_have_seen(present))?;
    let body = order.body()?;
    let Taken { to, note, content, recorded, name, result } = (verb.take)(work, &thing, body)?;
    if recorded {
        let from = thing.state();
        let to = to.as_deref().or(from);
        let entry = StepTaken {
            resource: T::RESOURCE,
            id: thing.id(),
            version: thing.version() + 1,
            account: Some(work.actor.id),
            verb: name.unwrap_or(verb.name),
            from,
            to,
            note: note.as_deref(),
        };
        audit::record_with(work.connection, work.now, entry, content)?;
    }
    (verb.then)(work, &thing)?;
    Ok(result)
}

/// 428 and 412 by what the order has seen, where the step asks for that; then 409.
pub(super) fn must_stand<T: Thing, B, R>(
    asker: Asker,
    verb: &Verb<T, B, R>,
    thing: &T,
    must_have_seen: impl FnOnce(i32) -> Result<()>,
) -> Result<()> {
    if verb.asks_version {
        must_have_seen(thing.version())?;
    }
    verb.is_open(asker, thing)
}

/// Makes a thing, in the order of the design: 403, 415/400/413, replay, 422 and 409; then it is recorded as version 1.
pub fn create<T: Thing, B>(
    work: &mut Work,
    creation: &Creation<T, B>,
    mut order: Order<B>,
) -> Result<T::Key, EarlyExit> {
    creation.may(work.asker())?;
    order.begin(work, true)?;
    let body = order.body()?;
    let (key, taken) = (creation.make)(work, body)?;
    let made = T::load(work, &key, Access::Seen)?.ok_or_else(|| Error::internal("what was just made is not there"))?;
    let Taken { to, note, content, name, .. } = taken;
    let verb = name.unwrap_or(CREATE);
    let entry = StepTaken { to: to.as_deref(), note: note.as_deref(), ..first(work, T::RESOURCE, made.id(), verb) };
    audit::record_with(work.connection, work.now, entry, content)?;
    (creation.then)(work, &made)?;
    Ok(key)
}

/// As [`create`], for several things, each recorded as version 1.
pub fn create_many<T: Thing, B: Form>(
    work: &mut Work,
    creation: &CreationOfMany<T, B>,
    mut order: Order<B>,
) -> Result<Vec<T>, EarlyExit> {
    creation.by.check(work.asker())?;
    order.begin(work, true)?;
    let body = order.body()?;
    let mut things = Vec::new();
    for (made, taken) in (creation.make)(work, body)? {
        let Taken { to, note, content, .. } = taken;
        record_creation(work, T::RESOURCE, made.id(), to.as_deref(), note.as_deref(), content)?;
        things.push(made);
    }
    Ok(things)
}

/// Takes a step whose body is at hand, for somebody who saw it at that version or at any: a dispatch, the demo.
pub fn apply<T: Thing, B, R>(work: &mut Work, verb: &Verb<T, B, R>, key: &T::Key, order: Order<B>) -> Result<R> {
    carry_out(work, verb, key, order).map_err(EarlyExit::into_error)
}

/// As [`apply`], for a creation.
pub fn apply_creation<T: Thing, B>(work: &mut Work, creation: &Creation<T, B>, body: B) -> Result<T::Key> {
    create(work, creation, Order::given(body)).map_err(EarlyExit::into_error)
}

/// As [`apply_creation`], for several things.
pub fn apply_creation_of_many<T: Thing, B: Form>(
    work: &mut Work,
    creation: &CreationOfMany<T, B>,
    body: B,
) -> Result<Vec<T>> {
    create_many(work, creation, Order::given(body)).map_err(EarlyExit::into_error)
}

/// Writes down that a step made another thing beside its own, as when a plan's approval opens a dossier.
pub fn record_creation(
    work: &mut Work,
    resource: Resource,
    id: AnyId,
    state: Option<&str>,
    note: Option<&str>,
    content: Option<Digest>,
) -> Result<()> {
    let entry = StepTaken { to: state, note, ..first(work, resource, id, CREATE) };
    audit::record_with(work.connection, work.now, entry, content)
}

/// The first entry of a thing.
fn first<'a>(work: &Work, resource: Resource, id: AnyId, verb: StepName) -> StepTaken<'a, Any> {
    StepTaken { resource, id, version: 1, account: Some(work.actor.id), verb, from: None, to: None, note: None }
}

/// The thing of this key, where the caller may see it; else 404, and 403 where the caller may not read it.
pub fn find<T: Thing>(work: &mut Work, key: &T::Key) -> Result<T> {
    let thing = T::load(work, key, Access::Seen)?.ok_or_else(Error::unknown)?;
    T::must_read(work.asker())?;
    Ok(thing)
}

/// A step, and the refusal that it would meet now, if any.
pub type Weighed<T> = (&'static dyn Offer<T>, Option<Refusal>);

/// What the asker may do with a thing in some state.
pub fn offers<T: Thing>(asker: Asker, thing: &T) -> Result<Vec<Weighed<T>>> {
    let mut offers = Vec::new();
    for verb in T::verbs() {
        if refused(verb.may(asker, thing))?.is_none() {
            offers.push((*verb, refused(verb.is_open(asker, thing))?));
        }
    }
    Ok(offers)
}

/// The refusal of a check; a fault of ours is none and goes on as an error.
fn refused(checked: Result<()>) -> Result<Option<Refusal>> {
    match checked {
        Ok(()) => Ok(None),
        Err(Error::Refused(refusal)) => Ok(Some(*refusal)),
        Err(error) => Err(error),
    }
}
