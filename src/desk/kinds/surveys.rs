//! Surveys on site, on the desk.

use serde_json::Value;

use crate::account::Work;
use crate::base::Result;
use crate::desk::counter::{Beside, KindOfThing, Receives, Step};
use crate::desk::field::{STATE, Writing, field};
use crate::desk::input::{Alternative, Asks, Input, NOTE};
use crate::desk::kinds::session_words::{SURVEY, criteria_of_item};
use crate::desk::kinds::sources::{self, COUNCIL, CREATED, ON_AGENDA, PRODUCER, ROUND};
use crate::desk::words::{STATES, Wording, said};
use crate::files::FileKind;
use crate::http::Language;
use crate::page::words::day;
use crate::rating::Survey;
use crate::rating::survey::steps::{
    ADD_PHOTOGRAPH, ADD_TEST_PAPER, CHANGE, DISCARD, FINISH, PhotographFields, RECORD_RESULT,
};
use crate::rating::survey::store::SurveyFile;
use crate::station::label;

/// The tests that the survey asked for.
fn tests(_: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let tests = view.and_then(|view| view.get("tests")?.as_array()).into_iter().flatten();
    let told = |test: &Value| {
        let text = |member: &str| test.get(member).and_then(Value::as_str).unwrap_or_default();
        Alternative::new(text("id"), format!("{} ({})", text("what"), text("laboratory")))
    };
    Ok(tests.map(told).collect())
}

fn states(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let known: Vec<Wording> =
        STATES.iter().filter(|(value, _)| ["draft", "finished", "discarded"].contains(value)).copied().collect();
    Ok(sources::states(work, &known))
}

fn file_address(file: &SurveyFile) -> String {
    format!("/desk/survey-files/{}", file.id)
}

/// Who went there, what was found, what was tested, and what it looks like there.
fn beside(work: &mut Work, survey: &Survey, view: &Value) -> Result<Vec<Beside>> {
    let language = work.language;
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let mut beside = Vec::new();
    let mut team = Beside::new(label("Đoàn khảo sát", "Who went there"));
    let row = |member: &crate::rating::survey::rules::Member| vec![member.name.clone(), member.organisation.clone()];
    let heads = vec![say("Họ và tên", "Name"), say("Đơn vị", "Organisation")];
    team.table = Some((heads, survey.row.team.0.iter().map(row).collect()));
    beside.push(team);

    let mut findings = Beside::new(label("Nhận xét theo tiêu chí", "Findings by criterion"));
    let criteria = criteria_of_item(work, Some(view))?;
    let title = |code: &str| {
        let known = criteria.iter().find(|known| known.value == code);
        known.map_or_else(|| code.to_owned(), |known| known.label.clone())
    };
    let rows: Vec<Vec<String>> =
        survey.row.findings.0.iter().map(|found| vec![title(&found.criterion), found.text.clone()]).collect();
    if !rows.is_empty() {
        findings.table = Some((vec![say("Tiêu chí", "Criterion"), say("Nhận xét", "Finding")], rows));
        beside.push(findings);
    }

    let rows: Vec<Vec<String>> = survey.row.tests.0.iter().map(|test| tested(test, language)).collect();
    if !rows.is_empty() {
        let mut tests = Beside::new(label("Kiểm nghiệm bổ sung", "Tests"));
        let heads = vec![
            say("Kiểm nghiệm", "Test"),
            say("Cơ sở", "Laboratory"),
            say("Ngày yêu cầu", "Asked for on"),
            say("Kết quả", "Result"),
            say("Giới hạn", "Limit"),
            say("Đạt", "Within it"),
        ];
        tests.table = Some((heads, rows));
        let papers = survey.files.iter().filter(|(file, _)| file.test_id.is_some());
        tests.links = papers.map(|(file, stored)| (file_address(file), stored.name.clone())).collect();
        beside.push(tests);
    }

    let photographs: Vec<(String, String)> = survey
        .files
        .iter()
        .filter(|(file, _)| file.test_id.is_none())
        .map(|(file, stored)| (file_address(file), file.caption.clone().unwrap_or_else(|| stored.name.clone())))
        .collect();
    if !photographs.is_empty() {
        let mut seen = Beside::new(label("Ảnh khảo sát", "Photographs"));
        seen.pictures.clone_from(&photographs);
        seen.links = photographs;
        beside.push(seen);
    }
    Ok(beside)
}

