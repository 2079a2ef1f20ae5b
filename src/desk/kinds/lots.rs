//! Lots on the desk: recorded in three fields, what happened in three taps, and where all of it came from and went.

use serde_json::Value;

use crate::account::{Role, Work};
use crate::base::id::{LotEventId, LotId, ProductId};
use crate::base::{Day, Result};
use crate::desk::counter::{Beside, KindOfThing, Making, Step, no_sides};
use crate::desk::field::{Writing, field};
use crate::desk::input::{Alternative, Asks, Input, NOTE, REASON};
use crate::desk::kinds::sources::{self, CREATED, PRODUCER, UNIT, member};
use crate::desk::kinds::{lot_trace, statements};
use crate::desk::words::{EVENTS, Wording, said, word};
use crate::hold::Hold;
use crate::hold::store::HoldFilter;
use crate::lot::Lot;
use crate::lot::event_store::{self, Told};
use crate::lot::steps::{ADD_EVENT, ADD_INPUTS, CREATE, RECALL};
use crate::lot::store::LotFilter;
use crate::page::words::moment;
use crate::page::words::number;
use crate::producer::Producer;
use crate::shop::Shop;
use crate::shop::store::ShopFilter;
use crate::station::{Listed, Stretch, label};
use crate::{account, producer, product, shop};

pub const STATES: &[Wording] =
    &[("active", label("Đang lưu hành", "On sale")), ("recalled", label("Đã thu hồi", "Recalled"))];

/// So many events stand on a lot's page, the newest.
const MOST_EVENTS: i64 = 60;
/// So many may be chosen among as inputs or places.
const MOST_CHOSEN: i64 = 150;

fn states(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    Ok(sources::states(work, STATES))
}

/// The newest lot of the producer's, of the product where one is chosen.
fn last(work: &mut Work, view: Option<&Value>) -> Result<Option<Lot>> {
    let product_id: Option<ProductId> = member(view, "product_id");
    let filter = LotFilter { product_id, producer_id: work.actor.producer, ..LotFilter::default() };
    Ok(Lot::list(work, &filter, &Stretch::first(1))?.pop())
}

/// What was counted last, else pieces.
fn unit(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let known = last(work, view)?.map(|lot| lot.unit);
    let piece = said(work.language, label("sản phẩm", "pieces"));
    let unit = known.unwrap_or_else(|| piece.to_owned());
    Ok(vec![Alternative::new(unit.clone(), unit)])
}

fn today(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let on = work.now.day().date().format("%d/%m/%Y").to_string();
    Ok(vec![Alternative::new(on.clone(), on)])
}

fn now(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let at = moment(crate::http::Language::Vietnamese, work.now);
    Ok(vec![Alternative::new(at.clone(), at)])
}

/// Where something happened to the lot last, else where the producer is.
fn place(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let Some(lot) = member::<LotId>(view, "id") else { return Ok(Vec::new()) };
    let known = event_store::standing(work.connection, &[lot])?.pop().map(|event| event.place);
    let at = match (known, member(view, "producer_id")) {
        (Some(place), _) => Some(place),
        (None, Some(id)) => producer::store::find(work.connection, id)?.map(|producer: Producer| producer.address),
        (None, None) => None,
    };
    Ok(at.into_iter().map(|place| Alternative::new(place.clone(), place)).collect())
}

/// What it may be made of: the producer's own lots and those that others let it have; not itself, nor what it was made of
/// already.
fn inputs(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let Some(producer) = work.actor.producer else { return Ok(Vec::new()) };
    let lots = event_store::usable_by(work.connection, producer, MOST_CHOSEN)?;
    let named = |lot: &Lot| {
        let id = lot.id.to_string();
        let known = view.and_then(|view| view.get("inputs")?.as_array()).into_iter().flatten();
        known.filter_map(Value::as_str).any(|input| input == id)
            || view.and_then(|view| view.get("id")?.as_str()) == Some(id.as_str())
    };
    let lots: Vec<Lot> = lots.into_iter().filter(|lot| !named(lot)).collect();
    let products: Vec<ProductId> = lots.iter().map(|lot| lot.product_id).collect();
    let names = product::store::names(work.connection, &products)?;
    let told = |lot: &Lot| {
        let name = names.get(&lot.product_id).cloned().unwrap_or_default();
        let on = crate::page::words::day(work.language, lot.produced_on);
        Alternative::new(lot.id.to_string(), format!("{} · {name} · {on}", lot.code))
    };
    Ok(lots.iter().map(told).collect())
}

fn shops(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let open: Option<Day> = Some(work.now.day());
    let found = shop::store::list(work.connection, &ShopFilter::default(), open, &Stretch::first(MOST_CHOSEN))?;
    Ok(found.into_iter().map(|shop: Shop| Alternative::new(shop.id.to_string(), shop.name)).collect())
}

