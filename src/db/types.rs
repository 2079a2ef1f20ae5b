//! SQL types of our own, native on both sides, and how our values are bound to them.
//!
//! | type       | PostgreSQL    | SQLite                 | Rust                |
//! |------------|---------------|------------------------|---------------------|
//! | `Guid`     | `uuid`        | `BLOB`, 16 bytes       | [`Id`]              |
//! | `Instant`  | `timestamptz` | `INTEGER` microseconds | [`Moment`]          |
//! | `Document` | `jsonb`       | `TEXT`                 | [`Json`]            |
//!
//! Codes and states are `TEXT`, days are `date` (ISO text on SQLite), money is `bigint`.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Binary, Date, HasSqlType, Integer, SqlType, Text};
use diesel::sqlite::Sqlite;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::base::{Day, Digest, Id, Moment, Points, Salt, Stars, UnitCode, Vnd};
use crate::db::AnyConnection;

/// The backend that stands for both.
pub type Multi = <AnyConnection as diesel::Connection>::Backend;

/// Placeholders for `rows` rows of a statement on this connection: `($1, $2), ($3, $4)` on PostgreSQL, `(?, ?), (?, ?)` on
/// SQLite, which takes `$n` too, but for a name that it compares with every one before: 13,000 of them took half a second.
pub fn placeholders(connection: &AnyConnection, rows: usize, columns: usize) -> String {
    let place = |number: usize| match connection {
        AnyConnection::Sqlite(_) => "?".to_owned(),
        AnyConnection::Postgresql(_) => format!("${number}"),
    };
    let row = |row: usize| {
        let places: Vec<String> = (1..=columns).map(|column| place(row * columns + column)).collect();
        format!("({})", places.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

#[derive(Debug, Clone, Copy, Default, SqlType, diesel::query_builder::QueryId)]
#[diesel(postgres_type(name = "uuid"), sqlite_type(name = "Binary"))]
pub struct Guid;

#[derive(Debug, Clone, Copy, Default, SqlType, diesel::query_builder::QueryId)]
#[diesel(postgres_type(name = "timestamptz"), sqlite_type(name = "Long"))]
pub struct Instant;

#[derive(Debug, Clone, Copy, Default, SqlType, diesel::query_builder::QueryId)]
#[diesel(postgres_type(name = "jsonb"), sqlite_type(name = "Text"))]
pub struct Document;

macro_rules! known_to_both {
    ($($sql:ty),*) => { $(
        impl HasSqlType<$sql> for Multi {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                Multi::lookup_sql_type::<$sql>(lookup)
            }
        }
    )* };
}
known_to_both!(Guid, Instant, Document);

/// Lets values of a Rust type stand in queries as a SQL type, and be read from columns of it.
macro_rules! expression {
    ($rust:ty => $sql:ty $(, for $generic:ident: $bound:path)?) => {
        impl$(<$generic: $bound + 'static>)? diesel::expression::AsExpression<$sql> for $rust {
            type Expression = diesel::internal::derives::as_expression::Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression {
                diesel::internal::derives::as_expression::Bound::new(self)
            }
        }
        impl<'value, $($generic: $bound + 'static)?> diesel::expression::AsExpression<$sql> for &'value $rust {
            type Expression = diesel::internal::derives::as_expression::Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression {
                diesel::internal::derives::as_expression::Bound::new(self)
            }
        }
        impl$(<$generic: $bound + 'static>)? diesel::expression::AsExpression<diesel::sql_types::Nullable<$sql>> for $rust {
            type Expression = diesel::internal::derives::as_expression::Bound<diesel::sql_types::Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression {
                diesel::internal::derives::as_expression::Bound::new(self)
            }
        }
        impl<'value, $($generic: $bound + 'static)?> diesel::expression::AsExpression<diesel::sql_types::Nullable<$sql>>
            for &'value $rust
        {
            type Expression = diesel::internal::derives::as_expression::Bound<diesel::sql_types::Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression {
                diesel::internal::derives::as_expression::Bound::new(self)
            }
        }
        impl<$($generic: $bound + 'static)?> diesel::serialize::ToSql<diesel::sql_types::Nullable<$sql>, $crate::db::types::Multi>
            for $rust
        {
            fn to_sql<'out>(
                &'out self,
                out: &mut diesel::serialize::Output<'out, '_, $crate::db::types::Multi>,
            ) -> diesel::serialize::Result {
                diesel::serialize::ToSql::<$sql, $crate::db::types::Multi>::to_sql(self, out)
            }
        }
        impl<$($generic: $bound + 'static)?> diesel::deserialize::Queryable<$sql, $crate::db::types::Multi> for $rust {
            type Row = Self;
            fn build(row: Self) -> diesel::deserialize::Result<Self> {
                Ok(row)
            }
        }
    };
}

