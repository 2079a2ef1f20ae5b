//! The desk's way to a kind of thing, whatever kind it is: its list, one of it, and its steps.

use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::account::{Asker, Caller, Upload, Work};
use crate::audit;
use crate::audit::store::PastStep;
use crate::base::{Error, Kind as RefusalKind, Message, Refusal, Result, say};
use crate::desk::field::{ShownField, Writing, member};
use crate::desk::input::Input;
use crate::files::FileKind;
use crate::http::{Answer, Language, PathParam, Problem, Query};
use crate::station::{
    By, Creation, Described, Filters, Form, Label, Listed, Stretch, Thing, Uploaded, Verb, find, label, offers,
};

/// A step as a page's form orders it.
pub trait Press<T: Thing>: Sync {
    fn name(&self) -> &'static str;
    /// Takes the step with the thing of this key.
    fn press(&'static self, caller: Caller, key: PathParam<T::Key>)
    -> LocalBoxFuture<'static, Result<Answer, Problem>>;
    /// Whether its answer says something that is told once, on the page that comes of it.
    fn tells(&self) -> bool {
        false
    }
    /// Takes the step with what was uploaded; none where it reads no file.
    fn receive(
        &'static self,
        _upload: Upload,
        _key: PathParam<T::Key>,
    ) -> Option<LocalBoxFuture<'static, Result<Answer, Problem>>> {
        None
    }
}

/// A step that reads a file was sent a form without one.
pub fn needs_a_file() -> LocalBoxFuture<'static, Result<Answer, Problem>> {
    let detail = say("Việc này cần gửi kèm một tệp.", "This needs a file.");
    Box::pin(std::future::ready(Err(Problem(Error::refused(RefusalKind::UnsupportedMedia, "not_multipart", detail)))))
}

impl<T: Thing, B: Form + 'static, R: 'static> Press<T> for Verb<T, B, R> {
    fn name(&self) -> &'static str {
        Described::name(self)
    }

    fn press(
        &'static self,
        caller: Caller,
        key: PathParam<T::Key>,
    ) -> LocalBoxFuture<'static, Result<Answer, Problem>> {
        Box::pin(caller.take_for(self, key, |_, _| Ok(Answer::nothing())))
    }
}

/// A step that reads a file, whose fields are checked before any of it is read.
pub struct Receives<T: Thing, F: 'static, R: 'static> {
    pub step: &'static Verb<T, Uploaded<F>, R>,
    pub kinds: &'static [FileKind],
    pub check: fn(&F) -> Result<()>,
}

impl<T: Thing, F: DeserializeOwned + ToSchema + Send + 'static, R: 'static> Press<T> for Receives<T, F, R> {
    fn name(&self) -> &'static str {
        Described::name(self.step)
    }

    fn press(&'static self, _: Caller, _: PathParam<T::Key>) -> LocalBoxFuture<'static, Result<Answer, Problem>> {
        needs_a_file()
    }

    fn receive(
        &'static self,
        upload: Upload,
        key: PathParam<T::Key>,
    ) -> Option<LocalBoxFuture<'static, Result<Answer, Problem>>> {
        let answer = |_: &mut Work, _| Ok(Answer::nothing());
        Some(Box::pin(upload.take_for(self.step, key, self.kinds, self.check, answer)))
    }
}

/// A step that makes a thing with a page of its own, to which it leads.
pub struct LeadsTo<T: Thing, B: 'static, R: 'static> {
    pub step: &'static Verb<T, B, R>,
    /// Its answer, which tells where that page is.
    pub answer: fn(&mut Work, R) -> Result<Answer>,
}

impl<T: Thing, B: Form + 'static, R: 'static> Press<T> for LeadsTo<T, B, R> {
    fn name(&self) -> &'static str {
        Described::name(self.step)
    }

    fn press(
        &'static self,
        caller: Caller,
        key: PathParam<T::Key>,
    ) -> LocalBoxFuture<'static, Result<Answer, Problem>> {
        Box::pin(caller.take_for(self.step, key, self.answer))
    }
}

/// The step that makes a thing, as a page's form orders it.
pub trait Make: Sync {
    fn label(&self) -> Label;
    fn by(&self) -> By;
    fn may(&self, asker: Asker) -> Result<()>;
    fn make(&'static self, caller: Caller) -> LocalBoxFuture<'static, Result<Answer, Problem>>;
}

impl<T: Thing, B: Form + 'static> Make for Creation<T, B> {
    fn label(&self) -> Label {
        self.label
    }

    fn by(&self) -> By {
        self.by
    }

    fn may(&self, asker: Asker) -> Result<()> {
        Self::may(self, asker)
    }

