//! What a scanned stamp is told, decided from facts alone.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::Day;
use crate::decision::rules::{Certified, Standing};

/// What is known of a stamp at the moment of its scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub is_void: bool,
    /// Its lot, or a lot that went into it, was recalled.
    pub is_recalled: bool,
    /// Its product or lot is on hold.
    pub is_held: bool,
    pub is_suspect: bool,
    pub is_activated: bool,
    /// Its goods are shown, not sold.
    pub is_display: bool,
    /// The product's newest.
    pub certificate: Option<Certified>,
    pub expires_on: Option<Day>,
}

/// What a shopper is told first (kết luận).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumIter)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    Genuine,
    NotActivated,
    Suspect,
    Revoked,
    Suspended,
    Recalled,
    Void,
}

/// What a shopper should know besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumIter)]
#[schema(as = StampWarning)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Warning {
    CertificateExtended,
    CertificateExpired,
    PastShelfLife,
    NotRated,
    Display,
}

impl Facts {
    /// The first that applies, in the order of the harm that silence would do.
    pub fn verdict(&self, today: Day) -> Verdict {
        if self.is_void {
            Verdict::Void
        } else if self.is_recalled {
            Verdict::Recalled
        } else if self.is_held {
            Verdict::Suspended
        } else if self.standing(today) == Some(Standing::Revoked) {
            Verdict::Revoked
        } else if self.is_suspect {
            Verdict::Suspect
        } else if !self.is_activated {
            Verdict::NotActivated
        } else {
            Verdict::Genuine
        }
    }

    fn standing(&self, today: Day) -> Option<Standing> {
        self.certificate.as_ref().map(|certificate| certificate.standing(today))
    }

    pub fn warnings(&self, today: Day) -> Vec<Warning> {
        let found = [
            (self.standing(today) == Some(Standing::Extended), Warning::CertificateExtended),
            (self.standing(today) == Some(Standing::Expired), Warning::CertificateExpired),
            (self.expires_on.is_some_and(|day| day < today), Warning::PastShelfLife),
            (self.certificate.is_none(), Warning::NotRated),
            (self.is_display, Warning::Display),
        ];
        found.into_iter().filter_map(|(applies, warning)| applies.then_some(warning)).collect()
    }

    /// The last day of what a warning says, where it has one.
    pub fn until(&self, warning: Warning) -> Option<Day> {
        let certificate = self.certificate.as_ref().filter(|_| warning == Warning::CertificateExtended)?;
        certificate.term.extended_until
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Stars;
    use crate::decision::rules::Term;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn certificate() -> Certified {
        Certified {
            number: "42-2020-0001".into(),
            stars: Stars::new(3).unwrap(),
            issued_on: day("2020-12-31"),
            term: Term { valid_until: day("2023-12-30"), extended_until: None, revoked_on: None },
        }
    }

    fn revoked_on(on: &str) -> Certified {
        let certificate = certificate();
        Certified { term: Term { revoked_on: Some(day(on)), ..certificate.term }, ..certificate }
    }

    #[test]
    fn an_extended_certificate_is_genuine_with_its_day_through_its_last_and_a_recall_goes_before() {
        let extended =
            Certified { term: Term { extended_until: Some(day("2024-06-27")), ..certificate().term }, ..certificate() };
        let facts = Facts { certificate: Some(extended), expires_on: None, ..good() };
        for (on, warnings) in [
            ("2023-12-30", vec![]),
            ("2023-12-31", vec![Warning::CertificateExtended]),
            ("2024-06-27", vec![Warning::CertificateExtended]),
            ("2024-06-28", vec![Warning::CertificateExpired]),
        ] {
            assert_eq!(facts.warnings(day(on)), warnings, "{on}");
            assert_eq!(facts.verdict(day(on)), Verdict::Genuine, "{on}");
        }
        assert_eq!(facts.until(Warning::CertificateExtended), Some(day("2024-06-27")));
        assert_eq!(facts.until(Warning::CertificateExpired), None);
        for on in ["2024-06-27", "2024-06-28"] {
            assert_eq!(Facts { is_recalled: true, ..facts.clone() }.verdict(day(on)), Verdict::Recalled, "{on}");
            assert_eq!(Facts { is_held: true, ..facts.clone() }.verdict(day(on)), Verdict::Suspended, "{on}");
        }
    }

    fn good() -> Facts {
        Facts {
            is_void: false,
            is_recalled: false,
            is_held: false,
            is_suspect: false,
            is_activated: true,
            is_display: false,
            certificate: Some(certificate()),
            expires_on: Some(day("2021-06-30")),
        }
    }

    #[test]
    fn each_verdict_comes_before_those_behind_it() {
        let today = day("2021-02-22");
        let revoked = revoked_on("2021-02-22");
        let mut facts = Facts {
            is_void: true,
            is_recalled: true,
            is_held: true,
            is_suspect: true,
            is_activated: false,
            certificate: Some(revoked),
            ..good()
        };
        assert_eq!(facts.verdict(today), Verdict::Void);
        facts.is_void = false;
        assert_eq!(facts.verdict(today), Verdict::Recalled);
        facts.is_recalled = false;
        assert_eq!(facts.verdict(today), Verdict::Suspended);
        facts.is_held = false;
        assert_eq!(facts.verdict(today), Verdict::Revoked);
        assert_ne!(facts.verdict(day("2021-02-21")), Verdict::Revoked, "a revocation begins on its day");
        facts.certificate = Some(certificate());
        assert_eq!(facts.verdict(today), Verdict::Suspect);
        facts.is_suspect = false;
        assert_eq!(facts.verdict(today), Verdict::NotActivated);
        facts.is_activated = true;
        assert_eq!(facts.verdict(today), Verdict::Genuine);
    }

    #[test]
    fn warnings_begin_the_day_after_the_last() {
        assert_eq!(good().warnings(day("2021-06-30")), []);
        assert_eq!(good().warnings(day("2021-07-01")), [Warning::PastShelfLife]);
        assert_eq!(good().warnings(day("2023-12-31")), [Warning::CertificateExpired, Warning::PastShelfLife]);
        let unrated = Facts { certificate: None, ..good() };
        assert_eq!(unrated.warnings(day("2021-06-30")), [Warning::NotRated]);
        assert_eq!(unrated.verdict(day("2021-06-30")), Verdict::Genuine);
        let revoked = revoked_on("2021-01-01");
        assert_eq!(Facts { certificate: Some(revoked), expires_on: None, ..good() }.warnings(day("2024-01-01")), []);
    }
}
