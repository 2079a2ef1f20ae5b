//! Under the act in force: what goes to the centre, what comes back, and how certificates are taken back.

use std::io::{Cursor, Read};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::{Candidate, Year};
use crate::engine::on_both;
use crate::province::Reply;
use crate::walk::{A_PDF, id};

impl Year {
    fn rated_by_province(&self, council: &crate::walk::Council, name: &str, total: u64) -> (Candidate, String, Value) {
        let candidate = self.handed_in(name, None);
        let (item, result) = self.scored_by_province(council, &candidate, total);
        (candidate, item, result)
    }

    pub fn decide(&self, form: Value) -> Reply {
        let mut form = form;
        form["unit_code"] = json!("42");
        self.province.post(&self.office, "/decisions", form)
    }

    fn stars(&self, candidate: &Candidate) -> Vec<i64> {
        self.certificates(&candidate.product).iter().map(|one| one["stars"].as_i64().unwrap()).collect()
    }
}

#[test]
fn with_ninety_points_the_result_is_approved_and_the_centre_gives_the_stars() {
    on_both(|engine| {
        let year = Year::new(engine, "26-2026", "2026-09-01", json!([]));
        let council = year.council("42");
        let top = year.approved("Mật đỉnh", None);
        let document = format!("/products/{}/documents", top.product);
        let document = year.province.upload(&year.producer, &document, &[("kind", "business_registration")], A_PDF);
        let dossier = format!("/dossiers/{}", top.dossier);
        year.province.patch(&year.producer, &dossier, json!({"documents": [id(&document.created())]})).ok();
        year.fill(&top);
        year.hand_in(&top);
        year.forward(&top);
        let (top_item, result) = year.scored_by_province(&council, &top, 95);
        assert_eq!((&result["outcome"], &result["stars"]), (&json!("proposed_to_centre"), &Value::Null));
        let (fallen, fallen_item, _) = year.rated_by_province(&council, "Mật rơi", 92);
        let (three, three_item, _) = year.rated_by_province(&council, "Mật thường", 60);

        let items = |kind: &str, items: &[&str]| json!({"kind": kind, "agenda_item_ids": items});
        let with_stars =
            |kind: &str, item: &str, stars: i64| json!({"kind": kind, "agenda_item_ids": [item], "stars": stars});
        assert_eq!(year.faults(year.decide(items("recognise", &[&top_item]))), ["no_centre_result"]);
        assert_eq!(year.faults(year.decide(with_stars("centre_result", &top_item, 5))), ["result_not_approved"]);
        assert_eq!(year.faults(year.decide(items("approve_result", &[&three_item]))), ["unfit_outcome"]);
        year.decide(with_stars("approve_result", &top_item, 5)).invalid(&["/stars"]);

        // The approval makes no certificate.
        let approved = year.decide(items("approve_result", &[&top_item, &fallen_item])).created();
        let again = year.decide(items("approve_result", &[&top_item]));
        assert_eq!(year.faults(again), ["already_decided"]);
        assert_eq!(year.faults(year.decide(with_stars("centre_result", &top_item, 5))), ["result_not_approved"]);
        let package = format!("/decisions/{}/package.zip", id(&approved));
        year.province.get(&year.office, &package).refused(409, "not_promulgated");
        year.promulgate("42", &approved, "1/QĐ-UBND");
        year.province.get(&year.producer, &package).refused(404, "not_found");
        year.province.get(&year.signatory, &package).refused(403, "forbidden");
        assert_package(&year, &package);
        assert_eq!(year.stars(&top), Vec::<i64>::new());
        let paper = year.province.get(&year.office, &format!("/decisions/{}/paper", id(&approved))).text;
        assert!(paper.contains("Phê duyệt kết quả đánh giá của 2 sản phẩm"), "{paper}");
        assert_eq!(year.faults(year.decide(items("recognise", &[&top_item]))), ["no_centre_result"]);
        let approvals = year.province.all(&year.office, "/decisions?kind=approve_result");
        assert_eq!(approvals.len(), 1);

        // The centre gives five stars, or nothing.
        assert_eq!(year.faults(year.decide(with_stars("centre_result", &top_item, 4))), ["not_of_centre"]);
        let five = year.decide(with_stars("centre_result", &top_item, 5)).created();
        year.promulgate("42", &five, "2/QĐ-UBND");
        assert_eq!(year.stars(&top), [5]);
        let below = year.decide(items("centre_result", &[&fallen_item])).created();
        assert_eq!(year.faults(year.decide(with_stars("recognise", &fallen_item, 4))), ["no_centre_result"]);
        year.promulgate("42", &below, "3/QĐ-UBND");
        assert_eq!(year.stars(&fallen), Vec::<i64>::new());
        let paper = year.province.get(&year.office, &format!("/decisions/{}/paper", id(&below))).text;
        assert!(paper.contains("chưa đạt 90 điểm"), "{paper}");

        // On that the province recognises, if it does.
        assert_eq!(year.faults(year.decide(items("recognise", &[&fallen_item]))), ["stars_required"]);
        assert_eq!(year.faults(year.decide(with_stars("recognise", &fallen_item, 5))), ["stars_not_recognised"]);
        assert_eq!(year.faults(year.decide(with_stars("recognise", &three_item, 4))), ["stars_not_allowed"]);
        let four = year.decide(with_stars("recognise", &fallen_item, 4)).created();
        assert_eq!(four["stars"], 4);
        year.promulgate("42", &four, "4/QĐ-UBND");
        assert_eq!(year.stars(&fallen), [4]);
        year.recognised("42", &[&three_item], "5/QĐ-UBND");
        assert_eq!(year.stars(&three), [3]);
    });
}

