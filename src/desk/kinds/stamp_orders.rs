//! Orders of stamps on the desk: ordered, issued once the passport says what it must, printed, handed over, and activated by
//! range or by reading the first and the last stamp.

use futures_util::future::LocalBoxFuture;
use serde_json::{Value, json};

use crate::account::{Caller, Role, Work};
use crate::base::id::{LotId, ProductId, StampOrderId};
use crate::base::{Error, Moment, Result};
use crate::desk::counter::{Beside, KindOfThing, Making, Press, Step};
use crate::desk::field::{STATE, Writing, field};
use crate::desk::input::{Alternative, Asks, Input, NOTE, REASON};
use crate::desk::kinds::passports;
use crate::desk::kinds::sources::{self, CREATED, PRODUCER, UNIT, member};
use crate::desk::words::{Wording, said, word};
use crate::http::{Answer, Language, PathParam, Problem};
use crate::lot::Lot;
use crate::lot::store::LotFilter;
use crate::page::words::moment;
use crate::page::words::number;
use crate::stamp::exports::steps::MAKE_LINK;
use crate::stamp::exports::store::{self as exports, Export};
use crate::stamp::labels::api::MOST_LABELS;
use crate::stamp::orders::steps::{ACTIVATE, CREATE, DELIVER, DISPLAY, ISSUE, RECEIVE, REFUSE, VOID};
use crate::stamp::orders::{StampOrder, range_store};
use crate::stamp::rules::{Range, State};
use crate::station::{Described, Label, Listed, Stretch, label};
use crate::{lot, product};

/// The lots of the product that stamps may be bound to, the newest first, with what is left without a stamp.
fn lots(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let Some(product_id) = member::<ProductId>(view, "product_id") else { return Ok(Vec::new()) };
    let filter =
        LotFilter { product_id: Some(product_id), state: Some(lot::rules::State::Active), ..LotFilter::default() };
    let language = work.language;
    let found = Lot::list(work, &filter, &Stretch::first(MOST_LOTS))?;
    let ids: Vec<LotId> = found.iter().map(|lot| lot.id).collect();
    let bound = range_store::bound_to(work.connection, &ids)?;
    let told = |lot: &Lot| {
        let left = lot.quantity - bound.get(&lot.id).copied().unwrap_or(0);
        let left = format!("{} {} {}", said(language, label("còn", "left:")), number(language, left.max(0)), lot.unit);
        Alternative::new(lot.id.to_string(), format!("{} · {left}", lot.code))
    };
    Ok(found.iter().map(told).collect())
}

/// So many lots are chosen among.
const MOST_LOTS: i64 = 40;
/// So many ranges of each kind are told.
const MOST_RANGES: i64 = 50;
/// So many files of labels are offered at once, those that were not made first.
const MOST_FILES: usize = 12;

/// The link is told once, on the page that comes of it.
struct MakeLink;

impl Press<StampOrder> for MakeLink {
    fn name(&self) -> &'static str {
        Described::name(&MAKE_LINK)
    }

    fn press(
        &'static self,
        caller: Caller,
        key: PathParam<StampOrderId>,
    ) -> LocalBoxFuture<'static, Result<Answer, Problem>> {
        Box::pin(caller.take_for(&MAKE_LINK, key, |work, link| {
            let language = work.language;
            let until = moment(language, link.expires_at);
            let address = format!("{}/api/v1/stamp-exports/{}", work.app.public_url, link.secret);
            Answer::ok(json!(match language {
                Language::Vietnamese =>
                    format!("Gửi cho nhà in {} (dùng một lần, đến {until}): {address}", link.printer),
                Language::English => format!("For {} (works once, until {until}): {address}", link.printer),
            }))
        }))
    }

    fn tells(&self) -> bool {
        true
    }
}

