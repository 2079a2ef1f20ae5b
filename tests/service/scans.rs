//! What a scan is, and whose it is: nobody makes an honest stamp suspect by what other pages load or claim.

use std::net::{IpAddr, Ipv4Addr};

use reqwest::Method;
use reqwest::blocking::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::desk_browser::Browser;
use crate::engine::on_both;
use crate::province::{Reply, client};
use crate::walk::{Walk, id, phone_in};

/// What only looks.
const PROGRAM: &str = "facebookexternalhit/1.1";
const PLACES: [(f64, f64); 6] =
    [(18.51, 105.41), (18.53, 105.58), (18.36, 105.86), (18.25, 106.00), (18.07, 106.29), (21.03, 105.85)];

fn stamps(walk: &Walk, quantity: i64) -> Vec<String> {
    let product = walk.approved(&walk.here, "Mật ong").product;
    walk.activated(&walk.here, &product, quantity)
}

/// Asks for a stamp with these headers, from a network of its own each time.
fn ask(walk: &Walk, code: &str, network: u32, headers: &[(&str, &str)]) -> Reply {
    let request = walk.province.request(Method::GET, &format!("/t/{code}"));
    let request = request.header("x-forwarded-for", phone_in(network).to_string());
    Reply::of(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().unwrap())
}

/// The stamp's count and verdict, without adding to it.
fn state(walk: &Walk, code: &str) -> (i64, Value) {
    let answer = ask(walk, code, 1, &[("user-agent", PROGRAM)]).ok();
    (answer["scans"]["count"].as_i64().unwrap(), answer["verdict"].clone())
}

#[test]
fn what_a_foreign_page_loads_is_told_the_truth_and_counts_nothing() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let codes = stamps(&walk, 2);
        let elsewhere = |site, mode, destination| {
            [("sec-fetch-site", site), ("sec-fetch-mode", mode), ("sec-fetch-dest", destination)]
        };
        let loads = [
            elsewhere("cross-site", "no-cors", "image"),
            elsewhere("cross-site", "navigate", "iframe"),
            elsewhere("cross-site", "cors", "empty"),
            elsewhere("same-site", "no-cors", "image"),
            elsewhere("cross-site", "navigate", "object"),
        ];
        for network in 0..25 {
            for load in &loads {
                let answer = ask(&walk, &codes[0], network, load).ok();
                assert_eq!((&answer["verdict"], &answer["scans"]["count"]), (&json!("genuine"), &json!(0)));
            }
            let old = [("accept", "image/avif,image/webp,image/apng,*/*;q=0.8")];
            assert_eq!(ask(&walk, &codes[0], network, &old).ok()["scans"]["count"], 0);
            let script = [("user-agent", "Mozilla/5.0 (iPhone) Version/15.5 Safari/605.1.15"), ("accept", "*/*")];
            assert_eq!(ask(&walk, &codes[0], network, &script).ok()["scans"]["count"], 0);
        }
        for agent in [
            "",
            PROGRAM,
            "meta-externalagent/1.1",
            "coccocbot-web/1.0",
            "http.rb/5.1.1 (Mastodon/4.2.1; +https://m.example/)",
            "Mozilla/5.0 AppleWebKit/537.36 MicrosoftPreview/2.0",
            "redditbot/1.0",
            "Iframely/1.3.1",
            "Slack-ImgProxy (+https://api.slack.com/robots)",
            "Mozilla/5.0 AppleWebKit/537.36 (compatible; GPTBot/1.2)",
            "Mozilla/5.0 (compatible; Bytespider; spider-feedback@bytedance.com)",
        ] {
            assert_eq!(ask(&walk, &codes[0], 30, &[("user-agent", agent)]).ok()["verdict"], "genuine", "{agent}");
        }
        let nameless = reqwest::blocking::get(format!("http://{}/t/{}", walk.province.address, codes[0])).unwrap();
        assert_eq!(Reply::of(nameless).ok()["scans"]["count"], 0);
        ask(&walk, &codes[0], 30, &[("purpose", "preview")]).ok();
        ask(&walk, &codes[0], 30, &[("range", "bytes=0-4095")]).ok();
        for network in 0..25 {
            let request = walk.province.request(Method::HEAD, &format!("/t/{}", codes[0]));
            let head = request.header("x-forwarded-for", phone_in(network).to_string()).send().unwrap();
            assert_eq!(head.status(), 200);
        }
        for ahead in ["prefetch", "prefetch;prerender"] {
            ask(&walk, &codes[0], 30, &[("sec-purpose", ahead)]).refused(503, "fetched_ahead");
        }
        assert_eq!(state(&walk, &codes[0]), (0, json!("genuine")));

        // Other pages that open the stamp's page by themselves are counted and speak for nothing.
        for network in 0..25 {
            let led = elsewhere("cross-site", "navigate", "document");
            assert_eq!(ask(&walk, &codes[0], network, &led).ok()["scans"]["count"], network + 1);
        }
        assert_eq!(state(&walk, &codes[0]), (25, json!("genuine")));
        assert!(walk.province.all(&walk.office, "/stamps/suspects").is_empty());
        // People are heard: those who scan, those who click, and browsers and apps that tell nothing.
        for network in 0..21 {
            let headers = match network % 3 {
                0 => elsewhere("none", "navigate", "document").to_vec(),
                1 => [&elsewhere("cross-site", "navigate", "document")[..], &[("sec-fetch-user", "?1")]].concat(),
                _ => vec![
                    ("user-agent", "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Zalo android/12110635"),
                    ("accept", "application/json"),
                ],
            };
            ask(&walk, &codes[0], network, &headers).ok();
        }
        assert_eq!(state(&walk, &codes[0]), (46, json!("suspect")));
        let case = &walk.province.all(&walk.office, "/stamps/suspects")[0];
        let today = json!([{"day": "2021-02-22", "scans": 46, "visitors": 21}]);
        assert_eq!((&case["evidence"]["days"], &case["evidence"]["scans"]), (&today, &json!(46)));
    });
}

