//! The steps of accounts: made, mended, given another password, ended, all by administrators. How to reach them, people say
//! themselves too.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::rules::{check_account, check_password, check_person};
use crate::account::store::{self, Contact, NewAccount};
use crate::account::{Role, Work};
use crate::audit::{self, Resource, StepTaken};
use crate::base::id::{AccountId, ProducerId};
use crate::base::{Error, Faults, Moment, Result, UnitCode, say};
use crate::db::AnyConnection;
use crate::files::Arrived;
use crate::http::{Language, Request};
use crate::people::Person;
use crate::people::rules;
use crate::producer::rules::check_email;
use crate::station::{By, Creation, Form, Note, Offer, Reason, Taken, Verb, label, patch_forms, plain_forms};
use crate::{place, producer};

/// An account as it is made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountForm {
    pub username: String,
    pub password: String,
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

/// The password that an account gets.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    pub password: String,
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

plain_forms!(UnitMove);
patch_forms!(PersonChange, ContactChange);

impl AccountForm {
    /// Everything that can be said without looking anything up.
    pub fn check(&self) -> Result<()> {
        let unit = self.unit_code.as_ref();
        check_account(&self.username, &self.password, &self.name, self.role, unit, self.producer_id)
    }
}

impl Form for AccountForm {
    fn read(request: &mut Request, _: Option<Arrived>) -> Result<Self> {
        let form: Self = request.body()?;
        form.check()?;
        Ok(form)
    }
}

impl Form for NewPassword {
    fn read(request: &mut Request, _: Option<Arrived>) -> Result<Self> {
        let form: Self = request.body()?;
        let mut faults = Vec::new();
        check_password(&form.password, "/password", &mut faults);
        faults.into_result()?;
        Ok(form)
    }
}

/// A form, and the hash of its password, which was made before the transaction.
#[derive(Debug)]
pub struct Hashed<F> {
    pub form: F,
    pub password_hash: String,
}

const ADMINISTRATOR: By = By::Roles(&[Role::Administrator]);

/// Makes an account.
pub static CREATE: Creation<Person, Hashed<AccountForm>> =
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
.right(|asker, person| {
    if asker.actor.id == person.account.id || asker.is(&[Role::Administrator]) {
        return Ok(());
    }
    Err(Error::forbidden(say("Đây là tài khoản của người khác.", "This is somebody else's account.")))
})
.open(|_, person| rules::must_stand(person.account.ended_at));

/// Sets another's password; all its sign-ins end.
pub static RESET_PASSWORD: Verb<Person, Hashed<NewPassword>> =
    Verb::new("reset-password", label("Đặt lại mật khẩu", "Set another password"), ADMINISTRATOR, reset_password)
        .open(|_, person| rules::must_stand(person.account.ended_at));

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

pub static VERBS: &[&dyn Offer<Person>] = &[&CHANGE, &SET_CONTACT, &RESET_PASSWORD, &REASSIGN, &END];

/// Makes an account in nobody's name: the first administrator on the command line, the cast of the demo.
pub fn found(connection: &mut AnyConnection, hashed: Hashed<AccountForm>, now: Moment) -> Result<AccountId> {
    let id = enter(connection, hashed, now)?;
    let (resource, verb) = (Resource::Account, audit::CREATE);
    let entry = StepTaken { resource, id, version: 1, account: None, verb, from: None, to: None, note: None };
    audit::record(connection, now, entry)?;
    Ok(id)
}

fn enter(
    connection: &mut AnyConnection,
    Hashed { form, password_hash }: Hashed<AccountForm>,
    now: Moment,
) -> Result<AccountId> {
    form.check()?;
    if let Some(unit) = &form.unit_code
        && place::store::find(connection, unit, now.day())?.is_none()
    {
        return Err(Error::invalid(
            "/unit_code",
            "unknown_unit",
            say("Không có đơn vị này.", "There is no such unit."),
        ));
    }
    if let Some(producer) = form.producer_id
        && producer::store::find(connection, producer)?.is_none()
    {
        return Err(Error::invalid(
            "/producer_id",
            "unknown_producer",
            say("Không có chủ thể này.", "There is no such producer."),
        ));
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

fn change(work: &mut Work, person: &Person, change: PersonChange) -> Result<Taken> {
    let mut account = person.account.clone();
    account.name = change.name.unwrap_or(account.name);
    account.identity_number =
        change.identity_number.unwrap_or(account.identity_number).map(|number| number.to_ascii_uppercase());
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

fn reset_password(work: &mut Work, person: &Person, hashed: Hashed<NewPassword>) -> Result<Taken> {
    store::set_password(work.connection, person.account.id, &hashed.password_hash, Moment::real_now())?;
    Ok(Taken::stayed())
}

fn reassign(work: &mut Work, person: &Person, UnitMove { unit_code, note }: UnitMove) -> Result<Taken> {
    let account = &person.account;
    let note = Note { note }.optional()?;
    let fault = |code, text| Err(Error::invalid("/unit_code", code, text));
    if !account.role.levels().contains(&unit_code.level()) {
        return fault("wrong_level", say("Đơn vị không hợp với vai trò này.", "The unit does not fit this role."));
    }
    if place::store::find(work.connection, &unit_code, work.now.day())?.is_none() {
        return fault("unknown_unit", say("Không có đơn vị này.", "There is no such unit."));
    }
    store::set_unit(work.connection, account.id, &unit_code)?;
    let from = account.unit_code.as_ref().map(ToString::to_string).unwrap_or_default();
    let moved = format!("{from} → {unit_code}");
    Ok(Taken::stayed().with_note(Some(note.map_or_else(|| moved.clone(), |note| format!("{moved}: {note}")))))
}

fn end(work: &mut Work, person: &Person, reason: Reason) -> Result<Taken> {
    store::end(work.connection, person.account.id, work.now)?;
    Ok(Taken::stayed().with_note(Some(reason.into_text())))
}
