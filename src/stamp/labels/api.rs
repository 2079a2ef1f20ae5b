//! Labels of an order for printing, by ranges; and how far a whole order has come.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::sync::{Arc, LazyLock, Weak};
use std::time::Duration;

use actix_web::body::SizedStream;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, LINK};
use actix_web::{HttpResponse, get, web};
use futures_util::StreamExt;
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Caller, Role, Work};
use crate::base::capacity::MEBIBYTE;
use crate::base::id::StampOrderId;
use crate::base::{Error, Fault, Kind, Moment, Result, say};
use crate::decision::certificate_store::newest_of;
use crate::files::{Folder, chunks};
use crate::http::turns::{Heavy, Turn, Turns};
use crate::http::{Answer, Page, PathParam, Problem, Query, Refusals, bounds};
use crate::product;
use crate::stamp::Scanner;
use crate::stamp::code::Minted;
use crate::stamp::exports::opening::{self, Opened, Terms};
use crate::stamp::exports::store::{self as exports, Kind as ExportKind};
use crate::stamp::labels::drawing::{self, Format};
use crate::stamp::labels::pdf::{self, Layout};
use crate::stamp::labels::sheet::{self, Label, Subject, Types};
use crate::stamp::orders::StampOrder;
use crate::stamp::orders::store::OrderRow;
use crate::stamp::rules::Range;
use crate::station::find;

/// Labels that one call makes: what fits into memory as one document.
pub const MOST_LABELS: i32 = 5000;
/// A document of labels takes a processor and some hundred megabytes for a while: one at a time, and some who wait.
const LABELS: Heavy = Heavy { name: "labels", at_once: 1, waiting: 16, longest_wait: Duration::from_secs(60), busy };

/// The largest file that is made of as many labels as are made at once.
const LARGEST: u64 = 256 * MEBIBYTE;

static TURNS: LazyLock<std::result::Result<Turns, String>> =
    LazyLock::new(|| Turns::new(LABELS).map_err(|error| error.to_string()));

fn busy() -> Error {
    Error::refused(
        Kind::Unavailable,
        "busy",
        say(
            "Đang có nhiều tem chờ dựng để in; xin thử lại sau ít phút.",
            "Many labels are waiting to be made for printing; please try again in a few minutes.",
        ),
    )
}

const TERMS: Terms = Terms { roles: &[Role::Producer, Role::ProvincialOfficer], most: Some(MOST_LABELS) };

/// Whether whoever asked for labels still waits for them.
struct Awaited(Weak<()>);

impl Awaited {
    fn check(&self) -> Result<()> {
        if self.0.strong_count() > 0 { Ok(()) } else { Err(Error::internal("nobody waits for these labels any more")) }
    }
}

/// What was asked for besides the range.
struct Wish<T> {
    form: T,
    size: u16,
    subject: Subject,
}

/// Reads the size and the form; finds what the labels say.
fn wish<T>(
    work: &mut Work,
    query: &mut Query,
    order: &OrderRow,
    faults: &mut Vec<Fault>,
    form: impl FnOnce(&mut Query) -> T,
) -> Result<Wish<T>> {
    let form = form(query);
    let size = u16::try_from(query.number_or_usual(bounds::SIZE)).map_err(Error::internal)?;
    let public_url = work.app.public_url.to_string();
    faults.extend(sheet::check_size(size, &public_url).err());
    let product = product::store::find(work.connection, order.product_id)?.ok_or_else(Error::unknown)?;
    let today = work.now.day();
    let certificate = newest_of(work.connection, &[order.product_id])?.remove(&order.product_id);
    let stars =
        certificate.filter(|certificate| certificate.is_in_force(today)).map(|certificate| certificate.stars.get());
    Ok(Wish { form, size, subject: Subject { product: product.name, public_url, stars } })
}

/// The labels of a range, one after another.
fn labels<'a, T>(
    opened: &'a Opened<Wish<T>>,
    scanner: &'a Scanner,
    types: &'a Types,
    awaited: &'a Awaited,
) -> Result<impl Iterator<Item = Result<(String, Label)>> + 'a> {
    let key_id = opened.order.key_id()?;
    let wish = &opened.options;
    Ok((opened.range.first..=opened.range.last).map(move |serial| {
        awaited.check()?;
        let code = scanner.mint().code(Minted { order: opened.order.number, serial, key_id })?;
        Ok((format!("{serial:08}-{code}"), sheet::label(&wish.subject, types, code, wish.size)?))
    }))
}

