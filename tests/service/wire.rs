//! What HTTP itself promises: methods, heads, names of requests, packed bodies, readers of other origins, conditions, keys.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::Method;
use reqwest::blocking::RequestBuilder;
use serde_json::{Value, json};

use crate::engine::{Engine, on_both};
use crate::province::{PASSWORD, Province, Reply};
use crate::routes::document;
use crate::walk::{Walk, cycle_form, id, producer_form, shop_form};

fn said<'a>(reply: &'a Reply, name: &str) -> &'a str {
    reply.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

fn send(request: RequestBuilder) -> Reply {
    Reply::of(request.send().unwrap())
}

/// Addresses with a made-up id in each variable part, and the methods that the document names of each.
fn addresses() -> BTreeMap<String, Vec<Method>> {
    let mut addresses: BTreeMap<String, Vec<Method>> = BTreeMap::new();
    for (template, operations) in document()["paths"].as_object().unwrap() {
        let filled = |part: &str| {
            if part.starts_with('{') { "00000000-0000-0000-0000-000000000000".into() } else { part.to_owned() }
        };
        let path: Vec<String> = template.split('/').map(filled).collect();
        let methods = operations.as_object().unwrap().keys().filter(|name| *name != "parameters");
        addresses.insert(path.join("/"), methods.map(|method| method.to_uppercase().parse().unwrap()).collect());
    }
    addresses
}

#[test]
fn every_address_tells_its_methods_and_refuses_others_with_them() {
    let province = Province::new(Engine::Sqlite);
    for (path, methods) in addresses() {
        let options = send(province.at_site(Method::OPTIONS, &path));
        let allowed: Vec<&str> = said(&options, "allow").split(", ").collect();
        assert_eq!(options.status, 204, "{path}");
        assert!(methods.iter().all(|method| allowed.contains(&method.as_str())), "{path}: {allowed:?}");
        assert_eq!(allowed.contains(&"HEAD"), allowed.contains(&"GET"), "{path}: {allowed:?}");
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"] {
            let reply = send(province.at_site(method.parse().unwrap(), &path));
            let is_allowed = allowed.contains(&method);
            assert_eq!(reply.status == 405, !is_allowed, "{method} {path}: {} {allowed:?}", reply.status);
            if !is_allowed {
                assert_eq!(said(&reply, "allow"), said(&options, "allow"), "{method} {path}");
                reply.refused(405, "method_not_allowed");
            }
        }
    }
    for (path, allowed) in [("/desk", "GET, HEAD, OPTIONS"), ("/desk/password", "GET, HEAD, OPTIONS, POST")] {
        let reply = send(province.at_site(Method::DELETE, path));
        assert_eq!((reply.status.as_u16(), said(&reply, "allow")), (405, allowed), "{path}");
    }
    for method in [Method::GET, Method::OPTIONS, Method::DELETE] {
        send(province.at_site(method, "/nowhere")).refused(404, "not_found");
    }
}

#[test]
fn head_is_get_without_the_body() {
    let walk = Walk::new(Engine::Sqlite);
    let province = &walk.province;
    for (path, methods) in addresses() {
        if !methods.contains(&Method::GET) || methods.contains(&Method::HEAD) {
            continue;
        }
        let ask = |method| send(province.at_site(method, &path).bearer_auth(&walk.admin.token));
        let (get, head) = (ask(Method::GET), ask(Method::HEAD));
        assert_eq!(get.status, head.status, "{path}");
        assert_eq!(said(&get, "content-type"), said(&head, "content-type"), "{path}");
        assert_eq!(said(&get, "etag"), said(&head, "etag"), "{path}");
        assert!(head.bytes.is_empty(), "{path}");
    }
}

#[test]
fn what_leaves_once_does_not_leave_by_its_head() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, here) = (&walk.province, &walk.here);
        let candidate = walk.approved(here, "Mật ong");
        let order = walk.issued(here, &candidate.product, 3);
        let exports = || province.all(&walk.office, &format!("/stamp-orders/{order}/exports")).len();
        let codes = format!("/stamp-orders/{order}/codes.csv");
        let before = exports();
        let head = send(province.request(Method::HEAD, &codes).bearer_auth(&here.producer.token));
        assert_eq!((head.status.as_u16(), exports()), (200, before));
        let link = province.post(
            &walk.office,
            &format!("/stamp-orders/{order}/export-links"),
            json!({"printer": "In Hà Tĩnh"}),
        );
        let link = link.created()["url"].as_str().unwrap().to_owned();
        let link = format!("/stamp-exports/{}", link.rsplit('/').next().unwrap());
        let ask = |method| send(province.request(method, &link)).status.as_u16();
        assert_eq!((ask(Method::HEAD), ask(Method::GET), ask(Method::GET)), (404, 200, 404));
    });
}

