//! A doubt that is sent from a stamp's page, with JavaScript switched off.

use serde_json::json;

use super::driver::{Browser, is_at_hand};
use super::ground::{Ground, photo};
use super::pages::send;
use crate::engine::Engine;

#[test]
fn a_doubt_is_sent_without_scripts_with_a_photo_and_thanked_for() {
    if !is_at_hand() {
        return;
    }
    let ground = Ground::small(Engine::Sqlite);
    let province = &ground.walk.province;
    let browser = Browser::without_scripts("vi");
    browser.open("data:text/html,<title>off</title><script>document.title = 'on'</script>");
    assert_eq!(browser.run("return document.title"), "off", "scripts of pages do not run");
    let code = ground.code("genuine");
    browser.open(&ground.url(&format!("/t/{code}")));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("Ảnh chụp.jpg");
    std::fs::write(&file, photo(800, 600)).unwrap();
    browser.write("textarea[name=text]", "Nắp hũ màu khác, chữ in mờ");
    browser.write("input[name=contact]", "0912 345 678");
    browser.write("input[name=file]", file.to_str().unwrap());
    assert_eq!(browser.count("input[name=consent]:checked"), 0, "nobody agrees beforehand");
    browser.click("input[name=consent]");
    drop(browser.fetched());
    send(&browser, "doubts");
    let document = browser.fetched().into_iter().find(|part| part.kind == "Document").unwrap();
    assert!(matches!(document.status, 200 | 201), "{document:?}");
    let thanks = browser.text("main");
    assert!(thanks.contains("Cảm ơn") || thanks.contains("Đã nhận"), "{thanks}");
    assert_eq!(browser.complaints(), Vec::<String>::new());
    let doubts = province.all(&ground.walk.office, "/doubts");
    assert_eq!(doubts.len(), 1, "{doubts:?}");
    let doubt = &doubts[0];
    assert_eq!(
        (&doubt["code"], &doubt["text"], &doubt["contact"]),
        (&json!(code), &json!("Nắp hũ màu khác, chữ in mờ"), &json!("0912 345 678"))
    );
    let photo = province.get(&ground.walk.office, &format!("/doubts/{}/photo", doubt["id"].as_str().unwrap()));
    assert!(photo.status == 200 && photo.bytes.len() > 1000, "{}", photo.status);
    assert_eq!(ground.count("genuine"), 1, "the doubt and its thanks are no scans");

    // English, without a photo.
    let browser = Browser::without_scripts("en");
    browser.open(&ground.url(&format!("/t/{code}")));
    browser.write("textarea[name=text]", "The lid looks different");
    send(&browser, "doubts");
    assert!(browser.text("main").contains("Thank you"), "{}", browser.text("main"));
    assert_eq!(province.all(&ground.walk.office, "/doubts").len(), 2);
}

#[test]
fn a_doubt_that_says_nothing_is_refused_beside_its_field() {
    if !is_at_hand() {
        return;
    }
    let ground = Ground::small(Engine::Sqlite);
    let browser = Browser::without_scripts("vi");
    browser.open(&ground.url(&format!("/t/{}", ground.code("genuine"))));
    // The browser itself holds back a field that is empty; spaces pass it.
    browser.click("form[action$='/doubts'] button");
    assert_eq!(browser.count("textarea[name=text]:invalid"), 1);
    assert_eq!(browser.run("return document.activeElement.name"), "text");
    browser.write("textarea[name=text]", "   ");
    browser.write("input[name=contact]", "0912 345 678");
    drop(browser.fetched());
    send(&browser, "doubts");
    let document = browser.fetched().into_iter().find(|part| part.kind == "Document").unwrap();
    assert_eq!(document.status, 422);
    let named = browser.attribute("textarea[name=text]", "aria-describedby").expect("the field names its message");
    let messages: Vec<String> =
        named.split_whitespace().map(|id| browser.text(&format!("#{id}"))).filter(|text| !text.is_empty()).collect();
    assert!(messages.iter().any(|text| text.contains("trống")), "{messages:?}");
    assert_eq!(browser.attribute("textarea[name=text]", "aria-invalid").as_deref(), Some("true"));
    let kept = browser.run("return document.querySelector('input[name=contact]').value");
    assert_eq!(kept, "0912 345 678", "what was right is still there");
    // And it can be mended there.
    browser.run("document.querySelector('textarea[name=text]').value = ''");
    browser.write("textarea[name=text]", "Bao bì khác màu");
    send(&browser, "doubts");
    assert!(browser.attribute("input[name=consent]", "aria-describedby").unwrap().contains("consent-fault"));
    assert!(browser.text("#consent-fault").contains("đồng ý"), "{}", browser.text("#consent-fault"));
    browser.click("input[name=consent]");
    send(&browser, "doubts");
    assert_eq!(ground.walk.province.all(&ground.walk.office, "/doubts").len(), 1);
}
