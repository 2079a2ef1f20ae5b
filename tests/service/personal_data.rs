//! Who asks for a copy, an erasure or a correction of their own data gets it in time, whole, and nothing of another's.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use ocop::base::Moment;
use ocop::db::Address;
use ocop::personal_data::steps::forget;
use reqwest::Method;
use serde_json::{Value, json};

use crate::audit::verify;
use crate::desk_browser::{Browser, form};
use crate::engine::{Engine, on_both};
use crate::province::{PASSWORD, Person, Province, Reply};
use crate::vouched::columns;
use crate::walk::{Walk, id, producer_form};

fn ask(walk: &Walk, person: &Person, body: Value) -> String {
    format!("/personal-data-requests/{}", id(&walk.province.post(person, "/personal-data-requests", body).created()))
}

fn answer(walk: &Walk, request: &str, body: Value) -> Value {
    walk.province.step(&walk.admin, request, "answer", body).ok()
}

/// Somebody who writes a letter; `by` says by what they were recognised.
fn letter(kind: &str, name: &str, by: Value) -> Value {
    let mut person =
        json!({"name": name, "contact": "Thôn 3, xã Sơn Kim", "identity_check": "Đã xem căn cước tại quầy"});
    person.as_object_mut().unwrap().extend(by.as_object().unwrap().clone());
    json!({"kind": kind, "reference": "12/ĐN", "person": person})
}

/// The rows of a table that a copy holds.
fn rows<'a>(copy: &'a Value, table: &str) -> Vec<&'a Value> {
    let parts = copy["parts"].as_array().unwrap().iter();
    let rows = parts.flat_map(|part| part["rows"].as_array().unwrap());
    rows.filter(|row| row["table"] == table).map(|row| &row["data"]).collect()
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// The tables in which a text stands, in whatever column.
fn places(province: &Province, engine: Engine, sought: &str) -> BTreeSet<String> {
    let connection = &mut province.database_url.parse::<Address>().unwrap().connect().unwrap();
    let mut found = BTreeSet::new();
    for (table, columns) in columns(connection, engine) {
        let any: Vec<String> =
            columns.iter().map(|column| format!("CAST(\"{}\" AS TEXT) LIKE '%{sought}%'", column.name)).collect();
        let statement = format!("SELECT COUNT(*) AS rows FROM \"{table}\" WHERE {}", any.join(" OR "));
        let count: Count = diesel::sql_query(statement).get_result(connection).unwrap();
        if count.rows > 0 {
            found.insert(table);
        }
    }
    found
}

fn tables<const N: usize>(named: [&str; N]) -> BTreeSet<String> {
    named.map(str::to_owned).into()
}

/// The tables that the answer to an erasure says something is left in.
fn said_to_be_kept(request: &Value) -> BTreeSet<String> {
    let kept = request["outcome"]["kept"].as_array().unwrap().iter();
    let tables = kept.flat_map(|part| {
        assert!(part["why"]["vi"].as_str().unwrap().len() > 3 && part["term"]["en"].as_str().unwrap().len() > 3);
        part["tables"].as_array().unwrap()
    });
    tables.map(|table| table.as_str().unwrap().to_owned()).collect()
}

fn is_vouched_for(walk: &Walk) {
    let (is_content, said) = verify(&walk.province);
    assert!(is_content, "{said}");
}

