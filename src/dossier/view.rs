//! What is shown of a dossier and of its visits.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::account::Work;
use crate::audit::Resource;
use crate::base::calendar::Holidays;
use crate::base::id::{
    AccountId, CriteriaSetId, CycleId, DocumentId, DossierId, PlanId, ProducerId, ProductId, VisitId,
};
use crate::base::{Day, Digest, Error, Moment, Result, UnitCode, say};
use crate::criteria::store::SetTitles;
use crate::criteria::view::NamedSet;
use crate::cycle::DossierKind;
use crate::dossier::Dossier;
use crate::dossier::commune_store::{self, CommuneReport};
use crate::dossier::content::Content;
use crate::dossier::rules::{self, State, WRITERS};
use crate::dossier::sample_store::Samples;
use crate::dossier::statements::{SelfReport, Statements, YearlyFigure};
use crate::dossier::store::{self, Visit};
use crate::dossier::submission_store::{self, Submission};
use crate::dossier::{set, term};
use crate::producer::rules::names_citizens;
use crate::station::{Shown, Warning};
use crate::{account, place, producer, product};

/// A dossier, to those who may know of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DossierView {
    id: DossierId,
    version: i32,
    state: State,
    /// For what it asks: fixed when it is handed in for the first time; none where the edition tells no kinds apart.
    kind: Option<DossierKind>,
    product_id: ProductId,
    product_name: String,
    cycle_id: CycleId,
    /// The year of its cycle.
    year: i32,
    plan_id: PlanId,
    producer_id: ProducerId,
    producer_name: String,
    commune_code: UnitCode,
    commune_name: String,
    district_code: Option<UnitCode>,
    district_name: Option<String>,
    documents: Vec<DocumentId>,
    /// Kinds of document that the act requires and the dossier lacks.
    #[schema(value_type = Vec<String>)]
    missing_documents: Vec<&'static str>,
    /// The code of the set that it is scored with.
    criteria_set: Option<String>,
    #[serde(flatten)]
    named_set: NamedSet,
    /// The criteria set and version it is scored with, from its first agenda on.
    criteria_set_id: Option<CriteriaSetId>,
    responsible_account_id: Option<AccountId>,
    responsible_name: Option<String>,
    /// The producer's own marks; for others than the producer and its commune only after the councils' results.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<crate::criteria::marking::Mark>>)]
    self_marks: Option<Value>,
    /// Marks that the producer's own data tell, for who fills the dossier; they are made like others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggested_marks: Vec<SuggestedMark>,
    /// What the producer states in whole numbers.
    #[schema(value_type = std::collections::HashMap<String, i64>)]
    figures: BTreeMap<String, i64>,
    /// What changed since the recognition, by section.
    #[schema(value_type = std::collections::HashMap<String, crate::dossier::statements::Statement>)]
    changes: Statements,
    /// What is new since the recognition, by section.
    #[schema(value_type = std::collections::HashMap<String, crate::dossier::statements::Statement>)]
    updates: Statements,
    yearly_figures: Vec<YearlyFigure>,
    /// What the producer tells of itself in form 02.
    report: Option<SelfReport>,
    submitted_at: Option<Moment>,
    /// The receipt of what was handed in last.
    receipt: Option<Receipt>,
    /// Handed in after the deadline.
    late: bool,
    /// Where the edition has the commune's step.
    commune: Option<CommuneStepView>,
    /// How many sample units go with it; null before it is handed in, and where none do.
    samples_needed: Option<i32>,
    samples: Vec<SamplesView>,
    /// The last day for the council's conclusion, where the act in force sets one: for a dossier of before it, for a rating
    /// again.
    rated_until: Option<Day>,
    /// What to know of it though nothing forbids it.
    warnings: Vec<Warning>,
    /// The dossier of an earlier edition that it goes on from.
    carried_from: Option<DossierId>,
    /// The dossier that goes on from it under the act in force.
    carried_to: Option<DossierId>,
    /// When it was carried over, or last withdrawn.
    ended_at: Option<Moment>,
    created_at: Moment,
}

/// An option that is known from the producer's data.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestedMark {
    criterion: String,
    /// Its place in the criterion's list, beginning with 1.
    option: u16,
}

/// When something was handed in, and the digest of what it was.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DossierReceipt)]
pub struct Receipt {
    /// Which submission of the dossier.
    number: i32,
    submitted_at: Moment,
    /// SHA-256 over `ocop-dossier`, a zero byte, and the content as JSON without spaces, the members of each object by name.
    digest: Digest,
}

