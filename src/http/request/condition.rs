//! What a request asks for only under a condition: `If-Match` and `If-None-Match`.

use crate::base::{Error, Kind, Result, say};
use crate::http::Request;

impl Request {
    /// Whether the asker has what this tag names, by `If-None-Match` (a weak comparison, RFC 9110 13.1.2).
    pub fn has_tag(&self, tag: &str) -> bool {
        let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        let named = self.if_none_match.as_deref().unwrap_or("");
        named.trim() == "*" || named.split(',').any(|named| opaque(named) == opaque(tag))
    }

    /// The version that `If-Match` names: absent 428, unreadable 412 as it matches nothing.
    pub fn version(&self) -> Result<Version> {
        let Some(named) = &self.if_match else {
            return Err(Error::refused(
                Kind::ConditionMissing,
                "if_match_required",
                say("Cần gửi If-Match với phiên bản đang xem.", "If-Match with the version at hand is needed."),
            ));
        };
        let named = named.trim();
        Ok(if named == "*" {
            Version::Any
        } else {
            // What stands behind the version tells the rest of the answer apart.
            let version = named.trim_matches('"').split('-').next().unwrap_or_default();
            version.parse().map_or(Version::None, Version::Exactly)
        })
    }

    /// 428 without `If-Match`, 412 where it names another version than `present`.
    pub fn expect(&self, present: i32) -> Result<()> {
        match self.version()? {
            Version::Any => Ok(()),
            Version::Exactly(version) if version == present => Ok(()),
            _ => Err(stale(present)),
        }
    }
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    Any,
    Exactly(i32),
    None,
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
}
