//! What was sent for a dossier's criteria, as the steps of the dossier and of its product read it.

use serde_json::{Map, Value, json};

use crate::account::Caller;
use crate::base::id::{DocumentId, DossierId, ProductId};
use crate::base::{Error, Fault, Kind, Refusal, Result};
use crate::criteria::Mark;
use crate::desk::typed::{Meant, Typed};
use crate::desk::visit::DeskVisit;
use crate::dossier::steps::CHANGE;
use crate::files::{Arrived, Fields};
use crate::http::{Answer, PathParam, Problem};
use crate::product::document_api::made;
use crate::product::steps::{ADD_DOCUMENT, REUSE_DOCUMENT};
use crate::station::{Order, carry_out};

/// What a form says of all criteria: what the marks rest on and their remarks stay as they are.
pub fn of_all(meant: &Value, kept: &[Mark]) -> Value {
    let rows = meant.get("self_marks").cloned().unwrap_or_else(|| json!([]));
    let Value::Array(rows) = rows else { return json!({"self_marks": rows}) };
    let with_kept = |row: Value| {
        let Value::Object(mut row) = row else { return row };
        let code = row.get("criterion").and_then(Value::as_str);
        if let Some(mark) = kept.iter().find(|mark| code == Some(&mark.criterion)) {
            rest_on(&mut row, mark.documents());
            row.extend(mark.remark.clone().map(|remark| ("remark".to_owned(), Value::String(remark))));
        }
        Value::Object(row)
    };
    json!({"self_marks": rows.into_iter().map(with_kept).collect::<Vec<_>>()})
}

/// The marks with that of one criterion in the place of its earlier one; where it stands among them.
pub fn of_one(kept: &[Mark], mark: Mark) -> (Value, usize) {
    let place = kept.iter().position(|known| known.criterion == mark.criterion).unwrap_or(kept.len());
    let mut marks = kept.to_vec();
    match marks.get_mut(place) {
        Some(earlier) => *earlier = mark,
        None => marks.push(mark),
    }
    (json!({"self_marks": marks}), place)
}

/// The marks without that of a criterion.
pub fn without(kept: &[Mark], code: &str) -> Value {
    json!({"self_marks": kept.iter().filter(|mark| mark.criterion != code).collect::<Vec<_>>()})
}

fn rest_on(row: &mut Map<String, Value>, documents: impl Iterator<Item = DocumentId>) {
    let mut documents = documents.map(|document| Value::String(document.to_string()));
    row.extend(documents.next().map(|first| ("evidence".to_owned(), first)));
    let further: Vec<Value> = documents.collect();
    if !further.is_empty() {
        row.insert("further_evidence".to_owned(), Value::Array(further));
    }
}

/// The ids that were ticked under a name, each once; what is no id names nothing that exists.
pub fn ticked(typed: &Typed, name: &str) -> Result<Vec<DocumentId>> {
    let within = |field: &str| field.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
    let mut found: Vec<DocumentId> = Vec::new();
    for (_, value) in typed.fields().filter(|(field, _)| within(field)) {
        let id = value.parse().map_err(|_| Error::unknown())?;
        if !found.contains(&id) {
            found.push(id);
        }
    }
    Ok(found)
}

/// Changes the dossier as this body says, by a step as a program would order it.
pub async fn change(visit: &DeskVisit, id: DossierId, body: &Value) -> Result<Answer, Problem> {
    let caller = visit.ordering(body)?;
    caller.take_for(&CHANGE, PathParam::of(&id.to_string()), |_, ()| Ok(Answer::nothing())).await
}

/// The key of what a form orders beside its own step: sent twice, it is done once too.
fn key_beside(typed: &Typed, what: &str) -> Option<String> {
    typed.value("key").filter(|key| !key.is_empty()).map(|key| format!("{key}.{what}"))
}

fn made_document(answer: &Answer) -> Result<DocumentId> {
    let id = answer.location().and_then(|location| location.rsplit('/').next()?.parse().ok());
    id.ok_or_else(|| Error::internal("a document was made without an address"))
}

/// Adds what was uploaded to the product's documents.
pub async fn add(
    visit: &DeskVisit,
    product: ProductId,
    fields: &Fields,
    arrived: Arrived,
) -> Result<DocumentId, Problem> {
    let Caller { app, request } = visit.caller.clone();
    let mut request = request.ordering(&Value::Null, None, key_beside(&visit.typed, "file"))?;
    request.form(fields, &arrived.file.sha256)?;
    let caller = Caller { app, request };
    let answer = caller.order(move |work, request| {
        let id = carry_out(work, &ADD_DOCUMENT, &product, Order::with_file(request, arrived))?;
        Ok(made(work, id)?)
    });
    Ok(made_document(&answer.await?)?)
}

/// Uses a document of another product again.
pub async fn reuse(visit: &DeskVisit, product: ProductId, document: DocumentId) -> Result<DocumentId, Problem> {
    let Caller { app, request } = visit.caller.clone();
    let body = json!({"document_id": document});
    let request = request.ordering(&body, None, key_beside(&visit.typed, &document.to_string()))?;
    let product = PathParam::of(&product.to_string());
    let answer = Caller { app, request }.take_for(&REUSE_DOCUMENT, product, made);
    Ok(made_document(&answer.await?)?)
}

/// A refusal of the marks as the page of one criterion tells it: its mark is the first there.
pub fn seen_alone(refusal: Refusal, place: usize) -> Refusal {
    let own = format!("/self_marks/{place}/");
    let alone = |fault: Fault| match fault.pointer.strip_prefix(&own) {
        Some(rest) => Fault { pointer: format!("/self_marks/0/{rest}"), ..fault },
        None => Fault { pointer: String::new(), ..fault },
    };
    Refusal { faults: refusal.faults.into_iter().map(alone).collect(), ..refusal }
}

/// 422 for papers of a criterion without an option.
pub fn without_option(detail: crate::base::Message) -> Refusal {
    let fault = Fault::new("/self_marks/0/option", "required", detail.clone());
    Refusal { kind: Kind::Invalid, code: "required", detail, faults: vec![fault] }
}

/// Nothing that was sent is of another shape than was asked for.
pub fn as_sent() -> Meant {
    Meant { body: Value::Null, unread: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_mark_rests_on_stays_where_its_option_changes() {
        let (first, second) = (DocumentId::new(), DocumentId::new());
        let kept = [
            Mark { remark: Some("x".into()), ..Mark::new("1.1", 1).resting_on([first, second]) },
            Mark::new("1.2", 2).resting_on([first]),
        ];
        let sent = json!({"self_marks": [{"criterion": "1.1", "option": 3}, {"criterion": "2.1", "option": 1}]});
        let expected = json!({"self_marks": [
            {"criterion": "1.1", "option": 3, "remark": "x", "evidence": first, "further_evidence": [second]},
            {"criterion": "2.1", "option": 1},
        ]});
        assert_eq!(of_all(&sent, &kept), expected);
        assert_eq!(of_all(&json!({}), &kept), json!({"self_marks": []}));
        let (body, place) = of_one(&kept, Mark::new("1.2", 1).resting_on([second]));
        assert_eq!((body["self_marks"][1]["evidence"].clone(), place), (json!(second), 1));
        let (body, place) = of_one(&kept, Mark::new("9.9", 1));
        assert_eq!((body["self_marks"].as_array().unwrap().len(), place), (3, 2));
        assert_eq!(without(&kept, "1.1")["self_marks"].as_array().unwrap().len(), 1);
    }
}
