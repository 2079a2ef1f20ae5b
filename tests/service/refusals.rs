//! What is refused at each step of the path, and in which order: 401, 404, 403, 415, 400, 428, 412, 409, 422.

use reqwest::Method;
use serde_json::{Value, json};

use crate::engine::on_both;
use crate::province::{Person, Province, Reply, Upload};
use crate::walk::{A_PDF, Walk, cycle_form, id, shop_form};

/// A change of something that exists: a transition, a PATCH or a PUT.
struct Verb<'a> {
    method: Method,
    resource: String,
    /// Empty for PATCH and PUT.
    verb: &'static str,
    body: Value,
    /// Who may.
    by: &'a Person,
    /// Who may not know of it; none where everybody who signs in may.
    stranger: Option<&'a Person>,
    /// Who knows of it and may not do it.
    wrong: &'a Person,
}

const BROKEN: &str = r#"{"note": "#;
const MISFIT: &str = r#"{"no_such_member": 1}"#;

impl Verb<'_> {
    fn path(&self) -> String {
        if self.verb.is_empty() { self.resource.clone() } else { format!("{}/{}", self.resource, self.verb) }
    }

    fn send(&self, province: &Province, person: &Person, if_match: Option<&str>, body: &str) -> Reply {
        province.raw(&self.method, Some(person), &self.path(), if_match, body)
    }

    fn version(&self, province: &Province) -> i64 {
        province.get(self.by, &self.resource).ok()["version"].as_i64().unwrap()
    }

    /// Tries everything that is to be refused, each request wrong in all the later ways as well; then carries the verb
    /// out and tries it once more.
    #[track_caller]
    fn carried_out(self, province: &Province) -> Value {
        let path = self.path();
        let before = self.version(province);
        let present = format!("\"{before}\"");
        province.raw(&self.method, None, &path, None, BROKEN).refused(401, "unauthenticated");
        let forged = Person { id: String::new(), token: format!("{}x", self.by.token) };
        self.send(province, &forged, None, BROKEN).refused(401, "unauthenticated");
        if let Some(stranger) = self.stranger {
            self.send(province, stranger, None, BROKEN).refused(404, "not_found");
        }
        self.unknown(province).refused(404, "not_found");
        let forbidden = self.send(province, self.wrong, None, BROKEN);
        assert_eq!(forbidden.status, 403, "{path}: {}", forbidden.text);
        let plain = province.request(self.method.clone(), &path).bearer_auth(&self.by.token).body(BROKEN);
        Reply::of(plain.header("content-type", "text/plain").send().unwrap()).refused(415, "not_json");
        self.send(province, self.by, None, BROKEN).refused(400, "malformed_json");
        self.send(province, self.by, None, MISFIT).refused(428, "if_match_required");
        for stale in [format!("\"{}\"", before + 1), "\"-1\"".into(), "\"nonsense\"".into()] {
            self.send(province, self.by, Some(&stale), MISFIT).refused(412, "stale_version");
        }
        let misfit = self.send(province, self.by, Some(&present), MISFIT);
        assert_eq!(misfit.status, 422, "{path}: {}", misfit.text);
        assert_eq!(self.version(province), before, "{path}: a refusal changed something");

        let done = self.send(province, self.by, Some(&present), &self.body.to_string());
        assert_eq!(done.status, 200, "{path}: {}", done.text);
        let answer = done.json();
        assert_eq!(answer["version"], json!(before + 1), "{path}");
        let tag = format!("\"{}\"", before + 1);
        assert_eq!(done.headers["etag"].to_str().unwrap(), tag, "{path}");
        self.send(province, self.by, Some(&present), MISFIT).refused(412, "stale_version");
        // Stamps are activated and declared void in ranges, one after another.
        if !matches!(self.verb, "" | "activate" | "void") {
            let again = self.send(province, self.by, Some(&tag), MISFIT);
            assert_eq!(again.status, 409, "{path}: {}", again.text);
        }
        answer
    }

    /// The same of something that does not exist.
    fn unknown(&self, province: &Province) -> Reply {
        let mut parts: Vec<&str> = self.resource.split('/').collect();
        parts[2] = "0190a0a0-0000-7000-8000-000000000000";
        let path = if self.verb.is_empty() { parts.join("/") } else { format!("{}/{}", parts.join("/"), self.verb) };
        province.raw(&self.method, Some(self.by), &path, None, BROKEN)
    }
}

/// Something new.
struct Creation<'a> {
    path: String,
    body: Value,
    by: &'a Person,
    stranger: Option<&'a Person>,
    wrong: &'a Person,
}

