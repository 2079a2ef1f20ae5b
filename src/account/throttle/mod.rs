//! Guessing passwords: what wrong ones cost, and the one way to check a password.
//!
//! Wrong passwords are counted for each name from each network, so that a stranger slows nobody elsewhere, and for each
//! network over all names, which does not slow an account that signed in from that network before. What waits is told so
//! (429 with `Retry-After`); no request is held. A name that nobody has costs and counts the same as any other.

pub mod rules;
pub mod store;

use chrono::Duration;
use tracing::{error, info};

use crate::account::{password, store as accounts};
use crate::base::id::AccountId;
use crate::base::keys::Keyring;
use crate::base::{Error, Kind, Moment, Result, say};
use crate::db::AnyConnection;
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
}

impl Marks {
    fn of(keys: &Keyring, username: &str, client: ClientAddress) -> Result<Self> {
        let network = client.network().to_string();
        Ok(Self {
            name: keys.digest(PURPOSE, format!("{network} {username}").as_bytes())?,
            network: keys.digest(PURPOSE, network.as_bytes())?,
        })
    }
}

/// An account whose password was just shown.
#[derive(Clone)]
pub struct Proven {
    pub account: AccountId,
    /// The hash that the password fits: it may be replaced while the answer is under way.
    pub password_hash: String,
    marks: Marks,
}

impl Proven {
    /// Forgets the failures: they were the owner's own, or are of no use any more.
    pub fn forget_failures(&self, connection: &mut AnyConnection) -> Result<()> {
        store::forget(connection, &self.marks.name)
    }

    /// As [`Proven::forget_failures`], and from now on nobody else's failures slow this account in its network.
    pub fn signed_in(&self, connection: &mut AnyConnection) -> Result<()> {
        self.forget_failures(connection)?;
        store::own(connection, self.account, &self.marks.network, Moment::real_now())
    }
}

/// Checks a password for a user name. None for a wrong one, which is counted then; 429 where it is too early for a try, 503
/// where too many wait.
pub async fn prove(app: &App, client: ClientAddress, username: &str, password: String) -> Result<Option<Proven>> {
    let username = username.to_lowercase();
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
        let hash = known.as_ref().map(|(_, hash)| hash.clone());
        let (turn, is_right) = password::checked(turn, password, hash).await?;
        if let (Some((account, password_hash)), true) = (known, is_right) {
            return Ok(Some(Proven { account, password_hash, marks }));
        }
        app.database.write(move |connection| count(connection, &marks)).await?;
        drop(turn);
        Ok(None)
    });
    judged.await.map_err(Error::internal)?
}

/// The account of a user name, where the next try may be made now; 429 where not.
async fn known(app: &App, username: &str, marks: &Marks) -> Result<Option<(AccountId, String)>> {
    let (username, marks) = (username.to_owned(), marks.clone());
    app.database
        .read(move |connection| {
            let now = Moment::real_now();
            let known = accounts::credentials(connection, &username)?;
            let of_name = rules::OF_NAME.left(store::failures(connection, &marks.name)?, now);
            let of_network = rules::OF_NETWORK.left(store::failures(connection, &marks.network)?, now);
            let is_own = store::is_own(connection, known.as_ref().map(|(id, _)| *id), &marks.network, now)?;
            let left = if is_own { of_name } else { of_name.max(of_network) };
            if left.is_zero() { Ok(known) } else { Err(too_early(left)) }
        })
        .await
}

fn count(connection: &mut AnyConnection, marks: &Marks) -> Result<()> {
    let now = Moment::real_now();
    store::add_failure(connection, &marks.name, rules::OF_NAME, now)?;
    store::add_failure(connection, &marks.network, rules::OF_NETWORK, now)
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

/// Deletes what is no longer needed now and then every ten minutes, for as long as the runtime lives.
pub fn keep_swept(app: App) {
    actix_web::rt::spawn(async move {
        loop {
            let swept = app.database.write(|connection| store::sweep_to_bounds(connection, Moment::real_now())).await;
            match swept {
                Ok(0) => {}
                Ok(forgotten) => info!(forgotten, "old sign-in failures were forgotten"),
                Err(error) => error!(%error, "old sign-in failures could not be forgotten"),
            }
            tokio::time::sleep(SWEPT_EVERY).await;
        }
    });
}
