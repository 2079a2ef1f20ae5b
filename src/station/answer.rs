//! How steps and things are answered as JSON. A handler of a step is one of these calls.

use chrono::Duration;
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Asker, Caller, Work};
use crate::audit;
use crate::base::id::AnyId;
use crate::base::{Error, Moment, Result};
use crate::http::problem::ProblemDetails;
use crate::http::{Answer, EarlyExit, Language, PathParam, Problem, Query, Request};
use crate::station::{
    Creation, CreationOfMany, Filters, Form, Listed, Order, Shown, Stretch, Thing, Verb, carry_out, create,
    create_many, find, offers,
};

/// An order is dated when it begins and seen once it is carried out; no order takes so long.
const SETTLED_SECONDS: i64 = 60;

/// A thing, with what its reader may do with it now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Offered<V: ToSchema> {
    #[serde(flatten)]
    pub thing: V,
    /// When a step that the reader is told of last changed it; null where there was none, as for a sheet that is not begun.
    pub updated_at: Option<Moment>,
    /// The verbs that this account may take now.
    #[schema(value_type = Vec<String>)]
    pub actions: Vec<&'static str>,
    /// The verbs that this account may take in another state, each with the problem that it would meet now; only where
    /// `?explain=actions` asks for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explained_actions: Option<Vec<ExplainedAction>>,
}

/// A verb that cannot be taken now, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplainedAction {
    #[schema(value_type = String)]
    verb: &'static str,
    problem: ProblemDetails,
}

/// In which language refused verbs are explained, where that was asked for.
type Explained = Option<Language>;

/// Reads `?explain=actions`.
fn explained(query: &mut Query, language: Language) -> Explained {
    query.take_one_of("explain", &["actions"]).map(|_| language)
}

/// What an answer shows of several things.
pub fn seen_all<T: Shown>(work: &mut Work, things: &[T]) -> Result<Vec<Offered<T::View>>> {
    offered(work, things, None)
}

fn offered<T: Shown>(work: &mut Work, things: &[T], explained: Explained) -> Result<Vec<Offered<T::View>>> {
    let views = T::views(work, things)?;
    if views.len() != things.len() {
        return Err(Error::internal("a view is missing"));
    }
    let updated = updated(work, things)?;
    let shown = things.iter().zip(views).zip(updated);
    shown.map(|((thing, view), updated)| with_offers(work.asker(), thing, (view, updated), explained)).collect()
}

/// When each of these things was last changed by a step that the asker is told of, in one statement.
fn updated<T: Thing>(work: &mut Work, things: &[T]) -> Result<Vec<Option<Moment>>> {
    let ids: Vec<AnyId> = things.iter().map(Thing::id).collect();
    let kept_back = things.iter().map(|thing| thing.kept_back(&work.actor)).find(|names| !names.is_empty());
    let changes = audit::store::last_changes(work.connection, T::RESOURCE, &ids, kept_back.unwrap_or_default())?;
    let of = |thing: &T| {
        let Some((any, told)) = changes.get(&thing.id()).copied() else { return thing.shipped_at() };
        if thing.kept_back(&work.actor).is_empty() { Some(any) } else { told }
    };
    Ok(things.iter().map(of).collect())
}

fn with_offers<T: Shown>(
    asker: Asker,
    thing: &T,
    (view, updated_at): (T::View, Option<Moment>),
    explained: Explained,
) -> Result<Offered<T::View>> {
    let offers = offers(asker, thing)?;
    let actions = offers.iter().filter(|(_, refusal)| refusal.is_none()).map(|(verb, _)| verb.name()).collect();
    let explain = |language| {
        let refused = offers.iter().filter_map(|(verb, refusal)| Some((verb.name(), refusal.as_ref()?)));
        refused
            .map(|(verb, refusal)| ExplainedAction { verb, problem: ProblemDetails::of(refusal, language) })
            .collect()
    };
    Ok(Offered { thing: view, updated_at, actions, explained_actions: explained.map(explain) })
}

fn shown<T: Shown>(work: &mut Work, thing: &T, explained: Explained) -> Result<(i32, Offered<T::View>)> {
    let view = T::view(work, thing)?;
    let updated = updated(work, std::slice::from_ref(thing))?.pop().flatten();
    Ok((thing.version(), with_offers(work.asker(), thing, (view, updated), explained)?))
}

/// What an answer shows of a thing.
pub fn seen<T: Shown>(work: &mut Work, thing: &T) -> Result<Offered<T::View>> {
    Ok(shown(work, thing, None)?.1)
}

/// The thing as it is after a step.
pub fn present<T: Shown>(work: &mut Work, key: &T::Key) -> Result<Answer> {
    let thing = find::<T>(work, key)?;
    let (version, view) = shown(work, &thing, None)?;
    Answer::resource(version, view)
}

/// A thing that was just made, at its address.
pub fn made<T: Shown>(work: &mut Work, key: &T::Key) -> Result<Answer> {
    let thing = find::<T>(work, key)?;
    let (version, view) = shown(work, &thing, None)?;
    Answer::created(format!("/api/v1/{}/{key}", T::PATH), version, view)
}

/// A part that was added to a thing.
#[derive(Debug, Serialize, ToSchema)]
pub struct Added<V: ToSchema> {
    #[serde(flatten)]
    pub part: V,
    /// The version of the thing that it was added to, as it is now: for the next step with that.
    pub parent_version: i32,
}

