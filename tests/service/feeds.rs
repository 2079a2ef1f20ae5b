//! What programs read of the site: well-formed, complete, and sent again only where it has changed.

use std::collections::BTreeSet;

use reqwest::Method;
use roxmltree::{Document, Node};
use serde_json::{Value, json};

use crate::engine::on_both;
use crate::province::{Province, Reply};
use crate::walk::{A_PNG, Walk};

const FEEDS: [&str; 5] = ["/sitemap.xml", "/robots.txt", "/feed.atom", "/catalogue.json", "/catalogue.csv"];

/// As a maker may well write it: markup, the end of a CDATA section, emoji, a letter that joins others.
const STRANGE: &str = "Mật ong ]]> & <b>\"rừng\"</b> 'x' № ½ – {{ 7 * 7 }}";

fn get(province: &Province, path: &str) -> Reply {
    Reply::of(province.at_site(Method::GET, path).send().unwrap())
}

fn read(province: &Province, path: &str) -> String {
    let reply = get(province, path);
    assert_eq!(reply.status, 200, "{path}: {}", reply.text);
    assert_eq!(reply.headers["cache-control"], "public, max-age=300", "{path}");
    reply.text
}

fn tag(province: &Province, path: &str) -> String {
    get(province, path).headers["etag"].to_str().unwrap().to_owned()
}

/// Asks again with a tag; told is the status.
fn again(province: &Province, path: &str, tag: &str) -> u16 {
    let request = province.at_site(Method::GET, path).header("if-none-match", tag);
    let reply = Reply::of(request.send().unwrap());
    assert_eq!(reply.text.is_empty(), reply.status == 304, "{path}");
    assert!(reply.headers.contains_key("etag") && reply.headers.contains_key("cache-control"), "{path}");
    reply.status.as_u16()
}

fn texts(parent: Node, name: &str) -> Vec<String> {
    let named = parent.children().filter(|node| node.tag_name().name() == name);
    named.map(|node| node.text().unwrap_or_default().to_owned()).collect()
}

fn text(parent: Node, name: &str) -> String {
    let found = texts(parent, name);
    assert_eq!(found.len(), 1, "one {name} in {:?}", parent.tag_name());
    found.into_iter().next().unwrap()
}

/// An entry of the feed: id, title, address, when, author.
type News = (String, String, String, String, String);

/// The feed, held against the rules of RFC 4287.
fn news(province: &Province) -> Vec<News> {
    let written = read(province, "/feed.atom");
    let document = Document::parse(&written).unwrap();
    let feed = document.root_element();
    assert_eq!((feed.tag_name().name(), feed.tag_name().namespace()), ("feed", Some("http://www.w3.org/2005/Atom")));
    let host = format!("http://{}", province.address);
    assert_eq!(text(feed, "id"), format!("{host}/feed.atom"));
    assert!(!text(feed, "title").is_empty());
    let link = |parent: Node, relation: &str| {
        let mut links = parent.children().filter(|node| node.attribute("rel") == Some(relation));
        links.next().and_then(|node| node.attribute("href")).unwrap().to_owned()
    };
    assert_eq!(link(feed, "self"), format!("{host}/feed.atom"));
    let author = |parent: Node| {
        let author = parent.children().find(|node| node.tag_name().name() == "author").unwrap();
        text(author, "name")
    };
    assert!(author(feed).contains("OCOP"));
    let updated = text(feed, "updated");
    let entries = feed.children().filter(|node| node.tag_name().name() == "entry");
    let news: Vec<News> = entries
        .map(|entry| {
            assert!(!text(entry, "summary").is_empty());
            let at = text(entry, "updated");
            chrono::DateTime::parse_from_rfc3339(&at).unwrap();
            assert_eq!(at, text(entry, "published"));
            let id = text(entry, "id");
            uuid::Uuid::parse_str(id.strip_prefix("urn:uuid:").unwrap()).unwrap();
            (id, text(entry, "title"), link(entry, "alternate"), at, author(entry))
        })
        .collect();
    let ids: BTreeSet<&str> = news.iter().map(|entry| entry.0.as_str()).collect();
    assert_eq!(ids.len(), news.len());
    let moments: BTreeSet<&str> = news.iter().map(|entry| entry.3.as_str()).collect();
    assert_eq!(moments.len(), news.len(), "no two at one moment");
    let newest = news.iter().map(|entry| entry.3.clone()).max();
    assert_eq!(newest.unwrap_or_else(|| "2018-05-06T17:00:00Z".into()), updated);
    news
}