    fn make(&'static self, caller: Caller) -> LocalBoxFuture<'static, Result<Answer, Problem>> {
        Box::pin(caller.make_for(self, |address, _| Answer::made(address, ())))
    }
}

/// A step and the form that it is taken with.
pub struct Step<T: Thing> {
    pub step: &'static dyn Press<T>,
    pub inputs: &'static [Input],
}

/// How a thing is made, and with which form.
pub struct Making {
    pub step: &'static dyn Make,
    /// What is asked before the form, which depends on it: it stands in the form's address.
    pub first: &'static [Input],
    pub inputs: &'static [Input],
    /// What is to be known before one is made.
    pub beside: fn(&mut Work, &Value) -> Result<Vec<Beside>>,
    /// What a new one is begun with, beside what the address says.
    pub begin: fn(&mut Work, &mut Value) -> Result<()>,
}

/// What a kind of thing looks like on the desk.
pub struct KindOfThing<T: Listed> {
    pub title: Label,
    /// What these are, for whom none is there yet.
    pub about: Label,
    /// Where a view has its name: the first of these places, parted by `|`, where it has something.
    pub name: &'static str,
    pub fields: &'static [ShownField],
    /// What a list shows beside the name.
    pub columns: &'static [ShownField],
    pub filters: &'static [Input],
    pub making: Option<Making>,
    pub steps: &'static [Step<T>],
    /// What stands beside it: its plan, its pictures.
    pub beside: fn(&mut Work, &T, &Value) -> Result<Vec<Beside>>,
}

/// Something that stands beside a thing.
#[derive(Debug, Clone)]
pub struct Beside {
    pub title: Label,
    pub links: Vec<(String, String)>,
    /// Addresses of pictures, each with what it shows.
    pub pictures: Vec<(String, String)>,
    /// A drawing, as SVG; the links say the same in words.
    pub drawing: Option<String>,
    /// Sums and other tables: heads, rows.
    pub table: Option<(Vec<String>, Vec<Vec<String>>)>,
}

impl Beside {
    pub fn new(title: Label) -> Self {
        Self { title, links: Vec::new(), pictures: Vec::new(), drawing: None, table: None }
    }
}

impl Beside {
    /// Whether its table is one of numbers, which stand at the right.
    pub fn has_numbers(&self) -> bool {
        let is_number =
            |cell: &String| cell.chars().all(|letter| letter.is_ascii_digit() || "., –—/₫".contains(letter));
        let rows = self.table.iter().flat_map(|(_, rows)| rows);
        rows.flat_map(|row| row.iter().skip(1)).all(is_number)
    }
}

/// Nothing beside a form.
pub fn no_sides(_: &mut Work, _: &Value) -> Result<Vec<Beside>> {
    Ok(Vec::new())
}

/// Nothing beside it.
pub fn alone<T>(_: &mut Work, _: &T, _: &Value) -> Result<Vec<Beside>> {
    Ok(Vec::new())
}

/// A thing of a list.
pub struct ListedThing {
    pub key: String,
    pub view: Value,
    pub version: i32,
    /// The steps that whoever asks may take with it now.
    pub offered: Vec<&'static str>,
}

/// A page of a list.
pub struct Stretched {
    pub rows: Vec<ListedThing>,
    pub next: Option<String>,
    pub total: i64,
}

/// A thing as it is.
pub struct Sight {
    pub view: Value,
    pub version: i32,
    pub history: Vec<PastStep>,
    /// What may be done with it by whoever asks, and what refuses it now.
    pub offers: Vec<(&'static str, Label, Option<Refusal>)>,
    pub beside: Vec<Beside>,
}

/// How the making of a thing is called that nobody makes by hand.
const MADE: Label = label("Lập", "Made");

/// The name of a list's order in its address.
pub const SORT: &str = "sort";

/// So many steps of a history stand on a thing's page: more than any thing of a year has.
const MOST_STEPS: i64 = 200;

/// A kind of thing, whatever it is.
pub trait Counter: Sync {
    fn path(&self) -> &'static str;
    fn title(&self) -> Label;
    fn about(&self) -> Label;
    /// What is to be known before the list is read.
    fn above(&self, work: &mut Work) -> Result<Vec<Message>>;
    fn name(&self, view: &Value, language: Language) -> Option<String>;
    fn fields(&self) -> &'static [ShownField];
    fn columns(&self) -> &'static [ShownField];
    fn filters(&self) -> &'static [Input];
    fn making(&self) -> Option<&Making>;
    /// Every step that is taken here.
    fn steps(&self) -> Vec<&'static str>;
    /// The fields of a step's form; none where there is no such step here.
    fn inputs(&self, verb: &str) -> Option<&'static [Input]>;
    /// Whether a step's answer is told on the page that comes of it.
    fn tells(&self, verb: &str) -> bool;
    /// What a step is called in the history.
    fn label_of(&self, verb: &str) -> Option<Label>;
    fn may_list(&self, asker: Asker) -> bool;
    /// Whether its list can be told in several orders.
    fn is_sorted(&self) -> bool;
    fn list(&self, work: &mut Work, query: Query) -> Result<Stretched>;
    fn see(&self, work: &mut Work, key: &str) -> Result<Sight>;
    fn press(&self, caller: Caller, key: &str, verb: &str) -> Option<LocalBoxFuture<'static, Result<Answer, Problem>>>;
    /// As [`Counter::press`], with what was uploaded; none where the step reads no file.
    fn receive(
        &self,
        upload: Upload,
        key: &str,
        verb: &str,
    ) -> Option<LocalBoxFuture<'static, Result<Answer, Problem>>>;
}

impl<T: Listed> Counter for KindOfThing<T> {
    fn path(&self) -> &'static str {
        T::PATH
    }