/// Other producers, for what is theirs from now on.
fn buyers(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let own = member(view, "producer_id");
    let stretch = Stretch::first(sources::MOST);
    let filter = producer::store::ProducerFilter::default();
    let found = producer::store::list(work.connection, &account::Territory::Province, &filter, &stretch)?;
    let others = found.into_iter().filter(|producer| Some(producer.id) != own);
    Ok(others.map(|producer| Alternative::new(producer.id.to_string(), producer.name)).collect())
}

/// Events that may still be corrected.
fn events(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let Some(lot) = member::<LotId>(view, "id") else { return Ok(Vec::new()) };
    let language = work.language;
    let mut standing = event_store::standing(work.connection, &[lot])?;
    standing.reverse();
    let told = |event: &event_store::Event| {
        let text = format!(
            "{} · {} · {}",
            word(EVENTS, event.kind.as_ref(), language),
            moment(language, event.at),
            event.place
        );
        Alternative::new(event.id.to_string(), text)
    };
    Ok(standing.iter().take(50).map(told).collect())
}

/// What happened to it, what holds it, and its trace.
fn beside(work: &mut Work, lot: &Lot, _: &Value) -> Result<Vec<Beside>> {
    let mut beside = Vec::new();
    beside.extend(happened(work, lot)?);
    beside.extend(held(work, lot)?);
    beside.extend(lot_trace::beside(work, lot)?);
    let mut stamps = Beside::new(label("Tem", "Stamps"));
    let text = label("Đơn tem của sản phẩm này", "Orders of stamps of this product");
    stamps
        .links
        .push((format!("/desk/stamp-orders?product_id={}", lot.product_id), said(work.language, text).to_owned()));
    beside.push(stamps);
    Ok(beside)
}

fn happened(work: &mut Work, lot: &Lot) -> Result<Option<Beside>> {
    let language = work.language;
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let page = event_store::Page { only: None, after: None, limit: MOST_EVENTS };
    let told = event_store::told(work.connection, lot.id, &page)?;
    if told.is_empty() {
        return Ok(None);
    }
    let row = |told: &Told| {
        let event = &told.event;
        let quantity = event.quantity.map(|count| format!("{} {}", number(language, count), lot.unit));
        let went_to = told.went_to.as_ref().map(|(name, address)| format!("{name}, {address}"));
        let corrected = told.corrected_by.map(|_| say("Đã được đính chính", "Corrected by a later one"));
        let corrects = event.corrects_id.map(|_: LotEventId| say("Đính chính", "Correction"));
        let note = Some(event.note.clone()).filter(|note| !note.is_empty());
        let about: Vec<String> = [quantity, went_to, corrected, corrects, note].into_iter().flatten().collect();
        vec![
            moment(language, event.at),
            word(EVENTS, event.kind.as_ref(), language),
            event.place.clone(),
            about.join("; "),
            told.actor.clone(),
        ]
    };
    let heads = vec![
        say("Lúc", "When"),
        say("Việc", "What"),
        say("Nơi", "Where"),
        say("Chi tiết", "Detail"),
        say("Người ghi", "Recorded by"),
    ];
    let mut events = Beside::new(label("Nhật ký của lô", "What happened to it"));
    events.table = Some((heads, told.iter().map(row).collect()));
    Ok(Some(events))
}

/// Holds on the lot and on its product.
fn held(work: &mut Work, lot: &Lot) -> Result<Option<Beside>> {
    let language = work.language;
    let of_lot = HoldFilter { lot_id: Some(lot.id), ..HoldFilter::default() };
    let of_product = HoldFilter { product_id: Some(lot.product_id), ..HoldFilter::default() };
    let mut found = Hold::list(work, &of_lot, &Stretch::first(20))?;
    found.extend(Hold::list(work, &of_product, &Stretch::first(20))?);
    let mut holds = Beside::new(label("Tạm đình chỉ lưu hành", "Holds"));
    let link = |hold: &Hold| {
        let state = word(crate::desk::words::STATES, hold.state.as_ref(), language);
        (format!("/desk/holds/{}", hold.id), format!("{} ({state}): {}", moment(language, hold.placed_at), hold.reason))
    };
    holds.links = found.iter().map(link).collect();
    if work.actor.is(&[Role::Inspector, Role::ProvincialOfficer]) {
        let text = said(language, label("Tạm đình chỉ lô này", "Place a hold on this lot"));
        holds.links.push((format!("/desk/holds/new?lot_id={}", lot.id), text.to_owned()));
    }
    Ok((!holds.links.is_empty()).then_some(holds))
}

/// A form that tells something new is not filled in with what the lot has.
const NOWHERE: &str = "/nothing";

const SEARCH: Input = Input::new("q", label("Tìm theo số lô", "Search by code"), Asks::Line);