fn tested(test: &crate::rating::survey::rules::Test, language: Language) -> Vec<String> {
    let waits = said(language, label("Chưa có", "Not in yet")).to_owned();
    let (value, limit, conforms) = match &test.result {
        Some(result) => (
            result.value.clone(),
            result.limit.clone().unwrap_or_else(|| "—".to_owned()),
            said(language, if result.conforms { label("Đạt", "Yes") } else { label("Không đạt", "No") }).to_owned(),
        ),
        None => (waits, String::new(), String::new()),
    };
    vec![test.what.clone(), test.laboratory.clone(), day(language, test.asked_on), value, limit, conforms]
}

pub static KIND: KindOfThing<Survey> = KindOfThing {
    title: label("Khảo sát thực tế", "Surveys on site"),
    about: label(
        "Biên bản khảo sát được lập tại trang của sản phẩm trong chương trình hội đồng, trước khi chấm điểm.",
        "A survey is written down on the product's page in a council's agenda, before the scoring.",
    ),
    name: "/product_name",
    fields: &[
        STATE,
        ON_AGENDA,
        PRODUCER,
        COUNCIL,
        ROUND,
        field("/surveyed_on", label("Ngày khảo sát", "Day of the survey"), Writing::Day),
        field("/account_name", label("Người ghi", "Written down by"), Writing::Text),
        CREATED,
        field("/finished_at", label("Hoàn thành lúc", "Finished"), Writing::Moment),
    ],
    columns: &[
        STATE,
        PRODUCER,
        COUNCIL,
        ROUND,
        field("/surveyed_on", label("Ngày khảo sát", "Surveyed"), Writing::Day),
    ],
    filters: &[Input::new("state", label("Trạng thái", "State"), Asks::From(states))],
    making: None,
    steps: &[
        Step { step: &CHANGE, inputs: SURVEY },
        Step {
            step: &Receives { step: &ADD_PHOTOGRAPH, kinds: FileKind::PICTURES, check: PhotographFields::check },
            inputs: &[
                Input::new("caption", label("Ảnh cho thấy gì", "What it shows"), Asks::Line),
                Input::new(
                    "file",
                    label("Ảnh (JPEG hoặc PNG)", "Photograph (JPEG or PNG)"),
                    Asks::File("image/jpeg,image/png"),
                )
                .required(),
            ],
        },
        Step {
            step: &RECORD_RESULT,
            inputs: &[
                Input::new("test", label("Kiểm nghiệm", "Test"), Asks::From(tests)).required(),
                Input::new("value", label("Kết quả", "Result"), Asks::Line).required().hint(label(
                    "Như phiếu ghi, ví dụ < 0,02 mg/kg",
                    "As the laboratory writes it, such as < 0,02 mg/kg",
                )),
                Input::new("limit", label("Giới hạn cho phép", "Limit"), Asks::Line),
                Input::new("conforms", label("Đạt giới hạn cho phép", "Within the limit"), Asks::YesNo).required(),
            ],
        },
        Step {
            step: &Receives { step: &ADD_TEST_PAPER, kinds: FileKind::PAPERS, check: |_| Ok(()) },
            inputs: &[
                Input::new("test", label("Kiểm nghiệm", "Test"), Asks::From(tests)).required(),
                Input::new(
                    "file",
                    label("Phiếu kiểm nghiệm (PDF, ảnh)", "The laboratory's paper (PDF, picture)"),
                    Asks::File(""),
                )
                .required(),
            ],
        },
        Step { step: &DISCARD, inputs: &[NOTE] },
        Step { step: &FINISH, inputs: &[NOTE] },
    ],
    beside,
};
