//! Several things at once under one letter, and lists that are taken away as tables.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use reqwest::Method;
use serde_json::json;

use crate::desk_browser::{Browser, Filled, form};
use crate::engine::on_both;
use crate::html::between;
use crate::province::PASSWORD;
use crate::walk::{Walk, producer_form};

/// The letter of a list's page, with these of its lines ticked.
pub fn letter(page: &str, names: &[&str]) -> Filled {
    let mut filled = form(page, "letter").with("letter_number", "12/CV-UBND");
    for row in between(page, "<tr><td class=\"tick\">", "</tr>") {
        if names.iter().any(|name| row.contains(&format!("<bdi>{name}</bdi>"))) {
            let name = between(row, "name=\"", "\"")[0];
            let id = between(row, "value=\"", "\"")[0];
            filled = filled.with(name, id);
        }
    }
    filled
}

#[test]
fn several_ideas_go_on_under_one_letter_or_none_does() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let ideas = ["Mật ong", "Kẹo cu đơ", "Cam bù"].map(|name| walk.submitted_idea(&walk.here, name));
        walk.idea(&walk.here, "Bưởi");
        let commune = Browser::signed_in(&walk.province, "commune-439");
        let page = commune.page("/desk/ideas");
        assert_eq!(page.matches("type=\"checkbox\" id=\"items-").count(), 3, "a draft is not to be forwarded");
        let sheet = letter(&page, &["Mật ong", "Kẹo cu đơ"]);
        assert_eq!((sheet.value("verb"), sheet.value("letter_date")), ("forward", "22/02/2021"));

        // Without a number, and with a day that comes yet: told beside the fields, with what was ticked.
        let reply = commune.send(&sheet.clone().with("letter_number", "").with("letter_date", "1/3/2021"));
        assert_eq!(reply.status, 422);
        for part in ["href=\"#letter-letter_date\"", "id=\"letter-letter_number-fault\""] {
            assert!(reply.text.contains(part), "{part}: {}", reply.text);
        }
        assert_eq!(reply.text.matches(" checked").count(), 2);
        let none = commune.send(&letter(&page, &[]));
        assert!(none.status == 422 && none.text.contains("1 đến 500"), "{}", none.text);

        // One of them was withdrawn from under the letter: nothing is done, and it is named.
        commune.take(&format!("/desk/ideas/{}", ideas[1]), "forward", &[("note", "Xã đồng ý")]);
        let reply = commune.send(&sheet);
        assert!(matches!(reply.status.as_u16(), 409 | 412), "{}", reply.text);
        assert!(reply.text.contains("chưa mục nào thay đổi"), "{}", reply.text);
        let row = between(&reply.text, "<tr>", "</tr>").into_iter().find(|row| row.contains("<bdi>Kẹo cu đơ</bdi>"));
        assert!(row.unwrap().contains("class=\"fault\""), "{row:?}");
        for program in ["forward”", "stale", "phiên bản hiện tại"] {
            assert!(!reply.text.contains(program), "{program}: {}", reply.text);
        }
        assert_eq!(walk.province.get(&walk.here.commune, &format!("/ideas/{}", ideas[0])).ok()["state"], "submitted");

        let again = letter(&commune.page("/desk/ideas"), &["Mật ong", "Cam bù"]);
        let made = commune.done(&again);
        assert_eq!(commune.done(&again), made, "sent twice is done once");
        let page = commune.page(&made);
        assert!(page.contains("12/CV-UBND") && page.contains(&ideas[0]) && page.contains(&ideas[2]), "{page}");
        assert!(commune.page("/desk/dispatches").contains(made.split('?').next().unwrap()));
        assert_eq!(walk.province.all(&walk.here.commune, "/dispatches").len(), 1);

        let district = Browser::signed_in(&walk.province, "district-439");
        let all = form(&district.page("/desk/ideas?chosen=all"), "letter").with("letter_number", "3/CV");
        assert_eq!(
            (all.value("verb"), all.fields.iter().filter(|(name, _)| name.ends_with(".id")).count()),
            ("select", 3)
        );
        district.done(&all);
        assert!(!district.page("/desk/ideas").contains("data-verb=\"letter\""), "nothing is left to be sent");

        let made = made.split('?').next().unwrap();
        for (stranger, status) in [("commune-440", 404), ("producer-439", 404), ("office", 200), ("supervisor", 200)] {
            let stranger = Browser::signed_in(&walk.province, stranger);
            assert_eq!(stranger.get(made).status.as_u16(), status);
        }
        let producer = Browser::signed_in(&walk.province, "producer-439");
        assert_eq!(producer.get("/desk/dispatches").status, 403);
        let csrf = form(&producer.page("/desk"), "sign-out").value("csrf").to_owned();
        assert_eq!(producer.send(&again.clone().with("csrf", &csrf)).status, 403);
        assert_eq!(producer.send(&again).status, 403);
        let supervisor = Browser::signed_in(&walk.province, "supervisor");
        assert!(!supervisor.page("/desk/ideas").contains("data-verb=\"letter\""));
    });
}

