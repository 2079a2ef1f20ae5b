//! What the program makes is its owner's alone, and what is unsafe is named with how it is mended.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::engine::{new_folder, on_both};

/// Runs the program with some settings; whether it went well, and what it said.
fn run(database_url: &str, data_dir: &Path, arguments: &[&str]) -> (bool, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_ocop"));
    program.args(arguments).env("OCOP_DATABASE_URL", database_url).env("OCOP_DATA_DIR", data_dir);
    let output = program.env("OCOP_LOG", "error").output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

fn others_rights(path: &Path) -> u32 {
    path.metadata().unwrap_or_else(|error| panic!("{}: {error}", path.display())).permissions().mode() & 0o077
}

#[test]
fn what_is_made_is_the_owners_alone_and_what_is_not_is_named() {
    on_both(|engine| {
        let folder = new_folder();
        let data = folder.path().join("data");
        let database_url = engine.new_database(folder.path());
        let (went_well, said) = run(&database_url, &data, &["migrate"]);
        assert!(went_well, "{said}");
        let keys = data.join("keys.json");
        assert_eq!((others_rights(&data), others_rights(&keys)), (0, 0));
        if let Some(path) = database_url.strip_prefix("sqlite:") {
            assert_eq!(others_rights(Path::new(path)), 0);
        }
        let (went_well, said) = run(&database_url, &data, &["check"]);
        assert!(went_well && said.contains("Nothing unsafe"), "{said}");
        // What somebody opened since, and settings that are unsafe, are named with how they are mended.
        std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o644)).unwrap();
        let (went_well, said) = run(&database_url, &data, &["check", "--trusted-proxies", "0.0.0.0/0"]);
        assert!(!went_well, "{said}");
        for text in ["keys.json has the rights 644", "chmod go-rwx", "OCOP_TRUSTED_PROXIES has 0.0.0.0/0"] {
            assert!(said.contains(text), "{text}: {said}");
        }
    });
}

#[test]
fn stamps_are_not_printed_with_an_address_that_leads_nowhere() {
    on_both(|engine| {
        let folder = new_folder();
        let data = folder.path().join("data");
        let database_url = engine.new_database(folder.path());
        let (went_well, said) = run(&database_url, &data, &["migrate"]);
        assert!(went_well, "{said}");
        for arguments in [
            ["serve", "--listen", "0.0.0.0:0"].as_slice(),
            &["serve", "--listen", "[::]:0"],
            &["serve", "--listen", "127.0.0.1:0", "--public-url", "http://0.0.0.0:8080"],
            &["demo", "--listen", "0.0.0.0:0"],
        ] {
            let (went_well, said) = run(&database_url, &data, arguments);
            assert!(!went_well, "{arguments:?}: {said}");
            assert!(said.contains("every address"), "{arguments:?}: {said}");
        }
    });
}

#[test]
fn a_database_with_the_demos_passwords_is_named() {
    on_both(|engine| {
        let (folder, database_url) = crate::province::demo(engine);
        let (went_well, said) = run(&database_url, &folder.path().join("data"), &["check"]);
        assert!(!went_well && said.contains("the demo's password"), "{said}");
    });
}
