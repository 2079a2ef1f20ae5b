//! What phones on bad lines need: what changed since, what is known already, lost answers, and where one is signed in.

use chrono::Duration;
use diesel::prelude::*;
use ocop::base::{Error, Moment};
use ocop::db::schema::refresh_tokens;
use reqwest::Method;
use reqwest::header::{CACHE_CONTROL, ETAG, HeaderValue, IF_MATCH, IF_NONE_MATCH, USER_AGENT};
use serde_json::{Value, json};

use crate::desk_browser::Browser;
use crate::desk_costs::statements;
use crate::engine::on_both;
use crate::province::{PASSWORD, Person, Province, Reply};
use crate::traceability::{event, tell, with};
use crate::walk::{A_PNG, Walk, id};

fn text<'a>(thing: &'a Value, member: &str) -> &'a str {
    thing[member].as_str().unwrap_or_else(|| panic!("{member} in {thing}"))
}

fn moment(thing: &Value, member: &str) -> Moment {
    text(thing, member).parse().unwrap()
}

/// A moment as it stands in an address.
fn since(moment: Moment) -> String {
    format!("updated_since={}", moment.to_string().replace('+', "%2B"))
}

fn ids(things: &[Value]) -> Vec<String> {
    things.iter().map(|thing| text(thing, "id").to_owned()).collect()
}

/// The lists that can be narrowed to what changed.
fn lists() -> Vec<String> {
    let document = serde_json::to_value(ocop::app::document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let takes = |operation: &Value| {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        parameters.into_iter().any(|parameter| parameter["name"] == "updated_since")
    };
    let found = paths.iter().filter(|(path, operations)| !path.contains('{') && takes(&operations["get"]));
    found.map(|(path, _)| path.strip_prefix("/api/v1").unwrap().to_owned()).collect()
}

#[test]
fn every_list_tells_what_changed_since_a_moment() {
    on_both(|engine| {
        let walk = Walk::on_demo(engine);
        let province = &walk.province;
        let lists = lists();
        assert!(lists.len() >= 23, "{lists:?}");
        let mut judged = 0;
        for list in &lists {
            let reader = if list == "/accounts" { &walk.admin } else { &walk.office };
            let page = |query: &str| province.get(reader, &format!("{list}?limit=100&count=true&{query}")).ok();
            if list.starts_with("/public/") {
                let none = province.public(&format!("{list}?updated_since=2999-01-01T00:00:00Z")).ok();
                assert_eq!(none["items"], json!([]));
                continue;
            }
            let all = page("");
            let items = all["items"].as_array().unwrap();
            let none = page("updated_since=2999-01-01T00:00:00Z");
            assert_eq!((&none["items"], &none["total"]), (&json!([]), &json!(0)), "{list}");
            assert_eq!(page("updated_since=1970-01-01T00:00:00Z")["total"], all["total"], "{list}");
            // Just those that say of themselves that they changed then or later.
            let Some(middle) = items.get(items.len() / 2).map(|item| moment(item, "updated_at")) else { continue };
            let changed = page(&since(middle));
            let expected: Vec<&Value> = items.iter().filter(|item| moment(item, "updated_at") >= middle).collect();
            if all["next"].is_null() {
                assert_eq!(ids(changed["items"].as_array().unwrap()).len(), expected.len(), "{list}");
                assert_eq!(changed["total"], json!(expected.len()), "{list}");
            }
            judged += 1;
        }
        assert!(judged >= 12, "{judged}");
        province.get(&walk.office, "/ideas?updated_since=gestern").invalid(&["updated_since"]);
    });
}

#[test]
fn a_phone_that_keeps_the_moment_misses_nothing() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, producer) = (&walk.province, &walk.here.producer);
        let made: Vec<String> = (0..5).map(|number| walk.idea(&walk.here, &format!("Mật ong {number}"))).collect();
        let first = province.get(producer, "/ideas?limit=2").ok();
        let kept = moment(&first, "as_of");
        let before = province.get(producer, &format!("/ideas/{}", made[1])).ok();
        province.patch(producer, &format!("/ideas/{}", made[1]), json!({"packaging": "Hũ 300 g"})).ok();
        let after = province.get(producer, &format!("/ideas/{}", made[1])).ok();
        assert!(moment(&after, "updated_at") > moment(&before, "updated_at"));
        let changed = province.all(producer, &format!("/ideas?{}", since(moment(&after, "updated_at"))));
        assert_eq!(ids(&changed), [made[1].clone()]);
        // What was carried out while the first page was read is told by the next question.
        assert!(kept < moment(&before, "updated_at").plus(Duration::seconds(1)));
        let (mut paged, mut next) = (Vec::new(), String::new());
        loop {
            let page = province.get(producer, &format!("/ideas?limit=1&{}{next}", since(kept))).ok();
            paged.extend(ids(page["items"].as_array().unwrap()));
            match page["next"].as_str() {
                Some(cursor) => next = format!("&after={cursor}"),
                None => break,
            }
        }
        paged.sort();
        let mut expected = made.clone();
        expected.sort();
        assert_eq!(paged, expected, "each once");
    });
}

