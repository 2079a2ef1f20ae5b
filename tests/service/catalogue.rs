//! The catalogue as people and programs see it: search, filters, pages, and what a product's page says of it.

use std::collections::BTreeSet;

use diesel::prelude::*;
use reqwest::Method;
use serde_json::{Value, json};
use strum::IntoEnumIterator;

use ocop::base::Day;
use ocop::base::id::ProductId;
use ocop::criteria::Sector;
use ocop::criteria::store as sets;
use ocop::cycle::EditionCode::{Of2019, Of2023};
use ocop::db::schema::certificates;

use crate::engine::on_both;
use crate::html::{between, escaped, page, plain, shown};
use crate::province::{Province, Reply};
use crate::rows::Planned;
use crate::walk::{A_PNG, Candidate, District, Walk, id, shop_form};

/// The names on the cards, in their order.
fn names(html: &str) -> Vec<String> {
    between(html, "<h3><a href=\"/products/", "</a>")
        .into_iter()
        .map(|card| plain(between(card, "<bdi lang=\"vi\">", "</bdi>")[0]))
        .collect()
}

#[track_caller]
fn found(province: &Province, query: &str) -> Vec<String> {
    names(&shown(province, &format!("/products?{query}")))
}

/// The same by the API, in its own order.
#[track_caller]
fn listed(province: &Province, query: &str) -> Vec<String> {
    let page = province.public(&format!("/public/products?limit=100&{query}")).ok();
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

/// A product that takes part, by rows: what the whole path would leave behind.
fn put(walk: &Walk, at: &District, name: &str, set: &str) -> ProductId {
    let code = format!("42-{}-{}-{}-2021", at.code, at.commune_code, &ProductId::new().to_string()[24..]);
    let planned = Planned {
        producer: at.producer_id.parse().unwrap(),
        cycle: walk.cycle.parse().unwrap(),
        district: at.code,
        commune: at.commune_code,
        code: &code,
        name,
        criteria_set: set,
        now: walk.province.app.clock.now(),
    };
    walk.province.app.database.write_now(|connection| planned.put(connection)).unwrap()
}

/// Products that the province recognised.
fn certified<const HOW_MANY: usize>(walk: &Walk, at: &District, names: [&str; HOW_MANY]) -> [Candidate; HOW_MANY] {
    let (district, council) = (walk.council(at.code, 1, 3), walk.council("42", 1, 3));
    let candidates = names.map(|name| walk.handed_in(at, name));
    let items: Vec<String> = candidates
        .iter()
        .map(|candidate| {
            walk.sent_up(&district, candidate, 60);
            walk.rated(&council, candidate, 72)
        })
        .collect();
    walk.recognised(&items.iter().map(String::as_str).collect::<Vec<_>>(), "9/QĐ-UBND");
    candidates
}

/// A product's certificate ended yesterday.
fn expire(walk: &Walk, product: &str) {
    let product: ProductId = product.parse().unwrap();
    let yesterday: Day = walk.province.app.clock.now().day().plus_days(-1);
    let row = certificates::table.filter(certificates::product_id.eq(product));
    let done = walk.province.app.database.write_now(|connection| {
        diesel::update(row).set(certificates::valid_until.eq(yesterday)).execute(connection)?;
        Ok::<_, ocop::base::Error>(())
    });
    done.unwrap();
}

fn number(walk: &Walk, product: &str) -> String {
    let found = walk.province.all(&walk.office, &format!("/certificates?product_id={product}"));
    found[0]["number"].as_str().unwrap().to_owned()
}

/// The data of schema.org in a page.
#[track_caller]
fn linked(html: &str) -> Value {
    let data = between(html, "<script type=\"application/ld+json\">", "</script>");
    assert_eq!(data.len(), 1, "{html}");
    serde_json::from_str(data[0]).unwrap()
}

#[test]
fn a_search_needs_no_diacritics_and_puts_the_exact_spelling_first() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        for name in ["Mật ong rừng", "Mat Ong Viet", "Mắt ong thủy tinh", "Rượu 40% vol", "Bún_khô"] {
            put(&walk, &walk.here, name, "mat-ong");
        }
        for name in ["Mật ong Đức Thọ xịn", "Bánh gai Tứ Mỹ"] {
            put(&walk, &walk.there, name, "mat-ong");
        }
        let q = |text: &str| format!("q={}", escaped(text));
        // Exact ones, then folded ones, each by name.
        assert_eq!(
            found(province, &q("mật ong")),
            ["Mật ong Đức Thọ xịn", "Mật ong rừng", "Mắt ong thủy tinh", "Mat Ong Viet"]
        );
        assert_eq!(
            found(province, &q("mat ong")),
            ["Mat Ong Viet", "Mật ong Đức Thọ xịn", "Mật ong rừng", "Mắt ong thủy tinh"]
        );
        for place in ["duc tho", "Đức Thọ", "ĐỨC thọ", "tho duc"] {
            assert_eq!(sorted(found(province, &q(place))), ["Bánh gai Tứ Mỹ", "Mật ong Đức Thọ xịn"], "{place}");
        }
        assert_eq!(found(province, &q("ong duc tho")), ["Mật ong Đức Thọ xịn"]);
        assert_eq!(found(province, &q("ong hương sơn rừng")), ["Mật ong rừng"]);
        assert_eq!(found(province, &q("gai hop tac xa 440")), ["Bánh gai Tứ Mỹ"]);
        let code = province.public(&format!("/public/products?{}", q("vol"))).ok()["items"][0]["code"].clone();
        assert_eq!(found(province, &q(code.as_str().unwrap())), ["Rượu 40% vol"]);
        // Whole beginnings of words, and each word.
        assert!(found(province, &q("ừng")).is_empty() && found(province, &q("mat tu my")).is_empty());
        // No wildcards: only what has the sign.
        assert_eq!(found(province, &q("%")), ["Rượu 40% vol"]);
        assert_eq!(found(province, &q("_")), ["Bún_khô"]);
        assert_eq!(found(province, &q("m%t")), Vec::<String>::new());
        assert_eq!(found(province, &q("m_t")), Vec::<String>::new());
        for text in ["mat ong", "mật ong", "duc tho", "ong duc tho", "%", "_", "m%t", "\\", "440", "ong son rung"] {
            assert_eq!(sorted(found(province, &q(text))), sorted(listed(province, &q(text))), "{text}");
        }
    });
}

