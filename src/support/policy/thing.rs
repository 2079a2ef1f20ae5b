//! A policy as its steps find it. Drafts are for who acts for the province, what is adopted for everybody with a part in the year.

use crate::account::{Actor, Asker, Territory, Work};
use crate::audit::Resource;
use crate::base::id::{AnyId, SupportPolicyId};
use crate::base::{Error, Result, say};
use crate::station::{Access, Listed, Offer, Stretch, Thing};
use crate::support::SupportPolicy;
use crate::support::policy::rules::State;
use crate::support::policy::steps;
use crate::support::policy::store::{self, SupportPolicyFilter};

fn sees_drafts(actor: &Actor) -> bool {
    actor.territory() == Territory::Province
}

impl Thing for SupportPolicy {
    type Key = SupportPolicyId;
    const RESOURCE: Resource = Resource::SupportPolicy;
    const PATH: &'static str = "support-policies";

    fn load(work: &mut Work, key: &SupportPolicyId, access: Access) -> Result<Option<Self>> {
        let row = match access {
            Access::Taken => store::take(work.connection, *key)?,
            Access::Seen => store::find(work.connection, *key)?,
        };
        let is_shown = |policy: &Self| match work.actor.territory() {
            Territory::Nothing => false,
            _ => policy.state == State::Adopted || sees_drafts(&work.actor),
        };
        Ok(row.filter(is_shown))
    }

    fn id(&self) -> AnyId {
        self.id.any()
    }

    fn version(&self) -> i32 {
        self.version
    }

    fn state(&self) -> Option<&str> {
        Some(self.state.as_ref())
    }

    fn verbs() -> &'static [&'static dyn Offer<Self>] {
        steps::VERBS
    }
}

impl Listed for SupportPolicy {
    type Filter = SupportPolicyFilter;
    type Cursor = SupportPolicyId;

    fn must_list(asker: Asker) -> Result<()> {
        if asker.actor.territory() != Territory::Nothing {
            return Ok(());
        }
        Err(Error::forbidden(say(
            "Chính sách hỗ trợ dành cho chủ thể và cán bộ.",
            "Policies are for producers and officers.",
        )))
    }

    fn list(work: &mut Work, filter: &SupportPolicyFilter, stretch: &Stretch<SupportPolicyId>) -> Result<Vec<Self>> {
        let with_drafts = sees_drafts(&work.actor);
        store::list(work.connection, filter, with_drafts, work.now.day(), stretch)
    }

    fn count(work: &mut Work, filter: &SupportPolicyFilter) -> Result<i64> {
        let with_drafts = sees_drafts(&work.actor);
        store::count(work.connection, filter, with_drafts, work.now.day())
    }

    fn cursor(&self) -> SupportPolicyId {
        self.id
    }
}
