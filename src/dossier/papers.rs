//! Forms 01, 02 and 03 of 26/2026/QĐ-TTg (annex III), filled from what was handed in and ready to be printed and signed.
//!
//! Under an edition whose own forms are not at hand, forms 01 and 02 are printed without a form's number and without the part
//! that offices fill; form 03 is then none.
//!
//! Before it is handed in, and while it is open again, forms 01 and 02 show the dossier as it stands, marked as drafts.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Serialize;
use strum::IntoEnumIterator;

use crate::account::{Caller, Work};
use crate::audit::Resource;
use crate::base::id::{DocumentId, DossierId};
use crate::base::{Day, Error, Result, say};
use crate::criteria::{self, Mark, Set};
use crate::cycle::DossierKind;
use crate::cycle::dossiers::DossierForms;
use crate::dossier::commune_store::{self, CommuneReport};
use crate::dossier::content::Content;
use crate::dossier::rules::State;
use crate::dossier::statements::{Section, Statements};
use crate::dossier::submission::gather;
use crate::dossier::view::reads_producer;
use crate::dossier::{Dossier, submission_store};
use crate::files::DocumentKind;
use crate::http::{Language, PathParam, Problem, Refusals};
use crate::page::{Texts, words};
use crate::paper::{self, Kind, Proof, Subject};
use crate::place::{self, rules::PROVINCE};
use crate::producer::{self, rules::Sex, rules::reads_sensitive};
use crate::station::find;

/// What stands at the head of all three.
#[derive(Debug, Serialize)]
pub struct Head {
    /// The act's forms, where the dossier is under an act that has them.
    pub forms: Option<DossierForms>,
    pub is_draft: bool,
    pub commune: String,
    pub province: String,
    pub year: i32,
    pub producer: String,
    pub producer_kind: String,
    pub address: String,
    pub representative: String,
    pub product: String,
    pub criteria_set: String,
    /// The day on which it was handed in, where it was.
    pub submitted_on: Option<Day>,
    /// The digest of what was handed in, where it was.
    pub digest: Option<String>,
}

