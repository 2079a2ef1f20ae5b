//! The desk's pages on the filled example, asked for again and again over HTTP: how much processor time the service takes for
//! one, and how large its first view is with the stylesheet.
//!
//!     cargo bench --bench desk

mod demo;

use std::time::Duration;

use reqwest::blocking::{Client, Response};
use reqwest::header::{ACCEPT, COOKIE, SET_COOKIE};

use demo::{Demo, Outcome};

const VIEWS: u32 = 200;

/// What is promised of one page.
const MOST: Duration = Duration::from_millis(50);
const LARGEST: usize = 100 * 1024;

/// The service over a filled example of its own.
struct Service {
    demo: Demo,
    origin: String,
}

impl Service {
    fn start() -> Outcome<Self> {
        let (demo, origin) = Demo::start("ocop serves the demo at ", &[])?;
        Ok(Self { demo, origin })
    }

    /// How long the service's threads have been on a processor.
    fn processor_time(&self) -> Outcome<Duration> {
        let mut whole = Duration::ZERO;
        for thread in std::fs::read_dir(self.demo.process("task"))? {
            let told = std::fs::read_to_string(thread?.path().join("schedstat"))?;
            let nanoseconds = told.split_whitespace().next().ok_or("no figure")?.parse()?;
            whole += Duration::from_nanos(nanoseconds);
        }
        Ok(whole)
    }

    fn cookie(response: &Response) -> Outcome<String> {
        let cookies: Vec<&str> = response
            .headers()
            .get_all(SET_COOKIE)
            .iter()
            .filter_map(|cookie| cookie.to_str().ok()?.split(';').next())
            .collect();
        if cookies.is_empty() { Err("no cookie".into()) } else { Ok(cookies.join("; ")) }
    }

    /// The cookie of somebody who signed in as anybody does.
    fn signed_in(&self, client: &Client, username: &str) -> Outcome<String> {
        let address = format!("{}/desk/sign-in", self.origin);
        let form = client.get(&address).header(ACCEPT, "text/html").send()?;
        let stranger = Self::cookie(&form)?;
        let page = form.text()?;
        let mark = "name=\"csrf\" value=\"";
        let (_, rest) = page.split_once(mark).ok_or("no form")?;
        let csrf = rest.split('"').next().unwrap_or_default();
        let fields =
            serde_urlencoded::to_string([("csrf", csrf), ("username", username), ("password", ocop::demo::PASSWORD)])?;
        let sent = client
            .post(&address)
            .header(COOKIE, stranger)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(fields)
            .send()?;
        Self::cookie(&sent)
    }

    fn page(&self, client: &Client, cookie: &str, path: &str) -> Outcome<String> {
        let address = format!("{}{path}", self.origin);
        let answer = client.get(address).header(ACCEPT, "text/html").header(COOKIE, cookie).send()?;
        if answer.status() != 200 {
            return Err(format!("{path}: {}", answer.status()).into());
        }
        Ok(answer.text()?)
    }
}

fn main() -> Outcome<()> {
    let service = Service::start()?;
    let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let stylesheet = include_str!("../templates/site.css").len();
    let mut slow = Vec::new();
    println!("{:10} {:28} {:>12} {:>10}", "who", "page", "processor", "bytes");
    for (username, paths) in [
        (
            "office",
            &["/desk", "/desk/ideas", "/desk/plans", "/desk/dossiers", "/desk/agenda-items", "/desk/producers"][..],
        ),
        ("district", &["/desk", "/desk/ideas?chosen=all"]),
        ("producer", &["/desk", "/desk/dossiers", "/desk/ideas/new"]),
        ("admin", &["/desk/accounts"]),
    ] {
        let cookie = service.signed_in(&client, username)?;
        for path in paths {
            let size = service.page(&client, &cookie, path)?.len() + stylesheet;
            let began = service.processor_time()?;
            for _ in 0..VIEWS {
                service.page(&client, &cookie, path)?;
            }
            let one = service.processor_time()?.saturating_sub(began) / VIEWS;
            println!("{username:10} {path:28} {one:>12.2?} {size:>10}");
            if one > MOST || size > LARGEST {
                slow.push(format!("{path} as {username}: {one:.2?}, {size} bytes"));
            }
        }
    }
    if slow.is_empty() { Ok(()) } else { Err(format!("more than promised: {}", slow.join("; ")).into()) }
}
