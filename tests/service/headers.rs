//! What every answer tells browsers to refuse, on every route, and where there is none.

use reqwest::Method;

use crate::desk_browser::Browser;
use crate::engine::{Engine, new_folder};
use crate::province::{PASSWORD, Province, Reply};
use crate::routes::routes;

fn guarded(reply: &Reply, of: &str) {
    let said = |name: &str| reply.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    assert_eq!(said("x-content-type-options"), "nosniff", "{of}");
    assert!(said("content-security-policy").contains("frame-ancestors"), "{of}: {}", said("content-security-policy"));
    assert!(said("permissions-policy").contains("geolocation=()"), "{of}");
    assert_eq!(said("cross-origin-opener-policy"), "same-origin", "{of}");
    assert_eq!(said("referrer-policy"), "same-origin", "{of}");
}

#[test]
fn every_answer_of_every_route_is_guarded() {
    let province = Province::new(Engine::Sqlite);
    for route in routes() {
        let filled = |part: &str| {
            if part.starts_with('{') { "00000000-0000-0000-0000-000000000000".into() } else { part.to_owned() }
        };
        let path: Vec<String> = route.template.split('/').map(filled).collect();
        let request = province.request(route.method.clone(), &path.join("/"));
        guarded(&Reply::of(request.send().unwrap()), &route.name());
    }
    for path in ["/docs", "/docs/", "/docs/swagger-ui.css", "/openapi.json", "/nowhere", "/desk", "/site.css", "/t/ABC"]
    {
        let reply = Reply::of(province.at_site(Method::GET, path).send().unwrap());
        guarded(&reply, path);
        assert!(!reply.headers.contains_key("strict-transport-security"), "{path}: there is no https");
    }
    let page = province.at_site(Method::GET, "/").header("accept", "text/html").send().unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("style-src 'self'") && !policy.contains("unsafe"), "a page says more itself: {policy}");
}

#[test]
fn browsers_stay_with_https_where_the_public_address_has_it() {
    let folder = new_folder();
    let url = Engine::Sqlite.new_database(folder.path());
    let province = Province::over(url, &["--public-url", "https://ocop.example.vn"]);
    for path in ["/", "/docs/", "/api/v1/units", "/nowhere"] {
        let reply = Reply::of(province.at_site(Method::GET, path).send().unwrap());
        assert_eq!(reply.headers["strict-transport-security"], "max-age=31536000", "{path}");
    }
    // And take cookies from this host alone, by https.
    let chosen = province.at_site(Method::GET, "/?lang=en").header("accept", "text/html").send().unwrap();
    let cookie = chosen.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-lang=en; ") && cookie.contains("Secure"), "{cookie}");
    let page = province.at_site(Method::GET, "/").header("accept", "text/html").header("accept-language", "vi");
    let remembered = |name: &str| {
        let page = page.try_clone().unwrap().header("cookie", format!("{name}=en"));
        page.send().unwrap().text().unwrap().contains("<html lang=\"en\">")
    };
    assert!(remembered("__Host-lang") && !remembered("lang"));
    let sign_in = Browser::new(&province).sign_in("admin", PASSWORD, "/desk/sign-in");
    let cookie = sign_in.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Secure-ocop_session=") && cookie.contains("Secure"), "{cookie}");
}