pub static KIND: KindOfThing<Lot> = KindOfThing {
    title: label("Lô hàng", "Lots"),
    about: label(
        "Mỗi mẻ sản xuất là một lô: ghi số lô trên bao bì, số lượng, rồi những gì xảy ra với lô.",
        "Each batch is a lot: its code on the goods, how much, and then what happens to it.",
    ),
    name: "/code",
    fields: &[
        field("/state", label("Trạng thái", "State"), Writing::Wording(STATES)),
        field("/held", label("Đang bị tạm đình chỉ", "On hold"), Writing::YesNo),
        field("/code", label("Số lô", "Code"), Writing::Text),
        field("/product_name", label("Sản phẩm", "Product"), Writing::Link("products", "/product_id")),
        PRODUCER,
        field("/produced_on", label("Ngày sản xuất", "Produced on"), Writing::Day),
        field("/expires_on", label("Hạn sử dụng", "Expires on"), Writing::Day),
        field("/quantity", label("Số lượng", "Quantity"), Writing::Whole),
        field("/unit", label("Đơn vị tính", "Unit"), Writing::Text),
        field("/recalled_at", label("Thu hồi lúc", "Recalled"), Writing::Moment),
        field("/recall_reason", label("Lý do thu hồi", "Why it was recalled"), Writing::Long),
        CREATED,
    ],
    columns: &[
        field("/state", label("Trạng thái", "State"), Writing::Wording(STATES)),
        field("/product_name", label("Sản phẩm", "Product"), Writing::Text),
        field("/producer_name", label("Chủ thể", "Producer"), Writing::Text),
        field("/produced_on", label("Ngày sản xuất", "Produced"), Writing::Day),
        field("/quantity", label("Số lượng", "Quantity"), Writing::Whole),
        field("/held", label("Tạm đình chỉ", "On hold"), Writing::YesNo),
    ],
    filters: &[SEARCH, Input::new("state", label("Trạng thái", "State"), Asks::From(states)), UNIT],
    making: Some(Making {
        step: &CREATE,
        first: &[],
        inputs: &[
            Input::new("product_id", label("Sản phẩm", "Product"), Asks::From(sources::products)).required(),
            Input::new("code", label("Số lô in trên bao bì", "Code printed on the goods"), Asks::Line)
                .required()
                .hint(label("ví dụ L-2021-02", "such as L-2021-02")),
            Input::new("quantity", label("Số lượng", "Quantity"), Asks::Whole).required(),
            Input::new("unit", label("Đơn vị tính", "Unit"), Asks::Line).required().preset(unit),
            Input::new("produced_on", label("Ngày sản xuất", "Produced on"), Asks::Day).required().preset(today),
            Input::new("expires_on", label("Hạn sử dụng", "Expires on"), Asks::Day),
            Input::new("inputs", label("Làm từ các lô", "Made of these lots"), Asks::AnyOf(inputs)).hint(label(
                "Lô của bạn, và lô mà chủ thể khác đã giao hoặc bán cho bạn.",
                "Your own lots, and those that other producers shipped or sold to you.",
            )),
        ],
        beside: no_sides,
        begin: |_, _| Ok(()),
    }),
    steps: &[
        Step {
            step: &ADD_EVENT,
            inputs: &[
                Input::new("kind", label("Việc gì", "What"), Asks::OneOf(EVENTS)).required(),
                Input::new("place", label("Ở đâu", "Where"), Asks::Line).required().preset(place),
                Input::new("at", label("Lúc nào", "When"), Asks::Moment).required().preset(now),
                Input::new("quantity", label("Số lượng", "Quantity"), Asks::Whole)
                    .shown_at(NOWHERE)
                    .hint(label("Theo đơn vị tính của lô.", "In the lot's unit.")),
                Input::new("destination.shop_id", label("Giao, bán cho điểm bán", "To a shop"), Asks::From(shops)),
                Input::new(
                    "destination.producer_id",
                    label("Giao, bán cho chủ thể khác", "To another producer"),
                    Asks::From(buyers),
                )
                .hint(label("Chủ thể ấy được dùng lô này làm nguyên liệu.", "That producer may make others of it.")),
                Input::new("destination.name", label("Hoặc tên người mua", "Or the buyer's name"), Asks::Line)
                    .also_at("/destination"),
                Input::new("destination.address", label("Địa chỉ người mua", "The buyer's address"), Asks::Line),
                Input::new(
                    "documents",
                    label("Giấy tờ kèm theo", "Papers that show it"),
                    Asks::AnyOf(statements::papers),
                ),
                Input::new(
                    "corrects",
                    label("Đính chính cho việc đã ghi", "Corrects what was recorded"),
                    Asks::From(events),
                )
                .hint(label("Khi đính chính, xin ghi lý do.", "A correction says why in its note.")),
                NOTE,
            ],
        },
        Step {
            step: &ADD_INPUTS,
            inputs: &[
                Input::new("inputs", label("Làm từ các lô", "Made of these lots"), Asks::AnyOf(inputs))
                    .or_empty()
                    .needed()
                    .shown_at(NOWHERE),
                NOTE,
            ],
        },
        Step { step: &RECALL, inputs: &[REASON] },
    ],
    beside,
};
