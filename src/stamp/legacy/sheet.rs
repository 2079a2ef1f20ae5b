//! Rows of a sheet as spreadsheets write CSV: each in the way of its country.

use csv::{ReaderBuilder, StringRecord, Trim};
use serde::de::DeserializeOwned;

use crate::base::{Error, Result, canonical, say};

/// What spreadsheets put between two cells.
const SEPARATORS: [char; 3] = [',', ';', '\t'];
/// How a first line begins that says which of them it is.
const SAID: &str = "sep=";

/// The rows below the line with the names of the columns, which are the members of `T` in any case. Rows and columns without
/// anything in them are passed over.
pub fn rows<T: DeserializeOwned>(text: &str) -> Result<Vec<T>> {
    let text = text.trim_start_matches('\u{feff}');
    let (first, behind) = text.split_once('\n').unwrap_or((text, ""));
    let said = first.trim().get(..SAID.len()).filter(|start| start.eq_ignore_ascii_case(SAID));
    let said = said.and_then(|_| first.trim_start().chars().nth(SAID.len()));
    let (separator, table, above) = match said {
        Some(separator) => (separator, behind, 1),
        None => (most_frequent(first), text, 0),
    };
    let separator = u8::try_from(separator).ok().filter(u8::is_ascii).ok_or_else(|| unreadable(1))?;
    let mut reader =
        ReaderBuilder::new().delimiter(separator).trim(Trim::All).flexible(true).from_reader(table.as_bytes());
    let names: StringRecord = reader
        .headers()
        .map_err(|error| unreadable(line(error.position()) + above))?
        .iter()
        .map(|name| canonical::bare(name).to_lowercase().replace(' ', "_"))
        .take_while(|name| !name.is_empty())
        .collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(line(error.position()) + above))?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        let at = line(record.position()) + above;
        if record.iter().skip(names.len()).any(|cell| !cell.is_empty()) {
            return Err(unreadable(at));
        }
        let cells: StringRecord = record.iter().take(names.len()).collect();
        rows.push(cells.deserialize(Some(&names)).map_err(|_| unreadable(at))?);
    }
    Ok(rows)
}

/// What separates the cells of a line, by what stands in it most often.
fn most_frequent(line: &str) -> char {
    let count = |separator: &char| line.chars().filter(|letter| letter == separator).count();
    // Of several that stand as often the last is found: the comma, where there is none.
    SEPARATORS.into_iter().rev().max_by_key(count).unwrap_or(',')
}

fn line(position: Option<&csv::Position>) -> u64 {
    position.map_or(1, csv::Position::line)
}

fn unreadable(line: u64) -> Error {
    let detail = say(
        format!("CSV không đọc được ở dòng {line}: mỗi dòng có đúng các cột của dòng đầu."),
        format!("The CSV cannot be read at line {line}: each line has just the columns of the first."),
    );
    Error::invalid("/csv", "malformed_csv", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Eq, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Row {
        code: String,
        product_id: u32,
    }

    fn read(text: &str) -> Option<Vec<(String, u32)>> {
        rows::<Row>(text).ok().map(|rows| rows.into_iter().map(|row| (row.code, row.product_id)).collect())
    }

    #[test]
    fn a_sheet_is_read_as_each_country_writes_it() {
        let expected = Some(vec![("SP-1".to_owned(), 7), ("a,b;c".to_owned(), 8)]);
        for text in [
            "code,product_id\nSP-1,7\n\"a,b;c\",8\n",
            "\u{feff}code,product_id\r\nSP-1,7\r\n\"a,b;c\",8\r\n",
            "Code;Product_ID\nSP-1;7\n\"a,b;c\";8\n;\n;\n",
            "sep=;\nCODE;PRODUCT ID\nSP-1;7\n\"a,b;c\";8\n",
            "\u{feff}SEP=;\r\ncode;product_id\r\nSP-1;7\r\n\"a,b;c\";8",
            "code\tproduct_id\n SP-1 \t 7 \n\"a,b;c\"\t8\n\t\n\n",
            "product_id,code,,\n7,SP-1,,\n8,\"a,b;c\",,\n,,,\n,\n",
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
        assert_eq!((read(""), read("code;product_id\n"), read("sep=;")), (Some(vec![]), Some(vec![]), Some(vec![])));
    }

    #[test]
    fn what_fits_no_column_is_refused() {
        for text in [
            "code,product_id\nSP-1\n",
            "code,product_id\nSP-1,7,x\n",
            "code,colour\nSP-1,7\n",
            "code\nSP-1\n",
            "sep=é\ncode",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}
