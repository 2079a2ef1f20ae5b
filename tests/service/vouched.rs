//! Whoever changes a column behind the service's back is found by `ocop audit verify`, whatever the column; where not, the
//! table or the column stands in a list with its reason.

use std::collections::{BTreeMap, BTreeSet};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use ocop::audit::chain::Link;
use ocop::audit::row_store::{self as rows, UNVOUCHED};
use ocop::audit::{Head, Resource, seal_store, store as audit_store};
use ocop::base::Digest;
use ocop::base::id::AnyId;
use ocop::db::schema::{history, seals};
use ocop::db::types::Guid;
use ocop::db::{Address, AnyConnection};
use ocop::files::Folder;
use ocop::verify::Break;
use serde_json::json;
use strum::IntoEnumIterator;

use crate::audit::verify;
use crate::engine::{Engine, on_both, on_both_at_once};
use crate::province::Province;
use crate::routes::Filled;
use crate::traceability::{Chain, event, tell, with};
use crate::walk::Walk;

#[derive(Debug, Clone, QueryableByName)]
pub struct Column {
    #[diesel(sql_type = Text)]
    in_table: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

/// All columns of the schema, as the database has them.
pub fn columns(connection: &mut AnyConnection, engine: Engine) -> BTreeMap<String, Vec<Column>> {
    let statement = match engine {
        Engine::Sqlite => {
            "SELECT m.name AS in_table, c.name AS name, c.type AS kind FROM sqlite_master m, pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\'"
        }
        Engine::Postgresql => {
            "SELECT c.table_name::text AS in_table, c.column_name::text AS name, c.data_type::text AS kind \
             FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) \
             WHERE table_schema = 'public' AND t.table_type = 'BASE TABLE' AND table_name NOT LIKE '\\_\\_%'"
        }
    };
    let found: Vec<Column> = diesel::sql_query(statement).load(connection).unwrap();
    let mut tables: BTreeMap<String, Vec<Column>> = BTreeMap::new();
    for column in found {
        tables.entry(column.in_table.clone()).or_default().push(column);
    }
    tables
}

/// Something else than the column holds, whether that is nothing or something.
fn other(engine: Engine, column: &Column) -> String {
    let name = format!("\"{}\"", column.name);
    let kind = column.kind.to_ascii_lowercase();
    match (engine, kind.as_str()) {
        (_, "boolean" | "bool") => format!("NOT {name}"),
        (Engine::Sqlite, "integer" | "bigint") => format!("coalesce({name}, 0) + 1"),
        (Engine::Sqlite, "blob") => format!("CASE WHEN {name} = zeroblob(16) THEN zeroblob(32) ELSE zeroblob(16) END"),
        (Engine::Sqlite, _) => format!("coalesce({name}, '') || ' '"),
        (_, "integer" | "bigint") => format!("coalesce({name}, 0) + 1"),
        (_, "uuid") => "gen_random_uuid()".to_owned(),
        (_, "bytea") => format!("coalesce({name}, ''::bytea) || '\\x00'::bytea"),
        (_, "date") => format!("coalesce({name}, DATE '2001-01-01') + 1"),
        (_, "timestamp with time zone") => format!("coalesce({name}, now()) + interval '1 microsecond'"),
        (_, "jsonb") => format!("jsonb_build_array({name})"),
        (_, "text") => format!("coalesce({name}, '') || ' '"),
        other => panic!("{}.{} is {other:?}", column.in_table, column.name),
    }
}

#[derive(QueryableByName)]
struct Picked {
    /// What is true of the row alone.
    #[diesel(sql_type = Text)]
    place: String,
    #[diesel(sql_type = Guid)]
    resource: AnyId,
}

/// A row that a step vouches for, and of which resource.
fn pick(connection: &mut AnyConnection, engine: Engine, resource: Resource, rows: &rows::Rows) -> Option<Picked> {
    let place = match engine {
        Engine::Sqlite => "'rowid = ' || t.rowid",
        Engine::Postgresql => "'ctid = ''' || t.ctid::text || '''::tid'",
    };
    // Its steps vouch for it under the id of its order.
    let (place, table) = if rows.table == "stamps" {
        let by_order = "(SELECT n.id AS order_id, k.order_number AS number, k.serial AS serial FROM stamps k \
                        JOIN stamp_orders n ON n.number = k.order_number)";
        ("'order_number = ' || t.number || ' AND serial = ' || t.serial", by_order)
    } else {
        (place, rows.table)
    };
    let statement = format!(
        "SELECT {place} AS place, h.resource_id AS resource FROM {table} t {through} \
         JOIN history h ON h.resource = '{kind}' AND h.resource_id = {of} AND h.row_digest IS NOT NULL LIMIT 1",
        through = rows.through,
        of = rows.of,
        kind = resource.as_ref(),
    );
    diesel::sql_query(statement).get_result(connection).optional().unwrap()
}

/// What `ocop audit verify` finds, as this connection sees the database.
fn breaks(connection: &mut AnyConnection, province: &Province) -> Vec<String> {
    let mut found = Vec::new();
    let folder = Folder::of(&province.app.data_dir);
    let tell = &mut |broken: &Break| {
        found.push(broken.to_string());
        Ok(())
    };
    ocop::verify::verify(connection, &province.app.keys, &folder, &[], tell).unwrap();
    found
}

#[test]
fn every_table_belongs_to_a_resource_or_has_a_reason() {
    on_both(|engine| {
        let province = Province::new(engine);
        let connection = &mut province.database_url.parse::<Address>().unwrap().connect().unwrap();
        let columns = columns(connection, engine);
        let vouched: Vec<&rows::Rows> = Resource::iter().flat_map(|resource| rows::of(resource).iter()).collect();
        let known: BTreeSet<&str> =
            vouched.iter().map(|rows| rows.table).chain(UNVOUCHED.iter().map(|(table, _)| *table)).collect();
        assert_eq!(columns.keys().map(String::as_str).collect::<BTreeSet<_>>(), known);
        for (table, _) in UNVOUCHED {
            assert!(!vouched.iter().any(|rows| rows.table == *table), "{table} stands in both lists");
        }
        for rows in vouched {
            for (column, _) in rows.but {
                assert!(columns[rows.table].iter().any(|known| known.name == *column), "{}.{column}", rows.table);
            }
        }
    });
}

/// Tables of which no province here has a row: what fills them is a long walk. Their rows are read by the same statements.
const EMPTY: [&str; 16] = [
    "absences",
    "commune_reports",
    "criteria_sets",
    "demands",
    "dossier_samples",
    "former_gtins",
    "notices",
    "openid_links",
    "recusals",
    "rescores",
    "second_factors",
    "shop_products",
    "stamp_displays",
    "stamp_limits",
    "voids",
    "working_groups",
];

/// A change of a column of a row that a resource vouches for.
struct Change {
    at: String,
    /// How the break is named.
    named: String,
    place: String,
    /// A truth value is a number of two on SQLite.
    to: [String; 2],
}

impl Change {
    fn made(&self, connection: &mut AnyConnection) {
        let (table, column) = self.at.split_once('.').unwrap();
        let is_changed = self.to.iter().any(|to| {
            connection.batch_execute("SAVEPOINT change").unwrap();
            let change = format!("UPDATE {table} SET \"{column}\" = {to} WHERE {}", self.place);
            let changed = connection.batch_execute(&change).is_ok();
            if !changed {
                connection.batch_execute("ROLLBACK TO change").unwrap();
            }
            changed
        });
        assert!(is_changed, "{} cannot be changed", self.at);
    }
}

/// Changes each column of a row of each table, sees that it is named, and takes it back. The tables that have a row are
/// returned.
fn tamper(province: &Province, engine: Engine) -> BTreeSet<&'static str> {
    let connection = &mut province.database_url.parse::<Address>().unwrap().connect().unwrap();
    let unchecked = match engine {
        Engine::Sqlite => "PRAGMA foreign_keys = OFF",
        Engine::Postgresql => "SET session_replication_role = replica",
    };
    connection.batch_execute(unchecked).unwrap();
    assert_eq!(breaks(connection, province), Vec::<String>::new());
    let columns = columns(connection, engine);
    let mut met = BTreeSet::new();
    // What leads to other rows could show there, so it is changed alone; of all else one of each resource at a time.
    let (mut alone, mut together) = (Vec::new(), BTreeMap::<String, Vec<Change>>::new());
    for resource in Resource::iter() {
        for rows in rows::of(resource) {
            let Some(Picked { place, resource: id }) = pick(connection, engine, resource, rows) else { continue };
            met.insert(rows.table);
            let named = format!("{} {id}", resource.as_ref());
            for column in &columns[rows.table] {
                if rows.but.iter().any(|(but, _)| *but == column.name) {
                    continue;
                }
                let change = Change {
                    at: format!("{}.{}", rows.table, column.name),
                    named: named.clone(),
                    place: place.clone(),
                    to: [other(engine, column), format!("1 - \"{}\"", column.name)],
                };
                match column.name.ends_with("id") {
                    true => alone.push(vec![change]),
                    false => together.entry(named.clone()).or_default().push(change),
                }
            }
        }
    }
    let mut rounds = alone;
    while together.values().any(|changes| !changes.is_empty()) {
        rounds.push(together.values_mut().filter_map(Vec::pop).collect());
    }
    let mut missed = Vec::new();
    for round in &rounds {
        connection.batch_execute("BEGIN").unwrap();
        round.iter().for_each(|change| change.made(connection));
        let found = breaks(connection, province);
        let is_missed = |change: &&Change| !found.iter().any(|found| found.starts_with(&change.named));
        missed.extend(round.iter().filter(is_missed).map(|change| format!("{} of {}", change.at, change.named)));
        connection.batch_execute("ROLLBACK").unwrap();
    }
    assert!(missed.is_empty(), "{missed:#?}");
    met
}

