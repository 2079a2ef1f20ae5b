//! What the working group (Tổ tư vấn, Tổ giúp việc) makes ready for a session: surveys on site and its report to the council
//! (26/2026/QĐ-TTg, article 7.3 c). Who makes it, who reads it, and what is told of it with the item.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Actor, Asker, Work};
use crate::base::{Error, Result, say};
use crate::cycle::SurveyRule;
use crate::rating::agenda::{Session, preparation_store};
use crate::rating::council;
use crate::rating::council::rules::sees;
use crate::rating::item::Readiness;
use crate::station::{Announced, By, Warning, label};

/// Who surveys and reports.
pub const GROUP: By = By::Seat(label(
    "tổ giúp việc, thư ký và cơ quan thường trực của hội đồng",
    "the council's working group, its secretary and its office",
));

/// Records a survey on site; `survey` takes it.
pub static SURVEY: Announced<Session> =
    Announced::new("survey", label("Lập biên bản khảo sát thực tế", "Record a survey on site"), GROUP)
        .right(Session::must_prepare)
        .open(|_, session| session.item.state.prepare());

/// Drafts the working group's report; `group_report` takes it.
pub static DRAFT_REPORT: Announced<Session> =
    Announced::new("draft-report", label("Lập báo cáo của tổ giúp việc", "Draft the working group's report"), GROUP)
        .right(Session::must_prepare)
        .open(|_, session| {
            session.item.state.prepare()?;
            if !session.has_group_report {
                return Ok(());
            }
            Err(Error::conflict(
                "already_drafted",
                say(
                    "Đã có báo cáo của tổ giúp việc cho sản phẩm này.",
                    "There is a report of the working group already.",
                ),
            ))
        });

impl Session {
    /// Whether the asker surveys and reports for this council; an officer who scores in it does not.
    fn prepares(&self, actor: &Actor) -> bool {
        self.checks(actor.id) || self.keeps_the_book(actor)
    }

    /// 403 unless the asker surveys and reports for this council.
    pub fn must_prepare(asker: Asker, session: &Self) -> Result<()> {
        if session.prepares(asker.actor) {
            return Ok(());
        }
        Err(Error::forbidden(say(
            "Việc này dành cho tổ giúp việc, thư ký và cơ quan thường trực của hội đồng.",
            "Only the council's working group, its secretary and its office do this.",
        )))
    }

    /// Whether the asker reads what the working group makes ready: who makes it and who oversees the unit at any time, who
    /// sits while the council is open. `preparation_store` says the same of many.
    pub fn shows_preparation(&self, actor: &Actor) -> bool {
        let sits = self.seat(actor.id).is_some() && self.council.state == council::State::Open;
        self.prepares(actor) || sees(actor, &self.council.unit_code) || sits
    }
}

/// How far the working group is.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreparationView {
    /// When the edition wants a survey on site for this kind of dossier; null where it says nothing of surveys.
    survey: Option<SurveyRule>,
    /// Whether a survey of the dossier is finished, this item's or an earlier one's.
    surveyed: bool,
    /// How far the report is; null where none is drafted.
    report: Option<Readiness>,
    /// What is missing.
    warnings: Vec<Warning>,
}

/// How far the working group is with an item; none for whom it is not told.
pub fn preparation(work: &mut Work, session: &Session) -> Result<Option<PreparationView>> {
    if !session.shows_preparation(&work.actor) {
        return Ok(None);
    }
    let survey = session.edition.dossiers.survey(session.dossier.kind);
    let surveyed = preparation_store::is_surveyed(work.connection, session.dossier.id)?;
    let report = preparation_store::report(work.connection, session.item.id)?;
    // What is over is not warned of.
    let is_ahead = session.item.state.prepare().is_ok();
    let missing = survey.filter(|_| is_ahead && !surveyed);
    Ok(Some(PreparationView { survey, surveyed, report, warnings: missing.map(survey_missing).into_iter().collect() }))
}

fn survey_missing(rule: SurveyRule) -> Warning {
    match rule {
        SurveyRule::Expected => Warning::new(
            "survey_missing",
            say("Chưa có khảo sát thực tế nào hoàn thành.", "No survey on site is finished yet."),
        ),
        SurveyRule::WhereChanged => Warning::new(
            "survey_where_changed",
            say(
                "Cần khảo sát thực tế nếu quy mô sản xuất thay đổi lớn hoặc hồ sơ minh chứng không rõ ràng.",
                "A survey on site is needed where production changed much or the evidence is not clear.",
            ),
        ),
    }
}
