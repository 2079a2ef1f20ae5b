//! The page behind a stamp, as rich as they come, rendered again and again: how much processor time one takes, and how that
//! compares to a digest of its bytes in the same run. The page and the stylesheet are what the first view fetches.
//!
//!     cargo bench --bench pages

use std::hint::black_box;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use ocop::base::id::{PictureId, ProducerId, ProductId, StampOrderId};
use ocop::base::keys::Keyring;
use ocop::base::{Day, Moment, Stars};
use ocop::decision::rules::{Certified, Term};
use ocop::http::Language;
use ocop::lot::event_rules::EventKind;
use ocop::page::{Frame, Section};
use ocop::privacy::consent::{ConsentKind, in_force};
use ocop::product::attachment_store::Picture;
use ocop::stamp::Mint;
use ocop::stamp::answer::StampAnswer;
use ocop::stamp::code::Minted;
use ocop::stamp::page::{Gaps, StampPage};
use ocop::stamp::passport::{EventFacts, LotFacts, Passport, ProducerFacts, ProductFacts};
use ocop::stamp::rules::suspects::Marks;
use ocop::stamp::scan::Scanned;
use sha2::{Digest, Sha256};
use strum::IntoEnumIterator;

const STYLESHEET: &str = include_str!("../templates/site.css");

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const PAGES: u32 = 20_000;

/// What is promised of one page.
const MOST: Duration = Duration::from_millis(1);

/// How long this thread has been on a processor.
fn processor_time() -> Outcome<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = told.split_whitespace().next().ok_or("no figure")?.parse()?;
    Ok(Duration::from_nanos(nanoseconds))
}

/// The processor time of one turn, over many.
fn timed(mut work: impl FnMut() -> Outcome<()>) -> Outcome<Duration> {
    let began = processor_time()?;
    for _ in 0..PAGES {
        work()?;
    }
    Ok(processor_time()?.saturating_sub(began) / PAGES)
}

/// A passport with all that one can hold: certificate, lot, ten events, a picture, warnings.
fn passport(today: Day) -> Outcome<Passport> {
    let at: Moment = "2021-02-20T01:00:00Z".parse()?;
    let event = |number: i64| EventFacts {
        kind: EventKind::iter().cycle().nth(usize::try_from(number).unwrap_or_default()).unwrap_or(EventKind::Pack),
        at: at.plus(chrono::Duration::hours(number)),
        place: format!("Xưởng Sơn Kim số {number}, thôn Kim Cương, Hương Sơn"),
        note: "Lọc, hạ thủy phần xuống 18 %; đóng hũ 500 ml & dán tem".into(),
    };
    Ok(Passport {
        order: StampOrderId::new(),
        ordered_by: ProducerId::new(),
        product: ProductFacts {
            name: "Mật ong rừng Sơn Kim <hũ 500 ml>".into(),
            code: "42-439-18196-1-2021".into(),
            gtin: Some("8934563138165".into()),
            origin: Some("Xã Sơn Kim 1, huyện Hương Sơn, tỉnh Hà Tĩnh".into()),
            shelf_life: Some("24 tháng kể từ ngày sản xuất".into()),
            safety_warnings: Some("Không dùng cho trẻ dưới 1 tuổi".into()),
            picture: Some(Picture {
                id: PictureId::new(),
                product_id: ProductId::new(),
                created_at: at,
                width: Some(1600),
                height: Some(1200),
                place: 0,
            }),
        },
        producer: ProducerFacts {
            name: "Hợp tác xã Nông nghiệp và Dịch vụ “Sơn Kim”".into(),
            address: "Thôn Kim Cương, xã Sơn Kim 1, huyện Hương Sơn, tỉnh Hà Tĩnh".into(),
            kind: "cooperative".into(),
            phone: Some("0239 3875 555".into()),
        },
        certificate: Some(Certified {
            number: "42-2021-0001".into(),
            stars: Stars::new(4).ok_or("four stars")?,
            issued_on: "2021-02-22".parse()?,
            term: Term { valid_until: "2024-02-22".parse()?, extended_until: None, revoked_on: None },
        }),
        lot: Some(LotFacts {
            code: "L-2021-01".into(),
            produced_on: "2021-02-20".parse()?,
            expires_on: Some(today.plus_days(-1)),
        }),
        events: (0..10).map(event).collect(),
        is_void: false,
        marks: Marks { void_at: None, sold_out_at: None },
        is_display: true,
        is_recalled: false,
        is_held: false,
    })
}

/// Bytes as the server compresses them.
fn gzipped(bytes: &[u8]) -> Outcome<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

fn main() -> Outcome<()> {
    let keys = Keyring::generate()?;
    let mint = Mint::new(&keys)?;
    let code = mint.code(Minted { key_id: keys.stamp_key()?.id, order: 7, serial: 1234 })?;
    let today: Day = "2021-03-01".parse()?;
    let passport = Arc::new(passport(today)?);
    let scanned = Scanned {
        passport,
        serial: 1234,
        count: 3,
        first_at: Some("2021-02-22T02:00:00Z".parse()?),
        is_suspect: false,
        today,
    };
    let again = format!("/t/{code}?again=26893521-0123456789abcdef&lang=en");
    let consent = in_force(ConsentKind::Doubt, today)?;
    for language in [Language::Vietnamese, Language::English] {
        let tag = language.tag();
        let page = || {
            let answer = StampAnswer::new(code, &scanned, "https://ocop.example.vn", language);
            let frame = Frame::of(language, "https://ocop.example.vn", Section::Scan);
            let gaps = Gaps::of(&frame, code, &scanned, &again);
            StampPage::of_stamp(frame, &answer, &gaps, consent).html()
        };
        let html = page()?;
        let rendering = timed(|| {
            black_box(page()?);
            Ok(())
        })?;
        let hashing = timed(|| {
            black_box(Sha256::digest(black_box(html.as_bytes())));
            Ok(())
        })?;
        let ratio = rendering.as_secs_f64() / hashing.as_secs_f64();
        println!("{tag}: rendered in {rendering:?} of processor time, {ratio:.1} times a SHA-256 of its bytes");
        let style = STYLESHEET.as_bytes();
        println!(
            "{tag}: {} bytes of HTML ({} compressed), {} of CSS ({} compressed)",
            html.len(),
            gzipped(html.as_bytes())?,
            style.len(),
            gzipped(style)?
        );
        if rendering >= MOST {
            return Err(format!("{tag}: a page takes longer than {MOST:?}").into());
        }
    }
    Ok(())
}
