//! What a crowd sends takes little memory and keeps nobody else waiting.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use ocop::http::held::{LONGEST, LONGEST_OF_STRANGERS, SHORT};
use reqwest::Method;
use reqwest::blocking::multipart::{Form, Part};
use serde_json::json;

use crate::engine::on_both;
use crate::province::{PASSWORD, Province, Reply};
use crate::walk::{A_PNG, PNG, Walk, producer_form, shop_form};

const JSON: &str = "content-type: application/json\r\n";
const FORM: &str = "content-type: application/x-www-form-urlencoded\r\n";

/// Begins a request of so many bytes, of which so many are sent.
fn begun(province: &Province, path: &str, headers: &str, length: usize, sent: usize) -> TcpStream {
    let mut stream = TcpStream::connect(province.address).unwrap();
    let head = format!("POST {path} HTTP/1.1\r\nhost: ocop\r\n{headers}content-length: {length}\r\n\r\n");
    stream.write_all(&[head.as_bytes(), &vec![b' '; sent]].concat()).unwrap();
    stream
}

/// The status of what is answered before more is sent.
fn answered(mut stream: TcpStream) -> String {
    let mut head = [0; 12];
    stream.read_exact(&mut head).unwrap();
    String::from_utf8_lossy(&head[9..]).into_owned()
}

#[test]
fn a_stranger_sends_little_and_who_signed_in_more() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let too_long = LONGEST_OF_STRANGERS + 1;
        // Told by the head alone: nothing of the body is sent.
        for (path, headers) in [
            ("/api/v1/registrations", JSON),
            ("/api/v1/auth/token", JSON),
            ("/api/v1/auth/choose-password", JSON),
            ("/register", FORM),
            ("/desk/sign-in", FORM),
        ] {
            assert_eq!(answered(begun(province, path, headers, too_long, 0)), "413", "{path}");
        }
        let forged = format!("{JSON}authorization: Bearer {}x\r\n", walk.office.token);
        assert_eq!(answered(begun(province, "/api/v1/shops", &forged, too_long, 0)), "401");
        // Where the head tells no length, it is told as soon as too much has come.
        let unmeasured = reqwest::blocking::Body::new(std::io::repeat(b' ').take(300_000));
        let request = province.request(Method::POST, "/registrations").header("content-type", "application/json");
        assert_eq!(request.body(unmeasured).send().unwrap().status(), 413);
        // What a session that is over is sent with is kept for after the sign-in, as long as it may be of who signed in.
        let over = format!("{FORM}cookie: ocop_session=over\r\n");
        assert_eq!(answered(begun(province, "/desk/ideas", &over, too_long, too_long)), "401");
        let long = |length| {
            let body = format!("{}{}", shop_form("Điểm bán", "18133"), " ".repeat(length));
            province.raw(&Method::POST, Some(&walk.office), "/shops", None, body)
        };
        long(too_long).created();
        long(LONGEST).refused(413, "too_large");
    });
}

#[test]
fn the_longest_registration_is_taken() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let mut producer = producer_form("HTX Hương Sơn", "18196", "3000111222");
        producer["address"] = json!("ệ".repeat(500));
        producer["members"] = json!(vec![json!({"name": "ệ".repeat(200)}); 50]);
        let body = json!({"producer": producer, "account": {"username": "huong-son", "password": PASSWORD, "name": "Trần Thị Bình"},
            "consent": {"version": 1}});
        // As programs write it that use no letter beyond ASCII.
        let body = body.to_string().replace('ệ', "\\u1ec7");
        assert!(body.len() > 60_000);
        walk.province.raw(&Method::POST, None, "/registrations", None, body).created();
        let known = walk.province.all(&walk.here.commune, "/registrations").remove(0);
        assert_eq!(known["producer"]["members"][49]["name"], "ệ".repeat(200));
    });
}

