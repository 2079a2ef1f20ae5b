//! Pages, read as what they are written in.

use crate::province::{Province, Reply};

/// A page as a browser asks for it.
pub fn page(province: &Province, path: &str) -> Reply {
    province.page(path, "vi")
}

/// A page that is there.
#[track_caller]
pub fn shown(province: &Province, path: &str) -> String {
    let reply = page(province, path);
    assert_eq!(reply.status, 200, "{path}: {}", reply.text);
    assert!(reply.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    reply.text
}

pub fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

pub fn plain(html: &str) -> String {
    html.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#39;", "'").replace("&#38;", "&")
}

/// What stands between two marks, each time.
pub fn between<'a>(html: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    html.split(before).skip(1).map(|rest| rest.split(after).next().unwrap()).collect()
}
