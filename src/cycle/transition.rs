//! Dossiers that were handed in before a new act entered into force: by whose rules they are rated, and until when.

use crate::base::{Day, Result};
use crate::cycle::dossiers::{DossierKind, LatestCertificate};
use crate::cycle::edition::{Edition, EditionCode, editions};

/// How long a dossier may still be rated under its edition, since a newer act has entered into force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RatingTerm {
    /// The edition of the newer act.
    pub successor: EditionCode,
    /// The last day for the council's conclusion; none where the dossier was not handed in before the act.
    pub last_day: Option<Day>,
}

impl RatingTerm {
    pub fn is_over(self, today: Day) -> bool {
        self.last_day.is_none_or(|last_day| last_day < today)
    }
}

/// When a dossier was handed in for the first time, and what tells for what it asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct HandIn {
    pub on: Option<Day>,
    pub kind: Option<DossierKind>,
    pub latest: Option<LatestCertificate>,
}

impl EditionCode {
    /// The edition that has taken this one's place for new dossiers by a day; none where no act says so.
    pub fn successor(self, today: Day) -> Result<Option<&'static Edition>> {
        Ok(editions()?.iter().find(|edition| {
            let follows = edition.transition.as_ref().is_some_and(|transition| transition.of.contains(&self));
            follows && edition.in_force_from <= today
        }))
    }

    /// Until when a dossier of this edition may be rated, as it stands on a day; none while no act has taken its place.
    ///
    /// Earlier editions tell kinds of dossiers not apart; what is a rating again is told as under the newer act.
    pub fn rating_term(self, hand_in: HandIn, today: Day) -> Result<Option<RatingTerm>> {
        let Some(edition) = self.successor(today)? else { return Ok(None) };
        let Some(transition) = &edition.transition else { return Ok(None) };
        let last_day = hand_in.on.filter(|on| *on < edition.in_force_from).map(|on| {
            let kind = hand_in.kind.or_else(|| edition.dossiers.kind(edition.again, hand_in.latest, on));
            let days = match kind {
                Some(DossierKind::Again) => transition.again_within_days,
                Some(DossierKind::First | DossierKind::Upgrade) | None => transition.within_days,
            };
            edition.in_force_from.plus_days(i64::from(days))
        });
        Ok(Some(RatingTerm { successor: edition.code, last_day }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn term(code: EditionCode, on: Option<&str>, latest: Option<LatestCertificate>, today: &str) -> Option<RatingTerm> {
        code.rating_term(HandIn { on: on.map(day), kind: None, latest }, day(today)).unwrap()
    }

    #[test]
    fn what_was_handed_in_before_the_act_is_rated_within_60_days_or_30_again() {
        let latest =
            LatestCertificate { issued_on: day("2023-06-30"), valid_until: day("2026-06-30"), is_revoked: false };
        for (latest, days) in [(None, 60), (Some(latest), 30)] {
            let first = EditionCode::Of2026.edition().unwrap().in_force_from;
            let term = term(EditionCode::Of2025, Some("2026-05-21"), latest, "2026-05-22").unwrap();
            assert_eq!(term.last_day, Some(first.plus_days(days)));
            assert!(!term.is_over(first.plus_days(days)) && term.is_over(first.plus_days(days + 1)));
        }
        let far = LatestCertificate { valid_until: day("2027-06-30"), ..latest };
        let upgrade = term(EditionCode::Of2023, Some("2026-05-21"), Some(far), "2026-05-22").unwrap();
        assert_eq!(upgrade.last_day, Some(day("2026-07-21")));
    }

    #[test]
    fn what_comes_later_goes_by_the_new_act_at_once() {
        for on in [None, Some("2026-05-22"), Some("2026-07-01")] {
            let term = term(EditionCode::Of2025, on, None, "2026-07-02").unwrap();
            assert_eq!((term.last_day, term.successor), (None, EditionCode::Of2026));
            assert!(term.is_over(day("2026-07-02")));
        }
    }

    #[test]
    fn nothing_changes_before_the_act_and_for_editions_that_it_does_not_name() {
        assert_eq!(term(EditionCode::Of2025, Some("2026-05-21"), None, "2026-05-21"), None);
        assert_eq!(term(EditionCode::Of2026, Some("2026-06-01"), None, "2026-06-01"), None);
        assert_eq!(term(EditionCode::Of2019, Some("2021-06-01"), None, "2026-06-01"), None);
    }
}
