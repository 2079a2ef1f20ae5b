//! The boards of district and office: narrowed by set, by who is responsible and by what came late; visits; targets with what was
//! reached.

use serde_json::json;

use crate::desk_browser::{Browser, form};
use crate::engine::on_both;
use crate::html::{between, plain};
use crate::walk::Walk;

#[test]
fn boards_are_narrowed_by_set_lateness_and_who_is_responsible() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let candidate = walk.approved(&walk.here, "Mật ong");
        let other = walk.approved(&walk.there, "Kẹo cu đơ");
        let office = Browser::signed_in(&walk.province, "office");
        let total = |list: &str| {
            let page = office.page(&format!("/desk/{list}"));
            between(&page, "Tổng số: ", "<")
                .first()
                .map_or(0, |count| count.split(' ').next().unwrap().parse::<u32>().unwrap())
        };
        assert_eq!([total("ideas?criteria_set=mat-ong"), total("ideas?criteria_set=che-tuoi-che-bien")], [2, 0]);
        assert_eq!([total("ideas?late=false"), total("ideas?late=true")], [2, 0]);
        assert_eq!([total("products?criteria_set=mat-ong"), total("products?criteria_set=vai-may-mac")], [2, 0]);
        assert_eq!(
            [total("dossiers?late=false"), total("dossiers?late=true"), total("dossiers?overdue=true")],
            [2, 0, 0]
        );

        let district = Browser::signed_in(&walk.province, "district-439");
        let thing = format!("/desk/dossiers/{}", candidate.dossier);
        let change = form(&district.page(&thing), "change").with("responsible_account_id", &walk.here.officer.id);
        district.done(&change);
        let list = |of: &str| office.page(&format!("/desk/dossiers?responsible_account_id={of}"));
        let page = list(&walk.here.officer.id);
        assert!(page.contains(&candidate.dossier) && !page.contains(&other.dossier));
        assert!(
            page.contains(&format!("<option value=\"{}\" selected>Ông district-439", walk.here.officer.id)),
            "{page}"
        );
        assert!(!district.page("/desk/dossiers").contains(&other.dossier));

        let typed =
            [("visited_on", "22/02/2021"), ("findings", "Xưởng đủ chỗ phơi"), ("advice", "Thêm sổ ghi nhiệt độ")];
        let page = plain(&district.take(&thing, "record-visit", &typed));
        for part in
            ["Các lần thăm cơ sở", "Xưởng đủ chỗ phơi", "Thêm sổ ghi nhiệt độ", "Ông district-439", "22/02/2021"]
        {
            assert!(page.contains(part), "{part}: {page}");
        }
    });
}

#[test]
fn a_cycle_shows_its_targets_with_what_was_reached() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        walk.approved(&walk.here, "Mật ong");
        walk.submitted_idea(&walk.there, "Kẹo cu đơ");
        let office = Browser::signed_in(&walk.province, "office");
        let cycle = format!("/desk/cycles/{}", walk.cycle);
        let report = walk.province.get(&walk.office, &format!("/cycles/{}/report", walk.cycle)).ok();
        let page = plain(&office.page(&cycle));
        let row = |head: &str| {
            let row = between(&page, &format!("<th scope=\"row\">{head}</th>"), "</tr>");
            let row = row.first().unwrap_or_else(|| panic!("{head}: {page}"));
            between(row, "<td>", "</td>").into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(row("Sản phẩm được chứng nhận"), ["10", &report["products"]["certified"].to_string()]);
        assert_eq!(row("Từ 4 sao trở lên"), ["—", "0"]);
        assert_eq!(row("Điểm bán hàng đang mở"), ["—", &report["shops"].to_string()]);
        let sum = ["registered", "selected", "accepted"].map(|member| report["ideas"][member].to_string());
        assert_eq!(row("Cộng")[..3], sum);
        assert_eq!((&report["ideas"]["registered"], &report["plans"]["approved"]), (&json!(2), &json!(1)));
        assert_eq!(row("Huyện Hương Sơn")[..4], ["1", "1", "1", "1"].map(str::to_owned));
        // Who works with no figures sees none.
        let producer = Browser::signed_in(&walk.province, "producer-439");
        assert!(!producer.page(&cycle).contains("Chỉ tiêu và kết quả"));
    });
}

#[test]
fn lists_are_told_by_name_or_by_age_alike_on_both_databases() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        // Names that differ by marks, by case and by nothing at all, in no order.
        let names = ["Mật ong", "bánh đa", "Đường phên", "Mật ong", "Áo dài", "ăn dặm", "Chè"];
        for name in names {
            walk.idea(&walk.here, name);
        }
        let listed = |order: &str| {
            let mut told = Vec::new();
            let mut after = String::new();
            loop {
                let page = walk.province.get(&walk.office, &format!("/ideas?limit=2&sort={order}{after}")).ok();
                told.extend(
                    page["items"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|idea| idea["product_name"].as_str().unwrap().to_owned()),
                );
                match page["next"].as_str() {
                    Some(next) => after = format!("&after={next}"),
                    None => return told,
                }
            }
        };
        assert_eq!(listed("oldest"), names);
        assert_eq!(listed("newest"), names.iter().rev().copied().collect::<Vec<_>>());
        assert_eq!(listed("name"), ["ăn dặm", "Áo dài", "bánh đa", "Chè", "Đường phên", "Mật ong", "Mật ong"]);
        walk.province.get(&walk.office, "/ideas?sort=colour").refused(422, "invalid");
        walk.province.get(&walk.office, "/dossiers?sort=name").refused(422, "invalid");

        let office = Browser::signed_in(&walk.province, "office");
        let page = office.page("/desk/ideas?state=draft&sort=name");
        let shown: Vec<&str> = between(&page, "<th scope=\"row\"><a href=\"/desk/ideas/", "</bdi>")
            .into_iter()
            .map(|row| row.rsplit("<bdi>").next().unwrap())
            .collect();
        assert_eq!(shown, listed("name"));
        assert!(
            page.contains("<strong aria-current=\"true\">Tên</strong>")
                && page.contains("name=\"sort\" value=\"name\"")
        );
        assert!(plain(&page).contains("/desk/ideas?state=draft&sort=newest"), "{page}");
        assert!(!office.page("/desk/dossiers").contains("sort="), "where the list knows one order, none is asked for");
        let table = office.get("/desk/ideas.csv?sort=oldest").text;
        assert!(table.find("bánh đa").unwrap() < table.find("Chè").unwrap());
        for list in ["products", "producers"] {
            assert_eq!(office.get(&format!("/desk/{list}?sort=oldest")).status, 200, "{list}");
        }
    });
}

#[test]
fn everybody_finds_what_they_may_see_and_nothing_else() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        walk.submitted_idea(&walk.here, "Mật ong hiếm");
        let found = |username: &str, sought: &str| {
            let page = Browser::signed_in(&walk.province, username).page(&format!("/desk/search?q={sought}"));
            assert!(page.contains("href=\"#menu\"") && page.contains("id=\"desk-search\""), "{page}");
            page.contains("Mật ong hiếm")
        };
        for username in ["producer-439", "commune-439", "office", "supervisor"] {
            assert!(found(username, "mat+ong+hiem"), "{username}");
        }
        for username in ["producer-440", "commune-440"] {
            assert!(!found(username, "mat+ong+hiem"), "{username}");
        }
        assert!(!found("office", "kh%C3%B4ng+c%C3%B3") && !found("office", ""));
        assert_eq!(Browser::new(&walk.province).get("/desk/search?q=ong").status, 303);
    });
}
