//! A link by which somebody chooses their password (liên kết đặt mật khẩu): made by an administrator, who never knows the
//! password; good once and for a day, of which the database keeps a digest.

use actix_web::post;
use chrono::Duration;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::password::rules::check_password;
use crate::account::store::{self, Account};
use crate::account::token;
use crate::account::{link_store, openid_store, password};
use crate::audit::{self, Resource, StepName, StepTaken};
use crate::base::id::AccountId;
use crate::base::{Error, Faults, Kind, Moment, Result, say};
use crate::db::AnyConnection;
use crate::http::{Answer, App, Problem, Refusals, Visitor};
use crate::place;

const HOURS: i64 = 24;

/// What the history says of who chose their password by a link.
const CHOOSE_PASSWORD: StepName = StepName::new("choose-password");

/// A link that was made, with the secret that is told once.
#[derive(Debug)]
pub struct PasswordLink {
    pub account: AccountId,
    /// The account's, after it.
    pub version: i32,
    pub secret: String,
    pub expires_at: Moment,
}

impl PasswordLink {
    /// Takes an account's password and every sign-in of it away, and the link of before; whoever has this one chooses another.
    pub fn make(connection: &mut AnyConnection, account: AccountId) -> Result<Self> {
        let now = Moment::real_now();
        let (secret, digest) = token::refresh_secret()?;
        let expires_at = now.plus(Duration::hours(HOURS));
        // Nobody signs in another way meanwhile: whoever is to be locked out may be who linked it.
        openid_store::remove(connection, account)?;
        let version = store::set_password(connection, account, store::NO_PASSWORD, now)?;
        link_store::replace(connection, account, digest, expires_at)?;
        Ok(Self { account, version, secret, expires_at })
    }

    /// The page where the password is chosen.
    pub fn url(&self, public_url: &str) -> String {
        format!("{public_url}/desk/new-password/{}", self.secret)
    }
}

/// The password that somebody chooses by a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChosenPassword {
    /// The last part of the link's address.
    secret: String,
    password: String,
}

/// Chooses the password of the account that a link was made for (`resetAccountPassword`). The link is good once and for a day.
#[utoipa::path(tag = "auth", security(()), request_body = ChosenPassword, responses((status = 204), Refusals))]
#[post("/auth/choose-password")]
pub async fn choose(visitor: Visitor) -> Result<Answer, Problem> {
    let ChosenPassword { secret, password } = visitor.form().await?;
    visitor.request.without_idempotency_key()?;
    chosen(&visitor.app, &secret, password).await?;
    Ok(Answer::nothing())
}

/// Whose link it is; 404 where it is wrong, used or too old.
pub fn owner(connection: &mut AnyConnection, secret: &str) -> Result<Account> {
    let account = link_store::find(connection, &token::digest(secret), Moment::real_now())?.ok_or_else(unknown_link)?;
    store::find(connection, account)?.ok_or_else(unknown_link)
}

/// Gives an account the password that was chosen by its link.
pub async fn chosen(app: &App, secret: &str, password: String) -> Result<()> {
    let (now, asked, typed) = (app.clock.now(), secret.to_owned(), password.clone());
    let looked = app.database.read(move |connection| {
        let account = owner(connection, &asked)?;
        let unit = account.unit_code.map(|code| place::store::name(connection, &code, now.day()));
        let unit = unit.transpose()?.unwrap_or_default();
        let mut faults = Vec::new();
        check_password(&typed, &[&account.username, &account.name, &unit], "/password", &mut faults);
        faults.into_result()
    });
    looked.await?;
    let hash = password::hashed(&app.password_turns, password).await?;
    let secret = secret.to_owned();
    let written = app.database.write(move |connection| {
        let account = owner(connection, &secret)?.id;
        store::take(connection, account)?;
        // Of two who use the link at once the second finds it used.
        owner(connection, &secret)?;
        let version = store::set_password(connection, account, &hash, Moment::real_now())?;
        let entry = StepTaken {
            resource: Resource::Account,
            id: account,
            version,
            account: Some(account),
            verb: CHOOSE_PASSWORD,
            from: None,
            to: None,
            note: None,
        };
        audit::record(connection, now, entry)
    });
    written.await
}

/// Wrong, used and old links cannot be told apart.
fn unknown_link() -> Error {
    Error::refused(
        Kind::Unknown,
        "unknown_password_link",
        say(
            "Liên kết không đúng, đã dùng hoặc đã quá 24 giờ; xin liên kết mới từ quản trị viên.",
            "The link is wrong, was used, or is older than 24 hours; ask an administrator for a new one.",
        ),
    )
}
