//! What is unsafe in the settings and on the disk, each with how it is mended: told at the start of the service and by
//! `ocop check`.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use url::{Host, Url};

use crate::base::SecondFactorDemand;
use crate::config::{Config, Origin, Storage};
use crate::db::Address;
use crate::files::Folder;

/// What only the owner of a file has a right to, and others have here.
const OTHERS: u32 = 0o077;

/// Something that is unsafe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Danger {
    pub what: String,
    pub remedy: String,
}

impl fmt::Display for Danger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.what, self.remedy)
    }
}

fn danger(what: impl Into<String>, remedy: impl Into<String>) -> Danger {
    Danger { what: what.into(), remedy: remedy.into() }
}

/// Everything that is unsafe; nothing is written.
pub fn dangers(config: &Config) -> Vec<Danger> {
    [of_settings(config), exposed(&config.storage)].concat()
}

fn of_settings(config: &Config) -> Vec<Danger> {
    let mut found = Vec::new();
    match &config.public_url {
        Some(url) if !is_safe(url) => found.push(danger(
            format!("OCOP_PUBLIC_URL is {url}: passwords and sessions cross the network readably"),
            "put a proxy with a certificate before the service and name its https address",
        )),
        None if !config.listen.ip().is_loopback() => found.push(danger(
            format!(
                "OCOP_PUBLIC_URL is not set and the service listens on {}: stamps would name that address",
                config.listen
            ),
            "set OCOP_PUBLIC_URL to the https address that the public sees",
        )),
        _ => {}
    }
    for network in config.trusted_proxies.too_wide() {
        found.push(danger(
            format!("OCOP_TRUSTED_PROXIES has {network}: almost anybody could say where a request comes from"),
            "name the addresses of your own proxies only",
        ));
    }
    if let Some(address) = config.metrics_listen.filter(|address| !is_inside(address)) {
        found.push(danger(
            format!("OCOP_METRICS_LISTEN is {address}, which others may reach: metrics tell what people do"),
            "listen on 127.0.0.1 or on an address of a private network",
        ));
    }
    let is_public = config.public_url.as_ref().is_some_and(|url| url.to_string().starts_with("https://"));
    if is_public && config.second_factors != SecondFactorDemand::Required {
        found.push(danger(
            "OCOP_SECOND_FACTOR is not required: who learns an administrator's or a signatory's password signs in with it",
            "set OCOP_SECOND_FACTOR=required",
        ));
    }
    if config.allow_demo_passwords {
        found.push(danger(
            "OCOP_ALLOW_DEMO_PASSWORDS is set: whoever read the README could sign in",
            "change the passwords of the demo's accounts and take the setting out",
        ));
    }
    found
}

/// Whether what is sent there cannot be read on the way.
fn is_safe(origin: &Origin) -> bool {
    let Ok(url) = Url::parse(&origin.to_string()) else { return false };
    let is_this_machine = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    };
    url.scheme() == "https" || is_this_machine
}

fn is_inside(address: &SocketAddr) -> bool {
    match address.ip().to_canonical() {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

/// Keys, database, files and their folders that others of this machine may read or write.
fn exposed(storage: &Storage) -> Vec<Danger> {
    let mut paths: Vec<PathBuf> =
        vec![storage.data_dir.clone(), storage.keys_file(), Folder::of(&storage.data_dir).root().to_owned()];
    if let Address::Sqlite(path) = &storage.database_url {
        paths.extend(["", "-wal", "-shm"].map(|ending| PathBuf::from(format!("{path}{ending}"))));
    }
    paths
        .iter()
        .filter_map(|path| Some((path, others_rights(path)?)))
        .map(|(path, mode)| {
            danger(
                format!(
                    "{} has the rights {mode:03o}, so that others of this machine may read or write it",
                    path.display()
                ),
                format!("chmod go-rwx {}", path.display()),
            )
        })
        .collect()
}

/// The rights of a path, where others than its owner have any; what is not there yet is made with none.
fn others_rights(path: &Path) -> Option<u32> {
    let mode = path.metadata().ok()?.permissions().mode() & 0o777;
    (mode & OTHERS != 0).then_some(mode)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Settings {
        #[command(flatten)]
        config: Config,
    }

    /// What is unsafe of settings, in a few words each.
    fn told(flags: &[&str]) -> Vec<String> {
        let config = Settings::parse_from([&["ocop"], flags].concat()).config;
        of_settings(&config).into_iter().map(|danger| danger.what).collect()
    }

    #[test]
    fn unsafe_settings_are_named_and_others_are_not() {
        let sound = [
            "--public-url",
            "https://ocop.example.vn",
            "--listen",
            "0.0.0.0:80",
            "--metrics-listen",
            "10.0.0.5:9464",
            "--second-factor",
            "required",
        ];
        assert_eq!(told(&sound), Vec::<String>::new());
        assert_eq!(told(&[]), Vec::<String>::new(), "as it is where nobody sets anything");
        for (flags, expected) in [
            (vec!["--public-url", "http://ocop.example.vn"], "OCOP_PUBLIC_URL is http"),
            (vec!["--listen", "0.0.0.0:80"], "OCOP_PUBLIC_URL is not set"),
            (vec!["--trusted-proxies", "127.0.0.1,0.0.0.0/0"], "OCOP_TRUSTED_PROXIES has 0.0.0.0/0"),
            (vec!["--trusted-proxies", "::/0"], "OCOP_TRUSTED_PROXIES has ::/0"),
            (vec!["--metrics-listen", "0.0.0.0:9464"], "OCOP_METRICS_LISTEN is 0.0.0.0:9464"),
            (vec!["--public-url", "https://ocop.example.vn"], "OCOP_SECOND_FACTOR is not required"),
            (vec!["--allow-demo-passwords"], "OCOP_ALLOW_DEMO_PASSWORDS is set"),
        ] {
            let told = told(&flags);
            assert!(told.len() == 1 && told[0].starts_with(expected), "{flags:?}: {told:?}");
        }
        assert_eq!(told(&["--public-url", "http://[::1]:8080"]), Vec::<String>::new());
    }
}
