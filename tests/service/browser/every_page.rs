//! What holds for every page: nothing that axe-core finds, no scrolling sideways on any window, no part from elsewhere, no
//! complaint of the browser. And a picture of each, to be looked at.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::driver::{Browser, is_at_hand};
use super::keyboard;
use super::pages::{Page, Site};

/// From the oldest phone to a desk; the first is also a window of 640 at 200 %, and 640 is one of 1280.
const WIDTHS: [u32; 5] = [320, 360, 640, 768, 1280];

/// Where pages are judged and pictured.
const LOOKED_AT: [u32; 2] = [360, 1280];

/// Each window is judged by axe-core in one language, which is half the work: what it asks for hangs on the page's build and
/// colours, and both languages have them from one template.
const JUDGED: [(&str, u32); 2] = [("vi", 360), ("en", 1280)];

/// The language of the guides, which show these pictures.
const PICTURED: &str = "vi";

/// Long words break a page first where letters are large, and English has the longer ones.
const ENLARGED: &str = "en";

const RULES: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/// What reaches over the right edge, from the outermost on.
pub const OVERFLOW: &str = "
    const root = document.documentElement, edge = root.clientWidth;
    if (root.scrollWidth <= edge) return [];
    const over = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > edge + 0.5);
    return [root.scrollWidth + ' > ' + edge, ...over.slice(-3).map(e => e.outerHTML.slice(0, 200))];";

/// axe-core's file; where everything is required, it must be given.
pub fn axe() -> Option<String> {
    let Some(path) = std::env::var_os("OCOP_AXE") else {
        assert!(std::env::var("OCOP_TEST_REQUIRED").as_deref() != Ok("all"), "OCOP_AXE is required here");
        eprintln!("skipped: OCOP_AXE does not say where axe-core is");
        return None;
    };
    Some(std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

pub fn folder() -> PathBuf {
    let folder = std::env::var_os("OCOP_SCREENSHOTS")
        .map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("screenshots"), PathBuf::from);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Everything that is wrong with one page in one language.
struct Judge<'a> {
    browser: &'a Browser,
    language: &'a str,
    axe: Option<&'a str>,
    faults: Vec<String>,
}

impl Judge<'_> {
    fn judge(&mut self, page: &Page) {
        self.browser.resize(1280, 1);
        page.open(self.browser);
        let at = format!("{} ({})", page.name, self.language);
        self.answer(page, &at);
        if self.language == "vi" {
            let faults = keyboard::walk(self.browser);
            self.faults.extend(faults.into_iter().map(|fault| format!("{at}: {fault}")));
        }
        for width in WIDTHS {
            let density = if width == 320 { 2 } else { 1 };
            self.browser.resize(width, density);
            let at = format!("{at} at {width}");
            let over = self.browser.run(OVERFLOW);
            self.overflow(&at, &over);
            if LOOKED_AT.contains(&width) {
                if JUDGED.contains(&(self.language, width)) {
                    self.violations(&at);
                }
                if self.language == PICTURED {
                    let file = folder().join(format!("{}-{}-{width}.png", page.name, self.language));
                    std::fs::write(file, self.browser.picture()).unwrap();
                }
            }
        }
        if self.language != ENLARGED {
            return;
        }
        self.browser.letters(32);
        for width in [640, 1280] {
            self.browser.resize(width, 1);
            let over = self.browser.run(OVERFLOW);
            self.overflow(&format!("{at} at {width} with letters of 200 %"), &over);
        }
        self.browser.letters(16);
    }

    fn note(&mut self, fault: String) {
        self.faults.push(fault);
    }

    fn answer(&mut self, page: &Page, at: &str) {
        let fetched = self.browser.fetched();
        let own = page.address.split('/').take(3).collect::<Vec<_>>().join("/");
        let documents: Vec<i64> =
            fetched.iter().filter(|part| part.kind == "Document").map(|part| part.status).collect();
        if documents != [page.status] {
            self.note(format!("{at}: documents answered {documents:?}, not {}", page.status));
        }
        for part in fetched {
            if !part.url.starts_with(&format!("{own}/")) {
                self.note(format!("{at}: fetches {} from elsewhere", part.url));
            }
            if part.kind != "Document" && !matches!(part.status, 200 | 304) {
                self.note(format!("{at}: {} answered {}", part.url, part.status));
            }
        }
        // That the page itself says 404 is no complaint.
        let own_status = format!("responded with a status of {}", page.status);
        for complaint in self.browser.complaints() {
            if !(complaint.contains(&own_status) && page.status >= 400) {
                self.note(format!("{at}: {complaint}"));
            }
        }
        let told = self.browser.run(
            "const h = [...document.querySelectorAll('h1')]; return [document.documentElement.lang, h.length, \
             document.title !== '', document.scripts.length - document.querySelectorAll('script[type=\"application/ld+json\"], script[src^=\"/assets/desk-\"], script[src^=\"/assets/sheet-\"], script[src^=\"/assets/visit-\"]').length]",
        );
        if told != serde_json::json!([self.language, 1, true, 0]) {
            self.note(format!("{at}: language, h1s, title, scripts: {told}"));
        }
    }

    fn overflow(&mut self, at: &str, over: &Value) {
        if *over != serde_json::json!([]) {
            self.note(format!("{at}: scrolls sideways: {over:#}"));
        }
    }

    fn violations(&mut self, at: &str) {
        let Some(axe) = self.axe else { return };
        let found = violations(self.browser, axe);
        self.faults.extend(found.into_iter().map(|violation| format!("{at}: {violation}")));
    }
}

