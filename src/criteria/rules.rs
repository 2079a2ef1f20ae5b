//! The tree of a criteria set, the checks that hold it together, and the sets that ship with the service.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::error::Refusal;
use crate::base::{Error, Fault, Faults, Kind, Points, Result, say, text};
use crate::cycle::EditionCode;
use crate::producer::rules::ProducerKind;

/// A criteria set (bộ tiêu chí): the parts A, B and C of one kind of product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Set {
    /// Lower case letters, digits and hyphens: `mat-ong`.
    pub code: String,
    pub edition: EditionCode,
    /// Counted by the service; an import gets the next one, whatever its file says.
    #[serde(default)]
    pub version: i32,
    /// Whether it has all points of its edition; an incomplete set cannot be scored with.
    pub complete: bool,
    pub title: String,
    pub title_en: String,
    pub sector: Sector,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub parts: Vec<Part>,
}

/// A group of products (nhóm sản phẩm).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::AsRefStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Sector {
    Food,
    Drink,
    Herbal,
    Textile,
    Craft,
    Tourism,
}

/// A part (phần): A product and community, B marketing, C quality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub code: String,
    pub title: String,
    pub title_en: String,
    pub max: Points,
    pub groups: Vec<Group>,
}

/// A numbered group of criteria.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub code: String,
    pub title: String,
    pub title_en: String,
    pub max: Points,
    pub criteria: Vec<Criterion>,
}

/// A criterion (tiêu chí): exactly one of its options is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    pub code: String,
    pub title: String,
    pub title_en: String,
    pub max: Points,
    /// The heading that this criterion stands under; a heading has no points of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_title: Option<String>,
    /// Applies only where that criterion was given more than 0 points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depends_on: Option<String>,
    /// Whether the options are two scales, of which the producer's kind tells one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alternatives: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Gate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged_by: Option<JudgedBy>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// An option is named by its place in this list, beginning with 1: points may repeat.
    pub options: Vec<Choice>,
}

/// One option of a criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub points: Points,
    pub label: String,
    /// Which of two alternative scales this option belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u8>)]
    pub case: Option<Case>,
}

/// For whom an alternative scale is meant: 1 for organisations, 2 for a household or single owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Case {
    Organisation,
    Household,
}

/// Which scale of alternatives a producer is scored on.
impl From<ProducerKind> for Case {
    fn from(kind: ProducerKind) -> Self {
        match kind {
            ProducerKind::Enterprise | ProducerKind::Cooperative | ProducerKind::CooperativeGroup => Self::Organisation,
            ProducerKind::Household => Self::Household,
        }
    }
}

impl TryFrom<u8> for Case {
    type Error = String;
    fn try_from(case: u8) -> std::result::Result<Self, String> {
        match case {
            1 => Ok(Self::Organisation),
            2 => Ok(Self::Household),
            _ => Err(format!("expected the case 1 or 2, got {case}")),
        }
    }
}

impl From<Case> for u8 {
    fn from(case: Case) -> u8 {
        match case {
            Case::Organisation => 1,
            Case::Household => 2,
        }
    }
}

/// What ends an evaluation, which is not the same as 0 points (điều kiện loại).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    pub kind: GateKind,
    pub ground: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum GateKind {
    /// The product is disqualified (bị loại).
    Reject,
    /// Nothing after it is scored (dừng đánh giá).
    Stop,
}

/// What a mark rests on: a paper of the dossier, or what the members see and taste at the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JudgedBy {
    Document,
    Session,
}

impl Set {
    /// The criteria in the order of the set.
    pub fn criteria(&self) -> impl Iterator<Item = &Criterion> {
        self.parts.iter().flat_map(Part::criteria)
    }

    pub fn criterion(&self, code: &str) -> Option<&Criterion> {
        self.criteria().find(|criterion| criterion.code == code)
    }

    /// Everything that can be wrong with the tree by itself, each with its place.
    pub fn check(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_slug(&self.code, "/code", &mut faults);
        text::check(&self.title, "/title", TITLE, &mut faults);
        text::check(&self.title_en, "/title_en", TITLE, &mut faults);
        check_note(self.note.as_ref(), "/note", &mut faults);
        check_sum("/parts", 100, self.parts.iter().map(|part| part.max), Sum::AtMost, &mut faults);
        let mut seen = Seen::default();
        for (index, part) in self.parts.iter().enumerate() {
            part.check(&format!("/parts/{index}"), &mut seen, &mut faults);
        }
        self.check_dependencies(&seen, &mut faults);
        faults
    }

