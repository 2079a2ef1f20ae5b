//! The desk at work: from an idea to an approved plan through pages alone, and what pages offer.

use reqwest::Method;
use serde_json::json;

use crate::desk_browser::{Browser, Filled, form, offered};
use crate::engine::on_both;
use crate::province::{PASSWORD, Person};
use crate::walk::{A_PDF, A_PNG, Walk};

/// The form of a new idea, filled in as a producer would.
pub fn idea(browser: &Browser, name: &str) -> Filled {
    form(&browser.page("/desk/ideas/new"), "create")
        .with("product_name", name)
        .with("kind", "new")
        .with("criteria_set", "mat-ong")
        .with("description", "Mật ong rừng\r\nquay ly tâm")
        .with("target_value", "600.000.000")
        .with("packaging", "Hũ thủy tinh")
}

fn without_query(location: &str) -> String {
    location.split('?').next().unwrap().to_owned()
}

#[test]
fn an_idea_goes_from_the_sign_in_to_the_province_and_its_plan_is_returned_once_and_approved() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let producer = Browser::signed_in(&walk.province, "producer-439");
        let new = idea(&producer, "Mật ong Sơn Kim");
        assert_eq!(new.value("cycle_id"), walk.cycle, "the one open cycle is chosen");
        let idea = without_query(&producer.done(&new));
        let page = producer.page(&idea);
        assert!(page.contains("600.000.000 ₫") && page.contains("Bản nháp"), "{page}");
        let page = producer.take(&idea, "submit", &[]);
        assert!(page.contains("Nộp ý tưởng: đã xong.") && page.contains("Đã nộp"));

        let commune = Browser::signed_in(&walk.province, "commune-439");
        assert!(commune.page("/desk").contains(&idea), "it waits for the commune");
        assert!(commune.page("/desk/ideas?state=submitted&q=mat").contains("Mật ong Sơn Kim"));
        commune.take(&idea, "forward", &[("note", "Xã đồng ý")]);
        assert!(!commune.page("/desk").contains(&idea));
        Browser::signed_in(&walk.province, "district-439").take(&idea, "select", &[]);
        let office = Browser::signed_in(&walk.province, "office");
        let page = office.take(&idea, "accept", &[]);
        assert!(page.contains("Được chấp nhận") && page.contains("Xã đồng ý"));

        let id = idea.strip_prefix("/desk/ideas/").unwrap();
        assert!(producer.page(&idea).contains(&format!("/desk/plans/new?idea_id={id}")));
        let blank = form(&producer.page(&format!("/desk/plans/new?idea_id={id}")), "create");
        assert_eq!((blank.value("idea_id"), blank.value("finance.0.year")), (id, "2021"));
        let filled = blank
            .with("finance.0.own", "100000000")
            .with("finance.1.year", "2022")
            .with("finance.1.state_support", "20 000 000")
            .with("capacity", "2000 lít");
        // Another line is asked for: nothing is ordered, and what was typed is added up.
        assert!(filled.fields.iter().all(|(name, _)| !name.starts_with("finance.4.")), "{filled:?}");
        let reply = producer.send(&filled.with("more", "finance"));
        assert_eq!(reply.status, 200);
        let sums: Vec<&str> = crate::html::between(&reply.text, "<span class=\"sum\">", "</span>");
        let expected =
            ["100.000.000", "20.000.000", "0", "0", "0", "100.000.000", "0", "0", "20.000.000", "120.000.000"];
        assert_eq!(sums, expected);
        let filled = form(&reply.text, "create");
        assert_eq!((filled.value("finance.4.year"), filled.value("finance.0.own")), ("2025", "100.000.000"));
        assert_eq!((filled.value("capacity"), filled.value("idea_id")), ("2000 lít", id));
        let wrong = producer.send(&filled.clone().with("finance.1.loan", "1,5"));
        assert!(wrong.status == 422 && wrong.text.contains("id=\"create-finance-1-loan-fault\""), "{}", wrong.text);
        assert_eq!(form(&wrong.text, "create").value("finance.1.loan"), "1,5");
        let filled = filled.with("market", "Trong tỉnh").with("materials", "Ong nội").with("technology", "Quay");
        let plan = without_query(&producer.done(&filled));
        let page = producer.take(&plan, "submit", &[]);
        assert!(page.contains("120.000.000"), "the sums are shown: {page}");
        let district = Browser::signed_in(&walk.province, "district-439");
        district.take(&plan, "return", &[("note", "Giảm phần hỗ trợ")]);
        let page = producer.page(&plan);
        assert!(page.contains("Giảm phần hỗ trợ"));
        let change = form(&page, "change");
        assert_eq!((change.value("finance.1.state_support"), change.value("finance.2.year")), ("20.000.000", "2023"));
        // A form that is asked for again is still that of the version that was seen.
        let seen = change.value("version").to_owned();
        let again = producer.send(&change.with("more", "sums"));
        let change = form(&again.text, "change");
        assert_eq!((again.status.as_u16(), change.value("version")), (200, seen.as_str()));
        producer.done(&change.with("finance.1.state_support", "10.000.000"));
        producer.take(&plan, "submit", &[]);
        let page = district.take(&plan, "approve", &[]);
        assert!(page.contains("Đã duyệt") && page.contains("/desk/dossiers/"));
    });
}

