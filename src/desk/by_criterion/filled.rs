//! A dossier as somebody fills it: its criteria, what was chosen, and the papers at hand.

use serde_json::Value;

use crate::account::Work;
use crate::audit;
use crate::audit::Resource;
use crate::audit::store::PastStep;
use crate::base::id::{DocumentId, DossierId};
use crate::base::{Day, Error, Points, Refusal, Result, say};
use crate::criteria::{self, Case, Criterion, Mark, Marked, SetRow};
use crate::desk::by_criterion::texts::Texts;
use crate::desk::form::{Refused, Surroundings};
use crate::desk::input::{Alternative, Asks, Input, Marking};
use crate::dossier::Dossier;
use crate::dossier::set::criteria_set;
use crate::dossier::steps::{CHANGE, shows_own_marks};
use crate::dossier::submission::own_marks;
use crate::files::StoredFile;
use crate::http::Language;
use crate::page::words::day;
use crate::product;
use crate::product::attachment_store::{self, Document};
use crate::product::steps::MOST_ELSEWHERE;
use crate::rating::result::conditions::{Known, Paper};
use crate::rating::result::outlook::{Outlook, outlooks};
use crate::station::{Offer, Shown, find, label};

/// The marks, as the form sends them.
pub const MARKS: Input =
    Input::new("self_marks", label("Tự chấm điểm theo tiêu chí", "Own scoring by criterion"), Asks::Marks).or_empty();

/// More than any product has.
const MOST_PAPERS: i64 = 200;
/// So many steps are looked through for what others did meanwhile.
const MOST_STEPS: i64 = 200;
/// A photograph up to this size is shown on the page.
const MOST_SHOWN: i64 = 4 * 1024 * 1024;

/// A paper that can show something.
#[derive(Debug, Clone)]
pub struct KnownPaper {
    pub id: DocumentId,
    pub name: String,
    /// A photograph that the page can show.
    pub is_picture: bool,
    /// The last day on which it holds, and whether that is over.
    pub until: Option<(Day, bool)>,
}

impl KnownPaper {
    pub fn of((document, file): (Document, StoredFile), language: Language, today: Day) -> Self {
        Self {
            id: document.id,
            name: format!("{}: {}", language.pick(&document.kind.name()), file.name),
            is_picture: file.media_type.starts_with("image/") && file.size <= MOST_SHOWN,
            until: document.valid_until.map(|until| (until, until < today)),
        }
    }

    pub fn address(&self) -> String {
        format!("/desk/documents/{}/content", self.id)
    }

    /// Its name, and until when it holds.
    pub fn told(&self, texts: &Texts, language: Language) -> String {
        match self.until {
            None => self.name.clone(),
            Some((until, is_over)) => {
                let words = if is_over { texts.ended } else { texts.until };
                format!("{} ({words} {})", self.name, day(language, until))
            }
        }
    }
}

/// What may be chosen for a criterion on one of its scales, each with its points.
pub fn options(criterion: &Criterion, case: Case, texts: &Texts) -> Vec<Alternative> {
    let mut options = Vec::new();
    if criterion.may_be_unmet(case) {
        options.push(Alternative::new(criteria::marking::NONE.to_string(), texts.none_met));
    }
    let places = (1u16..).zip(&criterion.options);
    let own = places.filter(|(_, option)| option.case.is_none_or(|of| of == case));
    options.extend(own.map(|(place, option)| {
        let stars = option.least_for_stars.map(|stars| (texts.least)(stars.get())).unwrap_or_default();
        let points = (texts.points)(option.points.get());
        Alternative::new(place.to_string(), format!("{} ({points}{stars})", option.label))
    }));
    options
}

/// A dossier that is filled.
pub struct Filled {
    pub dossier: Dossier,
    pub view: Value,
    pub set: SetRow,
    pub case: Case,
    pub marks: Vec<Mark>,
    pub papers: Vec<KnownPaper>,
    /// Why nothing can be changed now.
    pub closed: Option<Refusal>,
}

impl Filled {
    /// What surrounds its forms; `refused` is what was sent and refused, in words.
    pub fn surroundings<'a>(&'a self, language: Language, refused: Option<&'a Refused>) -> Surroundings<'a> {
        Surroundings { verb: CHANGE.name.text(), language, view: Some(&self.view), refused, drafted: None }
    }