/// The addresses of the sitemap, with their days.
fn pages(province: &Province) -> Vec<(String, Option<String>)> {
    let written = read(province, "/sitemap.xml");
    let document = Document::parse(&written).unwrap();
    let root = document.root_element();
    assert_eq!(root.tag_name().namespace(), Some("http://www.sitemaps.org/schemas/sitemap/0.9"));
    let host = format!("http://{}", province.address);
    let pages = root.children().filter(Node::is_element).map(|page| {
        let address = text(page, "loc");
        let path = address.strip_prefix(&host).expect("an address of this site").to_owned();
        (path, texts(page, "lastmod").into_iter().next())
    });
    pages.collect()
}

fn catalogue(province: &Province) -> Vec<Value> {
    let feed = province.public("/site/catalogue.json").ok();
    assert_eq!((&feed["@context"], &feed["@type"]), (&json!("https://schema.org"), &json!("DataFeed")));
    let items = feed["dataFeedElement"].as_array().unwrap().iter().map(|element| element["item"].clone());
    items.collect()
}

/// The rows of the table by the names of their columns.
fn table(province: &Province) -> Vec<std::collections::HashMap<String, String>> {
    let written = read(province, "/catalogue.csv");
    let rows = written.strip_prefix('\u{feff}').expect("a byte order mark");
    csv::Reader::from_reader(rows.as_bytes()).deserialize().collect::<Result<_, _>>().unwrap()
}

fn certified(province: &Province) -> Vec<Value> {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let page = province.public(&format!("/public/products?state=certified&limit=100{after}")).ok();
        found.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return found,
        }
    }
}

/// Catalogue and table tell exactly the certified products, as the public's list does.
fn agrees(province: &Province) -> usize {
    let mut listed = certified(province);
    listed.retain(|product| product["suspended"] == false);
    let codes = |list: Vec<String>| {
        let codes: BTreeSet<String> = list.iter().cloned().collect();
        assert_eq!(codes.len(), list.len(), "nothing is told twice");
        codes
    };
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let expected = codes(listed.iter().map(|product| word(&product["code"])).collect());
    let (told, rows) = (catalogue(province), table(province));
    assert_eq!(codes(told.iter().map(|product| word(&product["sku"])).collect()), expected);
    assert_eq!(codes(rows.iter().map(|row| row["id"].clone()).collect()), expected);
    let host = format!("http://{}", province.address);
    for product in &listed {
        let code = product["code"].as_str().unwrap();
        let item = told.iter().find(|item| item["sku"] == code).unwrap();
        let row = rows.iter().find(|row| row["id"] == code).unwrap();
        let address = format!("{host}/products/{code}");
        assert_eq!((&item["@type"], &item["url"], &row["link"]), (&json!("Product"), &json!(address), &address));
        assert_eq!((&item["name"], &item["manufacturer"]["name"]), (&product["name"], &product["producer"]["name"]));
        assert_eq!(item["manufacturer"]["address"]["streetAddress"], product["producer"]["address"]);
        let stars = product["stars"].as_i64().unwrap();
        assert_eq!(item["award"], json!(format!("OCOP {stars} sao")));
        assert_eq!(row["stars"], stars.to_string());
        let held = &item["hasCertification"];
        assert_eq!(
            (&held["certificationIdentification"], &held["expires"]),
            (&product["certificate_number"], &product["valid_until"])
        );
        assert_eq!(row["certificate_number"], product["certificate_number"].as_str().unwrap());
        let image = product["image"].as_str().map(|image| format!("{host}{image}"));
        assert_eq!(item["image"][0].as_str().map(str::to_owned), image);
        assert_eq!(row["image_link"], image.unwrap_or_default());
    }
    listed.len()
}

