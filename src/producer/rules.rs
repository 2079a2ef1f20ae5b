//! What is asked of a producer.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::Role;
use crate::account::rules::check_identity_number;
use crate::base::{Error, Fault, Result, UnitCode, canonical, say, text};
use crate::page::Texts;
use crate::paper::pen::check_name;

/// The form of a producer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ProducerKind {
    /// Doanh nghiệp.
    Enterprise,
    /// Hợp tác xã.
    Cooperative,
    /// Tổ hợp tác.
    CooperativeGroup,
    /// Hộ kinh doanh.
    Household,
    /// Trang trại.
    Farm,
    /// Hiệp hội, hội: for community tourism.
    Association,
    /// Trung tâm điều hành: for community tourism.
    OperatingCentre,
}

impl ProducerKind {
    pub fn told(self, texts: &Texts) -> &str {
        let kinds = &texts.producer_kinds;
        match self {
            Self::Enterprise => kinds.enterprise,
            Self::Cooperative => kinds.cooperative,
            Self::CooperativeGroup => kinds.cooperative_group,
            Self::Household => kinds.household,
            Self::Farm => kinds.farm,
            Self::Association => kinds.association,
            Self::OperatingCentre => kinds.operating_centre,
        }
    }
}

/// The sex of a representative (giới tính), as forms 02 and 03 of 26/2026/QĐ-TTg ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Sex {
    Female,
    Male,
}

/// Whether somebody who may see the producer sees and writes sex and ethnicity of its representative, sensitive personal data
/// (law 91/2025/QH15): its own account, the commune that fills form 03, and the office that holds the forms.
pub fn reads_sensitive(role: Role) -> bool {
    matches!(role, Role::Producer | Role::CommuneOfficer | Role::ProvincialOfficer)
}

/// Whether a number is a citizen's (số căn cước of 12 digits, chứng minh nhân dân of 9), and not that of a business.
fn is_citizens(number: &str) -> bool {
    let number = canonical::identity_number(number);
    matches!(number.len(), 9 | 12) && number.bytes().all(|digit| digit.is_ascii_digit())
}

/// Whether identity numbers of persons are among those of a producer and its members.
pub fn names_citizens(identity_number: &str, members: &[Member]) -> bool {
    is_citizens(identity_number)
        || members.iter().filter_map(|member| member.identity_number.as_deref()).any(is_citizens)
}

/// A member of a producer (thành viên, xã viên). Who is one does not score its products.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProducerMember)]
#[serde(deny_unknown_fields)]
pub struct Member {
    pub name: String,
    /// The citizen's number (số căn cước), by which a council's member is known again.
    #[serde(default)]
    pub identity_number: Option<String>,
}

const MOST_MEMBERS: usize = 1000;

/// What a producer is entered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProducerForm {
    pub name: String,
    pub kind: ProducerKind,
    /// The business registration's or the citizen's number (mã số doanh nghiệp, số căn cước).
    #[schema(pattern = "^[0-9A-Za-z-]{6,20}$")]
    pub identity_number: String,
    pub commune_code: UnitCode,
    pub address: String,
    pub representative: String,
    pub phone: String,
    /// Whether the phone may stand on the public's pages.
    pub public_phone: bool,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub members: Vec<Member>,
    /// Sensitive, given freely: for forms 02 and 03, on no public answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub representative_sex: Option<Sex>,
    /// Sensitive, given freely: for forms 02 and 03, on no public answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub representative_ethnicity: Option<String>,
}

impl ProducerForm {
    /// The form without what is sensitive in it.
    pub fn without_sensitive(self) -> Self {
        Self { representative_sex: None, representative_ethnicity: None, ..self }
    }

