//! Stamps on goods: one for each verdict that a scan can come to.

use std::net::{IpAddr, Ipv4Addr};

use crate::account::Actor;
use crate::base::id::{LotId, ProductId, StampOrderId};
use crate::base::{Day, Error, Moment, Result};
use crate::demo::stage::{Stage, on};
use crate::hold::steps::HoldForm;
use crate::http::{ClientAddress, Language};
use crate::lot::event_rules::{EventForm, EventKind};
use crate::lot::rules::LotForm;
use crate::stamp::code::{Mint, Minted};
use crate::stamp::orders;
use crate::stamp::orders::activation::ActivationRequest;
use crate::stamp::passport::Passports;
use crate::stamp::rules::{OrderForm, VoidForm};
use crate::stamp::scan::{self, Scan};
use crate::station::{Note, Order, Reason, apply, apply_creation};
use crate::{hold, lot};

/// A stamp to try, and what its scan shows.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Sample {
    pub verdict: String,
    pub code: String,
}

/// A product and who makes it.
#[derive(Clone, Copy)]
pub struct Goods<'a> {
    pub producer: &'a Actor,
    pub product: ProductId,
}

/// What the sample stamps go onto.
pub struct Shelf<'a> {
    pub good: Goods<'a>,
    pub recalled: Goods<'a>,
    pub held: Goods<'a>,
    pub revoked: Goods<'a>,
    /// Goods whose stamps are genuine, with a warning each.
    pub warned: Vec<(&'static str, Goods<'a>)>,
}

/// One stamp for each verdict, ordered on a day; `revoke` takes back the certificate of what is to be revoked.
pub fn samples(
    stage: &mut Stage,
    (office, inspector): (&Actor, &Actor),
    shelf: Shelf,
    (ordered, now): (Day, Moment),
    revoke: impl FnOnce(&mut Stage) -> Result<()>,
) -> Result<Vec<Sample>> {
    let mint = Mint::new(&stage.app().keys.clone())?;
    let mut samples = Vec::new();
    let mut add = |stage: &mut Stage, verdict: &str, order: StampOrderId, serial: i32| {
        let code = code(stage, &mint, order, serial)?;
        samples.push(Sample { verdict: verdict.to_owned(), code });
        Ok::<_, Error>(())
    };
    let mut lots = 0;
    let mut sold = |stage: &mut Stage, goods: Goods| {
        lots += 1;
        on_sale(stage, office, goods, &format!("L{lots:02}-{}", ordered.year()), ordered)
    };

    // 1 to 200 go onto good jars, 201 to 220 were spoilt, the others wait.
    let (order, lot) = sold(stage, shelf.good)?;
    let form = VoidForm { from: 201, to: 220, reason: "Cuộn tem bị ướt khi vận chuyển".into() };
    let work = &mut stage.work(shelf.good.producer, on(ordered.plus_days(5), 0));
    apply(work, &orders::steps::VOID, &order, Order::given(form))?;
    journey(stage, shelf.good.producer, lot, ordered)?;
    add(stage, "genuine", order, 1)?;
    add(stage, "not_activated", order, 300)?;
    add(stage, "void", order, 205)?;
    copied(stage, &mint, order, 2, now)?;
    add(stage, "suspect", order, 2)?;

    let (order, lot) = sold(stage, shelf.recalled)?;
    let reason = Reason::new(Some("Mẫu kiểm nghiệm không đạt chỉ tiêu vi sinh".to_owned()))?;
    let work = &mut stage.work(inspector, on(ordered.plus_days(10), 0));
    apply(work, &lot::steps::RECALL, &lot, Order::given(reason))?;
    add(stage, "recalled", order, 1)?;

    let (order, _) = sold(stage, shelf.held)?;
    let reason = "Chờ kết quả kiểm tra điều kiện sản xuất".to_owned();
    let form = HoldForm { product_id: Some(shelf.held.product), lot_id: None, reason };
    apply_creation(&mut stage.work(inspector, on(ordered.plus_days(11), 0)), &hold::steps::CREATE, form)?;
    add(stage, "suspended", order, 1)?;

    let (order, _) = sold(stage, shelf.revoked)?;
    revoke(stage)?;
    add(stage, "revoked", order, 1)?;

    for (warning, goods) in shelf.warned {
        let (order, _) = sold(stage, goods)?;
        add(stage, &format!("genuine, {warning}"), order, 1)?;
    }
    Ok(samples)
}

