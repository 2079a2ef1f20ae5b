//! A province at work that can be brought to any stage of the path, all of it through the API.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::engine::Engine;
use crate::province::{Person, Province, Reply, Template, Templates, Upload};
use crate::working_group;

pub const PDF: &[u8] =
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n\
trailer<</Root 1 0 R>>\n%%EOF\n";

/// One white pixel.
pub const PNG: &[u8] =
    b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\
\x00\x00\x90\x77\x53\xde\x00\x00\x00\x0c\x49\x44\x41\x54\x78\x9c\x63\xf8\xff\xff\x3f\x00\x05\xfe\x02\xfe\x0d\
\xef\x46\xb8\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";

pub const A_PDF: Upload = Upload { name: "Giấy đăng ký.pdf", media: "application/pdf", bytes: PDF };
pub const A_PNG: Upload = Upload { name: "Hũ mật.png", media: "image/png", bytes: PNG };

/// The address of a phone in a network of its own.
pub fn phone_in(network: u32) -> std::net::Ipv4Addr {
    std::net::Ipv4Addr::from(0x0a00_0007 + (network << 8))
}

/// A province with its offices, an open cycle of 2021, and two districts with somebody in each.
pub struct Walk {
    pub province: Province,
    people: Cast,
}

impl std::ops::Deref for Walk {
    type Target = Cast;

    fn deref(&self) -> &Cast {
        &self.people
    }
}

/// Who is in the province of a [`Walk`], and in which cycle.
#[derive(Clone)]
pub struct Cast {
    pub admin: Person,
    pub office: Person,
    pub signatory: Person,
    pub inspector: Person,
    pub supervisor: Person,
    /// A council member without a seat.
    pub idle: Person,
    pub cycle: String,
    /// Hương Sơn, with the commune Sơn Kim 1.
    pub here: District,
    /// Đức Thọ: what is done here is none of its business.
    pub there: District,
    honey: Vec<Criterion>,
}

/// A district with one commune and one producer, a cooperative.
#[derive(Clone)]
pub struct District {
    pub code: &'static str,
    pub officer: Person,
    pub commune_code: &'static str,
    pub commune: Person,
    pub producer: Person,
    pub producer_id: String,
}

/// A product on its way: what a plan's approval leaves behind.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub idea: String,
    pub plan: String,
    pub product: String,
    pub dossier: String,
}

/// A council that is open.
#[derive(Clone)]
pub struct Council {
    pub id: String,
    pub office: Person,
    /// Those who score: the chair, the vice-chair, the members.
    pub scorers: Vec<Person>,
    pub secretary: Person,
}

impl Council {
    pub fn chair(&self) -> &Person {
        &self.scorers[0]
    }
}

/// A criterion: the points of the options that an organisation may be given, by their places.
#[derive(Clone)]
pub struct Criterion {
    code: String,
    options: Vec<(u64, usize)>,
}

impl Walk {
    pub fn new(engine: Engine) -> Self {
        static WALKS: Templates<Cast> = Templates::new();
        let walk = || {
            let province = Province::new(engine);
            let admin = province.sign_in("admin");
            let office = province.hire("office", "provincial_officer", Some("42"), None);
            let cycle = id(&province.post(&office, "/cycles", cycle_form(2021)).created());
            province.step(&office, &format!("/cycles/{cycle}"), "open", json!({})).ok();
            let people = Cast::engage(&province, admin, office, cycle, "");
            Template::of(province, people)
        };
        let template = WALKS.get(engine, walk);
        Self { province: Province::like(&template, &[]), people: template.known.clone() }
    }

    /// A copy of a province that `fill` brought on, once for each engine, with what it knows of it.
    pub fn filled<K: Clone>(
        engine: Engine,
        templates: &'static Templates<(Cast, K)>,
        fill: impl FnOnce(&Self) -> K,
    ) -> (Self, K) {
        let template = templates.get(engine, || {
            let walk = Self::new(engine);
            let known = fill(&walk);
            let Self { province, people } = walk;
            Template::of(province, (people, known))
        });
        let (people, known) = template.known.clone();
        (Self { province: Province::like(&template, &[]), people }, known)
    }

    /// The demo's province in its open cycle of 2021, with people of this test's own in it.
    pub fn on_demo(engine: Engine) -> Self {
        let province = Province::demo(engine);
        let admin = province.sign_in_with("admin", ocop::demo::PASSWORD);
        let office = province.hire("walk-office", "provincial_officer", Some("42"), None);
        let cycles = province.all(&office, "/cycles");
        let cycle = id(cycles.iter().find(|cycle| cycle["year"] == 2021).unwrap());
        let people = Cast::engage(&province, admin, office, cycle, "walk-");
        Self { province, people }
    }

