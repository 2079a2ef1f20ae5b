//! A province at work: the real server over a database of its own, and people who call it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use clap::Parser;
use ocop::account::store::NewAccount;
use ocop::account::{password, store, token};
use ocop::audit::{Resource, StepTaken};
use ocop::config::Config;
use ocop::http::App;
use reqwest::blocking::multipart::{Form, Part};
use reqwest::blocking::{Client, ClientBuilder, RequestBuilder, Response};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::document;
use crate::engine::{self, Engine};

pub const PASSWORD: &str = "ruong-bac-thang-chin";

/// A running service. Dropping it stops the server.
pub struct Province {
    pub address: SocketAddr,
    pub database_url: String,
    pub app: App,
    client: Client,
    // Ends before its folder goes.
    server: Server,
    folder: TempDir,
    /// Where it is a template's copy: how long the people of that template are good for another template.
    people_until: Option<Instant>,
}

/// What calls as an app does: with a name, following nothing by itself.
pub fn client() -> ClientBuilder {
    Client::builder().user_agent("ocop-test/1").redirect(reqwest::redirect::Policy::none())
}

/// One running instance. Dropping it stops it.
pub struct Server {
    pub address: SocketAddr,
    metrics_address: Option<SocketAddr>,
    running: Option<(actix_web::dev::ServerHandle, JoinHandle<()>)>,
}

impl Server {
    fn stop(&mut self) {
        if let Some((handle, thread)) = self.running.take() {
            drop(handle.stop(false));
            let _ = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Province {
    /// Whatever a test did by the service is in order for `ocop audit verify`; what it did behind its back is told too.
    fn verify(&self) {
        // What became a template takes no connections.
        let Ok(mut connection) = self.database_url.parse::<ocop::db::Address>().unwrap().connect() else { return };
        let folder = ocop::files::Folder::of(&self.app.data_dir);
        let test = std::thread::current().name().unwrap_or_default().to_owned();
        let tell = &mut |broken: &ocop::verify::Break| {
            eprintln!("VERIFY {test}: {broken}");
            Ok(())
        };
        ocop::verify::verify(&mut connection, &self.app.keys, &folder, &[], tell).unwrap();
    }
}

/// Somebody who signed in.
#[derive(Clone)]
pub struct Person {
    pub id: String,
    pub token: String,
}

impl Drop for Province {
    fn drop(&mut self) {
        self.server.stop();
        if std::env::var_os("OCOP_VERIFIED").is_some() && !std::thread::panicking() {
            self.verify();
        }
        engine::take_away(&self.database_url);
    }
}

#[derive(Parser)]
struct Settings {
    #[command(flatten)]
    config: Config,
}

/// A province that was filled once, of which each test gets a copy; `T` says what is in it.
pub struct Template<T> {
    /// People in it are signed in for a quarter of an hour; soon after half of it the template is too old.
    until: Option<Instant>,
    database_url: String,
    folder: TempDir,
    pub known: T,
}

impl<T> Template<T> {
    /// What a province holds now, with people who are signed in; its server stops. People who came with an older template
    /// make this one no younger.
    pub fn of(mut province: Province, known: T) -> Self {
        province.server.stop();
        let until = province.people_until.or_else(|| Some(Instant::now() + Duration::from_secs(8 * 60)));
        Self { until, ..Self::of_parts(&province.database_url, &province.folder.path().join("data"), known) }
    }

    /// What a database and its folder hold; whoever is still connected is sent away.
    fn of_parts(database_url: &str, data_dir: &Path, known: T) -> Self {
        let folder = engine::new_folder();
        copy_folder(data_dir, &folder.path().join("data"));
        engine::seal(database_url);
        Self { until: None, database_url: engine::copy(database_url, folder.path()), folder, known }
    }

    /// A copy: its folder, in which `data` is, and its database's address.
    fn copied(&self) -> (TempDir, String) {
        let folder = engine::new_folder();
        copy_folder(&self.folder.path().join("data"), &folder.path().join("data"));
        let database_url = engine::copy(&self.database_url, folder.path());
        (folder, database_url)
    }
}

/// The templates of a kind, one for each engine, each made when it is first asked for.
pub struct Templates<T>([Mutex<Option<Arc<Template<T>>>>; 2]);

impl<T> Templates<T> {
    pub const fn new() -> Self {
        Self([Mutex::new(None), Mutex::new(None)])
    }

    /// The template of an engine, made where there is none or it is too old.
    pub fn get(&self, engine: Engine, make: impl FnOnce() -> Template<T>) -> Arc<Template<T>> {
        let Self([sqlite, postgresql]) = self;
        let of_engine = match engine {
            Engine::Sqlite => sqlite,
            Engine::Postgresql => postgresql,
        };
        let mut kept = of_engine.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some(template) if template.until.is_none_or(|until| Instant::now() < until) => Arc::clone(template),
            _ => Arc::clone(kept.insert(Arc::new(make()))),
        }
    }
}

/// A copy of the demo that the program filled: its folder, in which `data` is, and its database's address.
pub fn demo(engine: Engine) -> (TempDir, String) {
    static DEMOS: Templates<()> = Templates::new();
    DEMOS.get(engine, || filled(engine, "1048-2019")).copied()
}

/// The same of the second example.
pub fn second_demo(engine: Engine) -> (TempDir, String) {
    static DEMOS: Templates<()> = Templates::new();
    DEMOS.get(engine, || filled(engine, "26-2026")).copied()
}

/// An example as the program fills it.
fn filled(engine: Engine, edition: &str) -> Template<()> {
    let folder = engine::new_folder();
    let (database_url, data_dir) = (engine.new_database(folder.path()), folder.path().join("data"));
    let mut program = Command::new(env!("CARGO_BIN_EXE_ocop"))
        .args(["demo", "--edition", edition])
        .env("OCOP_DATABASE_URL", &database_url)
        .env("OCOP_DATA_DIR", &data_dir)
        .env("OCOP_LISTEN", "127.0.0.1:0")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("serves the demo at ")), "the demo fills");
    program.kill().unwrap();
    program.wait().unwrap();
    Template::of_parts(&database_url, &data_dir, ())
}

