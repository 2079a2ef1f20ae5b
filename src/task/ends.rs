//! What waits after the council, and what waits because something ends: decisions, certificates, papers, stamps.

use std::collections::{BTreeMap, BTreeSet};

use crate::account::{Role, Work};
use crate::base::Result;
use crate::base::id::{CycleId, ProductId};
use crate::cycle;
use crate::cycle::EditionCode;
use crate::decision::certificate_store::CertificateFilter;
use crate::decision::rules::{Kind, State, revocation_due};
use crate::decision::store::DecisionFilter;
use crate::decision::{Decision, IssuedCertificate};
use crate::product::Product;
use crate::product::attachment_store;
use crate::product::steps::ADD_DOCUMENT;
use crate::product::store::ProductFilter;
use crate::rating::Appeal;
use crate::rating::appeal::store::AppealFilter;
use crate::stamp::orders::StampOrder;
use crate::stamp::orders::store::OrderFilter;
use crate::station::{Label, Listed, Stretch, label};
use crate::task::gather::{MOST, Waits, offered};
use crate::task::rules::{self, Due, WaitingStep};
use crate::{dossier, idea, product, rating, stamp};

/// Drafts that wait for a signature.
pub fn decisions(work: &mut Work) -> Result<Vec<WaitingStep>> {
    if Decision::must_list(work.asker()).is_err() {
        return Ok(Vec::new());
    }
    let filter = DecisionFilter { state: Some(State::Draft), ..Default::default() };
    let mut tasks = Vec::new();
    for decision in &Decision::list(work, &filter, &Stretch::first(MOST))? {
        let Some(step) = offered(work, decision, &["promulgate"])? else { continue };
        let (name, due) = (work.language.pick(&kind_name(decision.kind).into()).to_owned(), taken_back_by(decision)?);
        tasks.push(Waits { name, step, due, returned: false }.for_thing(work, decision));
    }
    Ok(tasks)
}

fn kind_name(kind: Kind) -> Label {
    match kind {
        Kind::Recognise => label("Quyết định công nhận", "Decision of recognition"),
        Kind::ApproveResult => label("Quyết định phê duyệt kết quả", "Decision that approves a result"),
        Kind::Revoke => label("Quyết định thu hồi", "Decision of withdrawal"),
        Kind::CentreResult => label("Kết quả của Trung ương", "Result of the centre"),
        Kind::CentreRevoke => label("Thu hồi của Trung ương", "Withdrawal by the centre"),
    }
}

/// By when recognition is withdrawn, by the act in force when the decision was drafted.
fn taken_back_by(decision: &Decision) -> Result<Option<Due>> {
    let Some(dated) = decision.basis_dated else { return Ok(None) };
    let demanded = EditionCode::in_force_on(decision.created_at.day())?.edition()?.revocation.demanded;
    Ok(demanded.map(|rule| rules::revocation(revocation_due(dated, rule.within_days), rule.within_days)))
}

/// Appeals that wait for an answer.
pub fn appeals(work: &mut Work) -> Result<Vec<WaitingStep>> {
    if !work.actor.is(&[Role::DistrictOfficer, Role::ProvincialOfficer, Role::Signatory]) {
        return Ok(Vec::new());
    }
    let filter = AppealFilter {
        state: Some(rating::appeal::State::Filed),
        unit_code: work.actor.unit.clone(),
        ..AppealFilter::default()
    };
    let found = Appeal::list(work, &filter, &Stretch::first(MOST))?;
    let items: Vec<_> = found.iter().map(|appeal| appeal.row.agenda_item_id).collect();
    let names = rating::item::store::names(work.connection, &items)?;
    let mut tasks = Vec::new();
    for appeal in &found {
        if offered(work, appeal, &["uphold"])?.is_none() {
            continue;
        }
        let name = names.get(&appeal.row.agenda_item_id).map(|named| named.product_name.clone()).unwrap_or_default();
        let waits = Waits { name, step: ("answer", ANSWER), due: None, returned: false };
        tasks.push(waits.for_thing(work, appeal));
    }
    Ok(tasks)
}

const ANSWER: Label = label("Trả lời khiếu nại", "Answer the appeal");

