//! PostgreSQL's own programs, which know how its databases are taken and put back.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use percent_encoding::percent_decode_str;

use crate::base::{Error, Result, say};

/// Where PostgreSQL's programs are.
#[derive(Debug, Clone, Args)]
pub struct Programs {
    /// The folder of PostgreSQL's programs pg_dump and pg_restore, of the server's version or a newer one; those of PATH where
    /// it is not set.
    #[arg(long, env = "OCOP_POSTGRESQL_PROGRAMS")]
    pub postgresql_programs: Option<PathBuf>,
}

impl Programs {
    fn named(&self, name: &str) -> PathBuf {
        self.postgresql_programs.as_ref().map_or_else(|| name.into(), |folder| folder.join(name))
    }

    /// Takes the state of a database that a transaction, which is still open, has exported under this name.
    pub fn dump(&self, url: &str, snapshot: &str, to: &Path) -> Result<()> {
        let mut dump = Command::new(self.named("pg_dump"));
        dump.args(["--no-password", "--format=custom", "--no-owner", "--no-privileges"]);
        dump.arg(format!("--snapshot={snapshot}")).arg(said("--file=", to));
        run(dump, url)
    }

    /// Puts a database into one that holds nothing: all of it, or nothing.
    pub fn restore(&self, url: &str, from: &Path) -> Result<()> {
        let mut restore = Command::new(self.named("pg_restore"));
        restore.args(["--no-password", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]);
        // Before the address, which ends what is an option.
        restore.arg(from);
        run(restore, url)
    }
}

fn said(option: &str, path: &Path) -> OsString {
    let mut said = OsString::from(option);
    said.push(path);
    said
}

/// Everybody of the machine may read a command line, so the password does not stand on it.
fn run(mut command: Command, url: &str) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let (url, password) = without_password(url);
    command.arg(format!("--dbname={url}"));
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    let output = command.output().map_err(|error| {
        Error::at_hand(say(
            format!(
                "Không chạy được {name} ({error}): hãy cài các chương trình của PostgreSQL, hoặc ghi thư mục của chúng vào \
                 OCOP_POSTGRESQL_PROGRAMS."
            ),
            format!(
                "{name} cannot be run ({error}): install PostgreSQL's programs, or name their folder in \
                 OCOP_POSTGRESQL_PROGRAMS."
            ),
        ))
    })?;
    if output.status.success() {
        return Ok(());
    }
    let told = String::from_utf8_lossy(&output.stderr);
    let told = told.trim();
    Err(Error::at_hand(say(format!("{name} không thành công: {told}"), format!("{name} failed: {told}"))))
}

/// The address without its password, and the password as it is meant.
fn without_password(url: &str) -> (String, Option<String>) {
    let decoded = |password: &str| percent_decode_str(password).decode_utf8_lossy().into_owned();
    let (place, query) = url.split_once('?').map_or((url, None), |(place, query)| (place, Some(query)));
    let mut password = None;
    let mut shown = place.to_owned();
    if let Some((scheme, rest)) = place.split_once("://")
        && let Some((who, place)) = rest.rsplit_once('@')
        && let Some((user, secret)) = who.split_once(':')
    {
        password = Some(decoded(secret));
        shown = format!("{scheme}://{user}@{place}");
    }
    let mut joint = '?';
    for pair in query.into_iter().flat_map(|query| query.split('&')) {
        match pair.split_once('=') {
            Some(("password", secret)) => password = Some(decoded(secret)),
            _ => {
                shown.push(joint);
                shown.push_str(pair);
                joint = '&';
            }
        }
    }
    (shown, password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_never_stands_on_a_command_line() {
        for (url, shown, password) in [
            ("postgres://db/ocop", "postgres://db/ocop", None),
            ("postgres://ocop@db:5432/ocop", "postgres://ocop@db:5432/ocop", None),
            ("postgres://ocop:a%40b:c@db/ocop", "postgres://ocop@db/ocop", Some("a@b:c")),
            ("postgresql:///ocop?host=/run&password=a%20b&x=1", "postgresql:///ocop?host=/run&x=1", Some("a b")),
            ("postgres://o:p@a,b/ocop?password=q", "postgres://o@a,b/ocop", Some("q")),
        ] {
            assert_eq!(without_password(url), (shown.to_owned(), password.map(str::to_owned)), "{url}");
        }
    }
}
