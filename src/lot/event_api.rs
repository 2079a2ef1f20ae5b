//! `/lots/{id}/events`: recorded by the lot's producer, never changed, corrected by later ones.

use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{Caller, Work};
use crate::base::id::{DocumentId, LotEventId, LotId, ProducerId, ShopId};
use crate::base::{Error, Moment, Result};
use crate::http::{Answer, PathParam, PathParts, Problem, Refusals};
use crate::lot::Lot;
use crate::lot::event_rules::{EventForm, EventKind};
use crate::lot::event_store::{self, Told};
use crate::lot::steps;
use crate::station::{Added, find};

#[derive(Debug, Serialize, ToSchema)]
pub struct EventView {
    id: LotEventId,
    kind: EventKind,
    at: Moment,
    place: String,
    note: String,
    /// In the lot's unit.
    quantity: Option<i64>,
    destination: Option<DestinationView>,
    /// Documents of the product that show it.
    documents: Vec<DocumentId>,
    /// Who recorded it.
    actor: String,
    recorded_at: Moment,
    /// The event that this one stands for.
    corrects: Option<LotEventId>,
    /// The event that stands for this one.
    corrected_by: Option<LotEventId>,
}

/// Where a lot went.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EventDestination)]
pub struct DestinationView {
    shop_id: Option<ShopId>,
    producer_id: Option<ProducerId>,
    name: String,
    address: String,
}

impl From<Told> for EventView {
    fn from(told: Told) -> Self {
        let event = told.event;
        let destination = told.went_to.map(|(name, address)| DestinationView {
            shop_id: event.shop_id,
            producer_id: event.buyer_producer_id,
            name,
            address,
        });
        Self {
            id: event.id,
            kind: event.kind,
            at: event.at,
            place: event.place,
            note: event.note,
            quantity: event.quantity,
            destination,
            documents: told.documents,
            actor: told.actor,
            recorded_at: event.recorded_at,
            corrects: event.corrects_id,
            corrected_by: told.corrected_by,
        }
    }
}

/// Records what happened to a lot (own producer). Events are never changed: one that was wrong is corrected by another
/// that names it in `corrects` and says why in its note.
#[utoipa::path(tag = "lots", request_body = EventForm, responses((status = 201, body = Added<EventView>), Refusals))]
#[post("/lots/{id}/events")]
pub async fn add_event(caller: Caller, id: PathParam<LotId>) -> Result<Answer, Problem> {
    caller.take_for(&steps::ADD_EVENT, id, shown).await
}

fn shown(work: &mut Work, (lot, id): (LotId, LotEventId)) -> Result<Answer> {
    let page = event_store::Page { only: Some(id), after: None, limit: 1 };
    let told = event_store::told(work.connection, lot, &page)?.pop().ok_or_else(Error::unknown)?;
    let address = format!("/api/v1/lots/{lot}/events/{id}");
    Answer::made(address, Added::to::<Lot>(work, &lot, EventView::from(told))?)
}

/// What names an event of a lot.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct EventPath {
    id: LotId,
    event: LotEventId,
}

/// One event of a lot.
#[utoipa::path(
    tag = "lots",
    params(("id" = LotId, Path, description = "The lot."), ("event" = LotEventId, Path, description = "The event.")),
    responses((status = 200, body = EventView), Refusals)
)]
#[get("/lots/{id}/events/{event}")]
pub async fn read_event(caller: Caller, path: PathParts<EventPath>) -> Result<Answer, Problem> {
    caller
        .read(move |work| {
            let EventPath { id, event } = path.get()?;
            let lot = find::<Lot>(work, &id)?;
            let page = event_store::Page { only: Some(event), after: None, limit: 1 };
            let told = event_store::told(work.connection, lot.id, &page)?.pop().ok_or_else(Error::unknown)?;
            Ok(Answer::ok(EventView::from(told))?)
        })
        .await
}

/// What happened to a lot, in its order; corrected events stay and name what stands for them.
#[utoipa::path(
    tag = "lots",
    params(("limit" = Option<i64>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = crate::http::Page<EventView>), Refusals)
)]
#[get("/lots/{id}/events")]
pub async fn events(caller: Caller, id: PathParam<LotId>) -> Result<Answer, Problem> {
    let mut query = caller.request.query();
    caller
        .read(move |work| {
            let lot = find::<Lot>(work, &id.get()?)?;
            let paging = query.paging();
            query.finish()?;
            let page = event_store::Page { only: None, after: paging.after, limit: paging.one_more() };
            let found = event_store::told(work.connection, lot.id, &page)?;
            let (told, next) = paging.cut(found, |told| (told.event.at, told.event.id))?;
            Ok(Answer::page(told.into_iter().map(EventView::from).collect(), next)?)
        })
        .await
}
