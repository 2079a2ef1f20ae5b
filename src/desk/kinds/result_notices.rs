//! Written notices of results on the desk.

use serde_json::Value;

use crate::account::Work;
use crate::base::Result;
use crate::base::id::AgendaItemId;
use crate::decision::ResultNotice;
use crate::decision::result_notice::steps::CREATE;
use crate::decision::result_notice::store;
use crate::desk::counter::{Beside, KindOfThing, Making, no_sides};
use crate::desk::field::{Writing, field};
use crate::desk::input::{Alternative, Asks, Input};
use crate::desk::kinds::result_words::{OUTCOMES, STARS};
use crate::desk::kinds::sources::{CREATED, MOST, ON_AGENDA, PRODUCER, UNIT, cycles, member};
use crate::desk::words::{said, word};
use crate::rating;
use crate::rating::Session;
use crate::rating::agenda::store::AgendaItemFilter;
use crate::rating::item::State;
use crate::station::{Listed, Stretch, label};

/// The results of one's own council of which nobody was told in writing.
fn untold(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let named: Option<AgendaItemId> = member(view, "agenda_item_id");
    let filter = AgendaItemFilter {
        unit_code: work.actor.unit.clone(),
        cycle_id: member(view, "cycle_id"),
        state: Some(State::Concluded),
        ..AgendaItemFilter::default()
    };
    let sessions = Session::list(work, &filter, &Stretch::first(MOST))?;
    let ids: Vec<AgendaItemId> = sessions.iter().map(|session| session.item.id).collect();
    let names = rating::item::store::names(work.connection, &ids)?;
    let told = store::told(work.connection, &ids)?;
    let waits =
        |session: &&Session| Some(session.item.id) == named || !told.contains(&(session.item.id, session.item.attempt));
    let language = work.language;
    let choice = |session: &Session| {
        let named = names.get(&session.item.id)?;
        let outcome = session.concluded.as_ref().map(|result| word(OUTCOMES, result.outcome.as_ref(), language));
        let text = format!("{} · {} · {}", named.product_name, named.producer_name, outcome.unwrap_or_default());
        Some(Alternative::new(session.item.id.to_string(), text))
    };
    Ok(sessions.iter().filter(waits).filter_map(choice).collect())
}

/// The notice as it is printed.
fn beside(work: &mut Work, notice: &ResultNotice, _: &Value) -> Result<Vec<Beside>> {
    let mut paper = Beside::new(label("In", "Print"));
    let text = said(work.language, label("Thông báo để in và ký", "The notice to be printed and signed"));
    paper.links = vec![(format!("/desk/result-notices/{}/paper", notice.row.id), text.to_owned())];
    Ok(vec![paper])
}

pub static KIND: KindOfThing<ResultNotice> = KindOfThing {
    title: label("Văn bản thông báo kết quả", "Notices of results"),
    about: label(
        "Kết quả được thông báo bằng văn bản cho xã và chủ thể sau khi hội đồng kết luận.",
        "Commune and producer are told of a result in writing once the council has concluded.",
    ),
    name: "/number",
    fields: &[
        field("/number", label("Số thông báo", "Number"), Writing::Text),
        field("/dated", label("Ngày thông báo", "Dated"), Writing::Day),
        ON_AGENDA,
        PRODUCER,
        field("/commune_name", label("Xã", "Commune"), Writing::Text),
        field("/unit_name", label("Đơn vị thông báo", "Unit that tells it"), Writing::Text),
        field("/outcome", label("Kết quả", "Result"), Writing::Wording(OUTCOMES)),
        STARS,
        field("/remark", label("Nội dung khác", "What it says besides"), Writing::Long),
        field("/account_name", label("Người lập", "Written by"), Writing::Text),
        CREATED,
    ],
    columns: &[
        field("/dated", label("Ngày", "Dated"), Writing::Day),
        field("/product_name", label("Sản phẩm", "Product"), Writing::Text),
        field("/producer_name", label("Chủ thể", "Producer"), Writing::Text),
        field("/unit_name", label("Đơn vị thông báo", "Unit that tells it"), Writing::Text),
        field("/outcome", label("Kết quả", "Result"), Writing::Wording(OUTCOMES)),
        STARS,
    ],
    filters: &[UNIT],
    making: Some(Making {
        step: &CREATE,
        first: &[Input::new("cycle_id", label("Chu trình", "Cycle"), Asks::From(cycles))],
        inputs: &[
            Input::new("agenda_item_id", label("Kết quả", "Result"), Asks::From(untold)).required(),
            Input::new("number", label("Số thông báo", "Number"), Asks::Line)
                .required()
                .hint(label("ví dụ 15/TB-VPĐP", "such as 15/TB-VPĐP")),
            Input::new("dated", label("Ngày thông báo", "Dated"), Asks::Day).required(),
            Input::new("remark", label("Nội dung khác", "What it says besides"), Asks::Lines)
                .hint(label("ví dụ những điểm cần hoàn thiện", "such as what is to be completed")),
        ],
        beside: no_sides,
        begin: |_, _| Ok(()),
    }),
    steps: &[],
    beside,
};
