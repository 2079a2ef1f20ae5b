//! What a request asks for only under a condition: `If-Match` and `If-None-Match`.

use actix_web::http::header::HttpDate;

use crate::base::{Error, Kind, Result, say};
use crate::http::Request;

impl Request {
    /// Whether the asker has what this tag names, by `If-None-Match` (a weak comparison, RFC 9110 13.1.2).
    pub fn has_tag(&self, tag: &str) -> bool {
        names_tag(self.if_none_match.as_deref(), tag)
    }

    /// Whether the asker has what was last changed then, by `If-Modified-Since`; a tag says it better where one is named (RFC
    /// 9110 13.1.3).
    pub fn has_since(&self, changed: HttpDate) -> bool {
        self.if_none_match.is_none() && self.if_modified_since.is_some_and(|known| changed <= known)
    }

    /// The versions that `If-Match` names: absent 428, unreadable 412 as it matches nothing.
    fn versions(&self) -> Result<Versions> {
        let Some(named) = &self.if_match else {
            return Err(Error::refused(
                Kind::ConditionMissing,
                "if_match_required",
                say("Cần gửi If-Match với phiên bản đang xem.", "If-Match with the version at hand is needed."),
            ));
        };
        Ok(Versions::read(named))
    }

    /// 428 without `If-Match`, 412 where it names another version than `present`.
    pub fn expect(&self, present: i32) -> Result<()> {
        if self.versions()?.hold(present) { Ok(()) } else { Err(stale(present)) }
    }
}

/// Whether an `If-None-Match` names a tag.
pub fn names_tag(named: Option<&str>, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let named = named.unwrap_or("");
    named.trim() == "*" || named.split(',').any(|named| opaque(named) == opaque(tag))
}

/// Somebody else was faster: the version is no longer `present`.
pub fn stale(present: i32) -> Error {
    Error::refused(
        Kind::Stale,
        "stale_version",
        say(
            format!("Dữ liệu đã thay đổi, phiên bản hiện tại là {present}. Xin tải lại."),
            format!("This has changed meanwhile; the present version is {present}. Please load it again."),
        ),
    )
}

/// What an `If-Match` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Versions {
    Any,
    /// One of these; of none where nothing could be read.
    OneOf(Vec<i32>),
}

impl Versions {
    /// A list of tags, `"3"`, or `*`. A tag that a proxy weakened because it compressed the answer (`W/"3"`) names the same
    /// version, and a bare number is understood.
    fn read(named: &str) -> Self {
        if named.trim() == "*" {
            return Self::Any;
        }
        let tags = named.split(',').map(|tag| {
            let tag = tag.trim();
            tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"').parse().ok()
        });
        Self::OneOf(tags.flatten().collect())
    }

    /// Whether what is at this version is meant.
    pub fn hold(&self, present: i32) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(versions) => versions.contains(&present),
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::IF_NONE_MATCH;

    use super::*;

    #[test]
    fn a_tag_is_known_by_any_of_the_names_given() {
        for (known, expected) in [("\"a\"", true), ("\"b\", W/\"a\"", true), ("*", true), ("\"b\"", false), ("", false)]
        {
            let request = actix_web::test::TestRequest::get().insert_header((IF_NONE_MATCH, known)).to_http_request();
            let request = Request::without_body(&request);
            assert_eq!((request.has_tag("\"a\""), request.has_tag("W/\"a\"")), (expected, expected), "{known}");
        }
    }

    #[test]
    fn versions_are_read_from_lists_of_tags_strong_and_weak() {
        for (named, expected) in [
            ("\"3\"", true),
            ("W/\"3\"", true),
            ("3", true),
            ("*", true),
            ("\"1\", \"3\"", true),
            ("\"1\",W/\"3\" ", true),
            ("\"x\", \"3\"", true),
            ("\"2\"", false),
            ("\"1\", \"2\"", false),
            ("\"x\"", false),
            ("", false),
        ] {
            assert_eq!(Versions::read(named).hold(3), expected, "{named}");
        }
    }
}
