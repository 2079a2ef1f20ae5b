//! All criteria of a dossier on one page, part by part, with what was done and what lacks.

use askama::Template;

use crate::account::Work;
use crate::base::id::{AnyId, DossierId};
use crate::base::{Error, Result};
use crate::criteria::tree::{Criterion, Part};
use crate::cycle::Condition;
use crate::desk::by_criterion::filled::{Filled, MARKS};
use crate::desk::by_criterion::texts::Texts;
use crate::desk::form::{Blank, Wrong};
use crate::desk::frame::Desk;
use crate::desk::kinds;
use crate::desk::page::{AroundPage, DONE, MEANWHILE, Rendered, Said, meanwhile, refusal_told, warnings};
use crate::desk::words::{in_words, said};
use crate::dossier::steps::CHANGE;
use crate::http::Language;
use crate::page::Frame;
use crate::page::words::number;
use crate::rating::result::outlook::Outlook;

#[derive(Template)]
#[template(path = "desk/criteria.html")]
struct OverviewPage<'a> {
    frame: &'a Frame,
    desk: Desk,
    title: String,
    texts: &'static Texts,
    done: Option<String>,
    wrong: Vec<Wrong>,
    meanwhile: Vec<String>,
    meanwhile_text: &'static str,
    warnings: Vec<String>,
    closed: Option<String>,
    address: String,
    version: i32,
    key: String,
    chosen: String,
    total: String,
    parts: Vec<PartShown>,
    ahead: Vec<Ahead>,
}

/// A part with its criteria.
struct PartShown {
    code: String,
    title: String,
    chosen: usize,
    of: usize,
    points: i32,
    most: i32,
    groups: Vec<(String, Vec<CriterionShown>)>,
}

/// A criterion with the form's fields, and the papers that show it.
struct CriterionShown {
    code: String,
    title: String,
    /// What was chosen, where nothing can be changed.
    chosen: String,
    fields: Vec<Blank>,
    papers: Vec<(String, String)>,
    papers_text: String,
}

/// What lacks for so many stars: texts, each with where it can be mended.
struct Ahead {
    stars: String,
    lacks: Vec<(String, Option<String>)>,
}

pub fn picked<'a>(language: Language, vi: &'a str, en: &'a str) -> &'a str {
    match language {
        Language::Vietnamese => vi,
        Language::English => en,
    }
}

fn ahead(filled: &Filled, outlook: Outlook, texts: &Texts, language: Language) -> Ahead {
    let mut lacks = Vec::new();
    if outlook.points > 0 {
        lacks.push(((texts.points_lack)(outlook.from.get(), outlook.points), None));
    }
    for least in &outlook.options {
        let criterion = filled.set.tree.0.criterion(&least.criterion);
        let option = criterion.and_then(|criterion| criterion.choice(least.option)).map(|choice| choice.label.as_str());
        let text = (texts.option_lacks)(&least.criterion, option.unwrap_or_default());
        lacks.push((text, Some(format!("#criterion-{}", least.criterion))));
    }
    for condition in &outlook.conditions {
        lacks.push(match condition {
            Condition::Document { document, .. } => {
                let address = format!("/desk/products/{}#step-add-document", filled.dossier.row.product_id);
                ((texts.paper_lacks)(language.pick(&document.name())), Some(address))
            }
            Condition::Number { name, at_least, unit, .. } => {
                ((texts.figure_lacks)(name, &number(language, *at_least), unit), None)
            }
        });
    }
    Ahead { stars: (texts.stars)(outlook.stars.get()), lacks }
}

/// The option that a criterion's fields have chosen.
pub fn chosen(fields: &[Blank]) -> String {
    let entries = fields.iter().flat_map(|field| &field.choices).flat_map(|(_, entries)| entries);
    entries.filter(|entry| entry.is_chosen).map(|entry| entry.label.as_str()).collect()
}

fn shown(filled: &Filled, criterion: &Criterion, fields: Vec<Blank>, language: Language) -> CriterionShown {
    let texts = Texts::of(language);
    let papers = filled.shown_by(&criterion.code);
    CriterionShown {
        code: criterion.code.clone(),
        title: format!("{} {}", criterion.code, picked(language, &criterion.title, &criterion.title_en)),
        chosen: chosen(&fields),
        fields,
        papers_text: (texts.papers)(papers.len()),
        papers: papers.iter().map(|paper| (paper.address(), paper.told(texts, language))).collect(),
    }
}

