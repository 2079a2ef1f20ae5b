//! A year under each later edition, from the idea to the scan; the first edition walks in `whole_path`.

use serde_json::json;

use super::Year;
use crate::engine::on_both;
use crate::walk::id;

#[test]
fn each_edition_walks_from_an_idea_to_a_scan() {
    on_both(|engine| {
        for (edition, today, total, stars) in
            [("148-2023", "2024-03-01", 75, 4), ("1489-2025", "2025-08-01", 75, 4), ("26-2026", "2026-07-06", 60, 3)]
        {
            let year = Year::new(engine, edition, today, json!([]));
            let candidate = year.handed_in("Mật ong", None);
            if year.has_districts() {
                let district = year.council("439");
                year.sent_up(&district, &candidate, total);
            }
            let (item, result) = year.scored_by_province(&year.council("42"), &candidate, total);
            assert_eq!((&result["outcome"], &result["stars"]), (&json!("rated"), &json!(stars)), "{edition}");
            year.recognised("42", &[&item], "1/QĐ-UBND");
            let certificate = year.certificate(&candidate.product);

            let form = json!({"product_id": candidate.product, "quantity": 1});
            let order =
                format!("/stamp-orders/{}", id(&year.province.post(&year.producer, "/stamp-orders", form).created()));
            year.step(&year.office, &order, "issue", json!({}));
            let csv = year.province.get(&year.producer, &format!("{order}/codes.csv")).text;
            let code = csv.lines().nth(1).unwrap().split(',').nth(1).unwrap();
            let lot = json!({"product_id": candidate.product, "code": "L-1", "produced_on": today, "quantity": 1,
                "unit": "hũ", "inputs": []});
            let lot = id(&year.province.post(&year.producer, "/lots", lot).created());
            year.step(&year.producer, &order, "activate", json!({"from": 1, "to": 1, "lot_id": lot}));
            let scan = year.province.public(&format!("/t/{code}")).ok();
            assert_eq!((&scan["verdict"], &scan["product"]["stars"]), (&json!("genuine"), &json!(stars)), "{edition}");
            assert_eq!(scan["certificate"]["number"], certificate["number"]);
            assert_eq!((&scan["warnings"], &scan["scans"]["count"]), (&json!([]), &json!(1)));

            // The act of 2026 alone has numbered forms and demands of a revocation.
            let is_in_force = edition == "26-2026";
            let paper = |name: &str| {
                year.province.get(&year.producer, &format!("/dossiers/{}/{name}-paper", candidate.dossier))
            };
            for name in ["registration", "self-evaluation"] {
                assert_eq!(paper(name).text.contains("Mẫu số"), is_in_force, "{edition} {name}");
            }
            if is_in_force {
                assert!(paper("commune-report").text.contains("Mẫu số 03"));
            } else {
                paper("commune-report").refused(409, "not_in_edition");
            }
            let revocation = |ground: Option<&str>| {
                let form = json!({"kind": "revoke", "certificate_ids": [certificate["id"]], "reason": "Hết hạn",
                    "ground": ground});
                year.decide(form)
            };
            if is_in_force {
                revocation(Some("not_rated_again")).invalid(&["/ground", "/rests_on"]);
                revocation(None).invalid(&["/ground", "/rests_on"]);
            } else {
                revocation(Some("law_broken")).fault("/ground", "not_allowed");
                let draft = revocation(Some("not_rated_again")).created();
                assert_eq!((&draft["ground"], &draft["due_on"]), (&json!("not_rated_again"), &json!(null)));
                let printed = format!("/decisions/{}/paper", id(&draft));
                assert!(year.province.get(&year.office, &printed).text.contains("không được đánh giá lại"));
            }
        }
    });
}
