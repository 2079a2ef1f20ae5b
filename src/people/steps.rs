//! The steps of accounts: made, mended, led to another password, ended, all by administrators. How to reach them, people say
//! themselves too.

use crate::account::password::link::PasswordLink;
use crate::account::password::rules::check_names_nobody;
use crate::account::rules::{check_account, check_person};
use crate::account::store::{self, Contact, NewAccount, Standing};
use crate::account::{Asker, Role, Work, openid_store, second_factor};
use crate::audit::{self, Resource, StepTaken};
use crate::base::id::{AccountId, ProducerId};
use crate::base::{Error, Faults, Moment, Result, UnitCode, canonical, say};
use crate::db::AnyConnection;
use crate::people::forms::{ContactChange, Hashed, PersonChange, RoleChange, UnitMove};
use crate::people::{Person, rules};
use crate::place::Unit;
use crate::producer::rules::check_email;
use crate::station::{By, Creation, Note, Offer, Reason, Taken, Verb, label};
use crate::{place, producer};

const ADMINISTRATOR: By = By::Roles(&[Role::Administrator]);

/// Makes an account.
pub static CREATE: Creation<Person, Hashed> =
    Creation::new(label("Lập tài khoản", "Make an account"), ADMINISTRATOR, |work, hashed| {
        Ok((enter(work.connection, hashed, work.now)?, Taken::stayed()))
    });

/// Changes what is known of the person behind an account.
pub static CHANGE: Verb<Person, PersonChange> =
    Verb::new("change", label("Sửa thông tin cá nhân", "Change what is known of the person"), ADMINISTRATOR, change);

/// Says how the person behind an account is reached.
pub static SET_CONTACT: Verb<Person, ContactChange> = Verb::new(
    "set-contact",
    label("Thư điện tử và bản tin việc chờ", "E-mail and daily summary"),
    By::Seat(label("chủ tài khoản, quản trị viên", "the account's owner, administrators")),
    set_contact,
)
.right(must_be_own_or_administered)
.open(|_, person| rules::must_stand(person.account.ended_at));

/// 403 for somebody else's account.
fn must_be_own_or_administered(asker: Asker, person: &Person) -> Result<()> {
    if asker.actor.id == person.account.id || asker.is(&[Role::Administrator]) {
        return Ok(());
    }
    Err(Error::forbidden(say("Đây là tài khoản của người khác.", "This is somebody else's account.")))
}

/// Takes the password away and makes a link by which the account's owner chooses another; all its sign-ins end.
pub static RESET_PASSWORD: Verb<Person, Note, PasswordLink> = Verb::new(
    "reset-password",
    label("Lập liên kết đặt mật khẩu", "Make a link for a new password"),
    ADMINISTRATOR,
    reset_password,
)
.open(|_, person| rules::must_stand(person.account.ended_at))
.never_replayed();

/// Ends an account for good: its tokens and its password are of no use from now on. What it did stays, and so does its user
/// name.
pub static END: Verb<Person, Reason> =
    Verb::new("end", label("Chấm dứt tài khoản", "End the account"), ADMINISTRATOR, end).open(|_, person| {
        rules::must_stand(person.account.ended_at)?;
        rules::must_leave_one(person.account.role, person.administrators)
    });

/// Lets an officer's account go on for another unit, as after a reform; what it did stays with the unit of its day.
pub static REASSIGN: Verb<Person, UnitMove> = Verb::new(
    "reassign",
    label("Chuyển tài khoản sang đơn vị khác", "Move the account to another unit"),
    ADMINISTRATOR,
    reassign,
)
.open(|_, person| {
    rules::must_stand(person.account.ended_at)?;
    rules::must_have_unit(person.account.unit_code.as_ref())
});

/// Gives an account another role, with the unit or the producer that it needs. All its sign-ins end; what it did stays.
pub static CHANGE_ROLE: Verb<Person, RoleChange> =
    Verb::new("change-role", label("Đổi vai trò", "Give the account another role"), ADMINISTRATOR, change_role)
        .right(|asker, person| rules::must_be_anothers(asker.actor.id, person.account.id))
        .open(|_, person| {
            rules::must_stand(person.account.ended_at)?;
            rules::must_leave_one(person.account.role, person.administrators)?;
            rules::must_hold_no_seat(person.is_engaged)
        });

/// Asks another administrator to take an account's second factor away, as of who lost app and recovery codes.
pub static ASK_SECOND_FACTOR_RESET: Verb<Person, Note> = Verb::new(
    "ask-second-factor-reset",
    label("Đề nghị tắt xác thực hai bước", "Ask that the second factor be taken away"),
    ADMINISTRATOR,
    ask_second_factor_reset,
)
.open(|_, person| {
    rules::must_stand(person.account.ended_at)?;
    rules::must_have_second_factor(person.second_factor).map(|_| ())
});

