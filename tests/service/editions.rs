//! Years under the editions of 2023 and 2025, from the idea to the certificate; conditions per star; what follows a
//! certificate; reforms of the units.

mod centre;
mod extended;
mod to_the_scan;
mod transition;
mod written;

use reqwest::Method;
use serde_json::{Value, json};

use crate::engine::{Engine, on_both};
use crate::province::{Person, Province};
use crate::walk::{A_PDF, Council, Criterion, criteria, id, marks, producer_form};

pub const SET: &str = "tong-hop-40-25-35";

/// A complete set with the weights of 2023, made up for tests.
pub fn synthetic_set(edition: &str) -> Value {
    let options = |most: u64| (0..=most).map(|points| json!({"points": points, "label": format!("Mức {points}")}));
    let part = |(code, title, title_en, count, most): (&str, &str, &str, u64, u64)| {
        let criterion = |number: u64| {
            json!({"code": format!("{code}.{number}"), "title": format!("{title} {number}"),
                "title_en": format!("{title_en} {number}"), "max": most, "options": options(most).collect::<Vec<_>>()})
        };
        json!({"code": code, "title": title, "title_en": title_en, "max": count * most, "groups": [{
            "code": format!("{code}1"), "title": title, "title_en": title_en, "max": count * most,
            "criteria": (1..=count).map(criterion).collect::<Vec<_>>()}]})
    };
    let parts = [
        ("A", "Sản phẩm", "Product", 4, 10),
        ("B", "Tiếp thị", "Marketing", 5, 5),
        ("C", "Chất lượng", "Quality", 7, 5),
    ];
    json!({"code": SET, "edition": edition, "complete": true, "title": "Bộ thử nghiệm (tổng hợp, không phải của Nhà nước)",
        "title_en": "Test set (synthetic, not the State's)", "sector": "food", "parts": parts.map(part)})
}

/// A province in a year of an edition, with the set that was made up for it.
pub struct Year {
    pub province: Province,
    pub edition: &'static str,
    pub today: &'static str,
    pub office: Person,
    pub signatory: Person,
    /// The officer of Hương Sơn, where districts are.
    pub district: Option<Person>,
    pub district_signatory: Option<Person>,
    pub commune: Person,
    pub producer: Person,
    pub producer_id: String,
    pub cycle: String,
    pub set: Vec<Criterion>,
}

/// What a plan's approval left behind.
pub struct Candidate {
    pub product: String,
    pub dossier: String,
}

impl Year {
    pub fn new(engine: Engine, edition: &'static str, today: &'static str, conditions: Value) -> Self {
        let province = Province::at(engine, &format!("{today}T08:00:00+07:00"));
        let hire = |name: &str, role: &str, unit: &str| province.hire(name, role, Some(unit), None);
        let office = hire("office", "provincial_officer", "42");
        let signatory = hire("signatory", "signatory", "42");
        let has_districts = today < "2025-07-01";
        let district = has_districts.then(|| hire("district", "district_officer", "439"));
        let district_signatory = has_districts.then(|| hire("district-signatory", "signatory", "439"));
        let commune = hire("commune", "commune_officer", "18196");
        let form = producer_form("Hợp tác xã Sơn Kim", "18196", "0100000001");
        let producer_id = id(&province.post(&commune, "/producers", form).created());
        let producer = province.hire("producer", "producer", None, Some(&producer_id));
        let set = synthetic_set(edition);
        province.post(&commune, "/criteria-sets", set.clone()).refused(403, "forbidden");
        let set = criteria(&province.post(&office, "/criteria-sets", set).created());
        let mut year = Self {
            province,
            edition,
            today,
            office,
            signatory,
            district,
            district_signatory,
            commune,
            producer,
            producer_id,
            cycle: String::new(),
            set,
        };
        year.open(today, conditions);
        year
    }

    /// Opens the cycle of the year of a day.
    pub fn open(&mut self, today: &'static str, conditions: Value) {
        self.today = today;
        let mut form = self.cycle_form();
        form["conditions"] = conditions;
        self.cycle = id(&self.province.post(&self.office, "/cycles", form).created());
        self.province.step(&self.office, &format!("/cycles/{}", self.cycle), "open", json!({})).ok();
    }

    pub fn cycle_form(&self) -> Value {
        let year: i32 = self.today[..4].parse().unwrap();
        let (last, rounds) = (format!("{year}-12-31"), if self.edition == "26-2026" { 3 } else { 1 });
        let round = |number: i32| json!({"number": number, "district_deadline": last, "province_deadline": last});
        json!({"year": year, "edition": self.edition, "idea_deadline": last,
            "rounds": (1..=rounds).map(round).collect::<Vec<_>>()})
    }

    pub fn has_districts(&self) -> bool {
        !["1489-2025", "26-2026"].contains(&self.edition)
    }

    pub fn district(&self) -> &Person {
        self.district.as_ref().unwrap()
    }

    /// Who approves plans.
    pub fn approver(&self) -> &Person {
        if self.has_districts() { self.district() } else { &self.office }
    }

    pub fn step(&self, person: &Person, resource: &str, verb: &str, body: Value) -> Value {
        self.province.step(person, resource, verb, body).ok()
    }

