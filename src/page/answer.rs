//! Sending pages: which headers keep them safe, and who may keep them.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ContentType, ETAG, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde::Serialize;
use serde_json::Value;

use crate::http::language::VARIES;
use crate::http::{Language, Request};
use crate::page::Frame;
use crate::page::tag::weak_tag;

/// Pages for everybody run no script and load nothing from elsewhere; `data:` is the little picture in the browser's tab.
const SAFETY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// Pages of the desk run our own script, and nothing else.
const SAFETY_WITH_SCRIPT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                                  form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A member's sheet saves what is marked as it is marked, and shows the dossier's papers in a frame beside it.
const SAFETY_WITH_SAVING: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; frame-src 'self'; style-src 'self'; \
                                  img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// How long a page that counts nothing may be shown again unasked: a minute.
const KEPT: &str = "public, max-age=60";

/// A page that is true at this moment only.
pub fn fresh(frame: &Frame, status: StatusCode, page: String) -> HttpResponse {
    head(frame.language, status).insert_header((CACHE_CONTROL, "no-store")).body(page)
}

/// As [`fresh`], with our script; where the page says so, the script asks for what it needs to send what it kept.
pub fn fresh_with_script(frame: &Frame, status: StatusCode, page: String) -> HttpResponse {
    let mut response = head(frame.language, status);
    let safety = if frame.saves { SAFETY_WITH_SAVING } else { SAFETY_WITH_SCRIPT };
    response.insert_header((CONTENT_SECURITY_POLICY, safety));
    response.insert_header((CACHE_CONTROL, "no-store")).body(page)
}

/// As [`fresh_with_script`], where the script sends what it saves.
pub fn fresh_saving(frame: &Frame, status: StatusCode, page: String) -> HttpResponse {
    let mut response = head(frame.language, status);
    response.insert_header((CONTENT_SECURITY_POLICY, SAFETY_WITH_SAVING));
    response.insert_header((CACHE_CONTROL, "no-store")).body(page)
}

/// A page that counts nothing: kept for a minute, then asked for by its tag (304 while it is the same).
pub fn kept(request: &Request, frame: &Frame, page: String) -> HttpResponse {
    let tag = weak_tag(page.as_bytes());
    let mut response = head(frame.language, StatusCode::OK);
    response.insert_header((CACHE_CONTROL, KEPT)).insert_header((ETAG, tag.clone()));
    if request.has_tag(&tag) {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    response.body(page)
}

/// What a page says, for programs; true at this moment only.
pub fn data(language: Language, status: StatusCode, body: impl Serialize) -> HttpResponse {
    head_of_data(language, status).json(body)
}

/// As [`data`], of JSON that is written already.
pub fn data_as_text(language: Language, status: StatusCode, body: String) -> HttpResponse {
    head_of_data(language, status).insert_header(ContentType::json()).body(body)
}

fn head_of_data(language: Language, status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .insert_header((CONTENT_LANGUAGE, language.tag()))
        .insert_header((VARY, VARIES))
        .insert_header((CACHE_CONTROL, "no-store"));
    response
}

/// What a page says that is the same for a while, for programs.
pub fn kept_data(body: impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((VARY, VARIES)).insert_header((CACHE_CONTROL, KEPT)).json(body)
}

fn head(language: Language, status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_LANGUAGE, language.tag()))
        .insert_header((VARY, VARIES))
        .insert_header((CONTENT_SECURITY_POLICY, SAFETY))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((REFERRER_POLICY, "same-origin"));
    response
}

/// JSON that may stand within `<script type="application/ld+json">`: nothing in it can end the element.
pub fn json_for_script(value: &Value) -> String {
    let mut text = String::new();
    for letter in value.to_string().chars() {
        match letter {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => text.push_str(&format!("\\u{:04x}", u32::from(letter))),
            _ => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_in_a_page_cannot_end_its_element() {
        let value = serde_json::json!({"name": "</script><b>&\u{2028}", "stars": 4});
        let text = json_for_script(&value);
        assert!(!text.contains(['<', '>', '&', '\u{2028}']));
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
