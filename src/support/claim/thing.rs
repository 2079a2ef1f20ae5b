//! A claim as its steps find it, and who may see it.

use crate::account::{Actor, Asker, Role, Territory, Work};
use crate::audit::Resource;
use crate::base::Result;
use crate::base::id::{AnyId, SupportClaimId};
use crate::files::StoredFile;
use crate::station::{Access, Listed, Offer, Stretch, Thing};
use crate::support::claim::rules::{Turn, accepting_office};
use crate::support::claim::steps;
use crate::support::claim::store::{self, ClaimFile, ClaimRow, FilePurpose, SupportClaimFilter};

/// A claim of support money (hồ sơ đề nghị hỗ trợ) of a producer, with its papers.
#[derive(Debug, Clone)]
pub struct SupportClaim {
    pub row: ClaimRow,
    pub files: Vec<(ClaimFile, StoredFile)>,
    /// Who accepts it on site.
    pub accepts: Role,
}

impl SupportClaim {
    pub fn around(work: &mut Work, rows: Vec<ClaimRow>) -> Result<Vec<Self>> {
        let ids: Vec<SupportClaimId> = rows.iter().map(|row| row.id).collect();
        let mut files = store::files(work.connection, &ids)?;
        let around = |row: ClaimRow| {
            let looks_after = row.edition.edition()?.steps.looks_after;
            let accepts = accepting_office(looks_after, row.district_code.as_ref());
            Ok(Self { files: files.remove(&row.id).unwrap_or_default(), accepts, row })
        };
        rows.into_iter().map(around).collect()
    }

    /// How many of its papers are of a kind.
    pub fn papers(&self, purpose: FilePurpose) -> usize {
        self.files.iter().filter(|(file, _)| file.purpose == purpose).count()
    }

    /// Whose part of the way the asker has.
    pub fn turn_of(&self, asker: Asker) -> Turn {
        if asker.is(&[self.accepts]) { Turn::Acceptance } else { Turn::Appraisal }
    }
}

/// As the list has it: what was never handed in is its producer's alone.
fn is_shown_to(actor: &Actor, row: &ClaimRow) -> bool {
    let is_known = matches!(actor.territory(), Territory::Producer(_)) || row.handed_in_on.is_some();
    is_known && actor.sees(&row.home())
}

impl Thing for SupportClaim {
    type Key = SupportClaimId;
    const RESOURCE: Resource = Resource::SupportClaim;
    const PATH: &'static str = "support-claims";

    fn load(work: &mut Work, key: &SupportClaimId, access: Access) -> Result<Option<Self>> {
        let row = match access {
            Access::Taken => store::take(work.connection, *key)?,
            Access::Seen => store::find(work.connection, *key)?,
        };
        let row = row.filter(|row| is_shown_to(&work.actor, row));
        Ok(Self::around(work, row.into_iter().collect())?.pop())
    }

    fn id(&self) -> AnyId {
        self.row.id.any()
    }

    fn version(&self) -> i32 {
        self.row.version
    }

    fn state(&self) -> Option<&str> {
        Some(self.row.state.as_ref())
    }

    fn verbs() -> &'static [&'static dyn Offer<Self>] {
        steps::VERBS
    }
}

impl Listed for SupportClaim {
    type Filter = SupportClaimFilter;
    type Cursor = SupportClaimId;

    fn list(work: &mut Work, filter: &SupportClaimFilter, stretch: &Stretch<SupportClaimId>) -> Result<Vec<Self>> {
        let territory = work.actor.territory();
        let rows = store::list(work.connection, &territory, filter, stretch)?;
        Self::around(work, rows)
    }

    fn count(work: &mut Work, filter: &SupportClaimFilter) -> Result<i64> {
        let territory = work.actor.territory();
        store::count(work.connection, &territory, filter)
    }

    fn cursor(&self) -> SupportClaimId {
        self.row.id
    }
}