    /// An idea as its producer writes it.
    pub fn idea_form(&self, name: &str) -> Value {
        json!({"cycle_id": self.cycle, "kind": "new", "product_name": name, "criteria_set": "mat-ong",
            "description": "Mật ong rừng", "target_value": 500_000_000, "packaging": "Hũ thủy tinh 500 ml"})
    }

    /// A draft of an idea.
    pub fn idea(&self, at: &District, name: &str) -> String {
        id(&self.province.post(&at.producer, "/ideas", self.idea_form(name)).created())
    }

    pub fn submitted_idea(&self, at: &District, name: &str) -> String {
        let idea = self.idea(at, name);
        self.province.step(&at.producer, &format!("/ideas/{idea}"), "submit", json!({})).ok();
        idea
    }

    pub fn accepted_idea(&self, at: &District, name: &str) -> String {
        let idea = self.submitted_idea(at, name);
        let resource = format!("/ideas/{idea}");
        self.province.step(&at.commune, &resource, "forward", json!({"note": "Xã đồng ý"})).ok();
        self.province.step(&at.officer, &resource, "select", json!({})).ok();
        self.province.step(&self.office, &resource, "accept", json!({})).ok();
        idea
    }

    pub fn plan_form(&self, idea: &str) -> Value {
        json!({"idea_id": idea, "capacity": "2000 lít mỗi năm", "market": "Trong tỉnh", "materials": "Ong nội",
        "technology": "Quay ly tâm", "finance": [
            {"year": 2021, "own": 100_000_000, "loan": 50_000_000, "other": 0, "state_support": 20_000_000},
            {"year": 2022, "own": 30_000_000, "loan": 0, "other": 1_000_000, "state_support": 0},
        ]})
    }

    pub fn submitted_plan(&self, at: &District, name: &str) -> (String, String) {
        let idea = self.accepted_idea(at, name);
        let plan = id(&self.province.post(&at.producer, "/plans", self.plan_form(&idea)).created());
        self.province.step(&at.producer, &format!("/plans/{plan}"), "submit", json!({})).ok();
        (idea, plan)
    }

    /// A product whose plan is approved; its dossier is open.
    pub fn approved(&self, at: &District, name: &str) -> Candidate {
        let (idea, plan) = self.submitted_plan(at, name);
        self.province.step(&at.officer, &format!("/plans/{plan}"), "approve", json!({})).ok();
        self.candidate(at, idea, plan)
    }

    /// What the approval of a plan made.
    pub fn candidate(&self, at: &District, idea: String, plan: String) -> Candidate {
        let product = self.province.get(&at.producer, &format!("/plans/{plan}")).ok()["product_id"].clone();
        let product = product.as_str().unwrap().to_owned();
        let dossiers = self.province.all(&at.producer, &format!("/dossiers?product_id={product}"));
        assert_eq!(dossiers.len(), 1);
        Candidate { idea, plan, product, dossier: id(&dossiers[0]) }
    }

    /// A document of the product.
    pub fn document(&self, at: &District, product: &str) -> String {
        let path = format!("/products/{product}/documents");
        let fields = [("kind", "business_registration"), ("number", "28-001")];
        id(&self.province.upload(&at.producer, &path, &fields, A_PDF).created())
    }

    /// A product whose dossier is handed in, with a document.
    pub fn handed_in(&self, at: &District, name: &str) -> Candidate {
        let candidate = self.approved(at, name);
        let document = self.document(at, &candidate.product);
        let dossier = format!("/dossiers/{}", candidate.dossier);
        self.province.patch(&at.producer, &dossier, json!({"documents": [document]})).ok();
        self.province.step(&at.producer, &dossier, "submit", json!({})).ok();
        candidate
    }

    pub fn office_of(&self, unit: &str) -> &Person {
        [&self.here, &self.there]
            .into_iter()
            .find(|district| district.code == unit)
            .map_or(&self.office, |district| &district.officer)
    }

    /// The form of a council with so many who score, who are hired for it.
    pub fn council_form(&self, unit: &str, round: i64, scorers: usize) -> (Value, Vec<Person>, Person) {
        let hire =
            |number: usize| self.province.hire(&format!("seat-{unit}-{round}-{number}"), "council_member", None, None);
        let people: Vec<Person> = (0..scorers).map(hire).collect();
        let secretary = hire(scorers);
        let seat = |(number, person): (usize, &Person)| {
            let kind = ["chair", "vice_chair"].get(number).copied().unwrap_or("member");
            json!({"account_id": person.id, "seat": kind})
        };
        let mut seats: Vec<Value> = people.iter().enumerate().map(seat).collect();
        seats.push(json!({"account_id": secretary.id, "seat": "secretary", "scores": false}));
        let form = json!({"cycle_id": self.cycle, "unit_code": unit, "round": round,
            "decision_number": "12/QĐ-UBND", "seats": seats});
        (form, people, secretary)
    }

