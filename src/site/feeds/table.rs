//! `/catalogue.csv`: the catalogue as a table, with the names of Google's product feed where one fits. There is no price
//! in it: the province does not sell.
//!
//! It begins with a byte order mark: people open it in spreadsheets, which otherwise misread Vietnamese; programs that
//! dislike the mark have the JSON.

use actix_web::{HttpResponse, get};

use crate::base::{Error, Result};
use crate::decision::rules::address_to_verify;
use crate::http::{Problem, Refusals, Visitor};
use crate::product::picture;
use crate::site::feeds::catalogue::{self, Catalogue, Form};
use crate::site::feeds::store::FeedItem;
use crate::site::structured;

const MARK: &str = "\u{feff}";

const COLUMNS: [&str; 18] = [
    "id",
    "title",
    "description",
    "link",
    "image_link",
    "additional_image_link",
    "gtin",
    "identifier_exists",
    "brand",
    "product_type",
    "stars",
    "certificate_number",
    "certificate_link",
    "certified_on",
    "valid_until",
    "producer_address",
    "commune",
    "district",
];

/// As many further pictures as Google's feed takes.
const MOST_PICTURES: usize = 10;

struct Table;

impl Form for Table {
    fn head(&self, _: &Catalogue) -> Result<Vec<u8>> {
        let mut head = MARK.as_bytes().to_vec();
        head.extend(lines([COLUMNS.map(str::to_owned)])?);
        Ok(head)
    }

    fn entries(&self, catalogue: &Catalogue, entries: &[FeedItem], _: bool) -> Result<Vec<u8>> {
        lines(entries.iter().map(|entry| row(entry, catalogue.public_url())))
    }

    fn foot(&self) -> &'static str {
        ""
    }
}

fn row(entry: &FeedItem, public_url: &str) -> [String; COLUMNS.len()] {
    let described = &entry.described;
    let certificate = described.certificate.as_ref();
    let mut pictures = described.pictures.iter().map(|id| picture::absolute(public_url, *id));
    let first = pictures.next().unwrap_or_default();
    let others: Vec<String> = pictures.take(MOST_PICTURES).collect();
    let of = |told: fn(&crate::decision::rules::Certified) -> String| certificate.map(told).unwrap_or_default();
    [
        described.code.clone(),
        described.name.clone(),
        described.description.clone(),
        structured::address(public_url, &described.code),
        first,
        others.join(","),
        described.gtin.clone().unwrap_or_default(),
        if described.gtin.is_some() { "yes" } else { "no" }.to_owned(),
        described.maker.name.clone(),
        described.category.clone().unwrap_or_default(),
        of(|certificate| certificate.stars.get().to_string()),
        of(|certificate| certificate.number.clone()),
        certificate.map(|certificate| address_to_verify(public_url, &certificate.number)).unwrap_or_default(),
        of(|certificate| certificate.issued_on.to_string()),
        of(|certificate| certificate.term.last_day().to_string()),
        described.maker.address.clone(),
        entry.commune.clone(),
        entry.district.clone().unwrap_or_default(),
    ]
}

fn lines<const WIDTH: usize>(rows: impl IntoIterator<Item = [String; WIDTH]>) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.map(|cell| safe(&cell))).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(Error::internal)
}

/// A cell on one line that no spreadsheet takes for a formula.
fn safe(cell: &str) -> String {
    let line = cell.split(|letter: char| letter.is_whitespace() || letter.is_control());
    let line = line.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if line.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) { format!("'{line}") } else { line }
}

/// All products that are certified today, as a table in UTF-8.
#[utoipa::path(
    tag = "pages", security(()), responses((status = 200, body = String, content_type = "text/csv"), Refusals)
)]
#[get("/catalogue.csv")]
pub async fn flat(visitor: Visitor) -> Result<HttpResponse, Problem> {
    catalogue::answer(visitor.app, &visitor.request, "text/csv; charset=utf-8; header=present", Table).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=HYPERLINK(\"http://x\")", "+84 912", "-1", "@SUM(A1)", "\t=1+1", "\r\n=1", "＝1", " =1"] {
            assert!(safe(cell).starts_with('\''), "{cell:?}");
        }
        assert_eq!(safe("Mật ong\r\n rừng\u{0}, loại \"1\""), "Mật ong rừng , loại \"1\"");
    }

    proptest! {
        #[test]
        fn a_row_is_one_line_with_all_its_cells(cells in prop::array::uniform3(any::<String>())) {
            let written = lines([cells.clone()]).unwrap();
            prop_assert_eq!(written.iter().filter(|byte| **byte == b'\n').count(), 1);
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(written.as_slice());
            let read: Vec<String> = reader.records().next().unwrap().unwrap().iter().map(str::to_owned).collect();
            prop_assert_eq!(read, cells.map(|cell| safe(&cell)).to_vec());
        }
    }
}