    /// The form without what is said of persons: where it is and of which kind stays.
    pub fn erased(self) -> Self {
        let gone = || "đã xóa".to_owned();
        Self {
            name: gone(),
            // It has the shape of a number, and is nobody's.
            identity_number: "da-xoa".to_owned(),
            address: gone(),
            representative: gone(),
            phone: gone(),
            public_phone: false,
            email: None,
            members: Vec::new(),
            ..self.without_sensitive()
        }
    }

    /// 403 where somebody writes sensitive data who would not see it.
    pub fn must_be_writable_by(&self, old: Option<&Self>, role: Role) -> Result<()> {
        let of = |form: &Self| (form.representative_sex, form.representative_ethnicity.clone());
        if reads_sensitive(role) || of(self) == old.map(of).unwrap_or_default() {
            return Ok(());
        }
        Err(Error::forbidden(say(
            "Giới tính, dân tộc của người đại diện do chủ thể, cán bộ xã hoặc văn phòng tỉnh ghi.",
            "Sex and ethnicity of the representative are entered by the producer, its commune or the provincial office.",
        )))
    }

    /// Collects what is wrong; `at` is where the form stands in the body.
    pub fn check(&self, at: &str, faults: &mut Vec<Fault>) {
        check_name(&self.name, &format!("{at}/name"), 300, faults);
        check_identity_number(&self.identity_number, &format!("{at}/identity_number"), faults);
        check_name(&self.address, &format!("{at}/address"), 500, faults);
        text::check(&self.representative, &format!("{at}/representative"), 200, faults);
        check_phone(&self.phone, &format!("{at}/phone"), faults);
        if let Some(email) = &self.email {
            check_email(email, &format!("{at}/email"), faults);
        }
        if let Some(ethnicity) = &self.representative_ethnicity {
            text::check(ethnicity, &format!("{at}/representative_ethnicity"), 50, faults);
        }
        if self.members.len() > MOST_MEMBERS {
            faults.push(Fault::new(
                format!("{at}/members"),
                "too_many",
                say(format!("Tối đa {MOST_MEMBERS} thành viên."), format!("At most {MOST_MEMBERS} members.")),
            ));
        }
        for (index, member) in self.members.iter().enumerate() {
            text::check(&member.name, &format!("{at}/members/{index}/name"), 200, faults);
            if let Some(number) = &member.identity_number {
                check_identity_number(number, &format!("{at}/members/{index}/identity_number"), faults);
            }
        }
    }

    /// The form as it is kept: the identity number in one spelling, so that it is known again.
    pub fn kept(self) -> Self {
        let spelt = |number: String| canonical::identity_number(&number);
        let member = |member: Member| Member { identity_number: member.identity_number.map(spelt), ..member };
        Self {
            identity_number: spelt(self.identity_number),
            members: self.members.into_iter().map(member).collect(),
            ..self
        }
    }
}

/// What a PATCH may change; what is left out stays, null clears what can be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProducerChange {
    #[schema(nullable = false)]
    name: Option<String>,
    #[schema(nullable = false)]
    kind: Option<ProducerKind>,
    #[schema(nullable = false)]
    identity_number: Option<String>,
    #[schema(nullable = false)]
    commune_code: Option<UnitCode>,
    #[schema(nullable = false)]
    address: Option<String>,
    #[schema(nullable = false)]
    representative: Option<String>,
    #[schema(nullable = false)]
    phone: Option<String>,
    #[schema(nullable = false)]
    public_phone: Option<bool>,
    /// Null clears it.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<String>)]
    email: Option<Option<String>>,
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<Vec<Member>>)]
    members: Option<Option<Vec<Member>>>,
    /// Null clears it.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<Sex>)]
    representative_sex: Option<Option<Sex>>,
    /// Null clears it.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<String>)]
    representative_ethnicity: Option<Option<String>>,
}

