//! A province at work: the real server over a database of its own, and people who call it.

use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread::JoinHandle;

use clap::Parser;
use ocop::account::Role;
use ocop::account::api::{AccountForm, make};
use ocop::config::Config;
use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::engine::Engine;

pub const PASSWORD: &str = "ocop-demo-2020";

/// A running service. Dropping it stops the server.
pub struct Province {
    pub address: SocketAddr,
    pub database_url: String,
    client: Client,
    folder: tempfile::TempDir,
    server: Option<(actix_web::dev::ServerHandle, JoinHandle<()>)>,
}

/// Somebody who signed in.
#[derive(Clone)]
pub struct Person {
    pub id: String,
    pub token: String,
}

#[derive(Parser)]
struct Settings {
    #[command(flatten)]
    config: Config,
}

impl Province {
    /// An empty province with an administrator, its clock at the beginning of 2021-02-22 in Vietnam.
    pub fn new(engine: Engine) -> Self {
        Self::at(engine, "2021-02-22T08:00:00+07:00")
    }

    pub fn at(engine: Engine, clock: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database_url = engine.new_database(folder.path());
        let config = settings(&folder, &database_url, &["--clock", clock]);
        let house = ocop::app::open(&config.storage, "http://localhost").expect("an empty province");
        let admin = AccountForm {
            username: "admin".into(),
            password: PASSWORD.into(),
            name: "Quản trị".into(),
            role: Role::Administrator,
            unit_code: None,
            producer_id: None,
        };
        let now = house.clock.now();
        house.database.write_now(|connection| make(connection, admin, now)).unwrap();
        drop(house);
        Self::start(folder, database_url, &config)
    }

    fn start(folder: tempfile::TempDir, database_url: String, config: &Config) -> Self {
        let (address, server) = serve(config);
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { address, database_url, client, folder, server: Some(server) }
    }

    /// Stops the server and starts it again over the same database.
    pub fn restart(&mut self, flags: &[&str]) {
        self.stop();
        let config = settings(&self.folder, &self.database_url, flags);
        let (address, server) = serve(&config);
        self.address = address;
        self.server = Some(server);
    }

    fn stop(&mut self) {
        if let Some((handle, thread)) = self.server.take() {
            drop(handle.stop(false));
            thread.join().expect("the server's thread");
        }
    }

    pub fn url(&self, path: &str) -> String {
        let base =
            if path.starts_with("/t/") || path.starts_with("/T/") || path.starts_with("/.") { "" } else { "/api/v1" };
        format!("http://{}{base}{path}", self.address)
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

    pub fn sign_in(&self, username: &str) -> Person {
        let form = json!({"username": username, "password": PASSWORD});
        let tokens = Reply::of(self.request(Method::POST, "/auth/token").json(&form).send().unwrap()).ok();
        let token = tokens["access_token"].as_str().unwrap().to_owned();
        let me = Reply::of(self.request(Method::GET, "/me").bearer_auth(&token).send().unwrap()).ok();
        Person { id: me["id"].as_str().unwrap().to_owned(), token }
    }

    pub fn get(&self, person: &Person, path: &str) -> Reply {
        Reply::of(self.request(Method::GET, path).bearer_auth(&person.token).send().unwrap())
    }

    pub fn public(&self, path: &str) -> Reply {
        Reply::of(self.request(Method::GET, path).send().unwrap())
    }

    pub fn post(&self, person: &Person, path: &str, body: Value) -> Reply {
        Reply::of(self.request(Method::POST, path).bearer_auth(&person.token).json(&body).send().unwrap())
    }

    /// A request with `If-Match`.
    pub fn at_version(&self, method: Method, person: &Person, path: &str, version: i64, body: Value) -> Reply {
        let request = self.request(method, path).bearer_auth(&person.token);
        Reply::of(request.header("if-match", format!("\"{version}\"")).json(&body).send().unwrap())
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

impl Drop for Province {
    fn drop(&mut self) {
        self.stop();
    }
}

fn settings(folder: &tempfile::TempDir, database_url: &str, flags: &[&str]) -> Config {
    let data_dir = folder.path().join("data");
    let fixed =
        ["ocop", "--database-url", database_url, "--listen", "127.0.0.1:0", "--data-dir", data_dir.to_str().unwrap()];
    Settings::parse_from(fixed.iter().chain(flags)).config
}

fn serve(config: &Config) -> (SocketAddr, (actix_web::dev::ServerHandle, JoinHandle<()>)) {
    let config = config.clone();
    let (sender, receiver) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async {
            let service = ocop::app::build(&config).expect("the service starts");
            sender.send((service.address, service.server.handle())).unwrap();
            service.server.await.expect("the server ends well");
        });
    });
    let (address, handle) = receiver.recv().expect("the service starts");
    (address, (handle, thread))
}

/// An answer, taken apart.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Reply {
    pub fn of(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        Self { status, headers, text: response.text().unwrap() }
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
