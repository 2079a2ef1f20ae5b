//! Inspections: planned, visited, corrected and concluded, over the API and on the desk, by who has a part and by nobody else.

use diesel::prelude::*;
use ocop::db::schema::{inspection_files, inspections};
use serde_json::{Value, json};

use crate::desk_browser::{Browser, form, offered};
use crate::editions::Year;
use crate::engine::on_both;
use crate::province::{Person, Province};
use crate::walk::{A_PDF, A_PNG, PNG, Walk, id};

const ITEMS: [&str; 12] = [
    "set_criteria",
    "least_options",
    "process",
    "certificate_valid",
    "mark_shape",
    "stars_shown",
    "label_content",
    "label_true",
    "stamps_used",
    "stamps_kept",
    "lots_recorded",
    "tests_current",
];

/// What every list and every route is tried with: an adopted plan, and an inspection by it whose visit has begun.
pub struct Begun {
    pub plan: String,
    pub id: String,
    pub photograph: String,
}

fn adopted(province: &Province, office: &Person, number: &str, signed_on: &str) -> String {
    let year: i64 = signed_on[..4].parse().unwrap();
    let plan = json!({"year": year, "text": "Kiểm tra sản phẩm đã được công nhận"});
    let plan = id(&province.post(office, "/inspection-plans", plan).created());
    let adoption = json!({"number": number, "signed_on": signed_on});
    province.step(office, &format!("/inspection-plans/{plan}"), "adopt", adoption).ok();
    plan
}

fn planned(product: &str, plan: &str, inspector: &Person, today: &str) -> Value {
    json!({"product_id": product, "kind": "periodic", "inspection_plan_id": plan,
        "decision_number": "15/QĐ-VPĐP", "decision_signed_on": today, "begins_on": today, "ends_on": today,
        "members": [
            {"account_id": inspector.id, "organisation": "Chi cục Quản lý chất lượng", "leads": true},
            {"name": "Trần Thị Bình", "organisation": "Sở Y tế"}]})
}

fn answers(broken: &[&str]) -> Value {
    let answer = |item: &&str| match broken.contains(item) {
        true => json!({"item": item, "answer": "broken", "note": "Không đúng quy định"}),
        false => json!({"item": item, "answer": "kept"}),
    };
    json!({"answers": ITEMS.iter().map(answer).collect::<Vec<_>>()})
}

fn minutes(signed_at: &str) -> Value {
    let stroke = json!({"points": [{"x": 10, "y": 20}, {"x": 300, "y": 380}]});
    json!({"signed_at": signed_at, "place": "Xưởng của chủ thể", "latitude": 18.45501, "longitude": 105.2,
        "representative": "Nguyễn Văn An", "explanation": "Nhãn cũ còn tồn kho",
        "signatures": [{"name": "Lê Thị Hoa", "side": "team", "strokes": [stroke]},
            {"name": "Nguyễn Văn An", "side": "producer"}]})
}

/// For [`crate::routes::Filled`].
pub fn begun(walk: &Walk, product: &str, number: &str) -> Begun {
    let province = &walk.province;
    let plan = adopted(province, &walk.office, number, "2021-02-22");
    let form = planned(product, &plan, &walk.inspector, "2021-02-22");
    let inspection = id(&province.post(&walk.office, "/inspections", form).created());
    let path = format!("/inspections/{inspection}");
    province.step(&walk.inspector, &path, "visit", json!({})).ok();
    let photograph =
        province.upload(&walk.inspector, &format!("{path}/files"), &[("purpose", "photograph")], A_PNG).created();
    Begun { plan, id: inspection, photograph: id(&photograph) }
}

/// The address of an inspection whose visit has begun.
pub fn planned_visit(walk: &Walk, product: &str) -> String {
    format!("/inspections/{}", begun(walk, product, "9/KH").id)
}

fn verbs(thing: &Value) -> Vec<&str> {
    thing["actions"].as_array().unwrap().iter().map(|verb| verb.as_str().unwrap()).collect()
}

