//! Certificates that are kept on while their product is rated again, and the window in which it is asked for.

use serde_json::{Value, json};

use super::{Candidate, Year, synthetic_set};
use crate::engine::{Engine, on_both};
use crate::walk::{criteria, id};

impl Year {
    /// Goes on at a moment, in Vietnamese time.
    pub fn goes_on(&mut self, day: &'static str, time: &str) {
        self.today = day;
        self.province.restart(&["--clock", &format!("{day}T{time}+07:00")]);
    }

    /// Three stars for products whose dossiers are handed in, signed today.
    fn certified(&self, names: &[&str], number: &str, council: &crate::walk::Council) -> Vec<Candidate> {
        let candidates: Vec<Candidate> = names.iter().map(|name| self.handed_in(name, None)).collect();
        let items: Vec<String> = candidates
            .iter()
            .map(|candidate| {
                let item = self.agenda_item(council, candidate);
                self.concluded(council, &item, 60);
                item
            })
            .collect();
        self.recognised("439", &items.iter().map(String::as_str).collect::<Vec<_>>(), number);
        candidates
    }

    /// The cycle of 2026 under the act in force, with its set.
    fn open_2026(&mut self) {
        self.edition = "26-2026";
        self.set = criteria(&self.province.post(&self.office, "/criteria-sets", synthetic_set(self.edition)).created());
        self.open(self.today, json!([]));
    }