impl Creation<'_> {
    #[track_caller]
    fn carried_out(self, province: &Province) -> Value {
        let send = |person: Option<&Person>, body: &str| {
            province.raw(&Method::POST, person, &self.path, None, body.to_owned())
        };
        send(None, BROKEN).refused(401, "unauthenticated");
        if let Some(stranger) = self.stranger {
            send(Some(stranger), BROKEN).refused(404, "not_found");
        }
        let forbidden = send(Some(self.wrong), BROKEN);
        assert_eq!(forbidden.status, 403, "{}: {}", self.path, forbidden.text);
        let plain = province.request(Method::POST, &self.path).bearer_auth(&self.by.token).body(BROKEN);
        Reply::of(plain.header("content-type", "text/plain").send().unwrap()).refused(415, "not_json");
        send(Some(self.by), BROKEN).refused(400, "malformed_json");
        let misfit = send(Some(self.by), MISFIT);
        assert_eq!(misfit.status, 422, "{}: {}", self.path, misfit.text);
        let problem = misfit.json();
        assert!(problem["errors"][0]["pointer"].is_string(), "{problem}");
        let mut extended = self.body.clone();
        extended["no_such_member"] = json!(1);
        let problem = send(Some(self.by), &extended.to_string()).refused(422, "invalid");
        assert_eq!(problem["errors"][0]["code"], "unknown_field", "{}: {problem}", self.path);
        send(Some(self.by), &self.body.to_string()).created()
    }
}

/// Uploads answer in the same order; what is sent is looked at only once the sender is known to be allowed to.
#[track_caller]
fn uploaded(walk: &Walk, path: &str, by: &Person, stranger: &Person, wrong: &Person, fields: &[(&str, &str)]) -> Value {
    let province = &walk.province;
    province.raw(&Method::POST, None, path, None, BROKEN).refused(401, "unauthenticated");
    province.raw(&Method::POST, Some(stranger), path, None, BROKEN).refused(404, "not_found");
    let forbidden = province.raw(&Method::POST, Some(wrong), path, None, BROKEN);
    assert_eq!(forbidden.status, 403, "{path}: {}", forbidden.text);
    province.raw(&Method::POST, Some(by), path, None, BROKEN).refused(415, "not_multipart");
    let disguised = Upload { bytes: b"MZ\x90\0 this is no paper", ..A_PDF };
    province.upload(by, path, fields, disguised).refused(422, "wrong_file_kind");
    province.upload(by, path, &[("no_such_field", "1")], A_PDF).refused(422, "invalid");
    assert!(province.all(by, path).is_empty(), "{path}: a refused upload is listed");
    province.upload(by, path, fields, A_PDF).created()
}

