//! The settings, from flags and environment. `ocop serve --help` lists them all.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

use crate::account::openid::OpenIdSettings;
use crate::base::app_links::{AndroidApp, AppleApp, Apps};
use crate::base::{Authorities, Capacity, Error, Moment, SecondFactorDemand};
use crate::db::{Address, Database, Patience};
use crate::http::TrustedProxies;
use crate::http::cross_origin::AllowedOrigins;
use crate::notice::{HeadSettings, MailSettings};

/// The database that `serve` makes by itself where it is missing.
pub const DEFAULT_DATABASE: &str = "sqlite:data/ocop.db";

/// Where the database and the files are: what every command needs.
#[derive(Debug, Clone, Args)]
pub struct Storage {
    /// The database: sqlite:<path> or postgres://user@host/name.
    #[arg(long, env = "OCOP_DATABASE_URL", default_value = DEFAULT_DATABASE)]
    pub database_url: Address,

    /// The folder of documents and keys.
    #[arg(long, env = "OCOP_DATA_DIR", default_value = "data")]
    pub data_dir: PathBuf,

    /// The file of the secret keys; made for an empty database only [default: keys.json in the data folder].
    #[arg(long, env = "OCOP_KEYS_FILE")]
    pub keys_file: Option<PathBuf>,

    /// How many connections to the database at most.
    #[arg(long, env = "OCOP_DATABASE_CONNECTIONS", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=200))]
    pub database_connections: u32,

    /// How many seconds a request waits for PostgreSQL at most; then it is told to come back.
    #[arg(long, env = "OCOP_DATABASE_WAIT", default_value_t = 9, value_parser = clap::value_parser!(u64).range(1..=60))]
    pub database_wait: u64,
}

impl Storage {
    /// Opens the database, as it is.
    pub fn open(&self) -> crate::base::Result<Database> {
        Database::open(self.database_url.clone(), self.database_connections, Patience::of_seconds(self.database_wait))
    }

    pub fn keys_file(&self) -> PathBuf {
        self.keys_file.clone().unwrap_or_else(|| self.data_dir.join("keys.json"))
    }
}

/// Everything that a running service needs to know.
#[derive(Debug, Clone, Args)]
pub struct Config {
    #[command(flatten)]
    pub storage: Storage,

    /// The address to listen on; port 0 takes any free one.
    #[arg(long, env = "OCOP_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// The address on which Prometheus reads `/metrics`, as in 127.0.0.1:9464; off where not set.
    #[arg(long, env = "OCOP_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,

    /// The origin that the public sees, as in https://ocop.example.vn; it stands in every QR code
    /// [default: the listen address].
    #[arg(long, env = "OCOP_PUBLIC_URL")]
    pub public_url: Option<Origin>,

    /// The proxies whose X-Forwarded-For or Forwarded says where a request comes from: addresses and networks, separated by
    /// commas; empty for none.
    #[arg(long, env = "OCOP_TRUSTED_PROXIES", default_value = TrustedProxies::DEFAULT)]
    pub trusted_proxies: TrustedProxies,

    /// The origins whose pages may use the API with a token, as in https://app.example.vn, separated by commas; what
    /// anybody may read, the pages of all origins may.
    #[arg(long, env = "OCOP_ALLOWED_ORIGINS", default_value = "")]
    pub allowed_origins: AllowedOrigins,

    /// How many seconds the body of a request may stay out; longer where it comes at 4 KiB a second or faster.
    #[arg(long, env = "OCOP_BODY_PATIENCE", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub body_patience: u64,

    /// The certificates of the authorities that are believed on papers signed outside, and their revocation lists: a file or
    /// a folder, as PEM or DER. Where not set, no signature is ever called valid.
    #[arg(long, env = "OCOP_SIGNATURE_ANCHORS")]
    pub signature_anchors: Option<PathBuf>,

    /// The Android apps that open this service's addresses: package=SHA-256 of the certificate that signs it, as in
    /// vn.example.ocop=AB:CD:…; several certificates with +, several apps with commas between.
    #[arg(long, env = "OCOP_ANDROID_APPS", default_value = "", hide_default_value = true)]
    pub android_apps: Apps<AndroidApp>,

    /// The apps of Apple's store that open this service's addresses: TEAM.bundle, several with commas between.
    #[arg(long, env = "OCOP_APPLE_APPS", default_value = "", hide_default_value = true)]
    pub apple_apps: Apps<AppleApp>,

