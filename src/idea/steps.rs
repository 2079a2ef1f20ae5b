//! The steps of ideas: registering, rewriting, and the way from the producer to the province.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{Asker, Home, Role, Work};
use crate::base::id::{CycleId, IdeaId, ProducerId, ProductId};
use crate::base::{Day, Error, Result, UnitCode, Vnd, say};
use crate::cycle::{self, Cycle};
use crate::db::settings::next_number;
use crate::files::Arrived;
use crate::http::Request;
use crate::idea::entry::must_enter;
use crate::idea::paper::ADD_PAPER;
use crate::idea::rules::{self, IdeaVerb, Kind};
use crate::idea::store::{self, Change, IdeaFields};
use crate::idea::{Idea, rules::State};
use crate::place::rules::PROVINCE;
use crate::station::{By, Creation, Form, Note, Offer, Reason, Taken, Verb, label, patch_forms, plain_forms};
use crate::{place, producer, product};

/// An idea as it is registered. A commune officer who enters it on behalf names the producer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdeaForm {
    pub cycle_id: CycleId,
    #[serde(default)]
    pub producer_id: Option<ProducerId>,
    pub kind: Kind,
    #[serde(default)]
    pub product_id: Option<ProductId>,
    pub product_name: String,
    /// The code of the criteria set of its kind, as in `mat-ong`.
    pub criteria_set: String,
    pub description: String,
    /// The yearly value that the producer aims at, in VND.
    pub target_value: Vnd,
    pub packaging: String,
}

/// What may change of an idea; what is left out stays, null clears the product.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct IdeaChange {
    #[schema(nullable = false)]
    pub kind: Option<Kind>,
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<ProductId>)]
    pub product_id: Option<Option<ProductId>>,
    #[schema(nullable = false)]
    pub product_name: Option<String>,
    #[schema(nullable = false)]
    pub criteria_set: Option<String>,
    #[schema(nullable = false)]
    pub description: Option<String>,
    #[schema(nullable = false)]
    pub target_value: Option<Vnd>,
    #[schema(nullable = false)]
    pub packaging: Option<String>,
}

plain_forms!(IdeaForm);
patch_forms!(IdeaChange);

/// The commune's opinion, as `note` or `opinion`; it is demanded.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpinionForm {
    #[serde(default, alias = "opinion")]
    pub note: Option<String>,
}

/// What the commune says of an idea.
#[derive(Debug, Clone)]
pub struct Opinion(pub Reason);

impl Form for Opinion {
    fn read(request: &mut Request, _: Option<Arrived>) -> Result<Self> {
        let OpinionForm { note } = request.body()?;
        Ok(Self(Reason::new(note)?))
    }
}

/// The producer, and the commune on behalf.
const WRITERS: &[Role] = &[Role::Producer, Role::CommuneOfficer];

/// Registers an idea as a draft.
pub static CREATE: Creation<Idea, IdeaForm> =
    Creation::new(label("Đăng ký ý tưởng", "Register an idea"), By::Roles(WRITERS), register);

/// Rewrites parts of an idea that is a draft or came back.
pub static CHANGE: Verb<Idea, IdeaChange> =
    Verb::new("change", label("Sửa ý tưởng", "Change the idea"), By::Roles(WRITERS), change)
        .open(|_, idea| rules::must_be_open_to_change(idea.row.state));

/// Hands an idea in; the commune on behalf needs the signed form.
pub static SUBMIT: Verb<Idea, Note> =
    Verb::new("submit", label("Nộp ý tưởng", "Hand the idea in"), By::Roles(WRITERS), submit).open(may_submit);

/// Gives up an idea that was never handed in. Its history stays.
pub static DISCARD: Verb<Idea, Note> = Verb::new(
    "discard",
    label("Bỏ bản nháp", "Discard the draft"),
    By::Roles(WRITERS),
    |work, idea, note: Note| {
        let change = Change { state: State::Discarded, ..unchanged(idea) };
        write(work, idea, change, note.note)
    },
)
.open(|_, idea| rules::must_be_open_to_discard(idea.row.state));

