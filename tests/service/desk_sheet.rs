//! A member's own sheet as a page: marked, saved and handed in without a script, and what the page's script is answered.

use reqwest::Method;
use serde_json::{Value, json};

use crate::desk_browser::{Browser, Filled, filled_in, form, offered};
use crate::engine::{Engine, on_both};
use crate::html::between;
use crate::province::{Person, Reply, Templates};
use crate::walk::{Cast, Council, Walk};

struct Scoring {
    walk: Walk,
    council: Council,
    item: String,
    dossier: String,
}

impl Scoring {
    /// A product that a council of three is scoring.
    fn new(engine: Engine) -> Self {
        static SCORINGS: Templates<(Cast, (Council, String, String))> = Templates::new();
        let (walk, (council, item, dossier)) = Walk::filled(engine, &SCORINGS, |walk| {
            let council = walk.council("439", 1, 3);
            let candidate = walk.handed_in(&walk.here, "Mật ong");
            let item = walk.agenda_item(&council, &candidate.dossier);
            walk.province.step(council.chair(), &format!("/agenda-items/{item}"), "open-scoring", json!({})).ok();
            (council, item, candidate.dossier)
        });
        Self { walk, council, item, dossier }
    }

    fn page(&self) -> String {
        format!("/desk/agenda-items/{}/sheet", self.item)
    }

    fn member(&self) -> &Person {
        &self.council.scorers[2]
    }

    fn browser(&self) -> Browser<'_> {
        Browser::of(&self.walk.province, self.member())
    }

    fn own(&self, person: &Person) -> Value {
        self.walk.province.get(person, &format!("/agenda-items/{}/sheet", self.item)).ok()
    }

    fn close(&self) {
        let item = format!("/agenda-items/{}", self.item);
        self.walk.province.step(self.council.chair(), &item, "close-scoring", json!({})).ok();
    }

    /// The form with the options of a sheet with this total.
    fn marked(&self, form: Filled, total: u64) -> Filled {
        let marks = self.walk.marks(total);
        let marks = marks.as_array().unwrap().iter();
        marks.fold(form, |form, mark| {
            let place = place_of(&form, mark["criterion"].as_str().unwrap());
            form.with(&format!("marks.{place}.option"), &mark["option"].to_string())
        })
    }
}

/// Where a criterion stands in a form.
fn place_of(form: &Filled, code: &str) -> String {
    let is_this = |(name, value): &&(String, String)| name.ends_with(".criterion") && value == code;
    let (name, _) = form.fields.iter().find(is_this).unwrap_or_else(|| panic!("{code} is not in {form:?}"));
    name.split('.').nth(1).unwrap().to_owned()
}

/// As the page's script sends a form.
fn by_script(browser: &Browser, form: &Filled) -> Reply {
    let request = browser.request(Method::POST, &form.action).header("sec-fetch-site", "same-origin");
    let mut request = filled_in(request, form).build().unwrap();
    request.headers_mut().insert("accept", "application/json".parse().unwrap());
    Reply::of(reqwest::blocking::Client::new().execute(request).unwrap())
}