    pub fn submitted_idea(&self, name: &str, product: Option<&str>) -> String {
        let kind = if product.is_some() { "upgrade" } else { "new" };
        let form = json!({"cycle_id": self.cycle, "kind": kind, "product_id": product, "product_name": name,
            "criteria_set": SET, "description": "Mật ong rừng", "target_value": 1_000_000, "packaging": "Hũ"});
        let idea = format!("/ideas/{}", id(&self.province.post(&self.producer, "/ideas", form).created()));
        self.step(&self.producer, &idea, "submit", json!({}));
        idea
    }

    pub fn submitted_plan(&self, idea: &str) -> String {
        let year: i32 = self.today[..4].parse().unwrap();
        let form = json!({"idea_id": idea["/ideas/".len()..], "capacity": "2000 lít", "market": "Trong tỉnh",
            "materials": "Ong nội", "technology": "Quay ly tâm",
            "finance": [{"year": year, "own": 100, "loan": 50, "other": 0, "state_support": 20}]});
        let plan = format!("/plans/{}", id(&self.province.post(&self.producer, "/plans", form).created()));
        self.step(&self.producer, &plan, "submit", json!({}));
        plan
    }

    pub fn candidate(&self, plan: &str) -> Candidate {
        let product = self.province.get(&self.producer, plan).ok()["product_id"].as_str().unwrap().to_owned();
        let dossiers =
            self.province.all(&self.producer, &format!("/dossiers?product_id={product}&cycle_id={}", self.cycle));
        Candidate { product, dossier: id(&dossiers[0]) }
    }

    /// A product whose dossier is open.
    pub fn approved(&self, name: &str, product: Option<&str>) -> Candidate {
        self.taken_up(&self.submitted_idea(name, product))
    }

    /// From the submitted idea to the approved plan.
    pub fn taken_up(&self, idea: &str) -> Candidate {
        self.step(&self.commune, idea, "forward", json!({"note": "Nguyên liệu, lao động tại chỗ"}));
        if self.has_districts() {
            self.step(self.district(), idea, "select", json!({}));
        }
        self.step(&self.office, idea, "accept", json!({}));
        let plan = self.submitted_plan(idea);
        self.step(self.approver(), &plan, "approve", json!({}));
        self.candidate(&plan)
    }

    pub fn hand_in(&self, candidate: &Candidate) {
        self.step(&self.producer, &format!("/dossiers/{}", candidate.dossier), "submit", json!({}));
    }

    pub fn handed_in(&self, name: &str, product: Option<&str>) -> Candidate {
        let candidate = self.approved(name, product);
        self.fill(&candidate);
        self.hand_in(&candidate);
        self.forward(&candidate);
        candidate
    }

    /// Fills what the edition asks of a dossier of its kind.
    pub fn fill(&self, candidate: &Candidate) {
        if self.edition != "26-2026" {
            return;
        }
        let dossier = format!("/dossiers/{}", candidate.dossier);
        let mut content = json!({"self_marks": marks(&self.set, 70)});
        if self.province.get(&self.producer, &dossier).ok()["kind"] == "again" {
            let documents = format!("/products/{}/documents", candidate.product);
            let fields = [("kind", "food_safety_test"), ("valid_until", "2030-12-31")];
            let test = id(&self.province.upload(&self.producer, &documents, &fields, A_PDF).created());
            let sections = ["material", "technology", "packaging", "label", "publication", "tests", "market", "papers"];
            let update = |section: &str| {
                let evidence = if ["tests", "papers"].contains(&section) { json!([test]) } else { json!([]) };
                (section.to_owned(), json!({"text": "Không thay đổi", "evidence": evidence}))
            };
            let last: i32 = self.today[..4].parse().unwrap();
            let figure = |year| json!({"year": year, "output": 1200, "unit": "lít", "revenue": 240_000_000});
            content["updates"] = Value::Object(sections.map(update).into_iter().collect());
            content["yearly_figures"] = json!([figure(last - 2), figure(last - 1)]);
        }
        self.province.patch(&self.producer, &dossier, content).ok();
    }

    /// Sends a dossier on to the councils, where the commune checks it first.
    pub fn forward(&self, candidate: &Candidate) {
        if self.edition != "26-2026" {
            return;
        }
        let report = json!({"local_material": "Mật lấy trong xã", "local_labour": "Tám lao động của xã",
            "origin_of_idea": "Nghề lâu đời", "local_identity": "Ong nội", "completeness": "Đủ thành phần",
            "letter_number": "21/UBND-KT", "letter_date": self.today});
        self.step(&self.commune, &format!("/dossiers/{}", candidate.dossier), "forward", report);
    }

    pub fn council(&self, unit: &str) -> Council {
        self.council_of(unit, 1)
    }

    pub fn council_of(&self, unit: &str, round: i32) -> Council {
        let office = if unit == "42" { &self.office } else { self.district() }.clone();
        let of = format!("{unit}-{}-{}-{round}", self.edition, &self.today[..4]);
        let hire = |number: usize| self.province.hire(&format!("seat-{of}-{number}"), "council_member", None, None);
        let scorers: Vec<Person> = (0..3).map(hire).collect();
        let secretary = hire(3);
        let seats = json!([
            {"account_id": scorers[0].id, "seat": "chair"}, {"account_id": scorers[1].id, "seat": "vice_chair"},
            {"account_id": scorers[2].id, "seat": "member"}, {"account_id": secretary.id, "seat": "secretary"}]);
        let form = json!({"cycle_id": self.cycle, "unit_code": unit, "round": round,
            "decision_number": "12/QĐ-UBND", "seats": seats});
        let id = id(&self.province.post(&office, "/councils", form).created());
        self.step(&office, &format!("/councils/{id}"), "open", json!({}));
        Council { id, office, scorers, secretary }
    }

