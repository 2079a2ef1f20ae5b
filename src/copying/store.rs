//! What the databases say of themselves, and their rows.

use std::collections::BTreeSet;

use diesel::connection::{DefaultLoadingMode, SimpleConnection};
use diesel::sql_types::Text;
use diesel::{PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};

use crate::base::{Error, Result};
use crate::db::column::{self, Column, Form, quoted};

/// So many rows go over at once.
const BATCH: usize = 500;

/// A table of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
}

impl Table {
    fn read_from_sqlite(&self) -> String {
        format!("SELECT {} AS row FROM {} t", column::on_sqlite(&self.columns, "t"), quoted(&self.name))
    }

    fn read_from_postgresql(&self) -> String {
        format!("SELECT {} AS row FROM {} t", column::on_postgresql(&self.columns, "t"), quoted(&self.name))
    }

    /// Puts a list of such rows into PostgreSQL.
    fn write_to_postgresql(&self) -> String {
        format!(
            "INSERT INTO {} ({}) SELECT {} FROM json_array_elements($1::json) AS row",
            quoted(&self.name),
            column::names(&self.columns),
            column::values_on_postgresql(&self.columns)
        )
    }
}

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = Text)]
    table: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    told: String,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    row: String,
}

/// Diesel's own table of migrations is made, not copied.
const COLUMNS: &str = "SELECT table_name::text AS \"table\", column_name::text AS name, data_type::text AS told \
     FROM information_schema.columns WHERE table_schema = current_schema() AND table_name NOT LIKE '\\_\\_%' \
     ORDER BY table_name, ordinal_position";

const SQLITE_COLUMNS: &str = "SELECT m.name AS \"table\", c.name AS name, '' AS told FROM sqlite_master m \
     JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' \
     AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\'";

/// The tables of PostgreSQL's schema.
pub fn tables(connection: &mut PgConnection) -> Result<Vec<Table>> {
    let mut tables: Vec<Table> = Vec::new();
    let told: Vec<Told> = diesel::sql_query(COLUMNS).load(connection)?;
    for Told { table, name, told } in told {
        let column = Column { name, form: Form::of(&told)? };
        match tables.last_mut() {
            Some(last) if last.name == table => last.columns.push(column),
            _ => tables.push(Table { name: table, columns: vec![column] }),
        }
    }
    Ok(tables)
}

/// Tables and columns by their names.
pub type Names = BTreeSet<(String, String)>;

pub fn names(tables: &[Table]) -> Names {
    let columns = |table: &Table| {
        let named = table.columns.iter().map(|column| (table.name.clone(), column.name.clone()));
        named.collect::<Vec<_>>()
    };
    tables.iter().flat_map(columns).collect()
}

pub fn sqlite_names(connection: &mut SqliteConnection) -> Result<Names> {
    let told: Vec<Told> = diesel::sql_query(SQLITE_COLUMNS).load(connection)?;
    Ok(told.into_iter().map(|Told { table, name, .. }| (table, name)).collect())
}

/// A reference between tables: of which table, under which name, how it is made.
pub struct Reference(Told);

const REFERENCES: &str = "SELECT conrelid::regclass::text AS \"table\", conname::text AS name, \
     pg_get_constraintdef(oid) AS told FROM pg_constraint WHERE contype = 'f' \
     AND connamespace = current_schema()::regnamespace ORDER BY 1, 2";

/// No table is altered while triggers wait for the transaction's end.
pub fn let_triggers_act_at_once(connection: &mut PgConnection) -> Result<()> {
    Ok(connection.batch_execute("SET CONSTRAINTS ALL IMMEDIATE")?)
}

/// Takes all references away, until they are put back.
pub fn take_references(connection: &mut PgConnection) -> Result<Vec<Reference>> {
    let found: Vec<Told> = diesel::sql_query(REFERENCES).load(connection)?;
    for Told { table, name, .. } in &found {
        connection.batch_execute(&format!("ALTER TABLE {table} DROP CONSTRAINT {}", quoted(name)))?;
    }
    Ok(found.into_iter().map(Reference).collect())
}

/// Fails where a row refers to what is not there.
pub fn put_references_back(connection: &mut PgConnection, references: &[Reference]) -> Result<()> {
    for Reference(Told { table, name, told }) in references {
        connection.batch_execute(&format!("ALTER TABLE {table} ADD CONSTRAINT {} {told}", quoted(name)))?;
    }
    Ok(())
}

/// Takes away what migrations put there: the rows that are copied come from the same migrations.
pub fn clear(connection: &mut PgConnection, table: &Table) -> Result<()> {
    Ok(connection.batch_execute(&format!("DELETE FROM {}", quoted(&table.name)))?)
}

pub fn each_batch_of_sqlite(
    connection: &mut SqliteConnection,
    table: &Table,
    mut each: impl FnMut(&[String]) -> Result<()>,
) -> Result<()> {
    let mut batch = Vec::with_capacity(BATCH);
    for row in diesel::sql_query(table.read_from_sqlite()).load_iter::<Row, DefaultLoadingMode>(connection)? {
        batch.push(row?.row);
        if batch.len() == BATCH {
            each(&batch)?;
            batch.clear();
        }
    }
    if batch.is_empty() { Ok(()) } else { each(&batch) }
}

pub fn insert(connection: &mut PgConnection, table: &Table, batch: &[String]) -> Result<()> {
    let rows = format!("[{}]", batch.join(","));
    let inserted = diesel::sql_query(table.write_to_postgresql()).bind::<Text, _>(rows).execute(connection)?;
    if inserted == batch.len() {
        return Ok(());
    }
    Err(Error::internal(format!("{inserted} of {} rows of {} were copied", batch.len(), table.name)))
}

pub fn each_batch_of_postgresql(
    connection: &mut PgConnection,
    table: &Table,
    mut each: impl FnMut(&[String]) -> Result<()>,
) -> Result<()> {
    connection.batch_execute(&format!("DECLARE held NO SCROLL CURSOR FOR {}", table.read_from_postgresql()))?;
    loop {
        let rows: Vec<Row> = diesel::sql_query(format!("FETCH {BATCH} FROM held")).load(connection)?;
        if rows.is_empty() {
            return Ok(connection.batch_execute("CLOSE held")?);
        }
        each(&rows.into_iter().map(|row| row.row).collect::<Vec<_>>())?;
    }
}

/// Lets PostgreSQL know what it holds, so that it finds it well from the first question on.
pub fn analyse(connection: &mut PgConnection) -> Result<()> {
    Ok(connection.batch_execute("ANALYZE")?)
}
