//! Passwords: argon2id, never kept in clear.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};

use crate::base::{Error, Result};

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
