//! The settings of sign-in by another authority, held against each other at the start.

use std::fmt;
use std::str::FromStr;

use clap::Args;
use openidconnect::{ClientId, ClientSecret, IssuerUrl, RedirectUrl};
use url::{Host, Url};

use crate::account::openid::provider::{Provider, Registered};
use crate::base::{Error, Result};

/// Where the provider sends browsers back to.
pub const CALLBACK: &str = "/desk/oidc/callback";

/// Sign-in by another authority: off where no issuer is named.
#[derive(Debug, Clone, Args)]
pub struct OpenIdSettings {
    /// The OpenID Connect provider by which people may sign in to the desk, as in https://id.example.vn, exactly as it names
    /// itself; off where not set. It is to send browsers back to <public URL>/desk/oidc/callback.
    #[arg(long, env = "OCOP_OIDC_ISSUER")]
    pub oidc_issuer: Option<String>,

    /// As what this service is registered with that provider.
    #[arg(long, env = "OCOP_OIDC_CLIENT_ID")]
    pub oidc_client_id: Option<String>,

    /// The secret by which this service shows the provider who it is.
    #[arg(long, env = "OCOP_OIDC_CLIENT_SECRET", hide_env_values = true)]
    pub oidc_client_secret: Option<Secret>,

    /// Which claim of the ID token is the person's identity number (số căn cước).
    #[arg(long, env = "OCOP_OIDC_IDENTITY_CLAIM", default_value = "identity_number")]
    pub oidc_identity_claim: String,

    /// Which scopes are asked for beside openid, where the provider gives that claim by a scope: names with spaces between.
    #[arg(long, env = "OCOP_OIDC_SCOPES", default_value = "", hide_default_value = true)]
    pub oidc_scopes: String,

    /// What the provider is called on the sign-in's page [default: the issuer's host].
    #[arg(long, env = "OCOP_OIDC_NAME")]
    pub oidc_name: Option<String>,
}

/// A secret that is never told.
#[derive(Clone)]
pub struct Secret(String);

impl FromStr for Secret {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

fn given(value: Option<&str>) -> Option<String> {
    value.map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned)
}

impl OpenIdSettings {
    /// The provider; none where no issuer is named. What cannot be is an error.
    pub fn provider(&self, public_url: &str) -> Result<Option<Provider>> {
        let secret = given(self.oidc_client_secret.as_ref().map(|Secret(secret)| secret.as_str()));
        let id = given(self.oidc_client_id.as_deref());
        let Some(issuer) = given(self.oidc_issuer.as_deref()) else {
            if id.is_some() || secret.is_some() {
                return Err(Error::internal(
                    "OCOP_OIDC_CLIENT_ID or OCOP_OIDC_CLIENT_SECRET is set and OCOP_OIDC_ISSUER is not: name the provider, or \
                     none of them",
                ));
            }
            return Ok(None);
        };
        let lacks = |name: &str| Error::internal(format!("OCOP_OIDC_ISSUER is set and {name} is not"));
        let (id, secret) =
            (id.ok_or_else(|| lacks("OCOP_OIDC_CLIENT_ID"))?, secret.ok_or_else(|| lacks("OCOP_OIDC_CLIENT_SECRET"))?);
        let claim = given(Some(&self.oidc_identity_claim)).ok_or_else(|| lacks("OCOP_OIDC_IDENTITY_CLAIM"))?;
        let url: Url = issuer.parse().map_err(|_| no_issuer())?;
        if !is_private(&url) || url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
            return Err(no_issuer());
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        Provider::new(Registered {
            is_near: url.scheme() == "http",
            issuer: IssuerUrl::new(issuer).map_err(|_| no_issuer())?,
            id: ClientId::new(id),
            secret: ClientSecret::new(secret),
            redirect: RedirectUrl::new(format!("{public_url}{CALLBACK}")).map_err(Error::internal)?,
            claim,
            scopes: self.oidc_scopes.split_whitespace().map(str::to_owned).collect(),
            name: given(self.oidc_name.as_deref()).unwrap_or(host),
        })
        .map(Some)
    }
}

fn no_issuer() -> Error {
    Error::internal(
        "OCOP_OIDC_ISSUER is no issuer like https://id.example.vn: it needs https, unless it is on this machine, and nothing \
         behind its path",
    )
}

/// Whether nobody on the way reads what is said to an address: by encryption, or because it is on this machine.
fn is_private(url: &Url) -> bool {
    match url.scheme() {
        "https" => url.has_host(),
        "http" => match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Settings {
        #[command(flatten)]
        openid: OpenIdSettings,
    }

    fn provider(flags: &[&str]) -> Result<Option<Provider>> {
        let flags = [&["ocop"], flags].concat();
        Settings::parse_from(flags).openid.provider("https://ocop.example.vn")
    }

    #[test]
    fn the_provider_is_off_sound_or_told_why_not_and_never_with_its_secret() {
        assert!(provider(&[]).unwrap().is_none());
        assert!(provider(&["--oidc-issuer", " ", "--oidc-client-id", ""]).unwrap().is_none());
        let client = ["--oidc-client-id", "ocop", "--oidc-client-secret", "hidden"];
        for (issuer, name) in [
            ("https://id.example.vn", "id.example.vn"),
            ("https://id.example.vn/realms/ocop", "id.example.vn"),
            ("http://127.0.0.1:3000", "127.0.0.1"),
            ("http://[::1]:3000", "[::1]"),
            ("http://localhost:3000", "localhost"),
        ] {
            let provider = provider(&[&["--oidc-issuer", issuer], &client[..]].concat()).unwrap().unwrap();
            assert_eq!(provider.name(), name);
        }
        for (flags, told) in [
            (&client[..], "OCOP_OIDC_ISSUER"),
            (&client[2..], "OCOP_OIDC_ISSUER"),
            (&["--oidc-issuer", "https://id.example.vn"], "OCOP_OIDC_CLIENT_ID"),
            (&["--oidc-issuer", "https://id.example.vn", "--oidc-client-id", "ocop"], "OCOP_OIDC_CLIENT_SECRET"),
            (&["--oidc-issuer", "https://id.example.vn", "--oidc-client-secret", "hidden"], "OCOP_OIDC_CLIENT_ID"),
        ] {
            let error = provider(flags).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains(told) && !error.contains("hidden"), "{flags:?}: {error}");
        }
        for issuer in [
            "http://id.example.vn",
            "http://127.0.0.1.example.vn",
            "http://localhost.example.vn",
            "id.example.vn",
            "ftp://id.example.vn",
            "https://id.example.vn?a=b",
            "https://id.example.vn#a",
            "https://who@id.example.vn",
        ] {
            let error = provider(&[&["--oidc-issuer", issuer], &client[..]].concat()).err();
            assert!(error.is_some_and(|error| error.to_string().contains("no issuer")), "{issuer}");
        }
        assert!(!format!("{:?}", "hidden".parse::<Secret>()).contains("hidden"));
    }
}