#[test]
fn what_the_centre_declined_is_rated_by_the_province_itself_in_a_later_round() {
    on_both(|engine| {
        let year = Year::new(engine, "26-2026", "2026-09-01", json!([]));
        let council = year.council("42");
        let (candidate, item, _) = year.rated_by_province(&council, "Mật rơi", 92);
        let items = |kind: &str, item: &str| json!({"kind": kind, "agenda_item_ids": [item]});
        let later = year.council_of("42", 2);
        let again = |year: &Year| {
            let form = json!({"council_id": later.id, "dossier_ids": [candidate.dossier]});
            year.province.post(&year.office, "/agenda-items", form)
        };
        let approved = year.decide(items("approve_result", &item)).created();
        year.promulgate("42", &approved, "1/QĐ-UBND");
        again(&year).refused(409, "already_on_agenda");
        let declined = year.decide(items("centre_result", &item)).created();
        year.promulgate("42", &declined, "2/QĐ-UBND");
        let (new_item, result) = year.scored_by_province(&later, &candidate, 75);
        assert_eq!((&result["outcome"], &result["stars"]), (&json!("rated"), &json!(4)));
        let fallback = json!({"kind": "recognise", "agenda_item_ids": [item], "stars": 3});
        assert_eq!(year.faults(year.decide(fallback)), ["stands_again"]);
        year.recognised("42", &[&new_item], "3/QĐ-UBND");
        assert_eq!(year.stars(&candidate), [4]);
    });
}

/// The archive holds what its list names, with the digests that the list says.
fn assert_package(year: &Year, package: &str) {
    let reply = year.province.get(&year.office, package);
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.headers["content-type"], "application/zip");
    let mut archive = ZipArchive::new(Cursor::new(reply.bytes.to_vec())).unwrap();
    let read = |archive: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str| {
        let mut content = Vec::new();
        archive.by_name(name).unwrap().read_to_end(&mut content).unwrap();
        content
    };
    let list = read(&mut archive, "muc-luc.csv");
    let mut rows = csv::Reader::from_reader(&list[..]);
    let mut paths = Vec::new();
    for row in rows.records() {
        let row = row.unwrap();
        let content = read(&mut archive, &row[0]);
        assert_eq!(row[2], content.len().to_string(), "{row:?}");
        let digest: String = Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(row[3], digest, "{row:?}");
        paths.push(row[0].to_owned());
    }
    assert_eq!(paths.len() + 1, archive.len());
    assert_eq!(paths[..3], ["cong-van.json", "quyet-dinh-phe-duyet.html", "bien-ban-hoi-dong-1.html"]);
    assert_eq!(paths.len(), 4, "{paths:?}");
    assert!(paths[3].starts_with("ho-so/42-18196-") && paths[3].ends_with("Giấy đăng ký.pdf"), "{paths:?}");
    assert_eq!(read(&mut archive, &paths[3]), A_PDF.bytes);
    let letter: Value = serde_json::from_slice(&read(&mut archive, "cong-van.json")).unwrap();
    assert_eq!((&letter["decision_number"], &letter["products"][0]["stars_asked"]), (&json!("1/QĐ-UBND"), &json!(5)));
    let decision = String::from_utf8(read(&mut archive, "quyet-dinh-phe-duyet.html")).unwrap();
    assert!(decision.contains("1/QĐ-UBND"));
}