    pub fn agenda_item(&self, council: &Council, candidate: &Candidate) -> String {
        let form = json!({"council_id": council.id, "dossier_ids": [candidate.dossier]});
        id(&self.province.post(&council.office, "/agenda-items", form).created()["items"][0])
    }

    /// From the agenda to the close of the scoring, with the same total on each sheet.
    pub fn scored(&self, council: &Council, item: &str, total: u64) {
        let resource = format!("/agenda-items/{item}");
        self.step(council.chair(), &resource, "open-scoring", json!({}));
        for member in &council.scorers {
            let sheet = format!("{resource}/sheet");
            let body = json!({"marks": marks(&self.set, total)});
            self.province.at_version(Method::PUT, member, &sheet, 0, body).ok();
            self.step(member, &sheet, "submit", json!({}));
        }
        self.step(council.chair(), &resource, "close-scoring", json!({}));
    }

    /// The same, concluded.
    pub fn concluded(&self, council: &Council, item: &str, total: u64) -> Value {
        self.scored(council, item, total);
        let resource = format!("/agenda-items/{item}");
        self.step(council.chair(), &resource, "conclude", json!({}));
        self.province.get(&council.office, &format!("{resource}/result")).ok()
    }

    /// The same by the province, which admits it first.
    pub fn scored_by_province(&self, council: &Council, candidate: &Candidate, total: u64) -> (String, Value) {
        let item = self.agenda_item(council, candidate);
        self.step(&self.office, &format!("/agenda-items/{item}"), "admit", json!({}));
        let result = self.concluded(council, &item, total);
        (item, result)
    }

    /// By the district, and sent up.
    pub fn sent_up(&self, council: &Council, candidate: &Candidate, total: u64) {
        let item = self.agenda_item(council, candidate);
        let result = self.concluded(council, &item, total);
        assert_eq!((&result["outcome"], &result["stars"]), (&json!("forwarded"), &Value::Null));
        self.step(&council.office, &format!("/agenda-items/{item}"), "send_up", json!({}));
    }

    pub fn draft(&self, unit: &str, items: &[&str]) -> crate::province::Reply {
        let office = if unit == "42" { &self.office } else { self.district() };
        let form = json!({"kind": "recognise", "unit_code": unit, "agenda_item_ids": items});
        self.province.post(office, "/decisions", form)
    }

    pub fn promulgate(&self, unit: &str, decision: &Value, number: &str) {
        let signatory = if unit == "42" { &self.signatory } else { self.district_signatory.as_ref().unwrap() };
        let signature = json!({"number": number, "signed_on": self.today});
        self.step(signatory, &format!("/decisions/{}", id(decision)), "promulgate", signature);
    }

    pub fn recognised(&self, unit: &str, items: &[&str], number: &str) {
        let decision = self.draft(unit, items).created();
        self.promulgate(unit, &decision, number);
    }

    pub fn certificates(&self, product: &str) -> Vec<Value> {
        self.province.all(&self.office, &format!("/certificates?product_id={product}"))
    }

    /// The one certificate of a product that is valid.
    pub fn certificate(&self, product: &str) -> Value {
        let mut valid = self.certificates(product);
        valid.retain(|certificate| certificate["state"] == "valid");
        assert_eq!(valid.len(), 1, "{valid:?}");
        valid.remove(0)
    }

    pub fn faults(&self, reply: crate::province::Reply) -> Vec<String> {
        let problem = reply.refused(422, "invalid");
        problem["errors"].as_array().unwrap().iter().map(|fault| fault["code"].as_str().unwrap().to_owned()).collect()
    }
}

fn told(result: &Value) -> (&str, Option<i64>) {
    (result["outcome"].as_str().unwrap(), result["stars"].as_i64())
}

