//! One criterion of a dossier: its options, and the photographs and papers that show it.

use askama::Template;
use strum::IntoEnumIterator;

use crate::account::Work;
use crate::base::id::{AnyId, DocumentId, DossierId};
use crate::base::{Error, Result};
use crate::desk::by_criterion::filled::{Filled, KnownPaper, MARKS};
use crate::desk::by_criterion::overview::{chosen, picked};
use crate::desk::by_criterion::texts::Texts;
use crate::desk::form::{Blank, Entry, Refused, Wrong};
use crate::desk::frame::Desk;
use crate::desk::kinds;
use crate::desk::kinds::sources::{CUT_BOTTOM, CUT_LEFT, CUT_RIGHT, CUT_TOP};
use crate::desk::page::{AroundPage, DONE, MEANWHILE, Rendered, Said, meanwhile, refusal_told};
use crate::desk::words::{in_words, said};
use crate::files::DocumentKind;
use crate::http::Language;
use crate::page::Frame;
use crate::station::label;

/// What a photograph is taken as: phones that keep photographs in another format give these when they are asked for them.
const PHOTOGRAPHS: &str = "image/jpeg,image/png";

#[derive(Template)]
#[template(path = "desk/criterion.html")]
struct CriterionPage<'a> {
    frame: &'a Frame,
    desk: Desk,
    title: String,
    /// The part and the group that it stands in.
    within: String,
    texts: &'static Texts,
    done: Option<String>,
    wrong: Vec<Wrong>,
    meanwhile: Vec<String>,
    meanwhile_text: &'static str,
    closed: Option<String>,
    /// The dossier's address, and the criterion's.
    dossier: String,
    address: String,
    code: String,
    version: i32,
    key: String,
    fields: Vec<Blank>,
    /// What was chosen and said, where nothing can be changed.
    chosen: String,
    said: Option<String>,
    pictures: Vec<PictureShown>,
    turning: Option<Turning>,
    papers: Vec<(String, String)>,
    at_hand: Vec<Blank>,
    new: Vec<Blank>,
    /// Something is wrong with what is said of a new paper.
    is_new_wrong: bool,
    file: FileShown,
    before: Option<String>,
    after: Option<String>,
}

/// A photograph that shows the criterion.
struct PictureShown {
    id: String,
    key: String,
    address: String,
    name: String,
}

/// How photographs are turned and cut.
struct Turning {
    to_the_right: &'static str,
    to_the_left: &'static str,
    cut: &'static str,
    cuts: Vec<(&'static str, &'static str)>,
}

impl Turning {
    fn of(language: Language) -> Self {
        let say = |vi, en| said(language, label(vi, en));
        Self {
            to_the_right: say("Xoay phải 90°", "Turn right"),
            to_the_left: say("Xoay trái 90°", "Turn left"),
            cut: say("Cắt bớt (phần trăm mỗi phía)", "Cut off (per cent of each side)"),
            cuts: [CUT_LEFT, CUT_TOP, CUT_RIGHT, CUT_BOTTOM].map(|cut| (cut.name, said(language, cut.label))).into(),
        }
    }
}

/// The fields in which a file is given.
struct FileShown {
    accept: &'static str,
    fault: Option<String>,
}

/// A page of a criterion that is asked for.
pub struct Asked {
    pub id: DossierId,
    pub code: String,
    /// What was ticked or uploaded, where the form came back.
    pub ticked: Option<Vec<DocumentId>>,
    pub reused: Vec<DocumentId>,
}

/// Papers to be ticked.
fn boxes(
    name: &'static str,
    (title, hint): (&'static str, &'static str),
    papers: &[KnownPaper],
    is_ticked: impl Fn(DocumentId) -> bool,
    (texts, language): (&Texts, Language),
) -> Blank {
    let entry = |(place, paper): (usize, &KnownPaper)| Entry {
        name: format!("{name}.{place}"),
        value: paper.id.to_string(),
        label: paper.told(texts, language),
        is_chosen: is_ticked(paper.id),
    };
    Blank {
        id: format!("change-{name}"),
        name: name.to_owned(),
        label: title.to_owned(),
        hint: Some(hint.to_owned()),
        kind: "boxes",
        choices: vec![(None, papers.iter().enumerate().map(entry).collect())],
        ..Blank::default()
    }
}