/// What the passport lacks before it is issued; then the files for the printer, and where its stamps are.
fn beside(work: &mut Work, order: &StampOrder, _: &Value) -> Result<Vec<Beside>> {
    let mut beside = Vec::new();
    if let Some(known) = &order.passport {
        beside.extend(passports::gaps(known, order.row.product_id, order.row.producer_id, work.language));
    }
    if !State::LIVE.contains(&order.row.state) {
        return Ok(beside);
    }
    if work.actor.is(&[Role::Producer, Role::ProvincialOfficer]) {
        beside.push(files(work, order)?);
    }
    beside.extend(bound(work, order)?);
    for (title, found) in [
        (label("Tem đã hủy", "Void stamps"), range_store::voided(work.connection, order.row.id, MOST_RANGES)?),
        (label("Tem trưng bày", "Stamps on display"), range_store::shown(work.connection, order.row.id, MOST_RANGES)?),
    ] {
        beside.extend(ranges(title, found, work.language));
    }
    beside.extend(log(work, order)?);
    Ok(beside)
}

/// Lists of codes, and labels in files of a few thousand with how far they came.
fn files(work: &mut Work, order: &StampOrder) -> Result<Beside> {
    let language = work.language;
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let (id, quantity) = (order.row.id, order.row.quantity);
    let mut files = Beside::new(label("Tệp cho nhà in", "Files for the printer"));
    files.links.push((
        format!("/desk/stamp-orders/{id}/codes.csv"),
        say("Danh sách mã tem (CSV)", "The codes of all stamps (CSV)"),
    ));
    if work.actor.is(&[Role::ProvincialOfficer]) {
        files.links.push((
            format!("/desk/stamp-orders/{id}/scratch.csv"),
            say("Danh sách mã cào (CSV)", "The scratch codes of all stamps (CSV)"),
        ));
    }
    let printed = exports::printed(work.connection, id, Range { first: 1, last: quantity })?;
    let made = |range: &Range| {
        let covers = |made: &Range| made.first <= range.first && made.last >= range.last;
        printed.iter().filter(|(made, _)| covers(made)).map(|(_, at)| *at).max()
    };
    let step = usize::try_from(MOST_LABELS).map_err(Error::internal)?;
    let all: Vec<(Range, Option<Moment>)> = (1..=quantity)
        .step_by(step)
        .map(|first| Range { first, last: first.saturating_add(MOST_LABELS - 1).min(quantity) })
        .map(|range| (range, made(&range)))
        .collect();
    let done = all.iter().filter(|(_, at)| at.is_some()).count();
    let mut shown: Vec<&(Range, Option<Moment>)> = all.iter().filter(|(_, at)| at.is_none()).take(MOST_FILES).collect();
    shown.extend(all.iter().rev().filter(|(_, at)| at.is_some()).take(MOST_FILES.saturating_sub(shown.len())));
    for (range, at) in shown {
        let at = at.map_or_else(
            || say("chưa tạo", "not made yet"),
            |at| format!("{} {}", say("đã tạo", "made"), moment(language, at)),
        );
        let asked = format!("from={}&to={}", range.first, range.last);
        for (ending, what) in [("pdf", say("Nhãn PDF", "Labels as PDF")), ("zip", say("Nhãn SVG", "Labels as SVG"))] {
            let address = format!("/desk/stamp-orders/{id}/labels.{ending}?{asked}");
            files.links.push((address, format!("{what}, {} {range} ({at})", say("tem số", "stamps"))));
        }
    }
    if all.len() > 1 {
        let told = format!("{}: {done}/{}", say("Số tệp nhãn đã tạo", "Files of labels made"), all.len());
        files.links.push((String::new(), told));
    }
    Ok(files)
}

