//! Every route of the OpenAPI document, so that no test can forget one; and a province with one of everything in it.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use crate::engine::Engine;
use crate::province::{PASSWORD, Person, Reply, Templates};
use crate::walk::{A_PDF, A_PNG, Cast, Council, District, Walk, id, producer_form, shop_form};

/// An operation of the document.
#[derive(Debug, Clone)]
pub struct Route {
    pub method: Method,
    /// As the document has it, without `/api/v1`; a page's stands under `/site`, because some pages share their paths
    /// with the API.
    pub template: String,
    pub is_public: bool,
    pub operation: Value,
}

impl Route {
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.template)
    }

    pub fn writes(&self) -> bool {
        self.method != Method::GET && self.method != Method::HEAD
    }

    pub fn takes_a_file(&self) -> bool {
        self.operation.pointer("/requestBody/content/multipart~1form-data").is_some()
    }

    /// The address with the ids of things that exist.
    pub fn path(&self, things: &Things) -> String {
        let (root, path, mark) = match self.template.strip_prefix("/site") {
            Some(page) => ("/site", page, "page:"),
            None => ("", self.template.as_str(), ""),
        };
        let mut parts = path.split('/').skip(1);
        let kind = parts.next().unwrap_or_default();
        let thing = format!("{mark}{kind}");
        let filled = parts.map(|part| match part {
            // What was handed in first.
            "{number}" if kind == "dossiers" => "1",
            part if part.starts_with('{') => things.id(&thing),
            part => part,
        });
        std::iter::once(kind).chain(filled).fold(root.to_owned(), |path, part| format!("{path}/{part}"))
    }
}

/// The document as a client reads it.
pub fn document() -> Value {
    serde_json::to_value(ocop::app::document()).unwrap()
}

/// All operations. One is public where its security asks for nothing.
pub fn routes() -> Vec<Route> {
    let document = document();
    let mut routes = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            if !["get", "head", "post", "put", "patch", "delete"].contains(&method.as_str().to_lowercase().as_str()) {
                continue;
            }
            let security = operation.get("security").or_else(|| document.get("security"));
            let asks = |security: &Value| {
                security.as_array().is_some_and(|ways| {
                    !ways.is_empty() && ways.iter().all(|way| way.as_object().is_some_and(|way| !way.is_empty()))
                })
            };
            let is_page = operation["tags"][0] == "pages";
            routes.push(Route {
                is_public: !security.is_some_and(asks),
                template: match path.strip_prefix("/api/v1") {
                    Some(path) => path.to_owned(),
                    None if is_page => format!("/site{path}"),
                    None => path.clone(),
                },
                operation: operation.clone(),
                method,
            });
        }
    }
    assert!(routes.len() > 100, "the document has all routes");
    routes
}

/// The ids of one of everything, by the first part of its address.
#[derive(Debug, Clone, Default)]
pub struct Things {
    ids: BTreeMap<&'static str, String>,
}

impl Things {
    pub fn new(ids: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self { ids: ids.into_iter().collect() }
    }

    /// The same with other ones of these kinds.
    pub fn with(&self, others: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let mut ids = self.ids.clone();
        ids.extend(others);
        Self { ids }
    }

    pub fn has(&self, kind: &str) -> bool {
        self.ids.contains_key(kind)
    }

    pub fn id(&self, kind: &str) -> &str {
        self.ids.get(kind).unwrap_or_else(|| panic!("put one of /{kind} into the filled province"))
    }

    pub fn ids(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.ids.iter().map(|(kind, id)| (*kind, id.as_str()))
    }
}

/// A province with one of everything in each of two districts.
pub struct Filled {
    pub walk: Walk,
    pub here: Things,
    pub there: Things,
    /// The council of the district here.
    pub district: Council,
    /// Another commune's officer and another producer of the district here.
    pub neighbour: Person,
    pub rival: Person,
}

/// What is known of a filled province: the things here and there, the council, the neighbour and the rival.
type Known = (Things, Things, Council, Person, Person);