    fn only_certificate(&self, candidate: &Candidate) -> Value {
        let mut all = self.certificates(&candidate.product);
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    fn state(&self, candidate: &Candidate) -> (String, Value) {
        let certificate = self.only_certificate(candidate);
        (certificate["state"].as_str().unwrap().to_owned(), certificate["extended_until"].clone())
    }

    fn public_state(&self, candidate: &Candidate) -> Value {
        self.province.public(&format!("/public/products/{}", candidate.product)).ok()
    }
}

/// Five certificates of 2023: four end on the last transitional day, the fifth a day later.
fn year_of_2023(engine: Engine) -> (Year, Vec<Candidate>) {
    let mut year = Year::new(engine, "148-2023", "2023-09-18", json!([]));
    let council = year.council("439");
    let mut products = year.certified(&["Giữ", "Muộn", "Trượt", "Thu hồi"], "1/QĐ-UBND", &council);
    year.goes_on("2023-09-19", "08:00:00");
    products.extend(year.certified(&["Hôm sau"], "2/QĐ-UBND", &council));
    (year, products)
}

#[test]
fn who_could_not_keep_the_window_keeps_the_certificate_until_the_result() {
    on_both(|engine| {
        let (mut year, products) = year_of_2023(engine);
        let [kept, late, refused, revoked, next] = products.try_into().unwrap_or_else(|_| panic!("five products"));
        assert_eq!(year.only_certificate(&kept)["valid_until"], "2026-09-18");
        assert_eq!(year.only_certificate(&next)["valid_until"], "2026-09-19");
        assert_eq!(year.only_certificate(&kept)["again_from"], Value::Null, "the act in force says nothing of it");

        year.goes_on("2026-09-18", "08:00:00");
        year.open_2026();
        let due = year.province.all(&year.office, "/certificates?again_due=true");
        assert_eq!(due.len(), 4, "{due:?}");
        assert!(due.iter().all(|certificate| certificate["valid_until"] == "2026-09-18"));
        let again = |name: &str, candidate: &Candidate| year.handed_in(name, Some(&candidate.product));
        let [_, again_refused, again_revoked, _] =
            [("Giữ", &kept), ("Trượt", &refused), ("Thu hồi", &revoked), ("Hôm sau", &next)]
                .map(|(name, candidate)| again(name, candidate));
        let again_late = year.approved("Muộn", Some(&late.product));
        year.fill(&again_late);
        for candidate in [&kept, &late, &refused, &revoked, &next] {
            assert_eq!(year.state(candidate).0, "valid");
        }
        // Stamps of goods that are sold on.
        let form = json!({"product_id": kept.product, "quantity": 2});
        let order = id(&year.province.post(&year.producer, "/stamp-orders", form).created());
        let order = format!("/stamp-orders/{order}");
        year.step(&year.office, &order, "issue", json!({}));
        let csv = year.province.get(&year.producer, &format!("{order}/codes.csv")).text;
        let codes: Vec<String> = csv.lines().skip(1).map(|line| line.split(',').nth(1).unwrap().to_owned()).collect();
        let lots = ["L-1", "L-2"].map(|code| {
            let form = json!({"product_id": kept.product, "code": code, "produced_on": "2026-09-18",
                "expires_on": "2028-09-18", "quantity": 2, "unit": "hũ", "inputs": []});
            id(&year.province.post(&year.producer, "/lots", form).created())
        });
        for (serial, lot) in (1..).zip(&lots) {
            year.step(&year.producer, &order, "activate", json!({"from": serial, "to": serial, "lot_id": lot}));
        }

        year.goes_on("2026-09-19", "00:00:00");
        year.hand_in(&again_late);
        let extended = |day: &str| ("extended".to_owned(), json!(day));
        assert_eq!(year.state(&kept), extended("2027-03-17"));
        assert_eq!(year.state(&late), ("expired".to_owned(), Value::Null), "handed in a day late");
        assert_eq!(year.state(&next), ("valid".to_owned(), Value::Null));
        let numbers =
            |year: &Year, query: &str| year.province.all(&year.office, &format!("/certificates{query}")).len();
        assert_eq!((numbers(&year, "?state=extended"), numbers(&year, "?state=expired")), (3, 1));
        assert_eq!((numbers(&year, "?state=valid"), numbers(&year, "?again_due=true")), (1, 0));
        let public = year.public_state(&kept);
        assert_eq!((&public["state"], &public["stars"]), (&json!("certified"), &json!(3)));
        assert_eq!((&public["valid_until"], &public["extended_until"]), (&json!("2026-09-18"), &json!("2027-03-17")));
        let listed = year.province.public("/public/products?state=certified").ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 4);
        let expired = year.province.public("/public/products?state=expired").ok();
        assert_eq!(expired["items"].as_array().unwrap().len(), 1);
        let scanned = |year: &Year, stamp: usize| year.province.public(&format!("/t/{}", codes[stamp])).ok();
        let scan = |year: &Year| scanned(year, 0);
        let told = scan(&year);
        assert_eq!((&told["verdict"], &told["product"]["stars"]), (&json!("genuine"), &json!(3)));
        assert_eq!(told["warnings"], json!(["certificate_extended"]));
        assert_eq!(told["notes"][0]["until"], "2027-03-17");
        assert_eq!(told["certificate"]["extended_until"], "2027-03-17");

        // A refusal ends it with its day; a revocation with its own.
        year.goes_on("2026-10-05", "08:00:00");
        let council = year.council("42");
        let (_, result) = year.scored_by_province(&council, &again_refused, 40);
        assert_eq!(result["outcome"], "below_threshold");
        assert_eq!(year.state(&refused), extended("2026-10-05"));
        let report = |year: &Year, on: &str| {
            let path = format!("/cycles/{}/report?on={on}", year.cycle);
            year.province.get(&year.office, &path).ok()["cumulative"]["valid"].clone()
        };
        assert_eq!(report(&year, "2026-10-05"), 3, "kept, refused and revoked; the fifth has ended");
        let number = year.only_certificate(&kept)["number"].as_str().unwrap().to_owned();
        let signed = year.province.public(&format!("/public/certificates/{number}/signed"));
        assert_eq!(signed.status, 200, "{}", signed.text);
        let pdf = year.province.public(&format!("/public/certificates/{number}/certificate.pdf"));
        assert_eq!(pdf.status, 200);

        year.goes_on("2026-10-06", "00:00:00");
        assert_eq!(year.state(&refused), ("expired".to_owned(), json!("2026-10-05")));
        assert_eq!(report(&year, "2026-10-06"), 2);
        assert_eq!(report(&year, "2026-10-05"), 3, "a day that is over stays as it was");
        // The result of another ends its old certificate the day before the new one.
        let (item, _) = year.scored_by_province(&council, &again_revoked, 75);
        year.recognised("42", &[&item], "3/QĐ-UBND");
        let all = year.certificates(&revoked.product);
        let old = all.iter().find(|certificate| certificate["stars"] == 3).unwrap();
        assert_eq!((&old["state"], &old["valid_until"]), (&json!("expired"), &json!("2026-09-18")));
        assert_eq!(old["extended_until"], "2026-10-05");
        assert!(!old["superseded_by"].is_null());

        // The last day and the day after.
        year.goes_on("2027-03-17", "23:59:00");
        assert_eq!(year.state(&kept), extended("2027-03-17"));
        assert_eq!(scan(&year)["warnings"], json!(["certificate_extended"]));
        let inspector = year.province.hire("inspector", "inspector", Some("42"), None);
        year.step(&inspector, &format!("/lots/{}", lots[1]), "recall", json!({"note": "Nhiễm khuẩn"}));
        let recalled = scanned(&year, 1);
        assert_eq!(
            (&recalled["verdict"], &recalled["warnings"]),
            (&json!("recalled"), &json!(["certificate_extended"]))
        );
        let public = year.province.public(&format!("/public/certificates/{number}")).ok();
        assert_eq!((&public["state"], &public["stars"]), (&json!("extended"), &json!(3)));
        year.goes_on("2027-03-18", "00:00:00");
        assert_eq!(year.state(&kept), ("expired".to_owned(), json!("2027-03-17")));
        let told = scan(&year);
        assert_eq!((&told["verdict"], &told["warnings"]), (&json!("genuine"), &json!(["certificate_expired"])));
        assert_eq!((&told["product"]["stars"], &told["certificate"]), (&Value::Null, &Value::Null));
        let recalled = scanned(&year, 1);
        assert_eq!(
            (&recalled["verdict"], &recalled["warnings"]),
            (&json!("recalled"), &json!(["certificate_expired"]))
        );
    });
}

#[test]
fn the_window_is_open_from_180_to_120_days_before_the_end() {
    on_both(|engine| {
        let mut year = Year::new(engine, "1489-2025", "2025-08-01", json!([]));
        let council = year.council("42");
        let candidate = year.handed_in("Mật ong", None);
        let (item, _) = year.scored_by_province(&council, &candidate, 60);
        year.recognised("42", &[&item], "1/QĐ-UBND");
        assert_eq!(year.only_certificate(&candidate)["valid_until"], "2028-08-01");
        let due = |year: &Year| year.province.all(&year.office, "/certificates?again_due=true").len();
        for (day, time, expected) in [
            ("2028-02-02", "23:59:00", 0),
            ("2028-02-03", "00:00:00", 1),
            ("2028-04-03", "23:59:00", 1),
            ("2028-04-04", "00:00:00", 0),
        ] {
            year.goes_on(day, time);
            assert_eq!(due(&year), expected, "{day}");
            let certificate = year.only_certificate(&candidate);
            assert_eq!(certificate["again_from"], "2028-02-03");
            assert_eq!(certificate["again_until"], "2028-04-03");
            let others = year.province.get(&year.office, "/certificates?again_due=false&count=true").ok();
            assert_eq!(others["total"], 1 - expected, "{day}");
        }
    });
}