/// Sends an idea on with the commune's opinion.
pub static FORWARD: Verb<Idea, Opinion> = Verb::new(
    "forward",
    label("Chuyển ý tưởng kèm ý kiến", "Forward with an opinion"),
    By::Roles(&[Role::CommuneOfficer]),
    |work, idea, Opinion(opinion)| forward(work, idea, opinion),
)
.open(|asker, idea| may(asker, idea, IdeaVerb::Forward));

/// Selects an idea for the province; also one that the commune held for ten days.
pub static SELECT: Verb<Idea, Note> = Verb::new(
    "select",
    label("Chọn ý tưởng", "Select the idea"),
    By::Some(&[Role::DistrictOfficer], label("nơi quy trình có cấp huyện", "where the edition has districts")),
    |work, idea, note: Note| advance(work, idea, IdeaVerb::Select, note.note),
)
.right(|asker, idea| must_be_taker(asker, idea, IdeaVerb::Select))
.open(|asker, idea| may(asker, idea, IdeaVerb::Select));

/// Accepts an idea: a plan may be written.
pub static ACCEPT: Verb<Idea, Note> = Verb::new(
    "accept",
    label("Chấp nhận ý tưởng", "Accept the idea"),
    By::Roles(&[Role::ProvincialOfficer]),
    |work, idea, note: Note| advance(work, idea, IdeaVerb::Accept, note.note),
)
.open(|asker, idea| may(asker, idea, IdeaVerb::Accept));

/// Returns an idea for correction, with a reason; handed in again it comes back to who returned it.
pub static RETURN: Verb<Idea, Reason> = Verb::new(
    "return",
    label("Trả lại để sửa", "Return for correction"),
    By::Some(
        &[Role::CommuneOfficer, Role::DistrictOfficer, Role::ProvincialOfficer],
        label("cấp đang xem xét theo quy trình", "who considers ideas in the edition"),
    ),
    send_back,
)
.right(|asker, idea| must_be_taker(asker, idea, IdeaVerb::Return))
.open(|asker, idea| may(asker, idea, IdeaVerb::Return));

/// Ends an idea, with a reason.
pub static REJECT: Verb<Idea, Reason> = Verb::new(
    "reject",
    label("Từ chối ý tưởng", "Reject the idea"),
    By::Some(
        &[Role::DistrictOfficer, Role::ProvincialOfficer],
        label("cấp được từ chối theo quy trình", "who may reject in the edition"),
    ),
    |work, idea, reason: Reason| advance(work, idea, IdeaVerb::Reject, Some(reason.into_text())),
)
.right(|asker, idea| must_be_taker(asker, idea, IdeaVerb::Reject))
.open(|asker, idea| may(asker, idea, IdeaVerb::Reject));

pub static VERBS: &[&dyn Offer<Idea>] =
    &[&CHANGE, &ADD_PAPER, &SUBMIT, &DISCARD, &FORWARD, &SELECT, &ACCEPT, &RETURN, &REJECT];

fn register(work: &mut Work, form: IdeaForm) -> Result<(IdeaId, Taken)> {
    let cycle = cycle::store::find(work.connection, form.cycle_id)?.ok_or_else(|| {
        Error::invalid("/cycle_id", "unknown_cycle", say("Không có chu trình này.", "There is no such cycle."))
    })?;
    cycle.state.must_be_open()?;
    let home = home(work, &cycle, form.producer_id)?;
    let content = IdeaFields {
        kind: form.kind,
        product_id: form.product_id,
        product_name: form.product_name,
        criteria_set: form.criteria_set,
        description: form.description,
        target_value: form.target_value,
        packaging: form.packaging,
    };
    check(work, &cycle, &home, &content, None)?;
    let id = store::insert(work.connection, cycle.id, home, content, work.now)?;
    Ok((id, Taken::to(State::Draft)))
}

