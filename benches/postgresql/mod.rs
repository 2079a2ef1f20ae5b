//! A PostgreSQL of its own, which writes to the disk as any does; it ends with the run.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use diesel::{Connection as _, PgConnection};

use crate::demo::Outcome;

const STARTS_WITHIN: Duration = Duration::from_secs(60);

pub struct Cluster {
    port: u16,
    folder: tempfile::TempDir,
    /// Ends the server when its standard input is closed.
    shell: Child,
}

/// The folder of PostgreSQL's programs; none where it is not installed.
pub fn programs() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = debian.map(|entry| entry.path().join("bin")).chain(std::env::split_paths(&path));
    folders.find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

impl Cluster {
    pub fn start(programs: &std::path::Path) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let at = folder.path().display();
        let programs = programs.display();
        let script = format!(
            "'{programs}/initdb' -D '{at}/data' -A trust -U postgres -E UTF8 --locale=C >/dev/null || exit 1
             '{programs}/postgres' -D '{at}/data' -p {port} -k '{at}' -c listen_addresses=127.0.0.1 >/dev/null 2>&1 &
             read end; kill -INT $!; wait"
        );
        // PostgreSQL refuses to run as root.
        let is_root = Command::new("id").arg("-u").output()?.stdout.starts_with(b"0\n");
        let mut command = if is_root {
            Command::new("chown").arg("postgres").arg(folder.path()).status()?;
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--", "sh", "-c", &script]);
            command
        } else {
            let mut command = Command::new("sh");
            command.args(["-c", &script]);
            command
        };
        let shell = command.current_dir(folder.path()).stdin(Stdio::piped()).spawn()?;
        let cluster = Self { port, folder, shell };
        let began = Instant::now();
        while PgConnection::establish(&cluster.url()).is_err() {
            if began.elapsed() > STARTS_WITHIN {
                return Err("PostgreSQL does not start".into());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(cluster)
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// The ids of its processes.
    pub fn processes(&self) -> Outcome<Vec<u32>> {
        let told = std::fs::read_to_string(self.folder.path().join("data/postmaster.pid"))?;
        let first: u32 = told.lines().next().ok_or("no process")?.parse()?;
        let children = std::fs::read_to_string(format!("/proc/{first}/task/{first}/children"))?;
        let children = children.split_whitespace().filter_map(|child| child.parse().ok());
        Ok(std::iter::once(first).chain(children).collect())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        drop(self.shell.wait());
    }
}