#[test]
fn a_plan_is_drafted_changed_and_adopted_once() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let draft = json!({"year": 2021, "text": "Kiểm tra 20 sản phẩm"});
        for person in [&walk.inspector, &walk.signatory, &walk.supervisor, &walk.here.officer, &walk.here.producer] {
            province.post(person, "/inspection-plans", draft.clone()).refused(403, "forbidden");
        }
        province
            .post(&walk.office, "/inspection-plans", json!({"year": 1999, "text": ""}))
            .invalid(&["/year", "/text"]);
        let plan = id(&province.post(&walk.office, "/inspection-plans", draft.clone()).created());
        let path = format!("/inspection-plans/{plan}");
        assert_eq!(province.patch(&walk.office, &path, json!({"text": "Kiểm tra 25 sản phẩm"})).ok()["version"], 2);
        // A periodic inspection names an adopted plan of its year, so that a draft is none.
        let product = walk.approved(&walk.here, "Mật ong").product;
        let form = planned(&product, &plan, &walk.inspector, "2021-02-22");
        province.post(&walk.office, "/inspections", form.clone()).fault("/inspection_plan_id", "unknown_plan");
        let late = json!({"number": "1/KH", "signed_on": "2021-02-23"});
        province.step(&walk.office, &path, "adopt", late).fault("/signed_on", "in_future");
        let adoption = json!({"number": "1/KH-VPĐP", "signed_on": "2021-02-22"});
        province.step(&walk.inspector, &path, "adopt", adoption.clone()).refused(403, "forbidden");
        let view = province.step(&walk.office, &path, "adopt", adoption.clone()).ok();
        assert_eq!(
            (&view["state"], &view["number"], &view["inspections"]),
            (&json!("adopted"), &json!("1/KH-VPĐP"), &json!(0))
        );
        province.step(&walk.office, &path, "adopt", adoption.clone()).refused(409, "wrong_state");
        province.patch(&walk.office, &path, json!({"text": "Khác"})).refused(409, "wrong_state");
        let other = id(&province.post(&walk.office, "/inspection-plans", draft).created());
        let other = format!("/inspection-plans/{other}");
        province.step(&walk.office, &other, "adopt", adoption).refused(409, "number_taken");

        province.post(&walk.office, "/inspections", form.clone()).created();
        let next = json!({"begins_on": "2022-01-05", "ends_on": "2022-01-05"});
        let mut of_next = form;
        of_next.as_object_mut().unwrap().extend(next.as_object().unwrap().clone());
        province.post(&walk.office, "/inspections", of_next).fault("/inspection_plan_id", "unknown_plan");
        assert_eq!(province.get(&walk.supervisor, &path).ok()["inspections"], 1);
        assert_eq!(province.all(&walk.inspector, "/inspection-plans?state=adopted&year=2021").len(), 1);
        for person in [&walk.here.officer, &walk.here.commune, &walk.here.producer, &walk.idle] {
            province.get(person, &path).refused(404, "not_found");
            province.get(person, "/inspection-plans").refused(403, "forbidden");
        }
    });
}

