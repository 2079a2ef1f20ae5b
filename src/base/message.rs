//! Texts and names in both languages.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One text in the two languages of the service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    pub vi: Cow<'static, str>,
    pub en: Cow<'static, str>,
}

/// A message: Vietnamese first, then English.
pub fn say(vi: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Message {
    Message { vi: vi.into(), en: en.into() }
}

/// A text in both languages, as it is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BothLanguages {
    vi: String,
    en: String,
}

impl BothLanguages {
    pub fn vi(&self) -> &str {
        &self.vi
    }

    pub fn en(&self) -> &str {
        &self.en
    }
}

impl From<&Message> for BothLanguages {
    fn from(message: &Message) -> Self {
        Self { vi: message.vi.to_string(), en: message.en.to_string() }
    }
}

/// What something is called, in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Label {
    pub vi: &'static str,
    pub en: &'static str,
}

/// A label: Vietnamese first, then English.
pub const fn label(vi: &'static str, en: &'static str) -> Label {
    Label { vi, en }
}

impl From<Label> for Message {
    fn from(label: Label) -> Self {
        say(label.vi, label.en)
    }
}