#[test]
fn any_text_can_be_searched_for() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        put(&walk, &walk.here, "Mật ong", "mat-ong");
        let long = "a".repeat(10_000);
        let words = "mật ".repeat(2_500);
        let many: String = (0..500).map(|number| format!("w{number} ")).collect();
        for (text, count) in [
            ("   ", 1),
            ("\u{202e}\u{200f}", 1),
            ("%%%", 0),
            ("___", 0),
            ("\\", 0),
            ("'\"--;", 0),
            ("🍯", 0),
            ("\u{202e}mật", 1),
            ("<script>alert(1)</script>", 0),
            (&long, 0),
            (&words, 1),
            (&many, 0),
        ] {
            let html = shown(province, &format!("/products?q={}", escaped(text)));
            assert_eq!(names(&html).len(), count, "{text:.40}");
            assert!(!html.contains("<script>"), "{text:.40}");
            assert_eq!(page(province, &format!("/shops?q={}", escaped(text))).status, 200);
            if text.chars().count() > 2000 {
                // Programs are told that nothing has so long a name.
                for list in ["products", "shops"] {
                    province.public(&format!("/public/{list}?q={}", escaped(text))).invalid(&["q"]);
                }
                continue;
            }
            assert_eq!(listed(province, &format!("q={}", escaped(text))).len(), count, "{text:.40}");
            assert_eq!(province.public(&format!("/public/shops?q={}", escaped(text))).status, 200, "{text:.40}");
        }
        // A pattern that SQLite itself would refuse.
        let longest = "b".repeat(60_000);
        province.public(&format!("/public/shops?q={longest}")).invalid(&["q"]);
        assert_eq!(page(province, &format!("/products?q={longest}")).status, 200);
        for broken in ["q=%FF%FE", "&&==&", "fbclid=x&utm_source=y"] {
            assert_eq!(page(province, &format!("/products?{broken}")).status, 200, "{broken}");
        }
    });
}

