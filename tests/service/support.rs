//! Support money: policies, claims and rewards walk their way over the API and on the desk, by who has a part and nobody else.

use diesel::prelude::*;
use ocop::db::schema::{reward_items, rewards, support_claim_files, support_claims};
use reqwest::Method;
use serde_json::{Value, json};

use crate::desk_browser::{Browser, form, offered};
use crate::editions::Year;
use crate::engine::on_both;
use crate::province::Person;
use crate::walk::{A_PDF, District, Walk, id};

/// What every list and every route is tried with: a policy, a claim with an invoice that was handed in, and a reward's draft.
pub struct Begun {
    pub policy: String,
    pub claim: String,
    pub paper: String,
    pub reward: String,
}

fn policy_form(cap: i64) -> Value {
    json!({"act": "123/2018/NQ-HĐND", "item": "MMTB", "name": "Mua máy móc, thiết bị", "rate_percent": 50, "cap": cap,
        "source": "provincial_budget", "valid_from": "2020-01-01"})
}

fn adopted(walk: &Walk, cap: i64) -> String {
    let policy = id(&walk.province.post(&walk.office, "/support-policies", policy_form(cap)).created());
    walk.province.step(&walk.office, &format!("/support-policies/{policy}"), "adopt", json!({})).ok();
    policy
}

fn claim_form(policy: &str, costs: i64, year: i32) -> Value {
    json!({"policy_id": policy, "year": year, "costs": costs, "text": "Mua máy sấy"})
}

/// A claim with its invoice.
fn written(walk: &Walk, at: &District, form: Value) -> (String, String) {
    let claim = format!("/support-claims/{}", id(&walk.province.post(&at.producer, "/support-claims", form).created()));
    let paper = id(&walk.province.upload(&at.producer, &format!("{claim}/papers"), &[], A_PDF).created());
    (claim, paper)
}

/// For [`crate::routes::Filled`].
pub fn begun(walk: &Walk, at: &District, decision: &str) -> Begun {
    let policy = adopted(walk, 100_000_000);
    let (claim, paper) = written(walk, at, claim_form(&policy, 50_000_000, 2021));
    walk.province.step(&at.producer, &claim, "hand-in", json!({})).ok();
    let rates = json!({"decision_id": decision, "rates": [{"stars": 4, "amount": 50_000_000}]});
    let reward = id(&walk.province.post(&walk.office, "/rewards", rates).created());
    Begun { policy, claim: claim.rsplit('/').next().unwrap().to_owned(), paper, reward }
}

fn verbs(thing: &Value) -> Vec<&str> {
    thing["actions"].as_array().unwrap().iter().map(|verb| verb.as_str().unwrap()).collect()
}

fn sums(walk: &Walk, person: &Person, on: &str) -> [i64; 6] {
    let report = walk.province.get(person, &format!("/cycles/{}/report?on={on}", walk.cycle)).ok();
    ["claims", "claimed", "accepted", "decided", "paid", "taken_back"]
        .map(|figure| report["support"][figure].as_i64().unwrap())
}

