//! The desk's figures: what the reports say, unit beside unit and year beside year, for who works with them.

use serde_json::Value;

use crate::desk_browser::Browser;
use crate::engine::on_both;
use crate::html::{between, plain};
use crate::province::Province;
use crate::walk::Walk;

/// The rows of the table with this heading: its first cell, and the numbers behind it.
fn rows(page: &str, heading: &str) -> Vec<(String, Vec<i64>)> {
    let table = between(page, &format!("aria-labelledby=\"{heading}\"><table"), "</table>")[0];
    let numbers = |row: &str| {
        let cells = between(row, "<td class=\"number\">", "</td>").into_iter();
        cells.map(|cell| cell.replace('.', "").parse().unwrap()).collect()
    };
    let row = |row: &str| (plain(between(row, "<th scope=\"row\">", "</th>")[0]), numbers(row));
    let body = table.split_once("</thead>").unwrap().1;
    between(body, "<tr>", "</tr>").into_iter().map(row).collect()
}

/// The numbers of a report in the order of the page.
fn counted(figures: &Value) -> Vec<i64> {
    let count = |pointer: &str| figures.pointer(pointer).and_then(Value::as_i64).unwrap_or(0);
    [
        "/products/certified",
        "/ideas/registered",
        "/ideas/accepted",
        "/plans/approved",
        "/plans/finance/total",
        "/products/by_stars/3",
        "/products/by_stars/4",
        "/products/by_stars/5",
        "/cumulative/valid",
        "/shops",
    ]
    .map(count)
    .into()
}

fn report(demo: &Province, username: &str, year: i64, on: &str) -> Value {
    let reader = demo.sign_in_with(username, ocop::demo::PASSWORD);
    let cycles = demo.all(&reader, "/cycles");
    let cycle = cycles.iter().find(|cycle| cycle["year"] == year).unwrap()["id"].as_str().unwrap();
    demo.get(&reader, &format!("/cycles/{cycle}/report{on}")).ok()
}

#[test]
fn figures_are_those_of_the_reports_by_unit_and_by_year() {
    on_both(|engine| {
        let demo = Province::demo(engine);
        for username in ["office", "district", "commune", "supervisor"] {
            let browser = Browser::of_demo(&demo, username);
            let cycle = report(&demo, username, 2020, "");
            let id = demo.all(&demo.sign_in_with(username, ocop::demo::PASSWORD), "/cycles");
            let id = id.iter().find(|cycle| cycle["year"] == 2020).unwrap()["id"].as_str().unwrap().to_owned();
            let page = browser.page(&format!("/desk/figures?cycle={id}"));
            let units = rows(&page, "of-units");
            let (total, units) = units.split_last().unwrap();
            assert_eq!(total, &("Cộng".to_owned(), counted(&cycle)), "{username}");
            let mut told: Vec<Vec<i64>> = units.iter().map(|(_, numbers)| numbers.clone()).collect();
            assert!(told.is_sorted_by(|one, next| one[0] >= next[0]), "the most certified first");
            let mut reported: Vec<Vec<i64>> = cycle["by_unit"].as_array().unwrap().iter().map(counted).collect();
            told.sort();
            reported.sort();
            assert_eq!(told, reported, "{username}");
            let years = rows(&page, "of-years");
            let names: Vec<&str> = years.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(names, ["2019 (1048-2019)", "2020 (1048-2019)", "2021 (1048-2019)"]);
            for ((_, numbers), year) in years.iter().zip(2019..) {
                assert_eq!(*numbers, counted(&report(&demo, username, year, "")), "{username} {year}");
            }
            // One unit is beside none.
            assert_eq!(page.contains("id=\"units-table\""), username != "district" && username != "commune");
            for scored in ["Đã chấm", "Chuyển lên"] {
                assert!(!page.contains(scored), "what councils do is not told");
            }

            // Of a day, in the order of another measure, and taken away.
            let page = browser.page(&format!("/desk/figures?cycle={id}&on=30/06/2020&by=registered"));
            let earlier = report(&demo, username, 2020, "?on=2020-06-30");
            assert_eq!(rows(&page, "of-units").last().unwrap().1, counted(&earlier));
            let table = browser.get(&format!("/desk/figures.csv?cycle={id}&on=2020-06-30&of=units"));
            assert_eq!(table.headers["content-type"], "text/csv; charset=utf-8");
            let last = table.text.lines().last().unwrap().replace('"', "");
            let expected: Vec<String> = counted(&earlier).iter().map(ToString::to_string).collect();
            assert_eq!(last, format!("Cộng,{}", expected.join(",")));
            let sheet = browser.get(&format!("/desk/figures.xlsx?cycle={id}&of=years"));
            assert!(sheet.status == 200 && sheet.bytes.starts_with(b"PK"));
        }
        let browser = Browser::of_demo(&demo, "office");
        let page = browser.page("/desk/figures?on=hôm+qua&by=nothing");
        assert!(page.contains("Ngày không đọc được") && page.contains("value=\"hôm qua\""), "{page}");
        for unknown in ["x", "01a219a8-bd11-7021-bb88-ae08f229661d"] {
            assert_eq!(browser.get(&format!("/desk/figures?cycle={unknown}")).status, 404);
        }
        assert!(browser.page("/desk/figures?lang=en").contains("Units beside one another"));
    });
}

#[test]
fn figures_are_for_who_works_with_them() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        for path in ["/desk/figures", "/desk/figures.csv", "/desk/figures.xlsx"] {
            assert_eq!(Browser::new(&walk.province).get(path).status, 303, "{path}");
            for username in ["producer-439", "idle", "admin"] {
                assert_eq!(Browser::signed_in(&walk.province, username).get(path).status, 403, "{path} as {username}");
            }
            assert_eq!(Browser::signed_in(&walk.province, "commune-439").get(path).status, 200);
        }
        assert!(!Browser::signed_in(&walk.province, "producer-439").page("/desk").contains("/desk/figures"));
    });
}
