//! What people do with their own accounts, outside of the steps that stations declare: it stands in the history too.

use crate::account::store;
use crate::audit::{self, Resource, StepName, StepTaken};
use crate::base::id::AccountId;
use crate::base::{Moment, Result};
use crate::db::AnyConnection;

/// Writes down what was done with an account that no column of it shows, by whom; by nobody where the program did at its host.
pub fn record(
    connection: &mut AnyConnection,
    account: AccountId,
    by: Option<AccountId>,
    verb: StepName,
    now: Moment,
) -> Result<()> {
    let version = store::count_version(connection, account)?;
    let (resource, id) = (Resource::Account, account);
    let entry = StepTaken { resource, id, version, account: by, verb, from: None, to: None, note: None };
    audit::record(connection, now, entry)
}
