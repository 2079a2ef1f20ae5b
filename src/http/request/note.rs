//! The form of most steps.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::base::{Error, Faults, Result, say, text};

/// The body of most transitions: `{"note": …}`, which may be left out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Note {
    #[serde(default)]
    pub note: Option<String>,
}

impl Note {
    /// Without a word.
    pub const NONE: Self = Self { note: None };
    const MOST: usize = 2000;

    /// The note where one was written.
    pub fn optional(self) -> Result<Option<String>> {
        let note = self.note.filter(|note| !text::is_blank(note));
        let mut faults = Vec::new();
        if let Some(note) = &note {
            text::check(note, "/note", Self::MOST, &mut faults);
        }
        faults.into_result()?;
        Ok(note)
    }

    /// The note, which this verb demands.
    pub fn demanded(self) -> Result<String> {
        self.optional()?
            .ok_or_else(|| Error::invalid("/note", "required", say("Cần ghi rõ lý do.", "A reason is needed.")))
    }
}
