//! What a search finds and in which order.

use std::collections::BTreeSet;

use crate::base::text;

/// So many different words are looked for; whoever gives more finds nothing.
const MOST_WORDS: usize = 16;
/// No name has a longer word.
const LONGEST_WORD: usize = 300;

/// What somebody looks for: words, each of which must be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    words: Vec<Word>,
    is_too_much: bool,
}

/// A word as it was spelled, in lower case, and folded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word {
    spelled: String,
    folded: String,
}

/// How well a search was met; the better first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Met {
    /// Every word stands there as it was spelled.
    Exactly,
    /// Some words are the same only without diacritics.
    Folded,
}

impl Search {
    /// None where there is nothing to look for: no text, spaces, marks that nobody sees.
    pub fn read(text: &str) -> Option<Self> {
        let spelled = spelled(text);
        let bare = |word: &str| word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_owned();
        let mut words: BTreeSet<String> = spelled.split(' ').map(bare).filter(|word| !word.is_empty()).collect();
        if words.is_empty() {
            // Signs are looked for only where there is nothing else: `%` finds names with a percent sign.
            words = spelled.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        }
        let is_too_much = words.len() > MOST_WORDS || words.iter().any(|word| word.chars().count() > LONGEST_WORD);
        let words: Vec<Word> = words
            .into_iter()
            .map(|spelled| Word { folded: text::fold(&spelled), spelled })
            .filter(|word| !word.folded.is_empty())
            .take(MOST_WORDS)
            .collect();
        (!words.is_empty()).then_some(Self { words, is_too_much })
    }

    /// Nothing if the search can be met by no name at all.
    pub fn words(&self) -> Option<&[Word]> {
        (!self.is_too_much).then_some(&self.words)
    }

    /// How these texts meet the search, if they do: each word must begin a word of one of them.
    pub fn met<'text>(&self, texts: impl IntoIterator<Item = &'text str>) -> Option<Met> {
        let texts: Vec<(String, String)> = texts.into_iter().map(|text| (spelled(text), text::fold(text))).collect();
        let met = |word: &Word| {
            if texts.iter().any(|(spelled, _)| has_word(spelled, &word.spelled)) {
                Some(Met::Exactly)
            } else {
                texts.iter().any(|(_, folded)| has_word(folded, &word.folded)).then_some(Met::Folded)
            }
        };
        let worst = self.words()?.iter().map(met).collect::<Option<Vec<Met>>>()?.into_iter().max();
        Some(worst.unwrap_or(Met::Exactly))
    }
}

impl Word {
    /// The pattern of `LIKE … ESCAPE '\'` for a folded column that may meet the word; nothing in it is a wildcard but
    /// its ends.
    pub fn pattern(&self) -> String {
        text::within(&self.folded)
    }

    /// Whether a name may meet the word.
    pub fn may_be_in(&self, name: &str) -> bool {
        has_word(&text::fold(name), &self.folded)
    }
}

/// In one way of writing: as it is seen, lower case, single spaces.
fn spelled(text: &str) -> String {
    text::compose(&text::seen(text).to_lowercase()).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a word of the text begins like this.
fn has_word(text: &str, beginning: &str) -> bool {
    let inside = beginning.chars().next().is_some_and(char::is_alphanumeric);
    text.match_indices(beginning).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        !inside || !before.is_some_and(char::is_alphanumeric)
    })
}

