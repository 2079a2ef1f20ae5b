//! Operation ids: one rule makes them from method, path and whether a list is answered, so that no route needs its own.
//!
//! `GET /ideas` is `listIdeas`, `GET /ideas/{id}` `readIdea`, `POST /ideas` `createIdea`, `PATCH /ideas/{id}`
//! `changeIdea`, `POST /ideas/{id}/return` `returnIdea`, `POST /accounts/{id}/reset-password` `resetAccountPassword`.

use crate::http::openapi::API;

/// Operations whose path does not say what a person would call them.
const CALLED: [(&str, &str, &str); 8] = [
    ("get", "/", "showHome"),
    ("get", "/api/v1/me", "readMe"),
    ("post", "/api/v1/auth/choose-password", "choosePassword"),
    ("post", "/api/v1/auth/password", "changePassword"),
    ("post", "/api/v1/auth/second-factor", "setUpSecondFactor"),
    ("post", "/api/v1/auth/second-factor/confirm", "confirmSecondFactor"),
    ("post", "/api/v1/auth/second-factor/remove", "giveUpSecondFactor"),
    ("post", "/api/v1/auth/token", "signIn"),
];

/// Parts of paths that are shorter than what they stand for.
const SHORT: [(&str, &str); 9] = [
    ("01", "gtin"),
    ("10", "lot"),
    ("21", "serial"),
    ("22", "variant"),
    ("auth", "token"),
    ("c", "certificate"),
    ("me", "my"),
    ("p", "paper"),
    ("t", "stamp"),
];

/// The id of the operation `method` (in small letters) at `path`.
pub fn operation_id(method: &str, path: &str, answers_list: bool) -> String {
    if let Some((_, _, name)) = CALLED.iter().find(|called| (called.0, called.1) == (method, path)) {
        return (*name).to_owned();
    }
    let parts: Vec<&str> = path.strip_prefix(API).unwrap_or(path).split('/').filter(|part| !part.is_empty()).collect();
    let ends_open = parts.last().is_some_and(|part| !is_variable(part));
    let mut nouns: Vec<&str> = parts.into_iter().filter(|part| !is_variable(part)).collect();
    let last = nouns.last().copied().unwrap_or_default();
    let makes = singular(last) != last;
    let mut object = String::new();
    let verb = match method {
        "get" if !path.starts_with(API) => "show",
        "get" if answers_list => "list",
        "get" => "read",
        "head" => "peek",
        "patch" => "change",
        "put" => "replace",
        "delete" => "remove",
        _ if makes || !ends_open => "create",
        _ => {
            nouns.pop();
            let (verb, rest) = last.split_once('-').unwrap_or((last, ""));
            object = capitalized(rest);
            verb
        }
    };
    let keeps_last = ends_open && verb != "create" && method != "post";
    let count = nouns.len();
    let mut words: Vec<String> = Vec::new();
    for (place, noun) in nouns.into_iter().enumerate() {
        let noun = SHORT.iter().find(|short| short.0 == noun).map_or(noun, |short| short.1);
        let is_last = place + 1 == count;
        let word = capitalized(&if is_last && keeps_last { noun.to_owned() } else { singular(noun) });
        // `/certificates/{id}/certificate.pdf` says the same twice.
        if words.last().is_some_and(|before| word.starts_with(before.as_str())) {
            words.pop();
        }
        words.push(word);
    }
    let verb = capitalized(verb);
    let (first, rest) = verb.split_at_checked(1).unwrap_or(("", ""));
    format!("{}{rest}{}{object}", first.to_ascii_lowercase(), words.concat())
}

/// Whether a part of a path is a variable one.
fn is_variable(part: &str) -> bool {
    part.starts_with('{')
}

/// One of what a part of a path names; itself where it does not name many.
fn singular(word: &str) -> String {
    let is_one = ["ss", "us", "is"].iter().any(|ending| word.ends_with(ending));
    if is_one || !word.ends_with('s') || word.contains('.') {
        word.to_owned()
    } else if let Some(stem) = word.strip_suffix("ies") {
        format!("{stem}y")
    } else if ["ches", "shes", "sses", "xes"].iter().any(|ending| word.ends_with(ending)) {
        word.trim_end_matches("es").to_owned()
    } else {
        word.trim_end_matches('s').to_owned()
    }
}

/// `stamp-orders` as `StampOrders`; capitals inside a word stay.
fn capitalized(text: &str) -> String {
    let words = text.split(|sign: char| !sign.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let capitalized = words.map(|word| {
        let (first, rest) = word.split_at_checked(1).unwrap_or(("", ""));
        format!("{}{rest}", first.to_ascii_uppercase())
    });
    capitalized.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_say_what_is_done_to_what() {
        for (method, path, answers_list, expected) in [
            ("get", "/api/v1/ideas", true, "listIdeas"),
            ("post", "/api/v1/ideas", false, "createIdea"),
            ("get", "/api/v1/ideas/{id}", false, "readIdea"),
            ("patch", "/api/v1/ideas/{id}", false, "changeIdea"),
            ("delete", "/api/v1/ideas/{id}", false, "removeIdea"),
            ("post", "/api/v1/ideas/{id}/submit", false, "submitIdea"),
            ("post", "/api/v1/ideas/{id}/return", false, "returnIdea"),
            ("post", "/api/v1/ideas/{id}/papers", false, "createIdeaPaper"),
            ("get", "/api/v1/ideas/{id}/history", true, "listIdeaHistory"),
            ("post", "/api/v1/appeals/{id}/dismiss", false, "dismissAppeal"),
            ("post", "/api/v1/agenda-items/{id}/send_up", false, "sendUpAgendaItem"),
            ("post", "/api/v1/agenda-items/{id}/close-scoring", false, "closeAgendaItemScoring"),
            ("post", "/api/v1/accounts/{id}/reset-password", false, "resetAccountPassword"),
            ("put", "/api/v1/shops/{id}/products", false, "replaceShopProducts"),
            ("post", "/api/v1/auth/refresh", false, "refreshToken"),
            ("post", "/api/v1/auth/token", false, "signIn"),
            ("get", "/api/v1/me/sheets", true, "listMySheets"),
            ("get", "/api/v1/dispatches/{id}", false, "readDispatch"),
            ("get", "/api/v1/certificates/{id}/certificate.pdf", false, "readCertificatePdf"),
            ("get", "/api/v1/epcis/bizSteps", false, "readEpcisBizSteps"),
            ("get", "/products/{code}", false, "showProduct"),
            ("get", "/01/{gtin}/10/{lot}/21/{serial}", false, "showGtinLotSerial"),
            ("head", "/t/{code}", false, "peekStamp"),
            ("post", "/t/{code}/scans", false, "createStampScan"),
        ] {
            assert_eq!(operation_id(method, path, answers_list), expected, "{method} {path}");
        }
    }
}
