//! What is sent with the steps of requests about one's own data.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::rules::check_identity_number;
use crate::base::id::AccountId;
use crate::base::{Error, Fault, Faults, Result, say, text};
use crate::personal_data::rules::{RecognisedBy, RequestKind};
use crate::producer::rules::{check_email, check_phone};
use crate::station::plain_forms;

const LONGEST: usize = 2000;

/// A request about one's own data; with `person`, one that came in by letter or in person (administrator).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonalDataRequestForm {
    pub kind: RequestKind,
    /// What is asked for; what is wrong and how it should be, where a correction is asked for.
    #[serde(default)]
    pub text: Option<String>,
    /// The number of the paper that it came with.
    #[serde(default)]
    pub reference: Option<String>,
    /// Who asks, where somebody else enters it.
    #[serde(default)]
    pub person: Option<AskingPerson>,
}

/// Somebody who asks by letter or in person. By exactly one of account, identity number, phone and e-mail the person was
/// recognised.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskingPerson {
    pub name: String,
    /// Where the answer goes.
    pub contact: String,
    /// An account that the person cannot sign in with any more.
    #[serde(default)]
    pub account_id: Option<AccountId>,
    #[serde(default)]
    pub identity_number: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    /// How it was made sure who asks.
    pub identity_check: String,
}

/// By what somebody was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recognition {
    Account(AccountId),
    Value(RecognisedBy, String),
}

impl AskingPerson {
    /// By what the person was recognised; 422 where that is not exactly one thing.
    pub fn recognition(&self) -> Result<Recognition> {
        let value = |by: RecognisedBy, value: &Option<String>| {
            value.as_ref().map(|value| Recognition::Value(by, by.spelt(value)))
        };
        let mut found: Vec<Recognition> = [
            self.account_id.map(Recognition::Account),
            value(RecognisedBy::IdentityNumber, &self.identity_number),
            value(RecognisedBy::Phone, &self.phone),
            value(RecognisedBy::Email, &self.email),
        ]
        .into_iter()
        .flatten()
        .collect();
        match (found.pop(), found.is_empty()) {
            (Some(one), true) => Ok(one),
            _ => Err(Error::invalid(
                "/person/identity_number",
                "required",
                say(
                    "Ghi đúng một dữ liệu đã dùng để nhận ra người này: tài khoản, số định danh, điện thoại hoặc thư điện tử.",
                    "Name exactly one thing that the person was recognised by: account, identity number, phone or e-mail.",
                ),
            )),
        }
    }

    fn check(&self, faults: &mut Vec<Fault>) {
        text::check(&self.name, "/person/name", 200, faults);
        text::check(&self.contact, "/person/contact", 500, faults);
        text::check(&self.identity_check, "/person/identity_check", 500, faults);
        if let Some(number) = &self.identity_number {
            check_identity_number(number, "/person/identity_number", faults);
        }
        if let Some(phone) = &self.phone {
            check_phone(phone, "/person/phone", faults);
        }
        if let Some(email) = &self.email {
            check_email(email, "/person/email", faults);
        }
    }
}

impl PersonalDataRequestForm {
    /// 422 with everything that can be told without the database.
    pub fn check(&self) -> Result<()> {
        let mut faults = Vec::new();
        match &self.text {
            Some(asked) => text::check(asked, "/text", LONGEST, &mut faults),
            None if self.kind == RequestKind::Correct => faults.push(Fault::new(
                "/text",
                "required",
                say("Hãy ghi dữ liệu nào sai và đúng là gì.", "Say which data are wrong, and what is right."),
            )),
            None => {}
        }
        if let Some(reference) = &self.reference {
            text::check(reference, "/reference", 100, &mut faults);
        }
        if let Some(person) = &self.person {
            person.check(&mut faults);
        }
        faults.into_result()
    }
}

/// What a request is answered with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonalDataAnswer {
    /// What is said to who asked; for a correction what was changed, and by which step.
    #[serde(default)]
    pub answer: Option<String>,
}

impl PersonalDataAnswer {
    /// What is said, in a kind of request that may need it.
    pub fn text(self, kind: RequestKind) -> Result<Option<String>> {
        let answer = self.answer.filter(|answer| !text::is_blank(answer));
        let mut faults = Vec::new();
        match &answer {
            Some(answer) => text::check_length(answer, "/answer", LONGEST, &mut faults),
            None if kind == RequestKind::Correct => {
                faults.push(Fault::new("/answer", "required", say("Hãy ghi đã sửa gì.", "Say what was changed.")))
            }
            None => {}
        }
        faults.into_result()?;
        Ok(answer)
    }
}

plain_forms!(PersonalDataRequestForm, PersonalDataAnswer);
