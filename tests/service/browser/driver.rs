//! A browser that a test holds in its hand. Each has a process, a profile and a session of its own.

use std::future::Future;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use base64::Engine as _;
use serde_json::{Value, json};
use thirtyfour::common::capabilities::chromium::ChromiumLikeCapabilities;
use thirtyfour::{By, ChromeCapabilities, Key, LoggingPrefsLogLevel, WebDriver, WebElement};

use crate::engine::{has, new_folder};

const FLAGS: [&str; 10] = [
    "--headless",
    // What drives a browser without a screen is no person to the service, and these tests are to be taken for people.
    "--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "--no-sandbox",
    "--disable-gpu",
    // As on a phone, where they take no room.
    "--hide-scrollbars",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// Whether there is a browser to test with; where everything is required, there must be.
pub fn is_at_hand() -> bool {
    has("chromium", &["--version"]) && has("chromedriver", &["--version"])
}

/// WebDriver for this process's tests.
struct Driver {
    address: String,
    /// Ends chromedriver, and that its browsers, when this process's end closes its standard input.
    _process: Child,
}

fn driver() -> &'static Driver {
    static DRIVER: OnceLock<Driver> = OnceLock::new();
    DRIVER.get_or_init(|| {
        let mut process = Command::new("sh")
            .args(["-c", "chromedriver --port=0 2>&1 & read end; kill $!; wait"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut said = String::new();
        let port: u16 = loop {
            let line = lines.next().unwrap_or_else(|| panic!("chromedriver ended: {said}")).unwrap();
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim_end_matches('.').parse().unwrap();
            }
            said.push_str(&line);
        };
        std::thread::spawn(move || lines.for_each(drop));
        Driver { address: format!("http://127.0.0.1:{port}"), _process: process }
    })
}

/// A window on the pages, as wide as a test says.
pub struct Browser {
    runtime: tokio::runtime::Runtime,
    driver: Option<WebDriver>,
    _profile: tempfile::TempDir,
}

/// Something that the browser asked for over the network.
#[derive(Debug, Clone, Default)]
pub struct Fetched {
    id: String,
    pub url: String,
    /// `Document`, `Stylesheet`, `Image`, …
    pub kind: String,
    pub status: i64,
    /// With its head, as it came over the wire.
    pub bytes: i64,
    is_done: bool,
}

impl Browser {
    /// A browser of somebody who reads this language.
    pub fn new(language: &str) -> Self {
        Self::with(language, "profile.default_content_setting_values.javascript", 1)
    }

    /// The same with JavaScript switched off by its owner.
    pub fn without_scripts(language: &str) -> Self {
        Self::with(language, "profile.managed_default_content_settings.javascript", 2)
    }

    /// With one setting that its owner made.
    fn with(language: &str, setting: &str, value: i32) -> Self {
        let profile = new_folder();
        let mut capabilities = ChromeCapabilities::new();
        for flag in FLAGS {
            capabilities.add_arg(flag).unwrap();
        }
        capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display())).unwrap();
        capabilities.set_binary(chromium().to_str().unwrap()).unwrap();
        let preferences = json!({"intl.accept_languages": language, setting: value});
        capabilities.add_experimental_option("prefs", preferences).unwrap();
        for log in ["browser", "performance"] {
            capabilities.set_logging_prefs(log, LoggingPrefsLogLevel::All).unwrap();
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let driver = runtime.block_on(WebDriver::new(&driver().address, capabilities)).expect("a browser");
        let browser = Self { runtime, driver: Some(driver), _profile: profile };
        browser.resize(1280, 1);
        // What the empty window itself was made of.
        browser.open("about:blank");
        drop(browser.wait(browser.driver().get_log("performance")));
        browser
    }

    fn driver(&self) -> &WebDriver {
        self.driver.as_ref().expect("a browser that is open")
    }

    #[track_caller]
    fn wait<T>(&self, work: impl Future<Output = thirtyfour::error::WebDriverResult<T>>) -> T {
        self.runtime.block_on(work).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The window is so many CSS pixels wide from now on, each drawn with `density` by `density` dots.
    pub fn resize(&self, width: u32, density: u32) {
        let metrics = json!({"width": width, "height": 800, "deviceScaleFactor": density, "mobile": false});
        self.command("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// Letters are so many CSS pixels high where a page does not say otherwise, as their reader set it; 16 are usual.
    pub fn letters(&self, height: u32) {
        self.command("Page.setFontSizes", json!({"fontSizes": {"standard": height}}));
    }

    #[track_caller]
    pub fn command(&self, name: &str, parameters: Value) -> Value {
        self.wait(self.driver().cdp().send_raw(name, parameters))
    }

    /// Opens an address and waits until the page with all its parts is there.
    #[track_caller]
    pub fn open(&self, address: &str) {
        self.wait(self.driver().goto(address));
    }

    #[track_caller]
    pub fn address(&self) -> String {
        self.wait(self.driver().current_url()).to_string()
    }

    /// What a script that the driver runs says; the page's own rules do not bind it.
    #[track_caller]
    pub fn run(&self, script: &str) -> Value {
        self.wait(self.driver().execute(script, Vec::new())).json().clone()
    }

    /// The same, where the script calls its last argument when it is done.
    #[track_caller]
    pub fn run_until_done(&self, script: &str) -> Value {
        self.wait(self.driver().execute_async(script, Vec::new())).json().clone()
    }

    #[track_caller]
    pub fn find(&self, selector: &str) -> WebElement {
        self.wait(self.driver().find(By::Css(selector)))
    }

    /// How many elements there are.
    #[track_caller]
    pub fn count(&self, selector: &str) -> usize {
        self.wait(self.driver().find_all(By::Css(selector))).len()
    }

    /// The text of an element as it is shown.
    #[track_caller]
    pub fn text(&self, selector: &str) -> String {
        self.wait(self.find(selector).text())
    }

    /// The texts of all of them.
    #[track_caller]
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let found = self.wait(self.driver().find_all(By::Css(selector)));
        found.iter().map(|element| self.wait(element.text())).collect()
    }

    #[track_caller]
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        self.wait(self.find(selector).attr(name))
    }

    #[track_caller]
    pub fn click(&self, selector: &str) {
        self.wait(self.find(selector).click());
    }

    /// Types into a field, or gives a file field its path.
    #[track_caller]
    pub fn write(&self, selector: &str, text: &str) {
        self.wait(self.find(selector).send_keys(text));
    }

    /// Presses keys on whatever has the focus.
    #[track_caller]
    pub fn press(&self, keys: impl AsRef<str>) {
        self.wait(self.driver().action_chain().send_keys(keys.as_ref()).perform());
    }

    #[track_caller]
    pub fn tab(&self) {
        self.press(String::from(char::from(Key::Tab)));
    }

    /// Goes on with the Tab key until something has the focus.
    #[track_caller]
    pub fn tab_to(&self, selector: &str) {
        let is_there = format!("document.activeElement.matches({})", Value::from(selector));
        self.press_until(&Key::Tab, &is_there);
    }

    /// Presses a key again and again until a script says that it is so. Many go to the driver at once: those that would lead further
    /// are held back on the page.
    #[track_caller]
    pub fn press_until(&self, key: &Key, is_so: &str) {
        let hold = format!(
            "window.isSo = () => {is_so}; window.hold = event => isSo() && event.preventDefault();
             addEventListener('keydown', hold, true); return isSo();"
        );
        for _ in 0..20 {
            let is_there = self.run(&hold) == true;
            if !is_there {
                self.press(String::from(char::from(key.clone())).repeat(20));
            }
            self.run("removeEventListener('keydown', hold, true)");
            if is_there {
                return;
            }
        }
        panic!("no key leads to {is_so}: {}", self.text("body"));
    }

    /// Until something that a click began is so.
    #[track_caller]
    pub fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        self.within(Duration::from_secs(20), is_so, |browser| format!("{what}; at {}", browser.address()));
    }

    /// Until something is so, which must be within a time.
    #[track_caller]
    pub fn within(&self, time: Duration, is_so: impl Fn(&Self) -> bool, what: impl Fn(&Self) -> String) {
        let end = Instant::now() + time;
        while !is_so(self) {
            assert!(Instant::now() < end, "not within {time:?}: {}", what(self));
            crate::pace::pause();
        }
    }

    /// What was fetched since the last call, once all of it is there.
    #[track_caller]
    pub fn fetched(&self) -> Vec<Fetched> {
        let mut fetched: Vec<Fetched> = Vec::new();
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            for entry in self.wait(self.driver().get_log("performance")) {
                let entry: Value = serde_json::from_str(&entry.message).unwrap();
                note(&mut fetched, &entry["message"]["method"], &entry["message"]["params"]);
            }
            if !fetched.is_empty() && fetched.iter().all(|fetched| fetched.is_done) {
                return fetched;
            }
            assert!(Instant::now() < end, "never came: {fetched:#?}");
            crate::pace::pause();
        }
    }

    /// Forgets what was fetched and complained of until now, also what never came.
    #[track_caller]
    pub fn forget(&self) {
        drop(self.wait(self.driver().get_log("performance")));
        drop(self.complaints());
    }

    /// What the browser complained of since the last call: errors of scripts, broken parts, breaches of the page's policy.
    #[track_caller]
    pub fn complaints(&self) -> Vec<String> {
        let entries = self.wait(self.driver().browser_log());
        entries.into_iter().map(|entry| format!("{} {}", entry.level, entry.message)).collect()
    }

    /// A picture of the whole page, also of what lies below the window.
    #[track_caller]
    pub fn picture(&self) -> Vec<u8> {
        let size = self.command("Page.getLayoutMetrics", json!({}))["cssContentSize"].clone();
        let clip = json!({"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1});
        let taken = json!({"format": "png", "captureBeyondViewport": true, "clip": clip, "optimizeForSpeed": true});
        let taken = self.command("Page.captureScreenshot", taken);
        base64::engine::general_purpose::STANDARD.decode(taken["data"].as_str().unwrap()).unwrap()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(driver) = self.driver.take() {
            let _ = self.runtime.block_on(driver.quit());
        }
    }
}

fn chromium() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join("chromium")).find(|program| program.exists());
    found.expect("chromium")
}

/// Takes one event of the network into the list.
fn note(fetched: &mut Vec<Fetched>, event: &Value, told: &Value) {
    let id = told["requestId"].as_str().unwrap_or_default().to_owned();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if event == "Network.requestWillBeSent" {
        // A redirect goes on under the same id; what is no http is no network.
        fetched.iter_mut().filter(|fetched| fetched.id == id).for_each(|fetched| fetched.is_done = true);
        let (url, kind) = (text(&told["request"]["url"]), text(&told["type"]));
        if !url.starts_with("http") {
            return;
        }
        fetched.push(Fetched { id, url, kind, ..Fetched::default() });
        return;
    }
    let Some(own) = fetched.iter_mut().rfind(|fetched| fetched.id == id) else { return };
    match event.as_str().unwrap_or_default() {
        "Network.responseReceived" => own.status = told["response"]["status"].as_i64().unwrap_or_default(),
        "Network.loadingFinished" => {
            // The log writes whole numbers as floating ones.
            own.bytes = format!("{:.0}", told["encodedDataLength"].as_f64().unwrap_or_default()).parse().unwrap();
            own.is_done = true;
        }
        "Network.loadingFailed" => own.is_done = true,
        _ => {}
    }
}
