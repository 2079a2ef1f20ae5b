//! Pages as a browser gets them: counted once in any language, a page for whatever goes wrong, forms that come back with
//! what was written, names that cannot break out.

use std::io::{Read, Write};
use std::net::TcpStream;

use reqwest::Method;
use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::engine::{Engine, on_both, take_away};
use crate::province::Reply;
use crate::walk::Walk;

/// The addresses that a page leads to, as a browser reads them.
fn links(page: &str) -> Vec<String> {
    let parts = page.split("href=\"").skip(1);
    parts.map(|part| part.split('"').next().unwrap().replace("&#38;", "&")).collect()
}

fn link<'a>(links: &'a [String], part: &str) -> &'a str {
    links.iter().find(|link| link.contains(part)).unwrap_or_else(|| panic!("no link with {part} in {links:?}"))
}

/// A walk with stamps that are bound to a lot.
fn stamped(engine: Engine, name: &str) -> (Walk, Vec<String>) {
    let walk = Walk::new(engine);
    let product = walk.approved(&walk.here, name).product;
    let codes = walk.activated(&walk.here, &product, 3);
    (walk, codes)
}

fn count(walk: &Walk, code: &str) -> Value {
    walk.province.public(&format!("/t/{code}")).ok()["scans"]["count"].clone()
}

#[test]
fn a_scan_is_counted_once_however_its_page_is_read() {
    on_both(|engine| {
        let (walk, codes) = stamped(engine, "Mật ong");
        let (province, path) = (&walk.province, format!("/T/{}", codes[0]));
        let page = province.page(&path, "vi");
        assert_eq!(page.status, 200, "{}", page.text);
        assert_eq!(page.headers["cache-control"], "no-store");
        assert!(page.headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none';"));
        assert!(page.text.contains("<html lang=\"vi\">") && page.text.contains("Đây là lần quét đầu tiên."));
        let links = links(&page.text);
        for asset in links.iter().filter(|link| link.starts_with("/assets/")) {
            assert_eq!(province.page(asset, "vi").status, 200);
        }
        let english = province.page(link(&links, "lang=en"), "vi");
        assert!(english.text.contains("<html lang=\"en\">") && english.text.contains("This is the first scan."));
        let head = province.at_site(Method::HEAD, &path).send().unwrap();
        assert_eq!(head.status(), 200);
        let ahead = province.at_site(Method::GET, &path).header("sec-purpose", "prefetch");
        // What is fetched ahead may be looked at without being asked for again.
        assert_eq!(ahead.send().unwrap().status(), 503);
        // A ticket is for its own stamp, and nobody else makes one.
        let ticket = link(&links, "lang=en").split_once("again=").unwrap().1.split('&').next().unwrap().to_owned();
        let other = province.page(&format!("/t/{}?again={ticket}", codes[1]), "vi");
        assert!(other.text.contains("lần quét đầu tiên"), "{}", other.text);
        assert_eq!(count(&walk, &codes[1]), 2);
        let shared = province.at_site(Method::GET, link(&links, "lang=en")).header("x-forwarded-for", "203.0.113.7");
        assert_eq!(shared.send().unwrap().status(), 200);
        assert_eq!(count(&walk, &codes[0]), 3, "another visitor's look is a scan");
        let later = self::links(&english.text);
        assert!(link(&later, "again=").contains(&ticket), "a ticket does not renew itself");
        let forged = format!("/t/{}?again={}", codes[0], "99999999-0000000000000000");
        let today = province.app.clock.now().day().date().format("%d/%m/%Y").to_string();
        let again = province.page(&forged, "vi").text;
        assert!(again.contains(&format!("Đây là lần quét thứ 4; lần đầu {today}.")), "{again}");
        assert_eq!(count(&walk, &codes[0]), 5);
    });
}

#[test]
fn a_choice_of_language_is_remembered() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let chosen = walk.province.page("/t/nothing?lang=en", "vi");
        assert!(chosen.text.contains("<html lang=\"en\">"), "{}", chosen.text);
        let cookie = chosen.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let get = |path: &str, media: &str| {
            let request = walk.province.at_site(Method::GET, path);
            let request = request.header("accept", media).header("accept-language", "vi").header("cookie", &cookie);
            Reply::of(request.send().unwrap())
        };
        let page = get("/t/nothing", "text/html");
        assert!(page.text.contains("<html lang=\"en\">") && !page.headers.contains_key("set-cookie"));
        let problem = get("/t/nothing", "application/json").refused(404, "unknown_stamp");
        assert!(problem["detail"].as_str().unwrap().starts_with("The province"), "{problem}");
        let back = get("/t/nothing?lang=vi", "text/html");
        assert!(back.text.contains("<html lang=\"vi\">") && back.headers.contains_key("set-cookie"));
    });
}

