//! What lists show of a criteria set.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::Result;
use crate::base::id::CriteriaSetId;
use crate::criteria::{Sector, Set, SetRow};
use crate::cycle::EditionCode;
use crate::station::Shown;

/// A set in a list, without its tree.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetSummary {
    id: CriteriaSetId,
    code: String,
    edition: EditionCode,
    version: i32,
    complete: bool,
    title: String,
    title_en: String,
    sector: Sector,
}

impl Shown for SetRow {
    type View = SetSummary;

    fn views(_: &mut Work, sets: &[Self]) -> Result<Vec<SetSummary>> {
        let view = |set: &SetRow| {
            let Set { title, title_en, sector, .. } = &set.tree.0;
            SetSummary {
                id: set.id,
                code: set.code.clone(),
                edition: set.edition,
                version: set.version,
                complete: set.complete,
                title: title.clone(),
                title_en: title_en.clone(),
                sector: *sector,
            }
        };
        Ok(sets.iter().map(view).collect())
    }
}
