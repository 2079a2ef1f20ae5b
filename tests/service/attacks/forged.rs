//! Tokens, secrets and codes that nobody gave out.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::Method;
use serde_json::{Value, json};

use super::{Attack, HIDDEN, INVALID, UNKNOWN};
use crate::routes::Filled;

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn read(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// What somebody makes of a token that they have, or of the keys that everybody may read.
fn tokens(filled: &Filled) -> Vec<(&'static str, String)> {
    let walk = &filled.walk;
    let token = &walk.idle.token;
    let [head, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!("{token}") };
    let with = |name: &str, value: Value| {
        let mut claims = read(claims);
        claims[name] = value;
        format!("{head}.{}.{signature}", part(&claims))
    };
    let headed = |changes: Value| {
        let mut head = read(head);
        head.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        format!("{}.{claims}.{signature}", part(&head))
    };
    let keys = walk.province.public("/.well-known/jwks.json").ok();
    let public = keys["keys"][0]["x"].as_str().unwrap();
    let symmetric = |secret: &[u8]| {
        let head = Header { kid: keys["keys"][0]["kid"].as_str().map(str::to_owned), ..Header::new(Algorithm::HS256) };
        jsonwebtoken::encode(&head, &read(claims), &EncodingKey::from_secret(secret)).unwrap()
    };
    let foreign = |kid: Option<String>| {
        let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
        let head = Header { kid, ..Header::new(Algorithm::EdDSA) };
        let key = EncodingKey::from_ed_der(&key.serialize_der());
        jsonwebtoken::encode(&head, &read(claims), &key).unwrap()
    };
    let kid = keys["keys"][0]["kid"].as_str().map(str::to_owned);
    let none = |name: &str| format!("{}.{claims}.", part(&json!({"alg": name, "typ": "JWT"})));
    vec![
        ("nothing signed", none("none")),
        ("nothing signed, shouted", none("NONE")),
        ("the public key as a secret", symmetric(&URL_SAFE_NO_PAD.decode(public).unwrap())),
        ("the public key's text as a secret", symmetric(public.as_bytes())),
        ("an empty secret", symmetric(b"")),
        ("a foreign key under our key's name", foreign(kid)),
        ("a foreign key", foreign(None)),
        ("a key of a path", foreign(Some("../../../../dev/null".into()))),
        ("a key of a query", foreign(Some("' UNION SELECT 'x".into()))),
        ("another's token", with("sub", json!(walk.admin.id))),
        ("a token of years", with("exp", json!(4_102_444_800_i64))),
        ("a token without an end", with("exp", Value::Null)),
        ("a token of another sign-in", with("sid", json!(walk.admin.id))),
        ("a key that it brings along", headed(json!({"jwk": keys["keys"][0]}))),
        ("a key from elsewhere", headed(json!({"jku": "http://127.0.0.1:1/keys", "kid": "x"}))),
        ("a certificate's type", headed(json!({"typ": "vc+jwt"}))),
        ("another algorithm's name", headed(json!({"alg": "ES256"}))),
        ("half a signature", token[..token.len() - 20].to_owned()),
        ("no signature", format!("{head}.{claims}")),
        ("a signature too many", format!("{token}.{signature}")),
        ("five parts", "a.b.c.d.e".into()),
        ("letters", "x".repeat(300)),
    ]
}

pub fn attacks(filled: &Filled) -> Vec<Attack> {
    let walk = &filled.walk;
    let (province, token) = (&walk.province, &walk.admin.token);
    let me = || province.request(Method::GET, "/me");
    let mut attacks: Vec<Attack> = tokens(filled)
        .into_iter()
        .map(|(name, token)| Attack::new(format!("a token: {name}"), me().bearer_auth(token), UNKNOWN))
        .collect();
    for (name, value) in [
        ("as a password", format!("Basic {}", URL_SAFE_NO_PAD.encode(format!("admin:{token}")))),
        ("by another word", format!("Token {token}")),
        ("with a word behind", format!("Bearer {token} admin")),
        ("quoted", format!("Bearer \"{token}\"")),
        ("alone", token.clone()),
    ] {
        attacks.push(Attack::new(format!("a true token {name}"), me().header("authorization", value), UNKNOWN));
    }
    attacks.push(Attack::new("a token in a cookie", me().header("cookie", format!("token={token}")), UNKNOWN));
    let asked = province.request(Method::GET, &format!("/me?access_token={token}"));
    attacks.push(Attack::new("a token in the address", asked, &[401, 422]));
    let desk = province.at_site(Method::GET, "/desk").header("cookie", format!("__Host-ocop={token}; ocop={token}"));
    attacks.push(Attack::new("a token as a browser's session", desk.header("accept", "text/html"), &[303, 401]));

    let post = |path: &str, body: Value| province.request(Method::POST, path).json(&body);
    let guess = "A".repeat(43);
    for (name, path, body, refused) in [
        ("a renewal that was guessed", "/auth/refresh", json!({"refresh_token": guess}), UNKNOWN),
        ("an access token as a renewal", "/auth/refresh", json!({"refresh_token": token}), UNKNOWN),
        (
            "a link that was guessed",
            "/auth/choose-password",
            json!({"secret": guess, "password": "ba con gà mái ghẹ"}),
            &[401, 404, 409, 422],
        ),
    ] {
        attacks.push(Attack::new(name, post(path, body), refused));
    }
    let code = filled.here.id("t");
    let last = if code.ends_with('0') { '1' } else { '0' };
    let neighbour = format!("{}{last}", &code[..code.len() - 1]);
    for (name, path, refused) in [
        ("a stamp's neighbour", format!("/t/{neighbour}"), HIDDEN),
        ("a stamp of zeros", format!("/t/{}", "0".repeat(code.len())), HIDDEN),
        ("a stamp with a tail", format!("/t/{code}{code}"), &[404, 422]),
        ("an export link that was guessed", format!("/stamp-exports/{guess}"), HIDDEN),
        ("a receipt that was guessed", "/d/AAAA-AAAA-AAAA-AAAA".into(), &[404, 422]),
        ("a paper that was guessed", "/p/1111-1111-1111-1111".into(), HIDDEN),
    ] {
        attacks.push(Attack::new(name, province.request(Method::GET, &path), refused));
    }
    for (name, body, refused) in [
        ("scratch digits as a list", json!({"secret": ["11111111", "22222222"]}), INVALID),
        ("scratch digits as a pattern", json!({"secret": "%"}), INVALID),
        ("scratch digits as a number", json!({"secret": 11_111_111}), INVALID),
    ] {
        attacks.push(Attack::new(name, post(&format!("/t/{code}/confirm"), body), refused));
    }
    attacks
}
