//! What an earlier program wrote of scans is carried over: counts, cases with their evidence, who came, and the log.

use std::path::Path;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use ocop::base::Moment;
use ocop::db::schema::{scans, stamps};
use ocop::stamp::rules::evidence::{Evidence, OnDay, Spot};
use ocop::stamp::rules::visitors::{Network, Visitors};
use ocop::stamp::scan_store;
use serde_json::{Value, json};

use crate::engine::{Engine, on_both};
use crate::program::Program;
use crate::walk::{Walk, id};

const MIGRATION: &str = "2026-11-29-003001_scan_tables";
const PLACES: [(f64, f64); 3] = [(18.51, 105.41), (-18.36, 105.86), (18.07, -106.29)];

/// The file of a migration that takes it back.
fn down(engine: Engine) -> String {
    let tree = if engine == Engine::Sqlite { "sqlite" } else { "postgresql" };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(tree);
    std::fs::read_to_string(folder.join(MIGRATION).join("down.sql")).unwrap()
}

/// A stamp's row.
#[derive(Debug, PartialEq)]
struct Row {
    serial: i32,
    scans: i64,
    moments: (Moment, Moment, Option<Moment>, Option<Moment>),
    days: Vec<OnDay>,
    places: Vec<Spot>,
    visitors: Visitors,
}

impl Row {
    /// Without the networks that came to it.
    fn alone(mut self) -> Self {
        self.visitors.forget_networks();
        self
    }
}

fn rows(program: &Program) -> Vec<Row> {
    type Columns = (i32, i64, Moment, Moment, Option<Moment>, Option<Moment>, Vec<u8>, Vec<u8>);
    let found: Vec<Columns> = stamps::table
        .order(stamps::serial)
        .select((
            stamps::serial,
            stamps::scans,
            stamps::first_at,
            stamps::last_at,
            stamps::suspect_at,
            stamps::dismissed_at,
            stamps::visitors,
            stamps::evidence,
        ))
        .load(&mut program.connect())
        .unwrap();
    let row = |(serial, scans, first_at, last_at, suspect_at, dismissed_at, visitors, evidence): Columns| {
        let evidence = Evidence::read(&evidence).unwrap();
        Row {
            serial,
            scans,
            moments: (first_at, last_at, suspect_at, dismissed_at),
            days: evidence.days().to_vec(),
            places: evidence.places(),
            visitors: Visitors::read(&visitors).unwrap(),
        }
    };
    found.into_iter().map(row).collect()
}

type Logged = (i32, i32, Moment, String, Option<i32>, Option<i32>, Vec<u8>);

fn log(program: &Program) -> Vec<Logged> {
    scans::table.order((scans::at, scans::serial)).load(&mut program.connect()).unwrap()
}