#[test]
fn a_sheet_is_marked_saved_and_handed_in_without_a_script() {
    on_both(|engine| {
        let scoring = Scoring::new(engine);
        let (member, browser, path) = (scoring.member(), scoring.browser(), scoring.page());
        assert!(browser.page("/desk").contains(&format!("href=\"{path}\"")), "what waits leads to the sheet");
        let of_item = browser.page(&format!("/desk/agenda-items/{}", scoring.item));
        assert!(of_item.contains(&format!("href=\"{path}\"")));

        let page = browser.page(&path);
        assert_eq!(offered(&page), ["recuse", "submit", "write"]);
        assert!(page.contains("Phiếu chấm điểm: Mật ong") && page.contains("target=\"paper\""), "{page}");
        let empty = form(&page, "write");
        let first = place_of(&empty, "1.1");

        // A remark goes with an option; what was typed stays.
        let refused = browser.send(&empty.clone().with(&format!("marks.{first}.remark"), "Ong nội"));
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert!(refused.text.contains(&format!("href=\"#criterion-{first}\"")), "{}", refused.text);
        assert!(refused.text.contains("Xin chọn một mức cho tiêu chí này") && refused.text.contains("Ong nội"));

        let filled = form(&refused.text, "write");
        let mut filled = scoring.marked(filled, 60);
        filled.fields.push((format!("marks.{first}.evidence"), "1".into()));
        let saved = browser.done(&filled.clone().with("then", "A"));
        assert_eq!(saved, format!("{path}?done=write#part-A"));
        browser.done(&filled);
        let own = scoring.own(member);
        assert_eq!((&own["version"], &own["total"], &own["complete"]), (&json!(1), &json!(60), &json!(true)), "{own}");
        let mark = own["marks"].as_array().unwrap().iter().find(|mark| mark["criterion"] == "1.1").unwrap();
        assert_eq!(mark["remark"], "Ong nội");
        let document = mark["evidence"].as_str().unwrap();

        // The paper opens beside, for its readers only.
        let page = browser.page(&path);
        assert!(page.contains("<td data-total>60</td>") && page.contains("Đã chấm đủ các tiêu chí."), "{page}");
        let view = format!("/desk/documents/{document}/view");
        assert!(page.matches(&format!("href=\"{view}\" target=\"paper\"")).count() == 2, "listed, and beside its mark");
        let paper = browser.get(&view);
        assert!(paper.headers["content-disposition"].to_str().unwrap().starts_with("inline"));
        let policy = paper.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("base-uri 'none'; ") && policy.ends_with("frame-ancestors 'self'"), "{policy}");
        assert_eq!(Browser::signed_in(&scoring.walk.province, "producer-440").get(&view).status, 404);

        // On another device the sheet was changed meanwhile: side by side, and nothing typed is lost.
        scoring.walk.write_sheet(member, &scoring.item, &scoring.walk.marks(64));
        let stale = form(&page, "write").with(&format!("marks.{first}.remark"), "Ong ngoại");
        let reply = browser.send(&stale);
        assert_eq!(reply.status, 412, "{}", reply.text);
        assert!(reply.text.contains("id=\"differs\"") && reply.text.contains("Ong ngoại"), "{}", reply.text);
        assert_eq!(scoring.own(member)["total"], 64);
        let again = form(&reply.text, "write");
        assert_eq!(again.value("version"), "2");

        // Handing in saves what stands on the page first.
        let incomplete =
            again.clone().with(&format!("marks.{first}.option"), "").with(&format!("marks.{first}.remark"), "");
        let incomplete =
            Filled { action: format!("{path}/submit"), ..incomplete.without(&format!("marks.{first}.evidence")) };
        let reply = browser.send(&incomplete);
        assert!(reply.status == 422 && reply.text.contains("Chưa chấm tiêu chí 1.1."), "{}", reply.text);
        assert!(reply.text.contains(&format!("href=\"#criterion-{first}\"")));
        assert_eq!((&scoring.own(member)["state"], &scoring.own(member)["version"]), (&json!("draft"), &json!(3)));
        let whole = again.with("version", form(&reply.text, "write").value("version"));
        let whole = Filled { action: format!("{path}/submit"), ..whole.with("key", "another key") };
        assert_eq!(browser.done(&whole), format!("{path}?done=submit"));
        assert_eq!(browser.done(&whole), format!("{path}?done=submit"), "sent twice, done once");
        let own = scoring.own(member);
        assert_eq!((&own["state"], &own["total"], &own["version"]), (&json!("submitted"), &json!(60), &json!(5)));
        let page = browser.page(&path);
        let receipt = between(&page, "<dd class=\"code\">", "</dd>");
        assert_eq!(receipt, [own["commitment"].as_str().unwrap()]);
        assert_eq!(offered(&page), ["recuse", "withdraw"]);
        assert!(page.contains("Muốn sửa, xin rút phiếu trước."));

        // Taken back, handed in alone, and too late for anything else.
        browser.take(&path, "withdraw", &[]);
        browser.take(&path, "submit", &[]);
        browser.take(&path, "withdraw", &[]);
        let late = form(&browser.page(&path), "write").with(&format!("marks.{first}.remark"), "Đến muộn");
        scoring.close();
        let reply = browser.send(&late);
        assert_eq!(reply.status, 409, "{}", reply.text);
        assert!(reply.text.contains("Việc chấm điểm sản phẩm này đã kết thúc") && reply.text.contains("Đến muộn"));
        assert!(!browser.page(&path).contains("Đến muộn"));
    });
}

#[test]
fn only_who_scores_has_a_sheet_and_the_seat_is_taken_back_from_it() {
    on_both(|engine| {
        let scoring = Scoring::new(engine);
        let (province, path) = (&scoring.walk.province, scoring.page());
        let nobody = Browser::new(province).get(&path);
        assert_eq!(nobody.status, 303);
        assert!(nobody.headers["location"].to_str().unwrap().starts_with("/desk/sign-in?next="));
        let sheet = format!("/agenda-items/{}/sheet", scoring.item);
        let walk = &scoring.walk;
        for person in [
            &scoring.council.secretary,
            &walk.here.officer,
            &walk.there.officer,
            &walk.here.producer,
            &walk.idle,
            &walk.admin,
        ] {
            let stranger = Browser::of(province, person);
            let expected = province.get(person, &sheet).status;
            assert!([403, 404].contains(&expected.as_u16()));
            assert_eq!(stranger.get(&path).status, expected);
            let csrf = form(&stranger.page("/desk/sessions"), "sign-out").value("csrf").to_owned();
            let fields = vec![("csrf".to_owned(), csrf), ("version".to_owned(), "0".to_owned())];
            for action in [path.clone(), format!("{path}/submit"), format!("{path}/withdraw")] {
                assert_eq!(stranger.send(&Filled { action, fields: fields.clone() }).status, expected);
            }
        }
        let browser = scoring.browser();
        let unknown = form(&browser.page(&path), "write");
        assert_eq!(browser.send(&Filled { action: format!("{path}/conclude"), ..unknown.clone() }).status, 404);
        assert_eq!(browser.send(&unknown.with("csrf", "00")).status, 403);

        let recuse = form(&browser.page(&path), "recuse").with("reason", "Bà con");
        assert_eq!(browser.done(&recuse), format!("/desk/agenda-items/{}?done=recuse", scoring.item));
        let page = browser.get(&path);
        assert!(page.status == 403 && page.text.contains("Bạn không tham gia chấm"), "{}", page.text);
        let dossier = browser.page(&format!("/desk/dossiers/{}", scoring.dossier));
        assert!(!dossier.is_empty());
    });
}