#[test]
fn pages_of_the_desk_alone_run_the_one_script() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let producer = Browser::signed_in(&walk.province, "producer-439");
        let policy =
            |reply: &crate::province::Reply| reply.headers["content-security-policy"].to_str().unwrap().to_owned();
        for path in ["/desk", "/desk/ideas", "/desk/ideas/new", "/desk/sessions", "/desk/nothing/here"] {
            let reply = producer.get(path);
            assert!(policy(&reply).starts_with("default-src 'none'; script-src 'self';"), "{path}: {}", policy(&reply));
            assert_eq!(reply.text.matches("<script").count(), 1, "{path}");
            let address = crate::html::between(&reply.text, "<script src=\"", "\"")[0];
            let script = producer.get(address);
            assert!(address.starts_with("/assets/desk-") && script.status == 200 && script.text.len() < 8 * 1024);
            assert_eq!(script.headers["content-type"], "text/javascript; charset=utf-8");
        }
        for path in ["/", "/products", "/register", "/desk/sign-in"] {
            let reply = Browser::new(&walk.province).get(path);
            assert!(!policy(&reply).contains("script-src") && !reply.text.contains("<script src"), "{path}");
        }
    });
}

#[test]
fn what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let producer = Browser::signed_in(&walk.province, "producer-439");
        let typed = idea(&producer, "Mật ong").with("target_value", "nhiều lắm").with("kind", "");
        let reply = producer.send(&typed);
        assert_eq!(reply.status, 422);
        for part in [
            "href=\"#create-target_value\"",
            "id=\"create-target_value-fault\"",
            "value=\"nhiều lắm\"",
            "Xin ghi số tiền bằng đồng",
            "href=\"#create-kind\"",
            "quay ly tâm</textarea>",
        ] {
            assert!(reply.text.contains(part), "{part}: {}", reply.text);
        }
        let reply = producer.send(
            &form(&reply.text, "create").with("target_value", "1.000").with("kind", "new").with("product_name", " "),
        );
        assert!(reply.status == 422 && reply.text.contains("href=\"#create-product_name\""), "{}", reply.text);
        let mended = form(&reply.text, "create").with("product_name", "Mật");
        assert_eq!(producer.done(&mended).split('/').nth(2), Some("ideas"));
    });
}

#[test]
fn what_a_page_does_not_ask_is_kept_where_a_form_is_read_whole() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let conditions =
            json!([{"kind": "number", "stars": 4, "name": "yearly_output", "at_least": 5, "unit": "tấn \"tươi\""}]);
        let mut cycle = crate::walk::cycle_form(2022);
        cycle["conditions"] = conditions.clone();
        let made = walk.province.post(&walk.office, "/cycles", cycle).created();
        let path = format!("/cycles/{}", made["id"].as_str().unwrap());
        let office = Browser::signed_in(&walk.province, "office");
        office.take(&format!("/desk{path}"), "change", &[("targets.shops", "7")]);
        let changed = walk.province.get(&walk.office, &path).ok();
        assert_eq!((&changed["targets"]["shops"], &changed["conditions"]), (&json!(7), &conditions));
        assert_eq!(changed["rounds"], made["rounds"]);
    });
}

