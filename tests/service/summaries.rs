//! The daily summary of tasks, sent to a real mail server: once a day, to whom something waits for, naming nobody.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use ocop::account::openid_store::OpenIdLink;
use ocop::account::{openid, openid_store, own_step};
use ocop::db::AnyConnection;
use reqwest::Method;
use serde_json::{Value, json};

use crate::desk_browser::{Browser, form};
use crate::engine::{Engine, has, on_both, on_both_at_once};
use crate::province::Person;
use crate::walk::Walk;

/// Debian's Python, which has aiosmtpd.
const PYTHON: &str = "/usr/bin/python3";

/// A mail server of its own; ends with the test.
struct MailServer {
    url: String,
    letters: Receiver<Value>,
    child: Child,
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl MailServer {
    fn start(arguments: &[&str]) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/service/mail_server.py");
        let mut command = Command::new(PYTHON);
        let mut child =
            command.arg(script).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.next().unwrap().unwrap();
        let (sender, letters) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if sender.send(serde_json::from_str(&line).unwrap()).is_err() {
                    break;
                }
            }
        });
        Self { url: format!("smtp://127.0.0.1:{port}"), letters, child }
    }

    /// The next letter that it takes.
    fn letter(&self) -> Value {
        self.letters.recv_timeout(Duration::from_secs(60)).expect("a letter comes")
    }
}

fn has_mail_server() -> bool {
    has(PYTHON, &["-c", "import aiosmtpd"])
}

const FROM: &str = "OCOP Hà Tĩnh <ocop@example.vn>";

/// Monday, one hour after summaries are due, and so much later.
fn clock(later: &str) -> String {
    format!("2021-02-22T{later}:00+07:00")
}

fn mailing<'a>(url: &'a str, clock: &'a str) -> [&'a str; 6] {
    ["--smtp-url", url, "--smtp-from", FROM, "--clock", clock]
}

fn set_contact(walk: &Walk, who: &Person, of: &Person, body: Value) {
    walk.province.step(who, &format!("/accounts/{}", of.id), "set-contact", body).ok();
}

fn summaries(walk: &Walk) -> Vec<Value> {
    walk.province.all(&walk.admin, "/summaries")
}

/// The summaries once they are as `is_settled` has it: the service sends them when it comes to it.
fn settled(walk: &Walk, is_settled: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    let end = Instant::now() + Duration::from_secs(90);
    while Instant::now() < end {
        let told = summaries(walk);
        if is_settled(&told) {
            return told;
        }
        crate::pace::pause();
    }
    panic!("they do not settle: {:?}", summaries(walk))
}

fn of<'a>(told: &'a [Value], person: &Person) -> &'a Value {
    told.iter().find(|summary| summary["account_id"] == person.id.as_str()).unwrap()
}

fn has_ended(summary: &Value) -> bool {
    summary["state"] != "sending"
}