    /// An open council.
    pub fn council(&self, unit: &str, round: i64, scorers: usize) -> Council {
        let office = self.office_of(unit).clone();
        let (form, scorers, secretary) = self.council_form(unit, round, scorers);
        let id = id(&self.province.post(&office, "/councils", form).created());
        self.province.step(&office, &format!("/councils/{id}"), "open", json!({})).ok();
        Council { id, office, scorers, secretary }
    }

    /// Puts a dossier on the agenda; it waits there, or is admitted where the province scores.
    pub fn agenda_item(&self, council: &Council, dossier: &str) -> String {
        let form = json!({"council_id": council.id, "dossier_ids": [dossier]});
        id(&self.province.post(&council.office, "/agenda-items", form).created()["items"][0])
    }

    /// A complete list of marks that add up to `total`.
    pub fn marks(&self, total: u64) -> Value {
        marks(&self.honey, total)
    }

    pub fn write_sheet(&self, member: &Person, item: &str, marks: &Value) {
        let sheet = format!("/agenda-items/{item}/sheet");
        let version = self.province.get(member, &sheet).ok()["version"].as_i64().unwrap();
        self.province.at_version(Method::PUT, member, &sheet, version, json!({"marks": marks})).ok();
    }

    pub fn submit_sheet(&self, member: &Person, item: &str, total: u64) {
        self.write_sheet(member, item, &self.marks(total));
        let answer = self.province.step(member, &format!("/agenda-items/{item}/sheet"), "submit", json!({})).ok();
        assert_eq!((&answer["total"], &answer["state"]), (&json!(total), &json!("submitted")));
    }

    /// From waiting to scored: each who scores hands in a sheet with the total at their place.
    pub fn scored(&self, council: &Council, item: &str, totals: &[u64]) {
        let resource = format!("/agenda-items/{item}");
        self.province.step(council.chair(), &resource, "open-scoring", json!({})).ok();
        for (member, total) in council.scorers.iter().zip(totals) {
            self.submit_sheet(member, item, *total);
        }
        self.province.step(council.chair(), &resource, "close-scoring", json!({})).ok();
    }

    /// As [`Walk::scored`], and concluded; the result is returned.
    pub fn concluded(&self, council: &Council, item: &str, totals: &[u64]) -> Value {
        self.scored(council, item, totals);
        let resource = format!("/agenda-items/{item}");
        self.province.step(council.chair(), &resource, "conclude", json!({})).ok();
        self.province.get(&council.office, &format!("{resource}/result")).ok()
    }

    /// What its office makes ready for an item: a finished survey, a photograph of it, and a finished report.
    pub fn prepared(&self, council: &Council, item: &str, today: &str) -> [String; 3] {
        let criterion = self.marks(60)[0]["criterion"].clone();
        working_group::prepared(&self.province, &council.office, item, criterion.as_str().unwrap(), today)
    }

    /// From handed in to sent up by the district.
    pub fn sent_up(&self, council: &Council, candidate: &Candidate, total: u64) -> String {
        let item = self.agenda_item(council, &candidate.dossier);
        let result = self.concluded(council, &item, &vec![total; council.scorers.len()]);
        assert_eq!(result["outcome"], "forwarded");
        self.province.step(&council.office, &format!("/agenda-items/{item}"), "send_up", json!({})).ok();
        item
    }

    /// From sent up to rated by the province.
    pub fn rated(&self, council: &Council, candidate: &Candidate, total: u64) -> String {
        let item = self.agenda_item(council, &candidate.dossier);
        self.province.step(&council.office, &format!("/agenda-items/{item}"), "admit", json!({})).ok();
        let result = self.concluded(council, &item, &vec![total; council.scorers.len()]);
        assert_eq!(result["outcome"], "rated");
        item
    }

    /// Recognises items of the province, signed today; the decision's id is returned.
    pub fn recognised(&self, items: &[&str], number: &str) -> String {
        let form = json!({"kind": "recognise", "unit_code": "42", "agenda_item_ids": items});
        let decision = id(&self.province.post(&self.office, "/decisions", form).created());
        let signature = json!({"number": number, "signed_on": "2021-02-22"});
        self.province.step(&self.signatory, &format!("/decisions/{decision}"), "promulgate", signature).ok();
        decision
    }