/// Certificates that end soon and whose end was not announced yet, for who issued them.
pub fn notices(work: &mut Work) -> Result<Vec<WaitingStep>> {
    if !work.actor.is(&[Role::ProvincialOfficer, Role::DistrictOfficer]) {
        return Ok(Vec::new());
    }
    // No edition asks for a notice earlier than that.
    let horizon = work.now.day().plus_days(1 + 2 * i64::from(rules::AHEAD_DAYS));
    let filter = CertificateFilter { expiring_before: Some(horizon), ..Default::default() };
    let mut found = IssuedCertificate::list(work, &filter, &Stretch::first(MOST))?;
    found.retain(|certificate| certificate.notice.is_none());
    let cycles: Vec<CycleId> = found.iter().map(|certificate| certificate.row.cycle_id).collect();
    let cycles = cycle::store::of_ids(work.connection, &cycles)?;
    let names = names(work, &found)?;
    let mut tasks = Vec::new();
    for certificate in &found {
        let Some(cycle) = cycles.get(&certificate.row.cycle_id) else { continue };
        let days = cycle.edition.edition()?.notice_days;
        let Some(due) = rules::notice(certificate.row.valid_until, days, work.now.day()) else { continue };
        let Some(step) = offered(work, certificate, &["notify"])? else { continue };
        let name = names.get(&certificate.row.product_id).cloned().unwrap_or_default();
        tasks.push(Waits { name, step, due: Some(due), returned: false }.for_thing(work, certificate));
    }
    Ok(tasks)
}

fn names(work: &mut Work, certificates: &[IssuedCertificate]) -> Result<BTreeMap<ProductId, String>> {
    let products: Vec<ProductId> = certificates.iter().map(|certificate| certificate.row.product_id).collect();
    product::store::names(work.connection, &products)
}

const ENTER_AGAIN: Label = label("Đăng ký đánh giá, phân hạng lại", "Register to be rated again");

/// What ends of a producer's own products: certificates that are to be renewed, and papers that are good no longer while a
/// product is certified or on its way. What a producer gave up waits for nothing.
pub fn of_products(work: &mut Work) -> Result<Vec<WaitingStep>> {
    let Some(producer) = work.actor.producer.filter(|_| work.actor.is(&[Role::Producer])) else {
        return Ok(Vec::new());
    };
    let today = work.now.day();
    let filter = ProductFilter { producer_id: Some(producer), ..Default::default() };
    let products = Product::list(work, &filter, &Stretch::first(MOST))?;
    let ids: Vec<ProductId> = products.iter().map(|product| product.row.id).collect();
    let certificates = dossier::store::latest_certificates(work.connection, &ids)?;
    let mut entered = dossier::store::in_open_cycles(work.connection, &ids)?;
    entered.extend(idea::store::in_open_cycles(work.connection, &ids)?);
    let in_force: BTreeSet<ProductId> = certificates
        .iter()
        .filter(|(_, certificate)| !certificate.is_revoked && today <= certificate.valid_until)
        .map(|(product, _)| *product)
        .collect();
    let again = EditionCode::in_force_on(today)?.edition()?.again;
    let kept: Vec<ProductId> = ids.into_iter().filter(|id| in_force.contains(id) || entered.contains(id)).collect();
    let papers = attachment_store::terms_of(work.connection, &kept)?;
    let mut tasks = Vec::new();
    for product in &products {
        let (id, name) = (product.row.id, &product.row.name);
        let latest = certificates.get(&id).filter(|_| in_force.contains(&id) && !entered.contains(&id));
        let renewal = latest.and_then(|certificate| rules::rated_again(again, certificate.valid_until, today));
        let renewal = renewal.map(|due| (("create-idea", ENTER_AGAIN), due));
        let of_product: Vec<_> = papers.iter().filter(|(product, ..)| *product == id).copied().collect();
        let ending = rules::ending_papers(&of_product, today).into_iter();
        let ending = ending.map(|(_, kind, until)| (("add-document", ADD_DOCUMENT.label), rules::paper(kind, until)));
        for (step, due) in renewal.into_iter().chain(ending) {
            let waits = Waits { name: name.clone(), step, due: Some(due), returned: false };
            tasks.push(waits.for_thing(work, product));
        }
    }
    Ok(tasks)
}

/// Orders of stamps that wait for the office, or on their way for the producer.
pub fn stamp_orders(work: &mut Work) -> Result<Vec<WaitingStep>> {
    use stamp::rules::State;
    if StampOrder::must_list(work.asker()).is_err() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for state in [State::Ordered, State::Issued, State::Delivered] {
        let filter = OrderFilter { state: Some(state), ..Default::default() };
        found.extend(StampOrder::list(work, &filter, &Stretch::first(MOST))?);
    }
    let products: Vec<ProductId> = found.iter().map(|order| order.row.product_id).collect();
    let names = product::store::names(work.connection, &products)?;
    let mut tasks = Vec::new();
    for order in &found {
        let Some(step) = offered(work, order, &["issue", "deliver", "receive"])? else { continue };
        let name = names.get(&order.row.product_id).cloned().unwrap_or_default();
        tasks.push(Waits { name, step, due: None, returned: false }.for_thing(work, order));
    }
    Ok(tasks)
}
