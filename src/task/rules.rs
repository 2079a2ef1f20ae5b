//! What a task is, until when it waits and why, and in which order tasks are done. Days are Vietnamese days; the day itself
//! is in time.

use std::collections::BTreeMap;

use chrono::Duration;
use serde::Serialize;
use utoipa::ToSchema;

use crate::base::id::{AnyId, ProductId};
use crate::base::{Day, Message, Moment, say};
use crate::cycle::edition::IdeaStage;
use crate::cycle::{Again, Cycle, Edition, RatingTerm};
use crate::files::DocumentKind;
use crate::personal_data::rules::WORKING_DAYS;

/// Something that waits for somebody's step.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WaitingStep {
    /// What kind of thing it is, as its address names it.
    #[schema(value_type = String)]
    pub kind: &'static str,
    #[schema(value_type = String, format = Uuid)]
    pub id: AnyId,
    /// What the thing is called.
    pub name: String,
    /// The step that it waits for, mostly one of the thing's `actions`. Beyond these: `create-plan` for an accepted idea
    /// without a plan, `create-idea` for a product whose certificate ends, `put-on-agenda` for a dossier that no council has
    /// yet, `score` for a sheet that is not handed in, `answer` for an appeal, `decide` for a stamp that looks copied,
    /// `take-back` for a certificate that an inspection's conclusion proposes to take back.
    #[schema(value_type = String)]
    pub verb: &'static str,
    /// What the step is called.
    #[schema(value_type = String)]
    pub label: &'static str,
    /// Whether it came back for correction.
    pub returned: bool,
    /// By when, where something says so; the day itself is in time.
    pub due: Option<Day>,
    /// What says so.
    pub rule: Option<String>,
    /// Whether the day has passed.
    pub overdue: bool,
    /// When one was last reminded of it by who leads the session.
    pub reminded_at: Option<Moment>,
}

/// Until when a thing waits, and by which rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub day: Day,
    pub rule: Message,
}

impl Due {
    fn new(day: Day, rule: Message) -> Self {
        Self { day, rule }
    }

    pub fn is_over(&self, today: Day) -> bool {
        self.day < today
    }
}

/// Overdue first, then by day, then what has none.
pub fn in_order(mut tasks: Vec<WaitingStep>) -> Vec<WaitingStep> {
    tasks.sort_by_key(|task| (task.due.is_none(), task.due));
    tasks
}

/// A registration is to be decided while its producer can still bring ideas: by the next deadline of an open cycle. No act
/// sets a term.
pub fn registration<'a>(made: Moment, open: impl IntoIterator<Item = &'a Cycle>) -> Option<Due> {
    let deadlines = open.into_iter().map(|cycle| cycle.idea_deadline);
    let next = deadlines.filter(|deadline| made.day() <= *deadline).min()?;
    Some(Due::new(
        next,
        say(
            "trước hạn nộp ý tưởng của chu trình, để chủ thể kịp tham gia",
            "before the cycle's deadline of ideas, so that the producer can take part",
        ),
    ))
}

/// By when an idea is handed in for the first time.
pub fn idea_deadline(cycle: &Cycle) -> Due {
    Due::new(cycle.idea_deadline, say("hạn nộp ý tưởng của chu trình", "the cycle's deadline of ideas"))
}

/// How long the first level of the edition may hold an idea, where it says so; from then on the next may take it up.
pub fn idea_held(stage: &IdeaStage, submitted_at: Moment) -> Option<Due> {
    let days = stage.within_days?;
    let day = submitted_at.plus(Duration::days(i64::from(days))).day();
    Some(Due::new(
        day,
        say(format!("{days} ngày kể từ khi nhận ý tưởng"), format!("{days} days from the idea's receipt")),
    ))
}

/// When the council that scores first has to be done with its last round: what is not ready by then is not rated this year.
pub fn last_round(cycle: &Cycle, edition: &Edition) -> Option<Due> {
    let begins_in_districts = edition.is_first(crate::base::Level::District);
    let days = cycle
        .rounds
        .0
        .iter()
        .map(|round| if begins_in_districts { round.district_deadline } else { round.province_deadline });
    days.max().map(|day| {
        Due::new(day, say("hạn của đợt đánh giá cuối trong năm", "the deadline of the year's last round of rating"))
    })
}

/// The commune's term, as it was set when the commune received the dossier.
pub fn commune_term(edition: &Edition, last_day: Day) -> Due {
    let rule = match edition.dossiers.commune_working_days {
        Some(days) => say(
            format!("{days} ngày làm việc kể từ khi nhận hồ sơ"),
            format!("{days} working days from the dossier's receipt"),
        ),
        None => say("thời hạn của xã", "the commune's term"),
    };
    Due::new(last_day, rule)
}