#[test]
fn whatever_goes_wrong_has_a_page_for_people_and_a_problem_for_programs() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let cases = [
            ("/t/142F8XWDDWSTJQ88BP44", "unknown_stamp", "Không phải tem của chương trình"),
            ("/c/42-2020-9999", "unknown_certificate", "Không có giấy chứng nhận này"),
            ("/p/0000-0000", "unknown_paper", "Không tìm thấy văn bản"),
            ("/nowhere", "not_found", "Không tìm thấy trang"),
            ("/assets/site-0000000000000000.css", "not_found", "Không tìm thấy trang"),
        ];
        for (path, code, title) in cases {
            let page = walk.province.page(path, "vi");
            assert_eq!((page.status.as_u16(), &page.headers["cache-control"]), (404, &"no-store".parse().unwrap()));
            assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
            assert!(page.text.contains(title), "{path}: {}", page.text);
            let program = walk.province.at_site(Method::GET, path).send().unwrap();
            Reply::of(program).refused(404, code);
        }
        let program = walk.province.at_site(Method::GET, "/api/v1/nowhere").header("accept", "text/html");
        Reply::of(program.send().unwrap()).refused(404, "not_found");
    });
}

#[test]
fn a_shopper_is_told_to_come_back_when_nothing_can_be_looked_up() {
    on_both(|engine| {
        if engine == Engine::Sqlite {
            return;
        }
        let (walk, codes) = stamped(engine, "Mật ong");
        take_away(&walk.province.database_url);
        let page = walk.province.page(&format!("/t/{}", codes[0]), "vi");
        assert_eq!(page.status, 503, "{}", page.text);
        assert!(page.headers.contains_key("retry-after"));
        assert!(page.text.contains("Điều đó không nói gì về con tem"), "{}", page.text);
        assert!(!page.text.contains("class=\"verdict good\""));
    });
}

#[test]
fn a_doubt_comes_back_with_what_was_written_until_it_is_right() {
    on_both(|engine| {
        let (walk, codes) = stamped(engine, "Mật ong");
        let send = |form: Form| {
            let request = walk.province.request(Method::POST, &format!("/t/{}/doubts", codes[0]));
            Reply::of(request.header("accept", "text/html").multipart(form).send().unwrap())
        };
        let nasty = "<script>alert(1)</script> lạ";
        let empty = send(Form::new().text("text", "  ").text("contact", nasty).text("consent", "1"));
        assert_eq!(empty.status, 422);
        assert!(empty.text.contains("name=\"consent\" value=\"1\" checked"), "what was ticked stays: {}", empty.text);
        assert!(empty.text.contains("id=\"text-fault\"") && empty.text.contains("value=\"&#60;script&#62;alert(1)"));
        let photo = Part::bytes(vec![0xFF; 6 * 1024 * 1024]).file_name("a.jpg").mime_str("image/jpeg").unwrap();
        let large = send(Form::new().text("text", nasty).part("file", photo));
        assert_eq!(large.status, 413, "{}", large.text);
        assert!(large.text.contains("&#60;script&#62;alert(1)") && !large.text.contains("<script"));
        let back = links(&large.text);
        assert_eq!(walk.province.page(link(&back, "again="), "vi").status, 200);
        let thanks = send(Form::new().text("text", nasty).text("contact", ""));
        assert_eq!(thanks.status, 201, "{}", thanks.text);
        assert!(thanks.text.contains("class=\"verdict good\""));
        let stamp = walk.province.page(link(&links(&thanks.text), "again="), "vi");
        assert!(stamp.text.contains("Chưa có lượt quét nào."), "{}", stamp.text);
        let doubts = walk.province.all(&walk.office, "/doubts");
        assert_eq!((doubts.len(), &doubts[0]["text"]), (1, &json!(nasty)));
        assert_eq!(count(&walk, &codes[0]), 1, "none of the pages was a scan");
    });
}

#[test]
fn names_cannot_break_out_of_a_page() {
    on_both(|engine| {
        let nasty = format!("<b onclick=x>Mắm \"'& №{}", "ơ".repeat(120));
        let (walk, codes) = stamped(engine, &nasty);
        let page = walk.province.page(&format!("/t/{}", codes[0]), "vi").text;
        assert!(
            !page.contains("<b onclick")
                && page.contains("<bdi lang=\"vi\">&#60;b onclick=x&#62;Mắm &#34;&#39;&#38; №")
        );
    });
}

