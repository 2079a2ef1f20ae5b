//! Signing in by another authority as browsers do it, across sites: what a form may lead to, and which cookies come back.

use serde_json::json;
use url::Url;

use super::driver::{Browser, is_at_hand};
use super::every_page::{OVERFLOW, axe, violations};
use crate::engine::Engine;
use crate::openid_provider::{Hostile, SECRET};
use crate::province::{PASSWORD, Province};

#[test]
fn a_browser_without_scripts_goes_to_the_other_authority_and_comes_back_signed_in() {
    if !is_at_hand() {
        return;
    }
    // Another site than the service's, which has a number for its name.
    let provider = Hostile::start_as("localhost");
    let flags = ["--oidc-issuer", &provider.issuer, "--oidc-client-id", "ocop", "--oidc-client-secret", SECRET];
    let province = Province::with(Engine::Sqlite, &flags);
    let person = province.hire("mai", "provincial_officer", Some("42"), None);
    let admin = province.sign_in("admin");
    province.patch(&admin, &format!("/accounts/{}", person.id), json!({"identity_number": "042085000123"})).ok();
    let (origin, axe) = (format!("http://{}", province.address), axe());
    let reader = Browser::without_scripts("vi");
    let through = |browser: &Browser| {
        browser.open(&format!("{origin}/desk/sign-in?next=/desk/ideas"));
        browser.click("form[action='/desk/oidc'] button");
        browser.until("the provider's page", |browser| browser.address().starts_with(&provider.issuer));
        let address = Url::parse(&browser.address()).unwrap();
        let nonce = address.query_pairs().find(|(name, _)| name == "nonce").unwrap().1.into_owned();
        provider.give(&provider.signed(&provider.claims(&nonce)));
        browser.click("#back");
    };
    if let Some(axe) = &axe {
        // What judges a page is a script itself.
        let judge = Browser::new("vi");
        through(&judge);
        judge.until("the page to confirm", |browser| browser.address() == format!("{origin}/desk/oidc/confirm"));
        assert_eq!(violations(&judge, axe), Vec::<String>::new());
    }
    through(&reader);
    reader.until("the page to confirm", |browser| browser.address() == format!("{origin}/desk/oidc/confirm"));
    for width in [320, 1280] {
        reader.resize(width, 1);
        assert_eq!(reader.run(OVERFLOW), json!([]), "{width}");
    }
    reader.write("#username", "mai");
    reader.write("#password", PASSWORD);
    reader.click("form[action='/desk/oidc/confirm'] button");
    reader.until("the desk", |browser| browser.address() == format!("{origin}/desk/ideas"));
    assert_eq!(reader.complaints(), Vec::<String>::new());

    let next = Browser::new("en");
    through(&next);
    next.until("the desk at once", |browser| browser.address() == format!("{origin}/desk/ideas"));
    assert_eq!(next.complaints(), Vec::<String>::new());
}
