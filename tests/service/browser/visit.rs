//! An inspection on a tablet in a village without connection: what is filled in and signed there is sent once there is one, and a
//! hold that follows is in the next scan.

use serde_json::{Value, json};

use super::sheet::{Tablet, is_skipped};
use crate::engine::Engine;
use crate::inspections::planned_visit;
use crate::walk::Walk;

/// What the device keeps of visits.
fn kept(tablet: &Tablet) -> Vec<Value> {
    let kept = tablet.browser.run(
        "return Object.entries(localStorage).filter(([place]) => place.startsWith('ocop-visit-')).map(([, told]) => told)",
    );
    kept.as_array().unwrap().clone()
}

/// Draws a line across the first field that is signed in.
fn sign(tablet: &Tablet) {
    let field = "form[data-verb='sign'] canvas";
    let script = format!(
        "const field = document.querySelector(\"{field}\"); field.scrollIntoView({{block: 'center', behavior: 'instant'}}); \
         const box = field.getBoundingClientRect(); return [box.left + 20, box.top + 20]"
    );
    let at = tablet.browser.run(&script);
    let (x, y) = (at[0].as_f64().unwrap(), at[1].as_f64().unwrap());
    for (kind, further) in [("mousePressed", 0.0), ("mouseMoved", 40.0), ("mouseMoved", 90.0), ("mouseReleased", 90.0)]
    {
        let event = json!({"type": kind, "x": x + further, "y": y + further / 2.0, "button": "left", "buttons": 1, "clickCount": 1});
        tablet.browser.command("Input.dispatchMouseEvent", event);
    }
}

#[test]
fn a_visit_without_connection_is_sent_afterwards_and_its_hold_is_in_the_next_scan() {
    if is_skipped(Engine::Sqlite) {
        return;
    }
    let walk = Walk::new(Engine::Sqlite);
    let candidate = walk.approved(&walk.here, "Mật ong");
    let code = walk.activated(&walk.here, &candidate.product, 10)[0].clone();
    let path = planned_visit(&walk, &candidate.product);
    let tablet = Tablet::of(&walk.province, (1024, 768), "inspector");
    tablet.open(&format!("/desk{path}"));
    tablet.tells("Biểu mẫu được giữ trên máy này");

    tablet.line(false);
    tablet.browser.run(
        "for (const answer of document.querySelectorAll(\"form[data-verb='fill'] select[name$='.answer']\")) { \
         answer.value = 'kept'; answer.dispatchEvent(new Event('change', {bubbles: true})); }",
    );
    tablet.press("form[data-verb='fill'] button.button:not([type])");
    tablet.tells("Chưa có mạng: 1 biểu mẫu");
    for (field, text) in [("place", "Thôn 3"), ("representative", "Nguyễn Văn An")] {
        tablet.browser.write(&format!("#sign-{field}"), text);
    }
    for (row, name, side) in [(0, "Lê Thị Hoa", "team"), (1, "Nguyễn Văn An", "producer")] {
        tablet.browser.write(&format!("#sign-signatures-{row}-name"), name);
        tablet.browser.run(&format!(
            "const side = document.getElementById('sign-signatures-{row}-side'); side.value = '{side}'; \
             side.dispatchEvent(new Event('change', {{bubbles: true}}))"
        ));
    }
    sign(&tablet);
    tablet.press("form[data-verb='sign'] button.button:not([type])");
    tablet.tells("Chưa có mạng: 2 biểu mẫu");
    let told = kept(&tablet);
    assert!(told.len() == 1 && !told[0].as_str().unwrap().contains("sign"), "{told:?}");
    let inspection = || walk.province.get(&walk.office, &path).ok();
    assert_eq!((&inspection()["state"], &inspection()["checklist"][0]["answer"]), (&json!("visiting"), &Value::Null));

    tablet.line(true);
    tablet.browser.until("the minutes are signed", |_| inspection()["state"] == "recorded");
    let signed = inspection();
    assert_eq!(signed["checklist"][0]["answer"], "kept");
    assert!(signed["minutes"]["signatures"][0]["strokes"][0]["points"].as_array().unwrap().len() > 1, "{signed}");
    assert_eq!(signed["minutes"]["signatures"][1]["strokes"], json!([]));
    tablet.browser.until("nothing is kept", |_| kept(&tablet).is_empty());

    assert_eq!(walk.scan(&code, 1, None)["verdict"], "genuine");
    tablet.go(&format!("a[href='/desk/holds/new?product_id={}']", candidate.product));
    tablet.browser.write("#create-reason", "Vi phạm ghi trong biên bản");
    tablet.go("form[data-verb='create'] button.button");
    assert_eq!(walk.scan(&code, 2, None)["verdict"], "suspended");
}

#[test]
fn what_somebody_else_wrote_meanwhile_is_told_and_not_written_over() {
    if is_skipped(Engine::Sqlite) {
        return;
    }
    let walk = Walk::new(Engine::Sqlite);
    let candidate = walk.approved(&walk.here, "Mật ong");
    let path = planned_visit(&walk, &candidate.product);
    let tablet = Tablet::of(&walk.province, (1024, 768), "inspector");
    tablet.open(&format!("/desk{path}"));
    tablet.tells("Biểu mẫu được giữ trên máy này");
    tablet.line(false);
    tablet.browser.run(
        "for (const answer of document.querySelectorAll(\"form[data-verb='fill'] select[name$='.answer']\")) { \
         answer.value = 'kept'; answer.dispatchEvent(new Event('change', {bubbles: true})); }",
    );
    tablet.press("form[data-verb='fill'] button.button:not([type])");
    tablet.tells("Chưa có mạng: 1 biểu mẫu");

    let inspection = || walk.province.get(&walk.office, &path).ok();
    let found = json!({"item": inspection()["checklist"][0]["item"], "answer": "broken", "note": "Sai nhãn"});
    walk.province.step(&walk.office, &path, "fill", json!({"answers": [found]})).ok();
    // The page answers in the form's place, whose version was seen before.
    tablet.line(true);
    tablet.browser.until("it is told", |browser| browser.count(".summary") > 0);
    assert_eq!(inspection()["checklist"][0]["answer"], "broken");
}
