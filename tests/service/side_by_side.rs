//! Two councils at once on the demo, seven scoring seats each, a product of every complete criteria set before both, random
//! legal sheets: what they concluded is recomputed from what they export.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::{Value, json};

use crate::engine::on_both;
use crate::export::{criteria, recomputed};
use crate::walk::{Candidate, Council, District, Walk, id};

/// A small generator, so that each run draws the same sheets.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// The options of a criterion that a cooperative may be given, each with its points.
pub fn legal(criterion: &Value) -> Vec<(usize, i64)> {
    let options = criterion["options"].as_array().unwrap().iter().zip(1..);
    let fits = options.filter(|(option, _)| option["case"].is_null() || option["case"] == 1);
    fits.map(|(option, place)| (place, option["points"].as_i64().unwrap())).collect()
}

/// A sheet as the options' places by criterion.
pub type Picks = BTreeMap<String, usize>;

/// Draws a legal, complete sheet; the earlier it is in `picks`, the likelier a criterion keeps its option.
pub fn draw(set: &Value, from: Option<&Picks>, dice: &mut Dice) -> Picks {
    let mut picks = Picks::new();
    let mut points: BTreeMap<&str, i64> = BTreeMap::new();
    for criterion in criteria(set) {
        let code = criterion["code"].as_str().unwrap();
        if criterion["depends_on"].as_str().is_some_and(|base| points.get(base).is_none_or(|points| *points == 0)) {
            continue;
        }
        let legal = legal(criterion);
        let kept = from.and_then(|from| from.get(code)).filter(|_| dice.roll(6) > 0);
        let place = kept.copied().unwrap_or_else(|| legal[dice.roll(legal.len())].0);
        points.insert(code, legal.iter().find(|(other, _)| *other == place).unwrap().1);
        picks.insert(code.to_owned(), place);
    }
    picks
}

pub fn total(set: &Value, picks: &Picks) -> i64 {
    let points = |criterion: &&Value| {
        let place = picks.get(criterion["code"].as_str().unwrap())?;
        legal(criterion).into_iter().find(|(other, _)| other == place).map(|(_, points)| points)
    };
    criteria(set).iter().filter_map(points).sum()
}

/// Sheets of seven members whose totals lie at most ten points apart.
fn agreeing(set: &Value, dice: &mut Dice) -> Vec<Picks> {
    let first = draw(set, None, dice);
    let middle = total(set, &first);
    let mut sheets = vec![first.clone()];
    while sheets.len() < 7 {
        let sheet = draw(set, Some(&first), dice);
        if (total(set, &sheet) - middle).abs() <= 5 {
            sheets.push(sheet);
        }
    }
    sheets
}

/// A product of the kind that a criteria set is for, handed in.
fn handed_in(walk: &Walk, at: &District, set: &str) -> Candidate {
    let province = &walk.province;
    let mut form = walk.idea_form(&format!("Sản phẩm thử {set}"));
    form["criteria_set"] = json!(set);
    let idea = id(&province.post(&at.producer, "/ideas", form).created());
    let resource = format!("/ideas/{idea}");
    province.step(&at.producer, &resource, "submit", json!({})).ok();
    province.step(&at.commune, &resource, "forward", json!({"note": "Xã đồng ý"})).ok();
    province.step(&at.officer, &resource, "select", json!({})).ok();
    province.step(&walk.office, &resource, "accept", json!({})).ok();
    let plan = id(&province.post(&at.producer, "/plans", walk.plan_form(&idea)).created());
    province.step(&at.producer, &format!("/plans/{plan}"), "submit", json!({})).ok();
    province.step(&at.officer, &format!("/plans/{plan}"), "approve", json!({})).ok();
    let candidate = walk.candidate(at, idea, plan);
    province.step(&at.producer, &format!("/dossiers/{}", candidate.dossier), "submit", json!({})).ok();
    candidate
}

fn score(walk: &Walk, council: &Council, item: &str, set: &Value, dice: &mut Dice) {
    let province = &walk.province;
    let resource = format!("/agenda-items/{item}");
    let submit = |sheets: &[Picks]| {
        for (member, picks) in council.scorers.iter().zip(sheets) {
            let marks: Vec<Value> =
                picks.iter().map(|(criterion, place)| json!({"criterion": criterion, "option": place})).collect();
            let sheet = format!("{resource}/sheet");
            province.at_version(Method::PUT, member, &sheet, 0, json!({"marks": marks})).ok();
            let answer = province.step(member, &sheet, "submit", json!({})).ok();
            assert_eq!(answer["total"], json!(total(set, picks)));
        }
        province.step(council.chair(), &resource, "close-scoring", json!({})).ok();
    };
    province.step(council.chair(), &resource, "open-scoring", json!({})).ok();
    let wide: Vec<Picks> = (0..7).map(|_| draw(set, None, dice)).collect();
    let totals: BTreeSet<i64> = wide.iter().map(|picks| total(set, picks)).collect();
    if totals.last().unwrap() - totals.first().unwrap() > 10 && dice.roll(3) == 0 {
        submit(&wide);
        province.step(council.chair(), &resource, "conclude", json!({})).refused(409, "spread_too_wide");
        province.step(council.chair(), &resource, "rescore", json!({"reason": "Chênh lệch quá 10 điểm"})).ok();
    }
    submit(&agreeing(set, dice));
    province.step(council.chair(), &resource, "conclude", json!({})).ok();
}

