//! The page of a sheet: its criteria with what is marked or was typed, what they come to, the papers of the dossier beside them,
//! and the steps that its member may take.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use serde_json::{Map, Value};

use crate::account::Work;
use crate::base::id::{AgendaItemId, AnyId, DocumentId};
use crate::base::{Error, Kind, Moment, Result};
use crate::criteria::{Criterion, Marked};
use crate::desk::by_criterion::filled::KnownPaper;
use crate::desk::by_criterion::overview::picked;
use crate::desk::by_criterion::texts::Texts as CriterionTexts;
use crate::desk::form::{StepForm, Wrong};
use crate::desk::frame::Desk;
use crate::desk::kinds;
use crate::desk::page::{AroundPage, DONE, step_form};
use crate::desk::sheet::shown::{CriterionShown, Fields, Surroundings, saved_gate, view_address};
use crate::desk::sheet::texts::Texts;
use crate::desk::sheet::turned::{Faults, Turned, in_words, status};
use crate::desk::waiting::{self, KeyOfDay};
use crate::desk::words::said;
use crate::dossier;
use crate::http::Language;
use crate::page::words::moment;
use crate::page::{Frame, fresh_saving, style};
use crate::product;
use crate::product::attachment_store;
use crate::rating::agenda::attendance::RECUSE;
use crate::rating::scoring::steps::{SUBMIT, WITHDRAW, WRITE};
use crate::rating::sheet::rules as sheet_rules;
use crate::rating::{OwnSheet, Session};
use crate::station::{Described, Label, Offer, Thing, find, offers};

/// More than any product has.
const MOST_PAPERS: i64 = 200;

/// What became of the step that was just ordered.
#[derive(Default)]
pub struct Told {
    pub done: Option<String>,
    pub refused: Option<Turned>,
}

/// A part with its criteria.
struct PartShown {
    code: String,
    title: String,
    points: i32,
    most: i32,
    criteria: Vec<CriterionShown>,
}

/// A step with nothing to fill in.
struct StepShown {
    verb: &'static str,
    label: &'static str,
    key: String,
    refused: Option<String>,
    hint: Option<&'static str>,
}

/// What was handed in.
struct Receipt {
    at: String,
    commitment: String,
}

#[derive(Template)]
#[template(path = "desk/sheet.html")]
struct SheetPage<'a> {
    frame: &'a Frame,
    desk: Desk,
    texts: &'static Texts,
    title: String,
    script: &'static str,
    words: String,
    place: String,
    keys: [KeyOfDay; 2],
    item: String,
    dossier: String,
    done: Option<String>,
    wrong: Vec<Wrong>,
    meanwhile: Vec<String>,
    meanwhile_text: &'static str,
    differing: Vec<[String; 3]>,
    late: Vec<(String, String)>,
    receipt: Option<Receipt>,
    /// Why nothing can be written now.
    closed: Option<String>,
    version: i32,
    key: String,
    save: &'static str,
    marked: String,
    missing: String,
    total: i32,
    parts: Vec<PartShown>,
    /// The least options that are not met: criterion and words.
    unmet: Vec<(String, String)>,
    papers: Vec<(String, String)>,
    gates: Vec<(String, String)>,
    gate: (String, String),
    gate_faults: Vec<String>,
    gate_told: String,
    steps: Vec<StepShown>,
    recusal: Option<StepForm>,
}

/// A sheet with what stands around it.
pub struct Around {
    pub own: OwnSheet,
    pub papers: Vec<KnownPaper>,
}

impl Around {
    /// 404 and 403 as the API says them.
    pub fn find(work: &mut Work, id: AgendaItemId) -> Result<Self> {
        let own = find::<OwnSheet>(work, &id)?;
        let dossier = &own.session.dossier;
        let handed_in = dossier::store::document_ids(work.connection, dossier.id)?;
        let all = attachment_store::list_documents(work.connection, dossier.product_id, None, None, MOST_PAPERS)?;
        let (language, today) = (work.language, work.now.day());
        let mut papers: Vec<KnownPaper> = all
            .into_iter()
            .filter(|(document, _)| handed_in.contains(&document.id))
            .map(|document| KnownPaper::of(document, language, today))
            .collect();
        papers.sort_by_key(|paper| paper.id);
        Ok(Self { own, papers })
    }

    pub fn documents(&self) -> Vec<DocumentId> {
        self.papers.iter().map(|paper| paper.id).collect()
    }
}

