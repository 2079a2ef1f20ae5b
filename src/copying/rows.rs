//! What a table holds, in a form that is the same on both databases.

use std::fmt;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::base::digest::canonical;
use crate::base::{Error, Result};
use crate::copying::store::Table;
use crate::db::column::Form;

/// How many rows, and the sum of their digests: the same in whatever order they come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Contents {
    pub rows: u64,
    sum: [u64; 4],
}

impl Contents {
    /// Adds a row, given as a list of texts.
    pub fn add(&mut self, table: &Table, row: &str) -> Result<()> {
        let mut values: Vec<Option<String>> = serde_json::from_str(row).map_err(Error::internal)?;
        for (column, value) in table.columns.iter().zip(&mut values) {
            if let (Form::Json, Some(text)) = (column.form, value) {
                // PostgreSQL keeps what it says, not how it was written.
                let value: Value = serde_json::from_str(text)
                    .map_err(|error| Error::internal(format!("{}.{} is no JSON: {error}", table.name, column.name)))?;
                *text = canonical(&value)?;
            }
        }
        let digest = Sha256::digest(serde_json::to_vec(&values).map_err(Error::internal)?);
        for (sum, part) in self.sum.iter_mut().zip(digest.as_chunks().0) {
            *sum = sum.wrapping_add(u64::from_be_bytes(*part));
        }
        self.rows += 1;
        Ok(())
    }
}

impl fmt::Display for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rows, ", self.rows)?;
        self.sum.iter().try_for_each(|part| write!(f, "{part:016x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::column::Column;

    #[test]
    fn contents_are_the_same_in_any_order_and_of_the_same_rows_only() {
        let column = |name: &str, form| Column { name: name.into(), form };
        let table = Table { name: "t".into(), columns: vec![column("a", Form::Text), column("b", Form::Json)] };
        let of = |rows: &[&str]| {
            let mut contents = Contents::default();
            rows.iter().for_each(|row| contents.add(&table, row).unwrap());
            contents
        };
        let (first, second) = (r#"["x","{\"b\": 1, \"a\": [2]}"]"#, r#"["y",null]"#);
        assert_eq!(of(&[first, second]), of(&[second, r#"[ "x", "{\"a\":[2],\"b\":1}" ]"#]));
        for other in [&[first][..], &[first, first], &[first, r#"["y","null"]"#], &[first, r#"["Y",null]"#]] {
            assert_ne!(of(&[first, second]), of(other), "{other:?}");
        }
    }
}
