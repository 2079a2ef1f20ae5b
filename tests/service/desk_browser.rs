//! Somebody before the pages of the desk, with the cookies that their browser keeps.

use std::cell::RefCell;
use std::collections::BTreeMap;

use reqwest::Method;
use reqwest::blocking::RequestBuilder;
use reqwest::blocking::multipart::{Form, Part};

use crate::html::{between, plain};
use crate::province::{PASSWORD, Person, Province, Reply, Upload};

/// A browser without a script.
pub struct Browser<'a> {
    province: &'a Province,
    pub cookies: RefCell<BTreeMap<String, String>>,
}

/// A form as a page has it: where it is sent, and what its fields hold.
#[derive(Debug, Clone)]
pub struct Filled {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

impl Filled {
    /// With this typed into a field, or with this box ticked.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self
    }

    pub fn value(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| known == name);
        &found.unwrap_or_else(|| panic!("{name} is not in {self:?}")).1
    }
}

impl<'a> Browser<'a> {
    pub fn new(province: &'a Province) -> Self {
        Self { province, cookies: RefCell::default() }
    }

    /// Signed in through the page.
    pub fn signed_in(province: &'a Province, username: &str) -> Self {
        Self::signed_in_with(province, username, PASSWORD)
    }

    /// The same in an example.
    pub fn of_demo(province: &'a Province, username: &str) -> Self {
        Self::signed_in_with(province, username, ocop::demo::PASSWORD)
    }

    pub fn signed_in_with(province: &'a Province, username: &str, password: &str) -> Self {
        let browser = Self::new(province);
        let reply = browser.sign_in(username, password, "/desk/sign-in");
        assert_eq!(reply.status, 303, "{username}: {}", reply.text);
        browser
    }

    /// Of somebody who was hired without a password that the test knows: the session is begun below HTTP.
    pub fn of(province: &'a Province, person: &Person) -> Self {
        let browser = Self::new(province);
        let (account, now) = (person.id.parse().unwrap(), ocop::base::Moment::real_now());
        let origin = ocop::account::session::SignInOrigin { address: "127.0.0.1".into(), device: String::new() };
        let begin = |connection: &mut _| ocop::account::session::begin(connection, account, origin, now);
        let begun = province.app.database.write_now(begin).unwrap();
        let name = if province.app.is_https() { "__Secure-ocop_session" } else { "ocop_session" };
        browser.cookies.borrow_mut().insert(name.into(), begun);
        browser
    }

    /// Fills in the sign-in's form at an address and sends it.
    pub fn sign_in(&self, username: &str, password: &str, at: &str) -> Reply {
        let page = self.get(at);
        assert_eq!(page.status, 200, "{}", page.text);
        self.send(&form(&page.text, "sign-in").with("username", username).with("password", password))
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let cookies = self.cookies.borrow();
        let cookies: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.province.at_site(method, path).header("accept", "text/html").header("accept-language", "vi");
        if cookies.is_empty() { request } else { request.header("cookie", cookies.join("; ")) }
    }

    pub fn answer(&self, request: RequestBuilder) -> Reply {
        let reply = Reply::of(request.send().unwrap());
        assert!(reply.status.as_u16() < 500, "{}: {}", reply.status, reply.text);
        for cookie in reply.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.borrow_mut().remove(name);
            } else {
                self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
            }
        }
        reply
    }

    pub fn get(&self, path: &str) -> Reply {
        self.answer(self.request(Method::GET, path))
    }

    /// A page that is there.
    #[track_caller]
    pub fn page(&self, path: &str) -> String {
        let reply = self.get(path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        assert!(reply.text.len() < 100 * 1024, "{path} has {} bytes", reply.text.len());
        reply.text
    }

    pub fn send(&self, form: &Filled) -> Reply {
        let request = self.request(Method::POST, &form.action).header("sec-fetch-site", "same-origin");
        self.answer(filled_in(request, form))
    }

    /// Sends a form that does what it says: where one is led to.
    #[track_caller]
    pub fn done(&self, form: &Filled) -> String {
        let reply = self.send(form);
        assert_eq!(reply.status, 303, "{}: {}", form.action, reply.text);
        reply.headers["location"].to_str().unwrap().to_owned()
    }

    /// Takes a step with a thing on its page.
    #[track_caller]
    pub fn take(&self, thing: &str, verb: &str, typed: &[(&str, &str)]) -> String {
        let page = self.page(thing);
        let form = typed.iter().fold(form(&page, verb), |form, (name, value)| form.with(name, value));
        let location = self.done(&form);
        assert_eq!(location, format!("{thing}?done={verb}"));
        self.page(&location)
    }

    pub fn upload(&self, form: &Filled, file: Upload) -> Reply {
        let part = Part::bytes(file.bytes.to_vec()).file_name(file.name.to_owned()).mime_str(file.media).unwrap();
        let fields = form.fields.iter().filter(|(name, _)| name != "file");
        let body = fields.fold(Form::new(), |body, (name, value)| body.text(name.clone(), value.clone()));
        // Of a form with two fields for a file the other one is sent too, with nothing in it.
        let nothing = Part::bytes(Vec::new()).file_name("").mime_str("application/octet-stream").unwrap();
        let body = body.part("file", part).part("file", nothing);
        self.answer(self.request(Method::POST, &form.action).multipart(body))
    }
}

/// A request with the fields of a form as its body.
pub fn filled_in(request: RequestBuilder, form: &Filled) -> RequestBuilder {
    let body = serde_urlencoded::to_string(&form.fields).unwrap();
    request.header("content-type", "application/x-www-form-urlencoded").body(body)
}

/// The form of a step on a page, as it was sent to the browser.
#[track_caller]
pub fn form(page: &str, verb: &str) -> Filled {
    let mark = format!("data-verb=\"{verb}\"");
    let at = page.find(&mark).unwrap_or_else(|| panic!("no form takes {verb} in {page}"));
    let begin = page[..at].rfind("<form").unwrap();
    let whole = page[begin..].split("</form>").next().unwrap();
    let action = attribute(whole, "action").unwrap();
    let mut fields = Vec::new();
    for tag in between(whole, "<input", ">") {
        let Some(name) = attribute(tag, "name") else { continue };
        let kind = attribute(tag, "type").unwrap_or_default();
        let is_chosen = !matches!(kind.as_str(), "radio" | "checkbox") || tag.contains(" checked");
        if is_chosen && kind != "file" {
            fields.push((name, attribute(tag, "value").unwrap_or_default()));
        }
    }
    for text in between(whole, "<textarea", "</textarea>") {
        let (tag, value) = text.split_once('>').unwrap();
        fields.push((attribute(tag, "name").unwrap(), plain(value.trim_start_matches('\n'))));
    }
    for select in between(whole, "<select", "</select>") {
        let chosen = between(select, "<option", ">").into_iter().find(|option| option.contains(" selected"));
        let value = chosen.and_then(|option| attribute(option, "value")).unwrap_or_default();
        fields.push((attribute(select, "name").unwrap(), value));
    }
    Filled { action, fields }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = tag.split_once(&format!(" {name}=\""))?.1;
    Some(plain(rest.split('"').next().unwrap()))
}

/// The verbs of the forms that a thing's page offers.
pub fn offered(page: &str) -> Vec<String> {
    let verbs = between(page, "data-verb=\"", "\"").into_iter().filter(|verb| *verb != "sign-out");
    let mut verbs: Vec<String> = verbs.map(str::to_owned).collect();
    verbs.sort();
    verbs
}
