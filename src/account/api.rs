//! `/me` and `/accounts`.

use actix_web::{get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::caller::{Caller, Work};
use crate::account::rules::{self, Role};
use crate::account::store::{self, Account, Filter, NewAccount};
use crate::account::{password, sign_in};
use crate::audit::{self, Entry, History, Resource};
use crate::base::id::{AccountId, ProducerId};
use crate::base::{Error, Faults, Moment, Result, UnitCode, say};
use crate::db::AnyConnection;
use crate::http::{Answer, At, Page, Problem, Refusals};

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
    caller
        .write(|work| {
            work.must_be(&[Role::Administrator])?;
            work.begin()?;
            let form: AccountForm = work.body()?;
            let id = make(work.connection, form, work.now)?;
            work.record(entry(id, 1, "create"))?;
            let account = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
            Ok(Answer::created(format!("/api/v1/accounts/{id}"), 1, AccountAnswer::from(account))?)
        })
        .await
}

/// Checks a form and makes the account; also what `ocop account create` does.
pub fn make(connection: &mut AnyConnection, form: AccountForm, now: Moment) -> Result<AccountId> {
    rules::check_account(
        &form.username,
        &form.password,
        &form.name,
        form.role,
        form.unit_code.as_ref(),
        form.producer_id,
    )?;
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
        password_hash: password::hash(&form.password)?,
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

/// Accounts: all of each for administrators, names for offices.
#[utoipa::path(
    tag = "accounts",
    params(
        ("role" = Option<Role>, Query), ("unit_code" = Option<String>, Query), ("q" = Option<String>, Query),
        ("limit" = Option<i64>, Query), ("after" = Option<String>, Query),
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
    caller
        .write(|work| {
            let account = visible(work, id.get()?)?;
            work.must_be(&[Role::Administrator])?;
            work.begin_at(account.version)?;
            let form: NewPassword = work.body()?;
            let mut faults = Vec::new();
            rules::check_password(&form.password, "/password", &mut faults);
            faults.into_result()?;
            let version = sign_in::set_password(work.connection, account.id, &form.password)?;
            work.record(entry(account.id, version, "reset_password"))?;
            shown(work.connection, account.id)
        })
        .await
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