#[test]
fn everybody_gets_a_copy_of_their_own_data_and_nothing_of_anothers() {
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        let (here, producer) = (walk.here.clone(), walk.here.producer.clone());
        let own = format!("/producers/{}", here.producer_id);
        let members = json!([{"name": "Trần Văn Ong", "identity_number": "042180001234"}]);
        walk.province.patch(&walk.office, &own, json!({"members": members})).ok();
        walk.submitted_idea(&here, "Mật ong");
        let request = ask(&walk, &producer, json!({"kind": "export"}));
        let export = format!("{request}/export.json");
        let again = walk.province.post(&producer, "/personal-data-requests", json!({"kind": "export"}));
        again.refused(409, "already_asked");
        walk.province.get(&producer, &export).refused(409, "wrong_state");
        for stranger in [&walk.there.producer, &walk.office, &walk.supervisor, &here.officer] {
            walk.province.get(stranger, &request).refused(404, "not_found");
            walk.province.get(stranger, &export).refused(404, "not_found");
            assert!(walk.province.all(stranger, "/personal-data-requests").is_empty());
        }
        walk.province.public(&export).refused(401, "unauthenticated");
        walk.province.step(&producer, &request, "answer", json!({})).refused(403, "forbidden");

        let answered = answer(&walk, &request, json!({}));
        assert_eq!((&answered["state"], &answered["due_on"]), (&json!("answered"), &json!("2021-02-24")));
        assert_eq!(answered["export"], format!("/api/v1{export}"));
        let sent = walk.province.get(&producer, &export);
        let name = format!("attachment; filename=\"personal-data-{}.json\"", answered["number"]);
        assert_eq!(sent.headers["content-disposition"], name.as_str());
        assert_eq!(sent.headers["cache-control"], "no-store");
        let text = sent.text.clone();
        let copy = sent.ok();
        let account = rows(&copy, "accounts");
        assert_eq!(account.len(), 1);
        assert_eq!((&account[0]["username"], &account[0]["id"]), (&json!("producer-439"), &json!(producer.id)));
        assert!(account[0].get("password_hash").is_none() && !text.contains("argon2"), "{text}");
        assert_eq!(rows(&copy, "producers").iter().filter(|row| row["id"] == json!(here.producer_id)).count(), 1);
        let verbs: Vec<&str> = rows(&copy, "history").iter().map(|step| step["verb"].as_str().unwrap()).collect();
        assert_eq!(verbs.iter().filter(|verb| **verb == "submit").count(), 1, "{verbs:?}");
        let steps = rows(&copy, "history");
        assert!(steps.iter().all(|step| step["account_id"] == json!(producer.id)), "{steps:?}");
        assert!(steps[0]["at"].as_str().unwrap().parse::<Moment>().is_ok());
        // Who its members are is theirs, not its account's.
        for others in
            ["042180001234", "Trần Văn Ong", &walk.there.producer.id, &walk.there.producer_id, &walk.office.id]
        {
            assert!(!text.contains(others), "{others}: {text}");
        }
        let parts = copy["parts"].as_array().unwrap();
        assert!(parts.iter().any(|part| part["not_attributable"][0]["vi"].is_string()));
        assert!(parts.iter().any(|part| part["withheld"][0]["en"].is_string()));

        // Each time it is fetched stands in the request's history.
        walk.province.get(&walk.admin, &export).ok();
        let history = walk.province.all(&producer, &format!("{request}/history"));
        let fetched: Vec<&Value> = history.iter().filter(|step| step["verb"] == "fetch-export").collect();
        assert_eq!(fetched.len(), 2, "{history:?}");
        assert_ne!(fetched[0]["who"], fetched[1]["who"]);
        is_vouched_for(&walk);

        walk.province.restart(&["--clock", "2021-03-02T08:00:00+07:00"]);
        walk.province.get(&producer, &export).refused(409, "export_over");
        let over = walk.province.get(&producer, &request).ok();
        assert_eq!((&over["export"], over["export_until"].is_string()), (&json!(null), true));
        ask(&walk, &producer, json!({"kind": "export"}));
    });
}

#[test]
fn a_members_copy_has_the_own_sheet_and_no_other_while_it_is_scored() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let council = walk.council("439", 1, 3);
        let item = walk.agenda_item(&council, &walk.handed_in(&walk.here, "Mật ong").dossier);
        walk.province.step(council.chair(), &format!("/agenda-items/{item}"), "open-scoring", json!({})).ok();
        for (scorer, total) in council.scorers.iter().zip([61, 67]) {
            walk.submit_sheet(scorer, &item, total);
        }
        let member = &council.scorers[1];
        let request = ask(&walk, member, json!({"kind": "export"}));
        answer(&walk, &request, json!({}));
        let sent = walk.province.get(member, &format!("{request}/export.json"));
        let text = sent.text.clone();
        let copy = sent.ok();
        let sheets = rows(&copy, "sheets");
        assert_eq!(sheets.len(), 1, "{sheets:?}");
        assert_eq!((&sheets[0]["account_id"], &sheets[0]["state"]), (&json!(member.id), &json!("submitted")));
        assert!(sheets[0]["marks"].is_array() || sheets[0]["marks"].is_object(), "{}", sheets[0]);
        for other in council.scorers.iter().filter(|scorer| scorer.id != member.id) {
            assert!(!text.contains(&other.id), "{text}");
        }
    });
}

