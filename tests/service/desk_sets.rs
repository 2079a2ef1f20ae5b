//! Criteria sets on the desk: read, held side by side, imported with every problem at its place, and named wherever they stand.

use serde_json::{Value, json};

use crate::desk_browser::{Browser, form};
use crate::engine::on_both;
use crate::html::{between, plain};
use crate::province::Upload;
use crate::walk::Walk;

const HONEY: &str = "/criteria-sets/mat-ong?edition=26-2026";

fn honey(walk: &Walk) -> Value {
    walk.province.get(&walk.office, HONEY).ok()
}

fn file(bytes: &[u8]) -> Upload<'_> {
    Upload { name: "mat-ong.json", media: "application/json", bytes }
}

#[test]
fn sets_are_listed_by_edition_and_read_whole() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let producer = Browser::signed_in(&walk.province, "producer-439");
        let list = producer.page("/desk/criteria-sets?edition=26-2026");
        let set = honey(&walk);
        let title = set["title"].as_str().unwrap();
        let address = "/desk/criteria-sets/mat-ong?edition=26-2026";
        assert!(list.contains(&format!("href=\"{address}\"")) && list.contains(title) && list.contains("mat-ong"));
        assert!(!list.contains("?edition=1048-2019"), "of the other edition none is listed");
        let page = plain(&producer.page(address));
        let mut options = 0;
        for part in set["parts"].as_array().unwrap() {
            assert!(page.contains(part["title"].as_str().unwrap()));
            for group in part["groups"].as_array().unwrap() {
                assert!(page.contains(group["title"].as_str().unwrap()));
                for criterion in group["criteria"].as_array().unwrap() {
                    let heading =
                        format!("{} {} (", criterion["code"].as_str().unwrap(), criterion["title"].as_str().unwrap());
                    assert!(page.contains(&heading), "{heading}");
                    for option in criterion["options"].as_array().unwrap() {
                        assert!(page.contains(option["label"].as_str().unwrap()), "{option}");
                        options += 1;
                    }
                    if let Some(note) = criterion["note"].as_str() {
                        assert!(page.contains(note), "{note}");
                    }
                }
            }
        }
        assert!(options > 60 && page.contains("Tối thiểu để đạt 5 sao") && page.contains("Có sẵn trong hệ thống"));
        let english = producer.page("/desk/criteria-sets/mat-ong?edition=26-2026&lang=en");
        assert!(plain(&english).contains(set["title_en"].as_str().unwrap()) && english.contains("Least for 5 stars"));
        let taken = producer.get("/desk/criteria-sets/mat-ong/content?edition=26-2026");
        assert_eq!(serde_json::from_str::<Value>(&taken.text).unwrap(), set);
        assert!(taken.headers["content-disposition"].to_str().unwrap().contains("mat-ong-26-2026-1.json"));
        for nowhere in ["/mat", "/mat-ong?edition=26-2026&version=2", "/mat-ong/compare?from=26-2026.7"] {
            assert_eq!(producer.get(&format!("/desk/criteria-sets{nowhere}")).status, 404, "{nowhere}");
        }
        assert_eq!(producer.get("/desk/criteria-sets/mat-ong?version=x").status, 422);
    });
}

#[test]
fn things_name_their_set_with_its_code_beside() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let candidate = walk.approved(&walk.here, "Mật ong");
        let set = walk.province.get(&walk.office, "/criteria-sets/mat-ong?edition=1048-2019").ok();
        let [title, english] = ["title", "title_en"].map(|member| set[member].as_str().unwrap().to_owned());
        let office = Browser::signed_in(&walk.province, "office");
        let address = "/desk/criteria-sets/mat-ong?edition=";
        for (kind, id) in [("products", &candidate.product), ("dossiers", &candidate.dossier)] {
            let [list, page] =
                [format!("/desk/{kind}"), format!("/desk/{kind}/{id}")].map(|path| plain(&office.page(&path)));
            assert!(page.contains(&format!("({})", "mat-ong")) && page.contains(address), "{kind}: {page}");
            assert!(list.contains("(mat-ong)"), "{kind}");
            let view = walk.province.get(&walk.office, &format!("/{kind}/{id}")).ok();
            assert!(page.contains(&format!("{} (mat-ong)", view["criteria_set_title"].as_str().unwrap())), "{kind}");
        }
        let dossier = walk.province.get(&walk.office, &format!("/dossiers/{}", candidate.dossier)).ok();
        assert_eq!(
            (&dossier["criteria_set"], &dossier["criteria_set_edition"], &dossier["criteria_set_title"]),
            (&json!("mat-ong"), &json!("1048-2019"), &json!(title))
        );
        let page = plain(&office.page(&format!("/desk/dossiers/{}?lang=en", candidate.dossier)));
        assert!(page.contains(&format!("{english} (mat-ong)")), "{page}");
        // An edition's own title, whatever the newest set of the code is called.
        let idea = &walk.province.all(&walk.office, "/ideas")[0];
        assert_eq!(idea["criteria_set_title"].as_str(), Some(title.as_str()));
    });
}

