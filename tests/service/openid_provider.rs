//! Other authorities: a real OpenID provider (`tests/openid_provider`), and one that says whatever a test lets it say.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::JoinHandle;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::Method;
use serde_json::{Value, json};

use crate::html::between;
use crate::province::client;

/// The address of the service in these tests; where a browser is sent back to is below it.
pub const PUBLIC: &str = "https://ocop.example.vn";
pub const SECRET: &str = "a secret that only both know";

/// The settings that name a provider.
pub fn flags(issuer: &str) -> [&str; 8] {
    ["--public-url", PUBLIC, "--oidc-issuer", issuer, "--oidc-client-id", "ocop", "--oidc-client-secret", SECRET]
}

/// The real provider, one for all tests; none where it is not at hand, which it must be where everything is required.
pub fn real() -> Option<&'static str> {
    static REAL: OnceLock<Option<(String, Child)>> = OnceLock::new();
    let started = REAL.get_or_init(|| {
        let Some(folder) = std::env::var_os("OCOP_OPENID_PROVIDER").map(PathBuf::from) else {
            let required = std::env::var("OCOP_TEST_REQUIRED").as_deref() == Ok("all");
            assert!(!required, "OCOP_OPENID_PROVIDER is required here");
            eprintln!("skipped: OCOP_OPENID_PROVIDER does not say where oidc-provider is");
            return None;
        };
        // It ends when this process's end closes its standard input.
        let mut provider = Command::new("node")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/openid_provider/provider.mjs"))
            .arg(folder)
            .arg(format!("{PUBLIC}/desk/oidc/callback"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let issuer = BufReader::new(provider.stdout.take().unwrap()).lines().next().expect("it starts").unwrap();
        Some((issuer, provider))
    });
    started.as_ref().map(|(issuer, _)| issuer.as_str())
}

/// Signs in at the real provider, whose address one was sent to, and agrees: where one is sent back to, without the origin.
pub fn sign_in_there(address: &str, login: &str) -> String {
    let (client, mut cookies) = (client().build().unwrap(), BTreeMap::<String, String>::new());
    let origin: String = address.split('/').take(3).collect::<Vec<_>>().join("/");
    let (mut method, mut url, mut fields) = (Method::GET, address.to_owned(), Vec::new());
    for _ in 0..10 {
        let cookie: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = client.request(method, &url).header("cookie", cookie.join("; "));
        let body = serde_urlencoded::to_string(&fields).unwrap();
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        let reply = request.send().unwrap();
        for cookie in reply.headers().get_all("set-cookie") {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            cookies.insert(name.to_owned(), value.to_owned());
        }
        fields = Vec::new();
        if let Some(location) = reply.headers().get("location") {
            let location = location.to_str().unwrap();
            if let Some(back) = location.strip_prefix(PUBLIC) {
                return back.to_owned();
            }
            let is_whole = location.starts_with("http");
            url = if is_whole { location.to_owned() } else { format!("{origin}{location}") };
            method = Method::GET;
            continue;
        }
        let (status, page) = (reply.status(), reply.text().unwrap());
        assert_eq!(status, 200, "{page}");
        let action = between(&page, "action=\"", "\"");
        url = action.first().unwrap_or_else(|| panic!("{page}")).to_string();
        method = Method::POST;
        let prompt = between(&page, "name=\"prompt\" value=\"", "\"")[0].to_owned();
        fields.push(("prompt".to_owned(), prompt));
        fields.extend([("login".to_owned(), login.to_owned()), ("password".to_owned(), "any".to_owned())]);
    }
    panic!("the provider sends nobody back from {url}")
}

/// An answer: status, more of its head, body.
type Said = (u16, String, String);

/// A provider that says what a test lets it say.
pub struct Hostile {
    pub issuer: String,
    says: Arc<Mutex<BTreeMap<String, Said>>>,
    /// Which paths were asked for.
    pub asked: Arc<Mutex<Vec<String>>>,
    is_over: Arc<AtomicBool>,
    running: Option<JoinHandle<()>>,
    key: Key,
}

/// A key that tokens are signed with.
pub struct Key {
    pair: Vec<u8>,
    public: String,
    pub id: &'static str,
}

impl Key {
    pub fn new(id: &'static str) -> Self {
        let pair = Ed25519KeyPair::generate_pkcs8(&aws_lc_rs::rand::SystemRandom::new()).unwrap().as_ref().to_vec();
        let public = Ed25519KeyPair::from_pkcs8(&pair).unwrap().public_key().as_ref().to_vec();
        Self { pair, public: URL_SAFE_NO_PAD.encode(public), id }
    }

    pub fn signed(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.id.to_owned()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, claims, &EncodingKey::from_ed_der(&self.pair)).unwrap()
    }

    fn published(&self) -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": self.id, "x": self.public})
    }
}