impl ProducerChange {
    /// The producer's data after the change.
    pub fn applied_to(self, old: &ProducerForm) -> ProducerForm {
        let old = old.clone();
        ProducerForm {
            name: self.name.unwrap_or(old.name),
            kind: self.kind.unwrap_or(old.kind),
            identity_number: self.identity_number.unwrap_or(old.identity_number),
            commune_code: self.commune_code.unwrap_or(old.commune_code),
            address: self.address.unwrap_or(old.address),
            representative: self.representative.unwrap_or(old.representative),
            phone: self.phone.unwrap_or(old.phone),
            public_phone: self.public_phone.unwrap_or(old.public_phone),
            email: self.email.unwrap_or(old.email),
            members: self.members.map_or(old.members, Option::unwrap_or_default),
            representative_sex: self.representative_sex.unwrap_or(old.representative_sex),
            representative_ethnicity: self.representative_ethnicity.unwrap_or(old.representative_ethnicity),
        }
        .kept()
    }
}

/// Who and where a producer is was checked by an officer, so its own account may change how to reach it, no more.
pub fn check_own_change(old: &ProducerForm, new: &ProducerForm) -> Result<()> {
    // An older program may have kept a number in another spelling.
    let old = &old.clone().kept();
    let same = old.name == new.name
        && old.kind == new.kind
        && old.identity_number == new.identity_number
        && old.commune_code == new.commune_code
        && old.members == new.members;
    if same {
        return Ok(());
    }
    Err(Error::forbidden(say(
        "Tên, loại hình, mã số, xã và thành viên do cán bộ xã, huyện hoặc tỉnh sửa.",
        "Name, kind, identity number, commune and members are changed by commune, district or provincial officers.",
    )))
}

/// 8 to 15 digits; spaces, `+`, `.` and `-` between them.
pub fn check_phone(phone: &str, pointer: &str, faults: &mut Vec<Fault>) {
    let digits = phone.bytes().filter(u8::is_ascii_digit).count();
    let fits = (8..=15).contains(&digits)
        && phone.len() <= 30
        && phone.bytes().all(|byte| byte.is_ascii_digit() || b" +.-".contains(&byte));
    if !fits {
        faults.push(Fault::new(
            pointer,
            "malformed_phone",
            say(
                "Số điện thoại có 8 đến 15 chữ số, có thể kèm dấu cách, + . -",
                "A phone number has 8 to 15 digits; spaces, + . and - are allowed.",
            ),
        ));
    }
}

/// `htx.example.vn`: a name alone is no place that mail goes to.
fn is_host(host: &str) -> bool {
    host.contains('.') && host.split('.').all(|part| !part.is_empty())
}

/// Whether mail can go to an address, as far as its shape tells.
pub fn check_email(email: &str, pointer: &str, faults: &mut Vec<Fault>) {
    let fits = email.len() <= 254
        && !email.chars().any(|letter| letter.is_whitespace() || letter.is_control())
        && email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.contains('@') && is_host(host));
    if !fits {
        faults.push(Fault::new(
            pointer,
            "malformed_email",
            say("Địa chỉ thư điện tử không hợp lệ.", "This is not an e-mail address."),
        ));
    }
}

/// 422 where no commune has the code on the day that counts.
pub fn unknown_commune(pointer: &str) -> Error {
    Error::invalid(
        pointer,
        "unknown_unit",
        say("Hiện không có xã, phường nào mang mã này.", "No commune has this code today."),
    )
}

/// 403 where an officer would enter or move a producer outside of what is the officer's.
pub fn foreign_commune() -> Error {
    Error::forbidden(say("Xã này ngoài địa bàn của bạn.", "This commune lies outside your territory."))
}

