//! Under a limit of one gibibyte the process lives, answers scans and gives memory back, whatever is asked of it at once.
//!
//! The limit is a control group's: it counts what is really used. A limit of the address space would count what the allocator
//! and the stacks of threads have set aside and never touched.

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use image::{ImageEncoder, codecs::png::PngEncoder};
use reqwest::blocking::RequestBuilder;
use reqwest::blocking::multipart::{Form, Part};
use serde_json::json;

use super::{LONGEST_RECOVERY, until};
use crate::durable::{self, Program};
use crate::engine::on_both;
use crate::province::{PASSWORD, client};
use crate::walk::{Walk, phone_in, shop_form};

const MEBIBYTE: u64 = 1024 * 1024;
const LIMIT: u64 = 1024 * MEBIBYTE;
/// What a service at rest may keep, with room for what the allocator holds ready.
const AT_REST: u64 = 400 * MEBIBYTE;
/// A scan's answer at the median, of a program that is built for debugging beside other tests.
const LONGEST_SCAN: Duration = Duration::from_secs(2);

/// A label of sixty millimetres has four million dots.
const LONGEST_LABEL: usize = 48 * 1024;

/// A control group with a limit of memory, of either version.
struct Limited {
    group: PathBuf,
    used: &'static str,
}

impl Limited {
    /// None where nobody may make one, which no installation changes: then it is said.
    fn new() -> Option<Self> {
        let name = format!("ocop-test-{}", std::process::id());
        let first = ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes");
        let second = ("/sys/fs/cgroup", "memory.max", "memory.current");
        let made = [first, second].into_iter().find_map(|(root, limit, used)| {
            let group = PathBuf::from(root).join(&name);
            std::fs::create_dir(&group).ok()?;
            if std::fs::write(group.join(limit), LIMIT.to_string()).is_ok() {
                return Some(Self { group, used });
            }
            std::fs::remove_dir(&group).ok()?;
            None
        });
        if made.is_none() {
            eprintln!("skipped: no control group of memory can be made here");
        }
        made
    }

    /// A command that runs within it from its first byte on.
    fn command(&self, command: &Command) -> Command {
        let mut within = Command::new("sh");
        within.args(["-c", "echo $$ >\"$0/cgroup.procs\" && exec \"$@\""]).arg(&self.group).arg(command.get_program());
        within.args(command.get_args());
        within.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        within
    }

    /// What is used, but for pages of files, which are given back as soon as somebody needs them.
    fn used(&self) -> u64 {
        let read = |name: &str| std::fs::read_to_string(self.group.join(name)).unwrap_or_default();
        let of = |stat: &str, name: &str| -> Option<u64> {
            stat.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.trim().parse().ok())
        };
        let stat = read("memory.stat");
        of(&stat, "rss").or_else(|| of(&stat, "anon")).or_else(|| read(self.used).trim().parse().ok()).unwrap()
    }
}

impl Drop for Limited {
    fn drop(&mut self) {
        let began = Instant::now();
        while std::fs::remove_dir(&self.group).is_err() {
            if began.elapsed() > LONGEST_RECOVERY {
                eprintln!("{} stays", self.group.display());
                return;
            }
            crate::pace::pause();
        }
    }
}

/// How many bytes a process held at most.
fn highest(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let kibibytes = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    kibibytes.unwrap().parse::<u64>().unwrap() * 1024
}

/// Which of what is asked nobody may have been given: a picture of too many dots and a text that is too long are refused always, a
/// stranger's photograph where those before it take long.
const REFUSED: [usize; 3] = [4, 5, 7];

/// A small file with as many dots as a picture may have.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut png = Vec::new();
    let dots = vec![0; usize::try_from(width * height * 3).unwrap()];
    PngEncoder::new(&mut png).write_image(&dots, width, height, image::ExtendedColorType::Rgb8).unwrap();
    png
}