/// Takes an account's second factor away, where another administrator asked for it.
pub static RESET_SECOND_FACTOR: Verb<Person, Note> = Verb::new(
    "reset-second-factor",
    label("Tắt xác thực hai bước", "Take the second factor away"),
    ADMINISTRATOR,
    reset_second_factor,
)
.open(|asker, person| {
    rules::must_stand(person.account.ended_at)?;
    rules::must_be_asked_by_another(person.second_factor, asker.actor.id)
});

/// Takes the link with another authority's account away: it leads here no more. Who is signed in stays so.
pub static UNLINK_OPENID: Verb<Person, Note> = Verb::new(
    "unlink-openid",
    label("Bỏ liên kết tài khoản định danh", "Take the link with another authority away"),
    By::Seat(label("chủ tài khoản, quản trị viên", "the account's owner, administrators")),
    unlink_openid,
)
.right(must_be_own_or_administered)
.open(|_, person| {
    rules::must_stand(person.account.ended_at)?;
    rules::must_have_openid_link(person.has_openid_link)
});

pub static VERBS: &[&dyn Offer<Person>] = &[
    &CHANGE,
    &SET_CONTACT,
    &RESET_PASSWORD,
    &ASK_SECOND_FACTOR_RESET,
    &RESET_SECOND_FACTOR,
    &UNLINK_OPENID,
    &REASSIGN,
    &CHANGE_ROLE,
    &END,
];

/// Makes an account in nobody's name: the first administrator on the command line, the cast of the demo.
pub fn found(connection: &mut AnyConnection, hashed: Hashed, now: Moment) -> Result<AccountId> {
    let id = enter(connection, hashed, now)?;
    let (resource, verb) = (Resource::Account, audit::CREATE);
    let entry = StepTaken { resource, id, version: 1, account: None, verb, from: None, to: None, note: None };
    audit::record(connection, now, entry)?;
    Ok(id)
}

fn enter(connection: &mut AnyConnection, Hashed { form, password_hash }: Hashed, now: Moment) -> Result<AccountId> {
    form.faults().into_result()?;
    if let Some(unit) = known_unit(connection, form.unit_code.as_ref(), form.producer_id, now)? {
        let mut faults = Vec::new();
        check_names_nobody(form.password.as_deref().unwrap_or_default(), &[&unit.name], "/password", &mut faults);
        faults.into_result()?;
    }
    if store::username_taken(connection, &form.username)? {
        return Err(Error::conflict("username_taken", say("Tên đăng nhập đã có.", "The user name is taken.")));
    }
    let account = NewAccount {
        password_hash,
        username: form.username,
        name: form.name,
        role: form.role,
        unit_code: form.unit_code,
        producer_id: form.producer_id,
    };
    store::insert(connection, account, now)
}

/// The unit, where one is named; 422 where there is none of this code, or no such producer.
fn known_unit(
    connection: &mut AnyConnection,
    unit: Option<&UnitCode>,
    producer: Option<ProducerId>,
    now: Moment,
) -> Result<Option<Unit>> {
    if let Some(producer) = producer
        && producer::store::find(connection, producer)?.is_none()
    {
        let text = say("Không có chủ thể này.", "There is no such producer.");
        return Err(Error::invalid("/producer_id", "unknown_producer", text));
    }
    let Some(code) = unit else { return Ok(None) };
    let found = place::store::find(connection, code, now.day())?;
    let unknown =
        || Error::invalid("/unit_code", "unknown_unit", say("Không có đơn vị này.", "There is no such unit."));
    found.map(Some).ok_or_else(unknown)
}

fn change(work: &mut Work, person: &Person, change: PersonChange) -> Result<Taken> {
    let mut account = person.account.clone();
    account.name = change.name.unwrap_or(account.name);
    account.identity_number =
        change.identity_number.unwrap_or(account.identity_number).map(|number| canonical::identity_number(&number));
    account.residence_code = change.residence_code.unwrap_or(account.residence_code);
    account.residence = change.residence.unwrap_or(account.residence);
    if account == person.account {
        return Ok(Taken::unchanged());
    }
    check_person(&account.name, account.identity_number.as_deref(), account.residence.as_deref())?;
    if let Some(code) = &account.residence_code
        && place::store::commune(work.connection, code, work.now.day())?.is_none()
    {
        return Err(Error::invalid(
            "/residence_code",
            "unknown_unit",
            say("Không có xã này.", "There is no such commune."),
        ));
    }
    store::set_person(work.connection, &account)?;
    Ok(Taken::stayed())
}

