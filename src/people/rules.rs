//! When accounts can be ended, moved and given another role.

use crate::account::Role;
use crate::base::id::AccountId;
use crate::base::{Error, Kind, Moment, Result, UnitCode, say};

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

/// 409 for who sits in a council, or is of its working group, that is not closed: its seats were filled by role.
pub fn must_hold_no_seat(is_engaged: bool) -> Result<()> {
    if !is_engaged {
        return Ok(());
    }
    Err(Error::conflict(
        "holds_seat",
        say(
            "Tài khoản đang có ghế ở một hội đồng hoặc ở tổ giúp việc chưa kết thúc.",
            "The account holds a seat in a council, or a place in its working group, that is not closed.",
        ),
    ))
}

/// 403 for one's own account: nobody gives themselves rights.
pub fn must_be_anothers(asker: AccountId, account: AccountId) -> Result<()> {
    if asker != account {
        return Ok(());
    }
    Err(Error::refused(
        Kind::Forbidden,
        "own_account",
        say("Không ai tự đổi vai trò của mình.", "Nobody changes their own role."),
    ))
}

/// 409 unless the account has a second factor.
pub fn must_have_second_factor(factor: Option<Option<AccountId>>) -> Result<Option<AccountId>> {
    factor.ok_or_else(|| {
        let text = say("Tài khoản không bật xác thực hai bước.", "The account has no second factor.");
        Error::conflict("no_second_factor", text)
    })
}

/// 409 unless another authority's account leads to the account.
pub fn must_have_openid_link(has_openid_link: bool) -> Result<()> {
    if has_openid_link {
        return Ok(());
    }
    let text = say(
        "Tài khoản không liên kết với tài khoản định danh nào.",
        "The account is not linked with another authority.",
    );
    Err(Error::conflict("no_openid_link", text))
}

/// 409 unless another administrator asked for the reset of a second factor: nobody takes one away alone.
pub fn must_be_asked_by_another(factor: Option<Option<AccountId>>, asker: AccountId) -> Result<()> {
    match must_have_second_factor(factor)? {
        Some(other) if other != asker => Ok(()),
        _ => Err(Error::conflict(
            "second_administrator_required",
            say(
                "Việc này cần hai quản trị viên: một người đề nghị, người khác thực hiện.",
                "This takes two administrators: one asks for it, another does it.",
            ),
        )),
    }
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