#[test]
fn a_claim_walks_from_its_policy_to_money_that_is_taken_back() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let (office, signatory, here, there) = (&walk.office, &walk.signatory, &walk.here, &walk.there);
        let (producer, district) = (&here.producer, &here.officer);

        // A policy: drafted and adopted by the office alone, and never edited then.
        for person in [signatory, &walk.supervisor, district, producer] {
            province.post(person, "/support-policies", policy_form(1)).refused(403, "forbidden");
        }
        let wrong = json!({"act": "", "item": "A", "name": "B", "rate_percent": 101, "cap": 0,
            "source": "provincial_budget", "valid_from": "2021-01-01", "valid_to": "2020-01-01"});
        province.post(office, "/support-policies", wrong).invalid(&["/act", "/rate_percent", "/cap", "/valid_to"]);
        let policy = id(&province.post(office, "/support-policies", policy_form(90_000_000)).created());
        let policy_path = format!("/support-policies/{policy}");
        province.get(producer, &policy_path).refused(404, "not_found");
        province
            .post(producer, "/support-claims", claim_form(&policy, 1000, 2021))
            .fault("/policy_id", "unknown_policy");
        assert_eq!(province.patch(office, &policy_path, json!({"cap": 100_000_000})).ok()["version"], 2);
        let adopting = format!("{policy_path}/adopt");
        province.at_version(Method::POST, district, &adopting, 2, json!({})).refused(404, "not_found");
        assert_eq!(province.step(office, &policy_path, "adopt", json!({})).ok()["in_force"], true);
        province.patch(office, &policy_path, json!({"cap": 1})).refused(409, "wrong_state");
        province
            .step(office, &policy_path, "end", json!({"valid_to": "2021-02-21"}))
            .fault("/valid_to", "out_of_range");
        assert_eq!(province.all(producer, "/support-policies?in_force=true").len(), 1);
        assert_eq!(province.all(producer, &format!("{policy_path}/history")).len(), 3);

        // A claim under an approved plan: what is paid of the costs is computed, and the plan's support is told.
        let candidate = walk.approved(here, "Mật ong");
        let foreign = walk.approved(there, "Kẹo lạc");
        for person in [office, signatory, district, &here.commune] {
            province.post(person, "/support-claims", claim_form(&policy, 1000, 2021)).refused(403, "forbidden");
        }
        let mut form = claim_form(&policy, 300_000_000, 2021);
        form["plan_id"] = json!(foreign.plan);
        form["product_id"] = json!(foreign.product);
        form["year"] = json!(2019);
        province.post(producer, "/support-claims", form.clone()).invalid(&["/year", "/product_id", "/plan_id"]);
        form["plan_id"] = json!(candidate.plan);
        form["product_id"] = json!(candidate.product);
        form["year"] = json!(2021);
        let claim = province.post(producer, "/support-claims", form).created();
        assert_eq!((&claim["claimed"], &claim["state"]), (&json!(100_000_000), &json!("draft")));
        let path = format!("/support-claims/{}", id(&claim));
        let step = |person: &Person, verb: &str, body: Value| province.step(person, &path, verb, body);
        let waits = |person: &Person| {
            let tasks = province.get(person, "/tasks").ok();
            let tasks = tasks["items"].as_array().unwrap().clone();
            let task = tasks.into_iter().find(|task| path.ends_with(task["id"].as_str().unwrap()));
            task.map(|task| (task["verb"].as_str().unwrap().to_owned(), task["due"].as_str().map(str::to_owned)))
        };
        let until = || Some("2021-11-15".to_owned());
        assert_eq!(waits(producer), Some(("add-paper".into(), until())));
        for person in [office, district, &walk.supervisor, &there.producer] {
            province.get(person, &path).refused(404, "not_found");
        }
        step(producer, "hand-in", json!({})).refused(409, "papers_outstanding");
        let papers = format!("{path}/papers");
        province.upload(&there.producer, &papers, &[], A_PDF).refused(404, "not_found");
        let invoice = province.upload(producer, &papers, &[("caption", "Hóa đơn 1")], A_PDF).created();
        let bytes = format!("/support-claim-files/{}", id(&invoice));
        assert_eq!(invoice["address"], format!("/api/v1{bytes}"));
        province.get(office, &bytes).refused(404, "not_found");
        assert_eq!(province.patch(producer, &path, json!({"costs": 160_000_000})).ok()["claimed"], 80_000_000);
        for verb in ["accept", "send", "appraise", "decide", "pay", "take-back", "return", "refuse"] {
            assert_eq!(step(producer, verb, json!({"note": "x"})).status, 403, "{verb}");
        }
        let handed_in = step(producer, "hand-in", json!({})).ok();
        assert_eq!((&handed_in["accepted_by"], &handed_in["late"]), (&json!("district_officer"), &json!(false)));
        province.patch(producer, &path, json!({"costs": 1})).refused(409, "wrong_state");
        province.upload(producer, &papers, &[], A_PDF).refused(409, "wrong_state");

        // The district of the edition accepts by its minutes; others see it, or nothing of it.
        for person in [office, district, &here.commune, &walk.supervisor] {
            province.get(person, &path).ok();
            assert_eq!(province.get(person, &bytes).status, 200);
        }
        for person in [&there.officer, &there.producer, &walk.idle] {
            province.get(person, &path).refused(404, "not_found");
            assert!(province.all(person, "/support-claims").is_empty());
        }
        let acceptance =
            |amount: i64| json!({"amount": amount, "accepted_on": "2021-02-22", "minutes_number": "5/BBNT"});
        step(&here.commune, "accept", acceptance(1)).refused(403, "forbidden");
        step(office, "accept", acceptance(1)).refused(403, "forbidden");
        step(district, "accept", acceptance(1)).refused(409, "papers_outstanding");
        assert_eq!(waits(district), Some(("add-minutes".into(), until())));
        let minutes = format!("{path}/minutes");
        province.upload(producer, &minutes, &[], A_PDF).refused(403, "forbidden");
        province.upload(district, &minutes, &[], A_PDF).created();
        assert_eq!(verbs(&province.get(district, &path).ok()), ["add-minutes", "accept", "return", "refuse"]);
        step(office, "return", json!({"note": "Sớm"})).refused(409, "wrong_state");
        step(district, "accept", acceptance(80_000_001)).fault("/amount", "out_of_range");
        step(district, "send", json!({})).refused(409, "wrong_state");
        step(district, "accept", acceptance(70_000_000)).ok();
        step(producer, "withdraw", json!({})).refused(409, "wrong_state");
        // What is returned is found anew.
        let returned = step(district, "return", json!({"note": "Thiếu chữ ký"})).ok();
        assert_eq!((&returned["state"], &returned["accepted"]), (&json!("returned"), &Value::Null));
        assert_eq!(sums(&walk, office, "2021-02-22"), [0; 6]);
        step(producer, "hand-in", json!({})).ok();
        step(district, "accept", acceptance(70_000_000)).ok();
        assert_eq!(waits(district), Some(("send".into(), until())));
        step(office, "send", json!({})).refused(403, "forbidden");
        assert_eq!(step(district, "send", json!({})).ok()["late"], false);

        // The office appraises, the province's signatory decides, and no amount grows.
        let appraisal = |amount: i64| json!({"amount": amount, "text": "Đúng định mức"});
        let decision = |amount: i64| json!({"number": "9/QĐ-UBND", "signed_on": "2021-02-22", "amount": amount});
        step(district, "appraise", appraisal(1)).refused(403, "forbidden");
        step(district, "refuse", json!({"note": "Muộn"})).refused(409, "wrong_state");
        step(signatory, "decide", decision(1)).refused(409, "wrong_state");
        assert_eq!(waits(office), Some(("appraise".into(), None)));
        step(office, "appraise", appraisal(70_000_001)).fault("/amount", "out_of_range");
        step(office, "appraise", appraisal(65_000_000)).ok();
        step(office, "decide", decision(1)).refused(403, "forbidden");
        assert_eq!(waits(signatory), Some(("decide".into(), None)));
        step(signatory, "decide", decision(65_000_001)).fault("/amount", "out_of_range");
        let late = json!({"number": "9/QĐ", "signed_on": "2021-02-23", "amount": 1});
        step(signatory, "decide", late).fault("/signed_on", "in_future");
        step(signatory, "take-back", json!({})).refused(409, "wrong_state");
        step(signatory, "decide", decision(60_000_000)).ok();

        // Paid in parts until nothing is left; a producer sees where the money is.
        let payment = |amount: i64, day: &str| json!({"paid_on": day, "amount": amount, "voucher": "PC-1"});
        step(signatory, "pay", payment(1, "2021-02-22")).refused(403, "forbidden");
        step(office, "pay", payment(1, "2021-02-21")).fault("/paid_on", "before_basis");
        let part = step(office, "pay", payment(20_000_000, "2021-02-22")).ok();
        assert_eq!((&part["state"], &part["left"]), (&json!("decided"), &json!(40_000_000)));
        step(office, "pay", payment(40_000_001, "2021-02-22")).fault("/amount", "out_of_range");
        let paid = step(office, "pay", payment(40_000_000, "2021-02-22")).ok();
        assert_eq!((&paid["state"], &paid["paid"], &paid["left"]), (&json!("paid"), &json!(60_000_000), &json!(0)));
        step(office, "pay", payment(1, "2021-02-22")).refused(409, "wrong_state");
        let view = province.get(producer, &path).ok();
        assert_eq!(view["payments"].as_array().unwrap().len(), 2);
        let plan = province.get(producer, &format!("/plans/{}", candidate.plan)).ok();
        assert_eq!(view["plan"]["planned"], plan["sums"]["state_support"]);
        assert_eq!((&view["plan"]["claimed"], &view["plan"]["over"]), (&json!(60_000_000), &json!(true)));
        let taking = |amount: i64| json!({"number": "10/QĐ-UBND", "signed_on": "2021-02-22", "amount": amount, "reason": "Máy đã bán"});
        step(office, "take-back", taking(1)).refused(403, "forbidden");
        step(signatory, "take-back", taking(60_000_001)).fault("/amount", "out_of_range");
        assert_eq!(step(signatory, "take-back", taking(10_000_000)).ok()["state"], "taken_back");
        assert_eq!(step(signatory, "take-back", taking(50_000_000)).ok()["taken_back"], 60_000_000);
        step(signatory, "take-back", taking(1)).refused(409, "wrong_state");
        let history = province.all(producer, &format!("{path}/history"));
        let told: Vec<&str> = history.iter().map(|step| step["verb"].as_str().unwrap()).collect();
        for verb in ["create", "hand-in", "accept", "send", "appraise", "decide", "pay", "take-back"] {
            assert!(told.contains(&verb), "{told:?}");
        }

        // A claim of the year before is sent late, and refused by the office; another is withdrawn by its producer.
        let (late, _) = written(&walk, there, claim_form(&policy, 40_000_000, 2020));
        province.step(&there.producer, &late, "hand-in", json!({})).ok();
        assert_eq!(province.get(&there.officer, &late).ok()["late"], true);
        province.upload(&there.officer, &format!("{late}/minutes"), &[], A_PDF).created();
        province.step(&there.officer, &late, "accept", acceptance(20_000_000)).ok();
        assert_eq!(province.step(&there.officer, &late, "send", json!({})).ok()["late"], true);
        province.step(&there.officer, &late, "return", json!({"note": "x"})).refused(409, "wrong_state");
        province.step(office, &late, "refuse", json!({})).fault("/note", "required");
        let refused = province.step(office, &late, "refuse", json!({"note": "Sai đối tượng"})).ok();
        assert_eq!((&refused["state"], refused["actions"].as_array().unwrap().len()), (&json!("refused"), 0));
        let (draft, _) = written(&walk, here, claim_form(&policy, 10_000_000, 2021));
        province.step(office, &policy_path, "end", json!({"valid_to": "2021-02-22"})).ok();
        province.step(producer, &draft, "withdraw", json!({})).ok();
        assert_eq!(province.all(producer, "/support-claims?state=withdrawn&year=2021").len(), 1);
        assert_eq!(province.all(office, &format!("/support-claims?policy_id={policy}")).len(), 2);

        // The report: as it stood on a day, where it is counted, and without rows that are gone.
        let all = [1, 80_000_000, 70_000_000, 60_000_000, 60_000_000, 60_000_000];
        assert_eq!(sums(&walk, office, "2021-02-21"), [0; 6]);
        assert_eq!(sums(&walk, office, "2021-02-22"), all);
        assert_eq!(sums(&walk, district, "2021-02-22"), all);
        assert_eq!(sums(&walk, &there.officer, "2021-02-22"), [0; 6]);
        let report = province.get(office, &format!("/cycles/{}/report?on=2021-02-22", walk.cycle)).ok();
        assert_eq!(report["support"]["by_source"]["provincial_budget"]["paid"], 60_000_000);
        let removed = province.app.database.write_now(|connection| {
            diesel::delete(support_claim_files::table).execute(connection)?;
            Ok::<_, ocop::base::Error>(diesel::delete(support_claims::table).execute(connection)?)
        });
        assert_eq!((removed.unwrap(), sums(&walk, office, "2021-02-22")), (3, [0; 6]));
    });
}

