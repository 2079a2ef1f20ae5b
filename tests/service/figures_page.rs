//! The page of figures says what the reports say, in its drawings as in its tables, and nothing of sessions that run.

use reqwest::Method;
use roxmltree::{Document, Node};
use serde_json::{Value, json};

use crate::engine::on_both;
use crate::province::{Person, Province};
use crate::walk::{Walk, cycle_form, id};

fn page(province: &Province, path: &str) -> String {
    let reply = province.page(path, "vi");
    assert_eq!(reply.status, 200, "{path}: {}", reply.text);
    assert!(!reply.text.contains("style=") && !reply.text.contains("<script"), "{path}");
    assert_eq!(reply.text.matches("<h1").count(), 1, "{path}");
    reply.text
}

/// The pieces of a page between two texts, each with both, which are well-formed by themselves.
fn pieces<'a>(page: &'a str, from: &str, to: &str) -> Vec<&'a str> {
    page.match_indices(from).map(|(at, _)| &page[at..at + page[at..].find(to).unwrap() + to.len()]).collect()
}

fn all_text(node: Node) -> String {
    node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect()
}

/// A number as the page writes it in Vietnamese.
fn number(text: &str) -> i64 {
    text.trim().replace('.', "").parse().unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

fn named<'a>(document: &'a Document, name: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
    document.descendants().filter(move |node| node.tag_name().name() == name)
}

/// The numbers of the page's head, in their order.
fn facts(page: &str) -> Vec<i64> {
    let list = pieces(page, "<dl class=\"facts\">", "</dl>")[0];
    let document = Document::parse(list).unwrap();
    named(&document, "strong").map(|node| number(&all_text(node))).collect()
}

/// A row of a table: its name and its numbers.
type Line = (String, Vec<i64>);

/// The rows of a chart's table: their names and numbers; then the foot, where there is one.
fn table(page: &str, chart: &str) -> (Vec<Line>, Option<Vec<i64>>) {
    let found = pieces(page, &format!("<table class=\"numbers\" id=\"{chart}-table\">"), "</table>");
    let document = Document::parse(found[0]).unwrap();
    let row = |row: Node| {
        let cells = row.children().filter(|cell| cell.tag_name().name() == "td");
        let name = row.children().find(|cell| cell.attribute("scope") == Some("row")).map(all_text).unwrap();
        (name, cells.map(|cell| number(&all_text(cell))).collect::<Vec<i64>>())
    };
    let mut rows = Vec::new();
    let mut foot = None;
    for line in named(&document, "tr") {
        match line.parent_element().unwrap().tag_name().name() {
            "tbody" => rows.push(row(line)),
            "tfoot" => foot = Some(row(line).1),
            _ => assert!(line.children().filter(Node::is_element).all(|cell| cell.attribute("scope") == Some("col"))),
        }
    }
    (rows, foot)
}

/// A chart's drawing, held against its table: every bar is as long as its numbers say, and lies inside.
fn drawn(page: &str, chart: &str, series: usize) {
    let drawings = pieces(page, "<svg", "</svg>");
    let drawing = drawings.iter().find(|svg| svg.contains(&format!("{chart}-title"))).unwrap();
    let document = Document::parse(drawing).unwrap();
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let size: Vec<f64> = root.attribute("viewBox").unwrap().split(' ').map(|part| part.parse().unwrap()).collect();
    for label in root.attribute("aria-labelledby").unwrap().split(' ') {
        let told = document.descendants().find(|node| node.attribute("id") == Some(label)).unwrap();
        assert!(!all_text(told).is_empty());
    }
    let measure = |node: Node, name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap();
    let in_pattern = |node: &Node| node.ancestors().any(|parent| parent.tag_name().name() == "pattern");
    for rect in named(&document, "rect").filter(|node| !in_pattern(node)) {
        assert!(measure(rect, "x") >= 0.0 && measure(rect, "x") + measure(rect, "width") <= size[2] + 0.001);
        assert!(measure(rect, "y") >= 0.0 && measure(rect, "y") + measure(rect, "height") <= size[3]);
    }
    for fill in
        document.descendants().filter_map(|node| node.attribute("fill")).filter_map(|fill| fill.strip_prefix("url(#"))
    {
        let pattern = fill.trim_end_matches(')');
        assert!(document.descendants().any(|node| node.attribute("id") == Some(pattern)), "{pattern}");
    }
    let (rows, _) = table(page, chart);
    let sums: Vec<i64> = rows.iter().map(|(_, numbers)| numbers[..series].iter().sum()).collect();
    let longest = *sums.iter().max().unwrap();
    let lengths = named(&document, "rect").filter(|node| node.attribute("class") == Some("piece"));
    let lengths: Vec<f64> = lengths.map(|piece| measure(piece, "width")).collect();
    let expected = rows.iter().flat_map(|(_, numbers)| numbers[..series].to_vec()).filter(|number| *number > 0);
    let expected: Vec<f64> = expected.map(|number| number as f64 * size[2] / longest as f64).collect();
    assert_eq!(lengths.len(), expected.len());
    assert!(lengths.iter().zip(&expected).all(|(length, expected)| (length - expected).abs() < 0.02));
    let keys = named(&document, "rect").filter(|node| node.attribute("class") == Some("key")).count();
    assert_eq!(keys, if series > 1 { series } else { 0 });
}

fn at(report: &Value, pointer: &str) -> i64 {
    report.pointer(pointer).and_then(Value::as_i64).unwrap_or(0)
}

