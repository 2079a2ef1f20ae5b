//! A column's values as texts that are the same on both databases for the same value: rows are copied by them, and steps vouch
//! for rows by them, so that a copy in the other kind of database is vouched for as well.

use diesel::QueryableByName;
use diesel::RunQueryDsl;
use diesel::sql_types::Text;

use crate::base::{Error, Result};
use crate::db::AnyConnection;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub form: Form,
}

/// What a column holds; of SQLite, which knows fewer types, what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Identifier,
    Bytes,
    Instant,
    Whole,
    Truth,
    Date,
    Text,
    Json,
}

impl Form {
    /// Of what a database calls a type.
    pub fn of(data_type: &str) -> Result<Self> {
        Ok(match data_type {
            "uuid" => Self::Identifier,
            "bytea" | "BLOB" => Self::Bytes,
            "timestamp with time zone" => Self::Instant,
            "integer" | "bigint" | "INTEGER" => Self::Whole,
            "boolean" => Self::Truth,
            "date" => Self::Date,
            "text" | "TEXT" => Self::Text,
            "jsonb" => Self::Json,
            other => return Err(Error::internal(format!("columns of the type {other} have no text"))),
        })
    }
}

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    told: String,
}

/// The columns of a table, by their names.
pub fn columns(connection: &mut AnyConnection, table: &str) -> Result<Vec<Column>> {
    let told: Vec<Told> = match connection {
        AnyConnection::Sqlite(sqlite) => {
            diesel::sql_query("SELECT name, type AS told FROM pragma_table_info(?) ORDER BY name")
                .bind::<Text, _>(table)
                .load(sqlite)?
        }
        AnyConnection::Postgresql(postgresql) => diesel::sql_query(
            "SELECT attname::text AS name, format_type(atttypid, NULL) AS told FROM pg_attribute \
             WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attname COLLATE \"C\"",
        )
        .bind::<Text, _>(table)
        .load(postgresql)?,
    };
    told.into_iter().map(|Told { name, told }| Ok(Column { name, form: Form::of(&told)? })).collect()
}

/// The values of these columns as a JSON list of texts, of the table that is called `alias`.
pub fn texts(connection: &AnyConnection, columns: &[Column], alias: &str) -> String {
    match connection {
        AnyConnection::Sqlite(_) => on_sqlite(columns, alias),
        AnyConnection::Postgresql(_) => on_postgresql(columns, alias),
    }
}

pub fn on_sqlite(columns: &[Column], alias: &str) -> String {
    format!("json_array({})", each(columns, |column| column.on_sqlite(alias)))
}

pub fn on_postgresql(columns: &[Column], alias: &str) -> String {
    format!("json_build_array({})::text", each(columns, |column| column.on_postgresql(alias)))
}

/// The values of a list of texts `row`, as PostgreSQL has them.
pub fn values_on_postgresql(columns: &[Column]) -> String {
    let values: Vec<String> =
        columns.iter().enumerate().map(|(place, column)| column.value_on_postgresql(place)).collect();
    values.join(", ")
}

/// The names of columns, between commas.
pub fn names(columns: &[Column]) -> String {
    each(columns, |column| quoted(&column.name))
}

fn each(columns: &[Column], told: impl Fn(&Column) -> String) -> String {
    columns.iter().map(told).collect::<Vec<_>>().join(", ")
}

impl Column {
    fn on_sqlite(&self, alias: &str) -> String {
        let name = format!("{alias}.{}", quoted(&self.name));
        match self.form {
            Form::Identifier | Form::Bytes => format!("CASE WHEN {name} IS NULL THEN NULL ELSE lower(hex({name})) END"),
            Form::Instant | Form::Whole | Form::Truth => format!("CAST({name} AS TEXT)"),
            Form::Date | Form::Text | Form::Json => name,
        }
    }

    fn on_postgresql(&self, alias: &str) -> String {
        let name = format!("{alias}.{}", quoted(&self.name));
        match self.form {
            Form::Identifier => format!("replace({name}::text, '-', '')"),
            Form::Bytes => format!("encode({name}, 'hex')"),
            Form::Instant => format!("(extract(epoch from {name}) * 1000000)::bigint::text"),
            Form::Truth => format!("{name}::integer::text"),
            Form::Date => format!("to_char({name}, 'YYYY-MM-DD')"),
            Form::Whole | Form::Text | Form::Json => format!("{name}::text"),
        }
    }

    /// The value on PostgreSQL, of its text.
    fn value_on_postgresql(&self, place: usize) -> String {
        let text = format!("(row ->> {place})");
        match self.form {
            Form::Identifier => format!("{text}::uuid"),
            Form::Bytes => format!("decode({text}, 'hex')"),
            // Not as one number of seconds, of which the last digits would be rounded.
            Form::Instant => format!(
                "timestamptz '1970-01-01 00:00:00+00' + ({text}::bigint / 1000000) * interval '1 second' \
                 + ({text}::bigint % 1000000) * interval '1 microsecond'"
            ),
            Form::Whole => format!("{text}::bigint"),
            Form::Truth => format!("{text}::boolean"),
            Form::Date => format!("{text}::date"),
            Form::Text => text,
            Form::Json => format!("{text}::jsonb"),
        }
    }
}

pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
