//! The checks that hold a criteria set together: what an import must pass.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::error::Refusal;
use crate::base::{Error, Fault, Faults, Kind, Points, Result, Stars, say, text};
use crate::criteria::tree::{Criterion, Group, Part, Set};

impl Set {
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

/// Fewer stars are not certified.
const FEWEST_STARS: i32 = 3;
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
        self.check_least(place, faults);
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

    /// On each scale more stars ask for more points, and each of 3, 4 and 5 for one option at most.
    fn check_least(&self, place: &str, faults: &mut Vec<Fault>) {
        let mut asked: BTreeMap<_, Vec<(Stars, Points)>> = BTreeMap::new();
        for (index, option) in self.options.iter().enumerate() {
            let Some(stars) = option.least_for_stars else { continue };
            let before = asked.entry(option.case).or_default();
            let is_ordered = before.iter().all(|(fewer, less)| {
                (*fewer < stars && *less < option.points) || (*fewer > stars && *less > option.points)
            });
            if stars.get() < FEWEST_STARS || !is_ordered {
                faults.push(Fault::new(
                    format!("{place}/options/{index}/least_for_stars"),
                    "wrong_least_option",
                    say(
                        "Phương án tối thiểu dùng cho 3, 4 hoặc 5 sao, mỗi hạng một phương án, hạng cao hơn cần nhiều điểm hơn.",
                        "A least option is for 3, 4 or 5 stars, one for each, and more stars ask for more points.",
                    ),
                ));
            }
            before.push((stars, option.points));
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
            "repeated",
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::criteria::shipped::shipped;
    use crate::criteria::tree::Case;

    fn honey() -> Set {
        shipped().unwrap().into_iter().find(|set| set.code == "mat-ong").unwrap()
    }

    fn codes(faults: &[Fault]) -> Vec<&str> {
        faults.iter().map(|fault| fault.code).collect()
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
            ("repeated", |set| set.parts[0].groups[0].criteria[1].code = "1.1".into()),
            ("above_maximum", |set| set.parts[0].groups[0].criteria[0].options[0].points = Points::new(4).unwrap()),
            ("maximum_out_of_reach", |set| {
                set.parts[0].groups[0].criteria[0].options.pop();
            }),
            ("wrong_case", |set| set.parts[0].groups[0].criteria[0].options[0].case = Some(Case::Second)),
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
}
