//! What is erased of an account that has ended: the person behind it, where and how they signed in, and what they were answered.

use diesel::prelude::*;

use crate::account::store::{Account, NO_PASSWORD};
use crate::account::{link_store, second_factor, session};
use crate::base::id::AccountId;
use crate::base::{Moment, Result, UnitCode, text};
use crate::db::AnyConnection;
use crate::db::schema::{accounts, refresh_tokens, sign_in_networks, sign_ins};
use crate::http::Language;
use crate::http::idempotency;

/// What stands in the place of a name.
pub const ERASED_NAME: &str = "Người đã xóa dữ liệu";

/// The user name goes too, and nobody gets it: another stands in its place that nobody can choose twice.
fn username_after(id: AccountId) -> String {
    format!("da-xoa-{}", id.uuid().simple())
}

/// Erases an account's person; the name stays where the office's records name the account by it. False where that was done
/// before.
pub fn erase(connection: &mut AnyConnection, account: &Account, keeps_name: bool) -> Result<bool> {
    let (id, username) = (account.id, username_after(account.id));
    if account.username == username {
        return Ok(false);
    }
    let name = if keeps_name { account.name.as_str() } else { ERASED_NAME };
    diesel::update(accounts::table.find(id))
        .set((
            accounts::version.eq(accounts::version + 1),
            accounts::username.eq(username),
            accounts::password_hash.eq(NO_PASSWORD),
            accounts::name.eq(name),
            accounts::folded.eq(text::fold(name)),
            accounts::identity_number.eq(None::<String>),
            accounts::residence_code.eq(None::<UnitCode>),
            accounts::residence.eq(None::<String>),
            accounts::email.eq(None::<String>),
            accounts::language.eq(None::<Language>),
            accounts::summary_off_at.eq(None::<Moment>),
        ))
        .execute(connection)?;
    session::store::end_all(connection, id)?;
    link_store::forget(connection, id)?;
    second_factor::store::remove(connection, id)?;
    diesel::delete(refresh_tokens::table.filter(refresh_tokens::account_id.eq(id))).execute(connection)?;
    diesel::delete(sign_ins::table.filter(sign_ins::account_id.eq(id))).execute(connection)?;
    diesel::delete(sign_in_networks::table.filter(sign_in_networks::account_id.eq(id))).execute(connection)?;
    idempotency::forget_of(connection, id)?;
    Ok(true)
}
