//! `/decisions/{id}/paper`: a decision with its list of products, as a draft for signature or as promulgated.

use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Serialize;

use crate::account::{Caller, Work, store as accounts};
use crate::audit::Resource;
use crate::base::id::{AgendaItemId, DecisionId};
use crate::base::{Day, Error, Result, UnitCode};
use crate::decision::rules::{Ground, Kind, State};
use crate::decision::store::{self, Decision, Item, RestsOn};
use crate::decision::{certificate_store, paper_store};
use crate::http::{PathParam, Problem, Refusals};
use crate::paper::{self, Proof, Subject, words};
use crate::place;
use crate::rating;
use crate::station::find;

#[derive(Debug, Serialize)]
pub struct DecisionPaper {
    pub kind: Kind,
    pub is_draft: bool,
    pub unit: String,
    pub level: &'static str,
    pub number: Option<String>,
    pub signed_on: Option<Day>,
    pub reason: Option<String>,
    /// Why certificates are taken back, and the paper that it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ground: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rests_on: Option<RestsOn>,
    /// Who promulgated it.
    pub signatory: Option<String>,
    /// The acts and the councils that it rests on.
    pub acts: Vec<String>,
    pub councils: Vec<Basis>,
    /// How long the certificates are valid, in months, where it makes some.
    pub months: Vec<u32>,
    pub year: Option<i32>,
    pub rows: Vec<Row>,
    /// How many products have how many stars, the most stars first.
    pub counts: Vec<(i32, usize)>,
}

/// A council whose results are decided on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Basis {
    pub decision_number: String,
    pub round: i32,
    pub year: i32,
}

/// One line of the list.
#[derive(Debug, Serialize)]
pub struct Row {
    pub number: i32,
    pub product: String,
    pub producer: String,
    pub place: String,
    pub mean: Option<String>,
    pub stars: Option<i32>,
    /// The certificate that it makes, or ends.
    pub certificate: Option<String>,
    pub issued_on: Option<Day>,
}

#[derive(Template)]
#[template(path = "papers/decision.html")]
struct DecisionPage {
    paper: DecisionPaper,
    proof: Proof,
}

impl DecisionPage {
    fn accompanies(&self) -> String {
        self.paper.accompanies(self.paper.is_draft)
    }
}

pub(super) fn render(paper: DecisionPaper, proof: Proof) -> Result<String> {
    DecisionPage { paper, proof }.render().map_err(Error::internal)
}

/// A decision as a page to be printed: marked as a draft until it is promulgated, then with number, day and signatory.
#[utoipa::path(
    tag = "papers", responses((status = 200, body = String, content_type = "text/html"), Refusals)
)]
#[get("/decisions/{id}/paper")]
pub async fn print(caller: Caller, id: PathParam<DecisionId>) -> Result<HttpResponse, Problem> {
    printed(caller, id).await
}

/// The page of a decision, for whoever may have it.
pub async fn printed(caller: Caller, id: PathParam<DecisionId>) -> Result<HttpResponse, Problem> {
    paper::print(
        caller,
        move |work| {
            let decision: Decision = find(work, &id.get()?)?;
            of(work, decision)
        },
        render,
    )
    .await
}

