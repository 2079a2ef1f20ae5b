//! A database that a newer program brought further is left as it is, and said so by every command; so is an older one where
//! nothing may be written.

use diesel::prelude::*;
use ocop::db::schema::settings;

use crate::engine::{new_folder, on_both};
use crate::program::Program;

const UNKNOWN: &str = "20991231000001";

#[test]
fn what_a_newer_program_left_is_not_touched_by_an_older_one() {
    on_both(|engine| {
        let folder = new_folder();
        let program = Program::new(&engine.new_database(folder.path()), &folder.path().join("data"));
        program.ok(&["migrate"]);
        program.ok(&["audit", "verify"]);
        program.execute(&format!("INSERT INTO __diesel_schema_migrations (version) VALUES ('{UNKNOWN}')"));
        // What a start would write anew.
        program.execute("DELETE FROM settings WHERE name = 'audit:chained'; DELETE FROM criteria_sets;");
        let key_file = folder.path().join("data/keys.json");
        let state = || {
            let mut connection = program.connect();
            let rows: Vec<(String, String)> = settings::table
                .select((settings::name, settings::value))
                .order(settings::name)
                .load(&mut connection)
                .unwrap();
            let sets: i64 = ocop::db::schema::criteria_sets::table.count().get_result(&mut connection).unwrap();
            (rows, sets, std::fs::read(&key_file).unwrap())
        };
        let before = state();
        let create = ["account", "create", "--username", "a", "--name", "A", "--role", "administrator"];
        let commands: [&[&str]; 11] = [
            &["serve"],
            &["demo"],
            &["migrate"],
            &["migrate", "--claim"],
            &create,
            &["keys", "export"],
            &["keys", "rotate"],
            &["files", "sweep"],
            &["files", "restore"],
            &["audit", "adopt"],
            &["audit", "verify"],
        ];
        for command in commands {
            program.refused(command, &[UNKNOWN, "a newer program", "Nothing was written", "restore the backup"]);
            assert_eq!(state(), before, "{command:?}");
        }
        program.execute(&format!("DELETE FROM __diesel_schema_migrations WHERE version = '{UNKNOWN}'"));
        program.ok(&["migrate"]);
    });
}

#[test]
fn a_look_at_an_older_database_says_what_brings_it_up_to_date() {
    on_both(|engine| {
        let folder = new_folder();
        let program = Program::new(&engine.new_database(folder.path()), &folder.path().join("data"));
        // Connecting makes SQLite's file; nothing else is there.
        drop(program.connect());
        program.refused(&["audit", "verify"], &["holds no database of this service"]);
        program.ok(&["migrate"]);
        let latest = "20261122000016";
        program.execute(&format!("DELETE FROM __diesel_schema_migrations WHERE version = '{latest}'"));
        program.refused(&["audit", "verify"], &[latest, "an older program", "`ocop migrate`"]);
    });
}
