//! The desk as people walk through it, from a registration to a dossier that is handed in twice: by mouse, by touch on a
//! small window, by the keyboard alone, and without scripts; not one call of the API is the test's own.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use thirtyfour::Key;

use super::driver::{Browser, is_at_hand};
use super::ground::photo;
use crate::desk_browser;
use crate::engine::{Engine, has_postgresql};
use crate::province::{PASSWORD, Province};
use crate::walk::{A_PDF, Walk};

/// By what somebody works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hand {
    Mouse,
    /// A finger, on a window of 360 pixels.
    Touch,
    Keyboard,
}

/// How somebody comes to the desk.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) hand: Hand,
    pub(super) language: &'static str,
    pub(super) scripts: bool,
}

/// Somebody before the desk.
pub(super) struct Walker {
    pub(super) browser: Browser,
    pub(super) origin: String,
    hand: Hand,
    scripts: bool,
}

impl Walker {
    fn new(province: &Province, look: Look) -> Self {
        let browser = if look.scripts { Browser::new(look.language) } else { Browser::without_scripts(look.language) };
        if look.hand == Hand::Touch {
            browser.resize(360, 2);
            browser.command("Emulation.setTouchEmulationEnabled", json!({"enabled": true}));
        }
        Self { browser, origin: format!("http://{}", province.address), hand: look.hand, scripts: look.scripts }
    }

    /// Somebody who signed in, and is at their work.
    pub(super) fn signed_in(province: &Province, look: Look, username: &str) -> Self {
        let walker = Self::new(province, look);
        walker.open("/desk");
        walker.sign_in(username);
        walker
    }

    fn sign_in(&self, username: &str) {
        self.write("#username", username);
        self.write("#password", PASSWORD);
        self.press("sign-in");
        assert_eq!(self.browser.count(".parts"), 1, "{}", self.browser.text("body"));
    }

    pub(super) fn open(&self, path: &str) {
        self.browser.open(&format!("{}{path}", self.origin));
    }

    pub(super) fn main(&self) -> String {
        self.browser.text("main")
    }

    fn key(&self, key: Key) {
        self.browser.press(String::from(char::from(key)));
    }

    /// Presses what is there, as the hand does.
    fn touch(&self, selector: &str) {
        match self.hand {
            Hand::Mouse => self.browser.click(selector),
            Hand::Keyboard => {
                self.browser.tab_to(selector);
                let is_box = self.browser.run("return document.activeElement.localName === 'input'") == true;
                if is_box { self.browser.press(" ") } else { self.key(Key::Enter) }
            }
            Hand::Touch => {
                let place = self.browser.run(&format!(
                    "const e = document.querySelector({}); e.scrollIntoView({{block: 'center', behavior: 'instant'}});
                     const box = e.getBoundingClientRect();
                     return [box.left + Math.min(box.width, 200) / 2, box.top + box.height / 2, box.width, box.height]",
                    Value::from(selector)
                ));
                assert!(place[0].as_f64().is_some_and(|x| x > 0.0 && x < 360.0), "{selector} is at {place}");
                let fingers = json!([{"x": place[0], "y": place[1]}]);
                for (event, fingers) in [("touchStart", fingers), ("touchEnd", json!([]))] {
                    self.browser.command("Input.dispatchTouchEvent", json!({"type": event, "touchPoints": fingers}));
                }
            }
        }
    }

    /// Types into a field, in the place of what is there.
    pub(super) fn write(&self, selector: &str, text: &str) {
        if self.hand == Hand::Keyboard {
            self.browser.tab_to(selector);
        } else {
            self.touch(selector);
            let script = format!("return document.activeElement.matches({})", Value::from(selector));
            self.browser.until(selector, |browser| browser.run(&script) == true);
        }
        self.browser.run("document.activeElement.select()");
        self.browser.press(text);
        let script = format!("return document.querySelector({}).value", Value::from(selector));
        assert_eq!(self.browser.run(&script), text, "{selector}");
    }

    /// Chooses an entry of a select.
    pub(super) fn choose(&self, selector: &str, value: &str) {
        if self.hand != Hand::Keyboard {
            // The list of a select is the system's own.
            return self.browser.click(&format!("{selector} option[value='{value}']"));
        }
        self.browser.tab_to(selector);
        self.down_to(value);
    }

    fn down_to(&self, value: &str) {
        self.browser.press_until(&Key::Down, &format!("document.activeElement.value === {}", Value::from(value)));
    }