#[test]
fn everything_up_to_the_dossier_is_refused_in_order() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, here, there) = (&walk.province, &walk.here, &walk.there);
        let new = |path: &str, body: Value, by, wrong| {
            Creation { path: path.into(), body, by, stranger: None, wrong }.carried_out(province)
        };
        let verb = |resource: &str, verb: &'static str, body: Value, by, stranger, wrong| {
            let verb = Verb { method: Method::POST, resource: resource.into(), verb, body, by, stranger, wrong };
            verb.carried_out(province)
        };
        let patch = |resource: &str, body: Value, by, stranger, wrong| {
            let method = Method::PATCH;
            Verb { method, resource: resource.into(), verb: "", body, by, stranger, wrong }.carried_out(province)
        };

        let cycle = format!("/cycles/{}", id(&new("/cycles", cycle_form(2022), &walk.office, &here.officer)));
        patch(&cycle, json!({"idea_deadline": "2022-04-15"}), &walk.office, None, &here.officer);
        verb(&cycle, "open", json!({}), &walk.office, None, &here.producer);
        verb(&cycle, "close", json!({"note": "Hết năm"}), &walk.office, None, &walk.admin);

        let producer = format!("/producers/{}", here.producer_id);
        patch(&producer, json!({"phone": "0912 345 678"}), &here.producer, Some(&there.producer), &walk.inspector);
        let shop = new("/shops", shop_form("Điểm bán hàng Phố Châu", "18133"), &here.officer, &here.commune);
        patch(&format!("/shops/{}", id(&shop)), json!({"phone": "0239 111 2222"}), &here.officer, None, &there.officer);

        let idea = format!("/ideas/{}", id(&new("/ideas", walk.idea_form("Mật ong"), &here.producer, &here.officer)));
        patch(&idea, json!({"packaging": "Chai"}), &here.producer, Some(&there.producer), &here.officer);
        uploaded(&walk, &format!("{idea}/papers"), &here.commune, &there.commune, &here.officer, &[]);
        verb(&idea, "submit", json!({}), &here.producer, Some(&there.producer), &here.officer);
        verb(&idea, "return", json!({"note": "Thiếu mô tả"}), &here.commune, Some(&there.commune), &here.producer);
        verb(&idea, "submit", json!({}), &here.producer, Some(&there.producer), &walk.office);
        verb(&idea, "forward", json!({"note": "Đồng ý"}), &here.commune, Some(&there.commune), &here.producer);
        verb(&idea, "select", json!({}), &here.officer, Some(&there.officer), &here.commune);
        verb(&idea, "accept", json!({}), &walk.office, Some(&walk.idle), &here.officer);
        let rejected = format!("/ideas/{}", walk.submitted_idea(here, "Mật ong khác"));
        province.step(&here.commune, &rejected, "forward", json!({"note": "Không rõ"})).ok();
        verb(&rejected, "reject", json!({"note": "Trùng"}), &here.officer, Some(&there.officer), &here.commune);

        let idea = &idea["/ideas/".len()..];
        let plan = format!("/plans/{}", id(&new("/plans", walk.plan_form(idea), &here.producer, &here.officer)));
        patch(&plan, json!({"market": "Cả nước"}), &here.producer, Some(&there.producer), &here.officer);
        verb(&plan, "submit", json!({}), &here.producer, Some(&there.producer), &here.officer);
        verb(&plan, "return", json!({"note": "Giảm hỗ trợ"}), &here.officer, Some(&there.officer), &here.producer);
        verb(&plan, "submit", json!({}), &here.producer, Some(&there.commune), &walk.office);
        verb(&plan, "approve", json!({}), &here.officer, Some(&there.officer), &walk.office);
        let (_, other) = walk.submitted_plan(here, "Mật ong bị loại");
        let other = format!("/plans/{other}");
        verb(&other, "reject", json!({"note": "Không khả thi"}), &here.officer, Some(&there.officer), &here.producer);

        let candidate = walk.candidate(here, idea.to_owned(), plan["/plans/".len()..].to_owned());
        let product = format!("/products/{}", candidate.product);
        patch(&product, json!({"story": "Ong rừng"}), &here.producer, Some(&there.officer), &walk.inspector);
        let documents = format!("{product}/documents");
        let fields = [("kind", "organisation")];
        let document = uploaded(&walk, &documents, &here.producer, &there.producer, &walk.office, &fields);
        let dossier = format!("/dossiers/{}", candidate.dossier);
        let filled = json!({"documents": [id(&document)]});
        patch(&dossier, filled, &here.producer, Some(&there.producer), &walk.office);
        let visit = json!({"visited_on": "2021-02-20", "findings": "Sạch"});
        let (by, stranger, wrong) = (&here.officer, Some(&there.officer), &here.commune);
        Creation { path: format!("{dossier}/visits"), body: visit, by, stranger, wrong }.carried_out(province);
        verb(&dossier, "submit", json!({}), &here.producer, Some(&there.producer), &here.officer);
        verb(&dossier, "return", json!({"note": "Bổ sung"}), &here.officer, Some(&there.officer), &here.producer);
    });
}