/// What the printing asker may see of who represents the producer; it is no part of what was handed in.
#[derive(Debug, Default, Serialize)]
pub struct Representative {
    pub sex: Option<&'static str>,
    pub ethnicity: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct RegistrationSheet {
    pub head: Head,
    pub phone: String,
    pub email: Option<String>,
    pub sector: &'static str,
    pub kind: Option<DossierKind>,
    pub samples: Option<i32>,
    pub number: Option<String>,
    pub received_on: Option<Day>,
    pub province_number: Option<String>,
    pub forwarded_on: Option<Day>,
}

#[derive(Debug, Serialize)]
pub struct SelfEvaluation {
    pub head: Head,
    pub representative: Representative,
    pub phone: String,
    pub email: Option<String>,
    pub identity_number: String,
    pub description: String,
    pub packaging: String,
    /// Which papers are there, as the form asks for them.
    pub at_hand: Vec<(&'static str, bool)>,
    pub history: Option<String>,
    pub organisation: Option<String>,
    pub results: Option<String>,
    pub plans: Option<String>,
    pub plan: Vec<(&'static str, String)>,
    pub parts: Vec<Part>,
    pub most: i32,
    pub total: Option<i32>,
    pub changes: Vec<Told>,
    pub updates: Vec<Told>,
    pub yearly: Vec<Year>,
    pub documents: Vec<String>,
}

/// A part of the criteria with the producer's own marks.
#[derive(Debug, Serialize)]
pub struct Part {
    pub code: String,
    pub title: String,
    pub most: i32,
    pub lines: Vec<Line>,
}

#[derive(Debug, Serialize)]
pub struct Line {
    pub code: String,
    pub title: String,
    pub most: i32,
    pub chosen: Option<String>,
    pub points: Option<i32>,
    pub remark: Option<String>,
    pub evidence: Vec<String>,
}

/// A section of what is stated, with what it rests on.
#[derive(Debug, Serialize)]
pub struct Told {
    pub section: String,
    pub text: String,
    pub evidence: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct Year {
    pub year: i32,
    pub output: i64,
    pub unit: String,
    pub revenue: String,
}

#[derive(Debug, Serialize)]
pub struct CommunePaper {
    pub head: Head,
    pub representative: Representative,
    /// Each content: its title, the producer's own words, what the commune found.
    pub contents: Vec<(&'static str, String, Option<String>)>,
    pub completeness: Option<String>,
    pub number: Option<String>,
    /// Its number and day.
    pub letter: Option<(String, Day)>,
    pub reported_on: Option<Day>,
}

#[derive(Template)]
#[template(path = "papers/registration.html")]
struct RegistrationPage {
    paper: RegistrationSheet,
    proof: Proof,
}

impl RegistrationPage {
    /// The box of a kind, ticked where it is the dossier's.
    fn ticked(&self, kind: &str) -> &'static str {
        if self.paper.kind.is_some_and(|own| own.as_ref() == kind) { "☑" } else { "☐" }
    }
}

#[derive(Template)]
#[template(path = "papers/self_evaluation.html")]
struct SelfEvaluationPage {
    paper: SelfEvaluation,
    proof: Proof,
}

#[derive(Template)]
#[template(path = "papers/commune_report.html")]
struct CommunePage {
    paper: CommunePaper,
    proof: Proof,
}

/// A paper of a dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DossierPaper {
    /// Form 01.
    Registration,
    /// Form 02.
    SelfEvaluation,
    /// Form 03.
    CommuneReport,
}

/// A paper of a dossier, for who asks from a page or from a program.
pub async fn printed(caller: Caller, id: PathParam<DossierId>, asked: DossierPaper) -> Result<HttpResponse, Problem> {
    let html = |page: std::result::Result<String, askama::Error>| page.map_err(Error::internal);
    match asked {
        DossierPaper::Registration => {
            let render = move |paper, proof| html(RegistrationPage { paper, proof }.render());
            paper::print(caller, move |work| registration_of(work, id.get()?), render).await
        }
        DossierPaper::SelfEvaluation => {
            let render = move |paper, proof| html(SelfEvaluationPage { paper, proof }.render());
            paper::print(caller, move |work| self_evaluation_of(work, id.get()?), render).await
        }
        DossierPaper::CommuneReport => {
            let render = move |paper, proof| html(CommunePage { paper, proof }.render());
            paper::print(caller, move |work| commune_report_of(work, id.get()?), render).await
        }
    }
}

/// Form 01, the registration, as a page to be printed. For whoever sees the dossier.
#[utoipa::path(tag = "papers", responses((status = 200, body = String, content_type = "text/html"), Refusals))]
#[get("/dossiers/{id}/registration-paper")]
pub async fn registration(caller: Caller, id: PathParam<DossierId>) -> Result<HttpResponse, Problem> {
    printed(caller, id, DossierPaper::Registration).await
}

/// Form 02, the producer's own evaluation, as a page to be printed. For who may see the producer's own marks; sex and ethnicity
/// of the representative stand on it for the producer, its commune and the provincial office alone.
#[utoipa::path(tag = "papers", responses((status = 200, body = String, content_type = "text/html"), Refusals))]
#[get("/dossiers/{id}/self-evaluation-paper")]
pub async fn self_evaluation(caller: Caller, id: PathParam<DossierId>) -> Result<HttpResponse, Problem> {
    printed(caller, id, DossierPaper::SelfEvaluation).await
}

/// Form 03, the commune's report, as a page to be printed; before the commune sends the dossier on, with the producer's own
/// words and room for what the commune finds.
#[utoipa::path(tag = "papers", responses((status = 200, body = String, content_type = "text/html"), Refusals))]
#[get("/dossiers/{id}/commune-report-paper")]
pub async fn commune_report(caller: Caller, id: PathParam<DossierId>) -> Result<HttpResponse, Problem> {
    printed(caller, id, DossierPaper::CommuneReport).await
}

/// When a dossier was handed in, and the digest of what was.
type Receipt = (Day, String);

/// What is printed, the set that it is scored with, and the receipt where it is of what was handed in.
fn frozen(work: &mut Work, dossier: &Dossier) -> Result<(Content, Set, Option<Receipt>)> {
    let submission = submission_store::list(work.connection, dossier.row.id, None, 1)?.pop();
    match submission.filter(|_| dossier.row.state != State::Open) {
        Some(submission) => {
            let content = submission.content.0;
            let product = &content.product;
            let set = criteria::store::version(
                work.connection,
                &product.criteria_set,
                content.edition,
                product.criteria_set_version,
            )?;
            let set = set.ok_or_else(|| Error::internal("a submission without its criteria set"))?;
            Ok((content, set.tree.0, Some((submission.submitted_at.day(), submission.digest.to_string()))))
        }
        None => {
            let gathered = gather(work, dossier, work.now.day())?;
            Ok((gathered.content, gathered.set.tree.0, None))
        }
    }
}

fn head(work: &mut Work, content: &Content, receipt: Option<Receipt>) -> Result<Head> {
    let today = work.now.day();
    let (submitted_on, digest) = receipt.unzip();
    let day = submitted_on.unwrap_or(today);
    Ok(Head {
        forms: content.edition.edition()?.dossiers.forms,
        is_draft: submitted_on.is_none(),
        commune: place::store::name(work.connection, &content.producer.commune_code, day)?,
        province: place::store::name(work.connection, &PROVINCE.parse().map_err(Error::internal)?, day)?,
        year: content.year,
        producer: content.producer.name.clone(),
        producer_kind: content.producer.kind.told(Texts::of(Language::Vietnamese)).to_owned(),
        address: content.producer.address.clone(),
        representative: content.producer.representative.clone(),
        product: content.product.name.clone(),
        criteria_set: content.product.criteria_set_title.clone(),
        submitted_on,
        digest,
    })
}

fn representative(work: &mut Work, dossier: &Dossier) -> Result<Representative> {
    if !reads_sensitive(work.actor.role) || !work.actor.sees(&dossier.row.home()) {
        return Ok(Representative::default());
    }
    let producer = producer::store::find(work.connection, dossier.row.producer_id)?.ok_or_else(Error::unknown)?;
    let sex = producer.representative_sex.map(|sex| match sex {
        Sex::Female => "Nữ",
        Sex::Male => "Nam",
    });
    Ok(Representative { sex, ethnicity: producer.representative_ethnicity })
}

fn subject(dossier: &Dossier, kind: Kind, number: Option<String>, dated: Option<Day>) -> Subject {
    Subject {
        kind,
        resource: Resource::Dossier,
        id: dossier.row.id.any(),
        version: dossier.row.version,
        unit: dossier.row.commune_code.clone(),
        number,
        dated,
    }
}

fn registration_of(work: &mut Work, id: DossierId) -> Result<(Subject, RegistrationSheet)> {
    let dossier = find::<Dossier>(work, &id)?;
    let (content, set, receipt) = frozen(work, &dossier)?;
    let head = head(work, &content, receipt)?;
    let row = &dossier.row;
    let samples = dossier.edition.dossiers.samples.filter(|_| !content.product.is_service);
    let paper = RegistrationSheet {
        phone: content.producer.phone,
        email: content.producer.email,
        sector: set.sector.told(&Texts::of(Language::Vietnamese).sectors),
        kind: content.kind,
        samples,
        number: row.number.clone(),
        received_on: row.received_at.map(|at| at.day()),
        province_number: row.province_number.clone(),
        forwarded_on: row.forwarded_at.map(|at| at.day()),
        head,
    };
    let subject = subject(&dossier, Kind::RegistrationSheet, paper.number.clone(), paper.head.submitted_on);
    Ok((subject, paper))
}

fn self_evaluation_of(work: &mut Work, id: DossierId) -> Result<(Subject, SelfEvaluation)> {
    let dossier = find::<Dossier>(work, &id)?;
    if !dossier.standing.shows_self_marks(&work.actor, &dossier.row.home()) {
        return Err(Error::forbidden(say(
            "Báo cáo tự đánh giá có điểm tự chấm; hội đồng và cơ quan tổ chức xem sau khi có kết quả.",
            "This form holds the producer's own marks, which councils and offices see after the result.",
        )));
    }
    let (content, set, receipt) = frozen(work, &dossier)?;
    let head = head(work, &content, receipt)?;
    let representative = representative(work, &dossier)?;
    let named: BTreeMap<DocumentId, String> = content
        .documents
        .iter()
        .map(|document| {
            let number = document.number.as_ref().map(|number| format!(" số {number}")).unwrap_or_default();
            (document.id, format!("{}{number}", document.kind.name().vi))
        })
        .collect();
    let parts = parts(&set, content.self_marks.as_deref().unwrap_or_default(), &named);
    let total = parts.iter().flat_map(|part| &part.lines).filter_map(|line| line.points).sum();
    let report = content.report.unwrap_or_default();
    let has = |kind| content.documents.iter().any(|document| document.kind == kind);
    let at_hand = vec![
        ("Giấy đăng ký kinh doanh", has(DocumentKind::BusinessRegistration)),
        ("Đã công bố chất lượng sản phẩm", has(DocumentKind::QualityPublication)),
        (
            "Giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm, điều kiện sản xuất",
            has(DocumentKind::FoodSafetyCertificate),
        ),
        ("Đăng ký sở hữu trí tuệ, mã số mã vạch", has(DocumentKind::BarcodeOrProperty)),
    ];
    let plan = vec![
        ("Vùng nguyên liệu", content.plan.materials),
        ("Công nghệ sản xuất, chế biến, đóng gói", content.plan.technology),
        ("Quy mô, năng lực", content.plan.capacity),
        ("Thị trường phân phối", content.plan.market),
    ];
    let yearly = content.yearly_figures.into_iter().map(|figure| Year {
        year: figure.year,
        output: figure.output,
        unit: figure.unit,
        revenue: words::number(Language::Vietnamese, figure.revenue.get()),
    });
    reads_producer(work, &dossier, &content.producer.identity_number);
    let paper = SelfEvaluation {
        representative,
        phone: content.producer.phone,
        email: content.producer.email,
        identity_number: content.producer.identity_number,
        description: content.product.description,
        packaging: content.product.packaging,
        at_hand,
        history: report.history,
        organisation: report.organisation,
        results: report.results,
        plans: report.plans,
        plan,
        most: set.parts.iter().map(|part| part.max.get()).sum(),
        total: content.self_marks.is_some().then_some(total),
        parts,
        changes: told(&content.changes, &named),
        updates: told(&content.updates, &named),
        yearly: yearly.collect(),
        documents: named.into_values().collect(),
        head,
    };
    let subject = subject(&dossier, Kind::SelfEvaluation, None, paper.head.submitted_on);
    Ok((subject, paper))
}

fn commune_report_of(work: &mut Work, id: DossierId) -> Result<(Subject, CommunePaper)> {
    let dossier = find::<Dossier>(work, &id)?;
    if dossier.edition.dossiers.forms.is_none() {
        let act = dossier.edition.act.clone();
        return Err(Error::conflict(
            "not_in_edition",
            say(
                format!("Quyết định {act} không có phiếu đánh giá của Ủy ban nhân dân cấp xã."),
                format!("Decision {act} knows no report of the commune."),
            ),
        ));
    }
    let report = commune_store::latest(work.connection, &[id])?.remove(&id);
    let (content, _, receipt) = frozen(work, &dossier)?;
    let head = head(work, &content, receipt)?;
    let representative = representative(work, &dossier)?;
    let history = content.report.and_then(|report| report.history).unwrap_or_default();
    let found = |text: fn(&CommuneReport) -> &String| report.as_ref().map(|report| text(report).clone());
    let paper = CommunePaper {
        representative,
        contents: vec![
            ("Về sử dụng nguyên liệu địa phương", content.plan.materials, found(|report| &report.local_material)),
            ("Về sử dụng lao động địa phương", content.plan.capacity, found(|report| &report.local_labour)),
            ("Nguồn gốc ý tưởng sản phẩm", content.product.description, found(|report| &report.origin_of_idea)),
            ("Bản sắc, trí tuệ địa phương", history, found(|report| &report.local_identity)),
        ],
        completeness: found(|report| &report.completeness),
        number: dossier.row.number.clone(),
        letter: report.as_ref().map(|report| (report.letter_number.clone(), report.letter_date)),
        reported_on: report.map(|report| report.created_at.day()),
        head,
    };
    let subject = subject(&dossier, Kind::CommuneReport, paper.number.clone(), paper.reported_on);
    Ok((subject, paper))
}

fn parts(set: &Set, marks: &[Mark], named: &BTreeMap<DocumentId, String>) -> Vec<Part> {
    let marks: BTreeMap<&str, &Mark> = marks.iter().map(|mark| (mark.criterion.as_str(), mark)).collect();
    let part = |part: &criteria::tree::Part| Part {
        code: part.code.clone(),
        title: part.title.clone(),
        most: part.max.get(),
        lines: part
            .criteria()
            .map(|criterion| {
                let mark = marks.get(criterion.code.as_str());
                let choice = mark.and_then(|mark| criterion.choice(mark.option));
                Line {
                    code: criterion.code.clone(),
                    title: criterion.title.clone(),
                    most: criterion.max.get(),
                    chosen: choice.map(|choice| choice.label.clone()),
                    points: choice.map(|choice| choice.points.get()),
                    remark: mark.and_then(|mark| mark.remark.clone()),
                    evidence: mark
                        .iter()
                        .flat_map(|mark| mark.documents())
                        .filter_map(|id| named.get(&id).cloned())
                        .collect(),
                }
            })
            .collect(),
    };
    set.parts.iter().map(part).collect()
}

/// What is stated, in the order of the form.
fn told(statements: &Statements, named: &BTreeMap<DocumentId, String>) -> Vec<Told> {
    let stated = Section::iter().filter_map(|section| Some((section, statements.get(&section)?)));
    let told = stated.map(|(section, statement)| Told {
        section: section.name().vi.into_owned(),
        text: statement.text.clone(),
        evidence: statement.evidence.iter().filter_map(|id| named.get(id).cloned()).collect(),
    });
    told.collect()
}