/// Where a file of labels is made: in a turn, in the folder of files.
struct Making {
    turn: Turn,
    folder: Folder,
}

impl Making {
    /// Waits for the turn of who asks, where they may: 507 where the disk has no room for the largest file.
    async fn begin(caller: &mut Caller, id: &PathParam<StampOrderId>) -> Result<Self, Problem> {
        let account = opening::must_open(caller, id, TERMS).await?;
        let folder = Folder::of(&caller.app.data_dir);
        caller.app.capacity.must_have_disk(folder.root(), LARGEST)?;
        let turns = TURNS.as_ref().map_err(Error::internal)?;
        Ok(Self { turn: turns.take_as(account.to_string()).await?, folder })
    }
}

/// Makes a file away from the threads that answer, and sends it with the address of the next range. Nothing is made any more once
/// nobody waits for it.
async fn answered<T: Send + 'static>(
    Making { turn, folder }: Making,
    opened: Opened<Wish<T>>,
    media: &'static str,
    ending: &'static str,
    parameters: String,
    make: impl FnOnce(&Opened<Wish<T>>, &Awaited, &mut File) -> Result<()> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let (order, range, quantity) = (opened.order.id, opened.range, opened.order.quantity);
    let size = opened.options.size;
    // It is gone once whoever asked is.
    let waits = Arc::new(());
    let awaited = Awaited(Arc::downgrade(&waits));
    let made = turn.work(move || {
        let mut file = folder.nameless()?;
        make(&opened, &awaited, &mut file)?;
        let length = file.seek(SeekFrom::End(0)).map_err(Error::internal)?;
        file.rewind().map_err(Error::internal)?;
        Ok::<_, Error>((file, length))
    });
    let (turn, made) = made.await?;
    drop(waits);
    // The file takes room until it is sent, so whoever has it sent keeps a place until then.
    let place = turn.end();
    let (file, length) = made?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, media))
        .insert_header((
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"labels-{order}-{}-{}.{ending}\"", range.first, range.last),
        ))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("x-serials", format!("{}-{}/{quantity}", range.first, range.last)));
    if range.last < quantity {
        let (from, to) = (range.last + 1, range.last.saturating_add(MOST_LABELS).min(quantity));
        let next =
            format!("/api/v1/stamp-orders/{order}/labels.{ending}?from={from}&to={to}&size_mm={size}{parameters}");
        response.insert_header((LINK, format!("<{next}>; rel=\"next\"")));
    }
    let sent = chunks(tokio::fs::File::from_std(file)).inspect(move |_| {
        let _until_sent = &place;
    });
    Ok(response.body(SizedStream::new(length, sent)))
}

/// Sheets of labels as PDF (own producer, provincial office), at most 5,000 at a time: `layout` is `a4` (a grid) or
/// `roll` (one label a page); `size_mm` is the side of the QR without its quiet zone, 10 to 60, to the
/// nearest whole dot a module of 300 dots an inch. `Link` names the next range.
#[utoipa::path(
    tag = "stamps",
    params(
        ("from" = Option<i32>, Query), ("to" = Option<i32>, Query),
        ("layout" = Option<String>, Query, description = "a4 (if not given) or roll"), ("size_mm" = Option<u16>, Query)
    ),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf"), Refusals)
)]
#[get("/stamp-orders/{id}/labels.pdf")]
pub async fn as_pdf(
    caller: Caller,
    id: PathParam<StampOrderId>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    pdf_of(caller, id, scanner.get_ref().clone()).await
}

/// Labels of an order as PDF, for whoever may have them.
pub async fn pdf_of(
    mut caller: Caller,
    id: PathParam<StampOrderId>,
    scanner: Scanner,
) -> Result<HttpResponse, Problem> {
    let making = Making::begin(&mut caller, &id).await?;
    let opened = opening::open(caller, id, TERMS, |work, query, order, faults| {
        let layout = |query: &mut Query| query.take("layout").unwrap_or(Layout::A4);
        Ok((ExportKind::LabelsPdf, wish(work, query, order, faults, layout)?))
    });
    let opened = opened.await?;
    let parameters = format!("&layout={}", opened.options.form.as_ref());
    answered(making, opened, "application/pdf", "pdf", parameters, move |opened, awaited, file| {
        let types = Types::new()?;
        let labels = labels(opened, &scanner, &types, awaited)?.map(|label| label.map(|(_, label)| label));
        let title = format!("{}, {}", opened.options.subject.product, opened.range);
        let bytes = pdf::draw(labels, opened.options.form, &title)?;
        file.write_all(&bytes).map_err(Error::internal)
    })
    .await
}

