//! What councils concluded, as decisions ask for it.

use crate::account::Work;
use crate::base::id::AgendaItemId;
use crate::base::{Day, Error, Level, Message, Result, Stars, UnitCode, say};
use crate::decision::rules::Kind;
use crate::decision::{certificate_store, store};
use crate::rating::rules::Outcome;
use crate::{cycle, dossier, rating};

/// A result that a decision may be about.
pub(super) struct Rated {
    pub outcome: Outcome,
    pub stars: Option<Stars>,
    /// The unit whose council it was.
    pub unit: UnitCode,
    /// The unit that recognises its stars.
    recogniser: Option<UnitCode>,
    pub concluded_on: Day,
    pub dossier: dossier::DossierRow,
}

impl Rated {
    pub fn is_for(&self, unit: &UnitCode) -> bool {
        self.recogniser.as_ref() == Some(unit)
    }
}

/// What a council concluded of an item, where it did.
pub(super) fn rated(work: &mut Work, id: AgendaItemId) -> Result<Option<Rated>> {
    let Some(concluded) = rating::concluded(work.connection, id)? else { return Ok(None) };
    let dossier = dossier::store::find(work.connection, concluded.dossier_id)?
        .ok_or_else(|| Error::internal("an agenda item without its dossier"))?;
    let edition = cycle_of(work, &dossier)?.edition.edition()?;
    let level = concluded.stars.and_then(|stars| edition.recogniser(concluded.unit_code.level(), stars));
    let recogniser = match level {
        Some(level) if level == concluded.unit_code.level() => Some(concluded.unit_code.clone()),
        Some(Level::District) => dossier.district_code.clone(),
        Some(Level::Commune | Level::Province) | None => None,
    };
    Ok(Some(Rated {
        outcome: concluded.outcome,
        stars: concluded.stars,
        recogniser,
        unit: concluded.unit_code,
        concluded_on: concluded.concluded_at.day(),
        dossier,
    }))
}

/// What stands against deciding on a result today, which may have come between draft and signature: an appeal, what must come
/// before, or for the centre's result that the product's certificate is not in force.
pub(super) fn against(work: &mut Work, kind: Kind, id: AgendaItemId) -> Result<Option<(&'static str, Message)>> {
    let stars = rating::concluded(work.connection, id)?.and_then(|concluded| concluded.stars);
    if stars.is_none()
        && let Some(missing) = missing_before(work, kind, id)?
    {
        return Ok(Some(missing));
    }
    if kind == Kind::CentreResult && stars.is_some() {
        let Some(certificate) = certificate_store::of_agenda_item(work.connection, id)? else {
            return Ok(Some((
                "not_recognised",
                say("Sản phẩm chưa được tỉnh công nhận.", "The province has not recognised the product yet."),
            )));
        };
        let term = certificate_store::term(work.connection, &certificate)?;
        if !term.is_in_force(work.now.day()) || certificate.superseded_by.is_some() {
            return Ok(Some((
                "certificate_ended",
                say(
                    "Giấy chứng nhận của sản phẩm không còn hiệu lực.",
                    "The product's certificate is no longer valid.",
                ),
            )));
        }
    }
    Ok(match rating::appeal::store::of_item(work.connection, id)? {
        Some(rating::appeal::State::Filed) => Some((
            "under_appeal",
            say("Kết quả đang được khiếu nại.", "An appeal against the result is not answered yet."),
        )),
        Some(rating::appeal::State::Upheld) => Some((
            "appeal_upheld",
            say(
                "Khiếu nại được chấp nhận: sản phẩm được đánh giá lại.",
                "The appeal was upheld: the product is to be rated again.",
            ),
        )),
        Some(rating::appeal::State::Dismissed) | None => None,
    })
}

/// What must have come before a decision on a result that has no stars of its own: its approval before the centre's result,
/// and a centre's result without stars before the province recognises it.
fn missing_before(work: &mut Work, kind: Kind, id: AgendaItemId) -> Result<Option<(&'static str, Message)>> {
    Ok(match kind {
        Kind::CentreResult if !store::is_approved(work.connection, id)? => Some((
            "result_not_approved",
            say(
                "Kết quả chưa được tỉnh phê duyệt để đề nghị Trung ương.",
                "The province has not approved the result yet.",
            ),
        )),
        Kind::Recognise if store::centre_result(work.connection, id)? != Some(None) => Some((
            "no_centre_result",
            say(
                "Chỉ công nhận sau khi Trung ương có kết quả dưới 90 điểm.",
                "It is recognised only once the centre's result is below 90 points.",
            ),
        )),
        Kind::Recognise if stands_again(work, id)? => Some((
            "stands_again",
            say(
                "Tỉnh đang tự đánh giá lại sản phẩm này: công nhận theo kết quả mới.",
                "The province rates this product itself again: recognise it by the new result.",
            ),
        )),
        _ => None,
    })
}

/// Whether the dossier of a result came on a later agenda.
fn stands_again(work: &mut Work, id: AgendaItemId) -> Result<bool> {
    let Some(item) = rating::item::store::find(work.connection, id)? else { return Ok(false) };
    let all = rating::item::store::of_dossiers(work.connection, &[item.dossier_id])?;
    Ok(all.iter().any(|other| other.id > item.id && other.council_id != item.council_id))
}

pub(super) fn cycle_of(work: &mut Work, dossier: &dossier::DossierRow) -> Result<cycle::Cycle> {
    cycle::store::find(work.connection, dossier.cycle_id)?.ok_or_else(|| Error::internal("a dossier without its cycle"))
}