#[test]
fn everybody_whom_something_waits_for_gets_one_letter_that_names_nobody() {
    if !has_mail_server() {
        return;
    }
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        walk.submitted_idea(&walk.here, "Mật ong Sơn Kim");
        walk.submitted_idea(&walk.here, "Kẹo cu đơ");
        walk.idea(&walk.here, "Bưởi Phúc Trạch");
        let (producer, commune) = (walk.here.producer.clone(), walk.here.commune.clone());
        set_contact(&walk, &producer, &producer, json!({"email": " producer@example.vn ", "language": "en"}));
        set_contact(&walk, &walk.admin, &commune, json!({"email": "commune@example.vn"}));
        set_contact(&walk, &walk.office, &walk.office, json!({"email": "office@example.vn"}));
        set_contact(
            &walk,
            &walk.there.commune,
            &walk.there.commune,
            json!({"email": "off@example.vn", "daily_summary": false}),
        );
        let server = MailServer::start(&[]);
        walk.province.restart(&mailing(&server.url, &clock("08:00")));
        let twin = walk.province.twin_with(&mailing(&server.url, &clock("08:00")));
        let told = settled(&walk, |told| told.len() == 3 && told.iter().all(has_ended));
        let states: Vec<&Value> = [&producer, &commune, &walk.office].map(|who| &of(&told, who)["state"]).into();
        assert_eq!(states, ["sent", "sent", "empty"], "{told:?}");
        let mut letters = [server.letter(), server.letter()];
        letters.sort_by_key(|letter| letter["to"].to_string());
        let [to_commune, to_producer] = &letters;
        assert_eq!(to_commune["to"], json!(["commune@example.vn"]));
        assert_eq!(to_commune["subject"], "OCOP: 2 việc đang chờ");
        let text = to_commune["text"].as_str().unwrap();
        assert!(text.contains("- Chuyển ý tưởng kèm ý kiến: 2; sớm nhất 04/03/2021 (10 ngày kể từ khi nhận"), "{text}");
        assert_eq!(to_commune["automatic"], "auto-generated");
        assert!(text.contains("/desk\n"), "{text}");
        assert_eq!(
            (&to_producer["subject"], &to_producer["from"]),
            (&json!("OCOP: 1 waiting"), &json!("ocop@example.vn"))
        );
        assert!(to_producer["text"].as_str().unwrap().contains("Hand the idea in: 1; the first by 31 Mar 2021"));
        for letter in &letters {
            for name in ["Mật", "Kẹo", "Bưởi", "Sơn Kim", "HTX", "Nguyễn"] {
                assert!(!letter.to_string().contains(name), "{name}: {letter}");
            }
        }
        drop(twin);
        // On the same day it is sent no more, and on Saturday nothing is.
        for later in [clock("15:00"), "2021-02-27T09:00:00+07:00".to_owned()] {
            walk.province.restart(&mailing(&server.url, &later));
        }
        // On the next working day again.
        walk.province.restart(&mailing(&server.url, "2021-03-01T07:00:00+07:00"));
        let told = settled(&walk, |told| told.len() == 6 && told.iter().all(has_ended));
        assert!(told.iter().all(|summary| ["2021-02-22", "2021-03-01"].contains(&summary["day"].as_str().unwrap())));
        let next = [server.letter(), server.letter()];
        assert!(next.iter().all(|letter| letters.iter().all(|first| first["id"] != letter["id"])));
        assert!(server.letters.try_recv().is_err());
    });
}

#[test]
fn what_is_refused_is_tried_three_times_and_told_to_the_administrator() {
    if !has_mail_server() {
        return;
    }
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        walk.submitted_idea(&walk.here, "Mật ong");
        walk.idea(&walk.here, "Kẹo cu đơ");
        let (producer, commune) = (walk.here.producer.clone(), walk.here.commune.clone());
        set_contact(&walk, &producer, &producer, json!({"email": "later@example.vn"}));
        set_contact(&walk, &commune, &commune, json!({"email": "refused@example.vn"}));
        let server = MailServer::start(&[]);
        for (attempt, (later, state)) in
            [("08:00", "waiting"), ("08:06", "waiting"), ("08:40", "failed"), ("12:00", "failed")].iter().enumerate()
        {
            walk.province.restart(&mailing(&server.url, &clock(later)));
            let attempts = json!(3.min(attempt + 1));
            let is_tried = |told: &[Value]| {
                told.len() == 2 && told.iter().all(has_ended) && of(told, &producer)["attempts"] == attempts
            };
            let told = settled(&walk, is_tried);
            let known = |who, name: &str| of(&told, who)[name].clone();
            assert_eq!((known(&producer, "state"), known(&producer, "failure")), (json!(state), json!("refused 451")));
            assert_eq!((known(&commune, "state"), known(&commune, "attempts")), (json!("failed"), json!(1)));
            assert_eq!(known(&commune, "failure"), "refused 550");
        }
        assert!(server.letters.try_recv().is_err());
        let page = Browser::signed_in(&walk.province, "admin").page("/desk/summaries");
        assert!(page.contains("máy chủ thư từ chối, mã 550") && page.contains("Không gửi được"), "{page}");
        assert!(!page.contains("example.vn"));
        assert_eq!(Browser::signed_in(&walk.province, "office").get("/desk/summaries").status, 403);
        walk.province.get(&walk.office, "/summaries").refused(403, "forbidden");
    });
}

