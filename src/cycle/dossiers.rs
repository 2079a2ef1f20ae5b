//! What an edition asks of who takes part and of their dossiers, as data: which producers, which kinds of dossier with what in
//! each, the commune's term, the samples.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::Day;
use crate::cycle::again::Again;
use crate::producer::ProducerKind;

/// Which kinds of producer take part (chủ thể; article 2.3 of 26/2026/QĐ-TTg).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Entrants {
    /// With every set.
    pub everywhere: Vec<ProducerKind>,
    /// With the sets of services alone, beside those.
    pub with_services: Vec<ProducerKind>,
}

impl Entrants {
    /// Who takes part with a set.
    pub fn of(&self, is_service: bool) -> Vec<ProducerKind> {
        let with_services = if is_service { self.with_services.as_slice() } else { &[] };
        [self.everywhere.as_slice(), with_services].concat()
    }
}

/// For what a dossier asks (lần đăng ký đánh giá; article 6.1 of 26/2026/QĐ-TTg).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DossierKind {
    /// Lần đầu: the product has no certificate that was not revoked.
    First,
    /// Nâng hạng: more stars while the certificate holds.
    Upgrade,
    /// Đánh giá lại: the certificate ends, or has ended.
    Again,
}

/// What a dossier may have to hold when it is handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DossierPart {
    /// The producer's own marks, complete (form 02).
    SelfMarks,
    /// What changed since the recognition, with evidence.
    Changes,
    /// What is new in every section, also that nothing is.
    Updates,
    /// Output and revenue of each whole year since the certificate.
    YearlyFigures,
}

/// When the working group looks at a product on site (khảo sát thực tế; articles 7.3 c and 7.6 of 26/2026/QĐ-TTg).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SurveyRule {
    /// Of every product.
    Expected,
    /// Where production changed much, or the evidence is not clear.
    WhereChanged,
}

/// A kind of dossier that an edition knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DossierRequirement {
    pub kind: DossierKind,
    pub holds: Vec<DossierPart>,
    /// None where the edition says nothing of surveys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub survey: Option<SurveyRule>,
}

/// What an edition asks of dossiers, and their way to the councils.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DossierRules {
    /// The kinds of dossier; empty where an edition tells none apart.
    pub kinds: Vec<DossierRequirement>,
    /// In how many working days from receipt the commune checks a dossier and sends it on; none where dossiers go to the
    /// councils directly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commune_working_days: Option<u32>,
    /// How many sample units go with a dossier, unless the product is a service; none where the edition counts none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub samples: Option<i32>,
    /// The act's own forms; none where what it prints is not at hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forms: Option<DossierForms>,
}

/// The numbers of the forms that an act gives for dossiers (mẫu; annex III of 26/2026/QĐ-TTg).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DossierForms {
    /// Phiếu đăng ký.
    pub registration: String,
    /// Báo cáo tự đánh giá.
    pub self_evaluation: String,
    /// Phiếu đánh giá của Ủy ban nhân dân cấp xã.
    pub commune_report: String,
}

/// The newest certificate of a product, as far as the kind of its dossier depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LatestCertificate {
    pub issued_on: Day,
    pub valid_until: Day,
    pub is_revoked: bool,
}

impl DossierRules {
    /// Whether a commune checks dossiers before a council may take them up.
    pub fn has_commune(&self) -> bool {
        self.commune_working_days.is_some()
    }

    /// The kind of a dossier that is handed in on a day, where products are rated again as `again` says; none where the
    /// edition tells no kinds apart.
    pub fn kind(&self, again: Option<Again>, latest: Option<LatestCertificate>, on: Day) -> Option<DossierKind> {
        let by_certificate = match latest {
            Some(latest) if !latest.is_revoked => {
                let from = again.map_or(latest.valid_until, |again| again.window(latest.valid_until).0);
                if on < from { DossierKind::Upgrade } else { DossierKind::Again }
            }
            _ => DossierKind::First,
        };
        let known = |kind| self.kinds.iter().any(|requirement| requirement.kind == kind);
        [by_certificate, DossierKind::First].into_iter().find(|kind| known(*kind))
    }

    fn requirement(&self, kind: Option<DossierKind>) -> Option<&DossierRequirement> {
        self.kinds.iter().find(|requirement| Some(requirement.kind) == kind)
    }

    /// What a dossier of a kind holds when it is handed in.
    pub fn holds(&self, kind: Option<DossierKind>) -> &[DossierPart] {
        self.requirement(kind).map_or(&[], |requirement| &requirement.holds)
    }

    /// When products with a dossier of a kind are looked at on site.
    pub fn survey(&self, kind: Option<DossierKind>) -> Option<SurveyRule> {
        self.requirement(kind)?.survey
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cycle::EditionCode;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn rules() -> DossierRules {
        let requirement = |kind| DossierRequirement { kind, holds: Vec::new(), survey: None };
        DossierRules {
            kinds: [DossierKind::First, DossierKind::Upgrade, DossierKind::Again].map(requirement).to_vec(),
            commune_working_days: Some(15),
            samples: Some(5),
            forms: None,
        }
    }

    #[test]
    fn the_certificate_tells_the_kind() {
        let latest =
            LatestCertificate { issued_on: day("2023-10-20"), valid_until: day("2026-10-20"), is_revoked: false };
        let again = EditionCode::Of2026.edition().unwrap().again;
        let kind = |latest, on| rules().kind(again, latest, day(on)).unwrap();
        assert_eq!(kind(None, "2026-06-01"), DossierKind::First);
        assert_eq!(kind(Some(latest), "2026-04-22"), DossierKind::Upgrade);
        // 180 days before the end, to the day.
        assert_eq!(kind(Some(latest), "2026-04-23"), DossierKind::Again);
        assert_eq!(kind(Some(latest), "2027-01-01"), DossierKind::Again);
        assert_eq!(kind(Some(LatestCertificate { is_revoked: true, ..latest }), "2026-06-01"), DossierKind::First);
    }

    #[test]
    fn an_edition_may_tell_no_kinds_apart() {
        let rules = DossierRules { kinds: Vec::new(), ..rules() };
        assert_eq!(rules.kind(None, None, day("2026-06-01")), None);
        assert!(rules.holds(None).is_empty());
    }

    #[test]
    fn the_act_in_force_has_products_looked_at_on_site() {
        use DossierKind::{Again, First, Upgrade};
        let survey = |edition: EditionCode, kind| edition.edition().unwrap().dossiers.survey(kind);
        let in_force = [First, Upgrade, Again].map(|kind| survey(EditionCode::Of2026, Some(kind)).unwrap());
        assert_eq!(in_force, [SurveyRule::Expected, SurveyRule::Expected, SurveyRule::WhereChanged]);
        assert_eq!(survey(EditionCode::Of2025, None), None);
    }

    #[test]
    fn services_let_more_kinds_take_part() {
        let entrants =
            Entrants { everywhere: vec![ProducerKind::Farm], with_services: vec![ProducerKind::Association] };
        assert_eq!(entrants.of(false), [ProducerKind::Farm]);
        assert_eq!(entrants.of(true), [ProducerKind::Farm, ProducerKind::Association]);
    }
}
