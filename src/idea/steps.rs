//! What is done with ideas, below HTTP: registering, rewriting and every step, each with its history.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{Home, Role, Work};
use crate::audit::{Entry, Resource};
use crate::base::id::{CycleId, IdeaId, ProducerId, ProductId};
use crate::base::{Day, Error, Result, Vnd, say};
use crate::cycle::{self, Cycle, Edition};
use crate::db::settings::next_number;
use crate::idea::rules::{self, Kind, State, Verb};
use crate::idea::store::{self, Change, Content, Idea};
use crate::place::rules::PROVINCE;
use crate::{criteria, place, producer, product};

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

/// What may change of an idea; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct IdeaChange {
    pub kind: Option<Kind>,
    pub product_id: Option<ProductId>,
    pub product_name: Option<String>,
    pub criteria_set: Option<String>,
    pub description: Option<String>,
    pub target_value: Option<Vnd>,
    pub packaging: Option<String>,
}

/// Registers an idea as a draft.
pub fn register(work: &mut Work, form: IdeaForm) -> Result<Idea> {
    let cycle = cycle::store::find(work.connection, form.cycle_id)?.ok_or_else(|| {
        Error::invalid("/cycle_id", "unknown_cycle", say("Không có chu trình này.", "There is no such cycle."))
    })?;
    cycle.state.must_be_open()?;
    let home = home(work, &cycle, form.producer_id)?;
    let content = Content {
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
    let idea = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
    let to = Some(idea.state.as_ref());
    work.record(Entry {
        resource: Resource::Idea,
        id,
        version: 1,
        account: None,
        verb: "create",
        from: None,
        to,
        note: None,
    })?;
    Ok(idea)
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
fn check(work: &mut Work, cycle: &Cycle, home: &Home, content: &Content, own: Option<IdeaId>) -> Result<()> {
    let has_product = content.product_id.is_some();
    rules::check(&content.product_name, &content.description, &content.packaging, content.kind, has_product)?;
    if criteria::store::latest(work.connection, &content.criteria_set, cycle.edition)?.is_none() {
        return Err(Error::invalid(
            "/criteria_set",
            "unknown_criteria_set",
            say("Không có bộ tiêu chí này trong năm.", "There is no such criteria set in this year's edition."),
        ));
    }
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

/// Rewrites parts of an idea that is a draft or came back.
pub fn change(work: &mut Work, idea: &Idea, change: IdeaChange) -> Result<()> {
    let cycle = cycle_of(work, idea)?;
    let kind = change.kind.unwrap_or(idea.kind);
    let content = Content {
        kind,
        product_id: if kind == Kind::Upgrade { change.product_id.or(idea.product_id) } else { change.product_id },
        product_name: change.product_name.unwrap_or_else(|| idea.product_name.clone()),
        criteria_set: change.criteria_set.unwrap_or_else(|| idea.criteria_set.clone()),
        description: change.description.unwrap_or_else(|| idea.description.clone()),
        target_value: change.target_value.unwrap_or(idea.target_value),
        packaging: change.packaging.unwrap_or_else(|| idea.packaging.clone()),
    };
    check(work, &cycle, &idea.home(), &content, Some(idea.id))?;
    store::rewrite(work.connection, idea.id, content)?;
    record(work, idea, "change", idea.state, None)
}

fn cycle_of(work: &mut Work, idea: &Idea) -> Result<Cycle> {
    cycle::store::find(work.connection, idea.cycle_id)?.ok_or_else(|| Error::internal("an idea without its cycle"))
}

fn edition_of(work: &mut Work, idea: &Idea) -> Result<Edition> {
    cycle_of(work, idea)?.edition.edition()
}

/// 403 for who never takes the step in the idea's edition.
pub fn must_be_taker(work: &mut Work, idea: &Idea, verb: Verb) -> Result<()> {
    let roles = verb.roles(&edition_of(work, idea)?)?;
    work.must_be(&roles)
}

/// Whether the verb is possible now; 409 where it is not.
pub fn possible(work: &mut Work, idea: &Idea, verb: Verb) -> Result<State> {
    let cycle = cycle_of(work, idea)?;
    let state = rules::next(idea.position(), verb, work.actor.role, &cycle.edition.edition()?, work.now)?;
    cycle.state.must_be_open()?;
    if verb == Verb::Submit && work.actor.is(&[Role::CommuneOfficer]) && !store::has_paper(work.connection, idea.id)? {
        return Err(Error::conflict(
            "paper_missing",
            say(
                "Nộp thay chủ thể cần bản đăng ký có chữ ký (POST /ideas/{id}/papers).",
                "Handing in on behalf needs the signed form (POST /ideas/{id}/papers).",
            ),
        ));
    }
    Ok(state)
}

/// Takes a step that was found possible.
pub fn take(work: &mut Work, idea: &Idea, verb: Verb, state: State, note: Option<&str>) -> Result<()> {
    let mut change = Change {
        state,
        returned_from: idea.returned_from,
        submitted_at: idea.submitted_at,
        late: idea.late,
        number: idea.number.clone(),
        opinion: idea.opinion.clone(),
    };
    match verb {
        Verb::Submit => {
            change.submitted_at = Some(work.now);
            change.returned_from = None;
            if idea.number.is_none() {
                let cycle = cycle_of(work, idea)?;
                change.late = work.now.day() > cycle.idea_deadline;
                change.number = Some(sheet_number(work, idea, cycle.year)?);
            }
        }
        // Who took up an idea that was held too long returns it as if it had come up to them.
        Verb::Return => {
            let edition = edition_of(work, idea)?;
            change.returned_from = Some(rules::waits_for(work.actor.role, &edition));
        }
        Verb::Forward => change.opinion = note.map(str::to_owned),
        Verb::Select | Verb::Accept | Verb::Reject => {}
    }
    store::apply(work.connection, idea.id, change)?;
    record(work, idea, verb.as_ref(), state, note)
}

/// `NN/PĐK-<province>-<district>-<year>`, running in the district's year.
fn sheet_number(work: &mut Work, idea: &Idea, year: i32) -> Result<String> {
    let unit = idea.district_code.as_ref().unwrap_or(&idea.commune_code);
    let number = next_number(work.connection, &format!("idea:{unit}:{year}"))?;
    Ok(format!("{number:02}/PĐK-{PROVINCE}-{unit}-{year}"))
}

fn record(work: &mut Work, idea: &Idea, verb: &str, to: State, note: Option<&str>) -> Result<()> {
    work.record(Entry {
        resource: Resource::Idea,
        id: idea.id,
        version: idea.version + 1,
        account: None,
        verb,
        from: Some(idea.state.as_ref()),
        to: Some(to.as_ref()),
        note,
    })
}
