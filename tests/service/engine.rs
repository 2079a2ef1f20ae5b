//! The two engines that every test runs on. SQLite is a file in a folder of its own; PostgreSQL is a throw-away cluster
//! that this process starts once and that ends with it.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};

use diesel::Connection;
use diesel::connection::SimpleConnection;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgresql,
}

/// Runs a test on each engine that is at hand. `OCOP_TEST_REQUIRED=all` makes a missing PostgreSQL a failure.
pub fn on_both(test: impl Fn(Engine)) {
    test(Engine::Sqlite);
    if has_postgresql() {
        test(Engine::Postgresql);
    }
}

/// As [`on_both`], at once on either: for tests of minutes, which would keep a run waiting at its end.
pub fn on_both_at_once(test: impl Fn(Engine) + Sync) {
    std::thread::scope(|scope| {
        scope.spawn(|| test(Engine::Sqlite));
        if has_postgresql() {
            test(Engine::Postgresql);
        }
    });
}

/// Whether PostgreSQL's server programs are at hand; where everything is required, they must be.
pub fn has_postgresql() -> bool {
    let found = cluster().is_some();
    let required = std::env::var("OCOP_TEST_REQUIRED").as_deref() == Ok("all");
    assert!(found || !required, "PostgreSQL's server programs are required here but were not found");
    if !found {
        eprintln!("skipped on PostgreSQL: its server programs (initdb, postgres) were not found");
    }
    found
}

impl Engine {
    /// The address of a new, empty database; `folder` is the test's own.
    pub fn new_database(self, folder: &Path) -> String {
        match self {
            Self::Sqlite => format!("sqlite:{}", folder.join("ocop.db").display()),
            Self::Postgresql => {
                let name = new_name();
                let cluster = cluster().expect("a cluster");
                cluster.run(&format!("CREATE DATABASE {name}"));
                cluster.url(&name)
            }
        }
    }
}

const PREFIX: &str = "ocop-test-";

/// Takes away what earlier runs left: templates last as long as their run, which takes nothing away at its end.
fn sweep(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let run = name.strip_prefix(PREFIX).and_then(|rest| rest.split('-').next());
        let run: Option<u32> = run.and_then(|run| run.parse().ok());
        if run.is_some_and(|run| !Path::new(&format!("/proc/{run}")).exists()) {
            // Another run may take it away at the same moment.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// A folder for what a test writes: in memory where there is room, as nothing of it need outlast the test.
pub fn new_folder() -> tempfile::TempDir {
    static IN_MEMORY: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
        let memory = Path::new("/dev/shm");
        let told = Command::new("df").args(["--output=avail", "-k"]).arg(memory).output().ok()?;
        let kilobytes: u64 = String::from_utf8(told.stdout).ok()?.lines().nth(1)?.trim().parse().ok()?;
        sweep(memory);
        (kilobytes > 8 << 20).then(|| memory.to_owned())
    });
    let mut builder = tempfile::Builder::new();
    let prefix = format!("{PREFIX}{}-", std::process::id());
    builder.prefix(&prefix);
    IN_MEMORY.as_ref().map_or_else(|| builder.tempdir(), |memory| builder.tempdir_in(memory)).expect("a folder")
}