/// Items in the order in which a search shows them: by how well it was met, then by name.
pub fn ranked<T, K: Ord>(items: Vec<T>, met: impl Fn(&T) -> Option<Met>, name: impl Fn(&T) -> K) -> Vec<T> {
    let mut found: Vec<(Met, T)> = items.into_iter().filter_map(|item| Some((met(&item)?, item))).collect();
    found.sort_by_cached_key(|(met, item)| (*met, name(item)));
    found.into_iter().map(|(_, item)| item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn search(text: &str) -> Search {
        Search::read(text).unwrap()
    }

    fn met(asked: &str, texts: &[&str]) -> Option<Met> {
        search(asked).met(texts.iter().copied())
    }

    #[test]
    fn diacritics_are_needed_by_nobody_and_count_for_those_who_type_them() {
        for (asked, expected) in [
            ("mật ong", Some(Met::Exactly)),
            ("ONG, mật!", Some(Met::Exactly)),
            ("m\u{1ead}t", Some(Met::Exactly)),
            ("ma\u{323}\u{302}t", Some(Met::Exactly)),
            ("mat ong", Some(Met::Folded)),
            ("mất ong", Some(Met::Folded)),
            ("mật duc tho", Some(Met::Folded)),
            ("đức thọ", Some(Met::Exactly)),
            ("mật ong 439", Some(Met::Exactly)),
            ("mat o", Some(Met::Folded)),
            ("ật", None),
            ("mật bò", None),
            ("mật_ong", None),
            ("M\u{200b}ật\u{a0}ong", Some(Met::Exactly)),
            ("ｍậｔ", Some(Met::Exactly)),
            ("Ðức thọ", Some(Met::Folded)),
            ("%", None),
        ] {
            assert_eq!(met(asked, &["Mật Ong rừng", "42-439-18196-3-2020", "Huyện Đức Thọ"]), expected, "{asked}");
        }
    }

    #[test]
    fn a_word_is_found_at_the_beginning_of_words_only() {
        assert_eq!(met("ong", &["Hồng Lĩnh", "Hương Sơn"]), None);
        assert_eq!(met("ong", &["Hồng (ong)"]), Some(Met::Exactly));
        assert_eq!(met("18196", &["42-439-18196-3-2020"]), Some(Met::Exactly));
    }

    #[test]
    fn signs_are_looked_for_where_there_is_nothing_else() {
        assert_eq!(met("%", &["Rượu 40% vol"]), Some(Met::Exactly));
        assert_eq!(met("🍯", &["Mật ong 🍯"]), Some(Met::Exactly));
        assert_eq!(met("mật - %", &["Mật ong"]), Some(Met::Exactly));
        for nothing in ["", "  \t\n", "\u{200f}\u{202e}", "\u{feff}", "\u{301}"] {
            assert_eq!(Search::read(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn what_no_name_can_hold_finds_nothing() {
        assert_eq!(met(&"a".repeat(10_000), &["a"]), None);
        let many: String = (0..20).map(|number| format!("{number} ")).collect();
        assert_eq!(met(&many, &[&many]), None);
        assert_eq!(met(&"mật ".repeat(2500), &["Mật ong"]), Some(Met::Exactly));
    }

    #[test]
    fn nothing_in_a_pattern_is_a_wildcard_but_its_ends() {
        let pattern = |text: &str| search(text).words[0].pattern();
        assert_eq!(pattern("Mật"), "%mat%");
        assert_eq!(pattern("%"), "%\\%%");
        assert_eq!(pattern("a_b\\c"), "%a\\_b\\\\c%");
    }

    proptest! {
        #[test]
        fn any_text_can_be_looked_for(text in "\\PC{0,60}", name in "\\PC{0,40}") {
            if let Some(search) = Search::read(&text) {
                search.met([name.as_str()]);
                prop_assert!(search.words.len() <= MOST_WORDS);
            }
        }

        #[test]
        fn a_name_is_found_by_its_own_words(name in "[a-zA-Zăâđêôơưậộứ ]{1,40}") {
            if let Some(search) = Search::read(&name) {
                prop_assert_eq!(search.met([name.as_str()]), Some(Met::Exactly));
                let bare = Search::read(&text::fold(&name)).unwrap();
                prop_assert!(bare.met([name.as_str()]).is_some());
            }
        }

        #[test]
        fn what_meets_a_word_is_let_through_by_its_pattern(word in "[a-zđứ%_]{1,3}", name in "[a-zđứ%_ ]{0,12}") {
            if let Some(search) = Search::read(&word) && search.met([name.as_str()]).is_some() {
                let inside = search.words.iter().all(|word| text::fold(&name).contains(&word.folded));
                prop_assert!(inside);
            }
        }

        #[test]
        fn exact_ones_come_first_each_group_by_name(names in proptest::collection::vec("(mật|mat|mất) [a-c]{1,2}", 0..12)) {
            let search = search("mật");
            let found = ranked(names.clone(), |name| search.met([name.as_str()]), |name| text::fold(name));
            prop_assert_eq!(found.len(), names.len());
            let exact = found.iter().take_while(|name| name.contains("mật")).count();
            prop_assert!(found.iter().skip(exact).all(|name| !name.contains("mật")));
            let by_name = |part: &[String]| part.is_sorted_by_key(|name| text::fold(name));
            prop_assert!(by_name(&found[..exact]) && by_name(&found[exact..]));
        }
    }
}
