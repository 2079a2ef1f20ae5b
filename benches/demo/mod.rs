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

/// The program, serving the example in a folder.
fn served(folder: &tempfile::TempDir, settings: &[(&str, &str)]) -> Outcome<Child> {
    let child = Command::new(env!("CARGO_BIN_EXE_ocop"))
        .arg("demo")
        .env("OCOP_DATABASE_URL", format!("sqlite:{}", folder.path().join("ocop.db").display()))
        .env("OCOP_DATA_DIR", folder.path().join("data"))
        .env("OCOP_LISTEN", "127.0.0.1:0")
        .envs(settings.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    Ok(child)
}

/// The first line of what it prints that begins so.
fn told(child: &mut Child, begins: &str) -> Outcome<String> {
    let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines().map_while(Result::ok);
    Ok(lines.find(|line| line.trim_start().starts_with(begins)).ok_or("the demo does not start")?)
}

impl Demo {
    /// Fills it, and starts it anew with these settings, as no service fills itself; waits for the line of what it prints that `begins`
    /// so; its first word that is an address.
    pub fn start(begins: &str, settings: &[(&str, &str)]) -> Outcome<(Self, String)> {
        let folder = tempfile::tempdir()?;
        let mut demo = Self { child: served(&folder, &[])?, folder };
        told(&mut demo.child, begins)?;
        demo.child.kill()?;
        demo.child.wait()?;
        demo.child = served(&demo.folder, settings)?;
        let line = told(&mut demo.child, begins)?;
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

    /// A line of memory that the system tells of its process, in MiB: `VmRSS` is what it holds, `VmHWM` the most of it.
    #[allow(dead_code, reason = "each bench is a program of its own, and not all look there")]
    pub fn memory(&self, of: &str) -> Outcome<u64> {
        let told = std::fs::read_to_string(self.process("status"))?;
        let line = told.lines().find(|line| line.starts_with(&format!("{of}:"))).ok_or("no figure")?;
        let kilobytes: u64 = line.split_whitespace().nth(1).ok_or("no figure")?.parse()?;
        Ok(kilobytes / 1024)
    }

    /// What the system tells of its process, `/proc/ID/` and this.
    pub fn process(&self, what: &str) -> std::path::PathBuf {
        ["/proc", &self.child.id().to_string(), what].iter().collect()
    }
}