#[test]
fn what_is_sent_twice_is_done_once() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let producer = Browser::signed_in(&walk.province, "producer-439");
        let new = idea(&producer, "Mật ong");
        let made = producer.done(&new);
        assert_eq!(producer.done(&new), made);
        assert_eq!(walk.province.all(&walk.here.producer, "/ideas").len(), 1);
        let thing = without_query(&made);
        let submit = form(&producer.page(&thing), "submit");
        let done = producer.done(&submit);
        assert_eq!(producer.done(&submit), done);
        let history =
            walk.province.all(&walk.here.producer, &format!("{}/history", thing.strip_prefix("/desk").unwrap()));
        assert_eq!(history.len(), 2, "{history:?}");
    });
}

#[test]
fn who_comes_second_is_told_what_changed_and_loses_nothing() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let producer = Browser::signed_in(&walk.province, "producer-439");
        let thing = without_query(&producer.done(&idea(&producer, "Mật ong")));
        let mine = form(&producer.page(&thing), "change").with("packaging", "Hộp tre");
        let commune = Browser::signed_in(&walk.province, "commune-439");
        commune.done(&form(&commune.page(&thing), "change").with("packaging", "Túi giấy"));
        let reply = producer.send(&mine);
        assert_eq!(reply.status, 412);
        for part in ["Ông commune-439", "Hộp tre</textarea>", "Hiện nay đang là: <bdi>Túi giấy</bdi>"] {
            assert!(reply.text.contains(part), "{part}: {}", reply.text);
        }
        producer.done(&form(&reply.text, "change"));
        assert!(producer.page(&thing).contains("Hộp tre"));

        // What cannot be done any more still shows what was typed for it.
        let late = form(&producer.page(&thing), "change").with("packaging", "Giỏ mây");
        producer.take(&thing, "submit", &[]);
        let version = form(&commune.page(&thing), "forward").value("version").to_owned();
        let reply = producer.send(&late.with("version", &version));
        assert!(reply.status == 409 && reply.text.contains("Giỏ mây"), "{}", reply.text);
    });
}

#[test]
fn what_belongs_to_others_or_is_not_offered_is_refused_by_hand_too() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let producer = Browser::signed_in(&walk.province, "producer-439");
        let thing = without_query(&producer.done(&idea(&producer, "Mật ong")));
        let page = producer.take(&thing, "submit", &[]);
        let csrf = |browser: &Browser| form(&browser.page("/desk/sessions"), "sign-out").value("csrf").to_owned();
        let by_hand = |browser: &Browser, verb: &str| {
            let fields = [("csrf", csrf(browser)), ("version", "2".to_owned()), ("note", "x".to_owned())];
            let fields = fields.map(|(name, value)| (name.to_owned(), value)).into();
            browser.send(&Filled { action: format!("{thing}/{verb}"), fields }).status.as_u16()
        };
        assert!(!page.contains("data-verb=\"forward\"") && page.contains("disabled"));
        assert_eq!(
            (by_hand(&producer, "forward"), by_hand(&producer, "change"), by_hand(&producer, "fly")),
            (403, 409, 404)
        );
        for stranger in ["producer-440", "commune-440", "district-440", "idle"] {
            let stranger = Browser::signed_in(&walk.province, stranger);
            assert_eq!((stranger.get(&thing).status.as_u16(), by_hand(&stranger, "forward")), (404, 404));
            assert!(!stranger.page("/desk").contains(&thing));
        }
        let supervisor = Browser::signed_in(&walk.province, "supervisor");
        assert_eq!(offered(&supervisor.page(&thing)), [""; 0]);
        for path in ["/desk/nothing", "/desk/ideas/x", "/desk/ideas/new/x", "/desk/accounts/new"] {
            assert!([403, 404, 405].contains(&producer.get(path).status.as_u16()), "{path}");
        }
        for path in ["/desk", "/desk/ideas", "/desk/ideas.csv", "/desk/ideas/new", "/desk/sessions", "/desk/password"] {
            let reply = Browser::new(&walk.province).get(path);
            assert!(
                reply.status == 303 && reply.headers["location"].to_str().unwrap().starts_with("/desk/sign-in?next=")
            );
        }
    });
}

