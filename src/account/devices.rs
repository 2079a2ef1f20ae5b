//! Where an account is signed in (thiết bị đăng nhập): `/auth/devices`, and the desk's page of them.

use std::collections::BTreeSet;

use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::caller::{Caller, Identification, Work, authenticate};
use crate::account::{refresh_store, session, store};
use crate::audit::{Resource, StepName, StepTaken};
use crate::base::id::{AccountId, AnyId, FamilyId, SessionId};
use crate::base::{Error, Moment, Result};
use crate::db::AnyConnection;
use crate::http::{Answer, Page, Problem, Refusals};

/// What the history says of who ended a sign-in of the own account.
const END_SIGN_IN: StepName = StepName::new("end-sign-in");

/// So much of what a program says of itself is shown.
const LONGEST_NAME: usize = 80;

/// How somebody is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DeviceKind)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A program, by tokens.
    App,
    /// A browser, by its cookie.
    Browser,
}

/// Where one is signed in. Times are real, whatever the clock of the province shows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Device {
    pub id: AnyId,
    pub kind: Kind,
    pub began_at: Moment,
    /// When it last renewed its tokens, or was last seen, to five minutes.
    pub last_used_at: Moment,
    /// What the program calls itself (`User-Agent`), shortened; null where it is not known.
    pub client: Option<String>,
    /// From which address it last came; null where it is not known.
    pub address: Option<String>,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// By what somebody who asks is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own {
    Family(FamilyId),
    Session(SessionId),
    Unknown,
}

fn named(device: &str) -> Option<String> {
    (!device.is_empty()).then(|| device.chars().take(LONGEST_NAME).collect())
}

/// Where the asker is signed in, the last used first.
pub fn list(work: &mut Work, own: Own) -> Result<Vec<Device>> {
    let (account, now) = (work.actor.id, Moment::real_now());
    let mut known = BTreeSet::new();
    let mut tokens = refresh_store::standing_tokens(work.connection, account, now)?;
    // The newest of a sign-in comes first.
    tokens.retain(|token| known.insert(token.family_id));
    let apps = tokens.into_iter().map(|token| Device {
        id: token.family_id.any(),
        kind: Kind::App,
        began_at: token.begun_at.unwrap_or(token.issued_at),
        last_used_at: token.issued_at,
        client: token.device.as_deref().and_then(named),
        address: token.address,
        current: own == Own::Family(token.family_id),
    });
    let browsers = session::store::of_account(work.connection, account, now)?.into_iter().map(|session| Device {
        id: session.id.any(),
        kind: Kind::Browser,
        began_at: session.made_at,
        last_used_at: session.seen_at,
        client: named(&session.device),
        address: Some(session.address),
        current: own == Own::Session(session.id),
    });
    let mut found: Vec<Device> = apps.chain(browsers).collect();
    found.sort_by_key(|device| std::cmp::Reverse(device.last_used_at));
    Ok(found)
}

/// Ends a sign-in of the asker, and says so in the account's history; 404 where the asker has none of this id.
pub fn end(work: &mut Work, id: AnyId) -> Result<()> {
    let account = work.actor.id;
    store::take(work.connection, account)?;
    let ended =
        refresh_store::end_family(work.connection, account, FamilyId::from_uuid(id.uuid()), Moment::real_now())?
            || session::store::end(work.connection, account, SessionId::from_uuid(id.uuid()))?;
    if !ended {
        return Err(Error::unknown());
    }
    let version = store::count_version(work.connection, account)?;
    work.record(StepTaken {
        resource: Resource::Account,
        id: account,
        version,
        account: None,
        verb: END_SIGN_IN,
        from: None,
        to: None,
        note: None,
    })
}

/// Ends where else an account is signed in: whoever is there proved less than is asked from now on, or more.
pub fn end_others(connection: &mut AnyConnection, account: AccountId, shown: &Identification) -> Result<()> {
    let now = Moment::real_now();
    let (family, session) = match shown {
        Identification::Token(bearer) => (bearer.family, None),
        Identification::Session(secret) => (None, session::find(connection, secret, now)?.map(|found| found.session)),
    };
    refresh_store::end_all_but(connection, account, family, now)?;
    session::store::end_all_but(connection, account, session)
}

/// Where one is signed in: programs by their tokens, browsers by their session, the last used first; at most 100 of each.
#[utoipa::path(tag = "auth", responses((status = 200, body = Page<Device>), Refusals))]
#[get("/auth/devices")]
pub async fn show(caller: Caller) -> Result<Answer, Problem> {
    let own = match authenticate(&caller.app, &caller.request)?.shown {
        Identification::Token(bearer) => bearer.family.map_or(Own::Unknown, Own::Family),
        Identification::Session(_) => Own::Unknown,
    };
    let query = caller.request.query();
    caller
        .read(move |work| {
            query.finish()?;
            Ok(Answer::page(list(work, own)?, None)?)
        })
        .await
}

/// Which sign-in is ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceToEnd {
    device_id: AnyId,
}

/// Ends one of one's own sign-ins, be it the one that asks: at once, also for the tokens that it has.
#[utoipa::path(tag = "auth", request_body = DeviceToEnd, responses((status = 204), Refusals))]
#[post("/auth/devices/revoke")]
pub async fn revoke(caller: Caller) -> Result<Answer, Problem> {
    let mut request = caller.request.clone();
    caller
        .write(move |work| {
            request.parse_body()?;
            request.without_idempotency_key()?;
            let DeviceToEnd { device_id } = request.body()?;
            end(work, device_id)?;
            Ok(Answer::nothing())
        })
        .await
}
