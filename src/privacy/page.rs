//! The record as a page of the documentation.

use std::fmt::Write;

use crate::base::{Error, Result};
use crate::privacy::record::{Kept, RECORD};

const BEFORE: &str = "# Which data of persons are kept, why, and for how long

By law 91/2025/QH15 on the protection of personal data. Made by `ocop privacy` from the record in `src/privacy/record.rs`; a test
finds each column of the database there or among those without data of persons (`src/privacy/impersonal.rs`). Times are those of
the database's clock.

| what | whose | why | how long | who sees it | where |
|---|---|---|---|---|---|
";

const AFTER: &str = include_str!("after.md");

/// The page, as `docs/privacy.md` has it.
pub fn markdown() -> Result<String> {
    let mut page = String::from(BEFORE);
    for kept in RECORD {
        let Kept { what, whose, why, term, seen_by, .. } = kept;
        let told =
            [what.en, whose.en, why.en, &term.told().en, seen_by.en, &places(kept)].map(|cell| cell.replace('|', "/"));
        writeln!(page, "| {} |", told.join(" | ")).map_err(Error::internal)?;
    }
    page.push('\n');
    page.push_str(AFTER);
    Ok(page)
}

/// Where it lies; what nobody keeps lies nowhere.
fn places(kept: &Kept) -> String {
    let tables: Vec<String> = kept.columns.iter().map(|(table, _)| format!("`{table}`")).collect();
    if tables.is_empty() { "–".to_owned() } else { tables.join(", ") }
}
