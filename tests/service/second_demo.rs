//! The second example: the year 2026 of the communes and wards, with something at every stage.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::demo::{Demo, verdicts};
use crate::engine::on_both;
use crate::province::{self, Person, Province};

const VERDICTS: [&str; 7] = ["genuine", "not_activated", "void", "suspect", "recalled", "suspended", "revoked"];

#[test]
fn its_stamps_show_every_verdict_and_the_other_example_is_refused() {
    on_both(|engine| {
        let demo = Demo::over(province::second_demo(engine), &["--edition", "26-2026"], VERDICTS.len() + 2);
        verdicts(&demo);
        let told: BTreeSet<&str> =
            demo.samples.iter().map(|(told, _)| told.split(',').next().unwrap_or(told)).collect();
        assert_eq!(told, BTreeSet::from(VERDICTS));

        // Each example is served as what it is.
        for ((folder, database_url), asked, is) in
            [(province::second_demo(engine), "1048-2019", "26-2026"), (province::demo(engine), "26-2026", "1048-2019")]
        {
            let refused = Command::new(env!("CARGO_BIN_EXE_ocop"))
                .args(["demo", "--edition", asked])
                .env("OCOP_DATABASE_URL", database_url)
                .env("OCOP_DATA_DIR", folder.path().join("data"))
                .env("OCOP_LISTEN", "127.0.0.1:0")
                .output()
                .unwrap();
            let said = String::from_utf8(refused.stderr).unwrap();
            assert!(!refused.status.success() && said.contains(&format!("--edition {is}")), "{said}");
        }
    });
}

/// The values of a field over a list.
fn values(list: &[Value], field: &str) -> BTreeSet<String> {
    list.iter().filter_map(|one| one[field].as_str().map(str::to_owned)).collect()
}

fn assert_has(province: &Province, person: &Person, path: &str, field: &str, expected: &[&str]) -> Vec<Value> {
    let list = province.all(person, path);
    let found = values(&list, field);
    for value in expected {
        assert!(found.contains(*value), "{path}: {value} is not among {found:?}");
    }
    list
}

#[test]
fn something_is_at_every_stage() {
    on_both(|engine| {
        let province = Province::second_demo(engine);
        let office = province.sign_in_with("office", ocop::demo::PASSWORD);
        let has = |path: &str, field: &str, expected: &[&str]| assert_has(&province, &office, path, field, expected);

        let cycles = has("/cycles", "edition", &["148-2023", "1489-2025", "26-2026"]);
        let open: Vec<&Value> = cycles.iter().filter(|cycle| cycle["state"] == "open").collect();
        assert_eq!((open.len(), open[0]["year"].as_i64()), (1, Some(2026)));
        let cycle = open[0]["id"].as_str().unwrap();
        let of = |path: &str| format!("{path}?cycle_id={cycle}");
        let idea_states = ["draft", "submitted", "forwarded", "returned", "rejected", "accepted"];
        has(&of("/ideas"), "state", &idea_states);
        has(&of("/plans"), "state", &["draft", "submitted", "returned", "approved"]);
        has(&of("/dossiers"), "state", &["open", "submitted", "forwarded"]);
        has(&of("/dossiers"), "kind", &["first", "upgrade", "again"]);
        let overdue = province.all(&office, &format!("{}&overdue=true", of("/dossiers")));
        assert!(!overdue.is_empty() && overdue.iter().all(|dossier| dossier["state"] == "submitted"));
        let councils = has(&of("/councils"), "state", &["draft", "open", "closed"]);
        for council in &councils {
            let council = province.get(&office, &format!("/councils/{}", council["id"].as_str().unwrap())).ok();
            let codes = values(council["warnings"].as_array().unwrap(), "code");
            assert!(!codes.contains("composition_incomplete"), "{council}");
        }
        let items = has(&of("/agenda-items"), "state", &["waiting", "scoring", "scored", "concluded", "deferred"]);
        let concluded = items.iter().filter(|item| item["state"] == "concluded");
        let results: Vec<Value> = concluded
            .map(|item| province.get(&office, &format!("/agenda-items/{}/result", item["id"].as_str().unwrap())).ok())
            .collect();
        let outcomes = values(&results, "outcome");
        let wanted = ["rated", "below_threshold", "least_options_unmet", "proposed_to_centre"];
        assert_eq!(outcomes, wanted.map(str::to_owned).into());
        let stars: BTreeSet<i64> = results.iter().filter_map(|result| result["stars"].as_i64()).collect();
        assert_eq!(stars, BTreeSet::from([3, 4]));
        has("/surveys", "state", &["draft", "finished"]);
        has("/group-reports", "state", &["draft", "finished"]);
        has("/decisions", "kind", &["recognise", "revoke", "approve_result", "centre_result"]);
        let certificates = province.all(&office, "/certificates");
        let stars: BTreeSet<i64> =
            certificates.iter().filter_map(|certificate| certificate["stars"].as_i64()).collect();
        assert_eq!(stars, BTreeSet::from([3, 4, 5]));
        has("/appeals", "state", &["dismissed"]);
        has("/inspections", "state", &["planned", "correcting", "replied", "concluded"]);
        has("/inspections", "result", &["passed", "failed"]);
        assert_eq!(province.all(&office, "/inspections?overdue=true").len(), 1);
        has("/support-claims", "state", &["decided", "handed_in", "paid", "returned", "sent", "taken_back"]);
        has("/rewards", "state", &["decided"]);
        assert!(!province.all(&office, "/shops").is_empty());
        has("/decisions", "state", &["draft", "promulgated"]);
        has("/result-notices", "outcome", &wanted);
        has("/certificates", "state", &["valid", "extended", "expired", "revoked"]);
        let due = province.all(&office, "/certificates?again_due=true");
        assert!(due.len() > 1, "{due:?}");

        // Every commune and ward has its officer; of the district nobody is left.
        let admin = province.sign_in_with("admin", ocop::demo::PASSWORD);
        let officers = province.all(&admin, "/accounts?role=commune_officer");
        let communes = province.all(&office, "/units?level=commune");
        assert_eq!(values(&officers, "unit_code"), values(&communes, "code"));
        let district = province.all(&admin, "/accounts?role=district_officer");
        assert!(district.iter().all(|account| !account["ended_at"].is_null()), "{district:?}");
        let producers = province.get(&office, "/reassignments").ok();
        assert_eq!(producers["items"].as_array().unwrap().len(), 0);
        let (is_content, told) = crate::audit::verify(&province);
        assert!(is_content, "{told}");
    });
}

/// From an idea to a scan under the act in force.
#[test]
fn its_year_is_walked_word_for_word() {
    on_both(|engine| {
        let province = Province::second_demo(engine);
        let page = include_str!("../../docs/year-2026.md");
        crate::demo::walk_word_for_word(page, "# A year", &format!("http://{}", province.address));
    });
}
