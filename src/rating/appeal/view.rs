//! What is shown of an appeal.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{self, Work};
use crate::base::id::{AccountId, AgendaItemId, AppealId, ProducerId, ProductId};
use crate::base::{Error, Moment, Result, UnitCode};
use crate::rating::appeal::Appeal;
use crate::rating::appeal::rules::State;
use crate::rating::item;
use crate::station::Shown;
use crate::{place, producer};

/// An appeal, to those who may know of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppealView {
    id: AppealId,
    version: i32,
    agenda_item_id: AgendaItemId,
    product_id: ProductId,
    product_name: String,
    /// The unit that set the council up and answers.
    unit_code: UnitCode,
    unit_name: String,
    producer_id: ProducerId,
    producer_name: String,
    state: State,
    grounds: String,
    answer: Option<String>,
    answered_by: Option<AccountId>,
    answered_by_name: Option<String>,
    answered_at: Option<Moment>,
    filed_at: Moment,
}

impl Shown for Appeal {
    type View = AppealView;

    fn views(work: &mut Work, appeals: &[Self]) -> Result<Vec<AppealView>> {
        let items: Vec<AgendaItemId> = appeals.iter().map(|appeal| appeal.row.agenda_item_id).collect();
        let names = item::store::names(work.connection, &items)?;
        let producers: Vec<ProducerId> = appeals.iter().map(|appeal| appeal.row.producer_id).collect();
        let producers = producer::store::names(work.connection, &producers)?;
        let accounts: Vec<AccountId> = appeals.iter().filter_map(|appeal| appeal.row.answered_by).collect();
        let accounts = account::store::names(work.connection, &accounts)?;
        let places = place::store::places(work.connection)?;
        let today = work.now.day();
        let view = |Self { row, .. }: &Self| {
            let about = names.get(&row.agenda_item_id).ok_or_else(|| Error::internal("an appeal without its item"))?;
            Ok(AppealView {
                id: row.id,
                version: row.version,
                agenda_item_id: row.agenda_item_id,
                product_id: about.product_id,
                product_name: about.product_name.clone(),
                unit_code: row.unit_code.clone(),
                unit_name: places.name(&row.unit_code, today),
                producer_id: row.producer_id,
                producer_name: producers.get(&row.producer_id).cloned().unwrap_or_default(),
                state: row.state,
                grounds: row.grounds.clone(),
                answer: row.answer.clone(),
                answered_by: row.answered_by,
                answered_by_name: row.answered_by.and_then(|id| accounts.get(&id).cloned()),
                answered_at: row.answered_at,
                filed_at: row.filed_at,
            })
        };
        appeals.iter().map(view).collect()
    }
}
