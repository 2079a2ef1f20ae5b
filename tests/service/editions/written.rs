//! Rating again by opinions in writing (26/2026/QĐ-TTg, article 7.6 d and g).

use reqwest::Method;
use serde_json::{Value, json};

use super::{Candidate, Year, synthetic_set};
use crate::engine::{Engine, on_both};
use crate::province::Person;
use crate::walk::{Council, criteria, marks};

/// A product that is rated again and one that is rated for the first time, on the agenda of the province.
fn waiting(engine: Engine) -> (Year, Council, [(Candidate, String); 2]) {
    let mut year = Year::new(engine, "148-2023", "2023-12-20", json!([]));
    let council = year.council("439");
    let certified = year.handed_in("Mật ong", None);
    let item = year.agenda_item(&council, &certified);
    year.concluded(&council, &item, 60);
    year.recognised("439", &[&item], "1/QĐ-UBND");
    year.goes_on("2026-07-06", "08:00:00");
    year.edition = "26-2026";
    year.set = criteria(&year.province.post(&year.office, "/criteria-sets", synthetic_set(year.edition)).created());
    year.open(year.today, json!([]));
    let candidates = [year.handed_in("Mật ong", Some(&certified.product)), year.handed_in("Trà", None)];
    let council = year.council("42");
    let items = candidates.map(|candidate| {
        let item = format!("/agenda-items/{}", year.agenda_item(&council, &candidate));
        year.step(&year.office, &item, "admit", json!({}));
        (candidate, item)
    });
    (year, council, items)
}

fn hand_in(year: &Year, member: &Person, item: &str, total: u64) {
    let sheet = format!("{item}/sheet");
    let body = json!({"marks": marks(&year.set, total)});
    year.province.at_version(Method::PUT, member, &sheet, 0, body).ok();
    year.step(member, &sheet, "submit", json!({}));
}

#[test]
fn opinions_are_given_in_writing_by_a_day_and_the_council_meets_only_where_they_differ() {
    on_both(|engine| {
        let (mut year, council, [(again, item), (_, first)]) = waiting(engine);
        let dossier = format!("/dossiers/{}", again.dossier);
        assert_eq!(year.province.get(&year.office, &dossier).ok()["rated_until"], "2026-08-20");
        let open = |year: &Year, item: &str, until: &str| {
            year.province.step(council.chair(), item, "open-scoring", json!({"written_until": until}))
        };
        open(&year, &first, "2026-07-20").fault("/written_until", "no_written_round");
        for wrong in ["2026-07-05", "2026-08-21"] {
            open(&year, &item, wrong).fault("/written_until", "out_of_range");
        }
        let opened = open(&year, &item, "2026-07-20").ok();
        assert_eq!((&opened["state"], &opened["written_until"]), (&json!("scoring"), &json!("2026-07-20")));
        let [one, two, three] = [0, 1, 2].map(|place| council.scorers[place].clone());
        hand_in(&year, &one, &item, 60);

        // The last day, to midnight in Vietnam.
        year.goes_on("2026-07-20", "23:59:00");
        hand_in(&year, &two, &item, 90);
        year.goes_on("2026-07-21", "00:00:00");
        let sheet = format!("{item}/sheet");
        let late = json!({"marks": marks(&year.set, 70)});
        year.province.at_version(Method::PUT, &three, &sheet, 0, late).refused(409, "written_round_over");
        year.province.step(&two, &sheet, "withdraw", json!({})).refused(409, "written_round_over");

        // Opinions lie too far apart and one lacks: the council meets.
        year.step(&one, &item, "close-scoring", json!({}));
        year.province.step(&one, &item, "conclude", json!({})).refused(409, "no_quorum");
        let meets = year.step(&one, &item, "rescore", json!({}));
        assert_eq!((&meets["attempt"], &meets["written_until"]), (&json!(2), &Value::Null));
        for member in [&one, &two, &three] {
            hand_in(&year, member, &item, 75);
        }
        year.step(&one, &item, "close-scoring", json!({}));

        // The 45th day, and the day after: late is shown, not refused.
        let warned = |year: &Year| year.province.get(&year.office, &dossier).ok()["warnings"].clone();
        year.goes_on("2026-08-20", "23:59:00");
        assert_eq!(warned(&year), json!([]));
        year.goes_on("2026-08-21", "00:00:00");
        assert_eq!(warned(&year)[0]["code"], "rating_overdue");
        year.step(&one, &item, "conclude", json!({}));
        assert_eq!(warned(&year), json!([]));
        let result = year.province.get(&year.office, &format!("{item}/result")).ok();
        assert_eq!((&result["outcome"], &result["stars"], &result["attempt"]), (&json!("rated"), &json!(4), &json!(2)));
        let minutes = year.province.get(&year.office, &format!("/councils/{}/minutes", council.id)).text;
        assert!(minutes.contains("Lấy ý kiến bằng văn bản, phiếu gửi đến hết ngày 20/07/2026"), "{minutes}");
    });
}
