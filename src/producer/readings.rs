//! `/identity-readings`: who was answered whose identity number in full, for whose it is and for who oversees that.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::reading_store::{self, IdentityReading};
use crate::account::{Caller, Role, Work};
use crate::audit::Resource;
use crate::base::id::{AccountId, AnyId, Id, IdentityReadingId, ProducerId};
use crate::base::{Moment, Result};
use crate::http::{Answer, Page, Problem, Refusals};
use crate::producer::store as producers;

/// That somebody was answered an identity number in full. The same reader of the same thing is written down once an hour.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentityReadingView {
    pub id: IdentityReadingId,
    pub at: Moment,
    pub account_id: AccountId,
    pub account_name: String,
    /// `producer`, or `registration` before there was one.
    #[schema(value_type = String)]
    pub resource: &'static str,
    pub resource_id: AnyId,
    /// What the producer is called.
    pub resource_name: Option<String>,
    /// The address of the API or of the page that answered it.
    pub address: String,
}

/// Where the asker is in the list: the last reading before.
pub type Cursor = (Moment, IdentityReadingId);

/// Who reads of readings: a producer of those of its own numbers, administrators and supervisors of all.
pub const READERS: &[Role] = &[Role::Producer, Role::Administrator, Role::Supervisor];

/// The readings that the asker may know of, the newest first.
pub fn told(work: &mut Work, after: Option<Cursor>, limit: i64) -> Result<Vec<IdentityReadingView>> {
    work.must_be(READERS)?;
    let own = match work.actor.role {
        Role::Producer => Some(work.actor.must_be_producer()?.any()),
        _ => None,
    };
    let found = reading_store::list(work.connection, own, after, limit)?;
    let of_producers = found.iter().filter(|reading| reading.resource == Resource::Producer);
    let ids: Vec<ProducerId> = of_producers.map(|reading| Id::from_uuid(reading.resource_id.uuid())).collect();
    let names = producers::names(work.connection, &ids)?;
    let view =
        |IdentityReading { id, account_id, account_name, resource, resource_id, at, address }| IdentityReadingView {
            id,
            at,
            account_id,
            account_name,
            resource: resource.into(),
            resource_id,
            resource_name: names.get(&Id::from_uuid(resource_id.uuid())).cloned(),
            address,
        };
    Ok(found.into_iter().map(view).collect())
}

/// Who was answered identity numbers in full, the newest first (the producer its own, administrators, supervisors).
#[utoipa::path(
    tag = "producers",
    params(("limit" = Option<i64>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = Page<IdentityReadingView>), Refusals)
)]
#[get("/identity-readings")]
pub async fn list_identity_readings(caller: Caller) -> std::result::Result<Answer, Problem> {
    let mut query = caller.request.query();
    caller
        .read(move |work| {
            work.must_be(READERS)?;
            let paging = query.paging::<Cursor>();
            query.finish()?;
            let found = told(work, paging.after, paging.one_more())?;
            let (items, next) = paging.cut(found, |reading| (reading.at, reading.id))?;
            Ok(Answer::page(items, next)?)
        })
        .await
}