#[test]
fn a_reward_follows_the_stars_of_a_decision_and_is_paid_product_by_product() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let (office, signatory) = (&walk.office, &walk.signatory);
        let council = walk.council("42", 1, 3);
        let (mine, other) = (walk.handed_in(&walk.here, "Mật ong"), walk.handed_in(&walk.there, "Kẹo lạc"));
        let items = [(&walk.here, &mine, 72), (&walk.there, &other, 60)].map(|(at, candidate, points)| {
            let district = walk.council(at.code, 1, 3);
            walk.sent_up(&district, candidate, 60);
            walk.rated(&council, candidate, points)
        });
        let decision = walk.recognised(&[&items[0], &items[1]], "1/QĐ-UBND");
        let rates = |rates: Value| json!({"decision_id": decision, "rates": rates});
        let three_and_four = json!([{"stars": 3, "amount": 30_000_000}, {"stars": 4, "amount": 50_000_000}]);
        province.post(&walk.here.officer, "/rewards", rates(three_and_four.clone())).refused(403, "forbidden");
        province.post(office, "/rewards", rates(json!([{"stars": 5, "amount": 1}]))).fault("/rates", "no_such_stars");
        let twice = json!([{"stars": 3, "amount": 1}, {"stars": 3, "amount": 0}]);
        province.post(office, "/rewards", rates(twice)).invalid(&["/rates/1/stars", "/rates/1/amount"]);
        let unknown = json!({"decision_id": mine.product, "rates": three_and_four});
        province.post(office, "/rewards", unknown).fault("/decision_id", "unknown_decision");
        let reward = province.post(office, "/rewards", rates(json!([{"stars": 4, "amount": 1_000_000}]))).created();
        assert_eq!((&reward["products"], &reward["total"]), (&json!(1), &json!(1_000_000)));
        province.post(office, "/rewards", rates(three_and_four.clone())).refused(409, "reward_exists");
        let discarded = format!("/rewards/{}", id(&reward));
        province.step(signatory, &discarded, "discard", json!({})).refused(403, "forbidden");
        let note = json!({"note": "Nhầm mức thưởng"});
        assert_eq!(province.step(office, &discarded, "discard", note.clone()).ok()["state"], "discarded");
        province.step(office, &discarded, "discard", note).refused(409, "wrong_state");
        let reward = province.post(office, "/rewards", rates(json!([{"stars": 4, "amount": 1_000_000}]))).created();
        let path = format!("/rewards/{}", id(&reward));
        let changed = province.patch(office, &path, json!({"rates": three_and_four})).ok();
        assert_eq!(
            (&changed["products"], &changed["total"], &changed["paid"]),
            (&json!(2), &json!(80_000_000), &json!(0))
        );
        let figures = |person: &Person| {
            let report = province.get(person, &format!("/cycles/{}/report?on=2021-02-22", walk.cycle)).ok();
            ["products", "amount", "paid"].map(|figure| report["rewards"][figure].as_i64().unwrap())
        };
        assert_eq!(figures(office), [0; 3]);
        province.get(&walk.here.producer, &path).refused(404, "not_found");

        let step = |person: &Person, verb: &str, body: Value| province.step(person, &path, verb, body);
        let signature = json!({"number": "513/QĐ-UBND", "signed_on": "2021-02-22"});
        let payment =
            |product: Option<&str>| json!({"product_id": product, "paid_on": "2021-02-22", "voucher": "PC-9"});
        step(office, "decide", signature.clone()).refused(403, "forbidden");
        step(office, "pay", payment(None)).refused(409, "wrong_state");
        step(signatory, "decide", json!({"number": "1/QĐ", "signed_on": "2021-02-21"}))
            .fault("/signed_on", "before_basis");
        step(signatory, "decide", signature.clone()).ok();
        step(signatory, "decide", signature).refused(409, "wrong_state");
        province.patch(office, &path, json!({"rates": three_and_four})).refused(409, "wrong_state");
        assert_eq!(figures(office), [2, 80_000_000, 0]);
        assert_eq!(figures(&walk.here.officer), [1, 50_000_000, 0]);

        // Each sees what is given in its own territory, and where the money is.
        let own = province.get(&walk.here.producer, &path).ok();
        assert_eq!((&own["total"], &own["items"][0]["amount"]), (&json!(50_000_000), &json!(50_000_000)));
        assert_eq!(own["items"].as_array().unwrap().len(), 1);
        assert_eq!(province.all(&walk.there.commune, "/rewards?state=decided").len(), 1);
        province.get(&walk.idle, &path).refused(404, "not_found");
        step(&walk.here.producer, "pay", payment(None)).refused(403, "forbidden");
        step(office, "pay", payment(Some(&decision))).fault("/product_id", "unknown_product");
        assert_eq!(step(office, "pay", payment(Some(&mine.product))).ok()["state"], "decided");
        step(office, "pay", payment(Some(&mine.product))).fault("/product_id", "unknown_product");
        let paid = step(office, "pay", payment(None)).ok();
        assert_eq!((&paid["state"], &paid["paid"]), (&json!("paid"), &json!(80_000_000)));
        assert_eq!(province.get(&walk.here.producer, &path).ok()["items"][0]["voucher"], "PC-9");
        step(office, "pay", payment(None)).refused(409, "wrong_state");
        step(office, "discard", json!({})).refused(409, "wrong_state");
        assert_eq!(figures(office), [2, 80_000_000, 80_000_000]);
        walk.revoked(&mine.product, "2/QĐ-UBND");
        assert_eq!(province.get(office, &path).ok()["items"][0]["certificate_revoked_on"], "2021-02-22");
        let removed = province.app.database.write_now(|connection| {
            diesel::delete(reward_items::table).execute(connection)?;
            Ok::<_, ocop::base::Error>(diesel::delete(rewards::table).execute(connection)?)
        });
        assert_eq!((removed.unwrap(), figures(office)), (2, [0; 3]));
    });
}