/// The last day for a rating, by a newer act or because the product is rated again.
pub fn rated_until(edition: &Edition, term: Option<RatingTerm>, last_day: Day) -> Due {
    let rule = match (term, edition.again) {
        (None, Some(Again { rated_within_days: days, .. })) => say(
            format!("{days} ngày kể từ khi nhận hồ sơ đầy đủ do xã chuyển"),
            format!("{days} days from the receipt of the complete dossier from the commune"),
        ),
        _ => say("quy định chuyển tiếp của văn bản mới", "the transition of the act in force"),
    };
    Due::new(last_day, rule)
}

/// The day of the session that something is to be done at or before.
pub fn session(day: Day) -> Due {
    Due::new(day, say("ngày họp hội đồng", "the day of the council's session"))
}

/// The last day for opinions in writing.
pub fn written_round(day: Day) -> Due {
    Due::new(day, say("hạn gửi phiếu lấy ý kiến bằng văn bản", "the last day for opinions in writing"))
}

/// The last day for withdrawing recognition, from the paper that it rests on.
pub fn revocation(day: Day, days: u32) -> Due {
    Due::new(day, say(format!("{days} ngày kể từ ngày kết luận"), format!("{days} days from the conclusion")))
}

/// The last day on which an inspection's team may be there.
pub fn inspected_until(day: Day) -> Due {
    Due::new(day, say("hết thời gian kiểm tra theo quyết định", "the end of the period that the decision gives"))
}

/// The last day of an order to correct.
pub fn corrected_by(day: Day) -> Due {
    Due::new(day, say("hạn khắc phục của đoàn kiểm tra", "the last day of the order to correct"))
}

/// The last day on which a claim of support money is sent to the province.
pub fn support_sent(day: Day) -> Due {
    Due::new(day, say("hạn gửi hồ sơ hỗ trợ lên tỉnh", "the last day for sending claims to the province"))
}

/// So many days before the last one for it, the notice of a certificate's end begins to wait; and so many days before its
/// end, a paper, or a certificate where no act opens a window, begins to wait for who holds it.
pub const AHEAD_DAYS: u32 = 30;

/// The last day for an answer to a request about one's own data.
pub fn personal_data(day: Day) -> Due {
    let rule = say(
        format!("{WORKING_DAYS} ngày làm việc kể từ khi nhận yêu cầu"),
        format!("{WORKING_DAYS} working days from the request's receipt"),
    );
    Due::new(day, rule)
}

/// From when and until when the written notice of a certificate's end waits. None while it is early.
pub fn notice(valid_until: Day, days: u32, today: Day) -> Option<Due> {
    let last = valid_until.plus_days(-i64::from(days));
    (last.plus_days(-i64::from(AHEAD_DAYS)) <= today).then(|| {
        Due::new(
            last,
            say(
                format!("thông báo trước khi giấy chứng nhận hết hạn ít nhất {days} ngày"),
                format!("notice is given at least {days} days before the certificate's end"),
            ),
        )
    })
}

/// From when and until when a product whose certificate ends is to be entered again. None while it is early.
pub fn rated_again(again: Option<Again>, valid_until: Day, today: Day) -> Option<Due> {
    let at_its_end = || Due::new(valid_until, say("ngày cuối của giấy chứng nhận", "the certificate's last day"));
    let Some(again) = again else {
        return (valid_until.plus_days(-2 * i64::from(AHEAD_DAYS)) <= today).then(at_its_end);
    };
    if valid_until <= again.transitional_until {
        return Some(at_its_end());
    }
    let (first, last) = again.window(valid_until);
    let Again { window_from_days: from, window_to_days: to, .. } = again;
    (first <= today).then(|| {
        Due::new(
            last,
            say(
                format!("nộp hồ sơ từ {from} đến {to} ngày trước khi giấy chứng nhận hết hạn"),
                format!("handed in {from} to {to} days before the certificate's end"),
            ),
        )
    })
}

/// Papers that have ended or end soon, with their last day: of each kind of each product the one that holds longest.
pub fn ending_papers(
    papers: &[(ProductId, DocumentKind, Option<Day>)],
    today: Day,
) -> Vec<(ProductId, DocumentKind, Day)> {
    let mut longest: BTreeMap<(ProductId, &str), (DocumentKind, Option<Day>)> = BTreeMap::new();
    for (product, kind, until) in papers {
        let known = longest.entry((*product, kind.as_ref())).or_insert((*kind, *until));
        // What has no end holds for ever.
        known.1 = known.1.zip(*until).map(|(one, other)| one.max(other));
    }
    let horizon = today.plus_days(i64::from(AHEAD_DAYS));
    let ending = longest.into_iter().filter_map(|((product, _), (kind, until))| Some((product, kind, until?)));
    ending.filter(|(.., until)| *until <= horizon).collect()
}