/// How far the commune is with a dossier.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommuneStepView {
    /// Since when the commune has it; null before it is handed in.
    received_at: Option<Moment>,
    /// The last day of its term in working days; the day of receipt is not counted.
    due_on: Option<Day>,
    /// What to know of that day.
    warnings: Vec<Warning>,
    /// It still lies there, past that day.
    overdue: bool,
    forwarded_at: Option<Moment>,
    /// The number of form 01 at the commune.
    number: Option<String>,
    /// The number of form 01 at the province.
    province_number: Option<String>,
    /// The newest report (form 03).
    report: Option<CommuneReportView>,
}

/// What the commune found (form 03).
#[derive(Debug, Serialize, ToSchema)]
pub struct CommuneReportView {
    local_material: String,
    local_labour: String,
    origin_of_idea: String,
    local_identity: String,
    completeness: String,
    letter_number: String,
    letter_date: Day,
    account_id: AccountId,
    account_name: String,
    created_at: Moment,
}

/// Sample units that were received at once.
#[derive(Debug, Serialize, ToSchema)]
pub struct SamplesView {
    units: i32,
    received_on: Day,
    received_by: AccountId,
    received_by_name: String,
    kept_at: String,
    given_back_on: Option<Day>,
    given_back_to: Option<String>,
    given_back_by: Option<AccountId>,
    given_back_by_name: Option<String>,
}

type Names = BTreeMap<AccountId, String>;

fn commune_step(
    dossier: &Dossier,
    report: Option<CommuneReport>,
    names: &Names,
    today: Day,
) -> Result<Option<CommuneStepView>> {
    let row = &dossier.row;
    if !dossier.has_commune() {
        return Ok(None);
    }
    let holidays = Holidays::official()?;
    let term = row.received_at.map(Moment::day).zip(row.commune_due_on);
    let is_known = term.is_none_or(|(from, until)| holidays.knows(from, until));
    let report = report.map(|report| CommuneReportView {
        local_material: report.local_material,
        local_labour: report.local_labour,
        origin_of_idea: report.origin_of_idea,
        local_identity: report.local_identity,
        completeness: report.completeness,
        letter_number: report.letter_number,
        letter_date: report.letter_date,
        account_name: names.get(&report.account_id).cloned().unwrap_or_default(),
        account_id: report.account_id,
        created_at: report.created_at,
    });
    Ok(Some(CommuneStepView {
        received_at: row.received_at,
        due_on: row.commune_due_on,
        warnings: if is_known { Vec::new() } else { vec![holidays_unknown()] },
        overdue: row.state == State::Submitted && row.commune_due_on.is_some_and(|due| due < today),
        forwarded_at: row.forwarded_at,
        number: row.number.clone(),
        province_number: row.province_number.clone(),
        report,
    }))
}

fn holidays_unknown() -> Warning {
    Warning::new(
        "holidays_unknown",
        say(
            "Chưa biết ngày nghỉ lễ của năm trong thời hạn này: hạn chỉ trừ ngày cuối tuần.",
            "The holidays of a year in this term are not known: only weekends are left out.",
        ),
    )
}

/// What an act asks for of which only an excerpt was seen, where the dossier lacks it.
fn excerpted(dossier: &Dossier, kinds: &[String], today: Day) -> Vec<Warning> {
    let on = dossier.row.submitted_at.map_or(today, Moment::day);
    let asked = dossier.edition.excerpted.iter().filter(|asked| asked.from <= on);
    let lacking = asked.filter(|asked| !kinds.iter().any(|kind| kind == asked.document.as_ref()));
    lacking
        .map(|asked| {
            let (stars, act, document) = (asked.stars.get(), &asked.act, asked.document.name());
            Warning::new(
                "condition_in_excerpt",
                say(
                    format!(
                        "Từ {stars} sao nên có, theo {act}: {} (nhắc để chuẩn bị, hệ thống không bắt buộc).",
                        document.vi
                    ),
                    format!(
                        "Wanted for {stars} stars and more by {act}: {} (a reminder; the service does not demand it).",
                        document.en
                    ),
                ),
            )
        })
        .collect()
}

fn samples_view(samples: &Samples, names: &Names) -> SamplesView {
    let name = |account: AccountId| names.get(&account).cloned().unwrap_or_default();
    SamplesView {
        units: samples.units,
        received_on: samples.received_on,
        received_by: samples.received_by,
        received_by_name: name(samples.received_by),
        kept_at: samples.kept_at.clone(),
        given_back_on: samples.given_back_on,
        given_back_to: samples.given_back_to.clone(),
        given_back_by: samples.given_back_by,
        given_back_by_name: samples.given_back_by.map(name),
    }
}