/// Labels as pictures in a ZIP (own producer, provincial office), at most 5,000 at a time: `format` is `svg` or `png`.
#[utoipa::path(
    tag = "stamps",
    params(
        ("from" = Option<i32>, Query), ("to" = Option<i32>, Query),
        ("format" = Option<String>, Query, description = "svg (if not given) or png"), ("size_mm" = Option<u16>, Query)
    ),
    responses((status = 200, body = Vec<u8>, content_type = "application/zip"), Refusals)
)]
#[get("/stamp-orders/{id}/labels.zip")]
pub async fn as_zip(
    caller: Caller,
    id: PathParam<StampOrderId>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    zip_of(caller, id, scanner.get_ref().clone()).await
}

/// Labels of an order as pictures, for whoever may have them.
pub async fn zip_of(
    mut caller: Caller,
    id: PathParam<StampOrderId>,
    scanner: Scanner,
) -> Result<HttpResponse, Problem> {
    let making = Making::begin(&mut caller, &id).await?;
    let opened = opening::open(caller, id, TERMS, |work, query, order, faults| {
        let wish = wish(work, query, order, faults, |query: &mut Query| query.take("format").unwrap_or(Format::Svg))?;
        let kind = if wish.form == Format::Svg { ExportKind::LabelsSvg } else { ExportKind::LabelsPng };
        Ok((kind, wish))
    });
    let opened = opened.await?;
    let parameters = format!("&format={}", opened.options.form.as_ref());
    answered(making, opened, "application/zip", "zip", parameters, move |opened, awaited, file| {
        let types = Types::new()?;
        drawing::pack(labels(opened, &scanner, &types, awaited)?, opened.options.form, &types, file)
    })
    .await
}

/// A range of labels that one call makes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LabelRange)]
pub struct RangeAnswer {
    from: i32,
    to: i32,
    /// When labels of the whole range were last made; null where they never were.
    printed_at: Option<Moment>,
}

/// The consecutive ranges in which a whole order is printed, and which of them were made (own producer, provincial
/// office).
#[utoipa::path(
    tag = "stamps",
    params(("limit" = Option<i64>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = Page<RangeAnswer>), Refusals)
)]
#[get("/stamp-orders/{id}/label-ranges")]
pub async fn ranges(caller: Caller, id: PathParam<StampOrderId>) -> Result<Answer, Problem> {
    let mut query = caller.request.query();
    caller
        .read(move |work| {
            let StampOrder { row: order, .. } = find(work, &id.get()?)?;
            work.actor.must_be(TERMS.roles)?;
            order.state.must_be_issued()?;
            let paging = query.paging::<i32>();
            query.finish()?;
            let start = match paging.after.unwrap_or(0) {
                after if (0..order.quantity).contains(&after) && after % MOST_LABELS == 0 => after + 1,
                _ => {
                    let detail = say("after không phải con trỏ của danh sách này.", "after is no cursor of this list.");
                    return Err(Error::invalid("after", "malformed_cursor", detail).into());
                }
            };
            let shown = usize::try_from(paging.one_more()).map_err(Error::internal)?;
            let step = usize::try_from(MOST_LABELS).map_err(Error::internal)?;
            let ranges: Vec<Range> = (start..=order.quantity)
                .step_by(step)
                .take(shown)
                .map(|first| Range { first, last: first.saturating_add(MOST_LABELS - 1).min(order.quantity) })
                .collect();
            let last = ranges.last().map_or(start, |range| range.last);
            let printed = exports::printed(work.connection, order.id, Range { first: start, last })?;
            let covering = |range: &Range| {
                let covers = |made: &Range| made.first <= range.first && made.last >= range.last;
                printed.iter().filter(|(made, _)| covers(made)).map(|(_, at)| *at).max()
            };
            let answers = ranges
                .iter()
                .map(|range| RangeAnswer { from: range.first, to: range.last, printed_at: covering(range) })
                .collect();
            let (answers, next) = paging.cut(answers, |range: &RangeAnswer| range.to)?;
            Ok(Answer::page(answers, next)?)
        })
        .await
}
