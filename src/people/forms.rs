//! What is sent with the steps of accounts.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::password::rules::check_password;
use crate::account::rules::check_account;
use crate::account::store::NO_PASSWORD;
use crate::account::{Role, password};
use crate::base::id::ProducerId;
use crate::base::{Fault, Faults, Result, UnitCode};
use crate::files::Arrived;
use crate::http::{App, Language, Request};
use crate::station::{Form, patch_forms, plain_forms};

/// An account as it is made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountForm {
    #[serde(deserialize_with = "crate::account::rules::read_user_name")]
    pub username: String,
    /// Left out, the account gets its password by a link (`reset-password`), and nobody but its owner ever knows it.
    #[serde(default)]
    pub password: Option<String>,
    pub name: String,
    pub role: Role,
    #[serde(default)]
    pub unit_code: Option<UnitCode>,
    #[serde(default)]
    pub producer_id: Option<ProducerId>,
}

/// What may change of the person behind an account; what is left out stays. Identity number and residence tell a council
/// whose product its member must not score.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PersonChange {
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// Null clears it.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<String>)]
    pub identity_number: Option<Option<String>>,
    /// The commune of registered residence; null clears it.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<String>)]
    pub residence_code: Option<Option<UnitCode>>,
    /// The address in that commune; null clears it.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<String>)]
    pub residence: Option<Option<String>>,
}

/// How the person behind an account is reached; what is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ContactChange {
    /// Where the daily summary of tasks goes; null clears it.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<String>)]
    pub email: Option<Option<String>>,
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<Language>)]
    pub language: Option<Option<Language>>,
    /// Whether the daily summary is wanted.
    #[schema(nullable = false)]
    pub daily_summary: Option<bool>,
}

/// To which unit an officer's account goes on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitMove {
    /// A unit of today, of a level that fits the role.
    pub unit_code: UnitCode,
    #[serde(default)]
    pub note: Option<String>,
}

/// What an account may do from now on, and for whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleChange {
    pub role: Role,
    /// A unit of today, of a level that fits the role.
    #[serde(default)]
    pub unit_code: Option<UnitCode>,
    #[serde(default)]
    pub producer_id: Option<ProducerId>,
    #[serde(default)]
    pub note: Option<String>,
}

plain_forms!(UnitMove, RoleChange);
patch_forms!(PersonChange, ContactChange);

impl AccountForm {
    /// Everything that can be said without looking anything up.
    pub fn check(&self) -> Result<()> {
        let mut faults = self.faults();
        if let Some(password) = &self.password {
            check_password(password, &[&self.username, &self.name], "/password", &mut faults);
        }
        faults.into_result()
    }

    /// The same but of the password, which the demo has from nobody.
    pub fn faults(&self) -> Vec<Fault> {
        let (unit, mut faults) = (self.unit_code.as_ref(), Vec::new());
        check_account(&self.username, &self.name, self.role, unit, self.producer_id, &mut faults);
        faults
    }
}

impl Form for AccountForm {
    fn read(request: &mut Request, _: Option<Arrived>) -> Result<Self> {
        let form: Self = request.body()?;
        form.check()?;
        Ok(form)
    }
}

/// A form, and the hash of its password, which was made before the transaction.
#[derive(Debug)]
pub struct Hashed {
    pub form: AccountForm,
    pub password_hash: String,
}

impl Hashed {
    /// Takes a turn where there is a password.
    pub async fn new(app: &App, form: AccountForm) -> Result<Self> {
        let password_hash = match &form.password {
            Some(password) => password::hashed(&app.password_turns, password.clone()).await?,
            None => NO_PASSWORD.to_owned(),
        };
        Ok(Self { form, password_hash })
    }
}