#[test]
fn scans_of_an_earlier_program_are_carried_over() {
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let codes = walk.activated(&walk.here, &product, 4);
        let order = id(&walk.province.all(&walk.office, &format!("/stamp-orders?product_id={product}"))[0]);
        let [copied, dismissed, other, _] = codes.as_slice() else { panic!("four codes") };
        for network in 0..12 {
            walk.scan(copied, 1000 + network, Some(PLACES[usize::try_from(network % 3).unwrap()]));
        }
        let case = walk.copied(&order, dismissed);
        let note = json!({"note": "Hàng mẫu"});
        walk.province.step(&walk.office, &format!("/stamps/suspects/{case}"), "dismiss", note).ok();
        (0..3).for_each(|_| drop(walk.scan(other, 1, None)));
        walk.province.restart(&["--clock", "2021-02-23T09:00:00+07:00"]);
        for place in [None, Some(PLACES[1]), Some(PLACES[1])] {
            walk.scan(other, 1, place);
        }
        walk.scan(other, 2, Some(PLACES[2]));
        let told = |walk: &Walk| -> (Vec<Value>, Value) {
            let order = walk.province.get(&walk.office, &format!("/stamp-orders/{order}")).ok();
            (walk.province.all(&walk.office, "/stamps/suspects"), order)
        };
        let before = told(&walk);
        assert_eq!((before.0.len(), &before.1["scanned"]), (2, &json!(3)));

        walk.province.stop();
        let program = Program::new(&walk.province.database_url, &walk.province.app.data_dir);
        let (kept, logged) = (rows(&program), log(&program));
        assert_eq!((kept.len(), logged.len()), (3, 12 + 21 + 7));
        program.execute(&down(engine));
        program.execute("DELETE FROM __diesel_schema_migrations WHERE version = '20261129003001'");
        // Of one network all is known; of the other as little as of those of the first programs.
        program.execute(
            "INSERT INTO stamp_visitors (order_id, serial, visitor, day, at, latitude, longitude, network, is_new) \
             SELECT order_id, serial, visitor, '2021-02-23', at, latitude, longitude, visitor, TRUE FROM scans \
             WHERE latitude IS NULL AND serial = 3 AND at = (SELECT max(at) FROM scans WHERE latitude IS NULL); \
             INSERT INTO stamp_visitors (order_id, serial, visitor, day, latitude, longitude) \
             SELECT order_id, serial, visitor, '2021-02-22', latitude, longitude FROM scans \
             WHERE serial = 3 AND at = (SELECT max(at) FROM scans)",
        );
        program.ok(&["migrate"]);

        assert_eq!(log(&program), logged);
        let carried = rows(&program);
        let networks = carried[2].visitors.networks().to_vec();
        let of_log = |logged: &Logged| -> ([u8; 8], [u8; 16]) {
            (logged.6[..8].try_into().unwrap(), logged.6.as_slice().try_into().unwrap())
        };
        let [.., bare, _, _, last] = logged.as_slice() else { panic!("four scans") };
        let ((first, hash), (second, _)) = (of_log(bare), of_log(last));
        let place = carried[2].places.iter().find(|spot| spot.place.longitude == -10629).map(|spot| spot.place);
        let day = "2021-02-21T17:00:00Z".parse().unwrap();
        let mut expected = [
            Network { mark: first, of_day: Some(hash), at: bare.2, place: None },
            Network { mark: second, of_day: None, at: day, place },
        ];
        let mut networks = networks;
        networks.sort_by_key(|network| network.at);
        expected.sort_by_key(|network| network.at);
        assert_eq!(networks, expected);
        let alone = |rows: Vec<Row>| rows.into_iter().map(Row::alone).collect::<Vec<_>>();
        assert_eq!(alone(carried), alone(kept));

        walk.province.restart(&[]);
        assert_eq!(told(&walk), before);
        assert_eq!(walk.scan(other, 1, None)["scans"]["count"], 8);
        assert_eq!(walk.scan(copied, 1, None)["verdict"], "suspect");
        walk.province.stop();
        program.ok(&["audit", "verify"]);
    });
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[test]
fn the_log_is_kept_by_months_and_misses_no_scan() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let code = walk.activated(&walk.here, &product, 1).remove(0);
        (0..3).for_each(|network| drop(walk.scan(&code, network, None)));
        let database = &walk.province.app.database;
        let today = walk.province.app.clock.now().day();
        // As the writer does, and another instance at the same time.
        for month in [today.plus_months(1).unwrap(), today, today] {
            database.write_now(move |connection| scan_store::make_month(connection, month)).unwrap();
        }
        (3..6).for_each(|network| drop(walk.scan(&code, network, None)));
        let connection = &mut walk.province.database_url.parse::<ocop::db::Address>().unwrap().connect().unwrap();
        let mut count = |of: &str| {
            diesel::sql_query(format!("SELECT count(*) AS count FROM {of}"))
                .get_result::<Count>(connection)
                .unwrap()
                .count
        };
        assert_eq!(count("scans"), 6);
        if engine == Engine::Postgresql {
            assert_eq!((count("__scans_2021_02"), count("__scans_2021_03"), count("__scans_other")), (6, 0, 0));
        }
    });
}
