//! Answers to scans as they were rendered: once for a passport, a language and a day, whether the stamp is suspect or not, for
//! nothing else decides what they say. What differs between two scans of that is put in between.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;

use crate::base::{Day, Error, Result};
use crate::http::Language;
use crate::stamp::answer::{ScansAnswer, StampAnswer};
use crate::stamp::code::Code;
use crate::stamp::page::Gaps;
use crate::stamp::passport::Passport;
use crate::stamp::scan::Scanned;

/// So many are kept at most, of some 15 KB each; then all begin anew.
const MOST: usize = 2000;

/// What stands in a page for each of its gaps until it is filled: no letters, and none that browsers are ever sent.
const MARKS: [char; 5] = ['\u{fdd0}', '\u{fdd1}', '\u{fdd2}', '\u{fdd3}', '\u{fdd4}'];
/// The code stands in the addresses of two forms.
const MARKED: usize = 6;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Which {
    /// Where the passport is in memory: nothing else is there as long as it is kept here.
    passport: usize,
    language: Language,
    is_suspect: bool,
    today: Day,
}

/// What was rendered of one passport.
struct Entry {
    _passport: Arc<Passport>,
    page: Option<Arc<Mould>>,
    rest: Option<Arc<str>>,
}

/// The answers of an instance. Cheap to clone.
#[derive(Clone, Default)]
pub struct Rendered(Arc<Mutex<HashMap<Which, Entry>>>);

impl Rendered {
    /// The page of a stamp; `render` makes it with whatever stands in its gaps.
    pub fn page(
        &self,
        scanned: &Scanned,
        language: Language,
        gaps: &Gaps,
        render: impl Fn(&Gaps) -> Result<String>,
    ) -> Result<String> {
        let Some(which) = which(scanned, language) else { return render(gaps) };
        if let Some(mould) = self.with(which, scanned, |entry| entry.page.clone()) {
            return mould.filled(gaps);
        }
        // Whoever asks for the same meanwhile renders it too.
        let Some(mould) = Mould::of(&render(&Gaps::marked(MARKS))?).map(Arc::new) else { return render(gaps) };
        self.with(which, scanned, |entry| entry.page = Some(Arc::clone(&mould)));
        mould.filled(gaps)
    }

    /// The answer for programs.
    pub fn data(
        &self,
        code: Code,
        scanned: &Scanned,
        language: Language,
        answer: impl FnOnce() -> StampAnswer,
    ) -> Result<String> {
        let whole = |rest: &str| {
            let scans = ScansAnswer { count: scanned.count, first_at: scanned.first_at };
            let scans = serde_json::to_string(&scans).map_err(Error::internal)?;
            let mut text = String::with_capacity(rest.len() + 160);
            write!(text, "{{\"code\":\"{code}\",\"serial\":{}{rest},\"scans\":{scans}}}", scanned.serial)
                .map_err(Error::internal)?;
            Ok(text)
        };
        let which = which(scanned, language);
        if let Some(rest) = which.and_then(|which| self.with(which, scanned, |entry| entry.rest.clone())) {
            return whole(&rest);
        }
        let text = serde_json::to_string(&answer()).map_err(Error::internal)?;
        if let (Some(which), Some(rest)) = (which, rest(&text)) {
            self.with(which, scanned, |entry| entry.rest = Some(rest.into()));
        }
        Ok(text)
    }

    fn with<T>(&self, which: Which, scanned: &Scanned, work: impl FnOnce(&mut Entry) -> T) -> T {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST && !kept.contains_key(&which) {
            kept.clear();
        }
        let entry = || Entry { _passport: Arc::clone(&scanned.passport), page: None, rest: None };
        work(kept.entry(which).or_insert_with(entry))
    }
}

/// None for a passport that nobody keeps for the next scan.
fn which(scanned: &Scanned, language: Language) -> Option<Which> {
    let Scanned { passport, is_suspect, today, .. } = scanned;
    let is_kept = Arc::strong_count(passport) > 1;
    let address = Arc::as_ptr(passport).addr();
    is_kept.then_some(Which { passport: address, language, is_suspect: *is_suspect, today: *today })
}

/// What an answer says between the serial and the scans, which are its second and its last member.
fn rest(text: &str) -> Option<&str> {
    text.get(text.find(",\"verdict\":")?..text.rfind(",\"scans\":{")?)
}

/// A page with gaps.
struct Mould {
    /// Each with the gap behind it.
    pieces: Vec<(String, usize)>,
    end: String,
}

impl Mould {
    /// None where something that people wrote looks like a gap.
    fn of(page: &str) -> Option<Self> {
        let (mut pieces, mut end) = (Vec::with_capacity(MARKED), page);
        while let Some((before, rest)) = end.split_once(MARKS) {
            let mark = end.get(before.len()..)?.chars().next()?;
            pieces.push((before.to_owned(), MARKS.iter().position(|other| *other == mark)?));
            end = rest;
        }
        (pieces.len() == MARKED).then(|| Self { pieces, end: end.to_owned() })
    }

