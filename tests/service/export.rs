//! The export of a council is enough to recompute every result and to open every commitment, by a program that knows
//! nothing of ours: what stands here is that program.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::engine::on_both;
use crate::province::Person;
use crate::walk::{Council, Walk};

fn list<'a>(value: &'a Value, name: &str) -> &'a Vec<Value> {
    value[name].as_array().unwrap_or_else(|| panic!("{name} is no list in {value}"))
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} is no text in {value}"))
}

fn number(value: &Value, name: &str) -> i64 {
    value[name].as_i64().unwrap_or_else(|| panic!("{name} is no number in {value}"))
}

pub fn criteria(set: &Value) -> Vec<&Value> {
    let groups = list(set, "parts").iter().flat_map(|part| list(part, "groups"));
    groups.flat_map(|group| list(group, "criteria")).collect()
}

/// The points of a sheet's marks, which must be legal and complete for the producer's case.
fn points<'a>(set: &'a Value, case: i64, sheet: &Value) -> BTreeMap<&'a str, i64> {
    let mut points: BTreeMap<&str, i64> = BTreeMap::new();
    for mark in list(sheet, "marks") {
        let criterion = criteria(set).into_iter().find(|criterion| criterion["code"] == mark["criterion"]).unwrap();
        // 0: not even the lowest option is met.
        let given = match usize::try_from(number(mark, "option")).unwrap() {
            0 => 0,
            place => {
                let option = &list(criterion, "options")[place - 1];
                assert!(option["case"].is_null() || number(option, "case") == case);
                number(option, "points")
            }
        };
        assert!(points.insert(text(criterion, "code"), given).is_none());
    }
    for criterion in criteria(set) {
        let mut applies = true;
        let mut at = criterion;
        while let Some(base) = at["depends_on"].as_str() {
            applies &= points.get(base).is_some_and(|points| *points > 0);
            at = criteria(set).into_iter().find(|other| other["code"] == base).unwrap();
        }
        assert_eq!(applies, points.contains_key(text(criterion, "code")), "{criterion} in {sheet}");
    }
    points
}

/// The fewest stars that a least option keeps the product from having, by the council's rule.
pub fn kept_from(rules: &Value, set: &Value, case: i64, sheets: &[BTreeMap<&str, i64>]) -> Option<i64> {
    let count = i64::try_from(sheets.len()).unwrap();
    let mut fewest: Option<i64> = None;
    for criterion in criteria(set) {
        let given: Vec<i64> =
            sheets.iter().map(|points| points.get(text(criterion, "code")).copied().unwrap_or(0)).collect();
        for option in list(criterion, "options") {
            let is_other = !option["case"].is_null() && number(option, "case") != case;
            let Some(stars) = option["least_for_stars"].as_i64().filter(|_| !is_other) else { continue };
            let wanted = number(option, "points");
            let reaching = i64::try_from(given.iter().filter(|points| **points >= wanted).count()).unwrap();
            let is_met = match text(rules, "least_options") {
                "mean" => given.iter().sum::<i64>() >= wanted * count,
                "majority" => 2 * reaching > count,
                "all" => reaching == count,
                other => panic!("no such rule: {other}"),
            };
            if !is_met && fewest.is_none_or(|fewest| stars < fewest) {
                fewest = Some(stars);
            }
        }
    }
    fewest
}