#[test]
fn everything_from_the_council_on_is_refused_in_order() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, here, there) = (&walk.province, &walk.here, &walk.there);
        let new = |path: &str, body: Value, by, wrong| {
            Creation { path: path.into(), body, by, stranger: None, wrong }.carried_out(province)
        };
        let verb = |resource: &str, verb: &'static str, body: Value, by, stranger, wrong| {
            let verb = Verb { method: Method::POST, resource: resource.into(), verb, body, by, stranger, wrong };
            verb.carried_out(province)
        };
        let candidate = walk.handed_in(here, "Mật ong");

        let (form, scorers, secretary) = walk.council_form("439", 1, 3);
        let council_id = id(&new("/councils", form, &here.officer, &there.producer));
        let council = format!("/councils/{council_id}");
        verb(&council, "open", json!({}), &here.officer, Some(&there.officer), &walk.office);
        let agenda = json!({"council_id": council_id, "dossier_ids": [candidate.dossier]});
        let item_id = id(&new("/agenda-items", agenda, &here.officer, &scorers[0])["items"][0]);
        let item = format!("/agenda-items/{item_id}");
        let (chair, stranger) = (&scorers[0], Some(&there.officer));
        verb(&item, "open-scoring", json!({}), chair, stranger, &scorers[1]);
        let sheet = format!("{item}/sheet");
        for (member, total) in scorers.iter().zip([60, 61, 62]) {
            let (method, body) = (Method::PUT, json!({"marks": walk.marks(total)}));
            let resource = sheet.clone();
            Verb { method, resource, verb: "", body, by: member, stranger, wrong: &secretary }.carried_out(province);
            verb(&sheet, "submit", json!({}), member, stranger, &here.officer);
        }
        verb(&sheet, "withdraw", json!({}), &scorers[2], stranger, &secretary);
        province.step(&scorers[2], &sheet, "submit", json!({})).ok();
        verb(&item, "close-scoring", json!({}), chair, stranger, &secretary);
        let vote = json!({"reason": "Biểu quyết", "votes_for": 3, "votes_against": 0});
        verb(&item, "rescore", vote, chair, stranger, &scorers[1]);
        for member in &scorers {
            walk.submit_sheet(member, &item_id, 65);
        }
        province.step(chair, &item, "close-scoring", json!({})).ok();
        verb(&item, "conclude", json!({}), chair, stranger, &here.officer);
        verb(&item, "send_up", json!({}), &here.officer, stranger, &walk.office);
        verb(&council, "close", json!({}), &here.officer, stranger, chair);

        let upper = walk.council("42", 1, 4);
        let item_id = walk.agenda_item(&upper, &candidate.dossier);
        let item = format!("/agenda-items/{item_id}");
        verb(&item, "admit", json!({}), &walk.office, stranger, &here.officer);
        let reason = json!({"reason": "Người nhà"});
        verb(&item, "recuse", reason, &upper.scorers[3], stranger, &walk.office);
        walk.concluded(&upper, &item_id, &[71, 72, 73]);

        let decision = json!({"kind": "recognise", "unit_code": "42", "agenda_item_ids": [item_id]});
        let decision = format!("/decisions/{}", id(&new("/decisions", decision, &walk.office, &walk.signatory)));
        let signature = json!({"number": "0456/QĐ-UBND", "signed_on": "2021-02-22"});
        verb(&decision, "promulgate", signature, &walk.signatory, Some(&here.officer), &walk.office);

        let product = &candidate.product;
        let ordered = json!({"product_id": product, "quantity": 10});
        let order = id(&new("/stamp-orders", ordered.clone(), &here.producer, &walk.office));
        let order = format!("/stamp-orders/{order}");
        for early in ["activate", "void"] {
            let path = format!("{order}/{early}");
            province.raw(&Method::POST, Some(&here.producer), &path, Some("\"1\""), MISFIT).refused(409, "wrong_state");
        }
        verb(&order, "issue", json!({}), &walk.office, Some(&there.officer), &here.producer);
        let refused = id(&province.post(&here.producer, "/stamp-orders", ordered).created());
        let refused = format!("/stamp-orders/{refused}");
        verb(&refused, "refuse", json!({"note": "Thiếu hồ sơ"}), &walk.office, Some(&there.producer), &here.officer);
        let lot = id(&new("/lots", walk.lot_form(product, "L-1"), &here.producer, &here.commune));
        let event = json!({"kind": "pack", "at": "2021-02-21T00:00:00Z", "place": "Sơn Kim 1"});
        let (by, wrong) = (&here.producer, &walk.office);
        let path = format!("/lots/{lot}/events");
        Creation { path, body: event, by, stranger: Some(&there.producer), wrong }.carried_out(province);
        let range = json!({"from": 1, "to": 5, "lot_id": lot});
        verb(&order, "activate", range, &here.producer, Some(&there.producer), &walk.office);
        let spoilt = json!({"from": 6, "to": 7, "reason": "Rách"});
        verb(&order, "void", spoilt, &here.producer, Some(&there.producer), &walk.inspector);
        let hold = json!({"product_id": product, "reason": "Chờ kiểm nghiệm"});
        let hold = format!("/holds/{}", id(&new("/holds", hold, &walk.inspector, &here.officer)));
        verb(&hold, "lift", json!({}), &walk.inspector, Some(&there.officer), &here.officer);
        let lot = format!("/lots/{lot}");
        verb(&lot, "recall", json!({"note": "Không đạt"}), &here.producer, Some(&there.producer), &here.officer);
        let (revoked, certificates) = (&walk.office, province.all(&walk.office, "/certificates"));
        let form = json!({"kind": "revoke", "unit_code": "42", "certificate_ids": [id(&certificates[0])], "reason": "Vi phạm"});
        new("/decisions", form, revoked, &walk.signatory);

        let account = format!("/accounts/{}", walk.idle.id);
        let account_form =
            json!({"username": "moi", "password": "ruong-bac-thang-chin", "name": "Mới", "role": "council_member"});
        new("/accounts", account_form, &walk.admin, &walk.office);
        let path = format!("{account}/reset-password");
        province.raw(&Method::POST, Some(&walk.office), &path, None, BROKEN).refused(404, "not_found");
        province.raw(&Method::POST, Some(&walk.idle), &path, None, BROKEN).refused(403, "forbidden");
        province.raw(&Method::POST, Some(&walk.admin), &path, None, MISFIT).refused(428, "if_match_required");
        province.step(&walk.admin, &account, "reset-password", json!({})).ok();
        let letter = json!({"verb": "select", "letter_number": "12/CV", "letter_date": "2021-02-22",
            "items": [{"id": walk.submitted_idea(here, "Khác"), "version": 2}]});
        let problem = province.post(&here.officer, "/dispatches", letter).refused(409, "wrong_state");
        assert_eq!(problem["errors"][0]["pointer"], "/items/0");
    });
}