#[test]
fn under_one_gibibyte_the_process_lives_and_answers_scans_whatever_is_asked() {
    on_both(|engine| {
        let Some(limited) = Limited::new() else { return };
        let mut walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let stamp = walk.activated(&walk.here, &product, 1).remove(0);
        let order = walk.issued(&walk.here, &product, 5000);
        let folder = walk.province.storage().data_dir.parent().unwrap().to_owned();
        walk.province.stop();
        let command = durable::command(&folder, &walk.province.database_url, &["serve"]);
        let mut program = Program::started(limited.command(&command));
        let (client, address) = (client().timeout(Duration::from_secs(120)).build().unwrap(), program.address.clone());
        let (client, url) = (&client, |path: &str| format!("http://{address}{path}"));
        let (decodable, beyond) = (bomb(6000, 4000), bomb(9000, 9000));
        let part = |bytes: &[u8]| Part::bytes(bytes.to_vec()).file_name("a.png").mime_str("image/png").unwrap();
        let (producer, office) = (&walk.here.producer.token, &walk.office.token);
        let (url, part, decodable, beyond) = (&url, &part, &decodable, &beyond);
        let (order, product, stamp) = (&order, &product, &stamp);

        let heavy: [&(dyn Fn(usize) -> RequestBuilder + Sync); 8] = [
            &|number| {
                let labels =
                    format!("/api/v1/stamp-orders/{order}/labels.zip?format=png&size_mm=60&from=1&to={}", 100 + number);
                client.get(url(&labels)).bearer_auth(producer)
            },
            &|number| {
                let labels = format!("/api/v1/stamp-orders/{order}/labels.pdf?size_mm=12&from=1&to={}", 200 + number);
                client.get(url(&labels)).bearer_auth(office)
            },
            &|_| client.get(url(&format!("/api/v1/stamp-orders/{order}/codes.csv"))).bearer_auth(producer),
            &|_| {
                let pictures = format!("/api/v1/products/{product}/pictures");
                client.post(url(&pictures)).bearer_auth(producer).multipart(Form::new().part("file", part(decodable)))
            },
            &|_| {
                let pictures = format!("/api/v1/products/{product}/pictures");
                client.post(url(&pictures)).bearer_auth(producer).multipart(Form::new().part("file", part(beyond)))
            },
            &|number| {
                let form = Form::new().text("text", format!("Bao bì khác {number}")).text("consent", "1");
                client.post(url(&format!("/t/{stamp}/doubts"))).multipart(form.part("file", part(decodable)))
            },
            &|_| client.post(url("/api/v1/auth/token")).json(&json!({"username": "admin", "password": PASSWORD})),
            &|_| {
                let mut form = shop_form("Điểm", "18133");
                form["address"] = "x".repeat(500 * 1024).into();
                client.post(url("/api/v1/shops")).bearer_auth(office).json(&form)
            },
        ];
        let (is_over, answered) = (AtomicBool::new(false), heavy.map(|_| AtomicUsize::new(0)));
        let scan = |number: u32| {
            let (began, from) = (Instant::now(), phone_in(number % 4).to_string());
            let scanned = client.get(url(&format!("/t/{stamp}"))).header("x-forwarded-for", from).send().unwrap();
            assert_eq!(scanned.status(), 200, "a scan is refused");
            began.elapsed()
        };
        let mut scans: Vec<Duration> = std::thread::scope(|scope| {
            let asked: Vec<_> = (0..3)
                .flat_map(|number| heavy.iter().zip(&answered).map(move |(ask, answered)| (number, ask, answered)))
                .map(|(number, ask, answered)| {
                    scope.spawn(move || {
                        let from = phone_in(100 + u32::try_from(number).unwrap()).to_string();
                        let reply = ask(number).header("x-forwarded-for", from).send().expect("the process lives");
                        let status = reply.status().as_u16();
                        assert!(reply.bytes().is_ok(), "an answer broke off");
                        // Whoever asks for too much at once is told to come back; nobody finds the service broken.
                        assert!(status < 500 || status == 503, "{status}");
                        if status < 300 {
                            answered.fetch_add(1, Ordering::Relaxed);
                        }
                    })
                })
                .collect();
            let scans =
                scope.spawn(|| (0..).take_while(|_| !is_over.load(Ordering::Relaxed)).map(scan).collect::<Vec<_>>());
            let asked: Vec<_> = asked.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
            is_over.store(true, Ordering::Relaxed);
            asked.into_iter().for_each(|asked| asked.unwrap());
            scans.join().unwrap()
        });
        assert!(program.child.try_wait().unwrap().is_none(), "the process lives");
        scans.sort_unstable();
        let median = scans[scans.len() / 2];
        let answered = answered.map(AtomicUsize::into_inner);
        let most = highest(program.child.id()) / MEBIBYTE;
        eprintln!("{engine:?}: {answered:?} answered, at most {most} MiB, {} scans, median {median:?}", scans.len());
        for (kind, answered) in answered.iter().enumerate().filter(|(kind, _)| !REFUSED.contains(kind)) {
            assert!(*answered > 0, "nobody was answered who asked for {kind}");
        }
        assert!(median < LONGEST_SCAN, "{median:?}");
        let labels = format!("/api/v1/stamp-orders/{order}/labels.zip?format=png&size_mm=60&from=1&to=10");
        let labels = client.get(url(&labels)).bearer_auth(producer).send().unwrap().bytes().unwrap();
        eprintln!("ten of the largest labels have {} bytes", labels.len());
        assert!(labels.len() < 10 * LONGEST_LABEL, "ten of the largest labels have {} bytes", labels.len());
        until("memory is given back", || limited.used() < AT_REST);
        drop(program);
    });
}
