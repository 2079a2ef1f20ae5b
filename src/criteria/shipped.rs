//! The criteria sets that ship with the service.

use crate::base::{Error, Result};
use crate::criteria::tree::Set;

/// The files that ship with the service, by edition.
const FILES: [&str; 51] = [
    include_str!("sets/1048-2019/ca-phe-ca-cao.json"),
    include_str!("sets/1048-2019/che-bien-tu-gao-ngu-coc.json"),
    include_str!("sets/1048-2019/che-bien-tu-rau-cu-qua-hat.json"),
    include_str!("sets/1048-2019/che-bien-tu-thit-trung-sua.json"),
    include_str!("sets/1048-2019/che-bien-tu-thuy-hai-san.json"),
    include_str!("sets/1048-2019/che-tuoi-che-bien.json"),
    include_str!("sets/1048-2019/do-an-nhanh.json"),
    include_str!("sets/1048-2019/do-uong-co-con-khac.json"),
    include_str!("sets/1048-2019/do-uong-khong-con.json"),
    include_str!("sets/1048-2019/du-lich-cong-dong-diem-du-lich.json"),
    include_str!("sets/1048-2019/gia-vi-khac.json"),
    include_str!("sets/1048-2019/mat-ong.json"),
    include_str!("sets/1048-2019/my-pham.json"),
    include_str!("sets/1048-2019/nuoc-khoang-nuoc-uong-tinh-khiet.json"),
    include_str!("sets/1048-2019/rau-cu-qua-hat-tuoi.json"),
    include_str!("sets/1048-2019/ruou-trang.json"),
    include_str!("sets/1048-2019/san-pham-khac-tu-che-tra.json"),
    include_str!("sets/1048-2019/thao-duoc-khac.json"),
    include_str!("sets/1048-2019/thit-trung-sua-tuoi.json"),
    include_str!("sets/1048-2019/thu-cong-my-nghe-gia-dung.json"),
    include_str!("sets/1048-2019/thu-cong-my-nghe-trang-tri.json"),
    include_str!("sets/1048-2019/thuc-pham-chuc-nang-thuoc-duoc-lieu-yhct.json"),
    include_str!("sets/1048-2019/trang-thiet-bi-dung-cu-y-te.json"),
    include_str!("sets/1048-2019/tuong-nuoc-mam-gia-vi-long.json"),
    include_str!("sets/1048-2019/vai-may-mac.json"),
    include_str!("sets/26-2026/ca-phe-ca-cao.json"),
    include_str!("sets/26-2026/cay-canh.json"),
    include_str!("sets/26-2026/che-bien-tu-gao-ngu-coc.json"),
    include_str!("sets/26-2026/che-bien-tu-rau-cu-qua-hat.json"),
    include_str!("sets/26-2026/che-bien-tu-thit-thuy-san-trung-sua-cac-san-pham-tu-mat-ong.json"),
    include_str!("sets/26-2026/che-tuoi-che-bien.json"),
    include_str!("sets/26-2026/do-an-nhanh.json"),
    include_str!("sets/26-2026/do-uong-co-con-khac.json"),
    include_str!("sets/26-2026/do-uong-khong-con.json"),
    include_str!("sets/26-2026/dong-vat-canh.json"),
    include_str!("sets/26-2026/du-lich-cong-dong-diem-du-lich.json"),
    include_str!("sets/26-2026/gao-ngu-coc-hat-so-che-khac.json"),
    include_str!("sets/26-2026/gia-vi-khac.json"),
    include_str!("sets/26-2026/hoa.json"),
    include_str!("sets/26-2026/mat-ong.json"),
    include_str!("sets/26-2026/my-pham.json"),
    include_str!("sets/26-2026/nuoc-khoang-nuoc-uong-tinh-khiet.json"),
    include_str!("sets/26-2026/rau-cu-qua-hat-tuoi.json"),
    include_str!("sets/26-2026/ruou-trang.json"),
    include_str!("sets/26-2026/san-pham-tra-tu-thuc-vat-khac.json"),
    include_str!("sets/26-2026/thit-thuy-san-trung-sua-tuoi.json"),
    include_str!("sets/26-2026/thu-cong-my-nghe.json"),
    include_str!("sets/26-2026/thuc-pham-chuc-nang-thuoc-duoc-lieu-yhct.json"),
    include_str!("sets/26-2026/tinh-dau-va-duoc-lieu-khac.json"),
    include_str!("sets/26-2026/tuong-nuoc-mam-gia-vi-long.json"),
    include_str!("sets/26-2026/vai-may-mac.json"),
];