#[test]
fn whoever_changes_any_column_is_found() {
    on_both_at_once(|engine| {
        let filled = Filled::new(engine);
        filled.walk.province.seal();
        let mut met = tamper(&filled.walk.province, engine);
        let chain = Chain::new(engine);
        let (walk, lot) = (&chain.walk, &chain.made);
        let paper = walk.document(&walk.here, &chain.jars.product);
        let tested = with(event("test", "2021-02-20T05:00:00Z"), json!({"documents": [paper]}));
        tell(walk, &walk.here, lot, tested).created();
        walk.council("439", 1, 3);
        met.extend(tamper(&walk.province, engine));
        let all = Resource::iter().flat_map(|resource| rows::of(resource).iter()).map(|rows| rows.table);
        assert_eq!(all.filter(|table| !met.contains(table)).collect::<BTreeSet<_>>(), EMPTY.into());
    });
}

#[test]
fn whoever_changes_a_file_is_found() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        walk.document(&walk.here, &product);
        let data_dir = walk.province.app.data_dir.clone();
        let files = ocop::files::Folder::of(&data_dir).stored().unwrap();
        let file = files.first().unwrap();
        let named = format!("file {}: ", file.id);
        let found = || {
            let (is_content, said) = verify(&walk.province);
            assert!(!is_content && said.contains(&named), "{said}");
        };
        let bytes = std::fs::read(&file.path).unwrap();
        let mut altered = bytes.clone();
        altered[10] ^= 1;
        for wrong in [altered, [&bytes[..], b" "].concat(), Vec::new()] {
            std::fs::write(&file.path, wrong).unwrap();
            found();
        }
        std::fs::remove_file(&file.path).unwrap();
        found();
        std::fs::write(&file.path, bytes).unwrap();
        let (is_content, said) = verify(&walk.province);
        assert!(is_content, "{said}");
    });
}

