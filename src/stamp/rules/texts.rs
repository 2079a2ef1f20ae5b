//! Which words each verdict and each warning has: its title, when it is given, what to do. The words themselves stand with
//! all texts of the pages.

use crate::page::texts::{Texts, Words};
use crate::stamp::rules::{Verdict, Warning};

impl Verdict {
    pub fn words(self, texts: &Texts) -> &Words {
        let verdicts = &texts.verdicts;
        match self {
            Self::Genuine => &verdicts.genuine,
            Self::NotActivated => &verdicts.not_activated,
            Self::Suspect => &verdicts.suspect,
            Self::Revoked => &verdicts.revoked,
            Self::Suspended => &verdicts.suspended,
            Self::Recalled => &verdicts.recalled,
            Self::Void => &verdicts.void,
        }
    }
}

impl Warning {
    pub fn words(self, texts: &Texts) -> &Words {
        let warnings = &texts.warnings;
        match self {
            Self::CertificateExtended => &warnings.certificate_extended,
            Self::CertificateExpired => &warnings.certificate_expired,
            Self::PastShelfLife => &warnings.past_shelf_life,
            Self::NotRated => &warnings.not_rated,
            Self::Display => &warnings.display,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Language;
    use std::collections::HashSet;
    use strum::IntoEnumIterator;

    #[test]
    fn every_verdict_and_warning_says_something_of_its_own() {
        for language in [Language::Vietnamese, Language::English] {
            let texts = Texts::of(language);
            let words: Vec<&Words> = Verdict::iter()
                .map(|verdict| verdict.words(texts))
                .chain(Warning::iter().map(|warning| warning.words(texts)))
                .collect();
            for part in [|words: &Words| words.title, |words: &Words| words.rule, |words: &Words| words.advice] {
                assert_eq!(words.iter().map(|words| part(words)).collect::<HashSet<_>>().len(), words.len());
            }
        }
    }
}