    /// 404 for who may not know of it, 403 for who neither fills it nor may see the producer's own marks.
    pub fn find(work: &mut Work, id: DossierId) -> Result<Self> {
        let dossier = find::<Dossier>(work, &id)?;
        if !shows_own_marks(work.asker(), &dossier) {
            return Err(Error::forbidden(say(
                "Chỉ chủ thể và xã của chủ thể xem và tự chấm điểm theo tiêu chí.",
                "Only the producer and its commune see and make the producer's own marks.",
            )));
        }
        let stands = CHANGE.is_open(work.asker(), &dossier).and_then(|()| dossier.row.state.must_be_open_to_change());
        let closed = match stands {
            Ok(()) => None,
            Err(Error::Refused(refusal)) => Some(*refusal),
            Err(error) => return Err(error),
        };
        let (set, case) = criteria_set(work, &dossier)?;
        let view = serde_json::to_value(Dossier::view(work, &dossier)?).map_err(Error::internal)?;
        let product = dossier.row.product_id;
        let documents = attachment_store::list_documents(work.connection, product, None, None, MOST_PAPERS)?;
        let (language, today) = (work.language, work.now.day());
        let papers = documents.into_iter().map(|document| KnownPaper::of(document, language, today)).collect();
        let marks = own_marks(&dossier)?.unwrap_or_default();
        Ok(Self { dossier, view, set, case, marks, papers, closed })
    }

    pub fn id(&self) -> DossierId {
        self.dossier.row.id
    }

    pub fn product_name(&self) -> String {
        self.view.get("product_name").and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    pub fn criterion(&self, code: &str) -> Result<&Criterion> {
        self.set.tree.0.criterion(code).ok_or_else(Error::unknown)
    }

    pub fn mark_of(&self, code: &str) -> Option<&Mark> {
        self.marks.iter().find(|mark| mark.criterion == code)
    }

    /// The papers that a criterion's mark rests on.
    pub fn shown_by(&self, code: &str) -> Vec<&KnownPaper> {
        let named: Vec<DocumentId> = self.mark_of(code).into_iter().flat_map(Mark::documents).collect();
        named.iter().filter_map(|id| self.papers.iter().find(|paper| paper.id == *id)).collect()
    }

    /// What the marks add up to; none where they are of a version of the set that was replaced.
    pub fn marked(&self) -> Option<Marked> {
        criteria::mark(&self.set.tree.0, self.case, &self.marks, None).ok()
    }

    /// What lacks for each number of stars.
    pub fn outlooks(&self, work: &mut Work) -> Result<Vec<Outlook>> {
        let total = self.marked().map_or(Points::ZERO, |marked| marked.total);
        let documents = attachment_store::documents_of(work.connection, self.dossier.row.product_id)?;
        let papers: Vec<Paper> = documents.iter().map(Paper::from).collect();
        let known = Known { papers: &papers, figures: &self.dossier.row.figures.0, on: work.now.day() };
        let conditions = self.dossier.cycle.all_conditions()?;
        let set = (&self.set.tree.0, self.case);
        Ok(outlooks(&self.dossier.edition, set, (&self.marks, total), &conditions, &known))
    }

    /// What the producer's other products have and this one lacks.
    pub fn elsewhere(&self, work: &mut Work) -> Result<Vec<KnownPaper>> {
        let Some(product) = product::store::find(work.connection, self.dossier.row.product_id)? else {
            return Ok(Vec::new());
        };
        let found = attachment_store::documents_elsewhere(work.connection, &product, MOST_ELSEWHERE)?;
        let (language, today) = (work.language, work.now.day());
        Ok(found.into_iter().map(|document| KnownPaper::of(document, language, today)).collect())
    }

    pub fn history(&self, work: &mut Work) -> Result<Vec<PastStep>> {
        audit::store::steps(work.connection, Resource::Dossier, self.id().any(), 0, MOST_STEPS)
    }

    /// A criterion as it can be marked for this kind of producer.
    pub fn marking(&self, criterion: &Criterion, texts: &Texts, language: Language) -> Marking {
        let mut choices = vec![Alternative::new("", texts.unmarked)];
        choices.extend(options(criterion, self.case, texts));
        let mut hints: Vec<String> = Vec::new();
        hints.extend(criterion.depends_on.as_ref().map(|base| (texts.depends)(base)));
        hints.extend(criterion.gate.as_ref().map(|gate| format!("{} {}", texts.gate, gate.ground)));
        hints.extend(criterion.note.clone());
        if self.mark_of(&criterion.code).is_none() && self.suggests(&criterion.code) {
            hints.push(texts.suggested.to_owned());
        }
        Marking {
            code: criterion.code.clone(),
            title: match language {
                Language::Vietnamese => criterion.title.clone(),
                Language::English => criterion.title_en.clone(),
            },
            hint: (!hints.is_empty()).then(|| hints.join(" ")),
            options: choices,
        }
    }

    fn suggests(&self, code: &str) -> bool {
        let suggested = self.view.get("suggested_marks").and_then(Value::as_array).into_iter().flatten();
        let mut criteria = suggested.filter_map(|mark| mark.get("criterion").and_then(Value::as_str));
        criteria.any(|criterion| criterion == code)
    }
}
