//! Who gives data of theirs agrees to a text first, and which version it was is kept.

use reqwest::Method;
use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::desk_browser::{Browser, Filled, form};
use crate::engine::on_both;
use crate::province::{PASSWORD, Province, Reply};
use crate::walk::{PNG, Walk, producer_form};

fn texts(province: &Province) -> Reply {
    province.answer(Method::GET, "/public/consents", false, province.request(Method::GET, "/public/consents"))
}

#[test]
fn everybody_reads_what_is_agreed_to_and_may_keep_it() {
    on_both(|engine| {
        let province = Province::new(engine);
        let told = texts(&province);
        let tag = told.headers["etag"].to_str().unwrap().to_owned();
        assert!(told.headers["cache-control"].to_str().unwrap().contains("public"));
        let items = told.ok()["items"].as_array().unwrap().clone();
        let of = |kind: &str| items.iter().find(|text| text["kind"] == kind && text["in_force"] == true).unwrap();
        for kind in ["registration", "doubt"] {
            let text = of(kind);
            assert_eq!((&text["version"], &text["valid_from"]), (&json!(1), &json!("2018-05-07")));
            for (member, language) in [("purpose", "vi"), ("purpose", "en"), ("text", "vi"), ("text", "en")] {
                assert!(text[member][language].as_str().unwrap().len() > 30, "{text}");
            }
        }
        let again = province.request(Method::GET, "/public/consents").header("if-none-match", tag);
        assert_eq!(again.send().unwrap().status(), 304);
        let unknown = province.request(Method::GET, "/public/consents?kind=doubt");
        assert_eq!(unknown.send().unwrap().status(), 422);
    });
}

#[test]
fn nobody_registers_without_agreeing_to_the_text_in_force() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let register = |consent: Option<Value>| {
            let mut body = json!({"producer": producer_form("HTX Hương Sơn", "18196", "3000111222"),
                "account": {"username": "huong-son", "password": PASSWORD, "name": "Trần Thị Bình"}});
            body.as_object_mut().unwrap().extend(consent.map(|consent| ("consent".to_owned(), consent)));
            Reply::of(province.request(Method::POST, "/registrations").json(&body).send().unwrap())
        };
        register(None).fault("/consent", "required");
        register(Some(json!(null))).fault("/consent", "required");
        register(Some(json!({}))).fault("/consent/version", "required");
        let outdated = register(Some(json!({"version": 2})));
        assert!(outdated.text.contains("Version 1") || outdated.text.contains("bản 1"), "{}", outdated.text);
        outdated.fault("/consent/version", "consent_not_in_force");
        assert!(province.all(&walk.here.commune, "/registrations").is_empty());
        register(Some(json!({"version": 1}))).created();
        let known = province.all(&walk.here.commune, "/registrations").remove(0);
        assert_eq!(known["consent"], json!({"version": 1, "at": known["created_at"]}));
        let page = Browser::signed_in(province, "commune-439");
        let page = page.page(&format!("/desk/registrations/{}", known["id"].as_str().unwrap()));
        assert!(page.contains("Đã đồng ý với văn bản"), "{page}");
    });
}

#[test]
fn the_page_of_registration_refuses_beside_the_box_that_nobody_ticked() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let stranger = Browser::new(&walk.province);
        let page = stranger.page("/register");
        assert!(page.contains("Tôi đồng ý") && page.contains("quyền xem, sửa"), "{page}");
        let empty = form(&page, "register");
        let is_ticked = |form: &Filled| form.fields.iter().any(|(name, _)| name == "consent.version");
        assert!(!is_ticked(&empty), "nobody agrees beforehand");
        let reply = stranger.send(&empty);
        assert_eq!(reply.status, 422);
        assert!(reply.text.contains("id=\"register-consent-version-fault\""), "{}", reply.text);
        assert!(reply.text.contains("href=\"#register-consent-version\""), "{}", reply.text);
        // What was ticked stays ticked while the rest is mended; a box of another version is no consent to this one.
        let reply = stranger.send(&empty.clone().with("consent.version", "1"));
        assert!(!reply.text.contains("id=\"register-consent-version-fault\""), "{}", reply.text);
        assert!(is_ticked(&form(&reply.text, "register")));
        let reply = stranger.send(&empty.with("consent.version", "2"));
        assert!(reply.text.contains("bản 1"), "{}", reply.text);
        assert!(!is_ticked(&form(&reply.text, "register")));
    });
}

#[test]
fn a_doubt_needs_a_consent_where_it_says_something_of_a_person() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let code = walk.activated(&walk.here, &product, 1).remove(0);
        let request = || walk.province.request(Method::POST, &format!("/t/{code}/doubts"));
        let send = |body: Value| Reply::of(request().json(&body).send().unwrap());
        let photo = || Part::bytes(PNG.to_vec()).file_name("a.png").mime_str("image/png").unwrap();
        send(json!({"text": "Mờ", "contact": "0912"})).fault("/consent", "required");
        send(json!({"text": "Mờ", "contact": "0912", "consent": {"version": 2}}))
            .fault("/consent/version", "consent_not_in_force");
        send(json!({"text": "Mờ", "consent": {"version": 2}})).fault("/consent/version", "consent_not_in_force");
        let upload = |form: Form| Reply::of(request().multipart(form).send().unwrap());
        upload(Form::new().text("text", "Mờ").part("file", photo())).fault("/consent", "required");
        assert!(walk.province.all(&walk.office, "/doubts").is_empty());

        assert_eq!(send(json!({"text": "Không riêng tư", "contact": "  "})).status, 201);
        assert_eq!(send(json!({"text": "Có liên hệ", "contact": "0912", "consent": {"version": 1}})).status, 201);
        assert_eq!(upload(Form::new().text("text", "Có ảnh").part("file", photo()).text("consent", "1")).status, 201);
        let doubts = walk.province.all(&walk.office, "/doubts");
        let consent = |text: &str| {
            let doubt = doubts.iter().find(|doubt| doubt["text"] == text).unwrap();
            (doubt["consent"].clone(), doubt["at"].clone())
        };
        assert_eq!(consent("Không riêng tư").0, json!(null));
        for text in ["Có liên hệ", "Có ảnh"] {
            let (given, at) = consent(text);
            assert_eq!(given, json!({"version": 1, "at": at}));
        }
        // The page gives the form back, with what is wrong beside the box and what was written still there.
        let fields = Form::new().text("text", "Mờ").text("contact", "0912 345 678");
        let page = Reply::of(request().header("accept", "text/html").multipart(fields).send().unwrap());
        assert_eq!(page.status, 422);
        assert!(page.text.contains("id=\"consent-fault\"") && page.text.contains("0912 345 678"), "{}", page.text);
        assert!(!page.text.contains(" checked"), "nobody agreed");
    });
}