#[test]
fn a_dossier_is_filled_with_papers_and_pictures_handed_in_and_sent_back() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let candidate = walk.approved(&walk.here, "Mật ong");
        let producer = Browser::signed_in(&walk.province, "producer-439");
        let (product, dossier) =
            (format!("/desk/products/{}", candidate.product), format!("/desk/dossiers/{}", candidate.dossier));
        let page = producer.page(&product);
        let reply = producer.upload(&form(&page, "add-picture"), A_PNG);
        assert_eq!(reply.status, 303, "{}", reply.text);
        let paper = form(&page, "add-document").with("kind", "food_safety_certificate").with("number", "28/2021");
        let reply =
            producer.upload(&paper.clone().with("issued_on", "22/02/2021").with("valid_until", "1/2/2021"), A_PDF);
        assert!(reply.status == 422 && reply.text.contains("href=\"#add-document-valid_until\""), "{}", reply.text);
        let mended = form(&reply.text, "add-document");
        assert_eq!((mended.value("number"), mended.value("issued_on")), ("28/2021", "22/02/2021"));
        let mended = mended.with("kind", "food_safety_certificate").with("valid_until", "22/02/2024");
        assert_eq!(producer.upload(&mended.clone().with("csrf", ""), A_PDF).status, 403);
        for _ in 0..2 {
            assert_eq!(producer.upload(&mended, A_PDF).status, 303);
        }
        let page = producer.page(&product);
        assert!(page.contains("/api/v1/pictures/") && page.contains(A_PDF.name));
        let content = crate::html::between(&page, "href=\"/desk/documents/", "/content\"")[0];
        assert_eq!(producer.get(&format!("/desk/documents/{content}/content")).text.as_bytes(), A_PDF.bytes);
        let stranger = Browser::signed_in(&walk.province, "producer-440");
        assert_eq!(stranger.get(&format!("/desk/documents/{content}/content")).status, 404);
        let documents = walk.province.all(&walk.here.producer, &format!("/products/{}/documents", candidate.product));
        assert_eq!((documents.len(), &documents[0]["valid_until"]), (1, &json!("2024-02-22")));

        producer.done(&form(&producer.page(&dossier), "change").with("documents.0", content));
        assert_eq!(form(&producer.page(&dossier), "change").value("documents.0"), content);
        producer.take(&dossier, "submit", &[]);
        let page = Browser::signed_in(&walk.province, "district-439").take(
            &dossier,
            "return",
            &[("note", "Thiếu phiếu kiểm nghiệm")],
        );
        assert!(page.contains("Thiếu phiếu kiểm nghiệm"));
        assert!(producer.page("/desk").contains(&dossier));
    });
}

#[test]
fn a_commune_enters_an_idea_for_a_farmer_without_a_phone() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let commune = Browser::signed_in(&walk.province, "commune-439");
        let new = idea(&commune, "Cam bù");
        assert_eq!(new.value("producer_id"), walk.here.producer_id, "the one producer of the commune is chosen");
        let thing = without_query(&commune.done(&new));
        let page = commune.page(&thing);
        assert!(!offered(&page).contains(&"submit".to_owned()) && page.contains("bản đăng ký có chữ ký"));
        assert_eq!(commune.upload(&form(&page, "add-paper"), A_PDF).status, 303);
        let page = commune.take(&thing, "submit", &[]);
        let content = crate::html::between(&page, "href=\"/desk/papers/", "\"")[0];
        assert_eq!(commune.get(&format!("/desk/papers/{content}")).text.as_bytes(), A_PDF.bytes);
    });
}