#[test]
fn every_answer_has_the_name_of_its_request() {
    let province = Province::new(Engine::Sqlite);
    let ask = |path: &str, name: Option<&str>| {
        let request = province.at_site(Method::GET, path);
        send(name.into_iter().fold(request, |request, name| request.header("x-request-id", name)))
    };
    for path in ["/", "/api/v1/units", "/api/v1/me", "/nowhere", "/docs/", "/healthz"] {
        assert_eq!(said(&ask(path, Some("tablet-7.42")), "x-request-id"), "tablet-7.42", "{path}");
        let (one, other) = (ask(path, None), ask(path, None));
        let names = [&one, &other].map(|reply| said(reply, "x-request-id").parse::<uuid::Uuid>().unwrap());
        assert_ne!(names[0], names[1], "{path}");
        for odd in ["a b", "", "<script>", &"x".repeat(200)] {
            assert_ne!(said(&ask(path, Some(odd)), "x-request-id"), odd, "{path}");
        }
    }
}

#[test]
fn pages_of_other_origins_read_what_anybody_may_and_the_api_where_they_are_listed() {
    let (ours, others) = ("https://app.example.vn", "https://elsewhere.example");
    let folder = crate::engine::new_folder();
    let url = Engine::Sqlite.new_database(folder.path());
    let province = Province::over(url, &["--allowed-origins", ours]);
    let allowed = |method: Method, path: &str, origin: &str| {
        said(&send(province.at_site(method, path).header("origin", origin)), "access-control-allow-origin") == origin
    };
    let asked = |method: &str, path: &str, origin: &str| {
        let request = province.at_site(Method::OPTIONS, path).header("origin", origin);
        let request = request.header("access-control-request-method", method);
        let reply = send(request.header("access-control-request-headers", "authorization, if-match, idempotency-key"));
        assert!(!reply.headers.contains_key("access-control-allow-credentials"), "cookies stay at home");
        said(&reply, "access-control-allow-origin") == origin
            && said(&reply, "access-control-allow-methods").contains(method)
    };
    for path in ["/api/v1/public/products", "/.well-known/jwks.json", "/catalogue.json", "/01/8930000000001"] {
        for origin in [ours, others] {
            assert!(allowed(Method::GET, path, origin) && asked("GET", path, origin), "{path} {origin}");
        }
        assert!(!asked("POST", path, others), "{path}");
    }
    for (method, path) in [("GET", "/api/v1/me"), ("PATCH", "/api/v1/ideas/1"), ("POST", "/api/v1/registrations")] {
        assert!(asked(method, path, ours) && !asked(method, path, others), "{path}");
        assert!(
            allowed(method.parse().unwrap(), path, ours) && !allowed(method.parse().unwrap(), path, others),
            "{path}"
        );
    }
    for path in ["/desk", "/", "/register"] {
        for origin in [ours, others] {
            assert!(!allowed(Method::GET, path, origin) && !asked("POST", path, origin), "{path} {origin}");
        }
    }
    let exposed = send(province.at_site(Method::GET, "/api/v1/me").header("origin", ours));
    for name in ["etag", "location", "link", "retry-after", "x-request-id", "idempotent-replayed"] {
        assert!(said(&exposed, "access-control-expose-headers").contains(name), "{name}");
    }
}

fn packed(body: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(body).unwrap();
    packer.finish().unwrap()
}

#[test]
fn packed_bodies_are_unpacked_within_the_limit_and_other_packings_are_named() {
    let walk = Walk::new(Engine::Sqlite);
    let shop = |packing: &str, body: Vec<u8>| {
        let request = walk.province.request(Method::POST, "/shops").bearer_auth(&walk.office.token);
        let request = request.header("content-type", "application/json").header("content-encoding", packing);
        send(request.body(body))
    };
    let form = shop_form("Điểm bán hàng OCOP", "18133").to_string();
    assert_eq!(shop("gzip", packed(form.as_bytes())).created()["name"], "Điểm bán hàng OCOP");
    shop("identity", form.clone().into_bytes()).created();
    let packing = shop("br", form.clone().into_bytes());
    assert_eq!(said(&packing, "accept-encoding"), "gzip");
    packing.refused(415, "unsupported_encoding");
    shop("gzip, gzip", packed(&packed(form.as_bytes()))).refused(415, "unsupported_encoding");
    shop("gzip", form.clone().into_bytes()).refused(400, "malformed");
    let cut: Vec<u8> = packed(form.as_bytes()).into_iter().take(20).collect();
    shop("gzip", cut).refused(400, "malformed");
    // A few kilobytes that stand for fifty megabytes.
    let bomb = packed(&vec![b' '; 50 << 20]);
    assert!(bomb.len() < 100 << 10);
    shop("gzip", bomb).refused(413, "too_large");
}

