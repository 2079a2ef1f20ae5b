//! Networks that go through a producer's stamps. They make no stamp suspect; the board tells of them, and
//! people decide.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::id::ProducerId;
use crate::base::{Day, Message, Moment, Result, say};
use crate::http::Language;
use crate::page::words;
use crate::producer;
use crate::stamp::suspicion::network_store::{self, Sweep};

/// So many alerts stand above the board: the newest, for what is older was looked at or is of no use any more.
const ABOVE: i64 = 5;

/// A few networks over many stamps of one producer, on one day. It says nothing of any stamp.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScanAlert {
    day: Day,
    producer_id: ProducerId,
    producer_name: String,
    /// How many stamps, of the network that met most of them.
    stamps: i32,
    /// How many networks (24 bits of an IPv4 address, 48 of an IPv6 one).
    networks: i64,
    since: Moment,
    last_at: Moment,
}

pub(super) fn shown(work: &mut Work, sweeps: Vec<Sweep>) -> Result<Vec<ScanAlert>> {
    let producers: Vec<ProducerId> = sweeps.iter().map(|sweep| sweep.producer_id).collect();
    let producers = producer::store::names(work.connection, &producers)?;
    let alert = |Sweep { day, producer_id, networks, stamps, since, last_at }| {
        let producer_name = producers.get(&producer_id).cloned().unwrap_or_default();
        ScanAlert { day, producer_id, producer_name, stamps, networks, since, last_at }
    };
    Ok(sweeps.into_iter().map(alert).collect())
}

/// The newest alerts in words, for the board.
pub(super) fn told(work: &mut Work) -> Result<Vec<Message>> {
    let found = network_store::sweeps(work.connection, None, ABOVE)?;
    let told = |alert: &ScanAlert| {
        let ScanAlert { day, producer_name, stamps, networks, .. } = alert;
        let day = |language| words::day(language, *day);
        say(
            format!(
                "{}: {networks} mạng cùng quét {stamps} tem của {producer_name}. Đây là cảnh báo, không phải kết luận về \
                 con tem nào.",
                day(Language::Vietnamese)
            ),
            format!(
                "{}: {networks} networks together scanned {stamps} stamps of {producer_name}. This is an alert and says \
                 nothing of any one stamp.",
                day(Language::English)
            ),
        )
    };
    Ok(shown(work, found)?.iter().map(told).collect())
}
