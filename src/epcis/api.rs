//! EPCIS 2.0 over HTTP: documents of lots and orders, the query interface, top-level discovery.

use std::collections::BTreeSet;

use actix_web::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, LINK};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, get, web};
use serde_json::{Value, json};
use strum::IntoEnumIterator;

use crate::account::{Caller, Work};
use crate::base::id::{LotId, StampOrderId};
use crate::base::{Error, Fault, Faults, Moment, Result, say};
use crate::epcis::events::{self, Single, Teller};
use crate::epcis::names::{Named, Names};
use crate::epcis::rules::{self, Cursor, EventType, Things, Wanted};
use crate::epcis::store::{self, Fact};
use crate::http::answer::next_page;
use crate::http::{PathParam, Problem, Query, Refusals, bounds};
use crate::lot::event_rules::EventKind;
use crate::lot::{self, Lot};
use crate::product;
use crate::stamp::Scanner;
use crate::stamp::code::{Mint, Minted};
use crate::stamp::orders::store as stamp_store;
use crate::station::find;

/// Facts that are read at a time for a whole document.
const FACTS_AT_A_TIME: i64 = 500;
/// Names that one query can hold.
const MOST_NAMES: usize = 20;
const MEDIA: &str = "application/ld+json";

/// The head of every answer: which version of the standards it speaks.
fn head(mut response: HttpResponseBuilder) -> HttpResponseBuilder {
    response
        .insert_header(("GS1-EPCIS-Version", "2.0.0"))
        .insert_header(("GS1-EPCIS-Min", "2.0.0"))
        .insert_header(("GS1-EPCIS-Max", "2.0.0"))
        .insert_header(("GS1-CBV-Version", "2.0.0"))
        .insert_header(("GS1-CBV-Min", "2.0.0"))
        .insert_header(("GS1-CBV-Max", "2.0.0"))
        .insert_header((CACHE_CONTROL, "no-store"));
    response
}

fn answer(document: &Value) -> HttpResponse {
    head(HttpResponse::Ok()).insert_header((CONTENT_TYPE, MEDIA)).body(document.to_string())
}

fn tell(work: &mut Work, names: &Names, facts: &[Fact], singles: &[Single]) -> Result<Vec<Value>> {
    let background = store::background(work.connection, facts)?;
    let teller = Teller { names, background: &background, singles };
    facts.iter().map(|fact| teller.tell(fact)).collect()
}

/// All events about some things, read a stretch at a time.
fn whole(work: &mut Work, things: Things, singles: &[Single]) -> Result<Value> {
    let names = Names::new(&work.app.public_url);
    let territory = work.actor.territory();
    let mut wanted = Wanted { things: Some(things), limit: FACTS_AT_A_TIME, ..Default::default() };
    let mut told = Vec::new();
    loop {
        let facts = store::facts(work.connection, &territory, &wanted)?;
        told.extend(tell(work, &names, &facts, singles)?);
        match facts.last() {
            Some(last) if i64::try_from(facts.len()).is_ok_and(|found| found == FACTS_AT_A_TIME) => {
                wanted.after = Some(last.place());
            }
            _ => return Ok(events::document(&names, told, work.now)),
        }
    }
}

/// A lot as an EPCIS 2.0 document: of what it was made, what happened to it, its recall, its stamps.
#[utoipa::path(
    tag = "epcis", responses((status = 200, body = Value, content_type = "application/ld+json"), Refusals)
)]
#[get("/lots/{id}/epcis")]
pub async fn of_lot(caller: Caller, id: PathParam<LotId>) -> Result<HttpResponse, Problem> {
    let document = caller
        .look(|work| {
            let lot = find::<Lot>(work, &id.get()?)?;
            whole(work, Things { lots: vec![lot.id], ..Default::default() }, &[])
        })
        .await?;
    Ok(answer(&document))
}

/// The commissioning and decommissioning of an order's stamps as an EPCIS 2.0 document: by ranges, or of one stamp by its
/// exact name.
#[utoipa::path(
    tag = "epcis",
    params(("serial" = Option<i32>, Query, description = "Only this stamp")),
    responses((status = 200, body = Value, content_type = "application/ld+json"), Refusals)
)]
#[get("/stamp-orders/{id}/epcis")]
pub async fn of_order(
    caller: Caller,
    id: PathParam<StampOrderId>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    let (mint, mut query) = (scanner.mint().clone(), caller.request.query());
    let document = caller
        .look(move |work| {
            let order = stamp_store::find(work.connection, id.get()?)?.ok_or_else(Error::unknown)?;
            work.must_see(&order.home())?;
            let serial: Option<i32> = query.number(bounds::SERIAL);
            query.finish()?;
            let Some(serial) = serial else {
                return whole(work, Things { orders: vec![order.id], ..Default::default() }, &[]);
            };
            if !(1..=order.quantity).contains(&serial) {
                let detail = say(
                    format!("Số thứ tự của đơn này từ 1 đến {}.", order.quantity),
                    format!("The serials of this order are 1 to {}.", order.quantity),
                );
                return Err(Error::invalid("serial", "out_of_range", detail));
            }
            order.state.must_be_issued()?;
            let code = mint.code(Minted { order: order.number, serial, key_id: order.key_id()? })?.to_string();
            let runs = store::runs_with(work.connection, order.id, serial)?;
            let single = Single { order: order.id, serial, code };
            whole(work, Things { runs, ..Default::default() }, &[single])
        })
        .await?;
    Ok(answer(&document))
}

