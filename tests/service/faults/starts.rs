//! Starts that meet others, or break off.

use std::process::Stdio;

use diesel::RunQueryDsl;
use diesel::sql_types::BigInt;

use super::until;
use crate::engine::{Engine, new_folder, on_both};
use crate::program::Program;

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[test]
fn migrations_at_once_wait_for_each_other() {
    on_both(|engine| {
        let folder = new_folder();
        let program = Program::new(&engine.new_database(folder.path()), &folder.path().join("data"));
        std::thread::scope(|scope| {
            let begun: Vec<_> = (0..4).map(|_| scope.spawn(|| program.run(&["migrate"]))).collect();
            for migrated in begun {
                let (went_well, said) = migrated.join().unwrap();
                assert!(went_well, "{said}");
            }
        });
        program.ok(&["audit", "verify"]);
    });
}

/// How far a migration has come, in any measure that grows.
fn progress(engine: Engine, program: &Program) -> i64 {
    match engine {
        Engine::Sqlite => {
            let log = format!("{}-wal", program.database_url.strip_prefix("sqlite:").unwrap());
            std::fs::metadata(log).map_or(0, |metadata| i64::try_from(metadata.len() / 4096).unwrap())
        }
        Engine::Postgresql => {
            let tables = "SELECT count(*) AS count FROM pg_tables WHERE schemaname = 'public'";
            let count: Count = diesel::sql_query(tables).get_result(&mut program.connect()).unwrap();
            count.count
        }
    }
}

#[test]
fn a_migration_that_breaks_off_is_carried_on_by_the_next() {
    on_both(|engine| {
        let folder = new_folder();
        let program = Program::new(&engine.new_database(folder.path()), &folder.path().join("data"));
        for far in [1, 20, 60] {
            let mut migration =
                program.command(&["migrate"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            until("the migration begins", || {
                progress(engine, &program) >= far || migration.try_wait().unwrap().is_some()
            });
            // It may have come to its end by now, which is no failure.
            let _ = migration.kill();
            migration.wait().unwrap();
        }
        // Where it broke off just after it made the keys, they are no database's yet, which somebody has to say.
        program.ok(&["migrate", "--claim"]);
        program.ok(&["audit", "verify"]);
        program.new_account("office");
    });
}
