//! The service over a filled example of its own, for what is measured over HTTP.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Ends with the run.
pub struct Demo {
    child: Child,
    folder: tempfile::TempDir,
}

impl Drop for Demo {
    fn drop(&mut self) {
        if self.child.kill().is_ok() {
            drop(self.child.wait());
        }
    }
}

impl Demo {
    /// Starts it with these settings, and waits for the line of what it prints that `begins` so; its first word that is an address.
    pub fn start(begins: &str, settings: &[(&str, &str)]) -> Outcome<(Self, String)> {
        let folder = tempfile::tempdir()?;
        let child = Command::new(env!("CARGO_BIN_EXE_ocop"))
            .arg("demo")
            .env("OCOP_DATABASE_URL", format!("sqlite:{}", folder.path().join("ocop.db").display()))
            .env("OCOP_DATA_DIR", folder.path().join("data"))
            .env("OCOP_LISTEN", "127.0.0.1:0")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut demo = Self { child, folder };
        let mut lines = BufReader::new(demo.child.stdout.take().ok_or("no output")?).lines().map_while(Result::ok);
        let line = lines.find(|line| line.trim_start().starts_with(begins)).ok_or("the demo does not start")?;
        let address = line.split_whitespace().find(|word| word.starts_with("http://")).ok_or("no address")?;
        Ok((demo, address.trim_end_matches(['/', ',', '.']).to_owned()))
    }

    /// Where its database and its data are.
    #[allow(dead_code, reason = "each bench is a program of its own, and not all look there")]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    #[allow(dead_code, reason = "each bench is a program of its own, and not all look there")]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What the system tells of its process, `/proc/ID/` and this.
    pub fn process(&self, what: &str) -> std::path::PathBuf {
        ["/proc", &self.child.id().to_string(), what].iter().collect()
    }
}
