//! The record as a page of the documentation.

use std::fmt::Write;

use strum::VariantArray;

use crate::base::{Error, Result};
use crate::privacy::record::{Kept, Level, RECORD};

const BEFORE: &str = "# Which data of persons are kept, why, and for how long

By law 91/2025/QH15 on the protection of personal data. Made by `ocop privacy` from the record in `src/privacy/record.rs`; a test
finds each column of the database there or among those without data of persons (`src/privacy/impersonal.rs`). Times are those of
the database's clock.

";

const HEAD: &str = "
| what | level | whose | why | how long | who sees it | where |
|---|---|---|---|---|---|---|
";

const AFTER: &str = include_str!("after.md");

/// The page, as `docs/privacy.md` has it.
pub fn markdown() -> Result<String> {
    let mut page = String::from(BEFORE);
    page.push_str("| level | what it asks for |\n|---|---|\n");
    for level in Level::VARIANTS {
        writeln!(page, "| {} | {} |", level.as_ref(), level.asks_for().en).map_err(Error::internal)?;
    }
    page.push_str(HEAD);
    for kept in RECORD {
        let Kept { what, level, whose, why, term, seen_by, .. } = kept;
        let told = [what.en, level.as_ref(), whose.en, why.en, &term.told().en, seen_by.en, &places(kept)]
            .map(|cell| cell.replace('|', "/"));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_sees_something_fits_its_level() {
        for Kept { what, level, seen_by, .. } in RECORD {
            match level {
                Level::Public => assert_eq!(seen_by.en, "everybody", "{}", what.en),
                Level::Secret => assert_eq!(seen_by.en, "nobody", "{}", what.en),
                Level::Personal | Level::Sensitive => assert_ne!(seen_by.en, "everybody", "{}", what.en),
            }
        }
        assert!(Level::VARIANTS.iter().all(|level| RECORD.iter().any(|kept| kept.level == *level)));
    }
}