/// Orders and issues stamps for a product.
pub fn order_stamps(
    stage: &mut Stage,
    office: &Actor,
    Goods { producer, product }: Goods,
    quantity: i32,
    on_day: Day,
) -> Result<StampOrderId> {
    let form = OrderForm { product_id: product, quantity };
    let work = &mut stage.work(producer, on(on_day, 0));
    let id = apply_creation(work, &orders::steps::CREATE, form)?;
    let work = &mut stage.work(office, on(on_day.plus_days(1), 60));
    apply(work, &orders::steps::ISSUE, &id, Order::given(Note::NONE))?;
    Ok(id)
}

fn code(stage: &mut Stage, mint: &Mint, order: StampOrderId, serial: i32) -> Result<String> {
    let order = orders::store::find(stage.connection, order)?.ok_or_else(Error::unknown)?;
    Ok(mint.code(Minted { order: order.number, serial, key_id: order.key_id()? })?.to_string())
}

/// An order of 500 stamps, a lot, and the first 200 stamps bound to it.
fn on_sale(stage: &mut Stage, office: &Actor, goods: Goods, code: &str, ordered: Day) -> Result<(StampOrderId, LotId)> {
    let Goods { producer, product } = goods;
    let order = order_stamps(stage, office, goods, 500, ordered)?;
    let produced_on = ordered.plus_days(-4);
    let form = LotForm {
        product_id: product,
        code: code.to_owned(),
        produced_on,
        expires_on: Some(produced_on.plus_days(364)),
        quantity: 500,
        unit: "hộp".into(),
        inputs: Vec::new(),
    };
    let entered = ordered.plus_days(3);
    let lot = apply_creation(&mut stage.work(producer, on(entered, 0)), &lot::steps::CREATE, form)?;
    let form = ActivationRequest::of_serials(1, 200, lot);
    apply(&mut stage.work(producer, on(entered, 60)), &orders::steps::ACTIVATE, &order, Order::given(form))?;
    Ok((order, lot))
}

/// How a lot came to its shop.
fn journey(stage: &mut Stage, producer: &Actor, lot: LotId, ordered: Day) -> Result<()> {
    let steps = [
        (EventKind::Harvest, -8, "Vườn của chủ thể", ""),
        (EventKind::Process, -6, "Xưởng của chủ thể", "Lọc, hạ thủy phần"),
        (EventKind::Pack, -4, "Xưởng của chủ thể", "Đóng hộp, dán tem"),
        (EventKind::Ship, 4, "Điểm bán hàng OCOP", ""),
    ];
    let told = on(ordered.plus_days(4), 60);
    for (kind, days, place, note) in steps {
        let order = Order::given(EventForm::new(kind, on(ordered.plus_days(days), 0), place, note));
        apply(&mut stage.work(producer, told), &lot::steps::ADD_EVENT, &lot, order)?;
    }
    Ok(())
}

/// A stamp that was photographed and printed on many jars: phones in thirty networks scan it on one day.
fn copied(stage: &mut Stage, mint: &Mint, order: StampOrderId, serial: i32, now: Moment) -> Result<()> {
    let code = code(stage, mint, order, serial)?;
    let (_, stamp) = mint.read(&code).ok_or_else(|| Error::internal("a code that was just minted cannot be read"))?;
    let scans: Vec<Scan> = (1..=30u8)
        .map(|phone| Scan {
            stamp,
            language: Language::Vietnamese,
            place: None,
            client: ClientAddress::new(IpAddr::V4(Ipv4Addr::new(198, 18, phone, 1))),
            is_visitor: true,
        })
        .collect();
    scan::record(stage.connection, mint, Passports::default(), &scans, now.plus(chrono::Duration::days(-2)))?;
    Ok(())
}
