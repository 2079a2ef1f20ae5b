//! Many connections that each send a request once the one before is answered, for a while.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::demo::Outcome;

/// How many threads drive the connections.
const THREADS: usize = 2;

/// What a load came to.
#[derive(Debug, Default)]
pub struct Served {
    /// How long each answer took.
    pub took: Vec<Duration>,
    pub lasted: Duration,
}

impl Served {
    pub fn a_second(&self) -> f64 {
        f64::from(u32::try_from(self.took.len()).unwrap_or(u32::MAX)) / self.lasted.as_secs_f64()
    }

    /// The time that so many of a hundred answers took at most.
    pub fn percentile(&self, of_hundred: usize) -> Duration {
        let mut took = self.took.clone();
        took.sort_unstable();
        took.get(took.len() * of_hundred / 100).copied().unwrap_or_default()
    }
}

struct Talk {
    stream: TcpStream,
    read: Vec<u8>,
    asked: Instant,
}

impl Talk {
    fn ask(&mut self, request: &[u8]) -> Outcome<()> {
        self.asked = Instant::now();
        // A request is far smaller than what a socket takes at once.
        Ok(self.stream.write_all(request)?)
    }

    /// Reads what came; whether the answer is whole. Fails where it is none with this status.
    fn hear(&mut self, status: &str, buffer: &mut [u8]) -> Outcome<bool> {
        match self.stream.read(buffer) {
            Ok(0) => return Err("the service ended a connection".into()),
            Ok(length) => self.read.extend(buffer.iter().take(length)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        let Some(end) = self.read.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(false) };
        let head = String::from_utf8_lossy(self.read.get(..end).unwrap_or_default()).to_ascii_lowercase();
        if head.get(9..12) != Some(status) {
            return Err(format!("not {status}: {head}").into());
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).ok_or("no length")?;
        let is_whole = self.read.len() >= end + 4 + length.trim().parse::<usize>()?;
        if is_whole {
            self.read.clear();
        }
        Ok(is_whole)
    }
}

/// Drives so many connections; `request` makes the requests of a thread.
pub fn drive<R: FnMut() -> Vec<u8>>(
    address: SocketAddr,
    connections: usize,
    lasts: Duration,
    status: &str,
    request: impl Fn(usize) -> R + Sync,
) -> Outcome<Served> {
    let began = Instant::now();
    let served: Vec<Outcome<Vec<Duration>>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let request = &request;
                scope.spawn(move || talk(address, connections / THREADS, began + lasts, status, request(thread)))
            })
            .collect();
        let ended = threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err("a thread panicked".into())));
        ended.collect()
    });
    let lasted = began.elapsed();
    let took: Outcome<Vec<Vec<Duration>>> = served.into_iter().collect();
    Ok(Served { took: took?.concat(), lasted })
}

fn talk(
    address: SocketAddr,
    connections: usize,
    ends: Instant,
    status: &str,
    mut request: impl FnMut() -> Vec<u8>,
) -> Outcome<Vec<Duration>> {
    let mut talks = Vec::with_capacity(connections);
    for _ in 0..connections {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let mut talk = Talk { stream, read: Vec::new(), asked: Instant::now() };
        talk.ask(&request())?;
        talks.push(talk);
    }
    let mut buffer = vec![0; 64 * 1024];
    let mut took = Vec::new();
    let patience = Timespec { tv_sec: 10, tv_nsec: 0 };
    while Instant::now() < ends {
        let mut waiting: Vec<PollFd> = talks.iter().map(|talk| PollFd::new(&talk.stream, PollFlags::IN)).collect();
        if poll(&mut waiting, Some(&patience))? == 0 {
            return Err("no answer within ten seconds".into());
        }
        let ready: Vec<bool> = waiting.iter().map(|waiting| !waiting.revents().is_empty()).collect();
        for (talk, _) in talks.iter_mut().zip(ready).filter(|(_, is_ready)| *is_ready) {
            if talk.hear(status, &mut buffer)? {
                took.push(talk.asked.elapsed());
                talk.ask(&request())?;
            }
        }
    }
    Ok(took)
}