/// Which stamps are on which lot.
fn bound(work: &mut Work, order: &StampOrder) -> Result<Option<Beside>> {
    let found = range_store::bound(work.connection, order.row.id, MOST_RANGES)?;
    if found.is_empty() {
        return Ok(None);
    }
    let lots: Vec<LotId> = found.iter().map(|(_, lot, _)| *lot).collect();
    let codes = lot::store::codes(work.connection, &lots)?;
    let language = work.language;
    let mut bound = Beside::new(label("Tem đã kích hoạt", "Activated stamps"));
    let link = |(range, lot, at): &(Range, LotId, Moment)| {
        let code = codes.get(lot).cloned().unwrap_or_default();
        let lot_is = said(language, label("lô", "lot"));
        (format!("/desk/lots/{lot}"), format!("{range} · {lot_is} {code} · {}", moment(language, *at)))
    };
    bound.links = found.iter().map(link).collect();
    Ok(Some(bound))
}

fn ranges(title: Label, found: Vec<(Range, String, Moment)>, language: Language) -> Option<Beside> {
    if found.is_empty() {
        return None;
    }
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let row =
        |(range, reason, at): &(Range, String, Moment)| vec![range.to_string(), reason.clone(), moment(language, *at)];
    let mut beside = Beside::new(title);
    let heads = vec![say("Tem số", "Stamps"), say("Lý do", "Reason"), say("Lúc", "When")];
    beside.table = Some((heads, found.iter().map(row).collect()));
    Some(beside)
}

const EXPORTS: &[Wording] = &[
    ("codes", label("Danh sách mã", "Codes")),
    ("scratch", label("Danh sách mã cào", "Scratch codes")),
    ("labels_pdf", label("Nhãn PDF", "Labels as PDF")),
    ("labels_svg", label("Nhãn SVG", "Labels as SVG")),
    ("labels_png", label("Nhãn PNG", "Labels as PNG")),
];

/// When codes or labels left the service.
fn log(work: &mut Work, order: &StampOrder) -> Result<Option<Beside>> {
    let found = exports::list(work.connection, order.row.id, None, 20)?;
    if found.is_empty() {
        return Ok(None);
    }
    let language = work.language;
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let row = |export: &Export| {
        let kind = serde_json::to_value(export.kind).map_err(Error::internal)?;
        Ok(vec![
            moment(language, export.at),
            word(EXPORTS, kind.as_str().unwrap_or_default(), language),
            Range { first: export.first, last: export.last }.to_string(),
            export.printer.clone().unwrap_or_default(),
        ])
    };
    let rows = found.iter().map(row).collect::<Result<Vec<_>>>()?;
    let mut log = Beside::new(label("Các lần tải mã và nhãn", "When codes and labels were taken"));
    let heads = vec![say("Lúc", "When"), say("Tệp", "File"), say("Tem số", "Stamps"), say("Nhà in", "Printer")];
    log.table = Some((heads, rows));
    Ok(Some(log))
}

/// What the product's passport lacks, before its stamps are ordered.
fn lacking(work: &mut Work, view: &Value) -> Result<Vec<Beside>> {
    let Some(id) = member::<ProductId>(Some(view), "product_id") else { return Ok(Vec::new()) };
    let own =
        product::store::find(work.connection, id)?.filter(|product| Some(product.producer_id) == work.actor.producer);
    match own {
        Some(product) => passports::of_product(work, &product),
        None => Ok(Vec::new()),
    }
}

const FROM: Input = Input::new("from", label("Từ tem số", "From stamp"), Asks::Whole);
const TO: Input = Input::new("to", label("Đến tem số", "To stamp"), Asks::Whole);
const WHY: Input = Input::new("reason", label("Lý do", "Reason"), Asks::Lines).required();
const PRODUCT: Input = Input::new("product_id", label("Sản phẩm", "Product"), Asks::From(sources::products));

