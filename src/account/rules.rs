//! Roles and what an account must have to hold one.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::id::{AccountId, ProducerId};
use crate::base::{Error, Fault, Faults, Level, Message, Moment, Result, UnitCode, canonical, say, text};

/// What an account may do (vai trò).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ToSchema,
    strum::AsRefStr,
    strum::EnumString,
    strum::EnumIter,
    clap::ValueEnum,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Role {
    /// Chủ thể: works for one producer.
    Producer,
    /// Cán bộ xã.
    CommuneOfficer,
    /// Cán bộ huyện.
    DistrictOfficer,
    /// Văn phòng Điều phối nông thôn mới tỉnh.
    ProvincialOfficer,
    /// Chủ tịch, phó chủ tịch UBND: promulgates what others drafted.
    Signatory,
    /// Thành viên hội đồng: a seat gives the rights.
    CouncilMember,
    /// Đoàn liên ngành.
    Inspector,
    /// HĐND, thanh tra: reads everything of its territory, changes nothing.
    Supervisor,
    /// Accounts, places, keys; no business rights.
    Administrator,
}

impl Role {
    /// The levels of unit that an account of this role may be of; none means that it is of no unit.
    pub fn levels(self) -> &'static [Level] {
        match self {
            Self::CommuneOfficer => &[Level::Commune],
            Self::DistrictOfficer => &[Level::District],
            Self::ProvincialOfficer | Self::Inspector => &[Level::Province],
            Self::Signatory => &[Level::Province, Level::District],
            Self::Supervisor => &[Level::Province, Level::District, Level::Commune],
            Self::Producer | Self::CouncilMember | Self::Administrator => &[],
        }
    }

    pub fn name(self) -> Message {
        match self {
            Self::Producer => say("chủ thể", "producer"),
            Self::CommuneOfficer => say("cán bộ xã", "commune officer"),
            Self::DistrictOfficer => say("cán bộ huyện", "district officer"),
            Self::ProvincialOfficer => say("văn phòng điều phối tỉnh", "provincial office"),
            Self::Signatory => say("người ký quyết định", "signatory"),
            Self::CouncilMember => say("thành viên hội đồng", "council member"),
            Self::Inspector => say("đoàn kiểm tra", "inspector"),
            Self::Supervisor => say("người giám sát", "supervisor"),
            Self::Administrator => say("quản trị viên", "administrator"),
        }
    }
}

/// Who asks, as the database has it at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub id: AccountId,
    pub name: String,
    pub role: Role,
    pub unit: Option<UnitCode>,
    pub producer: Option<ProducerId>,
}

/// Who asks, and when: all that rights and states are held against beside the thing itself.
#[derive(Debug, Clone, Copy)]
pub struct Asker<'a> {
    pub actor: &'a Actor,
    /// Business time.
    pub now: Moment,
}

impl Asker<'_> {
    pub fn is(&self, roles: &[Role]) -> bool {
        self.actor.is(roles)
    }
}

impl Actor {
    pub fn is(&self, roles: &[Role]) -> bool {
        roles.contains(&self.role)
    }

    /// 403 unless the asker holds one of the roles.
    pub fn must_be(&self, roles: &[Role]) -> Result<()> {
        if self.is(roles) {
            return Ok(());
        }
        let names: Vec<Message> = roles.iter().map(|role| role.name()).collect();
        let vi: Vec<&str> = names.iter().map(|name| name.vi.as_ref()).collect();
        let en: Vec<&str> = names.iter().map(|name| name.en.as_ref()).collect();
        Err(Error::forbidden(say(
            format!("Việc này dành cho: {}.", vi.join(", ")),
            format!("Only for: {}.", en.join(", ")),
        )))
    }

    /// The producer that this account works for; 403 for everybody else.
    pub fn must_be_producer(&self) -> Result<ProducerId> {
        self.must_be(&[Role::Producer])?;
        self.producer.ok_or_else(|| Error::internal("a producer's account without its producer"))
    }

    /// The unit that this account acts for.
    pub fn unit(&self) -> Result<&UnitCode> {
        self.unit
            .as_ref()
            .ok_or_else(|| Error::forbidden(say("Tài khoản không thuộc đơn vị nào.", "The account is of no unit.")))
    }
}

/// A user name however it is typed: keyboards begin it with a capital and end it with a space, some write it twice as wide.
pub fn user_name(typed: &str) -> String {
    text::seen(typed).trim().to_lowercase()
}

