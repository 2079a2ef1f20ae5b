//! What a scan is: a person who opens a stamp's page, or an app that asks for it. Images, frames and scripts of other
//! pages, previews, and programs that list addresses get the same answer and are not counted.

use std::sync::LazyLock;

use actix_web::http::header::{ACCEPT, HOST, HeaderMap, ORIGIN, RANGE, REFERER, USER_AGENT};
use aho_corasick::AhoCorasick;
use serde::Deserialize;

use crate::base::{Error, Result};
use crate::http::fetch::{Fetch, said};
use crate::http::request::names_html;

/// Who asks for a stamp's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// A person or an app: counted, and a visitor.
    Person,
    /// A person whom another page led here without being asked to: counted, but no visitor that speaks for a copy.
    Led,
    /// Nobody who has the goods: not counted.
    Program,
    /// A browser that fetches what may be looked at later.
    Ahead,
}

/// Programs that fetch addresses, by parts of the names that they give themselves, in lower case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AgentList {
    programs: Vec<String>,
    /// Apps that fetch previews under their own name, and that people browse in: there the browser's engine is named too.
    apps: Vec<String>,
    engine: String,
}

/// The same, made ready to look for all of them in one pass over a name.
struct Agents {
    programs: AhoCorasick,
    apps: AhoCorasick,
    engine: String,
}

const SHIPPED: &str = include_str!("agents.json");

static AGENTS: LazyLock<std::result::Result<Agents, String>> = LazyLock::new(|| {
    let AgentList { programs, apps, engine } = serde_json::from_str(SHIPPED).map_err(|error| error.to_string())?;
    let parts = |list: Vec<String>| AhoCorasick::new(list).map_err(|error| error.to_string());
    Ok(Agents { programs: parts(programs)?, apps: parts(apps)?, engine })
});

impl Agents {
    fn in_force() -> Result<&'static Self> {
        AGENTS.as_ref().map_err(|error| Error::internal(format!("the list of agents cannot be read: {error}")))
    }

    /// Browsers and apps name themselves; who does not is a program.
    fn lists(&self, agent: &str) -> bool {
        agent.is_empty()
            || self.programs.is_match(agent)
            || (self.apps.is_match(agent) && !agent.contains(&self.engine))
    }
}

impl Asker {
    pub fn of(headers: &HeaderMap) -> Result<Self> {
        let purposes = ["sec-purpose", "purpose", "x-purpose", "x-moz"].map(|name| said(headers, name));
        let is_for = |purpose: &str| purposes.iter().any(|said| said.contains(purpose));
        if is_for("prefetch") || is_for("prerender") || is_for("instant") {
            return Ok(Self::Ahead);
        }
        let fetch = Fetch::of(headers);
        let is_shown = if fetch.is_told() { fetch.is_page() } else { !is_part_of_a_page(headers) };
        // Who opens a page asks for all of it; parts are read by what looks for a picture or a title.
        let is_part = headers.contains_key(RANGE);
        if !is_shown || is_part || is_for("preview") || Agents::in_force()?.lists(&said(headers, USER_AGENT.as_str())) {
            return Ok(Self::Program);
        }
        let is_led = if fetch.is_told() {
            fetch.is_from_elsewhere() && !fetch.is_by_user()
        } else {
            is_referred_by_another(headers)
        };
        Ok(if is_led { Self::Led } else { Self::Person })
    }

    pub fn is_counted(self) -> bool {
        matches!(self, Self::Person | Self::Led)
    }
}

/// Browsers without metadata, and all of them where the service has no https: a script names its page's origin or takes
/// whatever comes, an image is asked for as an image. A browser that opens a page always asks for HTML.
fn is_part_of_a_page(headers: &HeaderMap) -> bool {
    let accepted = said(headers, ACCEPT.as_str());
    let is_medium = ["image/", "video/", "audio/", "text/css"].iter().any(|medium| accepted.contains(medium));
    let is_browser = said(headers, USER_AGENT.as_str()).starts_with("mozilla/");
    let is_anything = is_browser && !accepted.is_empty() && !accepted.contains("json");
    headers.contains_key(ORIGIN) || ((is_medium || is_anything) && !names_html(headers))
}

