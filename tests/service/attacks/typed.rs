//! Addresses, searches, bodies and files that mean something to an interpreter further in.

use reqwest::Method;
use reqwest::blocking::RequestBuilder;
use reqwest::blocking::multipart::{Form, Part};

use super::{Attack, HIDDEN, INVALID};
use crate::routes::Filled;

/// Texts that end a statement, widen a pattern, leave a folder or begin a script.
const TYPED: &[&str] = &[
    "' OR '1'='1",
    "'; DROP TABLE accounts; --",
    "\" OR 1=1 --",
    "1) UNION SELECT password_hash FROM accounts --",
    "${jndi:ldap://127.0.0.1/x}",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd\u{0}.pdf",
    "%00",
    "\r\nset-cookie: a=b",
    "$(id)",
    "`id`",
    "|id",
];

pub fn attacks(filled: &Filled) -> Vec<Attack> {
    [addresses(filled), parameters(filled), bodies(filled), files(filled)].into_iter().flatten().collect()
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn addresses(filled: &Filled) -> Vec<Attack> {
    let (province, by) = (&filled.walk.province, &filled.walk.here.producer);
    let mut attacks = Vec::new();
    for text in TYPED {
        let text = encoded(text);
        for path in ["/ideas/", "/criteria-sets/", "/pictures/"] {
            let request = province.request(Method::GET, &format!("{path}{text}")).bearer_auth(&by.token);
            attacks.push(Attack::new(format!("{path}{text}"), request, &[400, 404]));
        }
        for path in ["/t/", "/c/", "/p/", "/d/", "/assets/", "/guides/", "/docs/", "/desk/new-password/"] {
            let request = province.at_site(Method::GET, &format!("{path}{text}"));
            attacks.push(Attack::new(format!("{path}{text}"), request, &[400, 404, 422]));
        }
    }
    attacks
}

fn parameters(filled: &Filled) -> Vec<Attack> {
    let (province, office) = (&filled.walk.province, &filled.walk.office);
    let mut attacks = Vec::new();
    for text in TYPED {
        let text = encoded(text);
        for parameter in ["state", "cycle_id", "unit_code", "after", "limit", "order", "updated_since"] {
            let request =
                province.request(Method::GET, &format!("/ideas?{parameter}={text}")).bearer_auth(&office.token);
            attacks.push(Attack::new(format!("{parameter}={text}"), request, INVALID));
        }
    }
    // Where somebody is led after a sign-in.
    for next in ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/desk\r\nx: y"] {
        let body = format!("username=nobody&password=x&next={}", encoded(next));
        let request =
            province.at_site(Method::POST, "/desk/sign-in").header("origin", format!("http://{}", province.address));
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        attacks.push(Attack::new(format!("led to {next}"), request, &[401, 403, 422, 429]));
    }
    attacks
}

