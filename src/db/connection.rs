//! The two kinds of database behind one type, told apart by the scheme of their address.

use std::fmt;
use std::str::FromStr;

use diesel::connection::SimpleConnection;
use diesel::{Connection as _, MultiConnection, PgConnection, SqliteConnection};

use crate::base::capacity::MEBIBYTE;
use crate::base::{Error, Result};
use crate::db::unusable::unusable;

/// SQLite's write-ahead log is long from so many bytes on: more than it has where nobody keeps it from going over ([`OPENED`]).
pub const LONG_LOG: u64 = 160 * MEBIBYTE;

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
                let shown = shown.trim_start_matches("postgresql://").trim_start_matches("postgres://");
                let (place, query) = shown.split_once('?').unwrap_or((shown, ""));
                let is_shown = |pair: &&str| !pair.is_empty() && !pair.contains("password");
                let query: Vec<&str> = query.split('&').filter(is_shown).collect();
                let joint = if query.is_empty() { "" } else { "?" };
                write!(f, "postgres://{place}{joint}{}", query.join("&"))
            }
        }
    }
}

impl Address {
    /// Opens a connection for a command and sets it up. Waits up to five minutes for a lock, as for a migration beside it.
    pub fn connect(&self) -> Result<AnyConnection> {
        match self {
            Self::Sqlite(path) => {
                let mut connection = SqliteConnection::establish(path).map_err(|error| unusable(path, &error))?;
                connection
                    .batch_execute(&format!("{OPENED} PRAGMA journal_size_limit = {LONG_LOG};"))
                    .map_err(|error| unusable(path, &error))?;
                Ok(AnyConnection::Sqlite(connection))
            }
            Self::Postgresql(url) => {
                let mut connection = PgConnection::establish(&with_defaults(url))
                    .map_err(|error| Error::internal(format!("cannot reach {self}: {error}")))?;
                connection.batch_execute(SESSION).map_err(Error::internal)?;
                Ok(AnyConnection::Postgresql(connection))
            }
        }
    }
}

/// How every connection to SQLite begins. Its log goes over into the database at 125 MiB, not at SQLite's four: that keeps
/// whoever writes just then waiting, which is to be rare, and a page that was written often goes over once. The cache of 8 MiB,
/// not two, holds the upper pages of large indexes; it is filled by what is read only.
const OPENED: &str = "PRAGMA busy_timeout = 300000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 32000; PRAGMA cache_size = -8000;";

/// How every session with PostgreSQL begins. Queries here are short: compiling them costs more than it saves. A command may
/// work for as long as it needs, but does not queue for a lock for ever; requests have limits of their own.
const SESSION: &str = "SET TIME ZONE 'UTC'; SET client_min_messages = warning; SET jit = off; SET lock_timeout = '5min'; \
     SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;";

/// When a connection that went silent is given up, in libpq's words: seconds, but `tcp_user_timeout` in milliseconds. Without
/// these a connection whose other end vanished without a word (a failover, a lost NAT entry) would be waited for for hours.
const TRANSPORT: [(&str, &str); 6] = [
    ("connect_timeout", "5"),
    ("tcp_user_timeout", "8000"),
    ("keepalives", "1"),
    ("keepalives_idle", "5"),
    ("keepalives_interval", "2"),
    ("keepalives_count", "3"),
];

/// The address with [`TRANSPORT`] where it does not say otherwise itself.
fn with_defaults(url: &str) -> String {
    let said = url.split_once('?').map_or("", |(_, query)| query);
    let is_said = |name: &str| said.split('&').any(|pair| pair.split_once('=').is_some_and(|(key, _)| key == name));
    let mut whole = url.to_owned();
    for (name, value) in TRANSPORT.iter().filter(|(name, _)| !is_said(name)) {
        let joint = if whole.contains('?') { '&' } else { '?' };
        whole.push_str(&format!("{joint}{name}={value}"));
    }
    whole
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
    fn no_password_of_an_address_is_shown() {
        for (address, shown) in [
            ("postgres://ocop:secret@db/ocop?connect_timeout=1", "postgres://db/ocop?connect_timeout=1"),
            ("postgresql:///ocop?host=/run&password=secret", "postgres:///ocop?host=/run"),
            ("postgres://db/ocop?sslpassword=secret", "postgres://db/ocop"),
        ] {
            assert_eq!(address.parse::<Address>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn what_an_address_says_of_its_transport_stands() {
        let whole = with_defaults("postgres://ocop@db/ocop?connect_timeout=1");
        assert!(whole.starts_with("postgres://ocop@db/ocop?connect_timeout=1&"), "{whole}");
        assert_eq!(whole.matches("connect_timeout").count(), 1);
        assert_eq!(with_defaults("postgres://db/ocop").matches(['?', '&']).count(), TRANSPORT.len());
    }

    #[test]
    fn a_shown_address_keeps_its_password() {
        let address: Address = "postgres://ocop:secret@db.local:5432/ocop".parse().unwrap();
        assert_eq!(address.to_string(), "postgres://db.local:5432/ocop");
    }
}