#[test]
fn what_is_kept_back_does_not_look_changed() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let council = walk.council("439", 1, 4);
        let item =
            format!("/agenda-items/{}", walk.agenda_item(&council, &walk.handed_in(&walk.here, "Mật ong").dossier));
        let insiders = [&walk.here.officer, council.chair(), &walk.office];
        let outsiders = [&walk.here.producer, &walk.here.commune];
        let told = |person: &Person| moment(&province.get(person, &item).ok(), "updated_at");
        let before = told(&walk.here.producer);
        assert_eq!(before, told(council.chair()));
        let form = json!({"reason": "Có người thân là thành viên của chủ thể"});
        province.step(&council.scorers[3], &item, "recuse", form).ok();
        let recused = told(council.chair());
        assert!(recused > before);
        let listed =
            |person: &Person| province.get(person, &format!("/agenda-items?count=true&{}", since(recused))).ok();
        for person in insiders {
            assert_eq!((told(person), &listed(person)["total"]), (recused, &json!(1)));
        }
        for person in outsiders {
            assert_eq!((told(person), &listed(person)["total"]), (before, &json!(0)));
            assert_eq!(listed(person)["items"], json!([]));
        }
        // What everybody is told changes it for everybody.
        province.step(council.chair(), &item, "open-scoring", json!({})).ok();
        let opened = told(council.chair());
        assert!(opened > recused);
        for person in insiders.into_iter().chain(outsiders) {
            assert_eq!((told(person), &listed(person)["total"]), (opened, &json!(1)));
        }
    });
}

#[test]
fn what_is_known_already_is_not_sent_again() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, producer) = (&walk.province, &walk.here.producer);
        let path = format!("/ideas/{}", walk.idea(&walk.here, "Mật ong"));
        let ask = |known: Option<&HeaderValue>| {
            let request = province.request(Method::GET, &path).bearer_auth(&producer.token);
            let request = known.into_iter().fold(request, |request, tag| request.header(IF_NONE_MATCH, tag));
            Reply::of(request.send().unwrap())
        };
        let first = ask(None);
        let tag = first.headers[ETAG].clone();
        let again = ask(Some(&tag));
        assert_eq!((again.status.as_u16(), again.text.as_str(), &again.headers[ETAG]), (304, "", &tag));
        assert_eq!(ask(Some(&HeaderValue::from_static("\"7\""))).status, 200);
        // The tag as it is says which version was seen.
        let change = |tag: &HeaderValue| {
            let request = province.request(Method::PATCH, &path).bearer_auth(&producer.token);
            Reply::of(request.header(IF_MATCH, tag).json(&json!({"packaging": "Hũ 250 g"})).send().unwrap())
        };
        change(&tag).ok();
        change(&tag).refused(412, "stale_version");
        assert_eq!(ask(Some(&tag)).status, 200);

        // What holds more than a thing is told by all that it holds: a seat is no change of the account.
        let me = |known: Option<&HeaderValue>| {
            let request = province.request(Method::GET, "/me").bearer_auth(&walk.idle.token);
            let request = known.into_iter().fold(request, |request, tag| request.header(IF_NONE_MATCH, tag));
            Reply::of(request.send().unwrap())
        };
        let before = me(None);
        assert_eq!(me(Some(&before.headers[ETAG])).status, 304);
        let (mut form, ..) = walk.council_form("439", 2, 3);
        form["seats"][1]["account_id"] = json!(walk.idle.id);
        let council = id(&province.post(&walk.here.officer, "/councils", form).created());
        let after = me(Some(&before.headers[ETAG]));
        assert_eq!((after.status.as_u16(), &after.json()["seats"][0]["council_id"]), (200, &json!(council)));

        for (path, is_public) in [
            ("/units?level=province", true),
            ("/public/products", true),
            ("/public/shops", true),
            ("/criteria-sets/mat-ong", false),
        ] {
            let ask = |known: Option<&HeaderValue>| {
                let request = province.request(Method::GET, path);
                let request = if is_public { request } else { request.bearer_auth(&producer.token) };
                let request = known.into_iter().fold(request, |request, tag| request.header(IF_NONE_MATCH, tag));
                Reply::of(request.send().unwrap())
            };
            let reply = ask(None);
            let kept = reply.headers[CACHE_CONTROL].to_str().unwrap();
            assert!(
                kept.starts_with(if is_public { "public, max-age=" } else { "private, max-age=" }),
                "{path}: {kept}"
            );
            assert_eq!(ask(Some(&reply.headers[ETAG])).status, 304, "{path}");
        }
    });
}

