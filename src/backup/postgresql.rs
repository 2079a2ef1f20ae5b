//! PostgreSQL's own programs, which know how its databases are taken and put back.

use std::ffi::OsString;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
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
    let Told { address, password, key_password } = told_apart(url);
    command.arg(format!("--dbname={address}"));
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    // No variable of the environment tells it: a file does that only its owner reads, for as long as the command runs.
    let service = key_password.map(|password| Service::of(&password)).transpose()?;
    if let Some(service) = &service {
        command.env("PGSERVICEFILE", &service.path).env("PGSERVICE", Service::NAME);
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

/// A file of PostgreSQL's services, which goes once it is dropped.
struct Service {
    path: PathBuf,
}

impl Service {
    const NAME: &str = "ocop";

    fn of(key_password: &str) -> Result<Self> {
        let path = std::env::temp_dir().join(format!("ocop-service-{}", uuid::Uuid::new_v4()));
        let failed = |error: std::io::Error| Error::internal(format!("cannot write {}: {error}", path.display()));
        let file = File::options().write(true).create_new(true).mode(0o600).open(&path);
        let mut file = file.map_err(failed)?;
        let service = Self { path: path.clone() };
        writeln!(file, "[{}]\nsslpassword={key_password}", Self::NAME).map_err(failed)?;
        Ok(service)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::error!(%error, path = %self.path.display(), "a file with a password stays");
        }
    }
}

/// An address without what is secret in it, and that as it is meant.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    address: String,
    password: Option<String>,
    /// Of the key of a certificate.
    key_password: Option<String>,
}

fn told_apart(url: &str) -> Told {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (place, query) = url.split_once('?').map_or((url, None), |(place, query)| (place, Some(query)));
    let mut told = Told { address: place.to_owned(), password: None, key_password: None };
    if let Some((scheme, rest)) = place.split_once("://")
        && let Some((who, place)) = rest.rsplit_once('@')
        && let Some((user, secret)) = who.split_once(':')
    {
        told.password = Some(decoded(secret));
        told.address = format!("{scheme}://{user}@{place}");
    }
    let mut joint = '?';
    for pair in query.into_iter().flat_map(|query| query.split('&')) {
        match pair.split_once('=').map(|(name, value)| (decoded(name), value)) {
            Some((name, secret)) if name == "password" => told.password = Some(decoded(secret)),
            Some((name, secret)) if name == "sslpassword" => told.key_password = Some(decoded(secret)),
            _ => {
                told.address.push(joint);
                told.address.push_str(pair);
                joint = '&';
            }
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_never_stands_on_a_command_line() {
        for (url, address, password, key_password) in [
            ("postgres://db/ocop", "postgres://db/ocop", None, None),
            ("postgres://ocop@db:5432/ocop", "postgres://ocop@db:5432/ocop", None, None),
            ("postgres://ocop:a%40b:c@db/ocop", "postgres://ocop@db/ocop", Some("a@b:c"), None),
            ("postgresql:///ocop?host=/run&password=a%20b&x=1", "postgresql:///ocop?host=/run&x=1", Some("a b"), None),
            ("postgres://o:p@a,b/ocop?password=q", "postgres://o@a,b/ocop", Some("q"), None),
            ("postgres://o@db/ocop?sslkey=k&sslpassword=%C3%A1b", "postgres://o@db/ocop?sslkey=k", None, Some("áb")),
            ("postgres://o@db/ocop?ssl%70assword=a&%70assword=b", "postgres://o@db/ocop", Some("b"), Some("a")),
        ] {
            let (password, key_password) = (password.map(str::to_owned), key_password.map(str::to_owned));
            assert_eq!(told_apart(url), Told { address: address.to_owned(), password, key_password }, "{url}");
        }
    }

    #[test]
    fn the_password_of_a_key_reaches_a_command_by_a_file_of_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let mut told = Command::new("sh");
        told.args([
            "-c",
            "test \"$(stat -c %a \"$PGSERVICEFILE\")\" = 600 && grep -q '^sslpassword=bí mật$' \"$PGSERVICEFILE\" && \
                          test \"$PGSERVICE\" = ocop && case \"$*\" in *mật*) exit 1;; esac",
            "sh",
        ]);
        run(told, "postgres://db/ocop?sslpassword=b%C3%AD%20m%E1%BA%ADt").unwrap();
        let service = Service::of("x").unwrap();
        let path = service.path.clone();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        drop(service);
        assert!(!path.exists());
    }
}
