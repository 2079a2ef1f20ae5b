//! Connections of one network are bounded: whoever holds many keeps nobody else out.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::engine::on_both;
use crate::province::{Province, client};
use crate::walk::Walk;

/// A connection from 127.0.0.1 with a head that is never finished.
fn half_open(province: &Province) -> TcpStream {
    let mut stream = TcpStream::connect(province.address).unwrap();
    // Whoever was refused may be gone before the first byte.
    let _ = stream.write_all(b"GET /products HTTP/1.1\r\nhost: ocop\r\nx-slow: ");
    stream
}

#[test]
fn a_thousand_slow_connections_of_one_network_keep_nobody_else_out() {
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let stamp = walk.activated(&walk.here, &product, 1).remove(0);
        // Nobody is trusted, so that the many and the stranger are told apart by where they connect from.
        walk.province.restart(&["--trusted-proxies", "", "--connections-per-network", "100"]);
        let province = &walk.province;
        let held: Vec<TcpStream> = (0..1_000).map(|_| half_open(province)).collect();
        let stranger = client().local_address("127.0.9.1".parse::<std::net::IpAddr>().unwrap()).build().unwrap();
        let asked = Instant::now();
        let answer = stranger.get(province.url(&format!("/t/{stamp}"))).send().unwrap();
        let took = asked.elapsed();
        eprintln!("{engine:?}: a scan beside 1,000 slow connections took {took:?}");
        assert_eq!(answer.status(), 200);
        assert!(took < Duration::from_secs(5), "{took:?}");
        // Those beyond the bound were told so and ended; the others are waited for.
        let mut refused = 0;
        for mut stream in held {
            stream.set_nonblocking(true).unwrap();
            let mut told = [0; 64];
            match stream.read(&mut told) {
                Ok(length) if length > 0 => refused += usize::from(told.starts_with(b"HTTP/1.1 503")),
                Ok(_) => refused += 1,
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(_) => refused += 1,
            }
        }
        // Heads that are never finished are given up after five seconds, which makes room where opening so many took longer.
        assert!((100..=900).contains(&refused), "{refused} were refused");
        // Once they are gone, that network is let in again.
        let neighbour = client().local_address("127.0.0.9".parse::<std::net::IpAddr>().unwrap()).build().unwrap();
        let is_let_in = || neighbour.get(province.url("/healthz")).send().is_ok_and(|answer| answer.status() == 200);
        assert!((0..500).any(|_| is_let_in()), "the network stays shut out");
    });
}