    /// Chooses one of a group of radio buttons.
    pub(super) fn radio(&self, form: &str, name: &str, value: &str) {
        let group = format!("form[data-verb='{form}'] input[name='{name}']");
        if self.hand == Hand::Keyboard {
            self.browser.tab_to(&group);
            self.browser.press(" ");
            self.down_to(value);
        } else {
            self.touch(&format!("{group}[value='{value}']"));
        }
        self.must_be_checked(&format!("{group}[value='{value}']"));
    }

    fn must_be_checked(&self, selector: &str) {
        let checked = format!("{selector}:checked");
        self.browser.until(&checked, |browser| browser.count(&checked) == 1);
    }

    /// Ticks a box.
    pub(super) fn tick(&self, selector: &str) {
        self.touch(selector);
        self.must_be_checked(selector);
    }

    /// Gives a field a file; the window in which one looks for it is the system's own.
    fn attach(&self, selector: &str, file: &Path) {
        self.browser.write(selector, file.to_str().unwrap());
    }

    /// Takes a photograph; where scripts run it is sent at once.
    fn photograph(&self, file: &Path) {
        let before = self.browser.count(".pictures img");
        self.attach("#change-photograph", file);
        if !self.scripts {
            self.press("change");
        }
        self.browser.until("the photograph", |browser| {
            browser.run("return document.readyState") == "complete" && browser.count(".pictures img") == before + 1
        });
        assert_eq!(self.browser.count(".done"), 1, "{}", self.main());
    }

    /// Whether somebody who leaves now is warned.
    fn is_warned(&self) -> bool {
        let leave = "return !dispatchEvent(new Event('beforeunload', {cancelable: true}))";
        self.browser.run(leave) == true
    }

    /// Presses something that leads to another page, and waits for it.
    pub(super) fn go(&self, selector: &str) {
        self.browser.run("document.documentElement.dataset.old = 'old'");
        self.touch(selector);
        self.browser.until(selector, |browser| {
            browser.run("return document.readyState === 'complete' && !document.documentElement.dataset.old") == true
        });
    }

    /// Sends a form.
    fn press(&self, verb: &str) {
        self.go(&format!("form[data-verb='{verb}'] button.button:not([name])"));
    }

    /// Takes a step, which is done.
    pub(super) fn done(&self, verb: &str) {
        self.press(verb);
        assert_eq!(self.browser.count(".done"), 1, "{verb}: {}", self.main());
    }

    /// Opens the first of what waits.
    pub(super) fn begin(&self) {
        self.open("/desk");
        assert!(self.browser.count(".tasks a") > 0, "nothing waits: {}", self.main());
        self.go(".tasks a");
    }

    /// To a part of the desk, which on a small window stands in the menu.
    pub(super) fn part(&self, list: &str) {
        if self.hand == Hand::Touch {
            self.touch(".to-menu a[href='#menu']");
            self.browser.until("the menu", |browser| browser.run("return location.hash") == "#menu");
        }
        self.go(&format!(".parts a[href='/desk/{list}']"));
    }

    /// To a list over the parts of the desk, and to the first thing in it.
    pub(super) fn first_of(&self, list: &str) {
        self.part(list);
        self.go("tbody th a");
    }

    fn write_idea(&self, name: &str) {
        self.write("#create-product_name", name);
        self.radio("create", "kind", "new");
        self.choose("#create-criteria_set", "mat-ong");
        self.write("#create-description", "Mật ong rừng, quay ly tâm");
        self.write("#create-target_value", "600.000.000");
        self.write("#create-packaging", "Hũ thủy tinh");
    }
}

/// Files as people have them.
struct Files {
    _folder: tempfile::TempDir,
    photos: Vec<PathBuf>,
    paper: PathBuf,
}

impl Files {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let photos = (0..2).map(|number| {
            let path = folder.path().join(format!("Ảnh {number}.jpg"));
            std::fs::write(&path, photo(400 + 40 * number, 300)).unwrap();
            path
        });
        let (photos, paper) = (photos.collect(), folder.path().join("Giấy.pdf"));
        std::fs::write(&paper, A_PDF.bytes).unwrap();
        Self { _folder: folder, photos, paper }
    }
}