/// A copy of a province with nothing but an administrator: its folder, in which `data` is, and its database's address.
pub fn empty(engine: Engine) -> (TempDir, String) {
    static EMPTY: Templates<()> = Templates::new();
    let empty = || {
        let folder = engine::new_folder();
        let database_url = engine.new_database(folder.path());
        let mut province = Province::opened(folder, database_url, &[]);
        province.stop();
        Template::of_parts(&province.database_url, &province.folder.path().join("data"), ())
    };
    EMPTY.get(engine, empty).copied()
}

impl Province {
    /// An empty province with an administrator, its clock at the beginning of 2021-02-22 in Vietnam.
    pub fn new(engine: Engine) -> Self {
        Self::at(engine, "2021-02-22T08:00:00+07:00")
    }

    /// The filled demo, served.
    pub fn demo(engine: Engine) -> Self {
        let (folder, database_url) = demo(engine);
        Self::served(folder, database_url, &[])
    }

    /// The second filled example, served.
    pub fn second_demo(engine: Engine) -> Self {
        let (folder, database_url) = second_demo(engine);
        Self::served(folder, database_url, &[])
    }

    pub fn at(engine: Engine, clock: &str) -> Self {
        let (folder, database_url) = empty(engine);
        Self::served(folder, database_url, &["--clock", clock])
    }

    /// The same as [`Province::new`], with more settings.
    pub fn with(engine: Engine, flags: &[&str]) -> Self {
        let (folder, database_url) = empty(engine);
        let clock = ["--clock", "2021-02-22T08:00:00+07:00"];
        Self::served(folder, database_url, &[&clock, flags].concat())
    }

    /// A copy of a template, served.
    pub fn like<T>(template: &Template<T>, flags: &[&str]) -> Self {
        let (folder, database_url) = template.copied();
        let mut copy = Self::served(folder, database_url, flags);
        copy.people_until = template.until;
        copy
    }

