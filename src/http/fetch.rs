//! What a browser says of how a request came about (Fetch Metadata, <https://www.w3.org/TR/fetch-metadata/>): no page can
//! write these headers for its readers.

use actix_web::http::header::{HOST, HeaderMap, ORIGIN};

use crate::base::{Error, Kind, Result, say};

/// The metadata of a request; nothing where a program or an old browser sends none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    site: String,
    mode: String,
    destination: String,
    is_by_user: bool,
}

impl Fetch {
    pub fn of(headers: &HeaderMap) -> Self {
        Self {
            site: said(headers, "sec-fetch-site"),
            mode: said(headers, "sec-fetch-mode"),
            destination: said(headers, "sec-fetch-dest"),
            is_by_user: said(headers, "sec-fetch-user") == "?1",
        }
    }

    /// Whether a browser said anything.
    pub fn is_told(&self) -> bool {
        [&self.site, &self.mode, &self.destination].into_iter().any(|said| !said.is_empty())
    }

    /// Whether the answer is shown as a page of its own: not as an image, in a frame, or to a script.
    pub fn is_page(&self) -> bool {
        matches!(self.mode.as_str(), "" | "navigate") && matches!(self.destination.as_str(), "" | "document")
    }

    /// Whether a page of another origin caused it; `none` is a person's own doing (typed, scanned, from another app).
    pub fn is_from_elsewhere(&self) -> bool {
        !matches!(self.site.as_str(), "" | "none" | "same-origin")
    }

    /// Whether a person clicked.
    pub fn is_by_user(&self) -> bool {
        self.is_by_user
    }
}

/// A header's text, in lower case; empty where it is missing or no text.
pub fn said(headers: &HeaderMap, name: &str) -> String {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or("").trim().to_ascii_lowercase()
}

/// 403 where a page of another origin sent this, which its reader need not know of. A browser without metadata names the
/// page's origin.
pub fn refuse_from_elsewhere(headers: &HeaderMap, public_url: &str) -> Result<()> {
    let fetch = Fetch::of(headers);
    let is_from_elsewhere =
        if fetch.is_told() { fetch.is_from_elsewhere() } else { !is_own_origin(headers, public_url) };
    if is_from_elsewhere {
        return Err(Error::refused(
            Kind::Forbidden,
            "cross_site",
            say(
                "Yêu cầu này do một trang web khác gửi thay bạn. Xin mở trang của con tem và gửi tại đó.",
                "Another website sent this on your behalf. Please open the stamp's own page and send it there.",
            ),
        ));
    }
    Ok(())
}

/// 403 where a page of another site sent this, unless it is a link that its reader followed: people come from mail and
/// messengers.
pub fn refuse_cross_site(headers: &HeaderMap, is_read: bool, public_url: &str) -> Result<()> {
    let fetch = Fetch::of(headers);
    let is_refused = if fetch.is_told() {
        fetch.site == "cross-site" && !(is_read && fetch.mode == "navigate" && fetch.is_page())
    } else {
        !is_read && !is_own_origin(headers, public_url)
    };
    if is_refused {
        let detail = say(
            "Yêu cầu này do một trang web khác gửi thay bạn. Xin mở bàn làm việc và làm lại tại đó.",
            "Another website sent this on your behalf. Please open the desk and do it there.",
        );
        return Err(Error::refused(Kind::Forbidden, "cross_site", detail));
    }
    Ok(())
}

/// Whether the page that a browser without metadata names is one of ours, or it names none.
fn is_own_origin(headers: &HeaderMap, public_url: &str) -> bool {
    let (origin, host) = (said(headers, ORIGIN.as_str()), said(headers, HOST.as_str()));
    origin.is_empty()
        || origin.eq_ignore_ascii_case(public_url)
        || origin.split_once("://").is_some_and(|(_, authority)| authority == host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    pub fn headers(lines: &[(&str, &str)]) -> HeaderMap {
        let line = |(name, value): &(&str, &str)| {
            (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
        };
        lines.iter().map(line).collect()
    }

    #[test]
    fn a_link_from_elsewhere_opens_a_page_and_does_no_more() {
        let is_taken = |is_read, lines: &[(&str, &str)]| {
            refuse_cross_site(&headers(lines), is_read, "https://ocop.example.vn").is_ok()
        };
        let link = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
        assert!(is_taken(true, &link) && !is_taken(false, &link));
        let picture = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")];
        assert!(!is_taken(true, &picture));
        assert!(is_taken(false, &[("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "navigate")]));
        assert!(is_taken(false, &[]) && !is_taken(false, &[("origin", "https://evil.example")]));
        assert!(is_taken(false, &[("origin", "https://ocop.example.vn")]));
    }

    #[test]
    fn only_the_own_pages_and_programs_send() {
        let is_taken =
            |lines: &[(&str, &str)]| refuse_from_elsewhere(&headers(lines), "https://ocop.example.vn").is_ok();
        for own in [
            &[][..],
            &[("sec-fetch-site", "same-origin"), ("origin", "null")],
            &[("sec-fetch-site", "none")],
            &[("origin", "https://OCOP.example.vn")],
            &[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")],
        ] {
            assert!(is_taken(own), "{own:?}");
        }
        for foreign in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site"), ("origin", "https://ocop.example.vn")],
            &[("sec-fetch-site", "something-new")],
            &[("origin", "null")],
            &[("origin", "https://ocop.example.vn.evil.example"), ("host", "ocop.example.vn")],
        ] {
            assert!(!is_taken(foreign), "{foreign:?}");
        }
    }
}
