//! The page behind a stamp: what it says first, what it is made of, what it says when there is nothing to say.

use std::collections::BTreeSet;

use ocop::http::Language;
use ocop::page::Texts;
use reqwest::Method;
use serde_json::{Value, json};

use super::driver::{Browser, is_at_hand};
use super::ground::{Ground, NAME};
use super::pages::broken;
use crate::engine::{Engine, on_both};
use crate::province::Reply;

/// What programs are told of the same stamp, in a language.
fn told(ground: &Ground, shown: &str, language: &str) -> Value {
    let path = format!("/t/{}", ground.code(shown));
    let url = ground.walk.province.url(&path);
    // A preview is not counted.
    let request = reqwest::blocking::Client::new()
        .request(Method::GET, url)
        .header("accept-language", language)
        .header("user-agent", "facebookexternalhit/1.1");
    Reply::of(request.send().unwrap()).ok()
}

/// What pages say in a language.
fn texts(language: &str) -> &'static Texts {
    Texts::of(if language == "en" { Language::English } else { Language::Vietnamese })
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{value} has no {name}"))
}

/// The page says what programs are told: the verdict first, each warning, and stars only where there are some.
fn says(browser: &Browser, ground: &Ground, shown: &str, language: &str) {
    let answer = told(ground, shown, language);
    browser.open(&ground.url(&format!("/t/{}", ground.code(shown))));
    let first = browser.run("return document.querySelector('h1, h2, h3, h4').innerText");
    let first = first.as_str().unwrap();
    assert!(first.contains(text(&answer["words"], "title")), "{shown}: {first}");
    let page = browser.text("main");
    for note in answer["notes"].as_array().unwrap() {
        assert!(page.contains(text(note, "text")), "{shown}: {} is not in {page}", note["text"]);
    }
    assert_eq!(browser.count(".warnings li"), answer["notes"].as_array().unwrap().len(), "{shown}");
    let stars = answer["product"]["stars"].as_u64().unwrap_or(0);
    let drawn: usize = browser.texts(".stars").iter().map(|text| text.matches('★').count()).max().unwrap_or(0);
    assert_eq!(drawn, usize::try_from(stars).unwrap(), "{shown}");
    assert_eq!(page.contains('★'), stars > 0, "{shown}: {page}");
    assert_eq!(browser.run("return document.documentElement.lang"), language);
}

#[test]
fn each_verdict_and_each_warning_has_its_page_in_both_languages() {
    if !is_at_hand() {
        return;
    }
    let mut ground = Ground::new(Engine::Sqlite);
    let browsers = [("vi", Browser::new("vi")), ("en", Browser::new("en"))];
    let mut signs = BTreeSet::new();
    for (language, browser) in &browsers {
        for (shown, _) in &ground.stamps {
            says(browser, &ground, shown, language);
            let sign = browser.run(
                "const box = document.querySelector('.verdict'), sign = box.querySelector('[aria-hidden=true]');
                 return [['good', 'doubt', 'bad'].find(mood => box.classList.contains(mood)), sign.innerText.trim()]",
            );
            let (mood, sign) = (sign[0].as_str().unwrap().to_owned(), sign[1].as_str().unwrap().to_owned());
            assert!(!sign.is_empty(), "{shown} has only a colour");
            signs.insert((mood, sign));
        }
    }
    // Each mood has one sign of its own.
    let moods: BTreeSet<&String> = signs.iter().map(|(mood, _)| mood).collect();
    let drawn: BTreeSet<&String> = signs.iter().map(|(_, sign)| sign).collect();
    assert_eq!((signs.len(), moods.len(), drawn.len()), (3, 3, 3), "{signs:?}");
    let warned = |shown: &str| told(&ground, shown, "vi")["warnings"].clone();
    assert_eq!(warned("genuine"), json!([]));
    for warning in ["past_shelf_life", "not_rated", "display"] {
        assert_eq!(warned(warning), json!([warning]));
    }

    // Years later the certificate has run out, and the stars with it.
    ground.walk.province.restart(&["--clock", "2026-03-01T08:00:00+07:00"]);
    for (language, browser) in &browsers {
        says(browser, &ground, "genuine", language);
        let (_, number) = ground.certificates.iter().find(|(standing, _)| *standing == "valid").unwrap();
        browser.open(&ground.url(&format!("/c/{number}")));
        let (expired, main) = (texts(language).certificate.expired, browser.text("main"));
        assert!(main.contains(expired) && !main.contains('★'), "{main}");
    }
    assert_eq!(told(&ground, "genuine", "vi")["warnings"], json!(["certificate_expired", "past_shelf_life"]));
}