#[test]
fn under_the_edition_of_2023_the_district_recognises_three_stars() {
    on_both(|engine| {
        let mut year = Year::new(engine, "148-2023", "2024-03-01", json!([]));

        // The steps are taken by those who take them, in their order.
        let idea = year.submitted_idea("Mật ong", None);
        year.province.step(&year.office, &idea, "accept", json!({})).refused(409, "wrong_state");
        year.province.step(&year.office, &idea, "select", json!({})).refused(403, "forbidden");
        year.step(&year.commune, &idea, "forward", json!({"note": "Đồng ý"}));
        year.province.step(&year.office, &idea, "accept", json!({})).refused(409, "wrong_state");
        year.step(year.district(), &idea, "select", json!({}));
        year.step(&year.office, &idea, "accept", json!({}));
        let plan = year.submitted_plan(&idea);
        for verb in ["approve", "return", "reject"] {
            year.province.step(&year.office, &plan, verb, json!({"note": "x"})).refused(403, "forbidden");
        }
        year.step(year.district(), &plan, "approve", json!({}));
        let mid = year.candidate(&plan);
        let dossier = format!("/dossiers/{}", mid.dossier);
        let responsible = json!({"responsible_account_id": year.commune.id});
        year.province.patch(&year.commune, &dossier, responsible.clone()).refused(403, "forbidden");
        year.province.patch(year.district(), &dossier, responsible).ok();
        year.hand_in(&mid);

        let [low, high, sunk, top] =
            ["Mật thấp", "Mật cao", "Mật chìm", "Mật đỉnh"].map(|name| year.handed_in(name, None));
        let council = year.council("439");
        let item = year.agenda_item(&council, &low);
        assert_eq!(told(&year.concluded(&council, &item, 49)), ("below_threshold", None));
        let rated = year.agenda_item(&council, &mid);
        assert_eq!(told(&year.concluded(&council, &rated, 69)), ("rated", Some(3)));
        let up = format!("/agenda-items/{rated}");
        year.province.step(year.district(), &up, "send_up", json!({})).refused(409, "wrong_state");

        // What the province scores was sent up.
        let upper = year.council("42");
        let form = json!({"council_id": upper.id, "dossier_ids": [high.dossier]});
        year.province.post(&year.office, "/agenda-items", form).refused(409, "not_sent_up");
        for candidate in [&high, &sunk, &top] {
            year.sent_up(&council, candidate, 72);
        }
        let (four, result) = year.scored_by_province(&upper, &high, 75);
        assert_eq!(told(&result), ("rated", Some(4)));
        let (three, result) = year.scored_by_province(&upper, &sunk, 60);
        assert_eq!(told(&result), ("rated", Some(3)));
        let (five, result) = year.scored_by_province(&upper, &top, 92);
        assert_eq!(told(&result), ("proposed_to_centre", Some(4)));

        // Each unit recognises its own stars, whoever scored.
        assert_eq!(year.faults(year.draft("42", &[&rated])), ["unknown_agenda_item"]);
        assert_eq!(year.faults(year.draft("42", &[&three])), ["another_recognises"]);
        assert_eq!(year.faults(year.draft("439", &[&four])), ["unknown_agenda_item"]);
        let decision = year.draft("439", &[&rated, &three]).created();
        let signature = json!({"number": "5/QĐ-UBND", "signed_on": year.today});
        year.province
            .step(&year.signatory, &format!("/decisions/{}", id(&decision)), "promulgate", signature)
            .refused(403, "forbidden");
        year.promulgate("439", &decision, "5/QĐ-UBND");
        year.recognised("42", &[&four], "6/QĐ-UBND");
        year.province.restart(&["--clock", "2024-03-10T08:00:00+07:00"]);
        year.today = "2024-03-08";
        year.recognised("42", &[&five], "7/QĐ-UBND");
        let number = |year: &Year, candidate: &Candidate| {
            let certificate = year.certificate(&candidate.product);
            (certificate["number"].as_str().unwrap().to_owned(), certificate["stars"].as_i64().unwrap())
        };
        assert_eq!(number(&year, &mid), ("42-439-2024-0001".into(), 3));
        assert_eq!(number(&year, &sunk), ("42-439-2024-0002".into(), 3));
        assert_eq!(number(&year, &high), ("42-2024-0001".into(), 4));
        assert_eq!(number(&year, &top), ("42-2024-0002".into(), 4));
        assert_eq!(year.certificate(&mid.product)["valid_until"], "2027-03-01");

        // The centre's result replaces the certificate that stood until then.
        let form = json!({"kind": "centre_result", "unit_code": "42", "agenda_item_ids": [five], "stars": 5});
        let decision = year.province.post(&year.office, "/decisions", form).created();
        let early = json!({"number": "8/QĐ-UBND", "signed_on": "2024-03-07"});
        let resource = format!("/decisions/{}", id(&decision));
        year.province.step(&year.signatory, &resource, "promulgate", early).invalid(&["/signed_on"]);
        year.today = "2024-03-09";
        year.promulgate("42", &decision, "8/QĐ-UBND");
        assert_eq!(number(&year, &top), ("42-2024-0003".into(), 5));
        let all = year.certificates(&top.product);
        assert_eq!(all.len(), 2);
        assert_eq!((&all[0]["state"], &all[0]["superseded_by"]), (&json!("expired"), &all[1]["id"]));
        assert_eq!(all[0]["valid_until"], "2024-03-08");

        let report = year.province.get(&year.office, &format!("/cycles/{}/report", year.cycle)).ok();
        assert_eq!(report["products"]["by_stars"], json!({"3": 2, "4": 1, "5": 1}));
        assert_eq!((&report["cumulative"]["certified"], &report["cumulative"]["valid"]), (&json!(4), &json!(4)));
        let round = &report["rounds"][0];
        assert_eq!((&round["district"]["certified"], &round["province"]["certified"]), (&json!(2), &json!(2)));
        let editions = year.province.all(&year.producer, "/editions");
        assert_eq!(editions.len(), 4);
        assert_eq!(editions[2]["steps"]["approves_plans"], "provincial_officer");
    });
}

