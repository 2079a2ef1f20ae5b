//! The guides on the site: all of the folder, with links that lead somewhere and routes that exist.

use std::collections::BTreeSet;

use reqwest::Method;

use ocop::account::Role;

use crate::desk_browser::Browser;
use crate::engine::{Engine, on_both};
use crate::province::Province;
use crate::routes::{Route, routes};
use crate::walk::Walk;

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
        // The desk leads who is not signed in to the sign-in.
        links.retain(|link| province.page(link, "vi").status != if link == "/desk" { 303 } else { 200 });
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

/// What programs call stands in `docs/api.md` alone, and exists.
#[test]
fn every_call_that_programs_are_told_of_exists_and_no_guide_tells_of_one() {
    let is_call = |code: &str| {
        let mut words = code.split(' ');
        let method = words.next().is_some_and(|word| ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].contains(&word));
        method && words.next().is_some_and(|path| path.starts_with('/'))
    };
    let routes = routes();
    let told = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/api.md")).unwrap();
    let mut calls = 0;
    for code in code(&told).into_iter().filter(|code| is_call(code)) {
        let mut words = code.split(' ');
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let path = path.split('?').next().unwrap();
        let path = path.strip_prefix("/api/v1").unwrap_or(path);
        assert!(routes.iter().any(|route| is_named(route, method, path)), "docs/api.md: {code}");
        calls += 1;
    }
    assert!(calls > 100, "{calls}");
    for (address, text) in guides() {
        assert!(!text.contains("```") && !text.contains("curl"), "{address} is for people");
        let call = code(&text).into_iter().find(|code| is_call(code) || code.contains('{'));
        assert_eq!(call, None, "{address}");
    }
}

/// What stands in bold in a text.
fn bold(text: &str) -> Vec<String> {
    let parts = text.split("**").skip(1).step_by(2);
    parts.map(|words| words.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// Whose guide a file is; of the others every role reads.
fn readers(address: &str) -> Option<&'static [Role]> {
    Some(match address.rsplit('/').next().unwrap() {
        "chu-the" => &[Role::Producer],
        // The commune also does what a producer does, on its behalf.
        "can-bo-xa" => &[Role::CommuneOfficer],
        "can-bo-huyen" => &[Role::DistrictOfficer],
        "van-phong-tinh" => &[Role::ProvincialOfficer, Role::Signatory],
        "quan-tri-vien" => &[Role::Administrator],
        _ => return None,
    })
}

/// Bold words are words of the screen: a step that the guide's reader may take under some edition, a part of the desk, a
/// field, or a word around them. What the steps do is tried over the same forms by the tests of the desk.
#[test]
fn what_a_guide_tells_to_press_is_on_the_screen_of_its_reader() {
    let on_the_desk = ocop::desk::kinds::ALL;
    let rights = ocop::permissions::table();
    let walk = Walk::new(Engine::Sqlite);
    // What stands around things: on the pages of who sees most of them.
    let mut around = String::new();
    for (name, paths) in [
        ("admin", &["/desk", "/desk/accounts", "/desk/summaries"][..]),
        ("office", &["/desk", "/desk/ideas", "/desk/password", "/desk/sessions", "/desk/dispatches"]),
        ("commune-439", &["/desk/ideas?chosen=all"]),
    ] {
        let browser = Browser::signed_in(&walk.province, name);
        paths.iter().for_each(|path| around.push_str(&browser.page(path)));
    }
    walk.submitted_idea(&walk.here, "Mật ong");
    around.push_str(&Browser::signed_in(&walk.province, "commune-439").page("/desk/ideas?chosen=all"));
    let stranger = Browser::new(&walk.province);
    around.push_str(&stranger.page("/desk/sign-in"));
    around.push_str(&stranger.page("/register"));
    let mut pressed = 0;
    for (address, text) in guides() {
        for words in bold(&text) {
            let steps: Vec<_> = rights
                .iter()
                .filter(|right| right.label.vi == words && on_the_desk.iter().any(|kind| kind.path() == right.path))
                .collect();
            if let Some(readers) = readers(&address)
                && !steps.is_empty()
            {
                let is_theirs = readers.iter().any(|role| steps.iter().any(|right| right.is_of(*role)));
                assert!(is_theirs, "{address}: {words} is no step of its readers");
                pressed += 1;
                continue;
            }
            let inputs = on_the_desk.iter().flat_map(|kind| {
                let of_steps = kind.steps().into_iter().filter_map(|verb| kind.inputs(verb));
                of_steps.chain(kind.making().map(|making| making.inputs)).flatten()
            });
            let is_known = !steps.is_empty()
                || on_the_desk.iter().any(|kind| kind.title().vi == words)
                || inputs.into_iter().any(|input| input.label.vi == words)
                || around.contains(&words)
                || words == "đậm";
            assert!(is_known, "{address}: {words} stands on no screen");
        }
    }
    assert!(pressed > 30, "{pressed}");
}

/// From each page of the desk one comes to the section of a guide that tells of it, in both examples.
#[test]
fn the_help_of_every_page_is_a_section_that_exists() {
    for (province, names) in [
        (
            Province::demo(Engine::Sqlite),
            &["producer", "commune", "district", "office", "signatory", "member1", "admin"][..],
        ),
        (Province::second_demo(Engine::Sqlite), &["producer", "commune", "office", "inspector", "supervisor"]),
    ] {
        let mut seen = BTreeSet::new();
        for name in names {
            let browser = Browser::new(&province);
            assert_eq!(browser.sign_in(name, ocop::demo::PASSWORD, "/desk/sign-in").status, 303, "{name}");
            let home = browser.page("/desk");
            let (_, parts) = home.split_once("<nav class=\"parts\"").unwrap();
            let (parts, _) = parts.split_once("</nav>").unwrap();
            let parts = parts.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
            for part in parts.chain(["/desk/sessions", "/desk/password"]) {
                let page = browser.page(part);
                let (before, _) =
                    page.split_once("\">Hướng dẫn trang này").unwrap_or_else(|| panic!("{part} has no help"));
                let link = before.rsplit("href=\"").next().unwrap().to_owned();
                let Some((guide, section)) = link.split_once('#') else { continue };
                seen.insert(link.clone());
                assert!(province.page(guide, "vi").text.contains(&format!("<h2 id=\"{section}\">")), "{name}: {link}");
            }
        }
        assert!(seen.len() > 12, "{seen:?}");
    }
}

/// The names of the pictures that guides name.
pub fn pictures() -> BTreeSet<String> {
    guides().iter().flat_map(|(_, text)| code(text)).filter(|code| code.ends_with(".png")).collect()
}

/// Each role of the programme finds itself in the overview.
#[test]
fn every_role_has_its_guide() {
    let province = Province::new(Engine::Sqlite);
    let overview = province.page("/guides", "vi").text;
    for name in [
        "chu-the",
        "can-bo-xa",
        "can-bo-huyen",
        "thanh-vien-hoi-dong",
        "van-phong-tinh",
        "kiem-tra",
        "quan-tri-vien",
        "nguoi-mua",
    ] {
        assert!(overview.contains(&format!("href=\"/guides/{name}\"")), "{name}");
    }
}