#[test]
fn a_page_offers_what_the_api_offers() {
    on_both(|engine| {
        let filled = crate::routes::Filled::new(engine);
        let province = &filled.walk.province;
        let mut compared = 0;
        for kind in [
            "ideas",
            "plans",
            "dossiers",
            "councils",
            "agenda-items",
            "surveys",
            "group-reports",
            "result-notices",
            "appeals",
            "decisions",
            "certificates",
            "lots",
            "holds",
            "inspection-plans",
            "inspections",
            "support-policies",
            "support-claims",
            "rewards",
            "stamp-orders",
            "stamps/suspects",
            "doubts",
            "products",
            "producers",
            "registrations",
            "cycles",
            "shops",
            "accounts",
        ] {
            let id = filled.here.id(kind.split('/').next().unwrap());
            for (who, person) in filled.everybody() {
                let browser = Browser::of(province, person);
                let thing = province.get(person, &format!("/{kind}/{id}"));
                let page = browser.get(&format!("/desk/{kind}/{id}"));
                assert_eq!(page.status, thing.status, "{who}: {kind}");
                if thing.status != 200 {
                    continue;
                }
                let mut actions: Vec<String> = thing.ok()["actions"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|verb| verb.as_str().unwrap().to_owned())
                    .collect();
                actions.sort();
                assert_eq!(offered(&page.text), actions, "{who}: {kind}");
                compared += 1;
            }
        }
        assert!(compared > 60, "{compared}");
    });
}

#[test]
fn lists_are_narrowed_paged_and_taken_away_as_tables() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        for number in 0..32 {
            walk.idea(&walk.here, &format!("Mật ong {number}"));
        }
        walk.idea(&walk.there, "=1+1");
        let office = Browser::signed_in(&walk.province, "office");
        let page = office.page("/desk/ideas");
        assert!(page.contains("Tổng số: 33") && page.contains("Trang sau"));
        let next = crate::html::plain(crate::html::between(&page, "href=\"/desk/ideas?after=", "\"")[0]);
        let second = office.page(&format!("/desk/ideas?after={next}"));
        assert_eq!(second.matches("<th scope=\"row\">").count(), 3);
        assert!(office.page("/desk/ideas?q=mat+ong+31&state=&unit_code=439").contains("Tổng số: 1"));
        assert!(office.page("/desk/ideas?q=nothing").contains("Không có mục nào phù hợp."));
        assert_eq!(office.get("/desk/ideas?state=flying").status, 422);
        let csv = office.answer(office.request(Method::GET, "/desk/ideas.csv"));
        assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
        assert_eq!(csv.text.matches("\r\n").count(), 34);
        assert!(csv.text.contains("\"'=1+1\"") && csv.text.contains("\"500000000\""));
    });
}