#[test]
fn feeds_tell_what_is_certified_and_change_with_it() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, here, there) = (&walk.province, &walk.here, &walk.there);
        let fixed: Vec<String> = pages(province).into_iter().map(|(path, _)| path).collect();
        assert!(fixed.contains(&"/".to_owned()) && fixed.contains(&"/figures".to_owned()));
        assert!(news(province).is_empty() && catalogue(province).is_empty() && table(province).is_empty());
        let host = format!("http://{}", province.address);
        let robots = read(province, "/robots.txt");
        assert!(robots.lines().any(|line| line == format!("Sitemap: {host}/sitemap.xml")));
        for closed in ["/api/", "/t/", "/p/"] {
            assert!(robots.lines().any(|line| line == format!("Disallow: {closed}")), "{robots}");
        }

        let (district, council) = (walk.council("439", 1, 3), walk.council("42", 1, 3));
        let strange = walk.handed_in(here, STRANGE);
        walk.sent_up(&district, &strange, 60);
        let first = walk.rated(&council, &strange, 72);
        let others = walk.council("440", 1, 3);
        let formula = walk.handed_in(there, "=HYPERLINK(\"http://x\")");
        walk.sent_up(&others, &formula, 60);
        let second = walk.rated(&council, &formula, 60);
        // On its way, so it has a page and no stars.
        let waiting = walk.approved(here, "Mật ong chờ");
        let code = |product: &str| walk.product_code(product);
        assert_eq!(agrees(province), 0);
        let paths: BTreeSet<String> = pages(province).into_iter().map(|(path, _)| path).collect();
        let page = |product: &str| format!("/products/{}", code(product));
        assert!([&strange, &formula, &waiting].iter().all(|made| paths.contains(&page(&made.product))), "{paths:?}");

        let before: Vec<String> = FEEDS.iter().map(|feed| tag(province, feed)).collect();
        walk.recognised(&[&first], "1/QĐ-UBND");
        walk.recognised(&[&second], "2/QĐ-UBND");
        assert_eq!(agrees(province), 2);
        for (feed, tag) in FEEDS.iter().zip(&before) {
            // The day of the last change is the same, and `robots.txt` never changes.
            let changes = !["/robots.txt", "/sitemap.xml"].contains(feed);
            assert_eq!(again(province, feed, tag), if changes { 200 } else { 304 }, "{feed}");
            assert_eq!(again(province, feed, &self::tag(province, feed)), 304, "{feed}");
            assert_eq!(again(province, feed, "*"), 304, "{feed}");
        }

        // Readers that know no tags ask by the day; a tag that is named says it better.
        let changed = get(province, "/feed.atom").headers["last-modified"].to_str().unwrap().to_owned();
        for (since, tag, expected) in [
            (changed.as_str(), None, 304),
            ("Fri, 01 Jan 2100 00:00:00 GMT", None, 304),
            ("Mon, 07 May 2018 00:00:00 GMT", None, 200),
            ("yesterday", None, 200),
            (changed.as_str(), Some("W/\"another\""), 200),
        ] {
            let asked = province.at_site(Method::GET, "/feed.atom").header("if-modified-since", since);
            let asked = tag.into_iter().fold(asked, |asked, tag| asked.header("if-none-match", tag));
            assert_eq!(asked.send().unwrap().status(), expected, "{since} {tag:?}");
        }

        // The newest first, and what is strange in a name neither breaks nor injects.
        let told = news(province);
        let titles: Vec<&str> = told.iter().map(|entry| entry.1.as_str()).collect();
        assert_eq!(titles, ["=HYPERLINK(\"http://x\") – OCOP 3 sao", &format!("{STRANGE} – OCOP 4 sao")]);
        assert_eq!(told[1].2, format!("{host}{}", page(&strange.product)));
        let producer = province.get(&walk.office, &format!("/producers/{}", here.producer_id)).ok();
        assert_eq!(told[1].4, producer["name"].as_str().unwrap());
        let item = catalogue(province).into_iter().find(|item| item["sku"] == code(&strange.product)).unwrap();
        assert_eq!(item["name"], STRANGE);
        assert_eq!(item["manufacturer"]["address"]["addressLocality"], "Xã Sơn Kim 1");
        assert_eq!(item["hasCertification"]["issuedBy"]["name"], "Ủy ban nhân dân tỉnh Hà Tĩnh");
        let row = table(province).into_iter().find(|row| row["id"] == code(&formula.product)).unwrap();
        assert_eq!(row["title"], "'=HYPERLINK(\"http://x\")");
        assert_eq!((row["gtin"].as_str(), row["identifier_exists"].as_str()), ("", "no"));

        // What its maker adds is told: a number, a picture. A phone only where it is public.
        let before: Vec<String> = FEEDS.iter().map(|feed| tag(province, feed)).collect();
        let product = format!("/products/{}", formula.product);
        province.patch(&there.producer, &product, json!({"gtin": "8934563138165"})).ok();
        assert_eq!(again(province, "/catalogue.csv", &before[4]), 200);
        let before = tag(province, "/catalogue.json");
        province.upload(&there.producer, &format!("{product}/pictures"), &[], A_PNG).created();
        assert_eq!(again(province, "/catalogue.json", &before), 200);
        assert_eq!(agrees(province), 2);
        let row = table(province).into_iter().find(|row| row["id"] == code(&formula.product)).unwrap();
        assert_eq!((row["gtin"].as_str(), row["identifier_exists"].as_str()), ("08934563138165", "yes"));
        let path = row["image_link"].strip_prefix(&host).unwrap();
        assert_eq!(get(province, path).status, 200);
        for public in [false, true] {
            let maker = format!("/producers/{}", there.producer_id);
            province.patch(&walk.office, &maker, json!({"public_phone": public})).ok();
            let phone = province.get(&walk.office, &maker).ok()["phone"].clone();
            let item = catalogue(province).into_iter().find(|item| item["sku"] == code(&formula.product)).unwrap();
            assert_eq!(item["manufacturer"].get("telephone"), public.then_some(&phone));
        }

        // What is revoked is no longer told; its page stays.
        walk.revoked(&strange.product, "3/QĐ-UBND");
        assert_eq!(agrees(province), 1);
        assert_eq!(news(province).len(), 1);
        let listed = pages(province).into_iter().find(|(path, _)| *path == page(&strange.product)).unwrap();
        assert_eq!(listed.1.as_deref(), Some("2021-02-22"));
    });
}

