//! What every handler can reach.

use std::path::PathBuf;
use std::sync::Arc;

use crate::base::keys::Keyring;
use crate::base::time::Clock;
use crate::db::Database;
use crate::http::TrustedProxies;
use crate::http::turns::Turns;

/// The running service: its database, clock, keys and addresses. Cheap to clone.
#[derive(Clone)]
pub struct House {
    pub database: Database,
    pub clock: Clock,
    pub keys: Arc<Keyring>,
    /// The origin that the public sees, without a slash at its end.
    pub public_url: Arc<str>,
    /// Whose word of where a request comes from is believed.
    pub trusted_proxies: Arc<TrustedProxies>,
    /// Where documents lie.
    pub data_dir: Arc<PathBuf>,
    /// Turns for hashing passwords.
    pub password_turns: Turns,
}
