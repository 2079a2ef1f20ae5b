//! Writing a notice of a result, by the office of the unit whose council concluded.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::id::{AgendaItemId, ResultNoticeId};
use crate::base::{Day, Error, Fault, Faults, Result, paper_number, say, text};
use crate::decision::certificate_steps::OFFICES;
use crate::decision::result_notice::ResultNotice;
use crate::decision::result_notice::store::{self, NewNotice};
use crate::station::{By, Creation, Taken, label, plain_forms};
use crate::{dossier, rating};

/// A notice as it is written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultNoticeForm {
    pub agenda_item_id: AgendaItemId,
    /// As on the paper, `15/TB-VPĐP`; each number once for each unit.
    pub number: String,
    pub dated: Day,
    /// What it says besides, as what is to be completed.
    #[serde(default)]
    pub remark: Option<String>,
}

plain_forms!(ResultNoticeForm);

/// Writes the notice of a result.
pub static CREATE: Creation<ResultNotice, ResultNoticeForm> = Creation::new(
    label("Thông báo kết quả", "Give notice of a result"),
    By::Some(OFFICES, label("của đơn vị có hội đồng kết luận", "of the unit whose council concluded")),
    make,
);

fn make(work: &mut Work, form: ResultNoticeForm) -> Result<(ResultNoticeId, Taken)> {
    let ResultNoticeForm { agenda_item_id: item, number, dated, remark } = form;
    // Of two notices at once the later sees the first.
    rating::item::store::take(work.connection, item)?;
    let own = work.actor.unit()?.clone();
    let agenda_item = rating::item::store::find(work.connection, item)?;
    let unit = match &agenda_item {
        Some(agenda_item) => rating::council::store::find(work.connection, agenda_item.council_id)?,
        None => None,
    };
    let (Some(agenda_item), true) = (agenda_item, unit.is_some_and(|council| council.unit_code == own)) else {
        return Err(Error::invalid(
            "/agenda_item_id",
            "unknown_agenda_item",
            say("Không có kết quả này của đơn vị.", "The unit has no such result."),
        ));
    };
    let Some(result) = rating::result::store::find(work.connection, item)? else {
        return Err(Error::conflict(
            "not_concluded",
            say("Hội đồng chưa kết luận về sản phẩm này.", "The council has not concluded on this product."),
        ));
    };
    let mut faults = Vec::new();
    let number = paper_number::spelled(&number);
    text::check_code(&number, "/number", 100, &mut faults);
    if let Some(remark) = &remark {
        text::check(remark, "/remark", 2000, &mut faults);
    }
    if dated > work.now.day() {
        faults.push(Fault::new("/dated", "in_future", say("Ngày ở tương lai.", "The day lies in the future.")));
    }
    if dated < result.concluded_at.day() {
        let text = say("Ngày trước khi hội đồng kết luận.", "The day lies before the council's conclusion.");
        faults.push(Fault::new("/dated", "before_conclusion", text));
    }
    faults.into_result()?;
    if store::is_told(work.connection, item, result.attempt)? {
        return Err(Error::conflict(
            "already_notified",
            say("Đã có thông báo về kết quả này.", "Notice of this result was given already."),
        ));
    }
    if store::number_taken(work.connection, &own, &number, dated)? {
        return Err(Error::conflict("number_taken", say("Số thông báo đã dùng.", "The number is taken.")));
    }
    let dossier = dossier::store::find(work.connection, agenda_item.dossier_id)?
        .ok_or_else(|| Error::internal("an agenda item without its dossier"))?;
    let note = number.clone();
    let new = NewNotice { item, attempt: result.attempt, unit: own, home: dossier.home(), number, dated, remark };
    let id = store::insert(work.connection, new, work.actor.id, work.now)?;
    Ok((id, Taken::stayed().with_note(Some(note))))
}