#[test]
fn whoever_changes_what_ships_is_found() {
    on_both(|engine| {
        let province = Province::new(engine);
        let connection = &mut province.database_url.parse::<Address>().unwrap().connect().unwrap();
        for (change, named) in [
            ("UPDATE units SET name = 'Xã khác' WHERE code = '18196'", "unit 18196: "),
            ("UPDATE units SET valid_until = '2000-01-01' WHERE code = '18196'", "unit 18196: "),
            ("DELETE FROM units WHERE code = '18196'", "unit 18196: "),
            (
                "INSERT INTO units SELECT '18999', valid_from, valid_until, level, parent_code, name, folded FROM units WHERE code = '18196'",
                "unit 18999: ",
            ),
            ("UPDATE criteria_sets SET title = 'Khác' WHERE code = 'mat-ong'", "criteria_set mat-ong of "),
            ("UPDATE criteria_sets SET complete = NOT complete WHERE code = 'mat-ong'", "criteria_set mat-ong of "),
            ("DELETE FROM criteria_sets WHERE code = 'mat-ong'", "criteria_set mat-ong of "),
        ] {
            connection.batch_execute("BEGIN").unwrap();
            connection.batch_execute(change).unwrap();
            let found = breaks(connection, &province);
            assert!(found.iter().any(|found| found.starts_with(named)), "{change}: {found:?}");
            connection.batch_execute("ROLLBACK").unwrap();
        }
        assert_eq!(breaks(connection, &province), Vec::<String>::new());
    });
}

/// Whoever has the database and the keys writes another history, with all digests and seals: only a head that was kept outside
/// tells.
#[test]
fn a_history_written_anew_fails_against_a_head_kept_outside() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let idea = walk.submitted_idea(&walk.here, "Mật ong");
        let province = &walk.province;
        province.seal();
        let connection = &mut province.database_url.parse::<Address>().unwrap().connect().unwrap();
        let head = Head::of(&seal_store::latest(connection).unwrap().unwrap()).to_string();
        let content = |kept: &[&str]| crate::audit::verify_with(province, kept);
        assert!(content(&["--head", &head]).0, "{:?}", content(&["--head", &head]));

        let id: AnyId = idea.parse().unwrap();
        let steps = audit_store::kept_of(connection, Resource::Idea, id).unwrap();
        let mut previous = Digest::ZERO;
        for step in steps {
            let at = step.at.plus(-chrono::Duration::days(30));
            let link = Link { at, ..step.link(Resource::Idea) };
            previous = link.digest(previous).unwrap();
            diesel::update(history::table.find((Resource::Idea, id, step.version)))
                .set((history::at.eq(at), history::digest.eq(Some(previous))))
                .execute(connection)
                .unwrap();
        }
        diesel::update(history::table).set(history::seal.eq(None::<i64>)).execute(connection).unwrap();
        diesel::delete(seals::table).execute(connection).unwrap();
        province.seal();
        let (is_content, said) = content(&[]);
        assert!(is_content, "nobody sees it from inside: {said}");
        let number = head.split(':').next().unwrap();
        let (is_content, said) = content(&["--head", &head]);
        assert!(!is_content && said.contains(&format!("seal {number}: ")), "{said}");
    });
}