#[test]
fn the_reward_of_2019_is_1930_million_and_the_demo_has_every_state() {
    let province = crate::province::Province::demo(crate::engine::Engine::Sqlite);
    let office = province.sign_in_with("office", ocop::demo::PASSWORD);
    let rewards = province.all(&office, "/rewards?state=paid");
    let totals: Vec<(i64, i64)> = rewards
        .iter()
        .map(|reward| (reward["products"].as_i64().unwrap(), reward["total"].as_i64().unwrap()))
        .collect();
    assert_eq!(totals, [(63, 1_930_000_000)]);
    for state in ["handed_in", "returned", "sent", "decided", "paid", "taken_back"] {
        assert!(!province.all(&office, &format!("/support-claims?state={state}")).is_empty(), "{state}");
    }
    let late = province.all(&office, "/support-claims?state=sent");
    assert!(late.iter().all(|claim| claim["late"] == true));
}

#[test]
fn communes_accept_where_there_are_no_districts() {
    on_both(|engine| {
        let year = Year::new(engine, "26-2026", "2026-09-01", json!([]));
        let province = &year.province;
        let mut form = policy_form(100_000_000);
        form["valid_from"] = json!("2026-01-01");
        let policy = id(&province.post(&year.office, "/support-policies", form).created());
        year.step(&year.office, &format!("/support-policies/{policy}"), "adopt", json!({}));
        let claim = province.post(&year.producer, "/support-claims", claim_form(&policy, 40_000_000, 2026)).created();
        assert_eq!(claim["accepted_by"], "commune_officer");
        let path = format!("/support-claims/{}", id(&claim));
        province.upload(&year.producer, &format!("{path}/papers"), &[], A_PDF).created();
        year.step(&year.producer, &path, "hand-in", json!({}));
        province.upload(&year.commune, &format!("{path}/minutes"), &[], A_PDF).created();
        let acceptance = json!({"amount": 20_000_000, "accepted_on": "2026-09-01", "minutes_number": "1/BB"});
        year.step(&year.commune, &path, "accept", acceptance);
        assert_eq!(year.step(&year.commune, &path, "send", json!({}))["state"], "sent");
    });
}