#[test]
fn results_go_up_and_are_admitted_under_one_letter() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let council = walk.council("439", 1, 3);
        let names = ["Mật ong", "Kẹo cu đơ"];
        let dossiers = names.map(|name| {
            let candidate = walk.handed_in(&walk.here, name);
            let item = walk.agenda_item(&council, &candidate.dossier);
            walk.concluded(&council, &item, &[60; 3]);
            candidate.dossier
        });
        let district = Browser::signed_in(&walk.province, "district-439");
        let up = letter(&district.page("/desk/agenda-items?state=concluded"), &names);
        assert_eq!(up.value("verb"), "send_up");
        let page = district.page(&district.done(&up));
        assert!(page.contains("Chuyển lên hội đồng cấp trên") && page.contains("/desk/agenda-items/"), "{page}");
        let again = district.send(&up.clone().with("key", "another"));
        assert!(again.status == 412 && again.text.contains("<bdi>Mật ong</bdi>"), "{}", again.text);

        let above = walk.council("42", 1, 3);
        let items = dossiers.map(|dossier| walk.agenda_item(&above, &dossier));
        let office = Browser::signed_in(&walk.province, "office");
        let admit = letter(&office.page("/desk/agenda-items?state=waiting"), &names);
        assert_eq!(admit.value("verb"), "admit");
        office.done(&admit);
        for item in items {
            let item = walk.province.get(&walk.office, &format!("/agenda-items/{item}")).ok();
            assert_eq!(item["admission"], "admitted");
        }
    });
}

#[test]
fn lists_are_taken_away_as_spreadsheets_in_which_texts_stay_texts() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let mut producer = producer_form("=HYPERLINK(\"http://x\")", "18196", "001234567890");
        producer["phone"] = json!("0912345678");
        walk.province.post(&walk.here.commune, "/producers", producer).created();
        walk.idea(&walk.here, "Mật ong");
        let office = Browser::signed_in(&walk.province, "office");
        let sheet = |path: &str| {
            let reply = office.answer(office.request(Method::GET, path));
            assert_eq!(reply.status, 200, "{path}");
            assert!(reply.headers["content-type"].to_str().unwrap().contains("spreadsheetml"));
            assert!(reply.headers["content-disposition"].to_str().unwrap().ends_with(".xlsx\""));
            let mut book: Xlsx<_> = Xlsx::new(Cursor::new(reply.bytes.to_vec())).unwrap();
            let formulas = book.worksheet_formula("Sheet1").unwrap();
            assert!(formulas.used_cells().next().is_none(), "no cell is a formula");
            let range = book.worksheet_range("Sheet1").unwrap();
            range.rows().map(<[Data]>::to_vec).collect::<Vec<_>>()
        };
        let rows = sheet("/desk/producers.xlsx?unit_code=439");
        assert_eq!(rows.len(), 3, "{rows:?}");
        let column = |rows: &[Vec<Data>], name: &str| {
            rows[0].iter().position(|head| head == name).unwrap_or_else(|| panic!("{name} is not in {:?}", rows[0]))
        };
        let row = rows.iter().find(|row| row[0].to_string().starts_with('=')).unwrap();
        assert_eq!(row[column(&rows, "Mã số")], Data::String("001234567890".into()));
        assert_eq!(row[column(&rows, "Điện thoại")], Data::String("0912345678".into()));
        let ideas = sheet("/desk/ideas.xlsx?q=mat");
        assert_eq!(ideas[1][column(&ideas, "Giá trị hướng tới mỗi năm")], Data::Float(500_000_000.0));
        let page = office.page("/desk/ideas?q=mat");
        assert!(page.contains("/desk/ideas.xlsx?q=mat") && page.contains("/desk/ideas.csv?q=mat"));
        let cycles = sheet("/desk/cycles.xlsx");
        assert!(cycles[1].iter().any(|cell| matches!(cell, Data::DateTime(_))), "{cycles:?}");
        assert_eq!(office.get("/desk/ideas.xlsx?state=flying").status, 422);
        assert_eq!(office.get("/desk/nothing.xlsx").status, 404);
        let producer = Browser::signed_in(&walk.province, "producer-439");
        assert_eq!(producer.get("/desk/accounts.xlsx").status, 403);
    });
}

#[test]
fn what_the_desk_refuses_is_told_within_it() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let producer = Browser::signed_in(&walk.province, "producer-439");
        for (path, status) in
            [("/desk/nothing", 404), ("/desk/ideas/x", 404), ("/desk/accounts", 403), ("/desk/a/b/c/d", 404)]
        {
            let reply = producer.get(path);
            assert_eq!(reply.status.as_u16(), status, "{path}");
            assert!(reply.text.contains("data-verb=\"sign-out\"") && reply.text.contains("href=\"/desk\""), "{path}");
        }
        assert_eq!(Browser::new(&walk.province).get("/desk/a/b/c/d").status, 303);
    });
}

#[test]
fn who_makes_a_producers_account_chooses_the_producer() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let admin = Browser::signed_in(&walk.province, "admin");
        let page = admin.page("/desk/accounts/new");
        assert!(page.contains(&format!("value=\"{}\"", walk.here.producer_id)), "{page}");
        let new = form(&page, "create")
            .with("username", "htx-thu-hai")
            .with("password", PASSWORD)
            .with("name", "Bà Lan")
            .with("role", "producer")
            .with("producer_id", &walk.here.producer_id);
        admin.done(&new);
        assert!(Browser::signed_in(&walk.province, "htx-thu-hai").page("/desk").contains("Hợp tác xã 439"));
    });
}
