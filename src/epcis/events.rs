//! Facts told as EPCIS 2.0 events and documents (JSON-LD).
//!
//! A range of stamps is told as a quantity of its order's class with the serials beside it, never as a list of codes: an
//! order can have ten million. Where single stamps were asked for, they stand by their exact names.

use serde_json::{Map, Value, json};

use crate::base::id::{LotId, StampOrderId};
use crate::base::{Error, Moment, Result};
use crate::epcis::names::Names;
use crate::epcis::rules::{self, Source};
use crate::epcis::store::{Background, Fact, LotFacts, Run};
use crate::lot::event_rules::EventKind;
use crate::lot::event_store::Event;

const CONTEXT: &str = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";
/// Vietnam has one zone and no summer time.
const ZONE: &str = "+07:00";

/// A single stamp that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Single {
    pub order: StampOrderId,
    pub serial: i32,
    pub code: String,
}

/// Tells facts with their background.
pub struct Teller<'a> {
    pub names: &'a Names,
    pub background: &'a Background,
    /// Told by their exact names where a run of stamps holds them.
    pub singles: &'a [Single],
}

/// The context of every document: EPCIS's own, and the words that only this service has.
pub fn context(names: &Names) -> Value {
    json!([CONTEXT, {"ocop": format!("{}/ns/ocop#", names.origin())}])
}

/// A document of events.
pub fn document(names: &Names, events: Vec<Value>, now: Moment) -> Value {
    json!({
        "@context": context(names), "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": now,
        "epcisBody": {"eventList": events},
    })
}

/// The answer to a query.
pub fn query_document(names: &Names, events: Vec<Value>, now: Moment) -> Value {
    json!({
        "@context": context(names), "type": "EPCISQueryDocument", "schemaVersion": "2.0", "creationDate": now,
        "epcisBody": {"queryResults": {"queryName": "SimpleEventQuery", "resultsBody": {"eventList": events}}},
    })
}

fn event(kind: &str, id: String, at: Moment, recorded: Moment) -> Map<String, Value> {
    let mut event = Map::new();
    let members = [
        ("eventID", json!(id)),
        ("type", json!(kind)),
        ("eventTime", json!(at)),
        ("eventTimeZoneOffset", json!(ZONE)),
        ("recordTime", json!(recorded)),
    ];
    event.extend(members.map(|(name, value)| (name.to_owned(), value)));
    event
}

fn set(event: &mut Map<String, Value>, name: &str, value: Value) {
    event.insert(name.to_owned(), value);
}