#[test]
fn an_administrator_makes_accounts_and_sets_passwords() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let admin = Browser::signed_in(&walk.province, "admin");
        let new = form(&admin.page("/desk/accounts/new"), "create")
            .with("username", "xa-moi")
            .with("password", PASSWORD)
            .with("name", "Bà Lan")
            .with("role", "commune_officer");
        let reply = admin.send(&new);
        assert!(
            reply.status == 422 && reply.text.contains("href=\"#create-unit_code\"") && !reply.text.contains(PASSWORD),
            "{}",
            reply.text
        );
        let made = without_query(
            &admin.done(&form(&reply.text, "create").with("password", PASSWORD).with("unit_code", "18196")),
        );
        let officer = Browser::signed_in(&walk.province, "xa-moi");
        // The link is told on this page and on no other; what it led from is of no use any more.
        let reply = admin.send(&form(&admin.page(&made), "reset-password"));
        assert_eq!(reply.status, 200, "{}", reply.text);
        let link = reply.text.split("/desk/new-password/").nth(1).unwrap();
        let link = format!("/desk/new-password/{}", link.split(['<', ' ', '"']).next().unwrap());
        assert!(!admin.page(&made).contains("/desk/new-password/"));
        assert_eq!(officer.get("/desk/ideas").status, 303);
        assert_eq!(officer.sign_in("xa-moi", PASSWORD, "/desk/sign-in").status, 422);
        // Looking uses nothing up, and neither does what is refused.
        let page = officer.page(&link);
        let chosen = form(&officer.page(&link), "new-password");
        assert!(page.contains("value=\"xa-moi\"") && !page.contains(PASSWORD), "{page}");
        let reply = officer.send(&chosen.with("password", "xô gạo xa-moi đỏ"));
        assert!(reply.status == 422 && reply.text.contains("id=\"wrong\""), "{}", reply.text);
        let chosen = form(&reply.text, "new-password").with("password", "another one entirely");
        let reply = officer.send(&chosen);
        assert_eq!(reply.status, 303, "{}", reply.text);
        assert_eq!(officer.send(&chosen).status, 404);
        assert_eq!(officer.get(&link).status, 404);
        let officer = Browser::signed_in_with(&walk.province, "xa-moi", "another one entirely");
        assert!(officer.page("/desk").contains("class=\"notices\""), "its owner is told");
        admin.take(&made, "end", &[("note", "Chuyển công tác")]);
        assert_eq!(officer.sign_in("xa-moi", "another one entirely", "/desk/sign-in").status, 422);
    });
}

#[test]
fn the_same_waits_for_one_in_the_api_and_on_the_desk() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let idea = walk.submitted_idea(&walk.here, "Mật ong");
        let draft = walk.idea(&walk.here, "Kẹo cu đơ");
        let tasks = |person: &Person| walk.province.get(person, "/tasks").ok()["items"].as_array().unwrap().clone();
        let waiting = tasks(&walk.here.commune);
        assert_eq!((waiting[0]["id"].as_str(), &waiting[0]["verb"]), (Some(idea.as_str()), &json!("forward")));
        let own = tasks(&walk.here.producer);
        assert_eq!((own.len(), own[0]["id"].as_str(), &own[0]["due"]), (1, Some(draft.as_str()), &json!("2021-03-31")));
        assert_eq!(
            (tasks(&walk.there.commune).len(), tasks(&walk.supervisor).len(), tasks(&walk.idle).len()),
            (0, 0, 0)
        );
        for (person, name) in [(&walk.here.commune, "commune-439"), (&walk.here.producer, "producer-439")] {
            let page = Browser::signed_in(&walk.province, name).page("/desk");
            for task in tasks(person) {
                assert!(page.contains(&format!(
                    "/desk/{}/{}",
                    task["kind"].as_str().unwrap(),
                    task["id"].as_str().unwrap()
                )));
            }
        }
    });
}

#[test]
fn sex_and_ethnicity_of_a_representative_are_given_freely_taken_back_and_shown_to_few() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let own = format!("/desk/producers/{}", walk.here.producer_id);
        let known = || {
            let producer =
                walk.province.get(&walk.here.producer, &format!("/producers/{}", walk.here.producer_id)).ok();
            (producer["representative_sex"].clone(), producer["representative_ethnicity"].clone())
        };
        let producer = Browser::signed_in(&walk.province, "producer-439");
        let page = producer.page(&own);
        assert!(page.contains("Không bắt buộc. Mẫu 02 và mẫu 03"));
        let blank = form(&page, "change");
        producer.done(&blank.with("representative_sex", "female").with("representative_ethnicity", "Chứt"));
        assert_eq!(known(), (json!("female"), json!("Chứt")));
        for (username, is_shown) in
            [("commune-439", true), ("office", true), ("district-439", false), ("supervisor", false)]
        {
            let page = Browser::signed_in(&walk.province, username).page(&own);
            assert_eq!(page.contains("Chứt"), is_shown, "{username}");
            assert_eq!(page.contains("change-representative_ethnicity"), is_shown, "{username}");
        }
        let filled = form(&producer.page(&own), "change");
        producer.done(&filled.with("representative_sex", "").with("representative_ethnicity", ""));
        assert_eq!(known(), (json!(null), json!(null)));
    });
}