fn tokens(province: &Province, path: &str, body: Value, client: &str) -> Reply {
    Reply::of(province.request(Method::POST, path).header(USER_AGENT, client).json(&body).send().unwrap())
}

fn refreshed(province: &Province, pair: &Value) -> Reply {
    tokens(province, "/auth/refresh", json!({"refresh_token": pair["refresh_token"]}), "Phone/2")
}

/// Makes all refreshes so far longer ago.
fn age(province: &Province, seconds: i64) {
    let aged = province.app.database.write_now(|connection| {
        let used: Vec<(ocop::base::id::RefreshTokenId, Option<Moment>, Moment)> = refresh_tokens::table
            .select((refresh_tokens::id, refresh_tokens::used_at, refresh_tokens::issued_at))
            .load(connection)?;
        for (id, used_at, issued_at) in used {
            let earlier = |at: Moment| at.plus(Duration::seconds(-seconds));
            diesel::update(refresh_tokens::table.find(id))
                .set((
                    refresh_tokens::used_at.eq(used_at.map(earlier)),
                    refresh_tokens::issued_at.eq(earlier(issued_at)),
                ))
                .execute(connection)?;
        }
        Ok::<_, Error>(())
    });
    aged.unwrap();
}

#[test]
fn a_lost_answer_may_be_asked_for_again_and_the_sign_in_does_not_fork() {
    on_both(|engine| {
        let province = Province::new(engine);
        let sign_in =
            || tokens(&province, "/auth/token", json!({"username": "admin", "password": PASSWORD}), "app").ok();
        let first = sign_in();
        let lost = refreshed(&province, &first).ok();
        age(&province, 55);
        let got = refreshed(&province, &first).ok();
        assert_ne!(lost["refresh_token"], got["refresh_token"]);
        // One of the two goes on.
        let next = refreshed(&province, &got).ok();
        refreshed(&province, &lost).refused(401, "unauthenticated");
        let next = refreshed(&province, &next).ok();
        // The first secret again: its answer had arrived, so somebody else has it.
        refreshed(&province, &first).refused(401, "unauthenticated");
        refreshed(&province, &next).refused(401, "unauthenticated");

        let first = sign_in();
        let got = refreshed(&province, &first).ok();
        age(&province, 61);
        refreshed(&province, &first).refused(401, "unauthenticated");
        refreshed(&province, &got).refused(401, "unauthenticated");
    });
}

