//! What is shown of a notice of a result.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{self, Work};
use crate::base::id::{AccountId, AgendaItemId, ProducerId, ProductId, ResultNoticeId};
use crate::base::{Day, Error, Moment, Result, Stars, UnitCode};
use crate::decision::result_notice::ResultNotice;
use crate::rating::rules::Outcome;
use crate::station::Shown;
use crate::{place, producer, rating};

/// A notice of a result, to the office that wrote it, the commune and the producer.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResultNoticeView {
    id: ResultNoticeId,
    version: i32,
    /// As on the paper, `15/TB-VPĐP`.
    number: String,
    dated: Day,
    agenda_item_id: AgendaItemId,
    product_id: ProductId,
    product_name: String,
    producer_id: ProducerId,
    producer_name: String,
    unit_code: UnitCode,
    /// What the unit was called on the day of the notice.
    unit_name: String,
    commune_code: UnitCode,
    commune_name: String,
    /// What it tells.
    outcome: Outcome,
    stars: Option<Stars>,
    remark: Option<String>,
    account_id: AccountId,
    account_name: Option<String>,
    created_at: Moment,
}

impl Shown for ResultNotice {
    type View = ResultNoticeView;

    fn views(work: &mut Work, notices: &[Self]) -> Result<Vec<ResultNoticeView>> {
        let items: Vec<AgendaItemId> = notices.iter().map(|notice| notice.row.agenda_item_id).collect();
        let names = rating::item::store::names(work.connection, &items)?;
        let results: BTreeMap<(AgendaItemId, i32), rating::result::Concluded> =
            rating::result::store::of_items(work.connection, &items)?
                .into_iter()
                .map(|result| ((result.agenda_item_id, result.attempt), result))
                .collect();
        let producers: Vec<ProducerId> = notices.iter().map(|notice| notice.row.producer_id).collect();
        let producers = producer::store::names(work.connection, &producers)?;
        let accounts: Vec<AccountId> = notices.iter().map(|notice| notice.row.account_id).collect();
        let accounts = account::store::names(work.connection, &accounts)?;
        let places = place::store::places(work.connection)?;
        let view = |Self { row }: &Self| {
            let gone = || Error::internal("a notice without its result");
            let about = names.get(&row.agenda_item_id).ok_or_else(gone)?;
            let result = results.get(&(row.agenda_item_id, row.attempt)).ok_or_else(gone)?;
            Ok(ResultNoticeView {
                id: row.id,
                version: row.version,
                number: row.number.clone(),
                dated: row.dated,
                agenda_item_id: row.agenda_item_id,
                product_id: about.product_id,
                product_name: about.product_name.clone(),
                producer_id: row.producer_id,
                producer_name: producers.get(&row.producer_id).cloned().unwrap_or_default(),
                unit_code: row.unit_code.clone(),
                unit_name: places.name(&row.unit_code, row.dated),
                commune_code: row.commune_code.clone(),
                commune_name: places.name(&row.commune_code, row.dated),
                outcome: result.outcome,
                stars: result.stars,
                remark: row.remark.clone(),
                account_id: row.account_id,
                account_name: accounts.get(&row.account_id).cloned(),
                created_at: row.created_at,
            })
        };
        notices.iter().map(view).collect()
    }
}