    fn filled(&self, gaps: &Gaps) -> Result<String> {
        let mut escaped = Vec::with_capacity(MARKS.len());
        for text in gaps.texts() {
            escaped.push(Escaped { text }.render().map_err(Error::internal)?);
        }
        let length = self.pieces.iter().map(|(before, _)| before.len()).sum::<usize>() + self.end.len();
        let mut page = String::with_capacity(length + 500);
        for (before, gap) in &self.pieces {
            page.push_str(before);
            page.push_str(escaped.get(*gap).map_or("", String::as_str));
        }
        page.push_str(&self.end);
        Ok(page)
    }
}

/// A text as it stands in a page.
#[derive(Template)]
#[template(source = "{{ text }}", ext = "html")]
struct Escaped<'a> {
    text: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{ProducerId, StampOrderId};
    use crate::base::keys::Keyring;
    use crate::page::{Frame, Section};
    use crate::privacy::consent::{ConsentKind, in_force};
    use crate::stamp::Mint;
    use crate::stamp::code::Minted;
    use crate::stamp::page::StampPage;
    use crate::stamp::passport::{LotFacts, ProducerFacts, ProductFacts};
    use crate::stamp::rules::suspects::Marks;

    const SITE: &str = "https://ocop.example.vn";

    fn passport(name: &str) -> Arc<Passport> {
        let day: Day = "2021-02-01".parse().unwrap();
        Arc::new(Passport {
            order: StampOrderId::new(),
            ordered_by: ProducerId::new(),
            product: ProductFacts {
                name: name.to_owned(),
                code: "42-439-18196-1-2021".into(),
                gtin: None,
                origin: Some("\",\"verdict\":\",\"scans\":{".into()),
                shelf_life: None,
                safety_warnings: None,
                picture: None,
            },
            producer: ProducerFacts { name: "A".into(), address: "B".into(), kind: "farm".into(), phone: None },
            certificate: None,
            lot: Some(LotFacts { code: "L-1".into(), produced_on: day, expires_on: None }),
            events: Vec::new(),
            is_void: false,
            marks: Marks::default(),
            is_display: false,
            is_recalled: false,
            is_held: false,
        })
    }

    /// What is asked of the kept answers, and what is rendered for one scan alone.
    fn both(kept: &Rendered, scanned: &Scanned, language: Language) -> [(String, String); 2] {
        let keys = Keyring::generate().unwrap();
        let minted = Minted { key_id: keys.stamp_key().unwrap().id, order: 7, serial: scanned.serial };
        let code = Mint::new(&keys).unwrap().code(minted).unwrap();
        let answer = || StampAnswer::new(code, scanned, SITE, language);
        let consent = in_force(ConsentKind::Doubt, scanned.today).unwrap();
        let again = format!("/t/{code}?again=1-<'&\">");
        let frame = || Frame::of(language, SITE, Section::Scan);
        let told = answer();
        let gaps = Gaps::of(&frame(), code, scanned, &again);
        let page =
            kept.page(scanned, language, &gaps, |gaps| StampPage::of_stamp(frame(), &told, gaps, consent).html());
        let data = kept.data(code, scanned, language, answer);
        [
            (page.unwrap(), StampPage::of_stamp(frame(), &told, &gaps, consent).html().unwrap()),
            (data.unwrap(), serde_json::to_string(&told).unwrap()),
        ]
    }

    #[test]
    fn what_is_put_together_is_what_would_be_rendered() {
        let kept = Rendered::default();
        for name in ["Mật ong <hũ> & \"chai\"", "Mật \u{fdd1} ong"] {
            let passport = passport(name);
            for (serial, count, is_suspect) in [(1, 1, false), (12_345, 2, false), (3, 4_000, true), (4, 0, true)] {
                let scanned = Scanned {
                    passport: Arc::clone(&passport),
                    serial,
                    count,
                    first_at: (count > 0).then(|| "2021-02-22T02:00:00Z".parse().unwrap()),
                    is_suspect,
                    today: "2021-03-01".parse().unwrap(),
                };
                for language in [Language::Vietnamese, Language::English] {
                    for (told, wanted) in both(&kept, &scanned, language) {
                        assert_eq!(told, wanted);
                    }
                }
            }
            // Two languages, suspect or not.
            let kept = kept.0.lock().unwrap();
            let of_passport = kept.keys().filter(|which| which.passport == Arc::as_ptr(&passport).addr());
            assert_eq!(of_passport.count(), 4);
        }
    }

    #[test]
    fn what_nobody_keeps_is_not_kept_here_either() {
        let kept = Rendered::default();
        let scanned = Scanned {
            passport: passport("Mật ong"),
            serial: 1,
            count: 1,
            first_at: None,
            is_suspect: false,
            today: "2021-03-01".parse().unwrap(),
        };
        both(&kept, &scanned, Language::English);
        assert!(kept.0.lock().unwrap().is_empty());
    }
}