#[test]
fn one_sees_where_one_is_signed_in_and_ends_it() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let sign_in = |client: &str| {
            tokens(province, "/auth/token", json!({"username": "office", "password": PASSWORD}), client).ok()
        };
        let signed_in =
            |pair: &Value| Person { id: walk.office.id.clone(), token: text(pair, "access_token").to_owned() };
        let (phone, tablet) = (sign_in("OCOP/1.2 (Android 15)"), sign_in(&"x".repeat(500)));
        let renewed = refreshed(province, &phone).ok();
        let (own, other) = (signed_in(&renewed), signed_in(&tablet));
        let browser = Browser::signed_in(province, "office");
        let devices = |person: &Person| province.get(person, "/auth/devices").ok()["items"].as_array().unwrap().clone();
        let found = devices(&own);
        assert_eq!(found.iter().filter(|device| device["kind"] == "app").count(), 2, "{found:?}");
        assert_eq!(found.iter().filter(|device| device["kind"] == "browser").count(), 1, "{found:?}");
        let current: Vec<&Value> = found.iter().filter(|device| device["current"] == true).collect();
        assert_eq!(current.len(), 1, "{found:?}");
        assert_eq!(current[0]["client"], "Phone/2", "as it last renewed");
        assert!(moment(current[0], "began_at") < moment(current[0], "last_used_at"));
        assert!(found.iter().all(|device| device["client"].as_str().unwrap().chars().count() <= 80));
        assert!(browser.page("/desk/sessions").contains("Phone/2"));

        // Nobody else's, and at once.
        let id = text(current[0], "id").to_owned();
        let revoke =
            |person: &Person, id: &str| province.post(person, "/auth/devices/revoke", json!({"device_id": id}));
        revoke(&walk.here.officer, &id).refused(404, "not_found");
        assert_eq!(revoke(&other, &id).status, 204);
        revoke(&other, &id).refused(404, "not_found");
        province.get(&own, "/me").refused(401, "unauthenticated");
        refreshed(province, &renewed).refused(401, "unauthenticated");
        let session = devices(&other).into_iter().find(|device| device["kind"] == "browser").unwrap();
        assert_eq!(revoke(&other, text(&session, "id")).status, 204);
        assert_eq!(browser.get("/desk/ideas").status, 303);
        assert_eq!(devices(&other).len(), 1);
        let history = province.all(&walk.admin, &format!("/accounts/{}/history", walk.office.id));
        assert_eq!(history.iter().filter(|step| step["verb"] == "end-sign-in").count(), 2, "{history:?}");
    });
}

#[test]
fn everybody_learns_who_they_are_by_name() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let council = walk.council("439", 1, 3);
        let me = |person: &Person| province.get(person, "/me").ok();
        let chair = me(council.chair());
        let seat = &chair["seats"][0];
        assert_eq!(
            (&seat["council_id"], &seat["seat"], &seat["scores"]),
            (&json!(council.id), &json!("chair"), &json!(true))
        );
        assert_eq!(
            (&seat["round"], &seat["council_state"], &seat["working_group"]),
            (&json!(1), &json!("open"), &json!(false))
        );
        let officer = me(&walk.here.officer);
        assert_eq!(officer["unit_name"], seat["unit_name"]);
        assert_eq!(officer["seats"], json!([]));
        let producer = me(&walk.here.producer);
        let named = province.get(&walk.here.producer, &format!("/producers/{}", walk.here.producer_id)).ok();
        assert_eq!((&producer["producer_id"], &producer["producer_name"]), (&named["id"], &named["name"]));
    });
}

#[test]
fn a_draft_that_nobody_else_had_is_given_up() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, producer) = (&walk.province, &walk.here.producer);
        let draft = format!("/ideas/{}", walk.idea(&walk.here, "Mật ong"));
        let submitted = format!("/ideas/{}", walk.submitted_idea(&walk.here, "Rượu gạo"));
        let discard = |path: &str| {
            let version = province.get(producer, path).ok()["version"].as_i64().unwrap();
            province.at_version(Method::POST, producer, &format!("{path}/discard"), version, json!({"note": "Đổi ý"}))
        };
        let discarded = discard(&draft).ok();
        assert_eq!((&discarded["state"], &discarded["actions"]), (&json!("discarded"), &json!([])));
        let history = province.all(producer, &format!("{draft}/history"));
        assert_eq!((&history[1]["verb"], &history[1]["note"]), (&json!("discard"), &json!("Đổi ý")));
        discard(&draft).refused(409, "wrong_state");
        discard(&submitted).refused(409, "wrong_state");
        province.step(&walk.here.commune, &submitted, "return", json!({"note": "Bổ sung"})).ok();
        discard(&submitted).refused(409, "wrong_state");
        assert_eq!(province.get(producer, "/ideas?state=discarded&count=true").ok()["total"], 1);
    });
}