/// The page of a year says what its report says, and of the other years what theirs say.
fn agrees(province: &Province, office: &Person, page: &str, year: i64) {
    let cycles = province.all(office, "/cycles");
    let report = |year: i64| {
        let cycle = cycles.iter().find(|cycle| cycle["year"] == year).unwrap();
        province.get(office, &format!("/cycles/{}/report", id(cycle))).ok()
    };
    let own = report(year);
    let path = ["/ideas/registered", "/ideas/accepted", "/plans/approved", "/products/certified"];
    let head = [path[0], path[2], path[3], "/cumulative/certified", "/cumulative/valid", "/shops"]
        .map(|figure| at(&own, figure));
    assert_eq!(facts(page), head);
    if at(&own, path[0]) > 0 {
        let steps: Vec<i64> = table(page, "path").0.into_iter().map(|(_, numbers)| numbers[0]).collect();
        assert_eq!(steps, path.map(|figure| at(&own, figure)));
        drawn(page, "path", 1);
    }
    if at(&own, "/cumulative/certified") > 0 {
        let (years, _) = table(page, "years");
        assert!(years.iter().any(|(told, _)| *told == year.to_string()));
        for (year, numbers) in years {
            let report = report(year.parse().unwrap());
            let stars = ["3", "4", "5"].map(|stars| at(&report, &format!("/products/by_stars/{stars}")));
            assert_eq!(numbers[..3], stars, "{year}");
            assert_eq!(numbers[3], at(&report, "/products/certified"), "{year}");
        }
        drawn(page, "years", 3);
        let (units, total) = table(page, "units");
        let valid = at(&own, "/cumulative/valid");
        let ended = at(&own, "/cumulative/certified") - valid;
        assert_eq!(total.unwrap(), [valid, ended, valid + ended]);
        let known = province.public("/units?limit=100&level=district&on=2020-12-31").ok();
        let name = |code: &Value| {
            let units = known["items"].as_array().unwrap();
            units.iter().find(|unit| unit["code"] == *code).unwrap()["name"].as_str().unwrap().to_owned()
        };
        let mut expected: Vec<Line> = own["by_unit"]
            .as_array()
            .unwrap()
            .iter()
            .map(|unit| {
                let (valid, all) = (at(unit, "/cumulative/valid"), at(unit, "/cumulative/certified"));
                (name(&unit["unit_code"]), vec![valid, all - valid, all])
            })
            .collect();
        assert!(units.is_sorted_by(|a, b| a.1[0] >= b.1[0]));
        let mut units = units;
        units.sort();
        expected.sort();
        assert_eq!(units, expected);
        drawn(page, "units", 2);
    }
}

#[test]
fn the_page_says_what_the_report_says_and_nothing_of_a_session() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, here) = (&walk.province, &walk.here);
        let now = || page(province, "/figures");
        let nothing = now();
        agrees(province, &walk.office, &nothing, 2021);
        assert!(!nothing.contains("<svg"), "nothing is drawn of nothing");

        let candidate = walk.handed_in(here, "Mật ong");
        agrees(province, &walk.office, &now(), 2021);
        let (district, council) = (walk.council("439", 1, 3), walk.council("42", 1, 3));
        let before = now();
        let item = walk.agenda_item(&district, &candidate.dossier);
        walk.concluded(&district, &item, &[60, 60, 61]);
        province.step(&here.officer, &format!("/agenda-items/{item}"), "send_up", json!({})).ok();
        let upper = walk.rated(&council, &candidate, 72);
        assert_eq!(now(), before, "what councils conclude is not told before it is decided");
        walk.recognised(&[&upper], "1/QĐ-UBND");
        let after = now();
        agrees(province, &walk.office, &after, 2021);
        assert_ne!(facts(&after), facts(&before));

        let tag = province.page("/figures", "vi").headers["etag"].to_str().unwrap().to_owned();
        let request = province.at_site(Method::GET, "/figures").header("if-none-match", tag);
        assert_eq!(request.send().unwrap().status(), 304);
        let english = page(province, "/figures?lang=en&year=2021&utm_source=zalo");
        assert!(english.contains("lang=\"en\"") && english.contains("Products certified in the year"));
        assert!(after.contains("lang=\"vi\"") && after.contains("Sản phẩm được công nhận trong năm"));
        assert_eq!(facts(&english), facts(&after));
    });
}

#[test]
fn a_year_is_there_once_it_is_open() {
    on_both(|engine| {
        let province = Province::new(engine);
        let office = province.hire("office", "provincial_officer", Some("42"), None);
        assert!(page(&province, "/figures").contains("Chưa có năm nào được mở"));
        let cycle = id(&province.post(&office, "/cycles", cycle_form(2021)).created());
        assert!(page(&province, "/figures").contains("Chưa có năm nào được mở"), "a draft is nobody's business");
        for (path, status) in
            [("/figures?year=2021", 404), ("/figures?year=x", 422), ("/figures?year=99999999999", 422)]
        {
            assert_eq!(province.page(path, "vi").status, status, "{path}");
        }
        province.at_version(Method::POST, &office, &format!("/cycles/{cycle}/open"), 1, json!({})).ok();
        for path in ["/figures", "/figures?year=", "/figures?year=2021"] {
            assert_eq!(facts(&page(&province, path)), [0; 6], "{path}");
        }
    });
}

#[test]
fn each_year_of_the_demo_says_what_its_report_says() {
    on_both(|engine| {
        let province = Province::demo(engine);
        let office = province.hire("figures-office", "provincial_officer", Some("42"), None);
        for year in [2019, 2020, 2021] {
            agrees(&province, &office, &page(&province, &format!("/figures?year={year}")), year);
        }
        let latest = page(&province, "/figures");
        assert!(latest.contains("<option value=\"2021\" selected>"), "the latest year that has figures");
        assert_eq!(facts(&latest), facts(&page(&province, "/figures?year=2021")));
    });
}