#[test]
fn a_server_that_is_down_or_mute_gets_the_letter_later_and_one_that_hangs_gets_it_once() {
    if !has_mail_server() {
        return;
    }
    on_both_at_once(|engine| {
        let mut walk = Walk::new(engine);
        walk.submitted_idea(&walk.here, "Mật ong");
        let commune = walk.here.commune.clone();
        set_contact(&walk, &commune, &commune, json!({"email": "slow@example.vn"}));
        let down = {
            let taken = TcpListener::bind("127.0.0.1:0").unwrap();
            format!("smtp://{}", taken.local_addr().unwrap())
        };
        let mute = MailServer::start(&["mute"]);
        let told_as = |walk: &Walk, state: &str| {
            let told = settled(walk, |told| told.len() == 1 && told[0]["state"] == state);
            (told[0]["failure"].clone(), told[0]["attempts"].clone())
        };
        walk.province.restart(&mailing(&down, &clock("08:00")));
        assert_eq!(told_as(&walk, "waiting"), (json!("unreachable"), json!(1)));
        walk.province.restart(&mailing(&mute.url, &clock("08:06")));
        let told = settled(&walk, |told| told[0]["attempts"] == 2 && has_ended(&told[0]));
        assert_eq!((&told[0]["state"], &told[0]["failure"]), (&json!("waiting"), &json!("unreachable")));
        // This one takes the letter and never says so: whether it arrived nobody knows, so it is not sent again.
        let server = MailServer::start(&[]);
        walk.province.restart(&mailing(&server.url, &clock("08:40")));
        assert_eq!(server.letter()["to"], json!(["slow@example.vn"]));
        assert_eq!(told_as(&walk, "unknown"), (json!("broken_off"), json!(3)));
        walk.province.restart(&mailing(&server.url, &clock("14:00")));
        assert_eq!(summaries(&walk)[0]["state"], "unknown");
        assert!(server.letters.try_recv().is_err());
    });
}

#[test]
fn a_letter_that_was_under_way_when_the_service_ended_is_not_sent_again() {
    if !has_mail_server() {
        return;
    }
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        walk.submitted_idea(&walk.here, "Mật ong");
        let commune = walk.here.commune.clone();
        set_contact(&walk, &commune, &commune, json!({"email": "slow@example.vn"}));
        let server = MailServer::start(&[]);
        walk.province.restart(&mailing(&server.url, &clock("08:00")));
        server.letter();
        walk.province.restart(&mailing(&server.url, &clock("08:20")));
        let told = settled(&walk, |told| told.len() == 1 && told[0]["state"] == "unknown");
        assert_eq!((&told[0]["failure"], &told[0]["attempts"]), (&json!("left_behind"), &json!(1)));
        assert!(server.letters.try_recv().is_err());
    });
}

