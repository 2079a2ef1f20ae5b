//! Rewards by star on the desk: drafted and paid by the provincial office, decided by the signatory, seen by who is rewarded.

use serde_json::{Value, json};

use crate::account::Work;
use crate::base::Result;
use crate::base::id::DecisionId;
use crate::decision::Decision;
use crate::decision::rules::{Kind, State as DecisionState};
use crate::decision::store::DecisionFilter;
use crate::desk::counter::{Beside, KindOfThing, Making, Step, no_sides};
use crate::desk::field::{STATE, Writing, field};
use crate::desk::input::{Alternative, Asks, Input, NOTE};
use crate::desk::kinds::sources::{self, CREATED, MOST};
use crate::desk::words::said;
use crate::page::words::{day, number};
use crate::product;
use crate::station::{Listed, Stretch, label};
use crate::support::Reward;
use crate::support::reward::rules::State;
use crate::support::reward::steps::{CHANGE, CREATE, DECIDE, DISCARD, PAY};

/// Promulgated decisions that recognise products.
fn decisions(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    if Decision::must_list(work.asker()).is_err() {
        return Ok(Vec::new());
    }
    let (kind, state) = (Some(Kind::Recognise), Some(DecisionState::Promulgated));
    let filter = DecisionFilter { kind, state, ..DecisionFilter::default() };
    let found = Decision::list(work, &filter, &Stretch::first(MOST))?;
    let told = |decision: Decision| {
        let signed = decision.signed_on.map(|signed_on| day(work.language, signed_on)).unwrap_or_default();
        Alternative::new(decision.id.to_string(), format!("{} ({signed})", decision.number.unwrap_or_default()))
    };
    Ok(found.into_iter().map(told).collect())
}

/// The products of a reward that are not paid yet.
fn unpaid(_: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let items = view.and_then(|view| view.get("items")?.as_array().cloned()).unwrap_or_default();
    let text = |item: &Value, member: &str| item.get(member).and_then(Value::as_str).unwrap_or_default().to_owned();
    let unpaid = items.iter().filter(|item| item.get("paid_on").is_none_or(Value::is_null));
    Ok(unpaid.map(|item| Alternative::new(text(item, "product_id"), text(item, "product_name"))).collect())
}

const RATE: &[Input] = &[
    Input::new("stars", label("Hạng sao", "Stars"), Asks::Whole).required(),
    Input::new("amount", label("Mức thưởng", "Amount"), Asks::Money).required(),
];

const RATES: Input =
    Input::new("rates", label("Mức thưởng theo hạng sao", "Rates by stars"), Asks::Rows(RATE, 1)).required();

/// What each product is given.
fn beside(work: &mut Work, reward: &Reward, _: &Value) -> Result<Vec<Beside>> {
    let language = work.language;
    let products: Vec<_> = reward.items.iter().map(|item| item.product_id).collect();
    let names = product::store::names(work.connection, &products)?;
    let heads = [
        label("Sản phẩm", "Product"),
        label("Hạng sao", "Stars"),
        label("Mức thưởng", "Amount"),
        label("Ngày chi", "Paid on"),
        label("Chứng từ", "Voucher"),
    ];
    let rows = reward.items.iter().map(|item| {
        vec![
            names.get(&item.product_id).cloned().unwrap_or_default(),
            item.stars.get().to_string(),
            number(language, item.amount.get()),
            item.paid_on.map(|paid_on| day(language, paid_on)).unwrap_or_default(),
            item.voucher.clone().unwrap_or_default(),
        ]
    });
    let heads = heads.iter().map(|head| said(language, *head).to_owned()).collect();
    let table = Some((heads, rows.collect()));
    let mut decision = Beside::new(label("Quyết định công nhận", "Decision of recognition"));
    let shown = crate::station::find::<Decision>(work, &reward.row.decision_id);
    if let Ok(found) = shown {
        decision.links.push((address(reward.row.decision_id), found.number.unwrap_or_default()));
    }
    let given = Beside { table, ..Beside::new(label("Thưởng từng sản phẩm", "What each product is given")) };
    Ok([given].into_iter().chain((!decision.links.is_empty()).then_some(decision)).collect())
}

fn address(decision: DecisionId) -> String {
    format!("/desk/decisions/{decision}")
}

/// A reward begins with a line for 3 stars and one for 4.
fn begin(_: &mut Work, view: &mut Value) -> Result<()> {
    if let Some(members) = view.as_object_mut() {
        members.insert("rates".to_owned(), json!([{"stars": 3}, {"stars": 4}]));
    }
    Ok(())
}

pub static KIND: KindOfThing<Reward> = KindOfThing {
    title: label("Thưởng theo hạng sao", "Rewards"),
    about: label(
        "Thưởng sản phẩm được công nhận: mức thưởng theo hạng sao của một quyết định công nhận.",
        "What products are given for their stars: rates on a decision of recognition.",
    ),
    name: "/number|/decision_number",
    fields: &[
        STATE,
        field("/decision_number", label("Quyết định công nhận", "Decision of recognition"), Writing::Text),
        field("/number", label("Số quyết định thưởng", "Number"), Writing::Text),
        field("/signed_on", label("Ngày ký", "Signed on"), Writing::Day),
        field("/products", label("Số sản phẩm", "Products"), Writing::Whole),
        field("/total", label("Tổng tiền thưởng", "Altogether"), Writing::Money),
        field("/paid", label("Đã chi", "Paid"), Writing::Money),
        field("/account_name", label("Người soạn", "Drafted by"), Writing::Text),
        CREATED,
    ],
    columns: &[
        STATE,
        field("/signed_on", label("Ngày ký", "Signed on"), Writing::Day),
        field("/products", label("Số sản phẩm", "Products"), Writing::Whole),
        field("/total", label("Tổng tiền thưởng", "Altogether"), Writing::Money),
        field("/paid", label("Đã chi", "Paid"), Writing::Money),
    ],
    filters: &[Input::new("state", label("Trạng thái", "State"), Asks::From(sources::states_of::<State>))],
    making: Some(Making {
        step: &CREATE,
        first: &[],
        inputs: &[
            Input::new("decision_id", label("Quyết định công nhận", "Decision of recognition"), Asks::From(decisions))
                .required(),
            RATES,
        ],
        beside: no_sides,
        begin,
    }),
    steps: &[
        Step { step: &CHANGE, inputs: &[RATES] },
        Step {
            step: &DECIDE,
            inputs: &[
                Input::new("number", label("Số quyết định thưởng", "Number"), Asks::Line).required(),
                Input::new("signed_on", label("Ngày ký", "Signed on"), Asks::Day).required(),
            ],
        },
        Step {
            step: &PAY,
            inputs: &[
                Input::new(
                    "product_id",
                    label("Sản phẩm (để trống: tất cả)", "Product (empty: all)"),
                    Asks::From(unpaid),
                ),
                Input::new("paid_on", label("Ngày chi", "Paid on"), Asks::Day).required(),
                Input::new("voucher", label("Số chứng từ chi", "Voucher"), Asks::Line).required(),
            ],
        },
        Step { step: &DISCARD, inputs: &[NOTE] },
    ],
    beside,
};