/// The page, and how it is answered.
pub struct SheetRendered {
    status: StatusCode,
    html: String,
    frame: Frame,
}

impl SheetRendered {
    pub fn response(self) -> HttpResponse {
        fresh_saving(&self.frame, self.status, self.html)
    }
}

pub fn page(work: &mut Work, around: AroundPage, id: AgendaItemId, told: Told) -> Result<SheetRendered> {
    let AroundPage { frame, desk } = around;
    let language = frame.language;
    let Around { own, papers } = Around::find(work, id)?;
    let texts = Texts::of(language);
    let Told { done, refused } = told;
    let turned = refused.map(|turned| Turned { refusal: in_words(&own, turned.refusal), ..turned });
    let surroundings = Surroundings { own: &own, papers: &papers, language };
    let (set, item) = (&own.set, &own.session.item);
    let marked = own.marked(own.marks(), own.gate())?;

    let mut steps = Vec::new();
    let mut closed = None;
    for (offer, refusal) in offers(work.asker(), &own)? {
        let refusal = refusal.map(|refusal| language.pick(&in_words(&own, refusal).detail).to_owned());
        if offer.name() == Described::name(&WRITE) {
            closed = refusal;
            continue;
        }
        steps.push(StepShown {
            verb: offer.name(),
            label: said(language, offer.label()),
            key: AnyId::random().to_string(),
            hint: (offer.name() == Described::name(&SUBMIT)).then_some(texts.submit_hint),
            refused: refusal,
        });
    }
    // What takes nothing back stands where it is possible only.
    steps.retain(|step| step.verb != Described::name(&WITHDRAW) || step.refused.is_none());

    let is_open = closed.is_none();
    let typed = turned.as_ref().filter(|turned| turned.sent.has_marks);
    let fields_of = |code: &str| match typed {
        Some(turned) if is_open => {
            let row = turned.sent.rows.iter().find(|row| row.criterion == code);
            row.map(Fields::of_row).unwrap_or_default()
        }
        _ => surroundings.saved(code),
    };
    let is_stale = turned.as_ref().is_some_and(|turned| turned.refusal.kind == Kind::Stale);
    let faults = Faults { turned: turned.as_ref(), language };
    let mut places = set.criteria().enumerate();
    let mut parts = Vec::new();
    for part in &set.parts {
        let shown = |(place, criterion): (usize, &Criterion)| {
            let (fields, saved) = (fields_of(&criterion.code), surroundings.saved(&criterion.code));
            let now = || told_or_nothing(saved.told(&surroundings.options(criterion), texts));
            let present = (is_stale && is_open && fields != saved).then(now);
            surroundings.criterion((place, criterion), &fields, (faults.of_criterion(&criterion.code), present))
        };
        parts.push(PartShown {
            code: part.code.clone(),
            title: picked(language, &part.title, &part.title_en).to_owned(),
            points: marked.parts.iter().find(|total| total.code == part.code).map_or(0, |total| total.total.get()),
            most: part.max.get(),
            criteria: places.by_ref().take(part.criteria().count()).map(shown).collect(),
        });
    }

    let gate = match typed {
        Some(turned) if is_open => (turned.sent.gate_criterion.clone(), turned.sent.gate_reason.clone()),
        _ => saved_gate(own.gate()),
    };
    let against = against(&surroundings, typed);
    let (differing, late) = if is_open {
        (if is_stale { against } else { Vec::new() }, Vec::new())
    } else {
        (Vec::new(), against.into_iter().map(|[criterion, typed, _]| (criterion, typed)).collect())
    };
    let receipt = receipt(&own, language);
    let names = product::store::names(work.connection, &[own.session.dossier.product_id])?;
    let name = names.into_values().next().unwrap_or_default();
    let unmet = marked.unmet_options.iter().map(|least| {
        let choice = set.criterion(&least.criterion).and_then(|criterion| criterion.choice(least.option));
        let label = choice.map(|choice| choice.label.as_str()).unwrap_or_default();
        (least.criterion.clone(), format!("{label} ({})", (texts.for_stars)(least.stars.get())))
    });
    let account = work.actor.id;
    let page = SheetPage {
        title: format!("{}: {name}", texts.title),
        texts,
        script: style::sheet_script_address(),
        words: words(texts),
        place: waiting::place(&work.app.keys, account, &format!("{id} {}", item.attempt))?,
        keys: waiting::keys(&work.app.keys, account, Moment::real_now().day())?,
        item: format!("/desk/agenda-items/{id}"),
        dossier: format!("/desk/dossiers/{}", own.session.dossier.id),
        done: done
            .and_then(|verb| done_label(&verb))
            .map(|label| format!("{}: {}", said(language, label), said(language, DONE))),
        wrong: faults.summary(set, &marked.missing),
        meanwhile: Vec::new(),
        meanwhile_text: "",
        differing,
        late,
        receipt,
        version: own.sheet.as_ref().map_or(0, |sheet| sheet.version),
        key: AnyId::random().to_string(),
        save: texts.save,
        marked: (texts.marked)(own.marks().len()),
        missing: lacking(&marked, texts),
        total: marked.total.get(),
        unmet: unmet.collect(),
        papers: papers
            .iter()
            .map(|paper| (view_address(paper), paper.told(CriterionTexts::of(language), language)))
            .collect(),
        gates: surroundings.gates(),
        gate_told: surroundings.told_gate(&gate.0, &gate.1),
        gate,
        gate_faults: faults.of_gate(),
        steps,
        recusal: recusal(work, &own, &desk.csrf, language)?,
        closed,
        parts,
        frame: &frame,
        desk,
    };
    let status = turned.as_ref().map_or(StatusCode::OK, |turned| status(&turned.refusal));
    let html = page.render().map_err(Error::internal)?;
    Ok(SheetRendered { status, html, frame })
}

