//! One picture is decoded at a time in the whole process, whoever sends it: a small file can take much memory, so the
//! memory of one is the memory of all.

use std::sync::LazyLock;
use std::time::Duration;

use crate::base::{Error, Kind, Result, say};
use crate::http::turns::{Heavy, Turns};

/// So long one waits.
pub const LONGEST_WAIT: Duration = Duration::from_secs(10);

const PICTURES: Heavy = Heavy { name: "pictures", at_once: 1, waiting: 24, longest_wait: LONGEST_WAIT, busy };

static TURNS: LazyLock<std::result::Result<Turns, String>> =
    LazyLock::new(|| Turns::new(PICTURES).map_err(|error| error.to_string()));

/// Leave to decode: only what runs in its turn has it.
#[derive(Debug)]
pub struct Turn(());

/// Runs `work` when its turn comes, first come, first served. 503 where too many wait or the wait is too long; who hangs
/// up while waiting leaves the queue, and work that began is ended before the next begins.
pub async fn take<T: Send + 'static>(work: impl FnOnce(&Turn) -> T + Send + 'static) -> Result<T> {
    let turns = TURNS.as_ref().map_err(|error| Error::internal(format!("no turns for pictures: {error}")))?;
    let (_turn, done) = turns.take().await?.work(|| work(&Turn(()))).await?;
    Ok(done)
}

/// No turn in time: 503.
pub fn busy() -> Error {
    Error::refused(
        Kind::Unavailable,
        "pictures_busy",
        say(
            "Đang có nhiều ảnh chờ xử lý, xin gửi lại sau ít giây.",
            "Many pictures are waiting, please send this one again in a few seconds.",
        ),
    )
}

#[cfg(test)]
impl Turn {
    pub fn of_a_test() -> Self {
        Self(())
    }
}
