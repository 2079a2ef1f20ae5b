//! What a promulgated decision brings about: certificates that begin, end or change their stars.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::Work;
use crate::audit::{Resource, StepName, StepTaken};
use crate::base::id::{AgendaItemId, CertificateId, ProductId};
use crate::base::{Day, Error, Fault, Faults, Result, Stars, say, text};
use crate::db::settings::next_number;
use crate::decision::certificate_store::{self, Certificate, NewCertificate};
use crate::decision::content;
use crate::decision::fitness;
use crate::decision::results::{Rated, against, cycle_of, rated};
use crate::decision::rules::{self, Kind, Standing};
use crate::decision::store::{self, Decision, Item};
use crate::{product, rating};

/// Number and day of a signature.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// As on the paper, `3955/QĐ-UBND`.
    pub number: String,
    pub signed_on: Day,
    /// Whether the signed original was compared with the draft; needed where it is not the draft's own file, or was signed more
    /// than once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub original_compared: bool,
}

/// Promulgates a draft: recognition makes certificates, a revocation ends them, the centre's result changes stars, an
/// approval makes nothing.
pub(super) fn promulgate(work: &mut Work, decision: &Decision, signature: &Signature) -> Result<()> {
    let mut faults = Vec::new();
    text::check_code(&signature.number, "/number", 100, &mut faults);
    if signature.signed_on > work.now.day() {
        faults.push(Fault::new("/signed_on", "in_future", say("Ngày ký ở tương lai.", "The day lies in the future.")));
    }
    faults.into_result()?;
    if store::number_taken(work.connection, &decision.unit_code, &signature.number, signature.signed_on)? {
        return Err(Error::conflict("number_taken", say("Số quyết định đã dùng.", "The number is taken.")));
    }
    store::promulgate(work.connection, decision.id, &signature.number, signature.signed_on, work.actor.id, work.now)?;
    let items = store::items(work.connection, decision.id)?;
    take_results(work, &items)?;
    take_products(work, &items)?;
    for item in items {
        match (decision.kind, item.agenda_item_id, item.certificate_id) {
            (Kind::ApproveResult, Some(id), _) => drop(signed(work, decision, id, signature.signed_on)?),
            (Kind::Recognise | Kind::CentreResult, Some(id), _) => {
                let rated = signed(work, decision, id, signature.signed_on)?;
                if item.stars.is_some() || decision.kind == Kind::Recognise {
                    issue(work, decision, id, rated, item.stars, signature.signed_on)?;
                } else {
                    // A centre's result without stars makes nothing, but the province may rate the product itself.
                    rating::item::store::decline_by_centre(work.connection, id, work.now)?;
                }
            }
            (Kind::Revoke | Kind::CentreRevoke, _, Some(id)) => revoke(work, decision, id, signature.signed_on)?,
            _ => return Err(Error::internal("a decision's item fits its kind no longer")),
        }
    }
    Ok(())
}

/// Takes the rows of results and certificates, each in one order: an appeal or a revocation of the same moment comes before
/// or after.
fn take_results(work: &mut Work, items: &[Item]) -> Result<()> {
    for id in items.iter().filter_map(|item| item.agenda_item_id).collect::<BTreeSet<_>>() {
        rating::item::store::take(work.connection, id)?;
    }
    for id in items.iter().filter_map(|item| item.certificate_id).collect::<BTreeSet<_>>() {
        certificate_store::take(work.connection, id)?;
    }
    Ok(())
}

/// Takes the products' rows in one order, so that two decisions over the same product follow one another and it never has
/// two valid certificates.
fn take_products(work: &mut Work, items: &[Item]) -> Result<()> {
    let mut products = BTreeSet::new();
    for id in items.iter().filter_map(|item| item.agenda_item_id) {
        products.extend(rated(work, id)?.map(|rated| rated.dossier.product_id));
    }
    for product in products {
        product::store::take(work.connection, product)?;
    }
    Ok(())
}

/// The result of an item, where nothing stands against its decision being signed on the day.
fn signed(work: &mut Work, decision: &Decision, item: AgendaItemId, signed_on: Day) -> Result<Rated> {
    if let Some((code, detail)) = against(work, decision.kind, item)? {
        return Err(Error::conflict(code, detail));
    }
    let rated = rated(work, item)?.ok_or_else(|| Error::internal("a drafted result is gone"))?;
    if signed_on < rated.concluded_on {
        return Err(Error::invalid(
            "/signed_on",
            "before_conclusion",
            say("Ngày ký trước ngày hội đồng kết luận.", "The day lies before the council's conclusion."),
        ));
    }
    Ok(rated)
}