    fn title(&self) -> Label {
        self.title
    }

    fn about(&self) -> Label {
        self.about
    }

    fn above(&self, work: &mut Work) -> Result<Vec<Message>> {
        T::above(work)
    }

    fn name(&self, view: &Value, language: Language) -> Option<String> {
        self.name.split('|').find_map(|pointer| {
            // A kind is called by its word.
            let worded =
                self.fields.iter().find(|field| field.pointer == pointer && matches!(field.shape, Writing::Wording(_)));
            if let Some(cell) = worded.and_then(|field| field.cell(view, language)) {
                return Some(cell.text);
            }
            let name = member(view, pointer, language)?;
            Some(name.as_str().map_or_else(|| name.to_string(), str::to_owned))
        })
    }

    fn fields(&self) -> &'static [ShownField] {
        self.fields
    }

    fn columns(&self) -> &'static [ShownField] {
        self.columns
    }

    fn filters(&self) -> &'static [Input] {
        self.filters
    }

    fn making(&self) -> Option<&Making> {
        self.making.as_ref()
    }

    fn steps(&self) -> Vec<&'static str> {
        self.steps.iter().map(|step| step.step.name()).collect()
    }

    fn inputs(&self, verb: &str) -> Option<&'static [Input]> {
        self.steps.iter().find(|step| step.step.name() == verb).map(|step| step.inputs)
    }

    fn tells(&self, verb: &str) -> bool {
        self.steps.iter().any(|step| step.step.name() == verb && step.step.tells())
    }

    fn label_of(&self, verb: &str) -> Option<Label> {
        if verb == audit::CREATE.text() {
            return Some(self.making.as_ref().map_or(MADE, |making| making.step.label()));
        }
        T::verbs().iter().find(|known| known.name() == verb).map(|known| known.label())
    }

    fn may_list(&self, asker: Asker) -> bool {
        T::must_list(asker).is_ok()
    }

    fn is_sorted(&self) -> bool {
        T::Filter::into_params(|| None).iter().any(|parameter| parameter.name == SORT)
    }

    fn list(&self, work: &mut Work, mut query: Query) -> Result<Stretched> {
        T::must_list(work.asker())?;
        let paging = query.paging();
        let filter = T::Filter::take(&mut query);
        query.finish()?;
        let found = T::list(work, &filter, &Stretch::of(&paging))?;
        let total = T::count(work, &filter)?;
        let (things, next) = paging.cut(found, T::cursor)?;
        let views = T::views(work, &things)?;
        let mut rows = Vec::with_capacity(views.len());
        for (view, thing) in views.into_iter().zip(&things) {
            let view = serde_json::to_value(view).map_err(Error::internal)?;
            let offers = offers(work.asker(), thing)?;
            let offered = offers.iter().filter(|(_, refusal)| refusal.is_none()).map(|(step, _)| step.name()).collect();
            rows.push(ListedThing { key: thing.in_address(), view, version: thing.version(), offered });
        }
        Ok(Stretched { rows, next, total })
    }

    fn see(&self, work: &mut Work, key: &str) -> Result<Sight> {
        let key: T::Key = PathParam::of(key).get()?;
        let thing = find::<T>(work, &key)?;
        let view = serde_json::to_value(T::view(work, &thing)?).map_err(Error::internal)?;
        let offers = offers(work.asker(), &thing)?;
        let offers = offers.into_iter().map(|(verb, refusal)| (verb.name(), verb.label(), refusal)).collect();
        let history = audit::store::steps(work.connection, T::RESOURCE, thing.id(), 0, MOST_STEPS)?;
        let beside = (self.beside)(work, &thing, &view)?;
        Ok(Sight { version: thing.version(), view, history, offers, beside })
    }

    fn press(&self, caller: Caller, key: &str, verb: &str) -> Option<LocalBoxFuture<'static, Result<Answer, Problem>>> {
        let step = self.steps.iter().find(|step| step.step.name() == verb)?;
        Some(step.step.press(caller, PathParam::of(key)))
    }

    fn receive(
        &self,
        upload: Upload,
        key: &str,
        verb: &str,
    ) -> Option<LocalBoxFuture<'static, Result<Answer, Problem>>> {
        let step = self.steps.iter().find(|step| step.step.name() == verb)?;
        step.step.receive(upload, PathParam::of(key))
    }
}