    pub fn product_code(&self, product: &str) -> String {
        let product = self.province.get(&self.office, &format!("/products/{product}")).ok();
        product["code"].as_str().unwrap().to_owned()
    }

    /// Revokes a product's certificate today.
    pub fn revoked(&self, product: &str, number: &str) {
        let certificates = self.province.all(&self.office, &format!("/certificates?product_id={product}"));
        let form = json!({"kind": "revoke", "unit_code": "42", "certificate_ids": [id(&certificates[0])], "reason": "Vi phạm"});
        let decision = id(&self.province.post(&self.office, "/decisions", form).created());
        let signature = json!({"number": number, "signed_on": "2021-02-22"});
        self.province.step(&self.signatory, &format!("/decisions/{decision}"), "promulgate", signature).ok();
    }

    pub fn lot_form(&self, product: &str, code: &str) -> Value {
        json!({"product_id": product, "code": code, "produced_on": "2021-02-20", "expires_on": "2022-02-20",
            "quantity": 500, "unit": "hũ", "inputs": []})
    }

    pub fn lot(&self, at: &District, product: &str, code: &str) -> String {
        id(&self.province.post(&at.producer, "/lots", self.lot_form(product, code)).created())
    }

    /// An order of stamps that was issued.
    pub fn issued(&self, at: &District, product: &str, quantity: i64) -> String {
        let form = json!({"product_id": product, "quantity": quantity});
        let order = id(&self.province.post(&at.producer, "/stamp-orders", form).created());
        self.province.step(&self.office, &format!("/stamp-orders/{order}"), "issue", json!({})).ok();
        order
    }

    /// The codes of an issued order, by serial.
    pub fn codes(&self, at: &District, order: &str) -> Vec<String> {
        let reply = self.province.get(&at.producer, &format!("/stamp-orders/{order}/codes.csv"));
        assert_eq!(reply.status, 200, "{}", reply.text);
        let mut lines = reply.text.lines();
        assert_eq!(lines.next(), Some("serial,code,address"));
        lines.map(|line| line.split(',').nth(1).unwrap().to_owned()).collect()
    }

    /// Scans a stamp as the phone in a network does, with its place if it sends one.
    pub fn scan(&self, code: &str, network: u32, place: Option<(f64, f64)>) -> Value {
        let address = phone_in(network).to_string();
        let request = match place {
            Some((lat, lon)) => {
                self.province.request(Method::POST, &format!("/t/{code}/scans")).json(&json!({"lat": lat, "lon": lon}))
            }
            None => self.province.request(Method::GET, &format!("/t/{code}")),
        };
        Reply::of(request.header("x-forwarded-for", address).send().unwrap()).ok()
    }

    /// Lets a crowd scan a stamp; the case on the board that comes of it.
    pub fn copied(&self, order: &str, code: &str) -> String {
        (0..21).for_each(|network| drop(self.scan(code, 0x7700 + network, None)));
        let cases = self.province.all(&self.office, "/stamps/suspects?state=open");
        let case = cases.iter().find(|case| case["code"] == code && case["order_id"] == order);
        id(case.unwrap_or_else(|| panic!("{code} is not on the board: {cases:?}")))
    }

    /// A doubt about a stamp.
    pub fn doubt(&self, code: &str) -> String {
        let photo = Part::bytes(PNG.to_vec()).file_name("a.png").mime_str("image/png").unwrap();
        let form = Form::new().text("text", "Bao bì khác màu").text("contact", "0912 345 678");
        let form = form.text("consent", "1").part("file", photo);
        let request = self.province.request(Method::POST, &format!("/t/{code}/doubts")).multipart(form);
        assert_eq!(request.send().unwrap().status(), 201);
        let doubts = self.province.all(&self.office, "/doubts");
        id(doubts.iter().find(|doubt| doubt["code"] == code).unwrap())
    }

    /// Codes of stamps that are bound to a lot.
    pub fn activated(&self, at: &District, product: &str, quantity: i64) -> Vec<String> {
        let order = self.issued(at, product, quantity);
        let lot = self.lot(at, product, &format!("L-{}", &order[24..]));
        let range = json!({"from": 1, "to": quantity, "lot_id": lot});
        self.province.step(&at.producer, &format!("/stamp-orders/{order}"), "activate", range).ok();
        self.codes(at, &order)
    }
}