/// 409: the identity number belongs to a producer already.
pub fn already_registered() -> Error {
    Error::conflict(
        "already_registered",
        say("Mã số này đã thuộc một chủ thể có trong hệ thống.", "A producer with this identity number is on record."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> ProducerForm {
        ProducerForm {
            name: "HTX Mật ong Cường Nga".into(),
            kind: ProducerKind::Cooperative,
            identity_number: "3000123456001".into(),
            commune_code: "18196".parse().unwrap(),
            address: "Thôn 3".into(),
            representative: "Nguyễn Văn Cường".into(),
            phone: "+84 912.345-678".into(),
            public_phone: true,
            email: Some("a@b.vn".into()),
            members: Vec::new(),
            representative_sex: None,
            representative_ethnicity: None,
        }
    }

    fn pointers(form: &ProducerForm) -> Vec<String> {
        let mut faults = Vec::new();
        form.check("/producer", &mut faults);
        faults.into_iter().map(|fault| fault.pointer).collect()
    }

    #[test]
    fn every_wrong_place_is_named() {
        assert!(pointers(&form()).is_empty());
        let wrong = ProducerForm {
            name: " ".into(),
            identity_number: "12345".into(),
            phone: "1234567".into(),
            email: Some("a@b@c".into()),
            ..form()
        };
        assert_eq!(
            pointers(&wrong),
            ["/producer/name", "/producer/identity_number", "/producer/phone", "/producer/email"]
        );
    }

    #[test]
    fn phones_and_identity_numbers_have_their_characters() {
        for phone in ["0912345678", "(0239) 3855555", "1234 5678 9012 3456", "09１2345678", ""] {
            let fits = pointers(&ProducerForm { phone: phone.into(), ..form() }).is_empty();
            assert_eq!(fits, phone == "0912345678", "{phone}");
        }
        for number in ["042090001234", "abc-123", "số-12345", "12 3456", "123456789012345678901"] {
            let fits = pointers(&ProducerForm { identity_number: number.into(), ..form() }).is_empty();
            assert_eq!(fits, ["042090001234", "abc-123", "12 3456"].contains(&number), "{number}");
        }
    }

    #[test]
    fn a_citizens_number_is_told_from_a_businesss() {
        let member = |number: Option<&str>| Member { name: "A".into(), identity_number: number.map(str::to_owned) };
        for (number, expected) in
            [("042180001234", true), ("183456789", true), ("3000123456", false), ("3000123456-001", false)]
        {
            assert_eq!(names_citizens(number, &[]), expected, "{number}");
            assert_eq!(names_citizens("3000123456", &[member(None), member(Some(number))]), expected, "{number}");
        }
    }

    #[test]
    fn who_does_not_see_sensitive_data_does_not_write_it() {
        let named = ProducerForm { representative_sex: Some(Sex::Female), ..form() };
        for role in [Role::Producer, Role::CommuneOfficer, Role::ProvincialOfficer] {
            assert!(named.must_be_writable_by(Some(&form()), role).is_ok());
        }
        assert!(named.must_be_writable_by(Some(&form()), Role::DistrictOfficer).is_err());
        assert!(named.must_be_writable_by(None, Role::DistrictOfficer).is_err());
        assert!(form().must_be_writable_by(Some(&named), Role::DistrictOfficer).is_err());
        assert!(named.must_be_writable_by(Some(&named), Role::DistrictOfficer).is_ok());
        assert_eq!(named.without_sensitive(), form());
    }

    #[test]
    fn a_producer_changes_how_to_reach_it_only() {
        let change = |json: &str| serde_json::from_str::<ProducerChange>(json).unwrap().applied_to(&form());
        let contact = change(r#"{"phone": "0239385555", "email": null, "name": "HTX Mật ong Cường Nga"}"#);
        assert_eq!(contact.email, None);
        assert_eq!(contact.phone, "0239385555");
        assert!(check_own_change(&form(), &contact).is_ok());
        for json in [
            r#"{"name": "X"}"#,
            r#"{"kind": "household"}"#,
            r#"{"commune_code": "18199"}"#,
            r#"{"members": [{"name": "A"}]}"#,
        ] {
            assert!(check_own_change(&form(), &change(json)).is_err(), "{json}");
        }
        assert_eq!(change("{}"), form());
    }
}
