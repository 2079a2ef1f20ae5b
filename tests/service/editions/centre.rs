//! Under the act in force: what goes to the centre, what comes back, and how certificates are taken back.

use serde_json::{Value, json};

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

    fn decide(&self, form: Value) -> Reply {
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
        let (top, top_item, result) = year.rated_by_province(&council, "Mật đỉnh", 95);
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
    });
}
