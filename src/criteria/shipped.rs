//! The criteria sets that ship with the service.

use crate::base::{Error, Result};
use crate::criteria::tree::Set;

/// The files that ship with the service.
const FILES: [&str; 25] = [
    include_str!("sets/ca-phe-ca-cao.json"),
    include_str!("sets/che-bien-tu-gao-ngu-coc.json"),
    include_str!("sets/che-bien-tu-rau-cu-qua-hat.json"),
    include_str!("sets/che-bien-tu-thit-trung-sua.json"),
    include_str!("sets/che-bien-tu-thuy-hai-san.json"),
    include_str!("sets/che-tuoi-che-bien.json"),
    include_str!("sets/do-an-nhanh.json"),
    include_str!("sets/do-uong-co-con-khac.json"),
    include_str!("sets/do-uong-khong-con.json"),
    include_str!("sets/du-lich-cong-dong-diem-du-lich.json"),
    include_str!("sets/gia-vi-khac.json"),
    include_str!("sets/mat-ong.json"),
    include_str!("sets/my-pham.json"),
    include_str!("sets/nuoc-khoang-nuoc-uong-tinh-khiet.json"),
    include_str!("sets/rau-cu-qua-hat-tuoi.json"),
    include_str!("sets/ruou-trang.json"),
    include_str!("sets/san-pham-khac-tu-che-tra.json"),
    include_str!("sets/thao-duoc-khac.json"),
    include_str!("sets/thit-trung-sua-tuoi.json"),
    include_str!("sets/thu-cong-my-nghe-gia-dung.json"),
    include_str!("sets/thu-cong-my-nghe-trang-tri.json"),
    include_str!("sets/thuc-pham-chuc-nang-thuoc-duoc-lieu-yhct.json"),
    include_str!("sets/trang-thiet-bi-dung-cu-y-te.json"),
    include_str!("sets/tuong-nuoc-mam-gia-vi-long.json"),
    include_str!("sets/vai-may-mac.json"),
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
    use serde_json::Value;

    #[test]
    fn shipped_sets_are_sound_and_22_of_them_add_up() {
        let sets = shipped().unwrap();
        assert_eq!(sets.len(), 25);
        assert_eq!(sets.iter().filter(|set| set.complete).count(), 22);
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
        for set in shipped().unwrap() {
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
}
