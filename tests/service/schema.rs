//! The two migration trees make the same schema: tables, columns, which may be null, what kind of value they hold.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use crate::engine::{Engine, new_folder, on_both};

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    required: bool,
}

/// What each engine calls the kinds of column that the service uses; one name for both.
fn common(kind: &str) -> &'static str {
    match kind {
        "uuid" | "bytea" | "BLOB" => "bytes",
        "timestamp with time zone" | "integer" | "bigint" | "boolean" | "INTEGER" => "number",
        "text" | "jsonb" | "date" | "TEXT" => "text",
        other => panic!("a kind of column that no migration should use: {other}"),
    }
}

fn columns(url: &str) -> BTreeMap<(String, String), (&'static str, bool)> {
    let address: ocop::db::Address = url.parse().unwrap();
    ocop::db::migrate(&address).unwrap();
    let mut connection = address.connect().unwrap();
    let statement = match address {
        ocop::db::Address::Sqlite(_) => {
            "SELECT m.name AS \"table\", c.name AS name, c.type AS kind, c.\"notnull\" OR c.pk > 0 AS required \
             FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' \
             AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\'"
        }
        ocop::db::Address::Postgresql(_) => {
            "SELECT table_name::text AS \"table\", column_name::text AS name, data_type::text AS kind, \
             is_nullable = 'NO' AS required FROM information_schema.columns WHERE table_schema = 'public' \
             AND table_name NOT LIKE '\\_\\_%'"
        }
    };
    let rows: Vec<Column> = diesel::sql_query(statement).load(&mut connection).unwrap();
    rows.into_iter().map(|row| ((row.table, row.name), (common(&row.kind), row.required))).collect()
}

#[test]
fn both_trees_make_the_same_schema() {
    let folder = new_folder();
    let sqlite = columns(&Engine::Sqlite.new_database(folder.path()));
    assert!(sqlite.len() > 100);
    on_both(|engine| {
        if engine == Engine::Postgresql {
            assert_eq!(columns(&engine.new_database(folder.path())), sqlite);
        }
    });
}
