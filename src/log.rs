//! The log, in which broken requests take few lines: whoever sends nothing but garbage must not fill the disk with it.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tracing::{Level, Metadata};
use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, fmt, registry};

/// What speaks of requests that cannot be read.
const WIRE: &str = "actix_http";
const EVERY: Duration = Duration::from_secs(60);
/// So many lines at once, and one more every two seconds.
const ONE_EACH: Duration = Duration::from_secs(2);
const AT_ONCE: u32 = 30;

/// The lines about broken requests: those that are written, and how many are left out.
struct Wire<C: Clock> {
    lines: Option<RateLimiter<NotKeyed, InMemoryState, C, NoOpMiddleware<C::Instant>>>,
    left_out: AtomicU64,
}

static LINES: LazyLock<Wire<DefaultClock>> = LazyLock::new(|| Wire::new(DefaultClock::default()));

impl<C: Clock> Wire<C> {
    fn new(clock: C) -> Self {
        let quota = Quota::with_period(ONE_EACH).zip(AT_ONCE.try_into().ok());
        let quota = quota.map(|(quota, at_once)| quota.allow_burst(at_once));
        let lines = quota.map(|quota| RateLimiter::new(quota, InMemoryState::default(), clock));
        Self { lines, left_out: AtomicU64::new(0) }
    }

    /// Whether a line is written; lines of others are.
    fn takes(&self, target: &str, level: Level) -> bool {
        if !target.starts_with(WIRE) || level > Level::WARN {
            return true;
        }
        let is_taken = self.lines.as_ref().is_none_or(|lines| lines.check().is_ok());
        if !is_taken {
            self.left_out.fetch_add(1, Ordering::Relaxed);
        }
        is_taken
    }

    /// How many were left out since this was asked last.
    fn left_out(&self) -> u64 {
        self.left_out.swap(0, Ordering::Relaxed)
    }
}

/// Starts the log as `OCOP_LOG` has it, on standard error.
pub fn start() {
    let asked = EnvFilter::try_from_env("OCOP_LOG").unwrap_or_else(|_| "info".into());
    let bounded = dynamic_filter_fn(|of: &Metadata<'_>, _| LINES.takes(of.target(), *of.level()));
    registry().with(asked).with(fmt::layer().with_writer(std::io::stderr).with_filter(bounded)).init();
}

/// Tells once a minute how many lines were left out, for as long as the runtime lives.
pub fn keep_told() {
    actix_web::rt::spawn(async {
        loop {
            tokio::time::sleep(EVERY).await;
            let left_out = LINES.left_out();
            if left_out > 0 {
                tracing::warn!(left_out, "lines about broken requests were left out");
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    #[test]
    fn broken_requests_take_few_lines_and_are_counted() {
        let clock = FakeRelativeClock::default();
        let wire = Wire::new(clock.clone());
        let written = |target, level| (0..10_000).filter(|_| wire.takes(target, level)).count();
        assert_eq!(written("actix_http::h1::dispatcher", Level::ERROR), 30);
        assert_eq!(wire.left_out(), 9_970);
        assert_eq!(written("ocop::http::problem", Level::ERROR), 10_000, "our own are all written");
        assert_eq!(wire.left_out(), 0);
        clock.advance(EVERY);
        assert_eq!(written("actix_http::h1::dispatcher", Level::WARN), 30);
    }
}
