//! Reports of working groups, on the desk.

use serde_json::Value;

use crate::account::Work;
use crate::base::Result;
use crate::desk::counter::{Beside, KindOfThing, Step};
use crate::desk::field::{STATE, Writing, field};
use crate::desk::input::{Alternative, Asks, Input, NOTE};
use crate::desk::kinds::session_words::{PROPOSALS, REPORT};
use crate::desk::kinds::sources::{self, COUNCIL, CREATED, ON_AGENDA, PRODUCER, ROUND, UNIT};
use crate::desk::words::{STATES, Wording, said};
use crate::page::words::day;
use crate::rating::GroupReport;
use crate::rating::group_report::steps::{CHANGE, DISCARD, FINISH};
use crate::station::label;

fn states(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let known: Vec<Wording> =
        STATES.iter().filter(|(value, _)| ["draft", "finished", "discarded"].contains(value)).copied().collect();
    Ok(sources::states(work, &known))
}

/// Its paper, and what it rests on.
fn beside(work: &mut Work, report: &GroupReport, _: &Value) -> Result<Vec<Beside>> {
    let language = work.language;
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let mut paper = Beside::new(label("Bản in", "To be printed"));
    paper.links.push((
        format!("/desk/group-reports/{}/paper", report.row.id),
        say("In báo cáo của tổ giúp việc", "Print the working group's report"),
    ));
    let content = report.content(work)?;
    let mut documents = Beside::new(label("Giấy tờ trong hồ sơ", "Papers of the dossier"));
    let row = |document: &crate::rating::group_report::content::ReportedDocument| {
        let on = |at: Option<crate::base::Day>| at.map(|at| day(language, at)).unwrap_or_default();
        vec![
            language.pick(&document.kind.name()).to_owned(),
            document.number.clone().unwrap_or_default(),
            on(document.issued_on),
            on(document.valid_until),
        ]
    };
    let heads = vec![
        say("Giấy tờ", "Paper"),
        say("Số", "Number"),
        say("Ngày cấp", "Issued"),
        say("Có giá trị đến", "Valid until"),
    ];
    documents.table = Some((heads, content.dossier.documents.iter().map(row).collect()));
    let mut surveys = Beside::new(label("Khảo sát thực tế", "Surveys on site"));
    let rows = content.surveys.iter().map(|survey| {
        let findings = survey.findings.iter().map(|found| format!("{}: {}", found.criterion, found.text));
        vec![
            day(language, survey.surveyed_on),
            survey.team.iter().map(|member| member.name.clone()).collect::<Vec<_>>().join(", "),
            findings.collect::<Vec<_>>().join("; "),
            format!("{}/{}", survey.tests.iter().filter(|test| test.result.is_some()).count(), survey.tests.len()),
        ]
    });
    let heads = vec![
        say("Ngày", "Day"),
        say("Đoàn khảo sát", "Who went there"),
        say("Nhận xét", "Findings"),
        say("Kiểm nghiệm có kết quả", "Tests with results"),
    ];
    surveys.table = Some((heads, rows.collect()));
    let mut remarks = Beside::new(label("Nhận xét của tổ giúp việc", "The working group's remarks"));
    let row = |remark: &crate::rating::group_report::content::ReportedRemark| {
        vec![remark.name.clone(), remark.criterion.clone().unwrap_or_default(), remark.text.clone()]
    };
    let heads = vec![say("Ai", "Who"), say("Tiêu chí", "Criterion"), say("Nhận xét", "Remark")];
    remarks.table = Some((heads, content.remarks.iter().map(row).collect()));
    let of_content = [documents, surveys, remarks].into_iter();
    let is_filled = |part: &Beside| part.table.as_ref().is_some_and(|(_, rows)| !rows.is_empty());
    Ok(std::iter::once(paper).chain(of_content.filter(is_filled)).collect())
}

pub static KIND: KindOfThing<GroupReport> = KindOfThing {
    title: label("Báo cáo của tổ giúp việc", "Working groups' reports"),
    about: label(
        "Báo cáo được lập tại trang của sản phẩm trong chương trình hội đồng, trước khi chấm điểm.",
        "A report is drafted on the product's page in a council's agenda, before the scoring.",
    ),
    name: "/product_name",
    fields: &[
        STATE,
        ON_AGENDA,
        PRODUCER,
        COUNCIL,
        ROUND,
        field("/number", label("Số báo cáo", "Number"), Writing::Text),
        field("/dated", label("Ngày báo cáo", "Dated"), Writing::Day),
        field("/leader", label("Tổ trưởng", "Leader"), Writing::Text),
        field("/dossier_check", label("Kết quả rà soát hồ sơ", "What was checked"), Writing::Long),
        field("/assessment", label("Đánh giá chung", "Assessment"), Writing::Long),
        field("/proposal", label("Đề nghị", "Proposal"), Writing::Wording(PROPOSALS)),
        field("/proposal_text", label("Đề nghị khác", "Proposed besides"), Writing::Long),
        field("/account_name", label("Người lập", "Drafted by"), Writing::Text),
        CREATED,
        field("/finished_at", label("Hoàn thành lúc", "Finished"), Writing::Moment),
    ],
    columns: &[
        STATE,
        PRODUCER,
        COUNCIL,
        ROUND,
        field("/number", label("Số", "Number"), Writing::Text),
        field("/proposal", label("Đề nghị", "Proposal"), Writing::Wording(PROPOSALS)),
    ],
    filters: &[Input::new("state", label("Trạng thái", "State"), Asks::From(states)), UNIT],
    making: None,
    steps: &[
        Step { step: &CHANGE, inputs: REPORT },
        Step { step: &DISCARD, inputs: &[NOTE] },
        Step {
            step: &FINISH,
            inputs: &[
                Input::new("number", label("Số báo cáo", "Number"), Asks::Line)
                    .required()
                    .hint(label("ví dụ 07/BC-TTV", "such as 07/BC-TTV")),
                Input::new("dated", label("Ngày báo cáo", "Dated"), Asks::Day).required(),
            ],
        },
    ],
    beside,
};
