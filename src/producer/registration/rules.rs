//! The life of a registration, and what is asked of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::password::rules::check_password;
use crate::account::rules::check_username;
use crate::base::{Day, Error, Fault, Faults, Result, say, text};
use crate::privacy::consent::{self, Consent, ConsentKind};
use crate::producer::rules::ProducerForm;

/// The life of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RegistrationState {
    Pending,
    Confirmed,
    Refused,
}

impl RegistrationState {
    pub fn confirm(self) -> Result<Self> {
        self.decided(Self::Confirmed)
    }

    pub fn refuse(self) -> Result<Self> {
        self.decided(Self::Refused)
    }

    fn decided(self, to: Self) -> Result<Self> {
        match self {
            Self::Pending => Ok(to),
            Self::Confirmed | Self::Refused => Err(Error::wrong_state(self.as_ref())),
        }
    }
}

/// Who will sign in for the producer that is registered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstAccount {
    #[serde(deserialize_with = "crate::account::rules::read_user_name")]
    pub username: String,
    pub password: String,
    pub name: String,
}

/// Anybody can hand in a registration, so that it holds little. A commune enters up to a thousand members.
const MOST_REGISTERED_MEMBERS: usize = 50;

/// Everything that can be said of a registration without looking anything up.
pub fn check_registration(
    producer: &ProducerForm,
    account: &FirstAccount,
    consent: Option<Consent>,
    today: Day,
) -> Result<()> {
    let mut faults = Vec::new();
    producer.check("/producer", &mut faults);
    if producer.members.len() > MOST_REGISTERED_MEMBERS {
        let detail = say(
            format!("Khi đăng ký ghi tối đa {MOST_REGISTERED_MEMBERS} thành viên; xã ghi thêm sau."),
            format!("A registration names at most {MOST_REGISTERED_MEMBERS} members; the commune adds others later."),
        );
        faults.push(Fault::new("/producer/members", "too_many", detail));
    }
    check_username(&account.username, "/account/username", &mut faults);
    let names = [account.username.as_str(), &account.name, &producer.name];
    check_password(&account.password, &names, "/account/password", &mut faults);
    text::check(&account.name, "/account/name", 200, &mut faults);
    consent::check(consent, true, ConsentKind::Registration, today, &mut faults)?;
    faults.into_result()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::held::LONGEST_OF_STRANGERS;

    #[test]
    fn the_longest_registration_is_read_however_it_is_written() {
        let letters = |count: usize| "ệ".repeat(count);
        let members =
            vec![serde_json::json!({"name": letters(200), "identity_number": "042180001234"}); MOST_REGISTERED_MEMBERS];
        let producer = serde_json::json!({"name": letters(300), "kind": "cooperative_group", "identity_number": "042180001234",
            "commune_code": "18196", "address": letters(500), "representative": letters(200), "phone": "0912345678",
            "public_phone": false, "email": "ong@example.vn", "members": members, "representative_sex": "female",
            "representative_ethnicity": letters(50)});
        let account = serde_json::json!({"username": "ong".repeat(20), "password": letters(200), "name": letters(200)});
        let mut faults = Vec::new();
        serde_json::from_value::<ProducerForm>(producer.clone()).unwrap().check("", &mut faults);
        assert!(faults.is_empty(), "{faults:?}");
        let sent = serde_json::json!({"producer": producer, "account": account, "consent": {"version": 1}}).to_string();
        // Programs write letters beyond ASCII by their numbers, pages by their bytes.
        let of_program: usize =
            sent.chars().map(|letter| if letter.is_ascii() { 1 } else { 6 * letter.len_utf16() }).sum();
        let of_page: usize = sent.chars().map(|letter| if letter.is_ascii() { 1 } else { 3 * letter.len_utf8() }).sum();
        assert!(of_program.max(of_page) < LONGEST_OF_STRANGERS, "{of_program} {of_page}");
    }

    #[test]
    fn a_registration_is_decided_once() {
        assert_eq!(RegistrationState::Pending.confirm().unwrap(), RegistrationState::Confirmed);
        assert_eq!(RegistrationState::Pending.refuse().unwrap(), RegistrationState::Refused);
        for decided in [RegistrationState::Confirmed, RegistrationState::Refused] {
            assert_eq!(decided.confirm().unwrap_err().refusal().unwrap().code, "wrong_state");
            assert!(decided.refuse().is_err());
        }
    }

    #[test]
    fn a_registration_names_few_members() {
        let code = |members: usize| {
            let members = vec![serde_json::json!({"name": "Trần Văn Ong"}); members];
            let producer = serde_json::json!({"name": "Tổ hợp tác", "kind": "cooperative_group", "identity_number": "042180001234",
                "commune_code": "18196", "address": "Hương Khê", "representative": "Trần Văn Ong", "phone": "0912345678",
                "public_phone": false, "members": members});
            let account = FirstAccount {
                username: "ong".to_owned(),
                password: "a password of its own".to_owned(),
                name: "Trần Văn Ong".to_owned(),
            };
            let checked = check_registration(
                &serde_json::from_value(producer).unwrap(),
                &account,
                Some(Consent { version: 1 }),
                "2021-02-22".parse().unwrap(),
            );
            checked
                .err()
                .map(|error| error.refusal().unwrap().faults.iter().map(|fault| fault.pointer.clone()).collect())
        };
        assert_eq!(code(50), None);
        assert_eq!(code(51), Some(vec!["/producer/members".to_owned()]));
    }
}