#[test]
fn a_scan_shows_the_goods_and_their_way_on_both_engines() {
    if !is_at_hand() {
        return;
    }
    on_both(|engine| {
        let ground = Ground::new(engine);
        let browser = Browser::new("vi");
        // As the QR spells it.
        browser.open(&ground.url(&format!("/T/{}", ground.code("genuine"))));
        let page = browser.text("main");
        for said in [NAME, "Hợp tác xã 439", "0239 3875 555", "L-2021-01", "20/02/2021", "Vụ xuân", "24 tháng"]
        {
            assert!(page.contains(said), "{said} is not in {page}");
        }
        let number = &ground.certificates.iter().find(|(standing, _)| *standing == "valid").unwrap().1;
        assert!(page.contains(number.as_str()), "{page}");
        let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is not in {page}"));
        let way = ["Rừng Vũ Quang", "Lọc, hạ thủy phần", "Hũ 500 ml", "Điểm bán hàng OCOP Phố Châu"].map(place);
        assert!(way.is_sorted(), "the journey is told in its order: {page}");
        let drawn = browser
            .run("const i = document.querySelector('main img'); return [i.complete && i.naturalWidth > 100, i.alt]");
        assert_eq!(drawn, json!([true, NAME]));
    });
}

/// An unknown code, one of earlier software, and a province whose database is gone.
#[test]
fn a_page_says_what_to_do_when_there_is_no_stamp_to_show() {
    if !is_at_hand() {
        return;
    }
    let ground = Ground::new(Engine::Sqlite);
    let browser = Browser::new("vi");
    let opened = |address: &str, status: i64| {
        browser.open(address);
        let found = browser.fetched().into_iter().find(|part| part.kind == "Document").unwrap();
        assert_eq!(found.status, status, "{address}");
        assert_eq!(browser.count("h1"), 1);
        browser.text("main")
    };
    let unknown = opened(&ground.url("/t/ABCDEFGHJKMNPQRSTVWX"), 404);
    assert!(unknown.contains("không do tỉnh phát hành"), "{unknown}");
    let old = opened(&ground.url("/t/SP-00123"), 200);
    assert!(old.contains(NAME), "{old}");
    let Some((walk, code)) = broken() else { return };
    let gone = opened(&format!("http://{}/t/{code}", walk.province.address), 503);
    assert!(gone.contains("thử lại") && !gone.contains("tin cậy"), "it says nothing of the goods: {gone}");
}

/// The first view, from a browser that has never been here.
#[test]
fn the_first_view_is_one_page_and_one_stylesheet_of_sixty_kilobytes_at_most() {
    if !is_at_hand() {
        return;
    }
    let ground = Ground::new(Engine::Sqlite);
    for language in ["vi", "en"] {
        let browser = Browser::new(language);
        browser.open(&ground.url(&format!("/t/{}", ground.code("genuine"))));
        let fetched = browser.fetched();
        let mut kinds: Vec<&str> = fetched.iter().map(|part| part.kind.as_str()).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["Document", "Image", "Stylesheet"], "{fetched:#?}");
        let bytes: i64 = fetched.iter().filter(|part| part.kind != "Image").map(|part| part.bytes).sum();
        println!("the first view ({language}): {bytes} bytes over the wire without its picture");
        assert!(bytes > 1000 && bytes <= 60 * 1024, "{bytes}");
        assert!(fetched.iter().all(|part| part.url.starts_with(&ground.url("/"))), "{fetched:#?}");
        assert_eq!(browser.complaints(), Vec::<String>::new());
    }
}
