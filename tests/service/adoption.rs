//! A history without digests is chained by a command, once, and never by a start; one that was chained before is not chained
//! again unless somebody says so, and then it shows.

use crate::engine::{Engine, new_folder, on_both};
use crate::program::Program;

/// What somebody who can write to a database takes away so that its history looks like one from before the chain.
const DIGESTS: &str =
    "UPDATE history SET digest = NULL, content = NULL, note_salt = NULL, note_digest = NULL, seal = NULL;";
const SEALS: &str = "DELETE FROM seals;";
const MARK: &str = "DELETE FROM settings WHERE name = 'audit:chained';";
const IDENTITY: &str = "DELETE FROM settings WHERE name = 'identity';";
/// What a forged history hides.
const FORGERY: &str = "UPDATE accounts SET name = 'Khác'; UPDATE history SET verb = 'forged';";

/// A database with a step in its history that is sealed.
fn sealed(engine: Engine, folder: &tempfile::TempDir) -> Program {
    let program = Program::new(&engine.new_database(folder.path()), &folder.path().join("data"));
    program.ok(&["migrate"]);
    program.new_account("admin");
    let app = ocop::app::open(&program.storage(), "").unwrap();
    let now = app.clock.now();
    app.database.write_now(|connection| ocop::audit::seal_all(connection, &app, now)).unwrap();
    drop(app);
    assert!(program.ok(&["audit", "verify"]).contains("1 entries, 1 seals, 0 files, all in order"));
    program
}

#[test]
fn a_history_from_before_is_adopted_by_a_command_and_never_by_a_start() {
    on_both(|engine| {
        let folder = new_folder();
        let program = sealed(engine, &folder);
        program.execute(&[DIGESTS, SEALS, MARK, IDENTITY].concat());
        std::fs::remove_file(folder.path().join("data/files/identity")).unwrap();
        for start in [&["serve"][..], &["migrate"], &["demo"], &["keys", "export"]] {
            program.refused(start, &["1 steps", "no digest", "`ocop audit adopt`"]);
        }
        program.refused(&["audit", "verify"], &["the step has no digest"]);
        assert!(program.ok(&["audit", "adopt"]).contains("1 steps were chained"));
        program.ok(&["migrate"]);
        assert!(program.ok(&["audit", "verify"]).contains("1 entries, 0 seals, 0 files, all in order"));
        assert!(program.ok(&["audit", "adopt"]).contains("0 steps were chained"));
    });
}

#[test]
fn a_forged_history_is_not_adopted_and_never_verifies_as_sound() {
    on_both(|engine| {
        let remains = [
            ("there are seals", [DIGESTS, FORGERY].concat()),
            ("there are seals", [DIGESTS, FORGERY, MARK, IDENTITY].concat()),
            ("says that it was chained", [DIGESTS, FORGERY, SEALS].concat()),
            ("the folder of files was claimed", [DIGESTS, FORGERY, SEALS, MARK].concat()),
            ("the folder of files was claimed", [DIGESTS, FORGERY, SEALS, MARK, IDENTITY].concat()),
        ];
        for (sign, forgery) in remains {
            let folder = new_folder();
            let program = sealed(engine, &folder);
            program.execute(&forgery);
            program.refused(&["serve"], &["no digest", "`ocop audit adopt`"]);
            program.refused(&["migrate", "--claim"], &["no digest"]);
            program.refused(&["audit", "adopt"], &[sign, "Restore a backup", "--anew"]);
            program.refused(&["audit", "verify"], &["the step has no digest"]);
            // Told to go on, it goes on, and what happened stays to be seen.
            program.ok(&["audit", "adopt", "--anew"]);
            program.refused(&["audit", "verify"], &["history: it was chained anew on "]);
            program.ok(&["migrate"]);
            program.refused(&["audit", "verify"], &["history: it was chained anew on "]);
        }
    });
}

#[test]
fn one_step_without_a_digest_among_others_keeps_a_database_from_starting() {
    on_both(|engine| {
        let folder = new_folder();
        let program = sealed(engine, &folder);
        program.new_account("second");
        program.execute("UPDATE history SET digest = NULL WHERE seal IS NULL;");
        program.execute(&[SEALS, MARK].concat());
        program.refused(&["serve"], &["1 steps", "altered", "`ocop audit verify`"]);
        program.refused(&["audit", "adopt"], &["other steps have one"]);
    });
}
