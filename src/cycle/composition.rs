//! Whom the seats of a council speak for, and who must sit in one (article 7.3.b of 26/2026/QĐ-TTg), as data of an edition.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Message, say};

/// Whom somebody in a council speaks for (cơ quan, đơn vị).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Organisation {
    /// Lãnh đạo Ủy ban nhân dân.
    PeoplesCommittee,
    /// Sở Nông nghiệp và Môi trường.
    AgricultureEnvironment,
    /// Sở Công Thương.
    IndustryTrade,
    /// Sở Y tế.
    Health,
    /// Sở Khoa học và Công nghệ.
    ScienceTechnology,
    /// Sở Văn hóa, Thể thao và Du lịch.
    CultureSportTourism,
    /// Sở An toàn thực phẩm, where there is one.
    FoodSafety,
    /// Đơn vị tham mưu quản lý OCOP.
    CoordinationOffice,
    /// Đơn vị quản lý chuyên ngành.
    SpecialisedUnit,
    /// Chuyên gia được mời.
    Expert,
    Other,
}

impl Organisation {
    pub fn name(self) -> Message {
        match self {
            Self::PeoplesCommittee => say("Ủy ban nhân dân", "the People's Committee"),
            Self::AgricultureEnvironment => say("Sở Nông nghiệp và Môi trường", "agriculture and environment"),
            Self::IndustryTrade => say("Sở Công Thương", "industry and trade"),
            Self::Health => say("Sở Y tế", "health"),
            Self::ScienceTechnology => say("Sở Khoa học và Công nghệ", "science and technology"),
            Self::CultureSportTourism => say("Sở Văn hóa, Thể thao và Du lịch", "culture, sport and tourism"),
            Self::FoodSafety => say("Sở An toàn thực phẩm", "food safety"),
            Self::CoordinationOffice => say("Đơn vị tham mưu quản lý OCOP", "the OCOP office"),
            Self::SpecialisedUnit => say("Đơn vị quản lý chuyên ngành", "a specialised unit"),
            Self::Expert => say("Chuyên gia được mời", "an invited expert"),
            Self::Other => say("Đơn vị khác", "another unit"),
        }
    }
}

/// Who must sit in a council.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Composition {
    /// Who the chair is, unless it was delegated in writing.
    pub chair: Organisation,
    /// Who is represented.
    pub members: Vec<Organisation>,
}

impl Composition {
    /// What a council lacks, each in words: `chair` and `seats` speak for whom, `delegation` is the paper that delegated the chair.
    pub fn lacking(
        &self,
        chair: Option<Organisation>,
        seats: &[Organisation],
        delegation: Option<&str>,
    ) -> Vec<Message> {
        let mut lacking = Vec::new();
        if chair != Some(self.chair) && delegation.is_none() {
            let name = self.chair.name();
            lacking.push(say(
                format!("Chủ tịch hội đồng phải là lãnh đạo {}, hoặc có văn bản ủy quyền.", name.vi),
                format!("The chair comes from {}, or is delegated in writing.", name.en),
            ));
        }
        for organisation in self.members.iter().filter(|organisation| !seats.contains(organisation)) {
            let name = organisation.name();
            lacking.push(say(
                format!("Hội đồng thiếu đại diện {}.", name.vi),
                format!("Nobody in the council speaks for {}.", name.en),
            ));
        }
        lacking
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Organisation::{Expert, Health, IndustryTrade, PeoplesCommittee};

    #[test]
    fn who_is_missing_is_named_and_a_delegation_stands_for_the_chair() {
        let composition = Composition { chair: PeoplesCommittee, members: vec![Health, IndustryTrade] };
        let lacking = |chair, seats: &[Organisation], delegation| {
            let lacking = composition.lacking(chair, seats, delegation);
            lacking.into_iter().map(|message| message.en.into_owned()).collect::<Vec<_>>()
        };
        assert!(lacking(Some(PeoplesCommittee), &[PeoplesCommittee, Health, IndustryTrade, Expert], None).is_empty());
        assert!(lacking(Some(Health), &[Health, IndustryTrade], Some("12/UBND-NL")).is_empty());
        let told = lacking(None, &[Health], None);
        assert_eq!(told.len(), 2);
        assert!(told[0].contains("People's Committee") && told[1].contains("industry and trade"), "{told:?}");
    }
}