    /// An empty province over the database at an address, with more settings.
    pub fn over(database_url: String, flags: &[&str]) -> Self {
        let clock = ["--clock", "2021-02-22T08:00:00+07:00"];
        Self::opened(engine::new_folder(), database_url, &[&clock, flags].concat())
    }

    /// What lies in the `data` of a folder, with its database.
    pub fn opened_at(folder: TempDir, database_url: String) -> Self {
        Self::served(folder, database_url, &[])
    }

    fn opened(folder: TempDir, database_url: String, flags: &[&str]) -> Self {
        let config = settings(&folder, &database_url, flags);
        let app = ocop::app::open(&config.storage, "http://localhost").expect("an empty province");
        hire(&app, "admin", "administrator", None, None);
        drop(app);
        Self::served(folder, database_url, flags)
    }

    fn served(folder: TempDir, database_url: String, flags: &[&str]) -> Self {
        let (server, app) = serve(&settings(&folder, &database_url, flags));
        let client = client().build().unwrap();
        Self { address: server.address, database_url, app, client, folder, server, people_until: None }
    }

    /// Seals all that happened, as the running instance does at the next fixed time.
    pub fn seal(&self) {
        let (app, now) = (&self.app, self.app.clock.now());
        app.database.write_now(|connection| ocop::audit::seal_all(connection, app, now)).unwrap();
    }

    /// Where the running instance tells its metrics.
    pub fn metrics_address(&self) -> SocketAddr {
        self.server.metrics_address.expect("the settings name an address for metrics")
    }

    /// Stops the server, until it is started again.
    pub fn stop(&mut self) {
        self.server.stop();
    }

    /// Stops the server and starts it again over the same database.
    pub fn restart(&mut self, flags: &[&str]) {
        self.server.stop();
        let config = settings(&self.folder, &self.database_url, flags);
        let (server, app) = serve(&config);
        (self.address, self.app) = (server.address, app);
        self.server = server;
    }

    /// Where its database and its keys are.
    pub fn storage(&self) -> ocop::config::Storage {
        settings(&self.folder, &self.database_url, &[]).storage
    }

    /// Another instance over the same database.
    pub fn twin(&self) -> Server {
        self.twin_with(&[])
    }

    /// Another instance over the same database, with more settings.
    pub fn twin_with(&self, flags: &[&str]) -> Server {
        serve(&settings(&self.folder, &self.database_url, flags)).0
    }

