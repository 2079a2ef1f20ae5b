//! The life of a registration, and what is asked of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::password::rules::check_password;
use crate::account::rules::check_username;
use crate::base::{Error, Faults, Result, text};
use crate::producer::rules::ProducerForm;

/// The life of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RegistrationState {
    Pending,
    Confirmed,
    Refused,
}

impl RegistrationState {
    pub fn confirm(self) -> Result<Self> {
        self.decided(Self::Confirmed)
    }

    pub fn refuse(self) -> Result<Self> {
        self.decided(Self::Refused)
    }

    fn decided(self, to: Self) -> Result<Self> {
        match self {
            Self::Pending => Ok(to),
            Self::Confirmed | Self::Refused => Err(Error::wrong_state(self.as_ref())),
        }
    }
}

/// Who will sign in for the producer that is registered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstAccount {
    pub username: String,
    pub password: String,
    pub name: String,
}

/// Everything that can be said of a registration without looking anything up.
pub fn check_registration(producer: &ProducerForm, account: &FirstAccount) -> Result<()> {
    let mut faults = Vec::new();
    producer.check("/producer", &mut faults);
    check_username(&account.username, "/account/username", &mut faults);
    let names = [account.username.as_str(), &account.name, &producer.name];
    check_password(&account.password, &names, "/account/password", &mut faults);
    text::check(&account.name, "/account/name", 200, &mut faults);
    faults.into_result()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registration_is_decided_once() {
        assert_eq!(RegistrationState::Pending.confirm().unwrap(), RegistrationState::Confirmed);
        assert_eq!(RegistrationState::Pending.refuse().unwrap(), RegistrationState::Refused);
        for decided in [RegistrationState::Confirmed, RegistrationState::Refused] {
            assert_eq!(decided.confirm().unwrap_err().refusal().unwrap().code, "wrong_state");
            assert!(decided.refuse().is_err());
        }
    }
}