impl Teller<'_> {
    pub fn tell(&self, fact: &Fact) -> Result<Value> {
        let event = match fact {
            Fact::Made(lot) => self.made(self.lot(lot.id)?)?,
            Fact::Happened(event) => self.happened(event)?,
            Fact::Recalled(lot, at) => self.recalled(self.lot(lot.id)?, *at),
            Fact::Activated(run) => self.run(run, Source::Activated)?,
            Fact::Voided(run) => self.run(run, Source::Voided)?,
        };
        Ok(Value::Object(event))
    }

    fn lot(&self, id: LotId) -> Result<&LotFacts> {
        self.background.lots.get(&id).ok_or_else(|| Error::internal(format!("the lot {id} of an event is missing")))
    }

    fn class(&self, facts: &LotFacts) -> String {
        self.names.lot(facts.lot.id, &facts.lot.code, facts.gtin.as_ref())
    }

    /// So much of a lot; all that is known of the amount is that it is this lot where it was not counted.
    fn amount(&self, facts: &LotFacts, quantity: Option<i64>) -> Value {
        let mut amount = Map::new();
        set(&mut amount, "epcClass", json!(self.class(facts)));
        if let Some(quantity) = quantity {
            set(&mut amount, "quantity", json!(quantity));
            if let Some(unit) = rules::unit_of_measure(&facts.lot.unit) {
                set(&mut amount, "uom", json!(unit));
            }
        }
        Value::Object(amount)
    }

    /// What was made, of what.
    fn made(&self, facts: &LotFacts) -> Result<Map<String, Value>> {
        let lot = &facts.lot;
        let inputs = self.background.inputs.get(&lot.id).map(Vec::as_slice).unwrap_or_default();
        let kind = if inputs.is_empty() { "ObjectEvent" } else { "TransformationEvent" };
        let mut made = event(kind, format!("urn:uuid:{}", lot.id), lot.produced_on.starts(), lot.created_at);
        let output = json!([self.amount(facts, Some(lot.quantity))]);
        if inputs.is_empty() {
            set(&mut made, "action", json!("ADD"));
            set(&mut made, "quantityList", output);
        } else {
            let inputs: Vec<Value> =
                inputs.iter().map(|input| Ok(self.amount(self.lot(*input)?, None))).collect::<Result<_>>()?;
            set(&mut made, "inputQuantityList", json!(inputs));
            set(&mut made, "outputQuantityList", output);
        }
        set(&mut made, "bizStep", json!("commissioning"));
        set(&mut made, "disposition", json!("active"));
        set(&mut made, "bizLocation", json!({"id": self.names.producer(lot.producer_id)}));
        let mut master = Map::new();
        set(&mut master, "cbvmda:lotNumber", json!(lot.code));
        set(&mut master, "cbvmda:productionDate", json!(lot.produced_on));
        if let Some(expires_on) = lot.expires_on {
            set(&mut master, "cbvmda:itemExpirationDate", json!(expires_on));
        }
        set(&mut made, "ilmd", Value::Object(master));
        set(&mut made, "ocop:product", json!(facts.product));
        set(&mut made, "ocop:producer", json!(facts.producer));
        set(&mut made, "ocop:unit", json!(lot.unit));
        Ok(made)
    }

    fn happened(&self, happened: &Event) -> Result<Map<String, Value>> {
        let facts = self.lot(happened.lot_id)?;
        let id = |id| format!("urn:uuid:{id}");
        let mut told = event("ObjectEvent", id(happened.id), happened.at, happened.recorded_at);
        if let Some((by, at)) = self.background.corrections.get(&happened.id) {
            let wrong = json!({"declarationTime": at, "reason": "incorrect_data", "correctiveEventIDs": [id(*by)]});
            set(&mut told, "errorDeclaration", wrong);
        }
        set(&mut told, "action", json!("OBSERVE"));
        set(&mut told, "bizStep", json!(rules::step(happened.kind)));
        if let Some(disposition) = rules::disposition(happened.kind) {
            set(&mut told, "disposition", json!(disposition));
        }
        set(&mut told, "quantityList", json!([self.amount(facts, happened.quantity)]));
        self.way(&mut told, happened, facts);
        if let Some(documents) = self.background.documents.get(&happened.id) {
            let kind = if happened.kind == EventKind::Test { "testres" } else { "cert" };
            let documents: Vec<Value> = documents
                .iter()
                .map(|document| json!({"type": kind, "bizTransaction": self.names.document(*document)}))
                .collect();
            set(&mut told, "bizTransactionList", json!(documents));
        }
        set(&mut told, "ocop:kind", json!(happened.kind));
        set(&mut told, "ocop:place", json!(happened.place));
        if !happened.note.is_empty() {
            set(&mut told, "ocop:note", json!(happened.note));
        }
        if happened.quantity.is_some() {
            set(&mut told, "ocop:unit", json!(facts.lot.unit));
        }
        Ok(told)
    }

    /// From whom to whom, where the lot left its producer.
    fn way(&self, told: &mut Map<String, Value>, happened: &Event, facts: &LotFacts) {
        if !happened.kind.goes_out() {
            return;
        }
        let party = if happened.kind == EventKind::Sell { "owning_party" } else { "possessing_party" };
        let from = self.names.producer(facts.lot.producer_id);
        set(told, "sourceList", json!([{"type": party, "source": from}]));
        if let Some(shop) = happened.shop_id {
            let to = json!([{"type": "location", "destination": self.names.shop(shop)}]);
            set(told, "destinationList", to);
        }
        if let Some(producer) = happened.buyer_producer_id {
            let to = json!([{"type": party, "destination": self.names.producer(producer)}]);
            set(told, "destinationList", to);
        }
        let by_name =
            happened.buyer_name.clone().map(|name| (name, happened.buyer_address.clone().unwrap_or_default()));
        if let Some((name, address)) = self.background.went_to.get(&happened.id).cloned().or(by_name) {
            set(told, "ocop:destination", json!({"ocop:name": name, "ocop:address": address}));
        }
    }

    fn recalled(&self, facts: &LotFacts, at: Moment) -> Map<String, Value> {
        let lot = &facts.lot;
        let id = format!("{}/api/v1/lots/{}#recall", self.names.origin(), lot.id);
        let mut recalled = event("ObjectEvent", id, at, at);
        set(&mut recalled, "action", json!("OBSERVE"));
        set(&mut recalled, "bizStep", json!("holding"));
        set(&mut recalled, "disposition", json!("recalled"));
        set(&mut recalled, "quantityList", json!([self.amount(facts, None)]));
        if let Some(reason) = &lot.recall_reason {
            set(&mut recalled, "ocop:reason", json!(reason));
        }
        if let Some(origin) = lot.recall_origin_id {
            let origin = format!("{}/api/v1/lots/{origin}", self.names.origin());
            set(&mut recalled, "ocop:recallOrigin", json!(origin));
        }
        recalled
    }

    /// Stamps that begin or end to stand for goods.
    fn run(&self, run: &Run, source: Source) -> Result<Map<String, Value>> {
        let (order, gtin) = self
            .background
            .orders
            .get(&run.order)
            .ok_or_else(|| Error::internal(format!("the order {} of an event is missing", run.order)))?;
        let mut told = event("ObjectEvent", format!("urn:uuid:{}", run.id), run.at, run.at);
        let is_new = source == Source::Activated;
        set(&mut told, "action", json!(if is_new { "ADD" } else { "DELETE" }));
        set(&mut told, "bizStep", json!(source.step()));
        set(&mut told, "disposition", json!(if is_new { "active" } else { "inactive" }));
        let within = |single: &&Single| single.order == order.id && (run.first..=run.last).contains(&single.serial);
        let singles: Vec<String> =
            self.singles.iter().filter(within).map(|single| self.names.stamp(&single.code, gtin.as_ref())).collect();
        if singles.is_empty() {
            let stamps = i64::from(run.last) - i64::from(run.first) + 1;
            let class = json!([{"epcClass": self.names.order(order.id), "quantity": stamps}]);
            set(&mut told, "quantityList", class);
        } else {
            set(&mut told, "epcList", json!(singles));
        }
        set(&mut told, "ocop:serials", json!({"ocop:first": run.first, "ocop:last": run.last}));
        if let Some(lot) = run.lot {
            let facts = self.lot(lot)?;
            if is_new {
                let mut master = Map::new();
                set(&mut master, "cbvmda:lotNumber", json!(facts.lot.code));
                if let Some(expires_on) = facts.lot.expires_on {
                    set(&mut master, "cbvmda:itemExpirationDate", json!(expires_on));
                }
                set(&mut told, "ilmd", Value::Object(master));
            }
            set(&mut told, "ocop:lot", json!(self.class(facts)));
        }
        if let Some(reason) = &run.reason {
            set(&mut told, "ocop:reason", json!(reason));
        }
        Ok(told)
    }
}
