//! The guides on the site: all of the folder, with links that lead somewhere and routes that exist.

use std::collections::BTreeSet;

use reqwest::Method;

use crate::engine::{Engine, on_both};
use crate::province::Province;
use crate::routes::{Route, routes};

/// The guides of the folder: their addresses on the site, and their texts.
fn guides() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/vi");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let guides = files.map(|file| {
        let name = file.file_name().into_string().unwrap();
        let name = name.strip_suffix(".md").expect("only guides lie there").to_owned();
        let address = if name == "README" { "/guides".to_owned() } else { format!("/guides/{name}") };
        (address, std::fs::read_to_string(file.path()).unwrap())
    });
    guides.collect()
}

#[test]
fn every_guide_is_read_on_the_site_and_every_link_in_it_leads_somewhere() {
    on_both(|engine| {
        let province = Province::new(engine);
        let mut links = BTreeSet::new();
        for (address, text) in guides() {
            let title = text.lines().next().unwrap().strip_prefix("# ").unwrap();
            for (language, lang) in [("vi", "<article class=\"card prose\">"), ("en", "lang=\"vi\">")] {
                let reply = province.page(&address, language);
                assert_eq!(reply.status, 200, "{address}");
                assert_eq!(reply.headers["content-language"], language);
                assert!(reply.text.contains(&format!("<h1>{title}</h1>")), "{address}");
                assert!(reply.text.contains(lang), "{address} in {language}");
                assert_eq!(reply.text.contains("The guides are in Vietnamese."), language == "en");
                assert!(!reply.text.contains(" style="), "{address}");
                let tag = reply.headers["etag"].to_str().unwrap();
                let again = province.at_site(Method::GET, &address).header("accept-language", language);
                assert_eq!(again.header("if-none-match", tag).send().unwrap().status(), 304);
                let (_, article) = reply.text.split_once("<article").unwrap();
                let (article, _) = article.split_once("</article>").unwrap();
                let found = article.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
                links.extend(
                    found.map(|link| if link.starts_with('#') { format!("{address}{link}") } else { link.to_owned() }),
                );
            }
        }
        assert!(links.len() > 7, "{links:?}");
        links.retain(|link| province.page(link, "vi").status != 200);
        assert!(links.is_empty(), "links that lead nowhere: {links:?}");
        for unknown in ["/guides/README", "/guides/chu-the.md", "/guides/x", "/guides/%2e%2e%2fREADME", "/guides/%00"] {
            assert_eq!(province.page(unknown, "vi").status, 404, "{unknown}");
        }
    });
}

/// What stands between single backquotes.
fn code(text: &str) -> Vec<String> {
    let prose: String = text.split("```").step_by(2).collect();
    prose.split('`').skip(1).step_by(2).map(|code| code.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// Whether a route is what a guide calls by this method and path.
fn is_named(route: &Route, method: &str, path: &str) -> bool {
    let (asked, there): (Vec<&str>, Vec<&str>) = (path.split('/').collect(), route.template.split('/').collect());
    let fits = |(asked, there): (&&str, &&str)| {
        // A parameter is named or filled in; a word is itself.
        there.starts_with('{') || asked == there
    };
    route.method.as_str() == method && asked.len() == there.len() && asked.iter().zip(&there).all(fits)
}

#[test]
fn every_call_that_a_guide_names_exists() {
    let routes = routes();
    let mut calls = 0;
    for (address, text) in guides() {
        for code in code(&text) {
            let mut words = code.split(' ');
            let (Some(method), Some(path)) = (words.next(), words.next()) else { continue };
            if !["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].contains(&method) || !path.starts_with('/') {
                continue;
            }
            let path = path.split('?').next().unwrap();
            let path = path.strip_prefix("/api/v1").unwrap_or(path);
            assert!(routes.iter().any(|route| is_named(route, method, path)), "{address}: {code}");
            calls += 1;
        }
    }
    assert!(calls > 100, "{calls}");
}

/// Each role of the programme finds itself in the overview.
#[test]
fn every_role_has_its_guide() {
    let province = Province::new(Engine::Sqlite);
    let overview = province.page("/guides", "vi").text;
    for name in
        ["chu-the", "can-bo-xa", "can-bo-huyen", "thanh-vien-hoi-dong", "van-phong-tinh", "kiem-tra", "nguoi-mua"]
    {
        assert!(overview.contains(&format!("href=\"/guides/{name}\"")), "{name}");
    }
}
