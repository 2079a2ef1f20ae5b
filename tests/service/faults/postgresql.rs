//! PostgreSQL stopped, killed, stalled, locked, out of connections: nobody waits for long, what was answered is there, and the
//! service recovers by itself. Half open it is in `silent_database.rs`.

use diesel::connection::SimpleConnection;
use diesel::{Connection as _, PgConnection};
use rustix::process::{Pid, Signal};

use super::{Office, answers, becomes, until};
use crate::engine::{Cluster, Engine, on_both};
use crate::province::Province;
use crate::walk::Walk;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// It takes connections and says nothing.
    Stalled,
    Stopped,
    /// With all that serve, at once.
    Killed,
    /// One of those that serve is killed, and the server sends all others away.
    OneKilled,
    OutOfConnections,
}

impl Fault {
    const ALL: [Self; 5] = [Self::Stalled, Self::Stopped, Self::Killed, Self::OneKilled, Self::OutOfConnections];

    /// Whether it mends itself before anybody could ask.
    fn passes(self) -> bool {
        self == Self::OneKilled
    }
}

/// Whether a process still runs; nobody may have asked yet how it ended.
fn is_alive(process: Pid) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.as_raw_nonzero()));
    stat.is_ok_and(|stat| stat.rsplit(')').next().is_some_and(|rest| !rest.trim_start().starts_with(['Z', 'X'])))
}

/// Sends everybody away and takes every connection that is to be had.
fn hog(url: &str) -> Vec<PgConnection> {
    let mut held = vec![PgConnection::establish(url).unwrap()];
    loop {
        let others = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = 'faults_own' \
                      AND pid <> pg_backend_pid() AND application_name <> 'hog'";
        held[0].batch_execute("SET application_name = 'hog'").unwrap();
        held[0].batch_execute(others).unwrap();
        let mut taken = 0;
        while let Ok(mut more) = PgConnection::establish(&format!("{url}?application_name=hog")) {
            more.batch_execute("SELECT 1").unwrap();
            held.push(more);
            taken += 1;
        }
        if taken == 0 {
            return held;
        }
    }
}

#[test]
fn whatever_befalls_postgresql_nobody_waits_long_and_all_goes_on() {
    let Some(mut cluster) = Cluster::own() else { return };
    let url = cluster.new_database("faults_own");
    let flags = ["--database-wait", "2", "--database-connections", "2"];
    let province = Province::over(url.clone(), &flags);
    let person = province.hire("office", "provincial_officer", Some("42"), None);
    let mut office = Office::of(&province, &person);
    for fault in Fault::ALL {
        assert_eq!(office.make().status, 201, "before {fault:?}");
        let mut held = Vec::new();
        let before = cluster.processes();
        match fault {
            Fault::Stalled => cluster.signal(Signal::STOP),
            Fault::Stopped => cluster.stop(),
            Fault::Killed => cluster.signal(Signal::KILL),
            Fault::OneKilled => cluster.kill_one_that_serves("faults_own"),
            Fault::OutOfConnections => held = hog(&url),
        }
        if !fault.passes() {
            // More of them than connections: whoever waits for a turn is told as well.
            std::thread::scope(|scope| {
                for (path, person) in [
                    ("/readyz", None),
                    ("/units", None),
                    ("/me", Some(&person)),
                    ("/shops", Some(&person)),
                    ("/readyz", None),
                    ("/shops", Some(&person)),
                ] {
                    let province = &province;
                    scope.spawn(move || answers(province, person, path, 503));
                }
            });
            assert_eq!(office.make().status, 503, "{fault:?}");
        }
        match fault {
            Fault::Stalled => cluster.signal(Signal::CONT),
            Fault::Stopped => cluster.serve(),
            Fault::Killed => {
                until("all of it are gone", || !before.iter().any(|process| is_alive(*process)));
                cluster.serve();
            }
            Fault::OneKilled => {}
            Fault::OutOfConnections => held.clear(),
        }
        becomes(&province, 200);
        until("it is written again", || office.make().status == 201);
        office.must_have_what_was_answered();
    }
}

#[test]
fn a_locked_table_stops_only_who_needs_it() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let code = walk.activated(&walk.here, &product, 1).remove(0);
        let mut office = Office::of(&walk.province, &walk.office);
        assert_eq!(office.make().status, 201);
        let mut held = walk.province.database_url.parse::<ocop::db::Address>().unwrap().connect().unwrap();
        held.batch_execute(match engine {
            // Another program that writes keeps all others from it, and nobody from reading.
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgresql => "BEGIN; LOCK TABLE shops IN ACCESS EXCLUSIVE MODE",
        })
        .unwrap();
        assert_eq!(office.make().status, 503);
        answers(&walk.province, None, "/units", 200);
        if engine == Engine::Postgresql {
            answers(&walk.province, Some(&walk.office), "/shops", 503);
            assert_eq!(walk.scan(&code, 1, None)["scans"]["count"], 1);
            answers(&walk.province, None, "/readyz", 200);
        } else {
            answers(&walk.province, Some(&walk.office), "/shops", 200);
        }
        held.batch_execute("ROLLBACK").unwrap();
        becomes(&walk.province, 200);
        until("it is written again", || office.make().status == 201);
        office.must_have_what_was_answered();
    });
}
