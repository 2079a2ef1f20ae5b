//! Whether the service lives, and whether its database answers.

use actix_web::get;
use diesel::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::{Answer, Problem, Refusals, Visitor};

#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    #[schema(value_type = String)]
    status: &'static str,
}

/// The process answers.
#[utoipa::path(tag = "health", security(()), responses((status = 200, body = Health)))]
#[get("/healthz")]
pub async fn alive() -> Result<Answer, Problem> {
    Ok(Answer::ok(Health { status: "alive" })?)
}

/// The database answers too; 503 where it does not.
#[utoipa::path(tag = "health", security(()), responses((status = 200, body = Health), Refusals))]
#[get("/readyz")]
pub async fn ready(visitor: Visitor) -> Result<Answer, Problem> {
    visitor
        .read(|open| {
            diesel::sql_query("SELECT 1").execute(open.connection).map_err(|error| {
                tracing::error!(%error, "the database does not answer");
                crate::db::busy()
            })?;
            Answer::ok(Health { status: "ready" })
        })
        .await
}
