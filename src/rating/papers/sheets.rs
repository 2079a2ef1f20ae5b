//! What the sheets of a concluded item say, in the words in which they are printed.

use std::collections::BTreeMap;

use askama::Template;
use serde::Serialize;

use crate::account::Work;
use crate::audit::Resource;
use crate::base::id::DocumentId;
use crate::base::{Day, Error, Result};
use crate::criteria::marking::NONE;
use crate::criteria::{self, Case, Criterion, GateKind, Mark, Set};
use crate::paper::together::Drawn;
use crate::paper::{Kind, Proof, Subject, words};
use crate::place;
use crate::product;
use crate::rating::agenda::Session;
use crate::rating::item;
use crate::rating::papers::minutes::seat_name;
use crate::rating::result::Concluded;
use crate::rating::sheet::{self, Sheet};

#[derive(Debug, Serialize)]
pub struct Sheets {
    pub unit: String,
    pub level: &'static str,
    pub decision_number: String,
    pub round: i32,
    pub year: i32,
    pub product: String,
    pub code: String,
    pub producer: String,
    pub criteria_set: String,
    pub attempt: i32,
    pub sheets: Vec<Printed>,
}

/// One sheet.
#[derive(Debug, Serialize)]
pub struct Printed {
    pub number: usize,
    /// None on the sheets that the producer gets.
    pub member: Option<Member>,
    pub parts: Vec<Part>,
    pub most: i32,
    pub total: Option<i32>,
    pub gate: Option<Gate>,
}

#[derive(Debug, Serialize)]
pub struct Member {
    pub name: String,
    pub seat: &'static str,
    pub submitted_on: Option<Day>,
}

#[derive(Debug, Serialize)]
pub struct Part {
    pub code: String,
    pub title: String,
    pub most: i32,
    pub total: i32,
    pub groups: Vec<Group>,
}

#[derive(Debug, Serialize)]
pub struct Group {
    pub code: String,
    pub title: String,
    pub most: i32,
    pub criteria: Vec<Line>,
}

/// One criterion of a sheet.
#[derive(Debug, Serialize)]
pub struct Line {
    pub code: String,
    /// The heading above it, where it is the first below that heading.
    pub heading: Option<(String, String)>,
    pub title: String,
    pub most: i32,
    /// What was chosen; None where the criterion was not marked.
    pub chosen: Option<Chosen>,
    pub remark: Option<String>,
    /// The document that the mark rests on.
    pub evidence: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct Chosen {
    pub label: String,
    pub points: i32,
}

#[derive(Debug, Serialize)]
pub struct Gate {
    pub criterion: String,
    pub title: String,
    pub ground: String,
    pub ends: &'static str,
    pub reason: String,
}

#[derive(Template)]
#[template(path = "papers/sheets.html", blocks = ["content"])]
struct SheetsPage {
    paper: Sheets,
    proof: Proof,
}

pub fn render(paper: Sheets, proof: Proof) -> Result<String> {
    SheetsPage { paper, proof }.render().map_err(Error::internal)
}

/// The same for a print of several papers.
pub fn draw(paper: Sheets, proof: Proof) -> Result<Drawn> {
    let page = SheetsPage { paper, proof };
    let content = page.as_content().render().map_err(Error::internal)?;
    Ok((page.proof, content))
}

/// Whose sheets an asker gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// All, with names.
    Named,
    /// The asker's own.
    Own,
    /// All, without names, in an order that tells nothing.
    Nameless,
}

/// The sheets that count, as far as `share` goes; none is an error that says so.
pub fn of(work: &mut Work, session: &Session, result: &Concluded, share: Share) -> Result<(Subject, Sheets)> {
    let named = item::store::names(work.connection, &[session.item.id])?
        .remove(&session.item.id)
        .ok_or_else(|| Error::internal("an agenda item without a product"))?;
    let (set, case) = session.set(work)?;
    // The store's order is random and stays the same.
    let mut sheets = sheet::store::submitted(work.connection, session.item.id, result.attempt)?;
    match share {
        Share::Named => sheets.sort_by_key(|sheet| place_of(session, sheet)),
        Share::Own => sheets.retain(|sheet| sheet.account_id == work.actor.id),
        Share::Nameless => {}
    }
    if sheets.is_empty() {
        return Err(Error::unknown());
    }
    let day = result.concluded_at.day();
    let evidence = evidence(work, session)?;
    let printed = sheets
        .into_iter()
        .zip(1..)
        .map(|(sheet, number)| printed(session, (&set, case), &evidence, sheet, number, share));
    let paper = Sheets {
        unit: place::store::name(work.connection, &session.council.unit_code, day)?,
        level: words::level(&session.council.unit_code),
        decision_number: session.council.decision_number.clone(),
        round: session.council.round,
        year: session.cycle.year,
        product: named.product_name,
        code: named.product_code,
        producer: named.producer_name,
        criteria_set: set.title.clone(),
        attempt: result.attempt,
        sheets: printed.collect::<Result<_>>()?,
    };
    let subject = Subject {
        kind: match share {
            Share::Named => Kind::NamedSheets,
            Share::Own => Kind::OwnSheet,
            Share::Nameless => Kind::NamelessSheets,
        },
        resource: Resource::AgendaItem,
        id: session.item.id.any(),
        version: session.item.version,
        unit: session.council.unit_code.clone(),
        number: Some(session.council.decision_number.clone()),
        dated: Some(day),
    };
    Ok((subject, paper))
}

