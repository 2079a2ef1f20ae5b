//! What steps read: forms, parsed at the door.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use crate::base::{Error, Result, say, text};
use crate::files::Arrived;
use crate::http::{Note, Request};

/// What a step reads.
pub trait Form: Sized {
    /// Reads the body of an order; 422 with every fault that can be told without the database.
    fn read(request: &mut Request, file: Option<Arrived>) -> Result<Self>;
}

/// Forms that are what was sent.
macro_rules! plain_forms {
    ($($form:ty),+ $(,)?) => {
        $(impl $crate::station::Form for $form {
            fn read(
                request: &mut $crate::http::Request,
                _: Option<$crate::files::Arrived>,
            ) -> $crate::base::Result<Self> {
                request.body()
            }
        })+
    };
}
pub(crate) use plain_forms;

/// Forms of which a part is sent: what is left out stays, null or an empty text clears what can be empty.
macro_rules! patch_forms {
    ($($form:ty),+ $(,)?) => {
        $(impl $crate::station::Form for $form {
            fn read(
                request: &mut $crate::http::Request,
                _: Option<$crate::files::Arrived>,
            ) -> $crate::base::Result<Self> {
                request.patch()
            }
        })+
    };
}
pub(crate) use patch_forms;

impl Form for Note {
    fn read(request: &mut Request, _: Option<Arrived>) -> Result<Self> {
        let note: Self = request.body()?;
        Ok(Self { note: note.optional()? })
    }
}

/// The note that a step demands: a reason, an opinion. Never empty.
#[derive(Debug, Clone)]
pub struct Reason(String);

impl Reason {
    /// 422 where nothing is said.
    pub fn new(note: Option<String>) -> Result<Self> {
        match note.filter(|note| !text::is_blank(note)) {
            Some(note) => Ok(Self(note)),
            None => Err(Error::invalid("/note", "required", say("Cần ghi rõ lý do.", "A reason is needed."))),
        }
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    pub fn into_text(self) -> String {
        self.0
    }
}

impl Form for Reason {
    fn read(request: &mut Request, file: Option<Arrived>) -> Result<Self> {
        Self::new(Note::read(request, file)?.note)
    }
}

/// The form of a step that asks for nothing, and of an upload that has no field but the file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoFields {}

plain_forms!(NoFields);

/// A form that came with a file.
#[derive(Debug)]
pub struct Uploaded<B> {
    pub fields: B,
    pub file: Arrived,
}

impl<B: DeserializeOwned + ToSchema> Form for Uploaded<B> {
    fn read(request: &mut Request, file: Option<Arrived>) -> Result<Self> {
        let file = file.ok_or_else(|| Error::internal("an upload's step was ordered without its file"))?;
        Ok(Self { fields: request.body()?, file })
    }
}