#[test]
fn an_inspection_walks_from_its_plan_to_its_conclusion() {
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let foreign = walk.approved(&walk.there, "Kẹo lạc").product;
        let (lot, other_lot) = (walk.lot(&walk.here, &product, "L-1"), walk.lot(&walk.there, &foreign, "L-2"));
        let other_inspector = walk.province.person("inspector-2", "inspector", Some("42"));
        let plan = adopted(&walk.province, &walk.office, "2/KH", "2021-02-22");
        let province = &walk.province;
        let (office, inspector, producer) = (&walk.office, &walk.inspector, &walk.here.producer);

        // What it must say, and who may plan it.
        let form = planned(&product, &plan, inspector, "2021-02-22");
        let with = |member: &str, value: Value| {
            let mut form = form.clone();
            form[member] = value;
            province.post(office, "/inspections", form)
        };
        with("product_id", json!(plan)).fault("/product_id", "unknown_product");
        with("kind", json!("sudden")).invalid(&["/inspection_plan_id"]);
        with("inspection_plan_id", Value::Null).fault("/inspection_plan_id", "required");
        with("decision_signed_on", json!("2021-02-23")).invalid(&["/decision_signed_on", "/begins_on"]);
        with("ends_on", json!("2021-02-21")).fault("/ends_on", "out_of_range");
        with("members", json!([{"name": "A", "organisation": "B"}])).fault("/members", "wrong_count");
        let nobody = json!([{"account_id": plan, "organisation": "B", "leads": true}]);
        with("members", nobody).fault("/members/0/account_id", "unknown_account");
        for person in [inspector, &walk.signatory, &walk.supervisor, &walk.here.officer, producer, &walk.admin] {
            province.post(person, "/inspections", form.clone()).refused(403, "forbidden");
        }
        let inspection = province.post(office, "/inspections", form.clone()).created();
        assert_eq!((&inspection["state"], inspection["checklist"].as_array().unwrap().len()), (&json!("planned"), 12));
        let path = format!("/inspections/{}", id(&inspection));
        let step = |person: &Person, verb: &str, body: Value| province.step(person, &path, verb, body);

        // A sudden one is a secret of the province until the team is there.
        let sudden = json!({"product_id": product, "kind": "sudden", "reason": "Phản ánh của người mua",
            "decision_number": "16/QĐ-VPĐP", "decision_signed_on": "2021-02-22", "begins_on": "2021-02-22",
            "ends_on": "2021-03-01", "members": [{"account_id": inspector.id, "organisation": "Đoàn", "leads": true}]});
        let mut mute = sudden.clone();
        mute["reason"] = Value::Null;
        province.post(office, "/inspections", mute).fault("/reason", "required");
        let secret = format!("/inspections/{}", id(&province.post(office, "/inspections", sudden).created()));
        province.get(&walk.here.commune, &path).ok();
        province.get(&walk.here.commune, &secret).refused(404, "not_found");
        for thing in [&path, &secret] {
            province.get(producer, thing).refused(404, "not_found");
            province.get(&walk.there.officer, thing).refused(404, "not_found");
            province.get(&walk.supervisor, thing).ok();
        }
        assert_eq!(province.all(&walk.here.officer, "/inspections").len(), 1);
        assert!(province.all(producer, "/inspections").is_empty());

        // Only what is not begun is changed; the office cancels for a reason.
        assert_eq!(province.patch(office, &path, json!({"ends_on": "2021-02-26"})).ok()["ends_on"], "2021-02-26");
        province.patch(inspector, &path, json!({"ends_on": "2021-02-27"})).refused(403, "forbidden");
        province.step(office, &secret, "cancel", json!({})).fault("/note", "required");
        let cancelled = province.step(office, &secret, "cancel", json!({"note": "Chuyển sang đợt sau"})).ok();
        assert_eq!((&cancelled["state"], cancelled["actions"].as_array().unwrap().len()), (&json!("cancelled"), 0));
        province.step(inspector, &secret, "visit", json!({})).refused(409, "wrong_state");

        // The visit: by members of the team and the office alone.
        for verb in ["fill", "take-sample", "sign", "order-correction", "conclude"] {
            assert_eq!(step(office, verb, json!({})).status, 409, "{verb}");
        }
        step(&other_inspector, "visit", json!({})).refused(403, "forbidden");
        step(&walk.here.officer, "visit", json!({})).refused(403, "forbidden");
        assert_eq!(verbs(&province.get(inspector, &path).ok()), ["visit"]);
        let waits = |person: &Person| {
            let tasks = province.get(person, "/tasks").ok();
            let found =
                tasks["items"].as_array().unwrap().iter().find(|task| path.ends_with(task["id"].as_str().unwrap()));
            found.map(|task| (task["verb"].as_str().unwrap().to_owned(), task["due"].as_str().map(str::to_owned)))
        };
        assert_eq!(waits(inspector), Some(("visit".into(), Some("2021-02-26".into()))));
        assert_eq!(waits(&other_inspector), None);
        assert_eq!(step(inspector, "visit", json!({})).ok()["state"], "visiting");
        province.patch(office, &path, json!({"ends_on": "2021-02-27"})).refused(409, "wrong_state");
        assert!(verbs(&province.get(producer, &path).ok()).is_empty());

        let strange = json!({"answers": [{"item": "x", "answer": "kept"}, {"item": "process", "answer": "broken"}]});
        step(inspector, "fill", strange).invalid(&["/answers/0/item", "/answers/1/note"]);
        step(inspector, "fill", json!({"answers": [{"item": "process", "answer": "kept"}]})).ok();
        step(inspector, "sign", minutes("2021-02-22T01:00:00Z")).refused(409, "checklist_incomplete");
        assert_eq!(step(office, "fill", answers(&["label_true", "mark_shape"])).ok()["broken"], 2);
        let version = province.get(office, &path).ok()["version"].clone();
        assert_eq!(step(inspector, "fill", answers(&["label_true", "mark_shape"])).ok()["version"], version);

        let sample = |lot: &str| {
            json!({"lot_id": lot, "seal_number": "NP-001", "taken_on": "2021-02-22", "laboratory": "Trung tâm Kiểm nghiệm",
                "tests": [{"what": "Chì (Pb)", "limit": "0,1", "unit": "mg/kg"}]})
        };
        step(inspector, "take-sample", sample(&other_lot)).fault("/lot_id", "unknown_lot");
        let taken = step(inspector, "take-sample", sample(&lot)).ok();
        assert_eq!(taken["samples"][0]["lot_code"], "L-1");
        let test = taken["samples"][0]["tests"][0]["id"].clone();
        step(inspector, "take-sample", sample(&lot)).fault("/seal_number", "repeated");
        let files = format!("{path}/files");
        let photograph = [("purpose", "photograph"), ("caption", "Nhãn sai")];
        province.upload(&other_inspector, &files, &photograph, A_PNG).refused(403, "forbidden");
        let photograph = province.upload(inspector, &files, &photograph, A_PNG).created();
        let bytes = format!("/inspection-files/{}", id(&photograph));
        assert_eq!(photograph["address"], format!("/api/v1{bytes}"));
        for person in [producer, &walk.supervisor] {
            assert_eq!(province.get(person, &bytes).text.len(), String::from_utf8_lossy(PNG).len());
        }
        province.get(&walk.there.producer, &bytes).refused(404, "not_found");

        // The minutes: signed by both, or with the reason why not; what was found is fixed.
        let at = |member: &str, value: Value| {
            let mut form = minutes("2021-02-22T01:00:00Z");
            form[member] = value;
            step(inspector, "sign", form)
        };
        at("signed_at", json!("2021-02-28T01:00:00Z")).fault("/signed_at", "in_future");
        at("longitude", Value::Null).fault("/longitude", "required");
        at("signatures", json!([{"name": "A", "side": "team"}])).fault("/refusal", "required");
        let wild = json!([{"name": "A", "side": "team", "strokes": [{"points": [{"x": 1001, "y": 0}]}]},
            {"name": "B", "side": "producer"}]);
        at("signatures", wild).fault("/signatures/0/strokes", "out_of_range");
        let now = province.app.clock.now().to_string();
        let recorded = step(inspector, "sign", minutes(&now)).ok();
        assert_eq!((&recorded["state"], &recorded["latitude"]), (&json!("recorded"), &json!(18.45501)));
        step(inspector, "fill", answers(&[])).refused(409, "wrong_state");
        step(office, "cancel", json!({"note": "Muộn"})).refused(409, "wrong_state");

        let paper = province.get(producer, &format!("{path}/paper")).text;
        for part in ["Biên bản kiểm tra", "M10 20L300 380", "NP-001", "Nhãn cũ còn tồn kho", "<b>Vi phạm</b>"]
        {
            assert!(paper.contains(part), "{part}: {paper}");
        }
        province.get(office, &format!("{secret}/paper")).refused(409, "wrong_state");
        province.get(&walk.there.producer, &format!("{path}/paper")).refused(404, "not_found");

        // What is broken does not pass; results are in before the conclusion.
        let conclusion = |result: &str, ground: Value| json!({"result": result, "text": "Kết luận", "ground": ground});
        step(office, "conclude", conclusion("failed", Value::Null)).refused(409, "results_outstanding");
        let result = json!({"test": test, "value": "< 0,02", "within": true});
        step(inspector, "record-result", json!({"test": plan, "value": "1", "within": true}))
            .fault("/test", "unknown_test");
        step(producer, "record-result", result.clone()).refused(403, "forbidden");
        step(inspector, "record-result", result).ok();
        step(office, "conclude", conclusion("passed", Value::Null)).fault("/result", "not_allowed");
        step(inspector, "conclude", conclusion("failed", Value::Null)).refused(403, "forbidden");
        step(office, "conclude", conclusion("failed", json!("law_broken"))).fault("/ground", "not_allowed");

        // The order, the producer's reply, and what the team finds.
        step(inspector, "order-correction", json!({"text": "Thay nhãn", "due_on": "2021-02-22"}))
            .fault("/due_on", "out_of_range");
        let ordered = json!({"text": "Thay nhãn", "due_on": "2021-03-01"});
        step(producer, "order-correction", ordered.clone()).refused(403, "forbidden");
        assert_eq!(step(inspector, "order-correction", ordered.clone()).ok()["due_on"], "2021-03-01");
        assert_eq!(waits(producer), Some(("reply".into(), Some("2021-03-01".into()))));
        assert_eq!(waits(inspector), None);
        step(inspector, "follow-up", json!({"text": "Xem", "corrected": true})).refused(409, "correction_not_due");
        step(office, "reply", json!({"text": "Đã thay"})).refused(403, "forbidden");
        province.upload(producer, &format!("{path}/reply-papers"), &[("caption", "Nhãn mới")], A_PDF).created();
        province.upload(inspector, &format!("{path}/reply-papers"), &[], A_PDF).refused(403, "forbidden");
        let replied = step(producer, "reply", json!({"text": "Đã thay nhãn"})).ok();
        assert_eq!((&replied["state"], &replied["due_on"]), (&json!("replied"), &Value::Null));
        province.upload(producer, &format!("{path}/reply-papers"), &[], A_PDF).refused(409, "wrong_state");
        assert_eq!(waits(inspector), Some(("follow-up".into(), None)));
        step(inspector, "follow-up", json!({"text": "Còn nhãn cũ", "corrected": false})).ok();
        step(office, "conclude", conclusion("passed", Value::Null)).fault("/result", "not_allowed");
        step(inspector, "order-correction", ordered).ok();

        // The last day passes without a reply: it is overdue, and the team looks again by itself.
        let at_day = |day: &str| vec!["--clock".to_owned(), format!("{day}T08:00:00+07:00")];
        let overdue = |walk: &Walk| walk.province.all(&walk.office, "/inspections?overdue=true").len();
        assert_eq!(overdue(&walk), 0);
        for (day, found) in [("2021-03-01", 0), ("2021-03-02", 1)] {
            let flags = at_day(day);
            walk.province.restart(&flags.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(overdue(&walk), found, "{day}");
            let report = walk.province.get(&walk.office, &format!("/cycles/{}/report", walk.cycle)).ok();
            assert_eq!(report["inspections"]["overdue"], found, "{day}");
            assert_eq!(walk.province.all(&walk.office, "/inspections?overdue=false").len(), 2 - found);
        }
        let province = &walk.province;
        let step = |person: &Person, verb: &str, body: Value| province.step(person, &path, verb, body);
        let late = province.get(&walk.here.commune, &path).ok();
        assert_eq!((&late["overdue"], &late["state"]), (&json!(true), &json!("correcting")));
        let tasks = province.get(&walk.here.producer, "/tasks").ok();
        let task = tasks["items"].as_array().unwrap().iter().find(|task| task["verb"] == "reply").unwrap();
        assert_eq!((&task["overdue"], &task["kind"]), (&json!(true), &json!("inspections")));
        let found = step(&walk.inspector, "follow-up", json!({"text": "Đã thay hết", "corrected": true})).ok();
        assert_eq!((&found["state"], &found["corrections"][1]["reply"]), (&json!("followed_up"), &Value::Null));
        assert_eq!(overdue(&walk), 0);
        let public = |walk: &Walk| {
            let product = walk.province.public(&format!("/public/products/{product}")).ok();
            (product["inspected_on"].clone(), product["inspection_result"].clone())
        };
        assert_eq!(public(&walk), (Value::Null, Value::Null));
        let view = step(&walk.office, "conclude", conclusion("passed", Value::Null)).ok();
        assert_eq!(public(&walk), (json!("2021-02-22"), json!("passed")));
        let code = walk.product_code(&product);
        let page = province.page(&format!("/products/{code}"), "vi").text;
        assert!(page.contains("Kiểm tra gần nhất ngày") && page.contains("22/02/2021"), "{page}");
        assert_eq!(
            (&view["state"], &view["result"], &view["concluded_on"]),
            (&json!("concluded"), &json!("passed"), &json!("2021-03-02"))
        );
        for verb in ["order-correction", "conclude", "cancel", "follow-up"] {
            assert_eq!(step(&walk.office, verb, json!({})).status, 409, "{verb}");
        }
        province.upload(&walk.inspector, &files, &[("purpose", "photograph")], A_PNG).refused(409, "wrong_state");
        let history = province.all(&walk.here.producer, &format!("{path}/history"));
        let told: Vec<&str> = history.iter().map(|step| step["verb"].as_str().unwrap()).collect();
        assert!(
            ["create", "change", "visit", "sign", "reply", "conclude"].iter().all(|verb| told.contains(verb)),
            "{told:?}"
        );
        assert_eq!(province.all(&walk.office, "/inspections?result=passed&kind=periodic&state=concluded").len(), 1);

        // The report follows: as it stood on each day, where it is counted, and without rows that are gone.
        let figures = |person: &Person, on: &str| {
            let report = format!("/cycles/{}/report?on={on}", walk.cycle);
            let figures = province.get(person, &report).ok()["inspections"].clone();
            ["made", "periodic", "sudden", "passed", "failed", "findings", "overdue"]
                .map(|figure| figures[figure].as_i64().unwrap())
        };
        for (on, told) in
            [("2021-02-21", [0; 7]), ("2021-03-01", [1, 1, 0, 0, 0, 2, 0]), ("2021-03-02", [1, 1, 0, 1, 0, 2, 0])]
        {
            assert_eq!(figures(&walk.office, on), told, "{on}");
        }
        assert_eq!(figures(&walk.here.officer, "2021-03-02"), [1, 1, 0, 1, 0, 2, 0]);
        assert_eq!(figures(&walk.there.officer, "2021-03-02"), [0; 7]);
        let removed = province.app.database.write_now(|connection| {
            diesel::delete(inspection_files::table).execute(connection)?;
            Ok::<_, ocop::base::Error>(diesel::delete(inspections::table).execute(connection)?)
        });
        assert_eq!((removed.unwrap(), figures(&walk.office, "2021-03-02")), (2, [0; 7]));
    });
}