/// Issues the certificate of a result; `named` are the stars that the decision gives, by the centre's result, instead of the
/// council's.
fn issue(
    work: &mut Work,
    decision: &Decision,
    item: AgendaItemId,
    rated: Rated,
    named: Option<Stars>,
    signed_on: Day,
) -> Result<()> {
    let stars = named.or(rated.stars).ok_or_else(|| Error::internal("a result without stars"))?;
    let cycle = cycle_of(work, &rated.dossier)?;
    let earlier = earlier(work, rated.dossier.product_id, signed_on)?;
    let valid_until = signed_on
        .plus_months(cycle.edition.edition()?.certificate_months)
        .ok_or_else(|| Error::internal("a certificate beyond the calendar"))?;
    let year = signed_on.year();
    let running = next_number(work.connection, &format!("certificate:{}:{year}", decision.unit_code))?;
    let certificate = NewCertificate {
        number: rules::number(&decision.unit_code, year, running),
        home: rated.dossier.home(),
        product: rated.dossier.product_id,
        cycle: cycle.id,
        agenda_item: item,
        decision: decision.id,
        stars,
        issued_on: signed_on,
        valid_until,
    };
    let note = certificate.number.clone();
    let id = certificate_store::insert(work.connection, certificate, work.now)?;
    for (old, standing) in earlier {
        // One that is only extended keeps the last day that it was issued with.
        let last_day = old.valid_until.min(signed_on.plus_days(-1));
        certificate_store::supersede(work.connection, old.id, last_day, id)?;
        let entry = StepTaken {
            resource: Resource::Certificate,
            id: old.id,
            version: old.version + 1,
            account: None,
            verb: const { StepName::new("supersede") },
            from: Some(standing.as_ref()),
            to: Some(Standing::Expired.as_ref()),
            note: Some(&note),
        };
        content::record_certificate(work, entry)?;
    }
    let to = Some(Standing::Valid.as_ref());
    content::record_certificate(
        work,
        StepTaken {
            resource: Resource::Certificate,
            id,
            version: 1,
            account: None,
            verb: const { StepName::new("issue") },
            from: None,
            to,
            note: None,
        },
    )
}

/// The product's certificates that would still be in force on the day of a new one, with what they would be: they end the day
/// before it. One that was issued after that day stands against the new one, whose day is then wrong.
fn earlier(work: &mut Work, product: ProductId, signed_on: Day) -> Result<Vec<(Certificate, Standing)>> {
    let all = certificate_store::of_product(work.connection, product)?;
    let terms = certificate_store::terms(work.connection, &all)?;
    let on_the_day = |certificate: Certificate| {
        let standing = terms.get(&certificate.id)?.standing(signed_on);
        standing.is_in_force().then_some((certificate, standing))
    };
    let earlier: Vec<(Certificate, Standing)> = all.into_iter().filter_map(on_the_day).collect();
    if earlier.iter().any(|(certificate, _)| certificate.issued_on > signed_on) {
        return Err(Error::invalid(
            "/signed_on",
            "before_earlier_certificate",
            say(
                "Ngày ký trước ngày cấp giấy chứng nhận hiện có của sản phẩm.",
                "The day lies before the issue of the certificate that the product has.",
            ),
        ));
    }
    Ok(earlier)
}

fn revoke(work: &mut Work, decision: &Decision, id: CertificateId, signed_on: Day) -> Result<()> {
    let certificate: Certificate = certificate_store::find(work.connection, id)?
        .ok_or_else(|| Error::internal("a drafted certificate is gone"))?;
    fitness::must_be_theirs(work, decision.kind, certificate.stars)?;
    if decision.basis_dated.is_some_and(|dated| signed_on < dated) {
        return Err(Error::invalid(
            "/signed_on",
            "before_basis",
            say("Ngày ký trước ngày của văn bản làm căn cứ.", "The day lies before the paper that it rests on."),
        ));
    }
    if signed_on < certificate.issued_on {
        return Err(Error::invalid(
            "/signed_on",
            "before_issue",
            say("Ngày ký trước ngày cấp giấy.", "The day lies before the certificate's issue."),
        ));
    }
    let standing = certificate_store::term(work.connection, &certificate)?.standing(signed_on);
    certificate_store::revoke(work.connection, id, signed_on, decision.id)?;
    content::record_certificate(
        work,
        StepTaken {
            resource: Resource::Certificate,
            id,
            version: certificate.version + 1,
            account: None,
            verb: const { StepName::new("revoke") },
            from: Some(standing.as_ref()),
            to: Some(Standing::Revoked.as_ref()),
            note: decision.reason.as_deref(),
        },
    )
}