#[test]
fn what_is_too_long_before_the_body_is_refused_in_words() {
    let province = Province::new(Engine::Sqlite);
    let address = format!("/api/v1/units?q={}", "a".repeat(62_000));
    send(province.at_site(Method::GET, &address)).refused(414, "address_too_long");
    let large = province.at_site(Method::GET, "/api/v1/units").header("x-large", "a".repeat(40_000));
    send(large).refused(431, "head_too_large");
}

#[test]
fn a_version_is_named_by_lists_and_weak_tags_too() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let idea = format!("/ideas/{}", walk.idea(&walk.here, "Mật ong"));
        let change = |named: &str, name: &str| {
            let body = json!({"product_name": name}).to_string();
            walk.province.raw(&Method::PATCH, Some(&walk.here.producer), &idea, Some(named), body)
        };
        for (named, name) in [("W/\"1\"", "a"), ("\"1\", \"2\"", "b"), ("\"9\",W/\"3\"", "c"), ("*", "d")] {
            assert_eq!(change(named, name).ok()["product_name"], name);
        }
        for named in ["\"1\", \"2\"", "W/\"4\"", "\"x\"", ""] {
            change(named, "e").refused(412, "stale_version");
        }
    });
}

#[test]
fn json_is_read_as_it_is_meant() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let mut form = walk.idea_form("Mật ong");
        form["target_value"] = json!("#");
        let send = |form: String| walk.province.raw(&Method::POST, Some(&walk.here.producer), "/ideas", None, form);
        for (written, read) in [("500000000.0", 500_000_000_i64), ("5e8", 500_000_000)] {
            let made = send(form.to_string().replace("\"#\"", written)).created();
            assert_eq!(made["target_value"], read);
        }
        send(form.to_string().replace("\"#\"", "5.5")).fault("/target_value", "wrong_type");
        let twice = form.to_string().replace("\"#\"", "1").replace('}', ", \"kind\": \"upgrade\"}");
        send(twice).fault("/kind", "repeated");
    });
}

#[test]
fn a_cursor_goes_on_with_its_own_list_only() {
    let walk = Walk::new(Engine::Sqlite);
    for name in ["Mật ong", "Mật mía", "Mật hoa"] {
        walk.idea(&walk.here, name);
    }
    let list = |path: &str| walk.province.get(&walk.here.producer, path);
    let first = list("/ideas?limit=1&state=draft").ok();
    let next = first["next"].as_str().unwrap();
    assert_eq!(list(&format!("/ideas?limit=2&state=draft&after={next}")).ok()["items"].as_array().unwrap().len(), 2);
    for other in
        ["/ideas?limit=1", "/ideas?state=submitted", "/products?state=draft", "/ideas?state=draft&q=m%E1%BA%ADt"]
    {
        let sign = if other.contains('?') { '&' } else { '?' };
        list(&format!("{other}{sign}after={next}")).refused(422, "invalid");
    }
}

#[test]
fn what_is_sent_again_under_its_key_is_answered_as_the_first_time() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, here) = (&walk.province, &walk.here);
        let keyed = |path: &str, key: &str, body: &Value| {
            let request = province.request(Method::POST, path).header("idempotency-key", key).json(body);
            send(request.bearer_auth(&here.producer.token))
        };
        let idea = walk.idea_form("Mật ong");
        let (first, again) = (keyed("/ideas", "k-1", &idea), keyed("/ideas", "k-1", &idea));
        assert_eq!((said(&first, "idempotent-replayed"), said(&again, "idempotent-replayed")), ("", "true"));
        assert_eq!(first.created(), again.created());
        // Without an account: a registration, and a doubt.
        let form = json!({"consent": {"version": 1}, "producer": producer_form("Hộ Mật ong", "18196", "030099000124"),
            "account": {"username": "mat-ong", "password": PASSWORD, "name": "Ông Ong"}});
        let register = |key: &str, form: &Value| {
            send(province.request(Method::POST, "/registrations").header("idempotency-key", key).json(form))
        };
        let (first, again) = (register("k-1", &form), register("k-1", &form));
        assert_eq!((said(&first, "idempotent-replayed"), said(&again, "idempotent-replayed")), ("", "true"));
        assert_eq!(first.created(), again.created());
        // Under another key it is another's, who asks for the same user name.
        register("k-2", &form).refused(409, "username_taken");
        let mut other = form.clone();
        other["account"]["username"] = json!("mat-ong-2");
        register("k-3", &other).created();
        register("khóa", &form).fault("Idempotency-Key", "malformed_idempotency_key");
        assert_eq!(province.all(&here.commune, "/registrations").len(), 2);
    });
}

