//! The log: in text or in JSON, with a line for each answer where that is asked for, and in which the same again takes few lines:
//! neither who sends nothing but garbage nor a disk that is full may fill it.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use clap::builder::FalseyValueParser;
use clap::{Args, ValueEnum};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use tracing::callsite::Identifier;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::filter::{LevelFilter, dynamic_filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, fmt, registry};

use crate::http::metrics::ACCESS;

/// What speaks of requests that cannot be read, from many places.
const WIRE: &str = "actix_http";
const EVERY: Duration = Duration::from_secs(60);
/// So many lines of a kind at once, and one more every two seconds.
const ONE_EACH: Duration = Duration::from_secs(2);
const AT_ONCE: u32 = 30;

/// How a line of the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

/// What the log holds and how; `OCOP_LOG` names levels besides, as `info` or `ocop=debug`.
#[derive(Debug, Clone, Copy, Args)]
pub struct LogSettings {
    /// How the lines of the log are written.
    #[arg(long, env = "OCOP_LOG_FORMAT", value_enum, default_value_t = Format::Text, global = true)]
    log_format: Format,

    /// Writes a line for each answer: its method, route and status, and how long it took; no address.
    #[arg(long, env = "OCOP_ACCESS_LOG", value_parser = FalseyValueParser::new(), global = true)]
    access_log: bool,
}

/// Lines that are alike.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Alike {
    /// About requests that cannot be read.
    Wire,
    /// A failure that one place of the code tells.
    Failure(Identifier),
}

impl Alike {
    fn of(metadata: &Metadata<'_>) -> Option<Self> {
        // Of spans, as that of a request, each is needed by the lines within it.
        if metadata.is_span() {
            return None;
        }
        match *metadata.level() {
            Level::ERROR | Level::WARN if metadata.target().starts_with(WIRE) => Some(Self::Wire),
            Level::ERROR => Some(Self::Failure(metadata.callsite())),
            _ => None,
        }
    }
}

type Limiter<C> = RateLimiter<Alike, DefaultKeyedStateStore<Alike>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// Which of the lines that are alike are written, and how many are left out.
struct Repeats<C: Clock> {
    lines: Option<Limiter<C>>,
    left_out: AtomicU64,
}

static REPEATS: LazyLock<Repeats<DefaultClock>> = LazyLock::new(|| Repeats::new(DefaultClock::default()));

impl<C: Clock> Repeats<C> {
    fn new(clock: C) -> Self {
        let quota = Quota::with_period(ONE_EACH).zip(AT_ONCE.try_into().ok());
        let quota = quota.map(|(quota, at_once)| quota.allow_burst(at_once));
        let lines = quota.map(|quota| RateLimiter::new(quota, DefaultKeyedStateStore::default(), clock));
        Self { lines, left_out: AtomicU64::new(0) }
    }