    /// Paths are those of the API; pages, which share some of them, stand under `/site`.
    pub fn url(&self, path: &str) -> String {
        if let Some(page) = path.strip_prefix("/site") {
            return format!("http://{}{page}", self.address);
        }
        let is_outside = ["/t/", "/T/", "/p/", "/P/", "/c/", "/C/", "/01/", "/.", "/healthz", "/readyz"]
            .iter()
            .any(|outside| path.starts_with(outside));
        format!("http://{}{}{path}", self.address, if is_outside { "" } else { "/api/v1" })
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path)).header("accept-language", "en")
    }

    /// Makes an account through the administrator and signs it in.
    pub fn person(&self, username: &str, role: &str, unit_code: Option<&str>) -> Person {
        let admin = self.sign_in("admin");
        let form = json!({"username": username, "password": PASSWORD, "name": format!("Ông {username}"), "role": role, "unit_code": unit_code});
        self.post(&admin, "/accounts", form).created();
        self.sign_in(username)
    }

    /// As [`Province::person`], put into the database and signed in without the cost of hashing a password.
    pub fn hire(&self, username: &str, role: &str, unit_code: Option<&str>, producer: Option<&str>) -> Person {
        let id = hire(&self.app, username, role, unit_code, producer);
        Person { token: token::sign(&self.app.keys, id.parse().unwrap()).unwrap(), id }
    }

    pub fn sign_in(&self, username: &str) -> Person {
        self.sign_in_with(username, PASSWORD)
    }

    pub fn sign_in_with(&self, username: &str, password: &str) -> Person {
        let form = json!({"username": username, "password": password});
        let signing_in = self.request(Method::POST, "/auth/token").json(&form);
        let tokens = self.answer(Method::POST, "/auth/token", false, signing_in).ok();
        let token = tokens["access_token"].as_str().unwrap().to_owned();
        let asking = self.request(Method::GET, "/me").bearer_auth(&token);
        let me = self.answer(Method::GET, "/me", false, asking).ok();
        Person { id: me["id"].as_str().unwrap().to_owned(), token }
    }

    pub fn get(&self, person: &Person, path: &str) -> Reply {
        self.answer(Method::GET, path, false, self.request(Method::GET, path).bearer_auth(&person.token))
    }

    /// Sends the request; its answer is one that the OpenAPI document promises.
    /// Sends a request and holds the answer against the document.
    pub fn answer(&self, method: Method, path: &str, is_conditional: bool, request: RequestBuilder) -> Reply {
        let (client, request) = request.build_split();
        let request = request.unwrap();
        let sent = request.body().and_then(|body| body.as_bytes()).map(<[u8]>::to_vec);
        let reply = Reply::of(client.execute(request).unwrap());
        let url = self.url(path);
        let address = url.strip_prefix(&format!("http://{}", self.address)).unwrap();
        document::hold(&method, address, is_conditional, sent.as_deref(), &reply);
        reply
    }

    pub fn public(&self, path: &str) -> Reply {
        self.answer(Method::GET, path, false, self.request(Method::GET, path))
    }

    /// A request to an address of the site, which is not below `/api/v1`.
    pub fn at_site(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(&format!("/site{path}")))
    }

    /// A page as a browser asks for it.
    pub fn page(&self, path: &str, languages: &str) -> Reply {
        let request = self.at_site(Method::GET, path).header("accept", "text/html");
        Reply::of(request.header("accept-language", languages).send().unwrap())
    }

    pub fn post(&self, person: &Person, path: &str, body: Value) -> Reply {
        let request = self.request(Method::POST, path).bearer_auth(&person.token).json(&body);
        self.answer(Method::POST, path, false, request)
    }

    /// A request with a body as it is, JSON or not.
    pub fn raw(
        &self,
        method: &Method,
        person: Option<&Person>,
        path: &str,
        if_match: Option<&str>,
        body: impl Into<String>,
    ) -> Reply {
        let mut request = self.request(method.clone(), path).header("content-type", "application/json");
        if let Some(person) = person {
            request = request.bearer_auth(&person.token);
        }
        if let Some(version) = if_match {
            request = request.header("if-match", version);
        }
        self.answer(method.clone(), path, if_match.is_some(), request.body(body.into()))
    }

    /// Uploads a file with text fields beside it.
    pub fn upload(&self, person: &Person, path: &str, fields: &[(&str, &str)], file: Upload) -> Reply {
        let part = Part::bytes(file.bytes.to_vec()).file_name(file.name.to_owned()).mime_str(file.media).unwrap();
        let form =
            fields.iter().fold(Form::new(), |form, (name, value)| form.text((*name).to_owned(), (*value).to_owned()));
        let request = self.request(Method::POST, path).bearer_auth(&person.token);
        self.answer(Method::POST, path, false, request.multipart(form.part("file", part)))
    }

    /// Everything of a list, over all its pages.
    pub fn all(&self, person: &Person, path: &str) -> Vec<Value> {
        let (mut found, mut after) = (Vec::new(), String::new());
        loop {
            let joint = if path.contains('?') { '&' } else { '?' };
            let page = self.get(person, &format!("{path}{joint}limit=100{after}")).ok();
            found.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return found,
            }
        }
    }

    /// A request with `If-Match`.
    pub fn at_version(&self, method: Method, person: &Person, path: &str, version: i64, body: Value) -> Reply {
        let request = self.request(method.clone(), path).bearer_auth(&person.token);
        self.answer(method, path, true, request.header("if-match", format!("\"{version}\"")).json(&body))
    }

    /// A transition at the version that the person sees now.
    pub fn step(&self, person: &Person, resource: &str, verb: &str, body: Value) -> Reply {
        let version = self.get(person, resource).ok()["version"].as_i64().unwrap();
        self.at_version(Method::POST, person, &format!("{resource}/{verb}"), version, body)
    }

    pub fn patch(&self, person: &Person, resource: &str, body: Value) -> Reply {
        let version = self.get(person, resource).ok()["version"].as_i64().unwrap();
        self.at_version(Method::PATCH, person, resource, version, body)
    }
}