fn place_of(session: &Session, sheet: &Sheet) -> Option<usize> {
    session.seats.iter().position(|seat| seat.account == sheet.account_id)
}

fn printed(
    session: &Session,
    (set, case): (&Set, Case),
    evidence: &Evidence,
    sheet: Sheet,
    number: usize,
    share: Share,
) -> Result<Printed> {
    let marks: BTreeMap<&str, &Mark> = sheet.marks.0.iter().map(|mark| (mark.criterion.as_str(), mark)).collect();
    let gate = sheet.gate.as_ref().map(|gate| &gate.0);
    let marked = criteria::mark(set, case, &sheet.marks.0, gate)
        .map_err(|_| Error::internal("a submitted sheet no longer fits its set"))?;
    let seat = session.seat(sheet.account_id).filter(|_| share != Share::Nameless);
    let total_of = |code: &str| marked.parts.iter().find(|part| part.code == code).map_or(0, |part| part.total.get());
    let parts = set.parts.iter().map(|part| Part {
        code: part.code.clone(),
        title: part.title.clone(),
        most: part.max.get(),
        total: total_of(&part.code),
        groups: part
            .groups
            .iter()
            .map(|group| Group {
                code: group.code.clone(),
                title: group.title.clone(),
                most: group.max.get(),
                criteria: lines(&group.criteria, &marks, evidence),
            })
            .collect(),
    });
    Ok(Printed {
        number,
        member: seat.map(|seat| Member {
            name: seat.name.clone(),
            seat: seat_name(seat.kind),
            submitted_on: sheet.submitted_at.map(|at| at.day()),
        }),
        parts: parts.collect(),
        most: set.parts.iter().map(|part| part.max.get()).sum(),
        total: sheet.total.map(|total| total.get()),
        gate: gate.and_then(|raised| {
            let criterion = set.criterion(&raised.criterion)?;
            let ground = criterion.gate.as_ref()?;
            Some(Gate {
                criterion: criterion.code.clone(),
                title: criterion.title.clone(),
                ground: ground.ground.clone(),
                ends: match ground.kind {
                    GateKind::Reject => "Đề nghị loại sản phẩm",
                    GateKind::Stop => "Đề nghị dừng đánh giá",
                },
                reason: raised.reason.clone(),
            })
        }),
    })
}

/// What the product's documents are called on paper.
type Evidence = BTreeMap<DocumentId, String>;

fn evidence(work: &mut Work, session: &Session) -> Result<Evidence> {
    let documents = product::attachment_store::documents_of(work.connection, session.dossier.product_id)?;
    let named = documents.into_iter().map(|document| {
        let number = document.number.map(|number| format!(" số {number}")).unwrap_or_default();
        (document.id, format!("{}{number}", document.kind.name().vi))
    });
    Ok(named.collect())
}

fn chosen(criterion: &Criterion, option: u16) -> Option<Chosen> {
    match option {
        NONE => Some(Chosen { label: "Không đạt phương án nào".to_owned(), points: 0 }),
        place => {
            criterion.choice(place).map(|choice| Chosen { label: choice.label.clone(), points: choice.points.get() })
        }
    }
}

fn lines(criteria: &[Criterion], marks: &BTreeMap<&str, &Mark>, evidence: &Evidence) -> Vec<Line> {
    let mut last: Option<&str> = None;
    let mut lines = Vec::new();
    for criterion in criteria {
        let parent = criterion.parent.as_deref();
        let heading = parent.filter(|parent| last != Some(*parent));
        last = parent;
        let mark = marks.get(criterion.code.as_str());
        lines.push(Line {
            code: criterion.code.clone(),
            heading: heading.map(|code| (code.to_owned(), criterion.parent_title.clone().unwrap_or_default())),
            title: criterion.title.clone(),
            most: criterion.max.get(),
            chosen: mark.and_then(|mark| chosen(criterion, mark.option)),
            remark: mark.and_then(|mark| mark.remark.clone()),
            evidence: mark
                .iter()
                .flat_map(|mark| mark.documents())
                .filter_map(|id| evidence.get(&id).cloned())
                .collect(),
        });
    }
    lines
}