/// The producer whose idea it is, and its place as the cycle's year has it.
fn home(work: &mut Work, cycle: &Cycle, named: Option<ProducerId>) -> Result<Home> {
    let own = work.actor.producer;
    let producer_id = named.or(own).ok_or_else(|| {
        Error::invalid("/producer_id", "required", say("Cần ghi chủ thể.", "The producer must be named."))
    })?;
    let unknown = || {
        Error::invalid("/producer_id", "unknown_producer", say("Không có chủ thể này.", "There is no such producer."))
    };
    if own.is_some_and(|own| own != producer_id) {
        return Err(unknown());
    }
    let producer = producer::store::find(work.connection, producer_id)?.ok_or_else(unknown)?;
    if work.actor.must_see(&producer.home()).is_err() {
        return Err(unknown());
    }
    let day = Day::end_of(cycle.year).map_or(work.now.day(), |end| end.min(work.now.day()));
    let place = place::store::commune(work.connection, &producer.commune_code, day)?.ok_or_else(|| {
        Error::conflict(
            "producer_to_reassign",
            say(
                format!(
                    "Xã {} của chủ thể không còn; văn phòng tỉnh cần chuyển chủ thể về xã mới.",
                    producer.commune_code
                ),
                format!(
                    "The producer's commune {} is no more; the provincial office must reassign it.",
                    producer.commune_code
                ),
            ),
        )
    })?;
    Ok(Home { producer: producer_id, commune: place.commune, district: place.district })
}

/// Everything that must hold of an idea's content.
fn check(work: &mut Work, cycle: &Cycle, home: &Home, content: &IdeaFields, own: Option<IdeaId>) -> Result<()> {
    let has_product = content.product_id.is_some();
    rules::check(&content.product_name, &content.description, &content.packaging, content.kind, has_product)?;
    must_enter(work, cycle, home.producer, &content.criteria_set)?;
    let Some(product_id) = content.product_id else { return Ok(()) };
    let product = product::store::find(work.connection, product_id)?;
    if product.is_none_or(|product| product.producer_id != home.producer) {
        return Err(Error::invalid(
            "/product_id",
            "unknown_product",
            say("Không có sản phẩm này.", "There is no such product."),
        ));
    }
    if store::stands_for(work.connection, cycle.id, product_id, own)? {
        return Err(Error::conflict(
            "product_already_registered",
            say("Sản phẩm này đã đăng ký trong năm.", "This product is registered in this year already."),
        ));
    }
    Ok(())
}

fn change(work: &mut Work, idea: &Idea, change: IdeaChange) -> Result<Taken> {
    let row = &idea.row;
    let (before, kind) = (row.fields(), change.kind.unwrap_or(row.kind));
    let content = IdeaFields {
        kind,
        // An idea that is of an upgrade no more names no product any more.
        product_id: change.product_id.unwrap_or(before.product_id.filter(|_| kind == Kind::Upgrade)),
        product_name: change.product_name.unwrap_or(before.product_name),
        criteria_set: change.criteria_set.unwrap_or(before.criteria_set),
        description: change.description.unwrap_or(before.description),
        target_value: change.target_value.unwrap_or(before.target_value),
        packaging: change.packaging.unwrap_or(before.packaging),
    };
    if content == row.fields() {
        return Ok(Taken::unchanged());
    }
    check(work, &idea.cycle, &row.home(), &content, Some(row.id))?;
    store::rewrite(work.connection, row.id, content)?;
    Ok(Taken::stayed())
}

/// 403 for who never takes the step in the idea's edition.
fn must_be_taker(asker: Asker, idea: &Idea, step: IdeaVerb) -> Result<()> {
    asker.actor.must_be(&step.roles(&idea.edition)?)
}