#[test]
fn an_import_tells_every_problem_at_its_place_and_becomes_the_next_version() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let office = Browser::signed_in(&walk.province, "office");
        let blank = || form(&office.page("/desk/criteria-sets/new"), "create");
        let set = honey(&walk);
        let mut broken = set.clone();
        broken["sector"] = json!("bees");
        broken["parts"][0]["groups"][0]["criteria"][1].as_object_mut().unwrap().remove("title");
        broken["parts"][0]["groups"][1]["criteria"][0]["options"][0]["points"] = json!("one");
        broken["parts"][1]["groups"][0]["criteria"][0]["options"][0]["label"] = json!("");
        broken["parts"][2]["colour"] = json!(1);
        let text = serde_json::to_string_pretty(&broken).unwrap();
        let reply = office.upload(&blank(), file(text.as_bytes()));
        assert_eq!(reply.status, 422, "{}", reply.text);
        let wrong: Vec<String> =
            between(&reply.text, "<a href=\"#create-set\">", "</a>").into_iter().map(plain).collect();
        let code = |part: usize, group: usize, criterion: usize| {
            let group = &broken["parts"][part]["groups"][group];
            (
                group["code"].as_str().unwrap().to_owned(),
                group["criteria"][criterion]["code"].as_str().unwrap().to_owned(),
            )
        };
        let ([first, second], third) = ([code(0, 0, 1), code(0, 1, 0)], code(1, 0, 0));
        for place in [
            "Nhóm sản phẩm (sector)".to_owned(),
            format!("Phần A › Nhóm {} › Tiêu chí {} › Tên (title)", first.0, first.1),
            format!("Phần A › Nhóm {} › Tiêu chí {} › Phương án 1 › Điểm (points)", second.0, second.1),
            format!("Phần B › Nhóm {} › Tiêu chí {} › Phương án 1 › Nội dung (label)", third.0, third.1),
            "Phần C › “colour”".to_owned(),
        ] {
            assert!(wrong.iter().any(|line| line.starts_with(&format!("{place}: "))), "{place}: {wrong:#?}");
        }
        // The file stands in the form, to be mended there.
        let again = form(&reply.text, "create");
        assert_eq!(again.value("set").replace("\r\n", "\n"), text);
        let reply = office.upload(&again.with("set", "{\n \"code\": }"), file(b""));
        assert!(reply.status == 422 && reply.text.contains("xem dòng 2, ký tự 10"), "{}", reply.text);
        assert_eq!(office.upload(&blank(), file(b"")).status, 422);
        let mut short = set.clone();
        short["parts"].as_array_mut().unwrap().pop();
        let reply = office.upload(&blank(), file(short.to_string().as_bytes()));
        assert!(reply.status == 422 && reply.text.contains("Bộ tiêu chí cộng được"), "{}", reply.text);
        assert_eq!(honey(&walk), set, "nothing is half written");

        let mut next = set.clone();
        next["note"] = json!("Sửa theo hướng dẫn mới");
        let criteria = next["parts"][0]["groups"][0]["criteria"].as_array_mut().unwrap();
        let (gone, kept) = (criteria[0]["code"].clone(), criteria[1]["code"].clone());
        criteria[0]["code"] = json!("9.9");
        criteria[1]["options"][0]["label"] = json!("Nói cách khác");
        let filled = blank().with("set", &next.to_string());
        let reply = office.upload(&filled, file(b""));
        let made =
            reply.headers.get("location").unwrap_or_else(|| panic!("{}", reply.text)).to_str().unwrap().to_owned();
        assert_eq!(made, "/desk/criteria-sets/mat-ong?edition=26-2026&done=create");
        assert_eq!(office.upload(&filled, file(b"")).headers["location"], made.as_str(), "sent twice is done once");
        let page = office.page(&made);
        assert!(
            page.contains("Sửa theo hướng dẫn mới") && page.contains("phiên bản mới") && page.contains("Phiên bản 1")
        );
        assert_eq!((honey(&walk)["version"].as_i64(), &honey(&walk)["note"]), (Some(2), &next["note"]));

        let compared = plain(&office.page("/desk/criteria-sets/mat-ong/compare?from=26-2026.1&to=26-2026.2"));
        let headings: Vec<&str> = between(&compared, "<span class=\"mark mark-", "</h2>")
            .into_iter()
            .map(|rest| rest.split('"').next().unwrap())
            .collect();
        assert_eq!(headings, ["changed", "removed", "added", "changed"], "{compared}");
        for part in [
            format!("Tiêu chí {}.", gone.as_str().unwrap()),
            "Tiêu chí 9.9.".to_owned(),
            format!("Tiêu chí {}.", kept.as_str().unwrap()),
            "Nói cách khác</ins>".to_owned(),
            "<ins>Sửa theo hướng dẫn mới</ins>".to_owned(),
        ] {
            assert!(compared.contains(&part), "{part}: {compared}");
        }
        assert_eq!(
            plain(&office.page("/desk/criteria-sets/mat-ong/compare")).matches("mark mark-").count(),
            4,
            "the newest is held against the one before it"
        );
        let same = office.page("/desk/criteria-sets/mat-ong/compare?from=26-2026.2&to=26-2026.2");
        assert!(same.contains("giống hệt nhau"));

        // Who does not import them reads them.
        let district = Browser::signed_in(&walk.province, "district-439");
        assert!(!district.page(&made).contains("/desk/criteria-sets/new"));
        assert_eq!(district.get("/desk/criteria-sets/new").status, 403);
        let csrf = form(&district.page("/desk/sessions"), "sign-out").value("csrf").to_owned();
        assert_eq!(district.upload(&filled.clone().with("csrf", &csrf), file(b"")).status, 403);
        assert_eq!(office.upload(&filled.without("csrf"), file(b"")).status, 403);
    });
}