#[test]
fn a_doubt_that_is_sent_again_under_its_key_is_one_doubt() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, here) = (&walk.province, &walk.here);
        let candidate = walk.approved(here, "Mật ong");
        let code = walk.activated(here, &candidate.product, 2).remove(0);
        let doubt = |key: &str, text: &str| {
            let request = province.request(Method::POST, &format!("/t/{code}/doubts")).header("idempotency-key", key);
            send(request.json(&json!({"text": text, "contact": "0900000000", "consent": {"version": 1}})))
        };
        let (first, again) = (doubt("k-1", "Nhãn mờ"), doubt("k-1", "Nhãn mờ"));
        assert_eq!((said(&first, "idempotent-replayed"), said(&again, "idempotent-replayed")), ("", "true"));
        assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201));
        assert_eq!(first.json(), again.json());
        assert_ne!(
            doubt("k-1", "Hàng giả").json()["receipt"],
            first.json()["receipt"],
            "another doubt under a stranger's key"
        );
        assert_eq!(province.all(&walk.office, "/doubts").len(), 2);
    });
}

#[test]
fn a_patch_changes_what_it_names_clears_by_null_and_makes_no_version_of_nothing() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, here) = (&walk.province, &walk.here);
        let candidate = walk.approved(here, "Mật ong");
        let draft = id(&province.post(&walk.office, "/cycles", cycle_form(2022)).created());
        let shop = id(&province.post(&walk.office, "/shops", shop_form("Điểm bán", "18133")).created());
        let idea = format!("/ideas/{}", walk.idea(here, "Mật mía"));
        let product = format!("/products/{}", candidate.product);
        let dossier = format!("/dossiers/{}", candidate.dossier);
        // Who changes, what, to what, and what cannot be empty of it.
        let things = [
            (
                &here.producer,
                idea,
                json!({"description": "Mật mía nấu"}),
                vec!["product_name", "description", "kind", "target_value"],
            ),
            (
                &here.producer,
                product,
                json!({"story": "Từ năm 2017", "origin": "Hương Sơn", "gtin": "8934563138165"}),
                vec![],
            ),
            (&here.producer, dossier, json!({"figures": {"yearly_output": 5}}), vec![]),
            (
                &walk.office,
                format!("/cycles/{draft}"),
                json!({"idea_deadline": "2022-04-30"}),
                vec!["year", "idea_deadline", "stamps_from", "edition"],
            ),
            (&walk.office, format!("/shops/{shop}"), json!({"phone": "0239300001"}), vec!["name", "opened_on"]),
            (
                &here.commune,
                format!("/producers/{}", here.producer_id),
                json!({"email": "htx@example.vn"}),
                vec!["name", "phone", "public_phone"],
            ),
            (&walk.admin, format!("/accounts/{}", walk.idle.id), json!({"residence": "Thôn 1"}), vec!["name"]),
        ];
        for (person, path, change, filled) in things {
            let changed = province.patch(person, &path, change.clone()).ok();
            for (name, value) in change.as_object().unwrap() {
                assert_eq!(changed[name], *value, "{path}");
            }
            for nothing in [change.clone(), json!({})] {
                let same = province.patch(person, &path, nothing).ok();
                assert_eq!(same["version"], changed["version"], "{path}: nothing changed");
            }
            assert_eq!(province.get(person, &path).ok()["version"], changed["version"], "{path}");
            for name in filled {
                province.patch(person, &path, json!({name: null})).fault(&format!("/{name}"), "required");
            }
            assert_eq!(
                province.get(person, &path).ok()["version"],
                changed["version"],
                "{path}: refused, nothing written"
            );
        }
        // What can be empty is cleared by null and by an empty text.
        let product = format!("/products/{}", candidate.product);
        for empty in [json!(null), json!("")] {
            let told = json!({"story": "Từ năm 2017", "origin": "Hương Sơn", "gtin": "8934563138165"});
            province.patch(&here.producer, &product, told).ok();
            let cleared =
                province.patch(&here.producer, &product, json!({"story": empty, "origin": empty, "gtin": empty})).ok();
            assert_eq!(
                (&cleared["story"], &cleared["origin"], &cleared["gtin"]),
                (&json!(""), &json!(null), &json!(null))
            );
        }
    });
}
