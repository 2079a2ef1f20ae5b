//! Gathers what a dossier holds, as it is handed in, and says what lacks.

use std::collections::BTreeMap;

use crate::account::Work;
use crate::audit::check::Held;
use crate::base::id::{AnyId, DocumentId, DossierId};
use crate::base::keys::hexadecimal;
use crate::base::{Day, Error, Fault, Result};
use crate::criteria::{self, Case, Mark, SetRow};
use crate::db::AnyConnection;
use crate::dossier::content::{Content, SubmittedDocument, SubmittedPlan, SubmittedProducer, SubmittedProduct};
use crate::dossier::set::criteria_set;
use crate::dossier::statements::{self, Stated};
use crate::dossier::{Dossier, store, submission_store};
use crate::product::attachment_store;
use crate::{idea, plan, producer, product};

/// The dossier with all that it rests on, as it stands now.
pub struct Gathered {
    pub content: Content,
    pub set: SetRow,
    pub case: Case,
}

/// Gathers what would be handed in on a day.
pub fn gather(work: &mut Work, dossier: &Dossier, on: Day) -> Result<Gathered> {
    let row = &dossier.row;
    let gone = |what: &str| Error::internal(format!("a dossier without its {what}"));
    let plan = plan::store::find(work.connection, row.plan_id)?.ok_or_else(|| gone("plan"))?;
    let idea = idea::store::find(work.connection, plan.idea_id)?.ok_or_else(|| gone("idea"))?;
    let producer = producer::store::find(work.connection, row.producer_id)?.ok_or_else(|| gone("producer"))?;
    let product = product::store::find(work.connection, row.product_id)?.ok_or_else(|| gone("product"))?;
    let (set, case) = criteria_set(work, dossier)?;
    let content = Content {
        dossier_id: row.id,
        year: dossier.cycle.year,
        edition: dossier.cycle.edition,
        kind: dossier.kind(on),
        producer: SubmittedProducer {
            name: producer.name,
            kind: producer.kind,
            identity_number: producer.identity_number,
            commune_code: producer.commune_code,
            address: producer.address,
            representative: producer.representative,
            phone: producer.phone,
            email: producer.email,
        },
        product: SubmittedProduct {
            code: product.code,
            name: product.name,
            criteria_set: set.code.clone(),
            criteria_set_version: set.version,
            criteria_set_title: set.tree.0.title.clone(),
            is_service: set.tree.0.sector.is_service(),
            description: product.description,
            packaging: product.packaging,
        },
        plan: SubmittedPlan {
            capacity: plan.capacity,
            market: plan.market,
            materials: plan.materials,
            technology: plan.technology,
            target_value: idea.target_value,
        },
        documents: documents(work, dossier)?,
        self_marks: own_marks(dossier)?,
        figures: row.figures.0.clone(),
        changes: row.changes.as_ref().map(|json| json.0.clone()).unwrap_or_default(),
        updates: row.updates.as_ref().map(|json| json.0.clone()).unwrap_or_default(),
        yearly_figures: row.yearly_figures.as_ref().map(|json| json.0.clone()).unwrap_or_default(),
        report: row.report.as_ref().map(|json| json.0.clone()),
    };
    Ok(Gathered { content, set, case })
}

/// What the dossier lacks for its kind, one fault for each thing.
pub fn lacking(work: &mut Work, dossier: &Dossier, gathered: &Gathered, on: Day) -> Result<Vec<Fault>> {
    let Gathered { content, set, case } = gathered;
    let marks = content.self_marks.as_deref().unwrap_or_default();
    // Marks of a set that was replaced meanwhile fit it no more: all of them are to be made anew.
    let unmarked = match criteria::mark(&set.tree.0, *case, marks, None) {
        Ok(marked) => marked.missing,
        Err(_) => set.tree.0.criteria().map(|criterion| criterion.code.clone()).collect(),
    };
    let owned = attachment_store::documents_of(work.connection, dossier.row.product_id)?;
    let terms: BTreeMap<DocumentId, Option<Day>> =
        owned.into_iter().map(|document| (document.id, document.valid_until)).collect();
    let has_self_marks = content.self_marks.is_some();
    let stated = Stated {
        has_self_marks,
        unmarked: if has_self_marks { &unmarked } else { &[] },
        changes: &content.changes,
        updates: &content.updates,
        yearly: &content.yearly_figures,
        terms: &terms,
    };
    let holds = dossier.edition.dossiers.holds(content.kind);
    Ok(statements::lacking(holds, &stated, dossier.latest, on))
}

/// The producer's own marks; none before the first were made.
pub fn own_marks(dossier: &Dossier) -> Result<Option<Vec<Mark>>> {
    let marks = dossier.row.self_marks.as_ref().map(|marks| serde_json::from_value(marks.0.clone()));
    marks.transpose().map_err(Error::internal)
}

/// The documents that are handed in: those that the dossier names, and those that its statements rest on.
fn documents(work: &mut Work, dossier: &Dossier) -> Result<Vec<SubmittedDocument>> {
    let row = &dossier.row;
    let mut named = store::document_ids(work.connection, row.id)?;
    let statements = [&row.changes, &row.updates].into_iter().flatten().flat_map(|json| json.0.values());
    named.extend(statements.flat_map(|statement| statement.evidence.iter().copied()));
    named.extend(own_marks(dossier)?.into_iter().flatten().flat_map(|mark| mark.documents().collect::<Vec<_>>()));
    let mut owned = attachment_store::list_documents(work.connection, row.product_id, None, None, i64::MAX)?;
    owned.retain(|(document, _)| named.contains(&document.id));
    owned.sort_by_key(|(document, _)| document.id);
    let submitted = owned.into_iter().map(|(document, file)| SubmittedDocument {
        id: document.id,
        kind: document.kind,
        number: document.number,
        issued_by: document.issued_by,
        issued_on: document.issued_on,
        valid_until: document.valid_until,
        file_name: file.name,
        sha256: hexadecimal(&file.sha256),
    });
    Ok(submitted.collect())
}

/// Dossiers as `ocop audit verify` holds them against their steps: what was handed in last, as it is kept today.
pub fn held(connection: &mut AnyConnection, ids: &[AnyId]) -> Result<Vec<Held>> {
    let versions = store::versions(connection, ids)?;
    let dossiers: Vec<DossierId> = versions.keys().copied().collect();
    let latest = submission_store::latest(connection, &dossiers)?;
    let all = versions.into_iter().map(|(id, version)| {
        let submission = latest.get(&id);
        let content = submission.map(|submission| submission.content.0.digest()).transpose()?;
        let differs = submission.zip(content).is_some_and(|(submission, content)| submission.digest != content);
        let wrong = differs.then_some("what was handed in is not what its receipt is of");
        Ok(Held { id: id.any(), version, content, wrong })
    });
    all.collect()
}
