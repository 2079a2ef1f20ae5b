//! The accounts that visitors of a filled example can sign in with; nobody else's database has any.

use serde::{Deserialize, Serialize};

use crate::base::{Error, Result};
use crate::db::{AnyConnection, settings};
use crate::desk::words::{ROLES, word};
use crate::http::Language;

const SETTING: &str = "demo_accounts";

/// Accounts whose password everybody knows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DemoAccounts {
    pub password: String,
    pub accounts: Vec<DemoAccount>,
}

/// One of them, with what it is for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DemoAccount {
    pub username: String,
    pub role: String,
}

impl DemoAccount {
    pub fn told(&self, language: &Language) -> String {
        word(ROLES, &self.role, *language)
    }
}

/// The accounts of a filled example; none in any other database.
pub fn read(connection: &mut AnyConnection) -> Result<Option<DemoAccounts>> {
    let Some(kept) = settings::get(connection, SETTING)? else { return Ok(None) };
    serde_json::from_str(&kept).map(Some).map_err(Error::internal)
}

/// Says which accounts everybody may use.
pub fn write(connection: &mut AnyConnection, accounts: &DemoAccounts) -> Result<()> {
    settings::put(connection, SETTING, &serde_json::to_string(accounts).map_err(Error::internal)?)
}