#[test]
fn a_request_waits_for_administrators_for_two_working_days_and_is_then_late() {
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        // 2021-02-22 is a Monday.
        let request = ask(&walk, &walk.here.producer, json!({"kind": "erase"}));
        let task = |walk: &Walk, person: &Person| {
            let tasks = walk.province.get(person, "/tasks").ok();
            let found = tasks["items"].as_array().unwrap().iter().find(|task| task["kind"] == "personal-data-requests");
            found.cloned()
        };
        let waiting = task(&walk, &walk.admin).unwrap();
        assert_eq!((&waiting["verb"], &waiting["due"]), (&json!("answer"), &json!("2021-02-24")));
        assert!(waiting["rule"].as_str().unwrap().contains("2 working days") && waiting["overdue"] == false);
        assert_eq!(task(&walk, &walk.here.producer), None);
        walk.province.restart(&["--clock", "2021-02-25T08:00:00+07:00"]);
        assert_eq!(task(&walk, &walk.admin).unwrap()["overdue"], true);
        assert_eq!(walk.province.get(&walk.admin, &request).ok()["overdue"], true);
        let board = Browser::signed_in(&walk.province, "admin").page("/desk/personal-data-requests");
        assert!(board.contains("quá hạn trả lời hai ngày làm việc"), "{board}");
        walk.province.step(&walk.here.producer, &request, "withdraw", json!({})).ok();
        assert_eq!(task(&walk, &walk.admin), None);
    });
}

#[test]
fn what_somebody_without_an_account_asks_is_entered_by_an_administrator_alone() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let sent = |person: &Person, body: Value| province.post(person, "/personal-data-requests", body);
        let by_phone = |kind: &str| letter(kind, "Bà Mai", json!({"phone": "+84 912.345.678"}));
        sent(&walk.office, by_phone("export")).refused(403, "forbidden");
        sent(&walk.admin, letter("export", "Bà Mai", json!({}))).fault("/person/identity_number", "required");
        let both = json!({"phone": "0912345678", "email": "mai@ocop.vn"});
        sent(&walk.admin, letter("export", "Bà Mai", both)).fault("/person/identity_number", "required");
        let nobodys = json!({"account_id": walk.cycle});
        sent(&walk.admin, letter("export", "Bà Mai", nobodys)).fault("/person/account_id", "unknown_account");
        for (member, wrong) in [("phone", "12"), ("email", "mai"), ("identity_number", "12")] {
            let reply = sent(&walk.admin, letter("export", "Bà Mai", json!({member: wrong})));
            reply.fault(&format!("/person/{member}"), &format!("malformed_{member}"));
        }

        let product = walk.approved(&walk.here, "Mật ong").product;
        let codes = walk.activated(&walk.here, &product, 2);
        let [closed, open] = [walk.doubt(&codes[0]), walk.doubt(&codes[1])];
        let request = ask(&walk, &walk.admin, by_phone("export"));
        let shown = province.get(&walk.admin, &request).ok();
        assert_eq!((&shown["name"], &shown["recognised_value"]), (&json!("Bà Mai"), &json!("0912345678")));
        assert_eq!((&shown["account_id"], &shown["reference"]), (&json!(null), &json!("12/ĐN")));
        answer(&walk, &request, json!({"answer": "Gửi kèm thư"}));
        let copy = province.get(&walk.admin, &format!("{request}/export.json")).ok();
        let doubts = rows(&copy, "doubts");
        assert!(doubts.iter().any(|row| row["contact"] == "0912 345 678" && row["id"] == json!(closed)), "{doubts:?}");
        assert!(
            rows(&copy, "accounts").is_empty()
                && rows(&copy, "history").is_empty()
                && rows(&copy, "producers").is_empty()
        );

        let closing = json!({"note": "Đã xem, tem thật."});
        province.step(&walk.office, &format!("/doubts/{closed}"), "close", closing).ok();
        let erasure = answer(&walk, &ask(&walk, &walk.admin, by_phone("erase")), json!({}));
        assert_eq!(erasure["outcome"]["erased"][0]["what"]["en"], "contact in a doubt");
        let contact = |doubt: &str| province.get(&walk.office, &format!("/doubts/{doubt}")).ok()["contact"].clone();
        assert_eq!((contact(&closed), contact(&open)), (json!(null), json!("0912 345 678")));
        assert!(said_to_be_kept(&erasure).contains("doubts"), "the open one is kept, and that is told: {erasure}");
        is_vouched_for(&walk);
    });
}

