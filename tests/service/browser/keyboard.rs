//! Everything can be reached and done without a mouse, and one sees where one is.

use serde_json::json;
use thirtyfour::Key;

use super::driver::{Browser, is_at_hand};
use super::ground::Ground;
use crate::engine::Engine;

/// What can take the focus, in the order of the page.
const STOPS: &str = "
    window.label = e => e === document.body ? 'body'
        : [e.localName, e.name || e.getAttribute('href') || e.id || e.innerText].join(' ').slice(0, 80);
    return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]')]
        .filter(e => !e.matches(':disabled') && e.tabIndex >= 0 && e.checkVisibility())
        // Radio buttons of one name are one stop: the chosen one, else the first.
        .filter((e, place, all) => e.type !== 'radio' || e === (all.find(o => o.type === 'radio' && o.name === e.name && o.form === e.form && o.checked)
            ?? all.find(o => o.type === 'radio' && o.name === e.name && o.form === e.form))).map(label);";

/// Notes at each Tab where the focus came to be, whether that is within the window, and whether it is drawn: when the key is let go,
/// for then the page has moved to where the focus is.
const NOTES: &str = "
    window.stood = [];
    window.noted = event => {
        if (event.key !== 'Tab') return;
        const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
        const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
        const within = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
            && box.right > 0 && box.left < innerWidth;
        stood.push([label(e), within, outlined || style.boxShadow !== 'none']);
    };
    addEventListener('keyup', noted, true);";

const NOTED: &str = "removeEventListener('keyup', noted, true); return stood;";

/// Goes through the page that is open from its top and holds it against its parts; what is wrong is returned.
pub fn walk(browser: &Browser) -> Vec<String> {
    let stops = browser.run(STOPS);
    let stops = stops.as_array().unwrap();
    let mut faults = Vec::new();
    // The first is the way past the navigation.
    if stops.first() != Some(&json!("a #content")) {
        faults.push(format!("Tab does not begin with the skip link: {stops:?}"));
    }
    browser.run(NOTES);
    browser.press(String::from(char::from(Key::Tab)).repeat(stops.len()));
    let stood = browser.run(NOTED);
    let stood = stood.as_array().unwrap();
    if stood.len() != stops.len() {
        faults.push(format!("{} of {} Tabs reached the page", stood.len(), stops.len()));
    }
    let strays = stops.iter().zip(stood).find(|(stop, here)| **here != json!([stop, true, true]));
    if let Some((stop, here)) = strays {
        faults.push(format!("Tab is at {here} (within the window, drawn), not at {stop}"));
    }
    faults
}

#[test]
fn tab_reaches_all_there_is_in_its_order_and_shows_where_it_is() {
    if !is_at_hand() {
        return;
    }
    let ground = Ground::small(Engine::Sqlite);
    let browser = Browser::new("vi");
    for width in [360, 1280] {
        browser.resize(width, 1);
        for path in [format!("/t/{}", ground.code("genuine")), "/t/ABCDEFGHJKMNPQRSTVWX".to_owned()] {
            browser.open(&ground.url(&path));
            assert_eq!(walk(&browser), Vec::<String>::new(), "{path} at {width}");
        }
    }
}

#[test]
fn the_form_is_reached_by_the_skip_link_and_sent_by_the_keyboard() {
    if !is_at_hand() {
        return;
    }
    let ground = Ground::small(Engine::Sqlite);
    let browser = Browser::new("vi");
    browser.open(&ground.url(&format!("/t/{}", ground.code("genuine"))));
    browser.tab();
    browser.press(String::from(char::from(Key::Enter)));
    browser.tab();
    let inside = browser.run("return document.activeElement.closest('main') !== null");
    assert_eq!(
        inside,
        true,
        "the skip link leads past the navigation: {}",
        browser.run("return document.activeElement.outerHTML")
    );
    browser.tab_to("textarea[name=text]");
    browser.press("Mã tem bị cạo");
    browser.tab_to("button");
    browser.press(String::from(char::from(Key::Enter)));
    browser.until("thanks", |browser| browser.count("textarea[name=text]") == 0 && browser.count("h1") == 1);
    let doubts = ground.walk.province.all(&ground.walk.office, "/doubts");
    assert_eq!((doubts.len(), &doubts[0]["text"]), (1, &json!("Mã tem bị cạo")));
}