/// A cooperative registers, and is confirmed; it is signed in then.
fn registered(walk: &Walk, look: Look, commune: &Walker) -> Walker {
    let producer = Walker::new(&walk.province, look);
    producer.open("/");
    producer.go("footer a[href='/register']");
    producer.write("#register-producer-name", "Hợp tác xã Mật ong Sơn Kim");
    producer.radio("register", "producer.kind", "cooperative");
    producer.write("#register-producer-identity_number", "3000123456");
    producer.choose("#register-producer-commune_code", "18196");
    producer.write("#register-producer-address", "Thôn Kim Cương");
    producer.write("#register-producer-representative", "Nguyễn Thị Hoa");
    producer.write("#register-account-name", "Nguyễn Thị Hoa");
    producer.write("#register-account-username", "htx-son-kim");
    producer.write("#register-account-password", PASSWORD);
    // The phone was forgotten: it is told, and nothing else is to be written again but the password.
    producer.press("register");
    assert_eq!(producer.browser.count(".summary a[href='#register-producer-phone']"), 1, "{}", producer.main());
    producer.write("#register-producer-phone", "0912 345 678");
    producer.write("#register-account-password", PASSWORD);
    producer.browser.click("#register-consent-version");
    producer.press("register");
    let code = producer.browser.text(".code strong");
    assert_eq!(producer.browser.count(".mark-pending"), 1, "{}", producer.main());

    commune.begin();
    commune.done("confirm");

    producer.open("/register");
    producer.write("#code", &code.to_lowercase());
    producer.go("#receipt button");
    assert_eq!(producer.browser.count(".mark-confirmed"), 1, "{}", producer.main());
    producer.go("main a[href='/desk/sign-in']");
    producer.sign_in("htx-son-kim");
    producer
}

/// From an idea to a plan that is approved, returned once on its way.
fn approved(producer: &Walker, commune: &Walker, district: &Walker, office: &Walker) {
    producer.go("main a[href='/desk/ideas/new']");
    producer.write_idea("Mật ong Sơn Kim");
    producer.done("create");
    producer.done("submit");
    commune.begin();
    commune.write("#forward-note", "Xã đồng ý");
    commune.done("forward");
    district.begin();
    district.done("select");
    office.begin();
    office.done("accept");

    // The task is the form of the plan itself.
    producer.begin();
    assert!(!producer.is_warned());
    producer.write("#create-finance-0-own", "100.000.000");
    if producer.scripts {
        let sum = "return document.querySelector('tfoot .sum').textContent.replace(/[.,]/g, '')";
        producer.browser.until("the sum", |browser| browser.run(sum) == "100000000");
    }
    assert_eq!(producer.is_warned(), producer.scripts);
    producer.go("button[name='more'][value='finance']");
    let sums = producer.browser.texts("tbody .sum").iter().map(|sum| sum.replace(['.', ','], "")).collect::<Vec<_>>();
    assert_eq!((sums.len(), sums[0].as_str()), (5, "100000000"), "{sums:?}");
    producer.write("#create-capacity", "2000 lít");
    producer.write("#create-market", "Trong tỉnh");
    producer.write("#create-materials", "Ong nội");
    producer.write("#create-technology", "Quay ly tâm");
    producer.done("create");
    producer.done("submit");
    district.begin();
    district.write("#return-note", "Ghi rõ vốn vay");
    district.done("return");
    producer.begin();
    assert!(producer.main().contains("Ghi rõ vốn vay"));
    producer.write("#change-finance-0-loan", "20.000.000");
    producer.done("change");
    producer.done("submit");
    district.begin();
    district.done("approve");
}

/// A dossier with pictures, papers and own marks, handed in, sent back and handed in again.
fn dossier(producer: &Walker, district: &Walker, files: &Files) {
    producer.begin();
    producer.go("main dd a[href^='/desk/products/']");
    for photo in &files.photos {
        producer.attach("#add-picture-file", photo);
        producer.done("add-picture");
    }
    assert_eq!(producer.browser.count(".pictures img"), 2, "{}", producer.main());
    producer.choose("#add-document-kind", "food_safety_certificate");
    producer.write("#add-document-number", "28/2021");
    producer.write("#add-document-valid_until", "22/02/2024");
    producer.attach("#add-document-file", &files.paper);
    producer.done("add-document");

    producer.begin();
    producer.tick("form[data-verb='change'] input[name='documents.0']");
    producer.done("change");
    producer.go("main a[href$='/criteria']");
    producer.radio("change", "self_marks.0.option", "1");
    producer.radio("change", "self_marks.2.option", "2");
    // What was chosen is saved on the way to a criterion, where photographs are taken one after the other.
    producer.go("form[data-verb='change'] button[value='1.1']");
    files.photos.iter().for_each(|photo| producer.photograph(photo));
    producer.tick("input[name='evidence.2']");
    producer.done("change");
    assert_eq!(producer.browser.count("ul.papers li"), 3, "{}", producer.main());
    producer.go("form[data-verb='change'] button[value='list']");
    assert_eq!(producer.browser.count(".papers a"), 3, "{}", producer.main());
    producer.must_be_checked("input[name='self_marks.2.option'][value='2']");
    producer.go("main p.soft a[href^='/desk/dossiers/']");
    producer.done("submit");
    district.first_of("dossiers");
    district.write("#return-note", "Thiếu phiếu kiểm nghiệm");
    district.done("return");
    producer.begin();
    assert!(producer.main().contains("Thiếu phiếu kiểm nghiệm"));
    producer.go("main a[href$='/criteria']");
    producer.radio("change", "self_marks.4.option", "1");
    producer.done("change");
    producer.go("main p.soft a[href^='/desk/dossiers/']");
    producer.done("submit");
}

