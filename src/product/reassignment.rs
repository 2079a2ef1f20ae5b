//! `/reassignments`: producers, with their products, whose commune is no more after a reform, and where they go. Ideas,
//! plans, dossiers and certificates keep the units of their year.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{Caller, Role, Work};
use crate::base::id::{ProducerId, ProductId};
use crate::base::{Day, Error, Fault, Faults, Level, Result, UnitCode, say};
use crate::http::{Answer, Page, Problem, Query, Refusals, request};
use crate::place::succession::{self, Lineage};
use crate::place::{self, Place};
use crate::producer::rules::unknown_commune;
use crate::producer::steps::REASSIGNMENT;
use crate::producer::{self, Producer};
use crate::product::{Product, store};
use crate::station::{By, Order, Stretch, Taken, Verb, apply, find, label, plain_forms};

/// A producer that is to be reassigned.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReassignmentView {
    pub producer_id: ProducerId,
    /// The producer's.
    pub version: i32,
    pub name: String,
    pub commune_code: UnitCode,
    pub district_code: Option<UnitCode>,
    /// The communes of the day that stand where its commune was; none where that is not known.
    pub successors: Vec<UnitCode>,
    /// The one among them, where there is only one.
    pub successor: Option<UnitCode>,
    /// The products that go with it.
    pub products: Vec<Moved>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Moved {
    pub id: ProductId,
    pub code: String,
    pub name: String,
}

/// Where producers go, all of them or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReassignmentForm {
    items: Vec<Reassigned>,
}

plain_forms!(ReassignmentForm);

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

/// Where something goes, and where it was: what its history says of the move.
#[derive(Debug, Clone)]
pub struct Destination(pub Place);

impl Destination {
    fn note(&self, from: &UnitCode) -> Option<String> {
        Some(format!("{from} → {}", self.0.commune))
    }
}

/// Moves a producer, with its products.
pub static REASSIGN: Verb<Producer, Destination> = REASSIGNMENT.taken(|work, producer, to: Destination| {
    let note = to.note(&producer.commune_code);
    let Destination(place) = to.clone();
    producer::store::update(work.connection, producer, producer.form_in(&place), place.clone())?;
    for product in store::of_producers(work.connection, &[producer.id])? {
        if (&product.commune_code, &product.district_code) != (&place.commune, &place.district) {
            apply(work, &FOLLOW, &product.id, Order::given(to.clone()))?;
        }
    }
    Ok(Taken::stayed().with_note(note))
});

/// Moves a product after its producer.
static FOLLOW: Verb<Product, Destination> = Verb::new(
    "reassign",
    label("Chuyển sản phẩm theo chủ thể", "Move the product after its producer"),
    By::Roles(&[Role::ProvincialOfficer]),
    |work, product, to: Destination| {
        store::set_place(work.connection, product.row.id, &to.0)?;
        Ok(Taken::stayed().with_note(to.note(&product.row.commune_code)))
    },
);

/// Producers that lie in no commune of a day as they are on record, or have a product that does not, the oldest first.
fn displaced(work: &mut Work, on: Day, stretch: &Stretch<ProducerId>) -> Result<Vec<Producer>> {
    let filter = place::store::UnitFilter { level: Some(Level::Commune), limit: i64::MAX, ..Default::default() };
    let communes: BTreeSet<(UnitCode, Option<UnitCode>)> = place::store::list(work.connection, on, &filter)?
        .into_iter()
        .map(|unit| (unit.code, unit.parent_code.filter(|parent| parent.level() == Level::District)))
        .collect();
    // After a reform these are nearly all producers, so the few columns are read whole and held against the list here.
    let mut spots = producer::store::spots(work.connection)?;
    spots.extend(store::spots(work.connection)?);
    let displaced: BTreeSet<ProducerId> = spots
        .into_iter()
        .filter(|(id, _)| stretch.after.is_none_or(|after| *id > after))
        .filter(|(_, place)| !communes.contains(&(place.commune.clone(), place.district.clone())))
        .map(|(id, _)| id)
        .collect();
    let limit = usize::try_from(stretch.limit).map_err(Error::internal)?;
    let page: Vec<ProducerId> = displaced.into_iter().take(limit).collect();
    producer::store::of_ids(work.connection, &page)
}

