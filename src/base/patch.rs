//! Partial changes: what is left out stays, null clears what can be empty. Which members can be empty is said by the form's schema
//! (`nullable`), and held against it where the form is read.

use serde::{Deserialize, Deserializer};

/// For optional members of a PATCH that can be cleared: absent is `None`, `null` is `Some(None)`.
/// To be used with `#[serde(default, deserialize_with = "clearable")]`.
pub fn clearable<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
