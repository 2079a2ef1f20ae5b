//! Metrics: at an address of their own, readable by Prometheus, and telling nothing to anybody else.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use reqwest::Method;

use crate::engine::{Engine, new_folder, on_both};
use crate::province::Province;
use crate::walk::Walk;

/// A request as bytes, so that no client of ours mends an answer that is not what its headers say.
fn asked(address: SocketAddr, request: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    (String::from_utf8(answer[..end].to_vec()).unwrap().to_lowercase(), answer[end + 4..].to_vec())
}

fn told(address: SocketAddr, encoding: &str) -> String {
    let request =
        format!("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept-Encoding: {encoding}\r\n\r\n");
    let (head, body) = asked(address, &request);
    assert!(head.starts_with("http/1.1 200") && head.contains("content-type: text/plain; version=0.0.4"), "{head}");
    assert!(!head.contains("content-encoding"), "{head}");
    String::from_utf8(body).expect("what is said to be plain is plain")
}

/// The names and labels of all series.
fn series(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let names: Vec<String> = lines.map(|line| line.rsplit_once(' ').expect(line).0.to_owned()).collect();
    assert!(!names.is_empty(), "{text}");
    names
}

#[test]
fn only_its_own_address_tells_metrics() {
    on_both(|engine| {
        let folder = new_folder();
        let province = Province::over(engine.new_database(folder.path()), &["--metrics-listen", "127.0.0.1:0"]);
        assert_eq!(province.at_site(Method::GET, "/metrics").send().unwrap().status(), 404);
        assert_eq!(province.public("/units").status, 200);
        let metrics = province.metrics_address();
        for encoding in ["identity", "gzip", "gzip, deflate, br"] {
            let text = told(metrics, encoding);
            let counted = "ocop_http_requests_total{endpoint=\"/api/v1/units\",method=\"GET\",status=\"200\"} 1";
            for line in [counted, "ocop_duty_failing{duty=\"sealer\"} 0", "ocop_duty_failures_total{duty=\"sealer\"} 0"]
            {
                assert!(text.lines().any(|told| told == line), "{encoding}: {line}: {text}");
            }
        }
        let (head, _) = asked(metrics, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assert!(head.starts_with("http/1.1 404"), "{head}");
    });
}

#[test]
fn scans_the_database_and_the_disk_are_told_and_every_alert_asks_for_what_there_is() {
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        walk.province.restart(&["--metrics-listen", "127.0.0.1:0"]);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let code = walk.activated(&walk.here, &product, 1).remove(0);
        let metrics = walk.province.metrics_address();
        let value = |name: &str| -> f64 {
            let text = told(metrics, "identity");
            let line = text.lines().find(|line| line.rsplit_once(' ').is_some_and(|(told, _)| told == name));
            line.unwrap_or_else(|| panic!("{name}: {text}")).rsplit_once(' ').unwrap().1.parse().unwrap()
        };
        let verdict = walk.scan(&code, 1, None)["verdict"].as_str().unwrap().to_owned();
        let answered = format!("ocop_scan_verdicts_total{{verdict=\"{verdict}\"}}");
        let counted = || [value(&answered), value("ocop_scan_batch_size_sum")];
        let before = counted();
        (2..5).for_each(|network| drop(walk.scan(&code, network, None)));
        assert_eq!(counted(), before.map(|count| count + 3.0));
        assert!(value("ocop_database_wait_seconds_count") > 3.0);
        assert_eq!(value("ocop_scans_refused_total") + value("ocop_database_refused_total"), 0.0);
        let free = ocop::base::capacity::free(&walk.province.app.data_dir).unwrap();
        assert!((value("ocop_disk_free_bytes") - free as f64).abs() < 1e9);
        assert_eq!(value("ocop_database_log_bytes") > 0.0, matches!(engine, Engine::Sqlite));
        let text = told(metrics, "identity");
        let rules = include_str!("../../deploy/prometheus-alerts.yaml");
        let asked = rules.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        let asked: BTreeSet<&str> = asked.filter(|word| word.starts_with("ocop_")).collect();
        assert!(asked.len() > 7, "{asked:?}");
        for name in asked {
            assert!(text.lines().any(|line| line.starts_with(name)), "{name}: {text}");
        }
    });
}

#[test]
fn made_up_paths_and_methods_make_no_series() {
    let folder = new_folder();
    let province = Province::over(Engine::Sqlite.new_database(folder.path()), &["--metrics-listen", "127.0.0.1:0"]);
    let strange = |number: usize| {
        let method = Method::from_bytes(format!("BREW{number}").as_bytes()).unwrap();
        province.at_site(method, "/units").send().unwrap();
        province.at_site(Method::GET, &format!("/made-up/{number}")).send().unwrap();
        province.public(&format!("/ideas/{number}"));
    };
    strange(0);
    let before = series(&told(province.metrics_address(), "identity"));
    (1..20).for_each(strange);
    assert_eq!(series(&told(province.metrics_address(), "identity")), before);
}

#[test]
fn without_a_setting_nobody_is_told_metrics() {
    let province = Province::new(Engine::Sqlite);
    assert_eq!(province.at_site(Method::GET, "/metrics").send().unwrap().status(), 404);
}
