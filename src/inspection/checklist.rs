//! What a team looks at (nội dung kiểm tra), as data: whether criteria are kept, how mark, label and stamps are used, which
//! records there are (26/2026/QĐ-TTg, article 9). An item stays in the data for good, for minutes name it.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Error, Fault, Result, say, text};

/// Under which heading an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChecklistGroup)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    Criteria,
    Mark,
    Label,
    Stamps,
    Records,
}

/// Something that is looked at.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    pub code: String,
    pub group: Group,
    pub vi: String,
    pub en: String,
}

/// What was found of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChecklistFinding)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    Kept,
    Broken,
    NotApplicable,
}

/// What was found of an item, with what there is to say of it; broken always says what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChecklistAnswer)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The code of the item.
    pub item: String,
    pub answer: Finding,
    #[serde(default)]
    pub note: Option<String>,
}

impl Answer {
    pub fn is_broken(&self) -> bool {
        self.answer == Finding::Broken
    }
}

/// The items, in the order in which they are gone through.
pub fn items() -> Result<&'static [Item]> {
    static ITEMS: OnceLock<Vec<Item>> = OnceLock::new();
    if let Some(items) = ITEMS.get() {
        return Ok(items);
    }
    let items = serde_json::from_str(include_str!("checklist.json")).map_err(Error::internal)?;
    Ok(ITEMS.get_or_init(|| items))
}

/// Holds answers against the checklist.
pub fn check(answers: &[Answer], items: &[Item], faults: &mut Vec<Fault>) {
    if answers.is_empty() {
        faults.push(Fault::new("/answers", "required", say("Chưa đánh giá nội dung nào.", "Nothing is answered.")));
    }
    let mut known = BTreeSet::new();
    for (index, answer) in answers.iter().enumerate() {
        let at = format!("/answers/{index}/item");
        if items.iter().all(|item| item.code != answer.item) {
            faults.push(Fault::new(at, "unknown_item", say("Không có nội dung này.", "There is no such item.")));
        } else if !known.insert(&answer.item) {
            faults.push(Fault::new(at, "repeated", say("Nội dung bị lặp.", "The item is answered twice.")));
        }
        let at = format!("/answers/{index}/note");
        match &answer.note {
            Some(note) => text::check(note, &at, 2000, faults),
            None if answer.is_broken() => {
                let detail = say("Xin ghi rõ vi phạm.", "Say what is broken.");
                faults.push(Fault::new(at, "required", detail));
            }
            None => {}
        }
    }
}

/// The answers once others are given, in the order of the checklist: those of other items stay.
pub fn answered(before: &[Answer], given: Vec<Answer>, items: &[Item]) -> Vec<Answer> {
    let of_item = |item: &Item| {
        let is_this = |answer: &&Answer| answer.item == item.code;
        given.iter().find(is_this).or_else(|| before.iter().find(is_this)).cloned()
    };
    items.iter().filter_map(of_item).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answer(item: &str, answer: Finding) -> Answer {
        Answer { item: item.into(), answer, note: Some("Ghi chú".into()) }
    }

    #[test]
    fn every_item_has_a_code_of_its_own_and_every_group_an_item() {
        let items = items().unwrap();
        let codes: BTreeSet<&str> = items.iter().map(|item| item.code.as_str()).collect();
        assert_eq!(codes.len(), items.len());
        for group in [Group::Criteria, Group::Mark, Group::Label, Group::Stamps, Group::Records] {
            assert!(items.iter().any(|item| item.group == group), "{group:?}");
        }
    }

    #[test]
    fn what_is_broken_says_what_and_each_item_is_answered_once() {
        let codes = |answers: &[Answer]| {
            let mut faults = Vec::new();
            check(answers, items().unwrap(), &mut faults);
            faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect::<Vec<_>>()
        };
        assert_eq!(codes(&[]), [("/answers".into(), "required")]);
        let mute = Answer { note: None, ..answer("process", Finding::Broken) };
        assert_eq!(codes(&[mute]), [("/answers/0/note".into(), "required")]);
        let kept = || answer("process", Finding::Kept);
        assert_eq!(codes(&[kept(), kept()]), [("/answers/1/item".into(), "repeated")]);
        assert_eq!(codes(&[answer("x", Finding::Kept)]), [("/answers/0/item".into(), "unknown_item")]);
        assert!(codes(&[Answer { note: None, ..kept() }]).is_empty());
    }

    proptest! {
        #[test]
        fn the_last_answer_of_an_item_counts(given in proptest::collection::vec((0..12usize, any::<bool>()), 0..40)) {
            let items = items().unwrap();
            let mut answers = Vec::new();
            for (place, kept) in &given {
                let finding = if *kept { Finding::Kept } else { Finding::Broken };
                answers = answered(&answers, vec![answer(&items[*place].code, finding)], items);
            }
            let last = |code: &str| given.iter().rev().find(|(place, _)| items[*place].code == code).map(|(_, kept)| *kept);
            for item in items {
                let found = answers.iter().find(|answer| answer.item == item.code);
                prop_assert_eq!(found.map(|answer| !answer.is_broken()), last(&item.code));
            }
        }
    }
}