/// What the producer says of the criterion.
fn remark(
    filled: &Filled,
    code: &str,
    refused: Option<&Refused>,
    (texts, language): (&'static Texts, Language),
) -> Blank {
    let kept = filled.mark_of(code).and_then(|mark| mark.remark.clone()).unwrap_or_default();
    let faults = refused.into_iter().flat_map(|refused| &refused.refusal.faults);
    let here = faults.filter(|fault| fault.pointer == "/self_marks/0/remark");
    Blank {
        id: "change-remark".to_owned(),
        name: "remark".to_owned(),
        label: texts.remark.to_owned(),
        kind: "lines",
        optional: texts.optional,
        value: refused.map_or(kept, |refused| refused.typed.value("remark").unwrap_or_default().to_owned()),
        faults: here.map(|fault| language.pick(&fault.detail).to_owned()).collect(),
        ..Blank::default()
    }
}

/// What is said of a new paper.
fn described(refused: Option<&Refused>, texts: &Texts, language: Language) -> Vec<Blank> {
    let blank = |name: &str, label: &str| {
        let faults = refused.into_iter().flat_map(|refused| &refused.refusal.faults);
        let here = faults.filter(|fault| fault.pointer.trim_start_matches('/') == name);
        Blank {
            id: format!("change-{name}"),
            name: name.to_owned(),
            label: label.to_owned(),
            kind: "line",
            value: refused.and_then(|refused| refused.typed.value(name)).unwrap_or_default().to_owned(),
            faults: here.map(|fault| language.pick(&fault.detail).to_owned()).collect(),
            ..Blank::default()
        }
    };
    let mut kind = blank("kind", texts.kind);
    if kind.value.is_empty() {
        kind.value = DocumentKind::Other.as_ref().to_owned();
    }
    let entries = DocumentKind::iter().map(|known| Entry {
        name: String::new(),
        value: known.as_ref().to_owned(),
        label: language.pick(&known.name()).to_owned(),
        is_chosen: known.as_ref() == kind.value,
    });
    let choices = vec![(None, entries.collect())];
    let day = |name: &str, label: &str| Blank {
        hint: Some(texts.day_hint.to_owned()),
        mode: Some("numeric"),
        ..blank(name, label)
    };
    vec![
        Blank { kind: "select", choices, ..kind },
        blank("number", texts.number),
        blank("issued_by", texts.issued_by),
        day("issued_on", texts.issued_on),
        day("valid_until", texts.valid_until),
    ]
}

pub fn page(work: &mut Work, around: AroundPage, asked: Asked, said_of_it: Said) -> Result<Rendered> {
    let language = around.language();
    let texts = Texts::of(language);
    let filled = Filled::find(work, asked.id)?;
    let criterion = filled.criterion(&asked.code)?;
    let set = &filled.set.tree.0;
    let Said { done, refused, .. } = said_of_it;
    let state = filled.dossier.row.state.as_ref();
    let refused = refused.map(|refused| refused.in_words(Some(state)));
    let surroundings = filled.surroundings(language, refused.as_ref());
    let words = (texts, language);
    let marking = filled.marking(criterion, texts, language);
    let fields: Vec<Blank> = surroundings.marks(&MARKS, std::slice::from_ref(&marking)).into_iter().flatten().collect();
    let fields: Vec<Blank> =
        fields.into_iter().chain([remark(&filled, &asked.code, refused.as_ref(), words)]).collect();
    let shown = filled.shown_by(&asked.code);
    let is_ticked = |id: DocumentId| match &asked.ticked {
        Some(ticked) => ticked.contains(&id),
        None => shown.iter().any(|paper| paper.id == id),
    };
    let mut at_hand = Vec::new();
    if !filled.papers.is_empty() {
        at_hand.push(boxes("evidence", (texts.at_hand, texts.at_hand_hint), &filled.papers, is_ticked, words));
    }
    let elsewhere = filled.elsewhere(work)?;
    if !elsewhere.is_empty() {
        let is_reused = |id| asked.reused.contains(&id);
        at_hand.push(boxes("reuse", (texts.elsewhere, texts.elsewhere_hint), &elsewhere, is_reused, words));
    }
    let new = described(refused.as_ref(), texts, language);
    let of_file = refused.iter().flat_map(|refused| &refused.refusal.faults).find(|fault| fault.pointer == "/file");
    let fault = of_file.map(|fault| language.pick(&fault.detail).to_owned());
    let file = Blank {
        id: "change-photograph".to_owned(),
        label: texts.new.to_owned(),
        faults: fault.iter().cloned().collect(),
        ..Blank::default()
    };
    let form: Vec<Blank> = fields.iter().chain(&new).chain([&file]).cloned().collect();
    let (status, wrong) = refusal_told(refused.as_ref(), &form, language);
    let counter = kinds::find("dossiers").ok_or_else(|| Error::internal("no dossiers on the desk"))?;
    let history = filled.history(work)?;
    let codes: Vec<&str> = set.criteria().map(|criterion| criterion.code.as_str()).collect();
    let place = codes.iter().position(|code| *code == asked.code).unwrap_or(0);
    let beside = |place: Option<usize>| place.and_then(|place| codes.get(place)).map(|code| (*code).to_owned());
    let part = set.parts.iter().find(|part| part.criteria().any(|known| known.code == asked.code));
    let group = part
        .and_then(|part| part.groups.iter().find(|group| group.criteria.iter().any(|known| known.code == asked.code)));
    let within = [
        part.map(|part| format!("{} {}", texts.part, part.code)),
        group.map(|group| picked(language, &group.title, &group.title_en).to_owned()),
    ];
    let closed = filled.closed.clone().map(|refusal| in_words(refusal, Some(state)));
    let AroundPage { frame, desk } = around;
    let dossier = format!("/desk/dossiers/{}", asked.id);
    let page = CriterionPage {
        frame: &frame,
        desk,
        title: format!("{} {}", marking.code, marking.title),
        within: within.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        texts,
        done: done
            .and_then(|verb| counter.label_of(&verb))
            .map(|label| format!("{}: {}", said(language, label), said(language, DONE))),
        wrong,
        meanwhile: meanwhile(counter, refused.as_ref(), &history, language),
        meanwhile_text: said(language, MEANWHILE),
        closed: closed.map(|refusal| language.pick(&refusal.detail).to_owned()),
        address: format!("{dossier}/criteria/{}", asked.code),
        dossier,
        code: asked.code.clone(),
        version: filled.dossier.row.version,
        key: AnyId::random().to_string(),
        chosen: chosen(&fields),
        said: filled.mark_of(&asked.code).and_then(|mark| mark.remark.clone()),
        fields,
        pictures: shown
            .iter()
            .filter(|paper| paper.is_picture)
            .map(|paper| PictureShown {
                id: paper.id.to_string(),
                key: AnyId::random().to_string(),
                address: paper.address(),
                name: paper.name.clone(),
            })
            .collect(),
        turning: filled.closed.is_none().then(|| Turning::of(language)),
        papers: shown.iter().map(|paper| (paper.address(), paper.told(texts, language))).collect(),
        at_hand,
        is_new_wrong: new.iter().any(|blank| !blank.faults.is_empty()),
        new,
        file: FileShown { accept: PHOTOGRAPHS, fault },
        before: beside(place.checked_sub(1)),
        after: beside(place.checked_add(1)),
    };
    let html = page.render().map_err(Error::internal)?;
    Ok(Rendered { status, html, frame })
}
