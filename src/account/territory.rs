//! The one place that decides what an account may know of: what lies in its territory or belongs to its producer.

use crate::account::rules::{Actor, Role};
use crate::base::id::ProducerId;
use crate::base::{Error, Level, Result, UnitCode};

/// Where a thing belongs: its producer, and the commune and district in which it is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    pub producer: ProducerId,
    pub commune: UnitCode,
    pub district: Option<UnitCode>,
}

/// What an account may know of (địa bàn).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Territory {
    Province,
    District(UnitCode),
    Commune(UnitCode),
    Producer(ProducerId),
    /// Business is not this account's: administrators, and council members outside their seats.
    Nothing,
}

impl Territory {
    pub fn covers(&self, home: &Home) -> bool {
        match self {
            Self::Province => true,
            Self::District(code) => home.district.as_ref() == Some(code),
            Self::Commune(code) => home.commune == *code,
            Self::Producer(producer) => home.producer == *producer,
            Self::Nothing => false,
        }
    }
}

impl Actor {
    pub fn territory(&self) -> Territory {
        match (self.role, &self.unit, self.producer) {
            (Role::Administrator | Role::CouncilMember, _, _) => Territory::Nothing,
            (Role::Producer, _, Some(producer)) => Territory::Producer(producer),
            (Role::Producer, _, None) => Territory::Nothing,
            (_, Some(unit), _) => match unit.level() {
                Level::Province => Territory::Province,
                Level::District => Territory::District(unit.clone()),
                Level::Commune => Territory::Commune(unit.clone()),
            },
            (_, None, _) => Territory::Nothing,
        }
    }

    /// Whether the asker may know of what has its home there.
    pub fn sees(&self, home: &Home) -> bool {
        self.territory().covers(home)
    }

    /// 404 for what the asker may not know of.
    pub fn must_see(&self, home: &Home) -> Result<()> {
        if self.territory().covers(home) { Ok(()) } else { Err(Error::unknown()) }
    }
}

impl Actor {
    /// 404 for what a unit does for itself (its decisions) unless the asker acts for it or oversees it.
    pub fn must_see_unit(&self, unit: &UnitCode) -> Result<()> {
        match self.territory() {
            Territory::Province => Ok(()),
            Territory::District(own) if own == *unit => Ok(()),
            _ => Err(Error::unknown()),
        }
    }
}

/// Narrows a boxed query to a territory; the table has `producer_id`, `commune_code` and `district_code`.
macro_rules! within_territory {
    ($query:expr, $table:ident, $territory:expr) => {{
        use diesel::prelude::*;
        match $territory {
            $crate::account::Territory::Province => $query,
            $crate::account::Territory::District(code) => $query.filter($table::district_code.eq(code.clone())),
            $crate::account::Territory::Commune(code) => $query.filter($table::commune_code.eq(code.clone())),
            $crate::account::Territory::Producer(producer) => $query.filter($table::producer_id.eq(*producer)),
            $crate::account::Territory::Nothing => $query.filter(diesel::dsl::sql::<diesel::sql_types::Bool>("1 = 0")),
        }
    }};
}
pub(crate) use within_territory;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::AccountId;

    fn actor(role: Role, unit: Option<&str>, producer: Option<ProducerId>) -> Actor {
        Actor { id: AccountId::new(), name: "x".into(), role, unit: unit.map(|unit| unit.parse().unwrap()), producer }
    }

    #[test]
    fn each_sees_what_is_its_own() {
        let producer = ProducerId::new();
        let home = Home { producer, commune: "18196".parse().unwrap(), district: Some("439".parse().unwrap()) };
        let sees = |role, unit, producer| actor(role, unit, producer).must_see(&home).is_ok();
        assert!(sees(Role::Producer, None, Some(producer)));
        assert!(!sees(Role::Producer, None, Some(ProducerId::new())));
        assert!(sees(Role::CommuneOfficer, Some("18196"), None));
        assert!(!sees(Role::CommuneOfficer, Some("18199"), None));
        assert!(sees(Role::DistrictOfficer, Some("439"), None));
        assert!(!sees(Role::DistrictOfficer, Some("440"), None));
        assert!(sees(Role::ProvincialOfficer, Some("42"), None));
        assert!(sees(Role::Supervisor, Some("42"), None));
        assert!(!sees(Role::Supervisor, Some("440"), None));
        assert!(!sees(Role::Administrator, None, None));
        assert!(!sees(Role::CouncilMember, None, None));
    }
}