fn views(work: &mut Work, producers: Vec<Producer>, on: Day) -> Result<Vec<ReassignmentView>> {
    let lineage = Lineage::new(place::store::all(work.connection)?, succession::recorded()?);
    let ids: Vec<ProducerId> = producers.iter().map(|producer| producer.id).collect();
    let mut products: BTreeMap<ProducerId, Vec<Moved>> = BTreeMap::new();
    for product in store::of_producers(work.connection, &ids)? {
        let moved = Moved { id: product.id, code: product.code, name: product.name };
        products.entry(product.producer_id).or_default().push(moved);
    }
    let view = |producer: Producer| {
        let place = Place { commune: producer.commune_code, district: producer.district_code };
        let successors: Vec<UnitCode> = lineage.became(&place, on).into_iter().collect();
        ReassignmentView {
            producer_id: producer.id,
            version: producer.version,
            name: producer.name,
            commune_code: place.commune,
            district_code: place.district,
            successor: successors.first().filter(|_| successors.len() == 1).cloned(),
            successors,
            products: products.remove(&producer.id).unwrap_or_default(),
        }
    };
    Ok(producers.into_iter().map(view).collect())
}

/// Producers whose commune, or whose commune's district, is none on a day (`on`, default today), the oldest first
/// (provincial office).
#[utoipa::path(
    tag = "producers",
    params(
        ("on" = Option<String>, Query, description = "The day, default today"),
        ("limit" = Option<i64>, Query), ("after" = Option<String>, Query),
    ),
    responses((status = 200, body = Page<ReassignmentView>), Refusals)
)]
#[get("/reassignments")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    let query = caller.request.query();
    caller
        .read(move |work| {
            let (found, next) = page(work, query)?;
            Ok(Answer::page(found, next)?)
        })
        .await
}

/// A page of them, with the place from which the next goes on; 403 for all but the provincial office.
pub fn page(work: &mut Work, mut query: Query) -> Result<(Vec<ReassignmentView>, Option<String>)> {
    work.must_be(&[Role::ProvincialOfficer])?;
    let paging = query.paging();
    let on = query.take("on").unwrap_or(work.now.day());
    query.finish()?;
    let found = displaced(work, on, &Stretch::of(&paging))?;
    let (found, next) = paging.cut(found, |producer| producer.id)?;
    Ok((views(work, found, on)?, next))
}

/// Moves producers, with their products, to communes of today (provincial office): all of them or none.
#[utoipa::path(tag = "producers", request_body = ReassignmentForm, responses((status = 201, body = Done), Refusals))]
#[post("/reassignments")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    ordered(caller).await
}

/// The same for who orders it from a page.
pub async fn ordered(caller: Caller) -> Result<Answer, Problem> {
    caller
        .order(|work, request| {
            work.must_be(&[Role::ProvincialOfficer])?;
            let ReassignmentForm { items } = Order::sent(request).form(work)?;
            check(&items)?;
            // Rows are taken in one order by everybody, so that two lists cannot wait for each other.
            for id in items.iter().map(|item| item.producer_id).collect::<BTreeSet<_>>() {
                producer::store::take(work.connection, id)?;
            }
            let done = items
                .iter()
                .enumerate()
                .map(|(index, item)| reassign(work, item).map_err(|error| error.of_item(index)));
            let items = done.collect::<Result<_>>()?;
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
    let id = item.producer_id;
    let producer = find::<Producer>(work, &id)?;
    if producer.version != item.version {
        return Err(request::stale(producer.version));
    }
    let place = place::store::commune(work.connection, &item.commune_code, work.now.day())?
        .ok_or_else(|| unknown_commune("/commune_code"))?;
    apply(work, &REASSIGN, &id, Order::at(item.version, Destination(place.clone())))?;
    Ok(DoneItem {
        producer_id: id,
        version: item.version + 1,
        commune_code: place.commune,
        district_code: place.district,
    })
}