fn told_or_nothing(told: String) -> String {
    if told.is_empty() { "—".to_owned() } else { told }
}

/// What was typed beside what is saved, for each criterion in which they differ.
fn against(surroundings: &Surroundings, typed: Option<&Turned>) -> Vec<[String; 3]> {
    let Some(turned) = typed else { return Vec::new() };
    let texts = surroundings.texts();
    let mut found = Vec::new();
    for criterion in surroundings.own.set.criteria() {
        let row = turned.sent.rows.iter().find(|row| row.criterion == criterion.code);
        let (typed, saved) = (row.map(Fields::of_row).unwrap_or_default(), surroundings.saved(&criterion.code));
        if typed != saved {
            let options = surroundings.options(criterion);
            let [typed, saved] = [typed, saved].map(|fields| told_or_nothing(fields.told(&options, texts)));
            found.push([
                format!("{} {}", criterion.code, picked(surroundings.language, &criterion.title, &criterion.title_en)),
                typed,
                saved,
            ]);
        }
    }
    let (typed, saved) =
        ((turned.sent.gate_criterion.clone(), turned.sent.gate_reason.clone()), saved_gate(surroundings.own.gate()));
    if typed != saved {
        let [typed, saved] = [typed, saved].map(|(criterion, reason)| surroundings.told_gate(&criterion, &reason));
        found.push([texts.gate.to_owned(), typed, saved]);
    }
    found
}

fn lacking(marked: &Marked, texts: &Texts) -> String {
    if marked.complete { texts.complete.to_owned() } else { format!("{} {}", texts.missing, marked.missing.join(", ")) }
}

fn receipt(own: &OwnSheet, language: Language) -> Option<Receipt> {
    let sheet = own.sheet.as_ref().filter(|sheet| sheet.state == sheet_rules::State::Submitted)?;
    let commitment = serde_json::to_value(sheet.commitment?).ok()?;
    Some(Receipt {
        at: sheet.submitted_at.map(|at| moment(language, at)).unwrap_or_default(),
        commitment: commitment.as_str().unwrap_or_default().to_owned(),
    })
}

fn done_label(verb: &str) -> Option<Label> {
    match verb {
        "write" => Some(WRITE.label),
        "submit" => Some(SUBMIT.label),
        "withdraw" => Some(WITHDRAW.label),
        _ => None,
    }
}

/// Taking the own seat back is a step of the item, and its form that of the item's page.
fn recusal(work: &mut Work, own: &OwnSheet, csrf: &str, language: Language) -> Result<Option<StepForm>> {
    if RECUSE.is_open(work.asker(), &own.session).is_err() {
        return Ok(None);
    }
    let counter = kinds::find(Session::PATH).ok_or_else(|| Error::internal("no agenda items on the desk"))?;
    let item = &own.session.item;
    step_form(work, counter, (&item.id.to_string(), item.version, None), Described::name(&RECUSE), (csrf, language))
}

/// What the script says, for its page.
fn words(texts: &Texts) -> String {
    let words: Map<String, Value> =
        texts.of_script.iter().map(|(name, text)| ((*name).to_owned(), Value::from(*text))).collect();
    Value::Object(words).to_string()
}
