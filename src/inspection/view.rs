//! What is shown of an inspection.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{self, Work};
use crate::base::id::{AccountId, InspectionFileId, InspectionId, InspectionPlanId, LotId, ProducerId, ProductId};
use crate::base::{Day, Moment, Result, UnitCode};
use crate::cycle::{EditionCode, RevocationGround};
use crate::decision::rules::revocation_due;
use crate::files::StoredFile;
use crate::inspection::checklist::{self, Finding, Group};
use crate::inspection::record::{Correction, Member, Minutes, Sample, SampleTest};
use crate::inspection::rules::{self, InspectionResult, Kind, State};
use crate::inspection::store::{FilePurpose, InspectionFile};
use crate::inspection::{Inspection, yearly_plan};
use crate::product::document::FileAnswer;
use crate::station::Shown;
use crate::{dossier, lot, place, producer, product};

/// An inspection, to those who may read it.
#[derive(Debug, Serialize, ToSchema)]
pub struct InspectionView {
    id: InspectionId,
    version: i32,
    product_id: ProductId,
    product_name: String,
    producer_id: ProducerId,
    producer_name: String,
    commune_code: UnitCode,
    commune_name: String,
    district_code: Option<UnitCode>,
    kind: Kind,
    inspection_plan_id: Option<InspectionPlanId>,
    inspection_plan_number: Option<String>,
    /// Null for the producer: a complaint may tell its author.
    reason: Option<String>,
    decision_number: String,
    decision_signed_on: Day,
    begins_on: Day,
    ends_on: Day,
    members: Vec<Member>,
    state: State,
    visited_at: Option<Moment>,
    /// Every item, in the order in which they are gone through.
    checklist: Vec<ChecklistItemView>,
    /// How many of them are broken.
    broken: i32,
    samples: Vec<InspectionSampleView>,
    /// Null until they are signed.
    minutes: Option<Minutes>,
    /// Where they were signed, in degrees, where the device told it.
    latitude: Option<f64>,
    longitude: Option<f64>,
    corrections: Vec<Correction>,
    /// The last day of the order that waits.
    due_on: Option<Day>,
    /// Whether that day is over.
    overdue: bool,
    result: Option<InspectionResult>,
    conclusion: Option<String>,
    concluded_on: Option<Day>,
    concluded_by: Option<AccountId>,
    concluded_by_name: Option<String>,
    /// That the certificate is taken back, where the conclusion proposes it.
    proposal: Option<RevocationProposal>,
    files: Vec<InspectionFileView>,
    account_id: AccountId,
    account_name: Option<String>,
    created_at: Moment,
}

/// An item of the checklist, with what was found of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChecklistItemView {
    #[schema(value_type = String)]
    item: &'static str,
    group: Group,
    #[schema(value_type = String)]
    label: &'static str,
    #[schema(value_type = String)]
    label_en: &'static str,
    /// Null while it is not answered.
    answer: Option<Finding>,
    note: Option<String>,
}

/// A sample that was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct InspectionSampleView {
    lot_id: Option<LotId>,
    lot_code: Option<String>,
    seal_number: String,
    taken_on: Day,
    laboratory: String,
    tests: Vec<SampleTest>,
}

/// A proposal to take a certificate back.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevocationProposal {
    ground: RevocationGround,
    /// The last day for the decision, by the act in force on the day of the conclusion; null where that act names none.
    due_on: Option<Day>,
    /// Whether the product has no certificate any more that could be taken back.
    settled: bool,
}

/// A photograph or a paper, without its bytes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InspectionFileView {
    id: InspectionFileId,
    /// Where its bytes are, for who reads the inspection.
    address: String,
    purpose: FilePurpose,
    caption: Option<String>,
    file: FileAnswer,
    account_id: AccountId,
    created_at: Moment,
}

impl From<(InspectionFile, StoredFile)> for InspectionFileView {
    fn from((file, stored): (InspectionFile, StoredFile)) -> Self {
        let InspectionFile { id, purpose, caption, account_id, created_at, .. } = file;
        Self { id, address: address(id), purpose, caption, file: stored.into(), account_id, created_at }
    }
}

/// Where a file's bytes are.
pub fn address(id: InspectionFileId) -> String {
    format!("/api/v1/inspection-files/{id}")
}

/// By when a certificate is taken back on an inspection's conclusion, by the act in force on its day, and within how many days that
/// is; None where that act says nothing of it.
pub fn proposal_due(concluded_on: Day) -> Result<Option<(Day, u32)>> {
    let demanded = EditionCode::in_force_on(concluded_on)?.edition()?.revocation.demanded;
    Ok(demanded.map(|rule| (revocation_due(concluded_on, rule.within_days), rule.within_days)))
}

