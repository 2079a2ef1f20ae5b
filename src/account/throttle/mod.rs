//! Guessing passwords: what wrong ones cost, and the one way to check a password.
//!
//! Wrong passwords are counted for each name from each network, so that a stranger slows nobody elsewhere, and for each
//! network over all names, which does not slow an account that signed in from that network before. What waits is told so
//! (429 with `Retry-After`); no request is held. A name that nobody has costs and counts the same as any other.

pub mod rules;
pub mod store;

use chrono::Duration;
use tracing::info;

use crate::account::rules::user_name;
use crate::account::sign_in_log::Outcome;
use crate::account::{openid_store, password, refusal_log, sign_in_log, store as accounts, token};
use crate::base::id::AccountId;
use crate::base::keys::Keyring;
use crate::base::{Error, Kind, Moment, Result, label, say};
use crate::db::AnyConnection;
use crate::http::duties::{Duty, Rhythm};
use crate::http::{App, ClientAddress};

const SWEPT_EVERY: std::time::Duration = std::time::Duration::from_secs(600);
/// Addresses and typed names (people type passwords there) are kept as digests under a key that the database lacks. After
/// a rotation of that key the counts begin anew.
const PURPOSE: &str = "ocop-sign-in";

/// Under what the tries for one name from one network are counted.
#[derive(Clone)]
struct Marks {
    name: Vec<u8>,
    network: Vec<u8>,
    /// In clear, for whose account it is.
    from: String,
}

impl Marks {
    fn of(keys: &Keyring, username: &str, client: ClientAddress) -> Result<Self> {
        let network = client.network().to_string();
        Ok(Self {
            name: keys.digest(PURPOSE, format!("{network} {username}").as_bytes())?,
            network: keys.digest(PURPOSE, network.as_bytes())?,
            from: network,
        })
    }
}

/// An account whose password was just shown, or whose owner another authority vouched for.
#[derive(Clone)]
pub struct Proven {
    pub account: AccountId,
    /// The hash of its password: it may be replaced while the answer is under way.
    pub password_hash: String,
    marks: Marks,
    /// Whether the account signed in from this network before.
    is_own: bool,
}

impl Proven {
    /// Forgets the failures: they were the owner's own, or are of no use any more.
    pub fn forget_failures(&self, connection: &mut AnyConnection) -> Result<()> {
        store::forget(connection, &self.marks.name)
    }

    /// 429 where too many wrong codes were tried beside the password; not in a network of the account's own.
    pub fn must_not_wait_for_code(&self, connection: &mut AnyConnection, keys: &Keyring) -> Result<()> {
        if self.is_own { Ok(()) } else { must_not_wait_for_code(connection, keys, self.account) }
    }

    /// Counts a wrong code as a wrong password is counted, and for the account whatever the network.
    pub fn count_wrong_code(&self, connection: &mut AnyConnection, keys: &Keyring) -> Result<()> {
        count(connection, &self.marks, Some(self.account), Outcome::WrongCode)?;
        count_wrong_code(connection, keys, self.account)
    }

    /// As [`Proven::forget_failures`], and from now on nobody else's failures slow this account in its network.
    pub fn signed_in(&self, connection: &mut AnyConnection, with_code: bool) -> Result<()> {
        let now = Moment::real_now();
        self.forget_failures(connection)?;
        sign_in_log::store::write(connection, self.account, &self.marks.from, Outcome::SignedIn { with_code }, now)?;
        store::own(connection, self.account, &self.marks.network, now)
    }
}

/// Checks a password for a user name. None for a wrong one, which is counted then; 429 where it is too early for a try, 503
/// where too many wait.
pub async fn prove(app: &App, client: ClientAddress, username: &str, password: String) -> Result<Option<Proven>> {
    let username = user_name(username);
    let marks = Marks::of(&app.keys, &username, client)?;
    // Who is too early takes no place in the queue.
    known(app, &username, &marks).await?;
    let app = app.clone();
    // The try is ended and counted also where the client goes away meanwhile.
    let judged = actix_web::rt::spawn(async move {
        let turn = app.password_turns.take().await?;
        // Within the turn, the failures of those before are counted: of many tries at once no more are judged than of as
        // many one after another.
        let known = known(&app, &username, &marks).await?;
        let hash = known.as_ref().map(|known| known.password_hash.clone());
        let (turn, is_right) = password::checked(turn, password, hash).await?;
        let account = known.as_ref().map(|known| known.account);
        if let (Some(Known { account, password_hash, is_own }), true) = (known, is_right) {
            return Ok(Some(Proven { account, password_hash, marks, is_own }));
        }
        app.database.write(move |connection| count(connection, &marks, account, Outcome::WrongPassword)).await?;
        drop(turn);
        Ok(None)
    });
    judged.await.map_err(Error::internal)?
}

