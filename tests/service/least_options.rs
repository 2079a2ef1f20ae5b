//! Councils of 26/2026/QĐ-TTg: a product of each of its 26 criteria sets before three councils of seven, one for each rule of least
//! options, with random legal sheets; what they concluded is recomputed from what they export.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::{Value, json};

use crate::editions::{Candidate, Year};
use crate::engine::{Engine, on_both};
use crate::export::{criteria, kept_from, recomputed};
use crate::province::Person;
use crate::side_by_side::{Dice, Picks, draw, legal, total};
use crate::walk::id;

const TODAY: &str = "2026-07-06";

const RULES: [&str; 3] = ["mean", "majority", "all"];

/// A council of the province with its seven who score.
struct Seven {
    id: String,
    scorers: Vec<Person>,
    rule: &'static str,
}

fn seven(year: &Year, round: usize, rule: &'static str) -> Seven {
    let hire = |number: usize| year.province.hire(&format!("seat-{rule}-{number}"), "council_member", None, None);
    let scorers: Vec<Person> = (0..7).map(hire).collect();
    let organisations = [
        "peoples_committee",
        "agriculture_environment",
        "industry_trade",
        "health",
        "science_technology",
        "culture_sport_tourism",
        "food_safety",
    ];
    let kind = |place| match place {
        0 => "chair",
        1 => "vice_chair",
        _ => "member",
    };
    let mut seats: Vec<Value> = scorers
        .iter()
        .zip(organisations)
        .enumerate()
        .map(|(place, (person, organisation))| {
            json!({"account_id": person.id, "seat": kind(place), "organisation": organisation})
        })
        .collect();
    seats.push(json!({"account_id": hire(7).id, "seat": "secretary"}));
    let form = json!({"cycle_id": year.cycle, "unit_code": "42", "round": round, "decision_number": "12/QĐ-UBND",
        "rules": {"least_options": rule, "max_spread": 100}, "seats": seats});
    let council = year.province.post(&year.office, "/councils", form).created();
    // Nobody speaks for the office that runs the programme.
    let warnings = council["warnings"].as_array().unwrap();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0]["detail_en"].as_str().unwrap().contains("OCOP office"));
    let id = id(&council);
    year.step(&year.office, &format!("/councils/{id}"), "open", json!({}));
    Seven { id, scorers, rule }
}

/// The sheet with the most points that a cooperative can have.
fn best(set: &Value) -> Picks {
    let pick = |criterion: &Value| {
        let (place, _) = legal(criterion).into_iter().max_by_key(|(_, points)| *points).unwrap();
        (criterion["code"].as_str().unwrap().to_owned(), place)
    };
    criteria(set).into_iter().map(pick).collect()
}

fn marks(picks: &Picks) -> Value {
    picks.iter().map(|(criterion, place)| json!({"criterion": criterion, "option": place})).collect()
}

/// The best sheet with some criteria drawn anew; what depends on one that became 0 goes with it.
fn nearly_best(set: &Value, dice: &mut Dice, sides: usize) -> Picks {
    let mut picks = Picks::new();
    let mut points: BTreeMap<&str, i64> = BTreeMap::new();
    let best = best(set);
    for criterion in criteria(set) {
        let code = criterion["code"].as_str().unwrap();
        if criterion["depends_on"].as_str().is_some_and(|base| points.get(base).is_none_or(|points| *points == 0)) {
            continue;
        }
        let legal = legal(criterion);
        let place = if dice.roll(sides) == 0 { legal[dice.roll(legal.len())].0 } else { best[code] };
        points.insert(code, legal.iter().find(|(other, _)| *other == place).unwrap().1);
        picks.insert(code.to_owned(), place);
    }
    picks
}

/// The points of a sheet by criterion.
fn points<'a>(set: &'a Value, picks: &Picks) -> BTreeMap<&'a str, i64> {
    let given = |criterion: &'a Value| {
        let code = criterion["code"].as_str().unwrap();
        let place = picks.get(code)?;
        Some((code, legal(criterion).into_iter().find(|(other, _)| other == place).unwrap().1))
    };
    criteria(set).into_iter().filter_map(given).collect()
}

