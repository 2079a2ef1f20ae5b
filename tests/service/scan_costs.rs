//! What a batch of scans asks of the database.

use std::sync::Arc;

use ocop::http::{ClientAddress, Language};
use ocop::stamp::Mint;
use ocop::stamp::passport::Passports;
use ocop::stamp::scan::{Recorded, Scan, record};

use crate::engine::{Engine, on_both};
use crate::walk::{Walk, phone_in};

/// Scans each of these stamps once, in one batch, each from a network of its own; how many statements it took.
fn statements(walk: &Walk, mint: &Arc<Mint>, codes: &[String]) -> u64 {
    let scan = |(network, code): (u32, &String)| Scan {
        stamp: mint.read(code).unwrap().1,
        language: Language::Vietnamese,
        place: None,
        client: ClientAddress::new(phone_in(network).into()),
        is_visitor: true,
    };
    let scans: Vec<Scan> = (0..).zip(codes).map(scan).collect();
    let (database, now, mint) = (&walk.province.app.database, walk.province.app.clock.now(), Arc::clone(mint));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let counter = database.statements();
    let before = counter.get();
    let recorded = runtime
        .block_on(database.write_scans(move |connection| record(connection, &mint, Passports::default(), &scans, now)));
    let Recorded { scanned, .. } = recorded.unwrap();
    assert!(scanned.iter().all(Option::is_some), "each is a stamp of ours");
    counter.get() - before
}

#[test]
fn a_batch_takes_a_few_statements_on_postgresql_and_a_few_for_each_scan_on_sqlite() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let codes = walk.activated(&walk.here, &product, 330);
        let mint = Arc::new(Mint::new(&walk.province.app.keys).unwrap());
        // What the service does beside it now and then is counted too, so the least of a few times is taken.
        let least =
            |codes: &[String], size| codes.chunks(size).map(|some| statements(&walk, &mint, some)).min().unwrap();
        let (few, many) = (least(&codes[..30], 10), least(&codes[30..], 100));
        match engine {
            Engine::Postgresql => assert!(few == many && few <= 20, "{few} for 10, {many} for 100"),
            // The stamp's row and the log.
            Engine::Sqlite => assert_eq!(many - few, 2 * 90),
        }
    });
}