impl Filled {
    pub fn new(engine: Engine) -> Self {
        static FILLED: Templates<(Cast, Known)> = Templates::new();
        let (walk, known) = Walk::filled(engine, &FILLED, |walk| {
            let council = walk.council("42", 1, 3);
            let (here, district) = fill(walk, &walk.here, &council);
            let (there, _) = fill(walk, &walk.there, &council);
            let neighbour = walk.province.hire("neighbour", "commune_officer", Some("18199"), None);
            let form = producer_form("Hợp tác xã bên cạnh", "18199", "0100000009");
            let rival = id(&walk.province.post(&neighbour, "/producers", form).created());
            let rival = walk.province.hire("rival", "producer", None, Some(&rival));
            (here, there, district, neighbour, rival)
        });
        let (here, there, district, neighbour, rival) = known;
        Self { here, there, district, neighbour, rival, walk }
    }

    /// Everybody who might do something, each with a name for messages.
    pub fn everybody(&self) -> Vec<(&'static str, &Person)> {
        vec![
            ("commune", &self.walk.here.commune),
            ("district", &self.walk.here.officer),
            ("producer", &self.walk.here.producer),
            ("office", &self.walk.office),
            ("signatory", &self.walk.signatory),
            ("inspector", &self.walk.inspector),
            ("chair", self.district.chair()),
            ("admin", &self.walk.admin),
            ("supervisor", &self.walk.supervisor),
            ("idle", &self.walk.idle),
        ]
    }
}