#[test]
fn the_result_is_told_in_writing_to_commune_and_producer() {
    on_both(|engine| {
        let year = Year::new(engine, "26-2026", "2026-09-01", json!([]));
        let council = year.council("42");
        let open = year.handed_in("Chưa chấm", None);
        let waiting = year.agenda_item(&council, &open);
        let (_, refused, _) = year.rated_by_province(&council, "Mật thấp", 40);
        let (_, rated, _) = year.rated_by_province(&council, "Mật thường", 60);
        year.recognised("42", &[&rated], "1/QĐ-UBND");
        let form =
            |item: &str, number: &str, dated: &str| json!({"agenda_item_id": item, "number": number, "dated": dated});
        let tell = |form: Value| year.province.post(&year.office, "/result-notices", form);
        year.province
            .post(&year.commune, "/result-notices", form(&refused, "1/TB-VPĐP", "2026-09-01"))
            .refused(403, "forbidden");
        tell(form(&waiting, "1/TB-VPĐP", "2026-09-01")).refused(409, "not_concluded");
        tell(form(&refused, "1/TB-VPĐP", "2026-09-02")).invalid(&["/dated"]);
        tell(form(&refused, "1/TB-VPĐP", "2026-08-31")).invalid(&["/dated"]);
        tell(form(&year.commune.id, "1/TB-VPĐP", "2026-09-01")).invalid(&["/agenda_item_id"]);
        let mut said = form(&refused, "1/TB-VPĐP", "2026-09-01");
        said["remark"] = json!("Hoàn thiện bao bì rồi đăng ký đợt sau.");
        let notice = tell(said).created();
        assert_eq!((&notice["outcome"], &notice["stars"]), (&json!("below_threshold"), &Value::Null));
        assert_eq!(notice["product_name"], "Mật thấp");
        tell(form(&refused, "2/TB-VPĐP", "2026-09-01")).refused(409, "already_notified");
        tell(form(&rated, "1/TB-VPĐP", "2026-09-01")).refused(409, "number_taken");
        let other = tell(form(&rated, "2/TB-VPĐP", "2026-09-01")).created();

        // Who is told reads it, and prints it.
        for person in [&year.commune, &year.producer, &year.office] {
            assert_eq!(year.province.all(person, "/result-notices").len(), 2);
        }
        let own = format!("/result-notices?agenda_item_id={rated}");
        assert_eq!(year.province.all(&year.producer, &own).len(), 1);
        let stranger = year.province.hire("stranger", "commune_officer", Some("18073"), None);
        year.province.get(&stranger, &format!("/result-notices/{}", id(&notice))).refused(404, "not_found");
        let paper = |notice: &Value| {
            let reply = year.province.get(&year.producer, &format!("/result-notices/{}/paper", id(notice)));
            assert_eq!(reply.status, 200, "{}", reply.text);
            reply.text
        };
        let first = paper(&notice);
        assert!(
            first.contains("1/TB-VPĐP") && first.contains("Chưa đạt") && first.contains("Hoàn thiện bao bì"),
            "{first}"
        );
        let second = paper(&other);
        assert!(
            second.contains("1/QĐ-UBND") && second.contains("42-2026-0001") && second.contains("3 sao"),
            "{second}"
        );
        let history = year.province.all(&year.office, &format!("/result-notices/{}/history", id(&notice)));
        assert_eq!((&history[0]["verb"], &history[0]["note"]), (&json!("create"), &json!("1/TB-VPĐP")));
        let (is_content, told) = crate::audit::verify(&year.province);
        assert!(is_content, "{told}");
    });
}

#[test]
fn earlier_editions_know_no_approval_of_results() {
    on_both(|engine| {
        let year = Year::new(engine, "1489-2025", "2025-08-01", json!([]));
        let council = year.council("42");
        let (_, item, result) = year.rated_by_province(&council, "Mật đỉnh", 95);
        assert_eq!((&result["outcome"], &result["stars"]), (&json!("proposed_to_centre"), &json!(4)));
        let form = json!({"kind": "approve_result", "agenda_item_ids": [item]});
        assert_eq!(year.faults(year.decide(form)), ["unfit_outcome"]);
        year.recognised("42", &[&item], "1/QĐ-UBND");
        let form = json!({"kind": "centre_result", "agenda_item_ids": [item]});
        assert_eq!(year.faults(year.decide(form)), ["stars_required"]);
    });
}

