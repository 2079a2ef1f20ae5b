//! `POST /agenda-items/{id}/appeals`: a producer's appeal against the result of an item.

use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Asker, Caller, Role, Work};
use crate::audit::Resource;
use crate::base::id::{AgendaItemId, AppealId};
use crate::base::{Error, Faults, Result, say, text};
use crate::http::{Answer, PathParam, Problem, Refusals};
use crate::rating::agenda::Session;
use crate::rating::appeal::view::AppealView;
use crate::rating::appeal::{self, Appeal};
use crate::station::{By, Offered, Taken, Verb, label, made, plain_forms, record_creation};

/// An appeal as it is lodged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppealForm {
    /// Why the result is not right.
    pub grounds: String,
}

plain_forms!(AppealForm);

/// Lodges an appeal against a result, once and within the days that the council's rules give; the item's version stays.
pub static APPEAL: Verb<Session, AppealForm, AppealId> =
    Verb::new("appeal", label("Khiếu nại kết quả", "Appeal against the result"), By::Roles(&[Role::Producer]), lodge)
        .open(may_appeal)
        .at_any_version();

fn may_appeal(asker: Asker, session: &Session) -> Result<()> {
    let Some(concluded) = &session.concluded else {
        return Err(Error::wrong_state(session.item.state.as_ref()));
    };
    if session.appeal.is_some() {
        return Err(Error::conflict(
            "already_appealed",
            say("Kết quả này đã được khiếu nại.", "This result was appealed against already."),
        ));
    }
    let days = session.council.rules.0.appeal_days;
    appeal::rules::must_be_in_time(concluded.concluded_at.day(), days, asker.now.day())
}

fn lodge(work: &mut Work, session: &Session, form: AppealForm) -> Result<Taken<AppealId>> {
    let mut faults = Vec::new();
    text::check(&form.grounds, "/grounds", 5000, &mut faults);
    faults.into_result()?;
    let (unit, home) = (&session.council.unit_code, session.dossier.home());
    let (item, account, now) = (session.item.id, work.actor.id, work.now);
    let id = appeal::store::insert(work.connection, item, unit, home, &form.grounds, account, now)?;
    let state = appeal::State::Filed;
    record_creation(work, Resource::Appeal, id.any(), Some(state.as_ref()), Some(&form.grounds), None)?;
    Ok(Taken::beside().giving(id))
}

/// Files an appeal against a result (the producer), once and within the days that the council's rules give.
#[utoipa::path(tag = "appeals", request_body = AppealForm, responses((status = 201, body = Offered<AppealView>), Refusals))]
#[post("/agenda-items/{id}/appeals")]
pub async fn create(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller.take_for(&APPEAL, id, |work, appeal| made::<Appeal>(work, &appeal)).await
}
