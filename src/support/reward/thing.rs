//! A reward as its steps find it, and who may see it: below the province what is decided, and of it what is given there.

use crate::account::{Territory, Work};
use crate::audit::Resource;
use crate::base::Result;
use crate::base::id::{AnyId, RewardId};
use crate::station::{Access, Listed, Offer, Stretch, Thing};
use crate::support::reward::rules::State;
use crate::support::reward::steps;
use crate::support::reward::store::{self, RewardFilter, RewardItem, RewardRow};

/// A reward (quyết định thưởng) by a decision of recognition, with what it gives as far as the asker may know of it.
#[derive(Debug, Clone)]
pub struct Reward {
    pub row: RewardRow,
    pub items: Vec<RewardItem>,
}

impl Reward {
    pub fn around(work: &mut Work, rows: Vec<RewardRow>) -> Result<Vec<Self>> {
        let ids: Vec<RewardId> = rows.iter().map(|row| row.id).collect();
        let territory = work.actor.territory();
        let mut items = store::items(work.connection, &ids, &territory)?;
        let around = |row: RewardRow| Self { items: items.remove(&row.id).unwrap_or_default(), row };
        Ok(rows.into_iter().map(around).collect())
    }

    /// As the list has it.
    fn is_shown_in(&self, territory: &Territory) -> bool {
        let is_decided = matches!(self.row.state, State::Decided | State::Paid);
        *territory == Territory::Province || (is_decided && !self.items.is_empty())
    }
}

impl Thing for Reward {
    type Key = RewardId;
    const RESOURCE: Resource = Resource::Reward;
    const PATH: &'static str = "rewards";

    fn load(work: &mut Work, key: &RewardId, access: Access) -> Result<Option<Self>> {
        let row = match access {
            Access::Taken => store::take(work.connection, *key)?,
            Access::Seen => store::find(work.connection, *key)?,
        };
        let territory = work.actor.territory();
        let reward = Self::around(work, row.into_iter().collect())?.pop();
        Ok(reward.filter(|reward| reward.is_shown_in(&territory)))
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

impl Listed for Reward {
    type Filter = RewardFilter;
    type Cursor = RewardId;

    fn list(work: &mut Work, filter: &RewardFilter, stretch: &Stretch<RewardId>) -> Result<Vec<Self>> {
        let territory = work.actor.territory();
        let rows = store::list(work.connection, &territory, filter, stretch)?;
        Self::around(work, rows)
    }

    fn count(work: &mut Work, filter: &RewardFilter) -> Result<i64> {
        let territory = work.actor.territory();
        store::count(work.connection, &territory, filter)
    }

    fn cursor(&self) -> RewardId {
        self.row.id
    }
}
