//! `/reassignments`: producers, with their products, whose commune is no more after a reform, and where they go. Ideas,
//! plans, dossiers and certificates keep the units of their year.

use std::collections::BTreeSet;

use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{Caller, Role, Work};
use crate::audit::{Entry, Resource};
use crate::base::id::{ProducerId, ProductId};
use crate::base::{Day, Error, Fault, Faults, Result, UnitCode, say};
use crate::http::{Answer, Page, Problem, Refusals, request};
use crate::place::succession::{self, Lineage};
use crate::place::{self, Place};
use crate::producer::store::Producer;
use crate::producer::{self, rules::unknown_commune};
use crate::product::store;

/// A producer that is to be reassigned.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReassignmentAnswer {
    producer_id: ProducerId,
    /// The producer's.
    version: i32,
    name: String,
    commune_code: UnitCode,
    district_code: Option<UnitCode>,
    /// The communes of the day that stand where its commune was; none where that is not known.
    successors: Vec<UnitCode>,
    /// The one among them, where there is only one.
    successor: Option<UnitCode>,
    /// The products that go with it.
    products: Vec<Moved>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Moved {
    id: ProductId,
    code: String,
    name: String,
}

/// Where producers go, all of them or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReassignmentForm {
    items: Vec<Reassigned>,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reassigned {
    producer_id: ProducerId,
    /// The producer's, as it was seen.
    version: i32,
    /// A commune of today.
    commune_code: UnitCode,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Done {
    items: Vec<DoneItem>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DoneItem {
    producer_id: ProducerId,
    version: i32,
    commune_code: UnitCode,
    district_code: Option<UnitCode>,
}

fn answer(work: &mut Work, lineage: &Lineage, producer: Producer, on: Day) -> Result<ReassignmentAnswer> {
    let place = Place { commune: producer.commune_code.clone(), district: producer.district_code.clone() };
    let successors: Vec<UnitCode> = lineage.became(&place, on).into_iter().collect();
    let products = store::of_producer(work.connection, producer.id)?;
    Ok(ReassignmentAnswer {
        producer_id: producer.id,
        version: producer.version,
        name: producer.name,
        commune_code: producer.commune_code,
        district_code: producer.district_code,
        successor: successors.first().filter(|_| successors.len() == 1).cloned(),
        successors,
        products: products
            .into_iter()
            .map(|product| Moved { id: product.id, code: product.code, name: product.name })
            .collect(),
    })
}

/// Producers whose commune, or whose commune's district, is none on a day (`on`, default today), the oldest first
/// (provincial office).
#[utoipa::path(
    tag = "producers",
    params(
        ("on" = Option<String>, Query, description = "The day, default today"),
        ("limit" = Option<i64>, Query), ("after" = Option<String>, Query),
    ),
    responses((status = 200, body = Page<ReassignmentAnswer>), Refusals)
)]
#[get("/reassignments")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            work.must_be(&[Role::ProvincialOfficer])?;
            let mut query = work.request.query();
            let paging = query.paging();
            let on = query.take("on").unwrap_or(work.now.day());
            query.finish()?;
            let lineage = Lineage::new(place::store::all(work.connection)?, succession::recorded()?);
            let found = producer::store::displaced(work.connection, on, paging.after, paging.one_more())?;
            let (found, next) = paging.cut(found, |producer| producer.id)?;
            let answers = found.into_iter().map(|producer| answer(work, &lineage, producer, on));
            Ok(Answer::page(answers.collect::<Result<Vec<_>>>()?, next)?)
        })
        .await
}

/// Moves producers, with their products, to communes of today (provincial office): all of them or none.
#[utoipa::path(tag = "producers", request_body = ReassignmentForm, responses((status = 201, body = Done), Refusals))]
#[post("/reassignments")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            work.must_be(&[Role::ProvincialOfficer])?;
            work.begin()?;
            let form: ReassignmentForm = work.body()?;
            check(&form.items)?;
            // Rows are taken in one order by everybody, so that two lists cannot wait for each other.
            for id in form.items.iter().map(|item| item.producer_id).collect::<BTreeSet<_>>() {
                producer::store::take(work.connection, id)?;
            }
            let mut items = Vec::new();
            for (index, item) in form.items.iter().enumerate() {
                items.push(reassign(work, item).map_err(|error| error.of_item(index))?);
            }
            Ok(Answer::made("/api/v1/reassignments".into(), Done { items })?)
        })
        .await
}

fn check(items: &[Reassigned]) -> Result<()> {
    let mut faults = Vec::new();
    if items.is_empty() || items.len() > 500 {
        faults.push(Fault::new("/items", "wrong_count", say("Cần từ 1 đến 500 mục.", "One to 500 items are needed.")));
    }
    let mut seen = BTreeSet::new();
    for (index, item) in items.iter().enumerate() {
        if !seen.insert(item.producer_id) {
            let text = say("Chủ thể bị lặp.", "The producer is named twice.");
            faults.push(Fault::new(format!("/items/{index}/producer_id"), "repeated", text));
        }
    }
    faults.into_result()
}

fn reassign(work: &mut Work, item: &Reassigned) -> Result<DoneItem> {
    let producer = producer::store::find(work.connection, item.producer_id)?.ok_or_else(Error::unknown)?;
    if producer.version != item.version {
        return Err(request::stale(producer.version));
    }
    let place = place::store::commune(work.connection, &item.commune_code, work.now.day())?
        .ok_or_else(|| unknown_commune("/commune_code"))?;
    let note = format!("{} → {}", producer.commune_code, place.commune);
    let version = producer::store::update(work.connection, &producer, producer.form_in(&place), place.clone())?;
    work.record(Entry { note: Some(&note), ..producer::api::entry(producer.id, version, "reassign") })?;
    for product in store::of_producer(work.connection, producer.id)? {
        if (&product.commune_code, &product.district_code) == (&place.commune, &place.district) {
            continue;
        }
        let note = format!("{} → {}", product.commune_code, place.commune);
        store::set_place(work.connection, product.id, &place)?;
        work.record(Entry {
            resource: Resource::Product,
            id: product.id,
            version: product.version + 1,
            account: None,
            verb: "reassign",
            from: None,
            to: None,
            note: Some(&note),
        })?;
    }
    Ok(DoneItem { producer_id: producer.id, version, commune_code: place.commune, district_code: place.district })
}