#[test]
fn a_few_networks_make_no_stamp_suspect_whatever_they_claim() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let codes = stamps(&walk, 40);
        let started = std::time::Instant::now();
        for code in &codes {
            for (network, (lat, lon)) in (0..5).zip(PLACES) {
                assert_eq!(walk.scan(code, network, Some((lat, lon)))["verdict"], "genuine");
            }
        }
        eprintln!("five addresses told {} stamps of made-up places in {:?}", codes.len(), started.elapsed());
        // All addresses of a network, in either family, are as good as one.
        for host in 0..30u32 {
            let (lat, lon) = PLACES[host as usize % 6];
            for address in [format!("198.18.0.{host}"), format!("2001:db8:1:{host:x}::1")] {
                let request = walk.province.request(Method::POST, &format!("/t/{}/scans", codes[0]));
                let request = request.json(&json!({"lat": lat, "lon": lon})).header("x-forwarded-for", address);
                assert_eq!(Reply::of(request.send().unwrap()).ok()["verdict"], "genuine");
            }
        }
        assert!(walk.province.all(&walk.office, "/stamps/suspects").is_empty());
        assert!(codes.iter().all(|code| state(&walk, code).1 == "genuine"));
        // The board is told, and people decide.
        let alerts = walk.province.all(&walk.inspector, "/stamps/alerts");
        let producer = &walk.here.producer_id;
        let told = |alert: &Value| {
            let count = |name: &str| alert[name].as_i64().unwrap();
            (alert["producer_id"].as_str().unwrap().to_owned(), count("stamps"), count("networks"))
        };
        assert_eq!(alerts.iter().map(told).collect::<Vec<_>>(), [(producer.clone(), 40, 5)]);
        assert_eq!(alerts[0]["day"], "2021-02-22");
        assert!(alerts[0]["since"].as_str().unwrap() <= alerts[0]["last_at"].as_str().unwrap());
        walk.province.get(&walk.here.producer, "/stamps/alerts").refused(403, "forbidden");
        let board = Browser::of(&walk.province, &walk.office).page("/desk/stamps/suspects");
        assert!(board.contains("5 mạng cùng quét 40 tem"), "{board}");
    });
}

#[test]
fn more_networks_that_go_through_a_producers_stamps_leave_no_verdict_either() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let codes = stamps(&walk, 13);
        let (copied, swept) = codes.split_last().unwrap();
        // A stamp that others scan too is judged by those.
        for network in 100..121 {
            walk.scan(copied, network, None);
        }
        for code in swept {
            for network in 0..10 {
                walk.scan(code, network, Some(PLACES[network as usize % 6]));
            }
        }
        for code in swept {
            assert_eq!(state(&walk, code).1, "genuine", "few networks over many stamps are no verdict");
        }
        assert_eq!(state(&walk, copied).1, "suspect");
        let board = walk.province.all(&walk.office, "/stamps/suspects");
        let of_state = |state: &str| board.iter().filter(|case| case["state"] == state).collect::<Vec<_>>();
        assert_eq!(of_state("open").len(), 1);
        // What was found before it showed that they go through all of them was taken back, and says why.
        let taken_back = of_state("dismissed");
        assert!(taken_back.len() <= 6, "{}", taken_back.len());
        for case in taken_back {
            assert!(case["note"].as_str().unwrap().contains("cùng một ít mạng"), "{case}");
            let history = walk.province.all(&walk.office, &format!("/stamps/suspects/{}/history", id(case)));
            assert_eq!((&history[1]["verb"], &history[1]["who"]), (&json!("take-back"), &Value::Null));
        }
        let alert = &walk.province.all(&walk.office, "/stamps/alerts")[0];
        assert_eq!((&alert["stamps"], &alert["networks"]), (&json!(12), &json!(10)));
        assert!(crate::audit::verify(&walk.province).0, "the history is in order");
    });
}

