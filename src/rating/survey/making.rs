//! `POST /agenda-items/{id}/surveys`: the working group writes down what it saw on site; the item's version stays.

use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{self, Caller, Work};
use crate::audit::Resource;
use crate::base::id::{AccountId, AgendaItemId, SurveyId};
use crate::base::{Day, Fault, Faults, Result, say};
use crate::http::{Answer, PathParam, Problem, Refusals};
use crate::rating::agenda::{Session, preparation};
use crate::rating::item::Readiness;
use crate::rating::survey::rules::{self, Finding, Member, MemberForm, TestForm};
use crate::rating::survey::store::{self, SurveyFields};
use crate::rating::survey::view::SurveyView;
use crate::rating::survey::{Survey, content};
use crate::station::{Offered, Taken, Verb, made, plain_forms, record_creation};

/// A survey as it is recorded.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyForm {
    pub surveyed_on: Day,
    /// Who went there.
    pub team: Vec<MemberForm>,
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// The tests that are asked for.
    #[serde(default)]
    pub tests: Vec<TestForm>,
}

plain_forms!(SurveyForm);

/// Records a survey on site.
pub static RECORD: Verb<Session, SurveyForm, SurveyId> = preparation::SURVEY.taken(record).at_any_version();

fn record(work: &mut Work, session: &Session, form: SurveyForm) -> Result<Taken<SurveyId>> {
    let SurveyForm { surveyed_on, team, findings, tests } = form;
    let fields = checked(work, session, surveyed_on, team, findings, tests, Vec::new())?;
    let id = store::insert(work.connection, session.item.id, fields, work.actor.id, work.now)?;
    let content = content::content(work.connection, id)?;
    record_creation(work, Resource::Survey, id.any(), Some(Readiness::Draft.as_ref()), None, content)?;
    Ok(Taken::beside().giving(id))
}

/// What is kept of a survey's fields, where nothing is wrong with them; `before` are the members that are kept already.
pub fn checked(
    work: &mut Work,
    session: &Session,
    surveyed_on: Day,
    team: Vec<MemberForm>,
    findings: Vec<Finding>,
    tests: Vec<TestForm>,
    before: Vec<rules::Test>,
) -> Result<SurveyFields> {
    let today = work.now.day();
    let mut faults = Vec::new();
    rules::check_day(surveyed_on, "/surveyed_on".into(), today, &mut faults);
    rules::check_team(&team, &mut faults);
    let (set, _) = session.set(work)?;
    rules::check_findings(&findings, &set, &mut faults);
    rules::check_tests(&tests, today, &mut faults);
    let team = named(work, team, &mut faults)?;
    faults.into_result()?;
    Ok(SurveyFields { surveyed_on, team, findings, tests: rules::asked(&before, tests) })
}

/// Who went there, with the names of accounts.
fn named(work: &mut Work, team: Vec<MemberForm>, faults: &mut Vec<Fault>) -> Result<Vec<Member>> {
    let accounts: Vec<AccountId> = team.iter().filter_map(|member| member.account_id).collect();
    let names = account::store::names(work.connection, &accounts)?;
    let mut members = Vec::new();
    for (index, MemberForm { account_id, name, organisation }) in team.into_iter().enumerate() {
        let known = account_id.and_then(|id| names.get(&id).cloned());
        if account_id.is_some() && known.is_none() {
            let text = say("Không có tài khoản này.", "There is no such account.");
            faults.push(Fault::new(format!("/team/{index}/account_id"), "unknown_account", text));
        }
        members.push(Member { account_id, name: name.or(known).unwrap_or_default(), organisation });
    }
    Ok(members)
}

/// Records a survey on site (working group, secretary, office of the council's unit), before the scoring; the item's version stays.
#[utoipa::path(tag = "surveys", request_body = SurveyForm, responses((status = 201, body = Offered<SurveyView>), Refusals))]
#[post("/agenda-items/{id}/surveys")]
pub async fn create(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller.take_for(&RECORD, id, |work, survey| made::<Survey>(work, &survey)).await
}
