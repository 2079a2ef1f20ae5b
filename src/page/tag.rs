//! What tells two versions of one thing apart.

use sha2::{Digest, Sha256};

/// The tag of what is told: weak, as it goes out compressed or not.
pub fn weak_tag(told: &[u8]) -> String {
    format!("W/\"{}\"", short_digest(told))
}

/// The first digits of a digest: enough to tell two versions of one thing apart.
pub fn short_digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