pub(super) fn of(work: &mut Work, decision: Decision) -> Result<(Subject, DecisionPaper)> {
    let day = decision.signed_on.unwrap_or_else(|| decision.created_at.day());
    let (mut rows, mut councils, mut months, mut acts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut year = None;
    for item in store::items(work.connection, decision.id)? {
        let (row, result_of) = row(work, &decision, &item, day)?;
        rows.push(row);
        let Some(basis) = paper_store::basis(work.connection, result_of)? else { continue };
        year = year.max(Some(basis.year));
        let edition = basis.edition.edition()?;
        insert_once(&mut months, edition.certificate_months);
        insert_once(&mut acts, edition.act);
        let basis = Basis { decision_number: basis.decision_number, round: basis.round, year: basis.year };
        if !decision.kind.revokes() {
            insert_once(&mut councils, basis);
        }
    }
    let mut counts: Vec<(i32, usize)> = Vec::new();
    for stars in rows.iter().filter_map(|row| row.stars) {
        match counts.iter_mut().find(|(known, _)| *known == stars) {
            Some((_, count)) => *count += 1,
            None => counts.push((stars, 1)),
        }
    }
    counts.sort_unstable_by(|one, other| other.cmp(one));
    let signatory = match decision.promulgated_by {
        Some(account) => accounts::find(work.connection, account)?.map(|account| account.name),
        None => None,
    };
    let subject = Subject {
        kind: paper::Kind::Decision,
        resource: Resource::Decision,
        id: decision.id.any(),
        version: decision.version,
        unit: decision.unit_code.clone(),
        number: decision.number.clone(),
        dated: decision.signed_on,
    };
    let paper = DecisionPaper {
        kind: decision.kind,
        is_draft: decision.state != State::Promulgated,
        unit: place::store::name(work.connection, &decision.unit_code, day)?,
        level: words::level(&decision.unit_code),
        ground: decision.ground.map(ground_name),
        rests_on: decision.rests_on(),
        number: decision.number,
        signed_on: decision.signed_on,
        reason: decision.reason,
        signatory,
        acts,
        councils,
        months: if decision.kind.revokes() { Vec::new() } else { months },
        year,
        rows,
        counts,
    };
    Ok((subject, paper))
}

/// As article 8.1 of 26/2026/QĐ-TTg has it, in fewer words, and as decisions before it said.
fn ground_name(ground: Ground) -> &'static str {
    match ground {
        Ground::UntrueDossier => "cung cấp thông tin, tài liệu không trung thực hoặc giả mạo hồ sơ",
        Ground::CriteriaNotMet => "sản phẩm không còn đáp ứng tiêu chí theo kết luận kiểm tra, giám sát",
        Ground::LawBroken => "sản phẩm vi phạm quy định pháp luật theo kết luận của cơ quan có thẩm quyền",
        Ground::MarkMisused => "sử dụng nhãn hiệu OCOP không đúng quy định, gây nhầm lẫn",
        Ground::ProductionEnded => "chủ thể không còn sản xuất sản phẩm",
        Ground::OtherConclusion => "theo kết luận và đề nghị của cơ quan nhà nước có thẩm quyền",
        Ground::NotRatedAgain => "giấy chứng nhận hết thời hạn mà sản phẩm không được đánh giá lại",
        Ground::MandatoryCriterionFailed => "sản phẩm không còn đáp ứng tiêu chí bắt buộc",
    }
}

fn insert_once<T: PartialEq>(list: &mut Vec<T>, value: T) {
    if !list.contains(&value) {
        list.push(value);
    }
}

/// A line, and the agenda item whose result it rests on.
fn row(work: &mut Work, decision: &Decision, item: &Item, day: Day) -> Result<(Row, AgendaItemId)> {
    let gone = || Error::internal("a decision's item is gone");
    let (result_of, stars, certificate) = match (item.agenda_item_id, item.certificate_id) {
        (Some(id), _) => {
            let concluded = rating::result::store::find(work.connection, id)?.ok_or_else(gone)?;
            let made = paper_store::certificate_of(work.connection, decision.id, id)?;
            (id, item.stars.or(concluded.stars), made.map(|number| (number, None)))
        }
        (None, Some(id)) => {
            let certificate = certificate_store::find(work.connection, id)?.ok_or_else(gone)?;
            let issued = (certificate.number, Some(certificate.issued_on));
            (certificate.agenda_item_id, Some(certificate.stars), Some(issued))
        }
        (None, None) => return Err(gone()),
    };
    let concluded = rating::result::store::find(work.connection, result_of)?;
    let mean = concluded.and_then(|result| rating::rules::mean(result.sum, result.sheets));
    let named = paper_store::named(work.connection, result_of)?.ok_or_else(gone)?;
    let (certificate, issued_on) = certificate.unzip();
    let line = Row {
        number: item.position,
        product: named.product_name,
        producer: named.producer_name,
        place: place_name(work, &named.commune, named.district.as_ref(), day)?,
        mean: mean.filter(|_| !decision.kind.revokes()).map(words::mean),
        stars: stars.map(|stars| stars.get()),
        certificate,
        issued_on: issued_on.flatten(),
    };
    Ok((line, result_of))
}

/// `Xã Sơn Kim 1, huyện Hương Sơn`.
fn place_name(work: &mut Work, commune: &UnitCode, district: Option<&UnitCode>, day: Day) -> Result<String> {
    let commune = place::store::name(work.connection, commune, day)?;
    Ok(match district {
        Some(district) => {
            let district = place::store::name(work.connection, district, day)?;
            format!("{commune}, {}", words::lower_first(&district))
        }
        None => commune,
    })
}