/// 409 unless the step is the asker's to take now.
fn may(asker: Asker, idea: &Idea, step: IdeaVerb) -> Result<()> {
    rules::next(idea.row.position(), step, asker.actor.role, &idea.edition, asker.now)?;
    idea.cycle.state.must_be_open()
}

fn may_submit(asker: Asker, idea: &Idea) -> Result<()> {
    may(asker, idea, IdeaVerb::Submit)?;
    if asker.is(&[Role::CommuneOfficer]) && !idea.has_paper {
        return Err(Error::conflict(
            "paper_missing",
            say(
                "Nộp thay chủ thể cần bản đăng ký có chữ ký: xin thêm bản đó vào ý tưởng trước.",
                "Handing in on behalf needs the signed form: please add it to the idea first.",
            ),
        ));
    }
    Ok(())
}

/// The idea in the state that a step leads to, otherwise as it was.
fn after(work: &Work, idea: &Idea, step: IdeaVerb) -> Result<Change> {
    let state = rules::next(idea.row.position(), step, work.actor.role, &idea.edition, work.now)?;
    Ok(Change { state, ..unchanged(idea) })
}

/// The idea as it is.
fn unchanged(idea: &Idea) -> Change {
    let row = &idea.row;
    Change {
        state: row.state,
        returned_from: row.returned_from,
        submitted_at: row.submitted_at,
        late: row.late,
        number: row.number.clone(),
        opinion: row.opinion.clone(),
    }
}

fn write(work: &mut Work, idea: &Idea, change: Change, note: Option<String>) -> Result<Taken> {
    let state = change.state;
    store::apply(work.connection, idea.row.id, change)?;
    Ok(Taken::to(state).with_note(note))
}

fn submit(work: &mut Work, idea: &Idea, note: Note) -> Result<Taken> {
    // The producer's kind may be another than at the registration.
    must_enter(work, &idea.cycle, idea.row.producer_id, &idea.row.criteria_set)?;
    let mut change = after(work, idea, IdeaVerb::Submit)?;
    change.submitted_at = Some(work.now);
    change.returned_from = None;
    if idea.row.number.is_none() {
        change.late = work.now.day() > idea.cycle.idea_deadline;
        change.number = Some(sheet_number(work, idea)?);
    }
    write(work, idea, change, note.note)
}

fn forward(work: &mut Work, idea: &Idea, opinion: Reason) -> Result<Taken> {
    let mut change = after(work, idea, IdeaVerb::Forward)?;
    change.opinion = Some(opinion.text().to_owned());
    write(work, idea, change, Some(opinion.into_text()))
}

/// Who took up an idea that was held too long returns it as if it had come up to them.
fn send_back(work: &mut Work, idea: &Idea, reason: Reason) -> Result<Taken> {
    let mut change = after(work, idea, IdeaVerb::Return)?;
    change.returned_from = Some(rules::waits_for(work.actor.role, &idea.edition));
    write(work, idea, change, Some(reason.into_text()))
}

fn advance(work: &mut Work, idea: &Idea, step: IdeaVerb, note: Option<String>) -> Result<Taken> {
    let change = after(work, idea, step)?;
    write(work, idea, change, note)
}

/// `NN/PĐK-<province>-<district>-<year>`, running in the district's year.
fn sheet_number(work: &mut Work, idea: &Idea) -> Result<String> {
    let row = &idea.row;
    next_sheet_number(work, row.district_code.as_ref().unwrap_or(&row.commune_code), idea.cycle.year)
}

/// The next number of a registration sheet in a unit's year, of an idea or of a dossier: no two sheets have the same.
pub fn next_sheet_number(work: &mut Work, unit: &UnitCode, year: i32) -> Result<String> {
    let number = next_number(work.connection, &format!("idea:{unit}:{year}"))?;
    Ok(format!("{number:02}/PĐK-{PROVINCE}-{unit}-{year}"))
}