fn bodies(filled: &Filled) -> Vec<Attack> {
    let (province, by) = (&filled.walk.province, &filled.walk.here.producer);
    let idea = filled.walk.idea_form("Mật ong").to_string();
    let post = || -> RequestBuilder {
        province.request(Method::POST, "/ideas").bearer_auth(&by.token).header("content-type", "application/json")
    };
    let within = |text: &str| idea.replace("Mật ong rừng", text);
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(20_000), close.repeat(20_000));
    let mut attacks: Vec<Attack> = [
        ("a body of brackets", deep("[", "]"), &[400, 413, 422][..]),
        ("a body of members", deep("{\"a\":", "}"), &[400, 413, 422]),
        ("a name twice", idea.replacen('{', "{\"kind\":\"upgrade\",", 1), &[400, 422]),
        ("a number without end", idea.replace("500000000", "1e999"), &[400, 422]),
        ("a number beyond", idea.replace("500000000", "99999999999999999999"), &[400, 422]),
        ("a number below", idea.replace("500000000", "-1"), &[400, 422]),
        ("a text of nothing", within(" \\u200b\\u202e "), INVALID),
        ("a text with a null", within("a\\u0000b"), &[400, 422]),
        ("half a letter", within("\\ud800"), &[400, 422]),
        ("a text beyond", within(&"a".repeat(300_000)), &[413, 422]),
        ("a comment", format!("/* */ {idea}"), &[400, 422]),
        ("two bodies", format!("{idea}{idea}"), &[400, 422]),
        ("a list of bodies", format!("[{idea}]"), &[400, 422]),
        ("a text", "\"idea\"".to_owned(), &[400, 422]),
        ("nothing", String::new(), &[400, 422]),
    ]
    .into_iter()
    .map(|(name, body, refused)| Attack::new(name, post().body(body), refused))
    .collect();
    attacks.push(Attack::new("letters that are none", post().body(b"{\"kind\":\"\xff\xfe\"}".to_vec()), &[400, 422]));
    attacks.push(Attack::new("sixteen bits a letter", post().body(b"\xff\xfe{\0}\0".to_vec()), &[400, 422]));
    attacks.push(Attack::new(
        "packed by nobody knows what",
        post().header("content-encoding", "br").body(idea.clone()),
        &[415],
    ));
    attacks.push(Attack::new(
        "not packed at all",
        post().header("content-encoding", "gzip").body(idea.clone()),
        &[400, 422],
    ));
    for media in ["text/plain", "application/xml", "multipart/form-data", "application/x-www-form-urlencoded"] {
        let request = province.request(Method::POST, "/ideas").bearer_auth(&by.token).header("content-type", media);
        attacks.push(Attack::new(format!("an idea as {media}"), request.body(idea.clone()), &[415]));
    }
    attacks
}

fn files(filled: &Filled) -> Vec<Attack> {
    let (province, by) = (&filled.walk.province, &filled.walk.here.producer);
    let product = filled.here.id("products");
    let send = |path: &str, part: Part| {
        let request = province.request(Method::POST, &format!("/products/{product}/{path}")).bearer_auth(&by.token);
        request.multipart(Form::new().text("kind", "award").part("file", part))
    };
    let named = |bytes: &[u8], name: &str, media: &str| {
        Part::bytes(bytes.to_vec()).file_name(name.to_owned()).mime_str(media).unwrap()
    };
    // A picture that says of itself that it is 65,000 points wide and high.
    let mut wide = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xfd\xe8\0\0\xfd\xe8\x08\x06\0\0\0".to_vec();
    wide.extend([0; 64]);
    let refused: &[u16] = &[400, 413, 415, 422];
    [
        ("a page as a paper", send("documents", named(b"<html><script>alert(1)</script>", "a.pdf", "application/pdf"))),
        ("a drawing with a script", send("pictures", named(b"<svg onload=\"alert(1)\"/>", "a.svg", "image/svg+xml"))),
        ("a program as a paper", send("documents", named(b"\x7fELF\x02\x01\x01", "a.pdf", "application/pdf"))),
        ("an archive as a paper", send("documents", named(b"PK\x03\x04", "a.docx", "application/zip"))),
        ("a picture of 65,000 by 65,000", send("pictures", named(&wide, "a.png", "image/png"))),
        ("a picture that ends", send("pictures", named(b"\x89PNG\r\n\x1a\n", "a.png", "image/png"))),
        ("a picture of nothing", send("pictures", named(b"", "a.png", "image/png"))),
        ("a page as a picture", send("pictures", named(b"GIF89a<script>alert(1)</script>", "a.gif", "image/gif"))),
        ("a picture in a folder above", send("pictures", named(b"x", "../../../../tmp/x.png", "image/png"))),
        ("an address as a picture", send("pictures", named(b"http://169.254.169.254/latest", "a.png", "image/png"))),
    ]
    .into_iter()
    .map(|(name, request)| Attack::new(name, request, refused))
    .chain([Attack::new(
        "a file of somebody else's product",
        province
            .request(Method::POST, &format!("/products/{}/pictures", filled.there.id("products")))
            .bearer_auth(&by.token)
            .multipart(Form::new().part("file", named(b"x", "a.png", "image/png"))),
        HIDDEN,
    )])
    .collect()
}
