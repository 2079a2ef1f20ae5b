//! What a scan is answered, for people: one page, first the verdict, in Vietnamese or English.

use askama::Template;
use chrono::Datelike;

use crate::base::{Day, Error, Message, Result, say};
use crate::http::Language;
use crate::stamp::answer::StampAnswer;
use crate::stamp::rules::Verdict;

/// The page of a stamp.
#[derive(Template)]
#[template(path = "stamp.html")]
struct StampPage<'a> {
    language: Language,
    stamp: &'a StampAnswer,
}

/// A page that only says something: unknown codes, thanks, trouble.
#[derive(Template)]
#[template(path = "notice.html")]
struct NoticePage<'a> {
    language: Language,
    title: &'a str,
    text: &'a str,
}

pub fn stamp(stamp: &StampAnswer, language: Language) -> Result<String> {
    StampPage { language, stamp }.render().map_err(Error::internal)
}

pub fn notice(title: &Message, text: &Message, language: Language) -> Result<String> {
    NoticePage { language, title: language.pick(title), text: language.pick(text) }.render().map_err(Error::internal)
}

impl StampPage<'_> {
    fn say(&self, vi: &'static str, en: &'static str) -> String {
        self.language.pick(&say(vi, en)).to_owned()
    }

    fn tell(&self, message: Message) -> String {
        self.language.pick(&message).to_owned()
    }

    /// Which colour the verdict has; words and a sign say the same.
    fn mood(&self) -> &'static str {
        match self.stamp.verdict {
            Verdict::Genuine => "good",
            Verdict::NotActivated | Verdict::Suspect => "doubt",
            Verdict::Revoked | Verdict::Suspended | Verdict::Recalled | Verdict::Void => "bad",
        }
    }

    fn sign(&self) -> &'static str {
        match self.mood() {
            "good" => "✓",
            "doubt" => "!",
            _ => "✕",
        }
    }

    /// A day as it is written in the page's language.
    fn day(&self, day: &Day) -> String {
        let date = day.date();
        match self.language {
            Language::Vietnamese => format!("{:02}/{:02}/{}", date.day(), date.month(), date.year()),
            Language::English => date.format("%-d %b %Y").to_string(),
        }
    }

    fn kind(&self) -> String {
        let message = match self.stamp.producer.kind.as_str() {
            "enterprise" => say("Doanh nghiệp", "Enterprise"),
            "cooperative" => say("Hợp tác xã", "Cooperative"),
            "cooperative_group" => say("Tổ hợp tác", "Cooperative group"),
            "household" => say("Hộ kinh doanh", "Household business"),
            other => say(other.to_owned(), other.to_owned()),
        };
        self.tell(message)
    }

    fn stars(&self) -> String {
        self.stamp.product.stars.map_or_else(String::new, |stars| (0..stars.get()).map(|_| '★').collect())
    }

    /// Groups of five, as people read it out.
    fn grouped(&self) -> String {
        let characters: Vec<char> = self.stamp.code.chars().collect();
        characters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }
}