#[test]
fn under_the_edition_of_2025_the_communes_check_and_the_province_scores() {
    on_both(|engine| {
        let year = Year::new(engine, "1489-2025", "2025-08-01", json!([]));
        let province = &year.province;
        assert_eq!(province.public("/units?level=district").ok()["items"], json!([]));
        let former = province.hire("former", "district_officer", Some("439"), None);

        let idea = year.submitted_idea("Mật ong", None);
        let shown = province.get(&year.producer, &idea).ok();
        assert_eq!((&shown["district_code"], &shown["number"]), (&Value::Null, &json!("01/PĐK-42-18196-2025")));
        province.get(&former, &idea).refused(404, "not_found");
        province.step(&year.office, &idea, "select", json!({})).refused(403, "forbidden");
        province.step(&year.office, &idea, "accept", json!({})).refused(409, "wrong_state");
        province.step(&year.commune, &idea, "reject", json!({"note": "x"})).refused(403, "forbidden");
        year.step(&year.commune, &idea, "forward", json!({"note": "Nguyên liệu tại chỗ"}));
        // The province returns it, and it comes back to the province.
        assert_eq!(year.step(&year.office, &idea, "return", json!({"note": "Thiếu bao bì"}))["state"], "returned");
        assert_eq!(year.step(&year.producer, &idea, "submit", json!({}))["state"], "forwarded");
        let version = province.get(&year.office, &idea).ok()["version"].clone();
        let letter = |verb: &str| {
            json!({"verb": verb, "letter_number": "1/VP", "letter_date": year.today,
                "items": [{"id": idea["/ideas/".len()..], "version": version}]})
        };
        province.post(&year.office, "/dispatches", letter("select")).refused(403, "forbidden");
        province.post(&year.office, "/dispatches", letter("accept")).created();

        let plan = year.submitted_plan(&idea);
        province.step(&year.commune, &plan, "approve", json!({})).refused(403, "forbidden");
        year.step(&year.office, &plan, "approve", json!({}));
        let candidate = year.candidate(&plan);
        assert_eq!(
            province.get(&year.producer, &format!("/products/{}", candidate.product)).ok()["code"],
            "42-18196-1-2025"
        );
        let dossier = format!("/dossiers/{}", candidate.dossier);
        let responsible = json!({"responsible_account_id": year.commune.id});
        province.patch(&year.office, &dossier, responsible.clone()).refused(403, "forbidden");
        province.patch(&year.commune, &dossier, json!({"figures": {"yearly_output": 5}})).ok();
        year.hand_in(&candidate);
        // Handed in, its content is closed, and who is responsible is not.
        province.patch(&year.commune, &dossier, json!({"figures": {}})).refused(409, "wrong_state");
        province.patch(&year.commune, &dossier, responsible).ok();
        let visit = json!({"visited_on": year.today, "findings": "Xưởng sạch"});
        province.post(&year.commune, &format!("{dossier}/visits"), visit.clone()).created();
        province.post(&year.office, &format!("{dossier}/visits"), visit).refused(403, "forbidden");

        let seats: Vec<Value> = ["chair", "member", "member", "secretary"]
            .iter()
            .enumerate()
            .map(|(number, seat)| {
                let person = province.hire(&format!("idle-{number}"), "council_member", None, None);
                json!({"account_id": person.id, "seat": seat})
            })
            .collect();
        let form =
            json!({"cycle_id": year.cycle, "unit_code": "439", "round": 1, "decision_number": "1", "seats": seats});
        province.post(&former, "/councils", form.clone()).invalid(&["/unit_code"]);
        province.post(&year.office, "/councils", form).refused(403, "forbidden");

        let council = year.council("42");
        let item = year.agenda_item(&council, &candidate);
        let resource = format!("/agenda-items/{item}");
        assert_eq!(province.get(&year.office, &resource).ok()["sent_from"], Value::Null);
        province.step(council.chair(), &resource, "open-scoring", json!({})).refused(409, "not_admitted");
        year.step(&year.office, &resource, "admit", json!({}));
        assert_eq!(told(&year.concluded(&council, &item, 60)), ("rated", Some(3)));
        province.step(&year.office, &resource, "send_up", json!({})).refused(409, "wrong_state");
        year.recognised("42", &[&item], "1/QĐ-UBND");
        assert_eq!(year.certificate(&candidate.product)["number"], "42-2025-0001");
        let report = province.get(&year.office, &format!("/cycles/{}/report", year.cycle)).ok();
        assert_eq!(report["products"]["certified"], 1);
        assert_eq!(report["ideas"], json!({"registered": 1, "selected": 0, "accepted": 1}));
    });
}

#[test]
fn a_step_that_the_edition_lacks_is_a_wrong_state() {
    on_both(|engine| {
        // Before the reform the district still stands, but has no part in this edition.
        let year = Year::new(engine, "1489-2025", "2025-03-01", json!([]));
        let idea = year.submitted_idea("Mật ong", None);
        year.step(&year.commune, &idea, "forward", json!({"note": "Đồng ý"}));
        year.province.step(year.district(), &idea, "select", json!({})).refused(409, "wrong_state");
        year.province.step(year.district(), &idea, "reject", json!({"note": "x"})).refused(403, "forbidden");
        year.step(&year.office, &idea, "accept", json!({}));
        let plan = year.submitted_plan(&idea);
        year.province.step(year.district(), &plan, "approve", json!({})).refused(403, "forbidden");
    });
}

