//! What is shown of a dossier and of its visits.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::id::{
    AccountId, CriteriaSetId, CycleId, DocumentId, DossierId, PlanId, ProducerId, ProductId, VisitId,
};
use crate::base::{Day, Moment, Result, UnitCode};
use crate::dossier::Dossier;
use crate::dossier::rules::{self, State};
use crate::dossier::store::{self, Visit};
use crate::station::Shown;
use crate::{account, place, producer, product};

/// A dossier, to those who may know of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DossierView {
    id: DossierId,
    version: i32,
    state: State,
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
    /// The criteria set and version it is scored with, from its first agenda on.
    criteria_set_id: Option<CriteriaSetId>,
    responsible_account_id: Option<AccountId>,
    responsible_name: Option<String>,
    /// The producer's own marks; for others than the producer and its commune only after the councils' results.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<crate::criteria::marking::Mark>>)]
    self_marks: Option<Value>,
    /// What the producer states in whole numbers.
    #[schema(value_type = std::collections::HashMap<String, i64>)]
    figures: BTreeMap<String, i64>,
    submitted_at: Option<Moment>,
    /// Handed in after the deadline.
    late: bool,
    created_at: Moment,
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
        let officers: Vec<AccountId> =
            dossiers.iter().filter_map(|dossier| dossier.row.responsible_account_id).collect();
        let officers = account::store::names(work.connection, &officers)?;
        let places = place::store::places(work.connection)?;
        let today = work.now.day();
        let view = |Self { row, cycle, standing, .. }: &Self| {
            let (documents, kinds): (Vec<DocumentId>, Vec<String>) =
                documents.remove(&row.id).unwrap_or_default().into_iter().unzip();
            let shows_self_marks = standing.shows_self_marks(&work.actor, &row.home());
            DossierView {
                id: row.id,
                version: row.version,
                state: row.state,
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
                criteria_set_id: row.criteria_set_id,
                responsible_account_id: row.responsible_account_id,
                responsible_name: row.responsible_account_id.and_then(|id| officers.get(&id).cloned()),
                self_marks: row.self_marks.as_ref().filter(|_| shows_self_marks).map(|marks| marks.0.clone()),
                figures: row.figures.0.clone(),
                submitted_at: row.submitted_at,
                late: row.late,
                created_at: row.created_at,
            }
        };
        Ok(dossiers.iter().map(view).collect())
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
