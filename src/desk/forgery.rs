//! Forms of ours can be sent by our pages only: each carries a token that no other site can know.

use crate::base::id::AccountId;
use crate::base::keys::{Keyring, hexadecimal};
use crate::base::{Error, Kind, Result, say};

/// The name of the field.
pub const FIELD: &str = "csrf";

const PURPOSE: &str = "ocop-desk-form";

/// For whom a page was made. A token is the account's, not the session's: what somebody typed while their session ended can
/// still be sent once they signed in again.
#[derive(Debug, Clone)]
pub enum Reader {
    Account(AccountId),
    /// Who did not sign in yet, by a cookie of their own.
    Stranger(String),
}

impl Reader {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Account(account) => format!("account {account}").into_bytes(),
            Self::Stranger(cookie) => format!("stranger {cookie}").into_bytes(),
        }
    }

    pub fn token(&self, keys: &Keyring) -> Result<String> {
        Ok(hexadecimal(&keys.digest(PURPOSE, &self.bytes())?))
    }

    /// 403 where a form does not carry the token of its reader.
    pub fn must_have_sent(&self, keys: &Keyring, token: Option<&str>) -> Result<()> {
        let token = token.and_then(read).unwrap_or_default();
        if keys.has_digested(PURPOSE, &self.bytes(), &token)? {
            return Ok(());
        }
        Err(Error::refused(
            Kind::Forbidden,
            "forged_form",
            say(
                "Biểu mẫu này không phải của trang bạn đang mở. Xin mở lại trang rồi gửi lại.",
                "This form is not of a page that you opened. Please open the page again and send it there.",
            ),
        ))
    }
}

fn read(hexadecimal: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = hexadecimal
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    (digits.len() == 64)
        .then(|| digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_reader_only() {
        let keys = Keyring::generate().unwrap();
        let (reader, other) = (Reader::Account(AccountId::new()), Reader::Stranger("x".into()));
        let token = reader.token(&keys).unwrap();
        assert!(reader.must_have_sent(&keys, Some(&token)).is_ok());
        for wrong in [None, Some(""), Some("00"), Some(token.trim_end_matches(|_| true)), Some(&token[1..])] {
            assert!(reader.must_have_sent(&keys, wrong).is_err(), "{wrong:?}");
        }
        assert!(other.must_have_sent(&keys, Some(&token)).is_err());
    }
}
