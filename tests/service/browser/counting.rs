//! One view counts once, whatever the page fetches, and whatever language it is then read in.

use super::driver::{Browser, is_at_hand};
use super::ground::Ground;
use crate::engine::on_both;

#[test]
fn one_view_counts_once_and_its_parts_and_its_other_language_not_at_all() {
    if !is_at_hand() {
        return;
    }
    on_both(|engine| {
        let ground = Ground::small(engine);
        let browser = Browser::new("vi");
        let address = ground.url(&format!("/t/{}", ground.code("genuine")));
        assert_eq!(ground.count("genuine"), 0);
        browser.open(&address);
        let parts = browser.fetched();
        assert!(parts.len() > 1, "the page has parts: {parts:#?}");
        assert_eq!(ground.count("genuine"), 1);
        browser.open(&address);
        assert_eq!(ground.count("genuine"), 2);
        let page = browser.text("main");
        assert!(page.contains("lần quét thứ 2") && page.contains("22/02/2021"), "{page}");

        browser.click("a[hreflang=en]");
        browser.until("the page in English", |browser| browser.run("return document.documentElement.lang") == "en");
        assert_eq!(ground.count("genuine"), 2, "another language is no other scan");
        browser.click("a[hreflang=vi]");
        browser.until("the page in Vietnamese", |browser| browser.run("return document.documentElement.lang") == "vi");
        assert_eq!(ground.count("genuine"), 2);
        browser.open(&address);
        assert_eq!((ground.count("genuine"), browser.run("return document.documentElement.lang")), (3, "vi".into()));
    });
}
