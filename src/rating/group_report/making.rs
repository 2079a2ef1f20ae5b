//! `POST /agenda-items/{id}/group-reports`: the working group begins its report; the item's version stays.

use actix_web::post;

use crate::account::{Caller, Work};
use crate::audit::Resource;
use crate::base::Result;
use crate::base::id::{AgendaItemId, GroupReportId};
use crate::http::{Answer, PathParam, Problem, Refusals};
use crate::rating::agenda::{Session, preparation};
use crate::rating::group_report::rules::GroupReportForm;
use crate::rating::group_report::view::GroupReportView;
use crate::rating::group_report::{GroupReport, store, vouching};
use crate::rating::item::Readiness;
use crate::station::{Offered, Taken, Verb, made, plain_forms, record_creation};

plain_forms!(GroupReportForm);

/// Drafts the report on an item.
pub static DRAFT: Verb<Session, GroupReportForm, GroupReportId> =
    preparation::DRAFT_REPORT.taken(draft).at_any_version();

fn draft(work: &mut Work, session: &Session, form: GroupReportForm) -> Result<Taken<GroupReportId>> {
    form.check()?;
    let unit = &session.council.unit_code;
    let id = store::insert(work.connection, session.item.id, unit, form, work.actor.id, work.now)?;
    let content = vouching::content(work.connection, id)?;
    record_creation(work, Resource::GroupReport, id.any(), Some(Readiness::Draft.as_ref()), None, content)?;
    Ok(Taken::beside().giving(id))
}

/// Drafts the working group's report on an item (working group, secretary, office of the council's unit), before the scoring; the item's version stays.
#[utoipa::path(tag = "group reports", request_body = GroupReportForm, responses((status = 201, body = Offered<GroupReportView>), Refusals))]
#[post("/agenda-items/{id}/group-reports")]
pub async fn create(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller.take_for(&DRAFT, id, |work, report| made::<GroupReport>(work, &report)).await
}
