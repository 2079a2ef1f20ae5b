//! The apps that may open this service's addresses, as their stores know them.

use std::fmt;
use std::str::FromStr;

/// Bytes of a certificate's SHA-256.
const FINGERPRINT_BYTES: usize = 32;
/// Letters and digits of a team at Apple.
const TEAM_LENGTH: usize = 10;

/// An Android app and the certificates that it is signed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AndroidApp {
    /// As in `vn.gov.hatinh.ocop`.
    pub package: String,
    /// SHA-256, as the store writes it: capital hexadecimal digits in pairs with colons between.
    pub fingerprints: Vec<String>,
}

/// An app of Apple's store: the team and the bundle, as in `A1B2C3D4E5.vn.gov.hatinh.ocop`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppleApp(String);

impl AppleApp {
    pub fn id(&self) -> &str {
        &self.0
    }
}

/// Names of packages and bundles: parts of letters, digits and `extra`, with dots between, two at least.
fn is_name(text: &str, extra: u8) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == extra);
    text.contains('.') && text.split('.').all(is_part)
}

impl FromStr for AndroidApp {
    type Err = String;

    /// `package=fingerprint`, several fingerprints with `+` between.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("expected an app as package=SHA-256 of its certificate, not {text:?}");
        let (package, fingerprints) = text.trim().split_once('=').ok_or_else(wrong)?;
        let read = |text: &str| {
            let text = text.trim().to_ascii_uppercase();
            let is_pair = |pair: &str| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit());
            let is_whole = text.split(':').count() == FINGERPRINT_BYTES && text.split(':').all(is_pair);
            is_whole.then_some(text)
        };
        let fingerprints = fingerprints.split('+').map(read).collect::<Option<Vec<_>>>().ok_or_else(wrong)?;
        if is_name(package, b'_') { Ok(Self { package: package.to_owned(), fingerprints }) } else { Err(wrong()) }
    }
}

impl FromStr for AppleApp {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let is_team = |team: &str| {
            team.len() == TEAM_LENGTH && team.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        };
        match text.split_once('.') {
            Some((team, bundle)) if is_team(team) && is_name(bundle, b'-') => Ok(Self(text.to_owned())),
            _ => Err(format!("expected an app as TEAM.bundle, not {text:?}")),
        }
    }
}

/// Apps with commas between; none where nothing is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apps<A>(pub Vec<A>);

impl<A> Default for Apps<A> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<A: FromStr<Err = String>> FromStr for Apps<A> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.split(',').filter(|app| !app.trim().is_empty()).map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

impl<A: fmt::Debug> fmt::Display for Apps<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

/// The apps of both stores.
#[derive(Debug, Clone, Default)]
pub struct AppLinks {
    pub android: Apps<AndroidApp>,
    pub apple: Apps<AppleApp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apps_are_read_and_what_is_none_is_refused() {
        let fingerprint = vec!["ab"; 32].join(":");
        let one = format!("vn.gov.hatinh.ocop={fingerprint}+{fingerprint}, vn.ocop_two.app={fingerprint}");
        let apps = one.parse::<Apps<AndroidApp>>().unwrap().0;
        assert_eq!((apps[0].package.as_str(), apps[0].fingerprints.len()), ("vn.gov.hatinh.ocop", 2));
        assert_eq!((apps.len(), apps[1].fingerprints[0].as_str()), (2, fingerprint.to_uppercase().as_str()));
        assert_eq!(
            "A1B2C3D4E5.vn.gov.ocop-app".parse::<Apps<AppleApp>>().unwrap().0[0].id(),
            "A1B2C3D4E5.vn.gov.ocop-app"
        );
        assert_eq!("".parse::<Apps<AppleApp>>().unwrap(), Apps::default());
        let short = vec!["ab"; 31].join(":");
        for wrong in [
            "vn.ocop",
            "vn.ocop=",
            &format!("vn.ocop={short}"),
            &format!("ocop={fingerprint}"),
            &format!("vn/ocop.x={fingerprint}"),
        ] {
            assert!(wrong.parse::<Apps<AndroidApp>>().is_err(), "{wrong}");
        }
        for wrong in ["vn.gov.ocop", "A1B2C3D4E5", "a1b2c3d4e5.vn.gov", "A1B2C3D4E5.vn gov.x", "A1B2C3D4E5.vn"] {
            assert!(wrong.parse::<Apps<AppleApp>>().is_err(), "{wrong}");
        }
    }
}