/// Until when a paper is good.
pub fn paper(kind: DocumentKind, until: Day) -> Due {
    let Message { vi, en } = kind.name();
    Due::new(until, say(format!("ngày hết hạn: {vi}"), format!("its last day: {en}")))
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;
    use crate::cycle::EditionCode;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Moment {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_due_first_stands_first_and_what_is_never_due_last() {
        let task = |due: Option<&str>| WaitingStep {
            kind: "ideas",
            id: AnyId::random(),
            name: String::new(),
            verb: "submit",
            label: "",
            returned: false,
            due: due.map(day),
            rule: None,
            reminded_at: None,
            overdue: false,
        };
        let ordered = in_order(vec![task(None), task(Some("2021-03-31")), task(Some("2021-02-01"))]);
        let days: Vec<Option<String>> = ordered.iter().map(|task| task.due.map(|day| day.to_string())).collect();
        assert_eq!(days, [Some("2021-02-01".into()), Some("2021-03-31".into()), None]);
    }

    #[test]
    fn a_day_is_over_at_midnight_in_vietnam() {
        let due = session(day("2026-07-15"));
        assert!(!due.is_over(at("2026-07-15T16:59:59.999999Z").day()));
        assert!(due.is_over(at("2026-07-15T17:00:00Z").day()));
    }

    #[test]
    fn a_commune_holds_an_idea_for_ten_days_from_the_vietnamese_day_on_which_it_came() {
        let stages = EditionCode::Of2026.edition().unwrap().steps.ideas;
        let held = |moment: &str| idea_held(stages.first().unwrap(), at(moment)).unwrap();
        assert_eq!(held("2026-06-01T16:59:59Z").day, day("2026-06-11"));
        assert_eq!(held("2026-06-01T17:00:00Z").day, day("2026-06-12"));
        assert!(held("2026-06-01T17:00:00Z").rule.vi.starts_with("10 ngày"));
        assert_eq!(idea_held(stages.last().unwrap(), at("2026-06-01T17:00:00Z")), None);
    }

    #[test]
    fn a_notice_waits_for_thirty_days_before_its_last_day_and_beyond() {
        let until = day("2027-12-31");
        let due = |today: &str| notice(until, 30, day(today)).map(|due| due.day);
        assert_eq!(due("2027-10-31"), None);
        assert_eq!(due("2027-11-01"), Some(day("2027-12-01")));
        assert_eq!(due("2027-12-31"), Some(day("2027-12-01")));
        // Who lists what ends soon looks no further ahead.
        assert!(EditionCode::iter().all(|code| code.edition().unwrap().notice_days <= AHEAD_DAYS));
    }

    #[test]
    fn a_product_is_entered_again_within_the_window_of_the_act() {
        let again = EditionCode::Of2026.edition().unwrap().again;
        let due = |until: &str, today: &str| rated_again(again, day(until), day(today)).map(|due| due.day);
        assert_eq!(due("2027-12-31", "2027-07-03"), None);
        assert_eq!(due("2027-12-31", "2027-07-04"), Some(day("2027-09-02")));
        // Whose window had closed when the act came is received until the certificate's end.
        assert_eq!(due("2026-09-18", "2026-05-22"), Some(day("2026-09-18")));
        let before = |today: &str| rated_again(None, day("2023-12-31"), day(today)).map(|due| due.day);
        assert_eq!((before("2023-10-31"), before("2023-11-01")), (None, Some(day("2023-12-31"))));
    }

    #[test]
    fn of_papers_of_a_kind_the_one_that_holds_longest_counts() {
        let (honey, tea) = (ProductId::new(), ProductId::new());
        let (safety, award) = (DocumentKind::FoodSafetyCertificate, DocumentKind::Award);
        let papers = [
            (honey, safety, Some(day("2021-01-01"))),
            (honey, safety, Some(day("2021-05-30"))),
            (honey, award, Some(day("2020-01-01"))),
            (honey, award, None),
            (tea, safety, Some(day("2021-06-01"))),
        ];
        let ending = |today: &str| ending_papers(&papers, day(today));
        assert_eq!(ending("2021-04-29"), []);
        assert_eq!(ending("2021-04-30"), [(honey, safety, day("2021-05-30"))]);
        assert_eq!(ending("2021-05-02").len(), 2);
    }
}