pub static KIND: KindOfThing<StampOrder> = KindOfThing {
    title: label("Đơn tem", "Stamp orders"),
    about: label(
        "Chủ thể đặt tem cho sản phẩm; văn phòng tỉnh cấp khi hộ chiếu số của sản phẩm đủ thông tin.",
        "Producers order stamps for their products; the provincial office issues them once the passport says what it must.",
    ),
    name: "/product_name",
    fields: &[
        STATE,
        field("/product_name", label("Sản phẩm", "Product"), Writing::Link("products", "/product_id")),
        PRODUCER,
        field("/quantity", label("Số tem đặt", "Stamps ordered"), Writing::Whole),
        field("/issued", label("Đã cấp", "Issued"), Writing::Whole),
        field("/activated", label("Đã kích hoạt", "Activated"), Writing::Whole),
        field("/void", label("Đã hủy", "Void"), Writing::Whole),
        field("/display", label("Trưng bày", "On display"), Writing::Whole),
        field("/scanned", label("Số tem đã được quét", "Stamps ever scanned"), Writing::Whole),
        field("/issued_at", label("Cấp lúc", "Issued"), Writing::Moment),
        field("/note", label("Ghi chú của văn phòng", "What the office wrote"), Writing::Long),
        field("/delivered_at", label("Giao lúc", "Handed over"), Writing::Moment),
        field("/receipt", label("Biên bản giao nhận", "Receipt"), Writing::Text),
        field("/received_at", label("Chủ thể xác nhận nhận lúc", "Received"), Writing::Moment),
        CREATED,
    ],
    columns: &[
        STATE,
        field("/producer_name", label("Chủ thể", "Producer"), Writing::Text),
        field("/quantity", label("Số tem", "Stamps"), Writing::Whole),
        field("/activated", label("Đã kích hoạt", "Activated"), Writing::Whole),
        field("/issued_at", label("Cấp lúc", "Issued"), Writing::Moment),
        CREATED,
    ],
    filters: &[
        Input::new("state", label("Trạng thái", "State"), Asks::From(sources::states_of::<State>)),
        PRODUCT,
        UNIT,
    ],
    making: Some(Making {
        step: &CREATE,
        first: &[PRODUCT.required()],
        inputs: &[
            Input::new("product_id", label("Sản phẩm", "Product"), Asks::Said),
            Input::new("quantity", label("Số tem", "Stamps"), Asks::Whole)
                .required()
                .also_at("/product_id")
                .hint(label("Nhiều nhất 10.000.000 tem một đơn.", "10,000,000 at most in an order.")),
        ],
        beside: lacking,
        begin: |_, _| Ok(()),
    }),
    steps: &[
        Step { step: &ISSUE, inputs: &[NOTE] },
        Step { step: &REFUSE, inputs: &[REASON] },
        Step {
            step: &DELIVER,
            inputs: &[Input::new("receipt", label("Biên bản giao nhận", "Receipt"), Asks::Line)
                .required()
                .hint(label("Số biên bản, người nhận", "Its number, and who took the stamps over"))],
        },
        Step { step: &RECEIVE, inputs: &[NOTE] },
        Step {
            step: &ACTIVATE,
            inputs: &[
                Input::new("lot_id", label("Gắn cho lô", "For the lot"), Asks::From(lots)).required(),
                Input::new("first_code", label("Tem đầu", "The first stamp"), Asks::Code)
                    .hint(label("Quét tem, hoặc gõ mã in trên tem.", "Scan the stamp, or type its code.")),
                Input::new("last_code", label("Tem cuối", "The last stamp"), Asks::Code)
                    .hint(label("Quét tem, hoặc gõ mã in trên tem.", "Scan the stamp, or type its code.")),
                FROM.hint(label("Thay cho mã tem đầu.", "In the place of the first stamp's code.")),
                TO.hint(label("Thay cho mã tem cuối.", "In the place of the last stamp's code.")),
            ],
        },
        Step { step: &VOID, inputs: &[FROM.required(), TO.required(), WHY] },
        Step { step: &DISPLAY, inputs: &[FROM.required(), TO.required(), WHY] },
        Step {
            step: &MakeLink,
            inputs: &[
                Input::new("printer", label("Nhà in", "Printer"), Asks::Line).required(),
                Input::new("hours", label("Dùng được trong (giờ)", "Works for so many hours"), Asks::Whole)
                    .hint(label("48 giờ nếu để trống.", "48 where nothing is said.")),
            ],
        },
    ],
    beside,
};
