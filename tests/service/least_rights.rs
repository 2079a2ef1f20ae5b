//! PostgreSQL's account that serves needs no more rights than are written down.

use diesel::Connection;
use diesel::connection::SimpleConnection;
use reqwest::Method;

use crate::engine::{Engine, has_postgresql, with_least_rights};
use crate::walk::Walk;

#[test]
fn who_serves_reads_and_writes_rows_and_changes_no_table() {
    if !has_postgresql() {
        return;
    }
    let mut walk = Walk::new(Engine::Postgresql);
    let url = with_least_rights(&walk.province.database_url);
    walk.province.database_url.clone_from(&url);
    walk.province.restart(&[]);
    let product = walk.approved(&walk.here, "Mật ong").product;
    let stamp = walk.activated(&walk.here, &product, 1).remove(0);
    assert_eq!(walk.province.request(Method::GET, &format!("/t/{stamp}")).send().unwrap().status(), 200);
    walk.province.sign_in("admin");
    walk.province.seal();
    let mut connection = diesel::PgConnection::establish(&url).unwrap();
    for refused in [
        "CREATE TABLE a (b int)",
        "DROP TABLE history",
        "ALTER TABLE history ADD COLUMN b int",
        "TRUNCATE history",
        "DELETE FROM __diesel_schema_migrations",
    ] {
        let error = connection.batch_execute(refused).unwrap_err().to_string();
        assert!(error.contains("permission denied") || error.contains("must be owner"), "{refused}: {error}");
    }
}
