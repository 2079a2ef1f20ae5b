//! Drafting a decision over many products: every item must be fit for it, and all that are not are named.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::id::{AgendaItemId, CertificateId, DecisionId, ProductId};
use crate::base::{Error, Fault, Faults, Message, Result, Stars, UnitCode, say, text};
use crate::decision::certificate_store;
use crate::decision::results::{against, cycle_of, rated};
use crate::decision::rules::Kind;
use crate::decision::store::{self, Draft, Item};
use crate::rating;
use crate::rating::rules::Outcome;

/// A decision as it is drafted: agenda items for `recognise` and `centre_result`, certificates for `revoke`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionForm {
    pub kind: Kind,
    pub unit_code: UnitCode,
    #[serde(default)]
    pub agenda_item_ids: Vec<AgendaItemId>,
    #[serde(default)]
    pub certificate_ids: Vec<CertificateId>,
    /// Why, which a revocation must say.
    #[serde(default)]
    pub reason: Option<String>,
    /// What the centre gave (`centre_result`).
    #[serde(default)]
    pub stars: Option<Stars>,
}

/// Drafts a decision. Every item must be fit for it; all that are not are named.
pub(super) fn draft(work: &mut Work, form: DecisionForm) -> Result<DecisionId> {
    check_shape(&form)?;
    take_all(work, &form)?;
    let mut faults = Vec::new();
    let mut items = Vec::new();
    let mut products = BTreeSet::new();
    for (index, id) in form.agenda_item_ids.iter().enumerate() {
        let fault = match fit_to_decide(work, &form, *id)? {
            Ok(product) if products.insert(product) => None,
            Ok(_) => Some((
                "repeated_product",
                say("Sản phẩm có hai kết quả trong quyết định.", "The decision names two results of one product."),
            )),
            Err(unfit) => Some(unfit),
        };
        faults.extend(fault.map(|(code, detail)| Fault::new(format!("/agenda_item_ids/{index}"), code, detail)));
        items.push(Item {
            position: position(index)?,
            agenda_item_id: Some(*id),
            certificate_id: None,
            stars: form.stars,
        });
    }
    for (index, id) in form.certificate_ids.iter().enumerate() {
        if let Err((code, detail)) = fit_to_revoke(work, &form.unit_code, *id)? {
            faults.push(Fault::new(format!("/certificate_ids/{index}"), code, detail));
        }
        items.push(Item { position: position(index)?, agenda_item_id: None, certificate_id: Some(*id), stars: None });
    }
    faults.into_result()?;
    let draft = Draft { kind: form.kind, unit: form.unit_code, reason: form.reason, items };
    store::insert(work.connection, draft, work.actor.id, work.now)
}

/// Takes the rows of everything that the draft names, in one order: of two drafts at once the later sees the first.
fn take_all(work: &mut Work, form: &DecisionForm) -> Result<()> {
    for id in form.agenda_item_ids.iter().copied().collect::<BTreeSet<_>>() {
        rating::item::store::take(work.connection, id)?;
    }
    for id in form.certificate_ids.iter().copied().collect::<BTreeSet<_>>() {
        certificate_store::take(work.connection, id)?;
    }
    Ok(())
}

fn position(index: usize) -> Result<i32> {
    i32::try_from(index + 1).map_err(Error::internal)
}

/// The form says what its kind needs, and nothing else.
fn check_shape(form: &DecisionForm) -> Result<()> {
    let mut faults = Vec::new();
    let revokes = form.kind == Kind::Revoke;
    let mut ids: Vec<String> = form.agenda_item_ids.iter().map(ToString::to_string).collect();
    ids.extend(form.certificate_ids.iter().map(ToString::to_string));
    let named = ids.len();
    ids.sort_unstable();
    ids.dedup();
    let (wanted, unwanted) = if revokes {
        ("/certificate_ids", ("/agenda_item_ids", !form.agenda_item_ids.is_empty()))
    } else {
        ("/agenda_item_ids", ("/certificate_ids", !form.certificate_ids.is_empty()))
    };
    if unwanted.1 {
        faults.push(Fault::new(
            unwanted.0,
            "not_allowed",
            say("Loại quyết định này không dùng mục này.", "This kind of decision does not take this."),
        ));
    }
    if named == 0 {
        faults.push(Fault::new(
            wanted,
            "required",
            say("Quyết định chưa nêu sản phẩm nào.", "The decision names no product."),
        ));
    }
    if ids.len() != named {
        faults.push(Fault::new(wanted, "repeated", say("Có mục bị lặp.", "Something is named twice.")));
    }
    if named > 1000 {
        faults.push(Fault::new(wanted, "too_many", say("Tối đa 1000 mục.", "At most 1000 items.")));
    }
    match &form.reason {
        Some(reason) => text::check(reason, "/reason", 2000, &mut faults),
        None if revokes => {
            faults.push(Fault::new("/reason", "required", say("Thu hồi phải nêu lý do.", "A revocation must say why.")))
        }
        None => {}
    }
    if form.stars.is_some() != (form.kind == Kind::CentreResult) {
        let text = say(
            "Chỉ và luôn kết quả của Trung ương ghi số sao.",
            "The centre's result, and only that, names its stars.",
        );
        faults.push(Fault::new("/stars", if form.stars.is_some() { "not_allowed" } else { "required" }, text));
    }
    faults.into_result()
}

