//! Looking for goods: words with and without diacritics, filters, pages, languages.

use std::collections::BTreeSet;

use super::driver::{Browser, is_at_hand};
use crate::engine::Engine;
use crate::province::Province;
use thirtyfour::Key;

struct Shelf {
    demo: Province,
    browser: Browser,
}

impl Shelf {
    fn new() -> Self {
        Self { demo: Province::demo(Engine::Sqlite), browser: Browser::new("vi") }
    }

    fn open(&self, path: &str) {
        self.browser.open(&format!("http://{}{path}", self.demo.address));
    }

    /// How many the page says that it found.
    fn found(&self) -> usize {
        let text = self.browser.text("h2.found");
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        // Nothing is said without a number.
        if digits.is_empty() { 0 } else { digits.parse().unwrap() }
    }

    fn names(&self) -> Vec<String> {
        self.browser.texts("ul.products h3")
    }

    /// Types words and sends the form with the keyboard.
    fn search(&self, words: &str) {
        self.open("/products");
        self.browser.write("#q", words);
        self.browser.press(String::from(char::from(Key::Enter)));
        self.browser.until("what was found", |browser| browser.address().contains("q="));
        let kept = self.browser.run("return document.querySelector('#q').value");
        assert_eq!(kept, words, "what was asked stays in its field");
    }

    /// Chooses in a select by its value, and sends the form.
    fn choose(&self, field: &str, value: &str) {
        self.browser.click(&format!("#{field} option[value='{value}']"));
        self.browser.click("form.filters button");
        self.browser.until("what was chosen", |browser| browser.address().contains(&format!("{field}={value}")));
    }
}

#[test]
fn goods_are_found_narrowed_and_told_of() {
    if !is_at_hand() {
        return;
    }
    // Nothing here is written: one filled demo serves all.
    let shelf = Shelf::new();
    goods_are_found_with_and_without_diacritics_exact_spelling_first(&shelf);
    filters_narrow_and_pages_show_each_once_in_either_language(&shelf);
    a_product_page_tells_programs_the_same_as_people(&shelf);
}

fn goods_are_found_with_and_without_diacritics_exact_spelling_first(shelf: &Shelf) {
    shelf.open("/products");
    let all = shelf.found();
    shelf.search("mat ong");
    let (bare, bare_names) = (shelf.found(), shelf.names());
    assert!(bare > 1 && bare < all, "{bare} of {all}");
    assert!(bare_names.iter().any(|name| name.contains("Mật ong")), "{bare_names:?}");
    shelf.search("mật ong");
    assert_eq!(shelf.found(), bare, "the same goods");
    assert!(shelf.names()[0].to_lowercase().contains("mật ong"), "{:?}", shelf.names());
    for place in ["duc tho", "Đức Thọ", "ĐỨC THỌ"] {
        shelf.search(place);
        let cards = shelf.browser.texts("ul.products > li");
        assert!(!cards.is_empty() && cards.iter().all(|card| card.contains("Đức Thọ")), "{cards:?}");
    }
    shelf.search("không có gì như thế");
    assert_eq!((shelf.found(), shelf.browser.count("ul.products")), (0, 0));
    assert!(!shelf.browser.text("main").is_empty());
}

fn filters_narrow_and_pages_show_each_once_in_either_language(shelf: &Shelf) {
    let browser = &shelf.browser;
    shelf.open("/products");
    let all = shelf.found();
    shelf.choose("stars", "4");
    let four = shelf.found();
    assert!(four > 0 && four < all, "{four} of {all}");
    let drawn = browser.texts("ul.products .stars");
    assert!(drawn.len() == four.min(24) && drawn.iter().all(|stars| stars == "★★★★"), "{drawn:?}");
    shelf.open("/products");
    shelf.choose("unit_code", "439");
    let here = shelf.found();
    let cards = browser.texts("ul.products > li");
    assert!(here > 0 && here < all && cards.iter().all(|card| card.contains("Hương Sơn")), "{cards:?}");
    shelf.choose("group", "drink");
    let drinks = shelf.found();
    assert!(drinks < here, "filters narrow each other: {drinks} of {here}");
    shelf.open("/products");
    shelf.choose("group", "drink");
    assert!(shelf.found() > drinks && shelf.found() < all, "{} of {all}", shelf.found());
    shelf.open("/products");
    shelf.choose("state", "certified");
    let certified = shelf.found();
    assert!(certified > 48, "{certified}");
    let mut shown = BTreeSet::new();
    loop {
        let links: Vec<String> = serde_json::from_value(
            browser.run("return [...document.querySelectorAll('ul.products h3 a')].map(a => a.href)"),
        )
        .unwrap();
        assert!(!links.is_empty());
        let before = shown.len();
        shown.extend(links.iter().cloned());
        assert_eq!(shown.len(), before + links.len(), "nothing is shown twice");
        if browser.count("nav.pages a[rel=next]") == 0 {
            break;
        }
        let next = browser.run("return document.querySelector('nav.pages a[rel=next]').href");
        browser.click("nav.pages a[rel=next]");
        browser.until("the next page", |browser| browser.address() == next.as_str().unwrap());
        assert_eq!(browser.run("return document.querySelector('#state').value"), "certified");
    }
    assert_eq!(shown.len(), certified);
    let last = browser.text("nav.pages [aria-current]");
    browser.click("a[hreflang=en]");
    browser.until("English", |browser| browser.run("return document.documentElement.lang") == "en");
    assert_eq!(
        (shelf.found(), browser.text("nav.pages [aria-current]")),
        (certified, last),
        "the same page in English"
    );
    // The choice stays for the pages that follow.
    shelf.open("/products");
    assert_eq!(browser.run("return document.documentElement.lang"), "en");
    browser.click("ul.products h3 a");
    browser.until("a product", |browser| browser.count("ul.products") == 0 && browser.count("h1") == 1);
    assert_eq!(browser.run("return document.documentElement.lang"), "en");
    browser.click("a[hreflang=vi]");
    browser.until("Vietnamese", |browser| browser.run("return document.documentElement.lang") == "vi");
}

fn a_product_page_tells_programs_the_same_as_people(shelf: &Shelf) {
    let browser = &shelf.browser;
    shelf.open("/products?state=certified");
    browser.click("ul.products h3 a");
    browser.until("a product", |browser| browser.count("ul.products") == 0 && browser.count("h1") == 1);
    let name = browser.text("h1");
    let data = browser.run("return document.querySelector('script[type=\"application/ld+json\"]').textContent");
    let data: serde_json::Value = serde_json::from_str(data.as_str().unwrap()).unwrap();
    assert!(data.to_string().contains(&name), "{data}");
    let graph = browser.run("return document.querySelector('meta[property=\"og:title\"]').content");
    assert_eq!(graph, name.as_str());
    let canonical = browser.run("return document.querySelector('link[rel=canonical]').href");
    assert!(browser.address().starts_with(canonical.as_str().unwrap()), "{canonical} of {}", browser.address());
}