#[test]
fn who_is_reminded_of_a_sheet_gets_one_letter_that_names_nothing() {
    if !has_mail_server() {
        return;
    }
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        let council = walk.council("439", 1, 3);
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        let item = walk.agenda_item(&council, &candidate.dossier);
        let path = format!("/agenda-items/{item}");
        // Before the summaries of the day.
        walk.province.restart(&["--clock", &clock("05:00")]);
        walk.province.step(council.chair(), &path, "open-scoring", json!({})).ok();
        let [late, in_time] = [1, 2].map(|seat| council.scorers[seat].clone());
        for (person, email) in [(&late, "late@example.vn"), (&in_time, "in-time@example.vn")] {
            set_contact(&walk, person, person, json!({"email": email}));
            walk.write_sheet(person, &item, &walk.marks(60));
        }
        walk.province.step(council.chair(), &path, "remind", json!({})).ok();
        // Handed in before the letter is sent: it is sent no more.
        walk.province.step(&in_time, &format!("{path}/sheet"), "submit", json!({})).ok();
        let server = MailServer::start(&[]);
        walk.province.restart(&mailing(&server.url, &clock("05:01")));
        let twin = walk.province.twin_with(&mailing(&server.url, &clock("05:01")));
        let letter = server.letter();
        assert_eq!(letter["to"], json!(["late@example.vn"]));
        assert_eq!(letter["subject"], "OCOP: nhắc nộp phiếu đánh giá");
        let text = letter["text"].as_str().unwrap();
        assert!(text.contains("22/02/2021 05:00") && text.contains("/desk\n"), "{text}");
        assert!(!letter.to_string().contains("Mật"), "{letter}");
        drop(twin);
        // Each program looks once more at its start.
        walk.province.restart(&mailing(&server.url, &clock("05:02")));
        walk.idea(&walk.here, "Kẹo cu đơ");
        set_contact(&walk, &walk.here.producer, &walk.here.producer, json!({"email": "producer@example.vn"}));
        walk.province.restart(&mailing(&server.url, &clock("08:00")));
        let next: Vec<Value> = (0..2).map(|_| server.letter()).collect();
        assert!(next.iter().all(|letter| letter["subject"].as_str().unwrap().contains("đang chờ")), "{next:?}");
    });
}

#[test]
fn what_is_done_with_an_account_is_told_to_its_owner_and_to_every_other_administrator() {
    if !has_mail_server() {
        return;
    }
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        let other = walk.province.hire("other-admin", "administrator", None, None);
        let (reset, ended, admin) = (walk.here.commune.clone(), walk.there.commune.clone(), walk.admin.clone());
        let english = json!({"email": "other@example.vn", "language": "en"});
        set_contact(&walk, &admin, &admin, json!({"email": "admin@example.vn"}));
        set_contact(&walk, &other, &other, english);
        // Who wants no summaries is told this all the same.
        set_contact(&walk, &reset, &reset, json!({"email": "commune@example.vn", "daily_summary": false}));
        let note = json!({"note": "Mất điện thoại"});
        let made = walk.province.step(&admin, &format!("/accounts/{}", reset.id), "reset-password", note).ok();
        let secret = made["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        walk.province.step(&other, &format!("/accounts/{}", ended.id), "end", json!({"note": "Nghỉ việc"})).ok();

        // Before summaries are due, so that nothing else goes out.
        let server = MailServer::start(&[]);
        walk.province.restart(&mailing(&server.url, &clock("06:00")));
        let twin = walk.province.twin_with(&mailing(&server.url, &clock("06:00")));
        let mut letters = [server.letter(), server.letter(), server.letter()];
        letters.sort_by_key(|letter| letter["to"].to_string());
        let [to_admin, to_commune, to_other] = letters;
        let text = |letter: &Value| letter["text"].as_str().unwrap().to_owned();
        assert_eq!(to_admin["to"], json!(["admin@example.vn"]));
        assert!(text(&to_admin).contains("Ông other-admin đã thực hiện với tài khoản của Ông commune-440"));
        assert!(text(&to_admin).contains("Chấm dứt tài khoản"), "{to_admin}");
        assert_eq!(to_commune["to"], json!(["commune@example.vn"]));
        assert!(text(&to_commune).contains("với tài khoản của ông/bà: Lập liên kết đặt mật khẩu"), "{to_commune}");
        assert_eq!(
            (&to_other["to"], &to_other["subject"]),
            (&json!(["other@example.vn"]), &json!("OCOP: an account was changed"))
        );
        assert!(
            text(&to_other).contains("the account of Ông commune-439: Make a link for a new password"),
            "{to_other}"
        );
        for letter in [&to_admin, &to_commune, &to_other] {
            for hidden in [secret.as_str(), "Mất điện thoại", "Nghỉ việc"] {
                assert!(!letter.to_string().contains(hidden), "{hidden}: {letter}");
            }
        }
        drop(twin);
        // Once each; what comes next is the next step's.
        walk.province.step(&other, &format!("/accounts/{}", reset.id), "end", json!({"note": "Nghỉ việc"})).ok();
        walk.province.restart(&mailing(&server.url, &clock("06:01")));
        let mut next = [server.letter(), server.letter()];
        next.sort_by_key(|letter| letter["to"].to_string());
        assert_eq!(next.each_ref().map(|letter| &letter["to"][0]), ["admin@example.vn", "commune@example.vn"]);
        assert!(next.iter().all(|letter| text(letter).contains("Chấm dứt tài khoản")), "{next:?}");
        assert!(server.letters.try_recv().is_err());
    });
}