    /// `depends_on` and `parent` name something that is there, and no chain of them returns to its beginning.
    fn check_dependencies(&self, seen: &Seen, faults: &mut Vec<Fault>) {
        let depends = |code: &str| self.criterion(code).and_then(|criterion| criterion.depends_on.clone());
        let parent = |code: &str| self.criterion(code).and_then(|criterion| criterion.parent.clone());
        for criterion in self.criteria() {
            let Some(place) = seen.places.get(&criterion.code) else { continue };
            if let Some(base) = &criterion.depends_on {
                let pointer = format!("{place}/depends_on");
                if self.criterion(base).is_none() {
                    faults.push(Fault::new(
                        pointer,
                        "unknown_criterion",
                        say(format!("Không có tiêu chí {base}."), format!("There is no criterion {base}.")),
                    ));
                } else if returns(&criterion.code, depends) {
                    faults.push(cycle(pointer, &criterion.code));
                }
            }
            let Some(heading) = &criterion.parent else { continue };
            let pointer = format!("{place}/parent");
            if returns(&criterion.code, parent) {
                faults.push(cycle(pointer, &criterion.code));
            } else if self.criterion(heading).is_some() {
                faults.push(Fault::new(
                    pointer,
                    "parent_is_scored",
                    say(
                        format!("{heading} là tiêu chí có điểm riêng, không thể là mục cha."),
                        format!("{heading} is scored itself and cannot be a heading."),
                    ),
                ));
            }
        }
    }

    /// The points that the criteria of each part add up to.
    pub fn sums(&self) -> Vec<(&str, i32)> {
        let sum = |part: &Part| part.criteria().map(|criterion| criterion.max.get()).sum();
        self.parts.iter().map(|part| (part.code.as_str(), sum(part))).collect()
    }

    /// What an import must pass: a sound tree that, where it says it is complete, adds up to the weights of its edition.
    pub fn accept(&self, weights: &BTreeMap<String, Points>) -> Result<()> {
        let faults = self.check();
        let mut sums = self.sums();
        sums.sort_unstable();
        let wanted: Vec<(&str, i32)> = weights.iter().map(|(part, points)| (part.as_str(), points.get())).collect();
        if !self.complete || sums == wanted {
            return faults.into_result();
        }
        let show = |sums: &[(&str, i32)]| {
            sums.iter().map(|(part, points)| format!("{part} {points}")).collect::<Vec<_>>().join(", ")
        };
        let (sums, wanted) = (show(&sums), show(&wanted));
        Err(Error::Refused(Box::new(Refusal {
            kind: Kind::Invalid,
            code: "wrong_sums",
            detail: say(
                format!("Bộ tiêu chí cộng được {sums}; phiên bản quy trình cần {wanted}."),
                format!("The set adds up to {sums}; its edition wants {wanted}."),
            ),
            faults,
        })))
    }
}

const TITLE: usize = 300;
const LABEL: usize = 1000;

/// What was met on the way through a tree.
#[derive(Default)]
struct Seen {
    parts: BTreeSet<String>,
    groups: BTreeSet<String>,
    /// Where each criterion stands.
    places: BTreeMap<String, String>,
    /// Each heading's group and title.
    headings: BTreeMap<String, (String, String)>,
}

impl Part {
    pub fn criteria(&self) -> impl Iterator<Item = &Criterion> {
        self.groups.iter().flat_map(|group| group.criteria.iter())
    }

    fn check(&self, place: &str, seen: &mut Seen, faults: &mut Vec<Fault>) {
        check_code(&self.code, place, seen.parts.insert(self.code.clone()), faults);
        text::check(&self.title, &format!("{place}/title"), TITLE, faults);
        text::check(&self.title_en, &format!("{place}/title_en"), TITLE, faults);
        let sum = self.groups.iter().map(|group| group.max);
        check_sum(&format!("{place}/max"), self.max.get(), sum, Sum::Exactly, faults);
        for (index, group) in self.groups.iter().enumerate() {
            group.check(&format!("{place}/groups/{index}"), seen, faults);
        }
    }
}

