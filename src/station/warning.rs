//! What somebody should know of a thing though nothing forbids it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::base::Message;

/// A warning, in both languages; its code is stable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Warning {
    #[schema(value_type = String)]
    pub code: &'static str,
    pub detail: String,
    pub detail_en: String,
}

impl Warning {
    pub fn new(code: &'static str, detail: Message) -> Self {
        Self { code, detail: detail.vi.into_owned(), detail_en: detail.en.into_owned() }
    }
}
