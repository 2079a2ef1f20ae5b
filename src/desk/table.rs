//! A list as a table that is taken away: CSV for programs, XLSX for spreadsheets. In neither is a cell a formula.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::account::Work;
use crate::base::{Day, Error, Result};
use crate::desk::asked::ListAsked;
use crate::desk::counter::Counter;
use crate::desk::field::Datum;
use crate::desk::words::said;
use crate::http::Language;

/// So many rows a table has: what is more is narrowed down first.
pub const MOST_ROWS: usize = 5000;

/// So many are read at once.
const AT_ONCE: u32 = 100;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableKind {
    Csv,
    Xlsx,
}

impl TableKind {
    pub const ALL: [Self; 2] = [Self::Xlsx, Self::Csv];

    pub fn suffix(self) -> &'static str {
        match self {
            Self::Csv => ".csv",
            Self::Xlsx => ".xlsx",
        }
    }

    pub fn media(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// The same list as a table.
pub fn table(
    work: &mut Work,
    language: Language,
    counter: &dyn Counter,
    asked: &ListAsked,
    kind: TableKind,
) -> Result<Vec<u8>> {
    let heads = counter.fields().iter().map(|field| said(language, field.label).to_owned());
    let mut rows: Vec<Vec<Datum>> = vec![heads.map(Datum::Text).collect()];
    let mut asked = asked.clone();
    while rows.len() <= MOST_ROWS {
        let found = counter.list(work, asked.query(AT_ONCE))?;
        let row = |view| counter.fields().iter().map(|field| field.datum(view, language)).collect();
        rows.extend(found.rows.iter().map(|thing| row(&thing.view)));
        let Some(next) = found.next else { break };
        asked = asked.after(next);
    }
    rows.truncate(MOST_ROWS + 1);
    written(rows, kind)
}

/// Rows, the first of which are the heads, as a file.
pub fn written(rows: Vec<Vec<Datum>>, kind: TableKind) -> Result<Vec<u8>> {
    match kind {
        TableKind::Csv => Ok(csv(rows).into_bytes()),
        TableKind::Xlsx => xlsx(rows).map_err(Error::internal),
    }
}

/// A table as it is sent.
pub fn sent(name: &str, kind: TableKind, table: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind.media()))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}{}\"", kind.suffix())))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(table)
}

fn csv(rows: Vec<Vec<Datum>>) -> String {
    // A byte order mark, by which spreadsheets know that it is UTF-8.
    let mut csv = String::from("\u{feff}");
    for row in rows {
        let cells: Vec<String> =
            row.into_iter().map(|datum| format!("\"{}\"", plain(datum).replace('"', "\"\""))).collect();
        csv.push_str(&cells.join(","));
        csv.push_str("\r\n");
    }
    csv
}

/// A text of which no spreadsheet makes a formula.
fn plain(datum: Datum) -> String {
    match datum {
        Datum::Nothing => String::new(),
        Datum::Number(number) | Datum::Sum(number) => number.to_string(),
        Datum::Day(day) => day.to_string(),
        Datum::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
        Datum::Text(text) => text,
    }
}

/// The longest text that a cell of a spreadsheet takes.
const LONGEST_CELL: usize = 32_767;

fn xlsx(rows: Vec<Vec<Datum>>) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let (head, day, sum) =
        (Format::new().set_bold(), Format::new().set_num_format("dd/mm/yyyy"), Format::new().set_num_format("#,##0"));
    let sheet = workbook.add_worksheet();
    for (row, cells) in (0u32..).zip(rows) {
        for (column, datum) in (0u16..).zip(cells) {
            match datum {
                Datum::Nothing => {}
                Datum::Number(number) => drop(sheet.write_number(row, column, number)?),
                Datum::Sum(number) => drop(sheet.write_number_with_format(row, column, number, &sum)?),
                Datum::Day(at) => write_day(sheet, (row, column), at, &day)?,
                // Written as a text it stays one, with its zeros in front, and whatever it begins with.
                Datum::Text(text) => {
                    let text: String = text.chars().take(LONGEST_CELL).collect();
                    match row {
                        0 => sheet.write_string_with_format(row, column, text, &head)?,
                        _ => sheet.write_string(row, column, text)?,
                    };
                }
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofit();
    workbook.save_to_buffer()
}

fn write_day(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    day: Day,
    format: &Format,
) -> std::result::Result<(), XlsxError> {
    match ExcelDateTime::parse_from_str(&day.to_string()) {
        Ok(at) => sheet.write_datetime_with_format(row, column, &at, format)?,
        // Spreadsheets know no day before 1900.
        Err(_) => sheet.write_string(row, column, day.to_string())?,
    };
    Ok(())
}
