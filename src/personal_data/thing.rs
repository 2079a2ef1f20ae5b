//! A request about one's own data as its steps find it. Who asked sees it, and administrators.

use crate::account::{self, Role, Work};
use crate::audit::Resource;
use crate::base::id::{AccountId, AnyId, PersonalDataRequestId};
use crate::base::{Message, Result, say};
use crate::personal_data::steps;
use crate::personal_data::store::{self, PersonalDataRequest, PersonalDataRequestFilter, RequestRow};
use crate::station::{Access, Listed, Offer, Stretch, Thing};

impl PersonalDataRequest {
    /// Requests with whether their accounts have ended, in one statement more.
    fn around(work: &mut Work, rows: Vec<RequestRow>) -> Result<Vec<Self>> {
        let ids: Vec<AccountId> = rows.iter().filter_map(|row| row.account_id).collect();
        let accounts = account::store::of_ids(work.connection, &ids)?;
        let stands = |id: AccountId| accounts.iter().any(|known| known.id == id && known.ended_at.is_none());
        Ok(rows.into_iter().map(|row| Self { has_ended: !row.account_id.is_some_and(stands), row }).collect())
    }
}

/// Of whom the asker sees requests: of themselves, or of all.
fn visible(work: &Work) -> Option<AccountId> {
    (!work.actor.is(&[Role::Administrator])).then_some(work.actor.id)
}

impl Thing for PersonalDataRequest {
    type Key = PersonalDataRequestId;
    const RESOURCE: Resource = Resource::PersonalDataRequest;
    const PATH: &'static str = "personal-data-requests";

    fn load(work: &mut Work, key: &PersonalDataRequestId, access: Access) -> Result<Option<Self>> {
        let row = match access {
            Access::Taken => store::take(work.connection, *key)?,
            Access::Seen => store::find(work.connection, *key)?,
        };
        let own = visible(work);
        let row = row.filter(|row| own.is_none_or(|own| row.account_id == Some(own)));
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

impl Listed for PersonalDataRequest {
    type Filter = PersonalDataRequestFilter;
    type Cursor = PersonalDataRequestId;

    fn list(
        work: &mut Work,
        filter: &PersonalDataRequestFilter,
        stretch: &Stretch<PersonalDataRequestId>,
    ) -> Result<Vec<Self>> {
        let of = visible(work);
        let rows = store::list(work.connection, of, filter, stretch)?;
        Self::around(work, rows)
    }

    fn count(work: &mut Work, filter: &PersonalDataRequestFilter) -> Result<i64> {
        let of = visible(work);
        store::count(work.connection, of, filter)
    }

    fn cursor(&self) -> PersonalDataRequestId {
        self.row.id
    }

    /// Administrators are told how many are late.
    fn above(work: &mut Work) -> Result<Vec<Message>> {
        if visible(work).is_some() {
            return Ok(Vec::new());
        }
        let late = store::count_overdue(work.connection, work.now.day())?;
        let told = (late > 0).then(|| {
            say(
                format!("{late} yêu cầu đã quá hạn trả lời hai ngày làm việc."),
                format!("Late, beyond the two working days: {late}."),
            )
        });
        Ok(told.into_iter().collect())
    }
}