#[test]
fn two_councils_at_once_conclude_what_their_exported_sheets_say() {
    on_both(|engine| {
        let walk = Walk::on_demo(engine);
        let sets: Vec<Value> = walk
            .province
            .all(&walk.office, "/criteria-sets?edition=1048-2019")
            .iter()
            .filter(|set| set["complete"] == true)
            .map(|set| {
                walk.province.get(&walk.office, &format!("/criteria-sets/{}", set["code"].as_str().unwrap())).ok()
            })
            .collect();
        assert_eq!(sets.len(), 22, "all sets but the three that lack points");
        let councils = [(&walk.here, walk.council("439", 2, 7), 1), (&walk.there, walk.council("440", 2, 7), 2)];
        std::thread::scope(|scope| {
            for (at, council, seed) in &councils {
                let (walk, sets) = (&walk, &sets);
                scope.spawn(move || {
                    let mut dice = Dice::new(*seed);
                    for set in sets {
                        let candidate = handed_in(walk, at, set["code"].as_str().unwrap());
                        let item = walk.agenda_item(council, &candidate.dossier);
                        score(walk, council, &item, set, &mut dice);
                    }
                });
            }
        });
        let mut outcomes = BTreeSet::new();
        let mut rescored = 0;
        for (_, council, _) in &councils {
            let export = walk.province.get(&council.office, &format!("/councils/{}/export", council.id)).ok();
            assert_eq!(recomputed(&export, true), sets.len());
            for item in export["items"].as_array().unwrap() {
                outcomes.insert(item["concluded"]["result"]["outcome"].as_str().unwrap().to_owned());
                rescored += item["concluded"]["rescores"].as_array().unwrap().len();
            }
        }
        assert!(outcomes.len() >= 2 && rescored > 0, "{outcomes:?}, {rescored} times scored again");
    });
}

/// The set with two more points in its last criterion, as an import that completes it would have it.
fn completed(mut set: Value) -> Value {
    let part = set["parts"].as_array_mut().unwrap().last_mut().unwrap();
    raise(&mut part["max"]);
    let group = part["groups"].as_array_mut().unwrap().last_mut().unwrap();
    raise(&mut group["max"]);
    let criterion = group["criteria"].as_array_mut().unwrap().last_mut().unwrap();
    let highest = criterion["max"].clone();
    raise(&mut criterion["max"]);
    let options = criterion["options"].as_array_mut().unwrap();
    for option in options.iter_mut().filter(|option| option["points"] == highest) {
        raise(&mut option["points"]);
    }
    set["complete"] = json!(true);
    set
}

fn raise(points: &mut Value) {
    *points = json!(points.as_i64().unwrap() + 2);
}

#[test]
fn sets_that_lack_points_are_refused_until_an_import_completes_them() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let council = walk.council("439", 1, 7);
        let incomplete: Vec<Value> = province
            .all(&walk.office, "/criteria-sets?edition=1048-2019")
            .into_iter()
            .filter(|set| set["complete"] == false)
            .collect();
        assert_eq!(incomplete.len(), 3);
        let mut dice = Dice::new(3);
        for listed in incomplete {
            let code = listed["code"].as_str().unwrap();
            let candidate = handed_in(&walk, &walk.here, code);
            let form = json!({"council_id": council.id, "dossier_ids": [candidate.dossier]});
            let refused = province.post(&council.office, "/agenda-items", form).invalid(&["/dossier_ids/0"]);
            assert_eq!(refused["errors"][0]["code"], "criteria_set_incomplete");

            let set = province.get(&walk.office, &format!("/criteria-sets/{code}")).ok();
            let mut import = set.clone();
            import["complete"] = json!(true);
            for name in ["id", "imported_at", "created_at"] {
                import.as_object_mut().unwrap().remove(name);
            }
            province.post(&walk.office, "/criteria-sets", import.clone()).refused(422, "wrong_sums");
            let made = province.post(&walk.office, "/criteria-sets", completed(import)).created();
            assert_eq!(made["version"], json!(set["version"].as_i64().unwrap() + 1));
            let item = walk.agenda_item(&council, &candidate.dossier);
            let set = province.get(&walk.office, &format!("/criteria-sets/{code}")).ok();
            score(&walk, &council, &item, &set, &mut dice);
        }
        let export = province.get(&council.office, &format!("/councils/{}/export", council.id)).ok();
        assert_eq!(recomputed(&export, true), 3);
    });
}