#[test]
fn an_identity_number_is_shown_in_part_and_finds_what_is_of_its_person() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let register = |name: &str, number: &str| {
            let body = json!({"consent": {"version": 1}, "producer": producer_form(name, "18196", number),
                "account": {"username": format!("ho-{number}"), "password": PASSWORD, "name": "Trần Thị Bình"}});
            let sent = province.request(Method::POST, "/registrations").json(&body).send().unwrap();
            format!("/registrations/{}", id(&Reply::of(sent).created()))
        };
        let [refused, other] = [register("Hộ Mật ong", "030099000124"), register("Hộ Cam", "030099000125")];
        province.step(&walk.here.commune, &refused, "refuse", json!({"note": "Mã số không đúng"})).ok();
        let by_number = |kind: &str| letter(kind, "Trần Thị Bình", json!({"identity_number": "030099000124"}));
        let request = ask(&walk, &walk.admin, by_number("export"));
        let shown = province.get(&walk.admin, &request);
        assert!(!shown.text.contains("030099000124"), "{}", shown.text);
        assert_eq!(shown.ok()["recognised_value"], "••••••••0124");
        answer(&walk, &request, json!({}));
        let sent = province.get(&walk.admin, &format!("{request}/export.json"));
        assert!(sent.text.contains("030099000124") && !sent.text.contains("030099000125"), "{}", sent.text);
        assert_eq!(rows(&sent.json(), "registrations").len(), 2, "what it says of the person, and of the consent");
        let read = province.all(&walk.admin, "/identity-readings");
        assert_eq!(read.iter().filter(|read| read["address"].as_str().unwrap().ends_with("export.json")).count(), 1);

        let erasure = answer(&walk, &ask(&walk, &walk.admin, by_number("erase")), json!({}));
        let left = places(province, engine, "030099000124");
        assert_eq!(left, tables(["personal_data_requests"]));
        assert!(left.is_subset(&said_to_be_kept(&erasure)), "{erasure}");
        assert!(province.get(&walk.office, &refused).ok()["erased_at"].is_string());
        assert_eq!(province.get(&walk.office, &other).ok()["producer"]["identity_number"], "030099000125");
        is_vouched_for(&walk);
    });
}

