//! Holds on the desk: placed and lifted by inspectors and the provincial office.

use serde_json::Value;

use crate::account::Work;
use crate::base::Result;
use crate::base::id::{LotId, ProductId};
use crate::desk::counter::{Beside, KindOfThing, Making, Step, no_sides};
use crate::desk::field::{STATE, Writing, field};
use crate::desk::input::{Alternative, Asks, Input, NOTE};
use crate::desk::kinds::lot_trace;
use crate::desk::kinds::sources::{self, MOST, PRODUCER, UNIT, member};
use crate::hold::Hold;
use crate::hold::rules::State;
use crate::hold::steps::{CREATE, LIFT};
use crate::lot::Lot;
use crate::lot::store::LotFilter;
use crate::station::{Listed, Stretch, find, label};
use crate::{lot, product};

/// The newest lots that are on sale, and the one that the address names.
fn lots(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let named: Option<LotId> = member(view, "lot_id");
    let filter = LotFilter { state: Some(lot::rules::State::Active), ..LotFilter::default() };
    let mut found = Lot::list(work, &filter, &Stretch::first(MOST))?;
    if let Some(id) = named.filter(|id| found.iter().all(|known| known.id != *id)) {
        found.extend(find::<Lot>(work, &id).ok());
    }
    let products: Vec<ProductId> = found.iter().map(|lot| lot.product_id).collect();
    let names = product::store::names(work.connection, &products)?;
    let told = |lot: &Lot| {
        let name = names.get(&lot.product_id).cloned().unwrap_or_default();
        Alternative::new(lot.id.to_string(), format!("{} · {name}", lot.code))
    };
    Ok(found.iter().map(told).collect())
}

/// What is held, and what was made of it.
fn beside(work: &mut Work, hold: &Hold, _: &Value) -> Result<Vec<Beside>> {
    match hold.lot_id {
        Some(id) => match find::<Lot>(work, &id) {
            Ok(lot) => lot_trace::beside(work, &lot),
            Err(_) => Ok(Vec::new()),
        },
        None => Ok(Vec::new()),
    }
}

pub static KIND: KindOfThing<Hold> = KindOfThing {
    title: label("Tạm đình chỉ", "Holds"),
    about: label(
        "Sản phẩm hoặc lô bị tạm đình chỉ không được bán cho đến khi gỡ; người quét tem thấy ngay.",
        "What is on hold may not be sold until it is lifted; who scans a stamp sees it at once.",
    ),
    name: "/lot_code|/product_name",
    fields: &[
        STATE,
        field("/product_name", label("Sản phẩm", "Product"), Writing::Link("products", "/product_id")),
        field("/lot_code", label("Lô hàng", "Lot"), Writing::Link("lots", "/lot_id")),
        PRODUCER,
        field("/reason", label("Lý do", "Reason"), Writing::Long),
        field("/placed_by_name", label("Người tạm đình chỉ", "Placed by"), Writing::Text),
        field("/placed_at", label("Tạm đình chỉ lúc", "Placed"), Writing::Moment),
        field("/lifted_at", label("Gỡ lúc", "Lifted"), Writing::Moment),
    ],
    columns: &[
        STATE,
        field("/producer_name", label("Chủ thể", "Producer"), Writing::Text),
        field("/reason", label("Lý do", "Reason"), Writing::Text),
        field("/placed_at", label("Từ lúc", "Placed"), Writing::Moment),
        field("/lifted_at", label("Gỡ lúc", "Lifted"), Writing::Moment),
    ],
    filters: &[Input::new("state", label("Trạng thái", "State"), Asks::From(sources::states_of::<State>)), UNIT],
    making: Some(Making {
        step: &CREATE,
        first: &[],
        inputs: &[
            Input::new("lot_id", label("Một lô hàng", "A lot"), Asks::From(lots)).also_at(""),
            Input::new("product_id", label("Hoặc cả sản phẩm", "Or the whole product"), Asks::From(sources::products)),
            Input::new("reason", label("Lý do", "Reason"), Asks::Lines).required(),
        ],
        beside: no_sides,
        begin: |_, _| Ok(()),
    }),
    steps: &[Step { step: &LIFT, inputs: &[NOTE] }],
    beside,
};
