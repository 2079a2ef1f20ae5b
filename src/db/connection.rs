//! The two kinds of database behind one type, told apart by the scheme of their address.

use std::fmt;
use std::str::FromStr;

use diesel::connection::SimpleConnection;
use diesel::{Connection as _, MultiConnection, PgConnection, SqliteConnection};

use crate::base::{Error, Result};

/// A connection to either database. The stations write their queries once, over this.
#[derive(MultiConnection)]
pub enum AnyConnection {
    Sqlite(SqliteConnection),
    Postgresql(PgConnection),
}

/// Where the database is: `sqlite:<path>` or `postgres://…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    Sqlite(String),
    Postgresql(String),
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.contains(":memory:") {
                return Err("sqlite: needs the path of a file, as in sqlite:data/ocop.db".into());
            }
            return Ok(Self::Sqlite(path.to_owned()));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            let demands_tls = ["sslmode=require", "sslmode=verify-ca", "sslmode=verify-full"];
            if demands_tls.iter().any(|demand| text.contains(demand)) {
                return Err(
                    "this build's PostgreSQL client has no TLS: connect over a local socket or a private network, \
                            without sslmode=require"
                        .into(),
                );
            }
            return Ok(Self::Postgresql(text.to_owned()));
        }
        Err("expected sqlite:<path> or postgres://user@host/name".into())
    }
}

/// Without the password, for the log.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{path}"),
            Self::Postgresql(url) => {
                let shown = url.rsplit_once('@').map_or(url.as_str(), |(_, host)| host);
                write!(f, "postgres://{}", shown.trim_start_matches("postgresql://").trim_start_matches("postgres://"))
            }
        }
    }
}

impl Address {
    /// Opens a connection and sets it up. Waits up to five seconds for a lock on SQLite.
    pub fn connect(&self) -> Result<AnyConnection> {
        match self {
            Self::Sqlite(path) => {
                let mut connection = SqliteConnection::establish(path)
                    .map_err(|error| Error::internal(format!("cannot open {path}: {error}")))?;
                connection
                    .batch_execute(
                        "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                         PRAGMA foreign_keys = ON;",
                    )
                    .map_err(|error| Error::internal(format!("cannot use {path} as a SQLite database: {error}")))?;
                Ok(AnyConnection::Sqlite(connection))
            }
            Self::Postgresql(url) => {
                let mut connection = PgConnection::establish(url)
                    .map_err(|error| Error::internal(format!("cannot reach {self}: {error}")))?;
                connection
                    .batch_execute("SET TIME ZONE 'UTC'; SET lock_timeout = '10s'; SET client_min_messages = warning;")
                    .map_err(Error::internal)?;
                Ok(AnyConnection::Postgresql(connection))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_apart_by_their_scheme() {
        assert_eq!("sqlite:data/ocop.db".parse(), Ok(Address::Sqlite("data/ocop.db".into())));
        assert!("postgres://ocop@localhost/ocop".parse::<Address>().is_ok());
        for wrong in ["mysql://x", "ocop.db", "sqlite:", "sqlite::memory:", "postgres://h/d?sslmode=require", ""] {
            assert!(wrong.parse::<Address>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_shown_address_keeps_its_password() {
        let address: Address = "postgres://ocop:secret@db.local:5432/ocop".parse().unwrap();
        assert_eq!(address.to_string(), "postgres://db.local:5432/ocop");
    }
}