/// What the sitemap names is there, and not kept out of search engines by its own head.
#[test]
fn pages_of_the_sitemap_are_there_and_want_to_be_found() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        walk.approved(&walk.here, "Mật ong");
        let listed = pages(&walk.province);
        assert!(listed.iter().any(|(path, _)| path.starts_with("/products/")));
        for (path, _) in listed {
            let reply = get(&walk.province, &path);
            assert_eq!(reply.status, 200, "{path}: {}", reply.text);
            assert!(reply.headers["content-type"].to_str().unwrap().starts_with("text/html"), "{path}");
            assert!(!reply.text.contains("noindex"), "{path}");
            assert!(reply.text.contains(&format!("href=\"http://{}{path}\"", walk.province.address)), "{path}");
        }
    });
}

#[test]
fn a_whole_province_is_told_in_stretches() {
    on_both(|engine| {
        let province = Province::demo(engine);
        let count = agrees(&province);
        assert!(count > 100, "more than one stretch: {count}");
        assert_eq!(news(&province).len(), 50);
        let own: Vec<(String, Option<String>)> =
            pages(&province).into_iter().filter(|(path, _)| path.starts_with("/products/")).collect();
        assert!(own.len() >= count && own.iter().all(|(_, day)| day.is_some()));
        for feed in FEEDS {
            assert_eq!(again(&province, feed, &tag(&province, feed)), 304, "{feed}");
        }
    });
}