impl Shown for Dossier {
    type View = DossierView;

    /// The self-scoring sways no council, so it is shown only to whom [`rules::Standing::shows_self_marks`] names.
    fn views(work: &mut Work, dossiers: &[Self]) -> Result<Vec<DossierView>> {
        let ids: Vec<DossierId> = dossiers.iter().map(|dossier| dossier.row.id).collect();
        let mut documents = store::documents(work.connection, &ids)?;
        let products: Vec<ProductId> = dossiers.iter().map(|dossier| dossier.row.product_id).collect();
        let products = product::store::names(work.connection, &products)?;
        let producers: Vec<ProducerId> = dossiers.iter().map(|dossier| dossier.row.producer_id).collect();
        let producers = producer::store::names(work.connection, &producers)?;
        let mut reports = commune_store::latest(work.connection, &ids)?;
        let receipts = submission_store::receipts(work.connection, &ids)?;
        let mut people: Vec<AccountId> =
            dossiers.iter().filter_map(|dossier| dossier.row.responsible_account_id).collect();
        people.extend(reports.values().map(|report| report.account_id));
        for samples in dossiers.iter().flat_map(|dossier| &dossier.samples) {
            people.extend([Some(samples.received_by), samples.given_back_by].into_iter().flatten());
        }
        let officers = account::store::names(work.connection, &people)?;
        let carried_to = store::carried_to(work.connection, &ids)?;
        let codes = set::codes(work, dossiers.iter().map(|dossier| &dossier.row))?;
        let titles = SetTitles::of(work.connection, codes.values().map(String::as_str))?;
        let places = place::store::places(work.connection)?;
        let today = work.now.day();
        // Sex and ethnicity are behind some of them, so nobody else is told.
        let filled: Vec<&Self> = match work.actor.is(WRITERS) {
            true => dossiers.iter().filter(|dossier| dossier.row.state.must_be_open_to_change().is_ok()).collect(),
            false => Vec::new(),
        };
        let makers: Vec<ProducerId> = filled.iter().map(|dossier| dossier.row.producer_id).collect();
        let makers = producer::store::of_ids(work.connection, &makers)?;
        let suggested = |dossier: &Self| {
            let maker = makers.iter().find(|maker| maker.id == dossier.row.producer_id);
            let is_filled = filled.iter().any(|filled| filled.row.id == dossier.row.id);
            let maker = maker.filter(|maker| is_filled && work.actor.sees(&maker.home()));
            let known = maker
                .into_iter()
                .flat_map(|maker| dossier.edition.known_marks.iter().filter(|known| known.is_of(maker)));
            known.map(|known| SuggestedMark { criterion: known.criterion.clone(), option: known.option }).collect()
        };
        let view = |dossier: &Self| {
            let Self { row, cycle, standing, .. } = dossier;
            let (documents, kinds): (Vec<DocumentId>, Vec<String>) =
                documents.remove(&row.id).unwrap_or_default().into_iter().unzip();
            let shows_self_marks = standing.shows_self_marks(&work.actor, &row.home());
            Ok(DossierView {
                id: row.id,
                version: row.version,
                state: row.state,
                kind: dossier.kind(today),
                product_id: row.product_id,
                product_name: products.get(&row.product_id).cloned().unwrap_or_default(),
                cycle_id: row.cycle_id,
                year: cycle.year,
                plan_id: row.plan_id,
                producer_id: row.producer_id,
                producer_name: producers.get(&row.producer_id).cloned().unwrap_or_default(),
                commune_code: row.commune_code.clone(),
                commune_name: places.name(&row.commune_code, today),
                district_code: row.district_code.clone(),
                district_name: row.district_code.as_ref().map(|code| places.name(code, today)),
                documents,
                missing_documents: rules::missing(&kinds, rules::REQUIRED),
                criteria_set: codes.get(&row.id).cloned(),
                named_set: codes
                    .get(&row.id)
                    .map_or_else(NamedSet::default, |code| NamedSet::of(&titles, code, Some(cycle.edition))),
                criteria_set_id: row.criteria_set_id,
                responsible_account_id: row.responsible_account_id,
                responsible_name: row.responsible_account_id.and_then(|id| officers.get(&id).cloned()),
                self_marks: row.self_marks.as_ref().filter(|_| shows_self_marks).map(|marks| marks.0.clone()),
                suggested_marks: suggested(dossier),
                figures: row.figures.0.clone(),
                changes: row.changes.as_ref().map(|json| json.0.clone()).unwrap_or_default(),
                updates: row.updates.as_ref().map(|json| json.0.clone()).unwrap_or_default(),
                yearly_figures: row.yearly_figures.as_ref().map(|json| json.0.clone()).unwrap_or_default(),
                report: row.report.as_ref().map(|json| json.0.clone()),
                submitted_at: row.submitted_at,
                receipt: receipts.get(&row.id).map(|(number, submitted_at, digest)| Receipt {
                    number: *number,
                    submitted_at: *submitted_at,
                    digest: *digest,
                }),
                late: row.late,
                commune: commune_step(dossier, reports.remove(&row.id), &officers, today)?,
                samples_needed: row.samples_needed,
                samples: dossier.samples.iter().map(|samples| samples_view(samples, &officers)).collect(),
                rated_until: term::rated_until(&dossier.edition, row, dossier.term),
                warnings: if row.state != State::CarriedOver && !standing.has_result {
                    let of_term = term::warning(&dossier.edition, row, dossier.term, today)?;
                    of_term.into_iter().chain(excerpted(dossier, &kinds, today)).collect()
                } else {
                    Vec::new()
                },
                carried_from: row.carried_from,
                carried_to: carried_to.get(&row.id).copied(),
                ended_at: row.ended_at,
                created_at: row.created_at,
            })
        };
        dossiers.iter().map(view).collect()
    }
}