#[test]
fn a_claim_goes_through_pages_alone() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let policy = adopted(&walk, 100_000_000);
        let producer = Browser::signed_in(&walk.province, "producer-439");
        let blank = form(&producer.page("/desk/support-claims/new"), "create");
        assert_eq!(blank.value("year"), "2021");
        let blank = blank.with("policy_id", &policy).with("costs", "60.000.000").with("text", "Mua máy sấy");
        let thing = producer.done(&blank).split('?').next().unwrap().to_owned();
        assert_eq!(producer.upload(&form(&producer.page(&thing), "add-paper"), A_PDF).status, 303);
        producer.take(&thing, "hand-in", &[]);
        let district = Browser::signed_in(&walk.province, "district-439");
        assert!(district.page("/desk").contains(&thing), "it waits for the district");
        assert_eq!(offered(&district.page(&thing)), ["add-minutes", "refuse", "return"]);
        assert_eq!(district.upload(&form(&district.page(&thing), "add-minutes"), A_PDF).status, 303);
        let found = [("amount", "30.000.000"), ("accepted_on", "22/02/2021"), ("minutes_number", "1/BBNT")];
        district.take(&thing, "accept", &found);
        district.take(&thing, "send", &[]);
        let office = Browser::signed_in(&walk.province, "office");
        assert!(office.page("/desk").contains(&thing), "it waits for the office");
        office.take(&thing, "appraise", &[("amount", "25.000.000"), ("text", "Đúng định mức")]);
        let signatory = Browser::signed_in(&walk.province, "signatory");
        let signed = [("number", "9/QĐ-UBND"), ("signed_on", "22/02/2021"), ("amount", "25.000.000")];
        signatory.take(&thing, "decide", &signed);
        office.take(&thing, "pay", &[("paid_on", "22/02/2021"), ("amount", "5.000.000"), ("voucher", "PC-1")]);
        let page = producer.page(&thing);
        assert!(page.contains("20.000.000") && page.contains("PC-1") && offered(&page).is_empty(), "{page}");
        let paper = crate::html::between(&page, "/desk/support-claim-files/", "\"")[0].to_owned();
        assert_eq!(producer.get(&format!("/desk/support-claim-files/{paper}")).status, 200);
        assert!(office.page(&format!("/desk/support-policies/{policy}")).contains("/desk/support-claims?policy_id="));
    });
}
