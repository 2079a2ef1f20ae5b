//! What a browser keeps between its steps: sealed in a cookie, so that nobody else can go on with it, for ten minutes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::base::keys::Keyring;
use crate::base::sealing::{seal, unseal};
use crate::base::{Error, Kind, Moment, Result, say};

const PURPOSE: &str = "ocop-openid";

/// So long a person may take at the provider, and so long again to confirm.
pub const MINUTES: i64 = 10;

/// A sign-in that is under way at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    pub state: String,
    pub nonce: String,
    pub verifier: String,
    /// Where the person wanted to go.
    pub next: String,
    /// Whether an account is to be linked, also where others are.
    pub is_to_link: bool,
}

/// Whom the provider vouched for, for this browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recognised {
    /// Of the attempt: nothing is done twice with it.
    pub state: String,
    pub issuer: String,
    pub subject: String,
    pub identity_number: String,
    pub next: String,
    pub is_to_link: bool,
}

/// What is kept, told apart by what it is.
pub trait Keepsake: Serialize + DeserializeOwned {
    const KIND: &'static [u8];
}

impl Keepsake for Attempt {
    const KIND: &'static [u8] = b"attempt";
}

impl Keepsake for Recognised {
    const KIND: &'static [u8] = b"recognised";
}

#[derive(Serialize, Deserialize)]
struct Dated<T> {
    /// In microseconds.
    until: i64,
    kept: T,
}

/// As a browser keeps it.
pub fn kept<T: Keepsake>(keys: &Keyring, kept: T, now: Moment) -> Result<String> {
    let dated = Dated { until: now.plus(Duration::minutes(MINUTES)).microseconds(), kept };
    let written = serde_json::to_vec(&dated).map_err(Error::internal)?;
    Ok(URL_SAFE_NO_PAD.encode(seal(keys, PURPOSE, T::KIND, &written)?))
}

/// What a browser kept; 403 where it is none of ours, or too old.
pub fn shown<T: Keepsake>(keys: &Keyring, cookie: Option<&str>, now: Moment) -> Result<T> {
    let sealed = cookie.and_then(|cookie| URL_SAFE_NO_PAD.decode(cookie).ok()).ok_or_else(not_of_this_browser)?;
    let written = unseal(keys, PURPOSE, T::KIND, &sealed)?.ok_or_else(not_of_this_browser)?;
    let dated: Dated<T> = serde_json::from_slice(&written).map_err(Error::internal)?;
    if dated.until <= now.microseconds() { Err(not_of_this_browser()) } else { Ok(dated.kept) }
}

/// Of another browser, used and old ones cannot be told apart.
pub fn not_of_this_browser() -> Error {
    Error::refused(
        Kind::Forbidden,
        "openid_not_begun_here",
        say(
            "Lần đăng nhập này không bắt đầu từ trình duyệt này, đã dùng hoặc đã quá 10 phút. Xin làm lại từ trang đăng nhập.",
            "This sign-in did not begin in this browser, was used, or is older than 10 minutes. Please begin again at the sign-in.",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_keeps_is_good_for_ten_minutes_and_for_what_it_is() {
        let (keys, now) = (Keyring::generate().unwrap(), Moment::real_now());
        let text = |text: &str| text.to_owned();
        let attempt = Attempt {
            state: text("s"),
            nonce: text("n"),
            verifier: text("secret"),
            next: text("/desk"),
            is_to_link: false,
        };
        let cookie = kept(&keys, attempt.clone(), now).unwrap();
        let after = |seconds| now.plus(Duration::seconds(seconds));
        assert_eq!(shown::<Attempt>(&keys, Some(&cookie), after(599)).unwrap(), attempt);
        assert!(shown::<Attempt>(&keys, Some(&cookie), after(600)).is_err());
        assert!(shown::<Recognised>(&keys, Some(&cookie), now).is_err());
        assert!(shown::<Attempt>(&Keyring::generate().unwrap(), Some(&cookie), now).is_err());
        for wrong in [None, Some(""), Some("!"), Some(&cookie[1..]), Some(&cookie[..40])] {
            assert!(shown::<Attempt>(&keys, wrong, now).is_err(), "{wrong:?}");
        }
        let opened = URL_SAFE_NO_PAD.decode(&cookie).unwrap();
        assert!(!opened.windows(6).any(|part| part == b"secret"));
    }
}
