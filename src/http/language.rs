//! In which language somebody is answered.

use actix_web::HttpRequest;
use actix_web::http::header::ACCEPT_LANGUAGE;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::Message;
use crate::http::cookies::OwnCookie;

/// What an answer depends on, beside its address, where it can be a page in some language.
pub const VARIES: &str = "Accept, Accept-Language, Cookie";

/// The cookie that remembers a choice.
pub const CHOICE: OwnCookie = OwnCookie::new("lang", "/");

/// A language of the service.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString,
)]
pub enum Language {
    #[serde(rename = "vi")]
    #[strum(serialize = "vi")]
    Vietnamese,
    #[serde(rename = "en")]
    #[strum(serialize = "en")]
    English,
}

impl Language {
    /// What was chosen, now or before; else English where `Accept-Language` names it before Vietnamese; else Vietnamese.
    pub fn of(request: &HttpRequest) -> Self {
        let remembered = || CHOICE.read(request).and_then(|tag| Self::tagged(&tag));
        let asked = || request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
        Self::chosen(request.query_string()).or_else(remembered).unwrap_or_else(|| Self::preferred(asked()))
    }

    /// What is chosen in an address, as `?lang=en`.
    pub fn chosen(query: &str) -> Option<Self> {
        query.split('&').find_map(|pair| pair.strip_prefix("lang=")).and_then(Self::tagged)
    }

    fn tagged(tag: &str) -> Option<Self> {
        [Self::Vietnamese, Self::English].into_iter().find(|language| language.tag() == tag)
    }

    pub fn other(self) -> Self {
        match self {
            Self::Vietnamese => Self::English,
            Self::English => Self::Vietnamese,
        }
    }

    fn preferred(accept_language: &str) -> Self {
        let mut best = (0u32, Self::Vietnamese);
        for range in accept_language.split(',') {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or("").trim().to_ascii_lowercase();
            let quality = parts.find_map(|part| part.trim().strip_prefix("q=")).unwrap_or("1");
            // Thousandths, as RFC 9110 allows three decimals.
            let quality =
                quality.parse::<f32>().map_or(0, |quality| if quality >= 1.0 { 1000 } else { thousandths(quality) });
            let language = match tag.split('-').next() {
                Some("vi") => Self::Vietnamese,
                Some("en") => Self::English,
                _ => continue,
            };
            if quality > best.0 {
                best = (quality, language);
            }
        }
        best.1
    }

    pub fn pick(self, message: &Message) -> &str {
        match self {
            Self::Vietnamese => &message.vi,
            Self::English => &message.en,
        }
    }

    pub fn tag(self) -> &'static str {
        match self {
            Self::Vietnamese => "vi",
            Self::English => "en",
        }
    }
}

fn thousandths(quality: f32) -> u32 {
    (0..1000).rev().find(|step| f64::from(*step) / 1000.0 <= f64::from(quality) + 0.000_1).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::cookie::Cookie;
    use actix_web::test::TestRequest;

    #[test]
    fn vietnamese_unless_english_is_preferred() {
        for (header, language) in [
            ("", Language::Vietnamese),
            ("en", Language::English),
            ("fr-FR, en;q=0.8", Language::English),
            ("vi-VN,vi;q=0.9,en;q=0.8", Language::Vietnamese),
            ("en-GB;q=0.7, vi;q=0.6", Language::English),
            ("fr", Language::Vietnamese),
        ] {
            assert_eq!(Language::preferred(header), language, "{header}");
        }
    }

    #[test]
    fn a_choice_comes_before_what_the_browser_asks_for() {
        let asked = |address: &str, remembered: &str| {
            let request = TestRequest::with_uri(address).cookie(Cookie::new("lang", remembered.to_owned()));
            Language::of(&request.insert_header((ACCEPT_LANGUAGE, "vi")).to_http_request())
        };
        assert_eq!(asked("/?q=a&lang=en", "vi"), Language::English);
        assert_eq!(asked("/", "en"), Language::English);
        assert_eq!(asked("/?lang=fr", "de"), Language::Vietnamese);
    }
}
