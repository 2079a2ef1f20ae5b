//! What a scan is answered, for programs.

use serde::Serialize;
use utoipa::ToSchema;

use crate::base::{Day, Moment, Stars};
use crate::decision::rules::Certified;
use crate::http::Language;
use crate::lot::event_rules::EventKind;
use crate::page::texts::{Texts, Words};
use crate::product::Size;
use crate::product::attachment_store::Picture;
use crate::product::picture::{self, Shown};
use crate::stamp::code::Code;
use crate::stamp::rules::{Verdict, Warning};
use crate::stamp::scan::Scanned;

/// A stamp as a shopper is shown it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StampAnswer {
    pub code: String,
    pub serial: i32,
    pub verdict: Verdict,
    pub warnings: Vec<Warning>,
    /// The verdict in words of the asker's language.
    pub words: WordsAnswer,
    /// The warnings in words.
    pub notes: Vec<NoteAnswer>,
    pub product: ProductAnswer,
    pub producer: ProducerAnswer,
    /// Only while it is in force.
    pub certificate: Option<CertificateAnswer>,
    /// Only once the stamp was bound to a lot.
    pub lot: Option<LotAnswer>,
    pub events: Vec<EventAnswer>,
    pub scans: ScansAnswer,
}

/// What is said of a verdict: its text, when it is given, and what to do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StampWords)]
pub struct WordsAnswer {
    pub title: String,
    pub rule: String,
    pub advice: String,
}

/// What is said of a warning.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StampNote)]
pub struct NoteAnswer {
    pub warning: Warning,
    pub text: String,
    pub rule: String,
    pub advice: String,
    /// The last day of `certificate_extended`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StampProduct)]
pub struct ProductAnswer {
    pub name: String,
    pub code: String,
    /// Only while the certificate is in force.
    pub stars: Option<Stars>,
    /// The address of its first picture.
    pub image: Option<String>,
    /// The picture itself, for a page, which asks for it at its own host.
    #[serde(skip)]
    pub picture: Option<Picture>,
    pub gtin: Option<String>,
    /// Where it comes from, how long it keeps, what to beware of: as its label says.
    pub origin: Option<String>,
    pub shelf_life: Option<String>,
    pub safety_warnings: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StampProducer)]
pub struct ProducerAnswer {
    pub name: String,
    pub address: String,
    pub kind: String,
    /// Only where the producer made it public.
    pub phone: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StampCertificate)]
pub struct CertificateAnswer {
    pub number: String,
    pub stars: Stars,
    pub issued_on: Day,
    pub valid_until: Day,
    /// The last day on which it is kept on while the product is rated again, where it is.
    pub extended_until: Option<Day>,
}

impl From<Certified> for CertificateAnswer {
    fn from(certificate: Certified) -> Self {
        let Certified { number, stars, issued_on, term } = certificate;
        Self { number, stars, issued_on, valid_until: term.valid_until, extended_until: term.extended_until }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StampLot)]
pub struct LotAnswer {
    pub code: String,
    pub produced_on: Day,
    pub expires_on: Option<Day>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StampEvent)]
pub struct EventAnswer {
    pub kind: EventKind,
    pub at: Moment,
    pub place: String,
    pub note: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StampScans)]
pub struct ScansAnswer {
    /// Including this one.
    pub count: i64,
    pub first_at: Option<Moment>,
}

impl WordsAnswer {
    pub fn new(words: &Words) -> Self {
        Self { title: words.title.to_owned(), rule: words.rule.to_owned(), advice: words.advice.to_owned() }
    }
}

impl ProductAnswer {
    /// Its picture in the size of a phone.
    pub fn shown(&self) -> Option<Shown> {
        self.picture.as_ref().map(|picture| picture::shown(picture, Size::Medium))
    }
}

impl StampAnswer {
    pub fn new(code: Code, scanned: &Scanned, public_url: &str, language: Language) -> Self {
        let facts = scanned.facts();
        let (verdict, warnings) = (facts.verdict(scanned.today), facts.warnings(scanned.today));
        let texts = Texts::of(language);
        let note = |warning: Warning| {
            let WordsAnswer { title, rule, advice } = WordsAnswer::new(warning.words(texts));
            NoteAnswer { warning, text: title, rule, advice, until: facts.until(warning) }
        };
        let passport = scanned.passport.as_ref();
        let certificate = passport.certificate.clone().filter(|certificate| certificate.is_in_force(scanned.today));
        Self {
            code: code.to_string(),
            serial: scanned.serial,
            verdict,
            words: WordsAnswer::new(verdict.words(texts)),
            notes: warnings.iter().map(|warning| note(*warning)).collect(),
            warnings,
            product: ProductAnswer {
                name: passport.product.name.clone(),
                code: passport.product.code.clone(),
                stars: certificate.as_ref().map(|certificate| certificate.stars),
                image: passport.product.picture.as_ref().map(|face| picture::absolute(public_url, face.id)),
                picture: passport.product.picture.clone(),
                gtin: passport.product.gtin.clone(),
                origin: passport.product.origin.clone(),
                shelf_life: passport.product.shelf_life.clone(),
                safety_warnings: passport.product.safety_warnings.clone(),
            },
            producer: ProducerAnswer {
                name: passport.producer.name.clone(),
                address: passport.producer.address.clone(),
                kind: passport.producer.kind.clone(),
                phone: passport.producer.phone.clone(),
            },
            certificate: certificate.map(CertificateAnswer::from),
            lot: passport.lot.as_ref().map(|lot| LotAnswer {
                code: lot.code.clone(),
                produced_on: lot.produced_on,
                expires_on: lot.expires_on,
            }),
            events: passport
                .events
                .iter()
                .map(|event| EventAnswer {
                    kind: event.kind,
                    at: event.at,
                    place: event.place.clone(),
                    note: event.note.clone(),
                })
                .collect(),
            scans: ScansAnswer { count: scanned.count, first_at: scanned.first_at },
        }
    }
}
