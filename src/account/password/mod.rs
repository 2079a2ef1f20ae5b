//! Passwords: argon2id, never kept in clear.

pub mod link;
pub mod rules;

use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};

use crate::base::{Error, Result};
use crate::db::busy;
use crate::http::turns::{Heavy, Turn, Turns};

/// How passwords are hashed: each takes a core and 19 MiB, and all who wait are through in about two seconds.
pub const HASHING: Heavy =
    Heavy { name: "passwords", at_once: 2, waiting: 128, longest_wait: Duration::from_secs(5), busy };

/// The hash to keep, with its own salt and parameters (PHC string).
pub fn hash(password: &str) -> Result<String> {
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(Error::internal)?;
    Ok(hash.to_string())
}

/// Whether the password made the hash.
pub fn matches(password: &str, hash: &str) -> Result<bool> {
    let hash = PasswordHash::new(hash).map_err(Error::internal)?;
    Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// As [`hash`], in turn and off the async threads. No transaction waits for it: on SQLite nobody else could write.
pub async fn hashed(turns: &Turns, password: String) -> Result<String> {
    let (_turn, hashed) = turns.take().await?.work(move || hash(&password)).await?;
    hashed
}

/// As [`matches`], within a turn and off the async threads. Where there is no hash, it takes as long.
pub async fn checked(turn: Turn, password: String, known: Option<String>) -> Result<(Turn, bool)> {
    let check = move || match known {
        Some(known) => matches(&password, &known),
        None => hash(&password).map(|_| false),
    };
    let (turn, is_right) = turn.work(check).await?;
    Ok((turn, is_right?))
}
