//! What is shown of a report.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{self, Work};
use crate::base::id::{AccountId, AgendaItemId, DossierId, GroupReportId, ProducerId, ProductId};
use crate::base::{Day, Error, Moment, Result, UnitCode};
use crate::place;
use crate::rating::group_report::GroupReport;
use crate::rating::group_report::content::Content;
use crate::rating::group_report::gather::gather;
use crate::rating::group_report::rules::Proposal;
use crate::rating::item::{self, Readiness};
use crate::station::Shown;

/// The working group's report on an item, to those who may read it.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupReportView {
    id: GroupReportId,
    version: i32,
    agenda_item_id: AgendaItemId,
    dossier_id: DossierId,
    product_id: ProductId,
    product_name: String,
    producer_id: ProducerId,
    producer_name: String,
    /// The unit and the round of the council that it is for.
    unit_code: UnitCode,
    unit_name: String,
    round: i32,
    state: Readiness,
    /// Who leads the group and signs.
    leader: String,
    dossier_check: String,
    assessment: String,
    proposal: Proposal,
    proposal_text: Option<String>,
    /// Null while it is a draft.
    number: Option<String>,
    dated: Option<Day>,
    account_id: AccountId,
    account_name: Option<String>,
    created_at: Moment,
    finished_at: Option<Moment>,
    /// What it rests on: as it stands while it is a draft, as it was from when it is finished; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Content>,
}

impl GroupReport {
    /// What it rests on: frozen, or as it stands.
    pub fn content(&self, work: &mut Work) -> Result<Content> {
        match &self.row.content {
            Some(content) => Ok(content.0.clone()),
            None => gather(work, &self.session),
        }
    }
}

impl Shown for GroupReport {
    type View = GroupReportView;

    fn views(work: &mut Work, reports: &[Self]) -> Result<Vec<GroupReportView>> {
        let items: Vec<AgendaItemId> = reports.iter().map(|report| report.row.agenda_item_id).collect();
        let names = item::store::names(work.connection, &items)?;
        let accounts: Vec<AccountId> = reports.iter().map(|report| report.row.account_id).collect();
        let accounts = account::store::names(work.connection, &accounts)?;
        let places = place::store::places(work.connection)?;
        let today = work.now.day();
        let view = |Self { row, session }: &Self| {
            let about =
                names.get(&row.agenda_item_id).ok_or_else(|| Error::internal("a report without its product"))?;
            Ok(GroupReportView {
                id: row.id,
                version: row.version,
                agenda_item_id: row.agenda_item_id,
                dossier_id: session.item.dossier_id,
                product_id: about.product_id,
                product_name: about.product_name.clone(),
                producer_id: about.producer_id,
                producer_name: about.producer_name.clone(),
                unit_code: row.unit_code.clone(),
                unit_name: places.name(&row.unit_code, row.dated.unwrap_or(today)),
                round: session.council.round,
                state: row.state,
                leader: row.leader.clone(),
                dossier_check: row.dossier_check.clone(),
                assessment: row.assessment.clone(),
                proposal: row.proposal,
                proposal_text: row.proposal_text.clone(),
                number: row.number.clone(),
                dated: row.dated,
                account_id: row.account_id,
                account_name: accounts.get(&row.account_id).cloned(),
                created_at: row.created_at,
                finished_at: row.finished_at,
                content: None,
            })
        };
        reports.iter().map(view).collect()
    }

    fn view(work: &mut Work, report: &Self) -> Result<GroupReportView> {
        let view = Self::views(work, std::slice::from_ref(report))?.pop();
        let view = view.ok_or_else(|| Error::internal("a view is missing"))?;
        Ok(GroupReportView { content: Some(report.content(work)?), ..view })
    }
}
