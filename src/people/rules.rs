//! When accounts can be ended.

use crate::account::Role;
use crate::base::{Error, Moment, Result, UnitCode, say};

/// 409 where the account has ended.
pub fn must_stand(ended_at: Option<Moment>) -> Result<()> {
    if ended_at.is_some() { Err(Error::wrong_state("ended")) } else { Ok(()) }
}

/// 409 for who acts for no unit: producers, members of councils.
pub fn must_have_unit(unit: Option<&UnitCode>) -> Result<()> {
    if unit.is_some() {
        return Ok(());
    }
    Err(Error::conflict("no_unit", say("Tài khoản này không thuộc đơn vị nào.", "This account acts for no unit.")))
}

/// 409 for the only administrator left, of so many who have not ended.
pub fn must_leave_one(role: Role, administrators: i64) -> Result<()> {
    if role != Role::Administrator || administrators > 1 {
        return Ok(());
    }
    Err(Error::conflict(
        "last_administrator",
        say(
            "Đây là quản trị viên duy nhất còn lại. Hãy lập một quản trị viên khác trước.",
            "This is the only administrator left. Make another one first.",
        ),
    ))
}
