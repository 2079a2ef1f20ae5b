//! Requests that two readers would read differently, as they go over the wire.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use crate::province::Province;

/// What is sent, but for the host's line, and what is not to be answered: a second request within it.
const SENT: &[(&str, &str)] = &[
    (
        "two lengths",
        "POST /api/v1/auth/revoke HTTP/1.1\r\nHOST\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef",
    ),
    (
        "a length and pieces",
        "POST /api/v1/auth/revoke HTTP/1.1\r\nHOST\r\ncontent-length: 6\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHOST\r\n\r\n",
    ),
    (
        "pieces twice",
        "POST /api/v1/auth/revoke HTTP/1.1\r\nHOST\r\ntransfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "pieces of another kind",
        "POST /api/v1/auth/revoke HTTP/1.1\r\nHOST\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "pieces before a colon",
        "POST /api/v1/auth/revoke HTTP/1.1\r\nHOST\r\ntransfer-encoding : chunked\r\n\r\n0\r\n\r\n",
    ),
    ("a length below nothing", "POST /api/v1/auth/revoke HTTP/1.1\r\nHOST\r\ncontent-length: -1\r\n\r\n"),
    ("a length with a plus", "POST /api/v1/auth/revoke HTTP/1.1\r\nHOST\r\ncontent-length: +5\r\n\r\nabcde"),
    ("a length of letters", "POST /api/v1/auth/revoke HTTP/1.1\r\nHOST\r\ncontent-length: 0x5\r\n\r\nabcde"),
    ("a length beyond", "POST /api/v1/auth/revoke HTTP/1.1\r\nHOST\r\ncontent-length: 99999999999999999999999\r\n\r\n"),
    (
        "a piece beyond",
        "POST /api/v1/auth/revoke HTTP/1.1\r\nHOST\r\ntransfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\nx",
    ),
    (
        "a piece of letters",
        "POST /api/v1/auth/revoke HTTP/1.1\r\nHOST\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nx\r\n0\r\n\r\n",
    ),
    ("a name with a blank", "GET /healthz HTTP/1.1\r\nHOST\r\nx y: z\r\n\r\n"),
    ("a name of nothing", "GET /healthz HTTP/1.1\r\nHOST\r\n: z\r\n\r\n"),
    ("a null in a value", "GET /healthz HTTP/1.1\r\nHOST\r\nx: a\0b\r\n\r\n"),
    ("a version that is none", "GET /healthz HTTP/9.9\r\nHOST\r\n\r\n"),
    ("no version", "GET /healthz\r\n\r\n"),
    ("a method of signs", "G<T /healthz HTTP/1.1\r\nHOST\r\n\r\n"),
    ("an address with a blank", "GET /healthz x HTTP/1.1\r\nHOST\r\n\r\n"),
    ("binary from the first byte", "\x16\x03\x01\x02\0\x01\0\x01\r\n\r\n"),
];

/// Sends each and reads until the other side ends; returns how many there were.
pub fn tried(province: &Province) -> usize {
    for (name, text) in SENT {
        must_be_refused(province, name, &text.replace("HOST", "host: ocop"));
    }
    let wide = format!("GET /healthz HTTP/1.1\r\nhost: ocop\r\nx: {}\r\n\r\n", "a".repeat(300_000));
    must_be_refused(province, "a header of 300,000 letters", &wide);
    let long = format!("GET /{} HTTP/1.1\r\nhost: ocop\r\n\r\n", "a".repeat(300_000));
    must_be_refused(province, "an address of 300,000 letters", &long);
    let many = format!("GET /healthz HTTP/1.1\r\nhost: ocop\r\n{}\r\n", "x: y\r\n".repeat(5_000));
    must_be_refused(province, "5,000 headers", &many);
    SENT.len() + 3
}

fn must_be_refused(province: &Province, name: &str, text: &str) {
    let mut stream = TcpStream::connect(province.address).unwrap();
    // The other side may end before all is sent.
    let _ = stream.write_all(text.as_bytes());
    let _ = stream.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    let statuses: Vec<&str> = answer.split("HTTP/1.1 ").skip(1).filter_map(|one| one.get(..3)).collect();
    // An end without a word is an answer too.
    let is_refused = statuses.iter().all(|status| status.starts_with('4'));
    assert!(statuses.len() < 2 && is_refused, "{name}: {answer}");
}