fn gone_through(inspection: &Inspection) -> Result<Vec<ChecklistItemView>> {
    let answers = &inspection.row.answers.0;
    let told = |item: &'static checklist::Item| {
        let found = answers.iter().find(|answer| answer.item == item.code);
        ChecklistItemView {
            item: &item.code,
            group: item.group,
            label: &item.vi,
            label_en: &item.en,
            answer: found.map(|found| found.answer),
            note: found.and_then(|found| found.note.clone()),
        }
    };
    Ok(checklist::items()?.iter().map(told).collect())
}

impl Shown for Inspection {
    type View = InspectionView;

    fn views(work: &mut Work, inspections: &[Self]) -> Result<Vec<InspectionView>> {
        let rows = || inspections.iter().map(|inspection| &inspection.row);
        let producers: Vec<ProducerId> = rows().map(|row| row.producer_id).collect();
        let producers = producer::store::names(work.connection, &producers)?;
        let products: Vec<ProductId> = rows().map(|row| row.product_id).collect();
        let names = product::store::names(work.connection, &products)?;
        let certificates = dossier::store::latest_certificates(work.connection, &products)?;
        let plans: Vec<InspectionPlanId> = rows().filter_map(|row| row.inspection_plan_id).collect();
        let plans = yearly_plan::store::numbers(work.connection, &plans)?;
        let lots: Vec<LotId> = rows().flat_map(|row| row.samples.0.iter().filter_map(|sample| sample.lot_id)).collect();
        let lots = lot::store::codes(work.connection, &lots)?;
        let accounts: Vec<AccountId> =
            rows().flat_map(|row| [Some(row.account_id), row.concluded_by].into_iter().flatten()).collect();
        let accounts = account::store::names(work.connection, &accounts)?;
        let places = place::store::places(work.connection)?;
        let (today, is_producer) = (work.now.day(), work.actor.producer.is_some());
        let sampled = |sample: &Sample| InspectionSampleView {
            lot_id: sample.lot_id,
            lot_code: sample.lot_id.and_then(|id| lots.get(&id).cloned()),
            seal_number: sample.seal_number.clone(),
            taken_on: sample.taken_on,
            laboratory: sample.laboratory.clone(),
            tests: sample.tests.clone(),
        };
        let degrees = |fixed: i32| f64::from(fixed) / 100_000.0;
        let view = |inspection: &Self| {
            let row = &inspection.row;
            let proposal = match (row.ground, row.concluded_on) {
                (Some(ground), Some(concluded_on)) => Some(RevocationProposal {
                    ground,
                    due_on: proposal_due(concluded_on)?.map(|(due_on, _)| due_on),
                    settled: !certificates
                        .get(&row.product_id)
                        .is_some_and(|latest| rules::can_be_taken_back(*latest, concluded_on, today)),
                }),
                _ => None,
            };
            Ok(InspectionView {
                id: row.id,
                version: row.version,
                product_id: row.product_id,
                product_name: names.get(&row.product_id).cloned().unwrap_or_default(),
                producer_id: row.producer_id,
                producer_name: producers.get(&row.producer_id).cloned().unwrap_or_default(),
                commune_code: row.commune_code.clone(),
                commune_name: places.name(&row.commune_code, today),
                district_code: row.district_code.clone(),
                kind: row.kind,
                inspection_plan_id: row.inspection_plan_id,
                inspection_plan_number: row.inspection_plan_id.and_then(|id| plans.get(&id).cloned().flatten()),
                reason: row.reason.clone().filter(|_| !is_producer),
                decision_number: row.decision_number.clone(),
                decision_signed_on: row.decision_signed_on,
                begins_on: row.begins_on,
                ends_on: row.ends_on,
                members: row.members.0.clone(),
                state: row.state,
                visited_at: row.visited_at,
                checklist: gone_through(inspection)?,
                broken: row.broken,
                samples: row.samples.0.iter().map(sampled).collect(),
                minutes: row.minutes.as_ref().map(|minutes| minutes.0.clone()),
                latitude: row.latitude.map(degrees),
                longitude: row.longitude.map(degrees),
                corrections: row.corrections.0.clone(),
                due_on: row.due_on,
                overdue: rules::is_overdue(row.due_on, today),
                result: row.result,
                conclusion: row.conclusion.clone(),
                concluded_on: row.concluded_on,
                concluded_by: row.concluded_by,
                concluded_by_name: row.concluded_by.and_then(|id| accounts.get(&id).cloned()),
                proposal,
                files: inspection.files.iter().cloned().map(InspectionFileView::from).collect(),
                account_id: row.account_id,
                account_name: accounts.get(&row.account_id).cloned(),
                created_at: row.created_at,
            })
        };
        inspections.iter().map(view).collect()
    }
}
