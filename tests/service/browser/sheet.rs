//! Sheets on tablets: the line cut by the browser's own means, the page loaded again in the middle, two devices for one sheet, a tablet
//! that another borrows, and a service that is killed. What was set is what counts. A whole council sits in `council_walk`.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use serde_json::{Value, json};
use thirtyfour::Key;

use super::driver::{Browser, is_at_hand};
use super::every_page::{OVERFLOW, axe, folder, violations};
use crate::durable::Program;
use crate::engine::{Engine, has_postgresql};
use crate::province::{PASSWORD, Person, Province};
use crate::walk::{Council, Walk};

/// A tablet with the desk open.
pub(super) struct Tablet {
    pub(super) browser: Browser,
    origin: String,
}

/// Criterion and option of each mark, in the order in which they are set.
pub(super) fn in_order(marks: &Value) -> Vec<(String, String)> {
    let pair = |mark: &Value| (mark["criterion"].as_str().unwrap().to_owned(), mark["option"].to_string());
    marks.as_array().unwrap().iter().map(pair).collect()
}

pub(super) fn is_skipped(engine: Engine) -> bool {
    !is_at_hand() || (engine == Engine::Postgresql && !has_postgresql())
}

impl Tablet {
    fn new(origin: &str, size: (u32, u32), scripts: bool) -> Self {
        let browser = if scripts { Browser::new("vi") } else { Browser::without_scripts("vi") };
        let tablet = Self { browser, origin: origin.to_owned() };
        tablet.turn(size);
        tablet
    }

