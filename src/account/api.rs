//! `/me` and `/accounts`.

use actix_web::{get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::caller::{Caller, Work};
use crate::account::password;
use crate::account::rules::{self, Role};
use crate::account::store::{self, Account, Filter, NewAccount};
use crate::audit::{self, Entry, History, Resource};
use crate::base::id::{AccountId, ProducerId};
use crate::base::{Error, Faults, Moment, Result, UnitCode, say};
use crate::db::AnyConnection;
use crate::http::{Answer, At, Note, Page, Problem, Refusals};

/// An account as administrators see it, and everybody their own.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountAnswer {
    id: AccountId,
    version: i32,
    username: String,
    name: String,
    role: Role,
    unit_code: Option<UnitCode>,
    producer_id: Option<ProducerId>,
    identity_number: Option<String>,
    residence_code: Option<UnitCode>,
    residence: Option<String>,
    created_at: Moment,
    /// Since when the account is of no use any more; its user name stays taken.
    ended_at: Option<Moment>,
}

impl From<Account> for AccountAnswer {
    fn from(account: Account) -> Self {
        Self {
            id: account.id,
            version: account.version,
            username: account.username,
            name: account.name,
            role: account.role,
            unit_code: account.unit_code,
            producer_id: account.producer_id,
            identity_number: account.identity_number,
            residence_code: account.residence_code,
            residence: account.residence,
            created_at: account.created_at,
            ended_at: account.ended_at,
        }
    }
}

/// What offices that appoint councils see of an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccountName)]
pub struct AccountName {
    id: AccountId,
    name: String,
    role: Role,
    unit_code: Option<UnitCode>,
}

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

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    password: String,
}

/// Oneself.
#[utoipa::path(tag = "accounts", responses((status = 200, body = AccountAnswer), Refusals))]
#[get("/me")]
pub async fn me(caller: Caller) -> Result<Answer, Problem> {
    caller.read(|work| shown(work.connection, work.actor.id)).await
}

fn shown(connection: &mut AnyConnection, id: AccountId) -> Result<Answer, crate::http::Stop> {
    let account = store::find(connection, id)?.ok_or_else(Error::unknown)?;
    Ok(Answer::resource(account.version, AccountAnswer::from(account))?)
}

/// Makes an account (administrator).
#[utoipa::path(tag = "accounts", request_body = AccountForm, responses((status = 201, body = AccountAnswer), Refusals))]
#[post("/accounts")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    let password = caller
        .look(|work| {
            work.must_be(&[Role::Administrator])?;
            work.request.parse_body()?;
            let form: AccountForm = work.body()?;
            form.check()?;
            Ok(form.password)
        })
        .await?;
    let password_hash = password::hashed(&caller.house.password_turns, password).await?;
    caller
        .write(move |work| {
            work.must_be(&[Role::Administrator])?;
            work.begin()?;
            let form: AccountForm = work.body()?;
            let id = make(work.connection, form, password_hash, work.now)?;
            work.record(entry(id, 1, "create"))?;
            let account = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
            Ok(Answer::created(format!("/api/v1/accounts/{id}"), 1, AccountAnswer::from(account))?)
        })
        .await
}

impl AccountForm {
    /// Everything that can be said without looking anything up.
    pub fn check(&self) -> Result<()> {
        let unit = self.unit_code.as_ref();
        rules::check_account(&self.username, &self.password, &self.name, self.role, unit, self.producer_id)
    }
}

/// Checks a form and makes the account, whose password was hashed before the transaction; also what `ocop account create`
/// does.
pub fn make(
    connection: &mut AnyConnection,
    form: AccountForm,
    password_hash: String,
    now: Moment,
) -> Result<AccountId> {
    form.check()?;
    if let Some(unit) = &form.unit_code
        && crate::place::store::find(connection, unit, now.day())?.is_none()
    {
        return Err(Error::invalid(
            "/unit_code",
            "unknown_unit",
            say("Không có đơn vị này.", "There is no such unit."),
        ));
    }
    if let Some(producer) = form.producer_id
        && !store::producer_exists(connection, producer)?
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

pub fn entry<'a>(id: AccountId, version: i32, verb: &'a str) -> Entry<'a, crate::base::id::of::Account> {
    Entry { resource: Resource::Account, id, version, account: None, verb, from: None, to: None, note: None }
}

/// Accounts: all of each for administrators, names for offices, which are shown those that have not ended unless they ask
/// for the others (`ended`).
#[utoipa::path(
    tag = "accounts",
    params(
        ("role" = Option<Role>, Query), ("unit_code" = Option<String>, Query), ("q" = Option<String>, Query),
        ("ended" = Option<bool>, Query), ("limit" = Option<i64>, Query), ("after" = Option<String>, Query),
    ),
    responses((status = 200, body = Page<AccountAnswer>), Refusals)
)]
#[get("/accounts")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            work.must_be(&[Role::Administrator, Role::ProvincialOfficer, Role::DistrictOfficer])?;
            let mut query = work.request.query();
            let paging = query.paging();
            let filter = Filter {
                role: query.take("role"),
                unit: query.take("unit_code"),
                search: query.search(),
                ended: query.take("ended").or((!work.actor.is(&[Role::Administrator])).then_some(false)),
                after: paging.after.clone(),
                limit: paging.one_more(),
            };
            query.finish()?;
            let found = store::list(work.connection, &filter)?;
            let (accounts, next) = paging.cut(found, |account| (account.folded.clone(), account.id))?;
            if work.actor.is(&[Role::Administrator]) {
                return Ok(Answer::page(accounts.into_iter().map(AccountAnswer::from).collect(), next)?);
            }
            let name = |account: Account| AccountName {
                id: account.id,
                name: account.name,
                role: account.role,
                unit_code: account.unit_code,
            };
            Ok(Answer::page(accounts.into_iter().map(name).collect(), next)?)
        })
        .await
}

