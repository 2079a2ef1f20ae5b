//! How often a test looks whether something came.

use std::time::Duration;

/// Between two looks: asking all the time would keep from the service the processor that it needs to bring it about.
pub fn pause() {
    std::thread::park_timeout(Duration::from_millis(10));
}
