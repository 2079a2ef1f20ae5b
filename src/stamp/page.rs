//! What a scan is answered, for people: first the verdict, then what to compare, then where it comes from.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::base::{Day, Error, Result};
use crate::http::Language;
use crate::page::texts::{Stamp as StampTexts, Words};
use crate::page::{Frame, Mood, frame, fresh, words};
use crate::privacy::consent::ConsentText;
use crate::producer::ProducerKind;
use crate::product::picture::Shown;
use crate::stamp::answer::{CertificateAnswer, EventAnswer, LotAnswer, ProducerAnswer, ProductAnswer, StampAnswer};
use crate::stamp::code::Code;
use crate::stamp::doubts::page::DoubtFields;
use crate::stamp::legacy::answer::LegacyAnswer;
use crate::stamp::rules::{Verdict, Warning};
use crate::stamp::scan::Scanned;

/// The page of a stamp, or of an old code that leads to a product only.
#[derive(Template)]
#[template(path = "stamp.html")]
pub struct StampPage<'a> {
    frame: Frame,
    t: &'static StampTexts,
    mood: Mood,
    words: &'static Words,
    warnings: Vec<&'static Words>,
    picture: Option<Shown>,
    product: &'a ProductAnswer,
    producer: &'a ProducerAnswer,
    certificate: Option<&'a CertificateAnswer>,
    lot: Option<&'a LotAnswer>,
    events: &'a [EventAnswer],
    is_rated: bool,
    stamp: Option<OneStamp<'a>>,
}

/// What only our own stamps have.
struct OneStamp<'a> {
    gaps: &'a Gaps,
    doubt: DoubtFields<'a>,
}

/// What differs between two scans of stamps that have the same passport.
pub struct Gaps {
    code: String,
    grouped: String,
    serial: String,
    /// How often it was scanned, in words.
    scans: String,
    /// The address of the page in the other language.
    switch: String,
}

impl Gaps {
    /// `again` is the address at which the page can be shown again without being counted again: that is where the other language is.
    pub fn of(frame: &Frame, code: Code, scanned: &Scanned, again: &str) -> Self {
        let (language, texts, code) = (frame.language, &frame.texts.stamp, code.to_string());
        let scans = match (scanned.count, scanned.first_at) {
            (1, _) => texts.first_scan.to_owned(),
            (count, Some(first)) if count > 1 => (texts.later_scan)(count, &words::day(language, first.day())),
            _ => texts.never_scanned.to_owned(),
        };
        Self {
            grouped: words::grouped(&code, 5),
            code,
            serial: words::number(language, i64::from(scanned.serial)),
            scans,
            switch: frame::switch(language, again),
        }
    }

    /// With a mark in each of them.
    pub fn marked([code, grouped, serial, scans, switch]: [char; 5]) -> Self {
        Self {
            code: code.to_string(),
            grouped: grouped.to_string(),
            serial: serial.to_string(),
            scans: scans.to_string(),
            switch: switch.to_string(),
        }
    }

    /// In the order of [`Gaps::marked`].
    pub fn texts(&self) -> [&str; 5] {
        [&self.code, &self.grouped, &self.serial, &self.scans, &self.switch]
    }
}

/// A page that only says something: thanks, a confirmation.
#[derive(Template)]
#[template(path = "notice.html")]
struct NoticePage<'a> {
    frame: Frame,
    mood: Mood,
    title: &'static str,
    text: &'a str,
    way_on: Option<(&'a str, &'static str)>,
}

impl<'a> StampPage<'a> {
    /// The page of a stamp.
    pub fn of_stamp(mut frame: Frame, answer: &'a StampAnswer, gaps: &'a Gaps, consent: &'static ConsentText) -> Self {
        let (texts, verdict) = (frame.texts, answer.verdict);
        frame.switch.clone_from(&gaps.switch);
        Self {
            t: &texts.stamp,
            mood: mood(verdict),
            words: verdict.words(texts),
            warnings: answer.warnings.iter().map(|warning| warning.words(texts)).collect(),
            picture: answer.product.shown(),
            product: &answer.product,
            producer: &answer.producer,
            certificate: answer.certificate.as_ref(),
            lot: answer.lot.as_ref(),
            events: &answer.events,
            is_rated: !answer.warnings.contains(&Warning::NotRated),
            stamp: Some(OneStamp { gaps, doubt: DoubtFields::empty(&gaps.code, consent, frame.language) }),
            frame,
        }
    }

    /// The page of an old code: it never says that the goods are genuine.
    pub fn of_legacy(frame: Frame, answer: &'a LegacyAnswer) -> Self {
        let texts = frame.texts;
        // What stands against the product comes before what its code is worth.
        let (mood, words, more) = match answer.product_verdict {
            Some(verdict) => (mood(verdict), verdict.words(texts), Some(&texts.legacy)),
            None => (Mood::Doubt, &texts.legacy, None),
        };
        let warnings = answer.warnings.iter().map(|warning| warning.words(texts));
        Self {
            t: &texts.stamp,
            mood,
            words,
            warnings: more.into_iter().chain(warnings).collect(),
            picture: answer.product.shown(),
            product: &answer.product,
            producer: &answer.producer,
            certificate: answer.certificate.as_ref(),
            lot: None,
            events: &[],
            is_rated: !answer.warnings.contains(&Warning::NotRated),
            stamp: None,
            frame,
        }
    }

    pub fn html(&self) -> Result<String> {
        self.render().map_err(Error::internal)
    }

    pub fn respond(self) -> Result<HttpResponse> {
        Ok(fresh(&self.frame, StatusCode::OK, self.html()?))
    }
}

/// A page that only says something, with a way on.
pub fn notice(
    frame: Frame,
    status: StatusCode,
    mood: Mood,
    (title, text): (&'static str, &str),
    way_on: (&str, &'static str),
) -> Result<HttpResponse> {
    // What was sent cannot be asked for again in the other language; the stamp can.
    let page = NoticePage { mood, title, text, way_on: Some(way_on), frame: frame.switched(way_on.0) };
    let html = page.render().map_err(Error::internal)?;
    Ok(fresh(&page.frame, status, html))
}

fn mood(verdict: Verdict) -> Mood {
    match verdict {
        Verdict::Genuine => Mood::Good,
        Verdict::NotActivated | Verdict::Suspect => Mood::Doubt,
        Verdict::Revoked | Verdict::Suspended | Verdict::Recalled | Verdict::Void => Mood::Bad,
    }
}

impl StampPage<'_> {
    fn language(&self) -> Language {
        self.frame.language
    }

    fn day(&self, day: &Day) -> String {
        words::day(self.language(), *day)
    }

    /// Why there are no stars.
    fn unrated(&self) -> &'static str {
        if self.is_rated { self.t.no_stars } else { self.t.not_rated }
    }

    fn kind(&self) -> &str {
        let kind: std::result::Result<ProducerKind, _> = self.producer.kind.parse();
        kind.map_or(self.producer.kind.as_str(), |kind| kind.told(self.frame.texts))
    }
}