impl Group {
    fn check(&self, place: &str, seen: &mut Seen, faults: &mut Vec<Fault>) {
        check_code(&self.code, place, seen.groups.insert(self.code.clone()), faults);
        text::check(&self.title, &format!("{place}/title"), TITLE, faults);
        text::check(&self.title_en, &format!("{place}/title_en"), TITLE, faults);
        let sum = self.criteria.iter().map(|criterion| criterion.max);
        check_sum(&format!("{place}/max"), self.max.get(), sum, Sum::Exactly, faults);
        for (index, criterion) in self.criteria.iter().enumerate() {
            let place = format!("{place}/criteria/{index}");
            let is_new = seen.places.insert(criterion.code.clone(), place.clone()).is_none();
            check_code(&criterion.code, &place, is_new, faults);
            criterion.check(&place, faults);
            criterion.check_heading(&self.code, &place, &mut seen.headings, faults);
        }
    }
}

impl Criterion {
    /// The option at a place, beginning with 1.
    pub fn choice(&self, place: u16) -> Option<&Choice> {
        self.options.get(usize::from(place).checked_sub(1)?)
    }

    fn check(&self, place: &str, faults: &mut Vec<Fault>) {
        text::check(&self.title, &format!("{place}/title"), TITLE, faults);
        text::check(&self.title_en, &format!("{place}/title_en"), TITLE, faults);
        check_note(self.note.as_ref(), &format!("{place}/note"), faults);
        if let Some(gate) = &self.gate {
            text::check(&gate.ground, &format!("{place}/gate/ground"), LABEL, faults);
        }
        for (index, option) in self.options.iter().enumerate() {
            let place = format!("{place}/options/{index}");
            text::check(&option.label, &format!("{place}/label"), LABEL, faults);
            if option.points > self.max {
                faults.push(Fault::new(
                    format!("{place}/points"),
                    "above_maximum",
                    say(
                        format!("{} điểm, vượt tối đa {} của tiêu chí.", option.points.get(), self.max.get()),
                        format!("{} points, above the criterion's {}.", option.points.get(), self.max.get()),
                    ),
                ));
            }
            if option.case.is_some() != self.alternatives {
                faults.push(Fault::new(
                    format!("{place}/case"),
                    "wrong_case",
                    say(
                        "Trường hợp (case) dùng khi và chỉ khi tiêu chí có hai thang điểm.",
                        "A case is given where, and only where, a criterion has alternative scales.",
                    ),
                ));
            }
        }
        let cases: BTreeSet<_> = self.options.iter().filter_map(|option| option.case).collect();
        let most = self.options.iter().map(|option| option.points).max();
        if self.options.is_empty() || (self.alternatives && cases.len() < 2) {
            faults.push(Fault::new(
                format!("{place}/options"),
                "no_options",
                say("Mỗi thang điểm cần ít nhất một phương án.", "Each scale needs at least one option."),
            ));
        } else if most != Some(self.max) {
            faults.push(Fault::new(
                format!("{place}/max"),
                "maximum_out_of_reach",
                say(
                    format!("Không phương án nào đạt {} điểm tối đa.", self.max.get()),
                    format!("No option gives the {} points of the maximum.", self.max.get()),
                ),
            ));
        }
    }

    /// A heading has one title and stays within its group.
    fn check_heading(
        &self,
        group: &str,
        place: &str,
        headings: &mut BTreeMap<String, (String, String)>,
        faults: &mut Vec<Fault>,
    ) {
        let pointer = format!("{place}/parent_title");
        match (&self.parent, &self.parent_title) {
            (None, None) => {}
            (Some(parent), Some(title)) => {
                text::check(title, &pointer, TITLE, faults);
                let here = (group.to_owned(), title.clone());
                if headings.entry(parent.clone()).or_insert_with(|| here.clone()) != &here {
                    faults.push(Fault::new(
                        pointer,
                        "ambiguous_parent",
                        say(
                            format!("Mục cha {parent} có hai tên hoặc nằm ở hai nhóm."),
                            format!("The heading {parent} has two titles or stands in two groups."),
                        ),
                    ));
                }
            }
            _ => faults.push(Fault::new(
                pointer,
                "required",
                say("Mục cha cần cả mã và tên.", "A heading needs both its code and its title."),
            )),
        }
    }
}

/// Whether following `next` from `start` comes back to `start`.
fn returns(start: &str, next: impl Fn(&str) -> Option<String>) -> bool {
    let mut met = BTreeSet::new();
    let mut at = next(start);
    while let Some(code) = at {
        if code == start {
            return true;
        }
        if !met.insert(code.clone()) {
            return false;
        }
        at = next(&code);
    }
    false
}