/// What is fit, or why it is not.
type Fitness<T = ()> = std::result::Result<T, (&'static str, Message)>;

/// Whether a result is fit for the decision, and of which product it is.
fn fit_to_decide(work: &mut Work, form: &DecisionForm, id: AgendaItemId) -> Result<Fitness<ProductId>> {
    let Some(rated) = rated(work, id)?.filter(|rated| rated.unit == form.unit_code || rated.is_for(&form.unit_code))
    else {
        return Ok(Err((
            "unknown_agenda_item",
            say("Không có kết quả này của đơn vị.", "The unit has no such result."),
        )));
    };
    if form.kind == Kind::Recognise && rated.stars.is_some() && !rated.is_for(&form.unit_code) {
        return Ok(Err((
            "another_recognises",
            say(
                "Hạng sao này do đơn vị khác công nhận theo quy trình của năm.",
                "By the year's procedure another unit recognises these stars.",
            ),
        )));
    }
    let fits = match form.kind {
        Kind::Recognise => matches!(rated.outcome, Outcome::Rated | Outcome::ProposedToCentre) && rated.stars.is_some(),
        Kind::CentreResult => rated.outcome == Outcome::ProposedToCentre,
        Kind::Revoke => false,
    };
    if !fits {
        return Ok(Err((
            "unfit_outcome",
            say("Kết quả này không thuộc loại quyết định.", "This result is not one for this kind of decision."),
        )));
    }
    if let Some(against) = against(work, form.kind, id)? {
        return Ok(Err(against));
    }
    let lowest = cycle_of(work, &rated.dossier)?.edition.edition()?.lowest_recognised();
    if form.stars.is_some_and(|stars| lowest.is_some_and(|lowest| stars < lowest)) {
        return Ok(Err((
            "too_few_stars",
            say("Không cấp giấy chứng nhận cho hạng sao này.", "No certificate is given for so few stars."),
        )));
    }
    if store::is_decided(work.connection, form.kind, id)? {
        return Ok(Err((
            "already_decided",
            say("Kết quả này đã có trong một quyết định.", "Another decision is about this result already."),
        )));
    }
    Ok(Ok(rated.dossier.product_id))
}

fn fit_to_revoke(work: &mut Work, unit: &UnitCode, id: CertificateId) -> Result<Fitness> {
    let found = certificate_store::find(work.connection, id)?;
    let Some(certificate) = found.filter(|certificate| work.must_see(&certificate.home()).is_ok()) else {
        return Ok(Err(("unknown_certificate", say("Không có giấy chứng nhận này.", "There is no such certificate."))));
    };
    let issuer = store::find(work.connection, certificate.decision_id)?.map(|decision| decision.unit_code);
    if issuer.as_ref() != Some(unit) {
        return Ok(Err(("another_issuer", say("Giấy do đơn vị khác cấp.", "Another unit issued the certificate."))));
    }
    if certificate.revoked_on.is_some() {
        return Ok(Err(("already_revoked", say("Giấy đã bị thu hồi.", "The certificate is revoked already."))));
    }
    if store::is_to_be_revoked(work.connection, id)? {
        return Ok(Err((
            "already_decided",
            say("Giấy đã có trong một dự thảo thu hồi.", "A draft names the certificate already."),
        )));
    }
    Ok(Ok(()))
}