/// An account whose every datum is found nowhere else.
fn unlike_any(walk: &Walk, role: &str) -> (Person, [&'static str; 5]) {
    let known = ["lydochoa", "Lý Đọc Hoa", "042199887766", "ly.doc.hoa@ocop.example", "Ngõ Vô Danh 7"];
    let form = json!({"username": known[0], "password": PASSWORD, "name": known[1], "role": role});
    walk.province.post(&walk.admin, "/accounts", form).created();
    let person = walk.province.sign_in(known[0]);
    let account = format!("/accounts/{}", person.id);
    let of_person = json!({"identity_number": known[2], "residence_code": "18196", "residence": known[4]});
    walk.province.patch(&walk.admin, &account, of_person).ok();
    walk.province.step(&person, &account, "set-contact", json!({"email": known[3]})).ok();
    Browser::signed_in(&walk.province, known[0]).page("/desk");
    (person, known)
}

#[test]
fn an_account_that_ended_is_erased_from_every_column() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let (person, known) = unlike_any(&walk, "council_member");
        for datum in known {
            assert!(places(province, engine, datum).contains("accounts"), "{datum}");
        }
        let request = ask(&walk, &person, json!({"kind": "erase"}));
        let explained = province.get(&walk.admin, &format!("{request}?explain=actions")).ok();
        assert_eq!(explained["explained_actions"][0]["problem"]["code"], "account_not_ended");
        province.step(&walk.admin, &request, "answer", json!({})).refused(409, "account_not_ended");
        let account = format!("/accounts/{}", person.id);
        province.step(&walk.admin, &account, "end", json!({"note": "Theo yêu cầu"})).ok();
        let erasure = answer(&walk, &request, json!({}));
        for datum in known {
            assert_eq!(places(province, engine, datum), tables([]), "{datum}");
        }
        assert_eq!((&erasure["state"], &erasure["name"]), (&json!("answered"), &json!("Người đã xóa dữ liệu")));
        assert!(erasure["outcome"]["erased"].as_array().unwrap().len() >= 4, "{erasure}");
        assert!(said_to_be_kept(&erasure).contains("accounts"), "that there was an account is told");
        let left = province.get(&walk.admin, &account).ok();
        assert!(left["ended_at"].is_string() && left["username"].as_str().unwrap().starts_with("da-xoa-"), "{left}");
        let sign_ins = province.get(&walk.admin, &format!("{account}/sign-ins")).ok();
        assert_eq!(sign_ins["items"], json!([]));
        is_vouched_for(&walk);
        // What was erased is not erased again.
        let by_account = json!({"account_id": person.id});
        let again = ask(&walk, &walk.admin, letter("erase", "Bà Hoa", by_account));
        assert_eq!(answer(&walk, &again, json!({}))["outcome"]["erased"], json!([]));
        is_vouched_for(&walk);
    });
}

#[test]
fn who_acted_in_the_procedure_keeps_the_name_there_and_is_told_why() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let (person, known) = unlike_any(&walk, "administrator");
        // A step of the office's: its history names who took it.
        let other = province.hire("nguoi-khac", "council_member", None, None);
        province.step(&person, &format!("/accounts/{}", other.id), "end", json!({"note": "Nghỉ việc"})).ok();
        let request = ask(&walk, &person, json!({"kind": "erase"}));
        province.step(&walk.admin, &format!("/accounts/{}", person.id), "end", json!({"note": "Theo yêu cầu"})).ok();
        let erasure = answer(&walk, &request, json!({}));
        let [username, name, number, email, residence] = known;
        for datum in [username, number, email, residence] {
            assert_eq!(places(province, engine, datum), tables([]), "{datum}");
        }
        let (left, kept) = (places(province, engine, name), said_to_be_kept(&erasure));
        assert_eq!(left, tables(["accounts"]));
        assert!(left.is_subset(&kept) && kept.contains("history"), "{kept:?}");
        is_vouched_for(&walk);
    });
}

#[test]
fn a_correction_says_what_is_wrong_and_what_was_changed_or_why_not() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, producer) = (&walk.province, &walk.here.producer);
        let sent = |body: Value| province.post(producer, "/personal-data-requests", body);
        sent(json!({"kind": "correct"})).fault("/text", "required");
        sent(json!({"kind": "forget"})).fault("/kind", "wrong_type");
        let request = ask(&walk, producer, json!({"kind": "correct", "text": "Sai số điện thoại"}));
        province.step(&walk.admin, &request, "answer", json!({})).fault("/answer", "required");
        province.step(&walk.admin, &request, "withdraw", json!({})).refused(403, "forbidden");
        let answered = answer(&walk, &request, json!({"answer": "Đã sửa ở trang chủ thể"}));
        assert_eq!((&answered["answer"], &answered["outcome"]), (&json!("Đã sửa ở trang chủ thể"), &json!(null)));
        province.step(&walk.admin, &request, "refuse", json!({"note": "x"})).refused(409, "wrong_state");
        province.get(producer, &format!("{request}/export.json")).refused(404, "not_found");

        let refused = ask(&walk, producer, json!({"kind": "erase"}));
        province.step(&walk.admin, &refused, "refuse", json!({})).fault("/note", "required");
        let reason = "Hồ sơ đang được đánh giá, luật yêu cầu lưu";
        let shown = province.step(&walk.admin, &refused, "refuse", json!({"note": reason})).ok();
        assert_eq!((&shown["state"], &shown["answer"]), (&json!("refused"), &json!(reason)));
        // What is said to a person stands where it can be erased.
        let history = province.all(producer, &format!("{refused}/history"));
        assert!(history.iter().all(|step| step["note"].is_null()), "{history:?}");
        let listed = province.all(&walk.admin, "/personal-data-requests?kind=erase&state=refused");
        assert_eq!(listed.len(), 1);
        is_vouched_for(&walk);
    });
}