/// A visit of an officer at the producer's.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitView {
    id: VisitId,
    account_id: AccountId,
    account_name: String,
    visited_on: Day,
    findings: String,
    advice: String,
}

impl VisitView {
    /// Visits of one dossier, with who made them.
    pub fn of(work: &mut Work, visits: Vec<Visit>) -> Result<Vec<Self>> {
        let accounts: Vec<AccountId> = visits.iter().map(|visit| visit.account_id).collect();
        let accounts = account::store::names(work.connection, &accounts)?;
        let view = |Visit { id, account_id, visited_on, findings, advice, .. }| Self {
            account_name: accounts.get(&account_id).cloned().unwrap_or_default(),
            id,
            account_id,
            visited_on,
            findings,
            advice,
        };
        Ok(visits.into_iter().map(view).collect())
    }
}

/// What was handed in, with who did and when.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionView {
    #[serde(flatten)]
    receipt: Receipt,
    dossier_id: DossierId,
    account_id: AccountId,
    account_name: String,
    /// What was handed in, as it was; left out of the list. The producer's own marks are in it only for whom they may be
    /// shown to: without them the digest cannot be computed again.
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Content>,
}

impl SubmissionView {
    /// Submissions of one dossier, without what they hold.
    pub fn listed(work: &mut Work, submissions: Vec<Submission>) -> Result<Vec<Self>> {
        let accounts: Vec<AccountId> = submissions.iter().map(|submission| submission.account_id).collect();
        let accounts = account::store::names(work.connection, &accounts)?;
        let view = |submission: Submission| Self {
            receipt: Receipt {
                number: submission.number,
                submitted_at: submission.submitted_at,
                digest: submission.digest,
            },
            dossier_id: submission.dossier_id,
            account_name: accounts.get(&submission.account_id).cloned().unwrap_or_default(),
            account_id: submission.account_id,
            content: None,
        };
        Ok(submissions.into_iter().map(view).collect())
    }

    /// One submission as it was.
    pub fn whole(work: &mut Work, dossier: &Dossier, submission: Submission) -> Result<Self> {
        let mut content = submission.content.0.clone();
        if !dossier.standing.shows_self_marks(&work.actor, &dossier.row.home()) {
            content.self_marks = None;
        }
        reads_producer(work, dossier, &content.producer.identity_number);
        let view = Self::listed(work, vec![submission])?.pop().ok_or_else(|| Error::internal("a view is missing"))?;
        Ok(Self { content: Some(content), ..view })
    }
}

/// Notes that an answer shows the identity number of the dossier's producer, where that is a person's and the asker is another.
pub fn reads_producer(work: &mut Work, dossier: &Dossier, identity_number: &str) {
    let producer = dossier.row.producer_id;
    if work.actor.producer != Some(producer) && names_citizens(identity_number, &[]) {
        work.reads_identity_number(Resource::Producer, producer.any());
    }
}
