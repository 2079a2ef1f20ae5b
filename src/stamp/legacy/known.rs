//! The old codes that there are, as fingerprints in memory.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::base::canonical;
use crate::base::text::seen;

/// How long what another instance imported may stay unknown.
const EVERY: Duration = Duration::from_secs(60);

/// The longest old code or address.
pub const LONGEST: usize = 300;
/// So many bytes are looked at, for a letter in another width has more than one.
const LONGEST_TEXT: usize = 4 * LONGEST;

/// Cheap to clone; all clones know the same.
#[derive(Clone)]
pub struct Known(Arc<RwLock<Inner>>);

struct Inner {
    fingerprints: HashSet<u64>,
    read_at: Instant,
}

impl Known {
    pub fn new(codes: impl IntoIterator<Item = String>) -> Self {
        Self(Arc::new(RwLock::new(Inner { fingerprints: fingerprints(codes), read_at: Instant::now() })))
    }

    /// Whether the text may be an old code; a stranger with the same fingerprint is told apart by the database.
    pub fn may_hold(&self, code: &str) -> bool {
        code.len() <= LONGEST
            && self.0.read().unwrap_or_else(PoisonError::into_inner).fingerprints.contains(&fingerprint(code))
    }

    /// The spelling by which the text may be an old code: as it stands, for what was imported ends and begins as it likes; else in
    /// its canonical form; else without what scanners and chats add at the ends.
    pub fn find(&self, text: &str) -> Option<String> {
        if text.len() > LONGEST_TEXT {
            return None;
        }
        let spellings = [without_scheme(text.trim()), spelled(text), spelled(&canonical::bare(text))];
        spellings.into_iter().find(|spelling| self.may_hold(spelling))
    }

    pub fn add(&self, codes: impl IntoIterator<Item = String>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).fingerprints.extend(fingerprints(codes));
    }

    /// Whether it is time to look again; then it is up to whoever asked, and to nobody else for a while.
    pub fn is_due(&self) -> bool {
        if self.0.read().unwrap_or_else(PoisonError::into_inner).read_at.elapsed() < EVERY {
            return false;
        }
        let mut inner = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let is_due = inner.read_at.elapsed() >= EVERY;
        inner.read_at = Instant::now();
        is_due
    }

    /// Whether as many are known as there are.
    pub fn is_complete(&self, count: i64) -> bool {
        let inner = self.0.read().unwrap_or_else(PoisonError::into_inner);
        i64::try_from(inner.fingerprints.len()).is_ok_and(|known| known == count)
    }

    /// Takes what the database holds now for all there is.
    pub fn renew(&self, codes: impl IntoIterator<Item = String>) {
        let fresh = Inner { fingerprints: fingerprints(codes), read_at: Instant::now() };
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = fresh;
    }
}

fn fingerprints(codes: impl IntoIterator<Item = String>) -> HashSet<u64> {
    codes.into_iter().map(|code| fingerprint(&code)).collect()
}

fn fingerprint(code: &str) -> u64 {
    Sha256::digest(code.as_bytes()).iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

/// The one spelling of an old code: in one width, without marks that nobody sees; an address loses its scheme, its trailing and
/// its doubled slashes, and its host is written small, with a scheme or without one.
pub fn spelled(text: &str) -> String {
    let mut spelled = without_scheme(seen(text).trim());
    while spelled.contains("//") {
        spelled = spelled.replace("//", "/");
    }
    match spelled.split_once('/') {
        Some((host, path)) if host.contains('.') => {
            format!("{}/{}", host.to_ascii_lowercase(), path.trim_end_matches('/')).trim_end_matches('/').to_owned()
        }
        _ => spelled,
    }
}

fn without_scheme(text: &str) -> String {
    let Some((_, address)) = text.split_once("://") else { return text.to_owned() };
    let address = address.trim_end_matches('/');
    match address.split_once('/') {
        Some((host, path)) => format!("{}/{path}", host.to_ascii_lowercase()),
        None => address.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_known_however_its_host_is_written() {
        assert_eq!(spelled(" HTTPS://QR.Example.VN/sp/Abc?x=1 "), "qr.example.vn/sp/Abc?x=1");
        assert_eq!(spelled("http://qr.example.vn/sp/"), "qr.example.vn/sp");
        assert_eq!(spelled("SP-00123"), "SP-00123");
        assert_eq!(spelled("ＱＲ.example.vn//sp/Abc\u{200b}/"), "qr.example.vn/sp/Abc");
        assert_eq!(spelled("SP/00123/"), "SP/00123/", "no address");
    }

    #[test]
    fn what_is_added_to_an_old_code_drops_out_unless_it_was_imported_with_it() {
        let known = Known::new(["SP-1".to_owned(), "SP-2)".to_owned(), "qr.example.vn/sp/1".to_owned()]);
        for text in ["SP-1", " SP-1.\r\n", "“SP-1”", "ＳＰ－１", "SP\u{200b}-1。"] {
            assert_eq!(known.find(text).as_deref(), Some("SP-1"), "{text}");
        }
        assert_eq!(known.find("SP-2)").as_deref(), Some("SP-2)"));
        for text in ["https://QR.example.vn//sp/1/", "qr.Example.vn/sp/1", "(http://qr.example.vn/sp/1)."] {
            assert_eq!(known.find(text).as_deref(), Some("qr.example.vn/sp/1"), "{text}");
        }
        for text in ["SP-2", "sp-1", "SP-1x", "", &"x".repeat(10_000)] {
            assert_eq!(known.find(text), None, "{text}");
        }
    }

    #[test]
    fn only_what_was_imported_may_be_held() {
        let known = Known::new(["SP-1".to_owned()]);
        assert!(known.may_hold("SP-1") && !known.may_hold("SP-2") && !known.clone().may_hold(&"x".repeat(1000)));
        known.clone().add(["SP-2".to_owned()]);
        assert!(known.may_hold("SP-2"));
        known.renew(["SP-3".to_owned()]);
        assert!(known.may_hold("SP-3") && !known.may_hold("SP-1"));
    }
}
