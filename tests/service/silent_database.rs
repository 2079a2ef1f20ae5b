//! A PostgreSQL that goes silent, or away, and comes back: nobody waits for long, and the service recovers by itself.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::{Duration, Instant};

use crate::engine::{Engine, has_postgresql, new_folder};
use crate::province::Province;

/// What the way to the database does with bytes.
const OPEN: u8 = 0;
/// Connections stay, bytes vanish: a failover, a lost NAT entry.
const SILENT: u8 = 1;
/// Whoever connects is turned away.
const CLOSED: u8 = 2;

/// A way to the database that can fail.
struct Way {
    address: SocketAddr,
    state: Arc<AtomicU8>,
}

impl Way {
    fn to(database: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, state) = (listener.local_addr().unwrap(), Arc::new(AtomicU8::new(OPEN)));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for asked in listener.incoming().map_while(Result::ok) {
                let state = Arc::clone(&shared);
                if state.load(Ordering::SeqCst) == CLOSED {
                    continue;
                }
                let Ok(database) = TcpStream::connect(&database) else { continue };
                let is_lost = Arc::new(AtomicBool::new(false));
                for (from, to) in [(asked.try_clone(), database.try_clone()), (database.try_clone(), asked.try_clone())]
                {
                    let (from, to, state, is_lost) =
                        (from.unwrap(), to.unwrap(), Arc::clone(&state), Arc::clone(&is_lost));
                    std::thread::spawn(move || pass(from, to, &state, &is_lost));
                }
            }
        });
        Self { address, state }
    }

    fn becomes(&self, state: u8) {
        self.state.store(state, Ordering::SeqCst);
    }
}

/// Passes bytes on. A connection on which some were lost stays silent, and is given up once the way is open again, as the
/// transport gives up what nobody answers.
fn pass(mut from: TcpStream, mut to: TcpStream, state: &AtomicU8, is_lost: &AtomicBool) {
    from.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    let mut bytes = [0; 16 * 1024];
    loop {
        let (read, now) = (from.read(&mut bytes), state.load(Ordering::SeqCst));
        if now == SILENT {
            is_lost.store(true, Ordering::SeqCst);
        }
        let is_given_up = now == CLOSED || (now == OPEN && is_lost.load(Ordering::SeqCst));
        match read {
            _ if is_given_up => break,
            Ok(0) => break,
            Ok(count) if now == OPEN && to.write_all(&bytes[..count]).is_err() => break,
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => break,
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Both);
    let _ = from.shutdown(std::net::Shutdown::Both);
}

/// How long everybody is patient here, in seconds.
const PATIENCE: u64 = 2;
/// Nobody waits longer for a 503, whatever the machine does beside.
const LONGEST: Duration = Duration::from_secs(10);

#[test]
fn a_database_that_goes_silent_stops_nothing_for_good() {
    if !has_postgresql() {
        return;
    }
    let folder = new_folder();
    let url = Engine::Postgresql.new_database(folder.path());
    let authority = url.rsplit_once('@').unwrap().1.split('/').next().unwrap().to_owned();
    let way = Way::to(authority.clone());
    let through = url.replace(&authority, &way.address.to_string());
    let wait = PATIENCE.to_string();
    let province = Province::over(through, &["--database-wait", &wait, "--database-connections", "2"]);
    let admin = province.sign_in("admin");
    assert_eq!(province.public("/readyz").status, 200);

    for failure in [SILENT, CLOSED, SILENT] {
        way.becomes(failure);
        // More of them than connections: whoever waits for a turn is told as well.
        std::thread::scope(|scope| {
            for path in ["/readyz", "/units", "/me", "/accounts", "/readyz", "/me"] {
                let (province, admin) = (&province, &admin);
                scope.spawn(move || {
                    let began = Instant::now();
                    let reply = province.get(admin, path);
                    assert_eq!(reply.status, 503, "{path}: {}", reply.text);
                    assert!(reply.headers.contains_key("retry-after"));
                    assert!(began.elapsed() < LONGEST, "{path}: {:?}", began.elapsed());
                });
            }
        });
        way.becomes(OPEN);
        let began = Instant::now();
        while province.get(&admin, "/me").status != 200 {
            assert!(began.elapsed() < 3 * LONGEST, "it does not recover by itself");
            crate::pace::pause();
        }
        assert_eq!(province.get(&admin, "/accounts").status, 200);
        // It writes on the connection of scans, which is found to be lost when it is used.
        while province.public("/readyz").status != 200 {
            assert!(began.elapsed() < 3 * LONGEST, "it does not become ready by itself");
            crate::pace::pause();
        }
    }
}