#[test]
fn pictures_are_put_in_order_and_removed() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, producer) = (&walk.province, &walk.here.producer);
        let product = format!("/products/{}", walk.approved(&walk.here, "Mật ong").product);
        let pictures = || ids(&province.all(producer, &format!("{product}/pictures")));
        for _ in 0..3 {
            province.upload(producer, &format!("{product}/pictures"), &[], A_PNG).created();
        }
        let first = pictures();
        let face = |id: &str| format!("/api/v1/pictures/{id}");
        assert_eq!(province.get(producer, &product).ok()["image"], face(&first[0]));
        let moved = province.step(producer, &product, "move-picture", json!({"picture_id": first[2], "place": 1})).ok();
        assert_eq!(moved["image"], face(&first[2]));
        assert_eq!(pictures(), [&first[2], &first[0], &first[1]].map(String::clone));
        let added =
            text(&province.upload(producer, &format!("{product}/pictures"), &[], A_PNG).created(), "id").to_owned();
        assert_eq!(pictures().last(), Some(&added), "behind the others");
        province.step(producer, &product, "move-picture", json!({"picture_id": first[2], "place": 9})).ok();
        assert_eq!(pictures(), [&first[0], &first[1], &added, &first[2]].map(String::clone));
        province
            .step(producer, &product, "move-picture", json!({"picture_id": first[2], "place": 0}))
            .invalid(&["/place"]);
        // Page by page in the same order.
        let page = province.get(producer, &format!("{product}/pictures?limit=3")).ok();
        let rest = province.get(producer, &format!("{product}/pictures?limit=3&after={}", text(&page, "next"))).ok();
        assert_eq!(ids(rest["items"].as_array().unwrap()), [first[2].clone()]);
        let removed = province.step(producer, &product, "remove-picture", json!({"picture_id": first[0]})).ok();
        assert_eq!(removed["image"], face(&first[1]));
        assert_eq!(pictures(), [&first[1], &added, &first[2]].map(String::clone));
        province
            .step(producer, &product, "remove-picture", json!({"picture_id": first[0]}))
            .fault("/picture_id", "unknown_picture");
        assert_eq!(province.public(&format!("/pictures/{}", first[0])).status, 404);
    });
}

#[test]
fn a_document_goes_unless_something_rests_on_it() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, producer) = (&walk.province, &walk.here.producer);
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        let product = format!("/products/{}", candidate.product);
        let documents = || ids(&province.all(producer, &format!("{product}/documents")));
        let before = documents();
        let remove = |id: &str| province.step(producer, &product, "remove-document", json!({"document_id": id}));
        for document in &before {
            remove(document).refused(409, "document_in_use");
        }
        let later = walk.document(&walk.here, &candidate.product);
        let lot = walk.lot(&walk.here, &candidate.product, "L-1");
        tell(&walk, &walk.here, &lot, with(event("test", "2021-02-21T08:00:00+07:00"), json!({"documents": [later]})))
            .created();
        remove(&later).refused(409, "document_in_use");
        let spare = walk.document(&walk.here, &candidate.product);
        assert_eq!(province.get(producer, &format!("/documents/{spare}")).status, 200);
        remove(&spare).ok();
        province.get(producer, &format!("/documents/{spare}")).refused(404, "not_found");
        assert!(!documents().contains(&spare));
        remove(&spare).fault("/document_id", "unknown_document");
    });
}