#[test]
fn filters_show_what_they_say_and_stay_in_links() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let [_, old, bad] = certified(&walk, &walk.here, ["Mật ong còn hạn", "Mật ong hết hạn", "Mật ong thu hồi"]);
        expire(&walk, &old.product);
        walk.revoked(&bad.product, "10/QĐ-UBND");
        put(&walk, &walk.here, "Mật ong mới", "mat-ong");
        put(&walk, &walk.there, "Rượu mới", "ruou-trang");
        let all = ["Mật ong còn hạn", "Mật ong hết hạn", "Mật ong mới", "Rượu mới"];
        assert_eq!(found(province, ""), all);
        assert_eq!(found(province, "q=&unit_code=&group=&stars=&state="), all);
        for (query, expected) in [
            ("state=certified", vec!["Mật ong còn hạn"]),
            ("state=expired", vec!["Mật ong hết hạn"]),
            ("state=revoked", vec!["Mật ong thu hồi"]),
            ("state=participating", vec!["Mật ong mới", "Rượu mới"]),
            ("stars=4", vec!["Mật ong còn hạn"]),
            ("stars=3", vec![]),
            ("stars=4&state=expired", vec![]),
            ("unit_code=440", vec!["Rượu mới"]),
            ("unit_code=18196", vec!["Mật ong còn hạn", "Mật ong hết hạn", "Mật ong mới"]),
            ("unit_code=449", vec![]),
            ("group=drink", vec!["Rượu mới"]),
            ("group=food&state=participating", vec!["Mật ong mới"]),
            ("group=craft", vec![]),
        ] {
            let html = shown(province, &format!("/products?{query}"));
            assert_eq!(names(&html), expected, "{query}");
            let count = match expected.len() {
                0 => "Không tìm thấy sản phẩm nào".to_owned(),
                count => format!("Có {count} sản phẩm"),
            };
            assert!(html.contains(&format!("<h2 class=\"found\">{count}</h2>")), "{query}");
            assert_eq!(html.contains("Bạn có thể thử"), expected.is_empty(), "{query}");
            for pair in query.split('&') {
                let value = pair.split('=').nth(1).unwrap();
                assert!(html.contains(&format!("<option value=\"{value}\" selected>")), "{query}: {value}");
            }
        }
        // Each card says its state in words, and stars only while certified.
        let html = shown(province, "/products");
        let cards = between(&html, "<li class=\"card\">", "</li>");
        let card = |name: &str| *cards.iter().find(|card| card.contains(name)).unwrap();
        assert!(card("còn hạn").contains("★★★★</span> 4 sao · Đã công nhận"));
        assert!(card("hết hạn").contains("Đã hết hạn công nhận") && !card("hết hạn").contains('★'));
        assert!(card("ong mới").contains("Đang tham gia, chưa xếp hạng") && !card("ong mới").contains('★'));
        assert!(html.contains("không gồm sản phẩm bị thu hồi"));
        // Units stand under their districts.
        assert!(html.contains("<optgroup label=\"Huyện Hương Sơn\">") && html.contains("<option value=\"440\">"));
        // Search engines know the whole list only.
        assert!(html.contains(&format!("rel=\"canonical\" href=\"{}/products\"", province.app.public_url)));
        assert!(shown(province, "/products?state=expired").contains("noindex"));
        for query in ["stars=x", "stars=9", "state=x", "group=x", "unit_code=x", "page=x", "page=-1", "page=0"] {
            assert_eq!(page(province, &format!("/products?{query}")).status, 422, "{query}");
        }
        for query in ["page=2", "page=999"] {
            let reply = page(province, &format!("/products?{query}"));
            assert_eq!(reply.status, 404, "{query}");
            assert!(reply.text.contains("<h1>"), "{}", reply.text);
        }
    });
}