#[test]
fn who_linked_an_account_is_told_to_its_owner_alone() {
    if !has_mail_server() {
        return;
    }
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        let (admin, owner) = (walk.admin.clone(), walk.here.commune.clone());
        set_contact(&walk, &admin, &admin, json!({"email": "admin@example.vn"}));
        set_contact(&walk, &owner, &owner, json!({"email": "commune@example.vn"}));
        let (account, now) = (owner.id.parse().unwrap(), walk.province.app.clock.now());
        let link = OpenIdLink { issuer: "https://id.example.vn".into(), subject: "mai".into(), linked_at: now };
        let linked = |connection: &mut AnyConnection| {
            openid_store::replace(connection, account, link.clone())?;
            own_step::record(connection, account, Some(account), openid::LINK, now)
        };
        walk.province.app.database.write_now(linked).unwrap();
        let path = format!("/accounts/{}", owner.id);
        walk.province.step(&owner, &path, "unlink-openid", json!({})).ok();
        walk.province.app.database.write_now(linked).unwrap();
        walk.province.step(&admin, &path, "unlink-openid", json!({})).ok();

        let server = MailServer::start(&[]);
        walk.province.restart(&mailing(&server.url, &clock("06:00")));
        let mut letters: Vec<Value> = (0..4).map(|_| server.letter()).collect();
        assert!(letters.iter().all(|letter| letter["to"] == json!(["commune@example.vn"])), "{letters:?}");
        letters.retain(|letter| letter["text"].as_str().unwrap().contains("Liên kết tài khoản định danh"));
        assert_eq!(letters.len(), 2, "{letters:?}");
        assert!(letters.iter().all(|letter| !letter.to_string().contains("mai")), "{letters:?}");
        // What comes next is the next step's: nobody else was told of these.
        walk.province.step(&admin, &path, "end", json!({"note": "Nghỉ việc"})).ok();
        walk.province.restart(&mailing(&server.url, &clock("06:01")));
        assert!(server.letter()["text"].as_str().unwrap().contains("Chấm dứt tài khoản"));
    });
}