#[test]
fn stars_need_their_conditions() {
    on_both(|engine| {
        let conditions = json!([
            {"stars": 3, "kind": "document", "document": "food_safety_certificate"},
            {"stars": 4, "kind": "document", "document": "quality_management", "in_force": true},
            {"stars": 4, "kind": "number", "name": "yearly_output", "at_least": 1000, "unit": "kg"}]);
        let year = Year::new(engine, "1489-2025", "2025-08-01", conditions.clone());
        let province = &year.province;
        let shown = province.get(&year.commune, &format!("/cycles/{}", year.cycle)).ok();
        assert_eq!(shown["conditions"][2], conditions[2]);
        assert_eq!(shown["conditions"][0]["in_force"], true);
        let mut form = year.cycle_form();
        form["year"] = json!(2026);
        form["conditions"] = json!([{"stars": 4, "kind": "number", "name": "Sản lượng", "at_least": 0, "unit": ""}]);
        form["idea_deadline"] = json!("2026-12-31");
        for field in ["district_deadline", "province_deadline"] {
            form["rounds"][0][field] = json!("2026-12-31");
        }
        let faults = ["/conditions/0/name", "/conditions/0/at_least", "/conditions/0/unit"];
        province.post(&year.office, "/cycles", form.clone()).invalid(&faults);
        form["conditions"] = json!([{"stars": 4, "kind": "document", "document": "unheard_of"}]);
        assert_eq!(province.post(&year.office, "/cycles", form).status, 422);

        let council = year.council("42");
        let scored = |name: &str, papers: &[(&str, &str)], figures: Value, total: u64| {
            let candidate = year.approved(name, None);
            for (kind, valid_until) in papers {
                let fields = [("kind", *kind), ("valid_until", *valid_until)];
                province
                    .upload(&year.producer, &format!("/products/{}/documents", candidate.product), &fields, A_PDF)
                    .created();
            }
            let dossier = format!("/dossiers/{}", candidate.dossier);
            assert_eq!(province.patch(&year.producer, &dossier, json!({"figures": figures})).ok()["figures"], figures);
            year.hand_in(&candidate);
            year.scored_by_province(&council, &candidate, total)
        };
        let food = ("food_safety_certificate", "2025-08-01");
        let quality = ("quality_management", "2026-12-31");
        let output = json!({"yearly_output": 1000});
        let (item, result) = scored("Đủ", &[food, quality], output.clone(), 75);
        assert_eq!((told(&result), &result["unmet"]), (("rated", Some(4)), &json!([])));
        let (_, result) = scored("Hết hạn", &[food, ("quality_management", "2025-07-31")], output.clone(), 75);
        assert_eq!((told(&result), &result["unmet"]), (("rated", Some(3)), &json!([conditions[1]])));
        let (_, result) = scored("Ít", &[food, quality], json!({"yearly_output": 999}), 95);
        assert_eq!((told(&result), &result["unmet"]), (("rated", Some(3)), &json!([conditions[2]])));
        assert_eq!(result["mean"], "95.00");
        let (none, result) = scored("Thiếu", &[], json!({}), 75);
        assert_eq!(told(&result), ("below_threshold", None));
        assert_eq!(result["unmet"].as_array().unwrap().len(), 3);
        let (_, result) = scored("Ba sao", &[food], json!({}), 60);
        assert_eq!((told(&result), &result["unmet"]), (("rated", Some(3)), &json!([])));
        assert_eq!(year.faults(year.draft("42", &[&none])), ["unfit_outcome"]);
        year.recognised("42", &[&item], "1/QĐ-UBND");

        let open = format!("/dossiers/{}", year.approved("Số liệu", None).dossier);
        let wrong = json!({"figures": {"Sản lượng": 1}});
        province.patch(&year.producer, &open, wrong).invalid(&["/figures"]);
        let wrong = json!({"figures": {"yearly_output": -1}});
        province.patch(&year.producer, &open, wrong).invalid(&["/figures/yearly_output"]);
        province.patch(&year.producer, &open, json!({"figures": {"yearly_output": 1.5}})).refused(422, "invalid");
    });
}

#[test]
fn a_new_certificate_ends_the_one_before_it() {
    on_both(|engine| {
        let mut year = Year::new(engine, "1489-2025", "2025-08-01", json!([]));
        let council = year.council("42");
        let cases = [("Nâng", 60, 75, 4), ("Giữ", 60, 65, 3), ("Hạ", 75, 60, 3), ("Trượt", 75, 40, 4)];
        let mut products = Vec::new();
        let mut items = Vec::new();
        for (name, total, ..) in cases {
            let candidate = year.handed_in(name, None);
            items.push(year.scored_by_province(&council, &candidate, total).0);
            products.push(candidate.product);
        }
        year.recognised("42", &items.iter().map(String::as_str).collect::<Vec<_>>(), "1/QĐ-UBND");
        let before: Vec<Value> = products.iter().map(|product| year.certificate(product)).collect();

        year.province.restart(&["--clock", "2026-05-04T08:00:00+07:00"]);
        year.open("2026-05-04", json!([]));
        let council = year.council("42");
        let mut items = Vec::new();
        for ((name, _, total, _), product) in cases.iter().zip(&products) {
            let candidate = year.handed_in(name, Some(product));
            assert_eq!(candidate.product, *product);
            let (item, result) = year.scored_by_province(&council, &candidate, *total);
            if result["outcome"] == "rated" {
                items.push(item);
            }
        }
        assert_eq!(items.len(), 3);
        let items: Vec<&str> = items.iter().map(String::as_str).collect();
        let decision = year.draft("42", &items).created();
        year.promulgate("42", &decision, "2/QĐ-UBND");
        for (((name, _, _, stars), product), old) in cases.iter().zip(&products).zip(&before) {
            let valid = year.certificate(product);
            assert_eq!(valid["stars"], *stars, "{name}");
            let number = old["number"].as_str().unwrap();
            let public = year.province.public(&format!("/public/certificates/{number}")).ok();
            if *name == "Trượt" {
                assert_eq!((&valid["number"], &public["state"]), (&old["number"], &json!("valid")));
                continue;
            }
            assert_eq!(public["state"], "expired", "{name}");
            let resource = format!("/certificates/{}", id(old));
            let ended = year.province.get(&year.producer, &resource).ok();
            assert_eq!((&ended["state"], &ended["valid_until"]), (&json!("expired"), &json!("2026-05-03")));
            assert_eq!(ended["superseded_by"], valid["id"]);
            let history = year.province.all(&year.office, &format!("{resource}/history"));
            assert_eq!((&history[1]["verb"], &history[1]["note"]), (&json!("supersede"), &valid["number"]));
            assert_eq!(year.certificates(product).len(), 2);
        }
        let report = |on: &str| {
            let path = format!("/cycles/{}/report?on={on}", year.cycle);
            year.province.get(&year.office, &path).ok()["cumulative"].clone()
        };
        // The day before, all four stood as they were; after it each counts once.
        assert_eq!(report("2026-05-03"), json!({"certified": 4, "valid": 4, "by_stars": {"3": 2, "4": 2}}));
        assert_eq!(report("2026-05-04"), json!({"certified": 4, "valid": 4, "by_stars": {"3": 2, "4": 2}}));
        let listed = year.province.public("/public/products?state=certified").ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 4);
    });
}