/// A product with a set, handed in and sent on by the commune.
fn forwarded(year: &Year, name: &str, set: &Value) -> Candidate {
    let province = &year.province;
    let form = json!({"cycle_id": year.cycle, "kind": "new", "product_name": name, "criteria_set": set["code"],
        "description": "Sản vật của xã", "target_value": 1_000_000, "packaging": "Hộp"});
    let idea = format!("/ideas/{}", id(&province.post(&year.producer, "/ideas", form).created()));
    year.step(&year.producer, &idea, "submit", json!({}));
    let candidate = year.taken_up(&idea);
    let dossier = format!("/dossiers/{}", candidate.dossier);
    let own = province.patch(&year.producer, &dossier, json!({"self_marks": marks(&best(set))})).ok();
    assert_eq!(own["self_marks"].as_array().unwrap().len(), criteria(set).len());
    year.hand_in(&candidate);
    year.step(&year.commune, &dossier, "forward", crate::dossiers::report());
    candidate
}

fn item(year: &Year, council: &Seven, candidate: &Candidate) -> String {
    let form = json!({"council_id": council.id, "dossier_ids": [candidate.dossier]});
    let item = id(&year.province.post(&year.office, "/agenda-items", form).created()["items"][0]);
    year.step(&year.office, &format!("/agenda-items/{item}"), "admit", json!({}));
    item
}

/// From the opened scoring to the conclusion, with these sheets; its result.
fn concluded(year: &Year, council: &Seven, item: &str, set: &Value, sheets: &[Picks]) -> Value {
    let resource = format!("/agenda-items/{item}");
    let chair = &council.scorers[0];
    year.step(chair, &resource, "open-scoring", json!({}));
    for (member, picks) in council.scorers.iter().zip(sheets) {
        let sheet = format!("{resource}/sheet");
        let saved = year.province.at_version(Method::PUT, member, &sheet, 0, json!({"marks": marks(picks)})).ok();
        assert_eq!(saved["total"], json!(total(set, picks)));
        // A sheet names the least options that it alone does not meet.
        let lacks = kept_from(&json!({"least_options": "all"}), set, 1, &[points(set, picks)]);
        let fewest =
            saved["unmet_options"].as_array().unwrap().iter().map(|least| least["stars"].as_i64().unwrap()).min();
        assert_eq!(fewest, lacks);
        year.step(member, &sheet, "submit", json!({}));
    }
    year.step(chair, &resource, "close-scoring", json!({}));
    year.step(chair, &resource, "conclude", json!({}));
    year.province.get(&year.office, &format!("{resource}/result")).ok()
}

/// The complete sets of the act, each with its tree.
fn sets(year: &Year) -> Vec<Value> {
    let listed = year.province.all(&year.office, "/criteria-sets?edition=26-2026");
    let own = listed.iter().filter(|set| set["code"] != crate::editions::SET);
    own.map(|set| {
        let code = set["code"].as_str().unwrap();
        // Without an edition: the one in force on the business day.
        let set = year.province.get(&year.office, &format!("/criteria-sets/{code}")).ok();
        assert_eq!((&set["edition"], &set["complete"]), (&json!("26-2026"), &json!(true)));
        set
    })
    .collect()
}

fn year(engine: Engine) -> Year {
    Year::new(engine, "26-2026", TODAY, json!([]))
}

#[test]
fn every_set_is_concluded_by_each_rule_as_its_exported_sheets_say() {
    on_both(|engine| {
        let year = year(engine);
        let sets = sets(&year);
        assert_eq!(sets.len(), 26);
        let councils: Vec<Seven> = RULES.iter().zip(1..).map(|(rule, round)| seven(&year, round, rule)).collect();
        std::thread::scope(|scope| {
            for (council, seed) in councils.iter().zip(1..) {
                let (year, sets) = (&year, &sets);
                scope.spawn(move || {
                    let mut dice = Dice::new(seed);
                    for set in sets {
                        let name = format!("{} {}", set["title"].as_str().unwrap(), council.rule);
                        let item = item(year, council, &forwarded(year, &name, set));
                        let sides = [2, 8, 40][dice.roll(3)];
                        let sheets: Vec<Picks> = (0..7).map(|_| nearly_best(set, &mut dice, sides)).collect();
                        concluded(year, council, &item, set, &sheets);
                    }
                });
            }
        });
        let mut outcomes = BTreeSet::new();
        for council in &councils {
            let export = year.province.get(&year.office, &format!("/councils/{}/export", council.id)).ok();
            assert_eq!(export["council"]["rules"]["least_options"], council.rule);
            assert_eq!(recomputed(&export, true), sets.len());
            for item in export["items"].as_array().unwrap() {
                let result = &item["concluded"]["result"];
                outcomes.insert((result["outcome"].as_str().unwrap().to_owned(), result["stars"].as_i64()));
            }
            let minutes = year.province.get(&council.scorers[0], &format!("/councils/{}/minutes", council.id));
            assert!(minutes.text.contains("phương án tối thiểu"), "the rule is printed");
        }
        for outcome in
            [("rated", Some(3)), ("rated", Some(4)), ("least_options_unmet", None), ("proposed_to_centre", None)]
        {
            assert!(outcomes.contains(&(outcome.0.to_owned(), outcome.1)), "{outcome:?} in {outcomes:?}");
        }
    });
}

