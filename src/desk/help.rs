//! What the guides say of a page of the desk.

use crate::account::Role;
use crate::site::guides;

/// The sections of the guides, by the part of the desk that they are about. A role's guide has those that it works with, the
/// overview those that are for all.
const SECTIONS: &[(&str, &str)] = &[
    ("", "viec-cua-toi"),
    ("ideas", "y-tuong"),
    ("plans", "phuong-an"),
    ("dossiers", "ho-so"),
    ("councils", "chuong-trinh-hoi-dong"),
    ("agenda-items", "chuong-trinh-hoi-dong"),
    ("surveys", "chuong-trinh-hoi-dong"),
    ("group-reports", "chuong-trinh-hoi-dong"),
    ("result-notices", "thong-bao-va-khieu-nai"),
    ("appeals", "thong-bao-va-khieu-nai"),
    ("decisions", "quyet-dinh"),
    ("certificates", "giay-chung-nhan"),
    ("lots", "lo-hang"),
    ("stamp-orders", "tem"),
    ("holds", "tam-dinh-chi"),
    ("inspections", "kiem-tra-san-pham"),
    ("inspection-plans", "kiem-tra-san-pham"),
    ("support-claims", "ho-tro-va-thuong"),
    ("support-policies", "ho-tro-va-thuong"),
    ("rewards", "ho-tro-va-thuong"),
    ("stamps/suspects", "tem-nghi-sao-chep-va-phan-anh"),
    ("doubts", "tem-nghi-sao-chep-va-phan-anh"),
    ("products", "san-pham"),
    ("producers", "chu-the"),
    ("registrations", "dang-ky-tham-gia"),
    ("cycles", "chu-trinh"),
    ("figures", "so-lieu"),
    ("shops", "diem-ban-hang"),
    ("accounts", "tai-khoan"),
    ("personal-data-requests", "du-lieu-ca-nhan"),
    ("sessions", "tai-khoan"),
    ("password", "tai-khoan"),
    ("dispatches", "cong-van"),
    ("summaries", "ban-tin-viec-cho"),
    ("identity-readings", "tai-khoan"),
];

/// The guide of a role.
fn guide(role: Role) -> &'static str {
    match role {
        Role::Producer => "chu-the",
        Role::CommuneOfficer => "can-bo-xa",
        Role::DistrictOfficer => "can-bo-huyen",
        Role::ProvincialOfficer | Role::Signatory => "van-phong-tinh",
        Role::CouncilMember => "thanh-vien-hoi-dong",
        Role::Inspector | Role::Supervisor => "kiem-tra",
        Role::Administrator => "quan-tri-vien",
    }
}

/// Where a guide tells a role of a part of the desk: the role's own guide, else the overview, else the guide's beginning.
pub fn address(role: Role, part: &str) -> String {
    let own = guide(role);
    let section = SECTIONS.iter().find(|(known, _)| *known == part).map(|(_, section)| *section);
    let told = section.and_then(|section| {
        let name = [own, ""].into_iter().find(|name| guides::has_section(name, section))?;
        Some(format!("{}#{section}", guides::address(name)))
    });
    told.unwrap_or_else(|| guides::address(own))
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_section_is_in_some_guide_and_every_role_has_one() {
        for (part, section) in SECTIONS {
            let told = Role::iter().any(|role| address(role, part).ends_with(&format!("#{section}")));
            assert!(told, "no guide has {section}");
        }
        for role in Role::iter() {
            assert!(guides::has_section(guide(role), "viec-cua-toi") || role == Role::Administrator, "{role:?}");
        }
        assert_eq!(address(Role::Producer, "ideas"), "/guides/chu-the#y-tuong");
        assert_eq!(address(Role::Producer, "password"), "/guides#tai-khoan");
        assert_eq!(address(Role::Inspector, "nowhere"), "/guides/kiem-tra");
    }
}