#[test]
fn forms_of_other_pages_are_refused_in_the_readers_language() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let code = stamps(&walk, 1).remove(0);
        let forms: [(&str, Value); 3] = [
            ("scans", json!({"lat": 18.51, "lon": 105.41})),
            ("doubts", json!({"text": "Tem mờ"})),
            ("confirm", json!({"secret": "00000000"})),
        ];
        for (name, form) in &forms {
            let path = format!("/t/{code}/{name}");
            let sent = |headers: &[(&str, &str)]| {
                let request = walk.province.request(Method::POST, &path).json(form);
                let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
                Reply::of(request.send().unwrap())
            };
            sent(&[("sec-fetch-site", "cross-site")]).refused(403, "cross_site");
            sent(&[("sec-fetch-site", "same-site"), ("sec-fetch-user", "?1")]).refused(403, "cross_site");
            sent(&[("origin", "https://evil.example")]).refused(403, "cross_site");
            sent(&[("origin", "null")]).refused(403, "cross_site");
            let own = format!("http://{}", walk.province.address);
            assert_ne!(sent(&[("origin", &own)]).status, 403);
            assert_ne!(sent(&[("sec-fetch-site", "same-origin"), ("origin", &own)]).status, 403);
        }
        let page = |language: &str| {
            let request = walk.province.at_site(Method::POST, &format!("/t/{code}/doubts"));
            let request = request.header("accept", "text/html").header("accept-language", language);
            let request = request.header("content-type", "application/x-www-form-urlencoded").body("text=x");
            Reply::of(request.header("sec-fetch-site", "cross-site").send().unwrap())
        };
        let (vietnamese, english) = (page("vi"), page("en"));
        assert!(vietnamese.status == 403 && vietnamese.text.contains("một trang web khác"), "{}", vietnamese.text);
        assert!(english.status == 403 && english.text.contains("Another website"), "{}", english.text);
        assert_eq!(walk.province.all(&walk.office, "/doubts").len(), 2, "those of the own page");
    });
}

/// Twenty-five visitors scan a stamp through a proxy, which names them in one of the ways that proxies have.
fn through(proxy: &Client, walk: &Walk, code: &str) -> Value {
    let scan = |request: RequestBuilder| Reply::of(request.send().unwrap()).ok();
    let asked = |visitor: u32| {
        let request = proxy.get(walk.province.url(&format!("/t/{code}")));
        let address = phone_in(visitor);
        match visitor % 4 {
            0 => request.header("x-forwarded-for", format!("192.0.2.1, {address}")),
            1 => request.header("x-forwarded-for", format!("{address}:4711")),
            2 => request.header("x-forwarded-for", format!("[2001:db8:{visitor:x}::1]:443")),
            _ => request.header("forwarded", format!("for=192.0.2.1, for=\"{address}:41\";proto=https")),
        }
    };
    (0..25).fold(Value::Null, |_, visitor| scan(asked(visitor)))
}

#[test]
fn visitors_behind_a_listed_proxy_are_told_apart_and_nobody_else_is_believed() {
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        let codes = stamps(&walk, 3);
        walk.province.restart(&["--trusted-proxies", "127.0.0.2/32,10.255.0.0/16"]);
        let at = |last| client().local_address(IpAddr::V4(Ipv4Addr::new(127, 0, 0, last))).build().unwrap();
        let unlisted = through(&at(3), &walk, &codes[0]);
        assert_eq!((&unlisted["scans"]["count"], &unlisted["verdict"]), (&json!(25), &json!("genuine")));
        let loopback = through(&at(1), &walk, &codes[1]);
        assert_eq!(loopback["verdict"], "genuine", "this machine is trusted only where the setting says so");
        let listed = through(&at(2), &walk, &codes[2]);
        assert_eq!((&listed["scans"]["count"], &listed["verdict"]), (&json!(25), &json!("suspect")));
    });
}