fn fill(walk: &Walk, at: &District, council: &Council) -> (Things, Council) {
    let province = &walk.province;
    let candidate = walk.handed_in(at, &format!("Mật ong {}", at.code));
    let district = walk.council(at.code, 1, 3);
    let item = walk.agenda_item(&district, &candidate.dossier);
    let [survey, survey_file, report] = walk.prepared(&district, &item, "2021-02-22");
    walk.concluded(&district, &item, &[60; 3]);
    province.step(&at.officer, &format!("/agenda-items/{item}"), "send_up", json!({})).ok();
    let grounds = json!({"grounds": "Tiêu chí 4.1 chưa tính hợp đồng đã nộp"});
    let appeal = province.post(&at.producer, &format!("/agenda-items/{item}/appeals"), grounds).created();
    let upper = walk.rated(council, &candidate, 72);
    let decision = walk.recognised(&[&upper], &format!("{}/QĐ-UBND", at.code));
    let certificates = province.all(&walk.office, &format!("/certificates?product_id={}", candidate.product));
    let notice = json!({"agenda_item_id": item, "number": "1/TB-VPĐP", "dated": "2021-02-22"});
    let notice = province.post(&at.officer, "/result-notices", notice).created();
    let order = walk.issued(at, &candidate.product, 20);
    let lot = walk.lot(at, &candidate.product, "L-1");
    let range = json!({"from": 1, "to": 10, "lot_id": lot});
    province.step(&at.producer, &format!("/stamp-orders/{order}"), "activate", range).ok();
    let codes = walk.codes(at, &order);
    let doubt = walk.doubt(&codes[0]);
    let receipt = ocop::stamp::doubts::receipt::DoubtReceipt::of(doubt.parse().unwrap()).to_string();
    let suspect = walk.copied(&order, &codes[1]);
    let link =
        province.post(&walk.office, &format!("/stamp-orders/{order}/export-links"), json!({"printer": "Nhà in"}));
    let link = link.created()["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let hold = json!({"lot_id": lot, "reason": "Chờ kiểm nghiệm"});
    let hold = province.post(&walk.inspector, "/holds", hold).created();
    let inspection = crate::inspections::begun(walk, &candidate.product, &format!("{}/KH-VPĐP", at.code));
    let support = crate::support::begun(walk, at, &decision);
    let shop = province.post(&walk.office, "/shops", shop_form("Điểm bán hàng", at.commune_code)).created();
    let paper = province.upload(&at.producer, &format!("/ideas/{}/papers", walk.idea(at, "Nháp")), &[], A_PDF);
    let originals = format!("/decisions/{decision}/originals");
    let original = province.upload(&walk.signatory, &originals, &[], A_PDF).created();
    let documents = province.all(&at.producer, &format!("/products/{}/documents", candidate.product));
    let pictures = format!("/products/{}/pictures", candidate.product);
    let picture = province.upload(&at.producer, &pictures, &[], A_PNG).created();
    let registration = json!({
        "producer": producer_form("Hộ mới", at.commune_code, &format!("0300990000{}", at.code)),
        "account": {"username": format!("ho-moi-{}", at.code), "password": PASSWORD, "name": "Hộ mới"},
        "consent": {"version": 1},
    });
    let registration =
        Reply::of(province.request(Method::POST, "/registrations").json(&registration).send().unwrap()).created();
    let listed = walk.submitted_idea(at, "Ý tưởng theo công văn");
    let version = province.get(&at.commune, &format!("/ideas/{listed}")).ok()["version"].clone();
    let letter = json!({
        "verb": "forward", "letter_number": format!("1/CV-{}", at.code), "letter_date": "2021-02-22",
        "items": [{"id": listed, "version": version}],
    });
    let dispatch = province.post(&at.commune, "/dispatches", letter).created();
    let gtin = if at.code == "439" { "08934563138165" } else { "08936000000004" };
    province.patch(&at.producer, &format!("/products/{}", candidate.product), json!({"gtin": gtin})).ok();
    let code = province.get(&at.producer, &format!("/products/{}", candidate.product)).ok()["code"].clone();
    let asked = province.post(&at.producer, "/personal-data-requests", json!({"kind": "export"})).created();
    let ids = [
        ("01", gtin.to_owned()),
        ("page:assets", ocop::page::style::address().rsplit('/').next().unwrap().to_owned()),
        ("page:products", code.as_str().unwrap().to_owned()),
        ("accounts", at.producer.id.clone()),
        ("agenda-items", item),
        ("appeals", id(&appeal)),
        ("assets", "site-0000000000000000.css".to_owned()),
        ("c", certificates[0]["number"].as_str().unwrap().to_owned()),
        ("certificates", id(&certificates[0])),
        ("councils", district.id.clone()),
        ("criteria-sets", "mat-ong".to_owned()),
        ("cycles", walk.cycle.clone()),
        ("decision-originals", id(&original)),
        ("decisions", decision),
        ("dispatches", id(&dispatch)),
        ("documents", id(&documents[0])),
        ("dossiers", candidate.dossier),
        ("group-reports", report),
        ("page:guides", "chu-the".to_owned()),
        ("page:problems", "wrong_state".to_owned()),
        ("holds", id(&hold)),
        ("ideas", candidate.idea),
        ("inspections", inspection.id),
        ("inspection-files", inspection.photograph),
        ("inspection-plans", inspection.plan),
        ("rewards", support.reward),
        ("support-claim-files", support.paper),
        ("support-claims", support.claim),
        ("support-policies", support.policy),
        ("lots", lot),
        ("p", "0000-0000-0000-0000".to_owned()),
        ("papers", id(&paper.created())),
        ("personal-data-requests", id(&asked)),
        ("pictures", id(&picture)),
        ("plans", candidate.plan),
        ("producers", at.producer_id.clone()),
        ("products", candidate.product.clone()),
        ("public", candidate.product),
        ("registrations", id(&registration)),
        ("result-notices", id(&notice)),
        ("shops", id(&shop)),
        ("d", receipt),
        ("doubts", doubt),
        ("stamp-exports", link),
        ("stamps", suspect),
        ("stamp-orders", order),
        ("survey-files", survey_file),
        ("surveys", survey),
        ("t", codes[0].clone()),
    ];
    (Things::new(ids), district)
}