/// How many criteria of a part were marked, of how many that apply, and for how many points.
fn progress(filled: &Filled, part: &Part) -> (usize, usize, i32) {
    let Some(marked) = filled.marked() else { return (0, part.criteria().count(), 0) };
    let chosen = part.criteria().filter(|criterion| filled.mark_of(&criterion.code).is_some()).count();
    let missing = part.criteria().filter(|criterion| marked.missing.contains(&criterion.code)).count();
    let total = marked.parts.iter().find(|total| total.code == part.code).map_or(0, |part| part.total.get());
    (chosen, chosen + missing, total)
}

pub fn page(work: &mut Work, around: AroundPage, id: DossierId, said_of_it: Said) -> Result<Rendered> {
    let language = around.language();
    let texts = Texts::of(language);
    let filled = Filled::find(work, id)?;
    let outlooks = filled.outlooks(work)?;
    let Said { done, refused, .. } = said_of_it;
    let state = filled.dossier.row.state.as_ref();
    let refused = refused.map(|refused| refused.in_words(Some(state)));
    let surroundings = filled.surroundings(language, refused.as_ref());
    let set = &filled.set.tree.0;
    let criteria: Vec<_> = set.criteria().map(|criterion| filled.marking(criterion, texts, language)).collect();
    let rows = surroundings.marks(&MARKS, &criteria);
    let form: Vec<Blank> = rows.iter().flatten().cloned().collect();
    let (status, wrong) = refusal_told(refused.as_ref(), &form, language);
    let counter = kinds::find("dossiers").ok_or_else(|| Error::internal("no dossiers on the desk"))?;
    let history = filled.history(work)?;
    let mut rows = rows.into_iter();
    let mut parts = Vec::new();
    for part in &set.parts {
        let (chosen, of, points) = progress(&filled, part);
        let group = |group: &crate::criteria::tree::Group, rows: &mut std::vec::IntoIter<Vec<Blank>>| {
            let shown_of = |criterion: &Criterion, fields| shown(&filled, criterion, fields, language);
            let of_group = group.criteria.iter().zip(rows).map(|(criterion, fields)| shown_of(criterion, fields));
            (picked(language, &group.title, &group.title_en).to_owned(), of_group.collect())
        };
        parts.push(PartShown {
            code: part.code.clone(),
            title: picked(language, &part.title, &part.title_en).to_owned(),
            chosen,
            of,
            points,
            most: part.max.get(),
            groups: part.groups.iter().map(|of_part| group(of_part, &mut rows)).collect(),
        });
    }
    let marked = filled.marked();
    let outdated = marked.is_none().then(|| texts.outdated.to_owned());
    let closed = filled.closed.clone().map(|refusal| in_words(refusal, Some(state)));
    let AroundPage { frame, desk } = around;
    let page = OverviewPage {
        title: format!("{}: {}", texts.title, filled.product_name()),
        frame: &frame,
        desk,
        texts,
        done: done.map(|_| format!("{}: {}", said(language, CHANGE.label), said(language, DONE))),
        wrong,
        meanwhile: meanwhile(counter, refused.as_ref(), &history, language),
        meanwhile_text: said(language, MEANWHILE),
        warnings: outdated.into_iter().chain(warnings(&filled.view, language)).collect(),
        closed: closed.map(|refusal| language.pick(&refusal.detail).to_owned()),
        address: format!("/desk/dossiers/{id}"),
        version: filled.dossier.row.version,
        key: AnyId::random().to_string(),
        chosen: (texts.chosen)(parts.iter().map(|part| part.chosen).sum(), parts.iter().map(|part| part.of).sum()),
        total: (texts.total)(marked.map_or(0, |marked| marked.total.get())),
        ahead: outlooks.into_iter().map(|outlook| ahead(&filled, outlook, texts, language)).collect(),
        parts,
    };
    let html = page.render().map_err(Error::internal)?;
    Ok(Rendered { status, html, frame })
}