// ---- Guid: ids ----

expression!(Id<T> => Guid, for T: Sized);

impl<T: 'static> ToSql<Guid, Multi> for Id<T> {
    fn to_sql<'out>(&'out self, out: &mut Output<'out, '_, Multi>) -> serialize::Result {
        out.set_value((Guid, self));
        Ok(IsNull::No)
    }
}
impl<T: 'static> FromSql<Guid, Multi> for Id<T> {
    fn from_sql(value: <Multi as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, Guid>()
    }
}
impl<T> ToSql<Guid, Pg> for Id<T> {
    fn to_sql<'out>(&'out self, out: &mut Output<'out, '_, Pg>) -> serialize::Result {
        ToSql::<diesel::sql_types::Uuid, Pg>::to_sql(&self.uuid(), &mut out.reborrow())
    }
}
impl<T> FromSql<Guid, Pg> for Id<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        FromSql::<diesel::sql_types::Uuid, Pg>::from_sql(value).map(Self::from_uuid)
    }
}
impl<T> ToSql<Guid, Sqlite> for Id<T> {
    fn to_sql<'out>(&'out self, out: &mut Output<'out, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.uuid().as_bytes().to_vec());
        Ok(IsNull::No)
    }
}
impl<T> FromSql<Guid, Sqlite> for Id<T> {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let bytes = <Vec<u8> as FromSql<diesel::sql_types::Binary, Sqlite>>::from_sql(value)?;
        Ok(Self::from_uuid(uuid::Uuid::from_slice(&bytes)?))
    }
}

// ---- Instant: moments ----

expression!(Moment => Instant);

impl ToSql<Instant, Multi> for Moment {
    fn to_sql<'out>(&'out self, out: &mut Output<'out, '_, Multi>) -> serialize::Result {
        out.set_value((Instant, self));
        Ok(IsNull::No)
    }
}
impl FromSql<Instant, Multi> for Moment {
    fn from_sql(value: <Multi as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, Instant>()
    }
}
impl ToSql<Instant, Pg> for Moment {
    fn to_sql<'out>(&'out self, out: &mut Output<'out, '_, Pg>) -> serialize::Result {
        ToSql::<diesel::sql_types::Timestamptz, Pg>::to_sql(&self.utc(), &mut out.reborrow())
    }
}
impl FromSql<Instant, Pg> for Moment {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        FromSql::<diesel::sql_types::Timestamptz, Pg>::from_sql(value).map(Self::new)
    }
}
impl ToSql<Instant, Sqlite> for Moment {
    fn to_sql<'out>(&'out self, out: &mut Output<'out, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.microseconds());
        Ok(IsNull::No)
    }
}
impl FromSql<Instant, Sqlite> for Moment {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let microseconds = <i64 as FromSql<BigInt, Sqlite>>::from_sql(value)?;
        Self::from_microseconds(microseconds).ok_or_else(|| format!("{microseconds} µs is no moment").into())
    }
}

// ---- Document: JSON ----

/// What can be kept as JSON.
pub trait Kept: std::fmt::Debug + Serialize + DeserializeOwned + Send + Sync {}
impl<T: std::fmt::Debug + Serialize + DeserializeOwned + Send + Sync> Kept for T {}

/// A value that is kept as JSON in one column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Json<T>(pub T);

expression!(Json<T> => Document, for T: Kept);

impl<T: Kept + 'static> ToSql<Document, Multi> for Json<T> {
    fn to_sql<'out>(&'out self, out: &mut Output<'out, '_, Multi>) -> serialize::Result {
        out.set_value((Document, self));
        Ok(IsNull::No)
    }
}
impl<T: Kept + 'static> FromSql<Document, Multi> for Json<T> {
    fn from_sql(value: <Multi as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, Document>()
    }
}
impl<T: Kept> ToSql<Document, Pg> for Json<T> {
    fn to_sql<'out>(&'out self, out: &mut Output<'out, '_, Pg>) -> serialize::Result {
        let value = serde_json::to_value(&self.0)?;
        ToSql::<diesel::sql_types::Jsonb, Pg>::to_sql(&value, &mut out.reborrow())
    }
}
impl<T: Kept> FromSql<Document, Pg> for Json<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let value = <serde_json::Value as FromSql<diesel::sql_types::Jsonb, Pg>>::from_sql(value)?;
        Ok(Self(serde_json::from_value(value)?))
    }
}
impl<T: Kept> ToSql<Document, Sqlite> for Json<T> {
    fn to_sql<'out>(&'out self, out: &mut Output<'out, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_string(&self.0)?);
        Ok(IsNull::No)
    }
}
impl<T: Kept> FromSql<Document, Sqlite> for Json<T> {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<Text, Sqlite>>::from_sql(value)?;
        Ok(Self(serde_json::from_str(&text)?))
    }
}