#[test]
fn who_asked_is_forgotten_and_that_somebody_was_answered_stays() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let by_number = json!({"identity_number": "042199887766"});
        let request = ask(&walk, &walk.admin, letter("export", "Lý Đọc Hoa", by_number));
        let open = ask(&walk, &walk.admin, letter("erase", "Lý Đọc Hoa", json!({"phone": "0988776655"})));
        answer(&walk, &request, json!({"answer": "Gửi bà Lý Đọc Hoa"}));
        // It was answered on 2021-02-22: 180 days later is 2021-08-21, 730 days later 2023-02-22.
        let forget_at = |moment: &str| {
            let now: Moment = moment.parse().unwrap();
            walk.province.app.database.write_now(|connection| forget(connection, now)).unwrap()
        };
        assert_eq!(forget_at("2021-08-20T00:00:00Z"), 0);
        assert_eq!(forget_at("2021-08-22T00:00:00Z"), 1);
        let read = |request: &str| walk.province.get(&walk.admin, request).ok();
        let left = read(&request);
        let known = ["contact", "recognised_value", "identity_check"].map(|member| left[member].is_null());
        assert_eq!((known, &left["name"]), ([true; 3], &json!("Lý Đọc Hoa")));
        assert_eq!(places(&walk.province, engine, "042199887766"), tables([]));
        assert_eq!(forget_at("2023-02-21T00:00:00Z"), 0);
        assert_eq!(forget_at("2023-02-23T00:00:00Z"), 1);
        let left = read(&request);
        assert!(left["name"].is_null() && left["answer"].is_null() && left["erased_at"].is_string(), "{left}");
        assert_eq!((&left["kind"], &left["state"]), (&json!("export"), &json!("answered")));
        assert_eq!(read(&open)["name"], "Lý Đọc Hoa", "one that waits is not forgotten");
        let history = walk.province.all(&walk.admin, &format!("{request}/history"));
        let last: Vec<&Value> = history.iter().rev().take(2).map(|step| &step["verb"]).collect();
        assert_eq!(last, ["erase", "forget-contact"]);
        is_vouched_for(&walk);
    });
}

#[test]
fn the_desk_has_ones_own_requests_and_their_copies() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let producer = Browser::signed_in(&walk.province, "producer-439");
        let blank = producer.page("/desk/personal-data-requests/new");
        assert!(!blank.contains("identity_check"), "only administrators enter others: {blank}");
        let reply = producer.send(&form(&blank, "create").with("kind", "export"));
        assert_eq!(reply.status, 303, "{}", reply.text);
        let request = walk.province.all(&walk.here.producer, "/personal-data-requests").pop().unwrap();
        let page = format!("/desk/personal-data-requests/{}", id(&request));
        let admin = Browser::signed_in(&walk.province, "admin");
        let reply = admin.send(&form(&admin.page(&page), "answer"));
        assert_eq!(reply.status, 303, "{}", reply.text);
        assert!(producer.page(&page).contains(&format!("{page}/export.json")));
        let copy = producer.get(&format!("{page}/export.json"));
        assert_eq!(rows(&copy.json(), "accounts").len(), 1);
        assert_eq!(Browser::signed_in(&walk.province, "office").get(&page).status, 404);
        // An administrator's own request names nobody else.
        let own = admin.send(&form(&admin.page("/desk/personal-data-requests/new"), "create").with("kind", "export"));
        assert_eq!(own.status, 303, "{}", own.text);
    });
}