fn new_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("ocop_{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The name of a database of the cluster; none where it is SQLite's.
fn name_of(database_url: &str) -> Option<&str> {
    database_url.starts_with("postgres").then(|| database_url.rsplit('/').next().expect("a database's name"))
}

/// A copy of a database in a folder, as a backup has it; nobody may be connected to it.
pub fn copy(database_url: &str, folder: &Path) -> String {
    let Some(name) = name_of(database_url) else {
        // Who is the last to leave an SQLite database locks it for a moment, and who comes in just then is turned away.
        static COPYING: Mutex<()> = Mutex::new(());
        let _alone = COPYING.lock().unwrap_or_else(PoisonError::into_inner);
        let copy = folder.join("copy.db");
        let mut connection = database_url.parse::<ocop::db::Address>().unwrap().connect().unwrap();
        connection.batch_execute(&format!("VACUUM INTO '{}'", copy.display())).unwrap();
        return format!("sqlite:{}", copy.display());
    };
    let (cluster, copy) = (cluster().expect("a cluster"), new_name());
    cluster.run(&format!("CREATE DATABASE {copy} TEMPLATE {name}"));
    cluster.url(&copy)
}

/// Ends whatever is still connected to a database and lets nobody in, so that it can be copied at any time.
pub fn seal(database_url: &str) {
    if let Some(name) = name_of(database_url) {
        let cluster = cluster().expect("a cluster");
        cluster.run(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
        cluster.run(&format!("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'"));
    }
}

/// Whether a program is at hand; where everything is required, it must be.
pub fn has(program: &str, arguments: &[&str]) -> bool {
    let found = Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success());
    let required = std::env::var("OCOP_TEST_REQUIRED").as_deref() == Ok("all");
    assert!(found || !required, "{program} {arguments:?} is required here but does not work");
    if !found {
        eprintln!("skipped: {program} {arguments:?} does not work here");
    }
    found
}

/// Takes a database of the cluster away, also while a server runs over it: whoever still asks it gets no answer. SQLite's
/// goes with its folder.
pub fn take_away(database_url: &str) {
    if let Some(name) = name_of(database_url) {
        cluster().expect("a cluster").run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    }
}

/// The address of a database of the cluster for an account that has the rights which `docs/operations.md` names, and no others.
pub fn with_least_rights(database_url: &str) -> String {
    let (cluster, name) = (cluster().expect("a cluster"), name_of(database_url).expect("a database of PostgreSQL"));
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/operations.md")).unwrap();
    let block = page.split("```sql\n").nth(1).and_then(|rest| rest.split("```").next()).expect("statements");
    let role = format!("serves_{name}");
    let statements =
        block.replace("ocop_serves", &role).replace("ocop_owns", "postgres").replace("ocop_province", name);
    let mut connection = diesel::PgConnection::establish(&cluster.url(name)).unwrap();
    connection.batch_execute(&statements).expect(&statements);
    format!("postgres://{role}@127.0.0.1:{}/{name}", cluster.port)
}

pub struct Cluster {
    port: u16,
    _folder: tempfile::TempDir,
    /// Ends the server when this process's end closes its standard input.
    _server: Child,
}

/// The cluster of this process, or None where PostgreSQL is not installed.
fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    CLUSTER.get_or_init(|| programs().map(|programs| Cluster::start(&programs))).as_ref()
}

/// The folder of PostgreSQL's programs.
pub fn programs() -> Option<PathBuf> {
    let debian =
        std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    debian
        .chain(std::env::split_paths(&path))
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

impl Cluster {
    fn start(programs: &Path) -> Self {
        let folder = new_folder();
        let data = folder.path().join("data");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        // PostgreSQL refuses to run as root.
        let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0\n"));
        let shell = |script: &str| {
            let mut command;
            if is_root {
                assert!(Command::new("chown").arg("postgres").arg(folder.path()).status().unwrap().success());
                command = Command::new("runuser");
                command.args(["-u", "postgres", "--", "sh", "-c", script]);
            } else {
                command = Command::new("sh");
                command.args(["-c", script]);
            }
            command.current_dir(folder.path());
            command
        };
        let initdb = format!(
            "'{}' -D '{}' -A trust -U postgres --no-sync -E UTF8 --locale=C",
            programs.join("initdb").display(),
            data.display()
        );
        let made = shell(&initdb).output().expect("initdb");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let serve = format!(
            "'{}' -D '{}' -p {port} -k '{}' -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=400 \
             >/dev/null 2>'{}' & read end; kill -INT $!; wait",
            programs.join("postgres").display(),
            data.display(),
            folder.path().display(),
            folder.path().join("log").display(),
        );
        let server = shell(&serve).stdin(Stdio::piped()).spawn().expect("postgres");
        let cluster = Self { port, _folder: folder, _server: server };
        cluster.wait();
        cluster
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Tries until the server answers; each try is refused at once or answered, so this is no fixed wait.
    fn wait(&self) {
        let began = std::time::Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() || !self.answers() {
            assert!(began.elapsed().as_secs() < 60, "PostgreSQL did not start");
            std::thread::yield_now();
        }
    }

    fn answers(&self) -> bool {
        diesel::PgConnection::establish(&self.url("postgres")).is_ok()
    }

    fn run(&self, statement: &str) {
        let mut connection = diesel::PgConnection::establish(&self.url("postgres")).expect("the cluster");
        connection.batch_execute(statement).expect(statement);
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut input) = self._server.stdin.take() {
            let _ = input.write_all(b"end\n");
        }
        let _ = self._server.wait();
    }
}