/// A commune enters a farmer without a phone of their own, and what the farmer wants to bring in.
fn on_behalf(commune: &Walker, files: &Files) {
    commune.part("producers");
    commune.go("main a[href='/desk/producers/new']");
    commune.write("#create-name", "Hộ ông Trần Văn Cam");
    commune.radio("create", "kind", "household");
    commune.write("#create-identity_number", "042090001234");
    commune.write("#create-address", "Thôn 5");
    commune.write("#create-representative", "Trần Văn Cam");
    commune.write("#create-phone", "0239 3875 555");
    commune.done("create");
    commune.go("main a[href^='/desk/ideas/new']");
    commune.write_idea("Cam bù Trần Văn Cam");
    commune.done("create");
    assert!(commune.main().contains("Hộ ông Trần Văn Cam"), "{}", commune.main());
    commune.attach("#add-paper-file", &files.paper);
    commune.done("add-paper");
    commune.done("submit");
}

/// Thirty ideas go up level by level, a letter each; the office accepts them.
fn thirty(walk: &Walk, office: &Walker) {
    let producer = desk_browser::Browser::signed_in(&walk.province, "producer-439");
    for number in 0..30 {
        let idea = producer.done(&crate::desk::idea(&producer, &format!("Kẹo cu đơ {number}")));
        producer.take(idea.split('?').next().unwrap(), "submit", &[]);
    }
    for (username, state) in [("commune-439", "submitted"), ("district-439", "forwarded")] {
        let officer = desk_browser::Browser::signed_in(&walk.province, username);
        let page = officer.page(&format!("/desk/ideas?state={state}&q=keo&chosen=all"));
        officer.done(&desk_browser::form(&page, "letter").with("letter_number", "7/CV"));
    }
    office.part("ideas");
    office.choose("#filter-state", "selected");
    office.go("form.filters button");
    office.go("form[data-verb='letter'] a[href*='chosen=all']");
    office.write("#letter-letter_number", "15/QĐ-VPĐP");
    office.done("letter");
    assert_eq!(office.browser.count("main ol a"), 30, "{}", office.main());
}

fn walked(engine: Engine, look: Look) {
    if !is_at_hand() || (engine == Engine::Postgresql && !has_postgresql()) {
        return;
    }
    let (walk, files) = (Walk::new(engine), Files::new());
    let [commune, district, office] =
        ["commune-439", "district-439", "office"].map(|username| Walker::signed_in(&walk.province, look, username));
    let producer = registered(&walk, look, &commune);
    approved(&producer, &commune, &district, &office);
    dossier(&producer, &district, &files);
    on_behalf(&commune, &files);
    thirty(&walk, &office);
    for walker in [&producer, &commune, &district, &office] {
        let complaints = walker.browser.complaints();
        let unexpected: Vec<_> = complaints.iter().filter(|complaint| !complaint.contains("status of 422")).collect();
        assert!(unexpected.is_empty(), "{unexpected:?}");
    }
}

#[test]
fn by_mouse() {
    walked(Engine::Sqlite, Look { hand: Hand::Mouse, language: "vi", scripts: true });
}

#[test]
fn without_scripts() {
    walked(Engine::Postgresql, Look { hand: Hand::Mouse, language: "vi", scripts: false });
}

#[test]
fn by_touch_on_a_small_window_in_english() {
    walked(Engine::Postgresql, Look { hand: Hand::Touch, language: "en", scripts: true });
}

#[test]
fn by_the_keyboard_alone() {
    walked(Engine::Postgresql, Look { hand: Hand::Keyboard, language: "vi", scripts: true });
}
