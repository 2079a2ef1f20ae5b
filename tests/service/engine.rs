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
use rustix::process::{Pid, Signal, kill_process};

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

/// The name of the tablespace of a database that lies on a disk of its own, by where that is.
fn tablespace(place: &Path) -> String {
    format!("at{}", place.display()).replace(|character: char| !character.is_ascii_alphanumeric(), "_").to_lowercase()
}

/// Moves a database of the cluster, to which nobody is connected, to a folder on another disk.
pub fn move_to(database_url: &str, place: &Path) {
    let (cluster, name) = (cluster().expect("a cluster"), name_of(database_url).expect("a database of PostgreSQL"));
    std::fs::create_dir(place).unwrap();
    if is_root() {
        assert!(Command::new("chown").arg("postgres").arg(place).status().unwrap().success());
        // The server's user comes through to it.
        for folder in place
            .ancestors()
            .skip(1)
            .take_while(|folder| folder.starts_with("/dev/shm/") || folder.starts_with("/tmp/"))
        {
            assert!(Command::new("chmod").arg("a+x").arg(folder).status().unwrap().success());
        }
    }
    let space = tablespace(place);
    cluster.run(&format!("CREATE TABLESPACE {space} LOCATION '{}'", place.display()));
    cluster.run(&format!("ALTER DATABASE {name} SET TABLESPACE {space}"));
}

/// Lets the cluster forget a folder in which no database lies any more.
pub fn leave(place: &Path) {
    cluster().expect("a cluster").run(&format!("DROP TABLESPACE {}", tablespace(place)));
}

/// Whether a database of the cluster takes what is written, as one that follows another does not; whoever is connected
/// connects anew.
pub fn allow_writing(database_url: &str, is_allowed: bool) {
    let (cluster, name) = (cluster().expect("a cluster"), name_of(database_url).expect("a database of PostgreSQL"));
    cluster.run(&format!("ALTER DATABASE {name} SET default_transaction_read_only = {}", !is_allowed));
    cluster.run(&format!("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'"));
}

pub struct Cluster {
    port: u16,
    /// How many connections it takes.
    most: u32,
    programs: PathBuf,
    folder: tempfile::TempDir,
    /// Ends the server when this process's end closes its standard input.
    server: Option<Child>,
}

/// PostgreSQL refuses to run as root.
fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0\n"))
}

/// The cluster of this process, or None where PostgreSQL is not installed.
fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    CLUSTER.get_or_init(|| programs().map(|programs| Cluster::start(&programs, 400))).as_ref()
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
    /// A cluster that a test may do anything to; None where PostgreSQL is not installed.
    pub fn own() -> Option<Self> {
        has_postgresql().then(|| Self::start(&programs().expect("the programs"), 40))
    }

    fn start(programs: &Path, most: u32) -> Self {
        let folder = new_folder();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        if is_root() {
            assert!(Command::new("chown").arg("postgres").arg(folder.path()).status().unwrap().success());
        }
        let mut cluster = Self { port, most, programs: programs.to_owned(), folder, server: None };
        let initdb = format!(
            "'{}' -D '{}' -A trust -U postgres --no-sync -E UTF8 --locale=C",
            programs.join("initdb").display(),
            cluster.data().display()
        );
        let made = cluster.shell(&initdb).output().expect("initdb");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        cluster.serve();
        cluster
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A command that runs as who may run PostgreSQL.
    fn shell(&self, script: &str) -> Command {
        let mut command;
        if is_root() {
            command = Command::new("runuser");
            command.args(["-u", "postgres", "--", "sh", "-c", script]);
        } else {
            command = Command::new("sh");
            command.args(["-c", script]);
        }
        command.current_dir(self.folder.path());
        command
    }

    /// Starts the server, also where it was stopped or killed.
    pub fn serve(&mut self) {
        let serve = format!(
            "'{}' -D '{}' -p {} -k '{}' -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections={} \
             >/dev/null 2>'{}' & read end; kill -INT $!; wait",
            self.programs.join("postgres").display(),
            self.data().display(),
            self.port,
            self.folder.path().display(),
            self.most,
            self.folder.path().join("log").display(),
        );
        self.server = Some(self.shell(&serve).stdin(Stdio::piped()).spawn().expect("postgres"));
        self.wait();
    }

    /// Stops the server in order; whoever is connected is sent away.
    pub fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            if let Some(mut input) = server.stdin.take() {
                let _ = input.write_all(b"end\n");
            }
            let _ = server.wait();
        }
    }

    /// The server's processes, the first of which is its parent.
    pub fn processes(&self) -> Vec<Pid> {
        let file = std::fs::read_to_string(self.data().join("postmaster.pid")).expect("a server");
        let parent: i32 = file.lines().next().and_then(|line| line.trim().parse().ok()).expect("its number");
        let is_child = |process: &i32| {
            let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
            // What follows the name in brackets is the state and the parent.
            let parent_of =
                stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1)?.parse::<i32>().ok());
            parent_of == Some(parent)
        };
        let all = std::fs::read_dir("/proc").unwrap().flatten();
        let all = all.filter_map(|entry| entry.file_name().to_str().and_then(|name| name.parse().ok()));
        std::iter::once(parent).chain(all.filter(is_child)).filter_map(Pid::from_raw).collect()
    }

    /// Sends all of the server's processes a signal, those that serve first.
    pub fn signal(&self, signal: Signal) {
        for process in self.processes().into_iter().rev() {
            // One may have ended meanwhile.
            let _ = kill_process(process, signal);
        }
    }

    /// Kills one of the processes that serve a database.
    pub fn kill_one_that_serves(&self, database: &str) {
        #[derive(diesel::QueryableByName)]
        struct Serving {
            #[diesel(sql_type = diesel::sql_types::Integer)]
            pid: i32,
        }
        let serving = format!("SELECT pid FROM pg_stat_activity WHERE datname = '{database}' LIMIT 1");
        let mut connection = diesel::PgConnection::establish(&self.url("postgres")).expect("the cluster");
        let Serving { pid } =
            diesel::RunQueryDsl::get_result(diesel::sql_query(serving), &mut connection).expect("one");
        kill_process(Pid::from_raw(pid).expect("a process"), Signal::KILL).unwrap();
    }

    /// The address of a new, empty database.
    pub fn new_database(&self, name: &str) -> String {
        self.run(&format!("CREATE DATABASE {name}"));
        self.url(name)
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Tries until the server answers; each try is refused at once or answered, so this is no fixed wait.
    fn wait(&self) {
        let began = std::time::Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() || !self.answers() {
            assert!(began.elapsed().as_secs() < 60, "PostgreSQL did not start");
            crate::pace::pause();
        }
    }

    fn answers(&self) -> bool {
        diesel::PgConnection::establish(&self.url("postgres")).is_ok()
    }

    pub fn run(&self, statement: &str) {
        let mut connection = diesel::PgConnection::establish(&self.url("postgres")).expect("the cluster");
        connection.batch_execute(statement).expect(statement);
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}
