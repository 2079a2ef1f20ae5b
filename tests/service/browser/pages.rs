//! The list of all pages. A page that is new is entered here, and is then judged, measured and pictured like the others.

use serde_json::{Value, json};

use super::driver::Browser;
use super::ground::Ground;
use crate::engine::{Engine, take_away};
use crate::province::{Province, Reply};
use crate::walk::Walk;

/// What all pages are served from.
pub struct Site {
    /// Where each verdict is shown.
    pub ground: Ground,
    /// Where there is much to browse.
    pub demo: Province,
    /// The code of a receipt of somebody who just registered, and the id of a letter that was just sent.
    receipt: String,
    letter: String,
    /// The id of a dossier that its producer is filling.
    open_dossier: String,
    /// The id of an item that its council is scoring.
    open_sheet: String,
    /// A province whose database is gone, and the code of a stamp of it; only where there is a PostgreSQL.
    pub broken: Option<(Walk, String)>,
}

/// One page: what it is called, where it is, and how it is answered.
pub struct Page {
    pub name: String,
    pub address: String,
    pub status: i64,
    way: Way,
}

/// How somebody gets there.
enum Way {
    Address,
    /// By sending the doubt on that page with this text.
    Doubt(&'static str),
    /// By trying these digits on that page.
    Secret(String),
    /// Signed in to the demo's desk as this account.
    SignedIn(&'static str),
    /// The same, by sending the form with this end of its address as it is.
    SignedInSending(&'static str, &'static str),
    /// By sending the registration's form as it is.
    Registration,
}

impl Page {
    /// Opens it, with what was fetched for it and complained of.
    pub fn open(&self, browser: &Browser) {
        if let Way::SignedIn(username) | Way::SignedInSending(username, _) = self.way {
            sign_in(browser, &self.address, username);
        }
        if !matches!(self.way, Way::Address | Way::SignedIn(_)) {
            // Of pages before, what was left before it came.
            browser.forget();
        }
        browser.open(&self.address);
        if !matches!(self.way, Way::Address | Way::SignedIn(_)) {
            drop((browser.fetched(), browser.complaints()));
        }
        match &self.way {
            Way::Address | Way::SignedIn(_) => {}
            Way::Doubt(text) => {
                browser.write("textarea[name=text]", text);
                send(browser, "doubts");
            }
            Way::Secret(digits) => {
                browser.click("summary");
                browser.write("input[name=secret]", digits);
                send(browser, "confirm");
            }
            Way::Registration => send(browser, "register"),
            Way::SignedInSending(_, form) => send(browser, form),
        }
    }
}

/// Signs in to the desk of an address, unless the browser is signed in as that account already.
pub fn sign_in(browser: &Browser, address: &str, username: &str) {
    let origin = address.split('/').take(3).collect::<Vec<_>>().join("/");
    let is_signed_in = || {
        browser.run(&format!(
            "return location.origin === '{origin}' && document.cookie.split('; ').includes('signed_in={username}')"
        )) == true
    };
    if is_signed_in() {
        return;
    }
    browser.open(&format!("{origin}/desk/sign-in"));
    if !is_signed_in() {
        browser.write("#username", username);
        browser.write("#password", ocop::demo::PASSWORD);
        send(browser, "desk/sign-in");
        browser.run(&format!("document.cookie = 'signed_in={username}; path=/'"));
    }
    browser.forget();
}

/// Sends a form of a stamp's page and waits for what comes of it.
pub fn send(browser: &Browser, form: &str) {
    browser.run("document.documentElement.dataset.old = 'yes'");
    browser.click(&format!("form[action$='/{form}'] button"));
    browser.until("the answer to the form", |browser| {
        browser.run("return document.readyState === 'complete' && !document.documentElement.dataset.old") == true
    });
}

impl Site {
    pub fn new() -> Self {
        let demo = Province::demo(Engine::Sqlite);
        let receipt = receipt(&demo);
        let (idea, letter) = letter(&demo);
        let open_dossier = open_dossier(&demo, &idea);
        let open_sheet = open_sheet(&demo);
        Self { ground: Ground::new(Engine::Sqlite), demo, receipt, letter, open_dossier, open_sheet, broken: broken() }
    }

    pub fn pages(&self) -> Vec<Page> {
        let mut pages = Vec::new();
        let mut add = |name: String, address: String, status, way| pages.push(Page { name, address, status, way });
        let ground = &self.ground;
        for (shown, code) in &ground.stamps {
            add(format!("stamp-{shown}"), ground.url(&format!("/t/{code}")), 200, Way::Address);
        }
        let stamp = ground.url(&format!("/t/{}", ground.code("genuine")));
        add("doubt-thanks".into(), stamp.clone(), 201, Way::Doubt("Bao bì khác màu"));
        add("doubt-refused".into(), stamp.clone(), 422, Way::Doubt("   "));
        let wrong = if ground.secret == "00000000" { "00000001" } else { "00000000" };
        add("confirm-right".into(), stamp.clone(), 200, Way::Secret(ground.secret.clone()));
        add("confirm-wrong".into(), stamp, 422, Way::Secret(wrong.to_owned()));
        add("stamp-unknown".into(), ground.url("/t/ABCDEFGHJKMNPQRSTVWX"), 404, Way::Address);
        if let Some((walk, code)) = &self.broken {
            let address = format!("http://{}/t/{code}", walk.province.address);
            add("stamp-unavailable".into(), address, 503, Way::Address);
        }
        for code in &ground.legacy {
            add("stamp-legacy".into(), ground.url(&format!("/t/{code}")), 200, Way::Address);
        }
        for (standing, number) in &ground.certificates {
            add(format!("certificate-{standing}"), ground.url(&format!("/c/{number}")), 200, Way::Address);
        }
        add("certificate-unknown".into(), ground.url("/c/42-2019-9999"), 404, Way::Address);
        for (kind, code) in &ground.papers {
            add(format!("paper-{kind}"), ground.url(&format!("/p/{code}")), 200, Way::Address);
        }
        add("paper-unknown".into(), ground.url("/p/ABCDEFGHJKMNPQRSTVWX"), 404, Way::Address);
        for (name, path, status) in self.browsed() {
            add(name, format!("http://{}{path}", self.demo.address), status, Way::Address);
        }
        let register = format!("http://{}/register", self.demo.address);
        add("register".into(), register.clone(), 200, Way::Address);
        add("register-refused".into(), register.clone(), 422, Way::Registration);
        add("register-no-receipt".into(), format!("{register}?code=ABC"), 422, Way::Address);
        add("receipt".into(), format!("{register}/{}", self.receipt), 200, Way::Address);
        add("receipt-unknown".into(), format!("{register}/ABCD-EFGH-JKMN-PQRS-TVWX"), 404, Way::Address);
        add("desk-sign-in".into(), format!("http://{}/desk/sign-in", self.demo.address), 200, Way::Address);
        for (name, username, path, status) in self.desk() {
            add(format!("desk-{name}"), format!("http://{}{path}", self.demo.address), status, Way::SignedIn(username));
        }
        let import = format!("http://{}/desk/criteria-sets/new", self.demo.address);
        add("desk-criteria-set-refused".into(), import, 422, Way::SignedInSending("office", "criteria-sets"));
        pages
    }

    /// The desk of the demo: name, whose it is, path, status.
    fn desk(&self) -> Vec<(&'static str, &'static str, String, i64)> {
        let office = self.demo.sign_in_with("office", ocop::demo::PASSWORD);
        let first = |list: &str| {
            let found =
                self.demo.get(&office, &format!("{list}{}limit=1", if list.contains('?') { '&' } else { '?' })).ok();
            found["items"][0]["id"].as_str().unwrap_or_else(|| panic!("the demo has no {list}")).to_owned()
        };
        let fixed = |path: &str| path.to_owned();
        let producer = self.demo.sign_in_with("producer", ocop::demo::PASSWORD);
        let own = |list: &str| {
            let found = self.demo.get(&producer, list).ok();
            let id = found["items"][0]["id"].as_str().map(str::to_owned);
            id.unwrap_or_else(|| panic!("the demo's producer has no {list}"))
        };
        let (frozen, open) = (own("/dossiers?state=submitted"), &self.open_dossier);
        vec![
            ("home", "office", fixed("/desk"), 200),
            ("sheet", "member1", format!("/desk/agenda-items/{}/sheet", self.open_sheet), 200),
            ("search", "office", fixed("/desk/search?q=mat+ong"), 200),
            ("search-none", "producer", fixed("/desk/search?q=kh%C3%B4ng+c%C3%B3"), 200),
            ("room", "chair", format!("/desk/agenda-items/{}/live", self.open_sheet), 200),
            ("hall", "member1", format!("/desk/agenda-items/{}/hall", self.open_sheet), 200),
            ("ideas", "office", fixed("/desk/ideas"), 200),
            ("ideas-none", "office", fixed("/desk/ideas?q=kh%C3%B4ng+c%C3%B3"), 200),
            ("ideas-refused", "office", fixed("/desk/ideas?state=flying"), 422),
            ("idea", "office", format!("/desk/ideas/{}", first("/ideas")), 200),
            ("plan", "office", format!("/desk/plans/{}", first("/plans")), 200),
            ("cycle-new", "office", fixed("/desk/cycles/new"), 200),
            ("ideas-to-send", "district", fixed("/desk/ideas?chosen=all"), 200),
            ("agenda", "office", fixed("/desk/agenda-items"), 200),
            ("agenda-item", "office", format!("/desk/agenda-items/{}", first("/agenda-items")), 200),
            ("councils", "office", fixed("/desk/councils"), 200),
            ("council", "office", format!("/desk/councils/{}", first("/councils")), 200),
            ("council-new", "office", fixed("/desk/councils/new"), 200),
            ("agenda-new", "office", fixed("/desk/agenda-items/new"), 200),
            ("surveys", "office", fixed("/desk/surveys"), 200),
            ("group-reports", "office", fixed("/desk/group-reports"), 200),
            ("decisions", "office", fixed("/desk/decisions"), 200),
            ("decision", "office", format!("/desk/decisions/{}", first("/decisions")), 200),
            ("decision-new", "office", fixed("/desk/decisions/new"), 200),
            ("decision-draft", "office", fixed("/desk/decisions/new?kind=recognise"), 200),
            ("revocation-draft", "office", fixed("/desk/decisions/new?kind=revoke"), 200),
            ("certificates", "office", fixed("/desk/certificates"), 200),
            ("certificate", "office", format!("/desk/certificates/{}", first("/certificates")), 200),
            ("result", "office", format!("/desk/agenda-items/{}", first("/agenda-items?state=concluded")), 200),
            ("result-notices", "office", fixed("/desk/result-notices"), 200),
            ("result-notice-new", "office", fixed("/desk/result-notices/new"), 200),
            ("appeals", "office", fixed("/desk/appeals"), 200),
            ("lots", "office", fixed("/desk/lots"), 200),
            ("lot", "office", format!("/desk/lots/{}", first("/lots")), 200),
            ("lot-new", "producer", fixed("/desk/lots/new"), 200),
            ("own-lot", "producer", format!("/desk/lots/{}", own("/lots")), 200),
            ("holds", "office", fixed("/desk/holds"), 200),
            ("hold-new", "office", fixed("/desk/holds/new"), 200),
            ("inspections", "office", fixed("/desk/inspections"), 200),
            ("inspection", "office", format!("/desk/inspections/{}", first("/inspections?state=replied")), 200),
            ("inspection-overdue", "office", format!("/desk/inspections/{}", first("/inspections?overdue=true")), 200),
            ("inspection-planned", "office", format!("/desk/inspections/{}", first("/inspections?state=planned")), 200),
            ("inspection-new", "office", fixed("/desk/inspections/new"), 200),
            ("inspection-plans", "office", fixed("/desk/inspection-plans"), 200),
            ("inspection-plan", "office", format!("/desk/inspection-plans/{}", first("/inspection-plans")), 200),
            ("inspection-plan-new", "office", fixed("/desk/inspection-plans/new"), 200),
            ("support-policies", "office", fixed("/desk/support-policies"), 200),
            ("support-policy", "office", format!("/desk/support-policies/{}", first("/support-policies")), 200),
            ("support-policy-new", "office", fixed("/desk/support-policies/new"), 200),
            ("support-claims", "office", fixed("/desk/support-claims"), 200),
            ("support-claim", "office", format!("/desk/support-claims/{}", first("/support-claims?state=paid")), 200),
            (
                "support-claim-sent",
                "office",
                format!("/desk/support-claims/{}", first("/support-claims?state=sent")),
                200,
            ),
            ("support-claim-new", "producer", fixed("/desk/support-claims/new"), 200),
            ("rewards", "office", fixed("/desk/rewards"), 200),
            ("reward", "office", format!("/desk/rewards/{}", first("/rewards?state=paid")), 200),
            ("reward-new", "office", fixed("/desk/rewards/new"), 200),
            ("stamp-orders", "office", fixed("/desk/stamp-orders"), 200),
            ("stamp-order", "office", format!("/desk/stamp-orders/{}", first("/stamp-orders")), 200),
            ("own-stamp-order", "producer", format!("/desk/stamp-orders/{}", own("/stamp-orders")), 200),
            ("stamp-order-new", "producer", format!("/desk/stamp-orders/new?product_id={}", own("/products")), 200),
            ("suspects", "office", fixed("/desk/stamps/suspects"), 200),
            ("doubts", "office", fixed("/desk/doubts"), 200),
            ("personal-data-requests", "producer", fixed("/desk/personal-data-requests"), 200),
            ("personal-data-request-new", "admin", fixed("/desk/personal-data-requests/new"), 200),
            ("reassignments", "office", fixed("/desk/reassignments"), 200),
            ("account-reassignments", "admin", fixed("/desk/account-reassignments"), 200),
            ("letters", "office", fixed("/desk/dispatches"), 200),
            ("letter", "office", format!("/desk/dispatches/{}", self.letter), 200),
            ("criteria-sets", "office", fixed("/desk/criteria-sets"), 200),
            ("criteria-set", "producer", fixed("/desk/criteria-sets/mat-ong?edition=26-2026"), 200),
            ("criteria-set-unknown", "producer", fixed("/desk/criteria-sets/mat"), 404),
            ("criteria-sets-compared", "supervisor", fixed("/desk/criteria-sets/mat-ong/compare"), 200),
            ("criteria-set-new", "office", fixed("/desk/criteria-sets/new"), 200),
            ("nowhere", "office", fixed("/desk/nothing/here"), 404),
            ("producer", "office", format!("/desk/producers/{}", first("/producers")), 200),
            ("sessions", "office", fixed("/desk/sessions"), 200),
            ("password", "office", fixed("/desk/password"), 200),
            ("second-factor", "office", fixed("/desk/second-factor"), 200),
            ("new-password-over", "office", fixed("/desk/new-password/used"), 404),
            ("producer-home", "producer", fixed("/desk"), 200),
            ("idea-new", "producer", fixed("/desk/ideas/new"), 200),
            ("plan-new", "producer", fixed("/desk/plans/new"), 200),
            ("dossier", "producer", format!("/desk/dossiers/{frozen}"), 200),
            ("dossier-criteria-frozen", "producer", format!("/desk/dossiers/{frozen}/criteria"), 200),
            ("dossier-criterion-frozen", "producer", format!("/desk/dossiers/{frozen}/criteria/1.1"), 200),
            ("dossier-open", "producer", format!("/desk/dossiers/{open}"), 200),
            ("dossier-criteria", "producer", format!("/desk/dossiers/{open}/criteria"), 200),
            ("dossier-criterion", "producer", format!("/desk/dossiers/{open}/criteria/1.1"), 200),
            ("product", "producer", format!("/desk/products/{}", own("/products")), 200),
            ("accounts", "admin", fixed("/desk/accounts"), 200),
            ("figures", "office", fixed("/desk/figures"), 200),
            ("figures-by-money", "district", fixed("/desk/figures?by=finance&on=never"), 200),
            ("summaries", "admin", fixed("/desk/summaries"), 200),
            ("identity-readings", "admin", fixed("/desk/identity-readings"), 200),
            ("account-new", "admin", fixed("/desk/accounts/new"), 200),
        ]
    }

    /// The pages of the demo: name, path, status.
    fn browsed(&self) -> Vec<(String, String, i64)> {
        let fixed = [
            ("home", "/", 200),
            ("products", "/products", 200),
            ("products-last", "/products?page=2&state=certified", 200),
            ("products-found", "/products?q=mat+ong", 200),
            ("products-none", "/products?q=kh%C3%B4ng+c%C3%B3&stars=5", 200),
            ("products-refused", "/products?stars=nine", 422),
            ("product-unknown", "/products/42-1-1-1-1999", 404),
            ("shops", "/shops", 200),
            ("shops-none", "/shops?q=kh%C3%B4ng+c%C3%B3", 200),
            ("figures", "/figures", 200),
            ("figures-2019", "/figures?year=2019", 200),
            ("check", "/check", 200),
            ("check-refused", "/check?code=12345", 422),
            ("guides", "/guides", 200),
            ("guide-unknown", "/guides/nobody", 404),
            ("not-found", "/nothing/here", 404),
        ];
        let mut pages: Vec<(String, String, i64)> =
            fixed.map(|(name, path, status)| (name.to_owned(), path.to_owned(), status)).into();
        for state in ["certified", "participating", "revoked"] {
            let found = self.demo.public(&format!("/public/products?state={state}&limit=1")).ok();
            let code =
                found["items"][0]["code"].as_str().unwrap_or_else(|| panic!("the demo has none that is {state}"));
            pages.push((format!("product-{state}"), format!("/products/{code}"), 200));
        }
        for guide in guides() {
            pages.push((format!("guide-{guide}"), format!("/guides/{guide}"), 200));
        }
        pages
    }
}

/// The code of a receipt of somebody who just registered.
fn receipt(demo: &Province) -> String {
    let producer =
        crate::walk::producer_form("Tổ hợp tác Mật ong rừng tràm Sơn Kim Hương Sơn", "18196", "030099000123");
    let account = json!({"username": "to-hop-tac", "password": crate::province::PASSWORD, "name": "Trần Thị Ong"});
    let form = json!({"producer": producer, "account": account, "consent": {"version": 1}});
    let sent = demo.request(reqwest::Method::POST, "/registrations").json(&form).send().unwrap();
    Reply::of(sent).created()["code"].as_str().unwrap().to_owned()
}

/// The id of a letter under which two ideas were just forwarded, and one of them, which goes on.
fn letter(demo: &Province) -> (Value, String) {
    let [producer, commune] = ["producer", "commune"].map(|name| demo.sign_in_with(name, ocop::demo::PASSWORD));
    let cycles = demo.all(&producer, "/cycles");
    let cycle = cycles.iter().find(|cycle| cycle["state"] == "open").unwrap();
    let submitted = ["Mật ong hoa nhãn", "Mật ong hoa vải"].map(|name| {
        let idea = json!({"cycle_id": cycle["id"], "kind": "new", "product_name": name, "criteria_set": "mat-ong",
            "description": "Mật ong", "target_value": 500_000_000, "packaging": "Hũ thủy tinh"});
        let idea = demo.post(&producer, "/ideas", idea).created();
        demo.step(&producer, &format!("/ideas/{}", idea["id"].as_str().unwrap()), "submit", json!({})).ok()
    });
    let [idea, _] = &submitted;
    let items = submitted.each_ref().map(|idea| json!({"id": idea["id"], "version": idea["version"]}));
    let letter = json!({"verb": "forward", "letter_number": "12/CV-UBND",
        "letter_date": &idea["created_at"].as_str().unwrap()[..10], "items": items});
    let letter = demo.post(&commune, "/dispatches", letter).created();
    (idea.clone(), letter["id"].as_str().unwrap().to_owned())
}

/// The id of an item of which a member has a sheet, once its scoring is open.
fn open_sheet(demo: &Province) -> String {
    let [member, chair, office] =
        ["member1", "chair", "office"].map(|name| demo.sign_in_with(name, ocop::demo::PASSWORD));
    let sheets = demo.all(&member, "/me/sheets");
    let opened = sheets.iter().find(|sheet| {
        let item = format!("/agenda-items/{}", sheet["agenda_item_id"].as_str().unwrap());
        let admitted = demo.step(&office, &item, "admit", json!({})).status;
        let open = demo.step(&chair, &item, "open-scoring", json!({"acknowledge": ["short_notice"]}));
        assert!(open.status == 200 || open.status == 409, "{admitted}: {}", open.text);
        open.status == 200 || sheet["item_state"] == "scoring"
    });
    opened.expect("a sheet of the demo")["agenda_item_id"].as_str().unwrap().to_owned()
}

/// The id of the dossier that comes of an idea that was forwarded, once its plan is approved.
fn open_dossier(demo: &Province, idea: &Value) -> String {
    let [producer, district, office] =
        ["producer", "district", "office"].map(|name| demo.sign_in_with(name, ocop::demo::PASSWORD));
    let idea_path = format!("/ideas/{}", idea["id"].as_str().unwrap());
    demo.step(&district, &idea_path, "select", json!({})).ok();
    demo.step(&office, &idea_path, "accept", json!({})).ok();
    let plan = json!({"idea_id": idea["id"], "capacity": "3.000 hũ mỗi năm", "market": "Điểm bán hàng OCOP",
        "materials": "120 đàn ong", "technology": "Lọc và hạ thủy phần",
        "finance": [{"year": 2021, "own": 300_000_000, "loan": 0, "other": 0, "state_support": 0}]});
    let plan = demo.post(&producer, "/plans", plan).created();
    let plan_path = format!("/plans/{}", plan["id"].as_str().unwrap());
    demo.step(&producer, &plan_path, "submit", json!({})).ok();
    let approved = demo.step(&district, &plan_path, "approve", json!({})).ok();
    let found = demo.get(&producer, &format!("/dossiers?product_id={}", approved["product_id"].as_str().unwrap())).ok();
    found["items"][0]["id"].as_str().unwrap().to_owned()
}

/// The names of the guides, which are those of their files.
fn guides() -> Vec<String> {
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/vi")).unwrap();
    let names = files.filter_map(|file| Some(file.unwrap().file_name().to_str()?.strip_suffix(".md")?.to_owned()));
    let mut names: Vec<String> = names.filter(|name| name != "README").collect();
    names.sort();
    assert!(names.len() >= 7, "{names:?}");
    names
}

/// A province that lost its database while it ran.
pub fn broken() -> Option<(Walk, String)> {
    if !crate::engine::has_postgresql() {
        return None;
    }
    let walk = Walk::new(Engine::Postgresql);
    let product = walk.approved(&walk.here, "Mật ong").product;
    let code = walk.activated(&walk.here, &product, 2).remove(0);
    take_away(&walk.province.database_url);
    Some((walk, code))
}
