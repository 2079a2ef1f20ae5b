//! The program at the command line, over a database, a data folder and a key file of one's choice.

use std::path::{Path, PathBuf};
use std::process::Command;

use diesel::connection::SimpleConnection;
use ocop::config::Storage;
use ocop::db::{Address, AnyConnection};

use crate::engine;
use crate::province::PASSWORD;

#[derive(Clone)]
pub struct Program {
    pub database_url: String,
    pub data_dir: PathBuf,
    /// The key file of the data folder where none is named.
    pub keys_file: Option<PathBuf>,
    pub postgresql_programs: Option<PathBuf>,
}

impl Program {
    pub fn new(database_url: &str, data_dir: &Path) -> Self {
        Self {
            database_url: database_url.to_owned(),
            data_dir: data_dir.to_owned(),
            keys_file: None,
            postgresql_programs: engine::programs(),
        }
    }

    /// A command of it, to be run.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ocop"));
        command.args(arguments).env("OCOP_DATABASE_URL", &self.database_url).env("OCOP_DATA_DIR", &self.data_dir);
        if let Some(keys) = &self.keys_file {
            command.env("OCOP_KEYS_FILE", keys);
        }
        if let Some(programs) = &self.postgresql_programs {
            command.env("OCOP_POSTGRESQL_PROGRAMS", programs);
        }
        command
            .env("OCOP_LISTEN", "127.0.0.1:0")
            // What a test stores is little: how full the disk is that it runs on is none of its matters.
            .env("OCOP_DISK_RESERVE", "0")
            .env("OCOP_ALLOW_DEMO_PASSWORDS", "true")
            .env("OCOP_PASSWORD", PASSWORD)
            .env("OCOP_LOG", "error");
        command
    }

    /// Whether it went well, and what it said; what should end and does not is killed, so that no run waits for it.
    pub fn run(&self, arguments: &[&str]) -> (bool, String) {
        let command = self.command(arguments);
        let mut bounded = Command::new("timeout");
        bounded.args(["--signal=KILL", "120"]).arg(command.get_program()).args(command.get_args());
        bounded.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let output = bounded.output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    #[track_caller]
    pub fn ok(&self, arguments: &[&str]) -> String {
        let (went_well, said) = self.run(arguments);
        assert!(went_well, "{arguments:?}: {said}");
        said
    }

    /// It fails and says all of this.
    #[track_caller]
    pub fn refused(&self, arguments: &[&str], texts: &[&str]) {
        let (went_well, said) = self.run(arguments);
        assert!(!went_well, "{arguments:?}: {said}");
        for text in texts {
            assert!(said.contains(text), "{arguments:?} does not say {text:?}: {said}");
        }
    }

    /// What the same settings are within the program.
    pub fn storage(&self) -> Storage {
        Storage {
            database_url: self.database_url.parse().unwrap(),
            data_dir: self.data_dir.clone(),
            keys_file: self.keys_file.clone(),
            database_connections: 2,
            database_wait: 9,
        }
    }

    pub fn connect(&self) -> AnyConnection {
        self.database_url.parse::<Address>().unwrap().connect().unwrap()
    }

    pub fn execute(&self, statements: &str) {
        self.connect().batch_execute(statements).unwrap();
    }

    pub fn new_account(&self, username: &str) {
        let account = ["account", "create", "--username", username, "--name", "Ông", "--role", "administrator"];
        self.ok(&account);
    }
}