#[test]
fn long_bodies_that_are_held_back_keep_nobody_else_out() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let sign_in = |length: usize| {
            let body = format!("{}{}", json!({"username": "nobody", "password": PASSWORD}), " ".repeat(length));
            let request = province.request(Method::POST, "/auth/token").header("content-type", "application/json");
            Reply::of(request.body(body).send().unwrap())
        };
        let over = format!("{FORM}cookie: ocop_session=over\r\n");
        let mut held: Vec<TcpStream> =
            (0..31).map(|_| begun(province, "/desk/ideas", &over, LONGEST, LONGEST - 1)).collect();
        while sign_in(SHORT).status != 503 {
            held.push(begun(province, "/api/v1/registrations", JSON, 2 * SHORT, SHORT + 1));
            assert!(held.len() < 1000, "the room is never used up");
        }
        // What is short is read, and so is what somebody sends who is known.
        assert!([401, 429].contains(&sign_in(0).status.as_u16()));
        let body = format!("{}{}", shop_form("Điểm bán", "18133"), " ".repeat(LONGEST_OF_STRANGERS));
        province.raw(&Method::POST, Some(&walk.office), "/shops", None, body).created();
        drop(held);
        let began = Instant::now();
        while sign_in(SHORT).status == 503 {
            assert!(began.elapsed() < Duration::from_secs(60), "the room stays used up");
        }
    });
}

#[test]
fn uploads_that_are_held_back_have_bounded_room_and_who_is_known_has_another() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let product = walk.approved(&walk.here, "Mật ong").product;
        let path = format!("/t/{}/doubts", walk.activated(&walk.here, &product, 1).remove(0));
        // Each from a network of its own.
        let headers = |sender: usize| {
            format!("content-type: multipart/form-data; boundary=x\r\nx-forwarded-for: 198.51.{sender}.7\r\n")
        };
        let begin = |sender: usize| {
            let mut stream = begun(province, &path, &headers(sender), 1024 * 1024, 0);
            stream
                .write_all(b"--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n")
                .unwrap();
            stream
        };
        let send = || {
            let form = Form::new().text("text", "Mờ").text("consent", "1").part("file", file_part());
            let request = province.request(Method::POST, &path).header("x-forwarded-for", "203.0.113.9");
            Reply::of(request.multipart(form).send().unwrap())
        };
        let mut held: Vec<TcpStream> = (0..8).map(begin).collect();
        loop {
            let reply = send();
            if reply.status == 503 {
                reply.refused(503, "busy");
                break;
            }
            held.push(begin(held.len()));
            assert!(held.len() < 30, "the room is never used up");
        }
        let mine = format!("/products/{product}/pictures");
        province.upload(&walk.here.producer, &mine, &[], A_PNG).created();
        drop(held);
        let began = Instant::now();
        while send().status == 503 {
            assert!(began.elapsed() < Duration::from_secs(60), "the room stays used up");
        }
    });
}

fn file_part() -> Part {
    Part::bytes(PNG).file_name("a.png")
}

#[test]
fn who_is_refused_among_many_waits_for_it_and_nobody_else_does() {
    on_both(|engine| {
        let province = &Province::new(engine);
        let now = tokio::time::Instant::now();
        // As many were refused as are told within seconds.
        while province.app.refusals.turn(now, 1) < Duration::from_secs(2) {}
        let refused = std::thread::scope(|scope| {
            let began = Instant::now();
            let refusal = scope.spawn(move || {
                let request = province.request(Method::POST, "/registrations").json(&json!({}));
                (request.send().unwrap().status(), began.elapsed())
            });
            assert_eq!(province.public("/units?limit=1").status, 200);
            assert_eq!(province.request(Method::GET, "/nowhere").send().unwrap().status(), 404);
            province.sign_in("admin");
            refusal.join().unwrap()
        });
        assert_eq!(refused.0, 422);
        assert!(refused.1 > Duration::from_millis(500), "{refused:?}");
    });
}