impl Hostile {
    pub fn start() -> Self {
        Self::start_as("127.0.0.1")
    }

    /// By another name of this machine.
    pub fn start_as(host: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let issuer = format!("http://{host}:{port}");
        let (says, asked, is_over) = (Arc::default(), Arc::default(), Arc::new(AtomicBool::new(false)));
        let (told, heard, over) = (Arc::clone(&says), Arc::clone(&asked), Arc::clone(&is_over));
        let running = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    break;
                }
                // A browser connects ahead and says nothing.
                let (stream, told, heard) = (stream.unwrap(), Arc::clone(&told), Arc::clone(&heard));
                std::thread::spawn(move || answer(stream, &told, &heard));
            }
        });
        let hostile = Self { issuer, says, asked, is_over, running: Some(running), key: Key::new("first") };
        hostile.publish(&hostile.key);
        hostile
    }

    /// Says what it is, and which key it signs with.
    pub fn publish(&self, key: &Key) {
        let issuer = &self.issuer;
        let metadata = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            // Whatever it would like.
            "id_token_signing_alg_values_supported": ["none", "HS256", "EdDSA"],
        });
        self.say("/.well-known/openid-configuration", 200, "", metadata.to_string());
        self.say("/keys", 200, "", json!({"keys": [key.published()]}).to_string());
    }

    pub fn say(&self, path: &str, status: u16, head: &str, body: String) {
        self.says.lock().unwrap().insert(path.to_owned(), (status, head.to_owned(), body));
    }

    /// Answers the next code with a token.
    pub fn give(&self, token: &str) {
        let body = json!({"access_token": "a", "token_type": "Bearer", "id_token": token});
        self.say("/token", 200, "", body.to_string());
    }

    /// What a good token says, for a nonce.
    pub fn claims(&self, nonce: &str) -> Value {
        let now = ocop::base::Moment::real_now().utc().timestamp();
        json!({
            "iss": self.issuer, "sub": "mai", "aud": "ocop", "exp": now + 300, "iat": now, "nonce": nonce,
            "identity_number": "042085000123",
        })
    }

    pub fn signed(&self, claims: &Value) -> String {
        self.key.signed(claims)
    }

    /// How often a path was asked for.
    pub fn times(&self, path: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|asked| *asked == path).count()
    }

    /// Answers nobody any more.
    pub fn stop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        // So that it sees that it is over.
        drop(TcpStream::connect(self.issuer.trim_start_matches("http://")));
        if let Some(running) = self.running.take() {
            running.join().unwrap();
        }
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The page on which somebody agrees: a link back.
fn page(path: &str) -> String {
    let asked = url::Url::parse(&format!("http://localhost{path}")).unwrap();
    let of = |name: &str| asked.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned();
    let icon = "<link rel=\"icon\" href=\"data:,\">";
    format!(
        "<!doctype html>{icon}<a id=\"back\" href=\"{}?code=any&state={}\">agree</a>",
        of("redirect_uri"),
        of("state")
    )
}

fn answer(stream: TcpStream, says: &Mutex<BTreeMap<String, Said>>, asked: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    if reader.read_line(&mut first).is_err() {
        return;
    }
    let Some(path) = first.split_whitespace().nth(1).map(str::to_owned) else { return };
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap() == 0 || line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    reader.read_exact(&mut vec![0; length]).unwrap();
    asked.lock().unwrap().push(path.clone());
    let said = says.lock().unwrap().get(&path).cloned();
    let is_page = path.starts_with("/authorize?");
    let otherwise = if is_page { (200, String::new(), page(&path)) } else { (404, String::new(), "{}".to_owned()) };
    let (status, head, body) = said.unwrap_or(otherwise);
    let kind = if is_page { "text/html" } else { "application/json" };
    let text = format!(
        "HTTP/1.1 {status} Said\r\ncontent-type: {kind}\r\n{head}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    // Who finds an answer too long goes away before its end.
    let _ = reader.get_mut().write_all(text.as_bytes());
}
