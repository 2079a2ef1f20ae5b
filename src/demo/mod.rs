//! The filled example: Hà Tĩnh in 2019 and 2020, whose reports show the province's own figures, and an open year 2021 with
//! something at every stage.
//!
//! Everything is written by the same rules as over HTTP, each step by an account of its own at its own day, in one
//! transaction: a demo is whole or not there. Names, splits and single scores that no report gives are chosen here and
//! fixed by a seed. Its products' pictures are drawings.

mod cast;
mod chance;
mod drawings;
mod figures;
mod names;
mod scoring;
mod sessions;
mod showcase;
mod stage;
mod year;

use indicatif::{ProgressBar, ProgressStyle};

use crate::account::Role;
use crate::base::time::Clock;
use crate::base::{Error, Moment, Result};
use crate::cycle::store::CycleFilter;
use crate::db::{AnyConnection, settings};
use crate::desk::demo_accounts::{self, DemoAccount, DemoAccounts};
use crate::http::App;
use crate::station::Stretch;

pub use showcase::Sample;
pub use stage::PASSWORD;

/// Business time at which a demo begins to live.
const BEGINS: &str = "2021-02-22T08:00:00+07:00";

/// Where the database says that it holds a finished demo.
const MARK: &str = "demo";

/// What a visitor of the demo can try at once.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Demo {
    /// One stamp for each verdict.
    pub samples: Vec<Sample>,
}

/// Fills an empty database, or finds the demo that is there already; anything else is refused.
pub fn prepare(app: &App) -> Result<Demo> {
    if let Some(mark) = app.database.read_now(|connection| settings::get(connection, MARK))? {
        return serde_json::from_str(&mark).map_err(Error::internal);
    }
    let bar = ProgressBar::new(year::acts())
        .with_style(ProgressStyle::with_template("{msg:28} {wide_bar} {percent:>3} %").map_err(Error::internal)?);
    bar.set_message("Filling the demo");
    let demo = app.database.write_now(|connection| fill(connection, app, &bar))?;
    bar.finish_and_clear();
    Ok(demo)
}

fn fill(connection: &mut AnyConnection, app: &App, bar: &ProgressBar) -> Result<Demo> {
    if !is_empty(connection)? {
        return Err(Error::internal("this database holds something else than a demo; choose an empty one"));
    }
    let begins: Moment = BEGINS.parse().map_err(Error::internal)?;
    let mut stage = stage::Stage::new(connection, app.clone(), bar.clone())?;
    let cast = cast::engage(&mut stage)?;
    let y2019 = year::of_2019(&mut stage, &cast)?;
    let y2020 = year::of_2020(&mut stage, &cast)?;
    let demo = Demo { samples: showcase::of_2021(&mut stage, &cast, begins, &y2019, &y2020)? };
    crate::audit::seal_all(stage.connection, app, begins)?;
    settings::set_clock(stage.connection, Clock::set_to(begins))?;
    demo_accounts::write(stage.connection, &accounts_to_try())?;
    settings::put(stage.connection, MARK, &serde_json::to_string(&demo).map_err(Error::internal)?)?;
    Ok(demo)
}

/// The accounts of the demo that its visitors are told of, each with its role.
fn accounts_to_try() -> DemoAccounts {
    let accounts = [
        ("producer", Role::Producer),
        ("commune", Role::CommuneOfficer),
        ("district", Role::DistrictOfficer),
        ("office", Role::ProvincialOfficer),
        ("chair", Role::CouncilMember),
        ("secretary", Role::CouncilMember),
        ("signatory", Role::Signatory),
        ("inspector", Role::Inspector),
        ("supervisor", Role::Supervisor),
        ("admin", Role::Administrator),
    ];
    let told = |(username, role): (&str, Role)| DemoAccount { username: username.into(), role: role.as_ref().into() };
    DemoAccounts { password: PASSWORD.to_owned(), accounts: accounts.into_iter().map(told).collect() }
}

/// Nobody has an account yet and no year was made; places, criteria and keys are there from the start.
fn is_empty(connection: &mut AnyConnection) -> Result<bool> {
    let accounts = crate::account::store::count(connection, &crate::account::store::AccountSelection::default())?;
    let cycles = crate::cycle::store::list(connection, &CycleFilter::default(), &Stretch::first(1))?;
    Ok(accounts == 0 && cycles.is_empty())
}