    /// Whether a line is written.
    fn takes(&self, metadata: &Metadata<'_>) -> bool {
        let (Some(lines), Some(alike)) = (&self.lines, Alike::of(metadata)) else { return true };
        let is_taken = lines.check_key(&alike).is_ok();
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

/// Starts the log as `OCOP_LOG` and the settings have it, on standard error.
pub fn start(settings: LogSettings) {
    let asked = EnvFilter::try_from_env("OCOP_LOG").unwrap_or_else(|_| "info".into());
    registry().with(asked).with(lines(settings, &REPEATS, std::io::stderr)).init();
}

/// The lines as they are written: each names its request, where it is about one.
fn lines<S, C, W>(settings: LogSettings, repeats: &'static Repeats<C>, writer: W) -> impl Layer<S>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    C: Clock + Send + Sync + 'static,
    C::Instant: Send + Sync,
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    let lines = fmt::layer().with_writer(writer);
    let written = match settings.log_format {
        Format::Text => lines.boxed(),
        Format::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
    };
    let most = if settings.access_log { LevelFilter::TRACE } else { LevelFilter::OFF };
    written.with_filter(dynamic_filter_fn(move |metadata: &Metadata<'_>, _| {
        (metadata.target() != ACCESS || *metadata.level() <= most) && repeats.takes(metadata)
    }))
}

/// Tells once a minute how many lines were left out, for as long as the runtime lives.
pub fn keep_told() {
    actix_web::rt::spawn(async {
        loop {
            tokio::time::sleep(EVERY).await;
            let left_out = REPEATS.left_out();
            if left_out > 0 {
                tracing::warn!(left_out, "lines that say the same again were left out");
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use governor::clock::FakeRelativeClock;
    use serde_json::Value;

    use super::*;

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// What is written while `work` is done.
    fn written(settings: LogSettings, repeats: &'static Repeats<FakeRelativeClock>, work: impl Fn()) -> Vec<String> {
        let page = Page::default();
        let writer = page.clone();
        let subscriber = registry().with(lines(settings, repeats, move || writer.clone()));
        tracing::subscriber::with_default(subscriber, work);
        let bytes = page.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect()
    }

    fn fresh(clock: &FakeRelativeClock) -> &'static Repeats<FakeRelativeClock> {
        Box::leak(Box::new(Repeats::new(clock.clone())))
    }

    const PLAIN: LogSettings = LogSettings { log_format: Format::Text, access_log: false };

    #[test]
    fn the_same_again_takes_few_lines_and_is_counted() {
        let clock = FakeRelativeClock::default();
        let repeats = fresh(&clock);
        let failures = || (0..10_000).for_each(|_| tracing::error!("the disk is full"));
        assert_eq!(written(PLAIN, repeats, failures).len(), 30);
        assert_eq!(repeats.left_out(), 9_970);
        let garbage = || {
            (0..100).for_each(|_| tracing::error!(target: "actix_http::h1::dispatcher", "no request"));
            (0..100).for_each(|_| tracing::warn!(target: "actix_http::h1::decoder", "no head"));
        };
        assert_eq!(written(PLAIN, repeats, garbage).len(), 30, "of other kind, and together");
        assert_eq!(repeats.left_out(), 170);
        let told = || (0..1000).for_each(|_| tracing::warn!("a refusal"));
        assert_eq!(written(PLAIN, repeats, told).len(), 1000, "only failures are held back");
        clock.advance(EVERY);
        assert_eq!(written(PLAIN, repeats, failures).len(), 30);
        let left_out = repeats.left_out();
        let requests = || {
            (0..100).for_each(|_| tracing::error_span!("request", id = "r-1").in_scope(|| tracing::warn!("a refusal")));
        };
        let lines = written(PLAIN, repeats, requests);
        assert!(lines.len() == 100 && lines.iter().all(|line| line.contains("r-1")), "{lines:?}");
        assert_eq!((left_out, repeats.left_out()), (9_970, 0));
    }

    #[test]
    fn a_line_names_its_request_in_json_and_answers_are_told_where_that_is_asked_for() {
        let repeats = fresh(&FakeRelativeClock::default());
        let answer = || {
            tracing::error_span!("request", id = "r-1").in_scope(|| {
                tracing::info!(target: ACCESS, method = "GET", route = "/t/{code}", status = 200, milliseconds = 1, "answered");
                tracing::error!(cause = "a \"quoted\"\nline", "failed");
            });
        };
        let json = LogSettings { log_format: Format::Json, access_log: true };
        let lines: Vec<Value> =
            written(json, repeats, answer).iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 2, "{lines:?}");
        for (line, level, message) in [(&lines[0], "INFO", "answered"), (&lines[1], "ERROR", "failed")] {
            assert_eq!((&line["level"], &line["message"]), (&level.into(), &message.into()), "{line}");
            assert_eq!(line["span"]["id"], "r-1");
            assert!(line["timestamp"].is_string());
        }
        assert_eq!((&lines[0]["route"], &lines[0]["status"]), (&"/t/{code}".into(), &200.into()));
        assert_eq!(lines[1]["cause"], "a \"quoted\"\nline");
        let silent = written(LogSettings { access_log: false, ..json }, repeats, answer);
        assert!(silent.len() == 1 && silent[0].contains("failed"), "{silent:?}");
    }
}