/// Likewise without metadata: whether another page led here, which a person who scans does not come from.
fn is_referred_by_another(headers: &HeaderMap) -> bool {
    let referrer = said(headers, REFERER.as_str());
    let from = referrer.split_once("://").and_then(|(_, rest)| rest.split('/').next());
    from.is_some_and(|host| host != said(headers, HOST.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    const CHROME: &str = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Mobile \
                          Safari/537.36";

    fn asker(lines: &[(&str, &str)]) -> Asker {
        let mut headers = HeaderMap::new();
        headers.insert(USER_AGENT, HeaderValue::from_static(CHROME));
        for (name, value) in lines {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
        Asker::of(&headers).unwrap()
    }

    fn fetched(site: &str, mode: &str, destination: &str, user: &str) -> Asker {
        let mut lines = vec![("sec-fetch-site", site), ("sec-fetch-mode", mode), ("sec-fetch-dest", destination)];
        if !user.is_empty() {
            lines.push(("sec-fetch-user", user));
        }
        asker(&lines)
    }

    #[test]
    fn a_page_that_somebody_opens_is_a_scan() {
        assert_eq!(fetched("none", "navigate", "document", "?1"), Asker::Person);
        assert_eq!(fetched("none", "navigate", "document", ""), Asker::Person, "a camera's app opens it");
        assert_eq!(fetched("same-origin", "navigate", "document", ""), Asker::Person);
        for site in ["cross-site", "same-site"] {
            assert_eq!(fetched(site, "navigate", "document", "?1"), Asker::Person, "somebody clicked");
            assert_eq!(fetched(site, "navigate", "document", ""), Asker::Led);
            assert_eq!(fetched(site, "navigate", "document", "?0"), Asker::Led);
        }
    }

    #[test]
    fn what_another_page_loads_is_none() {
        for site in ["cross-site", "same-site"] {
            for (mode, destination) in [
                ("no-cors", "image"),
                ("navigate", "iframe"),
                ("navigate", "frame"),
                ("navigate", "embed"),
                ("navigate", "object"),
                ("navigate", "fencedframe"),
                ("nested-navigate", ""),
                ("cors", "empty"),
                ("no-cors", "empty"),
                ("no-cors", "script"),
                ("", "image"),
                ("no-cors", ""),
            ] {
                for user in ["", "?1"] {
                    assert_eq!(fetched(site, mode, destination, user), Asker::Program, "{site} {mode} {destination}");
                }
            }
        }
        assert_eq!(asker(&[("origin", "https://evil.example")]), Asker::Program);
        assert_eq!(asker(&[("accept", "image/avif,image/webp,*/*;q=0.8")]), Asker::Program);
        assert_eq!(asker(&[("range", "bytes=0-65535"), ("accept", "text/html")]), Asker::Program);
        // A script that names no origin.
        assert_eq!(asker(&[("accept", "*/*")]), Asker::Program);
        assert_eq!(asker(&[("accept", "*/*"), ("referer", "https://evil.example/")]), Asker::Program);
    }

    #[test]
    fn who_was_led_here_by_another_page_speaks_for_no_copy() {
        let html = ("accept", "text/html,*/*;q=0.8");
        let host = ("host", "ocop.example.vn:8080");
        for elsewhere in
            ["https://evil.example/", "http://ocop.example.vn/", "https://evil.example/ocop.example.vn:8080/"]
        {
            assert_eq!(asker(&[html, host, ("referer", elsewhere)]), Asker::Led, "{elsewhere}");
        }
        assert_eq!(asker(&[html, host, ("referer", "https://ocop.example.vn:8080/check")]), Asker::Person);
        assert_eq!(asker(&[html, host]), Asker::Person);
    }

    #[test]
    fn programs_and_old_browsers_without_metadata_are_people() {
        assert_eq!(asker(&[("accept", "text/html,application/xhtml+xml,image/webp,*/*;q=0.8")]), Asker::Person);
        assert_eq!(asker(&[("accept", "application/json"), ("user-agent", "okhttp/4.12.0")]), Asker::Person);
        assert_eq!(asker(&[("user-agent", "curl/8.5.0"), ("accept", "*/*")]), Asker::Person);
    }

    #[test]
    fn what_is_fetched_for_later_or_for_a_preview_is_none() {
        for ahead in [
            ("x-purpose", "instant"),
            ("purpose", "prefetch"),
            ("sec-purpose", "prefetch;prerender"),
            ("x-moz", "Prefetch"),
        ] {
            assert_eq!(asker(&[ahead]), Asker::Ahead, "{ahead:?}");
        }
        for preview in [("purpose", "preview"), ("x-purpose", "preview")] {
            assert_eq!(asker(&[preview]), Asker::Program, "{preview:?}");
        }
    }

    #[test]
    fn people_who_browse_in_an_app_are_no_program() {
        for person in [
            "Mozilla/5.0 (Linux; Android 13; Redmi Note 12) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 \
             Chrome/139.0.0.0 Mobile Safari/537.36 Zalo android/12110635 ZaloTheme/light ZaloLanguage/vi",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 \
             [Pinterest/iOS]",
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Mobile Safari/537.36 \
             [FB_IAB/FB4A;FBAV/480.0.0.54.88;]",
            "Mozilla/5.0 (Linux; Android 9; CUBOT) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Mobile \
             Safari/537.36",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) coc_coc_browser/128.0.0 \
             Chrome/122.0.0.0 Safari/537.36",
        ] {
            assert_eq!(asker(&[("user-agent", person)]), Asker::Person, "{person}");
        }
        for program in [
            "",
            " ",
            "facebookexternalhit/1.1",
            "WhatsApp/2.23.20.0",
            "Zalo/1.0",
            "Viber/20",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
            "meta-externalagent/1.1",
            "Mozilla/5.0 (compatible; coccocbot-web/1.0; +http://help.coccoc.com/searchengine)",
            "http.rb/5.1.1 (Mastodon/4.2.1; +https://mastodon.social/)",
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) MicrosoftPreview/2.0",
            "Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)",
            "Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)",
            "Iframely/1.3.1",
            "Slack-ImgProxy (+https://api.slack.com/robots)",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)",
            "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; \
             Bytespider; spider-feedback@bytedance.com)",
        ] {
            assert_eq!(asker(&[("user-agent", program)]), Asker::Program, "{program}");
        }
    }

    #[test]
    fn the_list_is_in_lower_case() {
        let agents: AgentList = serde_json::from_str(SHIPPED).unwrap();
        let parts = agents.programs.iter().chain(&agents.apps).chain([&agents.engine]);
        assert!(
            parts.clone().count() > 60 && parts.clone().all(|part| !part.is_empty() && *part == part.to_lowercase())
        );
    }
}