#[test]
fn a_products_group_is_that_of_its_newest_criteria_set() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        put(&walk, &walk.here, "Mật ong", "mat-ong");
        let known = province.app.database.write_now(|connection| sets::latest(connection, "mat-ong", Of2019));
        let mut set = known.unwrap().unwrap().tree.0;
        for (version, edition, sector) in [(9, Of2019, Sector::Drink), (8, Of2023, Sector::Craft)] {
            (set.version, set.edition, set.sector) = (version, edition, sector);
            let now = province.app.clock.now();
            province.app.database.write_now(|connection| sets::insert(connection, &set, now)).unwrap();
            for group in Sector::iter() {
                let found = found(province, &format!("group={}", group.as_ref()));
                assert_eq!(found.len(), usize::from(group == sector), "{group:?}");
            }
        }
    });
}

#[test]
fn pages_hold_every_product_once() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let mut all = BTreeSet::new();
        for number in 0..60 {
            // Many of the same name: the order must not depend on it alone.
            let name = format!("Kẹo {}", if number % 3 == 0 { "lạc".to_owned() } else { format!("số {number}") });
            let product = put(&walk, &walk.here, &name, "mat-ong");
            all.insert(product.to_string());
        }
        put(&walk, &walk.there, "Rượu", "ruou-trang");
        for query in ["q=k%E1%BA%B9o", "group=food&unit_code=439", "q=keo+huong+son&state=participating"] {
            let (mut seen, mut pages, mut next) = (Vec::new(), 0, format!("/products?{query}"));
            loop {
                let html = shown(province, &next);
                assert!(html.contains("Có 60 sản phẩm"), "{next}");
                seen.extend(between(&html, "<h3><a href=\"/products/", "\"").into_iter().map(str::to_owned));
                pages += 1;
                assert_eq!(html.contains("rel=\"prev\""), pages > 1);
                assert!(html.contains(&format!("aria-current=\"page\">{pages}</a>")), "{next}");
                let (before, more) = html.split_once("\" rel=\"next\"").unwrap_or(("", ""));
                if more.is_empty() {
                    break;
                }
                next = plain(before.rsplit("<a href=\"").next().unwrap());
                for pair in query.split('&').filter(|pair| !pair.starts_with("q=")) {
                    assert!(next.contains(pair), "{next} lost {pair}");
                }
            }
            assert_eq!((pages, seen.len(), seen.iter().collect::<BTreeSet<_>>().len()), (3, 60, 60), "{query}");
        }
        for query in ["q=keo", "unit_code=439"] {
            let (mut seen, mut after) = (Vec::new(), String::new());
            loop {
                let page = province.public(&format!("/public/products?limit=7&{query}{after}")).ok();
                let ids = page["items"].as_array().unwrap().iter().map(id);
                seen.extend(ids);
                match page["next"].as_str() {
                    Some(next) => after = format!("&after={next}"),
                    None => break,
                }
            }
            assert_eq!(seen.len(), 60, "{query}");
            assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), all, "{query}");
        }
    });
}

