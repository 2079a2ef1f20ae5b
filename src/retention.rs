//! What is forgotten when its term is over, in one place: the terms are those of the record of what is kept of persons
//! (`privacy::record`), the service's clock counts. What belongs to sign-ins goes by real time (`account::throttle`).

use std::time::Duration;

use crate::account::reading_store;
use crate::base::{Error, Moment, Result, label};
use crate::db::AnyConnection;
use crate::http::App;
use crate::http::duties::{Duty, Rhythm};
use crate::notice;
use crate::personal_data;
use crate::producer::registration;
use crate::stamp::doubts;

const EVERY: Duration = Duration::from_secs(3600);

/// Something that is forgotten, and how.
pub struct Forgotten {
    pub what: &'static str,
    /// How many rows it was.
    pub forget: fn(&mut AnyConnection, Moment) -> Result<usize>,
}

pub const ALL: &[Forgotten] = &[
    Forgotten { what: "contacts of closed doubts", forget: doubts::store::forget_contacts },
    Forgotten { what: "persons of refused registrations", forget: registration::steps::erase_refused },
    Forgotten { what: "readings of identity numbers", forget: reading_store::forget },
    Forgotten { what: "summaries that were sent", forget: notice::store::forget },
    Forgotten { what: "letters about accounts that were sent", forget: notice::account_letter_store::forget },
    Forgotten { what: "who asked about their own data", forget: personal_data::steps::forget },
];

const RETENTION: Duty =
    Duty { name: "retention", label: label("xóa dữ liệu hết hạn lưu", "forgetting of what is due") };

/// Forgets what is due now and then every hour, for as long as the runtime lives. One that fails keeps no other from it.
pub fn keep_forgetting(app: App) {
    let duties = app.duties.clone();
    duties.keep(RETENTION, Rhythm::every(EVERY).at_once(), async move || {
        let mut failed = Vec::new();
        for Forgotten { what, forget } in ALL {
            let now = app.clock.now();
            match app.database.write(move |connection| forget(connection, now)).await {
                Ok(0) => {}
                Ok(rows) => tracing::info!(what, rows, "what is due was forgotten"),
                Err(error) => failed.push(format!("{what}: {error}")),
            }
        }
        if failed.is_empty() { Ok(()) } else { Err(Error::internal(failed.join("; "))) }
    });
}