    /// How many connections a network may hold at once: 24 bits of an IPv4 address, 48 of an IPv6 one. Trusted proxies have
    /// no bound.
    #[arg(long, env = "OCOP_CONNECTIONS_PER_NETWORK", default_value_t = 512, value_parser = clap::value_parser!(u16).range(8..))]
    pub connections_per_network: u16,

    #[command(flatten)]
    pub capacity: Capacity,

    /// How many threads answer requests.
    #[arg(long, env = "OCOP_WORKERS", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub workers: u16,

    /// How many seconds the service still answers after SIGTERM while `/readyz` says 503, so that balancers send nobody any more.
    #[arg(long, env = "OCOP_DRAIN_SECONDS", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=600))]
    pub drain_seconds: u64,

    /// After how many seconds the history is sealed, at full multiples of them, whether or not anything happened; at most a
    /// day.
    #[arg(long, env = "OCOP_SEAL_EVERY", default_value = "60", value_parser = seconds_of_a_day)]
    pub seal_every: NonZeroU32,

    /// Also serves a database whose accounts have the demo's password, which everybody can read in the README.
    #[arg(long, env = "OCOP_ALLOW_DEMO_PASSWORDS", value_parser = clap::builder::FalseyValueParser::new())]
    pub allow_demo_passwords: bool,

    /// How much a second factor is asked of administrators, signatories, the provincial office, and of chairs and secretaries
    /// of councils: off, recommended, or required before they do anything else.
    #[arg(long = "second-factor", env = "OCOP_SECOND_FACTOR", value_enum, default_value_t)]
    pub second_factors: SecondFactorDemand,

    #[command(flatten)]
    pub openid: OpenIdSettings,

    #[command(flatten)]
    pub mail: MailSettings,

    #[command(flatten)]
    pub heads: HeadSettings,

    /// Sets the database's clock to this moment at start (for tests).
    #[arg(long, env = "OCOP_CLOCK", hide = true)]
    pub clock: Option<Moment>,
}

fn seconds_of_a_day(text: &str) -> Result<NonZeroU32, String> {
    let seconds = text.parse::<NonZeroU32>().ok().filter(|seconds| seconds.get() <= 86_400);
    seconds.ok_or_else(|| "expected seconds, from 1 to 86400".into())
}

impl Config {
    /// The authorities that are believed; what cannot be read is an error.
    pub fn authorities(&self) -> Result<Authorities, Error> {
        match self.signature_anchors.as_deref().filter(|path| !path.as_os_str().is_empty()) {
            Some(path) => Authorities::read(path).map_err(|error| match error {
                Error::Internal(what) => Error::Internal(format!("OCOP_SIGNATURE_ANCHORS: {what}")),
                error => error,
            }),
            None => Ok(Authorities::default()),
        }
    }
}

/// `scheme://host[:port]`, nothing behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim_end_matches('/');
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        match host {
            Some(host) if is_every_address(host) => {
                Err("stands for every address and leads nobody here; name the host that people reach".into())
            }
            Some(host)
                if !host.is_empty()
                    && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte)) =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err("expected an origin like https://ocop.example.vn, without a path".into()),
        }
    }
}

fn is_every_address(host: &str) -> bool {
    let with_port = host.parse::<SocketAddr>().map(|address| address.ip());
    let address = with_port.or_else(|_| host.trim_matches(['[', ']']).parse::<IpAddr>());
    address.is_ok_and(|address| address.is_unspecified())
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Config {
    /// The origin that the public sees of a service that listens there. Labels and QR codes carry it, so nobody starts with one
    /// that leads nowhere: that of a service that listens at every address must be said.
    pub fn origin_at(&self, address: SocketAddr) -> crate::base::Result<String> {
        match &self.public_url {
            Some(origin) => Ok(origin.to_string()),
            None if address.ip().is_unspecified() => Err(Error::internal(format!(
                "OCOP_LISTEN is {address}, which is every address of this machine: say by OCOP_PUBLIC_URL how people reach \
                 the service, for stamps and papers carry it"
            ))),
            None => Ok(format!("http://{address}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_no_path() {
        assert_eq!("https://ocop.example.vn/".parse::<Origin>().unwrap().to_string(), "https://ocop.example.vn");
        for wrong in [
            "ocop.vn",
            "https://",
            "https://a/b",
            "ftp://a",
            "https://a?b",
            "http://0.0.0.0",
            "http://0.0.0.0:8080/",
            "http://[::]",
            "http://[::]:8080",
        ] {
            assert!(wrong.parse::<Origin>().is_err(), "{wrong}");
        }
    }
}
