//! What a backup is of. It is written last: a folder without it is no backup.

use std::fmt::Display;
use std::io::ErrorKind;
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::audit::Head;
use crate::backup::{damaged, failed};
use crate::base::id::FileId;
use crate::base::{Digest, Error, Identity, Moment, Result, say};
use crate::db::Address;

/// The form of backups that this program writes, and the only one that it reads.
pub const FORMAT: u32 = 1;
pub const NAME: &str = "manifest.json";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: u32,
    /// Real time, when the database's state was taken.
    pub made_at: Moment,
    /// The program's version.
    pub program: String,
    pub database: DatabaseKind,
    /// The newest migration that the database went through.
    pub schema: String,
    #[serde(with = "as_text")]
    pub identity: Identity,
    /// The head of the newest seal; none where there was no seal yet.
    #[serde(with = "as_text_or_null")]
    pub head: Option<Head>,
    pub files: u64,
    pub bytes: u64,
    /// The digest of the list of digests.
    #[serde(with = "as_text")]
    pub sums: Digest,
    /// Files that the database names and that were lost or damaged already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<FileId>,
}

/// Which kind of database a backup holds; each is restored as what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DatabaseKind {
    Sqlite,
    Postgresql,
}

impl DatabaseKind {
    pub fn of(address: &Address) -> Self {
        match address {
            Address::Sqlite(_) => Self::Sqlite,
            Address::Postgresql(_) => Self::Postgresql,
        }
    }

    /// What the database is called in a backup.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Sqlite => "database.db",
            Self::Postgresql => "database.dump",
        }
    }
}

impl Manifest {
    /// The manifest of a backup, and its bytes.
    pub fn read(backup: &Path) -> Result<(Self, Vec<u8>)> {
        let path = backup.join(NAME);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(no_backup(backup)),
            Err(error) => return Err(failed("read", &path, error)),
        };
        let unreadable = || damaged(&path, "không đọc được", "cannot be read");
        let value: Value = serde_json::from_slice(&bytes).map_err(|_| unreadable())?;
        let format = value.get("format").and_then(Value::as_u64).ok_or_else(unreadable)?;
        if format != u64::from(FORMAT) {
            return Err(Error::at_hand(say(
                format!(
                    "Bản sao lưu theo mẫu {format} do chương trình mới hơn tạo; hãy khôi phục bằng chương trình đó."
                ),
                format!("The backup has the form {format} of a newer program; restore it with that one."),
            )));
        }
        Ok((serde_json::from_value(value).map_err(|_| unreadable())?, bytes))
    }
}

fn no_backup(folder: &Path) -> Error {
    let folder = folder.display();
    Error::at_hand(say(
        format!("{folder} không phải là bản sao lưu, hoặc việc sao lưu đã dở dang: không có {NAME}."),
        format!("{folder} is no backup, or one that broke off: there is no {NAME} in it."),
    ))
}

mod as_text {
    use super::{Deserialize, Display, FromStr};

    pub fn serialize<T: Display, S: serde::Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: Display>,
        D: serde::Deserializer<'de>,
    {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

mod as_text_or_null {
    use super::{Deserialize, Display, FromStr};

    pub fn serialize<T: Display, S: serde::Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }

    pub fn deserialize<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
    where
        T: FromStr<Err: Display>,
        D: serde::Deserializer<'de>,
    {
        let text: Option<String> = Option::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(serde::de::Error::custom)).transpose()
    }
}