impl<V: ToSchema> Added<V> {
    pub fn to<T: Thing>(work: &mut Work, key: &T::Key, part: V) -> Result<Self> {
        Ok(Self { part, parent_version: find::<T>(work, key)?.version() })
    }
}

/// Several things that were made in one request.
#[derive(Debug, Serialize, ToSchema)]
pub struct Made<V: ToSchema> {
    pub items: Vec<Offered<V>>,
}

impl Caller {
    /// Takes a step with the thing in the path and answers with the thing.
    pub async fn take<T: Shown, B: Form + 'static>(
        self,
        verb: &'static Verb<T, B>,
        key: PathParam<T::Key>,
    ) -> Result<Answer, Problem> {
        self.order(move |work, request| {
            let key = key.get()?;
            carry_out(work, verb, &key, Order::sent(request))?;
            Ok(present::<T>(work, &key)?)
        })
        .await
    }

    /// Takes a step with the thing in the path and answers with what `answer` makes of its result.
    pub async fn take_for<T: Thing, B: Form + 'static, R: 'static>(
        self,
        verb: &'static Verb<T, B, R>,
        key: PathParam<T::Key>,
        answer: fn(&mut Work, R) -> Result<Answer>,
    ) -> Result<Answer, Problem> {
        self.order(move |work, request| {
            let result = carry_out(work, verb, &key.get()?, Order::sent(request))?;
            Ok(answer(work, result)?)
        })
        .await
    }

    /// Makes a thing and answers with it.
    pub async fn make<T: Shown, B: Form + 'static>(self, creation: &'static Creation<T, B>) -> Result<Answer, Problem> {
        self.order(move |work, request| {
            let key = create(work, creation, Order::sent(request))?;
            Ok(made::<T>(work, &key)?)
        })
        .await
    }

    /// Makes several things and answers with them; `address` tells where they are listed.
    pub async fn make_many<T: Shown, B: Form + 'static>(
        self,
        creation: &'static CreationOfMany<T, B>,
        address: fn(&[T]) -> String,
    ) -> Result<Answer, Problem> {
        self.order(move |work, request| {
            let things = create_many(work, creation, Order::sent(request))?;
            let items = offered(work, &things, None)?;
            Ok(Answer::made(address(&things), Made { items })?)
        })
        .await
    }

    /// Makes a thing and answers with what `answer` makes of it.
    pub async fn make_for<T: Thing, B: Form + 'static>(
        self,
        creation: &'static Creation<T, B>,
        answer: fn(String, T) -> Result<Answer>,
    ) -> Result<Answer, Problem> {
        self.order(move |work, request| {
            let key = create(work, creation, Order::sent(request))?;
            Ok(answer(creation.address(&key), find::<T>(work, &key)?)?)
        })
        .await
    }

    /// Carries an order out in one transaction.
    pub async fn order<F>(self, work: F) -> Result<Answer, Problem>
    where
        F: FnOnce(&mut Work, Request) -> Result<Answer, EarlyExit> + Send + 'static,
    {
        let request = self.request.clone();
        self.write(move |desk| work(desk, request)).await
    }

    /// The thing in the path; 404 where the caller may not see it. `?explain=actions` tells why a verb cannot be taken now.
    pub async fn show<T: Shown>(self, key: PathParam<T::Key>) -> Result<Answer, Problem> {
        let (mut query, language) = (self.request.query(), self.request.language);
        self.read(move |work| {
            let thing = find::<T>(work, &key.get()?)?;
            let explained = explained(&mut query, language);
            query.finish()?;
            let (version, view) = shown(work, &thing, explained)?;
            Ok(Answer::resource(version, view)?)
        })
        .await
    }

    /// The things of a kind that the caller may see, a page of them, as the kind's filters narrow them. `?count=true` tells
    /// how many there are on all pages.
    pub async fn list<T: Listed>(self) -> Result<Answer, Problem> {
        let (mut query, language) = (self.request.query(), self.request.language);
        self.read(move |work| {
            T::must_list(work.asker())?;
            let paging = query.paging();
            let counts = query.take_one_of("count", &["true", "false"]) == Some("true");
            let explained = explained(&mut query, language);
            let filter = T::Filter::take(&mut query);
            query.finish()?;
            let found = T::list(work, &filter, &Stretch::of(&paging))?;
            let total = if counts { Some(T::count(work, &filter)?) } else { None };
            let (things, next) = paging.cut(found, T::cursor)?;
            let as_of = work.now.plus(Duration::seconds(-SETTLED_SECONDS));
            Ok(Answer::page_of(offered(work, &things, explained)?, next, Some(as_of), total)?)
        })
        .await
    }

    /// What happened to the thing in the path, a page of it; 404 where the caller may not see it.
    pub async fn history<T: Thing>(self, key: PathParam<T::Key>) -> Result<Answer, Problem> {
        let query = self.request.query();
        self.read(move |work| {
            let thing = find::<T>(work, &key.get()?)?;
            let (actor, connection) = (&work.actor, &mut *work.connection);
            Ok(audit::page(connection, query, T::RESOURCE, thing.id(), |step| thing.told(actor, step))?)
        })
        .await
    }
}