fn cycle(pointer: String, code: &str) -> Fault {
    Fault::new(
        pointer,
        "cycle",
        say(
            format!("Tiêu chí {code} phụ thuộc vòng tròn vào chính nó."),
            format!("The criterion {code} leads back to itself."),
        ),
    )
}

enum Sum {
    Exactly,
    AtMost,
}

fn check_sum(pointer: &str, wanted: i32, points: impl Iterator<Item = Points>, how: Sum, faults: &mut Vec<Fault>) {
    let sum: i32 = points.map(Points::get).sum();
    let fits = match how {
        Sum::Exactly => sum == wanted,
        Sum::AtMost => sum <= wanted,
    };
    if !fits {
        faults.push(Fault::new(
            pointer,
            "wrong_sum",
            say(format!("Cộng được {sum}, cần {wanted}."), format!("Adds up to {sum}, not {wanted}.")),
        ));
    }
}

fn check_code(code: &str, place: &str, is_new: bool, faults: &mut Vec<Fault>) {
    let pointer = format!("{place}/code");
    text::check_code(code, &pointer, 20, faults);
    if !is_new {
        faults.push(Fault::new(
            pointer,
            "doubled_code",
            say(format!("Mã {code} bị trùng."), format!("The code {code} is there twice.")),
        ));
    }
}

fn check_note(note: Option<&String>, pointer: &str, faults: &mut Vec<Fault>) {
    if let Some(note) = note {
        text::check(note, pointer, LABEL, faults);
    }
}

/// A set's code stands in addresses.
fn check_slug(code: &str, pointer: &str, faults: &mut Vec<Fault>) {
    let fits = (1..=100).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !fits {
        let detail = say(
            "Mã bộ tiêu chí gồm a-z, 0-9 và gạch ngang, từ 1 đến 100 ký tự.",
            "A set's code has a-z, 0-9 and hyphens, 1 to 100 characters.",
        );
        faults.push(Fault::new(pointer, "malformed_code", detail));
    }
}

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
    use serde_json::Value;

    fn honey() -> Set {
        shipped().unwrap().into_iter().find(|set| set.code == "mat-ong").unwrap()
    }

    fn codes(faults: &[Fault]) -> Vec<&str> {
        faults.iter().map(|fault| fault.code).collect()
    }

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

    #[test]
    fn wrong_sums_are_named() {
        let mut set = honey();
        set.parts[2].groups.pop();
        let error = set.accept(&set.edition.edition().unwrap().weights).unwrap_err();
        let refusal = error.refusal().unwrap();
        assert_eq!(refusal.code, "wrong_sums");
        assert!(refusal.detail.en.contains("A 35, B 25, C 40") && !refusal.faults.is_empty());
    }

    #[test]
    fn a_tree_that_does_not_hold_together_is_refused_with_the_place() {
        type Damage = fn(&mut Set);
        let damages: [(&str, Damage); 9] = [
            ("doubled_code", |set| set.parts[0].groups[0].criteria[1].code = "1.1".into()),
            ("above_maximum", |set| set.parts[0].groups[0].criteria[0].options[0].points = Points::new(4).unwrap()),
            ("maximum_out_of_reach", |set| {
                set.parts[0].groups[0].criteria[0].options.pop();
            }),
            ("wrong_case", |set| set.parts[0].groups[0].criteria[0].options[0].case = Some(Case::Household)),
            ("unknown_criterion", |set| set.parts[0].groups[0].criteria[0].depends_on = Some("99".into())),
            ("cycle", |set| {
                set.parts[0].groups[0].criteria[0].depends_on = Some("1.2".into());
                set.parts[0].groups[0].criteria[1].depends_on = Some("1.1".into());
            }),
            ("cycle", |set| {
                for (index, parent) in [(0, "1.2"), (1, "1.1")] {
                    let criterion = &mut set.parts[0].groups[0].criteria[index];
                    (criterion.parent, criterion.parent_title) = (Some(parent.into()), Some(parent.into()));
                }
            }),
            ("parent_is_scored", |set| {
                let criterion = &mut set.parts[0].groups[0].criteria[0];
                (criterion.parent, criterion.parent_title) = (Some("1.2".into()), Some("x".into()));
            }),
            ("wrong_sum", |set| set.parts[0].max = Points::new(34).unwrap()),
        ];
        for (code, damage) in damages {
            let mut set = honey();
            damage(&mut set);
            let faults = set.check();
            assert!(codes(&faults).contains(&code), "{code}: {faults:?}");
            assert!(faults.iter().all(|fault| fault.pointer.starts_with("/parts")));
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
