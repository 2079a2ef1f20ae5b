//! Of whom a second factor is asked, and what is left to who has none where it is required.

use crate::account::rules::{Actor, Role};
use crate::account::{seat_store, store};
use crate::base::{Error, Kind, Result, SecondFactorDemand, say};
use crate::db::AnyConnection;

/// How an account is refused that lacks nothing but its second factor.
pub const NOT_SET_UP: &str = "second_factor_not_set_up";

/// Who gives accounts their rights, who decides, who issues stamps. Who presides over a council or keeps its book is asked as
/// well.
const BY_ROLE: &[Role] = &[Role::Administrator, Role::Signatory, Role::ProvincialOfficer];

/// What such an account may still ask: who it is, the second factor, another password, and to be signed out. Ending a
/// program's sign-in asks nobody who they are.
pub const OPEN: &[&str] = &[
    "/api/v1/me",
    "/api/v1/auth/password",
    "/api/v1/auth/second-factor",
    "/api/v1/auth/second-factor/confirm",
    "/api/v1/auth/second-factor/remove",
    "/desk/password",
    "/desk/second-factor",
    "/desk/second-factor/confirm",
    "/desk/second-factor/remove",
    "/desk/sign-out",
];

/// How much is asked of an account by a setting.
pub fn of(connection: &mut AnyConnection, setting: SecondFactorDemand, actor: &Actor) -> Result<SecondFactorDemand> {
    let is_asked = setting != SecondFactorDemand::Off
        && (actor.is(BY_ROLE) || seat_store::leads_or_keeps_the_book(connection, actor.id)?);
    Ok(if is_asked { setting } else { SecondFactorDemand::Off })
}

/// 403 for who has to set a second factor up before anything else.
pub fn must_be_met(connection: &mut AnyConnection, setting: SecondFactorDemand, actor: &Actor) -> Result<()> {
    if setting != SecondFactorDemand::Required
        || of(connection, setting, actor)? != SecondFactorDemand::Required
        || store::has_second_factor(connection, actor.id)?
    {
        return Ok(());
    }
    Err(Error::refused(
        Kind::Forbidden,
        NOT_SET_UP,
        say(
            "Tài khoản này phải bật xác thực hai bước trước khi làm việc khác.",
            "This account must set up a second factor before it does anything else.",
        ),
    ))
}