#[test]
fn a_products_page_says_what_the_api_says_and_no_more_than_is_true() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let [good] = certified(&walk, &walk.here, ["Mật ong rừng"]);
        let resource = format!("/products/{}", good.product);
        let said = json!({"gtin": "8934563138165", "origin": "Sơn Kim 1", "shelf_life": "24 tháng",
            "safety_warnings": "Không dùng cho trẻ dưới 1 tuổi", "story": "Ong lấy mật ở rừng.\n\nMỗi đàn mười lít."});
        province.patch(&walk.here.producer, &resource, said).ok();
        province.upload(&walk.here.producer, &format!("{resource}/pictures"), &[], A_PNG).created();
        let shop = province.post(&walk.office, "/shops", shop_form("Điểm bán Phố Châu", "18196")).created();
        let sold = json!({"product_ids": [good.product]});
        let version = shop["version"].as_i64().unwrap();
        province.at_version(Method::PUT, &walk.office, &format!("/shops/{}/products", id(&shop)), version, sold).ok();
        let api = province.public(&format!("/public/products/{}", good.product)).ok();
        let code = api["code"].as_str().unwrap();
        let number = api["certificate_number"].as_str().unwrap();
        let path = format!("/products/{code}");
        let html = shown(province, &path);
        for text in [
            "<h1><bdi lang=\"vi\">Mật ong rừng</bdi></h1>",
            "Đã công nhận · 4 sao</strong>",
            &format!("href=\"/c/{number}\""),
            "08934563138165",
            "24 tháng",
            "Không dùng cho trẻ dưới 1 tuổi",
            "<p><bdi lang=\"vi\">Ong lấy mật ở rừng.</bdi></p>",
            "<p><bdi lang=\"vi\">Mỗi đàn mười lít.</bdi></p>",
            "0239 3875 555",
            "Điểm bán Phố Châu",
            "Xã Sơn Kim 1, Huyện Hương Sơn",
            "?size=medium\" alt=\"Mật ong rừng, ảnh 1\"",
            "property=\"og:title\" content=\"Mật ong rừng\"",
        ] {
            assert!(html.contains(text), "{text} is not in {html}");
        }
        let url = format!("{}{path}", province.app.public_url);
        assert!(html.contains(&format!("<link rel=\"canonical\" href=\"{url}\">")));
        assert!(html.contains(&format!("property=\"og:url\" content=\"{url}\"")));
        let data = linked(&html);
        assert_eq!((&data["@context"], &data["@type"]), (&json!("https://schema.org"), &json!("Product")));
        for (ours, theirs) in [("name", "name"), ("sku", "code"), ("description", "description")] {
            assert_eq!(data[ours], api[theirs], "{ours}");
        }
        assert_eq!(data["url"], url);
        assert_eq!(data["manufacturer"]["name"], api["producer"]["name"]);
        assert_eq!(data["hasCertification"]["certificationIdentification"], number);
        assert_eq!(data["hasCertification"]["expires"], api["valid_until"]);
        assert_eq!(data["hasCertification"]["certificationRating"]["ratingValue"], api["stars"]);
        let image = format!("{}{}", province.app.public_url, api["image"].as_str().unwrap());
        assert_eq!(data["image"], json!([image]));
        assert_eq!(linked(&province.page(&path, "en").text), data, "machines are told in one language");
        // Kept, and asked for by its tag.
        let reply = page(province, &path);
        let tag = reply.headers["etag"].to_str().unwrap().to_owned();
        assert!(reply.headers["cache-control"].to_str().unwrap().contains("max-age"));
        let again = || {
            let request = province.at_site(Method::GET, &path).header("accept", "text/html");
            Reply::of(request.header("cookie", "lang=vi").header("if-none-match", tag.clone()).send().unwrap())
        };
        assert_eq!(again().status, 304);
        // What is held or has ended is told, and boasts of nothing.
        let hold = json!({"product_id": good.product, "reason": "Chờ kiểm nghiệm"});
        province.post(&walk.inspector, "/holds", hold).created();
        assert!(again().text.contains("tạm đình chỉ"));
        for (revoked, told) in [(false, "Đã hết hạn công nhận"), (true, "Đã bị thu hồi công nhận")] {
            if revoked {
                walk.revoked(&good.product, "10/QĐ-UBND");
            } else {
                expire(&walk, &good.product);
            }
            let html = shown(province, &path);
            let data = linked(&html);
            assert!(html.contains(told) && !html.contains('★'), "{html}");
            assert!(data.get("award").is_none() && data.get("hasCertification").is_none(), "{data}");
        }
        // Nobody's phone is shown against their will.
        let producer = format!("/producers/{}", walk.here.producer_id);
        province.patch(&walk.here.producer, &producer, json!({"public_phone": false})).ok();
        assert!(!shown(province, &path).contains("3875 555"));
        for nothing in ["/products/42-439-18196-99-2021", "/products/x%00", "/products/%F0%9F%8D%AF"] {
            let reply = page(province, nothing);
            assert_eq!(reply.status, 404, "{nothing}");
            assert!(reply.headers["content-type"].to_str().unwrap().starts_with("text/html"), "{nothing}");
        }
    });
}