/// What axe-core finds on the page that is open: the rule, what it asks, where, and what stands there.
pub fn violations(browser: &Browser, axe: &str) -> Vec<String> {
    browser.run(axe);
    let script = format!(
        "const done = arguments[arguments.length - 1];
             axe.run(document, {{runOnly: {{type: 'tag', values: {}}}, resultTypes: ['violations']}}).then(
                 found => done(found.violations.flatMap(
                     v => v.nodes.map(n => [v.id, v.help, n.target.join(' '), n.html.slice(0, 300)].join(' | ')))),
                 error => done(['axe failed: ' + error]))",
        serde_json::json!(RULES)
    );
    let found = browser.run_until_done(&script);
    serde_json::from_value(found).unwrap()
}

#[test]
fn the_judges_find_what_is_wrong() {
    if !is_at_hand() {
        return;
    }
    let browser = Browser::new("en");
    browser.open("data:text/html,<title>A</title><p style='width:2000px;color:%23aaa'>grey</p><img src='data:,'>");
    assert_ne!(browser.run(OVERFLOW), serde_json::json!([]));
    let height = "return parseFloat(getComputedStyle(document.querySelector('p')).fontSize)";
    let usual = browser.run(height).as_f64().unwrap();
    browser.letters(32);
    assert_eq!(browser.run(height).as_f64().unwrap(), 2.0 * usual);
    if let Some(axe) = axe() {
        let found = violations(&browser, &axe).join("\n");
        for rule in ["image-alt", "color-contrast", "html-has-lang", "landmark-one-main"] {
            assert!(found.contains(rule), "{rule}: {found}");
        }
    }
}

#[test]
fn every_page_is_fit_for_everybody_on_every_window() {
    if !is_at_hand() {
        return;
    }
    let axe = axe();
    let site = Site::new();
    // Both languages at once: they wait for the browser, not for each other.
    let judged = |language: &str| {
        let browser = Browser::new(language);
        let mut judge = Judge { browser: &browser, language, axe: axe.as_deref(), faults: Vec::new() };
        site.pages().iter().for_each(|page| judge.judge(page));
        judge.faults
    };
    let faults: Vec<String> = std::thread::scope(|scope| {
        let judges = ["vi", "en"].map(|language| scope.spawn(move || judged(language)));
        judges.into_iter().flat_map(|judge| judge.join().unwrap()).collect()
    });
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    let missing: Vec<String> =
        crate::guides::pictures().into_iter().filter(|picture| !folder().join(picture).exists()).collect();
    assert!(missing.is_empty(), "guides name pictures that nobody takes: {missing:?}");
}

/// Every page that a guide shows is one of those that are pictured, in a width that is.
#[test]
fn guides_name_pictures_of_pages_that_are_in_the_list() {
    let list = include_str!("pages.rs");
    let named = crate::guides::pictures();
    for picture in &named {
        let page = picture.strip_suffix(".png").unwrap();
        let (page, width) = page.rsplit_once('-').unwrap();
        let page = page.strip_suffix("-vi").unwrap_or_else(|| panic!("{picture} is in no language of the guides"));
        assert!(LOOKED_AT.contains(&width.parse().unwrap()), "{picture}");
        let name = page.strip_prefix("desk-").filter(|name| *name != "sign-in").unwrap_or(page);
        assert!(list.contains(&format!("\"{name}\"")), "{picture}");
    }
    assert!(named.len() > 15, "{named:?}");
}