#[test]
fn one_answer_holds_all_that_a_member_needs_at_a_session() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let council = walk.council("439", 1, 4);
        let path = format!("/councils/{}/session", council.id);
        let member = &council.scorers[2];
        let (one, two) = (walk.handed_in(&walk.here, "Mật ong"), walk.handed_in(&walk.here, "Kẹo lạc"));
        let item = walk.agenda_item(&council, &one.dossier);
        let few = statements(province, || drop(province.get(member, &path).ok()));
        walk.agenda_item(&council, &two.dossier);
        province.step(council.chair(), &format!("/agenda-items/{item}"), "open-scoring", json!({})).ok();
        assert_eq!(
            statements(province, || drop(province.get(member, &path).ok())),
            few,
            "however many items there are"
        );
        walk.submit_sheet(member, &item, 60);
        walk.submit_sheet(&council.scorers[3], &item, 61);
        let session = province.get(member, &path).ok();
        let items = province.all(member, &format!("/agenda-items?council_id={}", council.id));
        assert_eq!(session["items"], json!(items));
        let sheets = session["sheets"].as_array().unwrap();
        assert_eq!(sheets.len(), 2);
        for sheet in sheets {
            let alone = province.get(member, &format!("/agenda-items/{}/sheet", text(sheet, "agenda_item_id"))).ok();
            assert_eq!(*sheet, alone, "one's own");
        }
        for product in session["products"].as_array().unwrap() {
            let alone = province.get(member, &format!("/products/{}", text(product, "id"))).ok();
            assert_eq!((&product["name"], &product["version"]), (&alone["name"], &alone["version"]));
            let pictures = province.all(member, &format!("/products/{}/pictures", text(product, "id")));
            assert_eq!(product["pictures"], json!(pictures));
        }
        for document in session["documents"].as_array().unwrap() {
            assert_eq!(*document, province.get(member, &format!("/documents/{}", text(document, "id"))).ok());
        }
        let dossiers = session["dossiers"].as_array().unwrap();
        assert_eq!((dossiers.len(), session["producers"].as_array().unwrap().len()), (2, 1));
        let set = &session["criteria_sets"][0];
        let tree = province
            .get(
                member,
                &format!(
                    "/criteria-sets/{}?edition={}&version={}",
                    text(set, "code"),
                    text(set, "edition"),
                    set["version"]
                ),
            )
            .ok();
        assert_eq!(set["set"], tree);
        // Asked again it is not sent again, until something of it is another.
        let ask = |tag: &HeaderValue| {
            let request = province.request(Method::GET, &path).bearer_auth(&member.token).header(IF_NONE_MATCH, tag);
            request.send().unwrap().status().as_u16()
        };
        let tag = province.get(member, &path).headers[ETAG].clone();
        assert_eq!(ask(&tag), 304);
        province.step(&council.scorers[3], &format!("/agenda-items/{item}/sheet"), "withdraw", json!({})).ok();
        assert_eq!(ask(&tag), 304, "what another member does changes nothing");
        province.step(member, &format!("/agenda-items/{item}/sheet"), "withdraw", json!({})).ok();
        assert_eq!(ask(&tag), 200);
        // Who reads the agenda without a seat has no sheets, and who does not see the council nothing.
        assert_eq!(province.get(&walk.office, &path).ok()["sheets"], json!([]));
        province.get(&walk.here.producer, &path).refused(404, "not_found");
        province.get(&walk.idle, &path).refused(404, "not_found");
    });
}

#[test]
fn apps_are_named_where_the_settings_name_them() {
    on_both(|engine| {
        let mut province = Province::new(engine);
        for file in ["assetlinks.json", "apple-app-site-association"] {
            province.public(&format!("/.well-known/{file}")).refused(404, "not_found");
        }
        let fingerprint = vec!["0A"; 32].join(":");
        let android = format!("vn.example.ocop={fingerprint}");
        province.restart(&["--android-apps", &android, "--apple-apps", "A1B2C3D4E5.vn.example.ocop"]);
        let links = province.public("/.well-known/assetlinks.json").ok();
        let target = &links[0]["target"];
        assert_eq!(
            (&target["package_name"], &target["sha256_cert_fingerprints"]),
            (&json!("vn.example.ocop"), &json!([fingerprint]))
        );
        let association = province.public("/.well-known/apple-app-site-association");
        assert_eq!(association.headers["content-type"], "application/json");
        let detail = &association.ok()["applinks"]["details"][0];
        assert_eq!(detail["appIDs"], json!(["A1B2C3D4E5.vn.example.ocop"]));
        assert!(detail["components"].as_array().unwrap().contains(&json!({"/": "/t/*"})));
    });
}

#[test]
fn what_is_made_is_where_its_location_says() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let council = walk.council("439", 1, 3);
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        let item = walk.agenda_item(&council, &candidate.dossier);
        let lot = walk.lot(&walk.here, &candidate.product, "L-1");
        let (producer, officer) = (&walk.here.producer, &walk.here.officer);
        let document = event("test", "2021-02-21T08:00:00+07:00");
        for (person, path, form) in [
            (producer, format!("/lots/{lot}/events"), document),
            (officer, format!("/agenda-items/{item}/remarks"), json!({"text": "Thiếu giấy kiểm nghiệm"})),
        ] {
            let made = province.post(person, &path, form);
            let location = made.headers["location"].to_str().unwrap().strip_prefix("/api/v1").unwrap().to_owned();
            let mut made = made.created();
            assert!(location.ends_with(text(&made, "id")), "{location}");
            made.as_object_mut().unwrap().remove("parent_version");
            assert_eq!(province.get(person, &location).ok(), made);
            let other = format!("{path}/{}", uuid::Uuid::nil());
            province.get(person, &other).refused(404, "not_found");
            province.get(&walk.there.producer, &location).refused(404, "not_found");
        }
        province.get(producer, &format!("/agenda-items/{item}/remarks/{item}")).refused(403, "forbidden");
    });
}