/// The shipped sets.
pub fn shipped() -> Result<Vec<Set>> {
    let parsed = FILES.iter().map(|text| serde_json::from_str(text));
    parsed.collect::<Result<_, _>>().map_err(|error| Error::internal(format!("criteria/sets: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Points;
    use crate::criteria::{Case, Criterion, LeastOptionsRule, Mark, RaisedGate, mark};
    use crate::cycle::EditionCode;
    use serde_json::Value;

    #[test]
    fn shipped_sets_are_sound_and_all_but_3_of_them_add_up() {
        let sets = shipped().unwrap();
        let of =
            |edition, complete| sets.iter().filter(|set| set.edition == edition && set.complete == complete).count();
        assert_eq!((of(EditionCode::Of2019, true), of(EditionCode::Of2019, false)), (22, 3));
        assert_eq!((of(EditionCode::Of2026, true), of(EditionCode::Of2026, false)), (26, 0));
        for set in sets {
            assert_eq!(set.check(), [], "{}", set.code);
            assert!(set.accept(&set.edition.edition().unwrap().weights).is_ok(), "{}", set.code);
            let as_complete = Set { complete: true, ..set.clone() };
            assert_eq!(as_complete.accept(&set.edition.edition().unwrap().weights).is_ok(), set.complete);
            let json = serde_json::to_string(&set).unwrap();
            assert_eq!(serde_json::from_str::<Set>(&json).unwrap(), set);
        }
    }

    /// Holds the shipped sets against the collected facts, where these are at hand.
    #[test]
    fn shipped_sets_have_the_points_of_the_collected_ones() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/criteria");
        if !folder.exists() {
            eprintln!("{} is not at hand: nothing to hold the sets against", folder.display());
            return;
        }
        for set in shipped().unwrap().into_iter().filter(|set| set.edition == EditionCode::Of2019) {
            let text = std::fs::read_to_string(folder.join(format!("{}.json", set.code))).unwrap();
            let fact: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(fact["complete"], set.complete, "{}", set.code);
            let list = |value: &Value, name: &str| value[name].as_array().unwrap().clone();
            let groups: Vec<Value> = list(&fact, "parts").iter().flat_map(|part| list(part, "groups")).collect();
            let maxima = |values: &[Value]| -> Vec<(String, i64)> {
                let pair = |value: &Value| (value["code"].as_str().unwrap().into(), value["max"].as_i64().unwrap());
                values.iter().map(pair).collect()
            };
            let ours = |code: &str, max: Points| (code.to_owned(), i64::from(max.get()));
            let our_parts: Vec<_> = set.parts.iter().map(|part| ours(&part.code, part.max)).collect();
            assert_eq!(our_parts, maxima(&list(&fact, "parts")), "{}", set.code);
            let our_groups = set.parts.iter().flat_map(|part| &part.groups);
            let our_groups: Vec<_> = our_groups.map(|group| ours(&group.code, group.max)).collect();
            assert_eq!(our_groups, maxima(&groups), "{}", set.code);
            let facts: Vec<Value> = groups.iter().flat_map(|group| list(group, "criteria")).collect();
            assert_eq!(facts.len(), set.criteria().count(), "{}", set.code);
            for (criterion, fact) in set.criteria().zip(&facts) {
                let place = format!("{} {}", set.code, criterion.code);
                assert_eq!(fact["code"], criterion.code, "{place}");
                assert_eq!(fact["max"], criterion.max.get(), "{place}");
                assert_eq!(fact["gate"].as_str(), criterion.gate.as_ref().map(|gate| gate.kind.as_ref()), "{place}");
                assert_eq!(fact["parent"]["code"].as_str(), criterion.parent.as_deref(), "{place}");
                assert_eq!(!fact["alternatives"].is_null(), criterion.alternatives, "{place}");
                let options = list(fact, "options");
                let points: Vec<_> =
                    options.iter().map(|option| (option["points"].as_i64(), option["case"].as_u64())).collect();
                let our_points: Vec<_> = criterion
                    .options
                    .iter()
                    .map(|option| (Some(i64::from(option.points.get())), option.case.map(|case| u8::from(case).into())))
                    .collect();
                assert_eq!(points, our_points, "{place}");
            }
        }
    }

    /// The codes of the sets of 26/2026/QĐ-TTg, in the order of its annex II.
    const OF_2026: [&str; 26] = [
        "rau-cu-qua-hat-tuoi",
        "thit-thuy-san-trung-sua-tuoi",
        "gao-ngu-coc-hat-so-che-khac",
        "mat-ong",
        "do-an-nhanh",
        "che-bien-tu-gao-ngu-coc",
        "che-bien-tu-rau-cu-qua-hat",
        "che-bien-tu-thit-thuy-san-trung-sua-cac-san-pham-tu-mat-ong",
        "tuong-nuoc-mam-gia-vi-long",
        "gia-vi-khac",
        "che-tuoi-che-bien",
        "san-pham-tra-tu-thuc-vat-khac",
        "ca-phe-ca-cao",
        "ruou-trang",
        "do-uong-co-con-khac",
        "nuoc-khoang-nuoc-uong-tinh-khiet",
        "do-uong-khong-con",
        "thuc-pham-chuc-nang-thuoc-duoc-lieu-yhct",
        "my-pham",
        "tinh-dau-va-duoc-lieu-khac",
        "thu-cong-my-nghe",
        "vai-may-mac",
        "hoa",
        "cay-canh",
        "dong-vat-canh",
        "du-lich-cong-dong-diem-du-lich",
    ];

    fn list(value: &Value, name: &str) -> Vec<Value> {
        value[name].as_array().cloned().unwrap_or_default()
    }

    /// The criteria of a group that have options of their own; a group without criteria is one itself.
    fn scored(group: &Value) -> Vec<Value> {
        match list(group, "options").is_empty() {
            false => vec![group.clone()],
            true => list(group, "criteria").into_iter().filter(|one| !list(one, "options").is_empty()).collect(),
        }
    }

    /// What a note of the act makes of a criterion: a reason to reject the product, or to stop.
    fn gate(criterion: &Value) -> Option<&'static str> {
        let mut gate = None;
        for note in list(criterion, "notes") {
            let note = note.as_str().unwrap().to_lowercase();
            if note.contains("bị loại") {
                gate = Some("reject");
            } else if note.contains("không đánh giá") || note.contains("không xem xét") {
                gate = Some("stop");
            }
        }
        gate
    }

    /// Holds the sets of 26/2026/QĐ-TTg against the collected text of the act, where that is at hand: codes, points, cases, least
    /// options, dependencies, gates.
    #[test]
    fn the_sets_of_2026_are_those_of_the_act() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/criteria-2026");
        if !folder.exists() {
            eprintln!("{} is not at hand: nothing to hold the sets against", folder.display());
            return;
        }
        let sets: Vec<Set> = shipped().unwrap().into_iter().filter(|set| set.edition == EditionCode::Of2026).collect();
        let mut facts: Vec<Value> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
            .map(|path| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
            .collect();
        facts.sort_by_key(|fact| fact["number"].as_i64());
        assert_eq!(facts.len(), OF_2026.len());
        for (code, fact) in OF_2026.iter().zip(&facts) {
            let set = sets.iter().find(|set| set.code == *code).unwrap();
            let weights: Vec<i32> = set.parts.iter().map(|part| part.max.get()).collect();
            assert_eq!(weights, [40, 25, 35], "{code}");
            let groups: Vec<Value> = list(fact, "parts").iter().flat_map(|part| list(part, "groups")).collect();
            let told: Vec<_> = groups.iter().map(|group| (group["code"].clone(), group["max"].clone())).collect();
            let ours = set.parts.iter().flat_map(|part| &part.groups);
            let ours: Vec<_> = ours.map(|group| (group.code.clone().into(), group.max.get().into())).collect();
            assert_eq!(ours, told, "{code}");
            let criteria: Vec<Value> = groups.iter().flat_map(scored).collect();
            assert_eq!(set.criteria().count(), criteria.len(), "{code}");
            let mut mandatory = [Vec::new(), Vec::new(), Vec::new()];
            for (ours, fact) in set.criteria().zip(&criteria) {
                let place = format!("{code} {}", ours.code);
                assert_eq!(
                    (&fact["code"], &fact["max"]),
                    (&Value::from(ours.code.clone()), &ours.max.get().into()),
                    "{place}"
                );
                assert_eq!(ours.gate.as_ref().map(|gate| gate.kind.as_ref()), gate(fact), "{place}");
                let depends = list(fact, "notes")
                    .iter()
                    .any(|note| note.as_str().unwrap().to_lowercase().contains("chỉ áp dụng khi"));
                assert!(!depends || ours.depends_on.as_deref() == Some("5.1"), "{place}");
                let told: Vec<_> = list(fact, "options")
                    .iter()
                    .map(|option| {
                        let case = option["case"].as_str().map(|case| if case.starts_with('a') { 1 } else { 2 });
                        (option["points"].as_i64().unwrap(), option["least_for_stars"].as_i64(), case)
                    })
                    .collect();
                let options: Vec<_> = ours
                    .options
                    .iter()
                    .map(|option| {
                        let least = option.least_for_stars.map(|stars| i64::from(stars.get()));
                        (i64::from(option.points.get()), least, option.case.map(u8::from))
                    })
                    .collect();
                assert_eq!(options, told, "{place}");
                for (points, least, _) in options {
                    if let Some(stars) = least {
                        mandatory[usize::try_from(stars).unwrap() - 3].push((ours.code.clone(), points));
                    }
                }
            }
            for (stars, mut ours) in ["3", "4", "5"].iter().zip(mandatory) {
                let pair = |pair: &Value| (pair[0].as_str().unwrap().to_owned(), pair[1].as_i64().unwrap());
                let mut told: Vec<_> = list(&fact["mandatory"], stars).iter().map(pair).collect();
                ours.sort();
                told.sort();
                assert_eq!(ours, told, "{code}: {stars} stars");
            }
        }
    }

    #[test]
    fn marks_that_are_known_name_options_that_each_set_has() {
        let edition = EditionCode::Of2026.edition().unwrap();
        for set in shipped().unwrap().into_iter().filter(|set| set.edition == EditionCode::Of2026) {
            for known in &edition.known_marks {
                let criterion = set.criterion(&known.criterion).unwrap();
                assert!((1..=criterion.options.len()).contains(&usize::from(known.option)), "{} {known:?}", set.code);
            }
        }
    }

    /// Points alone do not make a set right: each least option changes a sheet that has the best of everything else.
    #[test]
    fn each_least_option_gate_and_dependency_changes_a_sheet() {
        for set in shipped().unwrap().into_iter().filter(|set| set.edition == EditionCode::Of2026) {
            for case in [Case::First, Case::Second] {
                let best = best(&set, case);
                let marked = mark(&set, case, &best, None).unwrap();
                assert_eq!((marked.total.get(), marked.complete), (100, true), "{}", set.code);
                assert_eq!(set.unmet_options(case, LeastOptionsRule::Mean, &[&best]), [], "{}", set.code);
                for least in set.least_options(case) {
                    let place = format!("{} {}", set.code, least.criterion);
                    let criterion = set.criterion(&least.criterion).unwrap();
                    let below = (0..).zip(std::iter::once(None).chain(criterion.options.iter().map(Some)));
                    let below = below.filter(|(_, choice)| {
                        choice.is_none_or(|choice| {
                            choice.points < least.points && choice.case.is_none_or(|own| own == case)
                        })
                    });
                    let mut lowered = best.clone();
                    let place_below = below.map(|(place, _)| place).max().unwrap();
                    lowered.iter_mut().find(|mark| mark.criterion == least.criterion).unwrap().option = place_below;
                    // What depended on a criterion that is 0 now no longer applies.
                    let is_none = set.points(&lowered, &least.criterion) == Some(Points::ZERO);
                    lowered.retain(|mark| {
                        let base = set.criterion(&mark.criterion).unwrap().depends_on.as_deref();
                        !(is_none && base == Some(least.criterion.as_str()))
                    });
                    let marked = mark(&set, case, &lowered, None).unwrap();
                    assert!(marked.complete && marked.total.get() < 100, "{place}");
                    assert!(marked.unmet_options.contains(&least), "{place}");
                    assert!(
                        set.unmet_options(case, LeastOptionsRule::All, &[&best, &lowered]).contains(&least),
                        "{place}"
                    );
                }
                for criterion in set.criteria() {
                    let raised = RaisedGate { criterion: criterion.code.clone(), reason: "x".into() };
                    assert_eq!(
                        mark(&set, case, &best, Some(&raised)).is_ok(),
                        criterion.gate.is_some(),
                        "{}",
                        set.code
                    );
                    let Some(base) = &criterion.depends_on else { continue };
                    let mut without = best.clone();
                    let base = without.iter_mut().find(|mark| mark.criterion == *base).unwrap();
                    let options = &set.criterion(&base.criterion).unwrap().options;
                    base.option = (1..).zip(options).find(|(_, choice)| choice.points == Points::ZERO).unwrap().0;
                    let faults = mark(&set, case, &without, None).unwrap_err();
                    assert!(
                        faults.iter().any(|fault| fault.code == "does_not_apply"),
                        "{} {}",
                        set.code,
                        criterion.code
                    );
                }
            }
        }
    }

    /// The sheet with the most points on a scale.
    fn best(set: &Set, case: Case) -> Vec<Mark> {
        let best = |criterion: &Criterion| {
            let own = (1..).zip(&criterion.options).filter(|(_, choice)| choice.case.is_none_or(|own| own == case));
            let option = own.max_by_key(|(_, choice)| choice.points).unwrap().0;
            Mark::new(&criterion.code, option)
        };
        set.criteria().map(best).collect()
    }
}
