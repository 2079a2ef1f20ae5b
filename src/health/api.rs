//! What balancers and watchers ask.

use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::base::{BothLanguages, Error, Fault, Kind, Label, Message, Moment, Refusal, say};
use crate::health::Readiness;
use crate::health::readiness::Needed;
use crate::http::duties::Record;
use crate::http::{Answer, App, Problem, Refusals, Visitor};

#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    #[schema(value_type = String)]
    status: &'static str,
}

/// The service can do its work: each part of it, and how it fares.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadyHealth {
    #[schema(value_type = String)]
    status: &'static str,
    parts: Vec<HealthPart>,
}

/// A part of the service; what fails without keeping others from their work is told here.
#[derive(Debug, Serialize, ToSchema)]
pub struct HealthPart {
    #[schema(value_type = String)]
    name: &'static str,
    label: BothLanguages,
    state: PartState,
    /// Real time.
    last_success: Option<Moment>,
    last_failure: Option<Moment>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartState {
    Well,
    /// It failed the last time, and is tried again.
    Failing,
    /// It takes longer than it ever should, and has neither ended nor failed.
    Late,
    /// Its time has not come yet.
    Waiting,
}

/// The process answers.
#[utoipa::path(tag = "health", security(()), responses((status = 200, body = Health)))]
#[get("/healthz")]
pub async fn alive() -> Result<Answer, Problem> {
    Ok(Answer::ok(Health { status: "alive" })?)
}

/// The database reads and writes and the folder of files takes files; 503 where one does not, and where the instance is about
/// to stop. Tells how everything else fares that the service does by itself.
#[utoipa::path(tag = "health", security(()), responses((status = 200, body = ReadyHealth), Refusals))]
#[get("/readyz")]
pub async fn ready(visitor: Visitor, readiness: web::Data<Readiness>) -> Result<Answer, Problem> {
    if readiness.is_leaving() {
        return Err(unready(Vec::new(), "Máy chủ này sắp dừng.", "This instance is about to stop.").into());
    }
    let App { duties, .. } = &visitor.app;
    let (mut parts, mut faults) = (Vec::new(), Vec::new());
    for Needed { name, label, found } in readiness.find(&visitor.app).await {
        match found {
            Ok(at) => parts.push(HealthPart::new(name, label, PartState::Well, (Some(at), None))),
            Err(what) => faults.push(Fault::new(format!("/{name}"), NOT_READY, what)),
        }
    }
    if !faults.is_empty() {
        return Err(unready(faults, "Hệ thống chưa làm việc được.", "The service cannot do its work now.").into());
    }
    parts.extend(duties.records().into_iter().map(HealthPart::of));
    Ok(Answer::ok(ReadyHealth { status: "ready", parts })?)
}

const NOT_READY: &str = "not_ready";

fn unready(faults: Vec<Fault>, vi: &'static str, en: &'static str) -> Error {
    Error::Refused(Box::new(Refusal { kind: Kind::Unavailable, code: NOT_READY, detail: say(vi, en), faults }))
}

impl HealthPart {
    fn new(
        name: &'static str,
        label: Label,
        state: PartState,
        (last_success, last_failure): (Option<Moment>, Option<Moment>),
    ) -> Self {
        Self { name, label: BothLanguages::from(&Message::from(label)), state, last_success, last_failure }
    }

    fn of(record: Record) -> Self {
        let Record { duty, last_success, last_failure, failures, .. } = record;
        let state = match (failures, last_success) {
            _ if record.is_late() => PartState::Late,
            (0, Some(_)) => PartState::Well,
            (0, None) => PartState::Waiting,
            _ => PartState::Failing,
        };
        Self::new(duty.name, duty.label, state, (last_success, last_failure))
    }
}