    fn turn(&self, (width, height): (u32, u32)) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.browser.command("Emulation.setDeviceMetricsOverride", metrics);
    }

    pub(super) fn of(province: &Province, size: (u32, u32), username: &str) -> Self {
        let tablet = Self::new(&format!("http://{}", province.address), size, true);
        tablet.sign_in(username, "/desk");
        tablet
    }

    pub(super) fn open(&self, path: &str) {
        self.browser.open(&format!("{}{path}", self.origin));
    }

    pub(super) fn sheet(&self, item: &str) {
        self.open(&format!("/desk/agenda-items/{item}/sheet"));
    }

    fn sign_in(&self, username: &str, next: &str) {
        self.open(&format!("/desk/sign-in?next={}", next.replace('/', "%2F")));
        self.browser.write("#username", username);
        self.browser.write("#password", PASSWORD);
        self.go("form[data-verb='sign-in'] button:not([name])");
        assert!(self.browser.address().ends_with(next), "{}: {}", self.browser.address(), self.browser.text("main"));
    }

    pub(super) fn go(&self, selector: &str) {
        self.browser.run("document.documentElement.dataset.old = 'old'");
        self.press(selector);
        self.loaded();
    }

    fn loaded(&self) {
        self.browser.until("another page", |browser| {
            browser.run("return document.readyState === 'complete' && !document.documentElement.dataset.old") == true
        });
    }

    /// A click wherever it stands, also where the line that is always in sight would cover it.
    pub(super) fn press(&self, selector: &str) {
        let script = format!(
            "document.querySelector({}).scrollIntoView({{block: 'center', behavior: 'instant'}})",
            Value::from(selector)
        );
        self.browser.run(&script);
        self.browser.click(selector);
    }

    pub(super) fn option(code: &str, option: &str) -> String {
        format!("fieldset[data-code='{code}'] input[type='radio'][value='{option}']")
    }

    pub(super) fn mark(&self, (code, option): &(String, String)) {
        self.press(&Self::option(code, option));
    }

    fn status(&self) -> String {
        self.browser.run("return document.querySelector('[data-status]').textContent").as_str().unwrap().to_owned()
    }

    #[track_caller]
    pub(super) fn tells(&self, text: &str) {
        self.until(text, || self.status().contains(text));
    }

    #[track_caller]
    pub(super) fn until(&self, what: &str, is_so: impl Fn() -> bool) {
        let told = |browser: &Browser| format!("{what}; it tells {}; {:?}", self.status(), browser.complaints());
        self.browser.within(Duration::from_secs(40), |_| is_so(), told);
    }

    pub(super) fn saved(&self) {
        self.tells("Đã lưu lúc");
    }

    pub(super) fn line(&self, is_there: bool) {
        let conditions = json!({"offline": !is_there, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
        self.browser.command("Network.enable", json!({}));
        self.browser.command("Network.emulateNetworkConditions", conditions);
    }

    /// What the device keeps of sheets.
    fn kept(&self) -> Vec<Value> {
        let kept = self.browser.run(
            "return Object.entries(localStorage).filter(([place]) => place.startsWith('ocop-marks-')).map(([, told]) => told)",
        );
        kept.as_array().unwrap().clone()
    }

    /// What the device keeps tells, beside when and under which day's key it was kept, nothing that can be read.
    fn enciphered(&self) {
        for kept in self.kept() {
            let kept: BTreeMap<String, String> = serde_json::from_str(kept.as_str().unwrap()).unwrap();
            assert_eq!(kept.keys().collect::<Vec<_>>(), ["at", "day", "iv", "kept"]);
            let told = base64::engine::general_purpose::STANDARD.decode(&kept["kept"]).unwrap();
            assert!(!String::from_utf8_lossy(&told).contains("\"waiting\""), "{kept:?}");
        }
    }

    pub(super) fn hand_in(&self) {
        self.go("form[data-verb='submit'] button");
        assert_eq!(self.browser.count("#receipt"), 1, "{}", self.browser.text("main"));
        assert_eq!(self.kept(), Vec::<Value>::new(), "the device keeps nothing of a sheet that was handed in");
    }

    /// Takes what was set here, or what is saved, where the two differ.
    fn settle(&self, side: &str) {
        self.browser.until("the two beside one another", |browser| browser.count("[data-differs] table") == 1);
        for radio in 0..self.browser.count(&format!("[data-differs] input[value='{side}']")) {
            self.press(&format!("[data-differs] tbody tr:nth-child({}) input[value='{side}']", radio + 1));
        }
        self.press("[data-differs] button");
    }
}

fn of_sheet(sheet: &Value) -> BTreeMap<String, String> {
    let pair = |mark: &Value| (mark["criterion"].as_str().unwrap().to_owned(), mark["option"].to_string());
    sheet["marks"].as_array().unwrap().iter().map(pair).collect()
}

/// What the service has of a member's sheet.
pub(super) fn on_record(province: &Province, member: &Person, item: &str) -> BTreeMap<String, String> {
    of_sheet(&province.get(member, &format!("/agenda-items/{item}/sheet")).ok())
}

pub(super) fn set(marks: &[(String, String)]) -> BTreeMap<String, String> {
    marks.iter().cloned().collect()
}

/// Products that a council of so many is scoring.
fn session(walk: &Walk, scorers: usize, products: &[&str]) -> (Council, Vec<String>) {
    let council = walk.council("439", 1, scorers);
    let items = products.iter().map(|product| {
        let candidate = walk.handed_in(&walk.here, product);
        let item = walk.agenda_item(&council, &candidate.dossier);
        walk.province.step(council.chair(), &format!("/agenda-items/{item}"), "open-scoring", json!({})).ok();
        item
    });
    let items = items.collect();
    (council, items)
}

pub(super) fn off_line_for_half(
    province: &Province,
    tablet: &Tablet,
    (member, item): (&Person, &str),
    wanted: &[(String, String)],
) {
    let (now, later) = wanted.split_at(wanted.len() / 2);
    now.iter().for_each(|mark| tablet.mark(mark));
    tablet.saved();
    tablet.line(false);
    later.iter().for_each(|mark| tablet.mark(mark));
    tablet.tells(&format!("Mất mạng: {} điểm chờ gửi", later.len()));
    assert_eq!(on_record(province, member, item), set(now));
    assert_eq!(tablet.kept().len(), 1);
    tablet.enciphered();
    tablet.line(true);
    tablet.saved();
    assert_eq!(tablet.kept(), Vec::<Value>::new());
    // In their order, each once.
    let sheet = province.get(member, &format!("/agenda-items/{item}/sheet")).ok();
    assert_eq!(sheet["version"], json!(wanted.len()));
}

pub(super) fn loaded_again(
    province: &Province,
    tablet: &Tablet,
    (member, item): (&Person, &str),
    wanted: &[(String, String)],
) {
    let (now, later) = wanted.split_at(wanted.len() / 3);
    now.iter().for_each(|mark| tablet.mark(mark));
    // In the middle of what is sent.
    tablet.sheet(item);
    tablet.until("all is sent", || tablet.kept().is_empty() && on_record(province, member, item) == set(now));
    tablet.line(false);
    let (waiting, rest) = later.split_at(5);
    waiting.iter().for_each(|mark| tablet.mark(mark));
    tablet.tells("Mất mạng: 5 điểm chờ gửi");
    tablet.line(true);
    tablet.sheet(item);
    tablet.until("what waited is there", || {
        let on_record = on_record(province, member, item);
        now.iter().chain(waiting).all(|(code, option)| on_record.get(code) == Some(option))
    });
    rest.iter().for_each(|mark| tablet.mark(mark));
}

/// On the tablet, and on the member's phone.
pub(super) fn on_two_devices(
    (province, username): (&Province, &str),
    tablet: &Tablet,
    (member, item): (&Person, &str),
    wanted: &[(String, String)],
) {
    let other = Tablet::of(province, (360, 800), username);
    other.sheet(item);
    other.tells("Mỗi điểm được lưu ngay");
    let [first, second, third, rest @ ..] = wanted else { panic!("too few criteria") };
    tablet.mark(first);
    tablet.saved();
    // Changed there meanwhile: both stand beside one another, and what was set here goes on.
    other.mark(second);
    other.tells("Phiếu đã được sửa trên thiết bị khác");
    assert!(other.browser.text("[data-differs] table").contains(&second.0));
    other.settle("mine");
    other.saved();
    assert_eq!(on_record(province, member, item), set(&wanted[..2]));
    // The same criterion on both: what is saved is taken.
    let code = &second.0;
    let others = tablet.browser.run(&format!(
        "return [...document.querySelectorAll(\"fieldset[data-code='{code}'] input[type='radio']\")].map(input => input.value)"
    ));
    let another = others
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .find(|value| !value.is_empty() && *value != second.1);
    tablet.mark(&(code.clone(), another.unwrap().to_owned()));
    tablet.tells("Phiếu đã được sửa trên thiết bị khác");
    tablet.settle("theirs");
    tablet.saved();
    assert_eq!(on_record(province, member, item), set(&wanted[..2]));
    assert_eq!(tablet.browser.count(&format!("{}:checked", Tablet::option(code, &second.1))), 1);
    tablet.mark(third);
    rest.iter().for_each(|mark| tablet.mark(mark));
}

/// Tries the keys of the page that is open on everything that the device keeps.
const OPENED: &str = "
    const done = arguments[arguments.length - 1];
    const bytes = (text) => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
    const keys = document.querySelector('.sheet').dataset.keys.trim().split(' ')
        .map(key => Uint8Array.from(key.match(/../g), pair => parseInt(pair, 16)));
    const kept = Object.entries(localStorage).filter(([place]) => place.startsWith('ocop-marks-')).map(([, told]) => JSON.parse(told));
    Promise.all(kept.flatMap(({iv, kept}) => keys.map(key => crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt'])
        .then(key => crypto.subtle.decrypt({name: 'AES-GCM', iv: bytes(iv)}, key, bytes(kept))).then(() => true, () => false))))
        .then(opened => done(opened));";

fn a_borrowed_tablet(engine: Engine) {
    if is_skipped(engine) {
        return;
    }
    let walk = Walk::new(engine);
    let (council, items) = session(&walk, 3, &["Mật ong"]);
    let (item, member) = (&items[0], &council.scorers[1]);
    let path = format!("/desk/agenda-items/{item}/sheet");
    let wanted = in_order(&walk.marks(62));
    let tablet = Tablet::of(&walk.province, (1024, 768), "seat-439-1-1");
    tablet.sheet(item);
    tablet.tells("Mỗi điểm được lưu ngay");
    wanted[..2].iter().for_each(|mark| tablet.mark(mark));
    tablet.saved();
    tablet.line(false);
    wanted[2..5].iter().for_each(|mark| tablet.mark(mark));
    tablet.tells("Mất mạng: 3 điểm chờ gửi");
    // The session ends elsewhere; what waits is kept, and it is said.
    let page = crate::desk_browser::Browser::of(&walk.province, member).page("/desk/sessions");
    for end in crate::html::between(&page, "action=\"/desk/sessions/", "\"") {
        let sessions = crate::desk_browser::Browser::of(&walk.province, member);
        let form = crate::desk_browser::form(&page, "sign-out");
        let ending = crate::desk_browser::Filled { action: format!("/desk/sessions/{end}"), ..form };
        sessions.done(&ending);
    }
    tablet.line(true);
    tablet.tells("Phiên đăng nhập đã kết thúc. 3 điểm được giữ");
    assert_eq!(tablet.browser.count("[data-status] a[href^='/desk/sign-in']"), 1);
    assert_eq!(tablet.kept().len(), 1);

    // Somebody else borrows the tablet: other keys, and another place.
    tablet.sign_in("seat-439-1-2", &path);
    tablet.tells("Mỗi điểm được lưu ngay");
    assert_eq!(tablet.browser.run_until_done(OPENED), json!([false, false]));
    assert_eq!(tablet.browser.count("fieldset[data-code] input[type='radio']:checked:not([value=''])"), 0);
    tablet.mark(&wanted[7]);
    tablet.saved();
    assert_eq!(on_record(&walk.province, &council.scorers[2], item), set(&wanted[7..8]));
    tablet.go("form[data-verb='sign-out'] button");
    assert_eq!((tablet.kept().len(), on_record(&walk.province, member, item).len()), (1, 2));

    // Back with whom they are of, they are sent; signing out with marks that wait keeps them too.
    tablet.sign_in("seat-439-1-1", &path);
    tablet.saved();
    assert_eq!(on_record(&walk.province, member, item), set(&wanted[..5]));
    assert_eq!(tablet.kept(), Vec::<Value>::new());
    tablet.browser.command("Network.setBlockedURLs", json!({"urls": ["*/sheet"]}));
    tablet.mark(&wanted[5]);
    tablet.tells("Mất mạng: 1 điểm chờ gửi");
    tablet.go("form[data-verb='sign-out'] button");
    assert_eq!(tablet.kept().len(), 1);
    tablet.browser.command("Network.setBlockedURLs", json!({"urls": []}));
    tablet.sign_in("seat-439-1-1", &path);
    tablet.saved();
    assert_eq!(on_record(&walk.province, member, item), set(&wanted[..6]));

    // What is older than a day goes, whoever opens a page then.
    let old = "localStorage.setItem('ocop-marks-old', JSON.stringify({at: new Date(Date.now() - 864e5 - 1000).toISOString()}))";
    tablet.browser.run(old);
    tablet.open("/desk");
    assert_eq!(tablet.kept(), Vec::<Value>::new());

    // The scoring closes while the line is cut: too late, told so, and readable.
    tablet.sheet(item);
    tablet.tells("Mỗi điểm được lưu ngay");
    tablet.line(false);
    tablet.mark(&wanted[6]);
    tablet.tells("Mất mạng");
    walk.province.step(council.chair(), &format!("/agenda-items/{item}"), "close-scoring", json!({})).ok();
    tablet.line(true);
    tablet.tells("Việc chấm điểm sản phẩm này đã kết thúc");
    tablet.tells("1 thay đổi sau đây đến muộn");
    assert!(tablet.browser.text("[data-late]").contains(&wanted[6].0));
    tablet.sheet(item);
    tablet.tells("đến muộn");
    assert!(tablet.browser.text("[data-late]").contains(&wanted[6].0), "{}", tablet.browser.text("main"));
    assert_eq!(on_record(&walk.province, member, item), set(&wanted[..6]));
}

#[test]
fn what_waits_on_a_borrowed_tablet_is_its_owners_alone() {
    a_borrowed_tablet(Engine::Sqlite);
    a_borrowed_tablet(Engine::Postgresql);
}

#[test]
fn a_sheet_is_filled_by_the_keyboard_alone_and_without_scripts() {
    if !is_at_hand() {
        return;
    }
    let walk = Walk::new(Engine::Sqlite);
    let (council, items) = session(&walk, 3, &["Mật ong"]);
    let wanted = in_order(&walk.marks(61));
    let keyboard = Tablet::of(&walk.province, (768, 1024), "seat-439-1-0");
    keyboard.sheet(&items[0]);
    keyboard.tells("Mỗi điểm được lưu ngay");
    // With papers beside the criteria, or above them: fit for everybody on every tablet, either way up.
    for (width, height) in [(360, 800), (1180, 820), (820, 1180), (1024, 768), (768, 1024)] {
        keyboard.turn((width, height));
        assert_eq!(keyboard.browser.run(OVERFLOW), json!([]), "at {width}");
        if let Some(axe) = axe() {
            assert_eq!(violations(&keyboard.browser, &axe), Vec::<String>::new(), "at {width}");
        }
        std::fs::write(folder().join(format!("sheet-of-council-{width}.png")), keyboard.browser.picture()).unwrap();
    }
    for (code, option) in &wanted {
        keyboard.browser.tab_to(&format!("fieldset[data-code='{code}'] input[type='radio']"));
        keyboard
            .browser
            .press_until(&Key::Down, &format!("document.activeElement.value === {}", Value::from(option.as_str())));
    }
    keyboard.saved();
    assert_eq!(on_record(&walk.province, &council.scorers[0], &items[0]), set(&wanted));
    keyboard.browser.tab_to("form[data-verb='submit'] button");
    keyboard.browser.run("document.documentElement.dataset.old = 'old'");
    keyboard.browser.press(String::from(char::from(Key::Enter)));
    keyboard.loaded();
    assert_eq!(keyboard.browser.count("#receipt"), 1);

    let plain = Tablet::new(&keyboard.origin, (360, 800), false);
    plain.sign_in("seat-439-1-1", "/desk");
    plain.go(&format!("main a[href='/desk/agenda-items/{}/sheet']", items[0]));
    wanted.iter().for_each(|mark| plain.mark(mark));
    plain.go("form[data-verb='write'] button.button:not([name])");
    assert_eq!(on_record(&walk.province, &council.scorers[1], &items[0]), set(&wanted));
    plain.go("form[data-verb='submit'] button");
    assert_eq!(plain.browser.count("#receipt"), 1);
}

#[test]
fn every_mark_that_the_page_called_saved_survives_a_kill() {
    for engine in [Engine::Sqlite, Engine::Postgresql] {
        if is_skipped(engine) {
            continue;
        }
        let mut walk = Walk::new(engine);
        let (council, items) = session(&walk, 3, &["Mật ong"]);
        let (item, wanted) = (&items[0], in_order(&walk.marks(63)));
        walk.province.stop();
        let folder = walk.province.storage().data_dir.parent().unwrap().to_owned();
        let program = Program::serve(&folder, &walk.province.database_url);
        let tablet = Tablet::new(&format!("http://{}", program.address), (1024, 768), true);
        tablet.sign_in("seat-439-1-0", &format!("/desk/agenda-items/{item}/sheet"));
        tablet.tells("Mỗi điểm được lưu ngay");
        let click = |(code, option): &(String, String)| {
            format!("document.querySelector({}).click();", Value::from(Tablet::option(code, option)))
        };
        tablet.browser.run(&wanted.iter().map(click).collect::<String>());
        let saved = "return Number(document.querySelector('[data-marked]').textContent.match(/[0-9]+/)[0])";
        let count = |tablet: &Tablet| tablet.browser.run(saved).as_u64().unwrap() as usize;
        tablet.browser.until("some are saved", |_| count(&tablet) >= wanted.len() / 3);
        drop(program);
        tablet.tells("Mất mạng");
        let saved = count(&tablet);
        walk.province.restart(&[]);
        let on_record = on_record(&walk.province, &council.scorers[0], item);
        let kept = wanted.iter().take_while(|(code, option)| on_record.get(code) == Some(option)).count();
        assert!(kept >= saved && kept <= saved + 1, "{saved} were called saved, {kept} are there of {}", wanted.len());
        assert_eq!(on_record.len(), kept, "in their order");
    }
}

/// The room of who presides tells of a sheet that was handed in while it stands open, and offers what can be done now.
#[test]
fn a_room_is_kept_fresh_while_members_hand_in() {
    if is_skipped(Engine::Sqlite) {
        return;
    }
    let walk = Walk::new(Engine::Sqlite);
    let (council, items) = session(&walk, 3, &["Mật ong"]);
    let chair = Tablet::of(&walk.province, (1024, 768), "seat-439-1-0");
    chair.open(&format!("/desk/agenda-items/{}/live", items[0]));
    chair.browser.run("document.documentElement.dataset.first = 'yes'");
    for (number, member) in council.scorers.iter().enumerate() {
        walk.write_sheet(member, &items[0], &walk.marks(60));
        walk.province.step(member, &format!("/agenda-items/{}/sheet", items[0]), "submit", json!({})).ok();
        let told = format!("Phiếu đã nộp: {} / 3", number + 1);
        chair.browser.until(&told, |browser| browser.text("#room").contains(&told));
    }
    let item = format!("/agenda-items/{}", items[0]);
    walk.province.step(council.chair(), &item, "close-scoring", json!({})).ok();
    chair.browser.until("the count", |browser| browser.text("#room").contains("Kiểm phiếu"));
    chair.browser.until("the next step", |browser| browser.count("#room-steps form[data-verb='conclude']") == 1);
    assert_eq!(chair.browser.run("return document.documentElement.dataset.first"), "yes", "nothing was loaded anew");
}