impl Cast {
    fn engage(province: &Province, admin: Person, office: Person, cycle: String, prefix: &str) -> Self {
        let hire = |name: &str, role: &str, unit| province.hire(&format!("{prefix}{name}"), role, unit, None);
        Self {
            signatory: hire("signatory", "signatory", Some("42")),
            inspector: hire("inspector", "inspector", Some("42")),
            supervisor: hire("supervisor", "supervisor", Some("42")),
            idle: hire("idle", "council_member", None),
            here: District::new(province, prefix, "439", "18196", "0100000001"),
            there: District::new(province, prefix, "440", "18235", "0100000002"),
            honey: criteria(&province.get(&office, "/criteria-sets/mat-ong").ok()),
            admin,
            office,
            cycle,
        }
    }
}

impl District {
    fn new(province: &Province, prefix: &str, code: &'static str, commune_code: &'static str, identity: &str) -> Self {
        let officer = province.hire(&format!("{prefix}district-{code}"), "district_officer", Some(code), None);
        let commune = province.hire(&format!("{prefix}commune-{code}"), "commune_officer", Some(commune_code), None);
        let form = producer_form(&format!("Hợp tác xã {code}"), commune_code, identity);
        let producer_id = id(&province.post(&commune, "/producers", form).created());
        let producer = province.hire(&format!("{prefix}producer-{code}"), "producer", None, Some(&producer_id));
        Self { code, officer, commune_code, commune, producer, producer_id }
    }
}

pub fn id(resource: &Value) -> String {
    resource["id"].as_str().unwrap_or_else(|| panic!("{resource} has no id")).to_owned()
}

pub fn cycle_form(year: i32) -> Value {
    json!({"year": year, "idea_deadline": format!("{year}-03-31"), "rounds": [
        {"number": 1, "district_deadline": format!("{year}-06-30"), "province_deadline": format!("{year}-07-31")},
        {"number": 2, "district_deadline": format!("{year}-10-31"), "province_deadline": format!("{year}-11-30")},
    ], "targets": {"certified": 10}})
}

pub fn producer_form(name: &str, commune: &str, identity: &str) -> Value {
    json!({"name": name, "kind": "cooperative", "identity_number": identity, "commune_code": commune,
        "address": "Thôn Kim Cương", "representative": "Nguyễn Văn A", "phone": "0239 3875 555", "public_phone": true})
}

pub fn shop_form(name: &str, commune: &str) -> Value {
    json!({"name": name, "commune_code": commune, "address": "Quốc lộ 8A", "opened_on": "2021-01-15"})
}

/// The criteria of a set, as an organisation is scored by them.
pub fn criteria(set: &Value) -> Vec<Criterion> {
    let list = |value: &Value, name: &str| value[name].as_array().unwrap().clone();
    let criteria: Vec<Value> = list(set, "parts")
        .iter()
        .flat_map(|part| list(part, "groups"))
        .flat_map(|group| list(&group, "criteria"))
        .collect();
    let bases: BTreeSet<&str> = criteria.iter().filter_map(|criterion| criterion["depends_on"].as_str()).collect();
    let criterion = |criterion: &Value| {
        let code = criterion["code"].as_str().unwrap().to_owned();
        let options = list(criterion, "options").into_iter().zip(1..).filter_map(|(option, place)| {
            let points = option["points"].as_u64().unwrap();
            // What others depend on always gets points, so that every criterion applies.
            let fits = option["case"].as_u64().is_none_or(|case| case == 1);
            (fits && (points > 0 || !bases.contains(code.as_str()))).then_some((points, place))
        });
        Criterion { options: options.collect(), code: code.clone() }
    };
    criteria.iter().map(criterion).collect()
}

/// Chooses options that add up to `total`, by way of every sum that can be reached.
pub fn marks(criteria: &[Criterion], total: u64) -> Value {
    let mut reached: Vec<BTreeMap<u64, usize>> = Vec::new();
    let mut sums = BTreeSet::from([0]);
    for criterion in criteria {
        let step: BTreeMap<u64, usize> = sums
            .iter()
            .flat_map(|sum| criterion.options.iter().map(move |(points, place)| (sum + points, *place)))
            .collect();
        sums = step.keys().copied().collect();
        reached.push(step);
    }
    let mut left = total;
    let mut chosen = Vec::new();
    for (criterion, step) in criteria.iter().zip(&reached).rev() {
        let place = *step.get(&left).unwrap_or_else(|| panic!("no sheet has the total {total}"));
        left -= criterion.options.iter().find(|(_, other)| *other == place).unwrap().0;
        chosen.push(json!({"criterion": criterion.code, "option": place}));
    }
    chosen.reverse();
    Value::Array(chosen)
}