#[test]
fn the_script_is_answered_as_a_program_is_and_each_account_waits_under_its_own_keys() {
    on_both(|engine| {
        let scoring = Scoring::new(engine);
        let (browser, path) = (scoring.browser(), scoring.page());
        let page = browser.page(&path);
        let one = form(&page, "write").with("marks.0.option", "1").with("key", "k1");
        let answer = by_script(&browser, &one).ok();
        assert_eq!((&answer["version"], answer["marks"].as_array().unwrap().len()), (&json!(1), 1));
        assert!(answer["parts"].is_array() && answer["missing"].as_array().unwrap().len() > 20);
        assert_eq!(by_script(&browser, &one).ok(), answer, "sent twice, done once and answered the same");
        by_script(&browser, &one.clone().with("key", "k2")).refused(412, "stale_version");
        let two = one.with("version", "1").with("key", "k3");
        by_script(&browser, &two.clone().with("marks.0.option", "99")).fault("/marks/0/option", "unknown_option");
        by_script(&browser, &two.clone().with("csrf", "00")).refused(403, "forged_form");
        scoring.close();
        let refused = by_script(&browser, &two);
        assert!(refused.text.contains("đã kết thúc"), "{}", refused.text);
        refused.refused(409, "wrong_state");

        let others = Browser::of(&scoring.walk.province, &scoring.council.scorers[1]).page(&path);
        for mark in ["data-place=\"", "data-keys=\"", "name=\"csrf\" value=\""] {
            assert_ne!(between(&page, mark, "\"")[0], between(&others, mark, "\"")[0], "{mark}");
        }
        let again = browser.page(&path);
        for mark in ["data-place=\"", "data-keys=\""] {
            assert_eq!(between(&page, mark, "\"")[0], between(&again, mark, "\"")[0], "{mark}");
        }
        let policy = browser.get(&path).headers["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.contains("script-src 'self'; connect-src 'self'; frame-src 'self'"), "{policy}");
    });
}

/// So many papers that a box for each beside each criterion would make the page heavy.
const MANY: usize = 30;

#[test]
fn a_sheet_over_many_papers_takes_as_many_statements_as_over_one_and_stays_small() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let council = walk.council("439", 1, 3);
        let stylesheet = include_str!("../../templates/site.css").len();
        let taken = [1, 9, MANY].map(|count| {
            let candidate = walk.approved(&walk.here, &format!("Mật ong {count}"));
            let papers: Vec<String> = (0..count).map(|_| walk.document(&walk.here, &candidate.product)).collect();
            let dossier = format!("/dossiers/{}", candidate.dossier);
            province.patch(&walk.here.producer, &dossier, json!({"documents": papers})).ok();
            province.step(&walk.here.producer, &dossier, "submit", json!({})).ok();
            let item = walk.agenda_item(&council, &candidate.dossier);
            province.step(council.chair(), &format!("/agenda-items/{item}"), "open-scoring", json!({})).ok();
            let browser = Browser::of(province, &council.scorers[1]);
            let path = format!("/desk/agenda-items/{item}/sheet");
            let page = browser.page(&path);
            assert!(page.len() + stylesheet < 100 * 1024, "{} bytes with {count} papers", page.len());
            if count == MANY {
                let filled = form(&page, "write").with("marks.0.option", "1").with("marks.0.evidence", "2, 30");
                browser.done(&filled);
                let sheet = province.get(&council.scorers[1], &format!("/agenda-items/{item}/sheet")).ok();
                let mut in_order = papers.clone();
                in_order.sort();
                assert_eq!(sheet["marks"][0]["evidence"], json!(in_order[1]));
                assert_eq!(sheet["marks"][0]["further_evidence"], json!([in_order[29]]));
                assert_eq!(form(&browser.page(&path), "write").value("marks.0.evidence"), "2, 30");
            }
            crate::desk_costs::statements(province, || drop(browser.page(&path)))
        });
        assert_eq!((taken[0], taken[0]), (taken[1], taken[2]));
    });
}