/// The address stands in no history: who reads that need not know it.
fn set_contact(work: &mut Work, person: &Person, change: ContactChange) -> Result<Taken> {
    let account = &person.account;
    let email = change.email.unwrap_or_else(|| account.email.clone()).map(|email| email.trim().to_owned());
    let email = email.filter(|email| !email.is_empty());
    let mut faults = Vec::new();
    if let Some(email) = &email {
        check_email(email, "/email", &mut faults);
    }
    faults.into_result()?;
    let contact = Contact {
        email,
        language: change.language.unwrap_or(account.language),
        summary_off_at: match change.daily_summary {
            Some(true) => None,
            Some(false) => account.summary_off_at.or(Some(work.now)),
            None => account.summary_off_at,
        },
    };
    if contact == Contact::of(account) {
        return Ok(Taken::unchanged());
    }
    store::set_contact(work.connection, account.id, contact)?;
    Ok(Taken::stayed())
}

fn reset_password(work: &mut Work, person: &Person, note: Note) -> Result<Taken<PasswordLink>> {
    let note = note.optional()?;
    let link = PasswordLink::make(work.connection, person.account.id)?;
    Ok(Taken::stayed().with_note(note).giving(link))
}

fn ask_second_factor_reset(work: &mut Work, person: &Person, note: Note) -> Result<Taken> {
    let note = note.optional()?;
    second_factor::store::set_reset_asked_by(work.connection, person.account.id, work.actor.id)?;
    store::count_version(work.connection, person.account.id)?;
    Ok(Taken::stayed().with_note(note))
}

fn reset_second_factor(work: &mut Work, person: &Person, note: Note) -> Result<Taken> {
    let note = note.optional()?;
    second_factor::store::remove(work.connection, person.account.id)?;
    // Whoever is signed in with the factor that is gone signs in anew.
    store::end_sign_ins(work.connection, person.account.id, Moment::real_now())?;
    store::count_version(work.connection, person.account.id)?;
    Ok(Taken::stayed().with_note(note))
}

fn unlink_openid(work: &mut Work, person: &Person, note: Note) -> Result<Taken> {
    let note = note.optional()?;
    openid_store::remove(work.connection, person.account.id)?;
    store::count_version(work.connection, person.account.id)?;
    Ok(Taken::stayed().with_note(note))
}

fn reassign(work: &mut Work, person: &Person, UnitMove { unit_code, note }: UnitMove) -> Result<Taken> {
    let account = &person.account;
    let note = Note { note }.optional()?;
    let fault = |code, text| Err(Error::invalid("/unit_code", code, text));
    if !account.role.levels().contains(&unit_code.level()) {
        return fault("wrong_level", say("Đơn vị không hợp với vai trò này.", "The unit does not fit this role."));
    }
    known_unit(work.connection, Some(&unit_code), None, work.now)?;
    let standing = Standing { role: account.role, unit: Some(unit_code.clone()), producer: None };
    store::set_standing(work.connection, account.id, &standing)?;
    let from = account.unit_code.as_ref().map(ToString::to_string).unwrap_or_default();
    let moved = format!("{from} → {unit_code}");
    Ok(Taken::stayed().with_note(Some(note.map_or_else(|| moved.clone(), |note| format!("{moved}: {note}")))))
}

fn change_role(work: &mut Work, person: &Person, change: RoleChange) -> Result<Taken> {
    let RoleChange { role, unit_code, producer_id, note } = change;
    let (account, note, mut faults) = (&person.account, Note { note }.optional()?, Vec::new());
    check_account(&account.username, &account.name, role, unit_code.as_ref(), producer_id, &mut faults);
    faults.into_result()?;
    known_unit(work.connection, unit_code.as_ref(), producer_id, work.now)?;
    let standing = Standing { role, unit: unit_code, producer: producer_id };
    let before = Standing { role: account.role, unit: account.unit_code.clone(), producer: account.producer_id };
    if standing == before {
        return Ok(Taken::unchanged());
    }
    store::set_standing(work.connection, account.id, &standing)?;
    let changed = format!("{} → {}", before.told(), standing.told());
    Ok(Taken::stayed().with_note(Some(note.map_or_else(|| changed.clone(), |note| format!("{changed}: {note}")))))
}

fn end(work: &mut Work, person: &Person, reason: Reason) -> Result<Taken> {
    store::end(work.connection, person.account.id, work.now)?;
    Ok(Taken::stayed().with_note(Some(reason.into_text())))
}
