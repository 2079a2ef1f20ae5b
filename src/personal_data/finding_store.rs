//! The rows of a person, as the attributions of the record say how they are found; read as text, whatever the table is.

use diesel::prelude::*;
use diesel::sql_types::Text;
use serde_json::{Map, Value};

use crate::base::id::AnyId;
use crate::base::{Error, Moment, Result};
use crate::db::AnyConnection;
use crate::db::types::{Guid, Multi, placeholders};
use crate::privacy::attribution::Finder;

/// The values of a row by the names of its columns, the same on both databases.
pub type Values = Map<String, Value>;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    held: String,
}

/// These columns of the rows that name one of these ids.
pub fn rows(
    connection: &mut AnyConnection,
    table: &str,
    columns: &[&str],
    finder: &Finder,
    ids: &[AnyId],
) -> Result<Vec<Values>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let held = match connection {
        AnyConnection::Postgresql(_) => {
            let pairs: Vec<String> = columns.iter().map(|column| format!("'{column}', t.\"{column}\"")).collect();
            format!("jsonb_build_object({})::text", pairs.join(", "))
        }
        AnyConnection::Sqlite(_) => {
            let pair = |column: &&str| {
                format!(
                    "'{column}', CASE typeof(t.\"{column}\") WHEN 'blob' THEN hex(t.\"{column}\") ELSE t.\"{column}\" END"
                )
            };
            format!("json_object({})", columns.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
    };
    let (joined, by) = match finder.via {
        Some((other, column)) => (format!("JOIN {other} o ON o.id = t.\"{column}\""), format!("o.\"{}\"", finder.by)),
        None => (String::new(), format!("t.\"{}\"", finder.by)),
    };
    let places = placeholders(connection, 1, ids.len());
    let statement = format!("SELECT {held} AS held FROM {table} t {joined} WHERE {by} IN {places}");
    let mut query = diesel::sql_query(statement).into_boxed::<Multi>();
    for id in ids {
        query = query.bind::<Guid, _>(*id);
    }
    let mut found = Vec::new();
    for Row { held } in query.load::<Row>(connection)? {
        let Value::Object(values) = serde_json::from_str(&held).map_err(Error::internal)? else {
            return Err(Error::internal("a row that is no object"));
        };
        found.push(values.into_iter().map(|(column, value)| (column.clone(), told(&column, value))).collect());
    }
    found.sort_by_key(|values: &Values| Value::Object(values.clone()).to_string());
    Ok(found)
}

/// A value as both databases tell it: moments in UTC, ids with hyphens, documents as what they hold.
fn told(column: &str, value: Value) -> Value {
    let is_moment = column == "at" || column.ends_with("_at");
    match value {
        Value::Number(number) if is_moment => {
            let moment = number.as_i64().and_then(Moment::from_microseconds);
            moment.map_or(Value::Number(number), |moment| Value::String(moment.to_string()))
        }
        Value::Number(number) if FLAGS.contains(&column) => Value::Bool(number.as_i64() != Some(0)),
        Value::String(text) if is_moment => {
            Value::String(text.parse::<Moment>().map(|moment| moment.to_string()).unwrap_or(text))
        }
        Value::String(text) => document(&text).or_else(|| id(&text)).unwrap_or(Value::String(text)),
        other => other,
    }
}

/// What SQLite keeps as a number and is yes or no.
const FLAGS: [&str; 3] = ["public_phone", "succeeded", "with_code"];

fn document(text: &str) -> Option<Value> {
    if !text.starts_with(['{', '[']) {
        return None;
    }
    serde_json::from_str(text).ok()
}

/// The sixteen bytes of an id, as SQLite tells them.
fn id(text: &str) -> Option<Value> {
    let is_hex = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte));
    let uuid = is_hex.then(|| uuid::Uuid::try_parse(text).ok()).flatten()?;
    Some(Value::String(uuid.to_string()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_databases_tell_a_value_alike() {
        let pairs = [
            ("at", json!(1_613_955_600_000_000_i64), json!("2021-02-22T08:00:00+07:00")),
            ("public_phone", json!(1), json!(true)),
            ("account_id", json!("0190A3C1B2D3740085E6F708192A3B4C"), json!("0190a3c1-b2d3-7400-85e6-f708192a3b4c")),
            ("members", json!("[{\"name\":\"A\"}]"), json!([{"name": "A"}])),
        ];
        for (column, sqlite, postgresql) in pairs {
            assert_eq!(told(column, sqlite), told(column, postgresql), "{column}");
        }
        assert_eq!(told("text", json!("[chữ] viết")), json!("[chữ] viết"));
        assert_eq!(told("total", json!(41)), json!(41));
    }
}