/// The events that the asker may know of, by time: the filters of EPCIS's SimpleEventQuery.
#[utoipa::path(
    tag = "epcis",
    params(
        ("eventType" = Option<String>, Query, description = "`ObjectEvent`, `TransformationEvent`, or both with a pipe between them"),
        ("GE_eventTime" = Option<String>, Query, description = "At this moment or later"),
        ("LT_eventTime" = Option<String>, Query, description = "Before this moment"),
        ("EQ_bizStep" = Option<String>, Query, description = "Business steps, pipes between them"),
        ("MATCH_anyEPC" = Option<String>, Query, description = "Names of stamps or lots, pipes between them"),
        ("MATCH_anyEPCClass" = Option<String>, Query, description = "Names of lots or orders of stamps, pipes between them"),
        ("perPage" = Option<i64>, Query, description = "1 to 100, 30 unless said"),
        ("nextPageToken" = Option<String>, Query, description = "From the `Link` of the page before"),
    ),
    responses((status = 200, body = Value, content_type = "application/ld+json"), Refusals)
)]
#[get("/epcis/events")]
pub async fn events_found(
    caller: Caller,
    request: HttpRequest,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    let (mint, query) = (scanner.mint().clone(), caller.request.query());
    let (document, next) = caller.look(move |work| found(work, query, &mint)).await?;
    let mut response = head(HttpResponse::Ok());
    if let Some(next) = next {
        let address = next_page(&request, "nextPageToken", &next);
        response.insert_header((LINK, format!("<{address}>; rel=\"next\"")));
    }
    Ok(response.insert_header((CONTENT_TYPE, MEDIA)).body(document.to_string()))
}

fn found(work: &mut Work, mut query: Query, mint: &Mint) -> Result<(Value, Option<String>)> {
    let names = Names::new(&work.app.public_url);
    let paging = query.paging_by::<Cursor>(bounds::PER_PAGE, "nextPageToken");
    let types = listed(&mut query, "eventType");
    let mut wanted = Wanted {
        types: None,
        from: query.take("GE_eventTime").map(Moment::held_in_range),
        before: query.take("LT_eventTime").map(Moment::held_in_range),
        steps: listed(&mut query, "EQ_bizStep"),
        things: None,
        after: paging.after,
        limit: paging.one_more(),
    };
    let asked: Vec<(&str, Vec<String>)> = ["MATCH_anyEPC", "MATCH_anyEPCClass"]
        .into_iter()
        .filter_map(|name| Some((name, listed(&mut query, name)?)))
        .collect();
    query.finish()?;
    wanted.types = types.map(read_types).transpose()?;
    let mut singles = Vec::new();
    for (parameter, named) in asked {
        let things = meant(work, &names, mint, parameter, &named, &mut singles)?;
        // Two filters narrow each other.
        wanted.things = Some(match wanted.things {
            None => things,
            Some(earlier) => both(&earlier, &things),
        });
    }
    let territory = work.actor.territory();
    let facts = store::facts(work.connection, &territory, &wanted)?;
    let (facts, next) = paging.cut(facts, Fact::place)?;
    let told = tell(work, &names, &facts, &singles)?;
    Ok((events::query_document(&names, told, work.now), next))
}

/// Several values are parted by pipes, as the standard has it; commas are understood as well, for no value here holds one.
fn listed(query: &mut Query, name: &'static str) -> Option<Vec<String>> {
    let value: String = query.take(name)?;
    Some(value.split(['|', ',']).map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect())
}

/// Types that other systems have and this one does not are fine to ask for: there are none.
fn read_types(named: Vec<String>) -> Result<Vec<EventType>> {
    const OTHERS: [&str; 3] = ["AggregationEvent", "TransactionEvent", "AssociationEvent"];
    let mut faults = Vec::new();
    let mut types = Vec::new();
    for name in named {
        match name.parse() {
            Ok(known) => types.push(known),
            Err(_) if OTHERS.contains(&name.as_str()) => {}
            Err(_) => faults.push(Fault::new(
                "eventType",
                "unknown_event_type",
                say(format!("EPCIS không có loại sự kiện “{name}”."), format!("EPCIS has no event type \"{name}\".")),
            )),
        }
    }
    faults.into_result()?;
    Ok(types)
}