#[test]
fn a_revocation_has_its_ground_its_paper_and_its_days() {
    on_both(|engine| {
        let mut year = Year::new(engine, "26-2026", "2026-09-01", json!([]));
        let council = year.council("42");
        let (top, top_item, _) = year.rated_by_province(&council, "Mật đỉnh", 95);
        let (four, four_item, _) = year.rated_by_province(&council, "Mật cao", 75);
        let (_, three_item, _) = year.rated_by_province(&council, "Mật thường", 60);
        year.recognised("42", &[&four_item, &three_item], "1/QĐ-UBND");
        for (number, form) in [
            ("2/QĐ-UBND", json!({"kind": "approve_result", "agenda_item_ids": [top_item]})),
            ("3/QĐ-UBND", json!({"kind": "centre_result", "agenda_item_ids": [top_item], "stars": 5})),
        ] {
            let decision = year.decide(form).created();
            year.promulgate("42", &decision, number);
        }
        let [top, four] = [&top, &four].map(|candidate| id(&year.certificate(&candidate.product)));

        // What the ministry demands is on record.
        let demand =
            json!({"asks": "withdraw", "number": "99/BNNMT-VPĐP", "dated": "2026-09-01", "content": "Sai quy trình"});
        let resource = format!("/certificates/{four}");
        year.province.step(&year.commune, &resource, "record-demand", demand.clone()).refused(403, "forbidden");
        let mut early = demand.clone();
        early["dated"] = json!("2026-09-02");
        year.province.step(&year.office, &resource, "record-demand", early).invalid(&["/dated"]);
        let told = year.step(&year.office, &resource, "record-demand", demand);
        assert_eq!((&told["demands"][0]["asks"], &told["state"]), (&json!("withdraw"), &json!("valid")));
        assert_eq!(year.province.get(&year.producer, &resource).ok()["demands"].as_array().unwrap().len(), 1);
        let history = year.province.all(&year.office, &format!("{resource}/history"));
        assert_eq!(history[1]["verb"], "record-demand");

        let form = |kind: &str, certificate: &str| {
            json!({"kind": kind, "certificate_ids": [certificate], "reason": "Không đạt chỉ tiêu", "ground": "criteria_not_met",
                "rests_on": {"number": "7/KL-TTr", "authority": "Thanh tra tỉnh", "dated": "2026-08-31"}})
        };
        let mut lacking = form("revoke", &four);
        lacking.as_object_mut().unwrap().remove("ground");
        lacking["rests_on"]["dated"] = json!("2026-09-02");
        year.decide(lacking.clone()).invalid(&["/ground", "/rests_on/dated"]);
        lacking.as_object_mut().unwrap().remove("rests_on");
        year.decide(lacking).invalid(&["/ground", "/rests_on"]);
        year.decide(form("revoke", &top)).refused(409, "centre_revokes");
        year.decide(form("centre_revoke", &four)).refused(409, "province_revokes");
        let draft = year.decide(form("revoke", &four)).created();
        assert_eq!((&draft["due_on"], &draft["overdue"]), (&json!("2026-09-15"), &json!(false)));
        assert_eq!(
            (&draft["ground"], &draft["rests_on"]["authority"]),
            (&json!("criteria_not_met"), &json!("Thanh tra tỉnh"))
        );
        let decision = format!("/decisions/{}", id(&draft));
        let paper = year.province.get(&year.office, &format!("{decision}/paper")).text;
        assert!(paper.contains("7/KL-TTr") && paper.contains("không còn đáp ứng tiêu chí"), "{paper}");

        // The last day, and the day after.
        let overdue = |year: &Year| year.province.get(&year.office, &decision).ok()["overdue"].clone();
        year.goes_on("2026-09-15", "23:59:00");
        assert_eq!(overdue(&year), false);
        year.goes_on("2026-09-16", "00:00:00");
        assert_eq!(overdue(&year), true);
        let early = json!({"number": "4/QĐ-UBND", "signed_on": "2026-08-30"});
        year.province.step(&year.signatory, &decision, "promulgate", early).invalid(&["/signed_on"]);
        year.promulgate("42", &draft, "4/QĐ-UBND");
        assert_eq!(overdue(&year), true);
        let certificate = year.province.get(&year.office, &resource).ok();
        assert_eq!((&certificate["state"], &certificate["revoked_on"]), (&json!("revoked"), &json!("2026-09-16")));
        let demand = json!({"asks": "withdraw", "number": "9", "dated": "2026-09-01", "content": "x"});
        year.province.step(&year.office, &resource, "record-demand", demand).refused(409, "wrong_state");

        // Five stars: the ministry's decision is recorded.
        let mut of_ministry = form("centre_revoke", &top);
        of_ministry.as_object_mut().unwrap().remove("rests_on");
        let draft = year.decide(of_ministry).created();
        assert_eq!(draft["due_on"], Value::Null);
        year.promulgate("42", &draft, "5000/QĐ-BNNMT");
        let certificate = year.province.get(&year.office, &format!("/certificates/{top}")).ok();
        assert_eq!((&certificate["state"], &certificate["revoked_on"]), (&json!("revoked"), &json!("2026-09-16")));
        let paper = year.province.get(&year.office, &format!("/decisions/{}/paper", id(&draft))).text;
        assert!(paper.contains("Bộ trưởng Bộ Nông nghiệp và Môi trường thu hồi"), "{paper}");
        let (is_content, told) = crate::audit::verify(&year.province);
        assert!(is_content, "{told}");
    });
}
