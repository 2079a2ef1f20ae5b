//! The steps of a policy: drafted, changed, adopted and ended by the provincial office.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Role, Work};
use crate::base::id::SupportPolicyId;
use crate::base::{Day, Error, Faults, Result, Vnd, say};
use crate::station::{By, Creation, Note, Offer, Taken, Verb, label, patch_forms, plain_forms};
use crate::support::SupportPolicy;
use crate::support::policy::rules::{MoneySource, State, Terms};
use crate::support::policy::store;

/// A new policy.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupportPolicyForm {
    /// The act that it comes from, as 123/2018/NQ-HĐND.
    pub act: String,
    /// What it is called in short.
    pub item: String,
    /// What is supported.
    pub name: String,
    /// Which share of the costs is paid, in percent, 1 to 100.
    pub rate_percent: i32,
    /// The most that a claim is paid, in VND.
    pub cap: Vnd,
    pub source: MoneySource,
    /// The first day on which it is claimed.
    pub valid_from: Day,
    /// The last day, which counts; none while nobody knows it.
    #[serde(default)]
    pub valid_to: Option<Day>,
}

/// What a PATCH may change of a draft; what is left out stays, null clears.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SupportPolicyChange {
    #[schema(nullable = false)]
    act: Option<String>,
    #[schema(nullable = false)]
    item: Option<String>,
    #[schema(nullable = false)]
    name: Option<String>,
    #[schema(nullable = false)]
    rate_percent: Option<i32>,
    #[schema(nullable = false)]
    cap: Option<Vnd>,
    #[schema(nullable = false)]
    source: Option<MoneySource>,
    #[schema(nullable = false)]
    valid_from: Option<Day>,
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<Day>)]
    valid_to: Option<Option<Day>>,
}

/// When a policy ends.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyEndForm {
    /// The last day on which it is claimed, today or later.
    pub valid_to: Day,
}

plain_forms!(SupportPolicyForm, PolicyEndForm);
patch_forms!(SupportPolicyChange);

const OFFICE: By = By::Roles(&[Role::ProvincialOfficer]);

/// Drafts a policy.
pub static CREATE: Creation<SupportPolicy, SupportPolicyForm> =
    Creation::new(label("Soạn chính sách hỗ trợ", "Draft a policy"), OFFICE, draft);

/// Changes a draft.
pub static CHANGE: Verb<SupportPolicy, SupportPolicyChange> =
    Verb::new("change", label("Sửa chính sách hỗ trợ", "Change the policy"), OFFICE, change)
        .open(|_, policy| policy.state.adopt().map(drop));

/// Adopts a policy: producers may claim by it on its days, and nothing of it changes any more.
pub static ADOPT: Verb<SupportPolicy, Note> =
    Verb::new("adopt", label("Áp dụng chính sách hỗ trợ", "Adopt the policy"), OFFICE, adopt)
        .open(|_, policy| policy.state.adopt().map(drop));

/// Gives an adopted policy its last day.
pub static END: Verb<SupportPolicy, PolicyEndForm> =
    Verb::new("end", label("Chấm dứt chính sách hỗ trợ", "End the policy"), OFFICE, end)
        .open(|asker, policy| policy.state.end(policy.valid_to, asker.now.day()));

pub static VERBS: &[&dyn Offer<SupportPolicy>] = &[&CHANGE, &ADOPT, &END];

fn checked(terms: Terms) -> Result<Terms> {
    let mut faults = Vec::new();
    terms.check(&mut faults);
    faults.into_result().map(|()| terms)
}

fn draft(work: &mut Work, form: SupportPolicyForm) -> Result<(SupportPolicyId, Taken)> {
    let SupportPolicyForm { act, item, name, rate_percent, cap, source, valid_from, valid_to } = form;
    let terms = checked(Terms { act, item, name, rate_percent, cap, source, valid_from, valid_to })?;
    let unit = work.actor.unit()?.clone();
    let id = store::insert(work.connection, unit, terms, work.actor.id, work.now)?;
    Ok((id, Taken::to(State::Draft)))
}

fn change(work: &mut Work, policy: &SupportPolicy, change: SupportPolicyChange) -> Result<Taken> {
    let before = policy.terms();
    let present = before.clone();
    let terms = checked(Terms {
        act: change.act.unwrap_or(present.act),
        item: change.item.unwrap_or(present.item),
        name: change.name.unwrap_or(present.name),
        rate_percent: change.rate_percent.unwrap_or(present.rate_percent),
        cap: change.cap.unwrap_or(present.cap),
        source: change.source.unwrap_or(present.source),
        valid_from: change.valid_from.unwrap_or(present.valid_from),
        valid_to: change.valid_to.unwrap_or(present.valid_to),
    })?;
    if terms == before {
        return Ok(Taken::unchanged());
    }
    store::rewrite(work.connection, policy.id, terms)?;
    Ok(Taken::stayed())
}

fn adopt(work: &mut Work, policy: &SupportPolicy, note: Note) -> Result<Taken> {
    let state = policy.state.adopt()?;
    store::adopt(work.connection, policy.id, state)?;
    Ok(Taken::to(state).with_note(note.note))
}

fn end(work: &mut Work, policy: &SupportPolicy, form: PolicyEndForm) -> Result<Taken> {
    if form.valid_to < work.now.day() || form.valid_to < policy.valid_from {
        let detail = say(
            "Ngày cuối từ hôm nay và từ ngày đầu trở đi.",
            "The last day is neither before today nor before the first day.",
        );
        return Err(Error::invalid("/valid_to", "out_of_range", detail));
    }
    store::end(work.connection, policy.id, form.valid_to)?;
    Ok(Taken::stayed().with_note(Some(form.valid_to.to_string())))
}