/// What the names of a filter mean here; those that mean nothing match nothing.
fn meant(
    work: &mut Work,
    names: &Names,
    mint: &Mint,
    parameter: &str,
    named: &[String],
    singles: &mut Vec<Single>,
) -> Result<Things> {
    if named.len() > MOST_NAMES {
        let detail = say(format!("Tối đa {MOST_NAMES} mã."), format!("At most {MOST_NAMES} names."));
        return Err(Error::invalid(parameter, "too_many", detail));
    }
    let mut things = Things::default();
    for name in named {
        match names.read(name) {
            Some(Named::Lot(id)) => things.lots.push(id),
            Some(Named::LotOf(gtin, code)) => {
                if let Some(product) = product::store::of_any_gtin(work.connection, &gtin)? {
                    things.lots.extend(lot::store::of_code(work.connection, product.id, &code)?.map(|lot| lot.id));
                }
            }
            Some(Named::Order(id)) => things.orders.push(id),
            Some(Named::Stamp(spelling)) => {
                let Some((code, stamp)) = mint.read(&spelling) else { continue };
                let Some(order) = store::order_with(work.connection, stamp.order, stamp.serial)? else { continue };
                things.runs.extend(store::runs_with(work.connection, order, stamp.serial)?);
                singles.push(Single { order, serial: stamp.serial, code: code.to_string() });
            }
            None => {}
        }
    }
    Ok(things)
}

fn both(one: &Things, other: &Things) -> Things {
    fn shared<T: Copy + Ord>(one: &[T], other: &[T]) -> Vec<T> {
        let other: BTreeSet<T> = other.iter().copied().collect();
        one.iter().copied().filter(|thing| other.contains(thing)).collect()
    }
    Things {
        lots: shared(&one.lots, &other.lots),
        orders: shared(&one.orders, &other.orders),
        runs: shared(&one.runs, &other.runs),
    }
}

/// A collection of discovery, as the standard has it.
fn collection(names: &Names, members: impl IntoIterator<Item = impl AsRef<str>>) -> Value {
    let members: Vec<String> = members.into_iter().map(|member| member.as_ref().to_owned()).collect();
    json!({"@context": events::context(names), "type": "Collection", "member": members})
}

async fn discovered(caller: Caller, members: Vec<&'static str>) -> Result<HttpResponse, Problem> {
    let query = caller.request.query();
    let document = caller
        .look(move |work| {
            query.finish()?;
            Ok(collection(&Names::new(&work.app.public_url), members))
        })
        .await?;
    Ok(answer(&document))
}

/// What can be discovered: the top-level resources of the query interface.
#[utoipa::path(
    tag = "epcis", responses((status = 200, body = Value, content_type = "application/ld+json"), Refusals)
)]
#[get("/epcis")]
pub async fn discover(caller: Caller) -> Result<HttpResponse, Problem> {
    discovered(caller, vec!["events", "eventTypes", "bizSteps", "dispositions"]).await
}

/// The types of event that are told here.
#[utoipa::path(
    tag = "epcis", responses((status = 200, body = Value, content_type = "application/ld+json"), Refusals)
)]
#[get("/epcis/eventTypes")]
pub async fn event_types(caller: Caller) -> Result<HttpResponse, Problem> {
    let types: Vec<&'static str> = EventType::iter().map(EventType::name).collect();
    discovered(caller, types).await
}

/// The business steps that are told here.
#[utoipa::path(
    tag = "epcis", responses((status = 200, body = Value, content_type = "application/ld+json"), Refusals)
)]
#[get("/epcis/bizSteps")]
pub async fn biz_steps(caller: Caller) -> Result<HttpResponse, Problem> {
    discovered(caller, rules::steps()).await
}

/// The dispositions that are told here.
#[utoipa::path(
    tag = "epcis", responses((status = 200, body = Value, content_type = "application/ld+json"), Refusals)
)]
#[get("/epcis/dispositions")]
pub async fn dispositions(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut all: BTreeSet<&'static str> = EventKind::iter().filter_map(rules::disposition).collect();
    all.extend(["active", "inactive", "recalled"]);
    discovered(caller, all.into_iter().collect()).await
}

/// `OPTIONS` of any of these: the versions, without saying who may read what.
pub async fn options() -> HttpResponse {
    head(HttpResponse::NoContent()).insert_header((ALLOW, "GET, HEAD, OPTIONS")).finish()
}