/// A file to upload, as a browser would describe it.
#[derive(Clone, Copy)]
pub struct Upload<'a> {
    pub name: &'a str,
    pub media: &'a str,
    pub bytes: &'a [u8],
}

/// Makes an account below HTTP; its password, hashed once for all tests, is [`PASSWORD`].
fn hire(app: &App, username: &str, role: &str, unit_code: Option<&str>, producer: Option<&str>) -> String {
    static HASH: OnceLock<String> = OnceLock::new();
    // By the store itself, for some tests need accounts that could only be made in another year.
    let account = NewAccount {
        username: username.to_owned(),
        password_hash: HASH.get_or_init(|| password::hash(PASSWORD).unwrap()).clone(),
        name: format!("Ông {username}"),
        role: role.parse().unwrap(),
        unit_code: unit_code.map(|code| code.parse().unwrap()),
        producer_id: producer.map(|id| id.parse().unwrap()),
    };
    let now = app.clock.now();
    let made = app.database.write_now(|connection| {
        let id = store::insert(connection, account, now)?;
        let (resource, verb) = (Resource::Account, ocop::audit::CREATE);
        let entry = StepTaken { resource, id, version: 1, account: None, verb, from: None, to: None, note: None };
        ocop::audit::record(connection, now, entry)?;
        Ok::<_, ocop::base::Error>(id)
    });
    made.unwrap().to_string()
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let copy = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &copy);
        } else {
            std::fs::copy(entry.path(), copy).unwrap();
        }
    }
}

fn settings(folder: &TempDir, database_url: &str, flags: &[&str]) -> Config {
    let data_dir = folder.path().join("data");
    let fixed =
        ["ocop", "--database-url", database_url, "--listen", "127.0.0.1:0", "--data-dir", data_dir.to_str().unwrap()];
    // Whether or not anything happened: tests seal what they look at, so that no seal comes while they compare.
    let rhythm: &[&str] = if flags.contains(&"--seal-every") { &[] } else { &["--seal-every", "86400"] };
    Settings::parse_from(fixed.iter().chain(rhythm).chain(flags)).config
}

fn serve(config: &Config) -> (Server, App) {
    let config = config.clone();
    let (sender, receiver) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async {
            let service = ocop::app::build(&config).expect("the service starts");
            let addresses = (service.address, service.metrics_address);
            sender.send((addresses, service.server.handle(), service.app)).unwrap();
            service.server.await.expect("the server ends well");
        });
    });
    let ((address, metrics_address), handle, app) = receiver.recv().expect("the service starts");
    (Server { address, metrics_address, running: Some((handle, thread)) }, app)
}

/// An answer, taken apart.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub bytes: Vec<u8>,
    pub text: String,
}

impl Reply {
    pub fn of(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().unwrap().to_vec();
        Self { status, headers, text: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{} {error}: {}", self.status, self.text))
    }

    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        self.json()
    }

    #[track_caller]
    pub fn created(self) -> Value {
        assert_eq!(self.status, StatusCode::CREATED, "{}", self.text);
        assert!(self.headers.contains_key("location"));
        self.json()
    }

    /// The answer is a problem with this status and code; its body is returned.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        problem
    }

    /// As [`Reply::invalid`] at this one place, with this code.
    #[track_caller]
    pub fn fault(self, pointer: &str, code: &str) {
        let problem = self.invalid(&[pointer]);
        assert_eq!(problem["errors"][0]["code"], code, "{problem}");
    }

    /// As [`Reply::refused`] with 422, at these places.
    #[track_caller]
    pub fn invalid(self, pointers: &[&str]) -> Value {
        let problem = self.refused(422, "invalid");
        let mut found: Vec<&str> =
            problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
        found.dedup();
        assert_eq!(found, pointers, "{problem}");
        problem
    }
}
