//! A registration as its steps find it: with what stands against its confirmation.

use crate::account::{self, Asker, Home, Role, Work};
use crate::audit::Resource;
use crate::base::id::{AnyId, RegistrationId};
use crate::base::{Result, canonical};
use crate::producer::registration::RegistrationRow;
use crate::producer::registration::steps;
use crate::producer::registration::store::{self, RegistrationFilter};
use crate::producer::store as producers;
use crate::station::{Access, Listed, Offer, Stretch, Thing};

/// A registration (đăng ký tham gia), and how things stand that its confirmation would change.
#[derive(Debug, Clone)]
pub struct Registration {
    pub row: RegistrationRow,
    /// Somebody else signs in by this name meanwhile.
    pub is_username_taken: bool,
    /// Where the claimed producer is now.
    pub claimed: Option<Home>,
    /// A producer of this identity number is on record.
    pub is_on_record: bool,
}

impl Registration {
    /// Registrations with their surroundings, in three statements.
    fn around(work: &mut Work, rows: Vec<RegistrationRow>) -> Result<Vec<Self>> {
        let names: Vec<String> = rows.iter().map(|row| row.username.clone()).collect();
        let taken = account::store::usernames_taken(work.connection, names)?;
        let claimed: Vec<_> = rows.iter().filter_map(|row| row.claimed_producer_id).collect();
        let claimed = producers::of_ids(work.connection, &claimed)?;
        let numbers: Vec<String> = rows.iter().map(|row| row.producer.0.identity_number.clone()).collect();
        let known = producers::known_identity_numbers(work.connection, &numbers)?;
        let around = rows.into_iter().map(|row| Self {
            is_username_taken: taken.contains(&row.username),
            claimed: claimed.iter().find(|known| Some(known.id) == row.claimed_producer_id).map(|known| known.home()),
            is_on_record: known.contains(&canonical::identity_number(&row.producer.0.identity_number)),
            row,
        });
        Ok(around.collect())
    }
}

impl Thing for Registration {
    type Key = RegistrationId;
    const RESOURCE: Resource = Resource::Registration;
    const PATH: &'static str = "registrations";

    fn load(work: &mut Work, key: &RegistrationId, access: Access) -> Result<Option<Self>> {
        let row = match access {
            Access::Taken => store::take(work.connection, *key)?,
            Access::Seen => store::find(work.connection, *key)?,
        };
        let seen = row.filter(|row| work.actor.sees(&row.home()));
        Ok(Self::around(work, seen.into_iter().collect())?.pop())
    }

    fn must_read(asker: Asker) -> Result<()> {
        asker.actor.must_be(&[Role::CommuneOfficer, Role::DistrictOfficer, Role::ProvincialOfficer, Role::Supervisor])
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

impl Listed for Registration {
    type Filter = RegistrationFilter;
    type Cursor = RegistrationId;

    fn list(work: &mut Work, filter: &RegistrationFilter, stretch: &Stretch<RegistrationId>) -> Result<Vec<Self>> {
        let rows = store::list(work.connection, &work.actor.territory(), filter, stretch)?;
        Self::around(work, rows)
    }

    fn count(work: &mut Work, filter: &RegistrationFilter) -> Result<i64> {
        store::count(work.connection, &work.actor.territory(), filter)
    }

    fn cursor(&self) -> RegistrationId {
        self.row.id
    }
}