#[test]
fn a_visit_stays_in_its_period_and_a_proposal_runs_fifteen_days() {
    on_both(|engine| {
        let mut year = Year::new(engine, "26-2026", "2026-09-01", json!([]));
        let candidate = year.handed_in("Mật ong", None);
        let (item, _) = year.scored_by_province(&year.council("42"), &candidate, 60);
        year.recognised("42", &[&item], "1/QĐ-UBND");
        let inspector = year.province.hire("inspector", "inspector", Some("42"), None);
        let mut form = planned(&candidate.product, "", &inspector, "2026-09-01");
        form["kind"] = json!("sudden");
        form["inspection_plan_id"] = Value::Null;
        form["reason"] = json!("Phản ánh");
        form["begins_on"] = json!("2026-09-02");
        form["ends_on"] = json!("2026-09-03");
        let path = format!("/inspections/{}", id(&year.province.post(&year.office, "/inspections", form).created()));
        year.province.step(&inspector, &path, "visit", json!({})).refused(409, "not_in_period");
        year.province.restart(&["--clock", "2026-09-04T08:00:00+07:00"]);
        year.province.step(&inspector, &path, "visit", json!({})).refused(409, "not_in_period");
        year.province.patch(&year.office, &path, json!({"ends_on": "2026-09-04"})).ok();
        year.step(&inspector, &path, "visit", json!({}));
        year.step(&inspector, &path, "fill", answers(&["mark_shape"]));
        let now = year.province.app.clock.now().to_string();
        year.step(&inspector, &path, "sign", minutes(&now));
        let conclusion = |ground: &str| json!({"result": "failed", "text": "Dùng sai nhãn hiệu", "ground": ground});
        year.province
            .step(&year.office, &path, "conclude", conclusion("not_rated_again"))
            .fault("/ground", "not_allowed");
        let view = year.step(&year.office, &path, "conclude", conclusion("mark_misused"));
        assert_eq!(view["proposal"], json!({"ground": "mark_misused", "due_on": "2026-09-19", "settled": false}));

        let waits = |year: &Year, person: &Person| {
            let tasks = year.province.get(person, "/tasks").ok();
            let found = tasks["items"].as_array().unwrap().iter().find(|task| task["verb"] == "take-back").cloned();
            found.map(|task| (task["due"].as_str().unwrap().to_owned(), task["overdue"].as_bool().unwrap()))
        };
        for person in [&year.office, &year.signatory] {
            assert_eq!(waits(&year, person), Some(("2026-09-19".into(), false)));
        }
        assert_eq!((waits(&year, &inspector), waits(&year, &year.producer)), (None, None));
        year.province.restart(&["--clock", "2026-09-20T08:00:00+07:00"]);
        assert_eq!(waits(&year, &year.office), Some(("2026-09-19".into(), true)));

        // The decision that takes the certificate back ends the term.
        let certificate = year.certificate(&candidate.product);
        let revocation = json!({"kind": "revoke", "unit_code": "42", "certificate_ids": [certificate["id"]],
            "reason": "Dùng sai nhãn hiệu", "ground": "mark_misused",
            "rests_on": {"number": "15/KL", "dated": "2026-09-04", "authority": "Văn phòng Điều phối tỉnh"}});
        let decision = id(&year.province.post(&year.office, "/decisions", revocation).created());
        assert!(waits(&year, &year.office).is_some());
        let signature = json!({"number": "2/QĐ-UBND", "signed_on": "2026-09-20"});
        year.step(&year.signatory, &format!("/decisions/{decision}"), "promulgate", signature);
        assert_eq!(waits(&year, &year.office), None);
        assert_eq!(year.province.get(&year.producer, &path).ok()["proposal"]["settled"], true);
    });
}