#[test]
fn the_issuer_gives_notice_before_a_certificate_ends() {
    on_both(|engine| {
        let mut year = Year::new(engine, "148-2023", "2024-03-01", json!([]));
        let district = year.council("439");
        let council = year.council("42");
        let (three, four) = (year.handed_in("Ba sao", None), year.handed_in("Bốn sao", None));
        let item = year.agenda_item(&district, &three);
        year.concluded(&district, &item, 60);
        year.recognised("439", &[&item], "1/QĐ-UBND");
        year.sent_up(&district, &four, 75);
        let (item, _) = year.scored_by_province(&council, &four, 75);
        year.recognised("42", &[&item], "2/QĐ-UBND");
        let [three, four] =
            [&three, &four].map(|candidate| format!("/certificates/{}", id(&year.certificate(&candidate.product))));
        let numbers = |person: &Person, query: &str| {
            let found = year.province.all(person, &format!("/certificates/notices{query}"));
            found.iter().map(|ending| ending["number"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(numbers(&year.office, ""), Vec::<String>::new());
        assert_eq!(numbers(&year.office, "?within=1200"), ["42-2024-0001"]);
        assert_eq!(numbers(year.district(), "?within=1200"), ["42-439-2024-0001"]);
        year.province.get(&year.commune, "/certificates/notices").refused(403, "forbidden");
        year.province.get(&year.office, "/certificates/notices?within=-1").refused(422, "invalid");
        let letter = json!({"letter_number": "9/TB-VP", "letter_date": "2024-03-01"});
        // Each issuer for its own.
        year.province.step(&year.office, &three, "notify", letter.clone()).refused(403, "forbidden");
        year.province.step(year.district(), &four, "notify", letter).refused(403, "forbidden");

        // Three years later there is no district: the province stands in for it.
        year.province.restart(&["--clock", "2027-01-15T08:00:00+07:00"]);
        let numbers = |query: &str| {
            let found = year.province.all(&year.office, &format!("/certificates/notices{query}"));
            found.iter().map(|ending| ending["number"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(numbers(""), ["42-2024-0001", "42-439-2024-0001"]);
        assert_eq!(numbers("?within=44"), Vec::<String>::new());
        assert_eq!(numbers("?within=45").len(), 2);
        let letter = |day: &str| json!({"letter_number": "9/TB-VP", "letter_date": day});
        year.province.step(&year.commune, &four, "notify", letter("2027-01-15")).refused(403, "forbidden");
        year.province.step(&year.office, &four, "notify", letter("2027-01-16")).invalid(&["/letter_date"]);
        year.province.step(&year.office, &four, "notify", letter("2024-02-29")).invalid(&["/letter_date"]);
        let given = year.step(&year.office, &four, "notify", letter("2027-01-15"));
        assert_eq!((&given["days_left"], &given["notice"]["late"]), (&json!(45), &json!(false)));
        year.province.step(&year.office, &four, "notify", letter("2027-01-15")).refused(409, "already_notified");
        let listed = year.province.get(&year.office, "/certificates/notices").ok();
        assert_eq!(listed["items"][0]["notice"]["letter_number"], "9/TB-VP");
        assert_eq!(listed["items"][1]["notice"], Value::Null);
        let history = year.province.all(&year.office, &format!("{four}/history"));
        assert_eq!(history[1]["verb"], "notify");

        year.province.restart(&["--clock", "2027-02-10T08:00:00+07:00"]);
        let given = year.step(&year.office, &three, "notify", letter("2027-02-10"));
        assert_eq!((&given["days_left"], &given["notice"]["late"]), (&json!(19), &json!(true)));
        year.province.restart(&["--clock", "2027-03-02T08:00:00+07:00"]);
        year.province.step(&year.office, &four, "notify", letter("2027-03-01")).refused(409, "wrong_state");
    });
}

#[test]
fn after_a_reform_producers_go_where_their_commune_went() {
    on_both(|engine| {
        let mut year = Year::new(engine, "148-2023", "2024-03-01", json!([]));
        let product = year.approved("Mật ong", None).product;
        let enter = |name: &str, commune: &str, identity: &str| {
            id(&year.province.post(&year.office, "/producers", producer_form(name, commune, identity)).created())
        };
        let merged = enter("Thạch Hải", "18571", "0100000011");
        let split = enter("Kỳ Lợi", "18796", "0100000012");
        let lost = enter("Bắc Hà", "18076", "0100000013");
        assert_eq!(year.province.all(&year.office, "/reassignments"), Vec::<Value>::new());
        year.province.get(&year.commune, "/reassignments").refused(403, "forbidden");
        let listed = |on: &str| {
            let items = year.province.all(&year.office, &format!("/reassignments{on}"));
            items.into_iter().map(|item| (item["producer_id"].as_str().unwrap().to_owned(), item)).collect::<Vec<_>>()
        };
        // One moved to the city and one ended at the end of 2024.
        let found = listed("?on=2025-01-01");
        assert_eq!(found.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>(), [merged.clone(), lost.clone()]);
        assert_eq!((&found[0].1["successor"], &found[1].1["successors"]), (&json!("18571"), &json!([])));

        year.province.restart(&["--clock", "2025-08-01T08:00:00+07:00"]);
        let found: std::collections::BTreeMap<String, Value> = {
            let items = year.province.all(&year.office, "/reassignments");
            items.into_iter().map(|item| (item["producer_id"].as_str().unwrap().to_owned(), item)).collect()
        };
        assert_eq!(found.len(), 4);
        assert_eq!(found[&year.producer_id]["successor"], "18196");
        assert_eq!(found[&year.producer_id]["products"][0]["id"], json!(product));
        assert_eq!(found[&merged]["successor"], "18604");
        assert_eq!(
            (&found[&split]["successor"], found[&split]["successors"].as_array().unwrap().len()),
            (&Value::Null, 3)
        );
        assert_eq!(found[&lost]["successors"], json!([]));
        let paged = year.province.get(&year.office, "/reassignments?limit=3").ok();
        assert_eq!(paged["items"].as_array().unwrap().len(), 3);
        assert!(paged["next"].is_string());

        let item = |producer: &str, commune: &str| json!({"producer_id": producer, "version": found[producer]["version"], "commune_code": commune});
        let post =
            |person: &Person, items: Value| year.province.post(person, "/reassignments", json!({"items": items}));
        post(&year.commune, json!([item(&merged, "18604")])).refused(403, "forbidden");
        post(&year.office, json!([])).invalid(&["/items"]);
        post(&year.office, json!([item(&merged, "18604"), item(&merged, "18604")])).invalid(&["/items/1/producer_id"]);
        post(&year.office, json!([item(&merged, "18604"), item(&lost, "18076")])).invalid(&["/items/1/commune_code"]);
        let mut stale = item(&split, "18754");
        stale["version"] = json!(7);
        assert_eq!(post(&year.office, json!([item(&merged, "18604"), stale])).status, 412);
        // None of these moved anybody.
        assert_eq!(year.province.all(&year.office, "/reassignments").len(), 4);

        let own = year.producer_id.as_str();
        let all = json!([item(own, "18196"), item(&merged, "18604"), item(&split, "18754"), item(&lost, "18073")]);
        let done = post(&year.office, all).created();
        assert_eq!(
            done["items"][3],
            json!({"producer_id": lost, "version": 2, "commune_code": "18073", "district_code": null})
        );
        assert_eq!(year.province.all(&year.office, "/reassignments"), Vec::<Value>::new());
        let shown = year.province.get(&year.commune, &format!("/products/{product}")).ok();
        assert_eq!((&shown["district_code"], &shown["code"]), (&Value::Null, &json!("42-439-18196-1-2024")));
        let history = year.province.all(&year.office, &format!("/producers/{merged}/history"));
        assert_eq!((&history[1]["verb"], &history[1]["note"]), (&json!("reassign"), &json!("18571 → 18604")));
    });
}

#[test]
fn nobody_registers_ideas_from_a_commune_that_is_no_more() {
    on_both(|engine| {
        let mut year = Year::new(engine, "148-2023", "2024-03-01", json!([]));
        let form = producer_form("Bắc Hà", "18076", "0100000013");
        let lost = id(&year.province.post(&year.office, "/producers", form).created());
        let producer = year.province.hire("lost", "producer", None, Some(&lost));
        year.province.restart(&["--clock", "2025-08-01T08:00:00+07:00"]);
        year.edition = "1489-2025";
        let set = synthetic_set(year.edition);
        year.province.post(&year.office, "/criteria-sets", set).created();
        year.open("2025-08-01", json!([]));
        let form = json!({"cycle_id": year.cycle, "kind": "new", "product_name": "Mật", "criteria_set": SET,
            "description": "x", "target_value": 1, "packaging": "x"});
        year.province.post(&producer, "/ideas", form.clone()).refused(409, "producer_to_reassign");
        let item = json!({"producer_id": lost, "version": 1, "commune_code": "18073"});
        year.province.post(&year.office, "/reassignments", json!({"items": [item]})).created();
        let idea = year.province.post(&producer, "/ideas", form).created();
        assert_eq!((&idea["commune_code"], &idea["district_code"]), (&json!("18073"), &Value::Null));
    });
}