#[test]
fn people_say_themselves_where_their_summary_goes() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let producer = &walk.here.producer;
        let account = format!("/accounts/{}", producer.id);
        let desk = Browser::signed_in(&walk.province, "producer-439");
        let own = format!("/desk{account}");
        assert!(desk.page("/desk").contains(&format!("href=\"{own}\"")));
        let filled = form(&desk.page(&own), "set-contact").with("email", "htx@example.vn").with("language", "en");
        desk.done(&filled);
        let known = walk.province.get(producer, "/me").ok();
        let told = (&known["email"], &known["language"], &known["daily_summary"]);
        assert_eq!(told, (&json!("htx@example.vn"), &json!("en"), &json!(true)));
        let wrong = form(&desk.page(&own), "set-contact").with("email", "htx at example");
        let reply = desk.send(&wrong);
        assert!(reply.status == 422 && reply.text.contains("không hợp lệ"), "{}", reply.text);
        let off = form(&desk.page(&own), "set-contact").without("daily_summary");
        desk.done(&off);
        assert_eq!(walk.province.get(producer, "/me").ok()["daily_summary"], false);
        // Others neither read nor write it, and no history tells it.
        let reply =
            walk.province.at_version(Method::POST, &walk.office, &format!("{account}/set-contact"), 2, json!({}));
        assert_eq!(reply.status, 404);
        assert!(!walk.province.get(&walk.office, "/accounts").text.contains("example.vn"));
        assert!(!walk.province.get(producer, &format!("{account}/history")).text.contains("example.vn"));
        set_contact(&walk, &walk.admin, producer, json!({"email": null}));
        assert_eq!(walk.province.get(producer, "/me").ok()["email"], Value::Null);
    });
}

#[test]
fn a_bad_setting_of_mail_stops_the_start_and_says_why() {
    let folder = crate::engine::new_folder();
    let url = Engine::Sqlite.new_database(folder.path());
    let ocop = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ocop"));
        command.args(arguments).env("OCOP_DATABASE_URL", &url).env("OCOP_DATA_DIR", folder.path().join("data"));
        command.env("OCOP_LISTEN", "127.0.0.1:0").output().unwrap()
    };
    assert!(ocop(&["migrate"]).status.success());
    for (arguments, told) in [
        (["--smtp-url", "smtp://u:secret@mail.example.vn", "--smtp-from", FROM], "without encryption"),
        (["--smtp-url", "mail://u:secret@mail.example.vn", "--smtp-from", FROM], "OCOP_SMTP_URL"),
        (["--smtp-url", "smtp://127.0.0.1", "--smtp-from", "nobody"], "OCOP_SMTP_FROM"),
        (["--smtp-url", "smtp://127.0.0.1", "--summary-hour", "24"], "--summary-hour"),
    ] {
        let output = ocop(&[&["serve"], &arguments[..]].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(told) && !said.contains("secret"), "{said}");
    }
}

#[test]
fn the_head_of_the_newest_seal_goes_out_once_a_day() {
    if !has_mail_server() {
        return;
    }
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        walk.submitted_idea(&walk.here, "Mật ong Sơn Kim");
        walk.province.seal();
        let server = MailServer::start(&[]);
        let folder = crate::engine::new_folder();
        let file = folder.path().join("heads");
        std::fs::write(&file, "# kept by Lan\n").unwrap();
        let path = file.to_str().unwrap().to_owned();
        let clock = clock("08:00");
        let flags =
            [&mailing(&server.url, &clock)[..], &["--heads-file", &path, "--heads-mail", "lan@example.vn"]].concat();
        walk.province.restart(&flags);
        // The file is written before the letter goes.
        let letter = server.letter();
        assert_eq!(letter["to"], json!(["lan@example.vn"]));
        let kept = std::fs::read_to_string(&file).unwrap();
        let (day, head) = kept.lines().nth(1).unwrap().split_once(' ').unwrap();
        assert_eq!(day, ocop::base::Moment::real_now().day().to_string());
        assert!(letter["text"].as_str().unwrap().contains(&format!("--head {head}")), "{letter}");
        // A letter of another kind comes next: of this day no second head goes out.
        set_contact(&walk, &walk.office, &walk.office, json!({"email": "office@example.vn"}));
        let commune = walk.here.commune.clone();
        set_contact(&walk, &walk.admin, &commune, json!({"email": "commune@example.vn"}));
        walk.province.restart(&flags);
        assert_eq!(server.letter()["to"], json!(["commune@example.vn"]));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), kept);
        let (is_content, said) = crate::audit::verify_with(&walk.province, &["--heads", &path]);
        assert!(is_content, "{said}");
    });
}