/// What the council must have concluded: outcome, stars, sum, sheets. The rules that would have kept it from concluding
/// are checked too.
fn concluded(export: &Value, item: &Value) -> (String, Option<i64>, i64, i64) {
    let conclusion = &item["concluded"];
    let set = list(export, "criteria_sets").iter().find(|set| set["id"] == item["criteria_set_id"]).unwrap();
    let attempt = list(conclusion, "rescores").iter().map(|rescore| number(rescore, "attempt")).max().unwrap_or(1);
    let sheets: Vec<&Value> =
        list(conclusion, "sheets").iter().filter(|sheet| number(sheet, "attempt") == attempt).collect();
    let count = i64::try_from(sheets.len()).unwrap();
    let rules = &export["council"]["rules"];
    let (part, whole) = text(rules, "quorum").split_once('/').unwrap();
    let (part, whole): (i64, i64) = (part.parse().unwrap(), whole.parse().unwrap());
    assert!(count * whole >= number(conclusion, "scoring_seats") * part && count >= number(rules, "least_sheets"));
    let mut kinds = BTreeSet::new();
    let (mut totals, mut marked) = (Vec::new(), Vec::new());
    for sheet in &sheets {
        if let Some(gate) = sheet["gate"].as_object() {
            let criterion = criteria(&set["set"]).into_iter().find(|criterion| criterion["code"] == gate["criterion"]);
            kinds.insert(text(&criterion.unwrap()["gate"], "kind").to_owned());
            assert!(sheet["total"].is_null());
        } else {
            let points = points(&set["set"], number(item, "case"), sheet);
            totals.push(points.values().sum::<i64>());
            marked.push(points);
            assert_eq!(sheet["total"], json!(totals.last().unwrap()));
        }
    }
    if let Some(kind) = kinds.first() {
        assert!(kinds.len() == 1 && totals.is_empty(), "the gates agree");
        let outcome = if kind == "reject" { "disqualified" } else { "stopped" };
        return (outcome.into(), None, 0, count);
    }
    assert!(totals.iter().max().unwrap() - totals.iter().min().unwrap() <= number(rules, "max_spread"));
    let sum: i64 = totals.iter().sum();
    let reaches = |points: i64| sum.cmp(&(points * count)) != Ordering::Less;
    let stages = list(&export["edition"], "stages");
    let place = stages.iter().position(|stage| stage["level"] == export["council"]["level"]).unwrap();
    let recognises: Vec<i64> = list(&stages[place], "recognises").iter().map(|stars| stars.as_i64().unwrap()).collect();
    let bands = list(&export["edition"], "bands").iter().filter(|band| reaches(number(band, "from")));
    let stars = bands.map(|band| number(band, "stars")).max().unwrap();
    let sends_up = reaches(number(&stages[place], "sends_up_at"));
    if sends_up && place + 1 < stages.len() {
        return ("forwarded".into(), None, sum, count);
    }
    let kept_from = kept_from(rules, &set["set"], number(item, "case"), &marked).filter(|kept| *kept <= stars);
    let left = kept_from.map_or(stars, |kept| kept - 1);
    let (outcome, stars) = match kept_from {
        None if sends_up => ("proposed_to_centre", stages[place]["until_centre"].as_i64()),
        _ if recognises.contains(&left) => ("rated", Some(left)),
        Some(_) => ("least_options_unmet", None),
        None => ("below_threshold", None),
    };
    (outcome.into(), stars, sum, count)
}

/// JSON without spaces, names sorted.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(object) => {
            let sorted: BTreeMap<&String, &Value> = object.iter().collect();
            let pairs: Vec<String> =
                sorted.iter().map(|(name, value)| format!("{}:{}", json!(name), canonical(value))).collect();
            format!("{{{}}}", pairs.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        plain => plain.to_string(),
    }
}

