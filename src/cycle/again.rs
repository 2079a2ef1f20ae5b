//! When products are rated again, and which certificates are kept on meanwhile.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::Day;

/// Rating again (đánh giá, phân hạng lại), by 26/2026/QĐ-TTg: its window (article 7.6) and who could not keep it because the
/// act was new (article 12.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RatingAgain)]
pub struct Again {
    /// The dossier is handed in at the earliest so many days before the certificate's last day,
    pub window_from_days: u32,
    /// and at the latest so many.
    pub window_to_days: u32,
    /// A certificate whose last day is this or an earlier one is kept on until the result, where the dossier was received by
    /// its last day.
    pub transitional_until: Day,
    /// For so many days beyond its last day at most.
    pub extended_days: u32,
    /// Whether the council may give its opinion in writing, without a meeting (lấy ý kiến bằng văn bản; article 7.6 d).
    pub by_written_opinion: bool,
    /// It is rated within so many days from the receipt of the complete dossier from the commune (article 7.6 g).
    pub rated_within_days: u32,
}

impl Again {
    /// The first and the last day on which a dossier is handed in.
    pub fn window(self, valid_until: Day) -> (Day, Day) {
        (
            valid_until.plus_days(-i64::from(self.window_from_days)),
            valid_until.plus_days(-i64::from(self.window_to_days)),
        )
    }

    /// The last day for rating what the commune sent on, complete, on a day.
    pub fn rated_until(self, received: Day) -> Day {
        received.plus_days(i64::from(self.rated_within_days))
    }

    /// Between which last days certificates end whose window is open on a day.
    pub fn due_on(self, day: Day) -> (Day, Day) {
        (day.plus_days(i64::from(self.window_to_days)), day.plus_days(i64::from(self.window_from_days)))
    }
}

#[cfg(test)]
mod tests {
    use crate::base::Day;
    use crate::cycle::EditionCode;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn the_window_ends_120_days_before_the_last_day() {
        let again = EditionCode::Of2026.edition().unwrap().again.unwrap();
        assert_eq!(again.window(day("2027-12-31")), (day("2027-07-04"), day("2027-09-02")));
        assert_eq!(again.window(day("2028-02-29")), (day("2027-09-02"), day("2027-11-01")));
        // The last certificate for which the window had closed when the act came into force.
        let (_, last) = again.window(again.transitional_until);
        assert_eq!(last.plus_days(1), day("2026-05-22"));
        let (_, last) = again.window(again.transitional_until.plus_days(1));
        assert_eq!(last, day("2026-05-22"));
    }

    #[test]
    fn what_is_rated_again_is_rated_within_45_days_the_first_not_counted() {
        let again = EditionCode::Of2026.edition().unwrap().again.unwrap();
        assert_eq!(again.rated_until(day("2026-12-20")), day("2027-02-03"));
        assert!(again.by_written_opinion);
    }

    #[test]
    fn a_certificate_is_due_on_the_days_of_its_window() {
        let again = EditionCode::Of2026.edition().unwrap().again.unwrap();
        let until = day("2028-02-29");
        let (first, last) = again.window(until);
        let is_due = |on: Day| {
            let (earliest, latest) = again.due_on(on);
            (earliest..=latest).contains(&until)
        };
        let days = [first.plus_days(-1), first, last, last.plus_days(1)];
        assert_eq!(days.map(is_due), [false, true, true, false]);
    }
}