// ---- TEXT: codes and states ----

/// Keeps a type as text: it needs `AsRef<str>` and `FromStr`.
macro_rules! text_column {
    // What `exists` and `eq_any` hand to the database itself.
    (@on $database:ty, $rust:ty) => {
        impl diesel::serialize::ToSql<diesel::sql_types::Text, $database> for $rust {
            fn to_sql<'out>(
                &'out self,
                out: &mut diesel::serialize::Output<'out, '_, $database>,
            ) -> diesel::serialize::Result {
                let text: &'out str = self.as_ref();
                <str as diesel::serialize::ToSql<diesel::sql_types::Text, $database>>::to_sql(text, out)
            }
        }
    };
    ($($rust:ty),* $(,)?) => { $(
        $crate::db::types::expression!($rust => diesel::sql_types::Text);

        impl diesel::serialize::ToSql<diesel::sql_types::Text, $crate::db::types::Multi> for $rust {
            fn to_sql<'out>(
                &'out self,
                out: &mut diesel::serialize::Output<'out, '_, $crate::db::types::Multi>,
            ) -> diesel::serialize::Result {
                let text: &'out str = self.as_ref();
                out.set_value((diesel::sql_types::Text, text));
                Ok(diesel::serialize::IsNull::No)
            }
        }
        $crate::db::types::text_column!(@on diesel::pg::Pg, $rust);
        $crate::db::types::text_column!(@on diesel::sqlite::Sqlite, $rust);
        impl diesel::deserialize::FromSql<diesel::sql_types::Text, $crate::db::types::Multi> for $rust {
            fn from_sql(
                value: <$crate::db::types::Multi as diesel::backend::Backend>::RawValue<'_>,
            ) -> diesel::deserialize::Result<Self> {
                let text = <String as diesel::deserialize::FromSql<
                    diesel::sql_types::Text,
                    $crate::db::types::Multi,
                >>::from_sql(value)?;
                text.parse().map_err(|_| format!("{text:?} is no {}", stringify!($rust)).into())
            }
        }
    )* };
}

pub(crate) use {expression, text_column};

impl AsRef<str> for UnitCode {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
text_column!(UnitCode);

// ---- Binary: digests and salts ----

macro_rules! bytes_column {
    ($($rust:ty),*) => { $(
        expression!($rust => Binary);

        impl ToSql<Binary, Multi> for $rust {
            fn to_sql<'out>(&'out self, out: &mut Output<'out, '_, Multi>) -> serialize::Result {
                let bytes: &'out [u8] = self.as_ref();
                out.set_value((Binary, bytes));
                Ok(IsNull::No)
            }
        }
        impl ToSql<Binary, Pg> for $rust {
            fn to_sql<'out>(&'out self, out: &mut Output<'out, '_, Pg>) -> serialize::Result {
                <[u8] as ToSql<Binary, Pg>>::to_sql(self.as_ref(), out)
            }
        }
        impl ToSql<Binary, Sqlite> for $rust {
            fn to_sql<'out>(&'out self, out: &mut Output<'out, '_, Sqlite>) -> serialize::Result {
                <[u8] as ToSql<Binary, Sqlite>>::to_sql(self.as_ref(), out)
            }
        }
        impl FromSql<Binary, Multi> for $rust {
            fn from_sql(value: <Multi as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                let bytes = <Vec<u8> as FromSql<Binary, Multi>>::from_sql(value)?;
                Ok(Self::try_from(bytes)?)
            }
        }
    )* };
}
bytes_column!(Digest, Salt);

// ---- numbers and days ----

macro_rules! number_column {
    ($($rust:ty => $sql:ident as $raw:ty, $of:expr);* $(;)?) => { $(
        expression!($rust => $sql);

        impl ToSql<$sql, Multi> for $rust {
            fn to_sql<'out>(&'out self, out: &mut Output<'out, '_, Multi>) -> serialize::Result {
                let raw: &'out $raw = self.as_ref();
                out.set_value(($sql, raw));
                Ok(IsNull::No)
            }
        }
        impl FromSql<$sql, Multi> for $rust {
            fn from_sql(value: <Multi as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                let raw = <$raw as FromSql<$sql, Multi>>::from_sql(value)?;
                let of: fn($raw) -> Option<$rust> = $of;
                of(raw).ok_or_else(|| format!("{raw} is no {}", stringify!($rust)).into())
            }
        }
    )* };
}
number_column!(
    Vnd => BigInt as i64, Vnd::new;
    Points => Integer as i32, Points::new;
    Stars => Integer as i32, Stars::new;
    Day => Date as chrono::NaiveDate, |date| Some(Day::from_date(date));
);