/// For the forms that name somebody.
pub fn read_user_name<'de, D: serde::Deserializer<'de>>(typed: D) -> Result<String, D::Error> {
    String::deserialize(typed).map(|typed| user_name(&typed))
}

/// A name to sign in with: 2 to 64 of a-z, 0-9 and `. - _`, lower case.
pub fn check_username(username: &str, pointer: &str, faults: &mut Vec<Fault>) {
    let fits = (2..=64).contains(&username.len())
        && username.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte));
    if !fits {
        faults.push(Fault::new(
            pointer,
            "malformed_username",
            say(
                "Tên đăng nhập gồm 2 đến 64 ký tự: a-z, 0-9, dấu chấm, gạch ngang, gạch dưới.",
                "A user name has 2 to 64 characters: a-z, 0-9, dot, hyphen, underscore.",
            ),
        ));
    }
}

/// Everything that can be said of a new account without looking anything up, but of its password.
pub fn check_account(
    username: &str,
    name: &str,
    role: Role,
    unit: Option<&UnitCode>,
    producer: Option<ProducerId>,
    faults: &mut Vec<Fault>,
) {
    check_username(username, "/username", faults);
    text::check(name, "/name", 200, faults);
    let levels = role.levels();
    match unit {
        Some(unit) if !levels.contains(&unit.level()) => faults.push(Fault::new(
            "/unit_code",
            "wrong_level",
            say("Đơn vị không hợp với vai trò này.", "The unit does not fit this role."),
        )),
        None if !levels.is_empty() => faults.push(Fault::new(
            "/unit_code",
            "required",
            say("Vai trò này cần một đơn vị.", "This role needs a unit."),
        )),
        _ => {}
    }
    if producer.is_some() != (role == Role::Producer) {
        faults.push(Fault::new(
            "/producer_id",
            if producer.is_some() { "not_allowed" } else { "required" },
            say(
                "Chỉ và luôn tài khoản chủ thể có producer_id.",
                "Producers' accounts, and only they, have a producer_id.",
            ),
        ));
    }
}

/// What can be said of the person behind an account without looking anything up.
pub fn check_person(name: &str, identity_number: Option<&str>, residence: Option<&str>) -> Result<()> {
    let mut faults = Vec::new();
    text::check(name, "/name", 200, &mut faults);
    if let Some(number) = identity_number {
        check_identity_number(number, "/identity_number", &mut faults);
    }
    if let Some(residence) = residence {
        text::check(residence, "/residence", 500, &mut faults);
    }
    faults.into_result()
}

/// 6 to 20 digits and letters in its one spelling, and not letters alone.
pub fn check_identity_number(number: &str, pointer: &str, faults: &mut Vec<Fault>) {
    let spelled = canonical::identity_number(number);
    let fits = (6..=20).contains(&spelled.len())
        && spelled.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && spelled.bytes().any(|byte| byte.is_ascii_digit());
    if !fits {
        faults.push(Fault::new(
            pointer,
            "malformed_identity_number",
            say(
                "Mã số gồm 6 đến 20 chữ số hoặc chữ cái không dấu, có ít nhất một chữ số.",
                "An identity number has 6 to 20 digits or letters without marks, and one digit at least.",
            ),
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn a_user_name_is_read_however_it_is_typed() {
        for typed in [
            "office",
            "office ",
            "Office",
            "\u{a0}OFFICE\u{3000}",
            "off\u{200b}ice\u{feff}",
            "ｏｆｆｉｃｅ",
            "\toffice\r\n",
        ] {
            assert_eq!(user_name(typed), "office", "{typed:?}");
        }
        assert_eq!(user_name("_a.b-"), "_a.b-");
        assert_eq!(user_name("of fice"), "of fice");
    }

    #[test]
    fn a_role_takes_units_of_its_levels_only() {
        for role in Role::iter() {
            for code in ["42", "439", "18196"] {
                let unit: UnitCode = code.parse().unwrap();
                let producer = (role == Role::Producer).then(ProducerId::new);
                let mut faults = Vec::new();
                check_account("somebody", "Ai đó", role, Some(&unit), producer, &mut faults);
                assert_eq!(faults.is_empty(), role.levels().contains(&unit.level()), "{role:?} of {code}");
            }
        }
    }

    #[test]
    fn only_producers_accounts_have_a_producer() {
        for (role, producer) in [(Role::Producer, None), (Role::Administrator, Some(ProducerId::new()))] {
            let mut faults = Vec::new();
            check_account("ab", "A", role, None, producer, &mut faults);
            assert!(!faults.is_empty());
        }
    }
}
