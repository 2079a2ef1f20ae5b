//! A notice of a result, as it is shown: once it is sent nothing is done with it any more.

use crate::account::Work;
use crate::audit::Resource;
use crate::base::Result;
use crate::base::id::{AnyId, ResultNoticeId};
use crate::decision::result_notice::store::{self, NoticeRow, ResultNoticeFilter};
use crate::station::{Access, Listed, Offer, Stretch, Thing};

/// A written notice of a result.
#[derive(Debug, Clone)]
pub struct ResultNotice {
    pub row: NoticeRow,
}

impl Thing for ResultNotice {
    type Key = ResultNoticeId;
    const RESOURCE: Resource = Resource::ResultNotice;
    const PATH: &'static str = "result-notices";

    /// It is never changed, so its row is not taken.
    fn load(work: &mut Work, key: &ResultNoticeId, _: Access) -> Result<Option<Self>> {
        let row = store::find(work.connection, *key)?;
        Ok(row.filter(|row| work.actor.sees(&row.home())).map(|row| Self { row }))
    }

    fn id(&self) -> AnyId {
        self.row.id.any()
    }

    fn version(&self) -> i32 {
        self.row.version
    }

    fn verbs() -> &'static [&'static dyn Offer<Self>] {
        &[]
    }
}

impl Listed for ResultNotice {
    type Filter = ResultNoticeFilter;
    type Cursor = ResultNoticeId;

    fn list(work: &mut Work, filter: &ResultNoticeFilter, stretch: &Stretch<ResultNoticeId>) -> Result<Vec<Self>> {
        let rows = store::list(work.connection, &work.actor.territory(), filter, stretch)?;
        Ok(rows.into_iter().map(|row| Self { row }).collect())
    }

    fn count(work: &mut Work, filter: &ResultNoticeFilter) -> Result<i64> {
        store::count(work.connection, &work.actor.territory(), filter)
    }

    fn cursor(&self) -> ResultNoticeId {
        self.row.id
    }
}