/// The account that another authority vouched for, as if its password had been shown; 401 where it has ended.
pub fn vouched_for(
    connection: &mut AnyConnection,
    keys: &Keyring,
    client: ClientAddress,
    account: AccountId,
) -> Result<Proven> {
    let known = accounts::password_hash(connection, account)?;
    let (username, password_hash) = known.ok_or_else(token::unauthenticated)?;
    let marks = Marks::of(keys, &username, client)?;
    let is_own = store::is_own(connection, Some(account), &marks.network, Moment::real_now())?;
    Ok(Proven { account, password_hash, marks, is_own })
}

/// An account whose password is to be judged.
struct Known {
    account: AccountId,
    password_hash: String,
    is_own: bool,
}

/// The account of a user name, where the next try may be made now; 429 where not.
async fn known(app: &App, username: &str, marks: &Marks) -> Result<Option<Known>> {
    let (username, marks) = (username.to_owned(), marks.clone());
    app.database
        .read(move |connection| {
            let now = Moment::real_now();
            let known = accounts::credentials(connection, &username)?;
            let of_name = rules::OF_NAME.left(store::failures(connection, &marks.name)?, now);
            let of_network = rules::OF_NETWORK.left(store::failures(connection, &marks.network)?, now);
            let is_own = store::is_own(connection, known.as_ref().map(|(id, _)| *id), &marks.network, now)?;
            let left = if is_own { of_name } else { of_name.max(of_network) };
            must_not_wait(left)?;
            Ok(known.map(|(account, password_hash)| Known { account, password_hash, is_own }))
        })
        .await
}

fn count(connection: &mut AnyConnection, marks: &Marks, account: Option<AccountId>, outcome: Outcome) -> Result<()> {
    let now = Moment::real_now();
    sign_in_log::store::write(connection, account.unwrap_or(sign_in_log::NOBODY), &marks.from, outcome, now)?;
    store::add_failure(connection, &marks.name, rules::OF_NAME, now)?;
    store::add_failure(connection, &marks.network, rules::OF_NETWORK, now)
}

/// Under what the wrong codes for an account are counted.
fn mark_of_codes(keys: &Keyring, account: AccountId) -> Result<Vec<u8>> {
    keys.digest(PURPOSE, format!("code {account}").as_bytes())
}

/// 429 where too many wrong codes were tried for an account.
pub fn must_not_wait_for_code(connection: &mut AnyConnection, keys: &Keyring, account: AccountId) -> Result<()> {
    let failures = store::failures(connection, &mark_of_codes(keys, account)?)?;
    must_not_wait(rules::OF_CODE.left(failures, Moment::real_now()))
}

/// Counts a wrong code for an account.
pub fn count_wrong_code(connection: &mut AnyConnection, keys: &Keyring, account: AccountId) -> Result<()> {
    store::add_failure(connection, &mark_of_codes(keys, account)?, rules::OF_CODE, Moment::real_now())
}

/// Forgets the wrong codes for an account whose right one was shown.
pub fn forget_wrong_codes(connection: &mut AnyConnection, keys: &Keyring, account: AccountId) -> Result<()> {
    store::forget(connection, &mark_of_codes(keys, account)?)
}

fn must_not_wait(left: Duration) -> Result<()> {
    if left.is_zero() { Ok(()) } else { Err(too_early(left)) }
}

fn too_early(left: Duration) -> Error {
    let seconds = left.num_seconds() + 1;
    Error::refused(
        Kind::TooSoon(seconds),
        "too_many_failures",
        say(
            format!("Sai mật khẩu quá nhiều lần. Xin thử lại sau {seconds} giây."),
            format!("Too many wrong passwords. Please try again in {seconds} seconds."),
        ),
    )
}

const FORGETTING: Duty =
    Duty { name: "sign_ins", label: label("xóa lượt đăng nhập đã cũ", "forgetting of old sign-ins") };

/// Deletes what is no longer needed now and then every ten minutes, for as long as the runtime lives.
pub fn keep_swept(app: App) {
    let duties = app.duties.clone();
    duties.keep(FORGETTING, Rhythm::every(SWEPT_EVERY).at_once(), async move || {
        let swept = app.database.write(|connection| {
            let now = Moment::real_now();
            let tries = store::sweep_to_bounds(connection, now)? + sign_in_log::store::sweep(connection, now)?;
            Ok::<_, Error>(tries + openid_store::sweep(connection, now)?)
        });
        refusal_log::forget_old();
        let forgotten = swept.await?;
        if forgotten > 0 {
            info!(forgotten, "old sign-in failures were forgotten");
        }
        Ok(())
    });
}
