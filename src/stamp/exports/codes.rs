//! Lists of codes of any length, streamed: a few thousand lines are in memory at a time, and no connection is held.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Bytes;
use futures_util::stream;

use crate::base::{Error, Result};
use crate::stamp::code::{Mint, Minted};
use crate::stamp::orders::store::OrderRow;
use crate::stamp::qr;
use crate::stamp::rules::Range;

/// Codes that are computed at a time.
const AT_A_TIME: i32 = 2000;

/// What the third column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Address,
    Scratch,
}

/// What is needed to write the codes of an order.
struct Sheet {
    mint: Arc<Mint>,
    public_url: String,
    number: i32,
    key_id: char,
    column: Column,
}

impl Sheet {
    fn lines(&self, first: i32, last: i32) -> Result<String> {
        let mut lines = String::new();
        for serial in first..=last {
            let stamp = Minted { order: self.number, serial, key_id: self.key_id };
            let code = self.mint.code(stamp)?;
            let third = match self.column {
                Column::Address => qr::text(&self.public_url, code),
                Column::Scratch => grouped(&self.mint.scratch(stamp)?),
            };
            lines.push_str(&format!("{serial},{code},{third}\n"));
        }
        Ok(lines)
    }
}

/// Digits in two groups: as text, for a spreadsheet would make a number of them and drop the zero with which some begin; and as
/// they are printed and read out.
fn grouped(digits: &str) -> String {
    let (one, other) = digits.split_at_checked(digits.len() / 2).unwrap_or((digits, ""));
    format!("{one} {other}")
}

/// The answer that streams the codes of a range: serial, code, and the address or the scratch code.
pub fn streamed(
    mint: Arc<Mint>,
    public_url: String,
    order: &OrderRow,
    range: Range,
    column: Column,
) -> Result<HttpResponse> {
    let sheet = Arc::new(Sheet { mint, public_url, number: order.number, key_id: order.key_id()?, column });
    let (head, name) = match column {
        Column::Address => ("serial,code,address\n", "codes"),
        Column::Scratch => ("serial,code,scratch\n", "scratch"),
    };
    let lines = stream::try_unfold(range.first, move |next: i32| {
        let sheet = sheet.clone();
        async move {
            if next > range.last {
                return Ok::<_, Error>(None);
            }
            let last = next.saturating_add(AT_A_TIME - 1).min(range.last);
            let lines = tokio::task::spawn_blocking(move || sheet.lines(next, last)).await;
            let mut lines = lines.map_err(Error::internal)??;
            if next == range.first {
                lines.insert_str(0, head);
            }
            Ok(Some((Bytes::from(lines), last + 1)))
        }
    });
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}-{}-{range}.csv\"", order.id).replace('–', "-"),
        ))
        .insert_header((CACHE_CONTROL, "no-store"))
        .streaming(lines))
}