fn visible(work: &mut Work, id: AccountId) -> Result<Account> {
    if !work.actor.is(&[Role::Administrator]) && work.actor.id != id {
        return Err(Error::unknown());
    }
    store::find(work.connection, id)?.ok_or_else(Error::unknown)
}

/// One account (administrator; everybody their own).
#[utoipa::path(tag = "accounts", responses((status = 200, body = AccountAnswer), Refusals))]
#[get("/accounts/{id}")]
pub async fn read(caller: Caller, id: At<AccountId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let account = visible(work, id.get()?)?;
            Ok(Answer::resource(account.version, AccountAnswer::from(account))?)
        })
        .await
}

/// Changes what is known of the person behind an account (administrator).
#[utoipa::path(tag = "accounts", request_body = PersonChange, responses((status = 200, body = AccountAnswer), Refusals))]
#[patch("/accounts/{id}")]
pub async fn change(caller: Caller, id: At<AccountId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let mut account = visible(work, id.get()?)?;
            work.must_be(&[Role::Administrator])?;
            work.begin_at(account.version)?;
            let form: PersonChange = work.body()?;
            account.name = form.name.unwrap_or(account.name);
            account.identity_number =
                form.identity_number.unwrap_or(account.identity_number).map(|number| number.to_ascii_uppercase());
            account.residence_code = form.residence_code.unwrap_or(account.residence_code);
            account.residence = form.residence.unwrap_or(account.residence);
            rules::check_person(&account.name, account.identity_number.as_deref(), account.residence.as_deref())?;
            if let Some(code) = &account.residence_code
                && crate::place::store::commune(work.connection, code, work.now.day())?.is_none()
            {
                return Err(Error::invalid(
                    "/residence_code",
                    "unknown_unit",
                    say("Không có xã này.", "There is no such commune."),
                )
                .into());
            }
            let version = store::set_person(work.connection, &account)?;
            work.record(entry(account.id, version, "change"))?;
            shown(work.connection, account.id)
        })
        .await
}

/// Sets another's password (administrator); all its sign-ins end.
#[utoipa::path(tag = "accounts", request_body = NewPassword, responses((status = 200, body = AccountAnswer), Refusals))]
#[post("/accounts/{id}/reset-password")]
pub async fn reset_password(caller: Caller, id: At<AccountId>) -> Result<Answer, Problem> {
    let (id, password) = caller
        .look(|work| {
            let account = visible(work, id.get()?)?;
            work.must_be(&[Role::Administrator])?;
            work.request.parse_body()?;
            // What was carried out already is answered as it was then, whatever the version is now.
            if work.request.idempotency_key()?.is_none() {
                work.request.expect(account.version)?;
                must_stand(&account, "reset_password")?;
            }
            let form: NewPassword = work.body()?;
            let mut faults = Vec::new();
            rules::check_password(&form.password, "/password", &mut faults);
            faults.into_result()?;
            Ok((account.id, form.password))
        })
        .await?;
    let password_hash = password::hashed(&caller.house.password_turns, password).await?;
    caller
        .write(move |work| {
            let account = visible(work, id)?;
            work.must_be(&[Role::Administrator])?;
            work.begin_at(account.version)?;
            must_stand(&account, "reset_password")?;
            let version = store::set_password(work.connection, account.id, &password_hash, Moment::real_now())?;
            work.record(entry(account.id, version, "reset_password"))?;
            shown(work.connection, account.id)
        })
        .await
}

/// Ends an account for good (administrator; the note says why): its tokens and its password are of no use from now on.
/// What it did stays, and so does its user name.
#[utoipa::path(tag = "accounts", request_body = Note, responses((status = 200, body = AccountAnswer), Refusals))]
#[post("/accounts/{id}/end")]
pub async fn end(caller: Caller, id: At<AccountId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let id = id.get()?;
            visible(work, id)?;
            work.must_be(&[Role::Administrator])?;
            // One end after another, each decided on what the one before left.
            let administrators = store::take_administrators(work.connection)?;
            let account = visible(work, id)?;
            work.begin_at(account.version)?;
            must_stand(&account, "end")?;
            if account.role == Role::Administrator && administrators == 1 {
                let detail = say(
                    "Đây là quản trị viên duy nhất còn lại. Hãy lập một quản trị viên khác trước.",
                    "This is the only administrator left. Make another one first.",
                );
                return Err(Error::conflict("last_administrator", detail).into());
            }
            let note = work.body::<Note>()?.demanded()?;
            let version = store::end(work.connection, account.id, work.now)?;
            work.record(Entry { note: Some(&note), ..entry(account.id, version, "end") })?;
            shown(work.connection, account.id)
        })
        .await
}

/// 409 where the account has ended.
fn must_stand(account: &Account, verb: &str) -> Result<()> {
    if account.ended_at.is_some() { Err(Error::wrong_state(verb, "ended")) } else { Ok(()) }
}

/// What happened to an account.
#[utoipa::path(tag = "accounts", responses((status = 200, body = Page<History>), Refusals))]
#[get("/accounts/{id}/history")]
pub async fn history(caller: Caller, id: At<AccountId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let account = visible(work, id.get()?)?;
            Ok(audit::answer(work.connection, &work.request, Resource::Account, account.id)?)
        })
        .await
}