#[test]
fn scratched_digits_are_answered_with_a_page() {
    on_both(|engine| {
        let (walk, codes) = stamped(engine, "Mật ong");
        let send = |secret: &str| {
            let request = walk.province.request(Method::POST, &format!("/t/{}/confirm", codes[0]));
            let request = request.header("accept", "text/html");
            let request =
                request.header("content-type", "application/x-www-form-urlencoded").body(format!("secret={secret}"));
            Reply::of(request.send().unwrap())
        };
        let mint = ocop::stamp::Mint::new(&walk.province.app.keys).unwrap();
        let digits = mint.scratch(mint.read(&codes[0]).unwrap().1).unwrap();
        let wrong = if digits == "00000000" { "00000001" } else { "00000000" };
        let refused = send(wrong);
        assert!(refused.status == 422 && refused.text.contains("4 more tries today"), "{}", refused.text);
        assert!(send(&digits).text.contains("for the first time"));
        let again = send(&digits);
        assert!(again.status == 200 && again.text.contains("somebody gave them before"), "{}", again.text);
        assert_eq!(count(&walk, &codes[0]), 1, "none of the tries was a scan");
    });
}

#[test]
fn the_stylesheet_is_fetched_once_and_packed() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let page = walk.province.page("/nowhere", "vi");
        let style = link(&links(&page.text), "/assets/").to_owned();
        let request = walk.province.at_site(Method::GET, &style);
        let reply = Reply::of(request.header("accept-encoding", "gzip").send().unwrap());
        assert_eq!(reply.headers["content-type"], "text/css; charset=utf-8");
        assert_eq!(reply.headers["content-encoding"], "gzip");
        assert!(reply.headers["cache-control"].to_str().unwrap().ends_with("immutable"));
    });
}

#[test]
fn head_is_get_without_its_body_on_every_page() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        for path in
            ["/", "/products", "/shops", "/figures", "/check", "/guides", "/sitemap.xml", "/robots.txt", "/feed.atom"]
        {
            let [get, head] = [Method::GET, Method::HEAD].map(|method| {
                let reply = Reply::of(walk.province.at_site(method, path).send().unwrap());
                (reply.status, reply.headers.get("etag").cloned(), reply.text.is_empty())
            });
            assert_eq!((get.0, &get.1), (head.0, &head.1), "{path}");
            assert!(get.0 == 200 && !get.2 && head.2, "{path}");
        }
    });
}

#[test]
fn no_page_leads_to_another_host() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        // As an attacker's link has it: no client of ours would send it.
        let mut stream = TcpStream::connect(walk.province.address).unwrap();
        let request = "GET //evil.example/x HTTP/1.1\r\nhost: a\r\naccept: text/html\r\naccept-language: vi\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).unwrap();
        let mut page = String::new();
        stream.read_to_string(&mut page).unwrap();
        assert!(page.contains("href=\"/evil.example/x?lang=en\"") && !page.contains("href=\"//"), "{page}");
    });
}

#[test]
fn an_old_address_is_a_page_of_its_own() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let page = walk.province.page("/legacy?address=https://old.example/x&fbclid=1", "vi");
        assert_eq!(page.status, 404);
        let english = link(&links(&page.text), "lang=en").to_owned();
        let english = walk.province.page(&english, "vi");
        assert!(english.status == 404 && english.text.contains("Not a stamp of this programme"), "{}", english.text);
    });
}

#[test]
fn a_held_product_says_so_wherever_it_is_shown() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let title = "Sản phẩm đang bị tạm đình chỉ";
        let says = || {
            let list = walk.province.page("/products", "vi").text.contains(title);
            let code = walk.province.public(&format!("/public/products/{product}")).ok();
            let page = walk.province.page(&format!("/products/{}", code["code"].as_str().unwrap()), "vi");
            [list, page.text.contains(title), code["suspended"] == true]
        };
        assert_eq!(says(), [false; 3]);
        let hold = json!({"product_id": product, "reason": "Chờ kiểm nghiệm"});
        walk.province.post(&walk.inspector, "/holds", hold).created();
        assert_eq!(says(), [true; 3]);
    });
}

#[test]
fn a_page_refuses_what_it_knows_and_cannot_read_and_passes_over_the_rest() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        for (query, status) in [
            ("state=certified%00", 422),
            ("q=a&q=b", 422),
            ("stars=nine", 422),
            ("page=x", 422),
            ("page=0", 422),
            ("unit_code=%27", 422),
            ("page=99", 404),
            ("fbclid=a&fbclid=b&utm_source=%00", 200),
            ("state=&stars=&q=", 200),
        ] {
            let page = walk.province.page(&format!("/products?{query}"), "vi");
            assert_eq!(page.status.as_u16(), status, "{query}: {}", page.text);
        }
    });
}
