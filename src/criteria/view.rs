//! What lists show of a criteria set.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::Result;
use crate::base::id::CriteriaSetId;
use crate::criteria::store::SetTitles;
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

/// What the criteria set of something is called, beside its code; null where there is no such set.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct NamedSet {
    /// The edition whose set it is.
    criteria_set_edition: Option<EditionCode>,
    criteria_set_title: Option<String>,
    criteria_set_title_en: Option<String>,
}

impl NamedSet {
    /// By its code and, where something belongs to a cycle, the cycle's edition.
    pub fn of(titles: &SetTitles, code: &str, edition: Option<EditionCode>) -> Self {
        let found = titles.get(code, edition);
        Self {
            criteria_set_edition: found.map(|found| found.edition),
            criteria_set_title: found.map(|found| found.title.clone()),
            criteria_set_title_en: found.map(|found| found.title_en.clone()),
        }
    }
}
