//! What a decision may be about: which results, which certificates.

use crate::account::Work;
use crate::base::id::{AgendaItemId, CertificateId, ProductId};
use crate::base::{Error, Message, Result, Stars, UnitCode, say};
use crate::cycle::{Edition, EditionCode};
use crate::decision::certificate_store;
use crate::decision::form::DecisionForm;
use crate::decision::results::{Rated, against, cycle_of, rated};
use crate::decision::rules::Kind;
use crate::decision::store;
use crate::rating::rules::Outcome;

/// Why something is not fit.
pub(super) type Unfit = (&'static str, Message);

/// What is fit, or why it is not.
pub(super) type Fitness<T = ()> = std::result::Result<T, Unfit>;

/// Whether a result is fit for the decision, and of which product it is.
pub(super) fn to_decide(work: &mut Work, form: &DecisionForm, id: AgendaItemId) -> Result<Fitness<ProductId>> {
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
    let edition = cycle_of(work, &rated.dossier)?.edition.edition()?;
    let fits = match form.kind {
        Kind::Recognise => rated.outcome == Outcome::Rated || rated.outcome == Outcome::ProposedToCentre,
        Kind::ApproveResult | Kind::CentreResult => rated.outcome == Outcome::ProposedToCentre,
        Kind::Revoke | Kind::CentreRevoke => false,
    };
    if !fits || !edition.decisions.contains(&form.kind) {
        return Ok(Err((
            "unfit_outcome",
            say("Kết quả này không thuộc loại quyết định.", "This result is not one for this kind of decision."),
        )));
    }
    if let Some(against) = against(work, form.kind, id)? {
        return Ok(Err(against));
    }
    if let Some(unfit) = unfit_stars(form, &edition, &rated) {
        return Ok(Err(unfit));
    }
    if store::is_decided(work.connection, form.kind, id)? {
        return Ok(Err((
            "already_decided",
            say("Kết quả này đã có trong một quyết định.", "Another decision is about this result already."),
        )));
    }
    Ok(Ok(rated.dossier.product_id))
}

/// What stands against the stars that the form names, or against its naming none.
fn unfit_stars(form: &DecisionForm, edition: &Edition, rated: &Rated) -> Option<Unfit> {
    let own = edition.stage(rated.unit.level()).map_or(&[][..], |stage| stage.recognises.as_slice());
    let required = (
        "stars_required",
        say(
            "Kết quả này cần ghi số sao theo kết quả của Trung ương.",
            "For this result the stars must be named, by the centre's result.",
        ),
    );
    let too_few = (
        "too_few_stars",
        say("Không cấp giấy chứng nhận cho hạng sao này.", "No certificate is given for so few stars."),
    );
    match (form.kind, form.stars, rated.stars) {
        // The council's stars stand.
        (Kind::Recognise, Some(_), Some(_)) => Some((
            "stars_not_allowed",
            say("Hạng sao do hội đồng kết luận, không ghi lại.", "The council concluded the stars; none are named."),
        )),
        (Kind::Recognise, None, None) => Some(required),
        (Kind::Recognise, Some(stars), None) => (!own.contains(&stars)).then(|| {
            (
                "stars_not_recognised",
                say("Tỉnh không công nhận hạng sao này.", "The province does not recognise these stars."),
            )
        }),
        (Kind::CentreResult, None, Some(_)) => Some(required),
        (Kind::CentreResult, Some(stars), Some(_)) => {
            edition.lowest_recognised().is_some_and(|lowest| stars < lowest).then_some(too_few)
        }
        // The centre recognises what no stage of the province does; below that it gives nothing.
        (Kind::CentreResult, Some(stars), None) => own.iter().any(|own| stars <= *own).then(|| {
            (
                "not_of_centre",
                say(
                    "Trung ương chỉ công nhận 5 sao; dưới 90 điểm thì không ghi số sao.",
                    "The centre recognises five stars only; below 90 points no stars are named.",
                ),
            )
        }),
        _ => None,
    }
}

/// Whether a certificate can be ended by the unit.
pub(super) fn to_revoke(work: &mut Work, kind: Kind, unit: &UnitCode, id: CertificateId) -> Result<Fitness> {
    let found = certificate_store::find(work.connection, id)?;
    let Some(certificate) = found.filter(|certificate| work.must_see(&certificate.home()).is_ok()) else {
        return Ok(Err(("unknown_certificate", say("Không có giấy chứng nhận này.", "There is no such certificate."))));
    };
    let issuer = store::find(work.connection, certificate.decision_id)?.map(|decision| decision.unit_code);
    if issuer.as_ref() != Some(unit) {
        return Ok(Err(("another_issuer", say("Giấy do đơn vị khác cấp.", "Another unit issued the certificate."))));
    }
    must_be_theirs(work, kind, certificate.stars)?;
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

/// 409 where the centre alone ends certificates of so many stars and the province would, or the other way round.
pub(super) fn must_be_theirs(work: &Work, kind: Kind, stars: Stars) -> Result<()> {
    let is_centres = EditionCode::in_force_on(work.now.day())?.edition()?.revocation.is_centres(stars);
    let stars = stars.get();
    match (kind, is_centres) {
        (Kind::Revoke, true) => Err(Error::conflict(
            "centre_revokes",
            say(
                format!(
                    "Giấy chứng nhận {stars} sao do Bộ trưởng Bộ Nông nghiệp và Môi trường thu hồi; tỉnh chỉ ghi lại quyết \
                     định của Bộ (centre_revoke)."
                ),
                format!(
                    "Certificates of {stars} stars are withdrawn by the Minister of Agriculture and Environment; the province \
                     records the ministry's decision (centre_revoke)."
                ),
            ),
        )),
        (Kind::CentreRevoke, false) => Err(Error::conflict(
            "province_revokes",
            say(
                format!("Giấy chứng nhận {stars} sao do Ủy ban nhân dân cấp tỉnh thu hồi."),
                format!("Certificates of {stars} stars are withdrawn by the province."),
            ),
        )),
        _ => Ok(()),
    }
}
