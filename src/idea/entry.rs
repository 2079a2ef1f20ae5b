//! Which producers may enter a product with which criteria set.

use crate::account::Work;
use crate::base::id::ProducerId;
use crate::base::{Error, Result, say};
use crate::cycle::Cycle;
use crate::cycle::dossiers::Entrants;
use crate::http::Language;
use crate::page::Texts;
use crate::producer::ProducerKind;
use crate::{criteria, producer};

/// 422 where the year's edition has no such set, or lets no producer of this kind enter with it.
pub fn must_enter(work: &mut Work, cycle: &Cycle, producer: ProducerId, criteria_set: &str) -> Result<()> {
    let set = criteria::store::latest(work.connection, criteria_set, cycle.edition)?.ok_or_else(|| {
        Error::invalid(
            "/criteria_set",
            "unknown_criteria_set",
            say("Không có bộ tiêu chí này trong năm.", "There is no such criteria set in this year's edition."),
        )
    })?;
    let producer = producer::store::find(work.connection, producer)?
        .ok_or_else(|| Error::internal("an idea without its producer"))?;
    must_be_admitted(producer.kind, &cycle.edition.edition()?.entrants, set.tree.0.sector.is_service())
}

/// 422 where a producer of this kind does not take part, or not with this set, which is of services or not.
fn must_be_admitted(kind: ProducerKind, entrants: &Entrants, is_service: bool) -> Result<()> {
    let admitted = entrants.of(is_service);
    if admitted.contains(&kind) {
        return Ok(());
    }
    let told = |language| {
        let texts = Texts::of(language);
        let names: Vec<&str> = admitted.iter().map(|kind| kind.told(texts)).collect();
        (kind.told(texts), names.join(", "))
    };
    let ((own, others), (own_en, others_en)) = (told(Language::Vietnamese), told(Language::English));
    let takes_part = entrants.of(true).contains(&kind);
    Err(Error::invalid(
        if takes_part { "/criteria_set" } else { "/producer_id" },
        "kind_not_admitted",
        if takes_part {
            say(
                format!("Loại hình “{own}” không đăng ký được với bộ tiêu chí này; được đăng ký: {others}."),
                format!("The kind \"{own_en}\" cannot enter with this criteria set; these can: {others_en}."),
            )
        } else {
            say(
                format!("Loại hình “{own}” không tham gia theo quy trình này; được tham gia: {others}."),
                format!("The kind \"{own_en}\" does not take part in this edition; these do: {others_en}."),
            )
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_not_enter_is_told_where_and_who_may() {
        let entrants = Entrants {
            everywhere: vec![ProducerKind::Household, ProducerKind::Farm],
            with_services: vec![ProducerKind::Association],
        };
        let fault = |kind, is_service| {
            let error = must_be_admitted(kind, &entrants, is_service).unwrap_err();
            let refusal = error.refusal().unwrap().clone();
            (refusal.faults[0].pointer.clone(), refusal.faults[0].detail.en.to_string())
        };
        assert!(must_be_admitted(ProducerKind::Farm, &entrants, false).is_ok());
        assert!(must_be_admitted(ProducerKind::Association, &entrants, true).is_ok());
        let (pointer, detail) = fault(ProducerKind::Association, false);
        assert_eq!(pointer, "/criteria_set");
        assert!(detail.contains("Association") && detail.contains("Household business, Farm"), "{detail}");
        assert_eq!(fault(ProducerKind::OperatingCentre, true).0, "/producer_id");
    }
}
