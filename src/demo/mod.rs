//! Filled examples of Hà Tĩnh: `first` in 2021, under the act of 2019; `second` in 2026, under the act in force then.
//!
//! Everything is written by the same rules as over HTTP, each step by an account of its own at its own day, in one
//! transaction: a demo is whole or not there. Names, splits and single scores that no report gives are chosen here and
//! fixed by a seed. Its products' pictures are drawings.

mod chance;
mod councils;
mod drawings;
mod first;
mod inspections;
mod names;
mod road;
mod scoring;
mod second;
mod stage;
mod stamps;
mod support;

use indicatif::{ProgressBar, ProgressStyle};

use crate::account::Role;
use crate::base::time::Clock;
use crate::base::{Error, Moment, Result, say};
use crate::cycle::store::CycleFilter;
use crate::db::{AnyConnection, Database, settings};
use crate::desk::demo_accounts::{self, DemoAccount, DemoAccounts};
use crate::http::App;
use crate::station::Stretch;

pub use stage::PASSWORD;
pub use stamps::Sample;

/// Which example.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, clap::ValueEnum, strum::AsRefStr,
)]
pub enum Example {
    /// The years 2019 to 2021, with the province's own figures.
    #[default]
    #[serde(rename = "1048-2019")]
    #[value(name = "1048-2019")]
    #[strum(serialize = "1048-2019")]
    First,
    /// The year 2026 of the communes and wards, with something at every stage.
    #[serde(rename = "26-2026")]
    #[value(name = "26-2026")]
    #[strum(serialize = "26-2026")]
    Second,
}

impl Example {
    fn begins(self) -> Result<Moment> {
        let begins = match self {
            Self::First => first::BEGINS,
            Self::Second => second::BEGINS,
        };
        begins.parse().map_err(Error::internal)
    }

    /// How many acts the progress bar counts.
    fn acts(self) -> u64 {
        match self {
            Self::First => first::acts(),
            Self::Second => second::acts(),
        }
    }

    fn fill(self, stage: &mut stage::Stage, now: Moment) -> Result<Vec<Sample>> {
        match self {
            Self::First => first::fill(stage, now),
            Self::Second => second::fill(stage, now),
        }
    }
}

/// Where the database says that it holds a finished demo.
const MARK: &str = "demo";

/// What a visitor of the demo can try at once.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Demo {
    /// A demo that does not say so is the first.
    #[serde(default)]
    pub example: Example,
    /// One stamp for each verdict.
    pub samples: Vec<Sample>,
}

/// Fills an empty database, or finds the demo that is there already; anything else is refused, also another example.
pub fn prepare(app: &App, example: Example) -> Result<Demo> {
    if let Some(mark) = app.database.read_now(|connection| settings::get(connection, MARK))? {
        let demo: Demo = serde_json::from_str(&mark).map_err(Error::internal)?;
        if demo.example == example {
            return Ok(demo);
        }
        let (found, asked) = (demo.example.as_ref(), example.as_ref());
        return Err(Error::conflict(
            "another_demo",
            say(
                format!(
                    "Cơ sở dữ liệu này giữ bản trình diễn {found}, không phải {asked}; hãy chạy với --edition {found} hoặc \
                     chọn một cơ sở dữ liệu trống."
                ),
                format!(
                    "this database holds the demo {found} and not {asked}; start it with --edition {found}, or choose an \
                     empty one"
                ),
            ),
        ));
    }
    let bar = ProgressBar::new(example.acts())
        .with_style(ProgressStyle::with_template("{msg:28} {wide_bar} {percent:>3} %").map_err(Error::internal)?);
    bar.set_message("Filling the demo");
    let demo = app.database.write_now(|connection| fill(connection, app, example, &bar))?;
    bar.finish_and_clear();
    Ok(demo)
}

/// The names of the demo's accounts, in either example.
const NAMES: [&str; 22] = [
    "admin",
    "office",
    "signatory",
    "supervisor",
    "inspector",
    "district",
    "commune",
    "producer",
    "dchair",
    "dvice",
    "dmember1",
    "dmember2",
    "dmember3",
    "dsecretary",
    "chair",
    "vice",
    "member1",
    "member2",
    "member3",
    "member4",
    "member5",
    "secretary",
];

/// Refuses a database in which one of the demo's accounts still has the demo's password: everybody can read it.
pub fn must_have_own_passwords(database: &Database) -> Result<()> {
    for hash in database.read_now(|connection| crate::account::store::password_hashes(connection, &NAMES))? {
        if crate::account::password::matches(PASSWORD, &hash)? {
            return Err(Error::internal(
                "this database has accounts with the demo's password, which everybody knows: change it, or serve it all \
                 the same with OCOP_ALLOW_DEMO_PASSWORDS=true (`ocop demo` serves a demo without that)",
            ));
        }
    }
    Ok(())
}

fn fill(connection: &mut AnyConnection, app: &App, example: Example, bar: &ProgressBar) -> Result<Demo> {
    if !is_empty(connection)? {
        return Err(Error::internal("this database holds something else than a demo; choose an empty one"));
    }
    let begins = example.begins()?;
    let mut stage = stage::Stage::new(connection, app.clone(), bar.clone())?;
    let demo = Demo { example, samples: example.fill(&mut stage, begins)? };
    crate::audit::seal_all(stage.connection, app, begins)?;
    settings::set_clock(stage.connection, Clock::set_to(begins))?;
    let accounts = accounts_to_try(stage.connection)?;
    demo_accounts::write(stage.connection, &accounts)?;
    settings::put(stage.connection, MARK, &serde_json::to_string(&demo).map_err(Error::internal)?)?;
    Ok(demo)
}

/// The accounts that the demo's visitors are told of, each with its role; no example has others, one has no districts.
fn accounts_to_try(connection: &mut AnyConnection) -> Result<DemoAccounts> {
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
    let known = accounts.iter().map(|(username, _)| (*username).to_owned()).collect();
    let there = crate::account::store::usernames_taken(connection, known)?;
    let accounts = accounts.into_iter().filter(|(username, _)| there.contains(*username));
    let told = |(username, role): (&str, Role)| DemoAccount { username: username.into(), role: role.as_ref().into() };
    Ok(DemoAccounts { password: PASSWORD.to_owned(), accounts: accounts.map(told).collect() })
}

/// Nobody has an account yet and no year was made; places, criteria and keys are there from the start.
fn is_empty(connection: &mut AnyConnection) -> Result<bool> {
    let accounts = crate::account::store::count(connection, &crate::account::store::AccountSelection::default())?;
    let cycles = crate::cycle::store::list(connection, &CycleFilter::default(), &Stretch::first(1))?;
    Ok(accounts == 0 && cycles.is_empty())
}