/// A sheet with a total, kept from so many stars by a least option.
fn sheet(set: &Value, wanted: i64, kept: i64, draw: impl Fn(&mut Dice) -> Picks) -> Picks {
    let mut dice = Dice::new(7);
    let rules = json!({"least_options": "all"});
    (0..1_000_000)
        .map(|_| draw(&mut dice))
        .find(|picks| total(set, picks) == wanted && kept_from(&rules, set, 1, &[points(set, picks)]) == Some(kept))
        .expect("such a sheet")
}

#[test]
fn points_alone_give_no_star_whose_least_options_are_not_met() {
    on_both(|engine| {
        let year = year(engine);
        let council = seven(&year, 1, "mean");
        let set = year.province.get(&year.office, "/criteria-sets/mat-ong").ok();
        let high = sheet(&set, 95, 5, |dice| nearly_best(&set, dice, 8));
        let low = sheet(&set, 72, 3, |dice| draw(&set, Some(&best(&set)), dice));
        for (name, picks, mean, expected, next) in [
            ("Mật ong hoa nhãn", &high, "95.00", ("rated", json!(4)), 5),
            ("Mật ong hoa keo", &low, "72.00", ("least_options_unmet", Value::Null), 3),
        ] {
            let item = item(&year, &council, &forwarded(&year, name, &set));
            let result = concluded(&year, &council, &item, &set, &vec![picks.clone(); 7]);
            assert_eq!((&result["outcome"], &result["stars"]), (&json!(expected.0), &expected.1));
            assert_eq!(result["mean"], mean);
            let unmet = result["unmet_options"].as_array().unwrap();
            assert!(unmet.iter().any(|least| least["stars"] == next), "{unmet:?}");
            // The producer learns what the next star takes.
            let feedback = year.province.get(&year.producer, &format!("/agenda-items/{item}/feedback")).ok();
            let star = &feedback["next_star"];
            assert_eq!((&star["stars"], &star["lacking"]), (&json!(next), &json!("0.00")));
            assert!(
                star["unmet_options"].as_array().unwrap().iter().all(|least| least["stars"].as_i64() <= Some(next))
            );
            // None of it is recognised with more than it has.
            let form = json!({"kind": "recognise", "unit_code": "42", "agenda_item_ids": [item]});
            let draft = year.province.post(&year.office, "/decisions", form);
            if expected.0 == "rated" { drop(draft.created()) } else { drop(draft.refused(422, "invalid")) }
        }
    });
}

#[test]
fn a_lapsed_edition_opens_no_cycle_and_the_act_in_force_is_the_default() {
    on_both(|engine| {
        let year = year(engine);
        let form = |edition: Option<&str>, of: i32| {
            let mut form = json!({"year": of, "idea_deadline": format!("{of}-09-30")});
            if let Some(edition) = edition {
                form["edition"] = json!(edition);
                form["rounds"] = json!([{"number": 1, "district_deadline": format!("{of}-10-31"), "province_deadline": format!("{of}-11-30")}]);
            }
            form
        };
        let open = |form| year.province.post(&year.office, "/cycles", form);
        let refused = open(form(Some("1489-2025"), 2027)).refused(422, "edition_not_in_force");
        assert!(refused["detail"].as_str().unwrap().contains("26/2026"), "{refused}");
        open(form(Some("26-2026"), 2026)).refused(409, "year_taken");
        // Until it lapses, the year in which the act begins may have a cycle of the one before.
        open(form(Some("1489-2025"), 2026)).created();
        let next = open(form(None, 2027)).created();
        assert_eq!(next["edition"], "26-2026");
        let rounds = next["rounds"].as_array().unwrap();
        assert_eq!(rounds.len(), 2);
        assert_eq!(
            (&rounds[0]["district_deadline"], &rounds[1]["province_deadline"]),
            (&json!("2027-04-30"), &json!("2027-12-30"))
        );
        assert_eq!(next["warnings"], json!([]));
        let mut other = form(Some("26-2026"), 2028);
        other["rounds"] = json!([{"number": 1, "district_deadline": "2028-05-31", "province_deadline": "2028-06-30"}]);
        let warnings = open(other).created()["warnings"].clone();
        assert_eq!(warnings.as_array().unwrap().len(), 2, "{warnings}");
    });
}
