//! `/desk/criteria-sets/new`: the office imports a set, from a file or as a text, with all that is wrong with it in words.

use actix_web::{HttpRequest, web};
use serde_json::Value;

use crate::base::{Error, Refusal, Result};
use crate::criteria::steps::IMPORT;
use crate::desk::api::{made_at, refused_with_a_form};
use crate::desk::arrival::{DeskAnswer, see_other};
use crate::desk::counter::Make;
use crate::desk::forgery::{self, Reader};
use crate::desk::form::{Refused, Wrong};
use crate::desk::input::{Asks, Input};
use crate::desk::kinds::criteria_sets::KIND;
use crate::desk::page::{AroundPage, BlankPage, Said};
use crate::desk::sets::words::place;
use crate::desk::typed::{Meant, Typed};
use crate::desk::visit::{DeskVisit, enter, enter_with_file};
use crate::files;
use crate::http::pace;
use crate::http::{Language, Problem};
use crate::station::label;

/// The file's name in the form, and the text's.
const FILE: &str = "file";
const TEXT: &str = "set";

/// What the page asks.
pub const FORM: &[Input] = &[
    Input::new(FILE, label("Tệp bộ tiêu chí (JSON)", "File of the set (JSON)"), Asks::File(".json,application/json")),
    Input::new(TEXT, label("Hoặc dán nội dung bộ tiêu chí", "Or paste the set"), Asks::Document).hint(label(
        "Tải một bộ tiêu chí có sẵn về, sửa rồi nhập lại. Bộ mới là phiên bản kế tiếp; hồ sơ đã chấm giữ phiên bản của mình.",
        "Take a set away, change it and import it again. It becomes the next version; dossiers keep the version they are \
         scored with.",
    )),
];

/// As long as any body of ours.
const LONGEST: usize = 512 * 1024;

/// `GET /desk/criteria-sets/new`.
pub async fn show(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    enter(&request, body, async |visit| page(&visit, None).await).await
}

/// `POST /desk/criteria-sets`.
pub async fn take(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    enter_with_file(&request, async |mut visit: DeskVisit| {
        let multipart = pace::parts(&request, body.into_inner());
        let fields = files::texts(multipart, LONGEST).await?;
        let csrf = fields.get(forgery::FIELD).map(String::as_str);
        Reader::Account(visit.signed_in.account).must_have_sent(&visit.caller.app.keys, csrf)?;
        let file = fields.get(FILE).filter(|text| !text.trim().is_empty()).cloned();
        // The text of a file stands in the form from then on, where it can be mended.
        let typed = |(name, value): (String, String)| match (name.as_str(), &file) {
            (FILE, _) => None,
            (TEXT, Some(file)) => Some((name, file.clone())),
            _ => Some((name, value)),
        };
        visit.typed = Typed::new(fields.into_iter().filter_map(typed).collect());
        imported(&visit).await
    })
    .await
}

async fn imported(visit: &DeskVisit) -> DeskAnswer {
    let text = visit.typed.value(TEXT).unwrap_or_default();
    let refusal = match read(text) {
        Ok(sent) => match IMPORT.make(visit.ordering(&sent)?).await {
            Ok(answer) => return Ok(see_other(&made_at(&answer))),
            Err(Problem(error)) => (refused_with_a_form(error)?, sent),
        },
        Err(error) => (refused_with_a_form(error)?, Value::Null),
    };
    page(visit, Some(refusal)).await
}

/// What was pasted as what the step reads; 422 with the line where it is no JSON.
fn read(text: &str) -> Result<Value> {
    let refused = |code, detail| Err(Error::invalid(format!("/{TEXT}"), code, detail));
    // Some editors put a byte order mark before a text.
    let text = text.trim().trim_start_matches('\u{feff}');
    if text.is_empty() {
        return refused(
            "required",
            crate::base::say("Xin chọn tệp hoặc dán nội dung bộ tiêu chí.", "Please choose a file or paste the set."),
        );
    }
    serde_json::from_str(text).or_else(|error| {
        let (line, column) = (error.line(), error.column());
        refused(
            "malformed_json",
            crate::base::say(
                format!("Không phải JSON đúng cú pháp: xem dòng {line}, ký tự {column}."),
                format!("This is no JSON: look at line {line}, character {column}."),
            ),
        )
    })
}

async fn page(visit: &DeskVisit, refused: Option<(Refusal, Value)>) -> DeskAnswer {
    let (frame, language) = (visit.frame("/desk/criteria-sets/new"), visit.language());
    let typed = visit.typed.clone();
    let page = visit.look(PATH, move |work, desk| {
        let wrong = refused.as_ref().map(|(refusal, sent)| told(refusal, sent, language));
        let refused = refused.map(|(refusal, body)| {
            let meant = Meant { body, unread: Vec::new() };
            Refused { verb: "create".to_owned(), typed, meant, refusal }
        });
        let blank = BlankPage {
            path: PATH,
            list: KIND.title,
            view: Value::Null,
            first: &[],
            beside: Vec::new(),
            wrong,
            searched: None,
        };
        blank.render(work, AroundPage { frame, desk }, (&IMPORT, FORM), Said { refused, ..Said::default() })
    });
    Ok(page.await?.response())
}

const PATH: &str = "criteria-sets";

/// Every problem in words, each with its place; all lead to the text.
fn told(refusal: &Refusal, sent: &Value, language: Language) -> Vec<Wrong> {
    let field = Some(format!("create-{TEXT}"));
    let of_field = format!("/{TEXT}");
    let mut wrong: Vec<Wrong> = Vec::new();
    for fault in &refusal.faults {
        let detail = language.pick(&fault.detail);
        let text = match fault.pointer == of_field {
            true => detail.to_owned(),
            false => format!("{}: {detail}", place(&fault.pointer, sent, language)),
        };
        wrong.push(Wrong { text, field: field.clone() });
    }
    if wrong.is_empty() || refusal.code == "wrong_sums" {
        wrong.insert(0, Wrong { text: language.pick(&refusal.detail).to_owned(), field });
    }
    wrong
}
