//! Points of sale on the desk.

use serde_json::Value;

use crate::account::Work;
use crate::base::Result;
use crate::desk::counter::{Beside, KindOfThing, Making, Step, no_sides};
use crate::desk::field::{Writing, field};
use crate::desk::input::{Alternative, Asks, Input};
use crate::desk::kinds::sources::{self, COMMUNE, CREATED, DISTRICT, SEARCH, UNIT};
use crate::product;
use crate::shop::Shop;
use crate::shop::steps::{CHANGE, CREATE, PRODUCTS};
use crate::shop::store;
use crate::station::label;

const NAME: Input = Input::new("name", label("Tên điểm bán hàng", "Name of the shop"), Asks::Line).required();
const IN_COMMUNE: Input = Input::new("commune_code", label("Xã", "Commune"), Asks::Commune).required();
const ADDRESS: Input = Input::new("address", label("Địa chỉ", "Address"), Asks::Line).required();
const PHONE: Input = Input::new("phone", label("Điện thoại", "Phone"), Asks::Phone);
const OPENED: Input = Input::new("opened_on", label("Mở từ ngày", "Open since"), Asks::Day).required();
const CLOSED: Input = Input::new("closed_on", label("Ngày bán cuối cùng", "Last day"), Asks::Day)
    .hint(label("Để trống khi còn mở, ví dụ 22/02/2021", "Empty while it is open; such as 22/02/2021"));

/// The products of the territory, and what the shop sells already.
fn products(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let mut choices = sources::products(work, None)?;
    let sold = view.and_then(|view| view.get("product_ids")).and_then(Value::as_array).into_iter().flatten();
    let others: Vec<_> = sold
        .filter_map(|id| id.as_str())
        .filter(|id| choices.iter().all(|choice| choice.value != *id))
        .filter_map(|id| id.parse().ok())
        .collect();
    let names = product::store::names(work.connection, &others)?;
    choices.extend(names.into_iter().map(|(id, name)| Alternative::new(id.to_string(), name)));
    Ok(choices)
}

/// What it sells.
fn beside(work: &mut Work, shop: &Shop, _: &Value) -> Result<Vec<Beside>> {
    let sold = store::sold_in(work.connection, &[shop.id])?.remove(&shop.id).unwrap_or_default();
    let names = product::store::names(work.connection, &sold)?;
    let mut beside = Beside::new(label("Sản phẩm đang bán", "What it sells"));
    beside.links = names.into_iter().map(|(id, name)| (format!("/desk/products/{id}"), name)).collect();
    Ok(if beside.links.is_empty() { Vec::new() } else { vec![beside] })
}

pub static KIND: KindOfThing<Shop> = KindOfThing {
    title: label("Điểm bán hàng", "Points of sale"),
    about: label("Nơi bán và giới thiệu sản phẩm OCOP.", "Where OCOP products are sold and shown."),
    name: "/name",
    fields: &[
        field("/name", label("Tên", "Name"), Writing::Text),
        field("/address", label("Địa chỉ", "Address"), Writing::Text),
        COMMUNE,
        DISTRICT,
        field("/phone", label("Điện thoại", "Phone"), Writing::Text),
        field("/opened_on", label("Mở từ ngày", "Open since"), Writing::Day),
        field("/closed_on", label("Ngày bán cuối cùng", "Last day"), Writing::Day),
        CREATED,
    ],
    columns: &[
        COMMUNE,
        field("/address", label("Địa chỉ", "Address"), Writing::Text),
        field("/phone", label("Điện thoại", "Phone"), Writing::Text),
        field("/opened_on", label("Mở từ", "Open since"), Writing::Day),
        field("/closed_on", label("Đóng", "Closed"), Writing::Day),
    ],
    filters: &[SEARCH, UNIT],
    making: Some(Making {
        step: &CREATE,
        first: &[],
        inputs: &[NAME, IN_COMMUNE, ADDRESS, PHONE, OPENED, CLOSED],
        beside: no_sides,
        begin: |_, _| Ok(()),
    }),
    steps: &[
        Step { step: &CHANGE, inputs: &[NAME, IN_COMMUNE, ADDRESS, PHONE.clearing(), OPENED, CLOSED.clearing()] },
        Step {
            step: &PRODUCTS,
            inputs: &[Input::new("product_ids", label("Sản phẩm đang bán", "What it sells"), Asks::AnyOf(products))
                .or_empty()],
        },
    ],
    beside,
};
