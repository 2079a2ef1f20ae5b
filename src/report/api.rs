//! `GET /cycles/{id}/report`.

use actix_web::get;

use crate::account::{Caller, Home, Role, Territory};
use crate::base::id::{CycleId, ProducerId};
use crate::base::{Day, Error, Level, Result, UnitCode};
use crate::db::AnyConnection;
use crate::http::{Answer, At, Problem, Refusals};
use crate::report::rules::{self, Report, Spot};
use crate::report::store;
use crate::{cycle, place};

/// Who works with the programme's figures.
const READERS: &[Role] = &[
    Role::CommuneOfficer,
    Role::DistrictOfficer,
    Role::ProvincialOfficer,
    Role::Signatory,
    Role::Inspector,
    Role::Supervisor,
];

/// The figures of a cycle as of `on` (default: the end of its year once past, else today), for one's own territory.
#[utoipa::path(
    tag = "cycles",
    params(("on" = Option<String>, Query, description = "The last day that counts, as in `2019-10-31`")),
    responses((status = 200, body = Report), Refusals)
)]
#[get("/cycles/{id}/report")]
pub async fn report(caller: Caller, id: At<CycleId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let id = id.get()?;
            if cycle::store::find(work.connection, id)?.is_none() {
                return Err(Error::unknown().into());
            }
            work.must_be(READERS)?;
            let mut query = work.request.query();
            let on = query.take("on");
            query.finish()?;
            let today = work.now.day();
            Ok(Answer::ok(made(work.connection, id, on, today, &work.actor.territory())?)?)
        })
        .await
}

/// The report of a cycle for a territory.
pub fn made(
    connection: &mut AnyConnection,
    id: CycleId,
    on: Option<Day>,
    today: Day,
    territory: &Territory,
) -> Result<Report> {
    let cycle = cycle::store::find(connection, id)?.ok_or_else(Error::unknown)?;
    let year_ends = Day::end_of(cycle.year).unwrap_or(today);
    let on = on.unwrap_or_else(|| rules::usual_day(cycle.year, today));
    let mut facts = store::facts(connection, id, on)?;
    facts.retain(|spot| covers(territory, spot));
    let rounds: Vec<i32> = cycle.rounds.0.iter().map(|round| round.number).collect();
    let units = units(connection, year_ends, territory)?;
    rules::report(&facts, &cycle.edition.edition()?, cycle.year, on, &rounds, &units)
}

/// A territory covers what is counted in it, whoever's it is.
fn covers(territory: &Territory, spot: &Spot) -> bool {
    let nobodys = ProducerId::from_uuid(uuid::Uuid::nil());
    territory.covers(&Home { producer: nobodys, commune: spot.commune.clone(), district: spot.district.clone() })
}

/// The districts of the territory on a day; none for a commune.
fn units(connection: &mut AnyConnection, on: Day, territory: &Territory) -> Result<Vec<UnitCode>> {
    match territory {
        Territory::Province => {
            let filter = place::store::Filter { level: Some(Level::District), limit: 1000, ..Default::default() };
            Ok(place::store::list(connection, on, &filter)?.into_iter().map(|unit| unit.code).collect())
        }
        Territory::District(code) => Ok(vec![code.clone()]),
        _ => Ok(Vec::new()),
    }
}