fn opened(item: &Value, sheet: &Value) -> String {
    let member = &sheet["member"];
    let committed = json!({
        "agenda_item_id": item["id"], "attempt": sheet["attempt"], "account_id": member["account_id"],
        "state": "submitted", "marks": sheet["marks"], "gate": sheet["gate"], "total": sheet["total"],
        "gate_kind": sheet["gate_kind"], "submitted_at": member["submitted_at"],
    });
    let salt = text(member, "salt");
    let salt: Vec<u8> = (0..32).map(|at| u8::from_str_radix(&salt[2 * at..2 * at + 2], 16).unwrap()).collect();
    let digest = Sha256::new().chain_update(salt).chain_update(canonical(&committed)).finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn recomputed(export: &Value, is_named: bool) -> usize {
    let mut count = 0;
    for item in list(export, "items").iter().filter(|item| !item["concluded"].is_null()) {
        let conclusion = &item["concluded"];
        let result = &conclusion["result"];
        let (outcome, stars, sum, sheets) = concluded(export, item);
        assert_eq!(
            (&result["outcome"], &result["stars"], &result["sum"], &result["sheets"]),
            (&json!(outcome), &json!(stars), &json!(sum), &json!(sheets)),
            "{item}"
        );
        assert_eq!(conclusion["named"], json!(is_named));
        for sheet in list(conclusion, "sheets") {
            assert_eq!(sheet.get("member").is_some(), is_named);
            if is_named {
                assert_eq!(sheet["member"]["commitment"], json!(opened(item, sheet)));
            }
        }
        count += 1;
    }
    count
}

struct Scored {
    walk: Walk,
    council: Council,
    /// Of every submitted sheet, by item and member.
    receipts: BTreeMap<(String, String), Value>,
    open_item: String,
}

impl Scored {
    fn submit(&mut self, member: usize, item: &str, sheet: Value) {
        let person = self.council.scorers[member].clone();
        let path = format!("/agenda-items/{item}/sheet");
        let province = &self.walk.province;
        let version = province.get(&person, &path).ok()["version"].as_i64().unwrap();
        let saved = province.at_version(Method::PUT, &person, &path, version, sheet).ok();
        let answer = province.step(&person, &path, "submit", json!({})).ok();
        assert_ne!(saved["commitment"], answer["commitment"], "each version has its own salt");
        self.receipts.insert((item.to_owned(), person.id), answer["commitment"].clone());
    }

    fn step(&self, item: &str, verb: &str, body: Value) {
        self.walk.province.step(self.council.chair(), &format!("/agenda-items/{item}"), verb, body).ok();
    }

    fn item(&self, name: &str) -> String {
        let candidate = self.walk.handed_in(&self.walk.here, name);
        let item = self.walk.agenda_item(&self.council, &candidate.dossier);
        self.step(&item, "open-scoring", json!({}));
        item
    }

    fn scored(&mut self, item: &str, totals: &[u64]) {
        for (member, total) in totals.iter().enumerate() {
            let mut marks = self.walk.marks(*total);
            marks[0]["remark"] = json!(format!("Nhận xét \"{member}\"\nvề {total}"));
            self.submit(member, item, json!({"marks": marks}));
        }
        self.step(item, "close-scoring", json!({}));
    }

    fn new(engine: crate::engine::Engine) -> Self {
        let walk = Walk::new(engine);
        let council = walk.council("439", 1, 4);
        let mut scored = Self { walk, council, receipts: BTreeMap::new(), open_item: String::new() };
        let plain = scored.item("Mật ong");
        scored.scored(&plain, &[49, 50, 52, 48]);
        scored.step(&plain, "conclude", json!({}));

        let again = scored.item("Sáp ong");
        scored.scored(&again, &[40, 60, 62, 63]);
        scored.step(&again, "rescore", json!({"reason": "Chênh lệch"}));
        scored.scored(&again, &[60, 61, 62, 55]);
        scored.step(&again, "conclude", json!({}));

        let gated = scored.item("Phấn hoa");
        for member in 0..4 {
            let gate = json!({"criterion": "10.1", "reason": format!("Không đạt {member}")});
            scored.submit(member, &gated, json!({"marks": [], "gate": gate}));
        }
        scored.step(&gated, "close-scoring", json!({}));
        scored.step(&gated, "conclude", json!({}));

        let recused = scored.item("Sữa ong chúa");
        scored.submit(3, &recused, json!({"marks": scored.walk.marks(90)}));
        let own = &scored.council.scorers[3];
        let form = json!({"reason": "Người nhà"});
        scored.walk.province.step(own, &format!("/agenda-items/{recused}"), "recuse", form).ok();
        scored.scored(&recused, &[40, 45, 41]);
        scored.step(&recused, "conclude", json!({}));

        scored.open_item = scored.item("Keo ong");
        let open_item = scored.open_item.clone();
        scored.submit(0, &open_item, json!({"marks": scored.walk.marks(77)}));
        scored
    }

    fn export(&self, person: &Person) -> Value {
        self.walk.province.get(person, &format!("/councils/{}/export", self.council.id)).ok()
    }
}

/// The sheets of an export in an order of their own, without whose they are.
fn nameless(export: &Value) -> BTreeMap<String, Vec<String>> {
    let sheets = |item: &Value| {
        let strip = |sheet: &Value| {
            let mut sheet = sheet.clone();
            sheet.as_object_mut().unwrap().remove("member");
            sheet.to_string()
        };
        let mut sheets: Vec<String> = list(&item["concluded"], "sheets").iter().map(strip).collect();
        sheets.sort();
        (text(item, "id").to_owned(), sheets)
    };
    list(export, "items").iter().filter(|item| !item["concluded"].is_null()).map(sheets).collect()
}

#[test]
fn the_export_alone_recomputes_every_result_and_opens_every_commitment() {
    on_both(|engine| {
        let scored = Scored::new(engine);
        let (walk, council) = (&scored.walk, &scored.council);
        for leader in [council.chair(), &council.secretary, &council.office] {
            let export = scored.export(leader);
            assert_eq!(recomputed(&export, true), 4);
            let outcomes: Vec<&str> = list(&export, "items")
                .iter()
                .filter_map(|item| item["concluded"]["result"]["outcome"].as_str())
                .collect();
            assert_eq!(outcomes, ["below_threshold", "forwarded", "stopped", "below_threshold"]);
            // What each member was given as a receipt stands there, of the last attempt.
            let mut met = 0;
            for item in list(&export, "items").iter().filter(|item| !item["concluded"].is_null()) {
                for sheet in list(&item["concluded"], "sheets") {
                    let member = &sheet["member"];
                    let key = (text(item, "id").to_owned(), text(member, "account_id").to_owned());
                    met += usize::from(scored.receipts[&key] == member["commitment"]);
                }
            }
            assert_eq!(met, 4 + 4 + 4 + 3);
            let open = list(&export, "items").iter().find(|item| item["id"] == json!(scored.open_item)).unwrap();
            assert!(open.get("concluded").is_none());
            let marks = &scored.receipts[&(scored.open_item.clone(), council.chair().id.clone())];
            assert!(!export.to_string().contains(marks.as_str().unwrap()));
        }
        let named = nameless(&scored.export(council.chair()));

        // Without names: the same sheets, shuffled, and nothing that opens a commitment.
        let readers = [
            ("member", &council.scorers[1], true),
            ("supervisor", &walk.supervisor, true),
            ("provincial office", &walk.office, true),
            ("producer", &walk.here.producer, false),
            ("commune", &walk.here.commune, false),
        ];
        for (who, person, sees_seats) in readers {
            let export = scored.export(person);
            assert_eq!(recomputed(&export, false), 4, "{who}");
            assert_eq!(nameless(&export), named, "{who}");
            assert_eq!(export["council"].get("seats").is_some(), sees_seats, "{who}");
            let items = export["items"].to_string();
            for secret in ["account_id", "salt", "commitment", "submitted_at", "Ông "] {
                assert!(!items.contains(secret), "{who} is told {secret}: {items}");
            }
            for scorer in &council.scorers {
                assert!(!items.contains(&scorer.id), "{who}");
            }
        }
        for (who, person) in [("another district", &walk.there.officer), ("its producer", &walk.there.producer)] {
            let reply = walk.province.get(person, &format!("/councils/{}/export", council.id));
            assert_eq!(reply.status, 404, "{who}");
        }
        // Who is recused from presiding does not lead that item, and gets it as everybody else.
        let council = walk.council("440", 1, 5);
        let candidate = walk.handed_in(&walk.there, "Mật ong rừng");
        let item = walk.agenda_item(&council, &candidate.dossier);
        let resource = format!("/agenda-items/{item}");
        walk.province.step(council.chair(), &resource, "recuse", json!({"reason": "Người nhà"})).ok();
        let vice = &council.scorers[1];
        walk.province.step(vice, &resource, "open-scoring", json!({})).ok();
        for member in &council.scorers[1..] {
            walk.submit_sheet(member, &item, 60);
        }
        walk.province.step(vice, &resource, "close-scoring", json!({})).ok();
        walk.province.step(vice, &resource, "conclude", json!({})).ok();
        let path = format!("/councils/{}/export", council.id);
        assert_eq!(recomputed(&walk.province.get(vice, &path).ok(), true), 1);
        assert_eq!(recomputed(&walk.province.get(council.chair(), &path).ok(), false), 1);
    });
}
