//! How many streams are open: each holds a connection to a client, and asks the database at each beat.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::base::id::AccountId;
use crate::base::{Error, Kind, Result, say};

/// So many an account may have open.
const MOST_OF_ONE: usize = 3;
/// So many all accounts may have open together, on one instance.
const MOST: usize = 300;
/// When it is worth to come back.
const WAIT_SECONDS: i64 = 10;

static OPEN: Mutex<BTreeMap<AccountId, usize>> = Mutex::new(BTreeMap::new());

/// An open stream, until it is dropped.
#[derive(Debug)]
pub struct OpenStream(AccountId);

impl OpenStream {
    /// 429 where there are too many.
    pub fn begin(account: AccountId) -> Result<Self> {
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        let own = open.get(&account).copied().unwrap_or(0);
        if own >= MOST_OF_ONE || open.values().sum::<usize>() >= MOST {
            let text = say(
                format!("Mỗi tài khoản mở cùng lúc tối đa {MOST_OF_ONE} luồng thay đổi."),
                format!("An account has at most {MOST_OF_ONE} streams of changes open at once."),
            );
            return Err(Error::refused(Kind::TooSoon(WAIT_SECONDS), "too_many_streams", text));
        }
        open.insert(account, own.saturating_add(1));
        Ok(Self(account))
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        match open.get_mut(&self.0) {
            Some(own) if *own > 1 => *own = own.saturating_sub(1),
            _ => drop(open.remove(&self.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_a_few_streams_and_others_have_theirs() {
        let account = AccountId::new();
        let mut open: Vec<OpenStream> = (0..MOST_OF_ONE).map(|_| OpenStream::begin(account).unwrap()).collect();
        assert!(OpenStream::begin(account).is_err());
        assert!(OpenStream::begin(AccountId::new()).is_ok());
        open.pop();
        open.push(OpenStream::begin(account).unwrap());
        assert!(OpenStream::begin(account).is_err());
        drop(open);
        assert!(OpenStream::begin(account).is_ok());
    }
}