#[test]
fn names_that_hold_markup_stay_names() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let hostile = [
            "<script>alert(1)</script> \"><img src=x onerror=alert(2)>".to_owned(),
            "Mật ong \u{202e}gnos\u{202d} 🐝👩🏽‍🌾".to_owned(),
            "Ngoằn".repeat(40),
        ];
        for name in &hostile {
            let product = put(&walk, &walk.here, name, "mat-ong");
            // What turns the direction is no text of a form; it may be there from before.
            let said = name.replace(['\u{202e}', '\u{202d}'], "");
            let said = json!({"story": "</script><script>alert(3)</script>", "description": said, "origin": said});
            province.patch(&walk.here.producer, &format!("/products/{product}"), said).ok();
            let html = shown(province, &format!("/products/{}", walk.product_code(&product.to_string())));
            assert!(!html.contains("<script>") && !html.contains("<img src=x"), "{html}");
            assert_eq!(linked(&html)["name"], *name);
            assert!(plain(&html).contains(&format!("<h1><bdi lang=\"vi\">{name}</bdi></h1>")), "{html}");
        }
        let shop = province.post(&walk.office, "/shops", shop_form("<script>bán</script>", "18196"));
        shop.created();
        for path in ["/products", "/", "/shops", "/products?q=%3Cscript%3E", "/check?code=%3Cscript%3E"] {
            let html = page(province, path).text;
            assert!(!html.contains("<script>"), "{path}: {html}");
        }
        assert_eq!(sorted(names(&shown(province, "/products"))), sorted(hostile.to_vec()));
    });
}

#[test]
fn the_first_page_counts_what_the_lists_show() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let empty = shown(province, "/");
        assert_eq!(between(&empty, "<strong>", "</strong>"), ["0", "0", "0"]);
        let [good, bad] = certified(&walk, &walk.here, ["Mật ong rừng", "Mật ong thu hồi"]);
        put(&walk, &walk.there, "Rượu mới", "ruou-trang");
        walk.revoked(&bad.product, "10/QĐ-UBND");
        province.post(&walk.office, "/shops", shop_form("Điểm bán", "18196")).created();
        let html = shown(province, "/");
        assert_eq!(between(&html, "<strong>", "</strong>"), ["1", "1", "1"]);
        assert_eq!(names(&html), ["Mật ong rừng"]);
        assert!(html.contains("action=\"/products\"") && html.contains("action=\"/check\""));
        let english = province.page("/?lang=en", "vi");
        assert!(english.text.contains("lang=\"en\"") && english.text.contains("What is OCOP?"));
        // A certificate's page tells its end in words and a sign, and leads to the product.
        let certificate = |product: &str| shown(province, &format!("/c/{}", number(&walk, product)));
        assert!(certificate(&good.product).contains("còn giá trị"));
        let revoked = certificate(&bad.product);
        assert!(revoked.contains("✕") && revoked.contains("đã bị thu hồi") && !revoked.contains('★'));
        let link = format!("href=\"/products/{}\"", walk.product_code(&bad.product));
        assert!(revoked.contains(&link), "{revoked}");
        let json = province.public(&format!("/c/{}", number(&walk, &bad.product))).ok();
        assert_eq!((&json["state"], &json["stars"]), (&json!("revoked"), &json!(null)));
        assert_eq!(page(province, "/c/42-2019-9999").status, 404);
    });
}
