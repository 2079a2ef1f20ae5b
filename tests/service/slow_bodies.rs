//! Bodies that stay out: whoever holds them back is sent away, and meanwhile nobody else waits.

use std::io::{Read, Write};
use std::net::TcpStream;

use reqwest::Method;

use crate::engine::{new_folder, on_both};
use crate::province::{Province, Reply};

/// Begins a request whose body is announced and held back.
fn begun(province: &Province, path: &str, media: &str, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(province.address).unwrap();
    let head =
        format!("POST {path} HTTP/1.1\r\nhost: ocop\r\ncontent-type: {media}\r\ncontent-length: 5000\r\n\r\n{body}");
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

#[test]
fn who_holds_a_body_back_is_sent_away_and_nobody_waits_for_that() {
    on_both(|engine| {
        let folder = new_folder();
        let province = Province::over(engine.new_database(folder.path()), &["--body-patience", "1"]);
        let upload = "multipart/form-data; boundary=x";
        let part = "--x\r\ncontent-disposition: form-data; name=\"text\"\r\n\r\nNh";
        let held: Vec<TcpStream> = (0..40)
            .flat_map(|_| {
                [
                    begun(&province, "/api/v1/auth/token", "application/json", "{"),
                    begun(&province, "/api/v1/registrations", "application/json", "{\"producer\":"),
                    begun(&province, "/register", "application/x-www-form-urlencoded", "name=a"),
                    begun(&province, "/desk/criteria-sets", upload, part),
                ]
            })
            .collect();
        // Everybody else is answered while they are held.
        assert_eq!(Reply::of(province.request(Method::GET, "/units").send().unwrap()).status, 200);
        for mut stream in held {
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            let status = answer.split(' ').nth(1).unwrap_or_default();
            // The desk asks who calls before it reads a body.
            assert!(["408", "401"].contains(&status), "{answer}");
            assert!(status == "401" || answer.contains("connection: close"), "{answer}");
        }
        assert_eq!(Reply::of(province.request(Method::GET, "/units").send().unwrap()).status, 200);
    });
}