#[test]
fn an_inspection_goes_through_pages_alone() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let office = Browser::signed_in(&walk.province, "office");
        let plan =
            form(&office.page("/desk/inspection-plans/new"), "create").with("year", "2021").with("text", "Kế hoạch");
        let plan = without_query(&office.done(&plan));
        office.take(&plan, "adopt", &[("number", "3/KH"), ("signed_on", "22/02/2021")]);
        let plan_id = plan.rsplit('/').next().unwrap();

        let blank = form(&office.page("/desk/inspections/new"), "create");
        let filled = [
            ("product_id", product.as_str()),
            ("kind", "periodic"),
            ("inspection_plan_id", plan_id),
            ("decision_number", "15/QĐ"),
            ("decision_signed_on", "22/02/2021"),
            ("begins_on", "22/02/2021"),
            ("ends_on", "26/02/2021"),
            ("members.0.account_id", &walk.inspector.id),
            ("members.0.organisation", "Chi cục"),
            ("members.0.leads", "true"),
        ];
        let blank = filled.iter().fold(blank, |form, (name, value)| form.with(name, value));
        let reply = office.send(&blank.clone().with("inspection_plan_id", ""));
        assert!(reply.status == 422 && reply.text.contains("href=\"#create-inspection_plan_id\""), "{}", reply.text);
        let thing = without_query(&office.done(&blank));
        assert!(office.page(&plan).contains(&format!("inspection_plan_id={plan_id}")));

        let inspector = Browser::signed_in(&walk.province, "inspector");
        assert!(inspector.page("/desk").contains(&thing), "it waits for the inspector");
        inspector.take(&thing, "visit", &[]);
        let page = inspector.page(&thing);
        assert_eq!(offered(&page), ["add-file", "fill", "record-result", "sign", "take-sample"]);
        let mut checklist = form(&page, "fill");
        for (place, item) in ITEMS.iter().enumerate() {
            assert_eq!(checklist.value(&format!("answers.{place}.item")), *item);
            checklist = checklist.with(&format!("answers.{place}.answer"), "kept");
        }
        let broken = checklist.with("answers.7.answer", "broken").with("answers.7.note", "Nhãn sai");
        inspector.done(&broken);
        let photograph = form(&inspector.page(&thing), "add-file").with("purpose", "photograph");
        assert_eq!(inspector.upload(&photograph, A_PNG).status, 303);
        let page = inspector.take(
            &thing,
            "sign",
            &[
                ("place", "Xưởng"),
                ("representative", "Nguyễn Văn An"),
                ("signatures.0.name", "Lê Thị Hoa"),
                ("signatures.0.side", "team"),
                ("refusal", "Chủ thể vắng mặt"),
            ],
        );
        assert!(
            page.contains("Đã lập biên bản") && page.contains("Nhãn sai") && page.contains("Chủ thể vắng mặt"),
            "{page}"
        );
        assert!(page.contains(&format!("/desk/holds/new?product_id={product}")));
        let picture = crate::html::between(&page, "/desk/inspection-files/", "\"")[0].to_owned();
        assert_eq!(inspector.get(&format!("/desk/inspection-files/{picture}")).status, 200);
        inspector.take(&thing, "order-correction", &[("text", "Thay nhãn"), ("due_on", "01/03/2021")]);

        let producer = Browser::signed_in(&walk.province, "producer-439");
        assert!(producer.page("/desk").contains(&thing), "it waits for the producer");
        assert_eq!(offered(&producer.page(&thing)), ["add-reply-paper", "reply"]);
        assert_eq!(producer.upload(&form(&producer.page(&thing), "add-reply-paper"), A_PDF).status, 303);
        producer.take(&thing, "reply", &[("text", "Đã thay nhãn")]);
        inspector.take(&thing, "follow-up", &[("text", "Đã thay hết"), ("corrected", "true")]);
        assert!(office.page("/desk").contains(&thing), "it waits for the conclusion");
        let page = office.take(&thing, "conclude", &[("result", "passed"), ("text", "Sản phẩm giữ tiêu chí")]);
        assert!(page.contains("Đã kết luận") && page.contains("Sản phẩm giữ tiêu chí"), "{page}");
        assert!(office.page("/desk/inspections?result=passed").contains(&thing));
        assert!(!office.page("/desk/inspections?overdue=true").contains(&thing));
    });
}

fn without_query(location: &str) -> String {
    location.split('?').next().unwrap().to_owned()
}
